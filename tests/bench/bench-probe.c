/* bench-probe.c: how long the main loop was kept, how much memory was used, how long something took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-probe.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static GArray *stalls; /* of double, in milliseconds: from the end of one poll to the beginning of the next */
static double longest[BENCH_N_TURNS];
static double longest_cpu[BENCH_N_TURNS];
static BenchTurn turn;
static gint64 polled;
static double polled_cpu;

static double
get_cpu (clockid_t clock)
{
  struct timespec time;

  clock_gettime (clock, &time);

  return (double) time.tv_sec * 1000 + (double) time.tv_nsec / 1000000;
}

static void
note (gint64 now)
{
  double kept = (double) (now - polled) / 1000;

  g_array_append_val (stalls, kept);
  longest[turn] = MAX (longest[turn], kept);
  longest_cpu[turn] = MAX (longest_cpu[turn], get_cpu (CLOCK_THREAD_CPUTIME_ID) - polled_cpu);
  turn = BENCH_TURN_OTHER;
}

static int
poll_and_note (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  int result;

  if (polled != 0)
    note (g_get_monotonic_time ());
  result = g_poll (fds, n_fds, timeout);
  polled = g_get_monotonic_time ();
  polled_cpu = get_cpu (CLOCK_THREAD_CPUTIME_ID);

  return result;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
get_percentile (GArray *times,
                double  percentile)
{
  guint at;

  if (times->len == 0)
    return 0;

  g_array_sort (times, compare);
  at = (guint) (percentile / 100 * (double) (times->len - 1) + 0.5);

  return g_array_index (times, double, at);
}

/**
 * bench_probe_install:
 *
 * From now on what keeps the main loop is noted. Main thread.
 */
void
bench_probe_install (void)
{
  stalls = g_array_new (FALSE, FALSE, sizeof (double));
  g_main_context_set_poll_func (NULL, poll_and_note);
}

/**
 * bench_probe_reset:
 *
 * Forgets what was noted. What is done from here to the next poll counts as a turn of the main loop.
 */
void
bench_probe_reset (void)
{
  g_array_set_size (stalls, 0);
  memset (longest, 0, sizeof longest);
  memset (longest_cpu, 0, sizeof longest_cpu);
  turn = BENCH_TURN_OTHER;
  polled = g_get_monotonic_time ();
  polled_cpu = get_cpu (CLOCK_THREAD_CPUTIME_ID);
}

/**
 * bench_probe_mark:
 * @kind: what is being done
 *
 * Says what the present turn of the main loop does.
 */
void
bench_probe_mark (BenchTurn kind)
{
  turn = MAX (turn, kind);
}

/**
 * bench_probe_get_stall:
 * @percentile: 100 for the longest
 *
 * Returns: for how many milliseconds one turn of the main loop kept it
 */
double
bench_probe_get_stall (double percentile)
{
  return get_percentile (stalls, percentile);
}

/**
 * bench_probe_get_longest:
 * @kind: turns of the main loop
 *
 * Returns: for how many milliseconds the longest of them kept it
 */
double
bench_probe_get_longest (BenchTurn kind)
{
  return longest[kind];
}

/**
 * bench_probe_get_longest_cpu:
 * @kind: turns of the main loop
 *
 * Returns: the processor time in milliseconds of the one of them that worked longest
 */
double
bench_probe_get_longest_cpu (BenchTurn kind)
{
  return longest_cpu[kind];
}

/**
 * bench_probe_get_work:
 *
 * Returns: how many milliseconds all turns took, the present one so far, without the waiting between them
 */
double
bench_probe_get_work (void)
{
  double work = (double) (g_get_monotonic_time () - polled) / 1000;

  for (guint i = 0; i < stalls->len; i++)
    work += g_array_index (stalls, double, i);

  return work;
}

/**
 * bench_probe_get_cpu:
 *
 * Returns: how many milliseconds the calling thread has worked so far; what others do on the computer hardly lengthens it, nor
 *   does waiting for the disk
 */
double
bench_probe_get_cpu (void)
{
  return get_cpu (CLOCK_THREAD_CPUTIME_ID);
}

/**
 * bench_probe_get_process_cpu:
 *
 * Returns: the same of all threads
 */
double
bench_probe_get_process_cpu (void)
{
  return get_cpu (CLOCK_PROCESS_CPUTIME_ID);
}

static double
read_memory (const char *path,
             const char *key)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, key)) == NULL)
    return 0;

  return atof (strchr (line, ':') + 1) / 1024;
}

/**
 * bench_probe_get_memory:
 * @key: a line of /proc/self/status, as "VmRSS" or "VmHWM"
 *
 * Returns: its value in MB
 */
double
bench_probe_get_memory (const char *key)
{
  return read_memory ("/proc/self/status", key);
}

/**
 * bench_probe_get_share:
 *
 * Returns: the memory in use in MB, of what others use too only this process's share
 */
double
bench_probe_get_share (void)
{
  return read_memory ("/proc/self/smaps_rollup", "Pss:");
}

/**
 * bench_times_init:
 * @self: (out caller-allocates): no times yet
 */
void
bench_times_init (BenchTimes *self)
{
  self->times = g_array_new (FALSE, FALSE, sizeof (double));
}

/**
 * bench_times_clear:
 * @self: times
 */
void
bench_times_clear (BenchTimes *self)
{
  g_array_unref (self->times);
}

/**
 * bench_times_add:
 * @self: times
 * @begun: when something that is over now began; monotonic microseconds
 */
void
bench_times_add (BenchTimes *self,
                 gint64      begun)
{
  bench_times_add_value (self, (double) (g_get_monotonic_time () - begun) / 1000);
}

/**
 * bench_times_add_value:
 * @self: times
 * @value: milliseconds
 */
void
bench_times_add_value (BenchTimes *self,
                       double      value)
{
  g_array_append_val (self->times, value);
}

/**
 * bench_times_get:
 * @self: times
 * @percentile: 50 for the median, 100 for the longest
 *
 * Returns: milliseconds
 */
double
bench_times_get (BenchTimes *self,
                 double      percentile)
{
  return get_percentile (self->times, percentile);
}

/* bench-probe.c: how long the main loop was kept, how much memory was used, how long something took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-probe.h"

#include <stdlib.h>
#include <string.h>

static GArray *stalls; /* of double, in milliseconds: from the end of one poll to the beginning of the next */
static gint64 polled;

static int
poll_and_note (GPollFD *fds,
               guint    n_fds,
               int      timeout)
{
  gint64 now = g_get_monotonic_time ();
  double kept = (double) (now - polled) / 1000;
  int result;

  if (polled != 0)
    g_array_append_val (stalls, kept);
  result = g_poll (fds, n_fds, timeout);
  polled = g_get_monotonic_time ();

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
 * Forgets what was noted.
 */
void
bench_probe_reset (void)
{
  g_array_set_size (stalls, 0);
  polled = 0;
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
 * bench_probe_get_memory:
 * @key: a line of /proc/self/status, as "VmRSS" or "VmHWM"
 *
 * Returns: its value in MB
 */
double
bench_probe_get_memory (const char *key)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL) || (line = strstr (text, key)) == NULL)
    return 0;

  return atof (strchr (line, ':') + 1) / 1024;
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
  double time = (double) (g_get_monotonic_time () - begun) / 1000;

  g_array_append_val (self->times, time);
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

/* bench-start.c: since when a measured process runs, and what it prints
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-start.h"

#include <stdlib.h>
#include <unistd.h>

/* When whoever started the process did so; monotonic microseconds. */
#define BEGUN "CRM_TASKS_BENCH_BEGUN"

static gint64 begun;

/**
 * bench_start:
 * @argv: the arguments of main()
 *
 * To be called first. Without word of when the process was started it starts itself anew, so that what the dynamic linker
 * takes is counted.
 */
void
bench_start (char **argv)
{
  const char *said = g_getenv (BEGUN);

  if (said == NULL)
    {
      g_autofree char *now = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_monotonic_time ());

      g_setenv (BEGUN, now, TRUE);
      execv ("/proc/self/exe", argv);
      said = now;
    }

  begun = g_ascii_strtoll (said, NULL, 10);
  g_unsetenv (BEGUN);
}

/**
 * bench_start_get_time:
 *
 * Returns: how many milliseconds the process runs
 */
double
bench_start_get_time (void)
{
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

/**
 * bench_print:
 * @key: what it is
 * @value: a number
 *
 * A line for whoever reads the measurements: build-aux/bench.
 */
void
bench_print (const char *key,
             double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_print ("%s %s\n", key, g_ascii_formatd (text, sizeof text, "%.3f", value));
}

/**
 * bench_print_times:
 * @key: what they are
 * @times: at least one
 */
void
bench_print_times (const char *key,
                   BenchTimes *times)
{
  static const struct
  {
    const char *name;
    double      percentile;
  } lines[] = { { "median_ms", 50 }, { "p95_ms", 95 }, { "max_ms", 100 } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strconcat (key, ".", lines[i].name, NULL);

      bench_print (line, bench_times_get (times, lines[i].percentile));
    }
}

/**
 * bench_print_memory:
 * @key: when
 */
void
bench_print_memory (const char *key)
{
  g_autofree char *rss = g_strconcat (key, ".rss_mb", NULL);
  g_autofree char *pss = g_strconcat (key, ".pss_mb", NULL);
  g_autofree char *own = g_strconcat (key, ".anon_mb", NULL);

  bench_print (rss, bench_probe_get_memory ("VmRSS"));
  bench_print (pss, bench_probe_get_share ());
  bench_print (own, bench_probe_get_memory ("RssAnon"));
}

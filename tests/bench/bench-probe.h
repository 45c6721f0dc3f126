/* bench-probe.h: how long the main loop was kept, how much memory was used, how long something took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void    bench_probe_install      (void);
void    bench_probe_reset        (void);
double  bench_probe_get_stall    (double      percentile);
double  bench_probe_get_memory   (const char *key);

/* Times in milliseconds. */
typedef struct
{
  GArray *times; /* of double */
} BenchTimes;

void    bench_times_init         (BenchTimes *self);
void    bench_times_clear        (BenchTimes *self);
void    bench_times_add          (BenchTimes *self,
                                  gint64      begun);
double  bench_times_get          (BenchTimes *self,
                                  double      percentile);

G_END_DECLS

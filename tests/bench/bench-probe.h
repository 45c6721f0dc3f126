/* bench-probe.h: how long the main loop was kept, how much memory was used, how long something took
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a turn of the main loop did, as far as somebody said so: the last of these. */
typedef enum
{
  BENCH_TURN_OTHER,
  BENCH_TURN_FRAME, /* a frame was laid out and drawn */
  BENCH_TURN_LIST,  /* the items of a list changed */
  BENCH_N_TURNS
} BenchTurn;

void    bench_probe_install         (void);
void    bench_probe_reset           (void);
void    bench_probe_mark            (BenchTurn   kind);
double  bench_probe_get_stall       (double      percentile);
double  bench_probe_get_longest     (BenchTurn   kind);
double  bench_probe_get_longest_cpu (BenchTurn   kind);
double  bench_probe_get_work        (void);
double  bench_probe_get_cpu         (void);
double  bench_probe_get_process_cpu (void);
double  bench_probe_get_memory      (const char *key);
double  bench_probe_get_share       (void);

/* Times in milliseconds. */
typedef struct
{
  GArray *times; /* of double */
} BenchTimes;

void    bench_times_init         (BenchTimes *self);
void    bench_times_clear        (BenchTimes *self);
void    bench_times_add          (BenchTimes *self,
                                  gint64      begun);
void    bench_times_add_value    (BenchTimes *self,
                                  double      value);
double  bench_times_get          (BenchTimes *self,
                                  double      percentile);

G_END_DECLS

/* bench-start.h: since when a measured process runs, and what it prints
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bench-probe.h"

G_BEGIN_DECLS

void    bench_start          (char       **argv);
double  bench_start_get_time (void);
void    bench_print          (const char  *key,
                              double       value);
void    bench_print_times    (const char  *key,
                              BenchTimes  *times);
void    bench_print_memory   (const char  *key);

G_END_DECLS

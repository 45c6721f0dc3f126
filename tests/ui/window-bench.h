/* window-bench.h: what the tests of the window have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "tour/gui-driver.h"

G_BEGIN_DECLS

/* An opportunity or lead that the practice CRM refuses with 24395, one that it takes, and the choice of the editor's kind row. */
#define WRONG_LEAD "99999"
#define RIGHT_LEAD "2665"
#define KIND_LEAD 2

void         window_bench_run       (gconstpointer  data);
void         window_bench_begin     (GuiDriver     *driver,
                                     const char    *name,
                                     const char    *due);
gint64       window_bench_send      (GuiDriver     *driver,
                                     const char    *name,
                                     gint64         after);
const char  *window_bench_get_text  (GuiDriver     *driver,
                                     const char    *id);
char        *window_bench_get_name  (GuiDriver     *driver,
                                     gint64         id);
void         window_bench_add_fault (GuiDriver     *driver,
                                     const char    *fault);
gboolean     window_bench_is_open   (GuiDriver     *driver,
                                     gpointer       data);
void         window_bench_press     (GuiDriver     *driver,
                                     const char    *accel);
gboolean     window_bench_lists     (GuiDriver     *driver,
                                     gpointer       data);

G_END_DECLS

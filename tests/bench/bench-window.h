/* bench-window.h: the app's window over a filled account, and what it shows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bench-frames.h"

#include "store/crm-store.h"
#include "ui/crm-task-list.h"
#include "ui/crm-window.h"

G_BEGIN_DECLS

typedef struct
{
  BenchFrames     frames;
  CrmWindow      *window;
  CrmStore       *store;
  GtkWidget      *stack;       /* of the list and the page that says it is empty */
  GtkWidget      *column_view;
  GtkWidget      *list_view;   /* in it, with a child a row */
  GtkAdjustment  *vertical;
  CrmTaskList    *list;

  guint           n_answers;       /* of the list: items changed, or the same again */
  guint           n_items_changed; /* emissions */
  guint           n_rows_changed;  /* rows in them, the larger of removed and added */

  GArray         *expected;    /* ids that the first rows are to be; NULL: nothing is waited for */
  guint           answers_before;
  gint64          shown_at;    /* when a frame showed them; monotonic microseconds; 0: not yet */
} BenchWindow;

/* What is painted and looked at. */
void      bench_window_attach      (BenchWindow  *self,
                                    CrmWindow    *window);
void      bench_window_look        (BenchWindow  *self);
gboolean  bench_window_is_empty    (BenchWindow  *self);
gboolean  bench_window_has_rows    (BenchWindow  *self);
guint     bench_window_get_rows    (BenchWindow  *self,
                                    CrmTask     **tasks,
                                    GtkWidget   **rows,
                                    guint         most);

/* Ids until bench_window_wait(): a change is called between the two. */
void      bench_window_expect      (BenchWindow  *self,
                                    GArray       *ids);
gboolean  bench_window_wait        (BenchWindow  *self);
void      bench_window_settle      (BenchWindow  *self,
                                    guint         n_items);

/* The measurements. */
void      bench_window_jump        (BenchWindow  *self);
void      bench_window_change_row  (BenchWindow  *self);
void      bench_window_change      (BenchWindow  *self,
                                    guint         n_rounds);
void      bench_window_type        (BenchWindow  *self);

G_END_DECLS

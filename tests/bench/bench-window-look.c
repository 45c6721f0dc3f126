/* bench-window-look.c: what the window shows, row by row
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-window.h"

#include "bench-probe.h"

#include "tour/gui-driver.h"
#include "ui/crm-task-cell.h"

/* So many rows are compared with what is expected. */
#define MOST_ROWS 128

/* Seconds that nothing takes. */
#define PATIENCE 120

static void
items_changed_cb (BenchWindow *self,
                  guint        position,
                  guint        removed,
                  guint        added)
{
  bench_probe_mark (BENCH_TURN_LIST);
  self->n_answers++;
  self->n_items_changed++;
  self->n_rows_changed += MAX (removed, added);
}

static void
answer_cb (BenchWindow *self)
{
  self->n_answers++;
}

static void
loading_cb (BenchWindow *self)
{
  if (!crm_task_list_get_loading (self->list))
    self->n_answers++;
}

static GtkWidget *
find_css (GtkWidget  *widget,
          const char *name)
{
  if (g_str_equal (gtk_widget_get_css_name (widget), name))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_css (child, name);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find_cell (GtkWidget *widget)
{
  if (CRM_IS_TASK_CELL (widget))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_cell (child);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/**
 * bench_window_attach:
 * @self: zeroes, but for the frames
 * @window: a window
 */
void
bench_window_attach (BenchWindow *self,
                     CrmWindow   *window)
{
  GtkSelectionModel *selection;

  self->window = window;
  self->stack = gui_driver_find_below (GTK_WIDGET (window), "list_stack");
  self->column_view = gui_driver_find_below (GTK_WIDGET (window), "column_view");
  self->list_view = find_css (self->column_view, "listview");
  self->vertical = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));
  selection = gtk_column_view_get_model (GTK_COLUMN_VIEW (self->column_view));
  self->list = CRM_TASK_LIST (gtk_multi_selection_get_model (GTK_MULTI_SELECTION (selection)));

  g_signal_connect_swapped (self->list, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->list, "updated", G_CALLBACK (answer_cb), self);
  g_signal_connect_swapped (self->list, "notify::loading", G_CALLBACK (loading_cb), self);
}

/**
 * bench_window_get_rows:
 * @self: a window
 * @tasks: (out caller-allocates) (element-type CrmTask): gets the task of each row that can be seen, from top to bottom; %NULL
 *   of a row that has none yet. They are the rows'.
 * @rows: (out caller-allocates) (nullable) (element-type GtkWidget): gets the rows
 * @most: how many fit in
 *
 * Returns: how many there are
 */
guint
bench_window_get_rows (BenchWindow  *self,
                       CrmTask     **tasks,
                       GtkWidget   **rows,
                       guint         most)
{
  int height = gtk_widget_get_height (self->list_view);
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (self->list_view); row != NULL && n < most;
       row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t bounds;
      GtkWidget *cell;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, self->list_view, &bounds) ||
          bounds.origin.y + bounds.size.height <= 0 || bounds.origin.y >= height)
        continue;

      cell = find_cell (row);
      tasks[n] = NULL;
      if (cell != NULL)
        {
          g_object_get (cell, "task", &tasks[n], NULL);
          if (tasks[n] != NULL)
            g_object_unref (tasks[n]);
        }
      /* A task that isn’t read yet. */
      if (tasks[n] != NULL && (crm_task_get_state (tasks[n]) == CRM_SYNC_REMOVED || crm_task_get_local_id (tasks[n]) == 0))
        tasks[n] = NULL;
      if (rows != NULL)
        rows[n] = row;
      n++;
    }

  return n;
}

/**
 * bench_window_is_empty:
 * @self: a window
 *
 * Returns: whether it says that there is nothing
 */
gboolean
bench_window_is_empty (BenchWindow *self)
{
  return crm_window_get_session (self->window) != NULL && !crm_task_list_get_loading (self->list) &&
         gtk_widget_get_mapped (self->stack) &&
         g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "empty") == 0;
}

/**
 * bench_window_has_rows:
 * @self: a window
 *
 * Returns: whether it shows rows, and all that can be seen are there
 */
gboolean
bench_window_has_rows (BenchWindow *self)
{
  CrmTask *tasks[MOST_ROWS];
  guint n = bench_window_get_rows (self, tasks, NULL, MOST_ROWS);

  for (guint i = 0; i < n; i++)
    if (tasks[i] == NULL)
      return FALSE;

  return n > 0;
}

static gboolean
shows_expected (BenchWindow *self)
{
  CrmTask *tasks[MOST_ROWS];
  guint n;

  if (self->n_answers == self->answers_before)
    return FALSE;
  if (self->expected->len == 0)
    return bench_window_is_empty (self);

  n = bench_window_get_rows (self, tasks, NULL, MOST_ROWS);
  for (guint i = 0; i < n; i++)
    if (tasks[i] == NULL || i >= self->expected->len ||
        crm_task_get_local_id (tasks[i]) != g_array_index (self->expected, gint64, i))
      return FALSE;

  return n > 0;
}

/**
 * bench_window_look:
 * @self: a window of which a frame was just drawn
 */
void
bench_window_look (BenchWindow *self)
{
  if (self->expected != NULL && self->shown_at == 0 && shows_expected (self))
    self->shown_at = g_get_monotonic_time ();
}

/**
 * bench_window_expect:
 * @self: a window
 * @ids: (element-type gint64): what it will show
 */
void
bench_window_expect (BenchWindow *self,
                     GArray      *ids)
{
  g_clear_pointer (&self->expected, g_array_unref);
  self->expected = g_array_ref (ids);
  self->shown_at = 0;
  self->answers_before = self->n_answers;
}

static gboolean
is_shown (gpointer data)
{
  return ((BenchWindow *) data)->shown_at != 0;
}

/**
 * bench_window_wait:
 * @self: a window of which something is expected
 *
 * Returns: whether a frame showed it: when is in `shown_at`
 */
gboolean
bench_window_wait (BenchWindow *self)
{
  gboolean shown = bench_frames_wait_until (is_shown, self, PATIENCE);

  g_clear_pointer (&self->expected, g_array_unref);
  return shown;
}

typedef struct
{
  BenchWindow *window;
  guint        n_items;
} Length;

static gboolean
has_length (gpointer data)
{
  Length *length = data;

  return g_list_model_get_n_items (G_LIST_MODEL (length->window->list)) == length->n_items &&
         !crm_task_list_get_loading (length->window->list);
}

/**
 * bench_window_settle:
 * @self: a window
 * @n_items: how long its list will be
 *
 * Waits until all ids are there, and a moment longer.
 */
void
bench_window_settle (BenchWindow *self,
                     guint        n_items)
{
  Length length = { self, n_items };

  if (!bench_frames_wait_until (has_length, &length, PATIENCE))
    g_error ("The list has %u rows, not %u", g_list_model_get_n_items (G_LIST_MODEL (self->list)), n_items);
  bench_frames_rest (60);
}

/* bench-window-jump.c: what it costs to show another part of the list, or one row of it anew
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-window.h"

#include "bench-home.h"
#include "bench-start.h"

#include "ui/crm-task-cell.h"

#define N_JUMPS 200
#define N_ROWS 20
#define MOST_ROWS 128

static GtkWidget *
find_cell (GtkWidget *widget)
{
  GtkWidget *found = CRM_IS_TASK_CELL (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_cell (child);

  return found;
}

typedef struct
{
  BenchWindow *window;
  guint        frames_before;
} Frame;

static gboolean
was_drawn (gpointer data)
{
  Frame *frame = data;

  return frame->window->frames.n_frames > frame->frames_before;
}

static gboolean
was_drawn_whole (gpointer data)
{
  return was_drawn (data) && bench_window_has_rows (((Frame *) data)->window);
}

static void
jump (BenchWindow *self,
      GRand       *rand)
{
  Frame frame = { self, self->frames.n_frames };
  double range = gtk_adjustment_get_upper (self->vertical) - gtk_adjustment_get_page_size (self->vertical);

  gtk_adjustment_set_value (self->vertical, g_rand_double_range (rand, 0, MAX (range, 1)));
  if (!bench_frames_wait_until (was_drawn_whole, &frame, 10))
    g_error ("No rows are drawn");
}

/**
 * bench_window_jump:
 * @self: a window
 *
 * Prints what jumps to random places cost: `frame`, the work of the costliest frame with what the jump itself did; `asked`, the
 * jump's own part of that; `work`, all that the main thread did until all rows were drawn; `cpu`, the processor time of that;
 * `wait`, how long it took.
 */
void
bench_window_jump (BenchWindow *self)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  BenchTimes frame, asked, work, cpu, wait;
  guint n_frames = 0;

  bench_times_init (&frame);
  bench_times_init (&work);
  bench_times_init (&asked);
  bench_times_init (&cpu);
  bench_times_init (&wait);
  for (guint i = 0; i < N_JUMPS; i++)
    {
      Frame drawn = { self, self->frames.n_frames };
      double range = gtk_adjustment_get_upper (self->vertical) - gtk_adjustment_get_page_size (self->vertical);
      double value = g_rand_double_range (rand, 0, MAX (range, 1));
      gint64 begun;
      double set, cpu_before;

      bench_probe_reset ();
      self->frames.longest = 0;
      begun = g_get_monotonic_time ();
      cpu_before = bench_probe_get_cpu ();
      gtk_adjustment_set_value (self->vertical, value);
      set = (double) (g_get_monotonic_time () - begun) / 1000;

      bench_frames_wait_until (was_drawn, &drawn, 10);
      self->frames.longest += set;
      if (!bench_frames_wait_until (was_drawn_whole, &drawn, 10))
        g_error ("No rows are drawn");
      bench_times_add_value (&asked, set);
      bench_times_add_value (&cpu, bench_probe_get_cpu () - cpu_before);
      bench_times_add (&wait, begun);
      bench_times_add_value (&frame, self->frames.longest);
      bench_times_add_value (&work, bench_probe_get_work ());
      n_frames += self->frames.n_frames - drawn.frames_before;
      bench_frames_rest (25);
    }

  bench_print_times ("jump.frame", &frame);
  bench_print_times ("jump.asked", &asked);
  bench_print_times ("jump.work", &work);
  bench_print_times ("jump.cpu", &cpu);
  bench_print_times ("jump.wait", &wait);
  bench_print ("jump.frames_each", (double) n_frames / N_JUMPS);
  bench_times_clear (&frame);
  bench_times_clear (&work);
  bench_times_clear (&asked);
  bench_times_clear (&cpu);
  bench_times_clear (&wait);
}

typedef struct
{
  gint64 begun; /* of the store's "changed"; monotonic microseconds */
  double cpu_begun;
  double work;  /* of whoever heard it, milliseconds */
  guint  n_bound;
  guint  n_painted;
} RowChange;

static gboolean
changing_cb (GSignalInvocationHint *hint,
             guint                  n_values,
             const GValue          *values,
             gpointer               user_data)
{
  bench_probe_reset ();
  ((RowChange *) user_data)->begun = g_get_monotonic_time ();
  ((RowChange *) user_data)->cpu_begun = bench_probe_get_cpu ();

  return TRUE;
}

static void
changed_cb (RowChange *change)
{
  change->work = (double) (g_get_monotonic_time () - change->begun) / 1000;
}

static void
bound_cb (RowChange *change)
{
  change->n_bound++;
}

static void
painted_cb (RowChange *change)
{
  change->n_painted++;
}

static void
edit (BenchWindow *self,
      gint64       id,
      guint        serial)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *text = g_strdup_printf ("Changed %u", serial);

  crm_values_set_text (values, CRM_FIELD_DESCRIPTION, text);
  crm_store_edit_async (self->store, id, values, CRM_FIELD_BIT (CRM_FIELD_DESCRIPTION), CRM_EDIT_KEEP, NULL, bench_ready,
                        &result);
  task = crm_store_change_finish (self->store, bench_wait (&result), NULL, &error);
  if (task == NULL)
    g_error ("%s", error->message);
}

/* One that is sent, and by its edit waits: the place and the order are kept. Returns its position among the rows. */
static guint
find_sent (BenchWindow  *self,
           GRand        *rand,
           CrmTask     **tasks,
           GtkWidget   **rows,
           guint        *n_rows)
{
  for (;;)
    {
      jump (self, rand);
      *n_rows = bench_window_get_rows (self, tasks, rows, MOST_ROWS);
      for (guint i = *n_rows / 2; i < *n_rows; i++)
        if (crm_task_get_state (tasks[i]) == CRM_SYNC_SYNCED)
          return i;
    }
}

/* How many rows get a task, and how many are drawn anew. */
static void
count (BenchWindow  *self,
       RowChange    *change,
       CrmTask     **tasks,
       GtkWidget   **rows,
       guint         n_rows,
       guint         at)
{
  g_autoptr (GPtrArray) paintables = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) cells = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_rows; i++)
    {
      g_ptr_array_add (paintables, gtk_widget_paintable_new (rows[i]));
      g_ptr_array_add (cells, g_object_ref (find_cell (rows[i])));
      g_signal_connect_swapped (cells->pdata[i], "notify::task", G_CALLBACK (bound_cb), change);
    }
  bench_frames_rest (200);
  for (guint i = 0; i < n_rows; i++)
    g_signal_connect_swapped (paintables->pdata[i], "invalidate-contents", G_CALLBACK (painted_cb), change);

  /* One, or the counting is wrong. */
  gtk_widget_queue_draw (cells->pdata[at]);
  bench_frames_rest (200);
  bench_print ("row.painted_by_redraw", change->n_painted);

  change->n_painted = 0;
  self->n_items_changed = 0;
  self->n_rows_changed = 0;
  edit (self, crm_task_get_local_id (tasks[at]), at);
  bench_frames_rest (200);

  bench_print ("row.items_changed", self->n_items_changed);
  bench_print ("row.rows_changed", self->n_rows_changed);
  bench_print ("row.bound", change->n_bound);
  bench_print ("row.painted", change->n_painted);
  for (guint i = 0; i < n_rows; i++)
    g_signal_handlers_disconnect_by_data (cells->pdata[i], change);
}

/**
 * bench_window_change_row:
 * @self: a window
 *
 * Prints what it costs that a row that is seen changes its state: `heard`, the work of all who hear of it; `work`, all that the
 * main thread does from then on until it has been drawn; `cpu`, the processor time of that; `frame`, what of it is the frame;
 * `redraw`, what a frame costs that draws one unchanged row anew. And how many rows are taken for changed, get a task and are
 * drawn.
 */
void
bench_window_change_row (BenchWindow *self)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  RowChange change = { 0 };
  BenchTimes heard, work, cpu, frame, redraw;
  CrmTask *tasks[MOST_ROWS];
  GtkWidget *rows[MOST_ROWS];
  guint n_rows, at;
  gulong hook = g_signal_add_emission_hook (g_signal_lookup ("changed", CRM_TYPE_STORE), 0, changing_cb, &change, NULL);

  g_signal_connect_data (self->store, "changed", G_CALLBACK (changed_cb), &change, NULL, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  bench_times_init (&heard);
  bench_times_init (&work);
  bench_times_init (&cpu);
  bench_times_init (&frame);
  bench_times_init (&redraw);
  for (guint i = 0; i < N_ROWS; i++)
    {
      Frame drawn = { self };

      at = find_sent (self, rand, tasks, rows, &n_rows);
      bench_frames_rest (600);

      drawn.frames_before = self->frames.n_frames;
      gtk_widget_queue_draw (find_cell (rows[at]));
      bench_frames_wait_until (was_drawn, &drawn, 10);
      bench_times_add_value (&redraw, self->frames.work);
      bench_frames_rest (100);

      drawn.frames_before = self->frames.n_frames;
      edit (self, crm_task_get_local_id (tasks[at]), i);
      bench_frames_wait_until (was_drawn, &drawn, 10);
      bench_times_add_value (&cpu, bench_probe_get_cpu () - change.cpu_begun);
      bench_times_add_value (&heard, change.work);
      bench_times_add_value (&frame, self->frames.work);
      bench_times_add_value (&work, bench_probe_get_work ());
      bench_frames_rest (100);
    }
  g_signal_remove_emission_hook (g_signal_lookup ("changed", CRM_TYPE_STORE), hook);

  bench_print_times ("row.heard", &heard);
  bench_print_times ("row.work", &work);
  bench_print_times ("row.cpu", &cpu);
  bench_print_times ("row.frame", &frame);
  bench_print_times ("row.redraw", &redraw);
  bench_times_clear (&heard);
  bench_times_clear (&work);
  bench_times_clear (&cpu);
  bench_times_clear (&frame);
  bench_times_clear (&redraw);

  at = find_sent (self, rand, tasks, rows, &n_rows);
  count (self, &change, tasks, rows, n_rows, at);
  g_signal_handlers_disconnect_by_data (self->store, &change);
}

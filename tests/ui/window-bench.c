/* window-bench.c: what the tests of the window have in common
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include "ui/crm-task-editor.h"

typedef void (*Body) (GuiDriver *driver);

static int
run_body (GuiDriver *driver,
          gpointer   data)
{
  Body body = data;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  if (!gui_driver_wait_session (driver))
    return 1;
  body (driver);
  return 0;
}

/* A window a process: what GLib and GTK remember of the last one would be in the way. */
void
window_bench_run (gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_cmpint (gui_driver_run ("--practice", 60, run_body, (gpointer) data), ==, 0);
}

void
window_bench_begin (GuiDriver  *driver,
                    const char *name,
                    const char *due)
{
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.new-task", NULL);
  gui_driver_type (driver, "name_row", name);
  gui_driver_type (driver, "end_datetime_row", due);
}

gint64
window_bench_send (GuiDriver  *driver,
                   const char *name,
                   gint64      after)
{
  gint64 id;

  window_bench_begin (driver, name, "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, after);
  g_assert_cmpint (id, >, 0);

  return id;
}

const char *
window_bench_get_text (GuiDriver  *driver,
                       const char *id)
{
  return gtk_editable_get_text (GTK_EDITABLE (gui_driver_find (driver, id)));
}

char *
window_bench_get_name (GuiDriver *driver,
                       gint64     id)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);

  return task != NULL ? g_strdup (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME)) : NULL;
}

void
window_bench_add_fault (GuiDriver  *driver,
                        const char *fault)
{
  g_autoptr (GError) error = NULL;

  crm_practice_server_add_fault (gui_driver_get_server (driver), fault, &error);
  g_assert_no_error (error);
}

gboolean
window_bench_is_open (GuiDriver *driver,
                      gpointer   data)
{
  return crm_task_editor_get_local_id (CRM_TASK_EDITOR (gui_driver_find (driver, "editor"))) == *(gint64 *) data;
}

void
window_bench_press (GuiDriver  *driver,
                    const char *accel)
{
  g_auto (GStrv) actions = gtk_application_get_actions_for_accel (driver->application, accel);

  g_assert_nonnull (actions[0]);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), actions[0], NULL);
  gui_driver_settle (driver);
}

gboolean
window_bench_lists (GuiDriver *driver,
                    gpointer   data)
{
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view")));

  return g_list_model_get_n_items (G_LIST_MODEL (model)) == GPOINTER_TO_UINT (data);
}

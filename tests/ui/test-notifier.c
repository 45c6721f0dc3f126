/* test-notifier.c: what is said outside the window, as the desktop hears it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "api/crm-account-registry.h"
#include "tour/gui-driver.h"
#include "ui/crm-task-editor.h"
#include "ui/crm-task-pane.h"

#define WRONG_LEAD 99999

static gboolean
shows (GuiDriver *driver,
       gpointer   data)
{
  const char *const *wanted = data;

  return g_strcmp0 (gui_desktop_get_title (driver->desktop, wanted[0]), wanted[1]) == 0;
}

static gint64
add (GuiDriver *driver,
     gint64     lead,
     gint64     after)
{
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, "Written elsewhere");
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  if (lead != 0)
    crm_values_set_number (values, CRM_FIELD_LEAD, lead);
  crm_store_add_async (gui_driver_get_store (driver), values, crm_values_get_mask (values), 0, FALSE, NULL, NULL, NULL);

  return gui_driver_wait_newest (driver, after);
}

static void
add_refused (GuiDriver *driver,
             gint64     after)
{
  g_assert_true (gui_driver_wait_state (driver, add (driver, WRONG_LEAD, after), CRM_SYNC_FAILED));
}

static gboolean
shows_nothing (GuiDriver *driver,
               gpointer   data)
{
  return gui_desktop_count (driver->desktop) == 0;
}

static gboolean
is_open (GuiDriver *driver,
         gpointer   data)
{
  return crm_task_editor_get_local_id (CRM_TASK_EDITOR (gui_driver_find (driver, "editor"))) == *(gint64 *) data;
}

/* One names its task, and opens it; of more the number is told, in the same place; pressed, it shows what it is about, and
 * goes; and what waits when the window goes is said. */
static int
body (GuiDriver *driver,
      gpointer   data)
{
  static const char *const one[] = { "attention", "“Written elsewhere” needs attention" };
  static const char *const two[] = { "attention", "2 tasks need attention" };
  static const char *const waiting[] = { "waiting", "1 task waits to be sent" };
  g_autofree char *place = NULL;
  gint64 first = 1;
  GtkWidget *window;

  g_assert_true (gui_driver_wait_session (driver));
  window = GTK_WIDGET (gui_driver_get_window (driver));
  gui_driver_settle (driver);
  gtk_widget_set_visible (window, FALSE);

  add_refused (driver, 0);
  g_assert_true (gui_driver_wait (driver, shows, (gpointer) one, "word of one task"));
  gui_desktop_press (driver->desktop, "attention", G_ACTION_GROUP (driver->application));
  gui_driver_settle (driver);
  g_assert_true (gui_driver_wait (driver, is_open, &first, "the task that was named"));
  g_assert_true (gui_driver_wait (driver, shows_nothing, NULL, "the notification to go"));

  gtk_widget_set_visible (window, FALSE);
  add_refused (driver, 1);
  g_assert_true (gui_driver_wait (driver, shows, (gpointer) two, "word of two tasks"));
  g_assert_cmpuint (gui_desktop_count (driver->desktop), ==, 1);

  crm_task_pane_set_place (CRM_TASK_PANE (gui_driver_find (driver, "task_pane")), crm_place_by_name ("all"));
  gui_desktop_press (driver->desktop, "attention", G_ACTION_GROUP (driver->application));
  gui_driver_settle (driver);
  g_object_get (gui_driver_find (driver, "task_pane"), "place", &place, NULL);
  g_assert_cmpstr (place, ==, "attention");
  g_assert_true (gui_driver_wait (driver, shows_nothing, NULL, "the notification to go"));

  crm_sync_service_set_held (crm_session_get_service (gui_driver_get_session (driver)), TRUE);
  g_assert_true (gui_driver_wait_state (driver, add (driver, 0, 2), CRM_SYNC_QUEUED));
  gui_driver_settle (driver);
  gtk_window_close (GTK_WINDOW (window));
  g_assert_true (gui_driver_wait (driver, shows, (gpointer) waiting, "word of what waits"));

  return 0;
}

static gboolean
works_with (GuiDriver *driver,
            gpointer   data)
{
  CrmSession *session = gui_driver_get_session (driver);

  return session != NULL && g_str_equal (crm_account_get_id (crm_session_get_account (session)), data);
}

static void
show_task (GuiDriver  *driver,
           const char *account,
           gint64      local_id)
{
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "show-task",
                                  g_variant_new ("(sx)", account, local_id));
}

/* What is told of another account's task opens that account, and the task. */
static int
other_account (GuiDriver *driver,
               gpointer   data)
{
  g_autoptr (CrmAccount) account = crm_account_registry_open_current (NULL);
  const char *other = crm_account_get_id (account);
  g_autofree char *practice = NULL;
  gint64 id;

  g_assert_true (gui_driver_wait_session (driver));
  practice = g_strdup (crm_account_get_id (crm_session_get_account (gui_driver_get_session (driver))));
  id = add (driver, 0, 0);

  show_task (driver, other, 0);
  g_assert_true (gui_driver_wait (driver, works_with, (gpointer) other, "the other account"));
  show_task (driver, practice, id);
  g_assert_true (gui_driver_wait (driver, works_with, practice, "the first account"));
  g_assert_true (gui_driver_wait (driver, is_open, &id, "the task that was named"));

  /* What is gone changes nothing. */
  show_task (driver, "gone", 1);
  gui_driver_settle (driver);
  g_assert_true (works_with (driver, practice));
  show_task (driver, practice, id + 1);
  gui_driver_settle (driver);
  g_assert_true (is_open (driver, &id));

  return 0;
}

static void
run_alone (int (*part) (GuiDriver *driver, gpointer data))
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_cmpint (gui_driver_run ("--practice", 60, part, NULL), ==, 0);
}

static void
test_told (void)
{
  run_alone (body);
}

static void
test_other_account (void)
{
  run_alone (other_account);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/notifier/told", test_told);
  g_test_add_func ("/notifier/other-account", test_other_account);

  return g_test_run ();
}

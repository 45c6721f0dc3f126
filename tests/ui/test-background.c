/* test-background.c: the program without a window, and what the desktop is asked for that
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "mock-portal.h"
#include "tour/gui-driver.h"
#include "ui/crm-background.h"

#include <gio/gdesktopappinfo.h>

typedef struct
{
  GSettings     *settings;
  CrmBackground *background;
  MockPortal    *portal;
  char          *words; /* why something was refused */
} Fixture;

static void
refused_cb (Fixture    *f,
            const char *words)
{
  g_free (f->words);
  f->words = g_strdup (words);
}

static void
begin (Fixture       *f,
       gconstpointer  data)
{
  gboolean sandboxed = GPOINTER_TO_INT (data);

  f->settings = g_settings_new (APP_ID);
  g_settings_reset (f->settings, "run-in-background");
  g_settings_reset (f->settings, "start-at-sign-in");
  f->portal = sandboxed ? mock_portal_new () : NULL;
  f->background = crm_background_new (f->settings, sandboxed);
  g_signal_connect_swapped (f->background, "refused", G_CALLBACK (refused_cb), f);
}

static void
end (Fixture       *f,
     gconstpointer  data)
{
  CrmBackground *background = f->background;

  /* An answer may still be under way to it. */
  g_object_add_weak_pointer (G_OBJECT (background), (gpointer *) &f->background);
  g_object_unref (background);
  while (f->background != NULL)
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (f->settings);
  g_clear_pointer (&f->portal, mock_portal_free);
  g_free (f->words);
}

static void
wait_refused (Fixture *f)
{
  while (f->words == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_denied (Fixture       *f,
             gconstpointer  data)
{
  mock_portal_set_answer (f->portal, FALSE, FALSE);
  g_settings_set_boolean (f->settings, "run-in-background", TRUE);
  g_assert_true (crm_background_is_on (f->background));
  wait_refused (f);

  g_assert_nonnull (strstr (f->words, "does not allow"));
  g_assert_false (crm_background_is_on (f->background));
  g_assert_false (mock_portal_get_autostart (f->portal));
}

static void
test_no_start (Fixture       *f,
               gconstpointer  data)
{
  mock_portal_set_answer (f->portal, TRUE, FALSE);
  g_settings_set_boolean (f->settings, "run-in-background", TRUE);
  mock_portal_wait (f->portal, 1);
  g_assert_false (mock_portal_get_autostart (f->portal));
  g_settings_set_boolean (f->settings, "start-at-sign-in", TRUE);
  wait_refused (f);

  g_assert_true (crm_background_is_on (f->background));
  g_assert_false (g_settings_get_boolean (f->settings, "start-at-sign-in"));
}

static void
test_granted (Fixture       *f,
              gconstpointer  data)
{
  mock_portal_set_answer (f->portal, TRUE, TRUE);
  g_settings_set_boolean (f->settings, "run-in-background", TRUE);
  g_settings_set_boolean (f->settings, "start-at-sign-in", TRUE);
  mock_portal_wait (f->portal, 2);
  g_assert_true (mock_portal_get_autostart (f->portal));
  g_assert_cmpstr (mock_portal_get_command (f->portal), ==, "crm-tasks --gapplication-service");

  /* Who does not go on is not started either. */
  g_settings_set_boolean (f->settings, "run-in-background", FALSE);
  g_assert_false (g_settings_get_boolean (f->settings, "start-at-sign-in"));
  mock_portal_wait (f->portal, 3);
  g_assert_false (mock_portal_get_autostart (f->portal));
  g_assert_null (f->words);
}

static void
test_no_portal (Fixture       *f,
                gconstpointer  data)
{
  g_clear_pointer (&f->portal, mock_portal_free);
  g_settings_set_boolean (f->settings, "run-in-background", TRUE);
  wait_refused (f);

  g_assert_nonnull (strstr (f->words, "can’t be asked"));
  g_assert_false (crm_background_is_on (f->background));
}

static void
test_autostart (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "autostart", APP_ID ".desktop", NULL);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GDesktopAppInfo) entry = NULL;
  g_auto (GStrv) command = NULL;

  g_settings_set_boolean (f->settings, "start-at-sign-in", TRUE);
  g_settings_set_boolean (f->settings, "run-in-background", TRUE);
  while ((entry = g_desktop_app_info_new_from_filename (path)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_shell_parse_argv (g_app_info_get_commandline (G_APP_INFO (entry)), NULL, &command, NULL));
  g_assert_cmpstr (command[0], ==, program);
  g_assert_cmpstr (command[1], ==, "--gapplication-service");

  g_settings_set_boolean (f->settings, "run-in-background", FALSE);
  while (g_file_test (path, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (f->words);
}

static gboolean
has_no_window (GuiDriver *driver,
               gpointer   data)
{
  return gui_driver_get_window (driver) == NULL;
}

static gboolean
is_queued (GuiDriver *driver,
           gpointer   data)
{
  g_autoptr (CrmTask) task = crm_store_read_task (data, 1, NULL);

  return task != NULL && crm_task_get_state (task) == CRM_SYNC_QUEUED;
}

static void
add (CrmStore *store)
{
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, "Written elsewhere");
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  crm_store_add_async (store, values, crm_values_get_mask (values), 0, FALSE, NULL, NULL, NULL);
}

/* The window goes, the session does not, and the next window shows it. What is sent meanwhile: tests/desktop. */
static int
goes_on (GuiDriver *driver,
         gpointer   data)
{
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);
  g_autoptr (CrmStore) store = NULL;
  CrmSession *session;

  g_assert_true (gui_driver_wait_session (driver));
  gui_driver_settle (driver);
  session = gui_driver_get_session (driver);
  store = g_object_ref (gui_driver_get_store (driver));
  g_settings_set_boolean (settings, "run-in-background", TRUE);
  gtk_window_close (GTK_WINDOW (gui_driver_get_window (driver)));
  g_assert_true (gui_driver_wait (driver, has_no_window, NULL, "the window to go"));

  add (store);
  g_assert_true (gui_driver_wait (driver, is_queued, store, "the task"));
  g_assert_cmpuint (gui_desktop_count (driver->desktop), ==, 0);

  g_application_activate (G_APPLICATION (driver->application));
  g_assert_true (gui_driver_get_session (driver) == session);
  gui_driver_settle (driver);
  if (data != NULL)
    g_action_group_activate_action (G_ACTION_GROUP (driver->application), "quit", NULL);
  else
    {
      /* Without the wish, the next window that goes takes the program along. */
      g_settings_set_boolean (settings, "run-in-background", FALSE);
      gtk_window_close (GTK_WINDOW (gui_driver_get_window (driver)));
    }

  return 0;
}

static gboolean
works_with_current (GuiDriver *driver,
                    gpointer   data)
{
  CrmSession *session = gui_driver_get_session (driver);

  return session != NULL && crm_account_get_kind (crm_session_get_account (session)) != CRM_ACCOUNT_PRACTICE;
}

/* Practising ends with its window. */
static int
practised (GuiDriver *driver,
           gpointer   data)
{
  g_autoptr (GSettings) settings = g_settings_new (APP_ID);

  g_assert_true (gui_driver_wait_session (driver));
  g_assert_false (works_with_current (driver, NULL));
  g_settings_set_boolean (settings, "run-in-background", TRUE);
  gtk_window_close (GTK_WINDOW (gui_driver_get_window (driver)));
  g_assert_true (gui_driver_wait (driver, has_no_window, NULL, "the window to go"));

  g_application_activate (G_APPLICATION (driver->application));
  g_assert_true (gui_driver_wait (driver, works_with_current, NULL, "the account of every day"));
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "quit", NULL);

  return 0;
}

static void
run_alone (const char *args,
           int       (*body) (GuiDriver *driver, gpointer data),
           gpointer    data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_cmpint (gui_driver_run (args, 60, body, data), ==, 0);
}

static void
test_goes_on (void)
{
  run_alone ("", goes_on, NULL);
}

static void
test_quit (void)
{
  run_alone ("", goes_on, GINT_TO_POINTER (TRUE));
}

static void
test_practised (void)
{
  run_alone ("--practice", practised, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);

  folder = g_dir_make_tmp ("crm-background-XXXXXX", NULL);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);

  g_test_add ("/background/denied", Fixture, GINT_TO_POINTER (TRUE), begin, test_denied, end);
  g_test_add ("/background/no-start", Fixture, GINT_TO_POINTER (TRUE), begin, test_no_start, end);
  g_test_add ("/background/granted", Fixture, GINT_TO_POINTER (TRUE), begin, test_granted, end);
  g_test_add ("/background/no-portal", Fixture, GINT_TO_POINTER (TRUE), begin, test_no_portal, end);
  g_test_add ("/background/autostart", Fixture, GINT_TO_POINTER (FALSE), begin, test_autostart, end);
  g_test_add_func ("/background/goes-on", test_goes_on);
  g_test_add_func ("/background/quit", test_quit);
  g_test_add_func ("/background/practised", test_practised);

  status = g_test_run ();
  gui_driver_remove_folder (folder);
  return status;
}

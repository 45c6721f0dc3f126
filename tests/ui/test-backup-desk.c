/* test-backup-desk.c: backups that the window makes and restores
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include <glib/gstdio.h>
#include <string.h>

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  gboolean *done = user_data;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, NULL);

  g_assert_nonnull (task);
  *done = TRUE;
}

static void
add_draft (GuiDriver  *driver,
           const char *name)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  gboolean done = FALSE;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_add_async (gui_driver_get_store (driver), values, CRM_FIELD_BIT (CRM_FIELD_NAME), 0, TRUE, NULL, added_cb, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
activate (GuiDriver  *driver,
          const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), action, NULL);
}

static gboolean
says (GtkWidget  *widget,
      const char *words)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), words) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (says (child, words))
      return TRUE;

  return FALSE;
}

static gboolean
is_said (GuiDriver *driver,
         gpointer   data)
{
  return says (gui_driver_find (driver, "toasts"), data);
}

static gboolean
no_dialog (GuiDriver *driver,
           gpointer   data)
{
  return gui_driver_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL;
}

static gboolean
has_file (GuiDriver *driver,
          gpointer   data)
{
  gpointer *wanted = data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (wanted[0]);

  return file != NULL && g_file_equal (file, wanted[1]);
}

/* Answers the file dialog, which begins where the program stands. */
static void
choose (GuiDriver  *driver,
        const char *folder,
        const char *name,
        gboolean    saves)
{
  g_autoptr (GFile) parent = g_file_new_for_path (folder);
  g_autoptr (GFile) file = g_file_get_child (parent, name);
  GtkWidget *dialog = gui_driver_wait_window (driver, GTK_TYPE_FILE_CHOOSER_DIALOG);

  g_assert_nonnull (dialog);
  if (saves)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  else
    g_assert_true (gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), file, NULL));
  g_assert_true (gui_driver_wait (driver, has_file, (gpointer[]) { dialog, file }, "the dialog to have the file"));
  gui_driver_settle (driver);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_assert_true (gui_driver_wait (driver, no_dialog, NULL, "the dialog to be answered"));
}

static void
back_up (GuiDriver  *driver,
         const char *words)
{
  activate (driver, "back-up");
  choose (driver, driver->folder, "tasks.backup", TRUE);
  g_assert_true (gui_driver_wait (driver, is_said, (gpointer) words, words));
}

static GtkWidget *
restore (GuiDriver  *driver,
         const char *name)
{
  GtkWidget *question;

  activate (driver, "restore");
  choose (driver, driver->folder, name, FALSE);
  question = gui_driver_wait_question (driver);
  g_assert_nonnull (question);
  g_assert_true (gui_driver_wait_session (driver));
  gui_driver_settle (driver);

  return question;
}

/* For whoever wants to look: CRM_TASKS_TEST_PICTURES names a folder. */
static void
picture (GuiDriver  *driver,
         GtkWidget  *widget,
         const char *name)
{
  const char *folder = g_getenv ("CRM_TASKS_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL)
    g_assert_true (gui_driver_picture (driver, G_OBJECT_TYPE (gtk_widget_get_root (widget)), path));
}

static guint
count_set_aside (GuiDriver *driver)
{
  g_autoptr (GDir) dir = g_dir_open (crm_store_get_folder (gui_driver_get_store (driver)), 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, "tasks.db.before-restore-");

  return n;
}

/* Two drafts, listed. */
static void
begin (GuiDriver *driver)
{
  g_assert_cmpint (g_chdir (driver->folder), ==, 0);
  add_draft (driver, "First");
  add_draft (driver, "Second");
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.just-write", NULL);
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (2), "the drafts to be listed"));
}

static gboolean
lists_again (GuiDriver *driver,
             gpointer   data)
{
  return gui_driver_get_session (driver) != NULL && window_bench_lists (driver, data);
}

static void
restored (GuiDriver *driver)
{
  GtkWidget *question;
  gint64 id;

  begin (driver);
  back_up (driver, "A backup of 2 tasks is in tasks.backup");
  add_draft (driver, "Third");
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (3), "what is newer"));

  question = restore (driver, "tasks.backup");
  g_assert_true (says (question, "It holds 2 tasks"));
  g_assert_true (says (question, "1 task here is newer:\nThird (is not in the backup)"));
  picture (driver, question, "restore.png");
  /* The account is worked with meanwhile. */
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (3), "all that is here"));
  g_assert_cmpuint (count_set_aside (driver), ==, 0);

  g_assert_true (gui_driver_answer (driver, "_Restore"));
  g_assert_true (gui_driver_wait (driver, lists_again, GUINT_TO_POINTER (2), "the backup's tasks"));
  g_assert_true (gui_driver_wait (driver, is_said, "2 tasks are restored", "what was restored"));
  g_assert_cmpuint (count_set_aside (driver), ==, 1);

  /* It is worked with as before. */
  id = window_bench_send (driver, "After", 3);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
}

/* Nobody is asked about nothing. */
static void
nothing_newer (GuiDriver *driver)
{
  begin (driver);
  back_up (driver, "A backup of 2 tasks is in tasks.backup");
  activate (driver, "restore");
  choose (driver, driver->folder, "tasks.backup", FALSE);
  g_assert_true (gui_driver_wait (driver, is_said, "2 tasks are restored", "what was restored"));
  g_assert_true (gui_driver_wait (driver, lists_again, GUINT_TO_POINTER (2), "the backup's tasks"));
  g_assert_null (gui_driver_find_question ());
}

static void
cancelled (GuiDriver *driver)
{
  begin (driver);
  back_up (driver, "A backup of 2 tasks is in tasks.backup");
  window_bench_begin (driver, "Only typed", "2026-12-01 17:00");

  g_assert_true (says (restore (driver, "tasks.backup"), "1 task here is newer:\n— (holds text that is not saved yet)"));
  g_assert_true (gui_driver_answer (driver, "_Cancel"));
  g_assert_true (gui_driver_wait (driver, lists_again, GUINT_TO_POINTER (2), "all that is here"));
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Only typed");
  g_assert_cmpuint (count_set_aside (driver), ==, 0);

  /* And it can be asked for again. */
  restore (driver, "tasks.backup");
  g_assert_true (gui_driver_answer (driver, "_Restore"));
  g_assert_true (gui_driver_wait (driver, is_said, "2 tasks are restored", "what was restored"));
  g_assert_cmpuint (count_set_aside (driver), ==, 1);
}

static void
no_backup (GuiDriver *driver)
{
  g_autofree char *path = g_build_filename (driver->folder, "no.backup", NULL);
  GtkWidget *trouble;

  begin (driver);
  g_assert_true (g_file_set_contents (path, "Anything", -1, NULL));
  trouble = restore (driver, "no.backup");
  g_assert_true (says (trouble, "Nothing Was Restored"));
  g_assert_true (says (trouble, "no backup of CRM Tasks"));
  g_assert_true (gui_driver_answer (driver, "_Close"));
  g_assert_true (gui_driver_wait (driver, lists_again, GUINT_TO_POINTER (2), "all that is here"));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  CrmStore **store = user_data;

  *store = crm_store_open_finish (result, NULL);
  g_assert_nonnull (*store);
}

/* Another has the tasks open. */
static void
shared (GuiDriver *driver)
{
  g_autoptr (CrmStore) other = NULL;
  GtkWidget *trouble;

  begin (driver);
  back_up (driver, "A backup of 2 tasks is in tasks.backup");
  crm_store_open_async (crm_store_get_folder (gui_driver_get_store (driver)), NULL, opened_cb, &other);
  while (other == NULL)
    g_main_context_iteration (NULL, TRUE);

  trouble = restore (driver, "tasks.backup");
  g_assert_true (says (trouble, "Another program works with these tasks"));
  g_assert_true (gui_driver_answer (driver, "_Close"));
  g_assert_true (gui_driver_wait (driver, lists_again, GUINT_TO_POINTER (2), "all that is here"));
  g_assert_cmpuint (count_set_aside (driver), ==, 0);
}

/* Where the tasks are themselves no backup is safe. */
static void
not_written (GuiDriver *driver)
{
  const char *folder = crm_store_get_folder (gui_driver_get_store (driver));
  GtkWidget *trouble;

  begin (driver);
  g_assert_cmpint (g_chdir (folder), ==, 0);
  activate (driver, "back-up");
  choose (driver, folder, "tasks.backup", TRUE);
  trouble = gui_driver_wait_question (driver);
  g_assert_nonnull (trouble);
  g_assert_true (says (trouble, "No Backup Was Made"));
  g_assert_true (says (trouble, "Put the backup into another folder"));
  g_assert_true (gui_driver_answer (driver, "_Close"));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/backup-desk/restore", restored, window_bench_run);
  g_test_add_data_func ("/backup-desk/nothing-newer", nothing_newer, window_bench_run);
  g_test_add_data_func ("/backup-desk/cancel", cancelled, window_bench_run);
  g_test_add_data_func ("/backup-desk/no-backup", no_backup, window_bench_run);
  g_test_add_data_func ("/backup-desk/shared", shared, window_bench_run);
  g_test_add_data_func ("/backup-desk/not-written", not_written, window_bench_run);

  return g_test_run ();
}

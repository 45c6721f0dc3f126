/* test-window-clearing.c: writing fast, and clearing what the CRM refused, through the real window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include "store/crm-typed.h"
#include "ui/crm-history-dialog.h"
#include "ui/crm-set-field-dialog.h"

#include <signal.h>
#include <string.h>

static gboolean
is_typed (GuiDriver *driver,
          gpointer   data)
{
  g_autoptr (GPtrArray) all = crm_typed_read (gui_driver_get_store (driver), NULL);

  return all->len == 1 && strstr (((CrmTyped *) all->pdata[0])->content, data) != NULL;
}

static void
killed (GuiDriver *driver)
{
  window_bench_begin (driver, "Half typ", "tomorrow 17");
  g_assert_true (gui_driver_wait (driver, is_typed, "Half typ", "the text to be kept"));
  kill (getpid (), SIGKILL);
}

static void
opened_again (GuiDriver *driver)
{
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "name_row"));
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Half typ");
  gui_driver_type (driver, "name_row", "Half typed");
  gui_driver_type (driver, "end_datetime_row", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
}

static gboolean
nothing_is_typed (GuiDriver *driver,
                  gpointer   data)
{
  g_autoptr (GPtrArray) all = crm_typed_read (gui_driver_get_store (driver), NULL);

  return all->len == 0;
}

/* What was saved is not there as typed once more. */
static void
opened_saved (GuiDriver *driver)
{
  gui_driver_settle (driver);
  g_assert_true (nothing_is_typed (driver, NULL));
  g_assert_true (gui_driver_is_shown (driver, "no_task_page"));
}

/* Three lives of one window: killed amid typing, opened again and saved, opened once more. */
static void
through_a_crash (void)
{
  g_autofree char *folder = g_dir_make_tmp ("crm-tasks-lives-XXXXXX", NULL);

  g_setenv ("CRM_TASKS_GUI_FOLDER", folder, TRUE);
  g_test_trap_subprocess ("/window/crash/subprocess/killed", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_assert_false (g_test_trap_has_passed ());
  g_test_trap_subprocess ("/window/crash/subprocess/again", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_test_trap_subprocess ("/window/crash/subprocess/saved", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_unsetenv ("CRM_TASKS_GUI_FOLDER");
  gui_driver_remove_folder (folder);
}

/* The next one is begun while the one before is still being saved: neither is the other. */
static void
one_after_another (GuiDriver *driver)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  window_bench_begin (driver, "One", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  window_bench_begin (driver, "Two", "2026-12-01 18:00");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Two");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 2, CRM_SYNC_SYNCED));
  one = window_bench_get_name (driver, 1);
  two = window_bench_get_name (driver, 2);
  g_assert_cmpstr (one, ==, "One");
  g_assert_cmpstr (two, ==, "Two");
  g_assert_true (gui_driver_wait (driver, nothing_is_typed, NULL, "nothing to be left of the typing"));
}

/* Where no task is there is a word about it, and a way back. */
static void
nothing_chosen (GuiDriver *driver)
{
  AdwLeaflet *leaflet = ADW_LEAFLET (gui_driver_find (driver, "leaflet"));

  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "no_task_page"));
  window_bench_begin (driver, "Begun", "");
  gui_driver_settle (driver);
  g_assert_false (gui_driver_is_shown (driver, "no_task_page"));
  g_assert_true (gui_driver_is_shown (driver, "name_row"));
  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "no_task_page"));
  g_assert_false (gui_driver_is_shown (driver, "name_row"));

  adw_leaflet_set_visible_child (leaflet, gui_driver_find (driver, "editor_pane"));
  gtk_widget_activate_action (gui_driver_find (driver, "no_task_page"), "win.leave-task", NULL);
  g_assert_true (adw_leaflet_get_visible_child (leaflet) == gui_driver_find (driver, "list_pane"));
}

/* Each time anew, and it goes with its window. */
static void
keys_listed (GuiDriver *driver)
{
  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *overlay;

      g_assert_null (gui_driver_find_window (GTK_TYPE_SHORTCUTS_WINDOW));
      window_bench_press (driver, "<Control>question");
      overlay = gui_driver_find_window (GTK_TYPE_SHORTCUTS_WINDOW);
      g_assert_nonnull (overlay);
      g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (overlay)) == GTK_WINDOW (gui_driver_get_window (driver)));
      gtk_window_close (GTK_WINDOW (overlay));
      gui_driver_settle (driver);
    }
}

static gboolean
shows_about (GuiDriver *driver,
             gpointer   data)
{
  return gui_driver_find_mapped ("AdwAboutWindow") != NULL || gui_driver_find_mapped ("AdwAboutDialog") != NULL;
}

static void
about_shown (GuiDriver *driver)
{
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "about", NULL);
  g_assert_true (gui_driver_wait (driver, shows_about, NULL, "what is said about the program"));
}

static void
menu_opened (GuiDriver *driver)
{
  GtkMenuButton *button = GTK_MENU_BUTTON (gui_driver_find (driver, "main_menu_button"));

  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (button)));
  for (guint i = 0; i < 2; i++)
    {
      gtk_menu_button_popup (button);
      gui_driver_settle (driver);
      g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (button))));
      gtk_menu_button_popdown (button);
      gui_driver_settle (driver);
      g_assert_false (gtk_widget_get_mapped (GTK_WIDGET (gtk_menu_button_get_popover (button))));
    }
}

static void
new_discarded (GuiDriver *driver)
{
  window_bench_begin (driver, "Never saved", "");
  gui_driver_press (driver, "discard_button");
  gui_driver_settle (driver);
  g_assert_false (gui_driver_is_shown (driver, "name_row"));
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "name_row"));
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Never saved");
}

static void
select_all (GuiDriver *driver)
{
  gtk_selection_model_select_all (gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view"))));
  gui_driver_settle (driver);
}

/* Many drafts at once go, come back, and are sent. */
static void
many_at_once (GuiDriver *driver)
{
  GtkWidget *bar = gui_driver_find (driver, "bulk_bar");

  for (guint i = 0; i < 3; i++)
    {
      window_bench_begin (driver, "A draft", "2026-12-01 17:00");
      gui_driver_press (driver, "save_button");
      gui_driver_wait_newest (driver, i);
    }
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (3), "the drafts"));
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (gui_driver_find (driver, "revealer"))));
  select_all (driver);

  gtk_widget_activate_action (bar, "bulk.discard", NULL);
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (0), "all drafts to go"));
  gui_driver_settle (driver);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (3), "all drafts to come back"));
  gui_driver_settle (driver);

  select_all (driver);
  gtk_widget_activate_action (bar, "bulk.resubmit", NULL);
  for (gint64 id = 1; id <= 3; id++)
    g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
}

static GtkWidget *
find_dialog (GuiDriver *driver)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (CRM_IS_SET_FIELD_DIALOG (l->data))
      return l->data;

  return NULL;
}

static gboolean
has_dialog (GuiDriver *driver,
            gpointer   data)
{
  return find_dialog (driver) != NULL;
}

/* One refusal is read, its field set for all that were refused so, and all go. */
static void
one_code (GuiDriver *driver)
{
  GtkWidget *dialog;

  for (guint i = 0; i < 3; i++)
    {
      window_bench_begin (driver, "Refused", "2026-12-01 17:00");
      gui_driver_choose (driver, "kind_row", KIND_LEAD);
      gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
      gui_driver_press (driver, "submit_button");
      g_assert_true (gui_driver_wait_state (driver, gui_driver_wait_newest (driver, i), CRM_SYNC_FAILED));
      gui_driver_settle (driver);
    }

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.set-field-code", NULL);
  g_assert_true (gui_driver_wait (driver, has_dialog, NULL, "the dialog"));
  dialog = find_dialog (driver);
  g_assert_cmpuint (adw_combo_row_get_selected (ADW_COMBO_ROW (gui_driver_find_below (dialog, "field_row"))), ==, CRM_FIELD_LEAD);
  g_assert_false (gtk_window_get_modal (GTK_WINDOW (dialog)));
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "record_row")), "no number");
  gtk_widget_activate_action (dialog, "field.set-and-resubmit", NULL);
  g_assert_true (has_dialog (driver, NULL));
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "record_row")), RIGHT_LEAD);
  gtk_widget_activate_action (dialog, "field.set-and-resubmit", NULL);
  for (gint64 id = 1; id <= 3; id++)
    g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
}

static gboolean
is_completed (GuiDriver *driver,
              gpointer   data)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), 1, NULL);
  const CrmValues *values = crm_task_get_values (task);
  gboolean completed = crm_values_has (values, CRM_FIELD_STATUS) &&
                       crm_values_get_number (values, CRM_FIELD_STATUS) == CRM_STATUS_COMPLETED;

  return completed == GPOINTER_TO_INT (data) && crm_task_get_state (task) == CRM_SYNC_SYNCED;
}

static void
completed (GuiDriver *driver)
{
  window_bench_send (driver, "To be done", 0);
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gui_driver_find (driver, "check")), TRUE);
  g_assert_true (gui_driver_wait (driver, is_completed, GINT_TO_POINTER (TRUE), "the task to be completed"));
  gui_driver_settle (driver);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  g_assert_true (gui_driver_wait (driver, is_completed, GINT_TO_POINTER (FALSE), "the task to be open again"));
}

static GtkWidget *
find_details (GuiDriver *driver)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (CRM_IS_HISTORY_DIALOG (l->data))
      return l->data;

  return NULL;
}

/* All of the details go to the clipboard: code, status, what was sent and what came back. */
static void
copied (GuiDriver *driver)
{
  static const char *const wanted[] = { "HTTP", "24395", "99999", "Invalid item selected" };
  g_auto (GValue) text = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  GdkClipboard *clipboard;
  GtkWidget *details;

  window_bench_begin (driver, "Refused", "2026-12-01 17:00");
  gui_driver_choose (driver, "kind_row", KIND_LEAD);
  gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, gui_driver_wait_newest (driver, 0), CRM_SYNC_FAILED));
  gui_driver_settle (driver);

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.history", NULL);
  details = find_details (driver);
  g_assert_nonnull (details);
  g_assert_false (gtk_window_get_modal (GTK_WINDOW (details)));
  g_signal_emit_by_name (gui_driver_find_below (details, "copy_button"), "clicked");
  clipboard = gtk_widget_get_clipboard (details);
  g_value_init (&text, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &text, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_nonnull (strstr (g_value_get_string (&text), wanted[i]));
  gtk_window_close (GTK_WINDOW (details));
}

static gboolean
can_submit (GuiDriver *driver,
            gpointer   data)
{
  return gtk_widget_is_sensitive (gui_driver_find (driver, "submit_button"));
}

/* A refused task goes back to the drafts, is corrected there at leisure, and sent. */
static void
by_draft (GuiDriver *driver)
{
  window_bench_begin (driver, "Refused", "2026-12-01 17:00");
  gui_driver_choose (driver, "kind_row", KIND_LEAD);
  gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, gui_driver_wait_newest (driver, 0), CRM_SYNC_FAILED));
  gui_driver_settle (driver);

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.to-drafts", NULL);
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_DRAFT));
  gui_driver_settle (driver);
  gui_driver_type (driver, "lead_id_row", RIGHT_LEAD);
  gui_driver_press (driver, "save_button");
  g_assert_true (gui_driver_wait (driver, nothing_is_typed, NULL, "the draft to be saved"));
  g_assert_true (gui_driver_wait (driver, can_submit, NULL, "the save to be over"));
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_DRAFT));
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
}

/* Held by a person nothing goes; let go, everything does. */
static void
held (GuiDriver *driver)
{
  CrmSyncService *service = crm_session_get_service (gui_driver_get_session (driver));
  GtkToggleButton *button = GTK_TOGGLE_BUTTON (gui_driver_find (driver, "hold_button"));

  gtk_toggle_button_set_active (button, TRUE);
  g_assert_true (crm_sync_service_get_held (service));
  window_bench_send (driver, "Held", 0);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_QUEUED));
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 0);

  /* A refresh is about the other way. */
  window_bench_press (driver, "F5");
  g_assert_true (crm_sync_service_get_held (service));
  gtk_toggle_button_set_active (button, FALSE);
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
}

/* The train and what comes after it: twenty tasks without a network, three of them refused, cleared from the keyboard. */
static void
on_a_train (GuiDriver *driver)
{
  CrmPracticeHost *host = crm_session_get_host (gui_driver_get_session (driver));
  g_autoptr (GError) error = NULL;
  guint keys = 0;

  crm_practice_host_stop (host);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("Written offline %u", i + 1);

      window_bench_begin (driver, name, "2026-12-01 17:00");
      if (i % 8 == 1)
        {
          gui_driver_choose (driver, "kind_row", KIND_LEAD);
          gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
        }
      gui_driver_press (driver, "submit_button");
      g_assert_cmpint (gui_driver_wait_newest (driver, i), ==, i + 1);
    }

  g_assert_true (crm_practice_host_start (host, &error));
  g_assert_no_error (error);
  window_bench_press (driver, "F5");
  for (gint64 id = 1; id <= 20; id++)
    g_assert_true (gui_driver_wait_state (driver, id, id % 8 == 2 ? CRM_SYNC_FAILED : CRM_SYNC_SYNCED));

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  window_bench_press (driver, "F8");
  keys++;
  for (gint64 id = 2; id <= 20; id += 8)
    {
      g_assert_true (gui_driver_wait (driver, window_bench_is_open, &id, "the next refusal"));
      g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (gui_driver_get_window (driver))),
                                             gui_driver_find (driver, "lead_id_row")));
      gui_driver_type (driver, "lead_id_row", RIGHT_LEAD);
      /* Ctrl+Enter, and the next is open */
      gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.submit", NULL);
      keys++;
      g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
      gui_driver_settle (driver);
    }
  g_assert_cmpuint (keys, <=, 3 * 4);
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 20);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/window/crash/subprocess/killed", (gconstpointer) killed, window_bench_run);
  g_test_add_data_func ("/window/crash/subprocess/again", (gconstpointer) opened_again, window_bench_run);
  g_test_add_data_func ("/window/crash/subprocess/saved", (gconstpointer) opened_saved, window_bench_run);
  g_test_add_func ("/window/crash", through_a_crash);
  g_test_add_data_func ("/window/one-after-another", (gconstpointer) one_after_another, window_bench_run);
  g_test_add_data_func ("/window/nothing-chosen", (gconstpointer) nothing_chosen, window_bench_run);
  g_test_add_data_func ("/window/keys-listed", (gconstpointer) keys_listed, window_bench_run);
  g_test_add_data_func ("/window/about-shown", (gconstpointer) about_shown, window_bench_run);
  g_test_add_data_func ("/window/menu-opened", (gconstpointer) menu_opened, window_bench_run);
  g_test_add_data_func ("/window/new-discarded", (gconstpointer) new_discarded, window_bench_run);
  g_test_add_data_func ("/window/many-at-once", (gconstpointer) many_at_once, window_bench_run);
  g_test_add_data_func ("/window/one-code", (gconstpointer) one_code, window_bench_run);
  g_test_add_data_func ("/window/completed", (gconstpointer) completed, window_bench_run);
  g_test_add_data_func ("/window/copied", (gconstpointer) copied, window_bench_run);
  g_test_add_data_func ("/window/by-draft", (gconstpointer) by_draft, window_bench_run);
  g_test_add_data_func ("/window/held", (gconstpointer) held, window_bench_run);
  g_test_add_data_func ("/window/on-a-train", (gconstpointer) on_a_train, window_bench_run);

  return g_test_run ();
}

/* test-window.c: the real window, driven through its widgets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tour/gui-driver.h"
#include "store/crm-typed.h"
#include "ui/crm-history-dialog.h"
#include "ui/crm-place.h"
#include "ui/crm-set-field-dialog.h"
#include "ui/crm-task-editor.h"

#include <signal.h>
#include <string.h>

#define WRONG_LEAD "99999"
#define RIGHT_LEAD "2665"
#define KIND_LEAD 2

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
static void
in_window (gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_cmpint (gui_driver_run ("--practice", 60, run_body, (gpointer) data), ==, 0);
}

static void
begin_task (GuiDriver  *driver,
            const char *name,
            const char *due)
{
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.new-task", NULL);
  gui_driver_type (driver, "name_row", name);
  gui_driver_type (driver, "end_datetime_row", due);
}

static gint64
send_task (GuiDriver  *driver,
           const char *name,
           gint64      after)
{
  gint64 id;

  begin_task (driver, name, "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, after);
  g_assert_cmpint (id, >, 0);

  return id;
}

static const char *
get_text (GuiDriver  *driver,
          const char *id)
{
  return gtk_editable_get_text (GTK_EDITABLE (gui_driver_find (driver, id)));
}

static char *
get_name (GuiDriver *driver,
          gint64     id)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);

  return task != NULL ? g_strdup (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME)) : NULL;
}

static void
add_fault (GuiDriver  *driver,
           const char *fault)
{
  g_autoptr (GError) error = NULL;

  crm_practice_server_add_fault (gui_driver_get_server (driver), fault, &error);
  g_assert_no_error (error);
}

/* The CRM's words stand at the field they speak of; corrected and resubmitted, the task is sent. */
static void
rejected (GuiDriver *driver)
{
  gint64 id;

  begin_task (driver, "Rejected", "2026-12-01 17:00");
  gui_driver_choose (driver, "kind_row", KIND_LEAD);
  gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, 0);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_FAILED));

  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "problem_card"));
  g_assert_true (gui_driver_is_shown (driver, "lead_id_message"));
  g_assert_false (gui_driver_is_shown (driver, "name_message"));
  g_assert_true (gtk_widget_has_css_class (gui_driver_find (driver, "lead_id_row"), "error"));

  gui_driver_type (driver, "lead_id_row", RIGHT_LEAD);
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  g_assert_false (gui_driver_is_shown (driver, "problem_card"));
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 1);
}

static gboolean
is_open (GuiDriver *driver,
         gpointer   data)
{
  return crm_task_editor_get_local_id (CRM_TASK_EDITOR (gui_driver_find (driver, "editor"))) == *(gint64 *) data;
}

static void
press_key (GuiDriver  *driver,
           const char *accel)
{
  g_auto (GStrv) actions = gtk_application_get_actions_for_accel (driver->application, accel);

  g_assert_nonnull (actions[0]);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), actions[0], NULL);
  gui_driver_settle (driver);
}

/* F8, the correction, Ctrl+Enter: and the next problem is open, with its field at fault in focus. */
static void
walked (GuiDriver *driver)
{
  gint64 ids[3];

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("Refused %u", i + 1);

      begin_task (driver, name, "2026-12-01 17:00");
      gui_driver_choose (driver, "kind_row", KIND_LEAD);
      gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
      gui_driver_press (driver, "submit_button");
      ids[i] = gui_driver_wait_newest (driver, i > 0 ? ids[i - 1] : 0);
      g_assert_true (gui_driver_wait_state (driver, ids[i], CRM_SYNC_FAILED));
      gui_driver_settle (driver);
    }

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  press_key (driver, "F8");
  g_assert_true (gui_driver_wait (driver, is_open, &ids[0], "the first problem"));
  press_key (driver, "F8");
  g_assert_true (gui_driver_wait (driver, is_open, &ids[1], "the second problem"));
  press_key (driver, "<Shift>F8");
  g_assert_true (gui_driver_wait (driver, is_open, &ids[0], "the first problem once more"));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (gui_driver_get_window (driver))),
                                         gui_driver_find (driver, "lead_id_row")));

  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (gui_driver_wait (driver, is_open, &ids[i], "the next problem"));
      gui_driver_type (driver, "lead_id_row", RIGHT_LEAD);
      gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.submit", NULL);
      g_assert_true (gui_driver_wait_state (driver, ids[i], CRM_SYNC_SYNCED));
      gui_driver_settle (driver);
    }
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 3);
}

static gboolean
shows_complaint (GuiDriver *driver,
                 gpointer   data)
{
  return gui_driver_is_shown (driver, data);
}

/* What the known rules don't allow is said at the field, and every letter stays. */
static void
incomplete (GuiDriver *driver)
{
  begin_task (driver, "Without a date", "");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait (driver, shows_complaint, "end_datetime_message", "the complaint at the due date"));
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "Without a date");

  gui_driver_type (driver, "end_datetime_row", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
}

/* What was typed and not saved is there again when one comes back to its task. */
static void
unsaved (GuiDriver *driver)
{
  gint64 one = send_task (driver, "One", 0);
  g_autofree char *name = NULL;
  gint64 two;

  g_assert_true (gui_driver_wait_state (driver, one, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  two = send_task (driver, "Two", one);
  g_assert_true (gui_driver_wait_state (driver, two, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  gui_driver_select (driver, one);
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "One, half typed");
  gui_driver_select (driver, two);
  gui_driver_settle (driver);
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "Two");
  gui_driver_select (driver, one);
  gui_driver_settle (driver);
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "One, half typed");
  name = get_name (driver, one);
  g_assert_cmpstr (name, ==, "One");
}

/* An edit while its task is under way is a newer revision, and goes after it. */
static void
edited_while_sending (GuiDriver *driver)
{
  g_autofree char *there = NULL;
  gint64 id;

  add_fault (driver, "delay=1000,action=addOrUpdateTask");
  id = send_task (driver, "Older", 0);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SENDING));
  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "Newer");
  gui_driver_press (driver, "save_button");
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_QUEUED));
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
  there = get_name (driver, id);
  g_assert_cmpstr (there, ==, "Newer");
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 1);
}

static gboolean
is_gone (GuiDriver *driver,
         gpointer   data)
{
  g_autofree char *name = get_name (driver, *(gint64 *) data);

  return name == NULL;
}

static gboolean
is_back (GuiDriver *driver,
         gpointer   data)
{
  return !is_gone (driver, data);
}

static void
discarded (GuiDriver *driver)
{
  gint64 id;

  begin_task (driver, "A draft", "");
  gui_driver_press (driver, "save_button");
  id = gui_driver_wait_newest (driver, 0);
  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  gui_driver_press (driver, "discard_button");
  g_assert_true (gui_driver_wait (driver, is_gone, &id, "the draft to go"));
  gui_driver_settle (driver);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  g_assert_true (gui_driver_wait (driver, is_back, &id, "the draft to come back"));
}

/* An add that is on the CRM or not, which can't be looked for there. */
static gint64
send_into_doubt (GuiDriver  *driver,
                 const char *name,
                 const char *fault,
                 gint64      after)
{
  gint64 id;

  add_fault (driver, fault);
  add_fault (driver, "403,action=getTaskList,times=0");
  id = send_task (driver, name, after);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_UNCONFIRMED));
  gui_driver_settle (driver);
  gui_driver_select (driver, id);
  g_assert_true (gui_driver_wait (driver, shows_complaint, "settle_card", "the question whether it is there"));

  return id;
}

/* A person's three words about a task that may have arrived. */
static void
settled (GuiDriver *driver)
{
  gint64 there = send_into_doubt (driver, "It is there", "cut-after,action=addOrUpdateTask", 0);
  CrmPracticeServer *server = gui_driver_get_server (driver);
  gint64 lost;

  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 1);
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (gui_driver_find (driver, "doubt_row"))),
                            "whose list of tasks can’t be had"));
  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  gui_driver_settle (driver);
  g_assert_false (gui_driver_is_shown (driver, "settle_card"));
  g_assert_true (gui_driver_wait_state (driver, there, CRM_SYNC_UNCONFIRMED));

  gui_driver_select (driver, there);
  g_assert_true (gui_driver_wait (driver, shows_complaint, "settle_card", "the question once more"));
  gui_driver_type (driver, "id_row", "755");
  g_signal_emit_by_name (gui_driver_find (driver, "id_row"), "apply");
  g_assert_true (gui_driver_wait_state (driver, there, CRM_SYNC_SYNCED));
  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 1);

  lost = send_into_doubt (driver, "It is lost", "cut-before,action=addOrUpdateTask", there);
  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 1);
  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.send-again", NULL);
  g_assert_true (gui_driver_wait_state (driver, lost, CRM_SYNC_SYNCED));
  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 2);
}

static gboolean
has_count (GuiDriver *driver,
           gpointer   data)
{
  const char *const *wanted = data;
  GtkListBox *places = GTK_LIST_BOX (gui_driver_find (driver, "places"));
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (places, (int) crm_place_get_index (crm_place_by_name (wanted[0]))));

  for (GtkWidget *child = gtk_widget_get_first_child (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row))); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child) && gtk_widget_get_visible (child) &&
        g_str_equal (gtk_label_get_label (GTK_LABEL (child)), wanted[1]))
      return TRUE;

  return FALSE;
}

static gboolean
lists (GuiDriver *driver,
       gpointer   data)
{
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view")));

  return g_list_model_get_n_items (G_LIST_MODEL (model)) == GPOINTER_TO_UINT (data);
}

static void
add_due (GuiDriver  *driver,
         const char *name,
         int         hours,
         gint64      after)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) due = g_date_time_add_hours (now, hours);
  g_autofree char *text = g_date_time_format (due, "%Y-%m-%d %H:%M");

  begin_task (driver, name, text);
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, gui_driver_wait_newest (driver, after), CRM_SYNC_SYNCED));
}

/* What is due when, with its counts. */
static void
places_of_time (GuiDriver *driver)
{
  static const char *const overdue[] = { "overdue", "1" };
  static const char *const week[] = { "week", "2" };
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (driver));

  add_due (driver, "Long ago", -48, 0);
  add_due (driver, "In two days", 48, 1);
  add_due (driver, "In three days", 72, 2);
  add_due (driver, "In ten days", 240, 3);
  g_assert_true (gui_driver_wait (driver, has_count, (gpointer) overdue, "one that is overdue"));
  g_assert_true (gui_driver_wait (driver, has_count, (gpointer) week, "two in the next 7 days"));

  gtk_widget_activate_action (window, "win.go", "s", "overdue");
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (1), "the one that is overdue"));
  gtk_widget_activate_action (window, "win.go", "s", "week");
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (2), "the two in the next 7 days"));
  gtk_widget_activate_action (window, "win.go", "s", "all");
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (4), "all"));
}

static void
narrow (GuiDriver *driver)
{
  AdwLeaflet *leaflet = ADW_LEAFLET (gui_driver_find (driver, "leaflet"));

  g_assert_false (adw_leaflet_get_folded (leaflet));
  gui_driver_resize (driver, 400, 640);
  g_assert_true (adw_leaflet_get_folded (leaflet));
  g_assert_true (adw_flap_get_folded (ADW_FLAP (gui_driver_find (driver, "flap"))));
}

/* A date in words is written out when its field is left, and means the same when it is sent before that. */
static void
due_in_words (GuiDriver *driver)
{
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (GDateTime) local = g_date_time_new_local (2030, 12, 1, 17, 0, 0);
  g_autoptr (GDateTime) utc = g_date_time_to_utc (local);
  g_autofree char *due = g_date_time_format (utc, "%Y-%m-%d %H:%M:%S");
  GtkWidget *row;
  gint64 id;

  begin_task (driver, "In words", "");
  row = gui_driver_find (driver, "end_datetime_row");
  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5");
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5p");
  gui_driver_settle (driver);
  g_assert_false (gtk_widget_has_css_class (row, "error"));

  gtk_widget_grab_focus (gui_driver_find (driver, "name_row"));
  gui_driver_settle (driver);
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpstr (get_text (driver, "end_datetime_row"), ==, "1 december 2030 5p");

  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5pm");
  gtk_widget_grab_focus (gui_driver_find (driver, "name_row"));
  gui_driver_settle (driver);
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpstr (get_text (driver, "end_datetime_row"), ==, "2030-12-01 17:00");

  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5pm");
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, 0);
  task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);
  g_assert_nonnull (task);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_END_DATETIME), ==, due);
}

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
  begin_task (driver, "Half typ", "tomorrow 17");
  g_assert_true (gui_driver_wait (driver, is_typed, "Half typ", "the text to be kept"));
  kill (getpid (), SIGKILL);
}

static void
opened_again (GuiDriver *driver)
{
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "name_row"));
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "Half typ");
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
  g_assert_false (gui_driver_is_shown (driver, "name_row"));
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

  begin_task (driver, "One", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  begin_task (driver, "Two", "2026-12-01 18:00");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "Two");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 2, CRM_SYNC_SYNCED));
  one = get_name (driver, 1);
  two = get_name (driver, 2);
  g_assert_cmpstr (one, ==, "One");
  g_assert_cmpstr (two, ==, "Two");
  g_assert_true (gui_driver_wait (driver, nothing_is_typed, NULL, "nothing to be left of the typing"));
}

static void
new_discarded (GuiDriver *driver)
{
  begin_task (driver, "Never saved", "");
  gui_driver_press (driver, "discard_button");
  gui_driver_settle (driver);
  g_assert_false (gui_driver_is_shown (driver, "name_row"));
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "name_row"));
  g_assert_cmpstr (get_text (driver, "name_row"), ==, "Never saved");
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
      begin_task (driver, "A draft", "2026-12-01 17:00");
      gui_driver_press (driver, "save_button");
      gui_driver_wait_newest (driver, i);
    }
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (3), "the drafts"));
  g_assert_false (gtk_revealer_get_reveal_child (GTK_REVEALER (gui_driver_find (driver, "revealer"))));
  select_all (driver);

  gtk_widget_activate_action (bar, "bulk.discard", NULL);
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (0), "all drafts to go"));
  gui_driver_settle (driver);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.undo", NULL);
  g_assert_true (gui_driver_wait (driver, lists, GUINT_TO_POINTER (3), "all drafts to come back"));
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
      begin_task (driver, "Refused", "2026-12-01 17:00");
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
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "value_row")), "no number");
  gtk_widget_activate_action (dialog, "field.set-and-resubmit", NULL);
  g_assert_true (has_dialog (driver, NULL));
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "value_row")), RIGHT_LEAD);
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
  send_task (driver, "To be done", 0);
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

  begin_task (driver, "Refused", "2026-12-01 17:00");
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

/* A refused task goes back to the drafts, is corrected there at leisure, and sent. */
static void
by_draft (GuiDriver *driver)
{
  begin_task (driver, "Refused", "2026-12-01 17:00");
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
  gui_driver_settle (driver);
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
  send_task (driver, "Held", 0);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_QUEUED));
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 0);

  press_key (driver, "F5");
  g_assert_false (gtk_toggle_button_get_active (button));
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

      begin_task (driver, name, "2026-12-01 17:00");
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
  press_key (driver, "F5");
  for (gint64 id = 1; id <= 20; id++)
    g_assert_true (gui_driver_wait_state (driver, id, id % 8 == 2 ? CRM_SYNC_FAILED : CRM_SYNC_SYNCED));

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  press_key (driver, "F8");
  keys++;
  for (gint64 id = 2; id <= 20; id += 8)
    {
      g_assert_true (gui_driver_wait (driver, is_open, &id, "the next refusal"));
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

  g_test_add_data_func ("/window/rejected", (gconstpointer) rejected, in_window);
  g_test_add_data_func ("/window/walked", (gconstpointer) walked, in_window);
  g_test_add_data_func ("/window/incomplete", (gconstpointer) incomplete, in_window);
  g_test_add_data_func ("/window/due-in-words", (gconstpointer) due_in_words, in_window);
  g_test_add_data_func ("/window/unsaved", (gconstpointer) unsaved, in_window);
  g_test_add_data_func ("/window/edited-while-sending", (gconstpointer) edited_while_sending, in_window);
  g_test_add_data_func ("/window/discarded", (gconstpointer) discarded, in_window);
  g_test_add_data_func ("/window/settled", (gconstpointer) settled, in_window);
  g_test_add_data_func ("/window/places-of-time", (gconstpointer) places_of_time, in_window);
  g_test_add_data_func ("/window/narrow", (gconstpointer) narrow, in_window);

  g_test_add_data_func ("/window/crash/subprocess/killed", (gconstpointer) killed, in_window);
  g_test_add_data_func ("/window/crash/subprocess/again", (gconstpointer) opened_again, in_window);
  g_test_add_data_func ("/window/crash/subprocess/saved", (gconstpointer) opened_saved, in_window);
  g_test_add_func ("/window/crash", through_a_crash);
  g_test_add_data_func ("/window/one-after-another", (gconstpointer) one_after_another, in_window);
  g_test_add_data_func ("/window/new-discarded", (gconstpointer) new_discarded, in_window);
  g_test_add_data_func ("/window/many-at-once", (gconstpointer) many_at_once, in_window);
  g_test_add_data_func ("/window/one-code", (gconstpointer) one_code, in_window);
  g_test_add_data_func ("/window/completed", (gconstpointer) completed, in_window);
  g_test_add_data_func ("/window/copied", (gconstpointer) copied, in_window);
  g_test_add_data_func ("/window/by-draft", (gconstpointer) by_draft, in_window);
  g_test_add_data_func ("/window/held", (gconstpointer) held, in_window);
  g_test_add_data_func ("/window/on-a-train", (gconstpointer) on_a_train, in_window);

  return g_test_run ();
}

/* test-window.c: the real window, driven through its widgets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include "ui/crm-place.h"
#include "ui/crm-task-editor.h"

#include <string.h>

/* The CRM's words stand at the field they speak of; corrected and resubmitted, the task is sent. */
static void
rejected (GuiDriver *driver)
{
  gint64 id;

  window_bench_begin (driver, "Rejected", "2026-12-01 17:00");
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

/* F8, the correction, Ctrl+Enter: and the next problem is open, with its field at fault in focus. */
static void
walked (GuiDriver *driver)
{
  gint64 ids[3];

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("Refused %u", i + 1);

      window_bench_begin (driver, name, "2026-12-01 17:00");
      gui_driver_choose (driver, "kind_row", KIND_LEAD);
      gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
      gui_driver_press (driver, "submit_button");
      ids[i] = gui_driver_wait_newest (driver, i > 0 ? ids[i - 1] : 0);
      g_assert_true (gui_driver_wait_state (driver, ids[i], CRM_SYNC_FAILED));
      gui_driver_settle (driver);
    }

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  window_bench_press (driver, "F8");
  g_assert_true (gui_driver_wait (driver, window_bench_is_open, &ids[0], "the first problem"));
  window_bench_press (driver, "F8");
  g_assert_true (gui_driver_wait (driver, window_bench_is_open, &ids[1], "the second problem"));
  window_bench_press (driver, "<Shift>F8");
  g_assert_true (gui_driver_wait (driver, window_bench_is_open, &ids[0], "the first problem once more"));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (gui_driver_get_window (driver))),
                                         gui_driver_find (driver, "lead_id_row")));

  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (gui_driver_wait (driver, window_bench_is_open, &ids[i], "the next problem"));
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
  window_bench_begin (driver, "Without a date", "");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait (driver, shows_complaint, "end_datetime_message", "the complaint at the due date"));
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Without a date");

  gui_driver_type (driver, "end_datetime_row", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait_state (driver, 1, CRM_SYNC_SYNCED));
}

/* What was typed and not saved is there again when one comes back to its task. */
static void
unsaved (GuiDriver *driver)
{
  gint64 one = window_bench_send (driver, "One", 0);
  g_autofree char *name = NULL;
  gint64 two;

  g_assert_true (gui_driver_wait_state (driver, one, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  two = window_bench_send (driver, "Two", one);
  g_assert_true (gui_driver_wait_state (driver, two, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  gui_driver_select (driver, one);
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "One, half typed");
  gui_driver_select (driver, two);
  gui_driver_settle (driver);
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Two");
  gui_driver_select (driver, one);
  gui_driver_settle (driver);
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "One, half typed");
  name = window_bench_get_name (driver, one);
  g_assert_cmpstr (name, ==, "One");
}

static gboolean
is_newer_sent (GuiDriver *driver,
               gpointer   data)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), *(gint64 *) data, NULL);

  return crm_task_get_state (task) == CRM_SYNC_SYNCED &&
         g_str_equal (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME), "Newer");
}

/* An edit while its task is under way is a newer revision, and goes after it. */
static void
edited_while_sending (GuiDriver *driver)
{
  CrmPracticeServer *server = gui_driver_get_server (driver);
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *there = NULL;
  gint64 id;

  window_bench_add_fault (driver, "delay=2000,action=addOrUpdateTask");
  id = window_bench_send (driver, "Older", 0);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SENDING));
  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "Newer");
  gui_driver_press (driver, "save_button");
  g_assert_true (gui_driver_wait (driver, is_newer_sent, &id, "the newer revision to be sent"));
  task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);
  there = crm_practice_server_dup_task (server, crm_task_get_crm_id (task));
  g_assert_nonnull (strstr (there, "Newer"));
  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_requests (server, "/api/1.0/crm?action=addOrUpdateTask"), ==, 2);
}

static gboolean
is_gone (GuiDriver *driver,
         gpointer   data)
{
  g_autofree char *name = window_bench_get_name (driver, *(gint64 *) data);

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

  window_bench_begin (driver, "A draft", "");
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

  window_bench_add_fault (driver, fault);
  window_bench_add_fault (driver, "403,action=getTaskList,times=0");
  id = window_bench_send (driver, name, after);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_UNCONFIRMED));
  gui_driver_settle (driver);
  gui_driver_select (driver, id);
  g_assert_true (gui_driver_wait (driver, shows_complaint, "settle_card", "the question whether it is there"));

  return id;
}

static gboolean
says_why (GuiDriver *driver,
          gpointer   words)
{
  return strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (gui_driver_find (driver, "doubt_row"))), words) != NULL;
}

/* A person's three words about a task that may have arrived. */
static void
settled (GuiDriver *driver)
{
  gint64 there = send_into_doubt (driver, "It is there", "cut-after,action=addOrUpdateTask", 0);
  CrmPracticeServer *server = gui_driver_get_server (driver);
  gint64 lost;

  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, 1);
  g_assert_true (gui_driver_wait (driver, says_why, (gpointer) "whose list of tasks can’t be had", "why it is asked"));
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

static void
add_due (GuiDriver  *driver,
         const char *name,
         int         hours,
         gint64      after)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) due = g_date_time_add_hours (now, hours);
  g_autofree char *text = g_date_time_format (due, "%Y-%m-%d %H:%M");

  window_bench_begin (driver, name, text);
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
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (1), "the one that is overdue"));
  gtk_widget_activate_action (window, "win.go", "s", "week");
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (2), "the two in the next 7 days"));
  gtk_widget_activate_action (window, "win.go", "s", "all");
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (4), "all"));
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

  window_bench_begin (driver, "In words", "");
  row = gui_driver_find (driver, "end_datetime_row");
  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5");
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5p");
  gui_driver_settle (driver);
  g_assert_false (gtk_widget_has_css_class (row, "error"));

  gtk_widget_grab_focus (gui_driver_find (driver, "name_row"));
  gui_driver_settle (driver);
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpstr (window_bench_get_text (driver, "end_datetime_row"), ==, "1 december 2030 5p");

  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5pm");
  gtk_widget_grab_focus (gui_driver_find (driver, "name_row"));
  gui_driver_settle (driver);
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpstr (window_bench_get_text (driver, "end_datetime_row"), ==, "2030-12-01 17:00");

  gtk_widget_grab_focus (row);
  gui_driver_type (driver, "end_datetime_row", "1 december 2030 5pm");
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, 0);
  task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);
  g_assert_nonnull (task);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_END_DATETIME), ==, due);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/window/rejected", (gconstpointer) rejected, window_bench_run);
  g_test_add_data_func ("/window/walked", (gconstpointer) walked, window_bench_run);
  g_test_add_data_func ("/window/incomplete", (gconstpointer) incomplete, window_bench_run);
  g_test_add_data_func ("/window/due-in-words", (gconstpointer) due_in_words, window_bench_run);
  g_test_add_data_func ("/window/unsaved", (gconstpointer) unsaved, window_bench_run);
  g_test_add_data_func ("/window/edited-while-sending", (gconstpointer) edited_while_sending, window_bench_run);
  g_test_add_data_func ("/window/discarded", (gconstpointer) discarded, window_bench_run);
  g_test_add_data_func ("/window/settled", (gconstpointer) settled, window_bench_run);
  g_test_add_data_func ("/window/places-of-time", (gconstpointer) places_of_time, window_bench_run);
  g_test_add_data_func ("/window/narrow", (gconstpointer) narrow, window_bench_run);


  return g_test_run ();
}

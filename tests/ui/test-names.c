/* test-names.c: what the CRM has, in the real window: choosing by name, merging, refreshing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "window-bench.h"

#include "ui/crm-list-slot.h"

#include "store/crm-inbox.h"
#include "ui/crm-me-dialog.h"
#include "ui/crm-record-row.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* The choices of the editor's kind row. */
#define KIND_OPPORTUNITY 1
#define KIND_COMPANY_CONTACT 5

/* For whoever wants to look: CRM_TASKS_TEST_PICTURES names a folder. */
static void
picture (GuiDriver  *driver,
         const char *name)
{
  const char *folder = g_getenv ("CRM_TASKS_TEST_PICTURES");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL)
    g_assert_true (gui_driver_picture (driver, CRM_TYPE_WINDOW, path));
}

static gboolean
has_all (GuiDriver *driver,
         gpointer   data)
{
  for (guint i = 0; i < CRM_N_LISTS; i++)
    {
      CrmListState state;

      if (!crm_inbox_read_state (gui_driver_get_store (driver), i, &state, NULL) || !state.complete)
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_idle (GuiDriver *driver,
         gpointer   data)
{
  CrmSyncService *service = crm_session_get_service (gui_driver_get_session (driver));
  CrmPullProgress progress;

  crm_puller_get_progress (crm_sync_service_get_puller (service), &progress);
  return !progress.active && crm_sync_service_get_activity (service) == CRM_SYNC_ACTIVITY_IDLE;
}

static void
refresh (GuiDriver *driver)
{
  window_bench_press (driver, "F5");
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the refresh"));
}

static GtkListBox *
get_list (GtkWidget *row)
{
  return GTK_LIST_BOX (gui_driver_find_below (row, "list"));
}

static gboolean
is_offered (GuiDriver *driver,
            gpointer   data)
{
  GtkWidget *popover = gui_driver_find_below (data, "popover");

  /* Nothing is selected while what is listed was found for another text. */
  return gtk_widget_get_visible (popover) && gtk_list_box_get_selected_row (get_list (data)) != NULL;
}

/* Types, and takes what is offered at @index. */
static void
choose (GuiDriver  *driver,
        const char *id,
        const char *text,
        int         index)
{
  GtkWidget *row = gui_driver_find (driver, id);

  gui_driver_type (driver, id, text);
  g_assert_true (gui_driver_wait (driver, is_offered, row, text));
  gui_driver_settle (driver);
  g_signal_emit_by_name (get_list (row), "row-activated", gtk_list_box_get_row_at_index (get_list (row), index));
  gui_driver_settle (driver);
}

static void
assert_value (GuiDriver  *driver,
              const char *id,
              const char *value)
{
  g_autofree char *is = crm_record_row_get_value (CRM_RECORD_ROW (gui_driver_find (driver, id)));

  g_assert_cmpstr (is, ==, value);
}

static gint64
get_there (GuiDriver  *driver,
           gint64      crm_id,
           const char *key)
{
  g_autofree char *text = crm_practice_server_dup_task (gui_driver_get_server (driver), crm_id);
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  g_assert_nonnull (node);
  return json_object_get_int_member_with_default (json_node_get_object (node), key, 0);
}

/* The issue's own words: a task is booked without typing one number. */
static void
test_choose (GuiDriver *driver)
{
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *owner = NULL;
  gint64 id;

  g_assert_true (gui_driver_wait (driver, has_all, NULL, "what the CRM has"));

  window_bench_begin (driver, "Send the menu", "tomorrow 17:00");
  gui_driver_choose (driver, "kind_row", KIND_OPPORTUNITY);
  gui_driver_type (driver, "lead_id_row", "harb");
  g_assert_true (gui_driver_wait (driver, is_offered, gui_driver_find (driver, "lead_id_row"), "harb"));
  picture (driver, "1-offered.png");
  /* There are two of that name; the venue tells them apart. */
  choose (driver, "lead_id_row", "gala riverside", 0);
  g_assert_cmpstr (window_bench_get_text (driver, "lead_id_row"), ==, "Gala dinner");
  assert_value (driver, "lead_id_row", "13101");
  assert_value (driver, "venue_id_row", "17");
  choose (driver, "lead_id_row", "harbour ga", 0);
  g_assert_cmpstr (window_bench_get_text (driver, "lead_id_row"), ==, "Harbour gala");
  assert_value (driver, "lead_id_row", "3101");
  /* An opportunity brings its venue. */
  assert_value (driver, "venue_id_row", "11");
  choose (driver, "assigned_user_id_row", "priya", 0);
  assert_value (driver, "assigned_user_id_row", "2");
  picture (driver, "2-chosen.png");

  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, 0);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
  task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);
  g_assert_cmpint (get_there (driver, crm_task_get_crm_id (task), "leadId"), ==, 3101);
  g_assert_cmpint (get_there (driver, crm_task_get_crm_id (task), "venueId"), ==, 11);
  g_assert_cmpint (get_there (driver, crm_task_get_crm_id (task), "assignedUserId"), ==, 2);
  g_assert_cmpstr (crm_task_get_name_of (task, CRM_FIELD_LEAD), ==, "Harbour gala");
  g_assert_cmpstr (crm_task_get_name_of (task, CRM_FIELD_VENUE), ==, "Harbour House");
  picture (driver, "3-listed.png");

  /* What was chosen last is offered first, before a letter is typed. */
  window_bench_begin (driver, "Another", "tomorrow 18:00");
  gui_driver_choose (driver, "kind_row", KIND_OPPORTUNITY);
  g_signal_emit_by_name (gui_driver_find_below (gui_driver_find (driver, "lead_id_row"), "list_button"), "clicked");
  g_assert_true (gui_driver_wait (driver, is_offered, gui_driver_find (driver, "lead_id_row"), "the list"));
  picture (driver, "4-recent.png");
  g_signal_emit_by_name (get_list (gui_driver_find (driver, "lead_id_row")), "row-activated",
                         gtk_list_box_get_row_at_index (get_list (gui_driver_find (driver, "lead_id_row")), 0));
  assert_value (driver, "lead_id_row", "3101");
}

static void
test_numbers (GuiDriver *driver)
{
  g_assert_true (gui_driver_wait (driver, has_all, NULL, "what the CRM has"));

  /* A contact brings its company, when it has one only. */
  window_bench_begin (driver, "Call", "tomorrow 17:00");
  gui_driver_choose (driver, "kind_row", KIND_COMPANY_CONTACT);
  choose (driver, "contact_id_row", "ABB grace", 0);
  assert_value (driver, "contact_id_row", "101");
  assert_value (driver, "company_id_row", "51");

  /* A bare number is taken, known or not. */
  gui_driver_type (driver, "assigned_user_id_row", "4");
  assert_value (driver, "assigned_user_id_row", "4");
  gui_driver_type (driver, "assigned_user_id_row", "123456");
  assert_value (driver, "assigned_user_id_row", "123456");
  g_assert_cmpstr (window_bench_get_text (driver, "assigned_user_id_row"), ==, "123456");

  /* What is no number and was not chosen is said at its field, and nothing is sent. */
  gui_driver_type (driver, "assigned_user_id_row", "Nobody of that name");
  gui_driver_press (driver, "submit_button");
  gui_driver_settle (driver);
  g_assert_true (gtk_widget_has_css_class (gui_driver_find (driver, "assigned_user_id_row"), "error"));
  g_assert_cmpuint (crm_practice_server_count_tasks (gui_driver_get_server (driver)), ==, 0);
  picture (driver, "5-unknown.png");
}

static gboolean
is_listed (GuiDriver *driver,
           gpointer   data)
{
  return window_bench_lists (driver, data);
}

static gint64
colleague (GuiDriver  *driver,
           const char *changes)
{
  gint64 id = crm_practice_server_colleague_edit (gui_driver_get_server (driver), changes);

  g_assert_cmpint (id, >, 0);
  return id;
}

static GtkWidget *
find_radio (GtkWidget  *widget,
            const char *label)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = NULL;

      if (GTK_IS_LABEL (child) && g_str_equal (gtk_label_get_label (GTK_LABEL (child)), label))
        return gtk_widget_get_ancestor (child, GTK_TYPE_CHECK_BUTTON);
      found = find_radio (child, label);
      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Changed here and there: both are shown side by side, and nothing is sent before the person chose. */
static void
test_merge (GuiDriver *driver)
{
  CrmSyncService *service = crm_session_get_service (gui_driver_get_session (driver));
  g_autofree char *changes = NULL;
  g_autofree char *name = NULL;
  GtkWidget *card;
  gint64 there, id;

  there = colleague (driver, "{\"name\":\"Call about the menu\",\"endDatetime\":\"2027-03-01 09:00:00\",\"leadId\":13101,"
                             "\"venueId\":17}");
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the first refresh"));
  refresh (driver);
  g_assert_true (gui_driver_wait (driver, is_listed, GUINT_TO_POINTER (1), "the colleague's task"));
  id = gui_driver_wait_newest (driver, 0);

  crm_sync_service_set_held (service, TRUE);
  gui_driver_select (driver, id);
  g_signal_emit_by_name (gui_driver_find (driver, "view"), "activated");
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "Call about the menu and the wine");
  gui_driver_press (driver, "save_button");
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_QUEUED));

  changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"Call about the flowers\",\"leadId\":13102,"
                             "\"venueId\":12,\"priority\":\"high\"}", there);
  colleague (driver, changes);
  crm_puller_pull (crm_sync_service_get_puller (service), FALSE);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_FAILED));
  gui_driver_settle (driver);

  card = gui_driver_find (driver, "merge_card");
  g_assert_true (gtk_widget_get_visible (card));
  g_assert_false (gtk_widget_get_visible (gui_driver_find (driver, "problem_card")));
  g_assert_false (gtk_widget_get_sensitive (gui_driver_find (driver, "use_button")));
  /* Who it belongs to was changed there alone, and is taken. */
  g_assert_cmpstr (window_bench_get_text (driver, "venue_id_row"), ==, "The Old Woolstore");
  g_assert_nonnull (find_radio (card, "Call about the menu and the wine"));
  picture (driver, "6-conflict.png");
  gui_driver_resize (driver, 400, 760);
  picture (driver, "6-conflict-narrow.png");
  gui_driver_resize (driver, 1280, 860);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (find_radio (card, "Call about the flowers")), TRUE);
  g_assert_true (gtk_widget_get_sensitive (gui_driver_find (driver, "use_button")));
  g_assert_cmpuint (crm_practice_server_count_requests (gui_driver_get_server (driver), "/api/1.0/crm?action=addOrUpdateTask"), ==, 0);
  g_signal_emit_by_name (gui_driver_find (driver, "use_button"), "clicked");
  crm_sync_service_set_held (service, FALSE);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_SYNCED));
  gui_driver_settle (driver);
  name = window_bench_get_name (driver, id);
  g_assert_cmpstr (name, ==, "Call about the flowers");
  g_assert_false (gtk_widget_get_visible (card));
}

static gboolean
notes_flowers (GuiDriver *driver,
               gpointer   data)
{
  g_autofree char *note = NULL;

  g_object_get (gui_driver_find (driver, "name_message"), "note", &note, NULL);
  return note != NULL && strstr (note, "flowers") != NULL;
}

/* What is being typed when the CRM changes the same field stays, and the CRM's is shown beside it. */
static void
test_meanwhile (GuiDriver *driver)
{
  CrmSyncService *service = crm_session_get_service (gui_driver_get_session (driver));
  g_autofree char *changes = NULL;
  gint64 there, id;

  there = colleague (driver, "{\"name\":\"Call\",\"endDatetime\":\"2027-03-01 09:00:00\"}");
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the first refresh"));
  refresh (driver);
  id = gui_driver_wait_newest (driver, 0);
  gui_driver_select (driver, id);
  g_signal_emit_by_name (gui_driver_find (driver, "view"), "activated");
  gui_driver_type (driver, "name_row", "Call about the wine");

  changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"Call about the flowers\"}", there);
  colleague (driver, changes);
  crm_puller_pull (crm_sync_service_get_puller (service), FALSE);
  g_assert_true (gui_driver_wait (driver, notes_flowers, NULL, "the note"));
  g_assert_cmpstr (window_bench_get_text (driver, "name_row"), ==, "Call about the wine");
  picture (driver, "7-meanwhile.png");
}

static gboolean
shows_name (GuiDriver *driver,
            gpointer   data)
{
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view")));
  g_autoptr (CrmListSlot) slot = g_list_model_get_item (G_LIST_MODEL (model), 0);
  CrmTask *task = slot != NULL ? crm_list_slot_get_task (slot) : NULL;

  return task != NULL && g_strcmp0 (crm_task_get_name_of (task, CRM_FIELD_CONTACT), data) == 0;
}

/* A row that is there before the contact’s name is gets it when it comes. */
static void
test_renamed (GuiDriver *driver)
{
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the first refresh"));
  crm_practice_server_add_canned (gui_driver_get_server (driver), 200, "application/json",
                                  "{\"meta\":{\"totalResults\":1},\"results\":[{\"id\":101,\"firstName\":\"Grace\","
                                  "\"lastName\":\"Hopper\"}]}", "getContactList", 2);
  colleague (driver, "{\"name\":\"Call\",\"endDatetime\":\"2027-03-01 09:00:00\",\"contactId\":101}");
  window_bench_press (driver, "F5");
  g_assert_true (gui_driver_wait (driver, is_listed, GUINT_TO_POINTER (1), "the task"));
  g_assert_true (gui_driver_wait (driver, shows_name, (gpointer) "Grace Hopper", "the new name"));
}

static gboolean
counts_mine (GuiDriver *driver,
             gpointer   data)
{
  return window_bench_lists (driver, GUINT_TO_POINTER (1));
}

static void
test_mine (GuiDriver *driver)
{
  GtkWidget *dialog, *row;

  colleague (driver, "{\"name\":\"Mine\",\"endDatetime\":\"2027-03-01 09:00:00\",\"assignedUserId\":2}");
  colleague (driver, "{\"name\":\"Another's\",\"endDatetime\":\"2027-03-01 09:00:00\",\"assignedUserId\":3}");
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the first refresh"));
  refresh (driver);
  g_assert_true (gui_driver_wait (driver, is_listed, GUINT_TO_POINTER (2), "both"));
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.go", "s", "mine");
  g_assert_true (gui_driver_wait (driver, is_listed, GUINT_TO_POINTER (0), "nothing"));
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "me_button"));
  picture (driver, "8-who.png");

  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.who-i-am", NULL);
  dialog = gui_driver_wait_window (driver, CRM_TYPE_ME_DIALOG);
  g_assert_nonnull (dialog);
  row = gui_driver_find_below (dialog, "user_row");
  gtk_editable_set_text (GTK_EDITABLE (row), "nair");
  g_assert_true (gui_driver_wait (driver, is_offered, row, "nair"));
  g_signal_emit_by_name (get_list (row), "row-activated", gtk_list_box_get_row_at_index (get_list (row), 0));
  g_signal_emit_by_name (gui_driver_find_below (dialog, "use_button"), "clicked");
  g_assert_true (gui_driver_wait (driver, counts_mine, NULL, "the one of mine"));
  picture (driver, "9-mine.png");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/names/choose", test_choose, window_bench_run);
  g_test_add_data_func ("/names/numbers", test_numbers, window_bench_run);
  g_test_add_data_func ("/names/merge", test_merge, window_bench_run);
  g_test_add_data_func ("/names/meanwhile", test_meanwhile, window_bench_run);
  g_test_add_data_func ("/names/mine", test_mine, window_bench_run);
  g_test_add_data_func ("/names/renamed", test_renamed, window_bench_run);

  return g_test_run ();
}

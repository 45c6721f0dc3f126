/* test-names.c: what the CRM has, in the real window: choosing by name, merging, refreshing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "window-bench.h"

#include "store/crm-inbox.h"
#include "ui/crm-record-row.h"

#include <json-glib/json-glib.h>

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
  GtkListBoxRow *first = gtk_list_box_get_row_at_index (get_list (data), 0);

  return gtk_widget_get_visible (popover) && first != NULL;
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

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/names/choose", test_choose, window_bench_run);
  g_test_add_data_func ("/names/numbers", test_numbers, window_bench_run);

  return g_test_run ();
}

/* test-transfer.c: what leaves the window and comes into it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include "ui/crm-import-dialog.h"
#include "ui/crm-task-view.h"

#include <glib/gstdio.h>
#include <string.h>

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  guint *n_added = user_data;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, NULL);

  g_assert_nonnull (task);
  (*n_added)++;
}

static void
add_draft (GuiDriver  *driver,
           const char *name,
           guint      *n_added)
{
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  crm_store_add_async (gui_driver_get_store (driver), values,
                       CRM_FIELD_BIT (CRM_FIELD_NAME) | CRM_FIELD_BIT (CRM_FIELD_END_DATETIME), 0, TRUE, NULL, added_cb, n_added);
}

/* So many drafts and one of another name, listed by their names. */
static void
add_drafts (GuiDriver  *driver,
            guint       n,
            const char *other)
{
  guint n_all = n + (other != NULL);
  guint n_added = 0;

  g_assert_cmpint (g_chdir (driver->folder), ==, 0);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %03u", n - i);

      add_draft (driver, name, &n_added);
    }
  if (other != NULL)
    add_draft (driver, other, &n_added);
  while (n_added < n_all)
    g_main_context_iteration (NULL, TRUE);

  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.just-write", NULL);
  crm_task_view_set_sort (CRM_TASK_VIEW (gui_driver_find (driver, "view")), "name", FALSE);
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (n_all), "the drafts to be listed"));
  gui_driver_settle (driver);
}

static GtkSelectionModel *
get_selection (GuiDriver *driver)
{
  return gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view")));
}

static void
activate (GuiDriver  *driver,
          const char *action)
{
  g_assert_true (gtk_widget_activate_action (gui_driver_find (driver, "view"), action, NULL));
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

static gboolean
shows (GuiDriver *driver,
       gpointer   data)
{
  gpointer *wanted = data;

  return says (wanted[0], wanted[1]);
}

static GtkWidget *
find_row (GtkWidget  *widget,
          const char *title)
{
  GtkWidget *found = NULL;

  if (ADW_IS_COMBO_ROW (widget) && g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, title);

  return found;
}

/* Answers the file dialog, which begins where the program stands, and gives what is written then. */
static char *
save (GuiDriver  *driver,
      const char *name,
      const char *words)
{
  g_autofree char *path = g_build_filename (driver->folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *dialog = gui_driver_wait_window (driver, GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_assert_nonnull (dialog);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_assert_true (gui_driver_wait (driver, has_file, (gpointer[]) { dialog, file }, "the dialog to have the file"));
  gui_driver_settle (driver);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_assert_true (gui_driver_wait (driver, no_dialog, NULL, "the dialog to be answered"));
  g_assert_true (gui_driver_wait (driver, is_said, (gpointer) words, words));
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at++)
    n++;

  return n;
}

/* What is shown goes out in its order, and only that. */
static void
exported_shown (GuiDriver *driver)
{
  g_autofree char *all = NULL;
  g_autofree char *found = NULL;

  add_drafts (driver, 150, NULL);
  activate (driver, "export.tasks");
  all = save (driver, "all.csv", "exported to");
  g_assert_true (g_str_has_prefix (all, "id,name,endDatetime"));
  g_assert_cmpuint (count (all, "\r\n"), ==, 151);
  g_assert_true (strstr (all, "Task 001") < strstr (all, "Task 002"));
  g_assert_true (strstr (all, "Task 149") < strstr (all, "Task 150"));

  g_object_set (gui_driver_find (driver, "task_pane"), "searching", TRUE, NULL);
  gui_driver_type (driver, "search_entry", "020");
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (1), "what is searched for"));
  activate (driver, "export.tasks");
  found = save (driver, "found.ics", "exported to “found.ics”");
  g_assert_true (g_str_has_prefix (found, "BEGIN:VCALENDAR\r\n"));
  g_assert_cmpuint (count (found, "BEGIN:VTODO"), ==, 1);
  g_assert_nonnull (strstr (found, "SUMMARY:Task 020\r\n"));
}

/* Of several that are selected those alone go out. */
static void
exported_selected (GuiDriver *driver)
{
  g_autofree char *text = NULL;

  add_drafts (driver, 5, NULL);
  gtk_selection_model_select_range (get_selection (driver), 1, 3, TRUE);
  activate (driver, "export.tasks");
  text = save (driver, "selected.json", "exported to");
  g_assert_cmpuint (count (text, "\"localId\""), ==, 3);
  g_assert_true (strstr (text, "Task 002") < strstr (text, "Task 004"));
  g_assert_null (strstr (text, "Task 001"));
}

static void
reported (GuiDriver *driver)
{
  g_autofree char *text = NULL;
  gint64 id;

  add_drafts (driver, 1, NULL);
  window_bench_begin (driver, "Rejected", "2026-12-01 17:00");
  gui_driver_choose (driver, "kind_row", KIND_LEAD);
  gui_driver_type (driver, "lead_id_row", WRONG_LEAD);
  gui_driver_press (driver, "submit_button");
  id = gui_driver_wait_newest (driver, 1);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_FAILED));

  activate (driver, "export.report");
  text = save (driver, "report.csv", "exported to");
  g_assert_true (g_str_has_prefix (text, "localId,id,name,code"));
  g_assert_nonnull (strstr (text, "Rejected,24395,"));
}

/* Nothing chosen, nothing written; and it can be asked for again. */
static void
dismissed (GuiDriver *driver)
{
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  add_drafts (driver, 1, NULL);
  activate (driver, "export.tasks");
  dialog = gui_driver_wait_window (driver, GTK_TYPE_FILE_CHOOSER_DIALOG);
  gui_driver_settle (driver);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_assert_true (gui_driver_wait (driver, no_dialog, NULL, "the dialog to go"));
  gui_driver_settle (driver);
  g_assert_false (g_file_test ("Tasks.csv", G_FILE_TEST_EXISTS));

  activate (driver, "export.tasks");
  text = save (driver, "Tasks.csv", "exported to");
  g_assert_cmpuint (count (text, "\r\n"), ==, 2);
}


static void
spliced_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  char **text = user_data;
  g_autoptr (GBytes) bytes = NULL;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
  *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
clip_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, NULL);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  g_assert_nonnull (stream);
  g_output_stream_splice_async (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                G_PRIORITY_DEFAULT, NULL, spliced_cb, user_data);
}

static gboolean
is_read (GuiDriver *driver,
         gpointer   data)
{
  return *(char **) data != NULL;
}

static gboolean
offers_csv (GuiDriver *driver,
            gpointer   data)
{
  return gdk_content_formats_contain_mime_type (gdk_clipboard_get_formats (data), "text/csv");
}

static char *
read_clipboard (GuiDriver  *driver,
                const char *mime_type)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (gui_driver_get_window (driver)));
  const char *mime_types[] = { mime_type, NULL };
  char *text = NULL;

  g_assert_true (gui_driver_wait (driver, offers_csv, clipboard, "the tasks to be on the clipboard"));
  gdk_clipboard_read_async (clipboard, mime_types, G_PRIORITY_DEFAULT, NULL, clip_read_cb, &text);
  g_assert_true (gui_driver_wait (driver, is_read, &text, "the clipboard to be read"));

  return text;
}

static void
copied (GuiDriver *driver)
{
  g_autofree char *text = NULL;
  g_autofree char *csv = NULL;

  add_drafts (driver, 2, "=1+1");
  gtk_selection_model_select_all (get_selection (driver));
  activate (driver, "export.copy");
  csv = read_clipboard (driver, "text/csv");
  text = read_clipboard (driver, "text/plain;charset=utf-8");
  g_assert_cmpstr (text, ==,
                   "'=1+1\t2026-12-01 17:00:00\tDraft\t\n"
                   "Task 001\t2026-12-01 17:00:00\tDraft\t\n"
                   "Task 002\t2026-12-01 17:00:00\tDraft\t\n");
  g_assert_true (g_str_has_prefix (csv, "id,name,endDatetime"));
  g_assert_cmpuint (count (csv, "\r\n"), ==, 4);
}

#define ROWS                                       \
  "Subject\tDue\tPriority\n"                       \
  "Call back\t2026-12-01 17:00\thigh\n"            \
  "\"Two\nlines\"\t2026-12-02 09:00\t\n"           \
  "Whenever\tsome day\tlow\n"

static void
set_clipboard (GuiDriver  *driver,
               const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (gui_driver_get_window (driver))), text);
}

static gboolean
can_import (GuiDriver *driver,
            gpointer   data)
{
  return gtk_widget_get_sensitive (gui_driver_find_below (data, "import_button"));
}

static gboolean
no_preview (GuiDriver *driver,
            gpointer   data)
{
  return gui_driver_find_window (CRM_TYPE_IMPORT_DIALOG) == NULL;
}

static GtkWidget *
wait_preview (GuiDriver *driver)
{
  GtkWidget *dialog = gui_driver_wait_window (driver, CRM_TYPE_IMPORT_DIALOG);

  g_assert_nonnull (dialog);
  g_assert_true (gui_driver_wait (driver, can_import, dialog, "the preview"));
  gui_driver_settle (driver);

  return dialog;
}

static void
import (GuiDriver *driver,
        GtkWidget *dialog)
{
  gtk_widget_activate_action (dialog, "preview.run", NULL);
  g_assert_true (gui_driver_wait (driver, no_preview, NULL, "the import to be done"));
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);

  return found;
}

/* Rows of a spreadsheet: looked at, then here; and what was refused can be saved with the reason. */
static void
pasted (GuiDriver *driver)
{
  g_autofree char *refused = NULL;
  GtkWidget *dialog;

  add_drafts (driver, 1, NULL);
  set_clipboard (driver, ROWS);
  activate (driver, "import.paste");
  dialog = wait_preview (driver);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (gui_driver_find_below (dialog, "import_button"))), ==, "_Import 2 Tasks");
  g_assert_true (says (dialog, "All 3"));
  g_assert_true (says (dialog, "New 2"));
  g_assert_true (says (dialog, "Refused 1"));
  g_assert_true (says (dialog, "Call back"));
  g_assert_true (says (dialog, "Two lines"));
  g_assert_true (says (dialog, "Row 4"));
  g_assert_true (window_bench_lists (driver, GUINT_TO_POINTER (1)));

  import (driver, dialog);
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (3), "the rows to be tasks"));
  g_assert_true (gui_driver_wait (driver, is_said, "2 tasks imported, 1 row refused", "what was imported"));

  g_signal_emit_by_name (find_button (gui_driver_find (driver, "toasts"), "_Save Refused Rows…"), "clicked");
  refused = save (driver, "refused.csv", "The refused rows are in “refused.csv”");
  g_assert_true (g_str_has_prefix (refused, "Subject,Due,Priority,"));
  g_assert_nonnull (strstr (refused, "\r\nWhenever,some day,low,"));
  g_assert_cmpuint (count (refused, "Call back"), ==, 0);
}

/* What was copied is here already. */
static void
pasted_back (GuiDriver *driver)
{
  g_autofree char *csv = NULL;
  GtkWidget *dialog;

  add_drafts (driver, 2, "=1+1");
  gtk_selection_model_select_all (get_selection (driver));
  activate (driver, "export.copy");
  csv = read_clipboard (driver, "text/csv");
  activate (driver, "import.paste");
  dialog = gui_driver_wait_window (driver, CRM_TYPE_IMPORT_DIALOG);
  g_assert_true (gui_driver_wait (driver, shows, (gpointer[]) { dialog, "Already here 3" }, "the rows to be known"));
  g_assert_false (can_import (driver, dialog));
  gtk_widget_activate_action (dialog, "preview.cancel", NULL);
  g_assert_true (gui_driver_wait (driver, no_preview, NULL, "the preview to go"));
  g_assert_true (window_bench_lists (driver, GUINT_TO_POINTER (3)));
}

/* A column that nobody recognises is mapped, and the preview follows. */
static void
mapped (GuiDriver *driver)
{
  GtkWidget *dialog, *columns;
  GtkWidget *row = NULL;

  add_drafts (driver, 1, NULL);
  set_clipboard (driver, "Zzz\tDue\nCall back\t2026-12-01 17:00\n");
  activate (driver, "import.paste");
  dialog = gui_driver_wait_window (driver, CRM_TYPE_IMPORT_DIALOG);
  g_assert_true (gui_driver_wait (driver, shows, (gpointer[]) { dialog, "Not Imported Yet" }, "the question for a name"));
  g_assert_false (can_import (driver, dialog));

  columns = gui_driver_find_below (dialog, "columns_row");
  row = find_row (columns, "Zzz");
  g_assert_nonnull (row);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), 2);
  import (driver, wait_preview (driver));
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (2), "the row to be a task"));
}

static GtkDropTarget *
find_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

static void
dropped (GuiDriver *driver)
{
  GtkDropTarget *target = find_target (gui_driver_find (driver, "toasts"));
  g_autoptr (GFile) file = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GSList) files = NULL;
  gboolean taken = FALSE;

  add_drafts (driver, 1, NULL);
  g_assert_true (g_file_set_contents ("dropped.csv", "name;due\nCaf\xe9;2026-12-01 17:00\n", -1, NULL));
  file = g_file_new_for_path ("dropped.csv");
  files = g_slist_append (NULL, file);
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, files);

  g_assert_nonnull (target);
  g_signal_emit_by_name (target, "drop", &value, 10.0, 10.0, &taken);
  g_assert_true (taken);
  import (driver, wait_preview (driver));
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (2), "the row to be a task"));
  g_assert_true (gui_driver_wait (driver, is_said, "1 task imported", "what was imported"));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/transfer/export-shown", exported_shown, window_bench_run);
  g_test_add_data_func ("/transfer/export-selected", exported_selected, window_bench_run);
  g_test_add_data_func ("/transfer/report", reported, window_bench_run);
  g_test_add_data_func ("/transfer/dismissed", dismissed, window_bench_run);
  g_test_add_data_func ("/transfer/copy", copied, window_bench_run);
  g_test_add_data_func ("/transfer/paste", pasted, window_bench_run);
  g_test_add_data_func ("/transfer/paste-back", pasted_back, window_bench_run);
  g_test_add_data_func ("/transfer/map", mapped, window_bench_run);
  g_test_add_data_func ("/transfer/drop", dropped, window_bench_run);

  return g_test_run ();
}

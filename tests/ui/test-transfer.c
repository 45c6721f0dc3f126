/* test-transfer.c: what leaves the window and comes into it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

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

/* Answers the file dialog, which begins where the program stands, and gives what is written then. */
static char *
save (GuiDriver  *driver,
      const char *name)
{
  g_autofree char *path = g_build_filename (driver->folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *written = g_strdup_printf ("exported to “%s”", name);
  GtkWidget *dialog = gui_driver_wait_window (driver, GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_assert_nonnull (dialog);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_assert_true (gui_driver_wait (driver, has_file, (gpointer[]) { dialog, file }, "the dialog to have the file"));
  gui_driver_settle (driver);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  g_assert_true (gui_driver_wait (driver, no_dialog, NULL, "the dialog to be answered"));
  g_assert_true (gui_driver_wait (driver, is_said, written, written));
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
  activate (driver, "transfer.export");
  all = save (driver, "all.csv");
  g_assert_true (g_str_has_prefix (all, "id,name,endDatetime"));
  g_assert_cmpuint (count (all, "\r\n"), ==, 151);
  g_assert_true (strstr (all, "Task 001") < strstr (all, "Task 002"));
  g_assert_true (strstr (all, "Task 149") < strstr (all, "Task 150"));

  g_object_set (gui_driver_find (driver, "task_pane"), "searching", TRUE, NULL);
  gui_driver_type (driver, "search_entry", "020");
  g_assert_true (gui_driver_wait (driver, window_bench_lists, GUINT_TO_POINTER (1), "what is searched for"));
  activate (driver, "transfer.export");
  found = save (driver, "found.ics");
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
  activate (driver, "transfer.export");
  text = save (driver, "selected.json");
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

  activate (driver, "transfer.report");
  text = save (driver, "report.csv");
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
  activate (driver, "transfer.export");
  dialog = gui_driver_wait_window (driver, GTK_TYPE_FILE_CHOOSER_DIALOG);
  gui_driver_settle (driver);
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_CANCEL);
  g_assert_true (gui_driver_wait (driver, no_dialog, NULL, "the dialog to go"));
  gui_driver_settle (driver);
  g_assert_false (g_file_test ("Tasks.csv", G_FILE_TEST_EXISTS));

  activate (driver, "transfer.export");
  text = save (driver, "Tasks.csv");
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
  activate (driver, "transfer.copy");
  csv = read_clipboard (driver, "text/csv");
  text = read_clipboard (driver, "text/plain;charset=utf-8");
  g_assert_cmpstr (text, ==,
                   "'=1+1\t2026-12-01 17:00:00\tDraft\t\n"
                   "Task 001\t2026-12-01 17:00:00\tDraft\t\n"
                   "Task 002\t2026-12-01 17:00:00\tDraft\t\n");
  g_assert_true (g_str_has_prefix (csv, "id,name,endDatetime"));
  g_assert_cmpuint (count (csv, "\r\n"), ==, 4);
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

  return g_test_run ();
}

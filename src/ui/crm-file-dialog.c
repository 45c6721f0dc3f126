/* crm-file-dialog.c: asks for a file, as the GTK that is there can
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

/* What is newer than elsewhere is used here where it is there. */
#undef GDK_VERSION_MAX_ALLOWED

#include "ui/crm-file-dialog.h"

#include <glib/gi18n-lib.h>

static GListModel *
create_filters (const CrmFileKind *kinds)
{
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();

  for (const CrmFileKind *kind = kinds; kind->words != NULL; kind++)
    {
      g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

      gtk_file_filter_set_name (filter, kind->words);
      for (guint i = 0; i < G_N_ELEMENTS (kind->suffixes) && kind->suffixes[i] != NULL; i++)
        gtk_file_filter_add_suffix (filter, kind->suffixes[i]);
      g_list_store_append (filters, filter);
    }
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, all);

  return G_LIST_MODEL (filters);
}

#if GTK_CHECK_VERSION(4, 10, 0)

static void
chosen_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  gboolean saves = GPOINTER_TO_INT (g_task_get_task_data (task));
  g_autoptr (GError) error = NULL;
  GFile *file = saves ? gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error)
                      : gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);

  if (file != NULL || g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    g_task_return_pointer (task, file, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
ask (GTask             *task,
     const char        *title,
     const char        *name,
     const CrmFileKind *kinds)
{
  GtkWindow *parent = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GListModel) filters = create_filters (kinds);

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, filters);
  g_task_set_task_data (task, GINT_TO_POINTER (name != NULL), NULL);
  if (name != NULL)
    {
      gtk_file_dialog_set_initial_name (dialog, name);
      gtk_file_dialog_save (dialog, parent, cancellable, chosen_cb, g_object_ref (task));
    }
  else
    {
      gtk_file_dialog_open (dialog, parent, cancellable, chosen_cb, g_object_ref (task));
    }
}

#else

static void
response_cb (GtkNativeDialog *dialog,
             int              response,
             gpointer         user_data)
{
  g_autoptr (GTask) task = user_data;

  g_signal_handlers_disconnect_by_data (dialog, task);
  if (response == GTK_RESPONSE_ACCEPT)
    g_task_return_pointer (task, gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)), g_object_unref);
  else
    g_task_return_pointer (task, NULL, NULL);
  gtk_native_dialog_destroy (dialog);
}

static void
ask (GTask             *task,
     const char        *title,
     const char        *name,
     const CrmFileKind *kinds)
{
  g_autoptr (GListModel) filters = create_filters (kinds);
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (title, g_task_get_source_object (task),
                                        name != NULL ? GTK_FILE_CHOOSER_ACTION_SAVE : GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  for (guint i = 0; i < g_list_model_get_n_items (filters); i++)
    {
      g_autoptr (GtkFileFilter) filter = g_list_model_get_item (filters, i);

      gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
    }
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);

  g_task_set_task_data (task, dialog, g_object_unref);
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), g_object_ref (task));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

#endif

/**
 * crm_file_dialog_open_async:
 * @parent: the window that asks
 * @title: what for
 * @kinds: the files that are offered
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: given to @callback
 *
 * Asks for a file that is there; in a sandbox through the portal. Main thread.
 */
void
crm_file_dialog_open_async (GtkWindow           *parent,
                            const char          *title,
                            const CrmFileKind   *kinds,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (title != NULL && kinds != NULL);

  task = g_task_new (parent, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_file_dialog_open_async);
  ask (task, title, NULL, kinds);
}

/**
 * crm_file_dialog_save_async:
 * @parent: the window that asks
 * @title: what for
 * @name: a name to begin with
 * @kinds: the files that are offered
 * @cancellable: (nullable): a cancellable
 * @callback: called with the answer
 * @user_data: given to @callback
 *
 * Asks where to write a file; in a sandbox through the portal. Main thread.
 */
void
crm_file_dialog_save_async (GtkWindow           *parent,
                            const char          *title,
                            const char          *name,
                            const CrmFileKind   *kinds,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (title != NULL && name != NULL && kinds != NULL);

  task = g_task_new (parent, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_file_dialog_save_async);
  ask (task, title, name, kinds);
}

/**
 * crm_file_dialog_finish:
 * @parent: the window that asked
 * @result: what the callback was given
 * @error: why nobody could be asked
 *
 * Returns: (transfer full) (nullable): the file; %NULL without @error set: none was chosen
 */
GFile *
crm_file_dialog_finish (GtkWindow     *parent,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

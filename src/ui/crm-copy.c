/* crm-copy.c: tasks on the clipboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-copy.h"

#include "transfer/crm-export.h"

typedef struct
{
  CrmIdList     *ids;
  GdkClipboard  *clipboard;
  GOutputStream *stream; /* of what is being written */
  GBytes        *csv;    /* NULL: that is being written */
} Copy;

static void
copy_free (Copy *self)
{
  crm_id_list_unref (self->ids);
  g_object_unref (self->clipboard);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->csv, g_bytes_unref);
  g_free (self);
}

static void write_format (GTask           *task,
                          CrmExportFormat  format);

static void
offer (Copy   *self,
       GBytes *text)
{
  GdkContentProvider *providers[2];
  g_autofree char *words = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  g_autoptr (GdkContentProvider) both = NULL;

  providers[0] = gdk_content_provider_new_typed (G_TYPE_STRING, words);
  providers[1] = gdk_content_provider_new_for_bytes ("text/csv", self->csv);
  both = gdk_content_provider_new_union (providers, G_N_ELEMENTS (providers));
  gdk_clipboard_set_content (self->clipboard, both);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Copy *self = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;
  gsize n = crm_export_finish (CRM_STORE (source), result, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_output_stream_close (self->stream, NULL, NULL);
  bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (self->stream));
  if (self->csv == NULL)
    {
      self->csv = g_steal_pointer (&bytes);
      write_format (task, CRM_EXPORT_TEXT);
    }
  else
    {
      offer (self, bytes);
      g_task_return_int (task, n);
    }
}

static void
write_format (GTask           *task,
              CrmExportFormat  format)
{
  Copy *self = g_task_get_task_data (task);

  g_clear_object (&self->stream);
  self->stream = g_memory_output_stream_new_resizable ();
  crm_export_async (g_task_get_source_object (task), self->ids, format, self->stream, NULL, NULL,
                    g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

/**
 * crm_copy_async:
 * @store: a store
 * @ids: the local ids of the tasks to copy, in their order
 * @clipboard: where to
 * @callback: called when they are there
 * @user_data: given to @callback
 *
 * Offers them as text, a line a task, and as CSV. Both are held in memory. Main thread.
 */
void
crm_copy_async (CrmStore            *store,
                CrmIdList           *ids,
                GdkClipboard        *clipboard,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Copy *self;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail (ids != NULL);
  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));

  self = g_new0 (Copy, 1);
  self->ids = crm_id_list_ref (ids);
  self->clipboard = g_object_ref (clipboard);

  task = g_task_new (store, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_copy_async);
  g_task_set_task_data (task, self, (GDestroyNotify) copy_free);
  write_format (task, CRM_EXPORT_CSV);
}

/**
 * crm_copy_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why the clipboard holds what it held
 *
 * Returns: how many tasks were copied; 0 with @error set
 */
gsize
crm_copy_finish (CrmStore      *store,
                 GAsyncResult  *result,
                 GError       **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, store), 0);

  n = g_task_propagate_int (G_TASK (result), error);

  return MAX (n, 0);
}

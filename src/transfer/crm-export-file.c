/* crm-export-file.c: what a query finds, written to a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-export-file.h"

typedef struct
{
  CrmIdList             *ids;
  CrmExportFormat        format;
  GFile                 *file;
  GOutputStream         *stream;
  CrmExportProgressFunc  progress;
  gpointer               progress_data;
  gboolean               is_new;    /* the file was not there before */
  gsize                  n_written;
  GError                *trouble; /* why not all is written */
} ExportFile;

static void
export_file_free (ExportFile *self)
{
  g_clear_pointer (&self->ids, crm_id_list_unref);
  g_object_unref (self->file);
  g_clear_object (&self->stream);
  g_clear_error (&self->trouble);
  g_free (self);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);

  g_file_delete_finish (G_FILE (source), result, NULL);
  g_task_return_error (task, g_steal_pointer (&self->trouble));
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, &error) && self->trouble == NULL)
    {
      g_task_return_int (task, self->n_written);
      return;
    }

  if (self->trouble == NULL)
    self->trouble = g_steal_pointer (&error);
  g_clear_error (&error);
  if (self->is_new)
    g_file_delete_async (self->file, G_PRIORITY_DEFAULT, NULL, removed_cb, g_object_ref (task));
  else
    g_task_return_error (task, g_steal_pointer (&self->trouble));
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  self->n_written = crm_export_finish (CRM_STORE (source), result, &self->trouble);

  /* A file that is closed by what is cancelled stays as it was. */
  if (self->trouble != NULL)
    g_cancellable_cancel (cancellable);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, cancellable, closed_cb, g_object_ref (task));
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);
  GFileOutputStream *stream;
  GError *error = NULL;

  stream = g_file_replace_finish (G_FILE (source), result, &error);
  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->stream = G_OUTPUT_STREAM (stream);
  crm_export_async (g_task_get_source_object (task), self->ids, self->format, self->stream, self->progress, self->progress_data,
                    g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

/* What is there is replaced when all is written; what is not there is written at once, and must go if that fails. */
static void
looked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GFileInfo *info = g_file_query_info_finish (G_FILE (source), result, &error);

  self->is_new = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_object (&info);
  g_file_replace_async (self->file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, G_PRIORITY_DEFAULT,
                        g_task_get_cancellable (task), opened_cb, g_object_ref (task));
}

static void
open_file (GTask *task)
{
  ExportFile *self = g_task_get_task_data (task);

  g_file_query_info_async (self->file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                           g_task_get_cancellable (task), looked_cb, g_object_ref (task));
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  ExportFile *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->ids = crm_store_query_finish (CRM_STORE (source), result, &error);
  if (self->ids != NULL)
    open_file (task);
  else
    g_task_return_error (task, error);
}

/**
 * crm_export_file_async:
 * @store: a store
 * @query: (nullable): finds the tasks to write; %NULL with @ids
 * @ids: (nullable): the local ids of the tasks to write; %NULL with @query
 * @format: how
 * @file: where to; it stands as it was until all is written
 * @progress: (nullable): called after each page
 * @progress_data: given to @progress
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is written, or nothing
 * @user_data: given to @callback
 *
 * Main thread.
 */
void
crm_export_file_async (CrmStore              *store,
                       const CrmTaskQuery    *query,
                       CrmIdList             *ids,
                       CrmExportFormat        format,
                       GFile                 *file,
                       CrmExportProgressFunc  progress,
                       gpointer               progress_data,
                       GCancellable          *cancellable,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  ExportFile *self;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail ((query == NULL) != (ids == NULL));
  g_return_if_fail (G_IS_FILE (file));

  self = g_new0 (ExportFile, 1);
  self->ids = ids != NULL ? crm_id_list_ref (ids) : NULL;
  self->format = format;
  self->file = g_object_ref (file);
  self->progress = progress;
  self->progress_data = progress_data;

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_export_file_async);
  g_task_set_task_data (task, self, (GDestroyNotify) export_file_free);
  if (query != NULL)
    crm_store_query_async (store, query, 0, NULL, NULL, cancellable, found_cb, g_object_ref (task));
  else
    open_file (task);
}

/**
 * crm_export_file_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why the file stands as it was
 *
 * Returns: how many tasks were written; 0 with @error set
 */
gsize
crm_export_file_finish (CrmStore      *store,
                        GAsyncResult  *result,
                        GError       **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, store), 0);

  n = g_task_propagate_int (G_TASK (result), error);

  return MAX (n, 0);
}

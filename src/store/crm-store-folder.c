/* crm-store-folder.c: the tasks of an account that is not being worked with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-store-folder.h"

#include "model/crm-error.h"
#include "store/crm-sender-lock.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (CrmStore) store = crm_store_open_finish (result, &error);
  g_autofree CrmCounts *counts = g_new0 (CrmCounts, 1);

  if (store != NULL && crm_store_read_counts (store, counts, &error))
    g_task_return_pointer (task, g_steal_pointer (&counts), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * crm_store_folder_count_async:
 * @folder: an account's folder, which need not exist
 * @cancellable: (nullable): a cancellable
 * @callback: called when the counts are known
 * @user_data: given to @callback
 *
 * Counts the tasks of an account, also while programs work with it. Makes nothing. Main thread.
 */
void
crm_store_folder_count_async (const char          *folder,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *path = NULL;

  g_return_if_fail (folder != NULL);

  g_task_set_source_tag (task, crm_store_folder_count_async);
  path = g_build_filename (folder, "tasks.db", NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    crm_store_open_async (folder, cancellable, opened_cb, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_new0 (CrmCounts, 1), g_free);
}

/**
 * crm_store_folder_count_finish:
 * @result: what the callback was given
 * @counts: (out): how many tasks are in each state
 * @error: why they can't be counted, in words
 *
 * Returns: whether @counts is set
 */
gboolean
crm_store_folder_count_finish (GAsyncResult  *result,
                               CrmCounts     *counts,
                               GError       **error)
{
  g_autofree CrmCounts *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found != NULL)
    *counts = *found;

  return found != NULL;
}

static void
remove_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const char *folder = task_data;
  gboolean held_elsewhere = FALSE;
  GError *error = NULL;
  g_autoptr (CrmSenderLock) lock = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (folder, G_FILE_TEST_EXISTS))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  /* Who sends would go on without its files. */
  lock = crm_sender_lock_try (folder, &held_elsewhere, &error);
  if (lock == NULL)
    {
      if (held_elsewhere)
        g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_REFUSED,
                                 _("Another program works with this account. Close it, and remove the account then"));
      else
        g_task_return_error (task, error);
      return;
    }

  dir = g_dir_open (folder, 0, &error);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_remove (path) != 0 && error == NULL)
        error = g_error_new (CRM_ERROR, CRM_ERROR_DATABASE, _("%s can’t be removed: %s"), path, g_strerror (errno));
    }
  if (error == NULL && g_rmdir (folder) != 0)
    error = g_error_new (CRM_ERROR, CRM_ERROR_DATABASE, _("%s can’t be removed: %s"), folder, g_strerror (errno));

  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * crm_store_folder_remove_async:
 * @folder: an account's folder; no store of this process has it open
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is gone
 * @user_data: given to @callback
 *
 * Removes an account's tasks for good: the person has said yes twice.
 */
void
crm_store_folder_remove_async (const char          *folder,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (folder != NULL);

  g_task_set_source_tag (task, crm_store_folder_remove_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, remove_thread);
}

/**
 * crm_store_folder_remove_finish:
 * @result: what the callback was given
 * @error: %CRM_ERROR_REFUSED: another program works with it; %CRM_ERROR_DATABASE and its like. In words.
 *
 * Returns: whether it is gone
 */
gboolean
crm_store_folder_remove_finish (GAsyncResult  *result,
                                GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_counts_get_kept:
 * @counts: how many tasks are in each state
 *
 * Returns: how many of them are here alone: drafts, and changes that the CRM has not confirmed
 */
gint64
crm_counts_get_kept (const CrmCounts *counts)
{
  gint64 kept = 0;

  g_return_val_if_fail (counts != NULL, 0);

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    if (i != CRM_SYNC_SYNCED)
      kept += counts->states[i];

  return kept;
}

/* crm-typed.c: text that was typed and is not saved yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-typed.h"

#include "store/crm-store-private.h"

typedef struct
{
  gint64   local_id;
  char    *content;
  gboolean changed; /* whether the task has typed text now and had none before, or the other way round */
} Keep;

static void
keep_free (Keep *self)
{
  g_free (self->content);
  g_free (self);
}

static void
typed_free (CrmTyped *self)
{
  g_free (self->content);
  g_free (self);
}

static gboolean
keep_job (CrmConnection  *connection,
          gpointer        data,
          GError        **error)
{
  Keep *keep = data;
  gboolean had;

  {
    g_autoptr (CrmStatement) before = crm_connection_prepare (connection, "SELECT 1 FROM typed WHERE local_id = ?1", error);

    if (before == NULL)
      return FALSE;
    crm_statement_bind_int (before, 1, keep->local_id);
    if (!crm_statement_step (before, &had, error))
      return FALSE;
  }

  keep->changed = had != (keep->content != NULL);
  if (keep->content == NULL)
    return crm_typed_forget (connection, keep->local_id, error);

  {
    g_autoptr (CrmStatement) put = crm_connection_prepare (connection, "INSERT OR REPLACE INTO typed VALUES (?1, ?2, ?3)", error);

    if (put == NULL)
      return FALSE;
    crm_statement_bind_int (put, 1, keep->local_id);
    crm_statement_bind_int (put, 2, g_get_real_time ());
    crm_statement_bind_text (put, 3, keep->content);

    return crm_statement_run (put, error);
  }
}

gboolean
crm_typed_forget (CrmConnection  *connection,
                  gint64          local_id,
                  GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "DELETE FROM typed WHERE local_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  return crm_statement_run (statement, error);
}

static void
on_kept (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Keep *keep = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (keep == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (keep->changed && keep->local_id > 0)
    {
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

      g_array_append_val (ids, keep->local_id);
      crm_store_emit_changed (g_task_get_source_object (task), ids);
    }

  keep_free (keep);
  g_task_return_boolean (task, TRUE);
}

/**
 * crm_typed_keep_async:
 * @store: a store
 * @local_id: of which task; 0 or less: of a new one, which the caller tells apart
 * @content: (nullable): what is typed, in the caller's own form; %NULL: nothing any more
 * @callback: called when it is durable, or could not be kept
 * @user_data: given to @callback
 *
 * Keeps what is typed through closing and crash. It changes nothing of the task.
 */
void
crm_typed_keep_async (CrmStore            *store,
                      gint64               local_id,
                      const char          *content,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task;
  Keep *keep;

  g_return_if_fail (CRM_IS_STORE (store));

  keep = g_new0 (Keep, 1);
  keep->local_id = local_id;
  keep->content = g_strdup (content);

  task = g_task_new (store, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_typed_keep_async);
  crm_database_write_async (crm_store_get_database (store), keep_job, keep, (GDestroyNotify) keep_free, NULL, on_kept, task);
}

/**
 * crm_typed_keep_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why it could not be kept
 *
 * Returns: whether it is durable
 */
gboolean
crm_typed_keep_finish (CrmStore      *store,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_typed_read:
 * @store: a store
 * @error: why it can't be read
 *
 * Returns: (transfer full) (element-type CrmTyped) (nullable): all that is typed and not saved, the last typed first
 */
GPtrArray *
crm_typed_read (CrmStore  *store,
                GError   **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) typed_free);
  g_autoptr (CrmStatement) statement = NULL;

  g_return_val_if_fail (CRM_IS_STORE (store), NULL);

  statement = crm_connection_prepare (crm_database_get_reader (crm_store_get_database (store)),
                                      "SELECT local_id, content,"
                                      " local_id <= 0 OR EXISTS (SELECT 1 FROM task WHERE task.local_id = typed.local_id)"
                                      " FROM typed ORDER BY typed_at DESC",
                                      error);
  if (statement == NULL)
    return NULL;

  for (;;)
    {
      CrmTyped *typed;
      gboolean has_row;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&all);

      typed = g_new0 (CrmTyped, 1);
      typed->local_id = crm_statement_get_int (statement, 0);
      typed->content = g_strdup (crm_statement_get_text (statement, 1));
      typed->has_task = crm_statement_get_int (statement, 2) != 0;
      g_ptr_array_add (all, typed);
    }
}

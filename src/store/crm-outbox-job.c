/* crm-outbox-job.c: one job of the sender's on the writer thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-outbox-job.h"

#include "store/crm-attempt-log.h"
#include "store/crm-outbox-batch.h"

#include <string.h>

/* What its rows were moved from and to is counted at the end, once for all. */
static gboolean
run (CrmConnection  *connection,
     gpointer        data,
     GError        **error)
{
  CrmOutboxJob *job = data;

  memset (&job->moves, 0, sizeof job->moves);

  return job->func (connection, job, error) && crm_row_count_moves (&job->moves, connection, error);
}

static void
on_job_done (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmStore *store = g_task_get_source_object (task);
  GError *error = NULL;
  CrmOutboxJob *job = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (job == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (job->changed->len > 0 && !job->is_quiet)
    crm_store_emit_changed (store, job->changed);
  g_task_return_pointer (task, job, (GDestroyNotify) crm_outbox_job_free);
}

/**
 * crm_outbox_job_new:
 *
 * Returns: (transfer full): a job to be filled in
 */
CrmOutboxJob *
crm_outbox_job_new (void)
{
  CrmOutboxJob *job = g_new0 (CrmOutboxJob, 1);

  job->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  return job;
}

/**
 * crm_outbox_job_free:
 * @job: (transfer full): a job that is done
 */
void
crm_outbox_job_free (CrmOutboxJob *job)
{
  g_clear_pointer (&job->recordings, g_ptr_array_unref);
  crm_problem_free (job->problem);
  crm_queue_state_clear (&job->state);
  g_array_unref (job->changed);
  g_clear_pointer (&job->found, g_ptr_array_unref);
  for (guint i = 0; job->outcomes != NULL && i < job->batch->claims->len; i++)
    crm_outcome_clear (&job->outcomes[i]);
  g_free (job->outcomes);
  g_clear_pointer (&job->fates, g_array_unref);
  g_clear_pointer (&job->batch, crm_outbox_batch_free);
  g_free (job);
}

/**
 * crm_outbox_job_note:
 * @job: the job
 * @row: a row that is written
 *
 * Remembers it as changed.
 */
void
crm_outbox_job_note (CrmOutboxJob *job,
                     const CrmRow *row)
{
  job->unsettled = job->unsettled || (row->may_be_there && !row->released);
  g_array_append_val (job->changed, row->local_id);
}

/**
 * crm_outbox_job_write:
 * @job: the job; it remembers the row as changed, and owes crm_row_count_moves()
 * @row: a row
 * @before: (nullable): a copy of it as it was loaded; %NULL: it is looked up
 * @fate: what becomes of it
 * @connection: the writer's connection, in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is written, or removed
 */
gboolean
crm_outbox_job_write (CrmOutboxJob   *job,
                      CrmRow         *row,
                      const CrmRow   *before,
                      CrmEntryFate    fate,
                      CrmConnection  *connection,
                      GError        **error)
{
  job->fate = fate;
  crm_outbox_job_note (job, row);

  if (fate == CRM_ENTRY_REMOVED)
    return crm_row_delete (row, connection, error);

  return crm_row_update_moving (row, before, &job->moves, connection, error) &&
         (row->state != CRM_SYNC_SYNCED || crm_attempt_log_forget_raw (connection, row->local_id, error));
}

/**
 * crm_outbox_job_read_ids:
 * @connection: a connection
 * @sql: a literal; its first parameter is @now, its second @most
 * @now: microseconds since 1970, UTC
 * @most: how many at most
 * @error: why they could not be read
 *
 * Returns: (transfer full) (nullable) (element-type gint64): local ids
 */
GArray *
crm_outbox_job_read_ids (CrmConnection  *connection,
                         const char     *sql,
                         gint64          now,
                         gint64          most,
                         GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, sql, error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, now);
  crm_statement_bind_int (statement, 2, most);
  for (;;)
    {
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&ids);

      id = crm_statement_get_int (statement, 0);
      g_array_append_val (ids, id);
    }
}

/**
 * crm_outbox_job_start:
 * @store: the store
 * @job: (transfer full): the job
 * @func: what to do, on the writer thread
 * @callback: called when it is durable, after "changed" was emitted
 * @user_data: given to @callback
 */
void
crm_outbox_job_start (CrmStore            *store,
                      CrmOutboxJob        *job,
                      CrmDatabaseFunc      func,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  GTask *task = g_task_new (store, NULL, callback, user_data);

  job->func = func;
  g_task_set_source_tag (task, crm_outbox_job_start);
  crm_database_write_async (crm_store_get_database (store), run, job, (GDestroyNotify) crm_outbox_job_free, NULL, on_job_done, task);
}

/**
 * crm_outbox_job_finish:
 * @store: the store
 * @result: what the callback was given
 * @error: why nothing was done
 *
 * Returns: (transfer full) (nullable): the job with its results
 */
CrmOutboxJob *
crm_outbox_job_finish (CrmStore      *store,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* crm-outbox-settling.c: adds that may be on the CRM, for whoever looks for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-outbox.h"

#include "model/crm-error.h"
#include "store/crm-attempt-log.h"
#include "store/crm-outbox-job.h"

static gboolean
read_unsettled_job (CrmConnection  *connection,
                    gpointer        data,
                    GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (GArray) ids = crm_outbox_job_read_ids (
      connection,
      "SELECT local_id FROM task INDEXED BY task_unsettled WHERE may_be_there = 1 AND released = 0"
      " AND state IN ('queued', 'unconfirmed') AND local_id > ?1 ORDER BY local_id LIMIT ?2",
      0, job->most, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (CrmRow) row = crm_row_load (connection, g_array_index (ids, gint64, i), error);
      CrmUnsettled *unsettled;
      gboolean unanswered;

      if (row == NULL)
        return FALSE;

      unsettled = g_new0 (CrmUnsettled, 1);
      g_ptr_array_add (job->found, unsettled);
      if (!crm_attempt_log_read_last_add (connection, row->local_id, &unsettled->attempt_id, &unanswered, error))
        return FALSE;
      if (!crm_attempt_log_is_batched (connection, unsettled->attempt_id, &unsettled->batched, error))
        return FALSE;
      unsettled->local_id = row->local_id;
      unsettled->state = row->state;
      unsettled->sent = crm_attempt_log_read_doubtful (connection, row, &unsettled->first_signed_at,
                                                       &unsettled->last_signed_at, error);
      if (unsettled->sent == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
adopt_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (CrmRow) row = crm_row_load (connection, job->local_id, error);
  g_autoptr (GPtrArray) sent = NULL;
  gint64 owner;

  if (row == NULL || !crm_row_find_crm_id (connection, job->crm_id, &owner, error))
    return FALSE;

  /* A person, or an answer, was faster. */
  if (!row->may_be_there || row->released || owner != 0 ||
      (row->state != CRM_SYNC_UNCONFIRMED && row->state != CRM_SYNC_QUEUED))
    return TRUE;

  sent = crm_attempt_log_read_doubtful (connection, row, NULL, NULL, error);
  if (sent == NULL || sent->len == 0)
    return sent != NULL;

  return crm_outbox_job_write (job, row, NULL, crm_entry_adopt (row, job->crm_id, sent), connection, error);
}

/* What was seen before the last send says nothing of it. Nor is there anything to settle when a person was faster. */
static gboolean
is_still_open (const CrmOutboxJob *job,
               const CrmRow       *row,
               gint64              last_attempt_id)
{
  return row->may_be_there && !row->released && (row->state == CRM_SYNC_UNCONFIRMED || row->state == CRM_SYNC_QUEUED) &&
         job->attempt_id == last_attempt_id;
}

static gboolean
release_job (CrmConnection  *connection,
             gpointer        data,
             GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (CrmRow) row = crm_row_load (connection, job->local_id, error);
  gboolean unanswered;
  gint64 last;

  if (row == NULL || !crm_attempt_log_read_last_add (connection, job->local_id, &last, &unanswered, error))
    return FALSE;
  if (!is_still_open (job, row, last))
    return TRUE;

  return crm_outbox_job_write (job, row, NULL, crm_entry_release (row, TRUE, unanswered), connection, error);
}

static gboolean
ask_job (CrmConnection  *connection,
         gpointer        data,
         GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (CrmRow) row = crm_row_load (connection, job->local_id, error);
  gboolean unanswered;
  gint64 last;

  if (row == NULL || !crm_attempt_log_read_last_add (connection, job->local_id, &last, &unanswered, error))
    return FALSE;
  if (!is_still_open (job, row, last))
    return TRUE;
  if (row->state == CRM_SYNC_UNCONFIRMED && row->problem != NULL && job->problem != NULL &&
      g_strcmp0 (row->problem->message, job->problem->message) == 0)
    return TRUE;

  row->state = CRM_SYNC_UNCONFIRMED;
  row->next_attempt = 0;
  row->set_at = 0;
  if (job->problem != NULL)
    {
      crm_problem_free (row->problem);
      row->problem = g_steal_pointer (&job->problem);
    }
  return crm_outbox_job_write (job, row, NULL, CRM_ENTRY_KEPT, connection, error);
}

/**
 * crm_unsettled_free:
 * @self: (transfer full): an unsettled entry
 */
void
crm_unsettled_free (CrmUnsettled *self)
{
  g_clear_pointer (&self->sent, g_ptr_array_unref);
  g_free (self);
}

/**
 * crm_outbox_read_unsettled_async:
 * @store: a store
 * @callback: called when they are there
 * @user_data: given to @callback
 *
 * Finds the adds that may be on the CRM and must be looked for.
 */
void
crm_outbox_read_unsettled_async (CrmStore            *store,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->most = 1000;
  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_unsettled_free);
  crm_outbox_job_start (store, job, read_unsettled_job, callback, user_data);
}

/**
 * crm_outbox_read_unsettled_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why they could not be read
 *
 * Returns: (transfer full) (nullable) (element-type CrmUnsettled): the oldest of them
 */
GPtrArray *
crm_outbox_read_unsettled_finish (CrmStore      *store,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);
  GPtrArray *found;

  if (job == NULL)
    return NULL;

  found = g_steal_pointer (&job->found);
  crm_outbox_job_free (job);
  return found;
}

/**
 * crm_outbox_adopt_async:
 * @store: a store
 * @local_id: an add that may be on the CRM
 * @crm_id: the task there that it is
 * @callback: called when it is durable; ends with crm_outbox_record_finish()
 * @user_data: given to @callback
 *
 * Does nothing when a person or an answer was faster.
 */
void
crm_outbox_adopt_async (CrmStore            *store,
                        gint64               local_id,
                        gint64               crm_id,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->local_id = local_id;
  job->crm_id = crm_id;
  crm_outbox_job_start (store, job, adopt_job, callback, user_data);
}

/**
 * crm_outbox_release_async:
 * @store: a store
 * @local_id: an add that two looks did not find
 * @attempt_id: its last send before them
 * @callback: called when it is durable; ends with crm_outbox_record_finish()
 * @user_data: given to @callback
 *
 * It may be sent again. Does nothing when a person or an answer was faster, or it was sent again since.
 */
void
crm_outbox_release_async (CrmStore            *store,
                          gint64               local_id,
                          gint64               attempt_id,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->local_id = local_id;
  job->attempt_id = attempt_id;
  crm_outbox_job_start (store, job, release_job, callback, user_data);
}

/**
 * crm_outbox_ask_async:
 * @store: a store
 * @local_id: an add that looking could not settle
 * @attempt_id: its last send before that
 * @question: (nullable): what a person is asked; copied
 * @callback: called when it is durable; ends with crm_outbox_finish()
 * @user_data: given to @callback
 */
void
crm_outbox_ask_async (CrmStore            *store,
                      gint64               local_id,
                      gint64               attempt_id,
                      const CrmProblem    *question,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->local_id = local_id;
  job->attempt_id = attempt_id;
  job->problem = crm_problem_copy (question);
  crm_outbox_job_start (store, job, ask_job, callback, user_data);
}

/**
 * crm_outbox_is_owned:
 * @store: a store
 * @crm_id: a task on the CRM
 * @owned: (out): whether a task here is that one
 * @error: why it could not be looked up
 *
 * One row; main thread.
 *
 * Returns: whether it could be looked up
 */
gboolean
crm_outbox_is_owned (CrmStore  *store,
                     gint64     crm_id,
                     gboolean  *owned,
                     GError   **error)
{
  gint64 local_id;

  if (!crm_row_find_crm_id (crm_database_get_reader (crm_store_get_database (store)), crm_id, &local_id, error))
    return FALSE;

  *owned = local_id != 0;
  return TRUE;
}

/**
 * crm_outbox_is_waiting:
 * @store: a store
 * @local_id: a task
 *
 * One row; main thread.
 *
 * Returns: whether the CRM has yet to confirm it, with nobody's help; also when that can't be read
 */
gboolean
crm_outbox_is_waiting (CrmStore *store,
                       gint64    local_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmRow) row = NULL;

  row = crm_row_load (crm_database_get_reader (crm_store_get_database (store)), local_id, &error);
  if (row == NULL)
    return !g_error_matches (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK);

  return row->state == CRM_SYNC_QUEUED || row->state == CRM_SYNC_SENDING || row->state == CRM_SYNC_UNCONFIRMED;
}

/* crm-outbox-batch.c: adds that go to the CRM in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-outbox-batch.h"

#include "store/crm-attempt-log.h"
#include "store/crm-outbox-job.h"

#include "model/crm-task-json.h"

#include <string.h>

/* The CRM repeats in its results what was sent, perhaps escaped, and an answer may have 1 MiB: so many bytes of text a
 * batch may carry, and a task in it. */
#define MOST_TEXT (96 * 1024)
#define MOST_TEXT_OF_ONE (8 * 1024)

/* Adds that were never sent. An update stays alone: a batch whose answer is lost may be done later than what is sent
 * after it, and would undo a newer one. So does what was sent before: it brings its own doubts along. Among the next
 * that are due, and no further, lest a claim read all that waits. */
#define DUE_ADDS                                                                                                      \
  "SELECT local_id, length (CAST (name AS BLOB)) + coalesce (length (CAST (description AS BLOB)), 0) FROM"            \
  " (SELECT local_id, name, description, crm_id, may_be_there, attempts, next_attempt FROM task INDEXED BY task_due"  \
  " WHERE state = 'queued' AND (may_be_there = 0 OR released = 1) AND next_attempt <= ?1"                             \
  " ORDER BY next_attempt, local_id LIMIT ?2)"                                                                        \
  " WHERE crm_id IS NULL AND may_be_there = 0 AND attempts = 0 ORDER BY next_attempt, local_id"

static GArray *
choose (CrmConnection  *connection,
        gint64          now,
        guint           most,
        GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, DUE_ADDS, error);
  gint64 size = 0;
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, now);
  crm_statement_bind_int (statement, 2, most);
  for (;;)
    {
      gint64 id, text;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row || size > MOST_TEXT)
        return g_steal_pointer (&ids);

      id = crm_statement_get_int (statement, 0);
      text = crm_statement_get_int (statement, 1);
      if (text > MOST_TEXT_OF_ONE)
        continue;
      size += text;
      g_array_append_val (ids, id);
    }
}

static gboolean
insert_batch (CrmOutboxJob   *job,
              guint           jobs,
              CrmConnection  *connection,
              GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "INSERT INTO batch (jobs, signed_at, started_at) VALUES (?1, ?2, ?3)", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, jobs);
  crm_statement_bind_int (statement, 2, job->signed_at);
  crm_statement_bind_int (statement, 3, job->now);
  if (!crm_statement_run (statement, error))
    return FALSE;

  job->batch->batch_id = crm_connection_get_last_id (connection);
  job->batch->signed_at = job->signed_at;
  job->batch->started_at = job->now;
  return TRUE;
}

static gboolean
add_job (CrmOutboxJob   *job,
         gint64          attempt_id,
         guint           position,
         CrmConnection  *connection,
         GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "UPDATE attempt SET batch_id = ?2, position = ?3 WHERE attempt_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, attempt_id);
  crm_statement_bind_int (statement, 2, job->batch->batch_id);
  crm_statement_bind_int (statement, 3, position);
  return crm_statement_run (statement, error);
}

static CrmOutboxBatch *
batch_new (void)
{
  CrmOutboxBatch *self = g_new0 (CrmOutboxBatch, 1);

  self->claims = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_claim_free);
  return self;
}

static gboolean
claim_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (GArray) ids = NULL;
  gint64 waiting;

  if (!crm_connection_get_int (connection, "SELECT n FROM state_count WHERE state = 'queued'", &waiting, error))
    return FALSE;
  if (waiting < job->least)
    return TRUE;

  ids = choose (connection, job->now, job->most, error);
  if (ids == NULL)
    return FALSE;
  if (ids->len < job->least)
    return TRUE;

  job->batch = batch_new ();
  if (!insert_batch (job, ids->len, connection, error))
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    if (!crm_outbox_job_claim (job, g_array_index (ids, gint64, i), connection, error) ||
        !add_job (job, ((CrmClaim *) job->found->pdata[i])->attempt_id, i, connection, error))
      return FALSE;

  g_ptr_array_extend_and_steal (job->batch->claims, g_steal_pointer (&job->found));
  return TRUE;
}

static gboolean
accept_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "UPDATE batch SET async_id = ?2 WHERE batch_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, job->batch->batch_id);
  crm_statement_bind_text (statement, 2, job->batch->async_id);
  return crm_statement_run (statement, error);
}

static gboolean
run_for_batch (CrmOutboxJob   *job,
               const char     *sql,
               CrmConnection  *connection,
               GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, job->batch->batch_id);
  return crm_statement_run (statement, error);
}

static gboolean
record_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  CrmOutboxJob *job = data;

  for (guint i = 0; i < job->batch->claims->len; i++)
    {
      const CrmClaim *claim = job->batch->claims->pdata[i];

      CrmEntryFate fate = CRM_ENTRY_KEPT;

      if (claim != NULL)
        {
          CrmRecording *recording = crm_recording_new (claim, &job->outcomes[i]);
          gboolean done;

          /* What was sent is read of the attempt. */
          recording->claim = NULL;
          done = crm_outbox_job_record (job, recording, connection, error);
          fate = recording->fate;
          crm_recording_free (recording);
          if (!done)
            return FALSE;
        }
      g_array_append_val (job->fates, fate);
    }

  return run_for_batch (job, "DELETE FROM batch WHERE batch_id = ?1", connection, error) &&
         (job->lost || run_for_batch (job, "UPDATE attempt SET batch_id = NULL, position = NULL WHERE batch_id = ?1",
                                      connection, error));
}

static gboolean
read_claims (CrmOutboxBatch *batch,
             CrmConnection  *connection,
             GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT attempt.position, attempt.local_id, attempt.attempt_id, attempt.body, task.failures, attempt.started_at,"
      " attempt.signed_at FROM attempt JOIN task ON task.local_id = attempt.local_id"
      " WHERE attempt.batch_id = ?1 ORDER BY attempt.position",
      error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, batch->batch_id);
  for (;;)
    {
      gint64 position;
      const char *body;
      CrmFieldMask mask;
      CrmClaim *claim;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;

      position = crm_statement_get_int (statement, 0);
      body = crm_statement_get_text (statement, 3);
      if (position < 0 || position >= batch->claims->len || batch->claims->pdata[position] != NULL)
        continue;

      claim = g_new0 (CrmClaim, 1);
      claim->local_id = crm_statement_get_int (statement, 1);
      claim->attempt_id = crm_statement_get_int (statement, 2);
      claim->body = g_bytes_new (body, strlen (body));
      claim->values = crm_task_json_read_body (body, &mask);
      if (claim->values == NULL)
        claim->values = crm_values_new ();
      claim->failures = crm_statement_get_int (statement, 4);
      claim->started_at = crm_statement_get_int (statement, 5);
      claim->signed_at = crm_statement_get_int (statement, 6);
      batch->claims->pdata[position] = claim;
    }
}

static gboolean
read_open_job (CrmConnection  *connection,
               gpointer        data,
               GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT batch_id, async_id, jobs, signed_at, started_at FROM batch WHERE async_id IS NOT NULL ORDER BY batch_id", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  for (;;)
    {
      CrmOutboxBatch *batch;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;

      batch = batch_new ();
      g_ptr_array_add (job->found, batch);
      batch->batch_id = crm_statement_get_int (statement, 0);
      batch->async_id = g_strdup (crm_statement_get_text (statement, 1));
      g_ptr_array_set_size (batch->claims, CLAMP (crm_statement_get_int (statement, 2), 0, G_MAXUINT16));
      batch->signed_at = crm_statement_get_int (statement, 3);
      batch->started_at = crm_statement_get_int (statement, 4);
    }

  for (guint i = 0; i < job->found->len; i++)
    if (!read_claims (job->found->pdata[i], connection, error))
      return FALSE;

  return TRUE;
}

static void
claim_free_if_set (gpointer data)
{
  if (data != NULL)
    crm_claim_free (data);
}

/**
 * crm_outbox_batch_free:
 * @self: (transfer full): a batch
 */
void
crm_outbox_batch_free (CrmOutboxBatch *self)
{
  g_ptr_array_set_free_func (self->claims, claim_free_if_set);
  g_ptr_array_unref (self->claims);
  g_free (self->async_id);
  g_free (self);
}

/**
 * crm_outbox_batch_claim_async:
 * @store: a store
 * @least: how many adds must be due for a batch to be worth it
 * @most: how many it takes at most
 * @now: microseconds since 1970, UTC
 * @signed_at: the time by the CRM's clock; seconds since 1970, UTC
 * @callback: called when the batch is durable; ends with crm_outbox_batch_claim_finish()
 * @user_data: given to @callback
 *
 * Takes adds that were never sent, for one request. Each is claimed as by crm_outbox_claim_async(), in one transaction
 * with what holds them together.
 */
void
crm_outbox_batch_claim_async (CrmStore            *store,
                              guint                least,
                              guint                most,
                              gint64               now,
                              gint64               signed_at,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->least = MAX (least, 1);
  job->most = most;
  job->now = now;
  job->signed_at = signed_at;
  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_claim_free);
  crm_outbox_job_start (store, job, claim_job, callback, user_data);
}

/**
 * crm_outbox_batch_claim_finish:
 * @store: a store
 * @result: what the callback was given
 * @batch: (out) (transfer full) (nullable): the batch, without an id of the CRM's; %NULL: too few are due
 * @error: why nothing could be taken
 *
 * Returns: whether it could be looked for
 */
gboolean
crm_outbox_batch_claim_finish (CrmStore        *store,
                               GAsyncResult    *result,
                               CrmOutboxBatch **batch,
                               GError         **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);

  *batch = NULL;
  if (job == NULL)
    return FALSE;

  *batch = g_steal_pointer (&job->batch);
  crm_outbox_job_free (job);
  return TRUE;
}

/**
 * crm_outbox_batch_accept_async:
 * @store: a store
 * @batch_id: a batch
 * @async_id: what the CRM calls it
 * @callback: called when it is durable; ends with crm_outbox_finish()
 * @user_data: given to @callback
 *
 * From then on its entries are not cut off when their sender is gone: whoever takes over asks the CRM for it.
 */
void
crm_outbox_batch_accept_async (CrmStore            *store,
                               gint64               batch_id,
                               const char          *async_id,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->batch = batch_new ();
  job->batch->batch_id = batch_id;
  job->batch->async_id = g_strdup (async_id);
  crm_outbox_job_start (store, job, accept_job, callback, user_data);
}

/**
 * crm_outbox_batch_record_async:
 * @store: a store
 * @batch: a batch
 * @outcomes: (array): what came back for each of its claims; copied
 * @lost: whether the CRM may still do what was asked for, for all that is known here
 * @callback: called when it is durable; ends with crm_outbox_batch_record_finish()
 * @user_data: given to @callback
 *
 * Records every answer as crm_outbox_record_async() does, all in one transaction, which ends the batch.
 */
void
crm_outbox_batch_record_async (CrmStore             *store,
                               const CrmOutboxBatch *batch,
                               const CrmOutcome     *outcomes,
                               gboolean              lost,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->batch = batch_new ();
  job->batch->batch_id = batch->batch_id;
  job->lost = lost;
  job->fates = g_array_new (FALSE, FALSE, sizeof (CrmEntryFate));
  job->outcomes = g_new0 (CrmOutcome, batch->claims->len);
  for (guint i = 0; i < batch->claims->len; i++)
    {
      const CrmClaim *claim = batch->claims->pdata[i];
      CrmClaim *copy = NULL;

      if (claim != NULL)
        {
          copy = g_new0 (CrmClaim, 1);
          copy->local_id = claim->local_id;
          copy->attempt_id = claim->attempt_id;
        }
      g_ptr_array_add (job->batch->claims, copy);
      job->outcomes[i] = outcomes[i];
      job->outcomes[i].answer = crm_problem_copy (outcomes[i].answer);
      job->outcomes[i].raw = g_strdup (outcomes[i].raw);
    }
  crm_outbox_job_start (store, job, record_job, callback, user_data);
}

/**
 * crm_outbox_batch_record_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why they are not recorded: it must be tried again, or the answers would be lost
 *
 * Returns: (transfer full) (nullable) (element-type CrmEntryFate): what became of each of its claims
 */
GArray *
crm_outbox_batch_record_finish (CrmStore      *store,
                                GAsyncResult  *result,
                                GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);
  GArray *fates;

  if (job == NULL)
    return NULL;

  fates = g_steal_pointer (&job->fates);
  crm_outbox_job_free (job);
  return fates;
}

/**
 * crm_outbox_batch_has_open:
 * @store: a store
 *
 * One row; main thread.
 *
 * Returns: whether there may be something for crm_outbox_batch_read_open_async() to find
 */
gboolean
crm_outbox_batch_has_open (CrmStore *store)
{
  gint64 n;

  return !crm_connection_get_int (crm_database_get_reader (crm_store_get_database (store)), "SELECT count (*) FROM batch", &n,
                                  NULL) || n > 0;
}

/**
 * crm_outbox_batch_read_open_async:
 * @store: a store
 * @callback: called when they are there
 * @user_data: given to @callback
 *
 * Finds the batches that the CRM has taken and that are not answered yet.
 */
void
crm_outbox_batch_read_open_async (CrmStore            *store,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_outbox_batch_free);
  crm_outbox_job_start (store, job, read_open_job, callback, user_data);
}

/**
 * crm_outbox_batch_read_open_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why they could not be read
 *
 * Returns: (transfer full) (nullable) (element-type CrmOutboxBatch): the batches, oldest first
 */
GPtrArray *
crm_outbox_batch_read_open_finish (CrmStore      *store,
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

/* crm-outbox.c: the outbox, for whoever holds the right to send
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-outbox.h"

#include "store/crm-attempt-log.h"
#include "store/crm-outbox-job.h"

#include "model/crm-error.h"
#include "model/crm-task-json.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define ATTEMPTS_ARE_KEPT (90 * G_TIME_SPAN_DAY)

static gboolean
recover_job (CrmConnection  *connection,
             gpointer        data,
             GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (GArray) ids = crm_outbox_job_read_ids (
      connection,
      "SELECT local_id FROM task INDEXED BY task_sending WHERE state = 'sending' AND local_id > ?1"
      " AND NOT EXISTS (SELECT 1 FROM attempt JOIN batch USING (batch_id)"
      " WHERE attempt.attempt_id = task.attempt_id AND batch.async_id IS NOT NULL) LIMIT ?2",
      0, -1, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (CrmRow) row = crm_row_load (connection, g_array_index (ids, gint64, i), error);
      g_autoptr (CrmSent) sent = NULL;
      g_autoptr (GError) unread = NULL;

      if (row == NULL)
        return FALSE;

      sent = crm_attempt_log_read_sent (connection, row->attempt_id, &unread);
      if (unread != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&unread));
          return FALSE;
        }
      if (sent == NULL)
        {
          sent = g_new0 (CrmSent, 1);
          sent->is_add = row->crm_id == 0;
          sent->values = crm_values_copy (row->values);
          sent->mask = crm_entry_get_mask (row);
        }

      crm_entry_cut_off (row, sent);
      if (!crm_outbox_job_write (job, row, NULL, CRM_ENTRY_KEPT, connection, error))
        return FALSE;
    }

  return crm_connection_exec (connection, "DELETE FROM batch WHERE async_id IS NULL", error) &&
         crm_attempt_log_forget_old (connection, job->now - ATTEMPTS_ARE_KEPT, error);
}

/**
 * crm_outbox_job_claim:
 * @job: the job; the claim is added to what it has found
 * @local_id: a task that is due
 * @connection: the writer's connection, in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is claimed
 */
gboolean
crm_outbox_job_claim (CrmOutboxJob   *job,
                      gint64          local_id,
                      CrmConnection  *connection,
                      GError        **error)
{
  g_autoptr (CrmRow) row = crm_row_load (connection, local_id, error);
  g_autofree char *body = NULL;
  CrmFieldMask mask;
  CrmClaim *claim;

  if (row == NULL)
    return FALSE;

  mask = crm_entry_get_mask (row);
  body = crm_task_json_write_body (row->values, mask, row->crm_id);

  claim = g_new0 (CrmClaim, 1);
  g_ptr_array_add (job->found, claim);
  if (!crm_attempt_log_begin (connection, row, body, job->signed_at, job->now, &claim->attempt_id, error))
    return FALSE;

  claim->local_id = row->local_id;
  claim->crm_id = row->crm_id;
  claim->revision = row->revision;
  claim->failures = row->failures;
  claim->started_at = job->now;
  claim->signed_at = job->signed_at;
  claim->values = crm_values_copy (row->values);
  claim->mask = mask;
  claim->body = g_bytes_new (body, strlen (body));

  crm_entry_claim (row, claim->attempt_id);
  crm_outbox_job_note (job, row);
  return crm_row_update_claimed (row, &job->moves, connection, error);
}

static gboolean
claim (CrmOutboxJob   *job,
       CrmConnection  *connection,
       GError        **error)
{
  g_autoptr (GArray) due = NULL;
  g_autoptr (GArray) jumped = NULL;

  /* The indexes are named, or SQLite takes the one by state and sorts all that waits, at every claim.
   *
   * A wait that was set in what is now the future: the clock was put back since. */
  jumped = crm_outbox_job_read_ids (
      connection,
      "SELECT local_id FROM task INDEXED BY task_set WHERE state = 'queued' AND (may_be_there = 0 OR released = 1)"
      " AND set_at > 0 AND set_at > ?1 LIMIT ?2",
      job->now, job->most, error);
  if (jumped == NULL)
    return FALSE;

  due = crm_outbox_job_read_ids (
      connection,
      "SELECT local_id FROM task INDEXED BY task_due WHERE state = 'queued' AND (may_be_there = 0 OR released = 1)"
      " AND next_attempt <= ?1 ORDER BY next_attempt, local_id LIMIT ?2",
      job->now, job->most - MIN (job->most, jumped->len), error);
  if (due == NULL)
    return FALSE;

  for (guint i = 0; i < jumped->len; i++)
    if (!crm_outbox_job_claim (job, g_array_index (jumped, gint64, i), connection, error))
      return FALSE;
  for (guint i = 0; i < due->len; i++)
    {
      gint64 id = g_array_index (due, gint64, i);
      gboolean taken = FALSE;

      for (guint j = 0; j < jumped->len; j++)
        taken = taken || g_array_index (jumped, gint64, j) == id;
      if (!taken && !crm_outbox_job_claim (job, id, connection, error))
        return FALSE;
    }

  return crm_connection_get_int (connection,
                                 "SELECT max (next_attempt, 1) FROM task INDEXED BY task_due WHERE state = 'queued'"
                                 " AND (may_be_there = 0 OR released = 1) ORDER BY next_attempt LIMIT 1",
                                 &job->next_due, error);
}

/* An id that another task here has: API.md §4 says whose it is. */
static gboolean
resolve_conflict (CrmOutboxJob     *job,
                  const CrmOutcome *outcome,
                  CrmRow           *row,
                  gint64            owner,
                  gboolean         *lost,
                  CrmConnection    *connection,
                  GError          **error)
{
  g_autoptr (CrmRow) other = crm_row_load (connection, owner, error);
  CrmProblem *why;

  if (other == NULL)
    return FALSE;

  why = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
  why->message = g_strdup_printf (_("The CRM answered with #%" PRId64 ", which is another task here"),
                                  outcome->id);
  *lost = !other->adopted;
  if (*lost)
    {
      row->attempts += outcome->written;
      crm_entry_lose_id (row, FALSE, why);
      return TRUE;
    }

  crm_entry_lose_id (other, TRUE, why);
  return crm_outbox_job_write (job, other, NULL, CRM_ENTRY_KEPT, connection, error);
}

/* Who sent it may still know what it sent. */
static CrmSent *
get_sent (const CrmRecording  *recording,
          CrmConnection       *connection,
          GError             **error)
{
  const CrmClaim *sender = recording->claim;
  CrmSent *sent;

  if (sender == NULL)
    return crm_attempt_log_read_sent (connection, recording->attempt_id, error);

  sent = g_new0 (CrmSent, 1);
  sent->revision = sender->revision;
  sent->is_add = sender->crm_id == 0;
  sent->values = crm_values_copy (sender->values);
  sent->mask = sender->mask;

  return sent;
}

/* Whose the id is that an add was answered with; @lost: another's. */
static gboolean
take_id (CrmOutboxJob     *job,
         const CrmOutcome *outcome,
         CrmRow           *row,
         gboolean         *lost,
         CrmConnection    *connection,
         GError          **error)
{
  gint64 owner, pulled;

  if (!crm_row_find_crm_id (connection, outcome->id, &owner, error))
    return FALSE;
  if (owner == 0 || owner == row->local_id)
    return TRUE;

  pulled = owner;
  if (!crm_row_remove_pulled (connection, &owner, error))
    return FALSE;
  if (owner != 0)
    return resolve_conflict (job, outcome, row, owner, lost, connection, error);

  g_array_append_val (job->changed, pulled);
  return TRUE;
}

/**
 * crm_outbox_job_record:
 * @job: the job
 * @recording: a task, its attempt, and the outcome of that; gets what became of the task
 * @connection: the writer's connection, in a transaction
 * @error: why it could not be written
 *
 * Returns: whether the answer is recorded
 */
gboolean
crm_outbox_job_record (CrmOutboxJob   *job,
                       CrmRecording   *recording,
                       CrmConnection  *connection,
                       GError        **error)
{
  CrmOutcome outcome = recording->outcome;
  gboolean accepted = outcome.answer->klass == CRM_ANSWER_ACCEPTED;
  g_autoptr (GError) missing = NULL;
  g_autoptr (CrmRow) row = crm_row_load (connection, recording->local_id, &missing);
  g_autoptr (CrmRow) before = NULL;
  g_autoptr (CrmSent) sent = NULL;
  gboolean lost = FALSE;

  if (row == NULL)
    {
      /* Discarded for good meanwhile. */
      if (g_error_matches (missing, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  before = crm_row_copy (row);
  sent = get_sent (recording, connection, error);
  if (sent == NULL)
    return FALSE;

  /* An answer that was given up is still the truth when it brings an id; its request was counted then. */
  if (row->attempt_id != recording->attempt_id)
    {
      if (!accepted || !sent->is_add || row->crm_id != 0)
        return crm_attempt_log_finish (connection, recording->attempt_id, &outcome, error);
      outcome.written = FALSE;
    }

  if (accepted && sent->is_add && !take_id (job, &outcome, row, &lost, connection, error))
    return FALSE;

  recording->fate = lost ? CRM_ENTRY_KEPT : crm_entry_answer (row, sent, &outcome);
  /* As crm_outbox_job_write() would forget it at once. */
  if (row->state == CRM_SYNC_SYNCED)
    outcome.raw = NULL;

  return crm_attempt_log_finish (connection, recording->attempt_id, &outcome, error) &&
         crm_outbox_job_write (job, row, before, recording->fate, connection, error);
}

static gboolean
exchange_job (CrmConnection  *connection,
              gpointer        data,
              GError        **error)
{
  CrmOutboxJob *job = data;

  for (guint i = 0; i < job->recordings->len; i++)
    if (!crm_outbox_job_record (job, job->recordings->pdata[i], connection, error))
      return FALSE;

  return job->most == 0 || claim (job, connection, error);
}

static void
start_exchange (CrmStore            *store,
                GPtrArray           *recordings,
                guint                most,
                gint64               now,
                gint64               signed_at,
                gboolean             is_quiet,
                GAsyncReadyCallback  callback,
                gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->recordings = recordings != NULL ? recordings : g_ptr_array_new ();
  job->most = most;
  job->now = now;
  job->signed_at = signed_at;
  job->is_quiet = is_quiet;
  job->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_claim_free);
  crm_outbox_job_start (store, job, exchange_job, callback, user_data);
}

static gboolean
blame_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  CrmOutboxJob *job = data;
  g_autoptr (GError) missing = NULL;
  g_autoptr (CrmRow) row = crm_row_load (connection, job->local_id, &missing);

  if (row == NULL)
    {
      if (g_error_matches (missing, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  crm_entry_blame (row, job->problem, job->next_attempt, job->now);
  return crm_outbox_job_write (job, row, NULL, CRM_ENTRY_KEPT, connection, error);
}

static gboolean
save_state_job (CrmConnection  *connection,
                gpointer        data,
                GError        **error)
{
  CrmOutboxJob *job = data;
  const CrmQueueState *state = &job->state;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "UPDATE queue SET pause_class = ?1, pause_words = ?2, resume_at = ?3, set_at = ?4, clock_offset = ?5,"
      " last_sync = ?6",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, state->pause_class >= 0 ? crm_answer_class_get_nick (state->pause_class) : NULL);
  crm_statement_bind_text (statement, 2, state->pause_words);
  crm_statement_bind_int (statement, 3, state->resume_at);
  crm_statement_bind_int (statement, 4, state->set_at);
  crm_statement_bind_int (statement, 5, state->clock_offset);
  crm_statement_bind_int (statement, 6, state->last_sync);

  return crm_statement_run (statement, error);
}

/**
 * crm_claim_free:
 * @self: (transfer full): a claim
 */
void
crm_claim_free (CrmClaim *self)
{
  crm_values_free (self->values);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * crm_recording_new:
 * @claim: what was sent; kept by the caller until the recording is freed
 * @outcome: what came back; copied
 *
 * Returns: (transfer full): an answer to be stored
 */
CrmRecording *
crm_recording_new (const CrmClaim   *claim,
                   const CrmOutcome *outcome)
{
  CrmRecording *self = g_new0 (CrmRecording, 1);

  self->local_id = claim->local_id;
  self->attempt_id = claim->attempt_id;
  self->claim = claim;
  self->outcome = *outcome;
  self->outcome.answer = crm_problem_copy (outcome->answer);
  self->outcome.raw = g_strdup (outcome->raw);

  return self;
}

/**
 * crm_recording_free:
 * @self: (transfer full): a recording
 */
void
crm_recording_free (CrmRecording *self)
{
  crm_outcome_clear (&self->outcome);
  g_free (self);
}

/**
 * crm_queue_state_clear:
 * @self: a state; what it points to is freed
 */
void
crm_queue_state_clear (CrmQueueState *self)
{
  g_clear_pointer (&self->pause_words, g_free);
}

/**
 * crm_outbox_recover_async:
 * @store: a store
 * @now: microseconds since 1970, UTC
 * @callback: called when it is done; ends with crm_outbox_finish()
 * @user_data: given to @callback
 *
 * For who has just acquired the right to send: what is `sending` was cut off, but for what is in a batch that the CRM
 * has a name for: see crm_outbox_batch_read_open_async(). Also forgets attempts over 90 days old.
 */
void
crm_outbox_recover_async (CrmStore            *store,
                          gint64               now,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->now = now;
  crm_outbox_job_start (store, job, recover_job, callback, user_data);
}

/**
 * crm_outbox_claim_async:
 * @store: a store
 * @most: how many entries at most
 * @now: microseconds since 1970, UTC
 * @signed_at: the time by the CRM's clock; seconds since 1970, UTC
 * @callback: called when the claims are durable; ends with crm_outbox_claim_finish()
 * @user_data: given to @callback
 *
 * Takes what is due for sending.
 */
void
crm_outbox_claim_async (CrmStore            *store,
                        guint                most,
                        gint64               now,
                        gint64               signed_at,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  start_exchange (store, NULL, most, now, signed_at, FALSE, callback, user_data);
}

/**
 * crm_outbox_claim_finish:
 * @store: a store
 * @result: what the callback was given
 * @next_due: (out): when the next entry that was not taken is due; microseconds since 1970, UTC; 0: there is none
 * @error: why nothing could be taken
 *
 * Returns: (transfer full) (nullable) (element-type CrmClaim): the entries taken
 */
GPtrArray *
crm_outbox_claim_finish (CrmStore      *store,
                         GAsyncResult  *result,
                         gint64        *next_due,
                         GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);
  GPtrArray *claims;

  if (job == NULL)
    return NULL;

  *next_due = job->next_due;
  claims = g_steal_pointer (&job->found);
  crm_outbox_job_free (job);

  return claims;
}

/**
 * crm_outbox_record_async:
 * @store: a store
 * @local_id: whose answer it is
 * @attempt_id: the attempt it answers
 * @outcome: the answer; copied
 * @callback: called when it is durable; ends with crm_outbox_record_finish()
 * @user_data: given to @callback
 *
 * The second table of DESIGN.md §2, in one transaction.
 */
void
crm_outbox_record_async (CrmStore            *store,
                         gint64               local_id,
                         gint64               attempt_id,
                         const CrmOutcome    *outcome,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  const CrmClaim claim = { .local_id = local_id, .attempt_id = attempt_id };
  GPtrArray *recordings = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_recording_free);
  CrmRecording *recording = crm_recording_new (&claim, outcome);

  recording->claim = NULL;
  g_ptr_array_add (recordings, recording);
  start_exchange (store, recordings, 0, 0, 0, FALSE, callback, user_data);
}

/**
 * crm_outbox_record_finish:
 * @store: a store
 * @result: what the callback was given
 * @fate: (out): what became of the entry
 * @error: why it is not recorded: it must be tried again, or the answer would be lost
 *
 * Returns: whether it is recorded
 */
gboolean
crm_outbox_record_finish (CrmStore      *store,
                          GAsyncResult  *result,
                          CrmEntryFate  *fate,
                          GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);

  if (job == NULL)
    return FALSE;

  *fate = job->recordings != NULL ? ((CrmRecording *) job->recordings->pdata[0])->fate : job->fate;
  crm_outbox_job_free (job);
  return TRUE;
}

/**
 * crm_outbox_exchange_async:
 * @store: a store
 * @recordings: (transfer full) (nullable) (element-type CrmRecording): answers to be stored
 * @most: how many entries to take for sending at most; 0: none
 * @now: microseconds since 1970, UTC
 * @signed_at: the time by the CRM's clock; seconds since 1970, UTC
 * @callback: called when all of it is durable, or none of it is; ends with crm_outbox_exchange_finish()
 * @user_data: given to @callback
 *
 * Stores answers as crm_outbox_record_async() does and takes what is due as crm_outbox_claim_async() does, in one transaction.
 */
void
crm_outbox_exchange_async (CrmStore            *store,
                           GPtrArray           *recordings,
                           guint                most,
                           gint64               now,
                           gint64               signed_at,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  start_exchange (store, recordings, most, now, signed_at, TRUE, callback, user_data);
}

/**
 * crm_outbox_exchange_finish:
 * @store: a store
 * @result: what the callback was given
 * @recordings: (out) (transfer full) (element-type CrmRecording): the answers, with what became of their entries
 * @unsettled: (out): whether one of them leaves an add that must be looked for on the CRM
 * @next_due: (out): when the next entry that was not taken is due, if any was to be taken; microseconds since 1970, UTC; 0: there is none
 * @error: why nothing was stored: each answer must be tried again, or it would be lost
 *
 * Emits "changed" of the store.
 *
 * Returns: (transfer full) (nullable) (element-type CrmClaim): the entries taken
 */
GPtrArray *
crm_outbox_exchange_finish (CrmStore      *store,
                            GAsyncResult  *result,
                            GPtrArray    **recordings,
                            gboolean      *unsettled,
                            gint64        *next_due,
                            GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);
  GPtrArray *claims;

  if (job == NULL)
    return NULL;

  if (job->changed->len > 0)
    crm_store_emit_changed (store, job->changed);
  *recordings = g_steal_pointer (&job->recordings);
  *unsettled = job->unsettled;
  *next_due = job->next_due;
  claims = g_steal_pointer (&job->found);
  crm_outbox_job_free (job);

  return claims;
}

/**
 * crm_outbox_blame_async:
 * @store: a store
 * @local_id: whose last answer turned out to be its own fault
 * @problem: that answer; copied
 * @next_attempt: when to try again; microseconds since 1970, UTC
 * @now: the time, likewise
 * @callback: called when it is durable; ends with crm_outbox_finish()
 * @user_data: given to @callback
 */
void
crm_outbox_blame_async (CrmStore            *store,
                        gint64               local_id,
                        const CrmProblem    *problem,
                        gint64               next_attempt,
                        gint64               now,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->local_id = local_id;
  job->problem = crm_problem_copy (problem);
  job->next_attempt = next_attempt;
  job->now = now;
  crm_outbox_job_start (store, job, blame_job, callback, user_data);
}

/**
 * crm_outbox_save_state_async:
 * @store: a store
 * @state: what the queue remembers; copied
 * @callback: called when it is durable; ends with crm_outbox_finish()
 * @user_data: given to @callback
 */
void
crm_outbox_save_state_async (CrmStore            *store,
                             const CrmQueueState *state,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  CrmOutboxJob *job = crm_outbox_job_new ();

  job->state = *state;
  job->state.pause_words = g_strdup (state->pause_words);
  crm_outbox_job_start (store, job, save_state_job, callback, user_data);
}

/**
 * crm_outbox_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why it could not be written
 *
 * Returns: whether it is durable
 */
gboolean
crm_outbox_finish (CrmStore      *store,
                   GAsyncResult  *result,
                   GError       **error)
{
  CrmOutboxJob *job = crm_outbox_job_finish (store, result, error);

  if (job == NULL)
    return FALSE;

  crm_outbox_job_free (job);
  return TRUE;
}

/**
 * crm_outbox_read_state:
 * @store: a store
 * @state: (out caller-allocates): what the queue remembers; see crm_queue_state_clear()
 * @error: why it could not be read
 *
 * One row; main thread.
 *
 * Returns: whether it could be read
 */
gboolean
crm_outbox_read_state (CrmStore       *store,
                       CrmQueueState  *state,
                       GError        **error)
{
  g_autoptr (CrmStatement) statement = NULL;
  CrmAnswerClass klass;
  gboolean has_row;

  *state = (CrmQueueState) { .pause_class = -1 };
  statement = crm_connection_prepare (
      crm_database_get_reader (crm_store_get_database (store)),
      "SELECT pause_class, pause_words, resume_at, set_at, clock_offset, last_sync FROM queue", error);
  if (statement == NULL || !crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (!has_row)
    return TRUE;

  if (crm_answer_class_from_nick (crm_statement_get_text (statement, 0), &klass))
    state->pause_class = klass;
  state->pause_words = g_strdup (crm_statement_get_text (statement, 1));
  state->resume_at = crm_statement_get_int (statement, 2);
  state->set_at = crm_statement_get_int (statement, 3);
  state->clock_offset = crm_statement_get_int (statement, 4);
  state->last_sync = crm_statement_get_int (statement, 5);

  return TRUE;
}

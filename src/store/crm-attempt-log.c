/* crm-attempt-log.c: the requests made for a task, in the database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-attempt-log.h"

#include "model/crm-task-json.h"

static CrmSent *
read_sent (CrmStatement *statement)
{
  g_autoptr (CrmSent) sent = g_new0 (CrmSent, 1);

  sent->revision = crm_statement_get_int (statement, 0);
  sent->is_add = crm_statement_get_int (statement, 1) != 0;
  sent->values = crm_task_json_read_body (crm_statement_get_text (statement, 2), &sent->mask);
  if (sent->values == NULL)
    sent->values = crm_values_new ();

  return g_steal_pointer (&sent);
}

/**
 * crm_attempt_log_begin:
 * @connection: a connection in a transaction
 * @row: the task to be sent
 * @body: what is sent
 * @signed_at: the time the request is signed with; seconds since 1970, UTC, by the CRM's clock
 * @now: microseconds since 1970, UTC
 * @attempt_id: (out): the attempt
 * @error: why it could not be written
 *
 * Returns: whether the attempt is written
 */
gboolean
crm_attempt_log_begin (CrmConnection  *connection,
                       const CrmRow   *row,
                       const char     *body,
                       gint64          signed_at,
                       gint64          now,
                       gint64         *attempt_id,
                       GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "INSERT INTO attempt (local_id, entry, revision, is_add, body, signed_at, started_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, row->local_id);
  crm_statement_bind_int (statement, 2, row->entry);
  crm_statement_bind_int (statement, 3, row->revision);
  crm_statement_bind_int (statement, 4, row->crm_id == 0);
  crm_statement_bind_text (statement, 5, body);
  crm_statement_bind_int (statement, 6, signed_at);
  crm_statement_bind_int (statement, 7, now);
  if (!crm_statement_run (statement, error))
    return FALSE;

  *attempt_id = crm_connection_get_last_id (connection);
  return TRUE;
}

/**
 * crm_attempt_log_finish:
 * @connection: a connection in a transaction
 * @attempt_id: the attempt
 * @outcome: what came back
 * @error: why it could not be written
 *
 * Returns: whether it is written
 */
gboolean
crm_attempt_log_finish (CrmConnection     *connection,
                        gint64             attempt_id,
                        const CrmOutcome  *outcome,
                        GError           **error)
{
  g_autofree char *more = crm_row_join_messages (outcome->answer->additional_messages);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "UPDATE attempt SET finished_at = ?2, class = ?3, http_status = ?4, error_code = ?5, specific_code = ?6,"
      " message = ?7, more = ?8, raw = ?9 WHERE attempt_id = ?1",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, attempt_id);
  crm_statement_bind_int (statement, 2, outcome->finished_at);
  crm_statement_bind_text (statement, 3, crm_answer_class_get_nick (outcome->answer->klass));
  crm_statement_bind_int (statement, 4, outcome->answer->http_status);
  crm_statement_bind_int (statement, 5, outcome->answer->error_code);
  crm_statement_bind_int (statement, 6, outcome->answer->specific_code);
  crm_statement_bind_text (statement, 7, outcome->answer->message);
  crm_statement_bind_text (statement, 8, more);
  crm_statement_bind_text (statement, 9, outcome->raw);

  return crm_statement_run (statement, error);
}

/**
 * crm_attempt_log_forget_raw:
 * @connection: a connection in a transaction
 * @local_id: a task that is synced
 * @error: why it could not be written
 *
 * Raw answers are kept until their task is synced (DESIGN.md §5).
 *
 * Returns: whether they are gone
 */
gboolean
crm_attempt_log_forget_raw (CrmConnection  *connection,
                            gint64          local_id,
                            GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "UPDATE attempt SET raw = NULL WHERE local_id = ?1 AND raw IS NOT NULL", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  return crm_statement_run (statement, error);
}

/**
 * crm_attempt_log_forget_old:
 * @connection: a connection in a transaction
 * @before: microseconds since 1970, UTC
 * @error: why it could not be written
 *
 * Removes the older attempts of tasks that have nothing open.
 *
 * Returns: whether they are gone
 */
gboolean
crm_attempt_log_forget_old (CrmConnection  *connection,
                            gint64          before,
                            GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "DELETE FROM attempt WHERE started_at < ?1"
      " AND (SELECT state FROM task WHERE task.local_id = attempt.local_id) = 'synced'",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, before);
  return crm_statement_run (statement, error);
}

/**
 * crm_attempt_log_read_bodies:
 * @connection: a connection
 * @local_id: a task
 * @sent: (element-type CrmSent): where all that was ever sent of it is put
 * @error: why it could not be read
 *
 * Returns: whether it could be read
 */
gboolean
crm_attempt_log_read_bodies (CrmConnection  *connection,
                             gint64          local_id,
                             GPtrArray      *sent,
                             GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT revision, is_add, body FROM attempt WHERE local_id = ?1 ORDER BY attempt_id", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  for (;;)
    {
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      g_ptr_array_add (sent, read_sent (statement));
    }
}

/**
 * crm_attempt_log_read_sent:
 * @connection: a connection
 * @attempt_id: an attempt
 * @error: why it could not be read
 *
 * Returns: (transfer full) (nullable): what it sends; %NULL with @error unset when there is no such attempt
 */
CrmSent *
crm_attempt_log_read_sent (CrmConnection  *connection,
                           gint64          attempt_id,
                           GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT revision, is_add, body FROM attempt WHERE attempt_id = ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, attempt_id);
  if (!crm_statement_step (statement, &has_row, error) || !has_row)
    return NULL;

  return read_sent (statement);
}

/**
 * crm_attempt_log_read_doubtful:
 * @connection: a connection
 * @row: an add that may be on the CRM
 * @first_signed_at: (out) (optional): the earliest time one of them was signed with; seconds since 1970, UTC
 * @last_signed_at: (out) (optional): likewise, the latest of them
 * @error: why they could not be read
 *
 * The sends that may have created it: not refused outright (API.md §4). An add that was adopted and then lost its id is
 * in a later place in the outbox than the one it was sent from.
 *
 * Returns: (transfer full) (nullable) (element-type CrmSent): what they sent, oldest first
 */
GPtrArray *
crm_attempt_log_read_doubtful (CrmConnection  *connection,
                               const CrmRow   *row,
                               gint64         *first_signed_at,
                               gint64         *last_signed_at,
                               GError        **error)
{
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_sent_free);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT revision, is_add, body, signed_at FROM attempt WHERE local_id = ?1 AND is_add = 1"
      " AND entry = (SELECT max (entry) FROM attempt WHERE local_id = ?1 AND is_add = 1)"
      " AND (class IS NULL OR class IN ('trouble', 'unconfirmed', 'not-a-crm', 'accepted')) ORDER BY attempt_id",
      error);
  gint64 first = 0, last = 0;
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, row->local_id);

  for (;;)
    {
      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        break;

      g_ptr_array_add (sent, read_sent (statement));
      if (first == 0 || crm_statement_get_int (statement, 3) < first)
        first = crm_statement_get_int (statement, 3);
      last = MAX (last, crm_statement_get_int (statement, 3));
    }

  if (first_signed_at != NULL)
    *first_signed_at = first;
  if (last_signed_at != NULL)
    *last_signed_at = last;

  return g_steal_pointer (&sent);
}

/**
 * crm_attempt_log_read_last_add:
 * @connection: a connection
 * @local_id: an add that may be on the CRM
 * @attempt_id: (out): its last send
 * @unanswered: (out): whether no understandable answer came to that
 * @error: why it could not be read
 *
 * Returns: whether it could be read
 */
gboolean
crm_attempt_log_read_last_add (CrmConnection  *connection,
                               gint64          local_id,
                               gint64         *attempt_id,
                               gboolean       *unanswered,
                               GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT attempt_id, class IS NULL OR class IN ('unconfirmed', 'not-a-crm') FROM attempt"
      " WHERE local_id = ?1 AND is_add = 1 ORDER BY attempt_id DESC LIMIT 1",
      error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;

  *attempt_id = has_row ? crm_statement_get_int (statement, 0) : 0;
  *unanswered = has_row && crm_statement_get_int (statement, 1) != 0;
  return TRUE;
}

/**
 * crm_attempt_log_is_batched:
 * @connection: a connection
 * @attempt_id: an attempt; 0: none
 * @batched: (out): whether it was one of many in a request
 * @error: why it could not be read
 *
 * Returns: whether it could be read
 */
gboolean
crm_attempt_log_is_batched (CrmConnection  *connection,
                            gint64          attempt_id,
                            gboolean       *batched,
                            GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT 1 FROM attempt WHERE attempt_id = ?1 AND batch_id IS NOT NULL", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, attempt_id);
  return crm_statement_step (statement, batched, error);
}

/**
 * crm_attempt_log_read:
 * @connection: a connection
 * @local_id: a task
 * @error: why it could not be read
 *
 * Returns: (transfer full) (nullable) (element-type CrmAttempt): its history, oldest first
 */
GPtrArray *
crm_attempt_log_read (CrmConnection  *connection,
                      gint64          local_id,
                      GError        **error)
{
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_attempt_free);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT started_at, finished_at, revision, body, raw, class, http_status, error_code, specific_code, message, more,"
      " entry, is_add, signed_at FROM attempt WHERE local_id = ?1 ORDER BY attempt_id",
      error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, local_id);

  for (;;)
    {
      CrmAnswerClass klass;
      CrmAttempt *attempt;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        break;

      attempt = crm_attempt_new ();
      g_ptr_array_add (attempts, attempt);
      attempt->started_at = crm_statement_get_int (statement, 0);
      attempt->finished_at = crm_statement_get_int (statement, 1);
      attempt->revision = crm_statement_get_int (statement, 2);
      attempt->body = g_strdup (crm_statement_get_text (statement, 3));
      attempt->raw_answer = g_strdup (crm_statement_get_text (statement, 4));
      attempt->entry = crm_statement_get_int (statement, 11);
      attempt->is_add = crm_statement_get_int (statement, 12) != 0;
      attempt->signed_at = crm_statement_get_int (statement, 13);
      if (!crm_answer_class_from_nick (crm_statement_get_text (statement, 5), &klass))
        continue;

      attempt->outcome = crm_problem_new (klass);
      attempt->outcome->http_status = crm_statement_get_int (statement, 6);
      attempt->outcome->error_code = crm_statement_get_int (statement, 7);
      attempt->outcome->specific_code = crm_statement_get_int (statement, 8);
      attempt->outcome->message = g_strdup (crm_statement_get_text (statement, 9));
      attempt->outcome->additional_messages = crm_row_split_messages (crm_statement_get_text (statement, 10));
    }

  return g_steal_pointer (&attempts);
}

/**
 * crm_attempt_log_restore:
 * @connection: a connection in a transaction
 * @row: a task that was removed and is there again
 * @attempts: (element-type CrmAttempt): its history
 * @error: why it could not be written
 *
 * Returns: whether the history is back
 */
gboolean
crm_attempt_log_restore (CrmConnection  *connection,
                         const CrmRow   *row,
                         GPtrArray      *attempts,
                         GError        **error)
{
  for (guint i = 0; i < attempts->len; i++)
    {
      const CrmAttempt *attempt = attempts->pdata[i];
      CrmRow then = *row;
      gint64 attempt_id;

      then.entry = attempt->entry;
      then.revision = attempt->revision;
      then.crm_id = attempt->is_add ? 0 : 1;
      if (!crm_attempt_log_begin (connection, &then, attempt->body, attempt->signed_at, attempt->started_at,
                                  &attempt_id, error))
        return FALSE;

      if (attempt->outcome != NULL)
        {
          const CrmOutcome outcome = {
            .answer = attempt->outcome,
            .raw = attempt->raw_answer,
            .finished_at = attempt->finished_at,
          };

          if (!crm_attempt_log_finish (connection, attempt_id, &outcome, error))
            return FALSE;
        }
    }

  return TRUE;
}

/* crm-backup-doubt.c: what may have become of a backup's entries since it was made
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-backup-private.h"

#include "model/crm-task-json.h"
#include "store/crm-attempt-log.h"
#include "store/crm-row.h"

#include <glib/gi18n-lib.h>

/* The clock that a backup has its time from may have been wrong, and the CRM's is not known to who never spoke to it; seconds. */
#define LOOK_BACK (24 * 3600)

typedef struct
{
  CrmConnection *connection;
  CrmConnection *present;   /* NULL: its local ids are of other tasks */
  gint64         made_at;   /* microseconds since 1970, UTC */
  gint64         now;       /* likewise */
  gint64         earliest;  /* a send after the backup, by the CRM's clock; seconds since 1970, UTC */
  CrmRestore    *restore;
} Doubt;

static gboolean
read_number (CrmConnection  *connection,
             const char     *sql,
             gint64          local_id,
             gint64         *number,
             GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, sql, error);
  gboolean has_row;

  *number = 0;
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row)
    *number = crm_statement_get_int (statement, 0);
  crm_statement_reset (statement);

  return TRUE;
}

/* A send of which nothing is known but that there may have been one. */
static gboolean
note_send (Doubt         *self,
           const CrmRow  *row,
           const char    *body,
           gint64         signed_at,
           gint64         started_at,
           const char    *words,
           GError       **error)
{
  g_autoptr (CrmProblem) unknown = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
  const CrmOutcome outcome = { .answer = unknown, .finished_at = started_at };
  CrmRow then = *row;
  gint64 attempt_id;

  /* Beside what was really sent as an add, or that would not be looked for any more. */
  if (!read_number (self->connection, "SELECT max (entry) FROM attempt WHERE local_id = ?1 AND is_add = 1", row->local_id,
                    &then.entry, error))
    return FALSE;
  if (then.entry == 0)
    then.entry = row->entry;
  unknown->message = g_strdup (words);

  return crm_attempt_log_begin (self->connection, &then, body, signed_at, started_at, &attempt_id, error) &&
         crm_attempt_log_finish (self->connection, attempt_id, &outcome, error);
}

/* What was sent after the backup, and may be there as it was then. */
static gboolean
note_sends_since (Doubt         *self,
                  const CrmRow  *row,
                  GError       **error)
{
  g_autoptr (GPtrArray) since = self->present != NULL ? crm_attempt_log_read (self->present, row->local_id, NULL) : NULL;

  for (guint i = 0; since != NULL && i < since->len; i++)
    {
      const CrmAttempt *attempt = since->pdata[i];
      CrmAnswerClass klass = attempt->outcome != NULL ? attempt->outcome->klass : CRM_ANSWER_UNCONFIRMED;

      if (attempt->is_add && attempt->started_at > self->made_at &&
          (klass == CRM_ANSWER_TROUBLE || klass == CRM_ANSWER_UNCONFIRMED || klass == CRM_ANSWER_NOT_A_CRM) &&
          !note_send (self, row, attempt->body, attempt->signed_at, attempt->started_at,
                      _("The backup was made; it may have been sent after that"), error))
        return FALSE;
    }

  return TRUE;
}

/* The CRM may do a batch long after it was sent: whoever was in one is looked for as long as if the last send was. */
static gboolean
keep_batched (Doubt         *self,
              const CrmRow  *row,
              GError       **error)
{
  static const char question[] = "SELECT count(*) FROM attempt WHERE local_id = ?1 AND batch_id IS NOT NULL";

  g_autoptr (CrmStatement) statement = NULL;
  gint64 here, there = 0;

  if (!read_number (self->connection, question, row->local_id, &here, error) ||
      (self->present != NULL && !read_number (self->present, question, row->local_id, &there, error)))
    return FALSE;
  if (here + there == 0)
    return TRUE;

  statement = crm_connection_prepare (self->connection,
                                      "UPDATE attempt SET batch_id = 0, position = 0"
                                      " WHERE attempt_id = (SELECT max (attempt_id) FROM attempt WHERE local_id = ?1)",
                                      error);
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, row->local_id);
  return crm_statement_run (statement, error);
}

/* Could have been sent as it is here. */
static gboolean
is_whole (const CrmRow *row)
{
  return crm_values_has (row->values, CRM_FIELD_NAME) && crm_values_has (row->values, CRM_FIELD_END_DATETIME);
}

/* The id, and what the CRM confirmed with it: that is what became of the entry, and what was changed since is the CRM's by now. */
static gboolean
take_known (Doubt         *self,
            CrmRow        *row,
            const CrmRow  *known,
            GError       **error)
{
  CrmFieldMask mask;
  g_autoptr (CrmValues) confirmed = crm_row_get_confirmed (known, &mask);

  crm_values_take_over (row->values, confirmed, mask);
  crm_values_free (row->confirmed);
  row->confirmed = mask != CRM_FIELDS_ALL ? g_steal_pointer (&confirmed) : NULL;
  row->known = mask;
  row->crm_id = known->crm_id;
  row->adopted = known->adopted;
  row->guessed = known->guessed;
  row->listed = known->listed;
  row->revision = MAX (row->revision, known->revision);
  row->entry = MAX (row->entry, known->entry);
  row->state = CRM_SYNC_SYNCED;
  row->dirty = 0;
  row->uncertain = 0;
  row->may_be_there = FALSE;
  row->released = FALSE;
  row->discarding = FALSE;
  row->attempt_id = 0;
  row->next_attempt = 0;
  row->set_at = 0;
  g_clear_pointer (&row->problem, crm_problem_free);

  return crm_row_update (row, self->connection, error);
}

/* The task here that the add became, if that is known and no other task of the backup is that one. */
static CrmRow *
find_known (Doubt         *self,
            const CrmRow  *row)
{
  g_autoptr (CrmRow) known = NULL;
  gint64 owner = 0;

  if (self->present != NULL)
    known = crm_row_load (self->present, row->local_id, NULL);
  if (known == NULL || known->crm_id == 0 || !crm_row_find_crm_id (self->connection, known->crm_id, &owner, NULL) || owner != 0)
    return NULL;

  return g_steal_pointer (&known);
}

/* What an add would have been sent as is what it is looked for by. The last of the sends may have been just before the restore. */
static gboolean
doubt_add (Doubt    *self,
           CrmRow   *row,
           GError  **error)
{
  g_autofree char *body = crm_task_json_write_body (row->values, crm_values_get_mask (row->values), 0);
  g_autoptr (CrmRow) known = find_known (self, row);

  if (known != NULL)
    {
      self->restore->n_known++;
      return take_known (self, row, known, error);
    }
  if (row->state == CRM_SYNC_DRAFT && !row->may_be_there && !is_whole (row))
    return TRUE;

  row->may_be_there = TRUE;
  row->released = FALSE;
  row->attempt_id = 0;
  row->next_attempt = 0;
  row->set_at = 0;
  if (row->state == CRM_SYNC_SENDING)
    row->state = CRM_SYNC_UNCONFIRMED;
  if (row->state != CRM_SYNC_DRAFT)
    self->restore->n_doubted++;

  return note_sends_since (self, row, error) &&
         note_send (self, row, body, self->earliest, self->made_at, _("The backup was made; it may have been sent after that"), error) &&
         note_send (self, row, body, MAX (self->earliest, self->now / G_TIME_SPAN_SECOND), self->now,
                    _("Restored from the backup; it may have been sent before that"), error) &&
         keep_batched (self, row, error) && crm_row_update (row, self->connection, error);
}

/* Whether the change, or one that came after it, was accepted since. */
static gboolean
was_accepted (Doubt         *self,
              const CrmRow  *row)
{
  g_autoptr (GPtrArray) since = crm_attempt_log_read (self->present, row->local_id, NULL);

  for (guint i = 0; since != NULL && i < since->len; i++)
    {
      const CrmAttempt *attempt = since->pdata[i];

      if (attempt->started_at > self->made_at && attempt->revision >= row->revision && attempt->outcome != NULL &&
          attempt->outcome->klass == CRM_ANSWER_ACCEPTED)
        return TRUE;
    }

  return FALSE;
}

/* To send a change once more might undo what came after it. The problem is a pull's, not the CRM's: the next pull either
 * queues the change again or asks. */
static gboolean
hold_update (Doubt    *self,
             CrmRow   *row,
             GError  **error)
{
  g_autoptr (CrmRow) now = self->present != NULL ? crm_row_load (self->present, row->local_id, NULL) : NULL;
  CrmFieldMask known;
  g_autoptr (CrmValues) confirmed = NULL;
  gboolean has_base;

  if (now != NULL && now->crm_id == row->crm_id && was_accepted (self, row))
    return take_known (self, row, now, error);

  if (row->state == CRM_SYNC_SENDING)
    row->uncertain |= row->dirty;

  /* What the CRM had before is not known of every field: then no pull can tell who changed it, and a person says. */
  confirmed = crm_row_get_confirmed (row, &known);
  has_base = (row->dirty & (~known | row->guessed)) == 0;

  crm_problem_free (row->problem);
  row->problem = crm_problem_new (has_base ? CRM_ANSWER_REJECTED : CRM_ANSWER_UNCONFIRMED);
  row->problem->message = g_strdup (
      has_base ? _("This change is from a backup. It goes on when the tasks are next brought from the CRM, for "
                   "something newer may be there by now. Resubmit it to send it all the same")
               : _("This change is from a backup, and what the CRM had before it is not known here. "
                   "Resubmit it to send it, or discard it"));
  row->state = CRM_SYNC_FAILED;
  row->discarding = FALSE;
  row->attempt_id = 0;
  row->next_attempt = 0;
  row->set_at = 0;
  self->restore->n_held++;

  return crm_row_update (row, self->connection, error);
}

static gboolean
doubt_rows (Doubt   *self,
            GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      self->connection, "SELECT local_id FROM task WHERE crm_id IS NULL OR state IN ('queued', 'sending') ORDER BY local_id", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  for (;;)
    {
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;

      id = crm_statement_get_int (statement, 0);
      g_array_append_val (ids, id);
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (CrmRow) row = crm_row_load (self->connection, g_array_index (ids, gint64, i), error);

      if (row == NULL || !(row->crm_id == 0 ? doubt_add (self, row, error) : hold_update (self, row, error)))
        return FALSE;
    }

  return TRUE;
}

/**
 * crm_backup_doubt:
 * @copy: a connection to a copy of a backup, of this version, in a transaction
 * @present: (nullable): a connection to the database the backup was made of, as it is now; %NULL when it is another
 * @now: the time; microseconds since 1970, UTC
 * @restore: knows when the backup was made; gets what was done
 * @error: why it could not be written
 *
 * Makes the outbox true again: what it holds may have been sent since, or undone by what is newer on the CRM.
 *
 * - An add that @present knows to be on the CRM is the task that is there.
 * - Any other, in whatever state, may be there (DESIGN.md §2), and is looked for as it is in the backup, besides what was sent.
 * - A change that waited waits for a pull, which compares it with what the CRM has: sending it might undo something.
 * - Batches are over, the lists are read anew, pauses and the CRM's clock are learnt anew.
 *
 * Returns: whether it is written
 */
gboolean
crm_backup_doubt (CrmConnection  *copy,
                  CrmConnection  *present,
                  gint64          now,
                  CrmRestore     *restore,
                  GError        **error)
{
  Doubt self = {
    .connection = copy,
    .present = present,
    .made_at = MIN (restore->backup.made_at, now),
    .now = now,
    .restore = restore,
  };
  gint64 offset;

  if (!crm_connection_get_int (copy, "SELECT clock_offset FROM queue", &offset, error))
    return FALSE;

  self.earliest = self.made_at / G_TIME_SPAN_SECOND + MIN (offset, 0) - LOOK_BACK;

  return doubt_rows (&self, error) &&
         crm_connection_exec (copy,
                              "DELETE FROM batch; DELETE FROM pull; DELETE FROM pull_seen;"
                              "UPDATE queue SET pause_class = NULL, pause_words = NULL, resume_at = 0, set_at = 0, clock_offset = 0",
                              error);
}

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
  gint64         made_at;   /* microseconds since 1970, UTC */
  gint64         now;       /* likewise */
  gint64         earliest;  /* a send after the backup, by the CRM's clock; seconds since 1970, UTC */
  gint64         n_doubted;
  gint64         n_held;
} Doubt;

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
  gint64 attempt_id;

  unknown->message = g_strdup (words);

  return crm_attempt_log_begin (self->connection, row, body, signed_at, started_at, &attempt_id, error) &&
         crm_attempt_log_finish (self->connection, attempt_id, &outcome, error);
}

/* Could have been sent as it is here. */
static gboolean
is_whole (const CrmRow *row)
{
  return crm_values_has (row->values, CRM_FIELD_NAME) && crm_values_has (row->values, CRM_FIELD_END_DATETIME);
}

/* What an add would have been sent as is what it is looked for by. The last of the sends may have been just before the restore. */
static gboolean
doubt_add (Doubt    *self,
           CrmRow   *row,
           GError  **error)
{
  g_autofree char *body = crm_task_json_write_body (row->values, crm_values_get_mask (row->values), 0);

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
    self->n_doubted++;

  return note_send (self, row, body, self->earliest, self->made_at, _("The backup was made; it may have been sent after that"), error) &&
         note_send (self, row, body, MAX (self->earliest, self->now / G_TIME_SPAN_SECOND), self->now,
                    _("Restored from the backup; it may have been sent before that"), error) &&
         crm_row_update (row, self->connection, error);
}

/* To send a change once more might undo what came after it. The problem is a pull's, not the CRM's: the next pull either
 * queues the change again or asks. */
static gboolean
hold_update (Doubt    *self,
             CrmRow   *row,
             GError  **error)
{
  if (row->state == CRM_SYNC_SENDING)
    row->uncertain |= row->dirty;

  crm_problem_free (row->problem);
  row->problem = crm_problem_new (CRM_ANSWER_REJECTED);
  row->problem->message = g_strdup (_("This change is from a backup. It goes on when the tasks are next brought from the CRM, for "
                                      "something newer may be there by now. Resubmit it to send it all the same"));
  row->state = CRM_SYNC_FAILED;
  row->discarding = FALSE;
  row->attempt_id = 0;
  row->next_attempt = 0;
  row->set_at = 0;
  self->n_held++;

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
 * @connection: a connection to a copy of a backup, of this version, in a transaction
 * @made_at: when it was made; microseconds since 1970, UTC
 * @now: the time
 * @n_doubted: (out): how many adds are looked for on the CRM before they are sent
 * @n_held: (out): how many changes wait for a pull
 * @error: why it could not be written
 *
 * Makes the outbox true again: what it holds may have been sent since, or undone by what is newer on the CRM.
 *
 * - An add, in whatever state, may be there (DESIGN.md §2), and is looked for as it is in the backup, besides what was sent.
 * - A change that waited waits for a pull, which compares it with what the CRM has: sending it might undo something.
 * - Batches are over, the lists are read anew, pauses and the CRM's clock are learnt anew.
 *
 * Returns: whether it is written
 */
gboolean
crm_backup_doubt (CrmConnection  *connection,
                  gint64          made_at,
                  gint64          now,
                  gint64         *n_doubted,
                  gint64         *n_held,
                  GError        **error)
{
  Doubt self = { .connection = connection, .made_at = MIN (made_at, now), .now = now };
  gint64 offset;

  if (!crm_connection_get_int (connection, "SELECT clock_offset FROM queue", &offset, error))
    return FALSE;

  self.earliest = self.made_at / G_TIME_SPAN_SECOND + MIN (offset, 0) - LOOK_BACK;
  if (!doubt_rows (&self, error))
    return FALSE;

  *n_doubted = self.n_doubted;
  *n_held = self.n_held;

  return crm_connection_exec (connection,
                              "DELETE FROM batch; DELETE FROM pull; DELETE FROM pull_seen;"
                              "UPDATE queue SET pause_class = NULL, pause_words = NULL, resume_at = 0, set_at = 0, clock_offset = 0",
                              error);
}

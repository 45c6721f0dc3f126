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
  self->restore->n_known++;

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
    return take_known (self, row, known, error);
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

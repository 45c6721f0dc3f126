/* crm-change.c: what a person wants changed of one task, in the database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-attempt-log.h"
#include "store/crm-directory.h"
#include "store/crm-store-private.h"
#include "store/crm-undo-private.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

void
crm_change_free (CrmChange *self)
{
  if (self == NULL)
    return;

  crm_values_free (self->values);
  g_clear_pointer (&self->undo, crm_undo_unref);
  crm_row_free (self->row);
  g_free (self);
}

static gboolean
write_fate (CrmChange      *change,
            CrmEntryFate    fate,
            CrmConnection  *connection,
            GError        **error)
{
  change->removed = fate == CRM_ENTRY_REMOVED;

  return change->removed ? crm_row_delete (change->row, connection, error)
                         : crm_row_update (change->row, connection, error);
}

gboolean
crm_change_edit_job (CrmConnection  *connection,
                     gpointer        data,
                     GError        **error)
{
  CrmChange *change = data;

  change->row = crm_row_load (connection, change->local_id, error);

  return change->row != NULL &&
         crm_entry_edit (change->row, change->values, change->touched, change->mode, error) &&
         crm_row_update (change->row, connection, error) &&
         crm_directory_note_used (connection, change->row->values, change->touched, error);
}

gboolean
crm_change_add_job (CrmConnection  *connection,
                    gpointer        data,
                    GError        **error)
{
  CrmChange *change = data;

  if (change->crm_id != 0 && !crm_row_find_crm_id (connection, change->crm_id, &change->local_id, error))
    return FALSE;
  if (change->local_id != 0)
    return crm_change_edit_job (connection, data, error);

  change->row = crm_row_new ();

  return crm_entry_create (change->row, change->values, change->touched, change->crm_id, change->draft, error) &&
         crm_row_insert (change->row, connection, error) &&
         crm_directory_note_used (connection, change->row->values, change->touched, error);
}

gboolean
crm_change_save_typed_job (CrmConnection  *connection,
                           gpointer        data,
                           GError        **error)
{
  CrmChange *change = data;
  gboolean saved = change->local_id != 0 ? crm_change_edit_job (connection, data, error) : crm_change_add_job (connection, data, error);

  if (!saved)
    return FALSE;

  change->row->typed = FALSE;
  return crm_typed_forget (connection, change->typed, error);
}

gboolean
crm_change_apply_job (CrmConnection  *connection,
                      gpointer        data,
                      GError        **error)
{
  CrmChange *change = data;
  g_autoptr (CrmRow) before = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  CrmEntryFate fate;

  change->row = crm_row_load (connection, change->local_id, error);
  if (change->row == NULL)
    return FALSE;

  before = crm_row_copy (change->row);
  if (!crm_entry_apply (change->row, change->action, &fate, error))
    return FALSE;

  if (change->action == CRM_ACTION_DISCARD || change->action == CRM_ACTION_DISCARD_SURELY)
    {
      attempts = crm_attempt_log_read (connection, change->local_id, error);
      if (attempts == NULL)
        return FALSE;
      change->undo = crm_undo_new (g_steal_pointer (&before), g_steal_pointer (&attempts),
                                   fate == CRM_ENTRY_REMOVED ? 0 : change->row->revision);
    }

  return write_fate (change, fate, connection, error);
}

gboolean
crm_change_settle_job (CrmConnection  *connection,
                       gpointer        data,
                       GError        **error)
{
  CrmChange *change = data;
  g_autoptr (GPtrArray) sent = NULL;
  gint64 owner, pulled;

  change->row = crm_row_load (connection, change->local_id, error);
  if (change->row == NULL || !crm_row_find_crm_id (connection, change->crm_id, &owner, error))
    return FALSE;

  if (!change->row->may_be_there || change->row->state == CRM_SYNC_SENDING)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED, _("Only a task that may be on the CRM needs settling"));
      return FALSE;
    }
  /* A pull may have brought it as somebody else's. */
  pulled = owner;
  if (!crm_row_remove_pulled (connection, &owner, error))
    return FALSE;
  if (owner != 0)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_REFUSED,
                   /* Translators: the task’s number on the CRM, and its number here */
                   _("#%" PRId64 " is another task here already (%" PRId64 ")"), change->crm_id, owner);
      return FALSE;
    }

  change->replaced = pulled;

  sent = crm_attempt_log_read_doubtful (connection, change->row, NULL, NULL, error);
  if (sent == NULL)
    return FALSE;
  if (sent->len == 0)
    {
      CrmSent *present = g_new0 (CrmSent, 1);

      present->is_add = TRUE;
      present->values = crm_values_copy (change->row->values);
      g_ptr_array_add (sent, present);
    }

  return write_fate (change, crm_entry_adopt (change->row, change->crm_id, sent), connection, error) &&
         crm_attempt_log_forget_raw (connection, change->local_id, error);
}

static gboolean
refuse_undo (GError **error)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED, _("The task has changed since; it can’t be taken back any more"));
  return FALSE;
}

static gboolean
restore_removed (CrmChange      *change,
                 CrmConnection  *connection,
                 GError        **error)
{
  const CrmUndo *undo = change->undo;
  gint64 owner = 0;

  if (undo->row->crm_id != 0 && !crm_row_find_crm_id (connection, undo->row->crm_id, &owner, error))
    return FALSE;
  if (owner != 0)
    return refuse_undo (error);

  change->row = crm_row_copy (undo->row);
  change->row->discarding = FALSE;
  /* It was removed when its answer came, or later: which answer is not known here, so it is looked for first. */
  if (change->row->state == CRM_SYNC_SENDING)
    {
      change->row->state = CRM_SYNC_QUEUED;
      change->row->attempt_id = 0;
      change->row->may_be_there = TRUE;
      change->row->released = FALSE;
    }

  return crm_row_insert (change->row, connection, error) &&
         crm_attempt_log_restore (connection, change->row, undo->attempts, error);
}

/* Whether @row is as the discard left it: one of a task that was being sent took effect with the answer. */
static gboolean
is_as_dropped (const CrmRow  *row,
               const CrmUndo *undo)
{
  g_autoptr (CrmValues) confirmed = NULL;
  g_autoptr (CrmValues) confirmed_then = NULL;
  CrmFieldMask known, known_then;

  if (undo->revision == 0 || row->crm_id == 0 || row->crm_id != undo->row->crm_id || row->state == CRM_SYNC_SENDING)
    return FALSE;
  if (undo->row->state != CRM_SYNC_SENDING)
    return row->revision == undo->revision;

  confirmed = crm_row_get_confirmed (row, &known);
  confirmed_then = crm_row_get_confirmed (undo->row, &known_then);

  return row->revision == undo->revision + 1 && row->dirty == row->uncertain && known == known_then &&
         crm_values_compare (confirmed, confirmed_then) == 0;
}

gboolean
crm_change_undo_job (CrmConnection  *connection,
                     gpointer        data,
                     GError        **error)
{
  CrmChange *change = data;
  const CrmUndo *undo = change->undo;
  g_autoptr (GError) missing = NULL;
  g_autoptr (CrmRow) now = crm_row_load (connection, undo->row->local_id, &missing);
  g_autoptr (CrmValues) confirmed = NULL;
  CrmFieldMask known;

  if (now == NULL && !g_error_matches (missing, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK))
    {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }

  if (now == NULL)
    return restore_removed (change, connection, error);

  change->row = g_steal_pointer (&now);
  if (change->row->discarding)
    {
      change->row->discarding = FALSE;
      return crm_row_update (change->row, connection, error);
    }

  if (!is_as_dropped (change->row, undo))
    return refuse_undo (error);

  confirmed = crm_row_get_confirmed (undo->row, &known);
  change->row->revision++;
  crm_values_take_over (change->row->values, undo->row->values, CRM_FIELDS_ALL);
  crm_values_free (change->row->confirmed);
  change->row->confirmed = crm_values_copy (undo->row->confirmed);
  change->row->known = undo->row->known;
  change->row->guessed = undo->row->guessed;
  change->row->conflict = undo->row->conflict;
  crm_values_free (change->row->theirs);
  change->row->theirs = crm_values_copy (undo->row->theirs);
  /* What was uncertain then and isn't now was confirmed by the update that the discard sent. */
  change->row->dirty = (undo->row->dirty & ~known) | (crm_values_compare (change->row->values, confirmed) & known) |
                       change->row->uncertain;
  change->row->state = undo->row->state == CRM_SYNC_SENDING ? CRM_SYNC_QUEUED : undo->row->state;
  crm_problem_free (change->row->problem);
  change->row->problem = crm_problem_copy (undo->row->problem);
  change->row->attempts = undo->row->attempts;
  change->row->failures = undo->row->failures;

  return crm_row_update (change->row, connection, error);
}

gboolean
crm_change_choose_job (CrmConnection  *connection,
                       gpointer        data,
                       GError        **error)
{
  CrmChange *change = data;

  change->row = crm_row_load (connection, change->local_id, error);

  return change->row != NULL && crm_entry_choose (change->row, change->revision, change->theirs, error) &&
         crm_row_update (change->row, connection, error);
}

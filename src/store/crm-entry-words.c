/* crm-entry-words.c: what a person's words do to an entry: the first table of DESIGN.md §2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-entry.h"

#include "model/crm-error.h"
#include "model/crm-task-json.h"
#include "model/crm-task-rules.h"

#include <glib/gi18n-lib.h>

static gboolean
refuse (GError    **error,
        const char *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED, words);
  return FALSE;
}

static gboolean
check (const CrmRow  *row,
       gboolean       draft,
       GError       **error)
{
  g_autoptr (GPtrArray) complaints = NULL;

  if (draft)
    complaints = crm_task_rules_check_values (row->values);
  else if (row->crm_id == 0)
    complaints = crm_task_rules_check (row->values, CRM_FIELDS_ALL);
  else
    complaints = crm_task_rules_check (row->values, row->dirty);

  return crm_complaints_to_error (complaints, error);
}

/* A new place in the outbox: what was tried for the last one is history. */
static void
begin_entry (CrmRow *row)
{
  row->entry++;
  row->attempts = 0;
  row->failures = 0;
  row->next_attempt = 0;
  row->set_at = 0;
}

static void
queue (CrmRow *row)
{
  gboolean nothing_to_send = row->crm_id != 0 && row->dirty == 0;

  row->state = nothing_to_send ? CRM_SYNC_SYNCED : CRM_SYNC_QUEUED;
  row->next_attempt = 0;
  row->set_at = 0;
}

static gboolean
submit (CrmRow  *row,
        GError **error)
{
  switch (row->state)
    {
    case CRM_SYNC_DRAFT:
    case CRM_SYNC_FAILED:
      if (row->conflict != 0)
        return refuse (error, _("This task was changed here and on the CRM as well. Choose first which of the two shall be"));
      if (!check (row, FALSE, error))
        return FALSE;
      row->attempts = 0;
      row->failures = 0;
      g_clear_pointer (&row->problem, crm_problem_free);
      queue (row);
      return TRUE;

    case CRM_SYNC_QUEUED:
      row->next_attempt = 0;
      row->set_at = 0;
      return TRUE;

    case CRM_SYNC_UNCONFIRMED:
      return refuse (error, _("This task may be on the CRM already. Say first whether it is (settle)"));

    case CRM_SYNC_SENDING:
    case CRM_SYNC_SYNCED:
    case CRM_SYNC_REMOVED:
    default:
      return TRUE;
    }
}

static gboolean
resubmit_as_new (CrmRow  *row,
                 GError **error)
{
  g_autoptr (GPtrArray) complaints = NULL;

  if (row->state != CRM_SYNC_FAILED || row->problem == NULL || row->problem->specific_code != 24392)
    return refuse (error, _("Only a task that the CRM says does not exist can be sent as a new one"));

  complaints = crm_task_rules_check (row->values, CRM_FIELDS_ALL);
  if (!crm_complaints_to_error (complaints, error))
    return FALSE;

  row->crm_id = 0;
  row->dirty = 0;
  row->uncertain = 0;
  row->adopted = FALSE;
  row->guessed = 0;
  row->listed = FALSE;
  row->conflict = 0;
  g_clear_pointer (&row->theirs, crm_values_free);
  g_clear_pointer (&row->confirmed, crm_values_free);
  g_clear_pointer (&row->problem, crm_problem_free);
  begin_entry (row);
  row->state = CRM_SYNC_QUEUED;

  return TRUE;
}

static gboolean
to_drafts (CrmRow  *row,
           GError **error)
{
  switch (row->state)
    {
    case CRM_SYNC_QUEUED:
    case CRM_SYNC_FAILED:
      if (row->may_be_there)
        return refuse (error, _("This task may be on the CRM already; it can’t become a draft before that is settled"));
      g_clear_pointer (&row->problem, crm_problem_free);
      row->state = CRM_SYNC_DRAFT;
      row->next_attempt = 0;
      row->set_at = 0;
      return TRUE;

    case CRM_SYNC_SENDING:
      return refuse (error, _("This task is being sent right now; it can become a draft when the answer is there"));
    case CRM_SYNC_UNCONFIRMED:
      return refuse (error, _("This task may be on the CRM already; it can’t become a draft before that is settled"));

    case CRM_SYNC_DRAFT:
    case CRM_SYNC_SYNCED:
    case CRM_SYNC_REMOVED:
    default:
      return TRUE;
    }
}

static gboolean
discard (CrmRow       *row,
         gboolean      surely,
         CrmEntryFate *fate,
         GError      **error)
{
  if (row->state == CRM_SYNC_SYNCED)
    return refuse (error, _("This task is on the CRM, which has no way to delete it"));

  if (!surely && (row->may_be_there || row->state == CRM_SYNC_UNCONFIRMED))
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_SECOND_YES,
                           _("This task may be on the CRM already, and stays there if it is. Discard it here all the "
                             "same? (--yes)"));
      return FALSE;
    }

  if (row->state == CRM_SYNC_SENDING)
    row->discarding = TRUE;
  else if (row->state == CRM_SYNC_UNCONFIRMED)
    *fate = CRM_ENTRY_REMOVED;
  else
    *fate = crm_entry_drop (row);

  return TRUE;
}

/**
 * crm_entry_drop:
 * @row: a row whose outbox entry shall go
 *
 * What a discard does to a waiting task: one that was never sent goes; an update goes back to what the CRM last
 * confirmed. Where an update may have been applied, the confirmed values are sent once more.
 *
 * Returns: whether the row is to be removed
 */
CrmEntryFate
crm_entry_drop (CrmRow *row)
{
  g_autoptr (CrmValues) confirmed = NULL;
  CrmFieldMask known, again;

  row->discarding = FALSE;
  if (row->crm_id == 0)
    return CRM_ENTRY_REMOVED;

  confirmed = crm_row_get_confirmed (row, &known);
  if (row->state == CRM_SYNC_DRAFT && known == 0)
    return CRM_ENTRY_REMOVED;

  /* Of a task that the CRM has no more nothing remains but what is given up. */
  if (crm_entry_is_gone (row))
    return CRM_ENTRY_REMOVED;
  if (row->conflict != 0)
    crm_values_take_over (confirmed, row->theirs, row->conflict);

  again = row->uncertain & known;
  crm_values_take_over (row->values, confirmed, known);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((known & CRM_FIELD_BIT (i)) == 0)
      crm_values_clear (row->values, i);

  g_clear_pointer (&row->problem, crm_problem_free);
  begin_entry (row);
  row->revision++;
  row->dirty = again;
  row->uncertain = again;
  row->conflict = 0;
  g_clear_pointer (&row->theirs, crm_values_free);
  if (row->confirmed != NULL)
    crm_values_take_over (row->confirmed, confirmed, known);
  if (known == CRM_FIELDS_ALL && again == 0)
    g_clear_pointer (&row->confirmed, crm_values_free);
  queue (row);

  return CRM_ENTRY_KEPT;
}

/**
 * crm_entry_create:
 * @row: a row from crm_row_new()
 * @values: the task's values
 * @touched: which of them were given; one that is given without a value is cleared on the CRM
 * @crm_id: its id when it is an update of a task known only by that, else 0
 * @draft: whether it is kept here for now
 * @error: %CRM_ERROR_INVALID when the known rules don't hold
 *
 * Returns: whether @row may be inserted
 */
gboolean
crm_entry_create (CrmRow           *row,
                  const CrmValues  *values,
                  CrmFieldMask      touched,
                  gint64            crm_id,
                  gboolean          draft,
                  GError          **error)
{
  crm_values_take_over (row->values, values, touched);
  row->crm_id = crm_id;

  if (crm_id != 0)
    {
      row->confirmed = crm_values_new ();
      row->known = 0;
      row->dirty = touched;
    }

  if (!check (row, draft, error))
    return FALSE;

  row->state = CRM_SYNC_DRAFT;
  if (!draft)
    queue (row);

  return TRUE;
}

/**
 * crm_entry_edit:
 * @row: a task's row
 * @values: the values given
 * @touched: which fields are given; others stay as they are
 * @mode: whether to submit as well
 * @error: %CRM_ERROR_INVALID when the known rules would not hold
 *
 * Returns: whether the edit holds; if not, @row is not to be written
 */
gboolean
crm_entry_edit (CrmRow           *row,
                const CrmValues  *values,
                CrmFieldMask      touched,
                CrmEditMode       mode,
                GError          **error)
{
  g_autoptr (CrmValues) confirmed = NULL;
  CrmFieldMask known, changed, dirty, resolved;

  resolved = crm_entry_resolve (row, touched);
  changed = crm_values_compare (row->values, values) & touched;
  dirty = row->dirty;

  if (row->crm_id != 0)
    {
      confirmed = crm_row_get_confirmed (row, &known);
      /* What was given is sent, but for what the CRM is known to have. */
      dirty = (dirty & ~touched) | (touched & ~known) | (touched & crm_values_compare (confirmed, values)) | row->uncertain;
    }

  if (changed != 0 || dirty != row->dirty || resolved != 0)
    {
      if (row->state == CRM_SYNC_SYNCED)
        {
          if (row->confirmed == NULL)
            {
              row->confirmed = g_steal_pointer (&confirmed);
              row->known = CRM_FIELDS_ALL;
            }
          begin_entry (row);
        }

      crm_values_take_over (row->values, values, touched);
      row->dirty = dirty;
      if (resolved != 0)
        row->dirty = (dirty & ~resolved) | (crm_values_compare (row->values, confirmed) & resolved) | row->uncertain;
      row->revision++;
      row->discarding = FALSE;

      if (row->state == CRM_SYNC_SYNCED)
        queue (row);
      else if (row->state == CRM_SYNC_QUEUED && row->crm_id != 0 && row->dirty == 0)
        {
          g_clear_pointer (&row->problem, crm_problem_free);
          row->state = CRM_SYNC_SYNCED;
        }
    }

  if (row->state == CRM_SYNC_SYNCED && row->known == CRM_FIELDS_ALL)
    g_clear_pointer (&row->confirmed, crm_values_free);

  if (!check (row, row->state == CRM_SYNC_DRAFT && mode == CRM_EDIT_KEEP, error))
    return FALSE;

  /* An unconfirmed task can't be submitted, nor one in conflict, but the edit is kept: it goes when that is settled. */
  if (mode == CRM_EDIT_SUBMIT && row->state != CRM_SYNC_UNCONFIRMED && row->conflict == 0)
    return submit (row, error);

  return TRUE;
}

/**
 * crm_entry_apply:
 * @row: a task's row
 * @action: what the person said
 * @fate: (out): what becomes of the row
 * @error: %CRM_ERROR_REFUSED or %CRM_ERROR_SECOND_YES when DESIGN.md §2 doesn't allow it
 *
 * Returns: whether it is so; if not, @row is not to be written
 */
gboolean
crm_entry_apply (CrmRow        *row,
                 CrmAction      action,
                 CrmEntryFate  *fate,
                 GError       **error)
{
  *fate = CRM_ENTRY_KEPT;

  switch (action)
    {
    case CRM_ACTION_SUBMIT:
    case CRM_ACTION_RESUBMIT:
      return submit (row, error);

    case CRM_ACTION_RESUBMIT_AS_NEW:
      return resubmit_as_new (row, error);

    case CRM_ACTION_TO_DRAFTS:
      return to_drafts (row, error);

    case CRM_ACTION_DISCARD:
    case CRM_ACTION_DISCARD_SURELY:
      return discard (row, action == CRM_ACTION_DISCARD_SURELY, fate, error);

    case CRM_ACTION_SEND_AGAIN:
      if (row->state != CRM_SYNC_UNCONFIRMED && (row->state != CRM_SYNC_QUEUED || !row->may_be_there))
        return refuse (error, _("Only a task that may be on the CRM needs settling"));
      if (!check (row, FALSE, error))
        return FALSE;
      *fate = crm_entry_release (row, FALSE, FALSE);
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

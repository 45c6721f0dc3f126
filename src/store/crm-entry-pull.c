/* crm-entry-pull.c: what a task that was found on the CRM does to the one here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-entry.h"

#include "model/crm-error.h"
#include "model/crm-likeness.h"
#include "model/crm-task-rules.h"

#include <glib/gi18n-lib.h>

#define NO_SUCH_TASK 24392

/* Who a task belongs to is one thing. */
static CrmFieldMask
get_unit (CrmFieldId field)
{
  CrmFieldMask bit = CRM_FIELD_BIT (field);

  return (bit & CRM_FIELDS_OWNER) != 0 ? CRM_FIELDS_OWNER : bit;
}

static CrmFieldMask
widen (CrmFieldMask mask)
{
  return (mask & CRM_FIELDS_OWNER) != 0 ? mask | CRM_FIELDS_OWNER : mask;
}

/* What the CRM makes of a text is that text. */
static CrmValues *
read_as_written (const CrmValues *remote,
                 const CrmValues *base,
                 CrmFieldMask     known,
                 const CrmValues *here)
{
  CrmValues *there = crm_values_copy (remote);
  CrmFieldMask other = crm_values_compare (remote, here);
  CrmFieldMask as_before = known & other & ~crm_likeness_compare (remote, base);

  /* What it was before comes first: an edit of space alone is one too, and not there yet. */
  crm_values_take_over (there, base, as_before);
  crm_values_take_over (there, here, other & ~as_before & ~crm_likeness_compare (remote, here));

  return there;
}

/* Whether the CRM has what is wanted here: a CRM gives an opportunity its venue by itself. */
static gboolean
agrees (const CrmValues *there,
        const CrmValues *here,
        CrmFieldMask     unit)
{
  CrmFieldMask different = crm_values_compare (there, here) & unit;

  if (unit == CRM_FIELDS_OWNER && crm_values_has (here, CRM_FIELD_LEAD) && !crm_values_has (here, CRM_FIELD_VENUE))
    different &= ~CRM_FIELD_BIT (CRM_FIELD_VENUE);

  return different == 0;
}

static gboolean
was_sent (GPtrArray       *doubtful,
          const CrmValues *there,
          CrmFieldMask     unit)
{
  for (guint i = 0; i < doubtful->len; i++)
    {
      const CrmSent *sent = doubtful->pdata[i];

      if ((sent->mask & unit) == unit && (crm_likeness_compare (there, sent->values) & unit) == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
describe (const CrmValues *values,
          CrmFieldId       field)
{
  if (!crm_values_has (values, field))
    return g_strdup (C_("value of a field", "nothing"));
  if (crm_field_get (field)->labels != NULL && crm_field_type_is_number (crm_field_get (field)->type))
    return g_strdup (crm_field_get_choice (field, crm_values_get_number (values, field)));
  if (crm_field_type_is_number (crm_field_get (field)->type))
    return g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, field));
  /* Translators: what is written in a field, in the language’s quotation marks */
  return g_strdup_printf (C_("value of a field", "“%s”"), crm_values_get_text (values, field));
}

static CrmProblem *
write_conflict (const CrmRow *row)
{
  CrmProblem *problem = crm_problem_new (CRM_ANSWER_REJECTED);
  g_autoptr (GStrvBuilder) messages = g_strv_builder_new ();
  CrmFieldMask different = crm_values_compare (row->values, row->theirs) & row->conflict;

  problem->message = g_strdup (_("Changed here and on the CRM as well. Choose which of the two shall be"));
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((different & CRM_FIELD_BIT (i)) != 0)
      {
        g_autofree char *here = describe (row->values, i);
        g_autofree char *there = describe (row->theirs, i);
        /* Translators: two values of one field, as “Here Low, on the CRM High” */
        g_autofree char *words = g_strdup_printf (_("Here %s, on the CRM %s"), here, there);
        g_autofree char *message = g_strdup_printf ("%s: %s", crm_field_get (i)->key, words);

        g_strv_builder_add (messages, message);
      }
  problem->additional_messages = g_strv_builder_end (messages);

  return problem;
}

/* Whether the problem was not said by the CRM, but by a pull. */
static gboolean
is_of_a_pull (const CrmProblem *problem)
{
  return problem != NULL && problem->klass == CRM_ANSWER_REJECTED && problem->http_status == 0 && problem->error_code == 0;
}

static gboolean
is_gone (const CrmProblem *problem)
{
  return is_of_a_pull (problem) && problem->specific_code == NO_SUCH_TASK;
}

/* After this only what is dirty differs from what is confirmed. */
static void
set_confirmed (CrmRow    *row,
               CrmValues *base)
{
  crm_values_free (row->confirmed);
  row->confirmed = base;
  row->known = CRM_FIELDS_ALL;
  row->guessed = 0;
  if (row->dirty == 0 && row->uncertain == 0)
    g_clear_pointer (&row->confirmed, crm_values_free);
}

static void
queue_again (CrmRow *row)
{
  gboolean nothing_to_send = row->dirty == 0;

  g_clear_pointer (&row->problem, crm_problem_free);
  row->state = nothing_to_send ? CRM_SYNC_SYNCED : CRM_SYNC_QUEUED;
  row->next_attempt = 0;
  row->set_at = 0;
}

/* Where the task stands once it is known what the CRM has. */
static void
stand (CrmRow *row)
{
  if (row->conflict != 0)
    {
      if (row->state == CRM_SYNC_QUEUED || (row->state == CRM_SYNC_FAILED && is_of_a_pull (row->problem)))
        {
          crm_problem_free (row->problem);
          row->problem = write_conflict (row);
          row->state = CRM_SYNC_FAILED;
          row->next_attempt = 0;
          row->set_at = 0;
        }
      return;
    }

  if ((row->state == CRM_SYNC_FAILED && is_of_a_pull (row->problem)) ||
      (row->dirty == 0 && (row->state == CRM_SYNC_QUEUED || row->state == CRM_SYNC_FAILED)))
    queue_again (row);
}

static gboolean
theirs_differ (const CrmRow    *row,
               CrmFieldMask     conflict,
               const CrmValues *there)
{
  if (row->conflict != conflict)
    return TRUE;

  return conflict != 0 && (crm_values_compare (row->theirs, there) & conflict) != 0;
}

/**
 * crm_entry_pull:
 * @row: the row of a task with an id, which is not being sent and was not since the CRM was asked
 * @remote: what the CRM has
 * @doubtful: (element-type CrmSent): the updates of it that may have been applied; empty when none may
 *
 * Merges field by field, owners as one: what was changed there alone is taken, what was changed here alone is kept; what was
 * changed on both sides to different values waits for the person, and nothing of the task is sent until then.
 *
 * Returns: whether anything of @row changed
 */
gboolean
crm_entry_pull (CrmRow          *row,
                const CrmValues *remote,
                GPtrArray       *doubtful)
{
  CrmFieldMask known, here, changed_there, unsure, conflict = 0, taken = 0;
  g_autoptr (CrmRow) before = crm_row_copy (row);
  g_autoptr (CrmValues) base = crm_row_get_confirmed (row, &known);
  g_autoptr (CrmValues) there = read_as_written (remote, base, known, row->values);

  here = widen (row->dirty);
  /* What an add left out and a CRM fills in was never the CRM's word. */
  unsure = ~known | row->guessed;
  changed_there = crm_values_compare (there, base) & ~unsure;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      CrmFieldMask unit = get_unit (i);

      if ((taken & unit) != 0 || (conflict & unit) != 0)
        continue;
      taken |= unit;

      if ((here & unit) == 0)
        {
          crm_values_take_over (row->values, there, unit);
          crm_values_take_over (base, there, unit);
        }
      else if (agrees (there, row->values, unit))
        {
          crm_values_take_over (row->values, there, unit);
          crm_values_take_over (base, there, unit);
          row->dirty = (row->dirty & ~unit) | (row->uncertain & unit);
        }
      else if ((changed_there & unit) == 0)
        crm_values_take_over (base, there, unit & unsure);
      else if ((row->uncertain & unit) != 0 && was_sent (doubtful, there, unit))
        crm_values_take_over (base, there, unit & unsure);
      else
        {
          taken &= ~unit;
          conflict |= unit;
        }
    }

  if (theirs_differ (row, conflict, there))
    row->revision++;
  crm_values_free (row->theirs);
  row->theirs = conflict != 0 ? g_steal_pointer (&there) : NULL;
  row->conflict = conflict;
  row->listed = TRUE;
  set_confirmed (row, g_steal_pointer (&base));
  stand (row);

  if (crm_values_compare (row->values, before->values) != 0 && row->revision == before->revision)
    row->revision++;

  return row->revision != before->revision || row->state != before->state || row->dirty != before->dirty ||
         row->guessed != before->guessed || row->listed != before->listed ||
         (row->confirmed == NULL) != (before->confirmed == NULL) || row->known != before->known ||
         (row->confirmed != NULL && crm_values_compare (row->confirmed, before->confirmed) != 0) ||
         (row->problem == NULL) != (before->problem == NULL);
}

/**
 * crm_entry_miss:
 * @row: the row of a task with an id, which is not being sent
 * @fate: (out): what becomes of it
 *
 * The CRM has the task no more: what was not touched here goes; what was needs attention.
 *
 * Returns: whether anything of @row changes
 */
gboolean
crm_entry_miss (CrmRow       *row,
                CrmEntryFate *fate)
{
  *fate = CRM_ENTRY_KEPT;

  if (row->state == CRM_SYNC_SYNCED && !row->typed)
    {
      *fate = CRM_ENTRY_REMOVED;
      return TRUE;
    }
  if ((row->state != CRM_SYNC_QUEUED && row->state != CRM_SYNC_FAILED) || is_gone (row->problem))
    return FALSE;

  crm_problem_free (row->problem);
  row->problem = crm_problem_new (CRM_ANSWER_REJECTED);
  row->problem->specific_code = NO_SUCH_TASK;
  row->problem->message = g_strdup (_("The task was deleted on the CRM. What you changed is kept here; you can send it as a new task"));
  row->state = CRM_SYNC_FAILED;
  row->conflict = 0;
  g_clear_pointer (&row->theirs, crm_values_free);
  row->next_attempt = 0;
  row->set_at = 0;
  row->revision++;

  return TRUE;
}

/**
 * crm_entry_is_gone:
 * @row: a row
 *
 * Returns: whether a pull found that the CRM has the task no more
 */
gboolean
crm_entry_is_gone (const CrmRow *row)
{
  return row->state == CRM_SYNC_FAILED && is_gone (row->problem);
}

/**
 * crm_entry_resolve:
 * @row: a row
 * @touched: fields for which a person said what shall be
 *
 * What is said of a field that was changed on both sides is said knowing both: the CRM's is what was confirmed from now on.
 *
 * Returns: the fields that were in conflict and are no more
 */
CrmFieldMask
crm_entry_resolve (CrmRow       *row,
                   CrmFieldMask  touched)
{
  CrmFieldMask resolved = row->conflict & widen (touched);

  if (resolved == 0)
    return 0;

  crm_values_take_over (row->confirmed, row->theirs, resolved);
  row->conflict &= ~resolved;
  if (row->conflict == 0)
    g_clear_pointer (&row->theirs, crm_values_free);

  return resolved;
}

/**
 * crm_entry_choose:
 * @row: a row
 * @revision: the revision the person saw
 * @theirs: the fields in which the CRM's values shall be; in the others the ones here
 * @error: %CRM_ERROR_REFUSED when there is nothing to choose, or not what the person saw
 *
 * Ends a conflict, and queues the task when nothing else is in its way.
 *
 * Returns: whether it is so; if not, @row is not to be written
 */
gboolean
crm_entry_choose (CrmRow        *row,
                  gint64         revision,
                  CrmFieldMask   theirs,
                  GError       **error)
{
  gboolean waits_for_this = row->state == CRM_SYNC_FAILED && is_of_a_pull (row->problem);
  CrmFieldMask resolved;

  if (row->conflict == 0 || row->revision != revision)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED, _("The task has changed since; look again, please"));
      return FALSE;
    }

  theirs = widen (theirs) & row->conflict;
  crm_values_take_over (row->values, row->theirs, theirs);
  resolved = crm_entry_resolve (row, row->conflict);
  /* What an update that was not understood may have done is done by now, and something else came after it: sending that once more
   * would only overwrite what may have come since. */
  row->uncertain &= ~theirs;
  row->dirty = (row->dirty & ~resolved) | (crm_values_compare (row->values, row->confirmed) & resolved) | row->uncertain;
  row->revision++;
  set_confirmed (row, g_steal_pointer (&row->confirmed));

  if (waits_for_this)
    {
      g_autoptr (GPtrArray) complaints = crm_task_rules_check (row->values, row->dirty);

      if (!crm_complaints_to_error (complaints, error))
        return FALSE;
      row->attempts = 0;
      row->failures = 0;
      queue_again (row);
    }

  return TRUE;
}

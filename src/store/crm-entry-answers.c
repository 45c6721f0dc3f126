/* crm-entry-answers.c: what the CRM's answers do to an entry: the second table of DESIGN.md §2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-entry.h"

#include "model/crm-task-json.h"

/* What a CRM fills in by itself when an add leaves it out (API.md §4). */
#define FILLED_IN_BY_THE_CRM                                                                            \
  (CRM_FIELD_BIT (CRM_FIELD_STATUS) | CRM_FIELD_BIT (CRM_FIELD_PRIORITY) |                              \
   CRM_FIELD_BIT (CRM_FIELD_ASSIGNED_USER) | CRM_FIELD_BIT (CRM_FIELD_VENUE))

static void
begin_entry (CrmRow *row)
{
  row->entry++;
  row->attempts = 0;
  row->failures = 0;
}

static void
queue (CrmRow *row,
       gint64  next_attempt,
       gint64  now)
{
  gboolean nothing_to_send = row->crm_id != 0 && row->dirty == 0;

  row->state = nothing_to_send ? CRM_SYNC_SYNCED : CRM_SYNC_QUEUED;
  row->next_attempt = nothing_to_send ? 0 : next_attempt;
  row->set_at = row->next_attempt != 0 ? now : 0;
}

static void
take_problem (CrmRow           *row,
              const CrmProblem *problem)
{
  g_clear_pointer (&row->problem, crm_problem_free);
  row->problem = crm_problem_copy (problem);
}

/* A discard that waited for this answer: nothing came of the send, so it is as if it had still been waiting. An earlier
 * send of the same add may have come through, though. */
static CrmEntryFate
drop_or_look (CrmRow *row)
{
  if (row->crm_id == 0 && row->may_be_there)
    {
      row->released = FALSE;
      row->state = CRM_SYNC_UNCONFIRMED;
      return CRM_ENTRY_KEPT;
    }

  return crm_entry_drop (row);
}

/* From here on the CRM has what was sent. */
static void
confirm (CrmRow        *row,
         const CrmSent *sent)
{
  g_autoptr (CrmValues) confirmed = NULL;
  CrmFieldMask known = CRM_FIELDS_ALL;

  if (sent->is_add)
    confirmed = crm_values_copy (sent->values);
  else
    {
      confirmed = crm_row_get_confirmed (row, &known);
      crm_values_take_over (confirmed, sent->values, sent->mask);
      known |= sent->mask;
    }

  /* What was edited since goes next, as an update. */
  row->dirty = (sent->is_add ? 0 : row->dirty & ~sent->mask) |
               (crm_values_compare (row->values, sent->values) & (sent->is_add ? CRM_FIELDS_ALL : sent->mask));

  crm_values_free (row->confirmed);
  row->confirmed = g_steal_pointer (&confirmed);
  row->known = known;
  row->uncertain = 0;
  row->guessed = sent->is_add ? FILLED_IN_BY_THE_CRM & ~sent->mask : row->guessed & ~sent->mask;
  row->may_be_there = FALSE;
  row->released = FALSE;
  g_clear_pointer (&row->problem, crm_problem_free);
}

/* Ends the entry; what is dirty by now is the next one. */
static CrmEntryFate
settle (CrmRow *row)
{
  CrmEntryFate fate = CRM_ENTRY_KEPT;

  if (row->discarding)
    {
      crm_values_take_over (row->values, row->confirmed, CRM_FIELDS_ALL);
      row->discarding = FALSE;
      row->dirty = row->uncertain;
      fate = CRM_ENTRY_ALREADY_THERE;
    }

  if (row->dirty != 0)
    begin_entry (row);
  else if (row->known == CRM_FIELDS_ALL)
    g_clear_pointer (&row->confirmed, crm_values_free);
  queue (row, 0, 0);

  return fate;
}

static CrmEntryFate
answer_accepted (CrmRow           *row,
                 const CrmSent    *sent,
                 const CrmOutcome *outcome)
{
  row->crm_id = outcome->id;
  row->adopted = FALSE;
  confirm (row, sent);

  return settle (row);
}

static CrmEntryFate
answer_rejected (CrmRow           *row,
                 const CrmSent    *sent,
                 const CrmOutcome *outcome)
{
  row->may_be_there = FALSE;
  row->released = FALSE;

  if (row->discarding)
    return crm_entry_drop (row);

  if (row->revision > sent->revision)
    {
      /* The newer revision has not been judged. */
      g_clear_pointer (&row->problem, crm_problem_free);
      queue (row, 0, 0);
      return CRM_ENTRY_KEPT;
    }

  take_problem (row, outcome->answer);
  row->state = CRM_SYNC_FAILED;
  return CRM_ENTRY_KEPT;
}

/* The CRM may have acted on what was sent. */
static void
doubt (CrmRow        *row,
       const CrmSent *sent)
{
  if (sent->is_add)
    {
      row->may_be_there = TRUE;
      row->released = FALSE;
      return;
    }

  row->uncertain |= sent->mask;
  row->dirty |= sent->mask;
}

static CrmEntryFate
answer_doubtful (CrmRow           *row,
                 const CrmSent    *sent,
                 const CrmOutcome *outcome)
{
  CrmAnswerClass klass = outcome->answer->klass;

  doubt (row, sent);

  if (row->discarding)
    return drop_or_look (row);

  queue (row, outcome->next_attempt, outcome->finished_at);
  if (sent->is_add && klass != CRM_ANSWER_TROUBLE)
    {
      row->state = CRM_SYNC_UNCONFIRMED;
      row->next_attempt = 0;
      row->set_at = 0;
      /* An address that isn't a CRM is everyone's trouble, told in one banner. */
      if (klass == CRM_ANSWER_UNCONFIRMED)
        take_problem (row, outcome->answer);
    }

  return CRM_ENTRY_KEPT;
}

/**
 * crm_entry_get_mask:
 * @row: the row of a task to be sent
 *
 * Returns: the fields to send: of an add all that are set, of an update what is dirty, owners as a group
 */
CrmFieldMask
crm_entry_get_mask (const CrmRow *row)
{
  if (row->crm_id == 0)
    return crm_values_get_mask (row->values);

  return crm_task_json_close_group (row->dirty, row->values);
}

/**
 * crm_entry_claim:
 * @row: a row that is due
 * @attempt_id: the attempt written for it
 *
 * Takes the entry for sending.
 */
void
crm_entry_claim (CrmRow *row,
                 gint64  attempt_id)
{
  row->state = CRM_SYNC_SENDING;
  row->attempt_id = attempt_id;
  row->next_attempt = 0;
  row->set_at = 0;
}

/**
 * crm_entry_answer:
 * @row: the row of a task under way
 * @sent: what was sent
 * @outcome: what came back
 *
 * Returns: what becomes of the row
 */
CrmEntryFate
crm_entry_answer (CrmRow           *row,
                  const CrmSent    *sent,
                  const CrmOutcome *outcome)
{
  row->attempt_id = 0;
  if (outcome->written)
    row->attempts++;

  switch (outcome->answer->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      return answer_accepted (row, sent, outcome);

    case CRM_ANSWER_REJECTED:
      return answer_rejected (row, sent, outcome);

    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_UNCONFIRMED:
      return answer_doubtful (row, sent, outcome);

    case CRM_ANSWER_NOT_A_CRM:
      if (outcome->written)
        return answer_doubtful (row, sent, outcome);
      G_GNUC_FALLTHROUGH;

    case CRM_ANSWER_NOT_SENT:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_CLOCK:
    default:
      if (row->discarding)
        return drop_or_look (row);
      queue (row, outcome->next_attempt, outcome->finished_at);
      return CRM_ENTRY_KEPT;
    }
}

/**
 * crm_entry_adopt:
 * @row: the row of an add that may be on the CRM
 * @crm_id: the task that it is there
 * @sent: (element-type CrmSent): every body that may have arrived, oldest first; not empty
 *
 * What was changed since, or differs between what was sent, goes next as an update.
 *
 * Returns: what becomes of the row
 */
CrmEntryFate
crm_entry_adopt (CrmRow    *row,
                 gint64     crm_id,
                 GPtrArray *sent)
{
  const CrmSent *last = sent->pdata[sent->len - 1];
  CrmFieldMask differing = 0;

  /* Any of them may be the one that is there. */
  for (guint i = 0; i + 1 < sent->len; i++)
    differing |= crm_values_compare (last->values, ((CrmSent *) sent->pdata[i])->values);

  row->crm_id = crm_id;
  row->adopted = TRUE;
  confirm (row, last);
  row->dirty |= differing;
  row->uncertain |= differing;

  return settle (row);
}

/**
 * crm_entry_lose_id:
 * @row: the row of a task whose id an answer gave to another
 * @was_adopted: whether this one had got the id by looking: then the answer wins
 * @why: (transfer full): what a person is told
 *
 * The row is unconfirmed again (API.md §4).
 */
void
crm_entry_lose_id (CrmRow     *row,
                   gboolean    was_adopted,
                   CrmProblem *why)
{
  if (was_adopted)
    {
      row->crm_id = 0;
      row->adopted = FALSE;
      row->dirty = 0;
      row->uncertain = 0;
      row->guessed = 0;
      row->listed = FALSE;
      row->conflict = 0;
      g_clear_pointer (&row->theirs, crm_values_free);
      g_clear_pointer (&row->confirmed, crm_values_free);
    }

  row->may_be_there = TRUE;
  row->released = FALSE;
  row->state = CRM_SYNC_UNCONFIRMED;
  row->attempt_id = 0;
  row->next_attempt = 0;
  row->set_at = 0;
  crm_problem_free (row->problem);
  row->problem = why;
}

/**
 * crm_entry_cut_off:
 * @row: a row found `sending` by whoever acquired the right to send
 * @sent: what its unfinished attempt sends
 *
 * Its sender is gone, and so is the answer.
 */
void
crm_entry_cut_off (CrmRow        *row,
                   const CrmSent *sent)
{
  row->attempt_id = 0;
  row->attempts++;
  doubt (row, sent);

  if (sent->is_add)
    row->state = CRM_SYNC_UNCONFIRMED;
  else if (row->discarding)
    crm_entry_drop (row);
  else
    queue (row, 0, 0);
}

/**
 * crm_entry_blame:
 * @row: the row of a task whose last answer was its own fault, as it turned out
 * @problem: that answer
 * @next_attempt: when to try again; microseconds since 1970, UTC
 * @now: the time
 *
 * Counts a trouble against the entry, or parks one that was rejected.
 */
void
crm_entry_blame (CrmRow           *row,
                 const CrmProblem *problem,
                 gint64            next_attempt,
                 gint64            now)
{
  if (row->state != CRM_SYNC_QUEUED && row->state != CRM_SYNC_UNCONFIRMED)
    return;

  /* What a person is asked of an unconfirmed one is not overwritten. */
  if (row->state == CRM_SYNC_QUEUED)
    take_problem (row, problem);
  if (problem->klass == CRM_ANSWER_REJECTED || ++row->failures >= CRM_MOST_FAILURES)
    {
      take_problem (row, problem);
      row->state = CRM_SYNC_FAILED;
      row->next_attempt = 0;
      row->set_at = 0;
    }
  else if (row->state == CRM_SYNC_QUEUED)
    {
      row->next_attempt = next_attempt;
      row->set_at = now;
    }
}

/**
 * crm_entry_release:
 * @row: the row of an add that may be on the CRM
 * @looked: whether two looks said it; if not, a person did
 * @count: whether it counts as a failed attempt; not if its last send was answered, for that was counted then
 *
 * It was not found, so that it may be sent again; a discard that waited for this removes it. A waiting entry keeps its
 * time.
 *
 * Returns: what becomes of the row
 */
CrmEntryFate
crm_entry_release (CrmRow   *row,
                   gboolean  looked,
                   gboolean  count)
{
  if (row->discarding && looked)
    return CRM_ENTRY_REMOVED;

  row->discarding = FALSE;
  row->released = TRUE;

  if (count && row->state == CRM_SYNC_UNCONFIRMED && ++row->failures >= CRM_MOST_FAILURES)
    {
      row->state = CRM_SYNC_FAILED;
      if (row->problem == NULL)
        row->problem = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
    }
  else if (row->state == CRM_SYNC_UNCONFIRMED || !looked)
    {
      queue (row, 0, 0);
      g_clear_pointer (&row->problem, crm_problem_free);
    }

  return CRM_ENTRY_KEPT;
}

/**
 * crm_outcome_clear:
 * @self: an outcome; what it points to is freed
 */
void
crm_outcome_clear (CrmOutcome *self)
{
  g_clear_pointer (&self->answer, crm_problem_free);
  g_clear_pointer (&self->raw, g_free);
}

/**
 * crm_sent_free:
 * @self: (transfer full) (nullable): what was sent
 */
void
crm_sent_free (CrmSent *self)
{
  if (self == NULL)
    return;

  crm_values_free (self->values);
  g_free (self);
}

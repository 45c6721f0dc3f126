/* crm-sync-judge.c: whose fault an answer is: the entry's own, or everyone's (API.md §1)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-sync-service-private.h"

#include "sync/crm-retry-policy.h"

/* So many different entries in trouble are no longer each its own fault (API.md §1). */
#define TOO_MANY_IN_TROUBLE 3

static void
on_blamed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmSyncService) self = user_data;
  g_autoptr (GError) error = NULL;

  /* Not written means not counted: the entry is tried once more than it would have been. */
  if (!crm_outbox_finish (CRM_STORE (source), result, &error))
    g_debug ("A failed attempt was not counted: %s", error->message);
  crm_sync_service_schedule_pump (self);
}

static void
blame (CrmSyncService   *self,
       const CrmSuspect *suspect)
{
  gint64 now = crm_clock_now (self->clock);
  gint64 wait = crm_retry_policy_get_wait (suspect->failures + 1, suspect->retry_after, crm_clock_random (self->clock));

  crm_outbox_blame_async (self->store, suspect->local_id, suspect->problem, now + wait, now, on_blamed,
                          g_object_ref (self));
}

static void
judge_refusals (CrmSyncService *self,
                gboolean        well)
{
  for (guint i = 0; i < self->accused->len; i++)
    {
      const CrmSuspect *suspect = self->accused->pdata[i];
      gpointer key = GSIZE_TO_POINTER (suspect->local_id);
      guint strikes;

      if (suspect->problem->klass != CRM_ANSWER_ACCOUNT)
        continue;
      if (!well)
        {
          g_hash_table_remove (self->strikes, key);
          continue;
        }

      strikes = GPOINTER_TO_UINT (g_hash_table_lookup (self->strikes, key)) + 1;
      g_hash_table_insert (self->strikes, key, GUINT_TO_POINTER (strikes));
      if (strikes >= 2)
        {
          g_hash_table_remove (self->strikes, key);
          suspect->problem->klass = CRM_ANSWER_REJECTED;
          blame (self, suspect);
        }
    }
}

/* What was settled, removed or given up since is no sign of the CRM's state any more. */
static gboolean
is_everyones (CrmSyncService *self)
{
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->troubled);
  while (n < TOO_MANY_IN_TROUBLE && g_hash_table_iter_next (&iter, &key, NULL))
    if (crm_outbox_is_waiting (self->store, GPOINTER_TO_SIZE (key)))
      n++;
    else
      g_hash_table_iter_remove (&iter);

  return n >= TOO_MANY_IN_TROUBLE;
}

static void
judge_troubles (CrmSyncService *self,
                gboolean        well)
{
  gboolean everyone = is_everyones (self);
  gboolean any = FALSE;

  for (guint i = 0; i < self->accused->len; i++)
    {
      const CrmSuspect *suspect = self->accused->pdata[i];

      if (suspect->problem->klass == CRM_ANSWER_ACCOUNT)
        continue;
      any = TRUE;
      if (well && !everyone && suspect->counts)
        blame (self, suspect);
    }

  if (any && well && everyone)
    {
      self->on_probation = TRUE;
      crm_queue_pause_begin (self->pause, CRM_ANSWER_TROUBLE, NULL);
    }
}

/**
 * crm_sync_judge_ask:
 * @self: the service
 *
 * Pings, if there is anyone to judge.
 */
void
crm_sync_judge_ask (CrmSyncService *self)
{
  /* A ping that was sent before the answer says nothing of it; and where the CRM said how long to wait, pings wait too. */
  if (self->suspects->len == 0 || self->accused->len > 0 || crm_queue_pause_is_probing (self->pause) ||
      crm_queue_pause_get_resume_at (self->pause) != 0)
    return;

  g_ptr_array_extend_and_steal (self->accused, g_steal_pointer (&self->suspects));
  self->suspects = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_suspect_free);
  crm_queue_pause_probe (self->pause);
}

/**
 * crm_sync_judge_on_probed:
 * @self: the service
 * @well: whether the ping succeeded
 *
 * Judges those who waited for it.
 */
void
crm_sync_judge_on_probed (CrmSyncService *self,
                          gboolean        well)
{
  judge_refusals (self, well);
  judge_troubles (self, well);
  g_ptr_array_set_size (self->accused, 0);
  crm_sync_judge_ask (self);
  crm_sync_service_schedule_pump (self);
}

/**
 * crm_sync_judge_on_batch_answered:
 * @self: the service
 * @claim: an add that went with others
 * @answer: its answer, recorded already
 * @fate: what became of the entry
 * @others_accepted: whether the CRM accepted others beside it
 *
 * What fails beside others that get through is its own trouble, as with those that come alone. But what was accepted may
 * have been so a while ago, and says nothing of the trouble of others since. What hits everyone is heeded where it is
 * heard, for all of them at once.
 */
void
crm_sync_judge_on_batch_answered (CrmSyncService *self,
                                  CrmClaim       *claim,
                                  CrmAnswer      *answer,
                                  int             fate,
                                  gboolean        others_accepted)
{
  CrmAnswerClass klass = answer->outcome->klass;
  CrmFlight flight = {
    .owner = self,
    .claim = claim,
    .answer = answer,
    .counts = klass == CRM_ANSWER_TROUBLE,
    .accepted_before = self->accepted - (others_accepted ? 1 : 0),
  };

  if (self->flights == NULL)
    return;

  if (klass == CRM_ANSWER_ACCEPTED)
    g_hash_table_remove (self->strikes, GSIZE_TO_POINTER (claim->local_id));
  if (klass == CRM_ANSWER_TROUBLE)
    crm_sync_judge_heed (self, &flight);
  else if (crm_clock_now (self->clock) - crm_queue_pause_get_last_sync (self->pause) > G_TIME_SPAN_SECOND &&
           (klass == CRM_ANSWER_ACCEPTED || klass == CRM_ANSWER_REJECTED))
    crm_queue_pause_note_well (self->pause);
  g_signal_emit_by_name (self, "recorded", claim->local_id, (int) klass, fate == CRM_ENTRY_ALREADY_THERE);
}

/**
 * crm_sync_judge_heed:
 * @self: the service
 * @flight: an entry that was answered; the entry's part is recorded already
 *
 * What the answer means for the queue.
 */
void
crm_sync_judge_heed (CrmSyncService *self,
                     CrmFlight      *flight)
{
  CrmAnswer *answer = flight->answer;
  CrmAnswerClass klass = answer->outcome->klass;
  gpointer key = GSIZE_TO_POINTER (flight->claim->local_id);

  switch (klass)
    {
    case CRM_ANSWER_ACCEPTED:
      self->on_probation = FALSE;
      g_hash_table_remove_all (self->troubled);
      g_hash_table_remove (self->strikes, key);
      crm_push_window_note_good (&self->window, flight->answered_at, flight->answered_at - flight->sent_at);
      crm_queue_pause_note_accepted (self->pause);
      crm_queue_pause_note_well (self->pause);
      break;

    case CRM_ANSWER_REJECTED:
      self->on_probation = FALSE;
      crm_push_window_note_good (&self->window, flight->answered_at, flight->answered_at - flight->sent_at);
      crm_queue_pause_note_well (self->pause);
      break;

    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_UNCONFIRMED:
      crm_push_window_note_bad (&self->window);
      if (klass == CRM_ANSWER_TROUBLE && answer->retry_after > 0)
        crm_queue_pause_hold (self->pause, klass, answer->retry_after);

      g_hash_table_add (self->troubled, key);
      self->on_probation = self->on_probation && is_everyones (self);
      if (self->on_probation)
        crm_queue_pause_begin (self->pause, CRM_ANSWER_TROUBLE, answer);
      else if (self->accepted != flight->accepted_before && flight->counts)
        {
          g_autoptr (CrmSuspect) suspect = crm_flight_to_suspect (flight);

          blame (self, suspect);
        }
      else
        g_ptr_array_add (self->suspects, crm_flight_to_suspect (flight));
      break;

    case CRM_ANSWER_ACCOUNT:
      crm_queue_pause_begin (self->pause, klass, answer);
      g_ptr_array_add (self->suspects, crm_flight_to_suspect (flight));
      break;

    case CRM_ANSWER_THROTTLED:
      crm_push_window_note_bad (&self->window);
      crm_queue_pause_hold (self->pause, klass, answer->retry_after);
      break;

    case CRM_ANSWER_CLOCK:
      crm_queue_pause_note_clock (self->pause, flight->clock_offset, answer);
      break;

    case CRM_ANSWER_NOT_SENT:
    case CRM_ANSWER_NOT_A_CRM:
    default:
      crm_queue_pause_begin (self->pause, klass, answer);
      break;
    }

  crm_sync_judge_ask (self);
}

/* crm-sync-exchange.c: what is due goes out, what was answered is stored
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-sync-service-private.h"

#include "store/crm-outbox.h"
#include "sync/crm-retry-policy.h"

/* One that is to end gives up storing an answer after so many tries. */
#define MOST_RECORD_FAILURES 10

/* An answer that takes so long is waited for by nobody else. */
#define FAR_AWAY (10 * G_TIME_SPAN_MILLISECOND)

/* One transaction: answers are stored, and what takes their place is claimed. */
typedef struct
{
  CrmSyncService *service;
  GPtrArray      *flights;      /* of CrmFlight, that were answered */
  guint           most;         /* to be claimed */
  gint64          clock_offset; /* what is claimed is signed with */
} Exchange;

static void record (CrmFlight *flight);
static gboolean on_pump (gpointer user_data);

static void
exchange_free (Exchange *self)
{
  g_ptr_array_unref (self->flights);
  g_object_unref (self->service);
  g_free (self);
}

static void
conclude (CrmFlight    *flight,
          CrmEntryFate  fate)
{
  CrmSyncService *self = flight->owner;

  if (flight->record_failures > 0)
    self->unrecorded--;

  crm_sync_judge_heed (self, flight);
  crm_sync_service_emit_recorded (self, flight, fate == CRM_ENTRY_ALREADY_THERE);
  if (self->flights != NULL)
    g_hash_table_remove (self->flights, flight);
  else
    crm_flight_free (flight);
}

/* Recording one alone, after it could not be done together with others */

static gboolean
on_record_again (gpointer user_data)
{
  record (user_data);

  return G_SOURCE_REMOVE;
}

/* The answer is kept until it can be stored: sending again would double the task. */
static void
keep (CrmFlight    *flight,
      const GError *error)
{
  CrmSyncService *self = flight->owner;

  g_message ("An answer could not be stored yet: %s", error->message);
  if (flight->record_failures++ == 0)
    self->unrecorded++;
  if (self->stop != NULL && flight->record_failures > MOST_RECORD_FAILURES)
    {
      /* It stays `sending`: the next sender takes it for cut off, and looks for it. */
      self->unrecorded--;
      g_hash_table_remove (self->flights, flight);
      return;
    }

  flight->timer = crm_clock_call (self->clock, CRM_SYNC_WATCH_INTERVAL, on_record_again, flight);
}

static void
on_recorded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CrmFlight *flight = user_data;
  g_autoptr (CrmSyncService) self = g_object_ref (flight->owner);
  g_autoptr (GError) error = NULL;
  CrmEntryFate fate;
  gboolean done = crm_outbox_record_finish (CRM_STORE (source), result, &fate, &error);

  if (self->flights == NULL)
    {
      crm_flight_free (flight);
      return;
    }

  crm_sync_service_note_local_trouble (self, error);
  if (!done)
    {
      keep (flight, error);
      crm_sync_service_stop_if_calm (self);
      return;
    }

  conclude (flight, fate);
  crm_reconciler_wake (self->reconciler);
  crm_sync_service_notify (self);
  crm_sync_service_schedule_pump (self);
  crm_sync_service_stop_if_calm (self);
}

static CrmOutcome
describe_outcome (CrmFlight *flight)
{
  CrmSyncService *self = flight->owner;
  CrmAnswer *answer = flight->answer;
  gint64 now = crm_clock_now (self->clock);
  CrmAnswerClass klass = answer->outcome->klass;
  CrmOutcome outcome = {
    .answer = answer->outcome,
    .written = answer->written,
    .id = answer->id,
    .raw = answer->raw,
    .finished_at = now,
  };

  if (klass == CRM_ANSWER_TROUBLE || klass == CRM_ANSWER_UNCONFIRMED)
    outcome.next_attempt = now + crm_retry_policy_get_wait (flight->claim->failures + 1, answer->retry_after,
                                                            crm_clock_random (self->clock));

  return outcome;
}

static void
record (CrmFlight *flight)
{
  CrmSyncService *self = flight->owner;
  CrmOutcome outcome = describe_outcome (flight);

  flight->timer = 0;
  crm_outbox_record_async (self->store, flight->claim->local_id, flight->claim->attempt_id, &outcome, on_recorded, flight);
}

/* A transaction costs much, and an answer more in it little: half of what is under way is waited for while there are others to
 * be read, but no longer. Where answers take long, all of them would come to wait for each other. */
static void
schedule_record (CrmSyncService *self)
{
  const CrmFlight *first = self->answered->pdata[0];

  if (self->exchanging)
    return;

  if (first->answered_at - first->sent_at > FAR_AWAY || 2 * self->answered->len >= g_hash_table_size (self->flights))
    crm_sync_service_schedule_pump (self);
  else if (self->pump_timer == 0)
    {
      self->pump_timer = crm_clock_call_when_calm (self->clock, on_pump, self);
      self->pump_waits = TRUE;
    }
}

/* Sending */

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  CrmFlight *flight = user_data;
  CrmSyncService *self = flight->owner;

  flight->answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  if (self->flights == NULL)
    {
      crm_flight_free (flight);
      return;
    }

  flight->answered_at = crm_clock_monotonic (self->clock);
  crm_batch_sender_note_latency (self->batches, flight->answered_at - flight->sent_at);
  if (flight->answer->outcome->klass == CRM_ANSWER_ACCEPTED)
    self->accepted++;
  flight->counts = flight->answer->outcome->klass == CRM_ANSWER_TROUBLE ||
                   (flight->answer->outcome->klass == CRM_ANSWER_UNCONFIRMED && flight->claim->crm_id != 0);
  g_ptr_array_add (self->answered, flight);
  schedule_record (self);
}

static void
send (CrmSyncService *self,
      CrmClaim       *claim,
      gint64          clock_offset)
{
  CrmFlight *flight = crm_flight_new (self, claim);

  flight->clock_offset = clock_offset;
  flight->accepted_before = self->accepted;
  flight->sent_at = crm_clock_monotonic (self->clock);
  g_hash_table_add (self->flights, flight);
  crm_api_client_send_task_async (self->client, claim->body, claim->crm_id, claim->signed_at, NULL, on_answered, flight);
}

static gboolean
on_wake (gpointer user_data)
{
  CrmSyncService *self = user_data;

  self->wake_timer = 0;
  crm_sync_service_schedule_pump (self);

  return G_SOURCE_REMOVE;
}

static void
wake_at (CrmSyncService *self,
         gint64          when,
         gint64          wait)
{
  if (self->wake_timer != 0)
    crm_clock_cancel (self->clock, self->wake_timer);
  self->wake_timer = 0;
  self->next_wake = when;
  if (when != 0)
    /* Not longer than the longest backoff, so that a clock that jumps delays nothing by more. */
    self->wake_timer = crm_clock_call (self->clock, CLAMP (wait, 0, CRM_RETRY_LONGEST), on_wake, self);
}

/* Both at once */

static guint
get_room (CrmSyncService *self)
{
  guint window = self->on_probation ? 1 : self->fixed_window != 0 ? self->fixed_window : crm_push_window_get (&self->window);
  guint under_way = g_hash_table_size (self->flights) - self->answered->len;

  return window > under_way ? window - under_way : 0;
}

/* What an answer says of the queue is heeded when it is stored; until then nothing follows one that may say something. */
static gboolean
may_claim (CrmSyncService *self)
{
  if (!crm_sync_service_is_sending (self) || self->held || self->unrecorded > 0 || crm_batch_sender_is_stuck (self->batches) ||
      crm_queue_pause_is_on (self->pause) || crm_queue_pause_is_probing (self->pause))
    return FALSE;

  for (guint i = 0; i < self->answered->len; i++)
    {
      CrmAnswerClass klass = ((CrmFlight *) self->answered->pdata[i])->answer->outcome->klass;

      if (klass != CRM_ANSWER_ACCEPTED && klass != CRM_ANSWER_REJECTED)
        return FALSE;
    }

  return TRUE;
}

static void
fail (CrmSyncService *self,
      Exchange       *exchange,
      const GError   *error)
{
  for (guint i = 0; i < exchange->flights->len; i++)
    keep (exchange->flights->pdata[i], error);

  if (exchange->flights->len == 0)
    {
      g_message ("What is due could not be read: %s", error->message);
      wake_at (self, crm_clock_now (self->clock) + CRM_SYNC_WATCH_INTERVAL, CRM_SYNC_WATCH_INTERVAL);
    }
  crm_sync_service_stop_if_calm (self);
}

/* Goes through what was stored and sends what was claimed. */
static void
go_on (CrmSyncService *self,
       Exchange       *exchange,
       GPtrArray      *recordings,
       GPtrArray      *claims,
       gint64          next_due)
{
  self->is_quiet = TRUE;
  for (guint i = 0; i < exchange->flights->len; i++)
    {
      if (self->flights != NULL)
        conclude (exchange->flights->pdata[i], ((CrmRecording *) recordings->pdata[i])->fate);
      else
        crm_flight_free (exchange->flights->pdata[i]);
    }
  self->is_quiet = FALSE;
  if (self->flights == NULL)
    return;

  g_ptr_array_set_free_func (claims, NULL);
  for (guint i = 0; i < claims->len; i++)
    send (self, claims->pdata[i], exchange->clock_offset);

  if (claims->len < exchange->most)
    crm_push_window_note_starved (&self->window);

  if (exchange->most > 0 && next_due != 0 && next_due <= crm_clock_now (self->clock) && self->stop == NULL && !self->on_probation)
    crm_batch_sender_consider (self->batches);

  if (exchange->most > 0 && next_due == 0)
    {
      wake_at (self, 0, 0);
    }
  else if (exchange->most > 0 && get_room (self) > 0)
    {
      gint64 now = crm_clock_now (self->clock);

      wake_at (self, MAX (next_due, now), next_due - now);
    }

  /* As much as was asked for was found, or nothing was asked for: there may be more. */
  if (self->look_again || (claims->len == exchange->most && get_room (self) > 0))
    crm_sync_service_schedule_pump (self);
  else if (self->answered->len > 0)
    schedule_record (self);
}

static void
on_exchanged (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Exchange *exchange = user_data;
  g_autoptr (CrmSyncService) self = g_object_ref (exchange->service);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) recordings = NULL;
  gboolean unsettled = FALSE;
  gint64 next_due = 0;

  self->is_announcing = TRUE;
  claims = crm_outbox_exchange_finish (CRM_STORE (source), result, &recordings, &unsettled, &next_due, &error);
  self->is_announcing = FALSE;
  self->exchanging = FALSE;

  if (self->flights == NULL)
    {
      for (guint i = 0; i < exchange->flights->len; i++)
        crm_flight_free (exchange->flights->pdata[i]);
      exchange_free (exchange);
      return;
    }

  crm_sync_service_note_local_trouble (self, error);
  if (claims == NULL)
    {
      fail (self, exchange, error);
      exchange_free (exchange);
      return;
    }

  go_on (self, exchange, recordings, claims, next_due);
  exchange_free (exchange);
  if (self->flights == NULL)
    return;

  if (unsettled || !crm_reconciler_is_calm (self->reconciler))
    crm_reconciler_wake (self->reconciler);
  crm_sync_service_notify (self);
  crm_sync_service_stop_if_calm (self);
}

static gboolean
on_pump (gpointer user_data)
{
  CrmSyncService *self = user_data;
  GPtrArray *recordings;
  Exchange *exchange;
  gint64 now;
  guint room;

  self->pump_timer = 0;
  self->pump_waits = FALSE;
  self->look_again = self->exchanging;
  if (self->exchanging)
    return G_SOURCE_REMOVE;

  room = may_claim (self) ? get_room (self) : 0;
  if (room == 0 && self->answered->len == 0)
    return G_SOURCE_REMOVE;

  exchange = g_new0 (Exchange, 1);
  exchange->service = g_object_ref (self);
  exchange->flights = g_steal_pointer (&self->answered);
  exchange->most = room;
  exchange->clock_offset = crm_queue_pause_get_clock_offset (self->pause);
  self->answered = g_ptr_array_new ();

  recordings = g_ptr_array_new_full (exchange->flights->len, (GDestroyNotify) crm_recording_free);
  for (guint i = 0; i < exchange->flights->len; i++)
    {
      CrmFlight *flight = exchange->flights->pdata[i];
      CrmOutcome outcome = describe_outcome (flight);

      g_ptr_array_add (recordings, crm_recording_new (flight->claim, &outcome));
    }

  now = crm_clock_now (self->clock);
  self->exchanging = TRUE;
  crm_outbox_exchange_async (self->store, recordings, room, now, now / G_TIME_SPAN_SECOND + exchange->clock_offset, on_exchanged,
                             exchange);

  return G_SOURCE_REMOVE;
}

/**
 * crm_sync_service_schedule_pump:
 * @self: a service
 *
 * Soon stores what was answered, and looks for what is due, if it may send.
 */
void
crm_sync_service_schedule_pump (CrmSyncService *self)
{
  if (!crm_sync_service_is_sending (self) && self->answered->len == 0)
    return;

  if (self->pump_timer != 0 && self->pump_waits)
    {
      crm_clock_cancel (self->clock, self->pump_timer);
      self->pump_timer = 0;
    }
  self->pump_waits = FALSE;
  if (self->pump_timer == 0)
    self->pump_timer = crm_clock_call (self->clock, 0, on_pump, self);
}

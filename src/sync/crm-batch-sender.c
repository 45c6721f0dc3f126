/* crm-batch-sender.c: when many adds go to the CRM in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-batch-sender.h"

#include "sync/crm-retry-policy.h"

/* So many must be due, and a single request take so long, for a batch to be worth its two or three requests. */
#define LEAST_JOBS 64
#define LEAST_LATENCY (100 * G_TIME_SPAN_MILLISECOND)

/* The latency is an average of about so many answers, and known after a few. */
#define SMOOTHING 8
#define FEW_ANSWERS 3

/* So many are open at once, and before one was answered, so that its answers are known to be understood. */
#define MOST_RUNS 8
#define MOST_UNPROVEN_RUNS 2

/* So many may be in doubt at once, for the CRM has not named them yet; before one was taken, one. */
#define MOST_UNHEARD_RUNS 2

/* When too few were due, or what is due could not be read. */
#define LOOK_AGAIN (2 * G_TIME_SPAN_SECOND)

/* After a batch whose fate is unknown: what is sent alone puts one task in doubt, not 200. */
#define REST_AFTER_DOUBT (10 * G_TIME_SPAN_MINUTE)

struct _CrmBatchSender
{
  GObject        parent_instance;

  CrmStore      *store;
  CrmApiClient  *client;
  CrmClock      *clock;
  CrmQueuePause *pause;

  guint          least;
  gint64         least_latency;
  gint64         latency;    /* microseconds, smoothed */
  guint          n_answers;  /* it is known from; no more than FEW_ANSWERS are counted */

  gboolean       started;
  gboolean       reading;    /* what an earlier start left */
  gboolean       claiming;
  gboolean       off;        /* the CRM takes none, or its answers are not understood */
  gboolean       taken;      /* the CRM has taken one */
  gboolean       proven;     /* its answers are understood */
  gint64         not_before; /* by the clock that never jumps */
  guint          timer;
  GPtrArray     *runs;       /* of CrmBatchRun */
  GPtrArray     *claims;     /* of CrmClaim: theirs; not owned */
};

enum
{
  ANSWERED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmBatchSender, crm_batch_sender, G_TYPE_OBJECT)

static void
emit_changed (CrmBatchSender *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_heard (CrmBatchSender *self,
          int             verdict)
{
  if (verdict == CRM_BATCH_REFUSED)
    self->off = TRUE;
  else if (verdict == CRM_BATCH_DOUBTFUL)
    self->not_before = crm_clock_monotonic (self->clock) + REST_AFTER_DOUBT;
  self->taken = self->taken || verdict == CRM_BATCH_TAKEN;
}

/* Whether one more may be sent. */
static gboolean
has_room (CrmBatchSender *self)
{
  guint unheard = 0;

  for (guint i = 0; i < self->runs->len; i++)
    unheard += !crm_batch_run_is_taken (self->runs->pdata[i]);

  return self->runs->len < (self->proven ? MOST_RUNS : MOST_UNPROVEN_RUNS) && unheard < (self->taken ? MOST_UNHEARD_RUNS : 1);
}

static void
on_answered (CrmBatchSender *self,
             CrmClaim       *claim,
             CrmAnswer      *answer,
             int             fate,
             gboolean        others_accepted)
{
  self->proven = self->proven || answer->outcome->klass == CRM_ANSWER_ACCEPTED;
  g_signal_emit (self, signals[ANSWERED], 0, claim, answer, fate, others_accepted);
}

static void
renew_claims (CrmBatchSender *self)
{
  g_ptr_array_set_size (self->claims, 0);
  for (guint i = 0; i < self->runs->len; i++)
    {
      GPtrArray *claims = crm_batch_run_get_claims (self->runs->pdata[i]);

      for (guint j = 0; j < claims->len; j++)
        if (claims->pdata[j] != NULL)
          g_ptr_array_add (self->claims, claims->pdata[j]);
    }
}

static void
on_ended (CrmBatchSender *self,
          CrmBatchRun    *run)
{
  g_object_ref (run);
  g_signal_handlers_disconnect_by_data (run, self);
  /* A CRM that took it, and of whose answers nothing came: what is sent alone is answered. */
  self->off = self->off || (!self->proven && crm_batch_run_is_taken (run));
  g_ptr_array_remove (self->runs, run);
  renew_claims (self);
  g_object_unref (run);
  emit_changed (self);
}

static void
add_run (CrmBatchSender *self,
         CrmOutboxBatch *batch)
{
  CrmBatchRun *run = crm_batch_run_new (self->store, self->client, self->clock, self->pause, batch);

  g_ptr_array_add (self->runs, run);
  renew_claims (self);
  g_signal_connect_object (run, "heard", G_CALLBACK (on_heard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "answered", G_CALLBACK (on_answered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "ended", G_CALLBACK (on_ended), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
  crm_batch_run_start (run);
}

/* Claiming */

static void
on_claimed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmBatchSender) self = user_data;
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (GError) error = NULL;

  self->claiming = FALSE;
  if (!crm_outbox_batch_claim_finish (CRM_STORE (source), result, &batch, &error))
    g_debug ("No batch could be taken: %s", error->message);
  if (self->runs == NULL)
    return;

  if (batch == NULL)
    self->not_before = MAX (self->not_before, crm_clock_monotonic (self->clock) + LOOK_AGAIN);
  else
    {
      add_run (self, g_steal_pointer (&batch));
      crm_batch_sender_consider (self);
    }
  emit_changed (self);
}

/* Taking over */

static void read_open (CrmBatchSender *self);

static gboolean
on_read_again (gpointer user_data)
{
  CrmBatchSender *self = user_data;

  self->timer = 0;
  read_open (self);

  return G_SOURCE_REMOVE;
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (CrmBatchSender) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = crm_outbox_batch_read_open_finish (CRM_STORE (source), result, &error);

  self->reading = FALSE;
  if (!self->started || self->runs == NULL)
    return;

  if (batches == NULL)
    {
      g_message ("What the CRM is asked for could not be read yet: %s", error->message);
      self->reading = TRUE;
      self->timer = crm_clock_call (self->clock, CRM_RETRY_FIRST, on_read_again, self);
      return;
    }

  g_ptr_array_set_free_func (batches, NULL);
  for (guint i = 0; i < batches->len; i++)
    add_run (self, batches->pdata[i]);
  emit_changed (self);
}

static void
read_open (CrmBatchSender *self)
{
  self->reading = TRUE;
  crm_outbox_batch_read_open_async (self->store, on_read, g_object_ref (self));
}

static void
cancel_timer (CrmBatchSender *self)
{
  if (self->timer != 0)
    {
      crm_clock_cancel (self->clock, self->timer);
      self->reading = FALSE;
    }
  self->timer = 0;
}

static void
drop_runs (CrmBatchSender *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      g_signal_handlers_disconnect_by_data (self->runs->pdata[i], self);
      crm_batch_run_drop (self->runs->pdata[i]);
    }
  g_ptr_array_set_size (self->runs, 0);
  g_ptr_array_set_size (self->claims, 0);
}

static void
crm_batch_sender_dispose (GObject *object)
{
  CrmBatchSender *self = CRM_BATCH_SENDER (object);

  if (self->clock != NULL)
    cancel_timer (self);
  if (self->runs != NULL)
    drop_runs (self);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_pointer (&self->claims, g_ptr_array_unref);
  g_clear_object (&self->pause);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (crm_batch_sender_parent_class)->dispose (object);
}

static void
crm_batch_sender_class_init (CrmBatchSenderClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_batch_sender_dispose;

  signals[ANSWERED] = g_signal_new ("answered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_POINTER,
                                    G_TYPE_POINTER, G_TYPE_INT, G_TYPE_BOOLEAN);
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
crm_batch_sender_init (CrmBatchSender *self)
{
  self->least = LEAST_JOBS;
  self->least_latency = LEAST_LATENCY;
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
  self->claims = g_ptr_array_new ();
}

/**
 * crm_batch_sender_new:
 * @store: the tasks
 * @client: asks the CRM
 * @clock: the clock
 * @pause: while it is on, nothing is sent
 *
 * Returns: (transfer full): a sender that hasn't started
 */
CrmBatchSender *
crm_batch_sender_new (CrmStore      *store,
                      CrmApiClient  *client,
                      CrmClock      *clock,
                      CrmQueuePause *pause)
{
  CrmBatchSender *self = g_object_new (CRM_TYPE_BATCH_SENDER, NULL);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->pause = g_object_ref (pause);

  return self;
}

/**
 * crm_batch_sender_set_limits:
 * @self: a sender
 * @least: how many adds must be due for a batch; 0: never
 * @latency: microseconds that a single request must take at least
 *
 * Instead of 64 and 100 ms.
 */
void
crm_batch_sender_set_limits (CrmBatchSender *self,
                             guint           least,
                             gint64          latency)
{
  self->least = least;
  self->least_latency = latency;
}

/**
 * crm_batch_sender_start:
 * @self: a sender
 *
 * For who holds the right to send, when the outbox was taken over: asks for what the CRM has taken before.
 */
void
crm_batch_sender_start (CrmBatchSender *self)
{
  if (self->started)
    return;

  self->started = TRUE;
  if (!self->reading && crm_outbox_batch_has_open (self->store))
    read_open (self);
}

/**
 * crm_batch_sender_stop:
 * @self: a sender
 *
 * Begins nothing new; see crm_batch_sender_is_busy() for what must be waited for, and then crm_batch_sender_end().
 */
void
crm_batch_sender_stop (CrmBatchSender *self)
{
  self->started = FALSE;
  cancel_timer (self);
  for (guint i = 0; i < self->runs->len; i++)
    crm_batch_run_stop (self->runs->pdata[i]);
}

/**
 * crm_batch_sender_end:
 * @self: a sender that has stopped and isn't busy
 *
 * Forgets what the next start will find again.
 */
void
crm_batch_sender_end (CrmBatchSender *self)
{
  drop_runs (self);
}

/**
 * crm_batch_sender_wake:
 * @self: a sender
 *
 * A pause is over, or a person wants to know: asks at once for what the CRM has taken.
 */
void
crm_batch_sender_wake (CrmBatchSender *self)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->runs->len; i++)
    g_ptr_array_add (runs, g_object_ref (self->runs->pdata[i]));
  for (guint i = 0; i < runs->len; i++)
    crm_batch_run_wake (runs->pdata[i]);
}

/**
 * crm_batch_sender_note_latency:
 * @self: a sender
 * @latency: how long the answer to a single request took, in microseconds
 */
void
crm_batch_sender_note_latency (CrmBatchSender *self,
                               gint64          latency)
{
  self->latency += self->n_answers == 0 ? latency : (latency - self->latency) / SMOOTHING;
  self->n_answers = MIN (self->n_answers + 1, FEW_ANSWERS);
}

/**
 * crm_batch_sender_consider:
 * @self: a sender
 *
 * More is due than is being sent: takes a batch, if that is worth it. For who may send something now.
 */
void
crm_batch_sender_consider (CrmBatchSender *self)
{
  gint64 now = crm_clock_now (self->clock);

  if (!self->started || self->reading || self->claiming || self->off || self->least == 0 ||
      self->latency < self->least_latency || (self->least_latency > 0 && self->n_answers < FEW_ANSWERS) ||
      !has_room (self) || crm_clock_monotonic (self->clock) < self->not_before ||
      crm_batch_sender_is_stuck (self) || crm_queue_pause_is_on (self->pause) || crm_queue_pause_is_probing (self->pause))
    return;

  self->claiming = TRUE;
  crm_outbox_batch_claim_async (self->store, self->least, CRM_BATCH_MOST_JOBS, now,
                                now / G_TIME_SPAN_SECOND + crm_queue_pause_get_clock_offset (self->pause), on_claimed,
                                g_object_ref (self));
}

/**
 * crm_batch_sender_is_busy:
 * @self: a sender
 *
 * Returns: whether something is under way that must be waited for
 */
gboolean
crm_batch_sender_is_busy (CrmBatchSender *self)
{
  if (self->claiming)
    return TRUE;

  for (guint i = 0; i < self->runs->len; i++)
    if (crm_batch_run_is_busy (self->runs->pdata[i]))
      return TRUE;

  return FALSE;
}

/**
 * crm_batch_sender_is_stuck:
 * @self: a sender
 *
 * Returns: whether something that the CRM said could not be stored yet
 */
gboolean
crm_batch_sender_is_stuck (CrmBatchSender *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    if (crm_batch_run_is_stuck (self->runs->pdata[i]))
      return TRUE;

  return FALSE;
}

/**
 * crm_batch_sender_count:
 * @self: a sender
 *
 * Returns: how many adds are with the CRM, or on their way
 */
guint
crm_batch_sender_count (CrmBatchSender *self)
{
  return self->claims->len;
}

/**
 * crm_batch_sender_get_claims:
 * @self: a sender
 *
 * Returns: (transfer none) (element-type CrmClaim): these adds; the array stays the same, what is in it changes
 */
GPtrArray *
crm_batch_sender_get_claims (CrmBatchSender *self)
{
  return self->claims;
}

/* crm-batch-run.c: one batch of adds, from the claim to its answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-batch-run.h"

#include "sync/crm-retry-policy.h"

#include <glib/gi18n-lib.h>

/* One that could not write tries again after this; one that is to end gives up after so many tries. */
#define WRITE_AGAIN (500 * G_TIME_SPAN_MILLISECOND)
#define MOST_WRITE_FAILURES 10

/* It is asked for again when a quarter of the time so far has passed once more. */
#define SHORTEST_WAIT (100 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_WAIT (30 * G_TIME_SPAN_SECOND)

/* Progress that is not understood so often is passed over: the results say as well whether it is completed. */
#define MOST_ODD_PROGRESS 3

/* So often the CRM must say that it knows of no such batch: one server of several may not know of it yet. */
#define MOST_UNKNOWN 3

/* Results that are not understood so often never will be, once the batch is completed or as old as results get. */
#define MOST_FAILURES 8
#define RESULTS_ARE_KEPT (2 * G_TIME_SPAN_DAY)

typedef enum
{
  STAGE_CLAIMED,
  STAGE_SENDING,   /* `run` is under way */
  STAGE_ASKING,    /* a ping is, to tell whether this is a CRM */
  STAGE_ACCEPTING, /* what the CRM calls the batch is being stored */
  STAGE_WAITING,   /* to ask for it again */
  STAGE_POLLING,   /* `progress` or `results` is under way */
  STAGE_RECORDING, /* the answers are being stored */
  STAGE_ENDED
} Stage;

struct _CrmBatchRun
{
  GObject         parent_instance;

  CrmStore       *store;
  CrmApiClient   *client;
  CrmClock       *clock;
  CrmQueuePause  *pause;

  CrmOutboxBatch *batch;
  GPtrArray      *bodies;         /* of GBytes: of each job */
  Stage           stage;
  gboolean        stopping;
  gboolean        dropped;
  guint           timer;
  GCancellable   *poll;           /* set while STAGE_POLLING */
  gint64          clock_offset;   /* the last request was signed with */
  CrmAnswer      *run_answer;
  char           *async_id;       /* not stored yet */
  GPtrArray      *answers;        /* of CrmAnswer, to be stored */
  gboolean        lost;           /* they say nothing of what the CRM may still do */
  guint           write_failures;

  gint64          taken_at;       /* since when it is asked for; monotonic */
  gboolean        was_asked;      /* for results, to see whether it is done at once */
  gboolean        for_results;    /* the request under way, or the last one */
  gboolean        completed;      /* as the CRM says */
  guint           failures;       /* polls in a row that failed */
  guint           odd_progress;   /* likewise, in ways that say nothing */
  guint           unknown;        /* how often the CRM knew of no such batch */
};

enum
{
  HEARD,
  ANSWERED,
  ENDED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmBatchRun, crm_batch_run, G_TYPE_OBJECT)

static void ask (CrmBatchRun *self);
static void store_name (CrmBatchRun *self);
static void record (CrmBatchRun *self);

static void
set_stage (CrmBatchRun *self,
           Stage        stage)
{
  self->stage = stage;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
cancel_timer (CrmBatchRun *self)
{
  if (self->timer != 0)
    crm_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

static void
end (CrmBatchRun *self)
{
  cancel_timer (self);
  set_stage (self, STAGE_ENDED);
  g_signal_emit (self, signals[ENDED], 0);
}

static gint64
get_signing_time (CrmBatchRun *self)
{
  self->clock_offset = crm_queue_pause_get_clock_offset (self->pause);

  return crm_clock_now (self->clock) / G_TIME_SPAN_SECOND + self->clock_offset;
}

static CrmAnswer *
copy_answer (const CrmAnswer *answer)
{
  CrmAnswer *copy = g_new0 (CrmAnswer, 1);

  copy->outcome = crm_problem_copy (answer->outcome);
  copy->written = answer->written;
  copy->retry_after = answer->retry_after;
  copy->server_time = answer->server_time;
  copy->raw = g_strdup (answer->raw);

  return copy;
}

/* Writing */

static gboolean
on_write_again (gpointer user_data)
{
  CrmBatchRun *self = user_data;

  self->timer = 0;
  if (self->stage == STAGE_RECORDING)
    record (self);
  else
    store_name (self);

  return G_SOURCE_REMOVE;
}

/* Returns whether it is to be gone on with. */
static gboolean
check_written (CrmBatchRun  *self,
               const GError *error)
{
  if (self->dropped)
    return FALSE;

  if (error == NULL)
    {
      self->write_failures = 0;
      return TRUE;
    }

  /* What the CRM said is kept until it can be stored: sending again would double the tasks. */
  g_message ("What became of a batch could not be stored yet: %s", error->message);
  self->write_failures++;
  if (self->stopping && self->write_failures > MOST_WRITE_FAILURES)
    {
      /* Its entries stay `sending`, for the next start to find out. */
      end (self);
      return FALSE;
    }
  self->timer = crm_clock_call (self->clock, WRITE_AGAIN, on_write_again, self);
  g_signal_emit (self, signals[CHANGED], 0);

  return FALSE;
}

/* Returns whether there was one. */
static gboolean
emit_answered (CrmBatchRun *self,
               GArray      *fates,
               gboolean     accepted,
               gboolean     others_accepted)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->answers->len; i++)
    {
      CrmClaim *claim = self->batch->claims->pdata[i];
      CrmAnswer *answer = self->answers->pdata[i];

      if (claim == NULL || (answer->outcome->klass == CRM_ANSWER_ACCEPTED) != accepted)
        continue;
      g_signal_emit (self, signals[ANSWERED], 0, claim, answer, (int) g_array_index (fates, CrmEntryFate, i), others_accepted);
      any = TRUE;
    }

  return any;
}

static void
on_recorded (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (CrmBatchRun) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) fates = crm_outbox_batch_record_finish (CRM_STORE (source), result, &error);

  if (!check_written (self, error))
    return;

  /* What was accepted first: it shows that what failed beside it was its own trouble. */
  emit_answered (self, fates, FALSE, emit_answered (self, fates, TRUE, FALSE));
  end (self);
}

static void
record (CrmBatchRun *self)
{
  gint64 now = crm_clock_now (self->clock);
  g_autofree CrmOutcome *outcomes = g_new0 (CrmOutcome, self->batch->claims->len);

  for (guint i = 0; i < self->batch->claims->len; i++)
    {
      const CrmClaim *claim = self->batch->claims->pdata[i];
      const CrmAnswer *answer = self->answers->pdata[i];
      CrmAnswerClass klass = answer->outcome->klass;

      outcomes[i] = (CrmOutcome) {
        .answer = answer->outcome,
        .written = answer->written,
        .id = answer->id,
        .raw = answer->raw,
        .finished_at = now,
      };
      if (claim != NULL && (klass == CRM_ANSWER_TROUBLE || klass == CRM_ANSWER_UNCONFIRMED))
        outcomes[i].next_attempt = now + crm_retry_policy_get_wait (claim->failures + 1, answer->retry_after,
                                                                    crm_clock_random (self->clock));
    }

  set_stage (self, STAGE_RECORDING);
  crm_outbox_batch_record_async (self->store, self->batch, outcomes, self->lost, on_recorded, g_object_ref (self));
}

/* The same for every job. */
static void
record_all (CrmBatchRun     *self,
            const CrmAnswer *answer,
            CrmAnswerClass   klass,
            gboolean         written)
{
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_answer_free);
  for (guint i = 0; i < self->batch->claims->len; i++)
    {
      CrmAnswer *copy = copy_answer (answer);

      copy->outcome->klass = klass;
      copy->written = written;
      g_ptr_array_add (self->answers, copy);
    }
  record (self);
}

/* Nobody can say any more what became of it: each of its adds is looked for. */
static void
give_up (CrmBatchRun     *self,
         const CrmAnswer *answer)
{
  g_autoptr (CrmAnswer) lost = copy_answer (answer);

  g_free (lost->outcome->message);
  lost->outcome->message = g_strdup (_("The CRM can’t say what became of this task"));
  self->lost = !self->completed;
  record_all (self, lost, CRM_ANSWER_UNCONFIRMED, TRUE);
}

/* Asking for it */

static gboolean
on_poll_again (gpointer user_data)
{
  CrmBatchRun *self = user_data;

  self->timer = 0;
  ask (self);

  return G_SOURCE_REMOVE;
}

static void
wait (CrmBatchRun *self,
      gint64       delay)
{
  set_stage (self, STAGE_WAITING);
  if (self->stopping)
    return;

  cancel_timer (self);
  self->timer = crm_clock_call (self->clock, delay, on_poll_again, self);
}

static void
wait_for_progress (CrmBatchRun *self)
{
  gint64 passed = crm_clock_monotonic (self->clock) - self->taken_at;

  wait (self, CLAMP (passed / 4, SHORTEST_WAIT, LONGEST_WAIT));
}

/* A poll that says nothing of the batch. */
static void
take_failure (CrmBatchRun     *self,
              const CrmAnswer *answer)
{
  CrmAnswerClass klass = answer->outcome->klass;
  /* A call that the key has no right to, or that is not there, too: where it is more than that, a ping begins a pause. */
  gboolean is_its_own = klass != CRM_ANSWER_NOT_SENT && klass != CRM_ANSWER_THROTTLED && klass != CRM_ANSWER_CLOCK;
  gboolean is_old = ABS (crm_clock_now (self->clock) - self->batch->started_at) > RESULTS_ARE_KEPT;

  self->failures++;
  if (is_its_own)
    self->odd_progress++;
  if (is_its_own && self->odd_progress >= MOST_FAILURES && (self->completed || is_old))
    {
      give_up (self, answer);
      return;
    }

  if (klass == CRM_ANSWER_NOT_SENT)
    crm_queue_pause_begin (self->pause, klass, answer);
  else if (klass == CRM_ANSWER_THROTTLED || (klass == CRM_ANSWER_TROUBLE && answer->retry_after > 0))
    crm_queue_pause_hold (self->pause, klass, answer->retry_after);
  else if (klass == CRM_ANSWER_CLOCK)
    crm_queue_pause_note_clock (self->pause, self->clock_offset, answer);
  else if (klass == CRM_ANSWER_ACCOUNT || klass == CRM_ANSWER_NOT_A_CRM)
    crm_queue_pause_probe (self->pause);

  wait (self, MAX (SHORTEST_WAIT, crm_retry_policy_get_wait (self->failures, answer->retry_after,
                                                             crm_clock_random (self->clock))));
}

static void
take_unknown (CrmBatchRun     *self,
              const CrmAnswer *answer)
{
  if (++self->unknown >= MOST_UNKNOWN)
    give_up (self, answer);
  else
    wait (self, CRM_RETRY_FIRST << self->unknown);
}

static void
take_progress (CrmBatchRun     *self,
               const CrmAnswer *answer)
{
  int percent = crm_batch_call_read_progress (answer);

  if (percent < 0)
    {
      take_failure (self, answer);
      return;
    }

  self->failures = 0;
  self->odd_progress = 0;
  if (percent < 100)
    {
      wait_for_progress (self);
      return;
    }

  self->completed = TRUE;
  ask (self);
}

static gboolean
is_understood (GPtrArray *answers)
{
  for (guint i = 0; i < answers->len; i++)
    if (((CrmAnswer *) answers->pdata[i])->outcome->klass == CRM_ANSWER_UNCONFIRMED)
      return FALSE;

  return TRUE;
}

static void
take_results (CrmBatchRun     *self,
              const CrmAnswer *answer)
{
  gboolean whole;
  g_autoptr (GPtrArray) answers = crm_batch_call_read_results (answer, self->bodies, &whole);

  /* Without the CRM's word that it is completed, what is missing may come yet. */
  if (answers == NULL || (!self->completed && !(whole && (is_understood (answers) || self->odd_progress >= MOST_FAILURES))))
    {
      take_failure (self, answer);
      return;
    }

  self->lost = !self->completed && !is_understood (answers);
  self->answers = g_steal_pointer (&answers);
  record (self);
}

static void
on_polled (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmBatchRun) self = user_data;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);

  if (self->dropped || self->stage != STAGE_POLLING)
    return;

  g_clear_object (&self->poll);
  if (crm_batch_call_is_unknown (answer))
    take_unknown (self, answer);
  else if (crm_batch_call_is_incomplete (answer))
    {
      self->completed = FALSE;
      self->failures = 0;
      self->odd_progress = 0;
      wait_for_progress (self);
    }
  else if (self->for_results)
    take_results (self, answer);
  else
    take_progress (self, answer);
}

static void
ask (CrmBatchRun *self)
{
  g_autoptr (GBytes) body = NULL;

  cancel_timer (self);
  /* Woken when the pause is over. */
  if (self->stopping || crm_queue_pause_is_on (self->pause))
    {
      set_stage (self, STAGE_WAITING);
      return;
    }

  self->for_results = self->completed || self->odd_progress >= MOST_ODD_PROGRESS || !self->was_asked;
  self->was_asked = TRUE;
  self->poll = g_cancellable_new ();
  set_stage (self, STAGE_POLLING);
  body = crm_batch_call_write_id (self->batch->async_id);
  crm_api_client_batch_async (self->client, self->for_results ? CRM_BATCH_TARGET_RESULTS : CRM_BATCH_TARGET_PROGRESS, body,
                              get_signing_time (self), self->poll, on_polled, g_object_ref (self));
}

/* Sending it */

static void
on_accepted (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (CrmBatchRun) self = user_data;
  g_autoptr (GError) error = NULL;

  crm_outbox_finish (CRM_STORE (source), result, &error);
  if (!check_written (self, error))
    return;

  self->batch->async_id = g_steal_pointer (&self->async_id);
  self->taken_at = crm_clock_monotonic (self->clock);
  self->stage = STAGE_WAITING;
  g_signal_emit (self, signals[HEARD], 0, (int) CRM_BATCH_TAKEN);
  ask (self);
}

static void
store_name (CrmBatchRun *self)
{
  set_stage (self, STAGE_ACCEPTING);
  crm_outbox_batch_accept_async (self->store, self->batch->batch_id, self->async_id, on_accepted, g_object_ref (self));
}

/* Nothing of it was done. */
static void
take_refusal (CrmBatchRun *self)
{
  g_signal_emit (self, signals[HEARD], 0, (int) CRM_BATCH_REFUSED);
  record_all (self, self->run_answer, CRM_ANSWER_NOT_SENT, FALSE);
}

static void
take_doubt (CrmBatchRun *self)
{
  const CrmAnswer *answer = self->run_answer;
  CrmAnswerClass klass = answer->outcome->klass;

  g_signal_emit (self, signals[HEARD], 0, (int) CRM_BATCH_DOUBTFUL);
  if (klass == CRM_ANSWER_NOT_A_CRM)
    crm_queue_pause_begin (self->pause, klass, answer);
  else if (klass == CRM_ANSWER_TROUBLE && answer->retry_after > 0)
    crm_queue_pause_hold (self->pause, klass, answer->retry_after);
  else
    crm_queue_pause_probe (self->pause);

  if (klass != CRM_ANSWER_TROUBLE && klass != CRM_ANSWER_NOT_A_CRM)
    klass = CRM_ANSWER_UNCONFIRMED;
  self->lost = TRUE;
  record_all (self, answer, klass, TRUE);
}

static void
take_passing (CrmBatchRun *self)
{
  const CrmAnswer *answer = self->run_answer;
  CrmAnswerClass klass = answer->outcome->klass;

  g_signal_emit (self, signals[HEARD], 0, (int) (klass == CRM_ANSWER_ACCOUNT ? CRM_BATCH_REFUSED : CRM_BATCH_PASSING));
  if (klass == CRM_ANSWER_THROTTLED)
    crm_queue_pause_hold (self->pause, klass, answer->retry_after);
  else if (klass == CRM_ANSWER_CLOCK)
    crm_queue_pause_note_clock (self->pause, self->clock_offset, answer);
  else
    crm_queue_pause_begin (self->pause, klass, answer);
  if (klass == CRM_ANSWER_ACCOUNT)
    crm_queue_pause_probe (self->pause);

  record_all (self, answer, klass, FALSE);
}

static void
on_pinged (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmBatchRun) self = user_data;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);

  if (self->dropped)
    return;

  if (answer->outcome->klass == CRM_ANSWER_ACCEPTED)
    take_refusal (self);
  else
    take_doubt (self);
}

static void
on_run (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (CrmBatchRun) self = user_data;

  self->run_answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  if (self->dropped)
    return;

  switch (crm_batch_call_judge_run (self->run_answer, &self->async_id))
    {
    case CRM_BATCH_TAKEN:
      store_name (self);
      break;

    case CRM_BATCH_REFUSED:
      take_refusal (self);
      break;

    case CRM_BATCH_MISSED:
      set_stage (self, STAGE_ASKING);
      crm_api_client_ping_async (self->client, get_signing_time (self), NULL, on_pinged, g_object_ref (self));
      break;

    case CRM_BATCH_PASSING:
      take_passing (self);
      break;

    case CRM_BATCH_DOUBTFUL:
    default:
      take_doubt (self);
      break;
    }
}

static void
crm_batch_run_dispose (GObject *object)
{
  CrmBatchRun *self = CRM_BATCH_RUN (object);

  if (self->clock != NULL)
    cancel_timer (self);
  g_clear_object (&self->poll);
  g_clear_pointer (&self->run_answer, crm_answer_free);
  g_clear_pointer (&self->async_id, g_free);
  g_clear_pointer (&self->answers, g_ptr_array_unref);
  g_clear_pointer (&self->bodies, g_ptr_array_unref);
  g_clear_pointer (&self->batch, crm_outbox_batch_free);
  g_clear_object (&self->pause);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (crm_batch_run_parent_class)->dispose (object);
}

static void
crm_batch_run_class_init (CrmBatchRunClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_batch_run_dispose;

  signals[HEARD] = g_signal_new ("heard", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[ANSWERED] = g_signal_new ("answered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4, G_TYPE_POINTER,
                                    G_TYPE_POINTER, G_TYPE_INT, G_TYPE_BOOLEAN);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
crm_batch_run_init (CrmBatchRun *self)
{
  self->bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

/**
 * crm_batch_run_new:
 * @store: the tasks
 * @client: asks the CRM
 * @clock: the clock
 * @pause: while it is on, nothing is asked for
 * @batch: (transfer full): what was claimed now, or taken by the CRM before
 *
 * Returns: (transfer full): a run that hasn't started
 */
CrmBatchRun *
crm_batch_run_new (CrmStore       *store,
                   CrmApiClient   *client,
                   CrmClock       *clock,
                   CrmQueuePause  *pause,
                   CrmOutboxBatch *batch)
{
  CrmBatchRun *self = g_object_new (CRM_TYPE_BATCH_RUN, NULL);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->pause = g_object_ref (pause);
  self->batch = batch;
  for (guint i = 0; i < batch->claims->len; i++)
    {
      const CrmClaim *claim = batch->claims->pdata[i];

      g_ptr_array_add (self->bodies, claim != NULL ? g_bytes_ref (claim->body) : g_bytes_new_static ("", 0));
    }

  return self;
}

/**
 * crm_batch_run_start:
 * @self: a run
 *
 * Sends it; or asks for it, when the CRM has a name for it already. For who holds the right to send.
 */
void
crm_batch_run_start (CrmBatchRun *self)
{
  g_autoptr (GBytes) body = NULL;

  g_return_if_fail (self->stage == STAGE_CLAIMED);

  if (self->batch->async_id != NULL)
    {
      self->taken_at = crm_clock_monotonic (self->clock);
      ask (self);
      return;
    }

  self->clock_offset = self->batch->signed_at - self->batch->started_at / G_TIME_SPAN_SECOND;
  set_stage (self, STAGE_SENDING);
  body = crm_batch_call_write_jobs (self->bodies);
  crm_api_client_batch_async (self->client, CRM_BATCH_TARGET_RUN, body, self->batch->signed_at, NULL, on_run, g_object_ref (self));
}

/**
 * crm_batch_run_wake:
 * @self: a run
 *
 * Asks for it at once if it waits to be asked for: a pause is over, or a person wants to know.
 */
void
crm_batch_run_wake (CrmBatchRun *self)
{
  if (self->stage == STAGE_WAITING)
    ask (self);
}

/**
 * crm_batch_run_stop:
 * @self: a run
 *
 * Begins nothing new. The answer to `run`, and what is being stored, is waited for: see crm_batch_run_is_busy(). What the
 * CRM has taken is for the next start to ask for.
 */
void
crm_batch_run_stop (CrmBatchRun *self)
{
  self->stopping = TRUE;
  if (self->stage == STAGE_POLLING)
    {
      g_cancellable_cancel (self->poll);
      g_clear_object (&self->poll);
      self->stage = STAGE_WAITING;
    }
  if (self->stage == STAGE_WAITING)
    cancel_timer (self);
}

/**
 * crm_batch_run_drop:
 * @self: a run whose owner ends amid its work
 *
 * Nothing more comes of it; its entries are still `sending` for the next start.
 */
void
crm_batch_run_drop (CrmBatchRun *self)
{
  self->dropped = TRUE;
  cancel_timer (self);
}

/**
 * crm_batch_run_is_busy:
 * @self: a run
 *
 * Returns: whether something is under way that must be waited for
 */
gboolean
crm_batch_run_is_busy (CrmBatchRun *self)
{
  return self->stage == STAGE_SENDING || self->stage == STAGE_ASKING || self->stage == STAGE_ACCEPTING ||
         self->stage == STAGE_RECORDING;
}

/**
 * crm_batch_run_is_stuck:
 * @self: a run
 *
 * Returns: whether something that the CRM said could not be stored yet: nothing more is to be sent until it is
 */
gboolean
crm_batch_run_is_stuck (CrmBatchRun *self)
{
  return self->write_failures > 0;
}

/**
 * crm_batch_run_is_taken:
 * @self: a run
 *
 * Returns: whether it is written down what the CRM calls it
 */
gboolean
crm_batch_run_is_taken (CrmBatchRun *self)
{
  return self->batch->async_id != NULL;
}

/**
 * crm_batch_run_get_claims:
 * @self: a run
 *
 * Returns: (transfer none) (element-type CrmClaim): its adds; some may be %NULL
 */
GPtrArray *
crm_batch_run_get_claims (CrmBatchRun *self)
{
  return self->batch->claims;
}

/* crm-puller.c: brings what the CRM has: tasks, and whom and what they name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-puller.h"

#include "api/crm-api-client.h"
#include "api/crm-soup-transport.h"
#include "store/crm-outbox.h"
#include "sync/crm-pull-list.h"
#include "sync/crm-retry-policy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* So often in a row a page is asked for before the pull is given up for now: it goes on there the next time. */
#define MOST_FAILURES 4

/* A list of so few rows is swept at each pull that a person asks for, and every hour; a longer one once a day. */
#define SHORT_LIST 1000
#define SWEEP_SHORT G_TIME_SPAN_HOUR
#define SWEEP_LONG G_TIME_SPAN_DAY

struct _CrmPuller
{
  GObject       parent_instance;

  CrmStore     *store;
  CrmApiClient *client;
  CrmClock     *clock;

  gboolean      started;
  gboolean      held;
  guint         interval; /* seconds; 0: not by itself */
  guint         timer;    /* for the next pull, or the next try of this one */

  GCancellable *running;  /* set during a pull */
  gboolean      by_itself;
  gboolean      full;
  gboolean      again;    /* asked for during a pull */
  gboolean      again_full;
  gint64        begun;    /* microseconds since 1970, UTC */
  gboolean      sweeping; /* the second round */
  CrmList       list;
  CrmStep      *step;
  gboolean      waiting;  /* with a step, for being let go on */
  gboolean      trusted;  /* a ping said that the account is well */
  gint64        clock_offset;
  guint         failures;
  guint         refusals;
  gboolean      clock_learnt;
  gboolean      unfiltered[CRM_N_LISTS]; /* the CRM takes no filter there */
  guint         changed;
  char         *trouble;
};

enum
{
  CHANGED,
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmPuller, crm_puller, G_TYPE_OBJECT)

static void go_on (CrmPuller *self);
static void begin_list (CrmPuller *self,
                        CrmRunKind kind);
static void next_list (CrmPuller *self);
static void schedule_pull (CrmPuller *self);

/* What a callback needs to know whether its pull is still the one under way. */
typedef struct
{
  CrmPuller    *self;
  GCancellable *running;
} Call;

static Call *
call_new (CrmPuller *self)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->running = g_object_ref (self->running);
  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_object_unref (call->running);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static gboolean
is_over (const Call *call)
{
  return call->self->running != call->running || g_cancellable_is_cancelled (call->running);
}

static void
cancel_timer (CrmPuller *self)
{
  if (self->timer != 0)
    crm_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

static void
emit_changed (CrmPuller *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Takes @trouble; NULL when all was had. */
static void
finish (CrmPuller *self,
        char      *trouble)
{
  gboolean again = self->again;

  g_clear_object (&self->running);
  g_clear_pointer (&self->step, crm_step_free);
  cancel_timer (self);
  self->waiting = FALSE;
  self->again = FALSE;
  g_free (self->trouble);
  self->trouble = trouble;

  g_signal_emit (self, signals[FINISHED], 0, trouble);
  emit_changed (self);
  if (again)
    crm_puller_pull (self, self->again_full);
  else
    schedule_pull (self);
}

static void
finish_with_answer (CrmPuller       *self,
                    const CrmAnswer *answer)
{
  g_autofree char *words = crm_problem_get_words (answer->outcome);

  /* Translators: what happened, and why */
  finish (self, g_strdup_printf (C_("trouble", "%s: %s"), crm_pull_list_get_trouble (self->list), words));
}

static void
on_step (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  CrmPuller *self = call->self;
  g_autoptr (GError) error = NULL;
  guint changed = 0;
  CrmStep *step = crm_inbox_finish (CRM_STORE (source), result, &changed, &error);

  if (is_over (call))
    {
      g_clear_pointer (&step, crm_step_free);
      return;
    }

  if (step == NULL)
    {
      finish (self, g_strdup_printf (_("What the CRM has could not be stored: %s"), error->message));
      return;
    }

  self->changed += changed;
  g_clear_pointer (&self->step, crm_step_free);
  self->step = step;
  emit_changed (self);
  go_on (self);
}

static gboolean
on_timer (gpointer user_data)
{
  CrmPuller *self = user_data;

  self->timer = 0;
  if (self->running != NULL)
    {
      go_on (self);
      return G_SOURCE_REMOVE;
    }

  crm_puller_pull (self, FALSE);
  self->by_itself = TRUE;

  return G_SOURCE_REMOVE;
}

static void
try_again (CrmPuller       *self,
           const CrmAnswer *answer)
{
  if (++self->failures > MOST_FAILURES)
    {
      finish_with_answer (self, answer);
      return;
    }

  cancel_timer (self);
  self->timer = crm_clock_call (self->clock,
                                crm_retry_policy_get_wait (self->failures, answer->retry_after, crm_clock_random (self->clock)),
                                on_timer, self);
}

static void
refuse (CrmPuller *self)
{
  self->refusals++;
  crm_inbox_refuse_async (self->store, self->list, on_step, call_new (self));
}

static void
on_ping (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  CrmPuller *self = call->self;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);

  if (is_over (call))
    return;

  self->trusted = answer->outcome->klass == CRM_ANSWER_ACCEPTED;
  if (self->trusted)
    refuse (self);
  else
    finish_with_answer (self, answer);
}

static gint64
get_crm_now (CrmPuller *self)
{
  return crm_clock_now (self->clock) / G_TIME_SPAN_SECOND + self->clock_offset;
}

/* A list that the key has no right to, or that this CRM does not have, is not offered; but when the whole account is refused, that
 * says nothing of the list. */
static void
take_refusal (CrmPuller *self)
{
  if (self->trusted)
    refuse (self);
  else
    crm_api_client_ping_async (self->client, get_crm_now (self), self->running, on_ping, call_new (self));
}

static CrmRunKind
get_run_kind (CrmPuller *self)
{
  return self->sweeping || self->unfiltered[self->list] ? CRM_RUN_SWEEP : CRM_RUN_CHANGES;
}

static void
take_failure (CrmPuller       *self,
              const CrmAnswer *answer)
{
  switch (answer->outcome->klass)
    {
    case CRM_ANSWER_CLOCK:
      if (answer->server_time == 0 || self->clock_learnt)
        {
          finish_with_answer (self, answer);
          return;
        }
      self->clock_learnt = TRUE;
      self->clock_offset = answer->server_time - crm_clock_now (self->clock) / G_TIME_SPAN_SECOND;
      /* What is remembered as pulled is so by the CRM's clock. */
      begin_list (self, get_run_kind (self));
      return;

    case CRM_ANSWER_REJECTED:
      if (self->step->from != 0)
        {
          self->unfiltered[self->list] = TRUE;
          begin_list (self, CRM_RUN_SWEEP);
          return;
        }
      take_refusal (self);
      return;

    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_NOT_A_CRM:
      take_refusal (self);
      return;

    case CRM_ANSWER_ACCEPTED:
    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_NOT_SENT:
    case CRM_ANSWER_UNCONFIRMED:
    default:
      try_again (self, answer);
      return;
    }
}

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (Call) call = user_data;
  CrmPuller *self = call->self;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  CrmPage *page = NULL;

  if (is_over (call))
    return;

  if (answer->outcome->klass != CRM_ANSWER_ACCEPTED)
    {
      take_failure (self, answer);
      return;
    }

  page = crm_pull_list_read_page (self->list, answer->json);
  if (page == NULL)
    {
      try_again (self, answer);
      return;
    }

  self->failures = 0;
  crm_inbox_store_async (self->store, self->step, page, crm_clock_now (self->clock), on_step, call_new (self));
}

static void
ask (CrmPuller *self)
{
  char *text = crm_pull_list_write_body (self->list, self->step->from, self->step->position);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  crm_api_client_list_async (self->client, crm_pull_list_get_target (self->list), body, get_crm_now (self), self->running,
                             on_page, call_new (self));
}

static void
go_on (CrmPuller *self)
{
  /* Pushing goes first. */
  self->waiting = self->held;
  if (self->waiting || self->timer != 0)
    return;

  switch (self->step->kind)
    {
    case CRM_STEP_ASK:
      ask (self);
      break;
    case CRM_STEP_CONCLUDE:
      crm_inbox_conclude_async (self->store, self->step, crm_clock_now (self->clock), on_step, call_new (self));
      break;
    case CRM_STEP_DONE:
      self->list++;
      next_list (self);
      break;
    case CRM_STEP_GIVE_UP:
    default:
      finish (self, g_strdup (_("Another window or program is refreshing at the moment")));
      break;
    }
}

static void
begin_list (CrmPuller  *self,
            CrmRunKind  kind)
{
  crm_inbox_begin_async (self->store, self->list, kind, get_crm_now (self), on_step, call_new (self));
}

/* An increment can't show what was deleted. */
static gboolean
is_sweep_due (CrmPuller          *self,
              const CrmListState *state)
{
  gint64 now = crm_clock_now (self->clock);
  gint64 age = now - state->swept_at;
  gboolean is_short = state->size <= SHORT_LIST;

  if (state->refused || !state->complete || state->swept_at >= self->begun)
    return FALSE;
  if (self->full || (is_short && !self->by_itself))
    return TRUE;

  return age < 0 || age >= (is_short ? SWEEP_SHORT : SWEEP_LONG);
}

/* First what changed, of each list; then the sweeps that are due. */
static void
next_list (CrmPuller *self)
{
  for (; !self->sweeping || self->list < CRM_N_LISTS; self->list++)
    {
      g_autoptr (GError) error = NULL;
      CrmListState state;

      if (self->list == CRM_N_LISTS)
        {
          self->sweeping = TRUE;
          self->list = 0;
        }

      if (!crm_inbox_read_state (self->store, self->list, &state, &error))
        {
          finish (self, g_strdup (error->message));
          return;
        }
      if (self->sweeping && !is_sweep_due (self, &state))
        continue;

      begin_list (self, get_run_kind (self));
      return;
    }

  finish (self, self->refusals == CRM_N_LISTS ? g_strdup (_("The key has no right to any list of the CRM")) : NULL);
}

static void
schedule_pull (CrmPuller *self)
{
  gint64 wait, last;

  cancel_timer (self);
  if (!self->started || self->interval == 0 || self->running != NULL)
    return;

  last = crm_puller_get_last (self);
  wait = last + (gint64) self->interval * G_TIME_SPAN_SECOND - crm_clock_now (self->clock);
  /* One that failed is tried again after the interval too; a clock that jumps delays by no more. */
  if (self->trouble != NULL || last > crm_clock_now (self->clock))
    wait = (gint64) self->interval * G_TIME_SPAN_SECOND;
  self->timer = crm_clock_call (self->clock, CLAMP (wait, 0, (gint64) self->interval * G_TIME_SPAN_SECOND), on_timer, self);
}

static void
crm_puller_dispose (GObject *object)
{
  CrmPuller *self = CRM_PULLER (object);

  crm_puller_stop (self);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->trouble, g_free);

  G_OBJECT_CLASS (crm_puller_parent_class)->dispose (object);
}

static void
crm_puller_class_init (CrmPullerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_puller_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[FINISHED] = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
crm_puller_init (CrmPuller *self)
{
}

/**
 * crm_puller_new:
 * @store: where it goes
 * @account: where it comes from
 * @transport: (nullable): carries the requests; libsoup when %NULL
 * @clock: (nullable): the clock; the system's when %NULL
 *
 * Returns: (transfer full): a puller at rest. Main thread
 */
CrmPuller *
crm_puller_new (CrmStore     *store,
                CrmAccount   *account,
                CrmTransport *transport,
                CrmClock     *clock)
{
  CrmPuller *self;
  g_autoptr (CrmTransport) carrier = transport != NULL ? g_object_ref (transport) : crm_soup_transport_new ();

  g_return_val_if_fail (CRM_IS_STORE (store) && CRM_IS_ACCOUNT (account), NULL);

  self = g_object_new (CRM_TYPE_PULLER, NULL);
  self->store = g_object_ref (store);
  self->client = crm_api_client_new (account, carrier);
  self->clock = clock != NULL ? g_object_ref (clock) : crm_clock_new ();

  return self;
}

/**
 * crm_puller_start:
 * @self: a puller
 *
 * From now on it pulls by itself, if it has an interval.
 */
void
crm_puller_start (CrmPuller *self)
{
  g_return_if_fail (CRM_IS_PULLER (self));

  self->started = TRUE;
  if (self->running == NULL)
    schedule_pull (self);
}

/**
 * crm_puller_stop:
 * @self: a puller
 *
 * Leaves a pull under way where it is: the next one goes on from there.
 */
void
crm_puller_stop (CrmPuller *self)
{
  g_return_if_fail (CRM_IS_PULLER (self));

  self->started = FALSE;
  self->again = FALSE;
  if (self->clock != NULL)
    cancel_timer (self);
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
  g_clear_pointer (&self->step, crm_step_free);
  self->waiting = FALSE;
}

/**
 * crm_puller_pull:
 * @self: a puller
 * @full: whether to sweep all lists for what is there no more, however long they are
 *
 * Pulls now: going on where it was cut off, then what changed since. During a pull, once more after it.
 */
void
crm_puller_pull (CrmPuller *self,
                 gboolean   full)
{
  g_auto (CrmQueueState) queue = { .pause_class = -1 };

  g_return_if_fail (CRM_IS_PULLER (self));

  if (self->running != NULL)
    {
      self->again_full = full || (self->again && self->again_full);
      self->again = TRUE;
      return;
    }

  cancel_timer (self);
  if (crm_outbox_read_state (self->store, &queue, NULL))
    self->clock_offset = queue.clock_offset;
  self->running = g_cancellable_new ();
  self->by_itself = FALSE;
  self->full = full;
  self->begun = crm_clock_now (self->clock);
  self->sweeping = FALSE;
  self->list = 0;
  self->trusted = FALSE;
  self->failures = 0;
  self->refusals = 0;
  self->clock_learnt = FALSE;
  self->changed = 0;
  emit_changed (self);
  next_list (self);
}

/**
 * crm_puller_set_held:
 * @self: a puller
 * @held: whether to ask for nothing more for now: pushing goes first
 */
void
crm_puller_set_held (CrmPuller *self,
                     gboolean   held)
{
  g_return_if_fail (CRM_IS_PULLER (self));

  self->held = held;
  if (!held && self->waiting)
    go_on (self);
}

/**
 * crm_puller_set_interval:
 * @self: a puller
 * @seconds: how long after a pull the next one begins by itself; 0: never
 */
void
crm_puller_set_interval (CrmPuller *self,
                         guint      seconds)
{
  g_return_if_fail (CRM_IS_PULLER (self));

  self->interval = seconds;
  if (self->running == NULL)
    schedule_pull (self);
}

/**
 * crm_puller_get_progress:
 * @self: a puller
 * @progress: (out caller-allocates): how far it is
 */
void
crm_puller_get_progress (CrmPuller       *self,
                         CrmPullProgress *progress)
{
  g_return_if_fail (CRM_IS_PULLER (self) && progress != NULL);

  *progress = (CrmPullProgress) {
    .active = self->running != NULL,
    .list = MIN (self->list, CRM_N_LISTS - 1),
    .done = self->step != NULL ? self->step->seen : 0,
    .total = self->step != NULL ? self->step->total : -1,
    .changed = self->changed,
  };
}

/**
 * crm_puller_get_trouble:
 * @self: a puller
 *
 * Returns: (transfer none) (nullable): why the last pull did not come to its end, in words; %NULL when it did
 */
const char *
crm_puller_get_trouble (CrmPuller *self)
{
  g_return_val_if_fail (CRM_IS_PULLER (self), NULL);

  return self->trouble;
}

/**
 * crm_puller_get_last:
 * @self: a puller
 *
 * Returns: when the CRM's tasks were last had; microseconds since 1970, UTC; 0: never
 */
gint64
crm_puller_get_last (CrmPuller *self)
{
  CrmListState state;

  g_return_val_if_fail (CRM_IS_PULLER (self), 0);

  return crm_inbox_read_state (self->store, CRM_LIST_TASKS, &state, NULL) ? state.ended_at : 0;
}

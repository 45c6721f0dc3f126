/* crm-queue-pause.c: trouble that hits everyone, and finding out when it is over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-queue-pause.h"

#include "store/crm-outbox.h"
#include "sync/crm-retry-policy.h"

#include <glib/gi18n-lib.h>

struct _CrmQueuePause
{
  GObject        parent_instance;

  CrmStore      *store;
  CrmApiClient  *client;
  CrmClock      *clock;

  CrmQueueState  state;
  guint          failed_probes;
  guint          rounds;        /* pauses since the CRM last accepted something, for the backoff */
  guint          holds;         /* likewise, of those with a time */
  guint          clock_strikes; /* 23005 in a row */
  guint          timer;
  guint          saving;        /* states under way to the disk */
  GCancellable  *ping;          /* set while one is under way */
  gboolean       stopped;
};

enum
{
  CHANGED,
  PROBED,
  OVER,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmQueuePause, crm_queue_pause, G_TYPE_OBJECT)

static void schedule (CrmQueuePause *self,
                      gint64         wait);

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (CrmQueuePause) self = user_data;
  g_autoptr (GError) error = NULL;

  /* Losing it costs the next start a ping, no more. */
  if (!crm_outbox_finish (CRM_STORE (source), result, &error))
    g_info ("How the queue stands could not be stored: %s", error->message);

  self->saving--;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
save (CrmQueuePause *self)
{
  self->saving++;
  crm_outbox_save_state_async (self->store, &self->state, saved_cb, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
write_words (CrmQueuePause   *self,
             CrmAnswerClass   klass,
             const CrmAnswer *answer)
{
  const char *said = answer != NULL ? answer->outcome->message : NULL;
  g_autofree char *plain = NULL;
  CrmFieldId field;

  if (said != NULL)
    crm_field_of_message (said, &field, &plain);

  switch (klass)
    {
    case CRM_ANSWER_NOT_SENT:
      return plain != NULL ? g_strdup_printf (_("The CRM can’t be reached: %s"), plain) : g_strdup (_("The CRM can’t be reached"));

    case CRM_ANSWER_ACCOUNT:
      return plain != NULL ? g_strdup_printf (_("The CRM does not accept this account: %s"), plain)
                           : g_strdup (_("The CRM does not accept this account"));

    case CRM_ANSWER_CLOCK:
      if (answer != NULL && answer->server_time != 0)
        {
          gint64 apart = (answer->server_time - crm_clock_now (self->clock) / G_TIME_SPAN_SECOND) / 60;
          gulong minutes = (gulong) ABS (apart);

          return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                               "The clock of this computer and the CRM’s are %lu minute apart. Set it right",
                                               "The clock of this computer and the CRM’s are %lu minutes apart. Set it right",
                                               minutes),
                                  minutes);
        }
      return g_strdup (_("The clock of this computer and the CRM’s are over 5 minutes apart. Set it right"));

    case CRM_ANSWER_NOT_A_CRM:
      return g_strdup (_("This address does not answer like a CRM. Check it in the account"));

    case CRM_ANSWER_THROTTLED:
      return g_strdup (_("The CRM asks to wait before more is sent"));

    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_ACCEPTED:
    case CRM_ANSWER_REJECTED:
    case CRM_ANSWER_UNCONFIRMED:
    default:
      return g_strdup (_("The CRM is in trouble at the moment"));
    }
}

static void
cancel_timer (CrmQueuePause *self)
{
  if (self->timer != 0)
    crm_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

static void
end (CrmQueuePause *self)
{
  gboolean was_on = self->state.pause_class >= 0;

  cancel_timer (self);
  self->failed_probes = 0;
  self->state.pause_class = -1;
  self->state.resume_at = 0;
  self->state.set_at = 0;
  g_clear_pointer (&self->state.pause_words, g_free);
  if (was_on)
    save (self);
  g_signal_emit (self, signals[OVER], 0);
}

/* A ping that isn't answered as one: what it says of the queue. */
static CrmAnswerClass
judge_ping (CrmAnswerClass klass)
{
  switch (klass)
    {
    case CRM_ANSWER_REJECTED:
      return CRM_ANSWER_NOT_A_CRM;
    case CRM_ANSWER_UNCONFIRMED:
      return CRM_ANSWER_NOT_SENT;
    case CRM_ANSWER_ACCEPTED:
    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_CLOCK:
    case CRM_ANSWER_NOT_SENT:
    case CRM_ANSWER_NOT_A_CRM:
    default:
      return klass;
    }
}

static void
on_ping_answered (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (CrmQueuePause) self = user_data;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  CrmAnswerClass klass = judge_ping (answer->outcome->klass);

  g_clear_object (&self->ping);
  if (self->stopped)
    return;

  if (klass == CRM_ANSWER_ACCEPTED)
    {
      crm_queue_pause_note_well (self);
      /* A time to wait that the CRM named holds all the same. */
      if (self->state.resume_at == 0)
        end (self);
      g_signal_emit (self, signals[PROBED], 0, TRUE);
      return;
    }

  self->failed_probes++;
  if (klass == CRM_ANSWER_CLOCK && answer->server_time != 0)
    self->state.clock_offset = answer->server_time - crm_clock_now (self->clock) / G_TIME_SPAN_SECOND;
  if (klass == CRM_ANSWER_THROTTLED)
    crm_queue_pause_hold (self, klass, answer->retry_after);
  else
    crm_queue_pause_begin (self, klass, answer);
  g_signal_emit (self, signals[PROBED], 0, FALSE);
}

static gboolean
on_timer (gpointer user_data)
{
  CrmQueuePause *self = user_data;

  self->timer = 0;
  if (self->state.resume_at != 0)
    end (self);
  else
    crm_queue_pause_probe (self);

  return G_SOURCE_REMOVE;
}

static void
schedule (CrmQueuePause *self,
          gint64         wait)
{
  cancel_timer (self);
  self->timer = crm_clock_call (self->clock, wait, on_timer, self);
}

static void
crm_queue_pause_dispose (GObject *object)
{
  CrmQueuePause *self = CRM_QUEUE_PAUSE (object);

  if (self->clock != NULL)
    cancel_timer (self);
  g_clear_object (&self->ping);
  g_clear_object (&self->store);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  crm_queue_state_clear (&self->state);

  G_OBJECT_CLASS (crm_queue_pause_parent_class)->dispose (object);
}

static void
crm_queue_pause_class_init (CrmQueuePauseClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_queue_pause_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[PROBED] = g_signal_new ("probed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[OVER] = g_signal_new ("over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void
crm_queue_pause_init (CrmQueuePause *self)
{
  self->state.pause_class = -1;
}

/**
 * crm_queue_pause_new:
 * @store: remembers the pause between two starts
 * @client: pings
 * @clock: the clock
 *
 * Returns: (transfer full): a queue that isn't paused
 */
CrmQueuePause *
crm_queue_pause_new (CrmStore     *store,
                     CrmApiClient *client,
                     CrmClock     *clock)
{
  CrmQueuePause *self = g_object_new (CRM_TYPE_QUEUE_PAUSE, NULL);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);

  return self;
}

/**
 * crm_queue_pause_load:
 * @self: a pause
 * @error: why it could not be read
 *
 * Takes up the pause of the last start: throttled waits on, any other pings at once (DESIGN.md §2).
 *
 * Returns: whether it could be read
 */
gboolean
crm_queue_pause_load (CrmQueuePause  *self,
                      GError        **error)
{
  gint64 now = crm_clock_now (self->clock);

  self->stopped = FALSE;
  crm_queue_state_clear (&self->state);
  if (!crm_outbox_read_state (self->store, &self->state, error))
    return FALSE;

  if (self->state.pause_class < 0)
    return TRUE;

  g_signal_emit (self, signals[CHANGED], 0);
  if (self->state.resume_at == 0)
    crm_queue_pause_probe (self);
  else if (self->state.set_at > now || self->state.resume_at <= now)
    end (self);
  else
    schedule (self, self->state.resume_at - now);

  return TRUE;
}

/**
 * crm_queue_pause_stop:
 * @self: a pause
 *
 * No more pings; the answer to one under way is ignored.
 */
void
crm_queue_pause_stop (CrmQueuePause *self)
{
  self->stopped = TRUE;
  cancel_timer (self);
  if (self->ping != NULL)
    g_cancellable_cancel (self->ping);
}

/**
 * crm_queue_pause_is_saving:
 * @self: a pause
 *
 * Returns: whether what it remembers between two starts is still under way to the disk; the signal "changed" tells when it
 *   is there
 */
gboolean
crm_queue_pause_is_saving (CrmQueuePause *self)
{
  return self->saving > 0;
}

/**
 * crm_queue_pause_begin:
 * @self: a pause
 * @klass: why
 * @answer: (nullable): the answer that said so
 *
 * Pauses the queue until a ping succeeds; the next one is sent after a wait that grows with each that fails.
 */
void
crm_queue_pause_begin (CrmQueuePause   *self,
                       CrmAnswerClass   klass,
                       const CrmAnswer *answer)
{
  if (self->state.pause_class < 0)
    self->rounds++;

  self->state.pause_class = klass;
  self->state.resume_at = 0;
  self->state.set_at = 0;
  g_free (self->state.pause_words);
  self->state.pause_words = write_words (self, klass, answer);

  if (self->ping == NULL)
    schedule (self, crm_retry_policy_get_wait (self->failed_probes + self->rounds, answer != NULL ? answer->retry_after : -1,
                                               crm_clock_random (self->clock)));
  save (self);
}

/**
 * crm_queue_pause_hold:
 * @self: a pause
 * @klass: %CRM_ANSWER_THROTTLED, or %CRM_ANSWER_TROUBLE with a time to wait
 * @retry_after: seconds; -1 when the CRM named no time
 *
 * Pauses the queue for a while; then it goes on without a ping.
 */
void
crm_queue_pause_hold (CrmQueuePause  *self,
                      CrmAnswerClass  klass,
                      gint64          retry_after)
{
  gint64 now = crm_clock_now (self->clock);
  gint64 wait = crm_retry_policy_get_wait (++self->holds, retry_after, crm_clock_random (self->clock));

  /* An earlier answer may have asked for longer; unless the clock was put back since. */
  if (self->state.resume_at != 0 && self->state.set_at <= now)
    wait = MAX (wait, self->state.resume_at - now);

  self->state.pause_class = klass;
  self->state.resume_at = now + wait;
  self->state.set_at = now;
  g_free (self->state.pause_words);
  self->state.pause_words = write_words (self, klass, NULL);
  schedule (self, wait);
  save (self);
}

/**
 * crm_queue_pause_probe:
 * @self: a pause
 *
 * Pings now, unless a ping is under way. "probed" says what came of it.
 */
void
crm_queue_pause_probe (CrmQueuePause *self)
{
  if (self->ping != NULL || self->stopped)
    return;

  if (self->state.resume_at == 0)
    cancel_timer (self);
  self->ping = g_cancellable_new ();
  crm_api_client_ping_async (self->client,
                             crm_clock_now (self->clock) / G_TIME_SPAN_SECOND + self->state.clock_offset, self->ping,
                             on_ping_answered, g_object_ref (self));
}

/**
 * crm_queue_pause_note_well:
 * @self: a pause
 *
 * The CRM has answered as it should: it is reachable, knows the account, and its clock agrees.
 */
void
crm_queue_pause_note_well (CrmQueuePause *self)
{
  gint64 now = crm_clock_now (self->clock);
  gboolean worth_saving = now - self->state.last_sync > G_TIME_SPAN_MINUTE || now < self->state.last_sync;

  self->clock_strikes = 0;
  self->state.last_sync = now;
  if (worth_saving)
    save (self);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * crm_queue_pause_note_accepted:
 * @self: a pause
 *
 * The CRM has taken a task: whatever trouble there was is over.
 */
void
crm_queue_pause_note_accepted (CrmQueuePause *self)
{
  self->rounds = 0;
  self->holds = 0;
}

/**
 * crm_queue_pause_note_clock:
 * @self: a pause
 * @signed_with: the clock offset that the request was signed with
 * @answer: its answer, of class %CRM_ANSWER_CLOCK
 *
 * Learns the offset from the answer's Date. A second 23005 in a row, or one without a Date, pauses the queue.
 *
 * Returns: whether to sign again and send once more
 */
gboolean
crm_queue_pause_note_clock (CrmQueuePause   *self,
                            gint64           signed_with,
                            const CrmAnswer *answer)
{
  if (signed_with != self->state.clock_offset)
    return TRUE;

  self->clock_strikes++;
  if (answer->server_time != 0)
    {
      self->state.clock_offset = answer->server_time - crm_clock_now (self->clock) / G_TIME_SPAN_SECOND;
      save (self);
    }

  if (answer->server_time != 0 && self->clock_strikes < 2)
    return TRUE;

  crm_queue_pause_begin (self, CRM_ANSWER_CLOCK, answer);
  return FALSE;
}

/**
 * crm_queue_pause_is_on:
 * @self: a pause
 *
 * Returns: whether nothing may be sent
 */
gboolean
crm_queue_pause_is_on (CrmQueuePause *self)
{
  return self->state.pause_class >= 0;
}

/**
 * crm_queue_pause_is_probing:
 * @self: a pause
 *
 * Returns: whether a ping is under way
 */
gboolean
crm_queue_pause_is_probing (CrmQueuePause *self)
{
  return self->ping != NULL;
}

/**
 * crm_queue_pause_get_class:
 * @self: a pause
 *
 * Returns: why nothing may be sent, a #CrmAnswerClass; -1 when it may
 */
int
crm_queue_pause_get_class (CrmQueuePause *self)
{
  return self->state.pause_class;
}

/**
 * crm_queue_pause_get_words:
 * @self: a pause
 *
 * Returns: (transfer none) (nullable): the same for people
 */
const char *
crm_queue_pause_get_words (CrmQueuePause *self)
{
  return self->state.pause_words;
}

/**
 * crm_queue_pause_get_failed_probes:
 * @self: a pause
 *
 * Returns: how many pings failed since the pause began
 */
guint
crm_queue_pause_get_failed_probes (CrmQueuePause *self)
{
  return self->failed_probes;
}

/**
 * crm_queue_pause_get_resume_at:
 * @self: a pause
 *
 * Returns: when the queue goes on by itself; microseconds since 1970, UTC; 0 when that isn't known
 */
gint64
crm_queue_pause_get_resume_at (CrmQueuePause *self)
{
  return self->state.resume_at;
}

/**
 * crm_queue_pause_get_clock_offset:
 * @self: a pause
 *
 * Returns: the seconds that the CRM's clock is ahead of ours
 */
gint64
crm_queue_pause_get_clock_offset (CrmQueuePause *self)
{
  return self->state.clock_offset;
}

/**
 * crm_queue_pause_get_last_sync:
 * @self: a pause
 *
 * Returns: when the CRM last answered as it should; microseconds since 1970, UTC; 0: never
 */
gint64
crm_queue_pause_get_last_sync (CrmQueuePause *self)
{
  return self->state.last_sync;
}

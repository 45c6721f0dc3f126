/* crm-reconciler.c: looks for adds that may have arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-reconciler.h"

#include "store/crm-outbox.h"
#include "sync/crm-flight.h"
#include "sync/crm-match.h"
#include "sync/crm-retry-policy.h"
#include "sync/crm-task-lister.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* API.md §4. */
#define BETWEEN_LOOKS (20 * G_TIME_SPAN_SECOND)
#define AFTER_SEND (60 * G_TIME_SPAN_SECOND)
#define LOOK_BACK (10 * 60)

/* A list that can't be had is asked for so often before the person is. */
#define MOST_FAILED_LISTS 3
/* More than so many, as a restored backup has them, are looked for together: all that is new costs less than a list for each name. */
#define MOST_NAMES 20

/* While an equal add is under way nothing is decided. */
#define EQUAL_ADD_WAIT G_TIME_SPAN_SECOND

/* How far the looking for one entry is. Begun anew at each start. Times are of the clock that never jumps. */
typedef struct
{
  gint64   begun;
  gint64   attempt_id; /* the last send; with the next one the looking begins anew */
  gboolean is_old;     /* sent before the start */
  guint    looks;      /* that found nothing */
  gint64   second_look;
  gint64   not_before;
  gboolean is_last;    /* the look that is due then, or under way, is the last that is needed */
  gboolean asked;      /* it is the person's turn */
} Search;

struct _CrmReconciler
{
  GObject        parent_instance;

  CrmStore      *store;
  CrmApiClient  *client;
  CrmClock      *clock;
  CrmQueuePause *pause;
  GHashTable    *flights;
  GPtrArray     *batched;

  gint64         between_looks;
  gint64         after_send;
  GHashTable    *searches;     /* local id → Search */
  gboolean       has_read;     /* what was sent before the start is known */
  GPtrArray     *unsettled;    /* of CrmUnsettled, as last read */
  GCancellable  *running;      /* not NULL between start and stop */
  gboolean       reading;
  gboolean       read_again;
  gboolean       looking;
  gboolean       second_look;  /* whether the look under way is without the name */
  GHashTable    *looked_for;   /* of the look under way: local id → the last send before it */
  GPtrArray     *remote;       /* of CrmRemoteTask: what the look under way has brought */
  guint          deciding;     /* writes under way */
  guint          failed_lists; /* in a row */
  guint          timer;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmReconciler, crm_reconciler, G_TYPE_OBJECT)

static void look (CrmReconciler *self);

static Search *
get_search (CrmReconciler *self,
            gint64         local_id)
{
  Search *search = g_hash_table_lookup (self->searches, GSIZE_TO_POINTER (local_id));

  if (search == NULL)
    {
      search = g_new0 (Search, 1);
      search->begun = crm_clock_monotonic (self->clock);
      g_hash_table_insert (self->searches, GSIZE_TO_POINTER (local_id), search);
    }

  return search;
}

static void
cancel_timer (CrmReconciler *self)
{
  if (self->timer != 0)
    crm_clock_cancel (self->clock, self->timer);
  self->timer = 0;
}

static void
emit_changed (CrmReconciler *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A batch may be done long after it was sent, and all its adds are in doubt together: they are given ten minutes, and one
 * more, for the CRM's time is known no better than to what a request takes. */
#define BATCHED_TIMES 11

/* How much of the wait after the send is still to come. */
static gint64
get_rest_after_send (CrmReconciler      *self,
                     const CrmUnsettled *entry)
{
  const Search *search = get_search (self, entry->local_id);
  gint64 whole = self->after_send * (entry->batched ? BATCHED_TIMES : 1);
  gint64 passed;

  /* Only the clock on the wall, set right by the CRM's, knows of what was before the start. */
  if (search->is_old)
    passed = crm_clock_now (self->clock) +
             (crm_queue_pause_get_clock_offset (self->pause) - entry->last_signed_at) * G_TIME_SPAN_SECOND;
  else
    passed = crm_clock_monotonic (self->clock) - search->begun;

  return whole - CLAMP (passed, 0, whole);
}

/* Deciding */

static gboolean
finish_decision (CrmReconciler *self,
                 CrmStore      *store,
                 GAsyncResult  *result)
{
  g_autoptr (GError) error = NULL;
  gboolean is_written = crm_outbox_finish (store, result, &error);

  /* Not written means not decided: it is looked for again. */
  if (!is_written)
    g_debug ("A look could not be stored: %s", error->message);

  if (--self->deciding == 0)
    {
      crm_reconciler_wake (self);
      emit_changed (self);
    }

  return is_written;
}

static void
on_decided (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmReconciler) self = user_data;

  finish_decision (self, CRM_STORE (source), result);
}

typedef struct
{
  CrmReconciler *reconciler;
  gint64         local_id;
} Question;

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (CrmReconciler) self = question->reconciler;
  Search *search = get_search (self, question->local_id);

  search->asked = TRUE;
  if (!finish_decision (self, CRM_STORE (source), result))
    {
      search->asked = FALSE;
      search->not_before = crm_clock_monotonic (self->clock) + CRM_RETRY_FIRST;
    }
}

static void
ask (CrmReconciler *self,
     gint64         local_id,
     char          *words)
{
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
  Question *question = g_new0 (Question, 1);

  problem->message = words;
  question->reconciler = g_object_ref (self);
  question->local_id = local_id;
  self->deciding++;
  crm_outbox_ask_async (self->store, local_id, get_search (self, local_id)->attempt_id, problem, on_asked, question);
}

static gboolean
is_equal_add_under_way (CrmReconciler      *self,
                        const CrmUnsettled *entry)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->flights);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (crm_match_is_equal_add (((CrmFlight *) key)->claim, entry))
      return TRUE;

  for (guint i = 0; i < self->batched->len; i++)
    if (crm_match_is_equal_add (self->batched->pdata[i], entry))
      return TRUE;

  return FALSE;
}

static void
decide (CrmReconciler      *self,
        const CrmUnsettled *entry,
        const CrmMatch     *match)
{
  Search *search = get_search (self, entry->local_id);
  gint64 rest, wait;
  gboolean was_last;
  gboolean was_looked_for = g_hash_table_lookup (self->looked_for, GSIZE_TO_POINTER (entry->local_id)) ==
                            GSIZE_TO_POINTER (entry->attempt_id);

  if (is_equal_add_under_way (self, entry))
    {
      search->not_before = crm_clock_monotonic (self->clock) + EQUAL_ADD_WAIT;
      return;
    }

  switch (match->kind)
    {
    case CRM_MATCH_FOUND:
      self->deciding++;
      crm_outbox_adopt_async (self->store, entry->local_id, match->crm_id, on_decided, g_object_ref (self));
      g_hash_table_remove (self->searches, GSIZE_TO_POINTER (entry->local_id));
      break;

    case CRM_MATCH_AMBIGUOUS:
      ask (self, entry->local_id,
           g_strdup (_("Several tasks on the CRM match this one. Say which one it is, or send it again")));
      break;

    case CRM_MATCH_NEAR:
      ask (self, entry->local_id,
           g_strdup_printf (_("#%" PRId64 " on the CRM has the same name and time, but other fields differ. "
                              "Say whether this is it, or send it again"),
                            match->crm_id));
      break;

    case CRM_MATCH_NONE:
    default:
      if (!was_looked_for)
        break;

      /* The second look leaves the name out, for the CRM may trim or escape it. Of what may be done long after it was sent
       * there are more of them, each as late again. */
      rest = get_rest_after_send (self, entry);
      wait = MAX (self->between_looks, rest);
      if (entry->batched)
        wait = MAX (self->between_looks, MIN (rest, crm_clock_monotonic (self->clock) - search->begun));
      was_last = search->is_last;
      search->is_last = wait >= rest;
      search->second_look = crm_clock_monotonic (self->clock) + wait;
      if (search->looks++ == 0 || !self->second_look || !was_last)
        break;

      self->deciding++;
      crm_outbox_release_async (self->store, entry->local_id, entry->attempt_id, on_decided, g_object_ref (self));
      g_hash_table_remove (self->searches, GSIZE_TO_POINTER (entry->local_id));
      break;
    }
}

static GPtrArray *
keep_candidates (CrmReconciler *self,
                 GPtrArray     *remote)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new ();
  gint64 since = G_MAXINT64;

  for (guint i = 0; i < self->unsettled->len; i++)
    since = MIN (since, ((CrmUnsettled *) self->unsettled->pdata[i])->first_signed_at - LOOK_BACK);

  for (guint i = 0; i < remote->len; i++)
    {
      CrmRemoteTask *task = remote->pdata[i];
      gboolean owned = TRUE;

      if (task->created != 0 && task->created < since)
        continue;
      if (!crm_outbox_is_owned (self->store, task->id, &owned, NULL))
        return NULL;
      if (!owned)
        g_ptr_array_add (candidates, task);
    }

  return g_steal_pointer (&candidates);
}

/* Looking */

static void
take_failure (CrmReconciler   *self,
              const CrmAnswer *failure)
{
  CrmAnswerClass klass = failure->outcome->klass;
  gint64 now = crm_clock_monotonic (self->clock);
  gboolean is_passing;
  GHashTableIter iter;
  gpointer key;

  if (klass == CRM_ANSWER_NOT_SENT)
    crm_queue_pause_begin (self->pause, klass, failure);
  else if (klass == CRM_ANSWER_THROTTLED)
    crm_queue_pause_hold (self->pause, klass, failure->retry_after);
  else if (klass == CRM_ANSWER_CLOCK)
    crm_queue_pause_note_clock (self->pause, crm_queue_pause_get_clock_offset (self->pause), failure);

  /* What hits everyone says nothing of the list. One that the key has no right to is not had by asking again, and is
   * nobody else's trouble. */
  is_passing = klass == CRM_ANSWER_CLOCK || crm_queue_pause_is_on (self->pause);
  if (!is_passing && (klass == CRM_ANSWER_ACCOUNT || klass == CRM_ANSWER_REJECTED || klass == CRM_ANSWER_NOT_A_CRM))
    self->failed_lists = MOST_FAILED_LISTS;
  else if (!is_passing)
    self->failed_lists++;

  g_hash_table_iter_init (&iter, self->looked_for);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      if (self->failed_lists >= MOST_FAILED_LISTS)
        ask (self, GPOINTER_TO_SIZE (key),
             g_strdup (_("It may be on the CRM, whose list of tasks can’t be had. Look there, and say whether it is")));
      else
        get_search (self, GPOINTER_TO_SIZE (key))->not_before =
            now + crm_retry_policy_get_wait (self->failed_lists + 1, failure->retry_after, crm_clock_random (self->clock));
    }

  if (self->failed_lists >= MOST_FAILED_LISTS)
    self->failed_lists = 0;
}

static gboolean
on_timer (gpointer user_data)
{
  CrmReconciler *self = user_data;

  self->timer = 0;
  crm_reconciler_wake (self);

  return G_SOURCE_REMOVE;
}

/* Forgets what was settled or sent once more, and begins what is new. */
static void
renew_searches (CrmReconciler *self)
{
  g_autoptr (GHashTable) open = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer key, value;

  for (guint i = 0; i < self->unsettled->len; i++)
    {
      CrmUnsettled *entry = self->unsettled->pdata[i];

      g_hash_table_insert (open, GSIZE_TO_POINTER (entry->local_id), entry);
    }

  g_hash_table_iter_init (&iter, self->searches);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const Search *search = value;
      const CrmUnsettled *entry = g_hash_table_lookup (open, key);

      if (entry == NULL || search->attempt_id != entry->attempt_id)
        g_hash_table_iter_remove (&iter);
    }

  for (guint i = 0; i < self->unsettled->len; i++)
    {
      const CrmUnsettled *entry = self->unsettled->pdata[i];
      Search *search = get_search (self, entry->local_id);

      search->attempt_id = entry->attempt_id;
      search->is_old = search->is_old || !self->has_read;
    }
}

/* One that it is the person's turn to settle takes nothing from an equal one that can be settled here. */
static int
compare_turn (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  const CrmUnsettled *first = *(CrmUnsettled *const *) a, *second = *(CrmUnsettled *const *) b;
  int asked = get_search (user_data, first->local_id)->asked - get_search (user_data, second->local_id)->asked;

  return asked != 0 ? asked : crm_match_compare (first, second);
}

/* Returns whether what is unsettled could be read anew. */
static gboolean
take_unsettled (CrmReconciler *self,
                GAsyncResult  *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) unsettled = crm_outbox_read_unsettled_finish (self->store, result, &error);

  if (unsettled == NULL)
    {
      g_debug ("What is unconfirmed could not be read: %s", error->message);
      cancel_timer (self);
      self->timer = crm_clock_call (self->clock, CRM_RETRY_FIRST, on_timer, self);
      return FALSE;
    }

  g_ptr_array_unref (self->unsettled);
  self->unsettled = g_steal_pointer (&unsettled);
  renew_searches (self);
  g_ptr_array_sort_with_data (self->unsettled, compare_turn, self);
  self->has_read = TRUE;

  return TRUE;
}

static void
finish_look (CrmReconciler *self)
{
  self->looking = FALSE;
  g_clear_pointer (&self->remote, g_ptr_array_unref);
  if (self->deciding == 0 && self->timer == 0)
    crm_reconciler_wake (self);
  emit_changed (self);
}

static void
on_read_again (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (CrmReconciler) self = user_data;
  g_autoptr (GPtrArray) candidates = NULL;
  g_autoptr (GArray) matches = NULL;

  if (self->running == NULL)
    {
      self->looking = FALSE;
      return;
    }

  if (take_unsettled (self, result) && (candidates = keep_candidates (self, self->remote)) != NULL)
    {
      matches = crm_match_all (self->unsettled, candidates);
      for (guint i = 0; i < matches->len; i++)
        if (!get_search (self, g_array_index (matches, CrmMatch, i).local_id)->asked)
          decide (self, self->unsettled->pdata[i], &g_array_index (matches, CrmMatch, i));
    }

  finish_look (self);
}

static void
on_list (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (CrmReconciler) self = user_data;
  g_autoptr (CrmAnswer) failure = NULL;
  g_autoptr (GPtrArray) remote = crm_task_lister_run_finish (result, &failure);

  if (self->running == NULL)
    {
      self->looking = FALSE;
      return;
    }

  if (remote == NULL)
    {
      take_failure (self, failure);
      finish_look (self);
      return;
    }

  /* What became unsettled meanwhile may be what is there. */
  self->failed_lists = 0;
  self->remote = g_steal_pointer (&remote);
  crm_outbox_read_unsettled_async (self->store, on_read_again, g_object_ref (self));
}

static const char *
get_name (const CrmUnsettled *entry)
{
  const CrmSent *last = entry->sent->len > 0 ? entry->sent->pdata[entry->sent->len - 1] : NULL;

  return last != NULL ? crm_values_get_text (last->values, CRM_FIELD_NAME) : NULL;
}

static gboolean
has_one_name (const CrmUnsettled *entry,
              const char         *name)
{
  for (guint i = 0; i < entry->sent->len; i++)
    if (g_strcmp0 (crm_values_get_text (((CrmSent *) entry->sent->pdata[i])->values, CRM_FIELD_NAME), name) != 0)
      return FALSE;

  return TRUE;
}

/* Looks for what is due: by name for first looks, all that share it together; without it for all others. */
static void
look (CrmReconciler *self)
{
  gint64 now = crm_clock_monotonic (self->clock);
  gint64 since = G_MAXINT64, next = G_MAXINT64;
  const char *name = NULL;
  gboolean by_name = FALSE;

  g_hash_table_remove_all (self->looked_for);
  for (guint i = 0; i < self->unsettled->len; i++)
    {
      const CrmUnsettled *entry = self->unsettled->pdata[i];
      const Search *search = get_search (self, entry->local_id);
      gint64 due = MAX (search->not_before, search->second_look);
      /* Those of a batch all have other names. */
      gboolean first = search->looks == 0 && !entry->batched && self->unsettled->len <= MOST_NAMES &&
                       has_one_name (entry, get_name (entry));

      if (search->asked)
        continue;
      if (due > now)
        {
          next = MIN (next, due);
          continue;
        }
      if (g_hash_table_size (self->looked_for) == 0)
        {
          by_name = first;
          name = by_name ? get_name (entry) : NULL;
        }
      else if (by_name && (!first || g_strcmp0 (name, get_name (entry)) != 0))
        {
          next = now;
          continue;
        }

      g_hash_table_insert (self->looked_for, GSIZE_TO_POINTER (entry->local_id), GSIZE_TO_POINTER (entry->attempt_id));
      since = MIN (since, entry->first_signed_at - LOOK_BACK);
    }

  if (g_hash_table_size (self->looked_for) == 0)
    {
      if (next != G_MAXINT64)
        self->timer = crm_clock_call (self->clock, next - now, on_timer, self);
      return;
    }

  self->looking = TRUE;
  self->second_look = !by_name;
  crm_task_lister_run_async (self->client, self->clock, crm_queue_pause_get_clock_offset (self->pause), since, name,
                             self->running, on_list, g_object_ref (self));
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (CrmReconciler) self = user_data;

  self->reading = FALSE;
  if (self->running == NULL || !take_unsettled (self, result))
    return;

  if (self->read_again)
    crm_reconciler_wake (self);
  else if (!crm_queue_pause_is_on (self->pause))
    look (self);
  emit_changed (self);
}

static void
crm_reconciler_dispose (GObject *object)
{
  CrmReconciler *self = CRM_RECONCILER (object);

  crm_reconciler_stop (self);
  g_clear_pointer (&self->searches, g_hash_table_unref);
  g_clear_pointer (&self->looked_for, g_hash_table_unref);
  g_clear_pointer (&self->remote, g_ptr_array_unref);
  g_clear_pointer (&self->unsettled, g_ptr_array_unref);
  g_clear_pointer (&self->flights, g_hash_table_unref);
  g_clear_pointer (&self->batched, g_ptr_array_unref);
  g_clear_object (&self->pause);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (crm_reconciler_parent_class)->dispose (object);
}

static void
crm_reconciler_class_init (CrmReconcilerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_reconciler_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
crm_reconciler_init (CrmReconciler *self)
{
  self->between_looks = BETWEEN_LOOKS;
  self->after_send = AFTER_SEND;
  self->searches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->looked_for = g_hash_table_new (NULL, NULL);
  self->unsettled = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_unsettled_free);
}

/**
 * crm_reconciler_new:
 * @store: the tasks
 * @client: asks the CRM
 * @clock: the clock
 * @pause: while it is on, nothing is looked for
 * @flights: (element-type CrmFlight): what is under way, kept by the service
 * @batched: (element-type CrmClaim): the adds of the batches that are, likewise
 *
 * Returns: (transfer full): a reconciler that hasn't started
 */
CrmReconciler *
crm_reconciler_new (CrmStore      *store,
                    CrmApiClient  *client,
                    CrmClock      *clock,
                    CrmQueuePause *pause,
                    GHashTable    *flights,
                    GPtrArray     *batched)
{
  CrmReconciler *self = g_object_new (CRM_TYPE_RECONCILER, NULL);

  self->store = g_object_ref (store);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->pause = g_object_ref (pause);
  self->flights = g_hash_table_ref (flights);
  self->batched = g_ptr_array_ref (batched);

  return self;
}

/**
 * crm_reconciler_set_waits:
 * @self: a reconciler
 * @between_looks: microseconds between the two looks
 * @after_send: microseconds between the last send and the second look
 */
void
crm_reconciler_set_waits (CrmReconciler *self,
                          gint64         between_looks,
                          gint64         after_send)
{
  self->between_looks = between_looks;
  self->after_send = after_send;
}

/**
 * crm_reconciler_start:
 * @self: a reconciler
 *
 * For who holds the right to send.
 */
void
crm_reconciler_start (CrmReconciler *self)
{
  if (self->running == NULL)
    self->running = g_cancellable_new ();
  self->has_read = FALSE;
  crm_reconciler_wake (self);
}

/**
 * crm_reconciler_stop:
 * @self: a reconciler
 *
 * Looks no more; a list under way is given up.
 */
void
crm_reconciler_stop (CrmReconciler *self)
{
  if (self->clock != NULL)
    cancel_timer (self);
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  g_clear_object (&self->running);
}

/**
 * crm_reconciler_wake:
 * @self: a reconciler
 *
 * Something may have become unconfirmed, or settled.
 */
void
crm_reconciler_wake (CrmReconciler *self)
{
  if (self->running == NULL || self->looking || self->deciding > 0)
    return;

  self->read_again = self->reading;
  if (self->reading)
    return;

  cancel_timer (self);
  self->reading = TRUE;
  crm_outbox_read_unsettled_async (self->store, on_read, g_object_ref (self));
}

/**
 * crm_reconciler_look_again:
 * @self: a reconciler
 *
 * Looks once more also for what is the person's turn by now.
 */
void
crm_reconciler_look_again (CrmReconciler *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->searches);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ((Search *) value)->asked = FALSE;
      ((Search *) value)->not_before = 0;
    }

  crm_reconciler_wake (self);
}

/**
 * crm_reconciler_is_calm:
 * @self: a reconciler
 *
 * Returns: whether nothing was to be looked for when it last read, so that only what becomes so since is of interest to it
 */
gboolean
crm_reconciler_is_calm (CrmReconciler *self)
{
  return self->running == NULL || (self->has_read && !self->reading && self->unsettled->len == 0);
}

/**
 * crm_reconciler_is_busy:
 * @self: a reconciler
 *
 * Returns: whether it is looking or deciding at the moment
 */
gboolean
crm_reconciler_is_busy (CrmReconciler *self)
{
  return self->looking || self->deciding > 0;
}

/**
 * crm_reconciler_has_work:
 * @self: a reconciler
 *
 * Returns: whether there are adds that it looks for, now or later
 */
gboolean
crm_reconciler_has_work (CrmReconciler *self)
{
  if (self->running == NULL)
    return FALSE;
  if (self->reading || crm_reconciler_is_busy (self))
    return TRUE;

  for (guint i = 0; i < self->unsettled->len; i++)
    if (!get_search (self, ((CrmUnsettled *) self->unsettled->pdata[i])->local_id)->asked)
      return TRUE;

  return FALSE;
}

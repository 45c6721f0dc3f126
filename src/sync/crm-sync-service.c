/* crm-sync-service.c: sends what waits in the outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-sync-service-private.h"

#include "api/crm-soup-transport.h"
#include "store/crm-outbox.h"

enum
{
  PROP_0,
  PROP_ACTIVITY,
  PROP_PAUSE_CLASS,
  PROP_PAUSE_WORDS,
  PROP_FAILED_PROBES,
  PROP_IN_FLIGHT,
  PROP_LAST_SYNC,
  PROP_NEXT_WAKE,
  PROP_HELD,
  N_PROPS
};

enum
{
  RECORDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmSyncService, crm_sync_service, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (CrmSyncActivity, crm_sync_activity,
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_IDLE, "idle"),
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_BUSY, "busy"),
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_PAUSED, "paused"),
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_HELD, "held"),
                    G_DEFINE_ENUM_VALUE (CRM_SYNC_ACTIVITY_WATCHING, "watching"))

static void
cancel (CrmSyncService *self,
        guint          *timer)
{
  if (*timer != 0)
    crm_clock_cancel (self->clock, *timer);
  *timer = 0;
}

/**
 * crm_sync_service_notify:
 * @self: the service
 *
 * Says that what it says of itself may be another, once for all answers that are gone through together.
 */
void
crm_sync_service_notify (CrmSyncService *self)
{
  if (self->is_quiet)
    return;

  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  /* Pushing goes first; what can't be reached can't be pulled from. */
  crm_puller_set_held (self->puller, g_hash_table_size (self->flights) > 0 || crm_batch_sender_is_busy (self->batches) ||
                                         crm_queue_pause_is_on (self->pause));
}

/**
 * crm_sync_service_emit_recorded:
 * @self: the service
 * @flight: an entry whose answer is stored
 * @already_there: whether it was to be discarded, but the CRM has it
 */
void
crm_sync_service_emit_recorded (CrmSyncService *self,
                                CrmFlight      *flight,
                                gboolean        already_there)
{
  g_signal_emit (self, signals[RECORDED], 0, flight->claim->local_id, (int) flight->answer->outcome->klass, already_there);
}

/**
 * crm_sync_service_note_local_trouble:
 * @self: the service
 * @error: (nullable): why the database could not be used; %NULL: it could
 */
void
crm_sync_service_note_local_trouble (CrmSyncService *self,
                                     const GError   *error)
{
  g_free (self->local_trouble);
  self->local_trouble = error != NULL ? g_strdup (error->message) : NULL;
}

/**
 * crm_sync_service_is_sending:
 * @self: the service
 *
 * Returns: whether it has the right to send, and is not to stop
 */
gboolean
crm_sync_service_is_sending (CrmSyncService *self)
{
  return self->started && self->lock != NULL && !self->recovering && self->stop == NULL;
}

/**
 * crm_sync_service_stop_if_calm:
 * @self: the service
 *
 * Ends it, if it is to stop and nothing is under way any more.
 */
void
crm_sync_service_stop_if_calm (CrmSyncService *self)
{
  g_autoptr (GTask) stop = NULL;

  if (self->stop == NULL || g_hash_table_size (self->flights) > 0 || self->exchanging || self->recovering ||
      crm_batch_sender_is_busy (self->batches) || crm_queue_pause_is_saving (self->pause))
    return;

  stop = g_steal_pointer (&self->stop);
  crm_queue_pause_stop (self->pause);
  crm_batch_sender_end (self->batches);
  crm_reconciler_stop (self->reconciler);
  crm_puller_stop (self->puller);
  cancel (self, &self->wake_timer);
  cancel (self, &self->watch_timer);
  cancel (self, &self->pump_timer);
  self->started = FALSE;
  g_clear_pointer (&self->lock, crm_sender_lock_free);
  crm_sync_service_notify (self);
  g_task_return_boolean (stop, TRUE);
}

static void
on_pause_changed (CrmSyncService *self)
{
  if (self->flights == NULL)
    return;

  crm_sync_service_notify (self);
  crm_sync_service_stop_if_calm (self);
}

static void
on_pause_over (CrmSyncService *self)
{
  crm_sync_judge_ask (self);
  crm_sync_service_schedule_pump (self);
  crm_batch_sender_wake (self->batches);
  crm_reconciler_wake (self->reconciler);
}

static void
on_batches_changed (CrmSyncService *self)
{
  if (self->flights == NULL)
    return;

  crm_sync_service_schedule_pump (self);
  crm_sync_service_notify (self);
  crm_sync_service_stop_if_calm (self);
}

/* The right to send */

static gboolean on_watch (gpointer user_data);

static void
on_recovered (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (CrmSyncService) self = user_data;
  g_autoptr (GError) error = NULL;

  self->recovering = FALSE;
  if (!crm_outbox_finish (CRM_STORE (source), result, &error) || !crm_queue_pause_load (self->pause, &error))
    {
      g_message ("The outbox could not be taken over yet: %s", error->message);
      crm_sync_service_note_local_trouble (self, error);
      g_clear_pointer (&self->lock, crm_sender_lock_free);
      if (self->stop == NULL)
        self->watch_timer = crm_clock_call (self->clock, CRM_SYNC_WATCH_INTERVAL, on_watch, self);
    }
  else if (self->stop == NULL)
    {
      if (!self->held)
        crm_reconciler_start (self->reconciler);
      crm_batch_sender_start (self->batches);
      crm_puller_start (self->puller);
    }

  crm_sync_service_notify (self);
  crm_sync_service_schedule_pump (self);
  crm_sync_service_stop_if_calm (self);
}

static gboolean
on_watch (gpointer user_data)
{
  CrmSyncService *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean held_elsewhere;

  self->watch_timer = 0;
  self->lock = crm_sender_lock_try (crm_store_get_folder (self->store), &held_elsewhere, &error);
  if (self->lock == NULL)
    {
      if (error != NULL)
        g_message ("%s", error->message);
      self->watch_timer = crm_clock_call (self->clock, CRM_SYNC_WATCH_INTERVAL, on_watch, self);
      crm_sync_service_notify (self);
      return G_SOURCE_REMOVE;
    }

  self->recovering = TRUE;
  crm_outbox_recover_async (self->store, crm_clock_now (self->clock), on_recovered, g_object_ref (self));

  return G_SOURCE_REMOVE;
}

static void
on_store_changed (CrmSyncService *self,
                  GArray         *ids)
{
  /* What the service itself does is gone on with when it is done. */
  if (self->is_announcing)
    return;

  crm_sync_service_schedule_pump (self);
  crm_reconciler_wake (self->reconciler);
}

static void
on_network_changed (CrmSyncService *self,
                    gboolean        available)
{
  /* A hint, never a gate: it may be wrong either way. */
  if (crm_sync_service_is_sending (self) && available && crm_queue_pause_get_class (self->pause) == CRM_ANSWER_NOT_SENT)
    crm_queue_pause_probe (self->pause);
}

/* A service that ends amid its work: what waits for a timer or to be stored is gone, and what waits for an answer goes with
 * it. All are still `sending` for the next one. */
static void
drop_flights (CrmSyncService *self)
{
  g_autoptr (GHashTable) flights = g_steal_pointer (&self->flights);
  GHashTableIter iter;
  gpointer key;

  if (flights == NULL)
    return;

  g_hash_table_iter_init (&iter, flights);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      CrmFlight *flight = key;

      g_hash_table_iter_steal (&iter);
      if (flight->timer != 0)
        crm_clock_cancel (self->clock, flight->timer);
      else if (!g_ptr_array_remove (self->answered, flight))
        continue;
      crm_flight_free (flight);
    }
}

static void
crm_sync_service_dispose (GObject *object)
{
  CrmSyncService *self = CRM_SYNC_SERVICE (object);

  if (self->clock != NULL)
    {
      cancel (self, &self->wake_timer);
      cancel (self, &self->watch_timer);
      cancel (self, &self->pump_timer);
    }
  if (self->pause != NULL)
    crm_queue_pause_stop (self->pause);
  if (self->reconciler != NULL)
    crm_reconciler_stop (self->reconciler);
  if (self->stop != NULL)
    {
      g_autoptr (GTask) stop = g_steal_pointer (&self->stop);

      g_task_return_boolean (stop, TRUE);
    }
  if (self->puller != NULL)
    crm_puller_stop (self->puller);
  g_clear_object (&self->puller);
  g_clear_object (&self->reconciler);
  if (self->batches != NULL)
    g_object_run_dispose (G_OBJECT (self->batches));
  g_clear_object (&self->batches);
  g_clear_object (&self->pause);
  drop_flights (self);
  g_clear_pointer (&self->answered, g_ptr_array_unref);
  g_clear_pointer (&self->local_trouble, g_free);
  g_clear_pointer (&self->troubled, g_hash_table_unref);
  g_clear_pointer (&self->strikes, g_hash_table_unref);
  g_clear_pointer (&self->suspects, g_ptr_array_unref);
  g_clear_pointer (&self->accused, g_ptr_array_unref);
  g_clear_pointer (&self->lock, crm_sender_lock_free);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (crm_sync_service_parent_class)->dispose (object);
}

static void
crm_sync_service_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  CrmSyncService *self = CRM_SYNC_SERVICE (object);

  switch (prop_id)
    {
    case PROP_ACTIVITY:
      g_value_set_enum (value, crm_sync_service_get_activity (self));
      break;
    case PROP_PAUSE_CLASS:
      g_value_set_int (value, crm_sync_service_get_pause_class (self));
      break;
    case PROP_PAUSE_WORDS:
      g_value_set_string (value, crm_sync_service_get_pause_words (self));
      break;
    case PROP_FAILED_PROBES:
      g_value_set_uint (value, crm_sync_service_get_failed_probes (self));
      break;
    case PROP_IN_FLIGHT:
      g_value_set_uint (value, crm_sync_service_get_in_flight (self));
      break;
    case PROP_LAST_SYNC:
      g_value_set_int64 (value, crm_sync_service_get_last_sync (self));
      break;
    case PROP_NEXT_WAKE:
      g_value_set_int64 (value, crm_sync_service_get_next_wake (self));
      break;
    case PROP_HELD:
      g_value_set_boolean (value, self->held);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_sync_service_class_init (CrmSyncServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_sync_service_dispose;
  object_class->get_property = crm_sync_service_get_property;

  properties[PROP_ACTIVITY] = g_param_spec_enum ("activity", NULL, NULL, CRM_TYPE_SYNC_ACTIVITY,
                                                 CRM_SYNC_ACTIVITY_STOPPED, flags);
  properties[PROP_PAUSE_CLASS] = g_param_spec_int ("pause-class", NULL, NULL, -1, CRM_N_ANSWER_CLASSES, -1, flags);
  properties[PROP_PAUSE_WORDS] = g_param_spec_string ("pause-words", NULL, NULL, NULL, flags);
  properties[PROP_FAILED_PROBES] = g_param_spec_uint ("failed-probes", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_IN_FLIGHT] = g_param_spec_uint ("in-flight", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST_SYNC] = g_param_spec_int64 ("last-sync", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_NEXT_WAKE] = g_param_spec_int64 ("next-wake", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_HELD] = g_param_spec_boolean ("held", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /* The local id, the answer's class, and whether a task that was to be discarded is on the CRM already. */
  signals[RECORDED] = g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_INT64, G_TYPE_INT, G_TYPE_BOOLEAN);
}

static void
crm_sync_service_init (CrmSyncService *self)
{
  crm_push_window_init (&self->window);
  self->flights = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) crm_flight_free, NULL);
  self->answered = g_ptr_array_new ();
  self->troubled = g_hash_table_new (NULL, NULL);
  self->strikes = g_hash_table_new (NULL, NULL);
  self->suspects = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_suspect_free);
  self->accused = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_suspect_free);
}

/**
 * crm_sync_service_prepare:
 *
 * The first thing for a program to call: see crm_soup_transport_prepare().
 */
void
crm_sync_service_prepare (void)
{
  crm_soup_transport_prepare ();
}

/**
 * crm_sync_service_new:
 * @store: the tasks
 * @account: where they go
 * @transport: (nullable): carries the requests; libsoup when %NULL
 * @clock: (nullable): the clock; the system's when %NULL
 *
 * Returns: (transfer full): a service that hasn't started. Main thread
 */
CrmSyncService *
crm_sync_service_new (CrmStore     *store,
                      CrmAccount   *account,
                      CrmTransport *transport,
                      CrmClock     *clock)
{
  CrmSyncService *self;
  g_autoptr (CrmTransport) carrier = transport != NULL ? g_object_ref (transport) : crm_soup_transport_new ();

  g_return_val_if_fail (CRM_IS_STORE (store) && CRM_IS_ACCOUNT (account), NULL);

  self = g_object_new (CRM_TYPE_SYNC_SERVICE, NULL);
  self->store = g_object_ref (store);
  self->client = crm_api_client_new (account, carrier);
  self->clock = clock != NULL ? g_object_ref (clock) : crm_clock_new ();
  self->pause = crm_queue_pause_new (store, self->client, self->clock);
  self->puller = crm_puller_new (store, account, carrier, self->clock);
  self->batches = crm_batch_sender_new (store, self->client, self->clock, self->pause);
  self->reconciler = crm_reconciler_new (store, self->client, self->clock, self->pause, self->flights,
                                         crm_batch_sender_get_claims (self->batches));

  g_signal_connect_object (self->pause, "changed", G_CALLBACK (on_pause_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pause, "probed", G_CALLBACK (crm_sync_judge_on_probed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pause, "over", G_CALLBACK (on_pause_over), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->batches, "answered", G_CALLBACK (crm_sync_judge_on_batch_answered), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->batches, "changed", G_CALLBACK (on_batches_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reconciler, "changed", G_CALLBACK (on_pause_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_store_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * crm_sync_service_start:
 * @self: a service
 *
 * Begins to send, as soon as it has the right to; while another process has it, this one watches.
 */
void
crm_sync_service_start (CrmSyncService *self)
{
  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  if (self->started)
    return;

  self->started = TRUE;
  on_watch (self);
  crm_sync_service_notify (self);
}

/**
 * crm_sync_service_stop_async:
 * @self: a service
 * @cancellable: (nullable): a cancellable
 * @callback: called when nothing is under way any more
 * @user_data: given to @callback
 *
 * Begins nothing new, waits for the requests under way and stores their answers. A request may take 30 s.
 */
void
crm_sync_service_stop_async (CrmSyncService      *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  g_task_set_source_tag (task, crm_sync_service_stop_async);
  if (!self->started || self->stop != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  crm_reconciler_stop (self->reconciler);
  crm_batch_sender_stop (self->batches);
  crm_puller_stop (self->puller);
  self->stop = g_steal_pointer (&task);
  crm_sync_service_stop_if_calm (self);
}

/**
 * crm_sync_service_stop_finish:
 * @self: a service
 * @result: what the callback was given
 * @error: not set at present
 *
 * Returns: %TRUE
 */
gboolean
crm_sync_service_stop_finish (CrmSyncService  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_sync_service_sync_now:
 * @self: a service
 *
 * Looks at once whether a pause is over, and looks again for what is unconfirmed.
 */
void
crm_sync_service_sync_now (CrmSyncService *self)
{
  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  crm_sync_service_set_held (self, FALSE);
  if (!crm_sync_service_is_sending (self))
    return;

  if (crm_queue_pause_is_on (self->pause))
    crm_queue_pause_probe (self->pause);
  crm_batch_sender_wake (self->batches);
  crm_reconciler_look_again (self->reconciler);
  crm_sync_service_schedule_pump (self);
}

/**
 * crm_sync_service_set_held:
 * @self: a service
 * @held: whether nothing new is to be sent or looked for until a person says so
 *
 * Requests under way end as they would. It is not remembered: the next start sends by itself (DESIGN.md §1).
 */
void
crm_sync_service_set_held (CrmSyncService *self,
                           gboolean        held)
{
  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  if (self->held == held)
    return;

  self->held = held;
  if (held)
    {
      crm_reconciler_stop (self->reconciler);
    }
  else if (crm_sync_service_is_sending (self))
    {
      crm_reconciler_start (self->reconciler);
      crm_sync_service_schedule_pump (self);
    }
  crm_sync_service_notify (self);
}

/**
 * crm_sync_service_set_settling:
 * @self: a service
 * @seconds: between the two looks for an add that may have arrived, and after it was sent
 *
 * Instead of the 20 s and 60 s of API.md §4.
 */
void
crm_sync_service_set_settling (CrmSyncService *self,
                               guint           seconds)
{
  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  crm_reconciler_set_waits (self->reconciler, seconds * G_TIME_SPAN_SECOND, seconds * G_TIME_SPAN_SECOND);
}

/**
 * crm_sync_service_set_window:
 * @self: a service
 * @window: how many requests may be under way at a time; 0, as it is at first: as many as do the CRM good
 *
 * For measuring. Main thread.
 */
void
crm_sync_service_set_window (CrmSyncService *self,
                             guint           window)
{
  g_return_if_fail (CRM_IS_SYNC_SERVICE (self));

  self->fixed_window = window;
  crm_sync_service_schedule_pump (self);
}


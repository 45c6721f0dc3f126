/* crm-place-counter.c: how many tasks are at the places of time
 *
 * The store keeps the counts of the states; what is due when is counted off the main thread, a little after a change and
 * each minute.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-place-counter.h"

#include "store/crm-directory.h"

/* Changes that come one after the other are counted once; in milliseconds. */
#define PAUSE 400

/* In seconds. */
#define MINUTE 60

struct _CrmPlaceCounter
{
  GObject       parent_instance;

  CrmStore     *store;
  GArray       *counts;    /* of gint64, by the place's index */
  GCancellable *counting;
  guint         pause_id;
  guint         minute_id;
};

enum
{
  COUNTED,
  MINUTE_PASSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmPlaceCounter, crm_place_counter, G_TYPE_OBJECT)

typedef struct
{
  CrmPlaceCounter *counter;
  guint            index;
} Count;

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Count *count = user_data;
  g_autoptr (CrmPlaceCounter) self = count->counter;
  g_autoptr (GError) error = NULL;
  gint64 n = crm_store_count_finish (CRM_STORE (source), result, &error);

  if (n < 0)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("Could not count what is due: %s", error->message);
      return;
    }
  if (CRM_STORE (source) != self->store || g_array_index (self->counts, gint64, count->index) == n)
    return;

  g_array_index (self->counts, gint64, count->index) = n;
  g_signal_emit (self, signals[COUNTED], 0);
}

static void
count_all (CrmPlaceCounter *self)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const CrmPlace *place;

  if (self->counting != NULL)
    g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  if (self->store == NULL)
    return;

  self->counting = g_cancellable_new ();
  for (guint i = 0; (place = crm_place_get (i)) != NULL; i++)
    {
      g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
      Count *count;

      if (place->time == CRM_PLACE_ANY_TIME)
        continue;

      crm_place_fill_query (place, g_get_real_time (), zone, crm_directory_get_me (self->store), query);
      query->limit = CRM_PLACE_MOST_COUNTED + 1;
      count = g_new0 (Count, 1);
      count->counter = g_object_ref (self);
      count->index = i;
      crm_store_count_async (self->store, query, self->counting, counted_cb, count);
    }
}

static gboolean
pause_cb (gpointer user_data)
{
  CrmPlaceCounter *self = user_data;

  self->pause_id = 0;
  count_all (self);

  return G_SOURCE_REMOVE;
}

static gboolean
minute_cb (gpointer user_data)
{
  CrmPlaceCounter *self = user_data;

  count_all (self);
  g_signal_emit (self, signals[MINUTE_PASSED], 0);

  return G_SOURCE_CONTINUE;
}

static void
changed_cb (CrmPlaceCounter *self)
{
  if (self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE, pause_cb, self);
}

static void
crm_place_counter_dispose (GObject *object)
{
  CrmPlaceCounter *self = CRM_PLACE_COUNTER (object);

  crm_place_counter_set_store (self, NULL);
  g_clear_pointer (&self->counts, g_array_unref);

  G_OBJECT_CLASS (crm_place_counter_parent_class)->dispose (object);
}

static void
crm_place_counter_class_init (CrmPlaceCounterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_place_counter_dispose;

  signals[COUNTED] = g_signal_new ("counted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[MINUTE_PASSED] = g_signal_new ("minute", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
crm_place_counter_init (CrmPlaceCounter *self)
{
  guint n = 0;

  while (crm_place_get (n) != NULL)
    n++;
  self->counts = g_array_sized_new (FALSE, TRUE, sizeof (gint64), n);
  g_array_set_size (self->counts, n);
}

/**
 * crm_place_counter_new:
 *
 * Returns: (transfer full): a counter without a store
 */
CrmPlaceCounter *
crm_place_counter_new (void)
{
  return g_object_new (CRM_TYPE_PLACE_COUNTER, NULL);
}

/**
 * crm_place_counter_set_store:
 * @self: a counter
 * @store: (nullable): the tasks to count
 */
void
crm_place_counter_set_store (CrmPlaceCounter *self,
                             CrmStore        *store)
{
  g_return_if_fail (CRM_IS_PLACE_COUNTER (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  if (self->store == store)
    return;

  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_handle_id (&self->minute_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  for (guint i = 0; i < self->counts->len; i++)
    g_array_index (self->counts, gint64, i) = 0;

  if (store != NULL)
    {
      g_signal_connect_object (store, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (store, "names-changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
      self->minute_id = g_timeout_add_seconds (MINUTE, minute_cb, self);
    }
  count_all (self);
}

/**
 * crm_place_counter_get_count:
 * @self: a counter
 * @place: a place of time
 *
 * Returns: how many tasks were there when they were last counted; if they are more than %CRM_PLACE_MOST_COUNTED, one more than that
 */
gint64
crm_place_counter_get_count (CrmPlaceCounter *self,
                             const CrmPlace  *place)
{
  g_return_val_if_fail (CRM_IS_PLACE_COUNTER (self) && place != NULL, 0);

  return g_array_index (self->counts, gint64, crm_place_get_index (place));
}

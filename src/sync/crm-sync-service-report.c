/* crm-sync-service-report.c: what the sync service says of itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-sync-service-private.h"

#include <glib/gi18n-lib.h>

/**
 * crm_sync_service_get_activity:
 * @self: a service
 *
 * Returns: what it does at the moment
 */
CrmSyncActivity
crm_sync_service_get_activity (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), CRM_SYNC_ACTIVITY_STOPPED);

  if (!self->started)
    return CRM_SYNC_ACTIVITY_STOPPED;
  if (self->lock == NULL)
    return CRM_SYNC_ACTIVITY_WATCHING;
  if (self->held)
    return CRM_SYNC_ACTIVITY_HELD;
  if (crm_queue_pause_is_on (self->pause))
    return CRM_SYNC_ACTIVITY_PAUSED;
  if (g_hash_table_size (self->flights) > 0 || self->exchanging || self->recovering || self->pump_timer != 0 ||
      crm_batch_sender_is_busy (self->batches) || crm_queue_pause_is_probing (self->pause) || crm_reconciler_is_busy (self->reconciler))
    return CRM_SYNC_ACTIVITY_BUSY;
  return CRM_SYNC_ACTIVITY_IDLE;
}

/**
 * crm_sync_service_get_pause_class:
 * @self: a service
 *
 * Returns: why nothing is sent, a #CrmAnswerClass; -1 when it isn't paused
 */
int
crm_sync_service_get_pause_class (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), -1);

  /* Between a ping that succeeds and the one entry that tries whether all is well, the trouble isn't over. */
  if (self->on_probation && !crm_queue_pause_is_on (self->pause))
    return CRM_ANSWER_TROUBLE;
  return crm_queue_pause_get_class (self->pause);
}

/**
 * crm_sync_service_get_pause_words:
 * @self: a service
 *
 * Returns: (transfer none) (nullable): the same for people
 */
const char *
crm_sync_service_get_pause_words (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), NULL);

  if (self->on_probation && !crm_queue_pause_is_on (self->pause))
    return _("The CRM is in trouble at the moment");
  return crm_queue_pause_get_words (self->pause);
}

/**
 * crm_sync_service_get_failed_probes:
 * @self: a service
 *
 * Returns: how many pings failed since the pause began
 */
guint
crm_sync_service_get_failed_probes (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), 0);

  return crm_queue_pause_get_failed_probes (self->pause);
}

/**
 * crm_sync_service_get_in_flight:
 * @self: a service
 *
 * Returns: how many requests are under way
 */
guint
crm_sync_service_get_in_flight (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), 0);

  return g_hash_table_size (self->flights) + crm_batch_sender_count (self->batches);
}

/**
 * crm_sync_service_get_last_sync:
 * @self: a service
 *
 * Returns: when the CRM last answered as it should; microseconds since 1970, UTC; 0: never
 */
gint64
crm_sync_service_get_last_sync (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), 0);

  return crm_queue_pause_get_last_sync (self->pause);
}

/**
 * crm_sync_service_get_next_wake:
 * @self: a service
 *
 * Returns: when the next thing is due; microseconds since 1970, UTC; 0: nothing is
 */
gint64
crm_sync_service_get_next_wake (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), 0);

  return crm_queue_pause_is_on (self->pause) ? crm_queue_pause_get_resume_at (self->pause) : self->next_wake;
}

/**
 * crm_sync_service_get_held:
 * @self: a service
 *
 * Returns: whether a person holds it
 */
gboolean
crm_sync_service_get_held (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), FALSE);

  return self->held;
}

/**
 * crm_sync_service_get_puller:
 * @self: a service
 *
 * Returns: (transfer none): what brings what the CRM has, while this service has the right to send
 */
CrmPuller *
crm_sync_service_get_puller (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), NULL);

  return self->puller;
}

/**
 * crm_sync_service_get_batches:
 * @self: a service
 *
 * Returns: (transfer none): what sends many adds in one request
 */
CrmBatchSender *
crm_sync_service_get_batches (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), NULL);

  return self->batches;
}

/**
 * crm_sync_service_get_local_trouble:
 * @self: a service
 *
 * Returns: (transfer none) (nullable): why the database could not be used when it last was asked, in words; %NULL: it could
 */
const char *
crm_sync_service_get_local_trouble (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), NULL);

  return self->local_trouble;
}

/**
 * crm_sync_service_is_settling:
 * @self: a service
 *
 * Returns: whether adds that may have arrived are being looked for, or will be
 */
gboolean
crm_sync_service_is_settling (CrmSyncService *self)
{
  g_return_val_if_fail (CRM_IS_SYNC_SERVICE (self), FALSE);

  /* Before the outbox is taken over it isn't known, nor while an answer may leave an add in doubt. */
  return self->stop == NULL && self->lock != NULL &&
         (self->recovering || g_hash_table_size (self->flights) > 0 || crm_batch_sender_is_busy (self->batches) ||
          crm_batch_sender_count (self->batches) > 0 || crm_reconciler_has_work (self->reconciler));
}

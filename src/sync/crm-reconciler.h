/* crm-reconciler.h: looks for adds that may have arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "store/crm-store.h"
#include "sync/crm-clock.h"
#include "sync/crm-queue-pause.h"

G_BEGIN_DECLS

#define CRM_TYPE_RECONCILER (crm_reconciler_get_type ())

G_DECLARE_FINAL_TYPE (CrmReconciler, crm_reconciler, CRM, RECONCILER, GObject)

/* Signal "changed": is-busy or has-work may have. */

CrmReconciler *crm_reconciler_new        (CrmStore      *store,
                                          CrmApiClient  *client,
                                          CrmClock      *clock,
                                          CrmQueuePause *pause,
                                          GHashTable    *flights,
                                          GPtrArray     *batched);
void           crm_reconciler_set_waits  (CrmReconciler *self,
                                          gint64         between_looks,
                                          gint64         after_send);
void           crm_reconciler_start      (CrmReconciler *self);
void           crm_reconciler_stop       (CrmReconciler *self);
void           crm_reconciler_wake       (CrmReconciler *self);
void           crm_reconciler_look_again (CrmReconciler *self);
gboolean       crm_reconciler_is_calm    (CrmReconciler *self);
gboolean       crm_reconciler_is_busy    (CrmReconciler *self);
gboolean       crm_reconciler_has_work   (CrmReconciler *self);

G_END_DECLS

/* crm-sync-service-private.h: the service, for its judge
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "store/crm-sender-lock.h"
#include "sync/crm-flight.h"
#include "sync/crm-queue-pause.h"
#include "sync/crm-puller.h"
#include "sync/crm-reconciler.h"
#include "sync/crm-sync-service.h"

G_BEGIN_DECLS

struct _CrmSyncService
{
  GObject         parent_instance;

  CrmStore       *store;
  CrmApiClient   *client;
  CrmClock       *clock;
  CrmQueuePause  *pause;
  CrmReconciler  *reconciler;
  CrmPuller      *puller;
  CrmSenderLock  *lock;
  GTask          *stop;          /* set while requests under way are waited for */

  gboolean        started;
  gboolean         held; /* by a person */
  gboolean        recovering;
  gboolean        claiming;
  gboolean        claim_again;
  guint           window;
  GHashTable     *flights;       /* of CrmFlight: under way, or being recorded */
  char           *local_trouble; /* why the database could not be used when it last was asked; NULL: it could */
  guint           unrecorded;    /* answers that could not be stored yet */

  GHashTable     *troubled;      /* local ids in trouble since something was last accepted */
  GHashTable     *strikes;       /* local id → refusals of the account while pings succeed */
  GPtrArray      *suspects;      /* CrmSuspect: the next ping judges them */
  GPtrArray      *accused;       /* the ping under way does */
  guint64         accepted;      /* counts */
  gboolean        on_probation;  /* after trouble: one entry at a time until one gets through */

  guint           wake_timer;
  gint64          next_wake;
  guint           watch_timer;
  guint           pump_timer;
};

void crm_sync_service_schedule_pump (CrmSyncService *self);

void crm_sync_judge_ask             (CrmSyncService *self);
void crm_sync_judge_on_probed       (CrmSyncService *self,
                                     gboolean        well);
void crm_sync_judge_heed            (CrmSyncService *self,
                                     CrmFlight      *flight);

G_END_DECLS

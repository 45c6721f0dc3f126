/* crm-sync-service-private.h: the service, for its judge
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "store/crm-sender-lock.h"
#include "sync/crm-batch-sender.h"
#include "sync/crm-flight.h"
#include "sync/crm-queue-pause.h"
#include "sync/crm-push-window.h"
#include "sync/crm-puller.h"
#include "sync/crm-reconciler.h"
#include "sync/crm-sync-service.h"

G_BEGIN_DECLS

/* How often one that watches tries to take over, and one that could not write tries again. */
#define CRM_SYNC_WATCH_INTERVAL (500 * G_TIME_SPAN_MILLISECOND)

struct _CrmSyncService
{
  GObject         parent_instance;

  CrmStore       *store;
  CrmApiClient   *client;
  CrmClock       *clock;
  CrmQueuePause  *pause;
  CrmReconciler  *reconciler;
  CrmBatchSender *batches;
  CrmPuller      *puller;
  CrmSenderLock  *lock;
  GTask          *stop;          /* set while requests under way are waited for */

  gboolean        started;
  gboolean         held; /* by a person */
  gboolean        recovering;
  gboolean        exchanging;    /* answers are being stored, or what is due is claimed */
  gboolean        look_again;
  gboolean        is_announcing; /* what an exchange changed */
  gboolean        is_quiet;
  CrmPushWindow   window;
  guint           fixed_window;  /* 0: it adapts */
  GHashTable     *flights;       /* of CrmFlight: under way, or being recorded */
  GPtrArray      *answered;      /* of CrmFlight: those whose answer is to be stored next */
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
  gboolean        pump_waits;    /* until there is nothing else to do */
};

gboolean crm_sync_service_is_sending         (CrmSyncService *self);
void     crm_sync_service_notify             (CrmSyncService *self);
void     crm_sync_service_emit_recorded      (CrmSyncService *self,
                                              CrmFlight      *flight,
                                              gboolean        already_there);
void     crm_sync_service_note_local_trouble (CrmSyncService *self,
                                              const GError   *error);
void     crm_sync_service_stop_if_calm       (CrmSyncService *self);
void     crm_sync_service_schedule_pump      (CrmSyncService *self);

CrmBatchSender *crm_sync_service_get_batches (CrmSyncService *self);

void     crm_sync_judge_ask                  (CrmSyncService *self);
void     crm_sync_judge_on_probed            (CrmSyncService *self,
                                              gboolean        well);
void     crm_sync_judge_heed                 (CrmSyncService *self,
                                              CrmFlight      *flight);
void     crm_sync_judge_on_batch_answered    (CrmSyncService *self,
                                              CrmClaim       *claim,
                                              CrmAnswer      *answer,
                                              int             fate,
                                              gboolean        others_accepted);

G_END_DECLS

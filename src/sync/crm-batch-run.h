/* crm-batch-run.h: one batch of adds, from the claim to its answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "api/crm-batch-call.h"
#include "store/crm-outbox-batch.h"
#include "sync/crm-clock.h"
#include "sync/crm-queue-pause.h"

G_BEGIN_DECLS

#define CRM_TYPE_BATCH_RUN (crm_batch_run_get_type ())

G_DECLARE_FINAL_TYPE (CrmBatchRun, crm_batch_run, CRM, BATCH_RUN, GObject)

/* Signals, on the main thread:
 *   heard (int verdict)                                        what became of the request, a CrmBatchVerdict; once, and not of one that
 *                                                              an earlier start sent
 *   answered (CrmClaim *claim, CrmAnswer *answer, int fate, gboolean others_accepted)
 *                                                              the answer to one of its adds is stored, see CrmEntryFate
 *   ended                                                      there is nothing more to come
 *   changed                                                    crm_batch_run_is_busy() or crm_batch_run_is_stuck() may have */

CrmBatchRun *crm_batch_run_new        (CrmStore       *store,
                                       CrmApiClient   *client,
                                       CrmClock       *clock,
                                       CrmQueuePause  *pause,
                                       CrmOutboxBatch *batch);
void         crm_batch_run_start      (CrmBatchRun    *self);
void         crm_batch_run_wake       (CrmBatchRun    *self);
void         crm_batch_run_stop       (CrmBatchRun    *self);
void         crm_batch_run_drop       (CrmBatchRun    *self);
gboolean     crm_batch_run_is_busy    (CrmBatchRun    *self);
gboolean     crm_batch_run_is_stuck   (CrmBatchRun    *self);
gboolean     crm_batch_run_is_taken   (CrmBatchRun    *self);
GPtrArray   *crm_batch_run_get_claims (CrmBatchRun    *self);

G_END_DECLS

/* crm-batch-sender.h: when many adds go to the CRM in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sync/crm-batch-run.h"

G_BEGIN_DECLS

#define CRM_TYPE_BATCH_SENDER (crm_batch_sender_get_type ())

G_DECLARE_FINAL_TYPE (CrmBatchSender, crm_batch_sender, CRM, BATCH_SENDER, GObject)

/* Signals, on the main thread:
 *   answered (CrmClaim *claim, CrmAnswer *answer, int fate, gboolean others_accepted)
 *                                                              the answer to one add is stored, see CrmEntryFate
 *   changed                                                    crm_batch_sender_is_busy() may have, or what is due */

CrmBatchSender *crm_batch_sender_new          (CrmStore       *store,
                                               CrmApiClient   *client,
                                               CrmClock       *clock,
                                               CrmQueuePause  *pause);
void            crm_batch_sender_set_limits   (CrmBatchSender *self,
                                               guint           least,
                                               gint64          latency);
void            crm_batch_sender_start        (CrmBatchSender *self);
void            crm_batch_sender_stop         (CrmBatchSender *self);
void            crm_batch_sender_end          (CrmBatchSender *self);
void            crm_batch_sender_wake         (CrmBatchSender *self);
void            crm_batch_sender_note_latency (CrmBatchSender *self,
                                               gint64          latency);
void            crm_batch_sender_consider     (CrmBatchSender *self);
gboolean        crm_batch_sender_is_busy      (CrmBatchSender *self);
gboolean        crm_batch_sender_is_stuck     (CrmBatchSender *self);
guint           crm_batch_sender_count        (CrmBatchSender *self);
GPtrArray      *crm_batch_sender_get_claims   (CrmBatchSender *self);

G_END_DECLS

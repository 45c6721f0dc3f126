/* crm-batch-call.h: many adds in one request: what is sent, and what comes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-answer.h"

G_BEGIN_DECLS

/* The CRM takes no more (API.md §5). */
#define CRM_BATCH_MOST_JOBS 200

#define CRM_BATCH_TARGET_RUN "/api/1.0/batch?action=run"
#define CRM_BATCH_TARGET_PROGRESS "/api/1.0/batch?action=progress"
#define CRM_BATCH_TARGET_RESULTS "/api/1.0/batch?action=results"

/* What the answer to `run` says of all its jobs. */
typedef enum
{
  CRM_BATCH_TAKEN,   /* they will be done, and asked for by the id it brought */
  CRM_BATCH_REFUSED, /* none is done, and batches are of no use here */
  CRM_BATCH_MISSED,  /* there may be no such call: a ping tells whether this is a CRM */
  CRM_BATCH_PASSING, /* none is done; the class says what is the matter with everything */
  CRM_BATCH_DOUBTFUL /* they may be done */
} CrmBatchVerdict;

GBytes          *crm_batch_call_write_jobs    (GPtrArray       *bodies);
GBytes          *crm_batch_call_write_id      (const char      *async_id);
CrmBatchVerdict  crm_batch_call_judge_run     (const CrmAnswer *answer,
                                               char           **async_id);
int              crm_batch_call_read_progress (const CrmAnswer *answer);
gboolean         crm_batch_call_is_unknown    (const CrmAnswer *answer);
gboolean         crm_batch_call_is_incomplete (const CrmAnswer *answer);
GPtrArray       *crm_batch_call_read_results  (const CrmAnswer *answer,
                                               GPtrArray       *bodies,
                                               gboolean        *whole);

G_END_DECLS

/* crm-outbox-job.h: one job of the sender's on the writer thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-outbox.h"
#include "store/crm-store-private.h"

G_BEGIN_DECLS

/* One job of the sender's, and what came of it. */
typedef struct
{
  CrmDatabaseFunc func;
  gint64          local_id;
  gint64          attempt_id;
  gint64          crm_id;
  guint           least;
  guint           most;
  gint64          now;
  gint64          signed_at;
  gint64          next_attempt;
  CrmProblem     *problem;
  CrmQueueState   state;

  GPtrArray      *recordings;
  gboolean        is_quiet;  /* "changed" is left to who finishes it */
  GArray         *changed;   /* local ids */
  CrmStateMoves   moves;     /* of the rows that were written */
  gboolean        unsettled; /* whether an add that must be looked for was among them */
  GPtrArray      *found;     /* claims, or unsettled entries */
  gint64          next_due;
  CrmEntryFate    fate;

  CrmOutboxBatch *batch;
  CrmOutcome     *outcomes;  /* of the batch's claims, in their order */
  GArray         *fates;     /* of CrmEntryFate, likewise */
  gboolean        lost;      /* it may still be done, for all that is known */
} CrmOutboxJob;

CrmOutboxJob *crm_outbox_job_new      (void);
void          crm_outbox_job_free     (CrmOutboxJob         *job);
gboolean      crm_outbox_job_write    (CrmOutboxJob         *job,
                                       CrmRow               *row,
                                       const CrmRow         *before,
                                       CrmEntryFate          fate,
                                       CrmConnection        *connection,
                                       GError              **error);
void          crm_outbox_job_note     (CrmOutboxJob         *job,
                                       const CrmRow         *row);
GArray       *crm_outbox_job_read_ids (CrmConnection        *connection,
                                       const char           *sql,
                                       gint64                now,
                                       gint64                most,
                                       GError              **error);
void          crm_outbox_job_start    (CrmStore             *store,
                                       CrmOutboxJob         *job,
                                       CrmDatabaseFunc       func,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
/* crm-outbox.c */
gboolean      crm_outbox_job_claim    (CrmOutboxJob         *job,
                                       gint64                local_id,
                                       CrmConnection        *connection,
                                       GError              **error);
gboolean      crm_outbox_job_record   (CrmOutboxJob         *job,
                                       CrmRecording         *recording,
                                       CrmConnection        *connection,
                                       GError              **error);

CrmOutboxJob *crm_outbox_job_finish   (CrmStore             *store,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS

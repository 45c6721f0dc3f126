/* crm-outbox.h: the outbox, for whoever holds the right to send
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-entry.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* See crm-outbox-batch.h. */
typedef struct _CrmOutboxBatch CrmOutboxBatch;

/* An entry taken for sending: committed before the first byte is written. Times are microseconds since 1970, UTC. */
typedef struct
{
  gint64       local_id;
  gint64       crm_id;    /* 0: an add */
  gint64       attempt_id;
  gint64       revision;
  gint64       failures;  /* counted so far */
  gint64       started_at;
  gint64       signed_at; /* what to sign with; seconds since 1970, UTC, by the CRM's clock */
  CrmValues   *values;    /* what is sent */
  CrmFieldMask mask;      /* of them */
  GBytes      *body;
} CrmClaim;

/* An answer to be stored, and what became of its entry. */
typedef struct
{
  gint64          local_id;
  gint64          attempt_id;
  const CrmClaim *claim; /* what was sent, kept by who asks; NULL: as the database remembers it */
  CrmOutcome      outcome;
  CrmEntryFate    fate;
} CrmRecording;

/* An add that must be looked for on the CRM before anything else is done with it. */
typedef struct
{
  gint64       local_id;
  CrmSyncState state;
  gint64       attempt_id;      /* the last send */
  gint64       first_signed_at; /* seconds since 1970, UTC, by the CRM's clock */
  gint64       last_signed_at;  /* likewise */
  gboolean     batched;         /* the last send was one of many in a request, which the CRM may do much later */
  GPtrArray   *sent;            /* of CrmSent, oldest first */
} CrmUnsettled;

/* What the queue as a whole remembers between two starts. */
typedef struct
{
  int    pause_class;  /* a CrmAnswerClass; -1: not paused */
  char  *pause_words;
  gint64 resume_at;    /* when a throttled queue goes on; microseconds since 1970, UTC; 0: no such time */
  gint64 set_at;       /* when that was set */
  gint64 clock_offset; /* seconds that the CRM's clock is ahead of ours */
  gint64 last_sync;    /* microseconds since 1970, UTC; 0: never */
} CrmQueueState;

void         crm_claim_free             (CrmClaim             *self);
void         crm_unsettled_free         (CrmUnsettled         *self);
void         crm_queue_state_clear      (CrmQueueState        *self);

void         crm_outbox_recover_async   (CrmStore             *store,
                                         gint64                now,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void         crm_outbox_claim_async     (CrmStore             *store,
                                         guint                 most,
                                         gint64                now,
                                         gint64                signed_at,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
GPtrArray   *crm_outbox_claim_finish    (CrmStore             *store,
                                         GAsyncResult         *result,
                                         gint64               *next_due,
                                         GError              **error);
CrmRecording *crm_recording_new         (const CrmClaim       *claim,
                                         const CrmOutcome     *outcome);
void         crm_recording_free         (CrmRecording         *self);
void         crm_outbox_exchange_async  (CrmStore             *store,
                                         GPtrArray            *recordings,
                                         guint                 most,
                                         gint64                now,
                                         gint64                signed_at,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
GPtrArray   *crm_outbox_exchange_finish (CrmStore             *store,
                                         GAsyncResult         *result,
                                         GPtrArray           **recordings,
                                         gboolean             *unsettled,
                                         gint64               *next_due,
                                         GError              **error);
void         crm_outbox_record_async    (CrmStore             *store,
                                         gint64                local_id,
                                         gint64                attempt_id,
                                         const CrmOutcome     *outcome,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean     crm_outbox_record_finish   (CrmStore             *store,
                                         GAsyncResult         *result,
                                         CrmEntryFate         *fate,
                                         GError              **error);
void         crm_outbox_blame_async     (CrmStore             *store,
                                         gint64                local_id,
                                         const CrmProblem     *problem,
                                         gint64                next_attempt,
                                         gint64                now,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void         crm_outbox_read_unsettled_async  (CrmStore             *store,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
GPtrArray   *crm_outbox_read_unsettled_finish (CrmStore             *store,
                                               GAsyncResult         *result,
                                               GError              **error);
void         crm_outbox_adopt_async     (CrmStore             *store,
                                         gint64                local_id,
                                         gint64                crm_id,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void         crm_outbox_release_async   (CrmStore             *store,
                                         gint64                local_id,
                                         gint64                attempt_id,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void         crm_outbox_ask_async       (CrmStore             *store,
                                         gint64                local_id,
                                         gint64                attempt_id,
                                         const CrmProblem     *question,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
void         crm_outbox_save_state_async (CrmStore            *store,
                                          const CrmQueueState *state,
                                          GAsyncReadyCallback  callback,
                                          gpointer             user_data);
gboolean     crm_outbox_finish          (CrmStore             *store,
                                         GAsyncResult         *result,
                                         GError              **error);
gboolean     crm_outbox_read_state      (CrmStore             *store,
                                         CrmQueueState        *state,
                                         GError              **error);
gboolean     crm_outbox_is_owned        (CrmStore             *store,
                                         gint64                crm_id,
                                         gboolean             *owned,
                                         GError              **error);
gboolean     crm_outbox_is_waiting      (CrmStore             *store,
                                         gint64                local_id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmClaim, crm_claim_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmUnsettled, crm_unsettled_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CrmQueueState, crm_queue_state_clear)

G_END_DECLS

/* crm-outbox-batch.h: adds that go to the CRM in one request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-outbox.h"

G_BEGIN_DECLS

/* Times are microseconds since 1970, UTC. */
struct _CrmOutboxBatch
{
  gint64     batch_id;
  char      *async_id;   /* what the CRM calls it; NULL: it has not said so */
  gint64     started_at;
  gint64     signed_at;  /* seconds since 1970, UTC, by the CRM's clock */
  GPtrArray *claims;     /* of CrmClaim, in the order of the jobs; NULL: the task is gone */
};

void            crm_outbox_batch_free             (CrmOutboxBatch       *self);

void            crm_outbox_batch_claim_async      (CrmStore             *store,
                                                   guint                 least,
                                                   guint                 most,
                                                   gint64                now,
                                                   gint64                signed_at,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean        crm_outbox_batch_claim_finish     (CrmStore             *store,
                                                   GAsyncResult         *result,
                                                   CrmOutboxBatch      **batch,
                                                   GError              **error);
void            crm_outbox_batch_accept_async     (CrmStore             *store,
                                                   gint64                batch_id,
                                                   const char           *async_id,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
void            crm_outbox_batch_record_async     (CrmStore             *store,
                                                   const CrmOutboxBatch *batch,
                                                   const CrmOutcome     *outcomes,
                                                   gboolean              lost,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GArray         *crm_outbox_batch_record_finish    (CrmStore             *store,
                                                   GAsyncResult         *result,
                                                   GError              **error);
gboolean        crm_outbox_batch_has_open         (CrmStore             *store);
void            crm_outbox_batch_read_open_async  (CrmStore             *store,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
GPtrArray      *crm_outbox_batch_read_open_finish (CrmStore             *store,
                                                   GAsyncResult         *result,
                                                   GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmOutboxBatch, crm_outbox_batch_free)

G_END_DECLS

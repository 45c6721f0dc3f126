/* crm-session.h: one account at work: its store, its sync service and, to practise, its CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"
#include "practice/crm-practice-host.h"
#include "store/crm-store.h"
#include "sync/crm-sync-service.h"

G_BEGIN_DECLS

#define CRM_TYPE_SESSION (crm_session_get_type ())

G_DECLARE_FINAL_TYPE (CrmSession, crm_session, CRM, SESSION, GObject)

/* Property "notice": what keeps the account from being used, in words, or NULL.
 * Signal "counts-changed". */

void             crm_session_open_async    (CrmAccount           *account,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
CrmSession      *crm_session_open_finish   (GAsyncResult         *result,
                                            GError              **error);
void             crm_session_close_async   (CrmSession           *self,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean         crm_session_close_finish  (CrmSession           *self,
                                            GAsyncResult         *result,
                                            GError              **error);
CrmAccount      *crm_session_get_account   (CrmSession           *self);
CrmStore        *crm_session_get_store     (CrmSession           *self);
CrmSyncService  *crm_session_get_service   (CrmSession           *self);
CrmPracticeHost *crm_session_get_host      (CrmSession           *self);
const CrmCounts *crm_session_get_counts    (CrmSession           *self);
gint64           crm_session_get_total     (CrmSession           *self);
const char      *crm_session_get_notice    (CrmSession           *self);
gboolean         crm_session_needs_secret  (CrmSession           *self);
void             crm_session_sign_in       (CrmSession           *self);

void             crm_session_set_refresh_interval (CrmSession   *self,
                                                   guint         minutes);

G_END_DECLS

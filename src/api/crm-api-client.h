/* crm-api-client.h: the CRM's calls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"
#include "api/crm-answer.h"
#include "api/crm-transport.h"

G_BEGIN_DECLS

#define CRM_TYPE_API_CLIENT (crm_api_client_get_type ())

G_DECLARE_FINAL_TYPE (CrmApiClient, crm_api_client, CRM, API_CLIENT, GObject)

CrmApiClient *crm_api_client_new              (CrmAccount           *account,
                                               CrmTransport         *transport);
CrmAccount   *crm_api_client_get_account      (CrmApiClient         *self);
void          crm_api_client_send_task_async  (CrmApiClient         *self,
                                               GBytes               *body,
                                               gint64                crm_id,
                                               gint64                now,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
void          crm_api_client_ping_async       (CrmApiClient         *self,
                                               gint64                now,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
void          crm_api_client_list_async       (CrmApiClient         *self,
                                               const char           *target,
                                               GBytes               *body,
                                               gint64                now,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
void          crm_api_client_batch_async      (CrmApiClient         *self,
                                               const char           *target,
                                               GBytes               *body,
                                               gint64                now,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
CrmAnswer    *crm_api_client_finish           (CrmApiClient         *self,
                                               GAsyncResult         *result);

G_END_DECLS

/* crm-task-lister.h: gets a list of the CRM's tasks, all of it or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "sync/crm-clock.h"

G_BEGIN_DECLS

void       crm_task_lister_run_async  (CrmApiClient         *client,
                                       CrmClock             *clock,
                                       gint64                clock_offset,
                                       gint64                created_since,
                                       const char           *name,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
GPtrArray *crm_task_lister_run_finish (GAsyncResult         *result,
                                       CrmAnswer           **failure);

G_END_DECLS

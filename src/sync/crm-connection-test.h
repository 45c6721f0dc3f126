/* crm-connection-test.h: does this account work?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"
#include "api/crm-transport.h"

G_BEGIN_DECLS

void     crm_connection_test_async  (CrmAccount           *account,
                                     CrmTransport         *transport,
                                     GCancellable         *cancellable,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean crm_connection_test_finish (GAsyncResult         *result,
                                     int                  *klass,
                                     char                **words,
                                     GError              **error);

G_END_DECLS

/* crm-background-portal.h: asks the desktop whether a sandboxed program may go on without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     crm_background_portal_request_async  (gboolean              starts,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean crm_background_portal_request_finish (GAsyncResult         *result,
                                               gboolean             *starts,
                                               GError              **error);

G_END_DECLS

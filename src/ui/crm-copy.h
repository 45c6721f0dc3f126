/* crm-copy.h: tasks on the clipboard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "store/crm-store.h"

G_BEGIN_DECLS

void  crm_copy_async  (CrmStore             *store,
                       CrmIdList            *ids,
                       GdkClipboard         *clipboard,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data);
gsize crm_copy_finish (CrmStore             *store,
                       GAsyncResult         *result,
                       GError              **error);

G_END_DECLS

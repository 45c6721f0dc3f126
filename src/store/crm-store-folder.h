/* crm-store-folder.h: the tasks of an account that is not being worked with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

void     crm_store_folder_count_async   (const char           *folder,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean crm_store_folder_count_finish  (GAsyncResult         *result,
                                         CrmCounts            *counts,
                                         GError              **error);
void     crm_store_folder_remove_async  (const char           *folder,
                                         GCancellable         *cancellable,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
gboolean crm_store_folder_remove_finish (GAsyncResult         *result,
                                         GError              **error);
gint64   crm_counts_get_kept            (const CrmCounts      *counts);

G_END_DECLS

/* crm-export-file.h: what a query finds, written to a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "transfer/crm-export.h"

G_BEGIN_DECLS

void  crm_export_file_async  (CrmStore               *store,
                              const CrmTaskQuery     *query,
                              CrmIdList              *ids,
                              CrmExportFormat         format,
                              GFile                  *file,
                              CrmExportProgressFunc   progress,
                              gpointer                progress_data,
                              GCancellable           *cancellable,
                              GAsyncReadyCallback     callback,
                              gpointer                user_data);
gsize crm_export_file_finish (CrmStore               *store,
                              GAsyncResult           *result,
                              GError                **error);

G_END_DECLS

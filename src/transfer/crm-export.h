/* crm-export.h: tasks written out, for other programs and for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-id-list.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_EXPORT_CSV,      /* what an import takes back unchanged */
  CRM_EXPORT_JSON,     /* an array of tasks as DESIGN.md §6 has them */
  CRM_EXPORT_CALENDAR, /* iCalendar: a to-do each */
  CRM_EXPORT_TEXT,     /* a line a task, cells between tabs: to be pasted */
  CRM_EXPORT_FAILURES, /* CSV: why the CRM did not take them */
} CrmExportFormat;

typedef void (*CrmExportProgressFunc) (gsize    n_written,
                                       gpointer data);

gboolean crm_export_format_from_name (const char             *name,
                                      CrmExportFormat        *format);
void     crm_export_async            (CrmStore               *store,
                                      CrmIdList              *ids,
                                      CrmExportFormat         format,
                                      GOutputStream          *stream,
                                      CrmExportProgressFunc   progress,
                                      gpointer                progress_data,
                                      GCancellable           *cancellable,
                                      GAsyncReadyCallback     callback,
                                      gpointer                user_data);
gsize    crm_export_finish           (CrmStore               *store,
                                      GAsyncResult           *result,
                                      GError                **error);

G_END_DECLS

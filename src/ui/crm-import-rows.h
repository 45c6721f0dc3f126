/* crm-import-rows.h: the rows of an import as a list model that reads only what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "transfer/crm-import-plan.h"

G_BEGIN_DECLS

#define CRM_TYPE_IMPORT_ROWS (crm_import_rows_get_type ())

G_DECLARE_FINAL_TYPE (CrmImportRows, crm_import_rows, CRM, IMPORT_ROWS, GObject)

/* Its items are CrmImportLine. */

CrmImportRows *crm_import_rows_new  (void);
void           crm_import_rows_show (CrmImportRows    *self,
                                     CrmImportPlan    *plan,
                                     CrmImportVerdict  verdict);

G_END_DECLS

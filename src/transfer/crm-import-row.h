/* crm-import-row.h: what a row of a file says of a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-import-book.h"
#include "transfer/crm-import-map.h"

G_BEGIN_DECLS

CrmImportEntry *crm_import_row_read   (const CrmImportMap  *map,
                                       GTimeZone           *zone,
                                       GStrv                cells,
                                       gint64               number);
void            crm_import_row_refuse (CrmImportEntry      *entry,
                                       const CrmImportMap  *map,
                                       GPtrArray           *complaints,
                                       GStrv                cells);

G_END_DECLS

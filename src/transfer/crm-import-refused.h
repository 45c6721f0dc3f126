/* crm-import-refused.h: the rows that an import refused, for a spreadsheet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "store/crm-import-book.h"
#include "transfer/crm-import-map.h"

G_BEGIN_DECLS

gboolean crm_import_refused_write (const CrmImportMap  *map,
                                   CrmImportBook       *book,
                                   GOutputStream       *stream,
                                   GCancellable        *cancellable,
                                   GError             **error);

G_END_DECLS

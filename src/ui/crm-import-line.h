/* crm-import-line.h: a row of an import, as the preview shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "store/crm-import-book.h"

G_BEGIN_DECLS

#define CRM_TYPE_IMPORT_LINE (crm_import_line_get_type ())

G_DECLARE_FINAL_TYPE (CrmImportLine, crm_import_line, CRM, IMPORT_LINE, GObject)

/* Properties: "title", "note", "verdict", "icon-name", "number", all in words, and "css-classes". */

CrmImportLine *crm_import_line_new (const CrmImportEntry *entry);

G_END_DECLS

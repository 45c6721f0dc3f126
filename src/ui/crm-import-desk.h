/* crm-import-desk.h: what comes into the window: import, paste, drop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_IMPORT_DESK (crm_import_desk_get_type ())

G_DECLARE_FINAL_TYPE (CrmImportDesk, crm_import_desk, CRM, IMPORT_DESK, GObject)

/* Gives its window the actions "import.file", "import.paste" and "import.save-refused". */

CrmImportDesk *crm_import_desk_new       (GtkWindow       *window,
                                          AdwToastOverlay *toasts);
void           crm_import_desk_set_store (CrmImportDesk   *self,
                                          CrmStore        *store);

G_END_DECLS

/* crm-import-dialog.h: what an import would do, before it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "transfer/crm-import-plan.h"

G_BEGIN_DECLS

#define CRM_TYPE_IMPORT_DIALOG (crm_import_dialog_get_type ())

G_DECLARE_FINAL_TYPE (CrmImportDialog, crm_import_dialog, CRM, IMPORT_DIALOG, AdwWindow)

/* Signal: imported (CrmImportPlan *plan, gint64 n_done, gint64 n_refused), it is done. */

GtkWidget *crm_import_dialog_new (GtkWindow *parent,
                                  CrmStore  *store,
                                  GFile     *file,
                                  GBytes    *text);

G_END_DECLS

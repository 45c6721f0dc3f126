/* crm-export-desk.h: what leaves the window: export, report, copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "ui/crm-task-pane.h"

G_BEGIN_DECLS

#define CRM_TYPE_EXPORT_DESK (crm_export_desk_get_type ())

G_DECLARE_FINAL_TYPE (CrmExportDesk, crm_export_desk, CRM, EXPORT_DESK, GObject)

/* Gives its window the actions "export.tasks", "export.report", "export.cancel" and "export.copy". */

CrmExportDesk *crm_export_desk_new       (GtkWindow       *window,
                                          AdwToastOverlay *toasts,
                                          CrmTaskPane     *pane);
void           crm_export_desk_set_store (CrmExportDesk   *self,
                                          CrmStore        *store);

G_END_DECLS

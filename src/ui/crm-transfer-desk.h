/* crm-transfer-desk.h: what leaves the window and comes into it: export, copy, import, paste, drop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "ui/crm-task-pane.h"

G_BEGIN_DECLS

#define CRM_TYPE_TRANSFER_DESK (crm_transfer_desk_get_type ())

G_DECLARE_FINAL_TYPE (CrmTransferDesk, crm_transfer_desk, CRM, TRANSFER_DESK, GObject)

/* Gives its window the actions "transfer.export", "transfer.report", "transfer.cancel" and "transfer.copy". */

CrmTransferDesk *crm_transfer_desk_new       (GtkWindow       *window,
                                              AdwToastOverlay *toasts,
                                              CrmTaskPane     *pane);
void             crm_transfer_desk_set_store (CrmTransferDesk *self,
                                              CrmStore        *store);

G_END_DECLS

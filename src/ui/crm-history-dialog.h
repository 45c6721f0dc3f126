/* crm-history-dialog.h: what was sent of a task, and what the CRM answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_HISTORY_DIALOG (crm_history_dialog_get_type ())

G_DECLARE_FINAL_TYPE (CrmHistoryDialog, crm_history_dialog, CRM, HISTORY_DIALOG, AdwWindow)

GtkWidget *crm_history_dialog_new (GtkWindow *parent,
                                   GPtrArray *attempts);

G_END_DECLS

/* crm-me-dialog.h: who of the CRM’s users works here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_ME_DIALOG (crm_me_dialog_get_type ())

G_DECLARE_FINAL_TYPE (CrmMeDialog, crm_me_dialog, CRM, ME_DIALOG, AdwWindow)

GtkWidget *crm_me_dialog_new (GtkWindow *parent,
                              CrmStore  *store);

G_END_DECLS

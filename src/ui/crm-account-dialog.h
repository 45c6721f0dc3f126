/* crm-account-dialog.h: connecting to a CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "api/crm-account.h"

G_BEGIN_DECLS

#define CRM_TYPE_ACCOUNT_DIALOG (crm_account_dialog_get_type ())

G_DECLARE_FINAL_TYPE (CrmAccountDialog, crm_account_dialog, CRM, ACCOUNT_DIALOG, AdwWindow)

/* Signal "connected" (CrmAccount *account, string trouble or NULL): the account is stored; what kept its secret from
 * the keyring, in words. */

GtkWidget *crm_account_dialog_new (GtkWindow  *parent,
                                   CrmAccount *account);

G_END_DECLS

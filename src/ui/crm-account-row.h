/* crm-account-row.h: one account in the preferences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "api/crm-account.h"

G_BEGIN_DECLS

#define CRM_TYPE_ACCOUNT_ROW (crm_account_row_get_type ())

G_DECLARE_FINAL_TYPE (CrmAccountRow, crm_account_row, CRM, ACCOUNT_ROW, AdwActionRow)

GtkWidget *crm_account_row_new (CrmAccount *account,
                                gboolean    in_use);

G_END_DECLS

/* crm-account-desk.h: signs accounts in and out, changes and removes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "api/crm-account.h"
#include "ui/crm-background.h"

G_BEGIN_DECLS

#define CRM_TYPE_ACCOUNT_DESK (crm_account_desk_get_type ())

G_DECLARE_FINAL_TYPE (CrmAccountDesk, crm_account_desk, CRM, ACCOUNT_DESK, GObject)

/* Signals:
 * "use" (CrmAccount *account): work with this one; NULL: with the one that is current now
 * "leave" (CrmAccount *account): let go of it, and call crm_account_desk_left() then
 * "said" (string words): something worth a word */

CrmAccountDesk *crm_account_desk_new             (GActionMap     *actions,
                                                  GSettings      *settings,
                                                  CrmBackground  *background);
void            crm_account_desk_set_window      (CrmAccountDesk *self,
                                                  GtkWindow      *window);
void            crm_account_desk_set_account     (CrmAccountDesk *self,
                                                  CrmAccount     *account);
void            crm_account_desk_left            (CrmAccountDesk *self,
                                                  CrmAccount     *account);

G_END_DECLS

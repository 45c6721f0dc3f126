/* crm-account-registry.h: which accounts this computer knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"

G_BEGIN_DECLS

/* The file accounts.ini in $XDG_DATA_HOME/crm-tasks and its lock. Each call reads it anew and writes it
 * whole, under the lock, so that two processes never make one account twice. */

CrmAccount *crm_account_registry_open_current  (GError     **error);
CrmAccount *crm_account_registry_open_practice (GError     **error);
GPtrArray  *crm_account_registry_list          (GError     **error);
gboolean    crm_account_registry_save          (CrmAccount  *account,
                                                gboolean     make_current,
                                                GError     **error);
CrmAccount *crm_account_registry_add           (const char  *address,
                                                const char  *key,
                                                GError     **error);
gboolean    crm_account_registry_remove        (CrmAccount  *account,
                                                GError     **error);
gboolean    crm_account_registry_is_new        (CrmAccount  *account);
char       *crm_account_registry_get_folder    (void);

G_END_DECLS

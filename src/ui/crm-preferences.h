/* crm-preferences.h: the preferences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "api/crm-account.h"
#include "ui/crm-background.h"

G_BEGIN_DECLS

#define CRM_TYPE_PREFERENCES (crm_preferences_get_type ())

G_DECLARE_FINAL_TYPE (CrmPreferences, crm_preferences, CRM, PREFERENCES, AdwPreferencesWindow)

GtkWidget *crm_preferences_new          (GtkWindow      *parent,
                                         GSettings      *settings,
                                         CrmBackground  *background);
void       crm_preferences_set_accounts (CrmPreferences *self,
                                         GPtrArray      *accounts,
                                         CrmAccount     *in_use);

G_END_DECLS

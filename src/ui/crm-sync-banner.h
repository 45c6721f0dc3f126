/* crm-sync-banner.h: why nothing is sent, and what can be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-session.h"

G_BEGIN_DECLS

#define CRM_TYPE_SYNC_BANNER (crm_sync_banner_get_type ())

G_DECLARE_FINAL_TYPE (CrmSyncBanner, crm_sync_banner, CRM, SYNC_BANNER, GtkWidget)

void crm_sync_banner_set_session (CrmSyncBanner *self,
                                  CrmSession    *session);

G_END_DECLS

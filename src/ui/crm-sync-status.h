/* crm-sync-status.h: the line that says how sending goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-session.h"

G_BEGIN_DECLS

#define CRM_TYPE_SYNC_STATUS (crm_sync_status_get_type ())

G_DECLARE_FINAL_TYPE (CrmSyncStatus, crm_sync_status, CRM, SYNC_STATUS, GtkWidget)

void crm_sync_status_set_session (CrmSyncStatus *self,
                                  CrmSession    *session);

G_END_DECLS

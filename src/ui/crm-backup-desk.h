/* crm-backup-desk.h: backs an account up, and restores its backups
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui/crm-window.h"

G_BEGIN_DECLS

#define CRM_TYPE_BACKUP_DESK (crm_backup_desk_get_type ())

G_DECLARE_FINAL_TYPE (CrmBackupDesk, crm_backup_desk, CRM, BACKUP_DESK, GObject)

/* Signals:
 * "use" (CrmAccount *account): work with this one again
 * "leave" (CrmAccount *account): let go of it, and call crm_backup_desk_left() then
 * "said" (string words): something worth a word */

CrmBackupDesk *crm_backup_desk_new        (GApplication  *application);
void           crm_backup_desk_set_window (CrmBackupDesk *self,
                                           CrmWindow     *window);
void           crm_backup_desk_left       (CrmBackupDesk *self,
                                           CrmAccount    *account);

G_END_DECLS

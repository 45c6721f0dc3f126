/* crm-backup-private.h: what writing a backup and restoring one share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-backup.h"

#include <sys/stat.h>

G_BEGIN_DECLS

void     crm_backup_info_take     (CrmBackupInfo        *self,
                                   const CrmBackupInfo  *other);
gboolean crm_backup_info_read     (CrmBackupInfo        *self,
                                   CrmConnection        *backup,
                                   GError              **error);
gboolean crm_backup_info_count    (CrmBackupInfo        *self,
                                   CrmConnection        *connection,
                                   GError              **error);
gboolean crm_backup_check_file    (const char           *path,
                                   const struct stat    *found,
                                   GError              **error);
gboolean crm_backup_write_file    (CrmConnection        *connection,
                                   const CrmBackupInfo  *account,
                                   const char           *path,
                                   CrmBackupInfo        *written,
                                   GCancellable         *cancellable,
                                   GError              **error);
void     crm_backup_remove        (const char           *path);
void     crm_backup_set_error     (GError              **error,
                                   int                   saved_errno,
                                   const char           *format,
                                   ...) G_GNUC_PRINTF (3, 4);

/* Of crm-backup-doubt.c */
gboolean crm_backup_doubt         (CrmConnection        *copy,
                                   CrmConnection        *present,
                                   gint64                now,
                                   CrmRestore           *restore,
                                   GError              **error);

G_END_DECLS

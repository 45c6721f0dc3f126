/* crm-backup.h: an account's tasks in one file, and back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-connection.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* Whose tasks they are, and of when: the table `backup` that a backup has besides those of a database. */
typedef struct
{
  char      *account_id;
  char      *address; /* NULL: none yet */
  char      *key;     /* likewise */
  gint64     made_at; /* microseconds since 1970, UTC */
  CrmCounts  counts;
} CrmBackupInfo;

/* Why a task here is newer than the backup. */
typedef enum
{
  CRM_NEWER_ADDED,
  CRM_NEWER_EDITED,
  CRM_NEWER_SENT,
  CRM_NEWER_TYPED,   /* and not saved yet */
  CRM_NEWER_REMOVED, /* the backup would bring it back to the outbox */
} CrmNewer;

typedef struct
{
  gint64       local_id; /* 0 or less: of a new one that is only typed yet */
  char        *name;     /* NULL: it has none */
  CrmSyncState state;
  CrmNewer     why;
} CrmNewerTask;

/* What a restore did, or would do. */
typedef struct
{
  CrmBackupInfo backup;
  gboolean      restored;
  gboolean      other_account; /* the backup is of another CRM */
  gint64        n_newer;       /* tasks here that are newer than the backup */
  GPtrArray    *newer;         /* of CrmNewerTask: the first of them, those that the CRM does not have before the others */
  char         *set_aside;     /* where the tasks are that were here; NULL: there were none */
  gint64        n_known;       /* entries that are known here to be on the CRM by now */
  gint64        n_doubted;     /* adds that are looked for on the CRM before they are sent */
  gint64        n_held;        /* changes that wait for what a pull says of them */
} CrmRestore;

void           crm_backup_info_clear     (CrmBackupInfo        *self);
gint64         crm_backup_info_get_total (const CrmBackupInfo  *self);
const char    *crm_newer_get_words       (CrmNewer              self);
void           crm_restore_free          (CrmRestore           *self);

void           crm_backup_write_async    (const char           *folder,
                                          const CrmBackupInfo  *account,
                                          const char           *path,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
gboolean       crm_backup_write_finish   (GAsyncResult         *result,
                                          CrmBackupInfo        *written,
                                          GError              **error);
void           crm_backup_restore_async  (const char           *folder,
                                          const CrmBackupInfo  *account,
                                          const char           *path,
                                          gboolean              surely,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
CrmRestore    *crm_backup_restore_finish (GAsyncResult         *result,
                                          GError              **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CrmBackupInfo, crm_backup_info_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmRestore, crm_restore_free)

G_END_DECLS

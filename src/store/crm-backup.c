/* crm-backup.c: an account's tasks in one file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-backup-private.h"

#include "model/crm-error.h"
#include "store/crm-salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  char         *folder;
  char         *path;
  CrmBackupInfo account;
  CrmBackupInfo written;
} Job;

static void
job_free (Job *job)
{
  g_free (job->folder);
  g_free (job->path);
  crm_backup_info_clear (&job->account);
  crm_backup_info_clear (&job->written);
  g_free (job);
}

/**
 * crm_backup_info_clear:
 * @self: whose tasks they are; what it points to is freed
 */
void
crm_backup_info_clear (CrmBackupInfo *self)
{
  g_clear_pointer (&self->account_id, g_free);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->key, g_free);
}

/**
 * crm_backup_info_get_total:
 * @self: whose tasks they are
 *
 * Returns: how many tasks there are in all
 */
gint64
crm_backup_info_get_total (const CrmBackupInfo *self)
{
  gint64 total = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    total += self->counts.states[i];

  return total;
}

/**
 * crm_backup_info_take:
 * @self: (out caller-allocates): a copy of @other, which is to be cleared
 * @other: whose tasks they are
 */
void
crm_backup_info_take (CrmBackupInfo       *self,
                      const CrmBackupInfo *other)
{
  *self = *other;
  self->account_id = g_strdup (other->account_id);
  self->address = g_strdup (other->address);
  self->key = g_strdup (other->key);
}

/**
 * crm_backup_info_count:
 * @self: gets the tasks in each state
 * @connection: a database of this version or an older one
 * @error: why they could not be read
 *
 * Returns: whether they are there
 */
gboolean
crm_backup_info_count (CrmBackupInfo  *self,
                       CrmConnection  *connection,
                       GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "SELECT state, n FROM main.state_count", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  for (;;)
    {
      CrmSyncState state;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      if (crm_sync_state_from_nick (crm_statement_get_text (statement, 0), &state) && state < CRM_N_SYNC_STATES)
        self->counts.states[state] = crm_statement_get_int (statement, 1);
    }
}

/**
 * crm_backup_info_read:
 * @self: (out caller-allocates): whose tasks they are
 * @backup: a backup
 * @error: why it could not be read
 *
 * Returns: whether it is one and could be read; @self is to be cleared in any case
 */
gboolean
crm_backup_info_read (CrmBackupInfo  *self,
                      CrmConnection  *backup,
                      GError        **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (backup, "SELECT made_at, account_id, address, key FROM backup WHERE id = 1", error);
  gboolean has_row = FALSE;

  *self = (CrmBackupInfo) { 0 };
  if (statement == NULL || !crm_statement_step (statement, &has_row, error))
    return FALSE;

  if (has_row)
    {
      self->made_at = crm_statement_get_int (statement, 0);
      self->account_id = g_strdup (crm_statement_get_text (statement, 1));
      self->address = g_strdup (crm_statement_get_text (statement, 2));
      self->key = g_strdup (crm_statement_get_text (statement, 3));
    }
  crm_statement_reset (statement);

  return crm_backup_info_count (self, backup, error);
}

/**
 * crm_backup_set_error:
 * @error: where the error is put
 * @saved_errno: the reason, which tells a full disk from the rest
 * @format: the words
 * @...: what is put into them
 *
 * Says what the system did not do.
 */
void
crm_backup_set_error (GError     **error,
                      int          saved_errno,
                      const char  *format,
                      ...)
{
  g_autofree char *words = NULL;
  va_list args;

  va_start (args, format);
  words = g_strdup_vprintf (format, args);
  va_end (args);

  g_set_error_literal (error, CRM_ERROR,
                       saved_errno == ENOSPC || saved_errno == EDQUOT ? CRM_ERROR_DATABASE_FULL : CRM_ERROR_DATABASE, words);
}

/**
 * crm_backup_check_file:
 * @path: a file that is there
 * @found: what it is
 * @error: %CRM_ERROR_INVALID: it is a symbolic link, no plain file, or another user's
 *
 * Unlike crm_private_file_check() it changes nothing: the file is where the person keeps it.
 *
 * Returns: whether it may be read or replaced
 */
gboolean
crm_backup_check_file (const char         *path,
                       const struct stat  *found,
                       GError            **error)
{
  if (S_ISLNK (found->st_mode))
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                 _("%s is a symbolic link, and might lead anywhere. Name the file itself"), path);
  else if (!S_ISREG (found->st_mode))
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s is no plain file. Name another"), path);
  else if (found->st_uid != geteuid ())
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s belongs to another user, and is not used"), path);
  else
    return TRUE;

  return FALSE;
}

/**
 * crm_backup_remove:
 * @path: a database that is not needed any more
 *
 * Removes it with what SQLite keeps beside it.
 */
void
crm_backup_remove (const char *path)
{
  static const char *const suffixes[] = { "-wal", "-shm", "-journal", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static gboolean
mark (CrmConnection        *copy,
      const CrmBackupInfo  *account,
      CrmBackupInfo        *written,
      GError              **error)
{
  g_autoptr (CrmStatement) statement = NULL;

  /* One file, that can be read where nothing can be written. */
  if (!crm_connection_exec (copy,
                            "PRAGMA journal_mode = DELETE;"
                            "CREATE TABLE backup (id INTEGER PRIMARY KEY CHECK (id = 1), made_at INTEGER NOT NULL,"
                            " account_id TEXT, address TEXT, key TEXT) STRICT",
                            error))
    return FALSE;

  statement = crm_connection_prepare (copy, "INSERT INTO backup VALUES (1, ?1, ?2, ?3, ?4)", error);
  if (statement == NULL)
    return FALSE;
  crm_statement_bind_int (statement, 1, written->made_at);
  crm_statement_bind_text (statement, 2, account->account_id);
  crm_statement_bind_text (statement, 3, account->address);
  crm_statement_bind_text (statement, 4, account->key);

  return crm_statement_run (statement, error) && crm_backup_info_count (written, copy, error);
}

static gboolean
fill (CrmConnection        *connection,
      const CrmBackupInfo  *account,
      const char           *path,
      CrmBackupInfo        *written,
      GCancellable         *cancellable,
      GError              **error)
{
  g_autoptr (CrmConnection) copy = crm_connection_open (path, FALSE, error);
  gint64 n;
  gboolean done;

  if (copy == NULL)
    return FALSE;

  /* It is made whole before it gets its name: what is cut off is thrown away. */
  if (!crm_connection_exec (copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", error) ||
      !crm_connection_exec (connection, "BEGIN", error))
    return FALSE;

  written->made_at = g_get_real_time ();
  done = crm_connection_get_int (connection, "SELECT count (*) FROM state_count", &n, error) &&
         crm_connection_copy (connection, copy, cancellable, error);
  crm_connection_exec (connection, "ROLLBACK", NULL);

  return done && mark (copy, account, written, error);
}

/* A name is only as durable as its folder. */
static gboolean
sync_file (const char  *path,
           int          flags,
           GError     **error)
{
  int fd = open (path, flags | O_CLOEXEC);

  if (fd != -1 && (fsync (fd) == 0 || errno == EINVAL))
    {
      close (fd);
      return TRUE;
    }

  crm_backup_set_error (error, errno, _("%s can’t be written to the disk: %s"), path, g_strerror (errno));
  if (fd != -1)
    close (fd);
  return FALSE;
}

/**
 * crm_backup_write_file:
 * @connection: a connection to the tasks that is in no transaction
 * @account: whose tasks they are
 * @path: the file to be written, or replaced
 * @written: (out caller-allocates): what was written
 * @cancellable: (nullable): a cancellable
 * @error: why it was not written: what was there before is there still
 *
 * Any thread; blocks for I/O.
 *
 * Returns: whether the backup is on the disk under its name
 */
gboolean
crm_backup_write_file (CrmConnection        *connection,
                       const CrmBackupInfo  *account,
                       const char           *path,
                       CrmBackupInfo        *written,
                       GCancellable         *cancellable,
                       GError              **error)
{
  g_autofree char *part = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  crm_backup_info_take (written, account);
  fd = g_mkstemp_full (part, O_RDWR | O_CLOEXEC, 0600);
  if (fd == -1)
    {
      crm_backup_set_error (error, errno, _("No backup can be written as %s: %s"), path, g_strerror (errno));
      return FALSE;
    }
  close (fd);

  if (!fill (connection, account, part, written, cancellable, error) || !sync_file (part, O_RDONLY, error))
    {
      crm_backup_remove (part);
      return FALSE;
    }
  if (g_rename (part, path) != 0)
    {
      crm_backup_set_error (error, errno, _("No backup can be written as %s: %s"), path, g_strerror (errno));
      crm_backup_remove (part);
      return FALSE;
    }

  return sync_file (folder, O_RDONLY | O_DIRECTORY, error);
}

/* What would be replaced there is somebody’s tasks. */
static gboolean
check_target (const char  *path,
              GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *lock = g_build_filename (folder, "sender.lock", NULL);
  g_autofree char *database = g_build_filename (folder, "tasks.db", NULL);
  struct stat found;

  if (g_file_test (lock, G_FILE_TEST_EXISTS) || g_file_test (database, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   _("%s is where CRM Tasks keeps tasks. Put the backup into another folder"), folder);
      return FALSE;
    }

  return lstat (path, &found) != 0 || crm_backup_check_file (path, &found, error);
}

static void
on_damage (gpointer data)
{
  crm_salvage_mark (data);
}

static gboolean
write_backup (Job           *job,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *database = g_build_filename (job->folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = NULL;

  if (!check_target (job->path, error))
    return FALSE;

  connection = crm_connection_open (database, TRUE, error);
  if (connection == NULL)
    return FALSE;

  crm_connection_set_damage_func (connection, on_damage, database);

  return crm_backup_write_file (connection, &job->account, job->path, &job->written, cancellable, error);
}

static void
write_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_backup (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * crm_backup_write_async:
 * @folder: an account's folder, whose tasks this version has opened before
 * @account: whose tasks they are: its time and counts are not looked at
 * @path: the file to be written, or replaced; absolute
 * @cancellable: (nullable): a cancellable, heeded between two steps
 * @callback: called when the backup is on the disk, or isn't
 * @user_data: given to @callback
 *
 * Writes all that the database of the account holds, as it is at one moment, into one file for its owner alone. Other
 * programs and this one go on working with the tasks meanwhile; nobody's save waits. The work is done on a thread of its own
 * with a connection of its own. There is no secret in it.
 */
void
crm_backup_write_async (const char           *folder,
                        const CrmBackupInfo  *account,
                        const char           *path,
                        GCancellable         *cancellable,
                        GAsyncReadyCallback   callback,
                        gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (folder != NULL && account != NULL && path != NULL);

  job->folder = g_strdup (folder);
  job->path = g_strdup (path);
  crm_backup_info_take (&job->account, account);
  g_task_set_source_tag (task, crm_backup_write_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, write_thread);
}

/**
 * crm_backup_write_finish:
 * @result: what the callback was given
 * @written: (out caller-allocates) (optional): its time and its counts; to be cleared
 * @error: why there is no backup, in words: what was under its name is there still
 *
 * Returns: whether the backup is on the disk
 */
gboolean
crm_backup_write_finish (GAsyncResult   *result,
                         CrmBackupInfo  *written,
                         GError        **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (written != NULL)
    crm_backup_info_take (written, &job->written);
  return TRUE;
}

/* crm-backup-restore.c: an account's tasks from one file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-backup-private.h"

#include "model/crm-error.h"
#include "model/crm-private-file.h"
#include "store/crm-salvage.h"
#include "store/crm-schema.h"
#include "store/crm-sender-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ASIDE "before-restore"

/* So many of what is newer are named. */
#define MOST_NAMED 20

typedef struct
{
  char          *folder;
  char          *path;
  CrmBackupInfo  account;
  gboolean       surely;

  char          *database;
  char          *staging; /* the backup, as it will be here */
  gboolean       is_same; /* it was made of this database */
  CrmRestore    *restore;
} Job;

static void
job_free (Job *job)
{
  g_free (job->folder);
  g_free (job->path);
  crm_backup_info_clear (&job->account);
  g_free (job->database);
  g_free (job->staging);
  g_clear_pointer (&job->restore, crm_restore_free);
  g_free (job);
}

static void
newer_task_free (CrmNewerTask *self)
{
  g_free (self->name);
  g_free (self);
}

/**
 * crm_restore_free:
 * @self: (transfer full): what a restore did
 */
void
crm_restore_free (CrmRestore *self)
{
  crm_backup_info_clear (&self->backup);
  g_clear_pointer (&self->newer, g_ptr_array_unref);
  g_free (self->set_aside);
  g_free (self);
}

/**
 * crm_newer_get_words:
 * @self: why a task here is newer than a backup
 *
 * Returns: (transfer none): what is said of it, after its name
 */
const char *
crm_newer_get_words (CrmNewer self)
{
  switch (self)
    {
    case CRM_NEWER_ADDED:
      return C_("why a task is newer than a backup", "is not in the backup");
    case CRM_NEWER_EDITED:
      return C_("why a task is newer than a backup", "was changed since");
    case CRM_NEWER_SENT:
      return C_("why a task is newer than a backup", "was sent since");
    case CRM_NEWER_REMOVED:
      return C_("why a task is newer than a backup", "was removed here since");
    case CRM_NEWER_TYPED:
    default:
      return C_("why a task is newer than a backup", "holds text that is not saved yet");
    }
}

/* The file, as a copy in the account's folder */

static int
open_backup (const char  *path,
             GError     **error)
{
  int fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat found;

  if (fd == -1 && errno == ELOOP && lstat (path, &found) == 0 && !crm_backup_check_file (path, &found, error))
    return -1;
  if (fd == -1 || fstat (fd, &found) != 0)
    crm_backup_set_error (error, errno, _("%s can’t be read: %s"), path, g_strerror (errno));
  else if (crm_backup_check_file (path, &found, error))
    return fd;

  if (fd != -1)
    close (fd);
  return -1;
}

static gboolean
copy_bytes (int           from,
            int           to,
            const char   *path,
            GCancellable *cancellable,
            GError      **error)
{
  g_autofree char *buffer = g_malloc (1 << 16);

  for (;;)
    {
      ssize_t n = read (from, buffer, 1 << 16);
      ssize_t written = 0;

      if (n < 0)
        crm_backup_set_error (error, errno, _("%s can’t be read: %s"), path, g_strerror (errno));
      if (n <= 0)
        return n == 0;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;

      while (written < n)
        {
          ssize_t m = write (to, buffer + written, n - written);

          if (m < 0)
            {
              crm_backup_set_error (error, errno, _("There is no room for a copy of %s: %s"), path, g_strerror (errno));
              return FALSE;
            }
          written += m;
        }
    }
}

/* The person's file is only read, and what lies beside it is not looked at. */
static gboolean
take_copy (Job           *job,
           GCancellable  *cancellable,
           GError       **error)
{
  int from = open_backup (job->path, error);
  int to;
  gboolean done;

  if (from == -1)
    return FALSE;

  crm_backup_remove (job->staging);
  to = open (job->staging, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (to == -1)
    {
      crm_backup_set_error (error, errno, _("%s can’t be written to the disk: %s"), job->staging, g_strerror (errno));
      close (from);
      return FALSE;
    }

  done = copy_bytes (from, to, job->path, cancellable, error);
  close (from);
  close (to);

  return done;
}

/* What it is */

static gboolean
is_sound (CrmConnection  *copy,
          GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (copy, "PRAGMA integrity_check (1)", error);
  gboolean has_row;

  if (statement == NULL || !crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row && g_strcmp0 (crm_statement_get_text (statement, 0), "ok") == 0)
    return TRUE;

  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_DATABASE_DAMAGED, "");
  return FALSE;
}

static gboolean
is_backup (CrmConnection  *copy,
           gboolean       *is_one,
           GError        **error)
{
  gint64 n = 0;

  *is_one = crm_connection_get_int (copy,
                                    "SELECT count (*) FROM sqlite_schema WHERE type = 'table'"
                                    " AND name IN ('backup', 'task', 'attempt', 'queue', 'state_count')",
                                    &n, error) &&
            n == 5;
  return n != 0 || *error == NULL;
}

/* Says of what is wrong with the copy what is wrong with the backup. */
static gboolean
refuse_copy (const char  *path,
             GError      *why,
             GError     **error)
{
  if (g_error_matches (why, CRM_ERROR, CRM_ERROR_DATABASE_DAMAGED))
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s is damaged, or no backup of CRM Tasks. Nothing was changed"), path);
  else if (g_error_matches (why, CRM_ERROR, CRM_ERROR_DATABASE_NEWER))
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                 _("%s was made by a newer version of CRM Tasks. Install that version; nothing was changed"), path);
  else
    {
      g_propagate_error (error, why);
      return FALSE;
    }

  g_error_free (why);
  return FALSE;
}

static CrmConnection *
open_copy (Job     *job,
           GError **error)
{
  GError *why = NULL;
  g_autoptr (CrmConnection) copy = crm_connection_open (job->staging, FALSE, &why);
  gboolean is_one = FALSE;

  if (copy != NULL && is_backup (copy, &is_one, &why) && !is_one)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s is no backup of CRM Tasks. Nothing was changed"), job->path);
      return NULL;
    }

  if (!is_one || !is_sound (copy, &why) || !crm_connection_exec (copy, "PRAGMA synchronous = OFF", &why) ||
      !crm_schema_migrate (copy, &why) || !crm_backup_info_read (&job->restore->backup, copy, &why))
    {
      refuse_copy (job->path, why, error);
      return NULL;
    }

  return g_steal_pointer (&copy);
}

static gboolean
prepare_copy (Job            *job,
              CrmConnection  *copy,
              CrmConnection  *present,
              GError        **error)
{
  return crm_connection_exec (copy, "BEGIN IMMEDIATE", error) && crm_connection_exec (copy, "DROP TABLE backup", error) &&
         crm_backup_doubt (copy, job->is_same ? present : NULL, g_get_real_time (), job->restore, error) &&
         (job->is_same || crm_schema_renew_id (copy, error)) && crm_connection_exec (copy, "COMMIT", error);
}

/* Whether the backup was made of the database that is here, and not of one that has only been like it: then local ids are of
 * the same tasks. */
static gboolean
recognize (Job            *job,
           CrmConnection  *copy,
           CrmConnection  *present,
           GError        **error)
{
  gint64 here, there;

  if (!crm_connection_get_int (present, "PRAGMA application_id", &here, error) ||
      !crm_connection_get_int (copy, "PRAGMA application_id", &there, error))
    return FALSE;

  job->is_same = here != 0 && here == there;
  return TRUE;
}

/* What is here and newer */

/* Of another database only what both know of the CRM is the same. */
static const char *
get_comparison (gboolean is_same)
{
  g_autoptr (GString) here = g_string_new (NULL);
  g_autoptr (GString) there = g_string_new (NULL);
  g_autofree char *sql = NULL;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_string_append_printf (here, "%shere.%s", i > 0 ? ", " : "", crm_field_get (i)->column);
      g_string_append_printf (there, "%sthere.%s", i > 0 ? ", " : "", crm_field_get (i)->column);
    }

  sql = g_strdup_printf (
      "SELECT * FROM (SELECT here.local_id, here.name, here.state,"
      " CASE WHEN there.local_id IS NULL THEN %d"
      " WHEN (%s here.revision >= there.revision OR here.state <> 'synced') AND (%s) IS NOT (%s) THEN %d"
      " WHEN %s here.revision > there.revision THEN %d"
      " WHEN here.crm_id IS NOT NULL AND there.crm_id IS NULL OR here.state = 'synced' AND there.state <> 'synced' THEN %d"
      " WHEN typed.content IS NOT NULL AND typed.content IS NOT typed_there.content THEN %d END AS why"
      " FROM main.task AS here LEFT JOIN restored.task AS there ON there.%s = here.%s"
      " LEFT JOIN main.typed ON typed.local_id = here.local_id"
      " LEFT JOIN restored.typed AS typed_there ON typed_there.local_id = there.local_id"
      " UNION ALL SELECT local_id, NULL, 'draft', %d FROM main.typed WHERE local_id <= 0"
      " AND content NOT IN (SELECT content FROM restored.typed WHERE local_id <= 0)"
      " UNION ALL SELECT local_id, name, state, %d FROM restored.task AS there WHERE %s state <> 'synced'"
      " AND local_id <= (SELECT seq FROM main.sqlite_sequence WHERE name = 'task')"
      " AND NOT EXISTS (SELECT 1 FROM main.task AS here WHERE here.local_id = there.local_id))"
      " WHERE why IS NOT NULL ORDER BY state = 'synced', local_id",
      CRM_NEWER_ADDED, is_same ? "" : "1 OR", here->str, there->str, CRM_NEWER_EDITED, is_same ? "" : "0 AND",
      CRM_NEWER_EDITED, CRM_NEWER_SENT, CRM_NEWER_TYPED, is_same ? "local_id" : "crm_id",
      is_same ? "local_id" : "crm_id", CRM_NEWER_TYPED, CRM_NEWER_REMOVED, is_same ? "" : "0 AND");

  return g_intern_string (sql);
}

static void
note_newer (CrmRestore   *restore,
            CrmStatement *statement)
{
  CrmNewerTask *task;

  if (restore->n_newer++ >= MOST_NAMED)
    return;

  task = g_new0 (CrmNewerTask, 1);
  task->local_id = crm_statement_get_int (statement, 0);
  task->name = g_strdup (crm_statement_get_text (statement, 1));
  crm_sync_state_from_nick (crm_statement_get_text (statement, 2), &task->state);
  task->why = crm_statement_get_int (statement, 3);
  g_ptr_array_add (restore->newer, task);
}

/* Tasks that never had a CRM go to any. */
static gboolean
differ (const char *one,
        const char *other)
{
  return one != NULL && other != NULL && !g_str_equal (one, other);
}

/* Whose ids those of a task are must be known before somebody's CRM is asked to change it. */
static gboolean
has_ids (CrmConnection *connection)
{
  gint64 n = 0;

  return crm_connection_get_int (connection, "SELECT count(*) FROM (SELECT 1 FROM restored.task WHERE crm_id IS NOT NULL LIMIT 1)",
                                 &n, NULL) && n > 0;
}

static gboolean
compare (Job            *job,
         CrmConnection  *present,
         GError        **error)
{
  CrmRestore *restore = job->restore;
  gboolean same_account = g_strcmp0 (job->account.account_id, restore->backup.account_id) == 0;
  g_autoptr (CrmStatement) attach = crm_connection_prepare (present, "ATTACH ?1 AS restored", error);
  g_autoptr (CrmStatement) statement = NULL;
  gboolean has_row;

  restore->other_account = !same_account && (differ (restore->backup.address, job->account.address) ||
                                             differ (restore->backup.key, job->account.key));
  if (attach == NULL)
    return FALSE;
  crm_statement_bind_text (attach, 1, job->staging);
  if (!crm_statement_run (attach, error))
    return FALSE;
  if (!same_account && restore->backup.address != NULL && job->account.address == NULL)
    restore->other_account = has_ids (present);

  statement = crm_connection_prepare (present, get_comparison (job->is_same), error);
  if (statement == NULL)
    return FALSE;

  for (;;)
    {
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;
      note_newer (restore, statement);
    }
  crm_statement_reset (statement);

  return crm_connection_exec (present, "DETACH restored", error);
}

/* A local id that was given to a task here is not given to another: scripts remember them. */
static gboolean
go_on_counting (CrmConnection  *copy,
                CrmConnection  *present,
                GError        **error)
{
  gint64 task, attempt;
  g_autofree char *sql = NULL;

  if (!crm_connection_get_int (present, "SELECT seq FROM sqlite_sequence WHERE name = 'task'", &task, error) ||
      !crm_connection_get_int (present, "SELECT seq FROM sqlite_sequence WHERE name = 'attempt'", &attempt, error))
    return FALSE;

  sql = g_strdup_printf ("INSERT INTO sqlite_sequence (name, seq) SELECT column1, 0 FROM (VALUES ('task'), ('attempt'))"
                         " WHERE column1 NOT IN (SELECT name FROM sqlite_sequence);"
                         "UPDATE sqlite_sequence SET seq = max (seq, %" G_GINT64_FORMAT ") WHERE name = 'task';"
                         "UPDATE sqlite_sequence SET seq = max (seq, %" G_GINT64_FORMAT ") WHERE name = 'attempt'",
                         task, attempt);

  return crm_connection_exec (copy, sql, error);
}

/* The exchange */

static gboolean
set_aside (Job            *job,
           CrmConnection  *present,
           GCancellable   *cancellable,
           GError        **error)
{
  g_auto (CrmBackupInfo) written = { 0 };
  g_autofree char *aside = NULL;
  gint64 n;

  if (!crm_connection_get_int (present, "SELECT (SELECT count (*) FROM task LIMIT 1) + (SELECT count (*) FROM typed)", &n, error))
    return FALSE;
  if (n == 0)
    return TRUE;

  aside = crm_salvage_name_aside (job->database, ASIDE);
  if (!crm_backup_write_file (present, &job->account, aside, &written, cancellable, error))
    return FALSE;

  job->restore->set_aside = g_steal_pointer (&aside);
  return TRUE;
}

static gboolean
exchange (Job            *job,
          CrmConnection  *copy,
          CrmConnection  *present,
          GCancellable   *cancellable,
          GError        **error)
{
  gint64 n;
  gboolean done;

  if (!set_aside (job, present, cancellable, error) || !go_on_counting (copy, present, error) ||
      !crm_connection_exec (copy, "BEGIN", error))
    return FALSE;

  done = crm_connection_get_int (copy, "SELECT count (*) FROM state_count", &n, error) &&
         crm_connection_copy (copy, present, cancellable, error);
  crm_connection_exec (copy, "ROLLBACK", NULL);
  if (done)
    crm_salvage_unmark (job->database);

  return done;
}

/* What a restore that was cut off had not set aside as a whole yet: its name goes on after the time. */
static void
sweep (Job *job)
{
  g_autoptr (GDir) dir = g_dir_open (job->folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = NULL;

      if (!g_str_has_prefix (name, "tasks.db." ASIDE "-") || strchr (name + strlen ("tasks.db." ASIDE "-"), '.') == NULL)
        continue;
      path = g_build_filename (job->folder, name, NULL);
      g_unlink (path);
    }
}

static CrmConnection *
open_present (Job     *job,
              GError **error)
{
  GError *why = NULL;
  g_autoptr (CrmConnection) present = crm_connection_open_alone (job->database, &why);

  if (present != NULL && crm_schema_migrate (present, error))
    return g_steal_pointer (&present);

  if (g_error_matches (why, CRM_ERROR, CRM_ERROR_DATABASE_BUSY))
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED,
                           _("Another program works with these tasks. Close it, and restore the backup then"));
      g_error_free (why);
    }
  else if (why != NULL)
    g_propagate_error (error, why);

  return NULL;
}

static gboolean
restore_backup (Job           *job,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr (CrmConnection) present = NULL;
  g_autoptr (CrmConnection) copy = NULL;
  CrmRestore *restore = job->restore;

  sweep (job);
  if (!take_copy (job, cancellable, error))
    return FALSE;

  copy = open_copy (job, error);
  present = copy != NULL ? open_present (job, error) : NULL;
  if (present == NULL || !recognize (job, copy, present, error) || !compare (job, present, error))
    return FALSE;
  if ((restore->n_newer > 0 || restore->other_account) && !job->surely)
    return TRUE;

  restore->restored = prepare_copy (job, copy, present, error) && exchange (job, copy, present, cancellable, error);
  return restore->restored;
}

static CrmSenderLock *
lock_sender (const char  *folder,
             GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "sender.lock", NULL);
  gboolean held_elsewhere = FALSE;
  CrmSenderLock *lock;

  if (!crm_private_folder_make (folder, error) || !crm_private_file_check (path, error))
    return NULL;

  lock = crm_sender_lock_try (folder, &held_elsewhere, error);
  if (held_elsewhere)
    g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED,
                         _("Another program works with these tasks. Close it, and restore the backup then"));

  return lock;
}

static void
restore_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr (CrmSenderLock) lock = lock_sender (job->folder, &error);
  gboolean done = lock != NULL && restore_backup (job, cancellable, &error);

  if (lock != NULL)
    crm_backup_remove (job->staging);

  if (done)
    g_task_return_pointer (task, g_steal_pointer (&job->restore), (GDestroyNotify) crm_restore_free);
  else
    g_task_return_error (task, error);
}

/**
 * crm_backup_restore_async:
 * @folder: an account's folder; no store of this process has it open, but one had: what was damaged is salvaged by that
 * @account: whose tasks they are to be: its time and counts are not looked at
 * @path: a backup; absolute
 * @surely: whether to restore it also when tasks here are newer, or it is of another CRM
 * @cancellable: (nullable): a cancellable, heeded until the tasks are exchanged
 * @callback: called when it is done
 * @user_data: given to @callback
 *
 * Puts the backup in the place of the account's tasks, which are set aside first, as a backup of their own with the time in
 * its name: restoring that takes the restore back. Nobody else may have the tasks open, and nobody can open them meanwhile. The
 * exchange is one transaction: whatever cuts it off, all of the old is there or all of the new.
 *
 * What the backup's outbox holds may have been sent since: crm_backup_doubt() says what becomes of it. The backup itself is only
 * read, and may be of an older version. The work is done on a thread of its own.
 */
void
crm_backup_restore_async (const char           *folder,
                          const CrmBackupInfo  *account,
                          const char           *path,
                          gboolean              surely,
                          GCancellable         *cancellable,
                          GAsyncReadyCallback   callback,
                          gpointer              user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  g_return_if_fail (folder != NULL && account != NULL && path != NULL);

  job->folder = g_strdup (folder);
  job->path = g_strdup (path);
  job->surely = surely;
  job->database = g_build_filename (folder, "tasks.db", NULL);
  job->staging = g_strconcat (job->database, ".restoring", NULL);
  job->restore = g_new0 (CrmRestore, 1);
  job->restore->newer = g_ptr_array_new_with_free_func ((GDestroyNotify) newer_task_free);
  crm_backup_info_take (&job->account, account);
  g_task_set_source_tag (task, crm_backup_restore_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, restore_thread);
}

/**
 * crm_backup_restore_finish:
 * @result: what the callback was given
 * @error: %CRM_ERROR_INVALID: it is no backup, is damaged, or of a newer version; %CRM_ERROR_REFUSED: another program has the
 *   tasks open; %CRM_ERROR_DATABASE and its like. In words; nothing was changed
 *
 * Returns: (transfer full) (nullable): what was done; when it is not restored, what must be agreed to first
 */
CrmRestore *
crm_backup_restore_finish (GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

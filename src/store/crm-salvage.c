/* crm-salvage.c: what can be read of a damaged database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-salvage.h"

#include "store/crm-attempt-log.h"
#include "store/crm-row.h"
#include "store/crm-schema.h"

#include "model/crm-error.h"
#include "model/crm-task-json.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* A task whose sending can't be read any more is looked for among those made so recently, in seconds. */
#define LOOK_BACK (7 * 24 * 3600)

static char *
marker_path (const char *path)
{
  return g_strconcat (path, ".damaged", NULL);
}

static char *
fresh_path (const char *path)
{
  return g_strconcat (path, ".salvaged", NULL);
}

/* The database and what SQLite keeps beside it. */
static gboolean
set_aside (const char  *path,
           const char  *aside,
           GError     **error)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (aside, suffixes[i], NULL);

      if (g_rename (from, to) != 0 && errno != ENOENT)
        {
          g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE_DAMAGED,
                       _("The tasks’ database is damaged, and could not be set aside: %s"), g_strerror (errno));
          return FALSE;
        }
    }

  return TRUE;
}

/* The ids up to the first page that can't be read, from either end. */
static void
read_ids (CrmConnection *damaged,
          const char    *sql,
          GHashTable    *ids)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (damaged, sql, NULL);
  gboolean has_row = statement != NULL;

  while (has_row && crm_statement_step (statement, &has_row, NULL) && has_row)
    {
      gint64 id = crm_statement_get_int (statement, 0);

      g_hash_table_add (ids, g_memdup2 (&id, sizeof id));
    }
}

/* An add of which it can't be told any more whether it was sent is looked for first. */
static gboolean
doubt (CrmRow         *row,
       GPtrArray      *attempts,
       CrmConnection  *fresh,
       GError        **error)
{
  g_autofree char *body = crm_task_json_write_body (row->values, crm_values_get_mask (row->values), 0);
  gint64 now = g_get_real_time ();
  gint64 attempt_id;

  row->may_be_there = TRUE;
  row->released = FALSE;
  row->state = CRM_SYNC_UNCONFIRMED;
  if (!crm_row_update (row, fresh, error))
    return FALSE;

  return attempts->len > 0 ||
         crm_attempt_log_begin (fresh, row, body, now / G_TIME_SPAN_SECOND - LOOK_BACK, now, &attempt_id, error);
}

static gboolean
copy_task (CrmConnection  *damaged,
           CrmConnection  *fresh,
           gint64          local_id,
           gboolean       *copied,
           GError        **error)
{
  g_autoptr (CrmRow) row = crm_row_load (damaged, local_id, NULL);
  g_autoptr (GPtrArray) attempts = NULL;

  *copied = FALSE;
  if (row == NULL)
    return TRUE;

  attempts = crm_attempt_log_read (damaged, local_id, NULL);
  if (attempts == NULL)
    attempts = g_ptr_array_new ();

  row->attempt_id = 0;
  if (!crm_row_insert (row, fresh, error) || !crm_attempt_log_restore (fresh, row, attempts, error))
    return FALSE;

  *copied = TRUE;
  if (row->crm_id == 0 && (row->state == CRM_SYNC_QUEUED || row->state == CRM_SYNC_SENDING))
    return doubt (row, attempts, fresh, error);

  if (row->state == CRM_SYNC_SENDING)
    {
      row->state = CRM_SYNC_QUEUED;
      row->uncertain |= row->dirty;
      return crm_row_update (row, fresh, error);
    }

  return TRUE;
}

/* As much as can be read: what is typed is not worth losing the tasks for. */
static void
copy_typed (CrmConnection *damaged,
            CrmConnection *fresh)
{
  g_autoptr (CrmStatement) from =
      crm_connection_prepare (damaged, "SELECT local_id, typed_at, content FROM main.typed", NULL);
  g_autoptr (CrmStatement) to = crm_connection_prepare (fresh, "INSERT OR IGNORE INTO typed VALUES (?1, ?2, ?3)", NULL);
  gboolean has_row = from != NULL && to != NULL;

  while (has_row && crm_statement_step (from, &has_row, NULL) && has_row)
    {
      const char *content = crm_statement_get_text (from, 2);

      if (content == NULL)
        continue;
      crm_statement_bind_int (to, 1, crm_statement_get_int (from, 0));
      crm_statement_bind_int (to, 2, crm_statement_get_int (from, 1));
      crm_statement_bind_text (to, 3, content);
      crm_statement_run (to, NULL);
    }
}

/* Likewise: without it a file that is imported again brings what was edited since a second time. */
static void
copy_imports (CrmConnection *damaged,
              CrmConnection *fresh)
{
  g_autoptr (CrmStatement) from = crm_connection_prepare (damaged, "SELECT local_id, fingerprint FROM main.task_import", NULL);
  g_autoptr (CrmStatement) to = crm_connection_prepare (
      fresh, "INSERT OR IGNORE INTO task_import SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM task WHERE local_id = ?1)", NULL);
  gboolean has_row = from != NULL && to != NULL;

  while (has_row && crm_statement_step (from, &has_row, NULL) && has_row)
    {
      const char *fingerprint = crm_statement_get_text (from, 1);

      if (fingerprint == NULL)
        continue;
      crm_statement_bind_int (to, 1, crm_statement_get_int (from, 0));
      crm_statement_bind_text (to, 2, fingerprint);
      crm_statement_run (to, NULL);
    }
}

static gboolean
copy_all (CrmConnection  *damaged,
          CrmConnection  *fresh,
          guint          *n_copied,
          GError        **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key;
  gint64 version;

  read_ids (damaged, "SELECT local_id FROM task NOT INDEXED ORDER BY local_id", ids);
  read_ids (damaged, "SELECT local_id FROM task NOT INDEXED ORDER BY local_id DESC", ids);

  /* An older database has no such table and columns, which reading a row asks for. */
  crm_connection_exec (damaged, "CREATE TEMP TABLE typed (local_id INTEGER PRIMARY KEY)", NULL);
  if (crm_connection_get_int (damaged, "PRAGMA user_version", &version, NULL) && version < 4)
    crm_connection_exec (damaged,
                         "CREATE TEMP VIEW task AS SELECT *, 0 AS guessed, 0 AS conflict, NULL AS theirs, 0 AS listed FROM main.task",
                         NULL);
  if (!crm_connection_exec (fresh, "BEGIN IMMEDIATE", error))
    return FALSE;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gboolean copied = FALSE;

      /* A row that contradicts another is left behind; the rest is not. */
      if (!crm_connection_exec (fresh, "SAVEPOINT one", error))
        return FALSE;
      if (!copy_task (damaged, fresh, *(gint64 *) key, &copied, NULL))
        {
          copied = FALSE;
          if (!crm_connection_exec (fresh, "ROLLBACK TO one", error))
            return FALSE;
        }
      if (!crm_connection_exec (fresh, "RELEASE one", error))
        return FALSE;
      *n_copied += copied;
    }

  copy_typed (damaged, fresh);
  copy_imports (damaged, fresh);
  return crm_connection_exec (fresh, "COMMIT", error);
}

/**
 * crm_salvage_name_aside:
 * @path: a database
 * @why: what it is set aside for, a word of the name
 *
 * Returns: (transfer full): a name beside it with the time in it that nothing has yet: what was set aside before stays
 */
char *
crm_salvage_name_aside (const char *path,
                        const char *why)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%d-%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s.%s-%s", path, why, time);

  for (guint i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.%s-%s-%u", path, why, time, i);
    }

  return g_steal_pointer (&name);
}

/**
 * crm_salvage_mark:
 * @path: a database that turned out to be damaged while it was open
 *
 * The next start salvages it. Any thread.
 */
void
crm_salvage_mark (const char *path)
{
  g_autofree char *marker = marker_path (path);

  g_file_set_contents_full (marker, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

/**
 * crm_salvage_is_marked:
 * @path: a database
 *
 * Returns: whether it was found damaged
 */
gboolean
crm_salvage_is_marked (const char *path)
{
  g_autofree char *marker = marker_path (path);

  return g_file_test (marker, G_FILE_TEST_EXISTS);
}

/**
 * crm_salvage_unmark:
 * @path: a database that was found damaged, and has been replaced as a whole
 *
 * The next start does not salvage it. Any thread.
 */
void
crm_salvage_unmark (const char *path)
{
  g_autofree char *marker = marker_path (path);

  g_unlink (marker);
}

/* Writes what can be read into a file of its own. */
static gboolean
write_fresh (const char  *path,
             const char  *fresh_name,
             guint       *n_copied,
             GError     **error)
{
  g_autoptr (CrmConnection) damaged = NULL;
  g_autoptr (CrmConnection) fresh = NULL;

  g_unlink (fresh_name);
  fresh = crm_connection_open (fresh_name, FALSE, error);
  if (fresh == NULL || !crm_schema_migrate (fresh, error))
    return FALSE;

  damaged = crm_connection_open (path, TRUE, NULL);

  return damaged == NULL || copy_all (damaged, fresh, n_copied, error);
}

/**
 * crm_salvage_resume:
 * @path: a database that is about to be opened
 *
 * Ends a salvage that was cut off after the damaged file was set aside.
 */
void
crm_salvage_resume (const char *path)
{
  g_autofree char *fresh_name = fresh_path (path);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) && g_file_test (fresh_name, G_FILE_TEST_EXISTS))
    g_rename (fresh_name, path);
}

/**
 * crm_salvage_run:
 * @path: a damaged database that nobody has open
 * @error: why it could not be done; the damaged file is there under one name or the other
 *
 * Puts what can be read of it into a new one, and sets the damaged file aside with the time in its name. What may have
 * been sent since is looked for on the CRM before it is sent again. Blocks: not for the main thread.
 *
 * Returns: (transfer full) (nullable): what was done, for people
 */
char *
crm_salvage_run (const char  *path,
                 GError     **error)
{
  g_autofree char *aside = crm_salvage_name_aside (path, "damaged");
  g_autofree char *marker = marker_path (path);
  g_autofree char *fresh_name = fresh_path (path);
  guint n_copied = 0;

  if (!write_fresh (path, fresh_name, &n_copied, error) || !set_aside (path, aside, error))
    return NULL;

  crm_salvage_resume (path);
  g_unlink (marker);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "The tasks’ database was damaged. It is kept as %s; %u task could be read of it",
                                       "The tasks’ database was damaged. It is kept as %s; %u tasks could be read of it",
                                       n_copied),
                          aside, n_copied);
}

/* crm-connection.c: one connection to the database, and its statements
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-connection.h"

#include "model/crm-error.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <unistd.h>

/* How long a write waits for another program's before it gives up, in milliseconds. */
#define BUSY_TIMEOUT 5000

/* A copy is made in steps of so many pages, between which it can be called off. */
#define PAGES_IN_A_STEP 256

struct _CrmConnection
{
  char         *path;
  sqlite3      *db;         /* NULL: not opened yet */
  gboolean      alone;      /* nobody else may have the file open */
  GHashTable   *statements; /* SQL, by address → CrmStatement */
  CrmDamageFunc damage_func;
  gpointer      damage_data;
};

struct _CrmStatement
{
  CrmConnection *connection;
  sqlite3_stmt  *stmt;
  int            bind_result;
};

static void
statement_free (CrmStatement *self)
{
  sqlite3_finalize (self->stmt);
  g_free (self);
}

static gboolean
set_error (GError       **error,
           CrmConnection *self,
           int            result)
{
  sqlite3 *db = self->db;
  CrmError code;
  const char *words;

  switch (result & 0xff)
    {
    case SQLITE_FULL:
      code = CRM_ERROR_DATABASE_FULL;
      words = _("The disk is full. Make room and save again");
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      code = CRM_ERROR_DATABASE_BUSY;
      words = _("Another program holds the tasks’ database. Close it and try again");
      break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      code = CRM_ERROR_DATABASE_READ_ONLY;
      words = _("The tasks’ database can’t be written. Check the permissions of its folder");
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      code = CRM_ERROR_DATABASE_DAMAGED;
      words = _("The tasks’ database is damaged");
      if (self->damage_func != NULL)
        self->damage_func (self->damage_data);
      break;
    case SQLITE_IOERR:
      code = CRM_ERROR_DATABASE;
      words = _("The disk did not do what the tasks’ database asked of it. Check that it works and has room, and try again");
      break;
    case SQLITE_CANTOPEN:
      code = CRM_ERROR_DATABASE;
      words = _("The tasks’ database can’t be opened");
      break;
    default:
      code = CRM_ERROR_DATABASE;
      words = _("The tasks’ database could not be used");
    }

  g_set_error (error, CRM_ERROR, code, "%s (%s)", words, db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (result));
  return FALSE;
}

static gboolean
exec (CrmConnection  *self,
      const char     *sql,
      GError        **error)
{
  int result = sqlite3_exec (self->db, sql, NULL, NULL, NULL);

  return result == SQLITE_OK ? TRUE : set_error (error, self, result);
}

static gboolean
open_file (CrmConnection  *self,
           gboolean        read_only,
           GError        **error)
{
  int flags = SQLITE_OPEN_NOMUTEX | (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  int result = sqlite3_open_v2 (self->path, &self->db, flags, NULL);

  if (result == SQLITE_OK)
    {
      sqlite3_extended_result_codes (self->db, 1);
      sqlite3_busy_timeout (self->db, BUSY_TIMEOUT);

      /* Said before the file is first read, or it would only keep others from writing. */
      if ((!self->alone || exec (self, "PRAGMA main.locking_mode = EXCLUSIVE", error)) &&
          exec (self, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", error) &&
          (read_only ? exec (self, "PRAGMA cache_size = -512", error) : exec (self, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON", error)))
        return TRUE;
    }
  else
    set_error (error, self, result);

  g_clear_pointer (&self->db, sqlite3_close);
  return FALSE;
}

/**
 * crm_connection_new:
 * @path: the database's file
 *
 * Returns: (transfer full): a connection that only reads, and opens the file when it is first used: what that can't be
 *   opened for is reported then
 */
CrmConnection *
crm_connection_new (const char *path)
{
  CrmConnection *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (CrmConnection, 1);
  self->path = g_strdup (path);
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) statement_free);

  return self;
}

/* Nobody asks how much memory SQLite uses, and counting it takes a lock at each piece. */
static void
prepare_sqlite (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&done, 1);
    }
}

static CrmConnection *
open_path (const char  *path,
           gboolean     read_only,
           gboolean     alone,
           GError     **error)
{
  g_autoptr (CrmConnection) self = NULL;

  prepare_sqlite ();

  /* SQLite gives the files beside it the mode of this one. */
  if (!read_only)
    {
      int fd = open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

      if (fd != -1)
        close (fd);
    }

  self = crm_connection_new (path);
  self->alone = alone;

  return open_file (self, read_only, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * crm_connection_open:
 * @path: the database's file; made, for its owner alone, when it isn't there and may be written
 * @read_only: whether to refuse writing; the file must be there then
 * @error: says what is wrong
 *
 * May block for I/O: not for the main thread.
 *
 * Returns: (transfer full) (nullable): a connection. WAL, `synchronous=FULL`: what is committed stays
 */
CrmConnection *
crm_connection_open (const char  *path,
                     gboolean     read_only,
                     GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return open_path (path, read_only, FALSE, error);
}

/**
 * crm_connection_open_alone:
 * @path: the database's file; made, for its owner alone, when it isn't there
 * @error: says what is wrong; %CRM_ERROR_DATABASE_BUSY when another connection, of whatever process, has it open
 *
 * Until this connection is closed nobody else can open the file. May block for I/O, and 5 seconds for others to close it.
 *
 * Returns: (transfer full) (nullable): a connection, else as crm_connection_open() gives it
 */
CrmConnection *
crm_connection_open_alone (const char  *path,
                           GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return open_path (path, FALSE, TRUE, error);
}

/**
 * crm_connection_close:
 * @self: (transfer full) (nullable): a connection
 */
void
crm_connection_close (CrmConnection *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->statements, g_hash_table_unref);
  sqlite3_close (self->db);
  g_free (self->path);
  g_free (self);
}

/**
 * crm_connection_set_damage_func:
 * @self: a connection
 * @func: (scope notified): called whenever it turns out that the database is damaged, on the thread that uses the connection
 * @data: given to @func
 */
void
crm_connection_set_damage_func (CrmConnection *self,
                                CrmDamageFunc  func,
                                gpointer       data)
{
  g_return_if_fail (self != NULL);

  self->damage_func = func;
  self->damage_data = data;
}

/**
 * crm_connection_exec:
 * @self: a connection
 * @sql: statements, separated by semicolons
 * @error: says what is wrong
 *
 * Returns: whether all of them succeeded
 */
gboolean
crm_connection_exec (CrmConnection  *self,
                     const char     *sql,
                     GError        **error)
{
  g_return_val_if_fail (self != NULL && sql != NULL, FALSE);

  return (self->db != NULL || open_file (self, TRUE, error)) && exec (self, sql, error);
}

/**
 * crm_connection_get_int:
 * @self: a connection
 * @sql: (transfer none): a query of one number; a literal, for it is kept by its address
 * @value: (out): the number; 0 when there is no row
 * @error: says what is wrong
 *
 * Returns: whether it could be asked
 */
gboolean
crm_connection_get_int (CrmConnection  *self,
                        const char     *sql,
                        gint64         *value,
                        GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (self, sql, error);
  gboolean has_row;

  *value = 0;
  if (statement == NULL || !crm_statement_step (statement, &has_row, error))
    return FALSE;

  if (has_row)
    *value = crm_statement_get_int (statement, 0);
  return TRUE;
}

/**
 * crm_connection_get_last_id:
 * @self: a connection
 *
 * Returns: the id of the row inserted last
 */
gint64
crm_connection_get_last_id (CrmConnection *self)
{
  return sqlite3_last_insert_rowid (self->db);
}

/**
 * crm_connection_in_transaction:
 * @self: a connection
 *
 * Returns: whether a transaction is open; SQLite ends one by itself after some errors
 */
gboolean
crm_connection_in_transaction (CrmConnection *self)
{
  return self->db != NULL && sqlite3_get_autocommit (self->db) == 0;
}

/**
 * crm_connection_copy:
 * @self: a connection, in a transaction that has read: what that sees is what is copied, whoever writes meanwhile
 * @to: a connection to another database that nobody else writes
 * @cancellable: (nullable): a cancellable
 * @error: says what is wrong; %G_IO_ERROR_CANCELLED
 *
 * Makes the other database the same as this one, in one transaction: what was there stays until all is copied. Nobody waits
 * for it who uses this one. Blocks for I/O.
 *
 * Returns: whether it is the same
 */
gboolean
crm_connection_copy (CrmConnection  *self,
                     CrmConnection  *to,
                     GCancellable   *cancellable,
                     GError        **error)
{
  sqlite3_backup *copy;
  int result = SQLITE_OK;

  g_return_val_if_fail (self != NULL && self->db != NULL && to != NULL && to->db != NULL, FALSE);

  copy = sqlite3_backup_init (to->db, "main", self->db, "main");
  if (copy == NULL)
    return set_error (error, to, sqlite3_errcode (to->db));

  while (result == SQLITE_OK && !g_cancellable_is_cancelled (cancellable))
    result = sqlite3_backup_step (copy, PAGES_IN_A_STEP);

  sqlite3_backup_finish (copy);
  if (result == SQLITE_DONE)
    return TRUE;
  if (result == SQLITE_OK)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);

  /* What is damaged is what is read. */
  return set_error (error, (result & 0xff) == SQLITE_CORRUPT || (result & 0xff) == SQLITE_NOTADB ? self : to, result);
}

/**
 * crm_connection_prepare:
 * @self: a connection
 * @sql: (transfer none): one statement; a literal or interned string, for it is kept by its address
 * @error: says what is wrong
 *
 * Returns: (transfer none) (nullable): the statement, ready to be bound. An autoptr to it resets it
 */
CrmStatement *
crm_connection_prepare (CrmConnection  *self,
                        const char     *sql,
                        GError        **error)
{
  CrmStatement *statement;
  sqlite3_stmt *stmt = NULL;
  int result;

  g_return_val_if_fail (self != NULL && sql != NULL, NULL);

  statement = g_hash_table_lookup (self->statements, sql);
  if (statement != NULL)
    return statement;
  if (self->db == NULL && !open_file (self, TRUE, error))
    return NULL;

  result = sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
  if (result != SQLITE_OK)
    {
      set_error (error, self, result);
      return NULL;
    }

  statement = g_new0 (CrmStatement, 1);
  statement->connection = self;
  statement->stmt = stmt;
  g_hash_table_insert (self->statements, (gpointer) sql, statement);

  return statement;
}

static void
note_bind (CrmStatement *self,
           int           result)
{
  if (self->bind_result == SQLITE_OK)
    self->bind_result = result;
}

/**
 * crm_statement_bind_int:
 * @self: a statement
 * @index: of the parameter, from 1
 * @value: the number
 *
 * What goes wrong is reported by the next step.
 */
void
crm_statement_bind_int (CrmStatement *self,
                        int           index,
                        gint64        value)
{
  note_bind (self, sqlite3_bind_int64 (self->stmt, index, value));
}

/**
 * crm_statement_bind_id:
 * @self: a statement
 * @index: of the parameter, from 1
 * @value: an id; 0 stands for none and is bound as NULL
 */
void
crm_statement_bind_id (CrmStatement *self,
                       int           index,
                       gint64        value)
{
  note_bind (self, value != 0 ? sqlite3_bind_int64 (self->stmt, index, value) : sqlite3_bind_null (self->stmt, index));
}

/**
 * crm_statement_bind_text:
 * @self: a statement
 * @index: of the parameter, from 1
 * @value: (nullable): UTF-8; it is copied
 */
void
crm_statement_bind_text (CrmStatement *self,
                         int           index,
                         const char   *value)
{
  note_bind (self, sqlite3_bind_text (self->stmt, index, value, -1, SQLITE_TRANSIENT));
}

/**
 * crm_statement_step:
 * @self: a statement
 * @has_row: (out): whether there is a row to read; when not, the statement is reset
 * @error: says what is wrong
 *
 * Returns: whether it went well
 */
gboolean
crm_statement_step (CrmStatement  *self,
                    gboolean      *has_row,
                    GError       **error)
{
  int result = self->bind_result != SQLITE_OK ? self->bind_result : sqlite3_step (self->stmt);

  *has_row = result == SQLITE_ROW;
  if (result == SQLITE_ROW)
    return TRUE;

  if (result != SQLITE_DONE)
    set_error (error, self->connection, result);
  crm_statement_reset (self);

  return result == SQLITE_DONE;
}

/**
 * crm_statement_run:
 * @self: a statement whose rows, if any, are of no interest
 * @error: says what is wrong
 *
 * Returns: whether it went well; the statement is reset
 */
gboolean
crm_statement_run (CrmStatement  *self,
                   GError       **error)
{
  gboolean has_row;

  if (!crm_statement_step (self, &has_row, error))
    return FALSE;

  crm_statement_reset (self);
  return TRUE;
}

/**
 * crm_statement_get_int:
 * @self: a statement at a row
 * @column: from 0
 *
 * Returns: its number; 0 of NULL
 */
gint64
crm_statement_get_int (CrmStatement *self,
                       int           column)
{
  return sqlite3_column_int64 (self->stmt, column);
}

/**
 * crm_statement_get_text:
 * @self: a statement at a row
 * @column: from 0
 *
 * Returns: (transfer none) (nullable): its text, until the next step
 */
const char *
crm_statement_get_text (CrmStatement *self,
                        int           column)
{
  return (const char *) sqlite3_column_text (self->stmt, column);
}

/**
 * crm_statement_is_null:
 * @self: a statement at a row
 * @column: from 0
 *
 * Returns: whether it holds no value
 */
gboolean
crm_statement_is_null (CrmStatement *self,
                       int           column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_NULL;
}

/**
 * crm_statement_is_text:
 * @self: a statement at a row
 * @column: from 0
 *
 * Returns: whether it holds text
 */
gboolean
crm_statement_is_text (CrmStatement *self,
                       int           column)
{
  return sqlite3_column_type (self->stmt, column) == SQLITE_TEXT;
}

/**
 * crm_statement_get_n_columns:
 * @self: a statement
 *
 * Returns: how many columns its rows have
 */
guint
crm_statement_get_n_columns (CrmStatement *self)
{
  return (guint) sqlite3_column_count (self->stmt);
}

/**
 * crm_statement_reset:
 * @self: (nullable): a statement
 *
 * Ends its reading and forgets what was bound.
 */
void
crm_statement_reset (CrmStatement *self)
{
  if (self == NULL)
    return;

  sqlite3_reset (self->stmt);
  sqlite3_clear_bindings (self->stmt);
  self->bind_result = SQLITE_OK;
}

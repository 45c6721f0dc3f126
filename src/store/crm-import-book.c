/* crm-import-book.c: the rows of an import, judged and not written yet, in a file of their own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-import-book.h"

#include "model/crm-error.h"
#include "store/crm-connection.h"
#include "store/crm-row.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Of each verdict the rows are numbered without gaps, so that a page of a million is found at once. */
#define SCHEMA                                                                                                           \
  "CREATE TABLE claim (local_id INTEGER PRIMARY KEY) STRICT;"                                                            \
  "CREATE TABLE claim_crm (crm_id INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;"                                 \
  "CREATE TABLE searched (fingerprint TEXT PRIMARY KEY, by_import INTEGER NOT NULL, by_values INTEGER NOT NULL) STRICT," \
  " WITHOUT ROWID;"                                                                                                      \
  "CREATE UNIQUE INDEX row_ordinal ON row (verdict, ordinal);"

#define FORGET "DELETE FROM claim; DELETE FROM claim_crm; DELETE FROM searched"

/* What is lost with the program needs no journal. */
#define TUNE                                                                                       \
  "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF;"               \
  "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -4096"

enum
{
  COLUMN_POSITION,
  COLUMN_NUMBER,
  COLUMN_VERDICT,
  COLUMN_ORDINAL,
  COLUMN_LOCAL_ID,
  COLUMN_CRM_ID,
  COLUMN_TOUCHED,
  COLUMN_WORDS,
  COLUMN_CELLS,
  COLUMN_FINGERPRINT,
  COLUMN_FIRST_FIELD,
  N_COLUMNS = COLUMN_FIRST_FIELD + CRM_N_FIELDS
};

struct _CrmImportBook
{
  gatomicrefcount ref_count;
  GMutex          mutex;
  CrmConnection  *connection;
  const char     *insert; /* SQL, interned */
  const char     *select[2]; /* of all; of one verdict */
  gint64          n[CRM_N_IMPORT_VERDICTS + 1];
};

static const struct
{
  const char *nick;
  const char *words;
} verdicts[CRM_N_IMPORT_VERDICTS] = {
  { "new", NC_("import", "New") },
  { "changed", NC_("import", "Changed") },
  { "unchanged", NC_("import", "Already here") },
  { "refused", NC_("import", "Refused") },
};

static char *
write_schema (void)
{
  g_autoptr (GString) sql = g_string_new ("CREATE TABLE row (position INTEGER PRIMARY KEY, number INTEGER NOT NULL,"
                                          " verdict INTEGER NOT NULL, ordinal INTEGER NOT NULL, local_id INTEGER, crm_id INTEGER,"
                                          " touched INTEGER NOT NULL, words TEXT, cells TEXT, fingerprint TEXT");

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_string_append_printf (sql, ", %s %s", crm_field_get (i)->column,
                            crm_field_type_is_number (crm_field_get (i)->type) ? "INTEGER" : "TEXT");
  g_string_append (sql, ") STRICT;" SCHEMA);

  return g_string_free (g_steal_pointer (&sql), FALSE);
}

static const char *
write_insert (void)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO row VALUES (?1");

  for (guint i = 1; i < N_COLUMNS; i++)
    g_string_append_printf (sql, ", ?%u", i + 1);
  g_string_append (sql, ")");

  return g_intern_string (sql->str);
}

static gboolean
run (CrmImportBook  *self,
     const char     *sql,
     GError        **error)
{
  return crm_connection_exec (self->connection, sql, error);
}

static void
bind_entry (CrmImportBook        *self,
            CrmStatement         *statement,
            const CrmImportEntry *entry)
{
  g_autofree char *cells = crm_row_join_messages (entry->cells);

  crm_statement_bind_int (statement, COLUMN_POSITION + 1, self->n[CRM_IMPORT_ALL]);
  crm_statement_bind_int (statement, COLUMN_NUMBER + 1, entry->number);
  crm_statement_bind_int (statement, COLUMN_VERDICT + 1, entry->verdict);
  crm_statement_bind_int (statement, COLUMN_ORDINAL + 1, self->n[entry->verdict]);
  crm_statement_bind_id (statement, COLUMN_LOCAL_ID + 1, entry->local_id);
  crm_statement_bind_id (statement, COLUMN_CRM_ID + 1, entry->crm_id);
  crm_statement_bind_int (statement, COLUMN_TOUCHED + 1, entry->touched);
  crm_statement_bind_text (statement, COLUMN_WORDS + 1, entry->words);
  crm_statement_bind_text (statement, COLUMN_CELLS + 1, cells);
  crm_statement_bind_text (statement, COLUMN_FINGERPRINT + 1, entry->fingerprint);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      int index = COLUMN_FIRST_FIELD + (int) i + 1;

      if (!crm_values_has (entry->values, i))
        crm_statement_bind_text (statement, index, NULL);
      else if (crm_field_type_is_number (crm_field_get (i)->type))
        crm_statement_bind_int (statement, index, crm_values_get_number (entry->values, i));
      else
        crm_statement_bind_text (statement, index, crm_values_get_text (entry->values, i));
    }
}

static CrmImportEntry *
read_entry (CrmStatement *statement)
{
  CrmImportEntry *entry = crm_import_entry_new (crm_statement_get_int (statement, COLUMN_NUMBER));

  entry->verdict = crm_statement_get_int (statement, COLUMN_VERDICT);
  entry->local_id = crm_statement_get_int (statement, COLUMN_LOCAL_ID);
  entry->crm_id = crm_statement_get_int (statement, COLUMN_CRM_ID);
  entry->touched = crm_statement_get_int (statement, COLUMN_TOUCHED);
  entry->words = g_strdup (crm_statement_get_text (statement, COLUMN_WORDS));
  entry->cells = crm_row_split_messages (crm_statement_get_text (statement, COLUMN_CELLS));
  entry->fingerprint = g_strdup (crm_statement_get_text (statement, COLUMN_FINGERPRINT));
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      int column = COLUMN_FIRST_FIELD + (int) i;

      if (crm_statement_is_null (statement, column))
        continue;
      if (crm_field_type_is_number (crm_field_get (i)->type))
        crm_values_set_number (entry->values, i, crm_statement_get_int (statement, column));
      else
        crm_values_set_text (entry->values, i, crm_statement_get_text (statement, column));
    }

  return entry;
}

/* Without a name the file goes with the program, however that ends. */
static CrmConnection *
open_nameless (const char  *folder,
               GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "import-XXXXXX", NULL);
  g_autoptr (CrmConnection) connection = NULL;
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  gboolean tuned;

  if (fd == -1)
    {
      int saved_errno = errno;

      g_set_error (error, CRM_ERROR, saved_errno == ENOSPC ? CRM_ERROR_DATABASE_FULL : CRM_ERROR_DATABASE,
                   _("%s can’t be written: %s"), path, g_strerror (saved_errno));
      return NULL;
    }
  close (fd);

  connection = crm_connection_open (path, FALSE, error);
  tuned = connection != NULL && crm_connection_exec (connection, TUNE, error) &&
          crm_connection_exec (connection, "BEGIN EXCLUSIVE; COMMIT", error);
  g_unlink (path);

  return tuned ? g_steal_pointer (&connection) : NULL;
}

/**
 * crm_import_verdict_get_nick:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its name for programs
 */
const char *
crm_import_verdict_get_nick (CrmImportVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < CRM_N_IMPORT_VERDICTS, NULL);

  return verdicts[verdict].nick;
}

/**
 * crm_import_verdict_get_words:
 * @verdict: a verdict
 *
 * Returns: (transfer none): the same in words, in people's language
 */
const char *
crm_import_verdict_get_words (CrmImportVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < CRM_N_IMPORT_VERDICTS, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "import", verdicts[verdict].words);
}

/**
 * crm_import_entry_new:
 * @number: the row's
 *
 * Returns: (transfer full): an entry of a row that says nothing yet
 */
CrmImportEntry *
crm_import_entry_new (gint64 number)
{
  CrmImportEntry *self = g_new0 (CrmImportEntry, 1);

  self->number = number;
  self->values = crm_values_new ();

  return self;
}

/**
 * crm_import_entry_free:
 * @self: (transfer full) (nullable): an entry
 */
void
crm_import_entry_free (CrmImportEntry *self)
{
  if (self == NULL)
    return;

  crm_values_free (self->values);
  g_free (self->words);
  g_strfreev (self->cells);
  g_free (self->fingerprint);
  g_free (self);
}

/**
 * crm_import_book_new:
 * @folder: the account's folder, where there must be room for what the file holds
 * @error: why it can't be made
 *
 * Blocks for I/O. Any thread.
 *
 * Returns: (transfer full) (nullable): a book without rows
 */
CrmImportBook *
crm_import_book_new (const char  *folder,
                     GError     **error)
{
  CrmConnection *connection;
  CrmImportBook *self;
  g_autofree char *schema = write_schema ();

  g_return_val_if_fail (folder != NULL, NULL);

  connection = open_nameless (folder, error);
  if (connection == NULL)
    return NULL;

  self = g_new0 (CrmImportBook, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->connection = connection;
  self->insert = write_insert ();
  self->select[0] = "SELECT * FROM row WHERE position >= ?1 AND position < ?2 ORDER BY position";
  self->select[1] = "SELECT * FROM row WHERE verdict = ?3 AND ordinal >= ?1 AND ordinal < ?2 ORDER BY ordinal";

  if (!run (self, schema, error) || !run (self, "BEGIN", error))
    {
      crm_import_book_unref (self);
      return NULL;
    }

  return self;
}

/**
 * crm_import_book_ref:
 * @self: a book
 *
 * Returns: (transfer full): @self
 */
CrmImportBook *
crm_import_book_ref (CrmImportBook *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * crm_import_book_unref:
 * @self: (transfer full): a book
 */
void
crm_import_book_unref (CrmImportBook *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  crm_connection_close (self->connection);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * crm_import_book_add:
 * @self: a book
 * @entry: its next row
 * @error: why it can't be written
 *
 * Returns: whether it is written
 */
gboolean
crm_import_book_add (CrmImportBook         *self,
                     const CrmImportEntry  *entry,
                     GError               **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (self->connection, self->insert, error);

  if (statement == NULL)
    return FALSE;

  bind_entry (self, statement, entry);
  if (!crm_statement_run (statement, error))
    return FALSE;

  self->n[entry->verdict]++;
  self->n[CRM_IMPORT_ALL]++;
  return TRUE;
}

/**
 * crm_import_book_end:
 * @self: a book
 * @error: why it can't be written
 *
 * To be called after the last row.
 *
 * Returns: whether all is written
 */
gboolean
crm_import_book_end (CrmImportBook  *self,
                     GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  return run (self, "COMMIT", error);
}

/**
 * crm_import_book_get_n:
 * @self: a book
 * @verdict: a verdict, or %CRM_IMPORT_ALL
 *
 * Returns: how many rows have it
 */
gint64
crm_import_book_get_n (CrmImportBook    *self,
                       CrmImportVerdict  verdict)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  g_return_val_if_fail ((guint) verdict <= CRM_IMPORT_ALL, 0);

  return self->n[verdict];
}

/**
 * crm_import_book_read:
 * @self: a book
 * @verdict: a verdict, or %CRM_IMPORT_ALL
 * @first: of the rows that have it, from 0
 * @n: how many
 * @error: why they can't be read
 *
 * Takes as long for the last rows as for the first.
 *
 * Returns: (transfer full) (nullable) (element-type CrmImportEntry): the rows, fewer where there are no more
 */
GPtrArray *
crm_import_book_read (CrmImportBook     *self,
                      CrmImportVerdict   verdict,
                      gint64             first,
                      gint64             n,
                      GError           **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_import_entry_free);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (self->connection, self->select[verdict != CRM_IMPORT_ALL], error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, first);
  crm_statement_bind_int (statement, 2, first + n);
  if (verdict != CRM_IMPORT_ALL)
    crm_statement_bind_int (statement, 3, verdict);
  for (;;)
    {
      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&entries);
      g_ptr_array_add (entries, read_entry (statement));
    }
}

/**
 * crm_import_book_forget_claims:
 * @self: a book
 * @error: why it can't be done
 *
 * For a second judgement of the same rows; crm_import_book_end() is owed.
 *
 * Returns: whether it is done
 */
gboolean
crm_import_book_forget_claims (CrmImportBook  *self,
                               GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);

  if (crm_connection_in_transaction (self->connection) && !run (self, "COMMIT", error))
    return FALSE;

  return run (self, "BEGIN; " FORGET, error);
}

/**
 * crm_import_book_claim:
 * @self: a book
 * @local_id: a task
 * @is_free: (out): whether no row before was found to be that task
 * @error: why it can't be known
 *
 * Returns: whether it is known
 */
gboolean
crm_import_book_claim (CrmImportBook  *self,
                       gint64          local_id,
                       gboolean       *is_free,
                       GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (self->connection, "INSERT OR IGNORE INTO claim VALUES (?1) RETURNING 1", error);

  *is_free = FALSE;
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, local_id);
  return crm_statement_step (statement, is_free, error);
}

/**
 * crm_import_book_claim_crm_id:
 * @self: a book
 * @crm_id: an id of the CRM's
 * @number: (inout): the row that has it; then the row that had it first
 * @error: why it can't be known
 *
 * Returns: whether it is known
 */
gboolean
crm_import_book_claim_crm_id (CrmImportBook  *self,
                              gint64          crm_id,
                              gint64         *number,
                              GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      self->connection, "INSERT INTO claim_crm VALUES (?1, ?2) ON CONFLICT DO UPDATE SET number = number RETURNING number", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, crm_id);
  crm_statement_bind_int (statement, 2, *number);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row)
    *number = crm_statement_get_int (statement, 0);
  return TRUE;
}

/**
 * crm_import_book_get_searched:
 * @self: a book
 * @fingerprint: of a row's values
 * @searched: (out): up to which local ids equal rows before were looked for, by what imports remember and by values
 * @error: why it can't be known
 *
 * Returns: whether it is known
 */
gboolean
crm_import_book_get_searched (CrmImportBook  *self,
                              const char     *fingerprint,
                              gint64          searched[2],
                              GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (self->connection, "SELECT by_import, by_values FROM searched WHERE fingerprint = ?1", error);
  gboolean has_row;

  searched[0] = searched[1] = 0;
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, fingerprint);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;
  for (int i = 0; has_row && i < 2; i++)
    searched[i] = crm_statement_get_int (statement, i);
  return TRUE;
}

/**
 * crm_import_book_set_searched:
 * @self: a book
 * @fingerprint: of a row's values
 * @searched: as of crm_import_book_get_searched()
 * @error: why it can't be written
 *
 * Returns: whether it is written
 */
gboolean
crm_import_book_set_searched (CrmImportBook  *self,
                              const char     *fingerprint,
                              const gint64    searched[2],
                              GError        **error)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (self->connection, "INSERT OR REPLACE INTO searched VALUES (?1, ?2, ?3)", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, fingerprint);
  crm_statement_bind_int (statement, 2, searched[0]);
  crm_statement_bind_int (statement, 3, searched[1]);
  return crm_statement_run (statement, error);
}

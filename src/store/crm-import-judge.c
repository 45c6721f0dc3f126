/* crm-import-judge.c: what a row of an import would do to the tasks here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-import-judge.h"

#include "model/crm-error.h"
#include "model/crm-task-rules.h"
#include "store/crm-entry.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* So many tasks are due at a time before those of the name are looked through instead. */
#define MANY "65"

#define PARAMETER_AFTER (CRM_N_FIELDS + 1)
#define PARAMETER_LAST (CRM_N_FIELDS + 2)

struct _CrmImportJudging
{
  CrmImportJudge judge;
  CrmConnection *connection;
};

static void
refuse (CrmImportEntry *entry,
        char           *words)
{
  entry->verdict = CRM_IMPORT_REFUSED;
  g_free (entry->words);
  entry->words = words;
}

static gboolean
read_id (CrmStatement  *statement,
         gint64        *id,
         GError       **error)
{
  gboolean has_row;

  *id = 0;
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (has_row)
    *id = crm_statement_get_int (statement, 0);

  return TRUE;
}

static gboolean
find_imported (const CrmImportJudge  *self,
               CrmConnection         *connection,
               const CrmImportEntry  *entry,
               gint64                 after,
               gint64                *found,
               GError               **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection,
                                                               "SELECT local_id FROM task_import WHERE fingerprint = ?1"
                                                               " AND local_id > ?2 AND local_id <= ?3 ORDER BY local_id LIMIT 1",
                                                               error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, entry->fingerprint);
  crm_statement_bind_int (statement, 2, after);
  crm_statement_bind_int (statement, 3, self->last_id);
  return read_id (statement, found, error);
}

static gboolean
are_many_due (const CrmImportJudge  *self,
              CrmConnection         *connection,
              const char            *utc,
              gboolean              *many,
              GError               **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT count(*) = " MANY " FROM (SELECT 1 FROM task WHERE end_datetime = ?1 AND local_id <= ?2 LIMIT " MANY ")", error);
  gint64 answer;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, utc);
  crm_statement_bind_int (statement, 2, self->last_id);
  if (!read_id (statement, &answer, error))
    return FALSE;

  *many = answer != 0;
  return TRUE;
}

static const char *
write_search (CrmFieldMask mask,
              gboolean     by_name)
{
  g_autoptr (GString) sql = g_string_new ("SELECT local_id FROM task WHERE ");

  if (by_name)
    g_string_append_printf (sql, "name = ?%d COLLATE NOCASE", CRM_FIELD_NAME + 1);
  else
    g_string_append_printf (sql, "end_datetime = ?%d", CRM_FIELD_END_DATETIME + 1);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((mask & CRM_FIELD_BIT (i)) != 0 && (by_name || i != CRM_FIELD_END_DATETIME))
      g_string_append_printf (sql, " AND +%s IS ?%u", crm_field_get (i)->column, i + 1);
  g_string_append_printf (sql, " AND local_id > ?%d AND local_id <= ?%d ORDER BY local_id LIMIT 1", PARAMETER_AFTER, PARAMETER_LAST);

  return g_intern_string (sql->str);
}

static void
bind_values (CrmStatement    *statement,
             const CrmValues *values,
             CrmFieldMask     mask)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((mask & CRM_FIELD_BIT (i)) == 0 || !crm_values_has (values, i))
      continue;
    else if (crm_field_type_is_number (crm_field_get (i)->type))
      crm_statement_bind_int (statement, (int) i + 1, crm_values_get_number (values, i));
    else
      crm_statement_bind_text (statement, (int) i + 1, crm_values_get_text (values, i));
}

/* In a file without times a task is the same whenever it is due. */
static gboolean
find_equal (const CrmImportJudge  *self,
            CrmConnection         *connection,
            const CrmImportEntry  *entry,
            gint64                 after,
            gint64                *found,
            GError               **error)
{
  const char *utc = crm_values_get_text (entry->values, CRM_FIELD_END_DATETIME);
  g_autoptr (CrmStatement) statement = NULL;
  gboolean by_name = utc == NULL;

  *found = 0;
  if (!crm_values_has (entry->values, CRM_FIELD_NAME))
    return TRUE;
  if (utc != NULL && !are_many_due (self, connection, utc, &by_name, error))
    return FALSE;

  statement = crm_connection_prepare (connection, write_search (entry->touched, by_name), error);
  if (statement == NULL)
    return FALSE;

  bind_values (statement, entry->values, entry->touched);
  crm_statement_bind_int (statement, PARAMETER_AFTER, after);
  crm_statement_bind_int (statement, PARAMETER_LAST, self->last_id);
  return read_id (statement, found, error);
}

/* Labels of fields, with commas. */
static char *
name_fields (CrmFieldMask mask)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((mask & CRM_FIELD_BIT (i)) != 0)
      g_ptr_array_add (labels, (gpointer) crm_field_get_label (i));
  g_ptr_array_add (labels, NULL);

  return g_strjoinv (", ", (GStrv) labels->pdata);
}

typedef gboolean (*FindFunc) (const CrmImportJudge  *self,
                              CrmConnection         *connection,
                              const CrmImportEntry  *entry,
                              gint64                 after,
                              gint64                *found,
                              GError               **error);

/* The first task behind *@searched that no row before was found to be. */
static gboolean
claim_next (const CrmImportJudge  *self,
            CrmConnection         *connection,
            CrmImportEntry        *entry,
            FindFunc               find,
            gint64                *searched,
            GError               **error)
{
  while (*searched != G_MAXINT64)
    {
      gboolean is_free;
      gint64 found;

      if (!find (self, connection, entry, *searched, &found, error))
        return FALSE;
      *searched = found != 0 ? found : G_MAXINT64;
      if (found == 0)
        break;

      if (!crm_import_book_claim (self->book, found, &is_free, error))
        return FALSE;
      if (is_free)
        {
          entry->local_id = found;
          return TRUE;
        }
    }

  return TRUE;
}

/* n equal rows are as many of the m tasks that are here: an import before brought them, or they are equal now. */
static gboolean
find_here (const CrmImportJudge  *self,
           CrmConnection         *connection,
           CrmImportEntry        *entry,
           GError               **error)
{
  gint64 searched[2];

  if (!crm_import_book_get_searched (self->book, entry->fingerprint, searched, error) ||
      !claim_next (self, connection, entry, find_imported, &searched[0], error))
    return FALSE;
  if (entry->local_id == 0 && !claim_next (self, connection, entry, find_equal, &searched[1], error))
    return FALSE;

  return crm_import_book_set_searched (self->book, entry->fingerprint, searched, error);
}

static gboolean
judge_edit (const CrmImportJudge  *self,
            CrmConnection         *connection,
            CrmImportEntry        *entry,
            CrmRow               **row,
            GPtrArray            **complaints,
            GError               **error)
{
  g_autoptr (CrmRow) edited = crm_row_load (connection, entry->local_id, error);
  g_autoptr (CrmValues) merged = NULL;
  g_autoptr (GError) refusal = NULL;
  CrmFieldMask changed;
  gboolean is_free;

  if (edited == NULL || !crm_import_book_claim (self->book, entry->local_id, &is_free, error))
    return FALSE;

  entry->verdict = CRM_IMPORT_UNCHANGED;
  changed = crm_values_compare (edited->values, entry->values) & entry->touched;
  if (changed == 0)
    return TRUE;

  merged = crm_values_copy (edited->values);
  crm_values_take_over (merged, entry->values, entry->touched);
  *complaints = edited->state == CRM_SYNC_DRAFT ? crm_task_rules_check_values (merged)
                                                : crm_task_rules_check (merged, edited->dirty | entry->touched);
  if ((*complaints)->len > 0)
    entry->verdict = CRM_IMPORT_REFUSED;
  else if (!crm_entry_edit (edited, entry->values, entry->touched, CRM_EDIT_KEEP, &refusal))
    refuse (entry, g_strdup (refusal->message));
  else
    {
      g_autofree char *fields = name_fields (changed);

      entry->verdict = CRM_IMPORT_CHANGED;
      g_free (entry->words);
      /* Translators: which fields of a task an import changes, with commas */
      entry->words = g_strdup_printf (_("Changes %s"), fields);
      *row = g_steal_pointer (&edited);
    }

  return TRUE;
}

static void
judge_new (const CrmImportJudge  *self,
           CrmImportEntry        *entry,
           CrmRow               **row,
           GPtrArray            **complaints)
{
  g_autoptr (CrmRow) created = NULL;
  g_autoptr (GError) refusal = NULL;

  if (self->draft)
    *complaints = crm_task_rules_check_values (entry->values);
  else
    *complaints = crm_task_rules_check (entry->values, entry->crm_id != 0 ? entry->touched : CRM_FIELDS_ALL);

  created = crm_row_new ();
  if ((*complaints)->len > 0)
    entry->verdict = CRM_IMPORT_REFUSED;
  else if (!crm_entry_create (created, entry->values, entry->touched, entry->crm_id, self->draft, &refusal))
    refuse (entry, g_strdup (refusal->message));
  else
    {
      entry->verdict = CRM_IMPORT_NEW;
      if (entry->crm_id != 0)
        {
          g_free (entry->words);
          /* Translators: the task’s number on the CRM */
          entry->words = g_strdup_printf (_("Changes #%" PRId64 " on the CRM, which is not here yet"), entry->crm_id);
        }
      *row = g_steal_pointer (&created);
    }
}

/**
 * crm_import_judge_row:
 * @self: how to judge; its book has the claims of the rows before
 * @connection: a connection to the tasks
 * @entry: the next row; its verdict, its task here and its words are set
 * @row: (out) (transfer full) (nullable): what to insert, or to update
 * @complaints: (out) (transfer full) (nullable) (element-type CrmComplaint): what of its values is refused
 * @error: what is wrong with the database
 *
 * A row with a CRM id is the task with that id: an empty cell leaves its field as it is. One without is the task that an earlier import
 * made of an equal row, or else one with equal values, each task for one row. Any thread, in the order of the rows.
 *
 * Returns: whether it could be judged
 */
gboolean
crm_import_judge_row (const CrmImportJudge  *self,
                      CrmConnection         *connection,
                      CrmImportEntry        *entry,
                      CrmRow               **row,
                      GPtrArray            **complaints,
                      GError               **error)
{
  gint64 number = entry->number;

  *row = NULL;
  *complaints = NULL;
  entry->local_id = 0;

  if (entry->crm_id != 0)
    {
      if (!crm_import_book_claim_crm_id (self->book, entry->crm_id, &number, error) ||
          !crm_row_find_crm_id (connection, entry->crm_id, &entry->local_id, error))
        return FALSE;

      if (number != entry->number)
        refuse (entry, g_strdup_printf (_("Row %" PRId64 " has the same CRM id already"), number));
      else if (entry->local_id != 0)
        return judge_edit (self, connection, entry, row, complaints, error);
      else if (entry->touched == 0)
        refuse (entry, g_strdup (_("It has a CRM id, but says nothing to change")));
      else
        judge_new (self, entry, row, complaints);
      return TRUE;
    }

  if (!self->allow_duplicates && !find_here (self, connection, entry, error))
    return FALSE;

  if (entry->local_id != 0)
    entry->verdict = CRM_IMPORT_UNCHANGED;
  else
    judge_new (self, entry, row, complaints);
  return TRUE;
}

/**
 * crm_import_judge_remember:
 * @connection: a connection in a transaction
 * @entry: a row that is a task here
 * @error: why it can't be written
 *
 * So that the row is found to be that task again, whatever becomes of it.
 *
 * Returns: whether it is written
 */
gboolean
crm_import_judge_remember (CrmConnection         *connection,
                           const CrmImportEntry  *entry,
                           GError               **error)
{
  g_autoptr (CrmStatement) statement = NULL;

  if (entry->fingerprint == NULL)
    return TRUE;

  statement = crm_connection_prepare (connection, "INSERT OR IGNORE INTO task_import VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, entry->local_id);
  crm_statement_bind_text (statement, 2, entry->fingerprint);
  return crm_statement_run (statement, error);
}

/**
 * crm_import_judging_new:
 * @folder: a store's folder
 * @book: where the rows go
 * @allow_duplicates: whether rows that are here already come once more
 * @draft: whether new tasks are kept here for now
 * @error: what is wrong with the database
 *
 * Blocks for I/O. Any thread, and that one until it is freed; what is written meanwhile is not seen.
 *
 * Returns: (transfer full) (nullable): who judges the rows, one after the other
 */
CrmImportJudging *
crm_import_judging_new (const char     *folder,
                        CrmImportBook  *book,
                        gboolean        allow_duplicates,
                        gboolean        draft,
                        GError        **error)
{
  g_autoptr (CrmImportJudging) self = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (folder != NULL && book != NULL, NULL);

  path = g_build_filename (folder, "tasks.db", NULL);
  self = g_new0 (CrmImportJudging, 1);
  self->judge.book = crm_import_book_ref (book);
  self->judge.allow_duplicates = allow_duplicates;
  self->judge.draft = draft;
  self->judge.last_id = G_MAXINT64;
  self->connection = crm_connection_open (path, TRUE, error);

  return self->connection != NULL && crm_connection_exec (self->connection, "BEGIN", error) ? g_steal_pointer (&self) : NULL;
}

/**
 * crm_import_judging_row:
 * @self: who judges
 * @entry: the next row
 * @complaints: (out) (transfer full) (nullable) (element-type CrmComplaint): what of its values is refused
 * @error: what is wrong with the database
 *
 * See crm_import_judge_row().
 *
 * Returns: whether it could be judged
 */
gboolean
crm_import_judging_row (CrmImportJudging  *self,
                        CrmImportEntry    *entry,
                        GPtrArray        **complaints,
                        GError           **error)
{
  g_autoptr (CrmRow) row = NULL;

  g_return_val_if_fail (self != NULL && entry != NULL && complaints != NULL, FALSE);

  return crm_import_judge_row (&self->judge, self->connection, entry, &row, complaints, error);
}

/**
 * crm_import_judging_free:
 * @self: (transfer full) (nullable): who judged
 */
void
crm_import_judging_free (CrmImportJudging *self)
{
  if (self == NULL)
    return;

  crm_connection_close (self->connection);
  crm_import_book_unref (self->judge.book);
  g_free (self);
}

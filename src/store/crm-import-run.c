/* crm-import-run.c: the rows of an import are judged once more, and written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-import-run.h"

#include "model/crm-error.h"
#include "model/crm-task-rules.h"
#include "store/crm-import-judge.h"
#include "store/crm-store-private.h"

#include <glib/gi18n-lib.h>

/* Rows read at a time. */
#define PAGE 256

#define MOST_LATE 100

/* From so many new tasks on their words are indexed together, and so many at a time. */
#define MANY 200
#define INDEXED 4096

/* Of more tasks than this only that they changed is announced, not which. */
#define MOST_ANNOUNCED 1000

typedef struct
{
  CrmImportJudge        judge;
  CrmImportProgressFunc progress;
  gpointer              progress_data;
  GCancellable         *cancellable;
  CrmStateMoves         moves;
  GArray               *changed; /* the first of them */
  CrmImportResult      *result;
} Run;

static void
run_free (Run *run)
{
  crm_import_book_unref (run->judge.book);
  g_clear_object (&run->cancellable);
  g_array_unref (run->changed);
  crm_import_result_free (run->result);
  g_free (run);
}

static char *
write_complaints (GPtrArray *complaints)
{
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < complaints->len; i++)
    {
      const CrmComplaint *complaint = complaints->pdata[i];

      /* Translators: a field, and what is wrong with it */
      g_string_append_printf (words, _("%s: %s"), crm_field_get_label (complaint->field), complaint->words);
      if (i + 1 < complaints->len)
        g_string_append_c (words, '\n');
    }

  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
note_late (Run                  *run,
           const CrmImportEntry *entry,
           GPtrArray            *complaints)
{
  CrmImportEntry *late;

  if (run->result->late->len == MOST_LATE)
    return;

  late = crm_import_entry_new (entry->number);
  late->verdict = entry->verdict;
  late->local_id = entry->local_id;
  late->crm_id = entry->crm_id;
  crm_values_take_over (late->values, entry->values, CRM_FIELDS_ALL);
  late->touched = entry->touched;
  if (complaints != NULL && complaints->len > 0)
    late->words = write_complaints (complaints);
  else
    late->words = g_strdup (entry->words);
  g_ptr_array_add (run->result->late, late);
}

static gboolean
write_row (Run             *run,
           CrmRow          *row,
           CrmImportEntry  *entry,
           CrmConnection   *connection,
           GError         **error)
{
  if (entry->verdict == CRM_IMPORT_NEW)
    {
      if (!crm_row_insert (row, connection, error))
        return FALSE;
      entry->local_id = row->local_id;
    }
  else if (!crm_row_update_moving (row, NULL, &run->moves, connection, error))
    return FALSE;

  if (run->changed->len <= MOST_ANNOUNCED)
    g_array_append_val (run->changed, entry->local_id);
  return TRUE;
}

/* What a person was not shown as coming does not come, and what is here by now does not come again. */
static gboolean
run_row (Run             *run,
         CrmImportEntry  *entry,
         CrmConnection   *connection,
         GError         **error)
{
  CrmImportVerdict planned = entry->verdict;
  g_autoptr (CrmRow) row = NULL;
  g_autoptr (GPtrArray) complaints = NULL;

  if (planned == CRM_IMPORT_REFUSED)
    {
      run->result->n[CRM_IMPORT_REFUSED]++;
      return TRUE;
    }

  if (!crm_import_judge_row (&run->judge, connection, entry, &row, &complaints, error))
    return FALSE;

  if (planned == CRM_IMPORT_UNCHANGED && entry->verdict != CRM_IMPORT_UNCHANGED)
    {
      entry->verdict = CRM_IMPORT_REFUSED;
      g_free (entry->words);
      entry->words = g_strdup (_("It was here already when the file was read, and has changed since. Import the file again"));
      g_clear_pointer (&complaints, g_ptr_array_unref);
    }
  run->result->n[entry->verdict]++;
  if (entry->verdict != planned)
    note_late (run, entry, complaints);

  if (entry->verdict == CRM_IMPORT_REFUSED)
    return TRUE;
  if (entry->verdict != CRM_IMPORT_UNCHANGED && !write_row (run, row, entry, connection, error))
    return FALSE;

  return crm_import_judge_remember (connection, entry, error);
}

static gboolean
run_rows (Run            *run,
          CrmConnection  *connection,
          GError        **error)
{
  gint64 n = crm_import_book_get_n (run->judge.book, CRM_IMPORT_ALL);

  for (gint64 first = 0; first < n; first += PAGE)
    {
      g_autoptr (GPtrArray) page = crm_import_book_read (run->judge.book, CRM_IMPORT_ALL, first, PAGE, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; i < page->len; i++)
        if (g_cancellable_set_error_if_cancelled (run->cancellable, error) || !run_row (run, page->pdata[i], connection, error))
          return FALSE;
      if (run->progress != NULL)
        run->progress (first + page->len, run->progress_data);
    }

  return crm_row_count_moves (&run->moves, connection, error);
}

/* FTS5 writes a segment at each statement that could fail halfway, which is each insert of a task: many are indexed together. */
static gboolean
put_off_search (CrmConnection  *connection,
                char          **trigger,
                GError        **error)
{
  g_autoptr (CrmStatement) find =
      crm_connection_prepare (connection, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'search_insert'", error);
  gboolean has_row;

  if (find == NULL || !crm_statement_step (find, &has_row, error))
    return FALSE;

  *trigger = has_row ? g_strdup (crm_statement_get_text (find, 0)) : NULL;
  crm_statement_reset (find);

  return *trigger == NULL || crm_connection_exec (connection, "DROP TRIGGER search_insert", error);
}

static gboolean
index_search (Run            *run,
              CrmConnection  *connection,
              const char     *trigger,
              GError        **error)
{
  gint64 end;

  if (!crm_connection_get_int (connection, "SELECT max (local_id) FROM task", &end, error))
    return FALSE;

  for (gint64 id = run->judge.last_id; id < end; id += INDEXED)
    {
      g_autoptr (CrmStatement) statement = crm_connection_prepare (
          connection,
          "INSERT INTO task_search (rowid, name, description, problem) SELECT local_id, name, description, problem FROM task_text"
          " WHERE local_id > ?1 AND local_id <= ?2",
          error);

      if (statement == NULL || g_cancellable_set_error_if_cancelled (run->cancellable, error))
        return FALSE;
      crm_statement_bind_int (statement, 1, id);
      crm_statement_bind_int (statement, 2, id + INDEXED);
      if (!crm_statement_run (statement, error))
        return FALSE;
    }

  return crm_connection_exec (connection, trigger, error);
}

static gboolean
import_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  Run *run = data;
  g_autofree char *trigger = NULL;
  gboolean done;

  if (!crm_connection_get_int (connection, "SELECT max (local_id) FROM task", &run->judge.last_id, error) ||
      !crm_import_book_forget_claims (run->judge.book, error))
    return FALSE;

  done = (crm_import_book_get_n (run->judge.book, CRM_IMPORT_NEW) < MANY || put_off_search (connection, &trigger, error)) &&
         run_rows (run, connection, error) && (trigger == NULL || index_search (run, connection, trigger, error));

  return crm_import_book_end (run->judge.book, done ? error : NULL) && done;
}

static void
on_imported (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Run *run = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (run == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (run->changed->len > 0)
    crm_store_emit_changed (g_task_get_source_object (task), run->changed->len <= MOST_ANNOUNCED ? run->changed : NULL);
  g_task_return_pointer (task, g_steal_pointer (&run->result), (GDestroyNotify) crm_import_result_free);
  run_free (run);
}

/**
 * crm_import_run_async:
 * @store: a store
 * @book: the rows, judged
 * @allow_duplicates: whether rows that are here already come once more
 * @draft: whether new tasks are kept here for now
 * @progress: (nullable) (scope async): called now and then, on the writer thread
 * @progress_data: given to @progress
 * @cancellable: (nullable): heeded until all is written
 * @callback: called when it is durable, or nothing was written
 * @user_data: given to @callback
 *
 * Writes all rows that are new or changed in one transaction: all are there, or none, whatever happens meanwhile. Each is judged once
 * more in it, for tasks may have changed since: one that is here by now is left as it is, one that is refused now is left out, and one
 * that was here and isn't any more is left out too, since nobody was told that it would come. Others' saves wait for it.
 */
void
crm_import_run_async (CrmStore              *store,
                      CrmImportBook         *book,
                      gboolean               allow_duplicates,
                      gboolean               draft,
                      CrmImportProgressFunc  progress,
                      gpointer               progress_data,
                      GCancellable          *cancellable,
                      GAsyncReadyCallback    callback,
                      gpointer               user_data)
{
  GTask *task;
  Run *run;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail (book != NULL);

  run = g_new0 (Run, 1);
  run->judge.book = crm_import_book_ref (book);
  run->judge.allow_duplicates = allow_duplicates;
  run->judge.draft = draft;
  run->progress = progress;
  run->progress_data = progress_data;
  run->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  run->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  run->result = g_new0 (CrmImportResult, 1);
  run->result->late = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_import_entry_free);

  task = g_task_new (store, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_import_run_async);
  crm_database_write_async (crm_store_get_database (store), import_job, run, (GDestroyNotify) run_free, cancellable, on_imported, task);
}

/**
 * crm_import_run_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why nothing was written; %G_IO_ERROR_CANCELLED when that was wished
 *
 * Returns: (transfer full) (nullable): what was done
 */
CrmImportResult *
crm_import_run_finish (CrmStore      *store,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * crm_import_result_free:
 * @self: (transfer full) (nullable): a result
 */
void
crm_import_result_free (CrmImportResult *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->late);
  g_free (self);
}

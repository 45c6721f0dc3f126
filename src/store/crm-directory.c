/* crm-directory.c: the people and things that tasks name, found by their names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-directory.h"

#include "store/crm-store-private.h"

#include <string.h>

/* A row's id is the kind above these bits and the CRM's id below: one kind is one range, in the table and in its index of words. */
#define KIND_SHIFT 54

#define COLUMNS "r.record_id, r.name, r.detail, r.words, r.venue_id, r.companies, r.closed"

/* So many hits are put in order; of more the newest are taken. */
#define MOST_HITS 400
#define MOST_RECENT 100

typedef struct
{
  CrmRecordKind kind;
  char         *text;
  guint         most;
  GPtrArray    *found;
} Search;

static void
search_free (Search *self)
{
  g_free (self->text);
  g_ptr_array_unref (self->found);
  g_free (self);
}

static gint64
to_row_id (CrmRecordKind kind,
           gint64        id)
{
  return ((gint64) kind << KIND_SHIFT) + id;
}

static CrmRecord *
read_record (CrmStatement *statement)
{
  CrmRecordKind kind;
  CrmRecord *record;
  gint64 id;

  crm_directory_split_row_id (crm_statement_get_int (statement, 0), &kind, &id);
  record = crm_record_new (kind, id);
  record->name = g_strdup (crm_statement_get_text (statement, 1));
  record->detail = g_strdup (crm_statement_get_text (statement, 2));
  record->words = g_strdup (crm_statement_get_text (statement, 3));
  record->venue_id = crm_statement_get_int (statement, 4);
  record->companies = g_strdup (crm_statement_get_text (statement, 5));
  record->closed = crm_statement_get_int (statement, 6) != 0;

  return record;
}

static gboolean
read_all (CrmStatement  *statement,
          GPtrArray     *records,
          GError       **error)
{
  gboolean has_row;

  for (;;)
    {
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      g_ptr_array_add (records, read_record (statement));
    }
}

static CrmRecord *
load (CrmConnection  *connection,
      CrmRecordKind   kind,
      gint64          id,
      GError        **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT " COLUMNS " FROM record r WHERE r.record_id = ?1", error);
  gboolean has_row = FALSE;

  if (statement == NULL || id <= 0 || id >= (gint64) 1 << KIND_SHIFT)
    return NULL;

  crm_statement_bind_int (statement, 1, to_row_id (kind, id));
  if (!crm_statement_step (statement, &has_row, error) || !has_row)
    return NULL;

  return read_record (statement);
}

static gboolean
matches (const CrmRecord *record,
         const char      *text)
{
  g_autofree char *all = g_strjoin (" ", record->name, record->words != NULL ? record->words : "", NULL);

  return *text == '\0' || g_str_match_string (text, all, TRUE);
}

static gboolean
is_found (const Search    *search,
          const CrmRecord *record)
{
  for (guint i = 0; i < search->found->len; i++)
    if (((CrmRecord *) search->found->pdata[i])->id == record->id)
      return TRUE;

  return FALSE;
}

/* The latest that were chosen here, the last one first. They are few, so that they are compared here. */
static gboolean
find_recent (Search         *search,
             CrmConnection  *connection,
             GError        **error)
{
  g_autoptr (GPtrArray) recent = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT " COLUMNS " FROM record r INDEXED BY record_used WHERE used_at > 0 AND record_id >= ?1 AND record_id < ?2"
      " ORDER BY used_at DESC LIMIT ?3",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, to_row_id (search->kind, 0));
  crm_statement_bind_int (statement, 2, to_row_id (search->kind + 1, 0));
  crm_statement_bind_int (statement, 3, MOST_RECENT);
  if (!read_all (statement, recent, error))
    return FALSE;

  for (guint i = 0; i < recent->len && search->found->len < search->most; i++)
    if (matches (recent->pdata[i], search->text) && !is_found (search, recent->pdata[i]))
      g_ptr_array_add (search->found, g_steal_pointer (&recent->pdata[i]));

  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const CrmRecord *first = *(CrmRecord *const *) a;
  const CrmRecord *second = *(CrmRecord *const *) b;

  if (first->closed != second->closed)
    return first->closed ? 1 : -1;

  return g_utf8_collate (first->name, second->name);
}

static gboolean
find_others (Search         *search,
             CrmConnection  *connection,
             GError        **error)
{
  g_autofree char *match = crm_store_write_match (search->text);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      match != NULL ? "SELECT " COLUMNS " FROM record_search s JOIN record r ON r.record_id = s.rowid"
                      " WHERE record_search MATCH ?4 AND s.rowid >= ?1 AND s.rowid < ?2 ORDER BY s.rowid DESC LIMIT ?3"
                    : "SELECT " COLUMNS " FROM record r INDEXED BY record_name WHERE r.record_id >> 54 = ?1 >> 54 AND ?2 > 0"
                      " ORDER BY r.name COLLATE NOCASE LIMIT ?3",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, to_row_id (search->kind, 0));
  crm_statement_bind_int (statement, 2, to_row_id (search->kind + 1, 0));
  crm_statement_bind_int (statement, 3, match != NULL ? MOST_HITS : search->most + MOST_RECENT);
  if (match != NULL)
    crm_statement_bind_text (statement, 4, match);
  if (!read_all (statement, others, error))
    return FALSE;

  g_ptr_array_sort (others, compare_names);
  for (guint i = 0; i < others->len && search->found->len < search->most; i++)
    if (!is_found (search, others->pdata[i]))
      g_ptr_array_add (search->found, g_steal_pointer (&others->pdata[i]));

  return TRUE;
}

static gboolean
search_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  Search *search = data;
  gint64 id;

  /* A number is meant as one. */
  if (g_ascii_string_to_signed (*search->text == '#' ? search->text + 1 : search->text, 10, 1, G_MAXINT64, &id, NULL))
    {
      CrmRecord *record = load (connection, search->kind, id, NULL);

      if (record != NULL)
        g_ptr_array_add (search->found, record);
    }

  return find_recent (search, connection, error) && find_others (search, connection, error);
}

static void
on_searched (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Search *search = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (search == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_pointer (task, g_ptr_array_ref (search->found), (GDestroyNotify) g_ptr_array_unref);
  search_free (search);
}

/**
 * crm_directory_search_async:
 * @store: a store
 * @kind: what is looked for
 * @text: words that must all begin a word of the record, or its number; "": any
 * @most: how many at most
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are found
 * @user_data: given to @callback
 *
 * Reads off the main thread, whatever the number of records a bounded number of rows.
 */
void
crm_directory_search_async (CrmStore            *store,
                            CrmRecordKind        kind,
                            const char          *text,
                            guint                most,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;
  Search *search;

  g_return_if_fail (CRM_IS_STORE (store) && text != NULL);

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_directory_search_async);

  search = g_new0 (Search, 1);
  search->kind = kind;
  search->text = g_strstrip (g_strdup (text));
  search->most = most;
  search->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);
  crm_database_read_async (crm_store_get_database (store), search_job, search, (GDestroyNotify) search_free, cancellable,
                           on_searched, task);
}

/**
 * crm_directory_search_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why it could not be read
 *
 * Returns: (transfer full) (nullable) (element-type CrmRecord): the records; those chosen here last come first, then by name
 */
GPtrArray *
crm_directory_search_finish (CrmStore      *store,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * crm_directory_find:
 * @store: a store
 * @kind: its kind
 * @id: its id on the CRM
 *
 * One row; main thread.
 *
 * Returns: (transfer full) (nullable): the record; %NULL when it is not known here
 */
CrmRecord *
crm_directory_find (CrmStore      *store,
                    CrmRecordKind  kind,
                    gint64         id)
{
  g_return_val_if_fail (CRM_IS_STORE (store), NULL);

  return load (crm_database_get_reader (crm_store_get_database (store)), kind, id, NULL);
}

/**
 * crm_directory_dup_name:
 * @store: a store
 * @values: a task's values
 * @field: a field
 *
 * One row or two; main thread.
 *
 * Returns: (transfer full) (nullable): the name of what @field names; %NULL when it names nothing that is known here
 */
char *
crm_directory_dup_name (CrmStore        *store,
                        const CrmValues *values,
                        CrmFieldId       field)
{
  g_return_val_if_fail (CRM_IS_STORE (store), NULL);

  return crm_directory_read_name (crm_database_get_reader (crm_store_get_database (store)), values, field);
}

/**
 * crm_directory_get_me:
 * @store: a store
 *
 * One row; main thread.
 *
 * Returns: the CRM's id of the user who works here; 0: nobody said
 */
gint64
crm_directory_get_me (CrmStore *store)
{
  gint64 id = 0;

  g_return_val_if_fail (CRM_IS_STORE (store), 0);

  crm_connection_get_int (crm_database_get_reader (crm_store_get_database (store)), "SELECT my_user_id FROM queue", &id, NULL);

  return id;
}

static gboolean
set_me_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  const gint64 *id = data;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "UPDATE queue SET my_user_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, *id);
  return crm_statement_run (statement, error);
}

static void
on_me_set (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autofree gint64 *id = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (id == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  crm_store_emit_names_changed (g_task_get_source_object (task));
  g_task_return_boolean (task, TRUE);
}

/**
 * crm_directory_set_me_async:
 * @store: a store
 * @user_id: the CRM's id of the user who works here; 0: nobody in particular
 * @callback: called when it is durable
 * @user_data: given to @callback
 */
void
crm_directory_set_me_async (CrmStore            *store,
                            gint64               user_id,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_STORE (store));

  task = g_task_new (store, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_directory_set_me_async);
  crm_database_write_async (crm_store_get_database (store), set_me_job, g_memdup2 (&user_id, sizeof user_id), g_free, NULL,
                            on_me_set, task);
}

/**
 * crm_directory_set_me_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why it could not be written
 *
 * Returns: whether it is durable
 */
gboolean
crm_directory_set_me_finish (CrmStore      *store,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_directory_split_row_id:
 * @row_id: what a record is kept under, in `record` and in `task.owner`
 * @kind: (out): its kind
 * @id: (out): its id on the CRM
 */
void
crm_directory_split_row_id (gint64         row_id,
                            CrmRecordKind *kind,
                            gint64        *id)
{
  *kind = row_id >> KIND_SHIFT;
  *id = row_id & (((gint64) 1 << KIND_SHIFT) - 1);
}

/* An opportunity is found by its venue too. */
static void
add_venue (CrmConnection *connection,
           CrmRecord     *record)
{
  g_autoptr (CrmRecord) venue = NULL;
  g_autofree char *words = g_steal_pointer (&record->words);

  if (record->venue_id != 0)
    venue = load (connection, CRM_RECORD_VENUE, record->venue_id, NULL);

  record->words = venue != NULL ? g_strjoin (" ", words != NULL ? words : "", venue->name, NULL) : g_steal_pointer (&words);
}

/**
 * crm_directory_put:
 * @connection: a connection in a transaction
 * @record: a record as the CRM has it
 * @changed: (out): whether it is another than before
 * @error: why it could not be written
 *
 * Returns: whether it is there
 */
gboolean
crm_directory_put (CrmConnection    *connection,
                   const CrmRecord  *record,
                   gboolean         *changed,
                   GError          **error)
{
  g_autoptr (CrmRecord) before = load (connection, record->kind, record->id, NULL);
  g_autoptr (CrmRecord) after = crm_record_copy (record);
  g_autoptr (CrmStatement) statement = NULL;

  add_venue (connection, after);
  *changed = before == NULL || !crm_record_equal (before, after);
  if (!*changed)
    return TRUE;

  statement = crm_connection_prepare (
      connection,
      "INSERT INTO record (record_id, name, detail, words, venue_id, companies, closed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (record_id) DO UPDATE SET name = ?2, detail = ?3, words = ?4, venue_id = ?5, companies = ?6, closed = ?7",
      error);
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, to_row_id (record->kind, record->id));
  crm_statement_bind_text (statement, 2, record->name);
  crm_statement_bind_text (statement, 3, record->detail);
  crm_statement_bind_text (statement, 4, after->words);
  crm_statement_bind_id (statement, 5, record->venue_id);
  crm_statement_bind_text (statement, 6, record->companies);
  crm_statement_bind_int (statement, 7, record->closed);

  return crm_statement_run (statement, error);
}

/**
 * crm_directory_remove:
 * @connection: a connection in a transaction
 * @kind: its kind
 * @id: its id on the CRM
 * @error: why it could not be removed
 *
 * Returns: whether it is gone
 */
gboolean
crm_directory_remove (CrmConnection  *connection,
                      CrmRecordKind   kind,
                      gint64          id,
                      GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "DELETE FROM record WHERE record_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, to_row_id (kind, id));
  return crm_statement_run (statement, error);
}

/**
 * crm_directory_read_ids:
 * @connection: a connection
 * @kind: which kind
 * @after: only ids above this
 * @most: how many at most
 * @error: why they could not be read
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the CRM's ids of that kind, ascending
 */
GArray *
crm_directory_read_ids (CrmConnection  *connection,
                        CrmRecordKind   kind,
                        gint64          after,
                        guint           most,
                        GError        **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT record_id - ?3 FROM record WHERE record_id > ?1 AND record_id < ?2 ORDER BY record_id LIMIT ?4", error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, to_row_id (kind, after));
  crm_statement_bind_int (statement, 2, to_row_id (kind + 1, 0));
  crm_statement_bind_int (statement, 3, to_row_id (kind, 0));
  crm_statement_bind_int (statement, 4, most);
  for (;;)
    {
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&ids);

      id = crm_statement_get_int (statement, 0);
      g_array_append_val (ids, id);
    }
}

/**
 * crm_directory_note_used:
 * @connection: a connection in a transaction
 * @values: a task's values
 * @mask: the fields that a person set
 * @error: why it could not be written
 *
 * What was chosen last is offered first.
 *
 * Returns: whether it is noted
 */
gboolean
crm_directory_note_used (CrmConnection    *connection,
                         const CrmValues  *values,
                         CrmFieldMask      mask,
                         GError          **error)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autoptr (CrmStatement) statement = NULL;
      CrmRecordKind kind;

      if ((mask & CRM_FIELD_BIT (i)) == 0 || !crm_record_kind_of (i, values, &kind) || !crm_values_has (values, i))
        continue;

      statement = crm_connection_prepare (connection, "UPDATE record SET used_at = ?2 WHERE record_id = ?1", error);
      if (statement == NULL)
        return FALSE;
      crm_statement_bind_int (statement, 1, to_row_id (kind, crm_values_get_number (values, i)));
      crm_statement_bind_int (statement, 2, g_get_real_time ());
      if (!crm_statement_run (statement, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * crm_directory_read_name:
 * @connection: a connection
 * @values: a task's values
 * @field: a field
 *
 * Returns: (transfer full) (nullable): the name of what @field names; %NULL when it names nothing that is known here
 */
char *
crm_directory_read_name (CrmConnection   *connection,
                         const CrmValues *values,
                         CrmFieldId       field)
{
  g_autoptr (CrmRecord) record = NULL;
  CrmRecordKind kind;

  if (!crm_values_has (values, field) || !crm_record_kind_of (field, values, &kind))
    return NULL;

  record = load (connection, kind, crm_values_get_number (values, field), NULL);
  /* Which of the two a lead is, is the CRM's to say. */
  if (record == NULL && field == CRM_FIELD_LEAD)
    record = load (connection, kind == CRM_RECORD_LEAD ? CRM_RECORD_OPPORTUNITY : CRM_RECORD_LEAD,
                   crm_values_get_number (values, field), NULL);

  return record != NULL ? g_steal_pointer (&record->name) : NULL;
}

/* crm-store-read.c: what is read of the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-store.h"

#include "store/crm-attempt-log.h"
#include "store/crm-directory.h"
#include "store/crm-row.h"
#include "store/crm-store-private.h"

#include "model/crm-error.h"

typedef struct
{
  CrmTaskQuery *query;
  GArray       *ids;
  gint64        n;
} Query;

static void
query_free (Query *self)
{
  crm_task_query_free (self->query);
  g_clear_pointer (&self->ids, g_array_unref);
  g_free (self);
}

/* Every word must begin a word of the task; quoted, so that no letter means anything to FTS5. */
char *
crm_store_write_match (const char *search)
{
  g_autoptr (GString) match = g_string_new (NULL);
  g_auto (GStrv) words = NULL;
  g_autofree char *spaced = g_strdup (search);

  g_strdelimit (spaced, "\t\n\r", ' ');
  words = g_strsplit (spaced, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = NULL;
      g_autofree char *quoted = NULL;

      if (*words[i] == '\0')
        continue;

      parts = g_strsplit (words[i], "\"", -1);
      quoted = g_strjoinv ("\"\"", parts);
      g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " " : "", quoted);
    }

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static char *
write_order (const CrmTaskQuery *query)
{
  const char *direction = query->descending ? "DESC" : "ASC";

  switch (query->sort)
    {
    case CRM_SORT_STATE:
      /* By how much it wants of a person. */
      return g_strdup_printf ("CASE state WHEN 'failed' THEN 1 WHEN 'unconfirmed' THEN 2 WHEN 'sending' THEN 3 "
                              "WHEN 'queued' THEN 4 WHEN 'draft' THEN 5 ELSE 6 END %s, local_id",
                              direction);
    case CRM_SORT_OWNER:
      return g_strdup_printf ("coalesce (company_id, contact_id, lead_id, venue_id) IS NULL, company_id %s, contact_id %s, "
                              "lead_id %s, venue_id %s, local_id",
                              direction, direction, direction, direction);
    case CRM_SORT_PROBLEM:
      return g_strdup_printf ("problem_class IS NULL, problem_code %s, problem_error_code %s, local_id", direction, direction);
    case CRM_SORT_CRM_ID:
      return g_strdup_printf ("crm_id %s, local_id", direction);
    case CRM_SORT_FIELD:
      if (query->field == CRM_FIELD_PRIORITY)
        return g_strdup_printf ("CASE priority WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END %s, local_id",
                                direction);
      if (crm_field_get (query->field)->type == CRM_FIELD_TYPE_TEXT)
        return g_strdup_printf ("%s COLLATE NOCASE %s, local_id", crm_field_get (query->field)->column, direction);
      return g_strdup_printf ("%s %s, local_id", crm_field_get (query->field)->column, direction);
    case CRM_SORT_CREATED:
    default:
      return g_strdup_printf ("local_id %s", direction);
    }
}

static void
append_conditions (GString            *sql,
                   const CrmTaskQuery *query,
                   const char         *match)
{
  if (query->states != 0)
    {
      g_string_append (sql, " AND state IN (");
      for (guint i = 0, n = 0; i < CRM_N_SYNC_STATES; i++)
        if ((query->states & (1u << i)) != 0)
          g_string_append_printf (sql, "%s'%s'", n++ > 0 ? ", " : "", crm_sync_state_get_nick (i));
      g_string_append_c (sql, ')');
    }
  if (query->code != 0)
    g_string_append (sql, " AND problem_class IS NOT NULL AND (problem_code = ?2 OR (problem_code = 0 AND problem_error_code = ?2))");
  /* As in the index task_open_due, or it is not used. */
  if (query->open)
    g_string_append (sql, " AND (status IS NULL OR status NOT IN (3, 4))");
  if (query->due_from != NULL)
    g_string_append (sql, " AND end_datetime >= ?4");
  if (query->due_before != NULL)
    g_string_append (sql, " AND end_datetime < ?5");
  if (query->assignee != 0)
    g_string_append (sql, " AND assigned_user_id = ?6");
  if (match != NULL)
    g_string_append (sql, " AND local_id IN (SELECT rowid FROM task_search WHERE task_search MATCH ?1)");
}

/* There are as many statements as places and columns: few enough to keep prepared. */
static const char *
write_sql (const CrmTaskQuery *query,
           const char         *match)
{
  g_autoptr (GString) sql = g_string_new ("SELECT local_id FROM task WHERE 1");
  g_autofree char *order = write_order (query);

  append_conditions (sql, query, match);
  g_string_append_printf (sql, " ORDER BY %s LIMIT ?3", order);

  return g_intern_string (sql->str);
}

static const char *
write_count_sql (const CrmTaskQuery *query,
                 const char         *match)
{
  g_autoptr (GString) sql = g_string_new ("SELECT count (*) FROM task WHERE 1");

  append_conditions (sql, query, match);

  return g_intern_string (sql->str);
}

static void
bind_conditions (CrmStatement       *statement,
                 const CrmTaskQuery *query,
                 const char         *match)
{
  if (match != NULL)
    crm_statement_bind_text (statement, 1, match);
  if (query->code != 0)
    crm_statement_bind_int (statement, 2, query->code);
  if (query->due_from != NULL)
    crm_statement_bind_text (statement, 4, query->due_from);
  if (query->due_before != NULL)
    crm_statement_bind_text (statement, 5, query->due_before);
  if (query->assignee != 0)
    crm_statement_bind_int (statement, 6, query->assignee);
}

static gboolean
query_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Query *query = data;
  g_autofree char *match = query->query->search != NULL ? crm_store_write_match (query->query->search) : NULL;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, write_sql (query->query, match), error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  bind_conditions (statement, query->query, match);
  crm_statement_bind_int (statement, 3, query->query->limit > 0 ? query->query->limit : -1);

  query->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (;;)
    {
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;

      id = crm_statement_get_int (statement, 0);
      g_array_append_val (query->ids, id);
    }
}

static void
on_query_read (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Query *query = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (query == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_pointer (task, g_steal_pointer (&query->ids), (GDestroyNotify) g_array_unref);
  query_free (query);
}

/**
 * crm_store_query_async:
 * @self: a store
 * @query: which tasks, in which order; copied
 * @cancellable: (nullable): a cancellable
 * @callback: called when the ids are there
 * @user_data: given to @callback
 *
 * Reads off the main thread.
 */
void
crm_store_query_async (CrmStore            *self,
                       const CrmTaskQuery  *query,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  Query *copy;

  g_return_if_fail (CRM_IS_STORE (self) && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_store_query_async);

  copy = g_new0 (Query, 1);
  copy->query = crm_task_query_copy (query);
  crm_database_read_async (crm_store_get_database (self), query_job, copy, (GDestroyNotify) query_free, cancellable,
                           on_query_read, task);
}

/**
 * crm_store_query_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: why it could not be read
 *
 * Returns: (transfer full) (nullable) (element-type gint64): the local ids, in order
 */
GArray *
crm_store_query_finish (CrmStore      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
count_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Query *query = data;
  g_autofree char *match = query->query->search != NULL ? crm_store_write_match (query->query->search) : NULL;
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, write_count_sql (query->query, match), error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  bind_conditions (statement, query->query, match);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;

  query->n = has_row ? crm_statement_get_int (statement, 0) : 0;
  return TRUE;
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Query *query = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (query == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_task_return_int (task, query->n);
  query_free (query);
}

/**
 * crm_store_count_async:
 * @self: a store
 * @query: which tasks; copied. Its order and limit don't matter
 * @cancellable: (nullable): a cancellable
 * @callback: called when they are counted
 * @user_data: given to @callback
 *
 * Counts off the main thread.
 */
void
crm_store_count_async (CrmStore            *self,
                       const CrmTaskQuery  *query,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  Query *copy;

  g_return_if_fail (CRM_IS_STORE (self) && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_store_count_async);

  copy = g_new0 (Query, 1);
  copy->query = crm_task_query_copy (query);
  crm_database_read_async (crm_store_get_database (self), count_job, copy, (GDestroyNotify) query_free, cancellable,
                           on_counted, task);
}

/**
 * crm_store_count_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: why they could not be counted
 *
 * Returns: how many tasks there are; -1 with @error set
 */
gint64
crm_store_count_finish (CrmStore      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/**
 * crm_store_read_task:
 * @self: a store
 * @local_id: which task
 * @error: %CRM_ERROR_NO_SUCH_TASK when there is none
 *
 * Microseconds; main thread.
 *
 * Returns: (transfer full) (nullable): the task as it was last committed
 */
CrmTask *
crm_store_read_task (CrmStore  *self,
                     gint64     local_id,
                     GError   **error)
{
  CrmConnection *connection;
  g_autoptr (CrmRow) row = NULL;

  g_return_val_if_fail (CRM_IS_STORE (self), NULL);

  connection = crm_database_get_reader (crm_store_get_database (self));
  row = crm_row_load (connection, local_id, error);
  if (row == NULL)
    return NULL;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    row->names[i] = crm_directory_read_name (connection, row->values, i);

  return crm_row_to_task (row);
}

/**
 * crm_store_read_tasks:
 * @self: a store
 * @local_ids: which tasks
 * @n_local_ids: how many: a page, not thousands
 * @error: why they could not be read
 *
 * Main thread.
 *
 * Returns: (transfer full) (nullable) (element-type CrmTask): the tasks in that order; one that is gone is left out
 */
GPtrArray *
crm_store_read_tasks (CrmStore      *self,
                      const gint64  *local_ids,
                      gsize          n_local_ids,
                      GError       **error)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (CRM_IS_STORE (self), NULL);

  for (gsize i = 0; i < n_local_ids; i++)
    {
      g_autoptr (GError) local_error = NULL;
      CrmTask *task = crm_store_read_task (self, local_ids[i], &local_error);

      if (task != NULL)
        g_ptr_array_add (tasks, task);
      else if (!g_error_matches (local_error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
    }

  return g_steal_pointer (&tasks);
}

/**
 * crm_store_read_history:
 * @self: a store
 * @local_id: which task
 * @error: why it could not be read
 *
 * Main thread.
 *
 * Returns: (transfer full) (nullable) (element-type CrmAttempt): its attempts, oldest first
 */
GPtrArray *
crm_store_read_history (CrmStore  *self,
                        gint64     local_id,
                        GError   **error)
{
  g_return_val_if_fail (CRM_IS_STORE (self), NULL);

  return crm_attempt_log_read (crm_database_get_reader (crm_store_get_database (self)), local_id, error);
}

/**
 * crm_store_read_counts:
 * @self: a store
 * @counts: (out caller-allocates): how many tasks are in each state
 * @error: why they could not be read
 *
 * Whatever the number of tasks, six rows are read. Main thread.
 *
 * Returns: whether they could be read
 */
gboolean
crm_store_read_counts (CrmStore   *self,
                       CrmCounts  *counts,
                       GError    **error)
{
  g_autoptr (CrmStatement) statement = NULL;
  gboolean has_row;

  g_return_val_if_fail (CRM_IS_STORE (self) && counts != NULL, FALSE);

  *counts = (CrmCounts) { 0 };
  statement = crm_connection_prepare (crm_database_get_reader (crm_store_get_database (self)), "SELECT state, n FROM state_count", error);
  if (statement == NULL)
    return FALSE;

  for (;;)
    {
      CrmSyncState state;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      if (crm_sync_state_from_nick (crm_statement_get_text (statement, 0), &state))
        counts->states[state] = crm_statement_get_int (statement, 1);
    }
}

/* crm-store-read.c: what is read of the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-store.h"

#include "store/crm-attempt-log.h"
#include "store/crm-directory.h"
#include "store/crm-row.h"
#include "store/crm-store-private.h"
#include "store/crm-task-finder.h"

#include "model/crm-error.h"

typedef struct
{
  CrmDatabase          *database;
  CrmTaskQuery         *query;
  GCancellable         *cancellable;
  guint                 n_first;
  CrmStoreFirstFunc     first_func; /* NULL: nobody waits for the first ones */
  gpointer              first_data;
  GTask                *task;       /* borrowed; it waits for the end */
  CrmIdList            *ids;
  gint64                n;
} Query;

/* The first ids, on their way to the main thread. */
typedef struct
{
  GTask             *task;
  GCancellable      *cancellable;
  CrmStoreFirstFunc  func;
  gpointer           data;
  CrmIdList         *ids;
} First;

static Query *
query_new (CrmStore           *store,
           const CrmTaskQuery *query,
           GCancellable       *cancellable)
{
  Query *self = g_new0 (Query, 1);

  self->database = g_object_ref (crm_store_get_database (store));
  self->query = crm_task_query_copy (query);
  g_set_object (&self->cancellable, cancellable);

  return self;
}

static void
query_free (Query *self)
{
  g_object_unref (self->database);
  g_clear_object (&self->cancellable);
  crm_task_query_free (self->query);
  g_clear_pointer (&self->ids, crm_id_list_unref);
  g_free (self);
}

static void
first_free (First *self)
{
  g_object_unref (self->task);
  g_clear_object (&self->cancellable);
  crm_id_list_unref (self->ids);
  g_free (self);
}

/**
 * crm_store_split_search:
 * @search: what a person typed
 *
 * Returns: (transfer full): its words
 */
GStrv
crm_store_split_search (const char *search)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *spaced = g_strdup (search);
  g_auto (GStrv) words = NULL;

  g_strdelimit (spaced, "\t\n\r", ' ');
  words = g_strsplit (spaced, " ", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);

  return g_strv_builder_end (builder);
}

/**
 * crm_store_write_match:
 * @search: what a person typed
 *
 * Every word must begin a word of what is found; quoted, so that no letter means anything to FTS5.
 *
 * Returns: (transfer full) (nullable): the words as FTS5 takes them; %NULL when there are none
 */
char *
crm_store_write_match (const char *search)
{
  g_autoptr (GString) match = g_string_new (NULL);
  g_auto (GStrv) words = crm_store_split_search (search);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (words[i], "\"", -1);
      g_autofree char *quoted = g_strjoinv ("\"\"", parts);

      g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " " : "", quoted);
    }

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static gboolean
say_first (gpointer data)
{
  First *first = data;

  if (!g_cancellable_is_cancelled (first->cancellable))
    first->func (first->ids, first->data);

  return G_SOURCE_REMOVE;
}

static void
hand_first (CrmIdList *ids,
            gpointer   data)
{
  Query *query = data;
  First *first = g_new0 (First, 1);

  first->task = g_object_ref (query->task);
  g_set_object (&first->cancellable, query->cancellable);
  first->func = query->first_func;
  first->data = query->first_data;
  first->ids = crm_id_list_copy (ids);
  crm_database_call_main (query->database, say_first, first, (GDestroyNotify) first_free);
}

static gboolean
query_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Query *query = data;
  g_auto (CrmTaskChoice) choice = { NULL };

  query->ids = crm_id_list_new ();

  return crm_task_finder_find (connection, query->query, &choice, query->cancellable, error) &&
         crm_task_order_run (connection, query->query, &choice, query->n_first,
                             query->first_func != NULL ? hand_first : NULL, query, query->cancellable, query->ids, error);
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

  g_task_return_pointer (task, g_steal_pointer (&query->ids), (GDestroyNotify) crm_id_list_unref);
  query_free (query);
}

/**
 * crm_store_query_async:
 * @self: a store
 * @query: which tasks, in which order; copied
 * @n_first: how many are wanted before the rest
 * @first_func: (nullable): called with the first @n_first local ids as soon as so many are known; not after @cancellable was
 *   cancelled, nor after @callback
 * @first_data: given to @first_func; it must live until @callback is called
 * @cancellable: (nullable): ends the reading soon
 * @callback: called when all ids are there
 * @user_data: given to @callback
 *
 * Reads off the main thread. The first ids and all of them are of one moment.
 */
void
crm_store_query_async (CrmStore            *self,
                       const CrmTaskQuery  *query,
                       guint                n_first,
                       CrmStoreFirstFunc    first_func,
                       gpointer             first_data,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;
  Query *job;

  g_return_if_fail (CRM_IS_STORE (self) && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_store_query_async);

  job = query_new (self, query, cancellable);
  job->n_first = n_first;
  job->first_func = first_func;
  job->first_data = first_data;
  job->task = task;
  crm_database_read_async (job->database, query_job, job, (GDestroyNotify) query_free, cancellable, on_query_read, task);
}

/**
 * crm_store_query_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: why it could not be read
 *
 * Returns: (transfer full) (nullable): the local ids, in order
 */
CrmIdList *
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

  return crm_task_finder_count (connection, query->query, &query->n, query->cancellable, error);
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
 * @query: which tasks, and how many of them are counted at most; copied. Its order doesn't matter
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
  Query *job;

  g_return_if_fail (CRM_IS_STORE (self) && query != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_store_count_async);

  job = query_new (self, query, cancellable);
  crm_database_read_async (job->database, count_job, job, (GDestroyNotify) query_free, cancellable, on_counted, task);
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

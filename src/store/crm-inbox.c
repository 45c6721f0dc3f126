/* crm-inbox.c: what the CRM has, page by page, for whoever pulls it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-inbox.h"

#include "store/crm-attempt-log.h"
#include "store/crm-directory.h"
#include "store/crm-list-run.h"
#include "store/crm-store-private.h"

#include "model/crm-likeness.h"

/* What a sweep did not find is seen to in jobs of so many rows, so that a person's save needn't wait for all. */
#define ROWS_IN_A_JOB 500

/* A task may be listed only some time after it was made: one that never was is not missed so soon, in seconds. */
#define LISTED_WITHIN (10 * 60)

typedef struct
{
  CrmList     list;
  CrmRunKind  kind;
  gint64      crm_now;
  gint64      now;
  CrmStep    *step; /* in: the one that this is about; out: the next */
  CrmPage    *page;
  GArray     *changed; /* local ids */
  guint       n_records;
} Job;

static void
job_free (Job *self)
{
  g_clear_pointer (&self->step, crm_step_free);
  g_clear_pointer (&self->page, crm_page_free);
  g_array_unref (self->changed);
  g_free (self);
}

static gboolean
set_next (Job               *job,
          const CrmListRun  *run,
          CrmConnection     *connection,
          GError           **error)
{
  CrmStep *next = crm_list_run_to_step (run, connection, error);

  g_clear_pointer (&job->step, crm_step_free);
  job->step = next;

  return next != NULL;
}

/* Another process pulls the same list: it goes on, and this one doesn't. */
static gboolean
give_up (Job *job)
{
  job->step->kind = CRM_STEP_GIVE_UP;
  return TRUE;
}

static gboolean
begin_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Job *job = data;
  CrmListRun run;

  return crm_list_run_load (&run, job->list, connection, error) &&
         crm_list_run_begin (&run, job->kind, job->crm_now, connection, error) && set_next (job, &run, connection, error);
}

/* The adds that may be on the CRM: what looks like one of them may be it, and is not taken for another. */
static GPtrArray *
read_doubtful_adds (CrmConnection  *connection,
                    GError        **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_sent_free);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT local_id FROM task INDEXED BY task_doubtful WHERE may_be_there = 1"
                  " UNION SELECT local_id FROM task INDEXED BY task_sending WHERE state = 'sending' AND crm_id IS NULL",
      error);
  gboolean has_row;

  for (;;)
    {
      gint64 id;

      if (statement == NULL || !crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        break;
      id = crm_statement_get_int (statement, 0);
      g_array_append_val (ids, id);
    }

  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (CrmRow) row = crm_row_load (connection, g_array_index (ids, gint64, i), error);
      CrmSent *present = g_new0 (CrmSent, 1);

      if (row == NULL || !crm_attempt_log_read_bodies (connection, row->local_id, all, error))
        {
          g_free (present);
          return NULL;
        }
      present->values = crm_values_copy (row->values);
      g_ptr_array_add (all, present);
    }

  return g_steal_pointer (&all);
}

static gboolean
may_be_one_of (const CrmPulledTask *task,
               GPtrArray           *adds)
{
  for (guint i = 0; i < adds->len; i++)
    {
      const CrmValues *sent = ((CrmSent *) adds->pdata[i])->values;

      if (g_strcmp0 (crm_values_get_text (task->values, CRM_FIELD_END_DATETIME),
                     crm_values_get_text (sent, CRM_FIELD_END_DATETIME)) == 0 &&
          crm_likeness_of_texts (crm_values_get_text (task->values, CRM_FIELD_NAME), crm_values_get_text (sent, CRM_FIELD_NAME)))
        return TRUE;
    }

  return FALSE;
}

static gboolean
insert_task (const CrmPulledTask  *task,
             gint64               *local_id,
             CrmConnection        *connection,
             GError              **error)
{
  g_autoptr (CrmRow) row = crm_row_new ();

  crm_values_take_over (row->values, task->values, CRM_FIELDS_ALL);
  row->crm_id = task->id;
  row->state = CRM_SYNC_SYNCED;
  row->listed = TRUE;
  if (!crm_row_insert (row, connection, error))
    return FALSE;

  *local_id = row->local_id;
  return TRUE;
}

/* Whether what the CRM said may be older than what was sent: then it says nothing. */
static gboolean
was_overtaken (const Job      *job,
               const CrmRow   *row,
               gboolean       *overtaken,
               CrmConnection  *connection,
               GError        **error)
{
  g_autoptr (CrmStatement) statement = NULL;

  *overtaken = row->state == CRM_SYNC_SENDING;
  for (guint i = 0; i < job->step->sending->len; i++)
    *overtaken = *overtaken || g_array_index (job->step->sending, gint64, i) == row->local_id;
  if (*overtaken)
    return TRUE;

  statement = crm_connection_prepare (connection, "SELECT 1 FROM attempt WHERE local_id = ?1 AND attempt_id > ?2 LIMIT 1", error);
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, row->local_id);
  crm_statement_bind_int (statement, 2, job->step->last_attempt);
  return crm_statement_step (statement, overtaken, error);
}

static gboolean
merge_task (Job                  *job,
            CrmListRun           *run,
            gint64                local_id,
            const CrmPulledTask  *task,
            CrmConnection        *connection,
            GError              **error)
{
  g_autoptr (CrmRow) row = crm_row_load (connection, local_id, error);
  g_autoptr (GPtrArray) doubtful = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_sent_free);
  gboolean overtaken;
  gint64 revision;
  CrmSyncState state;

  if (row == NULL || !was_overtaken (job, row, &overtaken, connection, error))
    return FALSE;
  if (overtaken)
    {
      run->kept_back = TRUE;
      return TRUE;
    }
  if (row->uncertain != 0 && !crm_attempt_log_read_bodies (connection, local_id, doubtful, error))
    return FALSE;

  /* What an add left out, and is there, the CRM has filled in; but when the task was changed since, it may be somebody's word, and
   * the person is asked rather than that overwritten. */
  if (task->edited)
    row->guessed = 0;

  revision = row->revision;
  state = row->state;
  if (!crm_entry_pull (row, task->values, doubtful))
    return TRUE;

  if (row->revision != revision || row->state != state)
    g_array_append_val (job->changed, local_id);
  return crm_row_update (row, connection, error);
}

static gboolean
store_tasks (Job            *job,
             CrmListRun     *run,
             CrmConnection  *connection,
             GError        **error)
{
  g_autoptr (GPtrArray) adds = read_doubtful_adds (connection, error);

  if (adds == NULL)
    return FALSE;

  for (guint i = 0; i < job->page->tasks->len; i++)
    {
      const CrmPulledTask *task = job->page->tasks->pdata[i];
      gint64 local_id;

      if (!crm_row_find_crm_id (connection, task->id, &local_id, error))
        return FALSE;

      if (local_id != 0)
        {
          if (!merge_task (job, run, local_id, task, connection, error))
            return FALSE;
        }
      else if (may_be_one_of (task, adds))
        run->kept_back = TRUE;
      else
        {
          if (!insert_task (task, &local_id, connection, error))
            return FALSE;
          g_array_append_val (job->changed, local_id);
        }
    }

  return TRUE;
}

static gboolean
store_records (Job            *job,
               CrmConnection  *connection,
               GError        **error)
{
  for (guint i = 0; i < job->page->records->len; i++)
    {
      gboolean changed;

      if (!crm_directory_put (connection, job->page->records->pdata[i], &changed, error))
        return FALSE;
      job->n_records += changed;
    }

  return TRUE;
}

static gboolean
store_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Job *job = data;
  GArray *ids = job->page->ids;
  CrmListRun run;

  if (!crm_list_run_load (&run, job->step->list, connection, error))
    return FALSE;
  if (run.serial != job->step->serial || run.phase != CRM_PHASE_READING)
    return give_up (job);

  run.refused = FALSE;
  if (job->page->tasks != NULL ? !store_tasks (job, &run, connection, error) : !store_records (job, connection, error))
    return FALSE;

  return crm_list_run_take_ids (&run, (const gint64 *) ids->data, ids->len, job->page->total, job->now, connection, error) &&
         set_next (job, &run, connection, error);
}

/* What a sweep began before may say nothing of: sent since, or too new to be listed. */
static gboolean
is_too_new (const CrmListRun  *run,
            const CrmRow      *row,
            gboolean          *too_new,
            CrmConnection     *connection,
            GError           **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT 1 FROM attempt WHERE local_id = ?1 AND signed_at >= ?2 LIMIT 1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, row->local_id);
  crm_statement_bind_int (statement, 2, run->begun - (row->listed ? 0 : LISTED_WITHIN));
  if (!crm_statement_step (statement, too_new, error))
    return FALSE;

  *too_new = *too_new || row->state == CRM_SYNC_SENDING;
  return TRUE;
}

static gboolean
miss_task (Job               *job,
           const CrmListRun  *run,
           gint64             local_id,
           CrmConnection     *connection,
           GError           **error)
{
  g_autoptr (CrmRow) row = crm_row_load (connection, local_id, error);
  CrmEntryFate fate;
  gboolean too_new;

  if (row == NULL || !is_too_new (run, row, &too_new, connection, error))
    return FALSE;
  if (too_new || !crm_entry_miss (row, &fate))
    return TRUE;

  g_array_append_val (job->changed, local_id);
  return fate == CRM_ENTRY_REMOVED ? crm_row_delete (row, connection, error) : crm_row_update (row, connection, error);
}

static gboolean
miss_tasks (Job            *job,
            CrmListRun     *run,
            guint          *n_read,
            CrmConnection  *connection,
            GError        **error)
{
  g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT local_id, crm_id FROM task WHERE local_id > ?1 ORDER BY local_id LIMIT ?2", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, run->position);
  crm_statement_bind_int (statement, 2, ROWS_IN_A_JOB);
  for (;;)
    {
      gint64 local_id, crm_id;
      gboolean seen;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        break;

      local_id = crm_statement_get_int (statement, 0);
      crm_id = crm_statement_get_int (statement, 1);
      run->position = local_id;
      (*n_read)++;
      if (crm_id == 0)
        continue;
      if (!crm_list_run_has_seen (run, crm_id, &seen, connection, error))
        return FALSE;
      if (!seen)
        g_array_append_val (missing, local_id);
    }

  for (guint i = 0; i < missing->len; i++)
    if (!miss_task (job, run, g_array_index (missing, gint64, i), connection, error))
      return FALSE;

  return TRUE;
}

static gboolean
miss_records (Job            *job,
              CrmListRun     *run,
              CrmRecordKind   kind,
              guint          *n_read,
              CrmConnection  *connection,
              GError        **error)
{
  g_autoptr (GArray) ids = crm_directory_read_ids (connection, kind, run->position, ROWS_IN_A_JOB, error);

  if (ids == NULL)
    return FALSE;

  *n_read = ids->len;
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      gboolean seen;

      run->position = id;
      if (!crm_list_run_has_seen (run, id, &seen, connection, error))
        return FALSE;
      if (seen)
        continue;
      job->n_records++;
      if (!crm_directory_remove (connection, kind, id, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
conclude_job (CrmConnection  *connection,
              gpointer        data,
              GError        **error)
{
  Job *job = data;
  CrmListRun run;
  CrmRecordKind kind;
  guint n_read = 0;

  if (!crm_list_run_load (&run, job->step->list, connection, error))
    return FALSE;
  if (run.serial != job->step->serial || run.phase != CRM_PHASE_CONCLUDING)
    return give_up (job);

  if (crm_list_get_record_kind (run.list, &kind) ? !miss_records (job, &run, kind, &n_read, connection, error)
                                                 : !miss_tasks (job, &run, &n_read, connection, error))
    return FALSE;

  run.serial++;
  if (n_read < ROWS_IN_A_JOB && !crm_list_run_end (&run, job->now, connection, error))
    return FALSE;

  return crm_list_run_save (&run, connection, error) && set_next (job, &run, connection, error);
}

static gboolean
refuse_job (CrmConnection  *connection,
            gpointer        data,
            GError        **error)
{
  Job *job = data;
  CrmListRun run;

  if (!crm_list_run_load (&run, job->list, connection, error))
    return FALSE;

  run.refused = TRUE;
  run.serial++;
  run.phase = CRM_PHASE_IDLE;
  return crm_list_run_save (&run, connection, error) && set_next (job, &run, connection, error);
}

static void
on_job_done (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmStore *store = g_task_get_source_object (task);
  GError *error = NULL;
  Job *job = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (job == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (job->changed->len > 0)
    crm_store_emit_changed (store, job->changed);
  if (job->n_records > 0)
    crm_store_emit_names_changed (store);
  g_task_return_pointer (task, job, (GDestroyNotify) job_free);
}

static void
start_job (CrmStore            *store,
           Job                 *job,
           CrmDatabaseFunc      func,
           GAsyncReadyCallback  callback,
           gpointer             user_data)
{
  GTask *task = g_task_new (store, NULL, callback, user_data);

  g_task_set_source_tag (task, start_job);
  job->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  crm_database_write_async (crm_store_get_database (store), func, job, (GDestroyNotify) job_free, NULL, on_job_done, task);
}

static CrmStep *
copy_step (const CrmStep *step)
{
  CrmStep *copy = g_memdup2 (step, sizeof *step);

  copy->sending = g_array_ref (step->sending);
  return copy;
}

/**
 * crm_pulled_task_free:
 * @self: (transfer full) (nullable): a task
 */
void
crm_pulled_task_free (CrmPulledTask *self)
{
  if (self == NULL)
    return;

  crm_values_free (self->values);
  g_free (self);
}

/**
 * crm_page_free:
 * @self: (transfer full): a page
 */
void
crm_page_free (CrmPage *self)
{
  g_clear_pointer (&self->tasks, g_ptr_array_unref);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  g_array_unref (self->ids);
  g_free (self);
}

/**
 * crm_step_free:
 * @self: (transfer full): a step
 */
void
crm_step_free (CrmStep *self)
{
  g_array_unref (self->sending);
  g_free (self);
}

/**
 * crm_inbox_begin_async:
 * @store: a store
 * @list: which list
 * @kind: how much of it
 * @crm_now: the time by the CRM's clock; seconds since 1970, UTC
 * @callback: called when it is durable; ends with crm_inbox_finish()
 * @user_data: given to @callback
 *
 * Goes on where the list was cut off, or begins it.
 */
void
crm_inbox_begin_async (CrmStore            *store,
                       CrmList              list,
                       CrmRunKind           kind,
                       gint64               crm_now,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  Job *job = g_new0 (Job, 1);

  job->list = list;
  job->kind = kind;
  job->crm_now = crm_now;
  start_job (store, job, begin_job, callback, user_data);
}

/**
 * crm_inbox_store_async:
 * @store: a store
 * @step: what was asked for
 * @page: (transfer full): what came
 * @now: microseconds since 1970, UTC
 * @callback: called when it is durable; ends with crm_inbox_finish()
 * @user_data: given to @callback
 *
 * Merges the page, and remembers that it was had, in one transaction.
 */
void
crm_inbox_store_async (CrmStore            *store,
                       const CrmStep       *step,
                       CrmPage             *page,
                       gint64               now,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  Job *job = g_new0 (Job, 1);

  job->step = copy_step (step);
  job->page = page;
  job->now = now;
  start_job (store, job, store_job, callback, user_data);
}

/**
 * crm_inbox_conclude_async:
 * @store: a store
 * @step: a step that asks for it
 * @now: microseconds since 1970, UTC
 * @callback: called when it is durable; ends with crm_inbox_finish()
 * @user_data: given to @callback
 *
 * Sees to some of what a whole sweep did not find.
 */
void
crm_inbox_conclude_async (CrmStore            *store,
                          const CrmStep       *step,
                          gint64               now,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  Job *job = g_new0 (Job, 1);

  job->step = copy_step (step);
  job->now = now;
  start_job (store, job, conclude_job, callback, user_data);
}

/**
 * crm_inbox_refuse_async:
 * @store: a store
 * @list: a list that the key has no right to
 * @callback: called when it is durable; ends with crm_inbox_finish()
 * @user_data: given to @callback
 *
 * It is not offered until it is had again.
 */
void
crm_inbox_refuse_async (CrmStore            *store,
                        CrmList              list,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  Job *job = g_new0 (Job, 1);

  job->list = list;
  start_job (store, job, refuse_job, callback, user_data);
}

/**
 * crm_inbox_finish:
 * @store: a store
 * @result: what the callback was given
 * @changed: (out) (optional): how many tasks or records are new or changed by it
 * @error: why it could not be written
 *
 * Returns: (transfer full) (nullable): what to do next
 */
CrmStep *
crm_inbox_finish (CrmStore      *store,
                  GAsyncResult  *result,
                  guint         *changed,
                  GError       **error)
{
  Job *job;
  CrmStep *step;

  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  job = g_task_propagate_pointer (G_TASK (result), error);
  if (job == NULL)
    return NULL;

  if (changed != NULL)
    *changed = job->changed->len + job->n_records;
  step = g_steal_pointer (&job->step);
  job_free (job);

  return step;
}

/**
 * crm_inbox_read_state:
 * @store: a store
 * @list: a list
 * @state: (out caller-allocates): where it stands
 * @error: why it could not be read
 *
 * One row; main thread.
 *
 * Returns: whether it could be read
 */
gboolean
crm_inbox_read_state (CrmStore      *store,
                      CrmList        list,
                      CrmListState  *state,
                      GError       **error)
{
  CrmListRun run;

  if (!crm_list_run_load (&run, list, crm_database_get_reader (crm_store_get_database (store)), error))
    return FALSE;

  *state = (CrmListState) {
    .refused = run.refused,
    .complete = run.since != 0,
    .swept_at = run.swept_at,
    .ended_at = run.ended_at,
    .size = run.size,
  };
  return TRUE;
}

/* crm-database.c: the thread that writes, and the connections that read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-database.h"

#include "model/crm-error.h"
#include "store/crm-salvage.h"
#include "store/crm-schema.h"


/* What waits is committed together, but a person's save shall not wait for ten thousand others. */
#define MOST_JOBS_IN_A_COMMIT 256

/* Another process's commits are looked for at most this often, in milliseconds. */
#define WATCH_INTERVAL 100

struct _CrmDatabase
{
  GObject        parent_instance;

  GWeakRef       itself;      /* nothing by the time the threads are waited for */
  char          *path;
  CrmConnection *writer;      /* the writer thread's */
  CrmConnection *reader;      /* the main thread's */
  CrmConnection *back_reader; /* the reader thread's */
  GAsyncQueue   *write_jobs;
  GAsyncQueue   *read_jobs;
  GThread       *write_thread; /* NULL: nothing was to be written yet */
  GThread       *read_thread;  /* NULL: nothing was to be read behind the main thread's back yet */
  GMainContext  *context;
  GFileMonitor  *monitor;
  guint          peek_source;
  gint64         data_version;
};

typedef struct
{
  CrmDatabaseFunc func; /* NULL: look for another process's commits */
  gboolean        stop;
  GTask          *task;
  GError         *error;
} Job;

enum
{
  FOREIGN_CHANGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmDatabase, crm_database, G_TYPE_OBJECT)

static void
job_free (Job *job)
{
  g_clear_object (&job->task);
  g_clear_error (&job->error);
  g_free (job);
}

/* The data belongs to the task until the job is done; then it is the result. */
typedef struct
{
  gpointer       data;
  GDestroyNotify data_free;
} JobData;

static void
job_data_free (JobData *self)
{
  if (self->data_free != NULL && self->data != NULL)
    self->data_free (self->data);
  g_free (self);
}

static void
job_return (Job *job)
{
  JobData *held = g_task_get_task_data (job->task);

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_pointer (job->task, g_steal_pointer (&held->data), held->data_free);

}

static gboolean
return_jobs (gpointer user_data)
{
  GPtrArray *jobs = user_data;

  for (guint i = 0; i < jobs->len; i++)
    if (((Job *) jobs->pdata[i])->task != NULL)
      job_return (jobs->pdata[i]);

  return G_SOURCE_REMOVE;
}

/* The jobs go back whole: a task dropped here could be the last to hold the database, which can't end on its own thread. */
static void
hand_back (CrmDatabase *self,
           GPtrArray   *jobs)
{
  crm_database_call_main (self, return_jobs, jobs, (GDestroyNotify) g_ptr_array_unref);
}

static gboolean
job_call (Job           *job,
          CrmConnection *connection)
{
  JobData *held = g_task_get_task_data (job->task);

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error))
    return FALSE;

  return job->func (connection, held->data, &job->error);
}

static gboolean
emit_foreign_change (gpointer user_data)
{
  CrmDatabase *self = user_data;

  g_signal_emit (self, signals[FOREIGN_CHANGE], 0);

  return G_SOURCE_REMOVE;
}

/* A connection's own commits don't change its data_version, so what changes it is another process's. */
static void
look_for_foreign_commits (CrmDatabase *self)
{
  CrmDatabase *held;
  gint64 version;

  if (!crm_connection_get_int (self->writer, "PRAGMA data_version", &version, NULL) || version == self->data_version)
    return;

  held = self->data_version != 0 ? g_weak_ref_get (&self->itself) : NULL;
  if (held != NULL)
    crm_database_call_main (self, emit_foreign_change, held, g_object_unref);
  self->data_version = version;
}

static void
fail_all (GPtrArray *jobs,
          GError    *error)
{
  for (guint i = 0; i < jobs->len; i++)
    {
      Job *job = jobs->pdata[i];

      if (job->error == NULL)
        job->error = g_error_copy (error);
    }
}

/* @sql: a literal, which is kept prepared. */
static gboolean
run (CrmConnection  *connection,
     const char     *sql,
     GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, sql, error);

  return statement != NULL && crm_statement_run (statement, error);
}

static void
run_savepoint (CrmConnection *connection,
               Job           *job)
{
  if (!run (connection, "SAVEPOINT job", &job->error))
    return;

  if (!job_call (job, connection) && crm_connection_in_transaction (connection))
    crm_connection_exec (connection, "ROLLBACK TO job", NULL);
  if (crm_connection_in_transaction (connection))
    run (connection, "RELEASE job", job->error == NULL ? &job->error : NULL);
}

/* Commits all of @jobs as one transaction, a savepoint each if there are several. */
static void
commit_jobs (CrmDatabase *self,
             GPtrArray   *jobs)
{
  g_autoptr (GError) error = NULL;

  if (!run (self->writer, "BEGIN IMMEDIATE", &error))
    {
      fail_all (jobs, error);
      return;
    }

  /* Here it costs no lock of its own. */
  look_for_foreign_commits (self);

  if (jobs->len == 1 && !job_call (jobs->pdata[0], self->writer))
    {
      if (crm_connection_in_transaction (self->writer))
        crm_connection_exec (self->writer, "ROLLBACK", NULL);
      return;
    }
  for (guint i = 0; jobs->len > 1 && i < jobs->len && crm_connection_in_transaction (self->writer); i++)
    run_savepoint (self->writer, jobs->pdata[i]);

  /* After a full disk or a broken one SQLite takes the whole transaction back by itself. */
  if (!crm_connection_in_transaction (self->writer))
    {
      for (guint i = 0; error == NULL && i < jobs->len; i++)
        if (((Job *) jobs->pdata[i])->error != NULL)
          error = g_error_copy (((Job *) jobs->pdata[i])->error);
      if (error == NULL)
        g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "The transaction was taken back");
      fail_all (jobs, error);
      return;
    }

  if (!run (self->writer, "COMMIT", &error))
    {
      if (crm_connection_in_transaction (self->writer))
        crm_connection_exec (self->writer, "ROLLBACK", NULL);
      fail_all (jobs, error);
    }
}

static gpointer
write_thread_func (gpointer user_data)
{
  CrmDatabase *self = user_data;
  gboolean stop = FALSE;

  while (!stop)
    {
      g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
      Job *job = g_async_queue_pop (self->write_jobs);

      for (; job != NULL; job = jobs->len < MOST_JOBS_IN_A_COMMIT ? g_async_queue_try_pop (self->write_jobs) : NULL)
        {
          if (job->func != NULL)
            {
              g_ptr_array_add (jobs, job);
              continue;
            }

          stop = stop || job->stop;
          job_free (job);
        }

      if (jobs->len > 0)
        commit_jobs (self, jobs);
      else
        look_for_foreign_commits (self);

      if (jobs->len > 0)
        hand_back (self, g_steal_pointer (&jobs));
    }

  return NULL;
}

static gpointer
read_thread_func (gpointer user_data)
{
  CrmDatabase *self = user_data;

  for (;;)
    {
      g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) job_free);
      Job *job = g_async_queue_pop (self->read_jobs);

      g_ptr_array_add (jobs, job);
      if (job->stop)
        return NULL;

      /* One snapshot for all that the job reads. */
      if (run (self->back_reader, "BEGIN", &job->error))
        {
          job_call (job, self->back_reader);
          run (self->back_reader, "COMMIT", NULL);
        }

      hand_back (self, g_steal_pointer (&jobs));
    }
}

/* Main thread. */
static void
push_job (CrmDatabase *self,
          GAsyncQueue *queue,
          Job         *job)
{
  g_async_queue_push (queue, job);

  if (queue == self->write_jobs && self->write_thread == NULL)
    self->write_thread = g_thread_new ("crm-write", write_thread_func, self);
  if (queue == self->read_jobs && self->read_thread == NULL)
    self->read_thread = g_thread_new ("crm-read", read_thread_func, self);
}

static gboolean
on_peek (gpointer user_data)
{
  CrmDatabase *self = user_data;

  self->peek_source = 0;
  push_job (self, self->write_jobs, g_new0 (Job, 1));

  return G_SOURCE_REMOVE;
}

static void
on_file_changed (CrmDatabase      *self,
                 GFile            *file,
                 GFile            *other,
                 GFileMonitorEvent event)
{
  g_autofree char *name = g_file_get_basename (file);

  if (self->peek_source == 0 && g_str_has_suffix (name, "-wal"))
    self->peek_source = g_timeout_add (WATCH_INTERVAL, on_peek, self);
}

static void
push (CrmDatabase         *self,
      GAsyncQueue         *queue,
      CrmDatabaseFunc      func,
      gpointer             data,
      GDestroyNotify       data_free,
      GCancellable        *cancellable,
      GAsyncReadyCallback  callback,
      gpointer             user_data)
{
  Job *job = g_new0 (Job, 1);
  JobData *held = g_new0 (JobData, 1);

  held->data = data;
  held->data_free = data_free;
  job->func = func;
  job->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, push);
  g_task_set_task_data (job->task, held, (GDestroyNotify) job_data_free);
  /* What was committed is told as committed, also to those who have stopped waiting. */
  g_task_set_check_cancellable (job->task, FALSE);

  push_job (self, queue, job);
}

static void
stop_thread (GAsyncQueue *queue,
             GThread    **thread)
{
  Job *job;

  if (*thread == NULL)
    return;

  job = g_new0 (Job, 1);
  job->stop = TRUE;
  g_async_queue_push (queue, job);
  g_thread_join (g_steal_pointer (thread));
}

static void
crm_database_finalize (GObject *object)
{
  CrmDatabase *self = CRM_DATABASE (object);

  g_clear_handle_id (&self->peek_source, g_source_remove);
  g_clear_object (&self->monitor);
  stop_thread (self->write_jobs, &self->write_thread);
  stop_thread (self->read_jobs, &self->read_thread);
  g_clear_pointer (&self->back_reader, crm_connection_close);
  g_clear_pointer (&self->reader, crm_connection_close);
  g_clear_pointer (&self->writer, crm_connection_close);
  g_clear_pointer (&self->write_jobs, g_async_queue_unref);
  g_clear_pointer (&self->read_jobs, g_async_queue_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_weak_ref_clear (&self->itself);
  g_free (self->path);

  G_OBJECT_CLASS (crm_database_parent_class)->finalize (object);
}

static void
crm_database_class_init (CrmDatabaseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_database_finalize;

  signals[FOREIGN_CHANGE] = g_signal_new ("foreign-change", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
crm_database_init (CrmDatabase *self)
{
  self->write_jobs = g_async_queue_new ();
  self->read_jobs = g_async_queue_new ();
  self->context = g_main_context_ref (g_main_context_default ());
  g_weak_ref_init (&self->itself, self);
}

/* The path lives as long as the connections. */
static void
on_damage (gpointer data)
{
  crm_salvage_mark (data);
}

/**
 * crm_database_open:
 * @path: the database's file; made when it isn't there, readable by its owner alone
 * @error: says what is wrong
 *
 * May block for I/O: not for the main thread. The last reference must be dropped on the main thread.
 *
 * Returns: (transfer full) (nullable): the database, its schema up to date
 */
CrmDatabase *
crm_database_open (const char  *path,
                   GError     **error)
{
  g_autoptr (CrmDatabase) self = g_object_new (CRM_TYPE_DATABASE, NULL);

  self->path = g_strdup (path);
  self->writer = crm_connection_open (path, FALSE, error);

  if (self->writer == NULL || !crm_schema_migrate (self->writer, error))
    return NULL;

  crm_connection_set_damage_func (self->writer, on_damage, self->path);

  /* These, and the threads, are there when they are first needed. */
  self->reader = crm_connection_new (path);
  self->back_reader = crm_connection_new (path);
  crm_connection_set_damage_func (self->reader, on_damage, self->path);
  crm_connection_set_damage_func (self->back_reader, on_damage, self->path);
  look_for_foreign_commits (self);

  return g_steal_pointer (&self);
}

/**
 * crm_database_watch:
 * @self: a database
 *
 * Begins to watch for what other processes commit: "foreign-change" is emitted within a second. Main thread.
 */
void
crm_database_watch (CrmDatabase *self)
{
  g_autofree char *folder = NULL;
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (CRM_IS_DATABASE (self));

  if (self->monitor != NULL)
    return;

  folder = g_path_get_dirname (self->path);
  file = g_file_new_for_path (folder);
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor == NULL)
    return;

  g_file_monitor_set_rate_limit (self->monitor, WATCH_INTERVAL);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (on_file_changed), self, G_CONNECT_SWAPPED);
}

/**
 * crm_database_write_async:
 * @self: a database
 * @func: (scope async): what to write, run on the writer thread
 * @data: (transfer full): given to @func, and returned by crm_database_finish()
 * @data_free: (nullable): frees @data
 * @cancellable: (nullable): heeded until @func begins
 * @callback: called when it is committed, or was not
 * @user_data: given to @callback
 *
 * Commits what is waiting as one transaction.
 */
void
crm_database_write_async (CrmDatabase         *self,
                          CrmDatabaseFunc      func,
                          gpointer             data,
                          GDestroyNotify       data_free,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (CRM_IS_DATABASE (self) && func != NULL);

  push (self, self->write_jobs, func, data, data_free, cancellable, callback, user_data);
}

/**
 * crm_database_write:
 * @self: a database that crm_database_write_async() was not called of, and that isn't watched
 * @func: (scope call): what to write
 * @data: given to @func
 * @error: why nothing was written
 *
 * Writes at once, on the thread of the caller: for a program that has one thing to write, and to which threads would be
 * a burden. Blocks for I/O, and for as long as another program writes, 5 seconds at most.
 *
 * Returns: whether it is committed
 */
gboolean
crm_database_write (CrmDatabase      *self,
                    CrmDatabaseFunc   func,
                    gpointer          data,
                    GError          **error)
{
  GError *local_error = NULL;

  g_return_val_if_fail (CRM_IS_DATABASE (self) && func != NULL, FALSE);
  g_return_val_if_fail (self->write_thread == NULL && self->monitor == NULL, FALSE);

  if (crm_connection_exec (self->writer, "BEGIN IMMEDIATE", &local_error) && func (self->writer, data, &local_error) &&
      crm_connection_exec (self->writer, "COMMIT", &local_error))
    return TRUE;

  if (crm_connection_in_transaction (self->writer))
    crm_connection_exec (self->writer, "ROLLBACK", NULL);
  g_propagate_error (error, local_error);

  return FALSE;
}

/**
 * crm_database_read_async:
 * @self: a database
 * @func: (scope async): what to read, run on the reader thread
 * @data: (transfer full): given to @func, and returned by crm_database_finish()
 * @data_free: (nullable): frees @data
 * @cancellable: (nullable): heeded until @func begins
 * @callback: called when it is done
 * @user_data: given to @callback
 */
void
crm_database_read_async (CrmDatabase         *self,
                         CrmDatabaseFunc      func,
                         gpointer             data,
                         GDestroyNotify       data_free,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (CRM_IS_DATABASE (self) && func != NULL);

  push (self, self->read_jobs, func, data, data_free, cancellable, callback, user_data);
}

/**
 * crm_database_call_main:
 * @self: a database
 * @func: what to call on the main thread
 * @data: given to @func
 * @data_free: (nullable): frees @data
 *
 * Any thread. What is called is called in that order.
 */
void
crm_database_call_main (CrmDatabase    *self,
                        GSourceFunc     func,
                        gpointer        data,
                        GDestroyNotify  data_free)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not g_main_context_invoke(): while nobody iterates the main context, that calls on the thread it is called from. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, data_free);
  g_source_attach (source, self->context);
}

/**
 * crm_database_finish:
 * @self: a database
 * @result: what the callback was given
 * @error: why nothing was written, or read
 *
 * Returns: (transfer full) (nullable): the data, with its results; %NULL on error
 */
gpointer
crm_database_finish (CrmDatabase   *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * crm_database_get_reader:
 * @self: a database
 *
 * Returns: (transfer none): the main thread's connection, for short reads by row id
 */
CrmConnection *
crm_database_get_reader (CrmDatabase *self)
{
  g_return_val_if_fail (CRM_IS_DATABASE (self), NULL);

  return self->reader;
}

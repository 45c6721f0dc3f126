/* sim-database.c: when a commit happens, and when its caller learns of it
 *
 * The linker leads the store's calls of crm_database_write_async() and the service's of crm_outbox_exchange_finish() through
 * here (--wrap). The jobs themselves are run by the real database on its real threads; only when they begin and when their
 * callers hear of it is decided by virtual time. So a crash can come before a commit, and between it and its callback.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-merge.h"

#include "model/crm-error.h"
#include "store/crm-outbox.h"

typedef struct
{
  SimApp              *app;
  CrmDatabase         *database;
  CrmDatabaseFunc      func;
  gpointer             data;
  GDestroyNotify       data_free;
  GAsyncReadyCallback  callback;
  gpointer             user_data;
  SimWord             *word;
  GError              *error;
  guint                event;
} SimJob;

void       __real_crm_database_write_async (CrmDatabase         *database,
                                            CrmDatabaseFunc      func,
                                            gpointer             data,
                                            GDestroyNotify       data_free,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
void       __wrap_crm_database_write_async (CrmDatabase         *database,
                                            CrmDatabaseFunc      func,
                                            gpointer             data,
                                            GDestroyNotify       data_free,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data);
void       __wrap_crm_database_watch       (CrmDatabase         *database);
GPtrArray *__real_crm_outbox_exchange_finish (CrmStore      *store,
                                             GAsyncResult  *result,
                                             GPtrArray    **recordings,
                                             gboolean      *unsettled,
                                             gint64        *next_due,
                                             GError       **error);
GPtrArray *__wrap_crm_outbox_exchange_finish (CrmStore      *store,
                                             GAsyncResult  *result,
                                             GPtrArray    **recordings,
                                             gboolean      *unsettled,
                                             gint64        *next_due,
                                             GError       **error);

static void
return_job (gpointer data)
{
  SimJob *job = data;
  g_autoptr (GTask) task = g_task_new (job->database, NULL, job->callback, job->user_data);

  g_queue_remove (&job->app->jobs, job);
  if (job->error != NULL)
    {
      if (job->data != NULL && job->data_free != NULL)
        job->data_free (job->data);
      g_task_return_error (task, job->error);
    }
  else
    g_task_return_pointer (task, job->data, job->data_free);
  g_object_unref (job->database);
  g_free (job);
}

/* Other processes on the same database learn of a commit a little later. */
static void
tell_others (gpointer data)
{
  SimApp *teller = data;
  SimWorld *world = teller->world;

  for (guint i = 0; i < world->apps->len; i++)
    {
      SimApp *app = world->apps->pdata[i];

      if (app != teller && app->store != NULL)
        g_signal_emit_by_name (crm_store_get_database (app->store), "foreign-change");
    }
}

static void
on_committed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  SimJob *job = user_data;
  SimApp *app = job->app;
  SimWorld *world = app->world;
  gint64 version;

  job->data = crm_database_finish (job->database, result, &job->error);
  world->in_progress--;
  if (job->word != NULL)
    sim_word_committed (job->word, job->error);
  if (world->merge != NULL)
    sim_merge_after_commit (world);
  sim_plant_after_commit (world);

  version = sim_world_get_count (world, "PRAGMA data_version");
  if (version != world->db_version && world->apps->len > 1)
    sim_world_call (world, sim_world_range (world, 100, 900) * 1000, tell_others, app);
  world->db_version = version;

  app->last_return = MAX (app->last_return, world->now + sim_world_range (world, 0, world->disk_speed / 4));
  job->event = sim_world_call (world, app->last_return - world->now, return_job, job);
}

static void
commit_job (gpointer data)
{
  SimJob *job = data;
  SimWorld *world = job->app->world;

  job->event = 0;
  if (world->disk_full > 0 && sim_world_chance (world, world->disk_full))
    {
      sim_world_trace (world, "app %u: the disk is full", job->app->number);
      g_set_error_literal (&job->error, CRM_ERROR, CRM_ERROR_DATABASE_FULL, "The disk is full");
      if (job->word != NULL)
        sim_word_committed (job->word, job->error);
      job->event = sim_world_call (world, 0, return_job, job);
      return;
    }

  if (job->word != NULL)
    sim_word_before_commit (job->word);
  world->in_progress++;
  __real_crm_database_write_async (job->database, job->func, job->data, job->data_free, NULL, on_committed, job);
}

void
__wrap_crm_database_write_async (CrmDatabase         *database,
                                 CrmDatabaseFunc      func,
                                 gpointer             data,
                                 GDestroyNotify       data_free,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  SimApp *app = g_object_get_data (G_OBJECT (database), "sim-app");
  SimWorld *world = app->world;
  SimJob *job = g_new0 (SimJob, 1);

  *job = (SimJob) {
    .app = app,
    .database = g_object_ref (database),
    .func = func,
    .data = data,
    .data_free = data_free,
    .callback = callback,
    .user_data = user_data,
    .word = g_steal_pointer (&app->word),
  };
  g_queue_push_tail (&app->jobs, job);
  if (app->dead)
    return;

  app->last_commit = MAX (app->last_commit, world->now + sim_world_range (world, 0, world->disk_speed));
  job->event = sim_world_call (world, app->last_commit - world->now, commit_job, job);
}

/* A file monitor lives in real time; tell_others() does its work. */
void
__wrap_crm_database_watch (CrmDatabase *database)
{
}

GPtrArray *
__wrap_crm_outbox_exchange_finish (CrmStore      *store,
                                   GAsyncResult  *result,
                                   GPtrArray    **recordings,
                                   gboolean      *unsettled,
                                   gint64        *next_due,
                                   GError       **error)
{
  GPtrArray *claims = __real_crm_outbox_exchange_finish (store, result, recordings, unsettled, next_due, error);
  SimApp *app = g_object_get_data (G_OBJECT (crm_store_get_database (store)), "sim-app");

  if (claims != NULL && !app->dead)
    sim_judge_claims (app->world, claims);

  return claims;
}

/* Of a process that has died: nothing more is committed, and whoever waits is let go. */
gboolean
sim_database_die (SimApp *app)
{
  SimJob *job = g_queue_peek_head (&app->jobs);

  if (job == NULL)
    return FALSE;

  if (job->event != 0)
    sim_world_cancel (app->world, job->event);
  if (job->error == NULL)
    g_set_error_literal (&job->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The process has died");
  return_job (job);

  return TRUE;
}

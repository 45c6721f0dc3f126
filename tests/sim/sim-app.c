/* sim-app.c: one process: a store and a service, until it stops or dies
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

static void
on_open (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  SimApp *self = user_data;
  g_autoptr (GError) error = NULL;

  self->world->in_progress--;
  self->store = crm_store_open_finish (result, &error);
  if (self->store == NULL)
    sim_world_fail (self->world, "The store can’t be opened: %s", error->message);
}

/* Drops all that the process held. Whoever waited for something has been let go. */
static void
bury (SimApp *self)
{
  SimWorld *world = self->world;
  CrmDatabase *database = crm_store_get_database (self->store);

  g_ptr_array_remove (world->apps, self);
  g_ptr_array_add (world->dead_apps, self);
  g_object_add_weak_pointer (G_OBJECT (database), (gpointer *) &database);

  g_object_run_dispose (G_OBJECT (self->service));
  g_clear_object (&self->service);
  g_clear_object (&self->store);
  sim_world_settle_down (world);
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);

  if (database != NULL)
    {
      g_object_remove_weak_pointer (G_OBJECT (database), (gpointer *) &database);
      sim_world_fail (world, "app %u: the database is still held by something", self->number);
    }
}

static void
die (SimApp *self)
{
  self->dead = TRUE;
  for (guint i = 0; i < self->world->all_intents->len; i++)
    {
      SimIntent *intent = self->world->all_intents->pdata[i];

      if (intent->undo_app == self)
        {
          g_clear_pointer (&intent->undo, crm_undo_unref);
          intent->undo_app = NULL;
        }
    }

  sim_clock_die (self->clock);
  sim_transport_die (self->transport);
  do
    sim_world_settle_down (self->world);
  while (sim_database_die (self));
  bury (self);
}

static void
on_stopped (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  SimApp *self = user_data;

  crm_sync_service_stop_finish (CRM_SYNC_SERVICE (source), result, NULL);
  if (self->dead)
    return;

  sim_world_trace (self->world, "app %u has stopped", self->number);
  self->dead = TRUE;
}

/* Starts a process; the first one makes the database. */
SimApp *
sim_app_start (SimWorld *world)
{
  SimApp *self = g_new0 (SimApp, 1);
  g_autoptr (CrmAccount) account = crm_account_new ("sim", CRM_ACCOUNT_ENVIRONMENT, "https://crm.example.com", "key");

  self->world = world;
  self->number = ++world->n_apps;
  g_queue_init (&self->jobs);
  sim_world_trace (world, "app %u starts", self->number);

  world->in_progress++;
  crm_store_open_async (world->folder, NULL, on_open, self);
  sim_world_settle_down (world);
  g_assert (self->store != NULL);
  g_object_set_data (G_OBJECT (crm_store_get_database (self->store)), "sim-app", self);

  if (world->db == NULL)
    {
      g_autofree char *path = g_build_filename (world->folder, "tasks.db", NULL);

      if (sqlite3_open_v2 (path, &world->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        g_error ("%s", sqlite3_errmsg (world->db));
    }

  crm_account_take_secret (account, g_strdup ("secret"));
  self->clock = sim_clock_new (self);
  self->transport = sim_transport_new (self);
  self->service = crm_sync_service_new (self->store, account, self->transport, self->clock);
  sim_batches_start_app (self);
  g_ptr_array_add (world->apps, self);
  crm_sync_service_start (self->service);
  sim_world_settle_down (world);

  return self;
}

/* The process is gone between two steps, as by kill -9: what isn't committed isn't. */
void
sim_app_crash (SimApp *self)
{
  SimWorld *world = self->world;
  sqlite3_stmt *stmt = NULL;

  sim_world_trace (world, "app %u dies", self->number);
  world->n_crashes++;
  die (self);

  /* An answer that was not recorded might as well not have come; what the CRM has a name for is asked for again. */
  sqlite3_prepare_v2 (world->db, "SELECT attempt_id FROM attempt WHERE class IS NULL AND NOT EXISTS"
                                " (SELECT 1 FROM batch WHERE batch.batch_id = attempt.batch_id AND async_id IS NOT NULL)", -1, &stmt, NULL);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    for (guint i = 0; i < world->all_sends->len; i++)
      {
        SimSend *send = world->all_sends->pdata[i];
        SimIntent *intent = sim_world_get_intent (world, send->local_id);

        if (send->attempt_id != sqlite3_column_int64 (stmt, 0) || send->app != self || intent == NULL)
          continue;
        send->is_forgotten = TRUE;
        intent->edited |= send->mask;
      }
  sqlite3_finalize (stmt);
}

static void
finish_stop (gpointer data)
{
  SimApp *self = data;

  if (self->service == NULL)
    return;

  if (!self->dead)
    sim_world_call (self->world, SIM_SECOND, finish_stop, self);
  else
    die (self);
}

/* Ends it as a person does who closes the window. */
void
sim_app_stop (SimApp *self)
{
  if (self->stopping)
    return;

  sim_world_trace (self->world, "app %u is told to stop", self->number);
  self->stopping = TRUE;
  crm_sync_service_stop_async (self->service, NULL, on_stopped, self);
  sim_world_call (self->world, 0, finish_stop, self);
}

/* One of the processes, by chance; NULL when none runs. */
SimApp *
sim_world_get_app (SimWorld *self)
{
  SimApp *app;

  if (self->apps->len == 0)
    return NULL;

  app = self->apps->pdata[sim_world_range (self, 0, self->apps->len - 1)];

  return app->stopping ? NULL : app;
}

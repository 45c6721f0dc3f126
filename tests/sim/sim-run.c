/* sim-run.c: one world, from its seed to its verdict
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

#include <glib/gstdio.h>

/* So long may a healthy CRM take to drain all: an hour's Retry-After, and 8 attempts with settling. */
#define CALM_AT_LAST (3 * 60 * SIM_MINUTE)

/* A task that gets 8 errors of its own may ask as often. */
#define MOST_QUESTIONS 40

static void
on_person (gpointer data)
{
  sim_person_act (data);
}

static void
on_import (gpointer data)
{
  sim_person_import (data);
}

static void
on_colleague (gpointer data)
{
  sim_colleague_act (data);
}

static void
on_crash (gpointer data)
{
  SimWorld *world = data;

  if (world->apps->len > 0)
    sim_app_crash (world->apps->pdata[sim_world_range (world, 0, world->apps->len - 1)]);
}

static void
on_stop (gpointer data)
{
  SimApp *app = sim_world_get_app (data);

  if (app != NULL)
    sim_app_stop (app);
}

static void
on_start (gpointer data)
{
  SimWorld *world = data;

  if (!world->ending && world->apps->len < 2)
    sim_app_start (world);
}

/* An app that died is started again, at once or later. */
static void
on_tick (gpointer data)
{
  SimWorld *world = data;

  sim_judge_check (world);
  if (world->ending)
    return;
  if (world->apps->len == 0 && sim_world_chance (world, 60))
    sim_app_start (world);
  sim_world_call (world, sim_world_range (world, 1, 20) * SIM_SECOND, on_tick, world);
}

static void
on_clock_jump (gpointer data)
{
  SimWorld *world = data;

  world->skew = sim_world_chance (world, 40) ? 0 : sim_world_range (world, -4 * 60, 4 * 60) * SIM_MINUTE;
  sim_world_trace (world, "the clock of this computer is %" G_GINT64_FORMAT " s ahead now", world->skew / SIM_SECOND);
}

static void
on_mode (gpointer data)
{
  SimWorld *world = data;

  world->crm->mode = sim_world_range (world, SIM_MODE_HEALTHY + 1, SIM_N_MODES - 1);
  sim_world_trace (world, "the CRM is in mode %d now", world->crm->mode);
}

static void
on_mode_over (gpointer data)
{
  SimWorld *world = data;

  world->crm->mode = SIM_MODE_HEALTHY;
  sim_world_trace (world, "the CRM is well again");
}

static void
on_disk_full (gpointer data)
{
  ((SimWorld *) data)->disk_full = 50;
}

static void
on_disk_free (gpointer data)
{
  ((SimWorld *) data)->disk_full = 0;
}

static void
plan_some (SimWorld *world,
           gint64    length,
           guint     most,
           SimFunc   func)
{
  for (gint64 n = sim_world_range (world, 0, most); n > 0; n--)
    sim_world_call (world, sim_world_range (world, 0, length), func, world);
}

static void
plan_spans (SimWorld *world,
            gint64    length,
            guint     most,
            SimFunc   begin,
            SimFunc   end)
{
  gint64 at = 0;

  for (gint64 n = sim_world_range (world, 0, most); n > 0; n--)
    {
      gint64 from = sim_world_range (world, at, length);

      at = sim_world_range (world, from, sim_world_chance (world, 50) ? MIN (length, from + SIM_MINUTE) : length);
      sim_world_call (world, from, begin, world);
      sim_world_call (world, at, end, world);
    }
}

static gint64
plan_world (SimWorld *world)
{
  gint64 length = sim_world_range (world, 1, sim_world_chance (world, 20) ? 60 : 12) * SIM_MINUTE;

  world->disk_speed = sim_world_chance (world, 30) ? 2 * SIM_SECOND : sim_world_range (world, 0, 20) * 1000;
  if (sim_world_chance (world, 20))
    on_clock_jump (world);
  for (gint64 n = sim_world_range (world, 2, 25); n > 0; n--)
    sim_world_call (world, sim_world_range (world, 0, length), on_person, world);

  if (world->batches != NULL)
    for (gint64 n = sim_world_range (world, 1, 6); n > 0; n--)
      sim_world_call (world, sim_world_range (world, 0, length), on_import, world);

  plan_some (world, length, 6, on_colleague);
  plan_spans (world, length, 4, on_mode, on_mode_over);
  if (sim_world_chance (world, 50))
    plan_some (world, length, 4, on_crash);
  if (sim_world_chance (world, 30))
    plan_some (world, length, 3, on_stop);
  if (sim_world_chance (world, 35))
    plan_some (world, length, 3, on_start);
  if (sim_world_chance (world, 25))
    plan_some (world, length, 3, on_clock_jump);
  if (sim_world_chance (world, 10))
    plan_spans (world, length, 2, on_disk_full, on_disk_free);

  return length;
}

static gboolean
is_calm (SimWorld *world)
{
  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE state IN ('queued', 'sending')") > 0)
    return FALSE;
  /* Before the CRM is done with a batch nobody can say what there is. */
  for (guint i = 0; world->batches != NULL && i < world->all_sends->len; i++)
    if (((SimSend *) world->all_sends->pdata[i])->effect_due != 0)
      return FALSE;

  for (guint i = 0; i < world->apps->len; i++)
    {
      SimApp *app = world->apps->pdata[i];

      if (app->jobs.length > 0 || crm_sync_service_is_settling (app->service) || crm_sync_service_get_in_flight (app->service) > 0)
        return FALSE;
    }

  return sim_world_get_count (world, "SELECT count (*) FROM task WHERE state = 'unconfirmed'") == 0 ||
         crm_sync_service_get_activity (((SimApp *) world->apps->pdata[0])->service) == CRM_SYNC_ACTIVITY_IDLE;
}

static void
calm_down (SimWorld *world)
{
  gint64 until = world->now + CALM_AT_LAST;
  gint64 next = world->now;

  /* Whoever needs to begin begins. */
  while (sim_world_step (world, world->now + 2 * SIM_SECOND) && world->now < next + 2 * SIM_SECOND)
    ;
  next = world->now;

  for (;;)
    {
      if (world->now >= next)
        {
          if (is_calm (world))
            return;
          next = world->now + 2 * SIM_SECOND;
        }
      if (!sim_world_step (world, until))
        return;
    }
}

/* Faults cease; one process is enough to bring all to its end. */
static void
end (SimWorld *world)
{
  sim_world_trace (world, "THE END BEGINS");
  world->ending = TRUE;
  world->crm->mode = SIM_MODE_HEALTHY;
  world->disk_full = 0;
  while (world->apps->len > 1)
    sim_app_crash (world->apps->pdata[sim_world_range (world, 0, 1)]);
  if (world->apps->len == 1 && ((SimApp *) world->apps->pdata[0])->stopping)
    sim_app_crash (world->apps->pdata[0]);
  if (world->apps->len == 0)
    sim_app_start (world);

  calm_down (world);
  for (guint i = 0; i < MOST_QUESTIONS; i++)
    if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE state = 'unconfirmed'") > 0)
      {
        sim_person_settle_all (world);
        calm_down (world);
      }
  sim_judge_end (world);
}

static void
remove_files (const char *folder)
{
  static const char *const names[] = { "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
}

/* Returns what was wrong; NULL when all promises were kept. The same seed has the same @story. */
char *
sim_run (guint64     seed,
         SimPlant    plant,
         const char *folder,
         gboolean    verbose,
         gboolean   *planted,
         char      **story)
{
  SimWorld *world;
  char *failure;
  gint64 until;

  remove_files (folder);
  world = sim_world_new (seed, plant, folder, verbose);
  sim_app_start (world);
  until = world->now + plan_world (world);
  on_tick (world);
  while (world->failure == NULL && sim_world_step (world, until))
    ;
  world->now = MAX (world->now, until);
  if (world->failure == NULL)
    end (world);

  failure = g_strdup (world->failure);
  if (planted != NULL)
    *planted = world->planted;
  if (story != NULL)
    {
      /* Asking closes it, and the world hasn't ended yet. */
      GChecksum *copy = g_checksum_copy (world->story);

      *story = g_strdup (g_checksum_get_string (copy));
      g_checksum_free (copy);
    }
  world->ending = TRUE;
  sim_world_free (world);
  remove_files (folder);

  return failure;
}

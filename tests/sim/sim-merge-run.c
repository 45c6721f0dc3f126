/* sim-merge-run.c: what two people do on both sides, and whether all of it was kept in the end
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"
#include "sim-merge.h"

#include "model/crm-likeness.h"

#include <glib/gstdio.h>

#define CALM_AT_LAST (3 * 60 * SIM_MINUTE)
#define MOST_ROUNDS 60

/* People */

static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  SimWorld *world = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, &error);

  if (task == NULL)
    sim_world_trace (world, "person: refused: %s", error->message);
}

static gint64
choose_local (SimWorld   *world,
              const char *where)
{
  g_autofree char *count = g_strdup_printf ("SELECT count (*) FROM task WHERE %s", where);
  gint64 n = sim_world_get_count (world, count);
  g_autofree char *sql = NULL;

  if (n <= 0)
    return 0;

  sql = g_strdup_printf ("SELECT local_id FROM task WHERE %s ORDER BY local_id LIMIT 1 OFFSET %" G_GINT64_FORMAT, where,
                         sim_world_range (world, 0, n - 1));
  return sim_world_get_count (world, sql);
}

static void
add_here (SimWorld *world,
          SimApp   *app)
{
  g_autoptr (CrmValues) values = crm_values_new ();

  sim_merge_invent (world, values, CRM_FIELD_NAME, TRUE);
  sim_merge_invent (world, values, CRM_FIELD_END_DATETIME, TRUE);
  if (sim_world_chance (world, 50))
    sim_merge_invent (world, values, CRM_FIELD_LEAD, TRUE);
  sim_world_trace (world, "person: adds");
  crm_store_add_async (app->store, values, crm_values_get_mask (values), 0, FALSE, NULL, on_said, world);
}

static void
edit_here (SimWorld *world,
           SimApp   *app,
           gint64    id)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  CrmFieldMask touched = 0;

  for (gint64 n = sim_world_range (world, 1, 2); n > 0; n--)
    {
      CrmFieldId field = sim_merge_fields[sim_world_range (world, 0, G_N_ELEMENTS (sim_merge_fields) - 1)];

      sim_merge_invent (world, values, field, TRUE);
      touched |= CRM_FIELD_BIT (field);
    }
  sim_world_trace (world, "person: edits %" G_GINT64_FORMAT " (mask %x)", id, touched);
  crm_store_edit_async (app->store, id, values, touched, CRM_EDIT_KEEP, NULL, on_said, world);
}

/* Whoever is asked answers. */
static void
answer_here (SimWorld *world,
             SimApp   *app,
             gint64    id)
{
  g_auto (SimRow) row = { FALSE };
  g_autofree char *sql = g_strdup_printf ("SELECT conflict FROM task WHERE local_id = %" G_GINT64_FORMAT, id);
  CrmFieldMask conflict = (CrmFieldMask) sim_world_get_count (world, sql);

  sim_row_read (&row, world, id);
  if (conflict != 0)
    {
      CrmFieldMask theirs = (CrmFieldMask) sim_world_range (world, 0, CRM_FIELDS_ALL) & conflict;

      if ((theirs & CRM_FIELDS_OWNER) != 0)
        theirs |= CRM_FIELDS_OWNER;
      sim_world_trace (world, "person: chooses for %" G_GINT64_FORMAT " (theirs %x of %x)", id, theirs, conflict);
      g_hash_table_insert (world->merge->choosing, GSIZE_TO_POINTER (id), GUINT_TO_POINTER (theirs | 1u << 31));
      crm_store_choose_async (app->store, id, row.revision, theirs, NULL, on_said, world);
    }
  else if (row.problem_code == 24392)
    {
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (world->merge->as_new, GSIZE_TO_POINTER (id)));

      sim_world_trace (world, "person: sends %" G_GINT64_FORMAT " as new", id);
      g_hash_table_insert (world->merge->as_new, GSIZE_TO_POINTER (id), GUINT_TO_POINTER (n + 1));
      crm_store_apply_async (app->store, id, CRM_ACTION_RESUBMIT_AS_NEW, NULL, on_said, world);
    }
  else
    crm_store_apply_async (app->store, id, CRM_ACTION_RESUBMIT, NULL, on_said, world);
}

static void
on_person (gpointer data)
{
  SimWorld *world = data;
  SimApp *app = sim_world_get_app (world);
  gint64 asked = choose_local (world, "state = 'failed'");
  gint64 any = choose_local (world, "state <> 'unconfirmed'");

  if (app == NULL)
    return;

  if (world->batches != NULL && sim_world_chance (world, 20))
    {
      sim_batches_narrow (app);
      for (gint64 n = sim_world_range (world, 2, 9); n > 0; n--)
        add_here (world, app);
    }
  else if (asked != 0 && sim_world_chance (world, 40))
    answer_here (world, app, asked);
  else if (any != 0 && sim_world_chance (world, 80))
    edit_here (world, app, any);
  else
    add_here (world, app);
}

static void
on_colleague (gpointer data)
{
  SimWorld *world = data;
  SimCrm *crm = world->crm;
  SimCrmTask *task = crm->tasks->len > 0 ? crm->tasks->pdata[sim_world_range (world, 0, crm->tasks->len - 1)] : NULL;

  /* What was just changed here is changed there too. */
  if (world->db != NULL && sim_world_chance (world, 50))
    {
      gint64 id = choose_local (world, "crm_id IS NOT NULL AND dirty <> 0");
      g_autofree char *sql = g_strdup_printf ("SELECT crm_id FROM task WHERE local_id = %" G_GINT64_FORMAT
                                              " UNION ALL SELECT 0 LIMIT 1", id);
      SimCrmTask *edited = sim_crm_find (crm, sim_world_get_count (world, sql));

      task = edited != NULL ? edited : task;
    }

  if (task == NULL || task->gone || sim_world_chance (world, 10))
    {
      g_autoptr (CrmValues) values = crm_values_new ();

      sim_merge_invent (world, values, CRM_FIELD_NAME, FALSE);
      sim_merge_invent (world, values, CRM_FIELD_END_DATETIME, FALSE);
      if (sim_world_chance (world, 50))
        sim_merge_invent (world, values, CRM_FIELD_LEAD, FALSE);
      task = sim_crm_add (crm, values, 0, 0);
      sim_world_trace (world, "colleague: adds #%" G_GINT64_FORMAT, task->id);
    }
  else if (sim_world_chance (world, 8))
    {
      task->gone = TRUE;
      sim_world_trace (world, "colleague: deletes #%" G_GINT64_FORMAT, task->id);
    }
  else
    {
      CrmFieldId field = sim_merge_fields[sim_world_range (world, 0, G_N_ELEMENTS (sim_merge_fields) - 1)];
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE crm_id = %" G_GINT64_FORMAT, task->id);

      sim_merge_invent (world, task->values, field, FALSE);
      task->modified = world->now;
      if (task->creator != 0 && (field == CRM_FIELD_NAME || field == CRM_FIELD_END_DATETIME))
        task->unknowable = task->unknowable || sim_world_get_count (world, sql) == 0;
      sim_world_trace (world, "colleague: edits %s of #%" G_GINT64_FORMAT, crm_field_get (field)->key, task->id);
    }
}

static void
on_pull (gpointer data)
{
  SimWorld *world = data;
  SimApp *app = sim_world_get_app (world);

  if (app != NULL)
    crm_puller_pull (crm_sync_service_get_puller (app->service), sim_world_chance (world, 50));
}

/* What isn't sent at once may be changed there meanwhile. */
static void
on_hold (gpointer data)
{
  SimWorld *world = data;
  SimApp *app = sim_world_get_app (world);

  if (app != NULL)
    crm_sync_service_set_held (app->service, !world->ending && !crm_sync_service_get_held (app->service));
}

static void
start (SimWorld *world)
{
  SimApp *app = sim_app_start (world);

  crm_puller_set_interval (crm_sync_service_get_puller (app->service), sim_world_range (world, 20, 600));
}

static void
on_crash (gpointer data)
{
  SimWorld *world = data;

  if (world->apps->len > 0)
    sim_app_crash (world->apps->pdata[0]);
}

static void
on_tick (gpointer data)
{
  SimWorld *world = data;

  if (world->ending)
    return;
  if (world->apps->len == 0)
    start (world);
  sim_world_call (world, sim_world_range (world, 1, 20) * SIM_SECOND, on_tick, world);
}

/* The end */

static gboolean
is_calm (SimWorld *world)
{
  SimApp *app = world->apps->pdata[0];
  CrmPullProgress progress;

  crm_puller_get_progress (crm_sync_service_get_puller (app->service), &progress);

  return !progress.active && app->jobs.length == 0 && !crm_sync_service_is_settling (app->service) &&
         crm_sync_service_get_in_flight (app->service) == 0 &&
         sim_world_get_count (world, "SELECT count (*) FROM task WHERE state IN ('queued', 'sending')") == 0;
}

static void
calm_down (SimWorld *world)
{
  gint64 until = world->now + CALM_AT_LAST;
  gint64 next = world->now + 2 * SIM_SECOND;

  while (world->failure == NULL && sim_world_step (world, until))
    if (world->now >= next)
      {
        if (is_calm (world))
          return;
        next = world->now + 2 * SIM_SECOND;
      }
}

/* An add that looking could not settle: the person looks. */
static void
settle_here (SimWorld *world,
             SimApp   *app,
             gint64    id)
{
  for (guint i = 0; i < world->all_sends->len; i++)
    if (((SimSend *) world->all_sends->pdata[i])->effect_due != 0)
      return;

  for (guint i = 0; i < world->crm->tasks->len; i++)
    {
      SimCrmTask *task = world->crm->tasks->pdata[i];
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE crm_id = %" G_GINT64_FORMAT
                                              " AND (state <> 'synced' OR EXISTS (SELECT 1 FROM attempt"
                                              " WHERE attempt.local_id = task.local_id))", task->id);

      if (!task->gone && task->creator == id && sim_world_get_count (world, sql) == 0)
        {
          sim_world_trace (world, "person: settles %" G_GINT64_FORMAT " as #%" G_GINT64_FORMAT, id, task->id);
          crm_store_settle_async (app->store, id, task->id, NULL, on_said, world);
          return;
        }
      /* A pull brought it, for it is another by now, and it was edited here: what is in doubt is that one. */
      if (!task->gone && task->creator == id)
        {
          sim_world_trace (world, "person: discards %" G_GINT64_FORMAT, id);
          g_hash_table_add (world->merge->discarded, GSIZE_TO_POINTER (id));
          crm_store_apply_async (app->store, id, CRM_ACTION_DISCARD_SURELY, NULL, on_said, world);
          return;
        }
    }

  crm_store_apply_async (app->store, id, CRM_ACTION_SEND_AGAIN, NULL, on_said, world);
}

static void
check_tasks (SimWorld *world)
{
  for (guint i = 0; i < world->crm->tasks->len; i++)
    {
      const SimCrmTask *task = world->crm->tasks->pdata[i];
      g_autofree char *sql = g_strdup_printf ("SELECT local_id FROM task WHERE crm_id = %" G_GINT64_FORMAT
                                              " UNION ALL SELECT 0 LIMIT 1", task->id);
      gint64 id = sim_world_get_count (world, sql);
      g_auto (SimRow) row = { FALSE };
      guint as_new = GPOINTER_TO_UINT (g_hash_table_lookup (world->merge->as_new, GSIZE_TO_POINTER (task->creator)));
      guint made = 0;

      /* Whoever renames, moves or deletes what is in doubt makes it unknowable, also when it is edited here later. */
      for (guint j = 0; task->creator != 0 && j < world->crm->tasks->len; j++)
        {
          const SimCrmTask *other = world->crm->tasks->pdata[j];

          made += other->creator == task->creator && !other->gone && !other->unknowable;
        }
      if (made > 1 + as_new)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " was made %u times", task->creator, made);

      if (task->gone && id != 0)
        sim_world_fail (world, "#%" G_GINT64_FORMAT " was deleted there, and is task %" G_GINT64_FORMAT " here", task->id, id);
      if (task->gone)
        continue;
      if (id == 0)
        {
          sim_world_fail (world, "#%" G_GINT64_FORMAT " is on the CRM, and is no task here", task->id);
          continue;
        }

      sim_row_read (&row, world, id);
      if (row.state != CRM_SYNC_SYNCED)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is %s in the end", id, crm_sync_state_get_nick (row.state));
      else if (crm_likeness_compare (row.values, task->values) != 0)
        {
          g_autofree char *there = sim_values_to_string (task->values);
          g_autofree char *here = sim_values_to_string (row.values);

          sim_world_fail (world, "Task %" G_GINT64_FORMAT " is %s, and #%" G_GINT64_FORMAT " there is %s", id, here, task->id, there);
        }
    }

  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE crm_id IS NULL") > 0)
    sim_world_fail (world, "A task was never sent");
}

static void
check_edits (SimWorld *world)
{
  SimMerge *self = world->merge;
  GHashTableIter iter;
  gpointer key, value;

  /* What was written here last is what the CRM got, or was given up by a choice. */
  g_hash_table_iter_init (&iter, self->last);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (!g_hash_table_contains (self->discarded, GSIZE_TO_POINTER (g_ascii_strtoll (key, NULL, 10))) &&
        sim_merge_is_written_here (value) && !g_hash_table_contains (self->applied, value) && !g_hash_table_contains (self->given_up, value))
      {
        g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE local_id = %" G_GINT64_FORMAT,
                                                g_ascii_strtoll (key, NULL, 10));

        sim_world_fail (world, "%s was written here (%s), and never reached the CRM%s", (char *) value, (char *) key,
                        sim_world_get_count (world, sql) == 0 ? "; the task is gone" : "");
      }
}

static void
end (SimWorld *world)
{
  SimApp *app;

  sim_world_trace (world, "THE END BEGINS");
  world->ending = TRUE;
  world->crm->mode = SIM_MODE_HEALTHY;
  world->crm->refuses_lists = FALSE;
  world->disk_full = 0;
  if (world->apps->len == 0)
    start (world);

  app = world->apps->pdata[0];
  crm_puller_set_interval (crm_sync_service_get_puller (app->service), 0);
  crm_sync_service_set_held (app->service, FALSE);
  for (guint i = 0; i < MOST_ROUNDS && world->failure == NULL; i++)
    {
      gint64 asked, unconfirmed;

      calm_down (world);
      crm_puller_pull (crm_sync_service_get_puller (app->service), TRUE);
      calm_down (world);
      asked = choose_local (world, "state = 'failed'");
      unconfirmed = choose_local (world, "state = 'unconfirmed'");
      if (asked == 0 && unconfirmed == 0 && i > 1)
        break;
      if (asked != 0)
        answer_here (world, app, asked);
      else if (unconfirmed != 0)
        settle_here (world, app, unconfirmed);
    }

  /* Twice within ten minutes: what was new to the first is listed by the second. */
  world->now += 11 * SIM_MINUTE;
  for (guint i = 0; i < 2 && world->failure == NULL; i++)
    {
      crm_puller_pull (crm_sync_service_get_puller (app->service), TRUE);
      calm_down (world);
    }
  if (world->failure != NULL)
    return;
  check_tasks (world);
  check_edits (world);
}

static void
plan (SimWorld *world,
      gint64    length,
      guint     least,
      guint     most,
      SimFunc   func)
{
  for (gint64 n = sim_world_range (world, least, most); n > 0; n--)
    sim_world_call (world, sim_world_range (world, 0, length), func, world);
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
sim_merge_run (guint64     seed,
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
  world->merge = sim_merge_new ();
  /* What it fills in by itself is nobody's word. */
  world->crm->trims = FALSE;
  world->disk_speed = sim_world_range (world, 0, 200) * 1000;
  for (gint64 n = sim_world_range (world, 1, 8); n > 0; n--)
    on_colleague (world);

  start (world);
  until = world->now + sim_world_range (world, 2, 30) * SIM_MINUTE;
  plan (world, until - world->now, 3, 25, on_person);
  plan (world, until - world->now, 3, 25, on_colleague);
  plan (world, until - world->now, 0, 8, on_pull);
  plan (world, until - world->now, 0, 6, on_hold);
  if (sim_world_chance (world, 40))
    plan (world, until - world->now, 0, 4, on_crash);
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
      GChecksum *copy = g_checksum_copy (world->story);

      *story = g_strdup (g_checksum_get_string (copy));
      g_checksum_free (copy);
    }
  world->ending = TRUE;
  {
    SimMerge *merge = world->merge;

    sim_world_free (world);
    sim_merge_free (merge);
  }
  remove_files (folder);

  return failure;
}

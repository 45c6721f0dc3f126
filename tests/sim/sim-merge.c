/* sim-merge.c: worlds in which a second person edits on the CRM, and the app pulls
 *
 * Whatever anybody writes is written once in a world, and says by itself who wrote it: so that it can be told what was
 * overwritten, by whom, and whether that was known here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-merge.h"

#include "model/crm-likeness.h"
#include "model/crm-shown-text.h"
#include "model/crm-task-json.h"
#include "store/crm-inbox.h"

#include <glib/gstdio.h>
#include <string.h>

#define CALM_AT_LAST (3 * 60 * SIM_MINUTE)
#define MOST_ROUNDS 60

/* Those that are tried; of the owners the lead stands for all. */
static const CrmFieldId fields[] = {
  CRM_FIELD_NAME, CRM_FIELD_END_DATETIME, CRM_FIELD_LEAD, CRM_FIELD_ASSIGNED_USER, CRM_FIELD_DESCRIPTION,
};

struct _SimMerge
{
  guint       last_value;   /* counts what was written, so that no two are the same */
  guint       serial;       /* counts commits */
  GHashTable *known;        /* "crm id/field/value" → the commit since which the CRM's value is known here */
  GHashTable *written;      /* value → the commit that saved what the person wrote */
  GHashTable *chosen;       /* "local id/field" → the commit that ended a conflict by the person's word */
  GHashTable *choosing;     /* local id → fields in which the CRM's values were chosen, plus 1 << 31 */
  GHashTable *applied;      /* values that the CRM ever got of the app */
  GHashTable *given_up;     /* values of the person's that the CRM's were chosen over */
  GHashTable *last;         /* "local id/field" → the value in the row */
  GHashTable *past;         /* "local id/field/value": that were there before */
  GHashTable *rows;         /* crm ids that have a row */
  GHashTable *conflicts;    /* local id → the mask */
  GHashTable *attempts;     /* attempt id → the commit of its claim */
  GHashTable *discarded;    /* local ids */
  GHashTable *as_new;       /* local id → how often it was sent as a new task */
  gint64      last_attempt;
};

static char *
write_value (const CrmValues *values,
             CrmFieldId       field)
{
  if (!crm_values_has (values, field))
    return g_strdup ("");
  if (crm_field_type_is_number (crm_field_get (field)->type))
    return g_strdup_printf ("%u=%" G_GINT64_FORMAT, field, crm_values_get_number (values, field));

  {
    g_autofree char *plain = crm_text_from_html (crm_values_get_text (values, field));

    return g_strdup_printf ("%u=%s", field, g_strstrip (plain));
  }
}

/* Even ones are written here, odd ones there. */
static void
invent (SimWorld   *world,
        CrmValues  *values,
        CrmFieldId  field,
        gboolean    here)
{
  guint n = ++world->merge->last_value * 2 + (here ? 0 : 1);
  g_autoptr (GDateTime) base = g_date_time_new_utc (2027, 1, 1, 0, 0, 0);
  g_autoptr (GDateTime) due = g_date_time_add_seconds (base, n);
  g_autofree char *text = NULL;

  switch ((int) field)
    {
    case CRM_FIELD_NAME:
      text = g_strdup_printf ("Task %u", n);
      break;
    case CRM_FIELD_END_DATETIME:
      text = g_date_time_format (due, "%Y-%m-%d %H:%M:%S");
      break;
    case CRM_FIELD_DESCRIPTION:
      text = g_strdup_printf ("About %u", n);
      break;
    case CRM_FIELD_LEAD:
      /* Beyond 900 nobody exists. */
      crm_values_set_number (values, field, n % 900);
      return;
    default:
      crm_values_set_number (values, field, n);
      return;
    }
  crm_values_set_text (values, field, text);
}

static gboolean
is_written_here (const char *value)
{
  gint64 n;

  if (*value == '\0')
    return FALSE;
  if (g_str_has_prefix (value, "1="))
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
      g_autofree char *iso = g_strdelimit (g_strdup (value + 2), " ", 'T');
      g_autoptr (GDateTime) due = g_date_time_new_from_iso8601 (iso, utc);

      n = due != NULL ? g_date_time_to_unix (due) : 1;
    }
  else
    n = g_ascii_strtoll (value + strcspn (value, "=") + 1 + strcspn (strchr (value, '=') + 1, "0123456789"), NULL, 10);

  return n % 2 == 0;
}

static guint
get_serial (GHashTable *table,
            const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static void
note_first (GHashTable *table,
            char       *key,
            guint       serial)
{
  if (g_hash_table_contains (table, key))
    g_free (key);
  else
    g_hash_table_insert (table, key, GUINT_TO_POINTER (serial));
}

static SimMerge *
merge_new (void)
{
  SimMerge *self = g_new0 (SimMerge, 1);
  GHashTable **tables[] = { &self->known, &self->written, &self->chosen, &self->applied, &self->given_up, &self->last, &self->past };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    *tables[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tables[i] == &self->last ? g_free : NULL);
  self->choosing = g_hash_table_new (NULL, NULL);
  self->rows = g_hash_table_new (NULL, NULL);
  self->conflicts = g_hash_table_new (NULL, NULL);
  self->attempts = g_hash_table_new (NULL, NULL);
  self->as_new = g_hash_table_new (NULL, NULL);
  self->discarded = g_hash_table_new (NULL, NULL);
  self->serial = 1;

  return self;
}

static void
merge_free (SimMerge *self)
{
  GHashTable *tables[] = { self->known, self->written, self->chosen, self->applied, self->given_up, self->last, self->past,
                           self->choosing, self->rows, self->conflicts, self->attempts, self->as_new, self->discarded };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (tables[i]);
  g_free (self);
}

/* What is known here of what the CRM has. */
static void
note_known (SimWorld   *world,
            gint64      crm_id,
            const char *json,
            CrmValues  *values)
{
  CrmFieldMask mask = CRM_FIELDS_ALL;
  g_autoptr (CrmValues) known = json != NULL ? crm_task_json_read_body (json, &mask) : crm_values_copy (values);

  for (guint i = 0; known != NULL && i < G_N_ELEMENTS (fields); i++)
    if ((mask & CRM_FIELD_BIT (fields[i])) != 0)
      {
        g_autofree char *value = write_value (known, fields[i]);

        note_first (world->merge->known, g_strdup_printf ("%" G_GINT64_FORMAT "/%s", crm_id, value), world->merge->serial);
      }
}

/* One field of a row, after a commit. */
static void
look_at_field (SimWorld   *world,
               gint64      local_id,
               CrmFieldId  field,
               const char *value,
               gboolean    was_chosen)
{
  SimMerge *self = world->merge;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT "/%u", local_id, field);
  const char *before = g_hash_table_lookup (self->last, key);

  if (g_strcmp0 (before, value) == 0)
    return;

  if (before != NULL)
    {
      char *past = g_strconcat (key, "/", before, NULL);
      g_autofree char *present = g_strconcat (key, "/", value, NULL);

      if (was_chosen && is_written_here (before))
        g_hash_table_add (self->given_up, g_strdup (before));
      if (*value != '\0' && !was_chosen && g_hash_table_contains (self->past, present))
        sim_world_fail (world, "Task %" G_GINT64_FORMAT ": an older value came back: %s after %s", local_id, value, before);
      if (is_written_here (before) && !is_written_here (value) && !was_chosen && !g_hash_table_contains (self->applied, before))
        sim_world_fail (world, "Task %" G_GINT64_FORMAT ": %s was written here, and gave way to %s unsent", local_id, before, value);
      g_hash_table_add (self->past, past);
    }
  if (is_written_here (value))
    note_first (self->written, g_strdup (value), self->serial);
  g_hash_table_insert (self->last, g_steal_pointer (&key), g_strdup (value));
}

static void
look_at_row (SimWorld     *world,
             sqlite3_stmt *stmt,
             GHashTable   *rows)
{
  SimMerge *self = world->merge;
  gint64 local_id = sqlite3_column_int64 (stmt, 0);
  gint64 crm_id = sqlite3_column_int64 (stmt, 1);
  const char *confirmed = (const char *) sqlite3_column_text (stmt, 2);
  CrmFieldMask conflict = (CrmFieldMask) sqlite3_column_int64 (stmt, 3);
  const char *theirs = (const char *) sqlite3_column_text (stmt, 4);
  CrmFieldMask before = GPOINTER_TO_UINT (g_hash_table_lookup (self->conflicts, GSIZE_TO_POINTER (local_id)));
  guint choosing = GPOINTER_TO_UINT (g_hash_table_lookup (self->choosing, GSIZE_TO_POINTER (local_id)));
  gboolean was_chosen = before != 0 && conflict == 0 && choosing != 0;
  g_auto (SimRow) row = { FALSE };

  sim_row_read (&row, world, local_id);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *value = write_value (row.values, fields[i]);
      gboolean of_conflict = was_chosen && (before & CRM_FIELD_BIT (fields[i])) != 0;

      look_at_field (world, local_id, fields[i], value, of_conflict && (choosing & CRM_FIELD_BIT (fields[i])) != 0);
      if (of_conflict)
        g_hash_table_insert (self->chosen, g_strdup_printf ("%" G_GINT64_FORMAT "/%u", local_id, fields[i]),
                             GUINT_TO_POINTER (self->serial));
    }

  if (crm_id != 0)
    {
      g_hash_table_add (rows, GSIZE_TO_POINTER (crm_id));
      /* A value that is not confirmed is nobody's word but ours. */
      if (confirmed != NULL || row.dirty == 0)
        note_known (world, crm_id, confirmed, row.values);
      if (theirs != NULL)
        note_known (world, crm_id, theirs, NULL);
    }
  g_hash_table_insert (self->conflicts, GSIZE_TO_POINTER (local_id), GUINT_TO_POINTER (conflict));
}

void
sim_merge_after_commit (SimWorld *world)
{
  SimMerge *self = world->merge;
  g_autoptr (GHashTable) rows = g_hash_table_new (NULL, NULL);
  sqlite3_stmt *stmt = NULL;
  GHashTableIter iter;
  gpointer key;

  self->serial++;
  sqlite3_prepare_v2 (world->db, "SELECT local_id, crm_id, confirmed, conflict, theirs FROM task", -1, &stmt, NULL);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    look_at_row (world, stmt, rows);
  sqlite3_finalize (stmt);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (rows, key) && sim_crm_find (world->crm, GPOINTER_TO_SIZE (key)) != NULL)
      sim_world_fail (world, "#%" G_GSIZE_FORMAT " is on the CRM, and went from here", GPOINTER_TO_SIZE (key));
  g_hash_table_unref (self->rows);
  self->rows = g_steal_pointer (&rows);

  stmt = NULL;
  sqlite3_prepare_v2 (world->db, "SELECT attempt_id FROM attempt WHERE attempt_id > ?1 ORDER BY attempt_id", -1, &stmt, NULL);
  sqlite3_bind_int64 (stmt, 1, self->last_attempt);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      self->last_attempt = sqlite3_column_int64 (stmt, 0);
      g_hash_table_insert (self->attempts, GSIZE_TO_POINTER (self->last_attempt), GUINT_TO_POINTER (self->serial));
    }
  sqlite3_finalize (stmt);

  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE conflict <> 0 AND state IN ('queued', 'sending', 'synced')") > 0)
    sim_world_fail (world, "A task that was changed on both sides is sent, or about to be, without asking");
}

/* The CRM takes what was sent: over what? */
void
sim_merge_written (SimWorld         *world,
                   const SimCrmTask *task,
                   const CrmValues  *sent,
                   CrmFieldMask      mask,
                   const SimSend    *send)
{
  SimMerge *self = world->merge;
  guint claimed = GPOINTER_TO_UINT (g_hash_table_lookup (self->attempts, GSIZE_TO_POINTER (send->attempt_id)));

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *old = task != NULL ? write_value (task->values, fields[i]) : g_strdup ("");
      g_autofree char *new = write_value (sent, fields[i]);
      g_autofree char *known_key = g_strdup_printf ("%" G_GINT64_FORMAT "/%s", task != NULL ? task->id : 0, old);
      g_autofree char *chosen_key = g_strdup_printf ("%" G_GINT64_FORMAT "/%u", send->local_id, fields[i]);
      guint known;

      if ((mask & CRM_FIELD_BIT (fields[i])) == 0)
        continue;
      /* A colleague's value may be ours by now: of a task that was deleted, and sent as a new one. */
      if (g_hash_table_contains (self->applied, old))
        g_clear_pointer (&old, g_free);
      if (old == NULL)
        old = g_strdup ("");
      g_hash_table_add (self->applied, g_strdup (new));
      if (task == NULL || g_str_equal (old, new))
        continue;

      if (!is_written_here (new) && *old != '\0')
        sim_world_fail (world, "#%" G_GINT64_FORMAT ": %s was never written here, and overwrites %s", task->id, new, old);
      if (*old == '\0' || is_written_here (old))
        continue;
      known = get_serial (self->known, known_key);
      if (known != 0 && known < claimed && get_serial (self->written, new) < known && get_serial (self->chosen, chosen_key) < known)
        sim_world_fail (world, "#%" G_GINT64_FORMAT ": %s overwrites %s of a colleague, which was known, without asking", task->id,
                        new, old);
    }
}

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

  invent (world, values, CRM_FIELD_NAME, TRUE);
  invent (world, values, CRM_FIELD_END_DATETIME, TRUE);
  if (sim_world_chance (world, 50))
    invent (world, values, CRM_FIELD_LEAD, TRUE);
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
      CrmFieldId field = fields[sim_world_range (world, 0, G_N_ELEMENTS (fields) - 1)];

      invent (world, values, field, TRUE);
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

  if (asked != 0 && sim_world_chance (world, 40))
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

      invent (world, values, CRM_FIELD_NAME, FALSE);
      invent (world, values, CRM_FIELD_END_DATETIME, FALSE);
      if (sim_world_chance (world, 50))
        invent (world, values, CRM_FIELD_LEAD, FALSE);
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
      CrmFieldId field = fields[sim_world_range (world, 0, G_N_ELEMENTS (fields) - 1)];

      invent (world, task->values, field, FALSE);
      task->modified = world->now;
      task->theirs |= CRM_FIELD_BIT (field);
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

      /* Whoever renames, moves or deletes what is in doubt makes it unknowable. */
      for (guint j = 0; task->creator != 0 && j < world->crm->tasks->len; j++)
        {
          const SimCrmTask *other = world->crm->tasks->pdata[j];

          made += other->creator == task->creator && !other->gone &&
                  (other->theirs & (CRM_FIELD_BIT (CRM_FIELD_NAME) | CRM_FIELD_BIT (CRM_FIELD_END_DATETIME))) == 0;
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
        is_written_here (value) && !g_hash_table_contains (self->applied, value) && !g_hash_table_contains (self->given_up, value))
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
  world->merge = merge_new ();
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
    merge_free (merge);
  }
  remove_files (folder);

  return failure;
}

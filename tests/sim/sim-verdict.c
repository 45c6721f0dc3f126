/* sim-verdict.c: whether the promises were kept, when a world has come to rest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

#include "store/crm-entry.h"

static gboolean
is_same (const CrmValues *there,
         const CrmValues *wanted,
         CrmFieldId       field)
{
  if (!crm_values_has (there, field) || !crm_values_has (wanted, field))
    return crm_values_has (there, field) == crm_values_has (wanted, field);
  if (crm_field_type_is_number (crm_field_get (field)->type))
    return crm_values_get_number (there, field) == crm_values_get_number (wanted, field);

  return g_str_equal (crm_values_get_text (there, field), crm_values_get_text (wanted, field));
}

static void
check_synced (SimWorld        *world,
              const SimIntent *intent,
              const SimRow    *row)
{
  SimCrmTask *task = NULL;

  for (guint i = 0; i < world->crm->tasks->len; i++)
    if (((SimCrmTask *) world->crm->tasks->pdata[i])->id == row->crm_id)
      task = world->crm->tasks->pdata[i];

  if (task == NULL)
    {
      sim_world_fail (world, "Task %" G_GINT64_FORMAT " is said to be #%" G_GINT64_FORMAT ", which isn’t there",
                      intent->local_id, row->crm_id);
      return;
    }
  if (row->dirty != 0 || row->problem_class != NULL)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent, but has something open", intent->local_id);

  /* Of two that differ only in what the CRM fills in, the other one may have been found. */
  for (guint i = 0; i < CRM_N_FIELDS && !task->gone; i++)
    if (row->adopted && (SIM_FILLED_IN & CRM_FIELD_BIT (i)) != 0 && !crm_values_has (intent->want, i))
      continue;
    else if (((task->theirs | intent->given_up) & CRM_FIELD_BIT (i)) == 0 && ((task->ours & CRM_FIELD_BIT (i)) != 0 || crm_values_has (row->values, i)) &&
        !is_same (task->values, intent->want, i))
      {
        g_autofree char *there = sim_values_to_string (task->values);
        g_autofree char *want = sim_values_to_string (intent->want);

        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent, but %s differs: #%" G_GINT64_FORMAT " is %s, wanted is %s",
                        intent->local_id, crm_field_get (i)->key, task->id, there, want);
        return;
      }
}

static void
check_failed (SimWorld        *world,
              const SimIntent *intent,
              const SimRow    *row)
{
  gboolean was_rejected = FALSE;
  guint refusals = 0;

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *send = world->all_sends->pdata[i];

      if (send->local_id != intent->local_id || send->answered_at == 0)
        continue;
      refusals += send->klass == CRM_ANSWER_ACCOUNT;
      was_rejected = was_rejected || (send->klass == CRM_ANSWER_REJECTED && send->code == row->problem_code);
    }

  if (row->problem_class == NULL)
    return;

  if (g_str_equal (row->problem_class, "rejected"))
    {
      if (row->problem_code != 0 ? !was_rejected : refusals < 2)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is said to be rejected (%" G_GINT64_FORMAT ", %" G_GINT64_FORMAT
                        "), but wasn’t", intent->local_id, row->problem_error_code, row->problem_code);
    }
  else if (row->failures < CRM_MOST_FAILURES)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is given up after %" G_GINT64_FORMAT " failures", intent->local_id,
                    row->failures);
}

static gboolean
is_cursed (SimWorld     *world,
           const SimRow *row)
{
  const SimCrmTask *there = row->crm_id != 0 ? sim_crm_find (world->crm, row->crm_id) : NULL;

  return sim_crm_curses (row->values) || (there != NULL && sim_crm_curses (there->values));
}

/* From three on that only ever get a 500 the CRM as a whole is in trouble (API.md §1): they wait, and others get through. */
static gboolean
is_everyones_trouble (SimWorld     *world,
                      const SimRow *row)
{
  guint n = 0;

  for (guint i = 0; i < world->all_intents->len; i++)
    {
      const SimIntent *intent = world->all_intents->pdata[i];
      g_auto (SimRow) other = { FALSE };

      sim_row_read (&other, world, intent->local_id);
      n += other.exists && (other.state == CRM_SYNC_QUEUED || other.state == CRM_SYNC_UNCONFIRMED) &&
           is_cursed (world, &other);
    }

  return n >= 3 && is_cursed (world, row);
}

static void
check_intent (SimWorld  *world,
              SimIntent *intent)
{
  g_auto (SimRow) row = { FALSE };

  sim_intent_catch_up (world, intent);
  sim_row_read (&row, world, intent->local_id);

  if (!row.exists)
    {
      if (!intent->removed)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is lost", intent->local_id);
      return;
    }
  if (intent->removed)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is there again", intent->local_id);
  if (intent->draft != (row.state == CRM_SYNC_DRAFT))
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is %s, and should%s be a draft", intent->local_id,
                    crm_sync_state_get_nick (row.state), intent->draft ? "" : "n’t");
  if (!intent->discarding && crm_values_compare (row.values, intent->want) != 0)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is not what was last saved", intent->local_id);

  switch (row.state)
    {
    case CRM_SYNC_SYNCED:
      check_synced (world, intent, &row);
      break;

    case CRM_SYNC_FAILED:
      check_failed (world, intent, &row);
      break;

    case CRM_SYNC_QUEUED:
    case CRM_SYNC_SENDING:
    case CRM_SYNC_UNCONFIRMED:
      if (is_everyones_trouble (world, &row))
        break;
      sim_world_fail (world, "Task %" G_GINT64_FORMAT " is still %s, though the CRM is well", intent->local_id,
                      crm_sync_state_get_nick (row.state));
      break;

    case CRM_SYNC_DRAFT:
    case CRM_SYNC_REMOVED:
    default:
      break;
    }
}

/* Every task that the app made on the CRM belongs to one here, but for what the person did to double it. */
static void
check_doubled (SimWorld *world,
               guint     family)
{
  guint orphans = 0, excuses = 0;
  gint64 orphan = 0;

  for (guint i = 0; i < world->all_intents->len; i++)
    {
      const SimIntent *intent = world->all_intents->pdata[i];

      if (intent->family == family)
        excuses += intent->excuses;
    }

  for (guint i = 0; i < world->crm->tasks->len; i++)
    {
      const SimCrmTask *task = world->crm->tasks->pdata[i];
      const SimIntent *creator = sim_world_get_intent (world, task->creator);
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE crm_id = %" G_GINT64_FORMAT, task->id);

      if (task->family != family || task->gone)
        continue;
      /* An equal one of a colleague’s may have been taken for ours. */
      if (creator == NULL)
        excuses += sim_world_get_count (world, sql) > 0;
      else if (!creator->sure && sim_world_get_count (world, sql) == 0)
        {
          orphans++;
          orphan = task->id;
        }
    }

  if (orphans > excuses)
    sim_world_fail (world, "Something is doubled: #%" G_GINT64_FORMAT " was made on the CRM, and is no task here", orphan);
}

static void
check_integrity (SimWorld *world)
{
  sqlite3_stmt *stmt = NULL;

  sqlite3_prepare_v2 (world->db, "PRAGMA integrity_check", -1, &stmt, NULL);
  if (sqlite3_step (stmt) != SQLITE_ROW || g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "ok") != 0)
    sim_world_fail (world, "The database is damaged");
  sqlite3_finalize (stmt);
}

void
sim_judge_end (SimWorld *world)
{
  sim_judge_check (world);
  for (guint i = 0; i < world->all_intents->len; i++)
    check_intent (world, world->all_intents->pdata[i]);
  for (guint i = 1; i <= world->families; i++)
    check_doubled (world, i);
  if (world->seed % 20 == 0)
    check_integrity (world);
}

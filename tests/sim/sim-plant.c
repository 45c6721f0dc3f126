/* sim-plant.c: faults of an app that the judge must find
 *
 * They act on the database from outside, as a wrong line in the app would from inside.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

static const char *const statements[SIM_N_PLANTS] = {
  [SIM_PLANT_SKIP_LOOK] =
      "UPDATE task SET state = 'queued', released = 1, problem_class = NULL, problem_message = NULL"
      " WHERE state = 'unconfirmed' AND released = 0",
  [SIM_PLANT_OLD_REVISION] =
      "UPDATE task SET state = 'synced', dirty = 0, uncertain = 0, confirmed = NULL"
      " WHERE state = 'queued' AND crm_id IS NOT NULL AND dirty <> 0 AND"
      " (SELECT class = 'accepted' AND attempt.revision < task.revision FROM attempt"
      " WHERE attempt.local_id = task.local_id ORDER BY attempt_id DESC LIMIT 1)",
  [SIM_PLANT_REQUEUE_CUT] =
      "UPDATE task SET state = 'queued', may_be_there = 0, problem_class = NULL, problem_message = NULL"
      " WHERE state = 'unconfirmed'",
  [SIM_PLANT_LOSE] = "DELETE FROM task WHERE state = 'queued' AND local_id % 3 = 0",
  [SIM_PLANT_ALL_FIELDS] = "UPDATE task SET dirty = 1023 WHERE state = 'queued' AND crm_id IS NOT NULL AND dirty <> 1023",
  [SIM_PLANT_BLAME_ALL] =
      "UPDATE task SET failures = failures + 1 WHERE state = 'queued' AND failures = 0 AND EXISTS"
      " (SELECT 1 FROM queue WHERE pause_class IN ('account', 'clock', 'not-sent', 'not-a-crm'))",
  [SIM_PLANT_STALL] =
      "UPDATE task SET next_attempt = 9000000000000000, set_at = 0 WHERE state = 'queued' AND next_attempt <> 9000000000000000"
      " AND local_id % 3 = 0",
  [SIM_PLANT_NO_CONFLICT] =
      "UPDATE task SET state = 'queued', conflict = 0, theirs = NULL, problem_class = NULL, problem_message = NULL,"
      " problem_more = NULL WHERE conflict <> 0",
  [SIM_PLANT_FORGET] =
      "UPDATE task SET state = 'synced', dirty = 0, uncertain = 0, confirmed = NULL WHERE state = 'queued' AND crm_id IS NOT NULL"
      " AND local_id % 2 = 0",
  [SIM_PLANT_UNWHOLE] = "DELETE FROM pull_seen WHERE list = 'tasks' AND crm_id % 3 = 0"
                        " AND (SELECT phase FROM pull WHERE list = 'tasks') = 2",
  [SIM_PLANT_RESEND_BATCH] =
      "UPDATE task SET state = 'queued', may_be_there = 0, problem_class = NULL, problem_message = NULL"
      " WHERE state = 'unconfirmed' AND local_id IN (SELECT local_id FROM attempt WHERE batch_id IS NOT NULL)",
  [SIM_PLANT_NAMELESS] = "UPDATE batch SET async_id = NULL WHERE async_id IS NOT NULL",
  [SIM_PLANT_BREAK_BATCH] =
      "UPDATE task SET state = 'queued', attempt_id = NULL WHERE state = 'sending' AND attempt_id IN"
      " (SELECT attempt_id FROM attempt JOIN batch USING (batch_id) WHERE async_id IS NOT NULL)",
};

void
sim_plant_after_commit (SimWorld *world)
{
  if (statements[world->plant] == NULL || world->db == NULL)
    return;

  if (sqlite3_exec (world->db, statements[world->plant], NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (world->db));
  if (sqlite3_changes (world->db) > 0)
    {
      sqlite3_exec (world->db, "UPDATE state_count SET n = (SELECT count (*) FROM task WHERE task.state = state_count.state)", NULL,
                    NULL, NULL);
      sim_world_trace (world, "(the planted fault acts)");
      world->planted = TRUE;
    }
}

/* test-sync-batches.c: many adds in one request, against a practice CRM that does what it should, and what it shouldn't
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "sync/crm-sync-service-private.h"

#include <string.h>

#define RUN "/api/1.0/batch?action=run"
#define PROGRESS "/api/1.0/batch?action=progress"
#define RESULTS "/api/1.0/batch?action=results"

/* One of them goes alone before the batch is considered. */
#define N_TASKS 12

static void
start (Bench *bench)
{
  bench_start (bench);
  crm_batch_sender_set_limits (crm_sync_service_get_batches (bench->service), 2, 0);
}

/* As a process that is killed: nothing is waited for. */
static void
crash (Bench *bench)
{
  g_signal_handlers_disconnect_by_data (bench->service, bench);
  g_object_run_dispose (G_OBJECT (bench->service));
  g_clear_object (&bench->service);
}

static gint64
add_many (Bench *bench)
{
  gint64 last = 0;

  for (guint i = 1; i <= N_TASKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("task <%u>", i);

      last = bench_add (bench, name);
    }

  return last;
}

static void
wait_for_rest (Bench *bench)
{
  bench_wait (bench, bench_count (bench, CRM_SYNC_QUEUED) + bench_count (bench, CRM_SYNC_SENDING) +
                             bench_count (bench, CRM_SYNC_UNCONFIRMED) == 0 &&
                         crm_sync_service_get_in_flight (bench->service) == 0 &&
                         !crm_sync_service_is_settling (bench->service));
}

/* The CRM is at it, as it says, until the faults are cleared. */
static void
hold_up (Bench *bench)
{
  bench_fault (bench, "specific=24114,action=results,times=0");
  bench_fault (bench, "times=0,action=progress,raw=200:application/json:{\"progress\": 33}");
}

static guint
count_runs (Bench *bench)
{
  return crm_practice_server_count_requests (bench->server, RUN);
}

/* Every task is there once. */
static void
assert_all_there (Bench *bench)
{
  for (guint i = 1; i <= N_TASKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("task <%u>", i);
      g_autoptr (CrmTask) task = bench_read (bench, i);
      g_autoptr (JsonObject) there = NULL;

      g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_SYNCED);
      there = bench_get_there (bench, crm_task_get_crm_id (task));
      g_assert_cmpstr (json_object_get_string_member (there, "name"), ==, name);
    }
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, N_TASKS);
}

static void
test_accepted (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autofree char *history = NULL;

  add_many (bench);
  start (bench);
  wait_for_rest (bench);
  assert_all_there (bench);
  g_assert_cmpuint (count_runs (bench), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_requests (bench->server, RESULTS), <=, 2);
  history = bench_get_history (bench, N_TASKS);
  g_assert_cmpstr (history, ==, "accepted");
  /* What is told of each is told of those in a batch as well. */
  g_assert_cmpuint (bench->records->len, ==, N_TASKS);
}

/* What one of them meets is its own. */
static void
test_one_bad (void)
{
  static const struct
  {
    const char *fault;
    const char *history;
    gboolean    fails;
  } rows[] = {
    { "specific=24395,action=job,name=<5>", "rejected", TRUE },
    { "500,action=job,name=<5>", "trouble accepted", FALSE },
    { "create-then-500,action=job,name=<5>", "trouble", FALSE },
    { "cut-after,action=job,name=<5>", "unconfirmed", FALSE },
    { "malformed,action=job,name=<5>", "unconfirmed", FALSE },
    { "id-absurd=-3,action=job,name=<5>", "unconfirmed", FALSE },
    { "success-false,action=job,name=<5>", "unconfirmed accepted", FALSE },
    { "403,action=job,name=<5>", "account accepted", FALSE },
    { "429,action=job,name=<5>", "throttled accepted", FALSE },
    { "404,action=job,name=<5>", "unconfirmed accepted", FALSE },
    { "stale,action=job,name=<5>", "clock accepted", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autofree char *history = NULL;

      g_test_message ("%s", rows[i].fault);
      bench_fault (bench, rows[i].fault);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      history = bench_get_history (bench, 5);
      g_assert_cmpstr (history, ==, rows[i].history);
      g_assert_cmpint (bench_is (bench, 5, CRM_SYNC_FAILED), ==, rows[i].fails);
      if (!rows[i].fails)
        assert_all_there (bench);
      g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, rows[i].fails ? N_TASKS - 1 : N_TASKS);
      g_assert_cmpuint (count_runs (bench), ==, 1);
      g_assert_cmpuint (bench->pauses->len, ==, 0);
    }
}

/* A CRM that takes no batches gets every task alone, and no task is blamed. */
static void
test_refused (void)
{
  static const char *const faults[] = {
    "specific=24448,action=run,times=0", "specific=24092,action=run,times=0", "specific=24093,action=run,times=0",
    "404,action=run,times=0", "501,action=run,times=0", "raw=404:text/html:<h1>Not found</h1>", "403,action=run,times=0",
    "401,action=run,times=0", "405,action=run,times=0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults) * 2; i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      const char *fault = faults[i / 2];
      g_autofree char *spec = g_str_has_prefix (fault, "raw") ? g_strconcat ("action=run,times=0,", fault, NULL) : g_strdup (fault);

      g_test_message ("%s", spec);
      crm_practice_server_set_status_mode (bench->server, i % 2 == 0);
      bench_fault (bench, spec);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (count_runs (bench), ==, 1);
      for (guint id = 1; id <= N_TASKS; id++)
        {
          g_autoptr (CrmTask) task = bench_read (bench, id);

          g_assert_cmpint (crm_task_get_attempts (task), ==, 1);
        }
    }
}

/* Trouble that hits everyone blames no one, and is over when it is over: the rest goes in a batch again. */
static void
test_passing (void)
{
  static const char *const faults[] = { "429=2,action=run", "stale,action=run" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();

      g_test_message ("%s", faults[i]);
      bench_fault (bench, faults[i]);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (count_runs (bench), >=, 2);
      for (guint id = 1; id <= N_TASKS; id++)
        {
          g_autoptr (CrmTask) task = bench_read (bench, id);

          g_assert_cmpint (crm_task_get_attempts (task), ==, 1);
        }
    }
}

/* The answer to `run` is lost: every add is looked for, and none is made twice. */
static void
test_lost (void)
{
  static const struct
  {
    const char *fault;
    gboolean    is_done;
  } rows[] = {
    { "cut-after,action=run", TRUE },
    { "cut-after=reset,action=run", TRUE },
    { "create-then-500,action=run", TRUE },
    { "malformed,action=run", TRUE },
    { "empty,action=run", TRUE },
    { "truncated,action=run", TRUE },
    { "id-absurd=7,action=run", TRUE }, /* an answer without an asyncId */
    { "specific=24091,processed=yes,action=run", TRUE },
    { "specific=24393,processed=yes,action=run", TRUE },
    { "html,processed=yes,action=run", TRUE },
    { "cut-before,action=run", FALSE },
    { "500,action=run", FALSE },
    { "503=3,action=run", FALSE },
    { "html,action=run", FALSE },
    { "redirect,action=run", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new ();

      g_test_message ("%s", rows[i].fault);
      bench_fault (bench, rows[i].fault);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (count_runs (bench), ==, 1);
      g_assert_cmpuint (bench_count_sends (bench, "task"), ==, rows[i].is_done ? 1 : N_TASKS);
      g_assert_cmpint (bench_clock_get_jump (BENCH_CLOCK (bench->clock)), >=,
                       rows[i].is_done ? 0 : 590 * G_TIME_SPAN_SECOND);
    }
}

/* Lost, and done minutes later: between two looks, the last of which comes when a batch can't be made any more. */
static void
test_lost_and_late (void)
{
  g_autoptr (Bench) bench = bench_new ();

  /* Longer in real time than the leaping clock takes for the first looks. */
  crm_practice_server_set_batch_pace (bench->server, 60, 0);
  bench_fault (bench, "cut-after,action=run");
  add_many (bench);
  start (bench);
  wait_for_rest (bench);
  assert_all_there (bench);
  g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
}

/* What it is asked for fails for a while, in every way. */
static void
test_polls_fail (void)
{
  static const char *const faults[] = {
    "500,action=progress,times=4", "cut-after,action=progress,times=4", "empty,action=progress,times=5",
    "429=2,action=progress", "401,action=progress,times=2", "404,action=progress,times=0", "html,action=progress,times=2",
    "specific=24115,action=progress,times=2", "specific=24114,action=results,times=3", "stale,action=progress",
    "500,action=results,times=5", "cut-after,action=results,times=5", "malformed,action=results,times=3",
    "truncated,action=results", "403,action=results,times=3", "huge,action=results,times=2", "503=2,action=results",
    "times=6,action=progress,raw=200:application/json:{\"progress\": 33}",
    "times=1,action=progress,raw=200:application/json:{\"progress\": \"100\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();

      g_test_message ("%s", faults[i]);
      bench_fault (bench, faults[i]);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (count_runs (bench), ==, 1);
      g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
    }
}

/* Results that nobody understands, of a batch that is completed: its adds are looked for. */
static void
test_results_never_understood (void)
{
  static const char *const faults[] = {
    "malformed,action=results,times=0", "huge,action=results,times=0", "short,action=results", "swapped,action=results",
    "times=0,action=results,raw=200:application/json:{\"results\": []}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();

      g_test_message ("%s", faults[i]);
      bench_fault (bench, faults[i]);
      add_many (bench);
      start (bench);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
    }
}

/* Nor is another put in doubt so: the rest goes alone. */
static void
test_never_again (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_fault (bench, "malformed,action=results,times=0");
  add_many (bench);
  start (bench);
  wait_for_rest (bench);
  g_assert_cmpuint (count_runs (bench), ==, 1);
  for (guint i = 0; i < 40; i++)
    bench_add (bench, "rest");
  wait_for_rest (bench);
  g_assert_cmpuint (count_runs (bench), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "rest"), ==, 40);
}

/* The CRM has forgotten it before anything of it was done, halfway, or afterwards. */
static void
test_forgotten (void)
{
  for (guint done = 0; done <= 2; done++)
    {
      g_autoptr (Bench) bench = bench_new ();
      guint there = done == 0 ? 1 : done == 1 ? 4 : N_TASKS;

      crm_practice_server_set_batch_pace (bench->server, done == 0 ? 10000 : 1, done < 2 ? 30 : 0);
      bench_fault (bench, "specific=24114,action=results,times=3");
      add_many (bench);
      start (bench);
      bench_wait (bench, crm_practice_server_count_requests (bench->server, PROGRESS) > 0 &&
                             crm_practice_server_count_tasks (bench->server) >= there);
      crm_practice_server_forget_batches (bench->server);
      wait_for_rest (bench);
      assert_all_there (bench);
      g_assert_cmpuint (count_runs (bench), ==, 1);
    }
}

/* A stop does not wait for the CRM to be done; the next start asks for what it has taken. */
static void
test_stopped (void)
{
  for (guint crashes = 0; crashes <= 1; crashes++)
    {
      g_autoptr (Bench) bench = bench_new ();

      crm_practice_server_set_batch_pace (bench->server, 60000, 0);
      add_many (bench);
      start (bench);
      bench_wait (bench, crm_practice_server_count_requests (bench->server, PROGRESS) > 0 &&
                             bench_count (bench, CRM_SYNC_SENDING) == N_TASKS - 1);
      if (crashes)
        crash (bench);
      else
        bench_stop (bench);
      g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, N_TASKS - 1);

      crm_practice_server_clear_requests (bench->server);
      start (bench);
      bench_wait (bench, crm_practice_server_count_requests (bench->server, PROGRESS) > 2);
      g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, N_TASKS - 1);
      g_assert_cmpuint (count_runs (bench), ==, 0);
    }
}

/* As before, and the CRM is done meanwhile. */
static void
test_taken_over (void)
{
  g_autoptr (Bench) bench = bench_new ();

  hold_up (bench);
  add_many (bench);
  start (bench);
  bench_wait (bench, crm_practice_server_count_requests (bench->server, PROGRESS) > 0 &&
                         bench_count (bench, CRM_SYNC_SENDING) == N_TASKS - 1);
  crash (bench);
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == N_TASKS);
  crm_practice_server_clear_faults (bench->server);
  start (bench);
  wait_for_rest (bench);
  assert_all_there (bench);
  g_assert_cmpuint (count_runs (bench), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
}

/* It ends before it has heard what the CRM calls the batch. */
static void
test_killed_unheard (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_fault (bench, "delay-after=10000,action=run");
  add_many (bench);
  start (bench);
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == N_TASKS && bench_is (bench, 1, CRM_SYNC_SYNCED));
  crash (bench);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, N_TASKS - 1);
  start (bench);
  bench_wait (bench, bench_count (bench, CRM_SYNC_SENDING) == 0);
  wait_for_rest (bench);
  assert_all_there (bench);
  g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 1);
}

/* A stop waits for the answer to `run`, and for that to be written down. */
static void
test_stopped_unheard (void)
{
  g_autoptr (Bench) bench = bench_new ();

  crm_practice_server_set_batch_pace (bench->server, 60000, 0);
  bench_fault (bench, "delay-after=100,action=run");
  add_many (bench);
  start (bench);
  bench_wait (bench, count_runs (bench) == 1 && bench_is (bench, 1, CRM_SYNC_SYNCED));
  bench_stop (bench);
  start (bench);
  bench_wait (bench, crm_practice_server_count_requests (bench->server, PROGRESS) > 0);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, N_TASKS - 1);
}

/* What people do meanwhile. */
static void
test_meanwhile (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) discarded = NULL;
  g_autoptr (JsonObject) edited = NULL;
  g_autoptr (CrmTask) task = NULL;
  gint64 fresh;

  hold_up (bench);
  bench_fault (bench, "specific=24395,action=job,name=<6>");
  bench_fault (bench, "specific=24395,action=job,name=<7>");
  add_many (bench);
  start (bench);
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == N_TASKS - 2 && bench_is (bench, 1, CRM_SYNC_SYNCED));
  bench_edit (bench, 4, CRM_FIELD_PRIORITY, "high");
  bench_edit (bench, 6, CRM_FIELD_NAME, "task <6>");
  bench_edit (bench, 6, CRM_FIELD_PRIORITY, "low");
  discarded = bench_apply (bench, 5, CRM_ACTION_DISCARD, NULL);
  g_clear_object (&discarded);
  discarded = bench_apply (bench, 7, CRM_ACTION_DISCARD, NULL);

  /* Nobody waits for a slow batch who is not in it. */
  fresh = bench_add (bench, "fresh");
  bench_wait (bench, bench_is (bench, fresh, CRM_SYNC_SYNCED));
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, N_TASKS - 1);

  crm_practice_server_clear_faults (bench->server);
  wait_for_rest (bench);
  task = bench_read (bench, 4);
  edited = bench_get_there (bench, crm_task_get_crm_id (task));
  g_assert_cmpstr (json_object_get_string_member (edited, "priority"), ==, "high");
  /* It is said that the CRM has it; the newer revision was not judged; the one that was refused is gone. */
  g_assert_true (bench_is (bench, 5, CRM_SYNC_SYNCED));
  g_assert_true (bench_find_record (bench, 5)->already_there);
  g_assert_true (bench_is (bench, 6, CRM_SYNC_SYNCED));
  g_assert_true (bench_is_gone (bench, 7));
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, N_TASKS);
}

/* The next batch, when the first has shown that they work; what was tried before goes alone. */
static void
test_many (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_fault (bench, "delay=40,times=0,action=addOrUpdateTask");
  for (guint i = 0; i < 800; i++)
    bench_add (bench, "many");
  start (bench);
  wait_for_rest (bench);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 800);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, 800);
  g_assert_cmpuint (count_runs (bench), >=, 3);
}

/* Few are due, or answers come fast: each goes alone. */
static void
test_not_worth_it (void)
{
  g_autoptr (Bench) bench = bench_new ();

  add_many (bench);
  bench_start (bench);
  crm_batch_sender_set_limits (crm_sync_service_get_batches (bench->service), N_TASKS, 0);
  wait_for_rest (bench);
  g_assert_cmpuint (count_runs (bench), ==, 0);
  bench_stop (bench);

  add_many (bench);
  bench_start (bench);
  crm_batch_sender_set_limits (crm_sync_service_get_batches (bench->service), 2, G_TIME_SPAN_MINUTE);
  wait_for_rest (bench);
  g_assert_cmpuint (count_runs (bench), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/batches/accepted", test_accepted);
  g_test_add_func ("/sync/batches/one-bad", test_one_bad);
  g_test_add_func ("/sync/batches/refused", test_refused);
  g_test_add_func ("/sync/batches/passing", test_passing);
  g_test_add_func ("/sync/batches/lost", test_lost);
  g_test_add_func ("/sync/batches/lost-and-late", test_lost_and_late);
  g_test_add_func ("/sync/batches/polls-fail", test_polls_fail);
  g_test_add_func ("/sync/batches/results-never-understood", test_results_never_understood);
  g_test_add_func ("/sync/batches/never-again", test_never_again);
  g_test_add_func ("/sync/batches/forgotten", test_forgotten);
  g_test_add_func ("/sync/batches/stopped", test_stopped);
  g_test_add_func ("/sync/batches/taken-over", test_taken_over);
  g_test_add_func ("/sync/batches/killed-unheard", test_killed_unheard);
  g_test_add_func ("/sync/batches/stopped-unheard", test_stopped_unheard);
  g_test_add_func ("/sync/batches/meanwhile", test_meanwhile);
  g_test_add_func ("/sync/batches/many", test_many);
  g_test_add_func ("/sync/batches/not-worth-it", test_not_worth_it);

  return g_test_run ();
}

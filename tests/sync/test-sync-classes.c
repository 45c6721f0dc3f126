/* test-sync-classes.c: what each class of answer does to an entry, to the queue, and to the next task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

typedef struct
{
  const char     *fault;    /* met once by the task; NULL: none */
  CrmAnswerClass  klass;
  CrmSyncState    state;    /* once the answer is stored */
  gboolean        has_error;
  CrmSyncState    end;      /* when all has come to rest */
  const char     *history;  /* by then */
  guint           n_sends;  /* likewise */
} Row;

#define FAILED(code) \
  { "specific=" code, CRM_ANSWER_REJECTED, CRM_SYNC_FAILED, TRUE, CRM_SYNC_FAILED, "rejected", 1 }
#define TWICE(fault, class_id, class_nick, state, has_error) \
  { fault, CRM_ANSWER_ ## class_id, CRM_SYNC_ ## state, has_error, CRM_SYNC_SYNCED, class_nick " accepted", 2 }
#define TROUBLE(fault) TWICE (fault, TROUBLE, "trouble", QUEUED, FALSE)
#define ACCOUNT(fault) TWICE (fault, ACCOUNT, "account", QUEUED, FALSE)

/* The rows of API.md §1 that mean the same for an add and an update. */
static const Row both[] = {
  { NULL, CRM_ANSWER_ACCEPTED, CRM_SYNC_SYNCED, FALSE, CRM_SYNC_SYNCED, "accepted", 1 },
  FAILED ("24389"),
  FAILED ("24390"),
  FAILED ("24391"),
  FAILED ("24392"),
  FAILED ("24394"),
  FAILED ("24395"),
  FAILED ("24396"),
  FAILED ("23016"),
  FAILED ("23017"),
  { "400", CRM_ANSWER_REJECTED, CRM_SYNC_FAILED, TRUE, CRM_SYNC_FAILED, "rejected", 1 },
  { "raw=422:application/json:{}", CRM_ANSWER_REJECTED, CRM_SYNC_FAILED, TRUE, CRM_SYNC_FAILED, "rejected", 1 },
  { "raw=404:application/json:{\"errorCode\":404,\"specificCode\":24392}", CRM_ANSWER_REJECTED, CRM_SYNC_FAILED, TRUE,
    CRM_SYNC_FAILED, "rejected", 1 },
  { "raw=200:application/json:{\"success\":false,\"specificCode\":24389}", CRM_ANSWER_REJECTED, CRM_SYNC_FAILED, TRUE,
    CRM_SYNC_FAILED, "rejected", 1 },
  TROUBLE ("500"),
  TROUBLE ("502"),
  TROUBLE ("503=30"),
  TROUBLE ("specific=24393"),
  TROUBLE ("raw=500:text/html:<h1>Oh</h1>"),
  TROUBLE ("raw=200:application/json:{\"errorCode\":460}"),
  TROUBLE ("raw=461:application/json:{\"errorCode\":461}"),
  TWICE ("429=7", THROTTLED, "throttled", QUEUED, FALSE),
  TWICE ("429", THROTTLED, "throttled", QUEUED, FALSE),
  TWICE ("raw=429:text/html:<h1>Slow</h1>", THROTTLED, "throttled", QUEUED, FALSE),
  ACCOUNT ("401"),
  ACCOUNT ("403"),
  ACCOUNT ("raw=200:application/json:{\"errorCode\":462}"),
  ACCOUNT ("raw=200:application/json:{\"errorCode\":463}"),
  TWICE ("stale", CLOCK, "clock", QUEUED, FALSE),
};

#define NOT_A_CRM(fault, state) TWICE (fault, NOT_A_CRM, "not-a-crm", state, FALSE)
#define UNCONFIRMED(fault, state, has_error) TWICE (fault, UNCONFIRMED, "unconfirmed", state, has_error)
/* What took effect before the answer was lost: found on the CRM, not sent again. */
#define FOUND(fault, class_id, class_nick, state, has_error) \
  { fault, CRM_ANSWER_ ## class_id, CRM_SYNC_ ## state, has_error, CRM_SYNC_SYNCED, class_nick, 1 }

static const Row adds[] = {
  NOT_A_CRM ("html", UNCONFIRMED),
  NOT_A_CRM ("redirect", UNCONFIRMED),
  NOT_A_CRM ("404", UNCONFIRMED),
  NOT_A_CRM ("405", UNCONFIRMED),
  NOT_A_CRM ("406", UNCONFIRMED),
  NOT_A_CRM ("501", UNCONFIRMED),
  NOT_A_CRM ("raw=401:text/html:<h1>Sign in</h1>", UNCONFIRMED),
  NOT_A_CRM ("raw=403:text/html:<h1>Proxy</h1>", UNCONFIRMED),
  FOUND ("html,processed=yes", NOT_A_CRM, "not-a-crm", UNCONFIRMED, FALSE),
  FOUND ("create-then-500", TROUBLE, "trouble", QUEUED, FALSE),
  UNCONFIRMED ("cut-before", UNCONFIRMED, TRUE),
  UNCONFIRMED ("cut-before=reset", UNCONFIRMED, TRUE),
  UNCONFIRMED ("success-false", UNCONFIRMED, TRUE),
  UNCONFIRMED ("raw=200:application/json:[]", UNCONFIRMED, TRUE),
  UNCONFIRMED ("raw=200::", UNCONFIRMED, TRUE),
  UNCONFIRMED ("raw=200:application/json:{\"success\":true,\"id\":7,\"errorCode\":400}", UNCONFIRMED, TRUE),
  FOUND ("cut-after", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("cut-after=reset", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("empty", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("truncated", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("malformed", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("id-absurd=0", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("id-absurd=null", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
  FOUND ("huge", UNCONFIRMED, "unconfirmed", UNCONFIRMED, TRUE),
};

static const Row updates[] = {
  NOT_A_CRM ("html", QUEUED),
  NOT_A_CRM ("redirect", QUEUED),
  NOT_A_CRM ("404", QUEUED),
  NOT_A_CRM ("405", QUEUED),
  NOT_A_CRM ("406", QUEUED),
  NOT_A_CRM ("501", QUEUED),
  TROUBLE ("create-then-500"),
  UNCONFIRMED ("cut-before", QUEUED, FALSE),
  UNCONFIRMED ("cut-after", QUEUED, FALSE),
  UNCONFIRMED ("empty", QUEUED, FALSE),
  UNCONFIRMED ("truncated", QUEUED, FALSE),
  UNCONFIRMED ("malformed", QUEUED, FALSE),
  UNCONFIRMED ("id-absurd=99", QUEUED, FALSE),
  UNCONFIRMED ("success-false", QUEUED, FALSE),
};

static void
check_pause (Bench          *bench,
             const Row      *row,
             const BenchRecord *record)
{
  gboolean pauses = row->klass == CRM_ANSWER_ACCOUNT || row->klass == CRM_ANSWER_NOT_A_CRM ||
                    row->klass == CRM_ANSWER_THROTTLED || g_strcmp0 (row->fault, "503=30") == 0;

  if (pauses)
    g_assert_cmpint (record->pause_class, ==, (int) row->klass);
  else
    g_assert_cmpint (record->pause_class, ==, -1);

  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, -1);
}

static void
check_entry (const Row         *row,
             const BenchRecord *record)
{
  const CrmProblem *problem = crm_task_get_problem (record->task);

  g_assert_cmpstr (crm_answer_class_get_nick (record->klass), ==, crm_answer_class_get_nick (row->klass));
  g_assert_cmpstr (crm_sync_state_get_nick (crm_task_get_state (record->task)), ==,
                   crm_sync_state_get_nick (row->state));
  g_assert_cmpint (problem != NULL, ==, row->has_error);
  g_assert_cmpint (crm_task_get_attempts (record->task), ==, 1);
  if (problem != NULL && g_str_has_prefix (row->fault, "specific="))
    g_assert_cmpint (problem->specific_code, ==, g_ascii_strtoll (row->fault + strlen ("specific="), NULL, 10));
}

static void
check_end (Bench     *bench,
           const Row *row,
           gint64     bad)
{
  g_autoptr (CrmTask) task = bench_read (bench, bad);
  g_autofree char *history = bench_get_history (bench, bad);

  g_assert_cmpstr (history, ==, row->history);
  g_assert_cmpint (crm_task_get_attempts (task), ==, row->n_sends);
  g_assert_cmpuint (bench_count_sends (bench, "\"bad\""), ==, row->n_sends);
  g_assert_cmpint (crm_task_get_problem (task) != NULL, ==, row->end == CRM_SYNC_FAILED);
  if (row->end == CRM_SYNC_SYNCED)
    {
      g_assert_cmpint (crm_task_get_crm_id (task), >, 0);
      g_assert_cmpuint (bench_count_there (bench, "bad"), ==, 1);
    }
}

/* A task meets the fault once, another one waits behind it. */
static void
run_row (const Row *row,
         gboolean   is_update)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 bad, good;

  g_test_message ("%s: %s", is_update ? "update" : "add", row->fault != NULL ? row->fault : "no fault");
  if (is_update)
    {
      bench_start (bench);
      bad = bench_add_synced (bench, "old");
      bench_stop (bench);
      g_ptr_array_set_size (bench->records, 0);
      bench_edit (bench, bad, CRM_FIELD_NAME, "bad");
    }
  else
    bad = bench_add (bench, "bad");
  good = bench_add (bench, "good");

  if (row->fault != NULL)
    {
      /* What is raw must come last. */
      g_autofree char *spec = g_strdup_printf ("name=bad,action=addOrUpdateTask,%s", row->fault);

      bench_fault (bench, spec);
    }

  bench_start (bench);
  bench_wait (bench, bench_is (bench, bad, row->end) && bench_is (bench, good, CRM_SYNC_SYNCED) &&
                         crm_sync_service_get_in_flight (bench->service) == 0 &&
                         crm_sync_service_get_pause_class (bench->service) == -1);

  check_entry (row, bench_find_record (bench, bad));
  check_pause (bench, row, bench_find_record (bench, bad));
  if (is_update)
    {
      g_autofree char *all = bench_get_history (bench, bad);

      g_assert_true (g_str_has_prefix (all, "accepted "));
      g_assert_cmpstr (all + strlen ("accepted "), ==, row->history);
      g_assert_cmpuint (bench_count_sends (bench, "\"bad\""), ==, row->n_sends);
      g_assert_cmpuint (bench_count_there (bench, "bad"), ==, row->end == CRM_SYNC_SYNCED ? 1 : 0);
      g_assert_cmpuint (crm_practice_server_count_requests (bench->server, TASK_LIST), ==, 0);
    }
  else
    check_end (bench, row, bad);
  g_assert_cmpuint (bench_count_there (bench, "good"), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "\"good\""), ==, 1);
}

static void
test_adds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    run_row (&both[i], FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (adds); i++)
    run_row (&adds[i], FALSE);
}

static void
test_updates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    run_row (&both[i], TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (updates); i++)
    run_row (&updates[i], TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/classes/add", test_adds);
  g_test_add_func ("/sync/classes/update", test_updates);

  return g_test_run ();
}

/* test-sync-settling.c: adds that may have reached the CRM are looked for there, and never doubled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include <string.h>

static void
wait_for_rest (Bench *bench)
{
  bench_wait (bench, bench_count (bench, CRM_SYNC_QUEUED) + bench_count (bench, CRM_SYNC_SENDING) == 0 &&
                         crm_sync_service_get_in_flight (bench->service) == 0 &&
                         !crm_sync_service_is_settling (bench->service));
}

static void
assert_sent (Bench  *bench,
             gint64  local_id)
{
  g_autoptr (CrmTask) task = bench_read (bench, local_id);

  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (task), >, 0);
}

static const CrmPracticeRequest *
find_request (Bench      *bench,
              const char *target,
              guint       nth)
{
  GPtrArray *requests = crm_practice_server_get_requests (bench->server);

  for (guint i = 0; i < requests->len; i++)
    if (g_str_equal (((CrmPracticeRequest *) requests->pdata[i])->target, target) && nth-- == 0)
      return requests->pdata[i];

  return NULL;
}

static gint64
get_date (const CrmPracticeRequest *request)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) date = NULL;

  g_assert_nonnull (request);
  date = g_date_time_new_from_iso8601 (request->ivvy_date, utc);

  return g_date_time_to_unix (date);
}

static CrmValues *
get_full_values (void)
{
  CrmValues *values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, "  Call \"Zoë\" & <Co>  ");
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, DUE);
  crm_values_set_text (values, CRM_FIELD_DESCRIPTION, "One & <two>\n\"three\"\n");
  crm_values_set_text (values, CRM_FIELD_PRIORITY, "high");
  crm_values_set_number (values, CRM_FIELD_STATUS, 2);
  crm_values_set_number (values, CRM_FIELD_ASSIGNED_USER, 2);
  crm_values_set_number (values, CRM_FIELD_COMPANY, 51);
  crm_values_set_number (values, CRM_FIELD_CONTACT, 101);

  return values;
}

/* The server trims, escapes, and gives company and contact back in other keys. */
static void
test_arrived (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmValues) values = get_full_values ();
  gint64 full, plain;
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (JsonObject) there = NULL;

  crm_practice_server_set_max_per_page (bench->server, 2);
  bench_start (bench);
  for (guint i = 0; i < 5; i++)
    bench_add_synced (bench, "other");
  bench_fault (bench, "cut-after,times=2,action=addOrUpdateTask");
  full = bench_add_values (bench, values, crm_values_get_mask (values), 0);
  plain = bench_add (bench, "plain");
  wait_for_rest (bench);

  assert_sent (bench, full);
  assert_sent (bench, plain);
  task = bench_read (bench, full);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 7);
  there = bench_get_there (bench, crm_task_get_crm_id (task));
  g_assert_cmpstr (json_object_get_string_member (there, "priority"), ==, "high");
  g_assert_cmpuint (crm_practice_server_count_requests (bench->server, ADD_OR_UPDATE), ==, 7);
}

/* Two looks at the named distances, the first by name and the second without, then it is sent again. */
static void
test_lost (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;
  gint64 sent, first, second, again;

  bench_fault (bench, "cut-before,action=addOrUpdateTask");
  bench_start (bench);
  id = bench_add (bench, "lost");
  wait_for_rest (bench);

  assert_sent (bench, id);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "lost"), ==, 2);
  g_assert_cmpuint (crm_practice_server_count_requests (bench->server, TASK_LIST), ==, 2);

  sent = get_date (find_request (bench, ADD_OR_UPDATE, 0));
  first = get_date (find_request (bench, TASK_LIST, 0));
  second = get_date (find_request (bench, TASK_LIST, 1));
  again = get_date (find_request (bench, ADD_OR_UPDATE, 1));
  g_assert_cmpint (first, <, sent + 20);
  g_assert_cmpint (second, >=, first + 19);
  g_assert_cmpint (second, >=, sent + 59);
  g_assert_cmpint (again, >=, second);
  g_assert_nonnull (strstr (find_request (bench, TASK_LIST, 0)->body, "\"lost\""));
  g_assert_null (strstr (find_request (bench, TASK_LIST, 1)->body, "lost"));
}

/* However long ago it was sent, there is time between the looks. */
static void
test_lost_long_ago (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_fault (bench, "cut-before,action=addOrUpdateTask");
  bench_fault (bench, "429=200,action=getTaskList");
  bench_start (bench);
  id = bench_add (bench, "lost");
  wait_for_rest (bench);

  assert_sent (bench, id);
  g_assert_cmpuint (crm_practice_server_count_requests (bench->server, TASK_LIST), ==, 3);
  g_assert_cmpint (get_date (find_request (bench, TASK_LIST, 1)), >=, get_date (find_request (bench, ADD_OR_UPDATE, 0)) + 199);
  g_assert_cmpint (get_date (find_request (bench, TASK_LIST, 2)), >=, get_date (find_request (bench, TASK_LIST, 1)) + 19);
}

/* It is in no list before the second look. */
static void
test_late (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  crm_practice_server_set_visibility_delay (bench->server, 1, 0);
  bench_fault (bench, "cut-after,action=addOrUpdateTask");
  bench_start (bench);
  id = bench_add (bench, "late");
  wait_for_rest (bench);
  assert_sent (bench, id);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "late"), ==, 1);
}

static void
test_created_in_trouble (void)
{
  static const char * const faults[] = { "create-then-500", "503=60,processed=yes", "specific=24393,processed=yes" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      gint64 id;

      bench_fault (bench, faults[i]);
      bench_start (bench);
      id = bench_add (bench, "made");
      wait_for_rest (bench);
      assert_sent (bench, id);
      g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
      g_assert_cmpuint (bench_count_sends (bench, "made"), ==, 1);
    }
}

/* Of equal adds some arrived; the CRM is also one that ignores filters. */
static void
test_equal_adds (void)
{
  for (guint arrived = 0; arrived <= 4; arrived++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autofree char *cut_after = g_strdup_printf ("cut-after,times=%u,action=addOrUpdateTask", arrived);
      g_autofree char *cut_before = g_strdup_printf ("cut-before,times=%u,action=addOrUpdateTask", 4 - arrived);

      crm_practice_server_set_ignore_filters (bench->server, arrived % 2 == 0);
      if (arrived > 0)
        bench_fault (bench, cut_after);
      if (arrived < 4)
        bench_fault (bench, cut_before);
      for (guint i = 0; i < 4; i++)
        bench_add (bench, "equal");
      bench_start (bench);
      wait_for_rest (bench);
      g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, 4);
      g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 4);
      g_assert_cmpuint (bench_count_sends (bench, "equal"), ==, 8 - arrived);
    }
}

/* An equal one that waits for a person does not take what can be settled. */
static void
test_equal_to_asked (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 asked, other;

  bench_fault (bench, "cut-before,action=addOrUpdateTask");
  bench_fault (bench, "403,action=getTaskList");
  bench_start (bench);
  asked = bench_add (bench, "equal");
  bench_wait (bench, bench_is (bench, asked, CRM_SYNC_UNCONFIRMED) && !crm_sync_service_is_settling (bench->service));
  bench_fault (bench, "create-then-500,action=addOrUpdateTask");
  other = bench_add (bench, "equal");
  bench_wait (bench, bench_is (bench, other, CRM_SYNC_SYNCED));
  g_assert_true (bench_is (bench, asked, CRM_SYNC_UNCONFIRMED));
  g_assert_cmpuint (bench_count_there (bench, "equal"), ==, 1);
  g_assert_cmpuint (bench_count_sends (bench, "equal"), ==, 2);
}

static void
assert_asked (Bench      *bench,
              gint64      id,
              const char *word)
{
  g_autoptr (CrmTask) task = bench_read (bench, id);
  const CrmProblem *problem = crm_task_get_problem (task);

  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_UNCONFIRMED);
  g_assert_nonnull (problem);
  g_assert_cmpint (problem->klass, ==, CRM_ANSWER_UNCONFIRMED);
  g_assert_nonnull (strstr (problem->message, word));
}

/* A colleague put it on hold before it was found. */
static void
test_near (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmTask) other = NULL;
  gint64 colleagues, mine;
  g_autofree char *number = NULL;

  bench_start (bench);
  colleagues = bench_add_synced (bench, "other");
  other = bench_read (bench, colleagues);

  crm_values_set_text (values, CRM_FIELD_NAME, "near");
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, DUE);
  crm_values_set_number (values, CRM_FIELD_STATUS, 1);
  bench_fault (bench, "cut-before,name=near");
  bench_fault (bench, "delay=500,times=1,action=getTaskList");
  mine = bench_add_values (bench, values, crm_values_get_mask (values), 0);
  bench_wait (bench, bench_is (bench, mine, CRM_SYNC_UNCONFIRMED));

  /* Another computer's task, made by hand on the CRM with another status. */
  {
    g_autoptr (Bench) there = NULL;
    g_autoptr (CrmValues) edited = crm_values_copy (values);

    crm_values_set_number (edited, CRM_FIELD_STATUS, 2);
    there = bench_new ();
    g_clear_object (&there->account);
    there->account = g_object_ref (bench->account);
    g_clear_object (&there->clock);
    there->clock = g_object_ref (bench->clock);
    bench_add_values (there, edited, crm_values_get_mask (edited), 0);
    bench_start (there);
    bench_wait (there, bench_count (there, CRM_SYNC_SYNCED) == 1);
  }

  bench_wait (bench, !crm_sync_service_is_settling (bench->service));
  number = g_strdup_printf ("#%" G_GINT64_FORMAT, crm_task_get_crm_id (other) + 1);
  assert_asked (bench, mine, number);
  g_assert_cmpuint (bench_count_sends (bench, "\"near\""), ==, 2);

  /* It blocks nobody. */
  bench_add_synced (bench, "good");
  assert_asked (bench, mine, number);
}

/* More matches than entries are a question. */
static void
test_ambiguous (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Bench) there = bench_new ();
  gint64 mine;

  g_clear_object (&there->account);
  there->account = g_object_ref (bench->account);
  g_clear_object (&there->clock);
  there->clock = g_object_ref (bench->clock);
  bench_start (there);
  bench_add_synced (there, "twin");

  bench_fault (bench, "cut-after,name=twin");
  bench_start (bench);
  mine = bench_add (bench, "twin");
  wait_for_rest (bench);
  assert_asked (bench, mine, "Several");
  g_assert_cmpuint (bench_count_there (bench, "twin"), ==, 2);
}

/* The key has no right to lists: the person decides, the rest goes on. */
static void
test_list_refused (void)
{
  static const char * const faults[] = {
    "403,times=0,action=getTaskList", "401,times=0,action=getTaskList", "404,times=0,action=getTaskList",
    "html,times=0,action=getTaskList", "500,times=0,action=getTaskList",
    "times=0,action=getTaskList,raw=200:application/json:{\"meta\":{\"totalResults\":3},\"results\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTask) task = NULL;
      gint64 id;

      g_test_message ("%s", faults[i]);
      bench_fault (bench, faults[i]);
      bench_fault (bench, "cut-after,name=mine");
      bench_start (bench);
      id = bench_add (bench, "mine");
      wait_for_rest (bench);
      assert_asked (bench, id, "list of tasks");
      bench_add_synced (bench, "good");
      g_assert_cmpuint (bench->pauses->len, ==, 0);
      g_assert_cmpuint (bench_count_sends (bench, "mine"), ==, 1);

      /* Asked to look again, when the list can be had, it is found. */
      crm_practice_server_clear_faults (bench->server);
      crm_sync_service_sync_now (bench->service);
      bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
      g_assert_cmpuint (bench_count_there (bench, "mine"), ==, 1);
    }
}

/* An add that was in doubt when its sender died. */
static void
test_found_at_next_start (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_fault (bench, "cut-after,action=addOrUpdateTask");
  bench_fault (bench, "delay=300,action=getTaskList");
  bench_start (bench);
  id = bench_add (bench, "mine");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_UNCONFIRMED));
  bench_stop (bench);
  g_assert_true (bench_is (bench, id, CRM_SYNC_UNCONFIRMED));
  bench_start (bench);
  wait_for_rest (bench);
  assert_sent (bench, id);
  g_assert_cmpuint (bench_count_sends (bench, "mine"), ==, 1);
}

/* What was edited while it was unconfirmed goes as an update once it is found; what was sent is what is compared. */
static void
test_edited_meanwhile (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_fault (bench, "cut-after,action=addOrUpdateTask");
  bench_fault (bench, "delay=100,action=getTaskList");
  bench_start (bench);
  id = bench_add (bench, "before");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_UNCONFIRMED));
  bench_edit (bench, id, CRM_FIELD_NAME, "after");
  g_assert_true (bench_is (bench, id, CRM_SYNC_UNCONFIRMED));
  wait_for_rest (bench);
  assert_sent (bench, id);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
  g_assert_cmpuint (bench_count_there (bench, "after"), ==, 1);
}

/* Never sent again by itself for ever: counted when two looks release it. */
static void
test_lost_for_ever (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_fault (bench, "cut-before,times=0,name=lost");
  bench_start (bench);
  id = bench_add (bench, "lost");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_FAILED));
  g_assert_cmpuint (bench_count_sends (bench, "lost"), ==, 8);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 0);
  bench_add_synced (bench, "good");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/settling/arrived", test_arrived);
  g_test_add_func ("/sync/settling/lost", test_lost);
  g_test_add_func ("/sync/settling/lost-long-ago", test_lost_long_ago);
  g_test_add_func ("/sync/settling/late", test_late);
  g_test_add_func ("/sync/settling/created-in-trouble", test_created_in_trouble);
  g_test_add_func ("/sync/settling/equal-adds", test_equal_adds);
  g_test_add_func ("/sync/settling/equal-to-asked", test_equal_to_asked);
  g_test_add_func ("/sync/settling/near", test_near);
  g_test_add_func ("/sync/settling/ambiguous", test_ambiguous);
  g_test_add_func ("/sync/settling/list-refused", test_list_refused);
  g_test_add_func ("/sync/settling/found-at-next-start", test_found_at_next_start);
  g_test_add_func ("/sync/settling/edited-meanwhile", test_edited_meanwhile);
  g_test_add_func ("/sync/settling/lost-for-ever", test_lost_for_ever);

  return g_test_run ();
}

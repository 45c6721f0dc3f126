/* test-sync-pull.c: what the CRM has comes here, over real HTTP, and is merged with what was changed here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "store/crm-directory.h"
#include "store/crm-inbox.h"

#include <string.h>

#define GRANT "/api/1.0/contact?action=getContactList"

static char *said; /* what the last pull's "finished" said; NULL: nothing */
static gboolean over;

static void
on_finished (CrmPuller  *puller,
             const char *trouble)
{
  g_free (said);
  said = g_strdup (trouble);
  over = TRUE;
}

static CrmPuller *
get_puller (Bench *bench)
{
  return crm_sync_service_get_puller (bench->service);
}

static void
begin_pull (Bench    *bench,
            gboolean  full)
{
  over = FALSE;
  if (g_signal_handler_find (get_puller (bench), G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_finished, NULL) == 0)
    g_signal_connect (get_puller (bench), "finished", G_CALLBACK (on_finished), NULL);
  crm_puller_pull (get_puller (bench), full);
}

static void
pull (Bench *bench)
{
  begin_pull (bench, FALSE);
  bench_wait (bench, over);
}

static gint64
colleague (Bench      *bench,
           const char *changes)
{
  gint64 id = crm_practice_server_colleague_edit (bench->server, changes);

  g_assert_cmpint (id, >, 0);
  return id;
}

static gint64
find_local (Bench *bench,
            gint64 crm_id)
{
  for (gint64 id = 1; id < 500; id++)
    {
      g_autoptr (CrmTask) task = crm_store_read_task (bench->store, id, NULL);

      if (task != NULL && crm_task_get_crm_id (task) == crm_id)
        return id;
    }

  return 0;
}

static const char *
get_text (CrmTask    *task,
          CrmFieldId  field)
{
  return crm_values_get_text (crm_task_get_values (task), field);
}

static void
assert_there (Bench      *bench,
              gint64      crm_id,
              const char *key,
              const char *text)
{
  g_autoptr (JsonObject) there = bench_get_there (bench, crm_id);

  g_assert_nonnull (there);
  g_assert_cmpstr (json_object_get_string_member_with_default (there, key, NULL), ==, text);
}

static guint
count_requests (Bench      *bench,
                const char *target,
                const char *part)
{
  GPtrArray *requests = crm_practice_server_get_requests (bench->server);
  guint n = 0;

  for (guint i = 0; i < requests->len; i++)
    {
      const CrmPracticeRequest *request = requests->pdata[i];

      n += g_str_equal (request->target, target) && (part == NULL || strstr (request->body, part) != NULL);
    }

  return n;
}

static CrmTask *
choose (Bench        *bench,
        gint64        id,
        CrmFieldMask  theirs)
{
  g_autoptr (CrmTask) task = bench_read (bench, id);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmTask *after;

  crm_store_choose_async (bench->store, id, crm_task_get_revision (task), theirs, NULL, bench_on_ready, &result);
  bench_wait (bench, result != NULL);
  after = crm_store_change_finish (bench->store, result, NULL, &error);
  g_assert_no_error (error);

  return after;
}

static guint n_changes;

static void
on_changed (void)
{
  n_changes++;
}

static void
test_all (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmRecord) venue = NULL;
  g_autoptr (CrmTask) task = NULL;
  gint64 there, id;

  there = colleague (bench, "{\"name\":\"Theirs\",\"endDatetime\":\"2027-01-05 09:00:00\",\"leadId\":13101,\"venueId\":17,"
                            "\"assignedUserId\":2,\"description\":\"<p>Hello &amp; welcome</p>\"}");
  crm_practice_server_set_max_per_page (bench->server, 7);
  bench_start (bench);
  pull (bench);
  g_assert_cmpstr (said, ==, NULL);

  id = find_local (bench, there);
  g_assert_cmpint (id, >, 0);
  task = bench_read (bench, id);
  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_SYNCED);
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "Theirs");
  g_assert_cmpstr (crm_task_get_name_of (task, CRM_FIELD_LEAD), ==, "Gala dinner");
  g_assert_cmpstr (crm_task_get_name_of (task, CRM_FIELD_VENUE), ==, "Riverside Hall");
  g_assert_cmpstr (crm_task_get_name_of (task, CRM_FIELD_ASSIGNED_USER), ==, "Priya Nair");
  venue = crm_directory_find (bench->store, CRM_RECORD_VENUE, 20);
  g_assert_nonnull (venue);
  for (guint i = 0; i < CRM_N_LISTS; i++)
    {
      CrmListState state;

      g_assert_true (crm_inbox_read_state (bench->store, i, &state, NULL));
      g_assert_true (state.complete);
      g_assert_cmpint (state.swept_at, >, 0);
    }

  /* The second time only what changed is asked for, and nothing that didn't is announced. */
  crm_practice_server_clear_requests (bench->server);
  g_signal_connect (bench->store, "changed", G_CALLBACK (on_changed), NULL);
  g_signal_connect (bench->store, "names-changed", G_CALLBACK (on_changed), NULL);
  n_changes = 0;
  pull (bench);
  g_assert_cmpuint (n_changes, ==, 0);
  g_assert_cmpuint (count_requests (bench, TASK_LIST, "modifiedDate__GREATERTHAN"), ==, 1);
  g_assert_cmpuint (count_requests (bench, GRANT, "fromModifiedDate"), ==, 1);

  /* One changed task is one change. */
  {
    g_autofree char *changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"Theirs, later\"}", there);

    colleague (bench, changes);
  }
  n_changes = 0;
  pull (bench);
  g_assert_cmpuint (n_changes, ==, 1);

  /* Edited here, only the changed field goes. */
  bench_edit (bench, id, CRM_FIELD_PRIORITY, "high");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (count_requests (bench, ADD_OR_UPDATE, "priority"), ==, 1);
  g_assert_cmpuint (count_requests (bench, ADD_OR_UPDATE, "name"), ==, 0);
  assert_there (bench, there, "name", "Theirs, later");
  assert_there (bench, there, "priority", "high");
}

static void
test_filters (gconstpointer data)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 there = colleague (bench, "{\"name\":\"Old\",\"endDatetime\":\"2027-01-05 09:00:00\"}");

  crm_practice_server_set_ignore_filters (bench->server, TRUE);
  bench_start (bench);
  pull (bench);
  {
    g_autofree char *changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"New\"}", there);
    g_autoptr (CrmTask) task = NULL;

    colleague (bench, changes);
    pull (bench);
    task = bench_read (bench, find_local (bench, there));
    g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "New");
    g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, 1);
  }
}

/* Cut off at any page, the next pull goes on there. */
static void
test_resumed (void)
{
  g_autoptr (Bench) bench = bench_new ();
  guint asked;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *changes = g_strdup_printf ("{\"name\":\"Task %u\",\"endDatetime\":\"2027-01-05 09:00:00\"}", i);

      colleague (bench, changes);
    }
  crm_practice_server_set_max_per_page (bench->server, 5);
  bench_start (bench);

  /* Five pages of tasks, then no more. */
  begin_pull (bench, FALSE);
  bench_wait (bench, count_requests (bench, TASK_LIST, NULL) == 5);
  bench_stop (bench);
  asked = count_requests (bench, TASK_LIST, "\"start\":0}");
  g_assert_cmpuint (asked, ==, 1);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), <, 40);

  bench_start (bench);
  pull (bench);
  g_assert_cmpstr (said, ==, NULL);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, 40);
  g_assert_cmpuint (count_requests (bench, TASK_LIST, "\"start\":0}"), ==, asked);
}

/* A list that the key has no right to is left out; the outbox takes no notice. */
static void
test_refused (void)
{
  g_autoptr (Bench) bench = bench_new ();
  CrmListState state;
  gint64 id;

  crm_practice_server_add_canned (bench->server, 403, "application/json", "{\"errorCode\":403,\"message\":\"Forbidden\"}",
                                  "getContactList", 100);
  bench_start (bench);
  pull (bench);
  g_assert_cmpstr (said, ==, NULL);
  g_assert_true (crm_inbox_read_state (bench->store, CRM_LIST_CONTACTS, &state, NULL));
  g_assert_true (state.refused);
  g_assert_true (crm_inbox_read_state (bench->store, CRM_LIST_COMPANIES, &state, NULL));
  g_assert_false (state.refused);
  g_assert_true (state.complete);

  id = bench_add (bench, "sent all the same");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench->pauses->len, ==, 0);

  /* It is had again when it can be. */
  crm_practice_server_clear_faults (bench->server);
  pull (bench);
  g_assert_true (crm_inbox_read_state (bench->store, CRM_LIST_CONTACTS, &state, NULL));
  g_assert_false (state.refused);
  g_assert_true (state.complete);
}

static void
test_merge (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  gint64 there = colleague (bench, "{\"name\":\"Menu\",\"endDatetime\":\"2027-01-05 09:00:00\",\"priority\":\"low\"}");
  g_autofree char *changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"priority\":\"high\"}", there);
  gint64 id;

  bench_start (bench);
  pull (bench);
  id = find_local (bench, there);

  /* Each changes another field. */
  crm_sync_service_set_held (bench->service, TRUE);
  bench_edit (bench, id, CRM_FIELD_NAME, "Menu and wine");
  colleague (bench, changes);
  pull (bench);
  task = bench_read (bench, id);
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "Menu and wine");
  g_assert_cmpstr (get_text (task, CRM_FIELD_PRIORITY), ==, "high");
  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_QUEUED);
  crm_sync_service_set_held (bench->service, FALSE);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  assert_there (bench, there, "name", "Menu and wine");
  assert_there (bench, there, "priority", "high");
}

/* Both change the same field: nothing of either is lost, and the person chooses. */
static void
test_conflict (gconstpointer data)
{
  gboolean theirs = GPOINTER_TO_INT (data);
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmTask) refused = NULL;
  g_autoptr (CrmTask) chosen = NULL;
  g_autoptr (GError) error = NULL;
  gint64 there = colleague (bench, "{\"name\":\"Menu\",\"endDatetime\":\"2027-01-05 09:00:00\"}");
  g_autofree char *changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"Their menu\"}", there);
  gint64 id;

  bench_start (bench);
  pull (bench);
  id = find_local (bench, there);
  crm_sync_service_set_held (bench->service, TRUE);
  bench_edit (bench, id, CRM_FIELD_NAME, "My menu");
  bench_edit (bench, id, CRM_FIELD_PRIORITY, "high");
  colleague (bench, changes);
  pull (bench);
  crm_sync_service_set_held (bench->service, FALSE);

  task = bench_read (bench, id);
  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_FAILED);
  g_assert_cmpuint (crm_task_get_conflict (task), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  g_assert_cmpstr (crm_values_get_text (crm_task_get_theirs (task), CRM_FIELD_NAME), ==, "Their menu");
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "My menu");
  refused = bench_apply (bench, id, CRM_ACTION_RESUBMIT, &error);
  g_assert_null (refused);
  g_assert_cmpuint (crm_practice_server_count_requests (bench->server, ADD_OR_UPDATE), ==, 0);
  assert_there (bench, there, "name", "Their menu");

  chosen = choose (bench, id, theirs ? CRM_FIELD_BIT (CRM_FIELD_NAME) : 0);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  assert_there (bench, there, "name", theirs ? "Their menu" : "My menu");
  assert_there (bench, there, "priority", "high");
  g_assert_cmpuint (count_requests (bench, ADD_OR_UPDATE, "name"), ==, theirs ? 0 : 1);
}

static void
test_deleted (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmTask) again = NULL;
  g_autoptr (GError) error = NULL;
  gint64 untouched = colleague (bench, "{\"name\":\"One\",\"endDatetime\":\"2027-01-05 09:00:00\"}");
  gint64 edited = colleague (bench, "{\"name\":\"Two\",\"endDatetime\":\"2027-01-05 09:00:00\"}");
  gint64 id;

  bench_start (bench);
  pull (bench);
  id = find_local (bench, edited);
  crm_sync_service_set_held (bench->service, TRUE);
  bench_edit (bench, id, CRM_FIELD_NAME, "Two, edited");
  g_assert_true (crm_practice_server_colleague_delete (bench->server, untouched));
  g_assert_true (crm_practice_server_colleague_delete (bench->server, edited));
  pull (bench);

  g_assert_cmpint (find_local (bench, untouched), ==, 0);
  task = bench_read (bench, id);
  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_FAILED);
  g_assert_cmpint (crm_task_get_problem (task)->specific_code, ==, 24392);
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "Two, edited");

  again = bench_apply (bench, id, CRM_ACTION_RESUBMIT_AS_NEW, &error);
  g_assert_no_error (error);
  crm_sync_service_set_held (bench->service, FALSE);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench_count_there (bench, "Two, edited"), ==, 1);
}

static guint n_olders;

static void
on_overtaken (CrmStore *store,
              GArray   *ids,
              Bench    *bench)
{
  for (guint i = 0; ids != NULL && i < ids->len; i++)
    {
      g_autoptr (CrmTask) task = bench_read (bench, g_array_index (ids, gint64, i));

      n_olders += g_strcmp0 (get_text (task, CRM_FIELD_NAME), "Before") == 0;
    }
}

/* A list that was answered before the edit arrived, and comes after it. */
static void
test_overtaken (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  gint64 there = colleague (bench, "{\"name\":\"Before\",\"endDatetime\":\"2027-01-05 09:00:00\"}");
  gint64 id;

  bench_start (bench);
  pull (bench);
  id = find_local (bench, there);

  bench_fault (bench, "delay-after=400,action=getTaskList");
  begin_pull (bench, TRUE);
  bench_wait (bench, crm_practice_server_count_requests (bench->server, TASK_LIST) >= 2);
  bench_edit (bench, id, CRM_FIELD_NAME, "After");
  n_olders = 0;
  g_signal_connect (bench->store, "changed", G_CALLBACK (on_overtaken), bench);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  bench_wait (bench, over);
  g_assert_cmpuint (n_olders, ==, 0);

  task = bench_read (bench, id);
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "After");
  assert_there (bench, there, "name", "After");
}

/* An add whose answer was lost is on the list: it is that task, not another. */
static void
test_lost_answer (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_fault (bench, "cut-after,action=addOrUpdateTask,times=1");
  bench_start (bench);
  id = bench_add (bench, "once");
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == 1);
  bench_wait (bench, !bench_is (bench, id, CRM_SYNC_SENDING) && !bench_is (bench, id, CRM_SYNC_QUEUED));
  pull (bench);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  pull (bench);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SYNCED), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
}

/* The clock of this computer is hours ahead: what changes on the CRM now is not taken for known. */
static void
test_clock (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *changes = NULL;
  gint64 there;

  bench_clock_set_ahead (BENCH_CLOCK (bench->clock), -3 * 3600);
  there = colleague (bench, "{\"name\":\"Old\",\"endDatetime\":\"2027-01-05 09:00:00\"}");
  bench_start (bench);
  pull (bench);
  g_assert_cmpstr (said, ==, NULL);

  changes = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"New\"}", there);
  colleague (bench, changes);
  pull (bench);
  g_assert_cmpstr (said, ==, NULL);
  task = bench_read (bench, find_local (bench, there));
  g_assert_cmpstr (get_text (task, CRM_FIELD_NAME), ==, "New");

  /* It was asked for since a time that the CRM has behind it. */
  {
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    g_autoptr (GDateTime) crm_now = g_date_time_add_hours (now, -3);
    g_autofree char *latest = g_date_time_format (crm_now, "modifiedDate__GREATERTHAN\":\"%Y-%m-%d %H:%M:%S");
    GPtrArray *requests = crm_practice_server_get_requests (bench->server);
    guint n = 0;

    for (guint i = 0; i < requests->len; i++)
      {
        const CrmPracticeRequest *request = requests->pdata[i];
        const char *since = g_str_equal (request->target, TASK_LIST) ? strstr (request->body, "modifiedDate__") : NULL;

        if (since == NULL)
          continue;
        g_assert_cmpint (strncmp (since, latest, strlen (latest)), <, 0);
        n++;
      }
    g_assert_cmpuint (n, >, 0);
  }
}

/* No page is asked for while a task is being sent. */
static void
test_push_first (void)
{
  g_autoptr (Bench) bench = bench_new ();
  GPtrArray *requests;
  gint64 id = 0;

  bench_fault (bench, "delay=20,action=addOrUpdateTask,times=30");
  bench_start (bench);
  for (guint i = 0; i < 10; i++)
    id = bench_add (bench, "waits");
  begin_pull (bench, FALSE);
  bench_wait (bench, over && bench_is (bench, id, CRM_SYNC_SYNCED));

  requests = crm_practice_server_get_requests (bench->server);
  for (guint i = 0; i < requests->len; i++)
    {
      const CrmPracticeRequest *list = requests->pdata[i];

      for (guint j = 0; strstr (list->target, "List") != NULL && j < requests->len; j++)
        {
          const CrmPracticeRequest *add = requests->pdata[j];

          if (g_str_equal (add->target, ADD_OR_UPDATE))
            g_assert_false (add->started < list->started && list->started < add->finished);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  crm_sync_service_prepare ();

  g_test_add_func ("/pull/all", test_all);
  g_test_add_data_func ("/pull/filters-ignored", NULL, test_filters);
  g_test_add_func ("/pull/resumed", test_resumed);
  g_test_add_func ("/pull/refused", test_refused);
  g_test_add_func ("/pull/merge", test_merge);
  g_test_add_data_func ("/pull/conflict/mine", GINT_TO_POINTER (FALSE), test_conflict);
  g_test_add_data_func ("/pull/conflict/theirs", GINT_TO_POINTER (TRUE), test_conflict);
  g_test_add_func ("/pull/deleted", test_deleted);
  g_test_add_func ("/pull/overtaken", test_overtaken);
  g_test_add_func ("/pull/lost-answer", test_lost_answer);
  g_test_add_func ("/pull/clock", test_clock);
  g_test_add_func ("/pull/push-first", test_push_first);

  return g_test_run ();
}

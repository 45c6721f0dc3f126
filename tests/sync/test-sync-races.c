/* test-sync-races.c: what happens while a task is under way, while the service ends, and with two of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "model/crm-error.h"

static void
wait_for_rest (Bench *bench)
{
  bench_wait (bench, bench_count (bench, CRM_SYNC_QUEUED) + bench_count (bench, CRM_SYNC_SENDING) == 0 &&
                         crm_sync_service_get_in_flight (bench->service) == 0 &&
                         !crm_sync_service_is_settling (bench->service));
}

static const CrmPracticeRequest *
get_last_send (Bench *bench)
{
  GPtrArray *requests = crm_practice_server_get_requests (bench->server);

  for (guint i = requests->len; i > 0; i--)
    if (g_str_equal (((CrmPracticeRequest *) requests->pdata[i - 1])->target, ADD_OR_UPDATE))
      return requests->pdata[i - 1];

  g_assert_not_reached ();
}

/* Adds or edits, and waits until the request is with the CRM. */
static gint64
send_slowly (Bench      *bench,
             gboolean    is_update,
             const char *fault)
{
  gint64 id = 0;

  if (is_update)
    id = bench_add_synced (bench, "old");
  if (fault != NULL)
    bench_fault (bench, fault);
  bench_fault (bench, "delay-after=150,action=addOrUpdateTask");
  if (is_update)
    bench_edit (bench, id, CRM_FIELD_NAME, "first");
  else
    id = bench_add (bench, "first");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SENDING) &&
                         crm_practice_server_get_in_flight (bench->server) == 1);

  return id;
}

/* The answer to an older revision never marks a newer one as sent; only the changed field follows. */
static void
test_edited (void)
{
  for (guint is_update = 0; is_update < 2; is_update++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autoptr (JsonNode) body = NULL;
      g_autoptr (CrmTask) task = NULL;
      JsonObject *object;
      gint64 id;

      bench_start (bench);
      id = send_slowly (bench, is_update, NULL);
      bench_edit (bench, id, CRM_FIELD_PRIORITY, "high");
      g_assert_true (bench_is (bench, id, CRM_SYNC_SENDING));
      wait_for_rest (bench);

      g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
      task = bench_read (bench, id);
      body = json_from_string (get_last_send (bench)->body, NULL);
      object = json_node_get_object (body);
      g_assert_cmpuint (json_object_get_size (object), ==, 2);
      g_assert_cmpint (json_object_get_int_member (object, "id"), ==, crm_task_get_crm_id (task));
      g_assert_cmpstr (json_object_get_string_member (object, "priority"), ==, "high");
      g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
      /* A new place in the outbox: its attempts are its own. */
      g_assert_cmpint (crm_task_get_attempts (task), ==, 1);
    }
}

/* The newer revision has not been judged by what the older one met. */
static void
test_edited_and_rejected (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_start (bench);
  id = send_slowly (bench, FALSE, "specific=24395,name=first");
  bench_edit (bench, id, CRM_FIELD_NAME, "second");
  wait_for_rest (bench);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench_count_there (bench, "second"), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
}

/* Edited while the update was under way, whose answer is cut off: what may have been applied is sent again. */
static void
test_edited_and_cut_off (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_start (bench);
  id = send_slowly (bench, TRUE, "cut-after,name=first");
  bench_edit (bench, id, CRM_FIELD_NAME, "old");
  wait_for_rest (bench);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench_count_there (bench, "old"), ==, 1);
}

static void
test_discarded (void)
{
  static const struct
  {
    const char *fault;
    gboolean    is_update;
    gboolean    goes;          /* the task is removed */
    gboolean    already_there; /* and it is said that the CRM has it */
    const char *name_there;    /* on the CRM, in the end */
  } rows[] = {
    { NULL, FALSE, FALSE, TRUE, "first" },
    { NULL, TRUE, FALSE, TRUE, "first" },
    { "specific=24395,name=first", FALSE, TRUE, FALSE, NULL },
    { "specific=24395,name=first", TRUE, FALSE, FALSE, "old" },
    { "429=3,name=first", FALSE, TRUE, FALSE, NULL },
    { "429=3,name=first", TRUE, FALSE, FALSE, "old" },
    { "stale,name=first", FALSE, TRUE, FALSE, NULL },
    { "401,name=first", FALSE, TRUE, FALSE, NULL },
    { "cut-before,name=first", FALSE, TRUE, FALSE, NULL },
    { "cut-after,name=first", FALSE, FALSE, FALSE, "first" },
    { "create-then-500,name=first", FALSE, FALSE, FALSE, "first" },
    { "html,name=first", FALSE, TRUE, FALSE, NULL },
    /* May have been applied: the confirmed values are sent once more. */
    { "cut-after,name=first", TRUE, FALSE, FALSE, "old" },
    { "cut-before,name=first", TRUE, FALSE, FALSE, "old" },
    { "500,name=first", TRUE, FALSE, FALSE, "old" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autoptr (CrmTask) discarded = NULL;
      g_autoptr (GError) error = NULL;
      gint64 id;

      g_test_message ("%s: %s", rows[i].is_update ? "update" : "add", rows[i].fault != NULL ? rows[i].fault : "accepted");
      bench_start (bench);
      id = send_slowly (bench, rows[i].is_update, rows[i].fault);
      discarded = bench_apply (bench, id, CRM_ACTION_DISCARD, &error);
      g_assert_no_error (error);
      g_assert_true (bench_is (bench, id, CRM_SYNC_SENDING));
      wait_for_rest (bench);

      g_assert_cmpint (bench_is_gone (bench, id), ==, rows[i].goes);
      if (!rows[i].goes)
        g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
      if (rows[i].already_there)
        g_assert_true (((BenchRecord *) bench->records->pdata[bench->records->len - 1])->already_there);
      g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, rows[i].name_there != NULL ? 1 : 0);
      if (rows[i].name_there != NULL)
        g_assert_cmpuint (bench_count_there (bench, rows[i].name_there), ==, 1);
      if (rows[i].name_there != NULL)
        {
          g_autoptr (CrmTask) task = bench_read (bench, id);

          g_assert_cmpstr (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME), ==, rows[i].name_there);
        }
    }
}

/* An edit calls off a discard that was waiting. */
static void
test_discard_called_off (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) discarded = NULL;
  gint64 id;

  bench_start (bench);
  id = send_slowly (bench, FALSE, "specific=24395,name=first");
  discarded = bench_apply (bench, id, CRM_ACTION_DISCARD, NULL);
  bench_edit (bench, id, CRM_FIELD_NAME, "second");
  wait_for_rest (bench);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench_count_there (bench, "second"), ==, 1);
}

static void
test_to_drafts (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;
  gint64 id;

  bench_start (bench);
  id = send_slowly (bench, FALSE, NULL);
  task = bench_apply (bench, id, CRM_ACTION_TO_DRAFTS, &error);
  g_assert_null (task);
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
  wait_for_rest (bench);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
}

/* What is under way is waited for, its answer stored; nothing new is begun. */
static void
test_stopping (void)
{
  static const struct
  {
    const char   *fault;
    CrmSyncState  state;
  } rows[] = {
    { NULL, CRM_SYNC_SYNCED },
    { "specific=24395,name=first", CRM_SYNC_FAILED },
    { "500,name=first", CRM_SYNC_QUEUED },
    { "cut-after,name=first", CRM_SYNC_UNCONFIRMED },
    { "401,name=first", CRM_SYNC_QUEUED },
    { "stale,name=first", CRM_SYNC_QUEUED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      gint64 id, next;

      bench_start (bench);
      id = send_slowly (bench, FALSE, rows[i].fault);
      next = bench_add (bench, "next");
      g_assert_true (bench_is (bench, id, CRM_SYNC_SENDING));
      bench_stop (bench);
      g_assert_true (bench_is (bench, id, rows[i].state));
      g_assert_true (bench_is (bench, next, CRM_SYNC_QUEUED));
      g_assert_cmpuint (bench_count_sends (bench, "next"), ==, 0);

      bench_start (bench);
      if (rows[i].state != CRM_SYNC_FAILED)
        bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
      bench_wait (bench, bench_is (bench, next, CRM_SYNC_SYNCED));
      g_assert_cmpuint (bench_count_there (bench, "first"), ==, rows[i].state != CRM_SYNC_FAILED ? 1 : 0);
    }
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* One sends, one watches, and takes over when the first ends. */
static void
test_two_senders (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmStore) store = bench_open_store (bench);
  g_autoptr (CrmSyncService) other = crm_sync_service_new (store, bench->account, NULL, bench->clock);
  g_autoptr (GAsyncResult) result = NULL;

  bench_start (bench);
  bench_add_synced (bench, "task");
  crm_sync_service_start (other);
  bench_wait (bench, crm_sync_service_get_activity (other) == CRM_SYNC_ACTIVITY_WATCHING);

  bench_fault (bench, "delay=10,times=10,action=addOrUpdateTask");
  for (guint i = 0; i < 20; i++)
    bench_add (bench, "task");
  bench_wait (bench, bench_count (bench, CRM_SYNC_SYNCED) >= 5);
  bench_stop (bench);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_SENDING), ==, 0);
  bench_wait (bench, bench_count (bench, CRM_SYNC_SYNCED) == 21);
  bench_wait (bench, crm_sync_service_get_activity (other) != CRM_SYNC_ACTIVITY_WATCHING);
  g_assert_cmpuint (bench_count_sends (bench, "task"), ==, 21);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 21);

  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_activity (bench->service) == CRM_SYNC_ACTIVITY_WATCHING);
  crm_sync_service_stop_async (other, NULL, on_ready, &result);
  bench_wait (bench, result != NULL);
  bench_add_synced (bench, "task");
}

/* What another process adds is sent within a second. */
static void
test_written_elsewhere (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmStore) mine = g_object_ref (bench->store);
  g_autoptr (CrmStore) theirs = bench_open_store (bench);
  gint64 id, began;

  bench_start (bench);
  bench_add_synced (bench, "first");
  g_set_object (&bench->store, theirs);
  began = g_get_monotonic_time ();
  id = bench_add (bench, "second");
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpint (g_get_monotonic_time () - began, <, 2 * G_TIME_SPAN_SECOND);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/races/edited", test_edited);
  g_test_add_func ("/sync/races/edited-and-rejected", test_edited_and_rejected);
  g_test_add_func ("/sync/races/edited-and-cut-off", test_edited_and_cut_off);
  g_test_add_func ("/sync/races/discarded", test_discarded);
  g_test_add_func ("/sync/races/discard-called-off", test_discard_called_off);
  g_test_add_func ("/sync/races/to-drafts", test_to_drafts);
  g_test_add_func ("/sync/races/stopping", test_stopping);
  g_test_add_func ("/sync/races/two-senders", test_two_senders);
  g_test_add_func ("/sync/races/written-elsewhere", test_written_elsewhere);

  return g_test_run ();
}

/* test-sync-queue.c: trouble that hits everyone blames no one, and is over by itself; trouble of one's own is counted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "api/crm-soup-transport.h"
#include "store/crm-entry.h"

/* A transport whose answers have no Date. */
#define TYPE_DATELESS (dateless_get_type ())
G_DECLARE_FINAL_TYPE (Dateless, dateless, BENCH, DATELESS, GObject)

struct _Dateless
{
  GObject       parent_instance;
  CrmTransport *inner;
};

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CrmTransportReply *reply = crm_transport_send_finish (CRM_TRANSPORT (source), result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_clear_pointer (&reply->date, g_free);
  g_task_return_pointer (task, reply, (GDestroyNotify) crm_transport_reply_free);
}

static void
dateless_send_async (CrmTransport              *transport,
                     const CrmTransportRequest *request,
                     GCancellable              *cancellable,
                     GAsyncReadyCallback        callback,
                     gpointer                   user_data)
{
  GTask *task = g_task_new (transport, cancellable, callback, user_data);

  crm_transport_send_async (BENCH_DATELESS (transport)->inner, request, cancellable, on_answered, task);
}

static CrmTransportReply *
dateless_send_finish (CrmTransport  *transport,
                      GAsyncResult  *result,
                      GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
dateless_init_interface (CrmTransportInterface *iface)
{
  iface->send_async = dateless_send_async;
  iface->send_finish = dateless_send_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Dateless, dateless, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CRM_TYPE_TRANSPORT, dateless_init_interface))

static void
dateless_dispose (GObject *object)
{
  g_clear_object (&BENCH_DATELESS (object)->inner);

  G_OBJECT_CLASS (dateless_parent_class)->dispose (object);
}

static void
dateless_class_init (DatelessClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dateless_dispose;
}

static void
dateless_init (Dateless *self)
{
  self->inner = crm_soup_transport_new ();
}

static void
wait_for_end (Bench *bench,
              guint  n_synced)
{
  bench_wait (bench, bench_count (bench, CRM_SYNC_SYNCED) == n_synced &&
                         crm_sync_service_get_in_flight (bench->service) == 0 &&
                         crm_sync_service_get_pause_class (bench->service) == -1);
}

static guint
count (Bench      *bench,
       const char *target)
{
  return crm_practice_server_count_requests (bench->server, target);
}

static void
assert_not_blamed (Bench  *bench,
                   gint64  local_id)
{
  g_autoptr (CrmTask) task = bench_read (bench, local_id);

  g_assert_cmpstr (crm_sync_state_get_nick (crm_task_get_state (task)), ==, "queued");
  g_assert_null (crm_task_get_problem (task));
}

static void
set_secret (Bench      *bench,
            const char *secret)
{
  crm_practice_server_set_credentials (bench->server, CRM_PRACTICE_KEY, secret);
}

static void
test_own_trouble (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *history = NULL;
  gint64 bad;

  bench_fault (bench, "500,name=bad,times=0");
  bad = bench_add (bench, "bad");
  for (guint i = 0; i < 10; i++)
    bench_add (bench, "good");
  bench_start (bench);
  bench_wait (bench, bench_is (bench, bad, CRM_SYNC_FAILED));
  wait_for_end (bench, 10);

  task = bench_read (bench, bad);
  history = bench_get_history (bench, bad);
  g_assert_cmpstr (crm_answer_class_get_nick (crm_task_get_problem (task)->klass), ==, "trouble");
  g_assert_cmpint (crm_task_get_problem (task)->error_code, ==, 500);
  g_assert_cmpint (crm_task_get_attempts (task), ==, CRM_MOST_FAILURES);
  g_assert_cmpuint (bench_count_sends (bench, "bad"), ==, CRM_MOST_FAILURES);
  g_assert_cmpstr (history, ==, "trouble trouble trouble trouble trouble trouble trouble trouble");
  g_assert_false (bench_was_paused_for (bench, CRM_ANSWER_TROUBLE));
  g_assert_cmpuint (bench_count_sends (bench, "good"), ==, 10);
}

/* An update of a task that fails at everything is told by its error while it waits. */
static void
test_own_trouble_is_told (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 bad;

  bench_start (bench);
  bad = bench_add_synced (bench, "bad");
  bench_fault (bench, "500,name=worse,times=3");
  bench_edit (bench, bad, CRM_FIELD_NAME, "worse");
  bench_wait (bench, bench_is (bench, bad, CRM_SYNC_SYNCED) && bench_count_there (bench, "worse") == 1);

  for (guint i = 2; i < bench->records->len - 1; i++)
    {
      const BenchRecord *record = bench->records->pdata[i];

      g_assert_cmpint (record->klass, ==, CRM_ANSWER_TROUBLE);
      g_assert_nonnull (crm_task_get_problem (record->task));
    }
  g_assert_cmpuint (bench_count_sends (bench, "worse"), ==, 4);
}

static void
test_everyones_trouble (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 ids[6];
  guint n_sent;

  bench_fault (bench, "500,times=0,action=addOrUpdateTask");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = bench_add (bench, "task");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_pause_class (bench->service) == CRM_ANSWER_TROUBLE);
  g_assert_nonnull (crm_sync_service_get_pause_words (bench->service));

  /* Well longer than eight attempts would take. */
  n_sent = count (bench, ADD_OR_UPDATE);
  bench_wait (bench, count (bench, ADD_OR_UPDATE) > n_sent + 40);
  g_assert_cmpint (bench_count (bench, CRM_SYNC_FAILED), ==, 0);
  g_assert_cmpuint (count (bench, PING), >=, 20);

  crm_practice_server_clear_faults (bench->server);
  wait_for_end (bench, G_N_ELEMENTS (ids));
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < bench->records->len; i++)
    if (((BenchRecord *) bench->records->pdata[i])->klass == CRM_ANSWER_TROUBLE && i >= 3)
      g_assert_cmpint (crm_task_get_state (((BenchRecord *) bench->records->pdata[i])->task), ==, CRM_SYNC_QUEUED);
}

/* The pings fail as well: not even the first is blamed. */
static void
test_all_fails (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 first, second;

  bench_fault (bench, "500,times=0");
  first = bench_add (bench, "first");
  second = bench_add (bench, "second");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_pause_class (bench->service) == CRM_ANSWER_TROUBLE &&
                         crm_sync_service_get_failed_probes (bench->service) >= 10);
  assert_not_blamed (bench, first);
  assert_not_blamed (bench, second);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), <=, 2);

  crm_practice_server_clear_faults (bench->server);
  wait_for_end (bench, 2);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 2);
}

static void
throttle (const char *fault,
          gint64      least_wait,
          gint64      most_wait)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 began = crm_clock_now (bench->clock);
  gint64 resume_at;
  gint64 first;

  bench_fault (bench, fault);
  first = bench_add (bench, "first");
  bench_add (bench, "second");
  bench_start (bench);
  bench_wait (bench, bench->records->len > 0);
  assert_not_blamed (bench, first);
  resume_at = crm_sync_service_get_next_wake (bench->service);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_THROTTLED);
  g_assert_cmpint ((resume_at - began) / G_TIME_SPAN_SECOND, >=, least_wait);
  g_assert_cmpint ((resume_at - began) / G_TIME_SPAN_SECOND, <=, most_wait);

  /* Across a restart, and neither sent nor pinged before its time. */
  bench_stop (bench);
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_pause_class (bench->service) == CRM_ANSWER_THROTTLED);
  g_assert_cmpint (crm_sync_service_get_next_wake (bench->service), ==, resume_at);
  wait_for_end (bench, 2);
  g_assert_cmpint (crm_clock_now (bench->clock), >=, resume_at);
  for (guint i = 1; i < bench->records->len; i++)
    g_assert_cmpint (((BenchRecord *) bench->records->pdata[i])->klass, ==, CRM_ANSWER_ACCEPTED);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 3);
  g_assert_cmpuint (count (bench, PING), ==, 0);
  g_assert_cmpuint (count (bench, TASK_LIST), ==, 0);
}

static void
test_throttled (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_seconds (now, 500);
  g_autofree char *date = g_date_time_format (later, "%a, %d %b %Y %H:%M:%S GMT");
  g_autofree char *fault = g_strdup_printf ("429=%s", date);

  throttle ("429=120", 118, 135);
  throttle (fault, 490, 515);
  /* A floor of an hour at most. */
  throttle ("429=90000", 3590, 3620);
}

static void
test_account_once (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_fault (bench, "401,action=addOrUpdateTask");
  bench_add (bench, "first");
  bench_add (bench, "second");
  bench_start (bench);
  wait_for_end (bench, 2);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 3);
  g_assert_cmpuint (count (bench, PING), ==, 1);
}

static void
test_account_of_one (void)
{
  static const char * const codes[] = { "401", "403" };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autofree char *fault = g_strdup_printf ("%s,name=bad,times=0", codes[i]);
      g_autoptr (CrmTask) task = NULL;
      gint64 bad;

      bench_fault (bench, fault);
      bad = bench_add (bench, "bad");
      bench_add (bench, "good");
      bench_start (bench);
      bench_wait (bench, bench_is (bench, bad, CRM_SYNC_FAILED));
      wait_for_end (bench, 1);

      task = bench_read (bench, bad);
      g_assert_cmpint (crm_task_get_problem (task)->klass, ==, CRM_ANSWER_REJECTED);
      g_assert_cmpint (crm_task_get_problem (task)->error_code, ==, g_ascii_strtoll (codes[i], NULL, 10));
      g_assert_cmpuint (bench_count_sends (bench, "bad"), ==, 2);
      g_assert_cmpuint (count (bench, PING), ==, 2);
    }
}

static void
test_account_refused (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 first, second;

  set_secret (bench, "another");
  first = bench_add (bench, "first");
  second = bench_add (bench, "second");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 10);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_ACCOUNT);
  g_assert_nonnull (crm_sync_service_get_pause_words (bench->service));
  assert_not_blamed (bench, first);
  assert_not_blamed (bench, second);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 1);

  set_secret (bench, CRM_PRACTICE_SECRET);
  wait_for_end (bench, 2);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 2);
}

/* The next start pings before it sends. */
static void
test_paused_across_restart (void)
{
  g_autoptr (Bench) bench = bench_new ();

  set_secret (bench, "another");
  bench_add (bench, "first");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_pause_class (bench->service) == CRM_ANSWER_ACCOUNT);
  bench_stop (bench);

  crm_practice_server_clear_requests (bench->server);
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 2);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_ACCOUNT);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 0);
  set_secret (bench, CRM_PRACTICE_SECRET);
  wait_for_end (bench, 1);
}

static void
test_clock_learnt (void)
{
  static const gint64 ahead[] = { 600, -600, 86400 };

  for (guint i = 0; i < G_N_ELEMENTS (ahead); i++)
    {
      g_autoptr (Bench) bench = bench_new ();

      bench_clock_set_ahead (BENCH_CLOCK (bench->clock), ahead[i]);
      bench_add (bench, "first");
      bench_add (bench, "second");
      bench_start (bench);
      wait_for_end (bench, 2);
      g_assert_false (bench_was_paused_for (bench, CRM_ANSWER_CLOCK));
      g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 3);
      g_assert_cmpuint (count (bench, PING), ==, 0);

      /* It is remembered. */
      bench_stop (bench);
      bench_start (bench);
      bench_add_synced (bench, "third");
      g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 4);
    }
}

/* A clock that is off is what it is; that our own is set right meanwhile is learnt as well. */
static void
test_clock_set_right (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_clock_set_ahead (BENCH_CLOCK (bench->clock), 3600);
  bench_start (bench);
  bench_add_synced (bench, "first");
  bench_clock_set_ahead (BENCH_CLOCK (bench->clock), 0);
  bench_add_synced (bench, "second");
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 4);
  g_assert_false (bench_was_paused_for (bench, CRM_ANSWER_CLOCK));
}

static void
test_clock_for_ever (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 first, second;

  bench_fault (bench, "stale,times=0");
  first = bench_add (bench, "first");
  second = bench_add (bench, "second");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 5);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_CLOCK);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 2);
  assert_not_blamed (bench, first);
  assert_not_blamed (bench, second);

  crm_practice_server_clear_faults (bench->server);
  wait_for_end (bench, 2);
}

/* Nothing can be learnt from an answer without Date: no second try. */
static void
test_clock_without_date (void)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (Dateless) transport = g_object_new (TYPE_DATELESS, NULL);
  gint64 first;

  bench_fault (bench, "stale,times=0");
  first = bench_add (bench, "first");
  bench_start_with (bench, CRM_TRANSPORT (transport));
  bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 3);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_CLOCK);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 1);
  assert_not_blamed (bench, first);

  crm_practice_server_clear_faults (bench->server);
  wait_for_end (bench, 1);
}

static void
test_not_sent (void)
{
  g_autoptr (Bench) bench = bench_new ();
  guint16 port = crm_practice_server_get_port (bench->server);
  g_autoptr (GError) error = NULL;
  gint64 first, second;
  g_autoptr (CrmTask) task = NULL;

  crm_practice_server_stop (bench->server);
  first = bench_add (bench, "first");
  second = bench_add (bench, "second");
  bench_start (bench);
  bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 3);
  g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_NOT_SENT);
  assert_not_blamed (bench, first);
  assert_not_blamed (bench, second);
  task = bench_read (bench, first);
  g_assert_cmpint (crm_task_get_attempts (task), ==, 0);

  crm_practice_server_start (bench->server, port, &error);
  g_assert_no_error (error);
  wait_for_end (bench, 2);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 2);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 2);
  g_assert_cmpuint (count (bench, TASK_LIST), ==, 0);
}

static void
test_not_a_crm (void)
{
  static const char * const faults[] = { "html,times=0", "redirect,times=0", "404,times=0",
                                         "times=0,raw=401:text/html:<h1>Sign in</h1>" };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (Bench) bench = bench_new ();
      g_autoptr (CrmTask) first = NULL;
      gint64 id, second;

      bench_fault (bench, faults[i]);
      id = bench_add (bench, "first");
      second = bench_add (bench, "second");
      bench_start (bench);
      bench_wait (bench, crm_sync_service_get_failed_probes (bench->service) >= 5);
      g_assert_cmpint (crm_sync_service_get_pause_class (bench->service), ==, CRM_ANSWER_NOT_A_CRM);

      /* Written to who knows whom: looked for when the CRM is back. */
      first = bench_read (bench, id);
      g_assert_cmpint (crm_task_get_state (first), ==, CRM_SYNC_UNCONFIRMED);
      g_assert_null (crm_task_get_problem (first));
      assert_not_blamed (bench, second);
      g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 1);
      g_assert_cmpuint (count (bench, TASK_LIST), ==, 0);

      crm_practice_server_clear_faults (bench->server);
      wait_for_end (bench, 2);
      g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 2);
    }
}

/* One rejected task blocks nobody. */
static void
test_rejected_among_good (void)
{
  g_autoptr (Bench) bench = bench_new ();

  bench_fault (bench, "specific=24395,name=bad,times=0");
  for (guint i = 0; i < 30; i++)
    bench_add (bench, i % 3 == 0 ? "bad" : "good");
  bench_start (bench);
  bench_wait (bench, bench_count (bench, CRM_SYNC_FAILED) == 10);
  wait_for_end (bench, 20);
  g_assert_cmpuint (count (bench, ADD_OR_UPDATE), ==, 30);
  g_assert_cmpuint (count (bench, PING), ==, 0);
  g_assert_cmpuint (crm_practice_server_get_peak_in_flight (bench->server), <=, 32);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sync/queue/own-trouble", test_own_trouble);
  g_test_add_func ("/sync/queue/own-trouble-is-told", test_own_trouble_is_told);
  g_test_add_func ("/sync/queue/everyones-trouble", test_everyones_trouble);
  g_test_add_func ("/sync/queue/all-fails", test_all_fails);
  g_test_add_func ("/sync/queue/throttled", test_throttled);
  g_test_add_func ("/sync/queue/account-once", test_account_once);
  g_test_add_func ("/sync/queue/account-of-one", test_account_of_one);
  g_test_add_func ("/sync/queue/account-refused", test_account_refused);
  g_test_add_func ("/sync/queue/paused-across-restart", test_paused_across_restart);
  g_test_add_func ("/sync/queue/clock-learnt", test_clock_learnt);
  g_test_add_func ("/sync/queue/clock-set-right", test_clock_set_right);
  g_test_add_func ("/sync/queue/clock-for-ever", test_clock_for_ever);
  g_test_add_func ("/sync/queue/clock-without-date", test_clock_without_date);
  g_test_add_func ("/sync/queue/not-sent", test_not_sent);
  g_test_add_func ("/sync/queue/not-a-crm", test_not_a_crm);
  g_test_add_func ("/sync/queue/rejected-among-good", test_rejected_among_good);

  return g_test_run ();
}

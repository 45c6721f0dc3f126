/* test-sync-local-trouble.c: the CRM has made the task, and its id can't be stored
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "store/frail-vfs.h"

#include <string.h>

static guint n_complaints;

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE") && strstr (fields[i].value, "An answer could not be stored yet") != NULL)
      n_complaints++;

  return (level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) != 0
             ? G_LOG_WRITER_HANDLED
             : g_log_writer_default (level, fields, n_fields, user_data);
}

/* The CRM acts at once and answers when the database is in trouble. */
static gint64
send_into_trouble (Bench        *bench,
                   FrailTrouble  trouble)
{
  gint64 id;

  n_complaints = 0;
  bench_fault (bench, "delay-after=100,action=addOrUpdateTask");
  id = bench_add (bench, "once");
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == 1);
  frail_vfs_set_trouble (trouble);
  bench_wait (bench, n_complaints > 0);

  return id;
}

/* The answer is kept until it can be stored, and nothing goes twice. */
static void
test_kept (gconstpointer data)
{
  FrailTrouble trouble = GPOINTER_TO_INT (data);
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *history = NULL;
  gint64 id;

  bench_start (bench);
  id = send_into_trouble (bench, trouble);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SENDING));
  frail_vfs_set_trouble (FRAIL_WELL);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));

  task = bench_read (bench, id);
  history = bench_get_history (bench, id);
  g_assert_cmpint (crm_task_get_crm_id (task), ==, 755);
  g_assert_cmpstr (history, ==, "accepted");
  g_assert_cmpuint (bench_count_sends (bench, "once"), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
}

/* Nothing else is sent while an answer can't be stored. */
static void
test_nothing_else (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_start (bench);
  bench_fault (bench, "delay-after=100,action=addOrUpdateTask");
  id = bench_add (bench, "once");
  bench_add (bench, "other");
  bench_wait (bench, crm_practice_server_count_tasks (bench->server) == 1);
  n_complaints = 0;
  frail_vfs_set_trouble (FRAIL_FULL);
  bench_wait (bench, n_complaints >= 3);
  g_assert_cmpuint (bench_count_sends (bench, "other"), ==, 0);
  frail_vfs_set_trouble (FRAIL_WELL);
  bench_wait (bench, bench_count (bench, CRM_SYNC_SYNCED) == 2);
  g_assert_true (bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 2);
}

/* The program dies before the answer is stored: it may be there, so it is looked for, and is found. */
static void
test_dies (void)
{
  g_autoptr (Bench) bench = bench_new ();
  gint64 id;

  bench_start (bench);
  id = send_into_trouble (bench, FRAIL_FULL);
  g_signal_handlers_disconnect_by_data (bench->service, bench);
  g_object_run_dispose (G_OBJECT (bench->service));
  g_clear_object (&bench->service);
  frail_vfs_set_trouble (FRAIL_WELL);

  bench_fault (bench, "403,action=getTaskList");
  bench_start (bench);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_UNCONFIRMED));
  bench_wait (bench, !crm_sync_service_is_settling (bench->service));
  g_assert_true (bench_is (bench, id, CRM_SYNC_UNCONFIRMED));

  crm_sync_service_sync_now (bench->service);
  bench_wait (bench, bench_is (bench, id, CRM_SYNC_SYNCED));
  g_assert_cmpuint (bench_count_sends (bench, "once"), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_tasks (bench->server), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (on_log, NULL, NULL);
  frail_vfs_install ();

  g_test_add_data_func ("/sync/local-trouble/full", GINT_TO_POINTER (FRAIL_FULL), test_kept);
  g_test_add_data_func ("/sync/local-trouble/read-only", GINT_TO_POINTER (FRAIL_READ_ONLY), test_kept);
  g_test_add_data_func ("/sync/local-trouble/busy", GINT_TO_POINTER (FRAIL_BUSY), test_kept);
  g_test_add_func ("/sync/local-trouble/nothing-else", test_nothing_else);
  g_test_add_func ("/sync/local-trouble/dies", test_dies);

  return g_test_run ();
}

/* bench-batch.c: how long a large outbox takes over a slow link, one by one and in batches
 *
 * The practice CRM is a process of its own, and answers late. Prints a line for each figure: what, then a number.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-sync-service-private.h"

#include <glib/gstdio.h>
#include <locale.h>

static int n_tasks = 2000;
static int delay = 200;
static int job_time = 0;
static int rounds = 3;

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static GSubprocess *
begin_server (const char  *program,
              char       **address)
{
  g_autofree char *fault = g_strdup_printf ("--fault=delay=%d,times=0", delay);
  g_autofree char *pace = g_strdup_printf ("--job-ms=%d", job_time);
  g_autoptr (GError) error = NULL;
  GSubprocess *server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--quiet", fault, pace, NULL);
  g_autoptr (GDataInputStream) lines = NULL;

  if (server == NULL)
    g_error ("%s", error->message);

  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  *address = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  if (*address == NULL)
    g_error ("The practice CRM does not begin");
  g_strchomp (*address);

  return server;
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, &error);

  if (task == NULL)
    g_error ("%s", error->message);
  --*(int *) user_data;
}

static void
fill (CrmStore *store)
{
  int left = n_tasks;

  for (int i = 0; i < n_tasks; i++)
    {
      g_autoptr (CrmValues) values = crm_values_new ();
      g_autofree char *name = g_strdup_printf ("Call customer %d about the offer", i);

      crm_values_set_text (values, CRM_FIELD_NAME, name);
      crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
      crm_values_set_text (values, CRM_FIELD_DESCRIPTION, "They asked for two rooms more, and whether the date can be moved.");
      crm_store_add_async (store, values, crm_values_get_mask (values), 0, FALSE, NULL, on_added, &left);
    }
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);
}

static gint64
count_sent (CrmStore *store)
{
  CrmCounts counts;

  if (!crm_store_read_counts (store, &counts, NULL))
    g_error ("The tasks can’t be counted");

  return counts.states[CRM_SYNC_SYNCED];
}

static void
remove_folder (const char *folder)
{
  static const char *const names[] = { "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* Returns the seconds until all is sent. */
static double
push (const char *address,
      gboolean    in_batches)
{
  g_autofree char *folder = g_dir_make_tmp ("crm-tasks-bench-XXXXXX", NULL);
  g_autoptr (CrmAccount) account = crm_account_new ("bench", CRM_ACCOUNT_ENVIRONMENT, address, "practice");
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) stopped = NULL;
  g_autoptr (GError) error = NULL;
  CrmSyncService *service;
  CrmStore *store;
  gint64 begun;
  double seconds;

  crm_store_open_async (folder, NULL, on_ready, &opened);
  store = crm_store_open_finish (wait_for (&opened), &error);
  if (store == NULL)
    g_error ("%s", error->message);
  fill (store);

  crm_account_take_secret (account, g_strdup ("practice-secret"));
  service = crm_sync_service_new (store, account, NULL, NULL);
  if (!in_batches)
    crm_batch_sender_set_limits (crm_sync_service_get_batches (service), 0, 0);

  begun = g_get_monotonic_time ();
  crm_sync_service_start (service);
  while (count_sent (store) < n_tasks)
    g_main_context_iteration (NULL, TRUE);
  seconds = (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;

  crm_sync_service_stop_async (service, NULL, on_ready, &stopped);
  crm_sync_service_stop_finish (service, wait_for (&stopped), NULL);
  g_object_unref (service);
  g_object_unref (store);
  remove_folder (folder);

  return seconds;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static double
get_median (GArray *times)
{
  g_array_sort (times, compare);

  return g_array_index (times, double, times->len / 2);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *program = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (GArray) alone = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) batched = g_array_new (FALSE, FALSE, sizeof (double));
  const GOptionEntry entries[] = {
    { "practice", 0, 0, G_OPTION_ARG_FILENAME, &program, "The program that plays the CRM", "FILE" },
    { "tasks", 0, 0, G_OPTION_ARG_INT, &n_tasks, "How many tasks wait", "N" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &delay, "How late each answer comes", "MILLISECONDS" },
    { "job-ms", 0, 0, G_OPTION_ARG_INT, &job_time, "How long the CRM takes for each job of a batch", "MILLISECONDS" },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "How often each way is tried, in turn", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || program == NULL || rounds < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "--practice is needed");
      return 2;
    }

  crm_sync_service_prepare ();
  server = begin_server (program, &address);
  for (int i = 0; i < rounds; i++)
    {
      double time = push (address, FALSE);

      g_array_append_val (alone, time);
      time = push (address, TRUE);
      g_array_append_val (batched, time);
    }

  g_print ("batch_tasks %d\n", n_tasks);
  g_print ("batch_delay_ms %d\n", delay);
  g_print ("batch_job_ms %d\n", job_time);
  g_print ("batch_singles_s %.3f\n", get_median (alone));
  g_print ("batch_singles_worst_s %.3f\n", g_array_index (alone, double, alone->len - 1));
  g_print ("batch_batches_s %.3f\n", get_median (batched));
  g_print ("batch_batches_worst_s %.3f\n", g_array_index (batched, double, batched->len - 1));
  g_print ("batch_ratio %.2f\n", get_median (alone) / get_median (batched));

  g_subprocess_send_signal (server, 15);
  g_subprocess_wait (server, NULL, NULL);

  return 0;
}

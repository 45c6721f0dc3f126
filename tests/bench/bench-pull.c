/* bench-pull.c: pulling a large CRM, and what it does to whoever works meanwhile
 *
 * The CRM is a process of its own (list-server.c). Prints rows of a Markdown table; build-aux/bench puts a head on them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-probe.h"

#include "store/crm-directory.h"
#include "sync/crm-pull-list.h"
#include "sync/crm-sync-service.h"
#include "ui/crm-task-list.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

static int n_tasks = 100000;
static int n_contacts = 100000;

typedef struct
{
  GSubprocess      *server;
  GDataInputStream *answers;
  char             *address;
  char             *folder;
  CrmAccount       *account;
  CrmStore         *store;
  CrmPuller        *puller;
  gboolean          over;
  gboolean          saving;
  gint64            save_begun;
  BenchTimes        saves;
  guint             n_changes; /* "changed" of the store */
} Bench;

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

static void
begin_server (Bench      *bench,
              const char *program)
{
  g_autofree char *tasks = g_strdup_printf ("--tasks=%d", n_tasks);
  g_autofree char *contacts = g_strdup_printf ("--contacts=%d", n_contacts);
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;

  bench->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, tasks,
                                    contacts, NULL);
  if (bench->server == NULL)
    g_error ("%s", error->message);
  bench->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bench->server));
  port = g_data_input_stream_read_line (bench->answers, NULL, NULL, NULL);
  bench->address = g_strdup_printf ("http://127.0.0.1:%s", port);
}

static void
touch (Bench      *bench,
       const char *line)
{
  g_autofree char *answer = NULL;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (bench->server), line, strlen (line), NULL, NULL, NULL);
  g_output_stream_flush (g_subprocess_get_stdin_pipe (bench->server), NULL, NULL);
  answer = g_data_input_stream_read_line (bench->answers, NULL, NULL, NULL);
}

static void
on_finished (Bench      *bench,
             const char *trouble)
{
  if (trouble != NULL)
    g_error ("%s", trouble);
  bench->over = TRUE;
}

static void
on_changed (Bench *bench)
{
  bench->n_changes++;
}

static void
open_store (Bench *bench)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bench->folder = g_dir_make_tmp ("crm-tasks-bench-XXXXXX", NULL);
  crm_store_open_async (bench->folder, NULL, on_ready, &result);
  bench->store = crm_store_open_finish (wait_for (&result), &error);
  if (bench->store == NULL)
    g_error ("%s", error->message);

  bench->account = crm_account_new ("bench", CRM_ACCOUNT_ENVIRONMENT, bench->address, "key");
  crm_account_take_secret (bench->account, g_strdup ("secret"));
  bench->puller = crm_puller_new (bench->store, bench->account, NULL, NULL);
  g_signal_connect_swapped (bench->puller, "finished", G_CALLBACK (on_finished), bench);
  g_signal_connect_swapped (bench->store, "changed", G_CALLBACK (on_changed), bench);
}

static void
close_store (Bench *bench)
{
  static const char *const names[] = { "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock" };

  crm_puller_stop (bench->puller);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&bench->puller);
  g_clear_object (&bench->account);
  g_clear_object (&bench->store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (bench->folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (bench->folder);
  g_clear_pointer (&bench->folder, g_free);
}

static void
on_saved (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Bench *bench = user_data;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, NULL);

  bench_times_add (&bench->saves, bench->save_begun);
  bench->saving = FALSE;
}

/* Somebody writes while the rest comes in. */
static gboolean
on_write (gpointer user_data)
{
  Bench *bench = user_data;
  g_autoptr (CrmValues) values = crm_values_new ();

  if (bench->saving)
    return G_SOURCE_CONTINUE;

  bench->saving = TRUE;
  bench->save_begun = g_get_monotonic_time ();
  crm_values_set_text (values, CRM_FIELD_NAME, "Written meanwhile");
  crm_store_add_async (bench->store, values, crm_values_get_mask (values), 0, TRUE, NULL, on_saved, bench);

  return G_SOURCE_CONTINUE;
}

/* Returns seconds. */
static double
pull (Bench    *bench,
      gboolean  full)
{
  gint64 begun = g_get_monotonic_time ();

  bench->over = FALSE;
  bench->n_changes = 0;
  bench_probe_reset ();
  crm_puller_pull (bench->puller, full);
  while (!bench->over || bench->saving)
    g_main_context_iteration (NULL, TRUE);

  return (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
}

/* The same pages, fetched and read by the same libraries, and thrown away. */
static double
fetch_all (Bench *bench)
{
  static const struct
  {
    CrmList list;
    int    *n;
  } longest[] = { { CRM_LIST_TASKS, &n_tasks }, { CRM_LIST_CONTACTS, &n_contacts } };
  g_autoptr (SoupSession) session = soup_session_new ();
  gint64 begun = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (longest); i++)
    for (gint64 at = 0; at < *longest[i].n; at += 100)
      {
        g_autofree char *url = g_strconcat (bench->address, crm_pull_list_get_target (longest[i].list), NULL);
        g_autofree char *text = crm_pull_list_write_body (longest[i].list, 0, at);
        g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
        g_autoptr (SoupMessage) message = soup_message_new ("POST", url);
        g_autoptr (GBytes) answer = NULL;
        g_autoptr (JsonParser) parser = json_parser_new ();
        gsize size;
        const char *data;

        soup_message_set_request_body_from_bytes (message, "application/json", body);
        soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
        answer = soup_session_send_and_read (session, message, NULL, NULL);
        data = g_bytes_get_data (answer, &size);
        json_parser_load_from_data (parser, data, (gssize) size, NULL);
      }

  return (double) (g_get_monotonic_time () - begun) / G_USEC_PER_SEC;
}

static void
search (Bench      *bench,
        const char *what,
        const char *text)
{
  BenchTimes times;

  bench_times_init (&times);
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) found = NULL;
      gint64 begun = g_get_monotonic_time ();

      crm_directory_search_async (bench->store, CRM_RECORD_CONTACT, text, 20, NULL, on_ready, &result);
      found = crm_directory_search_finish (bench->store, wait_for (&result), NULL);
      bench_times_add (&times, begun);
    }
  g_print ("| choose by name, “%s” among %d contacts%s | %.1f ms, at most %.1f ms |\n", text, n_contacts, what,
           bench_times_get (&times, 50), bench_times_get (&times, 100));
  bench_times_clear (&times);
}

static void
print_stall (const char *what)
{
  g_print ("| longest stall of the main loop, %s | %.1f ms (99.9 %%: %.1f ms) |\n", what, bench_probe_get_stall (100),
           bench_probe_get_stall (99.9));
}

static void
run (Bench *bench)
{
  double floor = fetch_all (bench);
  double before, time;
  guint writer;

  open_store (bench);
  before = bench_probe_get_memory ("VmRSS");
  bench_times_init (&bench->saves);
  writer = g_timeout_add (50, on_write, bench);
  time = pull (bench, FALSE);
  g_source_remove (writer);
  g_print ("| first pull of %d tasks and %d contacts, somebody writing meanwhile | %.1f s, %.2f × of fetching and throwing away |\n",
           n_tasks, n_contacts, time, time / floor);
  g_print ("| peak memory over what was used before it | %.1f MB |\n", bench_probe_get_memory ("VmHWM") - before);
  print_stall ("first pull");
  g_print ("| a save during it | %.1f ms, 95 %%: %.1f ms, at most %.1f ms |\n", bench_times_get (&bench->saves, 50),
           bench_times_get (&bench->saves, 95), bench_times_get (&bench->saves, 100));
  bench_times_clear (&bench->saves);

  time = pull (bench, FALSE);
  g_print ("| a pull that brings nothing new | %.0f ms, %u announced |\n", time * 1000, bench->n_changes);
  touch (bench, "touch tasks 1\n");
  time = pull (bench, FALSE);
  g_print ("| one that brings one changed task | %.0f ms, %u announced |\n", time * 1000, bench->n_changes);
  time = pull (bench, TRUE);
  g_print ("| a full sweep that finds nothing | %.1f s, %u announced |\n", time, bench->n_changes);
  print_stall ("full sweep");

  search (bench, "", "a");
  search (bench, "", "ma");
  search (bench, "", "mary j");
  search (bench, "", "xanthippe");
  close_store (bench);
}

/* The window's list attached, as it is while somebody looks on. */
static void
run_with_list (Bench *bench)
{
  g_autoptr (CrmTaskList) list = crm_task_list_new ();
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  double time;

  open_store (bench);
  crm_task_query_parse_sort (query, "due");
  crm_task_list_set_store (list, bench->store);
  crm_task_list_set_query (list, query);
  time = pull (bench, FALSE);
  g_print ("| first pull with the list sorted by due date attached | %.1f s |\n", time);
  print_stall ("with the list");
  crm_task_list_set_store (list, NULL);
  close_store (bench);
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { NULL };
  g_autofree char *program = NULL;
  gboolean quick = FALSE;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &program, "The program that plays the CRM", "FILE" },
    { "tasks", 0, 0, G_OPTION_ARG_INT, &n_tasks, "How many tasks it has", "N" },
    { "contacts", 0, 0, G_OPTION_ARG_INT, &n_contacts, "How many contacts", "N" },
    { "quick", 0, 0, G_OPTION_ARG_NONE, &quick, "2,000 of each", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || program == NULL)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "--server is needed");
      return 2;
    }
  if (quick)
    n_tasks = n_contacts = 2000;

  crm_sync_service_prepare ();
  bench_probe_install ();
  begin_server (&bench, program);
  run (&bench);
  run_with_list (&bench);

  g_output_stream_close (g_subprocess_get_stdin_pipe (bench.server), NULL, NULL);
  g_subprocess_wait (bench.server, NULL, NULL);
  g_clear_object (&bench.answers);
  g_clear_object (&bench.server);
  g_free (bench.address);

  return 0;
}

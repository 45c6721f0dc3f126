/* bench-push.c: sending what waits in the outbox, and what the same costs others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The CRM is a process of its own (push-server.c). Without --bare or --curl the app's own store, in a temporary folder,
 * and its own sync service send. One run prints lines of "key value", a number or a word each; keys are added, never
 * changed:
 *
 *   mode                   push, bare or curl
 *   tasks                  how many were sent
 *   in-flight              at a time; 0: the service decides
 *   delay-ms               what the CRM waited before each answer
 *   seconds                from when sending was allowed to when the last answer was stored; of a peer: was there
 *   tasks-per-second
 *   cpu-us-per-task        CPU time of all threads of the sending process
 *   main-cpu-us-per-task   of that, its main thread
 *   server-taken           tasks that the CRM took in this run
 *   server-twice           of all it took, adds whose name had come before: 0, or the run is worth nothing
 *   server-late-us         how much later than the delay its answers went out, on average
 * and only of mode push:
 *   first-ms, last-ms      the first and the last thousand tasks
 *   first-cpu-ms, last-cpu-ms
 *   begin-cpu-ms, end-cpu-ms  the median thousand of the first and of the last tenth
 *   widest                 how many requests were under way at most
 *   window-1s              how many were under way after a second; 0: it took less
 *   rss-idle-mb            memory with the service started and nothing ever sent
 *   rss-warm-mb            after a thousand tasks were sent, idle again
 *   rss-queued-mb          with all the tasks queued by another process, before they are sent
 *   rss-peak-mb            the most while they were sent
 */

#include "bench-probe.h"
#include "push-peers.h"
#include "push-tasks.h"

#include "sync/crm-sync-service.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define N_WARM 1000

static int n_tasks = 20000;
static int in_flight = 8;
static int delay_ms;
static gboolean one_by_one;

typedef struct
{
  GSubprocess      *server;
  GDataInputStream *answers;
  char             *address;
  char             *folder;
} Bench;

/* One push. */
typedef struct
{
  CrmStore       *store;
  CrmSyncService *service;
  guint           n_recorded;
  guint           n_wanted;
  guint           widest;
  guint           window_1s;
  gint64          begun;
  gint64          last_time;
  gint64          last_cpu;
  GArray         *times; /* gint64, µs: of each thousand */
  GArray         *cpus;
} Push;

static void
begin_server (Bench      *self,
              const char *program)
{
  g_autofree char *delay = g_strdup_printf ("--delay=%d", delay_ms);
  g_autofree char *port = NULL;
  g_autoptr (GError) error = NULL;

  self->server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, delay,
                                   one_by_one ? "--one-by-one" : NULL, NULL);
  if (self->server == NULL)
    g_error ("%s", error->message);
  self->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->server));
  port = g_data_input_stream_read_line (self->answers, NULL, NULL, NULL);
  self->address = g_strdup_printf ("http://127.0.0.1:%s", port);
}

static void
end_server (Bench *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->server), NULL, NULL);
  g_subprocess_wait (self->server, NULL, NULL);
  g_clear_object (&self->answers);
  g_clear_object (&self->server);
  g_free (self->address);
}

static char *
ask_server (Bench      *self,
            const char *line)
{
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->server), line, strlen (line), NULL, NULL, NULL);
  g_output_stream_flush (g_subprocess_get_stdin_pipe (self->server), NULL, NULL);

  return g_data_input_stream_read_line (self->answers, NULL, NULL, NULL);
}

static void
print_cost (Bench          *self,
            const char     *mode,
            const PushCost *cost,
            guint           n_before)
{
  g_autofree char *counts = ask_server (self, "count\n");
  g_autofree char *late = ask_server (self, "late\n");
  g_auto (GStrv) words = g_strsplit (counts, " ", 3);
  double seconds = (double) cost->time / G_USEC_PER_SEC;

  g_print ("mode %s\ntasks %u\nin-flight %d\ndelay-ms %d\n", mode, cost->n, in_flight, delay_ms);
  g_print ("seconds %.3f\ntasks-per-second %.1f\ncpu-us-per-task %.2f\nmain-cpu-us-per-task %.2f\n", seconds, cost->n / seconds,
           (double) cost->cpu / cost->n, (double) cost->main_cpu / cost->n);
  g_print ("server-taken %d\nserver-twice %s\nserver-late-us %s\n", atoi (words[0]) - (int) n_before, words[2], late);
}

static void
note_thousand (Push *push)
{
  gint64 now = g_get_monotonic_time (), cpu = push_get_cpu (RUSAGE_SELF);
  gint64 time = now - push->last_time, used = cpu - push->last_cpu;

  g_array_append_val (push->times, time);
  g_array_append_val (push->cpus, used);
  push->last_time = now;
  push->last_cpu = cpu;
}

static void
on_recorded (Push     *push,
             gint64    local_id,
             int       klass,
             gboolean  already_there)
{
  guint under_way = crm_sync_service_get_in_flight (push->service);

  if (klass != CRM_ANSWER_ACCEPTED)
    g_error ("An answer of class %d", klass);

  push->widest = MAX (push->widest, under_way);
  if (++push->n_recorded % 1000 == 0 && push->times != NULL)
    note_thousand (push);
  if (push->window_1s == 0 && g_get_monotonic_time () - push->begun > G_USEC_PER_SEC)
    push->window_1s = under_way;
}

/* Lets happen what happens by itself. */
static void
rest (guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
send_all (Push  *push,
          guint  n)
{
  push->n_wanted = push->n_recorded + n;
  crm_sync_service_set_held (push->service, FALSE);
  while (push->n_recorded < push->n_wanted)
    g_main_context_iteration (NULL, TRUE);
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 first = *(const gint64 *) a, second = *(const gint64 *) b;

  return first < second ? -1 : first > second;
}

static double
get_median (GArray *values,
            guint   from,
            guint   n)
{
  g_autoptr (GArray) some = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_vals (some, &g_array_index (values, gint64, from), n);
  g_array_sort (some, compare);

  return (double) g_array_index (some, gint64, n / 2) / 1000;
}

static void
print_thousands (const Push *push)
{
  guint n = push->times->len;
  guint tenth = MAX (n / 10, 1);

  if (n == 0)
    return;

  g_print ("first-ms %.2f\nlast-ms %.2f\n", get_median (push->times, 0, 1), get_median (push->times, n - 1, 1));
  g_print ("first-cpu-ms %.2f\nlast-cpu-ms %.2f\n", get_median (push->cpus, 0, 1), get_median (push->cpus, n - 1, 1));
  g_print ("begin-cpu-ms %.2f\nend-cpu-ms %.2f\n", get_median (push->cpus, 0, tenth), get_median (push->cpus, n - tenth, tenth));
}

/* The most memory used is counted from here on. */
static void
forget_peak (void)
{
  FILE *file = g_fopen ("/proc/self/clear_refs", "w");

  if (file != NULL)
    {
      fputs ("5", file);
      fclose (file);
    }
}

static void
run_push (Bench *self)
{
  g_autoptr (CrmAccount) account = crm_account_new ("bench", CRM_ACCOUNT_ENVIRONMENT, self->address, "key");
  Push push = { .store = push_tasks_open (self->folder) };
  PushCost cost = { .n = (guint) n_tasks };
  double idle, warm, queued;

  crm_account_take_secret (account, g_strdup ("secret"));
  push.service = crm_sync_service_new (push.store, account, NULL, NULL);
  g_signal_connect_swapped (push.service, "recorded", G_CALLBACK (on_recorded), &push);
  crm_sync_service_set_window (push.service, (guint) in_flight);
  crm_sync_service_start (push.service);
  rest (500);
  idle = bench_probe_get_memory ("VmRSS");

  crm_sync_service_set_held (push.service, TRUE);
  push_tasks_fill_outside (self->folder, 0, N_WARM);
  send_all (&push, N_WARM);
  rest (200);
  warm = bench_probe_get_memory ("VmRSS");

  crm_sync_service_set_held (push.service, TRUE);
  push_tasks_fill_outside (self->folder, N_WARM, (guint) n_tasks);
  rest (500);
  queued = bench_probe_get_memory ("VmRSS");

  forget_peak ();
  push.times = g_array_new (FALSE, FALSE, sizeof (gint64));
  push.cpus = g_array_new (FALSE, FALSE, sizeof (gint64));
  push.widest = push.window_1s = 0;
  push.begun = push.last_time = g_get_monotonic_time ();
  push.last_cpu = push_get_cpu (RUSAGE_SELF);
  cost.time = -push.begun;
  cost.cpu = -push.last_cpu;
  cost.main_cpu = -push_get_cpu (RUSAGE_THREAD);
  send_all (&push, (guint) n_tasks);
  cost.time += g_get_monotonic_time ();
  cost.cpu += push_get_cpu (RUSAGE_SELF);
  cost.main_cpu += push_get_cpu (RUSAGE_THREAD);

  print_cost (self, "push", &cost, N_WARM);
  print_thousands (&push);
  g_print ("widest %u\nwindow-1s %u\n", push.widest, push.window_1s);
  g_print ("rss-idle-mb %.2f\nrss-warm-mb %.2f\nrss-queued-mb %.2f\nrss-peak-mb %.2f\n", idle, warm, queued,
           bench_probe_get_memory ("VmHWM"));

  g_array_unref (push.times);
  g_array_unref (push.cpus);
  g_object_unref (push.service);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (push.store);
}

static void
run_peer (Bench    *self,
          gboolean  curl)
{
  g_autoptr (GPtrArray) bodies = NULL;
  PushCost cost;

  push_tasks_fill_outside (self->folder, 0, (guint) n_tasks);
  bodies = push_tasks_read_bodies (self->folder, (guint) n_tasks);
  cost = curl ? push_peer_run_curl (self->address, bodies, self->folder, (guint) in_flight)
              : push_peer_run_bare (self->address, bodies, (guint) in_flight);
  print_cost (self, curl ? "curl" : "bare", &cost, 0);
}

int
main (int   argc,
      char *argv[])
{
  Bench bench = { NULL };
  g_autofree char *program = NULL;
  g_autofree char *fill = NULL;
  gboolean bare = FALSE, curl = FALSE;
  int first = 0;
  const GOptionEntry entries[] = {
    { "server", 0, 0, G_OPTION_ARG_FILENAME, &program, "The program that plays the CRM", "FILE" },
    { "tasks", 0, 0, G_OPTION_ARG_INT, &n_tasks, "How many to send", "N" },
    { "in-flight", 0, 0, G_OPTION_ARG_INT, &in_flight, "How many at a time; 0: as the service decides", "N" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "How long the CRM waits before each answer", "MILLISECONDS" },
    { "one-by-one", 0, 0, G_OPTION_ARG_NONE, &one_by_one, "The CRM works on one request at a time", NULL },
    { "bare", 0, 0, G_OPTION_ARG_NONE, &bare, "A bare libsoup loop sends instead", NULL },
    { "curl", 0, 0, G_OPTION_ARG_NONE, &curl, "curl sends instead", NULL },
    { "fill", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &fill, "Only fill the store there", "FOLDER" },
    { "first", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &first, "The number of the first task there", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || (program == NULL && fill == NULL) || n_tasks <= 0 ||
      in_flight < 0 || ((bare || curl) && in_flight == 0))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "--server is needed; a peer needs --in-flight of 1 or more");
      return 2;
    }

  crm_sync_service_prepare ();
  if (fill != NULL)
    {
      push_tasks_fill (fill, (guint) first, (guint) n_tasks);
      return 0;
    }

  begin_server (&bench, program);
  bench.folder = push_tasks_make_folder ();
  if (bare || curl)
    run_peer (&bench, curl);
  else
    run_push (&bench);
  push_tasks_remove_folder (bench.folder);
  g_free (bench.folder);
  end_server (&bench);

  return 0;
}

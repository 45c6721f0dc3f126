/* bench-window.c: the app's window over many tasks: how fast it comes up, jumps, changes and searches
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-window.h"

#include "bench-home.h"
#include "bench-start.h"

#include "api/crm-account.h"
#include "sync/crm-sync-service.h"
#include "ui/crm-application.h"

#include <locale.h>
#include <stdlib.h>

static gboolean modes[5];
static int n_rounds = 3;

enum
{
  START,
  JUMP,
  CHANGE,
  TYPE,
  ROW
};

static BenchWindow bench;
static double first_time;

/* The first frame with what there is to see. */
static void
painted_cb (gpointer user_data)
{
  CrmTask *tasks[128];

  if (bench.window == NULL)
    return;

  if (first_time > 0)
    {
      bench_window_look (&bench);
    }
  else if (bench_window_has_rows (&bench) || bench_window_is_empty (&bench))
    {
      first_time = bench_start_get_time ();
      if (modes[START])
        {
          bench_print ("first.ms", first_time);
          bench_print ("first.cpu_ms", bench_probe_get_process_cpu ());
          bench_print_memory ("first");
          bench_print ("first.rows", bench_window_get_rows (&bench, tasks, NULL, G_N_ELEMENTS (tasks)));
        }
      bench_probe_reset ();
    }
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow      *window)
{
  if (!CRM_IS_WINDOW (window) || bench.window != NULL)
    return;

  bench_window_attach (&bench, CRM_WINDOW (window));
  /* An account without a task shows the welcome, which is another window. */
  gtk_widget_activate_action (GTK_WIDGET (window), "win.just-write", NULL);
}

static gboolean
is_up (gpointer data)
{
  return first_time > 0;
}

static guint
count_tasks (void)
{
  CrmCounts counts;
  g_autoptr (GError) error = NULL;
  gint64 n = 0;

  if (!crm_store_read_counts (bench.store, &counts, &error))
    g_error ("%s", error->message);
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    n += counts.states[i];

  return (guint) n;
}

static void
finish_start (guint n_tasks)
{
  bench_print ("ids.ms", MAX (bench_start_get_time () - 60, first_time));
  bench_frames_rest (1500);
  bench_print_memory ("ids");
  bench_print ("ids.n", n_tasks);
  bench_print ("ids.stall_other_ms", bench_probe_get_longest (BENCH_TURN_OTHER));
  bench_print ("ids.stall_frame_ms", bench_probe_get_longest (BENCH_TURN_FRAME));
  bench_print ("ids.stall_list_ms", bench_probe_get_longest (BENCH_TURN_LIST));
}

static gboolean
run_cb (gpointer user_data)
{
  guint n_tasks;

  if (!bench_frames_wait_until (is_up, NULL, 120))
    g_error ("The window never came up");

  bench.store = crm_session_get_store (crm_window_get_session (bench.window));
  n_tasks = count_tasks ();
  bench_window_settle (&bench, n_tasks);
  if (modes[START])
    finish_start (n_tasks);
  else
    bench_frames_rest (1000);

  /* What moves by itself is not measured. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  if (modes[JUMP])
    bench_window_jump (&bench);
  if (modes[CHANGE])
    bench_window_change (&bench, n_rounds);
  if (modes[TYPE])
    bench_window_type (&bench);
  if (modes[ROW])
    bench_window_change_row (&bench);

  gtk_window_close (GTK_WINDOW (bench.window));
  return G_SOURCE_REMOVE;
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "start", 0, 0, G_OPTION_ARG_NONE, &modes[START], "How fast it comes up, and the memory then", NULL },
    { "jump", 0, 0, G_OPTION_ARG_NONE, &modes[JUMP], "Random places in the list", NULL },
    { "change", 0, 0, G_OPTION_ARG_NONE, &modes[CHANGE], "Place, order and search", NULL },
    { "type", 0, 0, G_OPTION_ARG_NONE, &modes[TYPE], "Searching letter by letter", NULL },
    { "row", 0, 0, G_OPTION_ARG_NONE, &modes[ROW], "One row that changes its state; changes some tasks", NULL },
    { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "How often each change is made", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (CrmApplication) application = NULL;
  g_autoptr (GError) error = NULL;
  char *program[] = { (char *) "crm-tasks", NULL };

  bench_start (argv);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Usage: bench-window FOLDER [--start] [--jump] [--change] [--type] [--row]");
      return EXIT_FAILURE;
    }

  bench_home_use (argv[1]);
  bench_probe_install ();

  /* As main.c does it. */
  crm_account_protect_process ();
  crm_sync_service_prepare ();
  setlocale (LC_ALL, "");
  application = crm_application_new (G_APPLICATION_NON_UNIQUE);
  bench_frames_watch (&bench.frames, GTK_APPLICATION (application), painted_cb, NULL);
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  g_idle_add (run_cb, NULL);

  return g_application_run (G_APPLICATION (application), 1, program);
}

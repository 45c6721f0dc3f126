/* bench-empty-window.c: how fast an empty libadwaita window comes up, and what it takes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-frames.h"
#include "bench-start.h"

#include <adwaita.h>
#include <locale.h>

static BenchFrames frames;

static void
painted_cb (gpointer user_data)
{
  if (frames.n_frames > 1)
    return;

  bench_print ("first.ms", bench_start_get_time ());
  bench_print ("first.cpu_ms", bench_probe_get_process_cpu ());
  bench_print_memory ("first");
}

static gboolean
over_cb (gpointer user_data)
{
  bench_print_memory ("rest");
  gtk_window_destroy (frames.window);

  return G_SOURCE_REMOVE;
}

static void
activate_cb (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 860);
  gtk_window_present (GTK_WINDOW (window));
  g_timeout_add_seconds (1, over_cb, NULL);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  bench_start (argv);
  bench_probe_install ();
  setlocale (LC_ALL, "");
  application = adw_application_new ("org.example.CrmTasks.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  bench_frames_watch (&frames, GTK_APPLICATION (application), painted_cb, NULL);

  return g_application_run (G_APPLICATION (application), 1, argv);
}

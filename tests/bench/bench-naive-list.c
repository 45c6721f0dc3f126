/* bench-naive-list.c: the same tasks, all of them read into a GListStore: what the app's list is compared with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-frames.h"
#include "bench-home.h"
#include "bench-start.h"

#include <adwaita.h>
#include <locale.h>
#include <stdlib.h>

/* Read at once. */
#define CHUNK 1000

static BenchFrames frames;
static GListStore *tasks;
static char *folder;

static gboolean
over_cb (gpointer user_data)
{
  bench_print_memory ("rest");
  gtk_window_destroy (frames.window);

  return G_SOURCE_REMOVE;
}

static void
painted_cb (gpointer user_data)
{
  if (frames.n_frames > 1)
    return;

  bench_print ("first.ms", bench_start_get_time ());
  bench_print ("first.cpu_ms", bench_probe_get_process_cpu ());
  bench_print_memory ("first");
  bench_print ("first.n", g_list_model_get_n_items (G_LIST_MODEL (tasks)));
  g_timeout_add_seconds (1, over_cb, NULL);
}

static void
read_all (void)
{
  g_autoptr (CrmStore) store = bench_home_open (folder);
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GArray) ids = NULL;

  tasks = g_list_store_new (CRM_TYPE_TASK);
  crm_task_query_parse_sort (query, "due");
  ids = bench_home_query (store, query);
  for (guint i = 0; i < ids->len; i += CHUNK)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) chunk =
          crm_store_read_tasks (store, (gint64 *) (gpointer) ids->data + i, MIN (CHUNK, ids->len - i), &error);

      if (chunk == NULL)
        g_error ("%s", error->message);
      g_list_store_splice (tasks, g_list_model_get_n_items (G_LIST_MODEL (tasks)), 0, chunk->pdata, chunk->len);
    }
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_inscription_new (NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  user_data)
{
  CrmTask *task = gtk_list_item_get_item (item);
  const CrmValues *values = crm_task_get_values (task);
  const char *texts[] = {
    crm_values_get_number (values, CRM_FIELD_STATUS) == CRM_STATUS_COMPLETED ? "✓" : "",
    crm_sync_state_get_words (crm_task_get_state (task)),
    crm_values_get_text (values, CRM_FIELD_NAME),
    crm_values_get_text (values, CRM_FIELD_END_DATETIME),
  };

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)), texts[GPOINTER_TO_UINT (user_data)]);
}

static void
activate_cb (GtkApplication *application)
{
  static const char *const titles[] = { "Done", "State", "Task", "Due" };
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *view;

  read_all ();
  view = gtk_column_view_new (GTK_SELECTION_MODEL (gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (tasks)))));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new (titles[i], factory);
      gtk_column_view_column_set_expand (column, i == 2);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
    }

  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 860);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (AdwApplication) application = NULL;

  bench_start (argv);
  if (argc != 2)
    {
      g_printerr ("Usage: bench-naive-list FOLDER\n");
      return EXIT_FAILURE;
    }

  bench_home_use (argv[1]);
  folder = bench_home_get_folder ();
  bench_probe_install ();
  setlocale (LC_ALL, "");
  application = adw_application_new ("org.example.CrmTasks.Bench", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  bench_frames_watch (&frames, GTK_APPLICATION (application), painted_cb, NULL);

  return g_application_run (G_APPLICATION (application), 1, argv);
}

/* bench-window-change.c: how long another place, order or search takes to be seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-window.h"

#include "bench-home.h"
#include "bench-start.h"

#include "store/crm-directory.h"
#include "tour/gui-driver.h"
#include "ui/crm-place.h"
#include "ui/crm-task-view.h"

#include <string.h>

static const char *const columns[] = { "state", "name", "owner", "due", "priority", "status", "assignee", "problem", "id" };
static const char *const searches[] = { "contract", "zeppelin", "prepare offer", "con", "wedding northwind", "24395", "xyzzy" };
static const char *const words[] = { "contract", "zeppelin", "annual menu" };

/* What the window is asked for. */
typedef struct
{
  const CrmPlace *place;
  const char     *column;
  gboolean        descending;
  const char     *search;
} Wish;

typedef struct
{
  BenchWindow *window;
  Wish         wish;
  BenchTimes   times;     /* to the first frame with the rows */
  BenchTimes   whole;     /* until all ids are there */
  BenchTimes   queries;   /* the same query alone */
  BenchTimes   queries_cpu;
  BenchTimes   stalls[BENCH_N_TURNS];
  BenchTimes   stalls_cpu[BENCH_N_TURNS];
} Change;

static const char *const stall_names[BENCH_N_TURNS] = { "stall_other", "stall_frame", "stall_list" };

static void
change_init (Change      *self,
             BenchWindow *window)
{
  *self = (Change) { .window = window, .wish = { crm_place_by_name ("all"), "due", FALSE, NULL } };
  bench_times_init (&self->times);
  bench_times_init (&self->whole);
  bench_times_init (&self->queries);
  bench_times_init (&self->queries_cpu);
  for (guint i = 0; i < BENCH_N_TURNS; i++)
    {
      bench_times_init (&self->stalls[i]);
      bench_times_init (&self->stalls_cpu[i]);
    }
}

static void
change_print (Change     *self,
              const char *key)
{
  struct
  {
    const char *name;
    BenchTimes *times;
  } all[] = { { "first_frame", &self->times },
              { "whole", &self->whole },
              { "query_alone", &self->queries },
              { "query_alone_cpu", &self->queries_cpu } };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *line = g_strconcat (key, ".", all[i].name, NULL);

      bench_print_times (line, all[i].times);
      bench_times_clear (all[i].times);
    }
  for (guint i = 0; i < BENCH_N_TURNS; i++)
    {
      g_autofree char *line = g_strconcat (key, ".", stall_names[i], NULL);
      g_autofree char *cpu_line = g_strconcat (line, "_cpu", NULL);

      bench_print_times (line, &self->stalls[i]);
      bench_print_times (cpu_line, &self->stalls_cpu[i]);
      bench_times_clear (&self->stalls[i]);
      bench_times_clear (&self->stalls_cpu[i]);
    }
}

/* As the pane asks. */
static CrmTaskQuery *
make_query (Change *self)
{
  CrmTaskQuery *query = crm_task_query_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  crm_task_query_parse_sort (query, self->wish.column);
  query->descending = self->wish.descending;
  crm_place_fill_query (self->wish.place, g_get_real_time (), zone, crm_directory_get_me (self->window->store), query);
  query->search = g_strdup (self->wish.search);

  return query;
}

typedef void (*Act) (Change *self);

static void
act_place (Change *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window->window), "win.go", "s", self->wish.place->name);
}

static void
act_sort (Change *self)
{
  crm_task_view_set_sort (CRM_TASK_VIEW (gui_driver_find_below (GTK_WIDGET (self->window->window), "view")),
                          self->wish.column, self->wish.descending);
}

static void
act_search (Change *self)
{
  GtkWidget *entry = gui_driver_find_below (GTK_WIDGET (self->window->window), "search_entry");

  gtk_editable_set_text (GTK_EDITABLE (entry), self->wish.search != NULL ? self->wish.search : "");
}

/* One more letter at the end. */
static void
act_key (Change *self)
{
  GtkEditable *entry = GTK_EDITABLE (gui_driver_find_below (GTK_WIDGET (self->window->window), "search_entry"));
  int position = (int) g_utf8_strlen (gtk_editable_get_text (entry), -1);

  gtk_editable_insert_text (entry, self->wish.search + strlen (self->wish.search) - 1, -1, &position);
}

/* Does nothing when there is nothing to see at such a place. */
static void
measure (Change     *self,
         Act         act,
         const char *what,
         gboolean    is_counted)
{
  BenchWindow *window = self->window;
  g_autoptr (CrmTaskQuery) query = make_query (self);
  g_autoptr (GArray) ids = NULL;
  double cpu_begun = bench_probe_get_process_cpu ();
  gint64 begun = g_get_monotonic_time ();
  double alone, alone_cpu, first, whole;

  ids = bench_home_query (window->store, query);
  alone = (double) (g_get_monotonic_time () - begun) / 1000;
  alone_cpu = bench_probe_get_process_cpu () - cpu_begun;
  if (ids->len == 0 && self->wish.search == NULL)
    return;

  bench_frames_rest (30);
  bench_window_expect (window, ids);
  bench_probe_reset ();
  begun = g_get_monotonic_time ();
  act (self);
  if (!bench_window_wait (window))
    g_error ("%s was never shown", what);
  first = (double) (window->shown_at - begun) / 1000;
  bench_window_settle (window, ids->len);
  /* Without the moment that settling takes longer. */
  whole = (double) (g_get_monotonic_time () - begun) / 1000 - 60;

  if (!is_counted)
    return;

  bench_times_add_value (&self->times, first);
  bench_times_add_value (&self->whole, MAX (whole, first));
  bench_times_add_value (&self->queries, alone);
  bench_times_add_value (&self->queries_cpu, alone_cpu);
  g_print ("# %-24s %8u hits: first frame %8.1f ms, query alone %8.1f ms (processor %.1f); longest stalls:", what, ids->len, first,
           alone, alone_cpu);
  for (guint i = 0; i < BENCH_N_TURNS; i++)
    {
      double stall = bench_probe_get_longest (i);
      double cpu = bench_probe_get_longest_cpu (i);

      g_print (" %s %.1f ms (processor %.1f)", stall_names[i], stall, cpu);
      bench_times_add_value (&self->stalls[i], stall);
      bench_times_add_value (&self->stalls_cpu[i], cpu);
    }
  g_print ("\n");
}

static void
go (Change         *self,
    const CrmPlace *place)
{
  g_autofree char *what = g_strconcat ("place ", place->name, NULL);

  self->wish.place = place;
  measure (self, act_place, what, TRUE);
}

static void
change_places (Change *self)
{
  const CrmPlace *place;

  for (guint i = 1; (place = crm_place_get (i)) != NULL; i++)
    go (self, place);
  go (self, crm_place_get (0));
}

static void
change_sort (Change     *self,
             const char *column,
             gboolean    descending)
{
  g_autofree char *what = g_strconcat ("sort ", column, descending ? " descending" : "", NULL);

  self->wish.column = column;
  self->wish.descending = descending;
  measure (self, act_sort, what, TRUE);
}

static void
search (Change     *self,
        const char *text,
        gboolean    is_counted)
{
  g_autofree char *what = text != NULL ? g_strconcat ("search “", text, "”", NULL) : g_strdup ("search over");

  self->wish.search = text;
  measure (self, act_search, what, is_counted);
}

static void
open_search (BenchWindow *self)
{
  GtkWidget *bar = gui_driver_find_below (GTK_WIDGET (self->window), "search_bar");

  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (bar), TRUE);
  bench_frames_rest (100);
}

/**
 * bench_window_change:
 * @self: a window that shows all tasks, by when they are due
 * @n_rounds: how often each change is made
 *
 * Prints how long changes of place, order and search take, and for how long they keep the main loop. Right before each the same
 * query is asked alone.
 */
void
bench_window_change (BenchWindow *self,
                     guint        n_rounds)
{
  Change change;

  change_init (&change, self);
  for (guint round = 0; round < n_rounds; round++)
    {
      change_places (&change);
      for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
        {
          /* By that it is sorted at first. */
          if (!g_str_equal (columns[i], "due"))
            change_sort (&change, columns[i], FALSE);
          change_sort (&change, columns[i], TRUE);
        }
      change_sort (&change, "due", FALSE);
      open_search (self);
      for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
        search (&change, searches[i], TRUE);
      search (&change, NULL, TRUE);
    }
  change_print (&change, "change");
}

/**
 * bench_window_type:
 * @self: a window that shows all tasks, by when they are due
 *
 * Prints how long it takes from a keystroke in the search to its first results. The next letter is typed when they are there.
 */
void
bench_window_type (BenchWindow *self)
{
  Change change;

  change_init (&change, self);
  open_search (self);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      for (guint n = 1; n <= strlen (words[i]); n++)
        {
          g_autofree char *text = g_strndup (words[i], n);
          g_autofree char *what = g_strconcat ("typed “", text, "”", NULL);

          change.wish.search = text;
          measure (&change, act_key, what, TRUE);
        }
      search (&change, NULL, FALSE);
    }
  change_print (&change, "type");
}

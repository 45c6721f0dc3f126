/* bench-save.c: how long saving takes, beside one bare insert into SQLite on the same disk
 *
 * Each round saves one edit, adds one task and inserts one bare row, in turns. The tasks stay changed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-home.h"
#include "bench-start.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdlib.h>

static int n_rounds = 300;

/* A table with the columns of a task, and nothing else: no index, no trigger. */
typedef struct
{
  char         *path;
  sqlite3      *tasks;
  sqlite3      *database;
  sqlite3_stmt *read;
  sqlite3_stmt *insert;
} Peer;

static void
check (sqlite3 *database,
       int      result)
{
  if (result != SQLITE_OK && result != SQLITE_DONE && result != SQLITE_ROW)
    g_error ("%s", sqlite3_errmsg (database));
}

static void
peer_open (Peer       *self,
           const char *folder)
{
  g_autofree char *tasks = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (GString) columns = g_string_new (NULL);
  g_autoptr (GString) places = g_string_new (NULL);
  g_autofree char *create = NULL;
  g_autofree char *insert = NULL;

  self->path = g_build_filename (folder, "peer.db", NULL);
  check (self->tasks, sqlite3_open_v2 (tasks, &self->tasks, SQLITE_OPEN_READONLY, NULL));
  check (self->tasks, sqlite3_prepare_v2 (self->tasks, "SELECT * FROM task WHERE local_id = ?1", -1, &self->read, NULL));
  for (int i = 1; i < sqlite3_column_count (self->read); i++)
    {
      g_string_append_printf (columns, ", %s %s", sqlite3_column_name (self->read, i), sqlite3_column_decltype (self->read, i));
      g_string_append_printf (places, ", ?%d", i);
    }
  create = g_strdup_printf ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                            "CREATE TABLE task (local_id INTEGER PRIMARY KEY%s) STRICT",
                            columns->str);
  insert = g_strdup_printf ("INSERT INTO task VALUES (NULL%s)", places->str);

  check (self->database, sqlite3_open (self->path, &self->database));
  check (self->database, sqlite3_exec (self->database, create, NULL, NULL, NULL));
  check (self->database, sqlite3_prepare_v2 (self->database, insert, -1, &self->insert, NULL));
}

static void
peer_close (Peer *self)
{
  static const char *const ends[] = { "", "-wal", "-shm" };

  sqlite3_finalize (self->read);
  sqlite3_finalize (self->insert);
  sqlite3_close (self->tasks);
  sqlite3_close (self->database);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->path, ends[i], NULL);

      g_unlink (path);
    }
  g_free (self->path);
}

/* Returns milliseconds. */
static double
peer_insert (Peer   *self,
             gint64  local_id)
{
  gint64 begun;

  sqlite3_bind_int64 (self->read, 1, local_id);
  check (self->tasks, sqlite3_step (self->read));
  for (int i = 1; i < sqlite3_column_count (self->read); i++)
    sqlite3_bind_value (self->insert, i, sqlite3_column_value (self->read, i));
  sqlite3_reset (self->read);

  begun = g_get_monotonic_time ();
  check (self->database, sqlite3_step (self->insert));
  check (self->database, sqlite3_reset (self->insert));
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

static void
finish (CrmStore      *store,
        GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (store, bench_wait (result), NULL, &error);

  if (task == NULL)
    g_error ("%s", error->message);
}

static CrmValues *
make_values (guint round)
{
  CrmValues *values = crm_values_new ();
  g_autofree char *name = g_strdup_printf ("Call about the revised offer, again (%u)", round);
  g_autofree char *due = g_strdup_printf ("2026-%02u-%02u 15:30:00", round % 12 + 1, round % 28 + 1);

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, due);

  return values;
}

static double
edit (CrmStore *store,
      gint64    local_id,
      guint     round)
{
  g_autoptr (CrmValues) values = make_values (round);
  g_autoptr (GAsyncResult) result = NULL;
  gint64 begun = g_get_monotonic_time ();

  crm_store_edit_async (store, local_id, values, crm_values_get_mask (values), CRM_EDIT_KEEP, NULL, bench_ready, &result);
  bench_wait (&result);
  begun = g_get_monotonic_time () - begun;
  finish (store, &result);

  return (double) begun / 1000;
}

static double
add (CrmStore *store,
     guint     round)
{
  g_autoptr (CrmValues) values = make_values (round);
  g_autoptr (GAsyncResult) result = NULL;
  gint64 begun = g_get_monotonic_time ();

  crm_store_add_async (store, values, crm_values_get_mask (values), 0, FALSE, NULL, bench_ready, &result);
  bench_wait (&result);
  begun = g_get_monotonic_time () - begun;
  finish (store, &result);

  return (double) begun / 1000;
}

static gint64
count_tasks (CrmStore *store)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_count_async (store, query, NULL, bench_ready, &result);
  return crm_store_count_finish (store, bench_wait (&result), NULL);
}

static void
run (CrmStore *store,
     Peer     *peer)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  BenchTimes edits, adds, inserts, edit_ratios, add_ratios;
  BenchTimes *const all[] = { &edits, &adds, &inserts, &edit_ratios, &add_ratios };
  static const char *const keys[] = { "save.edit", "save.add", "save.insert" };
  int n = (int) count_tasks (store);

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    bench_times_init (all[i]);

  for (int round = -5; round < n_rounds; round++)
    {
      gint64 id = g_rand_int_range (rand, 1, n + 1);
      double insert = peer_insert (peer, id);
      double edited = edit (store, id, (guint) (round + 5));
      double added = add (store, (guint) (round + 5));

      /* The first ones prepare statements. */
      if (round < 0)
        continue;

      bench_times_add_value (&inserts, insert);
      bench_times_add_value (&edits, edited);
      bench_times_add_value (&adds, added);
      bench_times_add_value (&edit_ratios, edited / insert);
      bench_times_add_value (&add_ratios, added / insert);
    }

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    bench_print_times (keys[i], all[i]);
  bench_print ("save.edit_ratio", bench_times_get (&edit_ratios, 50));
  bench_print ("save.add_ratio", bench_times_get (&add_ratios, 50));
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    bench_times_clear (all[i]);
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "How often", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  Peer peer = { 0 };
  CrmStore *store;

  bench_start (argv);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Usage: bench-save FOLDER [--rounds N]");
      return EXIT_FAILURE;
    }

  bench_home_use (argv[1]);
  folder = bench_home_get_folder ();
  store = bench_home_open (folder);
  peer_open (&peer, folder);
  run (store, &peer);
  peer_close (&peer);
  g_object_unref (store);

  return EXIT_SUCCESS;
}

/* test-migration.c: a database of an earlier version, opened by this one; and that search stays true to the tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "query-bench.h"
#include "task-reference.h"

#include "store/crm-connection.h"

#define N_TASKS 400
#define EDITS 600

typedef struct
{
  char     *folder;
  CrmStore *store;
} Fixture;

/* As the version with @newest migrations left it. */
static void
make_database (const char *folder,
               guint       newest)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", newest);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, &error);

  g_assert_no_error (error);
  for (guint i = 1; i <= newest; i++)
    {
      g_autofree char *name = g_strdup_printf ("/org/example/CrmTasks/sql/%03u.sql", i);
      g_autoptr (GBytes) sql = g_resources_lookup_data (name, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

      g_assert_no_error (error);
      crm_connection_exec (connection, g_bytes_get_data (sql, NULL), &error);
      g_assert_no_error (error);
    }
  crm_connection_exec (connection, mark, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  if (GPOINTER_TO_UINT (data) > 0)
    {
      make_database (f->folder, GPOINTER_TO_UINT (data));
      bench_fill (f->folder, N_TASKS, 44);
      bench_exec (f->folder, "UPDATE task SET problem_class = 'rejected', problem_code = local_id % 2 * 24392, problem_error_code = 24114,"
                             " problem_message = 'Call the administrator', problem_more = '[\"name: *Required*\"]'"
                             " WHERE state = 'failed'");
    }
}

/* With a rank it compares the words with the tasks, too. */
static void
assert_search_is_true (Fixture *f)
{
  bench_exec (f->folder, "INSERT INTO task_search (task_search, rank) VALUES ('integrity-check', 1)");
  bench_exec (f->folder, "INSERT INTO record_search (record_search, rank) VALUES ('integrity-check', 1)");
  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) = 1 FROM pragma_integrity_check WHERE integrity_check = 'ok'"), ==, 1);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  assert_search_is_true (f);
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
assert_found (Fixture            *f,
              Reference          *reference,
              const CrmTaskQuery *query)
{
  g_autoptr (GArray) expected = reference_find (reference, query);
  g_autoptr (GArray) ids = bench_query (f->store, query);

  g_test_message ("“%s” by %u.%u: %u of %u", query->search, query->sort, query->field, ids->len, expected->len);
  g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), expected->data, expected->len * sizeof (gint64));
}

/* By words in every text, numbers and names, and by every order. */
static void
assert_all_found (Fixture *f)
{
  g_autoptr (Reference) reference = reference_read (f->folder);
  static const char *const searches[] = { NULL, "call", "acme call", "755", "24392", "administrator", "zebra", "newer", "required" };

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    for (guint sort = 0; sort < BENCH_N_SORTS; sort++)
      {
        g_autoptr (CrmTaskQuery) query = crm_task_query_new ();

        query->search = g_strdup (searches[i]);
        query->descending = sort % 2 != 0;
        bench_set_sort (query, sort);
        assert_found (f, reference, query);
      }
}

static gint64
sum_rows (Fixture *f)
{
  return bench_ask (f->folder, "SELECT count (*) * 1000003 + sum (local_id % 1009 * (length (coalesce (name, 'x')) + coalesce (crm_id, 7) +"
                               " coalesce (lead_id, 5) + problem_code + revision + length (state))) FROM task");
}

/* Nothing is lost on the way, and all of it is found and sorted at once. */
static void
test_opened (Fixture      *f,
             gconstpointer data)
{
  gint64 before = sum_rows (f);
  CrmCounts counts;

  f->store = bench_open (f->folder);
  g_assert_cmpint (bench_ask (f->folder, "PRAGMA user_version"), >=, 5);
  g_assert_cmpint (sum_rows (f), ==, before);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM task WHERE state = 'failed' AND problem_message <> ''"), >, 0);
  assert_search_is_true (f);
  assert_all_found (f);

  g_assert_true (crm_store_read_counts (f->store, &counts, NULL));
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE state = '%s'", crm_sync_state_get_nick (i));

      g_assert_cmpint (counts.states[i], ==, bench_ask (f->folder, sql));
    }
}

/* One of those who send takes what is due; the answers differ. */
static void
send (Fixture *f,
      GRand   *rand)
{
  static const CrmAnswerClass classes[] = { CRM_ANSWER_REJECTED, CRM_ANSWER_TROUBLE, CRM_ANSWER_ACCEPTED, CRM_ANSWER_UNCONFIRMED };
  static const char *const words[] = { "name: *Required*", "Call the newer administrator", NULL };
  static gint64 crm_id = 20000000;
  g_autoptr (GPtrArray) claims = bench_claim (f->store, 3, g_get_real_time () + G_TIME_SPAN_DAY, NULL);

  for (guint i = 0; i < claims->len; i++)
    {
      const CrmClaim *claim = claims->pdata[i];
      CrmAnswerClass klass = classes[g_rand_int_range (rand, 0, G_N_ELEMENTS (classes))];
      g_autoptr (CrmProblem) problem = crm_problem_new (klass);

      if (klass != CRM_ANSWER_ACCEPTED)
        {
          problem->message = g_strdup (words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
          problem->error_code = 24114;
          problem->specific_code = g_rand_int_range (rand, 0, 2) * BENCH_CODE;
          problem->additional_messages = g_strdupv ((GStrv) words);
        }
      bench_record_problem (f->store, claim, problem, klass == CRM_ANSWER_ACCEPTED ? (claim->crm_id != 0 ? claim->crm_id : ++crm_id) : 0, 0);
    }
}

static gint64
choose_task (Fixture *f,
             GRand   *rand)
{
  g_autofree char *sql = g_strdup_printf ("SELECT coalesce (min (local_id), 0) FROM task WHERE local_id >= %d",
                                          g_rand_int_range (rand, 1, N_TASKS));

  return bench_ask (f->folder, sql);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Some of the tasks have values that are refused. */
static CrmTask *
rename_task (Fixture    *f,
             gint64      local_id,
             const char *name)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_edit_async (f->store, local_id, values, CRM_FIELD_BIT (CRM_FIELD_NAME), CRM_EDIT_KEEP, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return crm_store_change_finish (f->store, result, NULL, NULL);
}

static void
change (Fixture *f,
        GRand   *rand)
{
  static const char *const names[] = { "Newer call", "755 newer", "", "Zebra", "Émile’s café" };
  gint64 local_id = choose_task (f, rand);
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (CrmTask) back = NULL;

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      task = bench_add (f->store, names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))], TRUE);
      break;
    case 1:
    case 2:
      task = rename_task (f, local_id, names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))]);
      break;
    case 3:
      task = bench_apply (f->store, local_id, CRM_ACTION_DISCARD_SURELY, &undo, NULL);
      if (undo != NULL && g_rand_boolean (rand))
        back = bench_undo (f->store, undo, NULL);
      break;
    case 4:
      task = bench_apply (f->store, local_id, CRM_ACTION_RESUBMIT, NULL, NULL);
      break;
    case 5:
      task = bench_apply (f->store, local_id, CRM_ACTION_SUBMIT, NULL, NULL);
      break;
    default:
      send (f, rand);
    }
}

static void
test_changed (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (45);

  f->store = bench_open (f->folder);
  if (data == NULL)
    bench_fill (f->folder, N_TASKS, 46);

  for (guint i = 0; i < EDITS; i++)
    {
      change (f, rand);
      if (i % 100 == 99)
        assert_search_is_true (f);
    }

  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM task WHERE problem_more LIKE '%newer%'"), >, 10);
  assert_all_found (f);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/migration/opened", Fixture, GUINT_TO_POINTER (4), set_up, test_opened, tear_down);
  g_test_add ("/migration/changed", Fixture, GUINT_TO_POINTER (4), set_up, test_changed, tear_down);
  g_test_add ("/migration/new-changed", Fixture, NULL, set_up, test_changed, tear_down);

  return g_test_run ();
}

/* test-query-plans.c: no statement that the app runs reads a whole table or sorts for itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"
#include "query-bench.h"

#include "store/crm-bulk.h"
#include "store/crm-directory.h"
#include "store/crm-typed.h"

#include <sqlite3.h>
#include <string.h>

#define N_TASKS 400

/* These have a fixed handful of rows, or what a person is typing. */
static const char *const small_tables[] = { "state_count", "queue", "pull", "typed", "batch" };

/* Done once in a while, off the main thread: attempts older than 90 days are forgotten after a start. What migrates a database or recovers
 * a damaged one reads all of it, and is not run here. */
static const char *const maintenance[] = { "DELETE FROM attempt WHERE started_at < ?1" };

static GMutex lock;
static GHashTable *statements; /* of SQL that was run */
static gboolean recording;

typedef struct
{
  char     *folder;
  CrmStore *store;
} Fixture;

/* Runs on the store's threads too. */
static int
on_statement (unsigned  type,
              void     *context,
              void     *stmt,
              void     *words)
{
  const char *sql = sqlite3_sql (stmt);

  g_mutex_lock (&lock);
  if (recording && sql != NULL && !g_hash_table_contains (statements, sql))
    g_hash_table_add (statements, g_strdup (sql));
  g_mutex_unlock (&lock);

  return 0;
}

static int
on_open (sqlite3                    *db,
         char                      **message,
         const sqlite3_api_routines *api)
{
  return sqlite3_trace_v2 (db, SQLITE_TRACE_STMT, on_statement, NULL);
}

static void
set_recording (gboolean on)
{
  g_mutex_lock (&lock);
  recording = on;
  g_mutex_unlock (&lock);
}

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
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  if (GPOINTER_TO_UINT (data) > 0)
    bench_fill (f->folder, GPOINTER_TO_UINT (data), 42);
  g_hash_table_remove_all (statements);
  set_recording (TRUE);
}

/* Plans */

static gboolean
is_small (const char *detail)
{
  for (guint i = 0; i < G_N_ELEMENTS (small_tables); i++)
    {
      g_autofree char *scan = g_strconcat ("SCAN ", small_tables[i], NULL);
      gsize length = strlen (scan);

      if (g_str_has_prefix (detail, scan) && (detail[length] == '\0' || detail[length] == ' '))
        return TRUE;
    }

  return FALSE;
}

/* These hold what is under way, or may have arrived; and of what is due one row is read. */
static gboolean
is_of_outbox (const char *detail,
              const char *sql)
{
  return g_str_has_prefix (detail, "SCAN task USING INDEX task_sending") || g_str_has_prefix (detail, "SCAN task USING INDEX task_unsettled") ||
         g_str_has_prefix (detail, "SCAN task USING INDEX task_doubtful") ||
         (g_str_has_prefix (detail, "SCAN task USING INDEX task_due") && strstr (sql, "LIMIT 1") != NULL);
}

/* An index that is read from one end to the other gives an order, or was named on purpose. */
static gboolean
is_walk (const char *detail,
         const char *sql)
{
  return strstr (detail, "USING COVERING INDEX") != NULL && (strstr (sql, " ORDER BY ") != NULL || strstr (sql, " INDEXED BY ") != NULL);
}

/* Whether one line of a plan reads what it is asked for and no more. Hits of a search by words may be sorted, and what is being typed.
 * What is read of a subquery is what that leaves; it has lines of its own. */
static gboolean
is_good (const char *detail,
         const char *sql)
{
  if (strstr (detail, "USE TEMP B-TREE") != NULL)
    return strstr (sql, " MATCH ") != NULL || strstr (sql, " FROM typed ") != NULL;

  return !g_str_has_prefix (detail, "SCAN ") || is_walk (detail, sql) || strstr (detail, "VIRTUAL TABLE INDEX") != NULL ||
         strstr (detail, "CONSTANT ROW") != NULL || g_str_has_prefix (detail, "SCAN (subquery-") || is_small (detail) ||
         is_of_outbox (detail, sql);
}

static gboolean
is_of_interest (const char *sql)
{
  static const char *const verbs[] = { "SELECT ", "UPDATE ", "DELETE ", "INSERT ", "REPLACE ", "WITH " };

  for (guint i = 0; i < G_N_ELEMENTS (maintenance); i++)
    if (g_str_has_prefix (sql, maintenance[i]))
      return FALSE;
  /* FTS5's own, of its own tables. */
  if (strstr (sql, ".'task_search_") != NULL || strstr (sql, ".'record_search_") != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_has_prefix (sql, verbs[i]))
      return TRUE;

  return FALSE;
}

static gboolean
check_plan (sqlite3    *db,
            const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  gboolean good = TRUE;
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (db, explain, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s: %s", sqlite3_errmsg (db), sql);

  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      const char *detail = (const char *) sqlite3_column_text (stmt, 3);

      /* Of what a trigger does there are lines that say nothing. */
      if (detail != NULL && !is_good (detail, sql))
        {
          g_test_message ("%s: %s", detail, sql);
          good = FALSE;
        }
    }
  sqlite3_finalize (stmt);

  return good;
}

/* A connection of its own, so that it shows what another would do. Triggers and what is removed along with a row are part of a plan. */
static sqlite3 *
open_database (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_db_config (db, SQLITE_DBCONFIG_TRIGGER_EQP, 1, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), ==, SQLITE_OK);

  return db;
}

static void
assert_ran (const char *part)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, statements);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (strstr (key, part) != NULL)
      return;

  g_error ("Nothing was run with “%s”", part);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  sqlite3 *db;
  GHashTableIter iter;
  gpointer key;
  guint n = 0, bad = 0;

  set_recording (FALSE);
  db = open_database (f->folder);
  g_hash_table_iter_init (&iter, statements);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (is_of_interest (key))
      {
        n++;
        bad += !check_plan (db, key);
      }
  sqlite3_close (db);

  g_test_message ("%u statements", n);
  g_assert_cmpuint (n, >, 0);
  if (bad > 0)
    g_error ("%u of %u statements read or sort a whole table; they are named above (--verbose)", bad, n);

  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

/* What is listed and counted */

static void
on_first (CrmIdList *ids,
          gpointer   data)
{
}

static void
read_page (CrmStore *store,
           GArray   *ids)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tasks = crm_store_read_tasks (store, (const gint64 *) (gpointer) ids->data, MIN (ids->len, 64), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tasks->len, ==, MIN (ids->len, 64));
}

static void
test_places (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (GPtrArray) places = bench_places ();

  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < bench_n_searches; j++)
      {
        g_autoptr (CrmTaskQuery) query = crm_task_query_copy (((BenchPlace *) places->pdata[i])->query);

        query->search = g_strdup (bench_searches[j]);
        bench_count (f->store, query);
        for (guint sort = 0; sort < 2 * BENCH_N_SORTS; sort++)
          {
            g_autoptr (GAsyncResult) result = NULL;
            g_autoptr (GArray) ids = NULL;
            g_autoptr (CrmIdList) list = NULL;

            bench_set_sort (query, sort / 2);
            query->descending = sort % 2 != 0;
            crm_store_query_async (f->store, query, 64, on_first, NULL, NULL, on_ready, &result);
            list = crm_store_query_finish (f->store, wait_for (&result), NULL);
            ids = crm_id_list_to_array (list);
            g_assert_nonnull (ids);
            if (sort == 0)
              read_page (f->store, ids);
          }
      }

  assert_ran ("INDEXED BY task_name WHERE name IS NOT NULL ORDER BY name COLLATE NOCASE DESC");
  assert_ran ("FROM task_search WHERE task_search MATCH");
  assert_ran ("FROM record_search WHERE record_search MATCH");
  assert_ran ("LIMIT ?3");
}

/* A column of the window is an order of CrmTaskQuery, and all of those were asked for above. */
static void
test_columns (Fixture      *f,
              gconstpointer data)
{
  static const char *const keys[] = { "state", "name", "owner", "due", "priority", "status", "assignee", "problem", "id" };
  CrmCounts counts;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
      g_autoptr (GArray) ids = NULL;

      g_assert_true (crm_task_query_parse_sort (query, keys[i]));
      g_assert_cmpuint (query->sort == CRM_SORT_FIELD ? CRM_SORT_FIELD + query->field : query->sort, <, BENCH_N_SORTS);
      ids = bench_query (f->store, query);
      g_assert_cmpuint (ids->len, >, 0);
    }

  g_assert_true (crm_store_read_counts (f->store, &counts, NULL));
}

/* What is sent */

static void
save_state (Fixture *f)
{
  CrmQueueState state = { .pause_class = CRM_ANSWER_ACCOUNT, .pause_words = (char *) "Sign in" };
  g_auto (CrmQueueState) read = { 0 };

  bench_save_state (f->store, &state);
  g_assert_true (crm_outbox_read_state (f->store, &read, NULL));
}

static void
ask_and_blame (Fixture        *f,
               const CrmClaim *claim)
{
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_TROUBLE);
  g_autoptr (GAsyncResult) asked = NULL;
  g_autoptr (GAsyncResult) blamed = NULL;
  gboolean owned;

  crm_outbox_ask_async (f->store, claim->local_id, claim->attempt_id, problem, on_ready, &asked);
  crm_outbox_finish (f->store, wait_for (&asked), NULL);
  crm_outbox_blame_async (f->store, claim->local_id, problem, 0, g_get_real_time (), on_ready, &blamed);
  crm_outbox_finish (f->store, wait_for (&blamed), NULL);
  g_assert_true (crm_outbox_is_owned (f->store, 5000001, &owned, NULL));
  crm_outbox_is_waiting (f->store, claim->local_id);
}

static void
test_sending (Fixture      *f,
              gconstpointer data)
{
  static const CrmAnswerClass classes[] = { CRM_ANSWER_ACCEPTED, CRM_ANSWER_REJECTED,    CRM_ANSWER_TROUBLE,  CRM_ANSWER_UNCONFIRMED,
                                            CRM_ANSWER_NOT_SENT, CRM_ANSWER_THROTTLED };
  gint64 due;
  guint n = 0;

  bench_recover (f->store, g_get_real_time ());
  for (guint i = 0; i < 4 * G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "Sent", FALSE);
      g_autoptr (GPtrArray) claims = bench_claim (f->store, 4, g_get_real_time (), &due);

      for (guint j = 0; j < claims->len; j++, n++)
        {
          CrmAnswerClass klass = classes[n % G_N_ELEMENTS (classes)];

          bench_record (f->store, claims->pdata[j], klass,
                        klass == CRM_ANSWER_ACCEPTED && ((CrmClaim *) claims->pdata[j])->crm_id == 0 ? 5000000 + n : 0);
        }
    }
  g_assert_cmpuint (n, >, 20);

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "Unconfirmed", FALSE);
      gint64 local_id = crm_task_get_local_id (task);
      g_autoptr (GPtrArray) claims = bench_claim (f->store, 500, g_get_real_time (), NULL);
      g_autoptr (GPtrArray) history = NULL;
      g_autoptr (GPtrArray) unsettled = NULL;

      for (guint j = 0; j < claims->len; j++)
        bench_record (f->store, claims->pdata[j], CRM_ANSWER_UNCONFIRMED, 0);
      unsettled = bench_unsettled (f->store);
      g_assert_cmpuint (unsettled->len, >, 0);
      history = crm_store_read_history (f->store, local_id, NULL);
      g_assert_nonnull (history);
      if (i == 0)
        bench_adopt (f->store, local_id, 6000000);
      else if (i == 1)
        bench_release (f->store, local_id);
      else if (i == 2)
        ask_and_blame (f, g_ptr_array_index (claims, claims->len - 1));
      else
        {
          g_autoptr (CrmTask) settled = bench_settle (f->store, local_id, 6000001, NULL);
        }
    }

  save_state (f);
  assert_ran ("INDEXED BY task_due");
  assert_ran ("INDEXED BY task_unsettled");
  assert_ran ("UPDATE attempt SET finished_at");
}

/* What a person does */

static void
change_many (Fixture *f)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GArray) ids = bench_query (f->store, query);
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmBulkUndo) undo = NULL;
  GAsyncResult *results[4] = { NULL };

  crm_values_set_text (values, CRM_FIELD_NAME, "Changed together");
  crm_bulk_edit_async (f->store, (gint64 *) (gpointer) ids->data, 50, values, CRM_FIELD_BIT (CRM_FIELD_NAME), CRM_EDIT_KEEP, on_ready,
                       &results[0]);
  crm_bulk_result_free (crm_bulk_finish (f->store, wait_for (&results[0]), NULL, NULL));
  crm_bulk_apply_async (f->store, (gint64 *) (gpointer) ids->data, 50, CRM_ACTION_DISCARD, on_ready, &results[1]);
  crm_bulk_result_free (crm_bulk_finish (f->store, wait_for (&results[1]), &undo, NULL));
  g_assert_nonnull (undo);
  crm_bulk_undo_async (f->store, undo, on_ready, &results[2]);
  crm_bulk_result_free (crm_bulk_finish (f->store, wait_for (&results[2]), NULL, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_clear_object (&results[i]);
}

static void
type (Fixture *f)
{
  g_autoptr (GAsyncResult) kept = NULL;
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GPtrArray) typed = NULL;
  g_autoptr (CrmTask) task = NULL;

  crm_typed_keep_async (f->store, 0, "{}", on_ready, &kept);
  g_assert_true (crm_typed_keep_finish (f->store, wait_for (&kept), NULL));
  typed = crm_typed_read (f->store, NULL);
  g_assert_cmpuint (typed->len, ==, 1);
  crm_values_set_text (values, CRM_FIELD_NAME, "Typed");
  crm_store_save_typed_async (f->store, 0, values, CRM_FIELD_BIT (CRM_FIELD_NAME), FALSE, NULL, on_ready, &saved);
  task = crm_store_change_finish (f->store, wait_for (&saved), NULL, NULL);
  g_assert_nonnull (task);
}

static void
choose_names (Fixture *f)
{
  static const char *const texts[] = { "", "acme", "7", "call c" };

  for (guint kind = 0; kind < CRM_N_RECORD_KINDS; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
      {
        g_autoptr (GAsyncResult) result = NULL;
        g_autoptr (GPtrArray) found = NULL;

        crm_directory_search_async (f->store, kind, texts[i], 10, NULL, on_ready, &result);
        found = crm_directory_search_finish (f->store, wait_for (&result), NULL);
        g_assert_nonnull (found);
      }
}

static void
test_person (Fixture      *f,
             gconstpointer data)
{
  static const CrmAction actions[] = { CRM_ACTION_TO_DRAFTS, CRM_ACTION_SUBMIT, CRM_ACTION_RESUBMIT, CRM_ACTION_DISCARD };
  g_autoptr (GAsyncResult) me = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "A person’s", FALSE);
      g_autoptr (CrmTask) renamed = bench_rename (f->store, crm_task_get_local_id (task), "Renamed");
      g_autoptr (CrmTask) edited = bench_edit (f->store, crm_task_get_local_id (task), "leadId=5|venueId=7|assignedUserId=7", CRM_EDIT_SUBMIT);
      g_autoptr (CrmUndo) undo = NULL;
      g_autoptr (CrmTask) after = bench_apply (f->store, crm_task_get_local_id (task), actions[i], &undo, NULL);
      g_autoptr (CrmTask) back = undo != NULL ? bench_undo (f->store, undo, NULL) : NULL;
    }

  change_many (f);
  type (f);
  choose_names (f);
  crm_directory_set_me_async (f->store, 7, on_ready, &me);
  g_assert_true (crm_directory_set_me_finish (f->store, wait_for (&me), NULL));
  crm_directory_get_me (f->store);

  assert_ran ("DELETE FROM task");
  assert_ran ("UPDATE task SET");
  assert_ran ("INTO typed");
}

/* What is pulled */

static void
test_pulling (Fixture      *f,
              gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      CrmPage *page = bench_page_new (2, TRUE);
      CrmPage *users = bench_page_new (2, FALSE);
      g_autofree char *name = g_strdup_printf ("name=Pulled %u|endDatetime=2026-12-01 17:00:00", i);

      bench_page_add_task (page, 8000000 + i, name);
      bench_page_add_task (page, 8000000, name);
      bench_pull (f->store, CRM_LIST_TASKS, i == 0 ? CRM_RUN_CHANGES : CRM_RUN_SWEEP, page);

      bench_page_add_record (users, CRM_RECORD_USER, 60 + i, "Ann");
      bench_page_add_record (users, CRM_RECORD_USER, 1, "Ben");
      bench_pull (f->store, CRM_LIST_USERS, i == 0 ? CRM_RUN_CHANGES : CRM_RUN_SWEEP, users);
    }
  {
    g_autoptr (CrmStep) refused = bench_refuse (f->store, CRM_LIST_VENUES);
    CrmListState state;

    g_assert_true (crm_inbox_read_state (f->store, CRM_LIST_TASKS, &state, NULL));
  }

  assert_ran ("pull_seen");
  assert_ran ("DELETE FROM record");
}

/* Opening what is there already. */
static void
test_opening (Fixture      *f,
              gconstpointer data)
{
  g_assert_finalize_object (f->store);
  f->store = bench_open (f->folder);
  bench_recover (f->store, g_get_real_time ());
}

/* The judge itself: what it lets through and what not. */
static void
test_judge (Fixture      *f,
            gconstpointer data)
{
  static const struct
  {
    const char *sql;
    gboolean    good;
  } cases[] = {
    { "SELECT local_id FROM task WHERE local_id = 1", TRUE },
    { "SELECT * FROM task", FALSE },
    { "SELECT local_id FROM task WHERE description = 'x'", FALSE },
    { "SELECT local_id FROM task INDEXED BY task_name WHERE name IS NOT NULL ORDER BY name COLLATE NOCASE, local_id", TRUE },
    { "SELECT local_id FROM task INDEXED BY task_name WHERE name IS NOT NULL ORDER BY name, local_id", FALSE },
    { "SELECT local_id FROM task INDEXED BY task_name WHERE name IS NOT NULL ORDER BY name COLLATE NOCASE, local_id DESC", FALSE },
    { "SELECT local_id FROM task WHERE +crm_id > 5", FALSE },
    { "SELECT rowid FROM task_search WHERE task_search MATCH 'x'", TRUE },
    { "SELECT n FROM state_count", TRUE },
    { "SELECT 1", TRUE },
    { "UPDATE task SET state = 'draft' WHERE description = 'x'", FALSE },
    { "DELETE FROM task WHERE local_id = 1", TRUE },
    { "DELETE FROM attempt WHERE class = 'x'", FALSE },
  };
  sqlite3 *db = open_database (f->folder);

  bench_recover (f->store, g_get_real_time ());
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (check_plan (db, cases[i].sql) != cases[i].good)
      g_error ("Misjudged: %s", cases[i].sql);
  sqlite3_close (db);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_auto_extension ((void (*) (void)) on_open);

  g_test_add ("/query-plans/places", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_places, tear_down);
  g_test_add ("/query-plans/columns", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_columns, tear_down);
  g_test_add ("/query-plans/sending", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_sending, tear_down);
  g_test_add ("/query-plans/person", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_person, tear_down);
  g_test_add ("/query-plans/pulling", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_pulling, tear_down);
  g_test_add ("/query-plans/opening", Fixture, GUINT_TO_POINTER (N_TASKS), set_up, test_opening, tear_down);
  g_test_add ("/query-plans/judge", Fixture, NULL, set_up, test_judge, tear_down);

  result = g_test_run ();
  sqlite3_reset_auto_extension ();
  g_hash_table_unref (statements);

  return result;
}

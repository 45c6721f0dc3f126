/* test-query-first.c: the first page of a query, its end when nobody waits any more, and what is changed meanwhile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "query-bench.h"
#include "task-reference.h"

#include <sqlite3.h>

#define N_TASKS 9600

/* So many steps of SQLite's machine are a tick. */
#define TICK 50

typedef struct
{
  char     *folder;
  CrmStore *store;
} Fixture;

/* What came of a query. */
typedef struct
{
  GAsyncResult *result;
  GArray       *first;
  guint         firsts;
  guint         firsts_before_end;
} Waiter;

static GThread *main_thread;

/* What the store's threads do is watched, and interfered with, from inside SQLite. */
static GMutex lock;
static GCond changed;
static guint commits;
static guint ticks;
static guint act_at; /* at this tick act() is called; 0: never */
static void (*act) (gpointer data);
static gpointer act_data;

static int
on_tick (void *data)
{
  void (*func) (gpointer) = NULL;

  if (g_thread_self () == main_thread)
    return 0;

  g_mutex_lock (&lock);
  if (++ticks == act_at)
    {
      func = act;
      act_at = 0;
    }
  g_mutex_unlock (&lock);

  if (func != NULL)
    func (act_data);

  return 0;
}

static int
on_statement (unsigned  type,
              void     *context,
              void     *stmt,
              void     *words)
{
  if (g_strcmp0 (sqlite3_sql (stmt), "COMMIT") == 0)
    {
      g_mutex_lock (&lock);
      commits++;
      g_cond_broadcast (&changed);
      g_mutex_unlock (&lock);
    }

  return 0;
}

static int
on_open (sqlite3                    *db,
         char                      **message,
         const sqlite3_api_routines *api)
{
  sqlite3_progress_handler (db, TICK, on_tick, NULL);
  return sqlite3_trace_v2 (db, SQLITE_TRACE_STMT, on_statement, NULL);
}

static void
act_when (guint    tick,
          void   (*func) (gpointer data),
          gpointer data)
{
  g_mutex_lock (&lock);
  ticks = 0;
  act_at = tick;
  act = func;
  act_data = data;
  g_mutex_unlock (&lock);
}

static guint
get_ticks (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = ticks;
  g_mutex_unlock (&lock);

  return n;
}

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  bench_fill (f->folder, N_TASKS, 43);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
on_first (CrmIdList *ids,
          gpointer   data)
{
  Waiter *waiter = data;

  g_assert_true (g_thread_self () == main_thread);
  waiter->firsts++;
  g_clear_pointer (&waiter->first, g_array_unref);
  waiter->first = crm_id_list_to_array (ids);
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Waiter *waiter = user_data;

  waiter->result = g_object_ref (result);
  waiter->firsts_before_end = waiter->firsts;
}

static void
waiter_clear (Waiter *self)
{
  g_clear_object (&self->result);
  g_clear_pointer (&self->first, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Waiter, waiter_clear)

static GArray *
finish (Fixture  *f,
        Waiter   *waiter,
        GError  **error)
{
  g_autoptr (CrmIdList) list = NULL;

  while (waiter->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  /* Whatever might still come. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (waiter->firsts, ==, waiter->firsts_before_end);

  list = crm_store_query_finish (f->store, waiter->result, error);

  return crm_id_list_to_array (list);
}

static void
assert_cancelled (Fixture *f,
                  Waiter  *waiter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = finish (f, waiter, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (ids);
}

static CrmTaskQuery *
make_query (const char *sort,
            const char *search)
{
  CrmTaskQuery *query = crm_task_query_new ();

  g_assert_true (crm_task_query_parse_sort (query, sort));
  query->search = g_strdup (search);

  return query;
}

/* The page that is asked for, whatever its size; and nothing before the rest when it isn't less than all. */
static void
test_sizes (Fixture      *f,
            gconstpointer data)
{
  static const char *const sorts[] = { "localId", "-name", "owner", "-description" };

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      g_autoptr (CrmTaskQuery) query = make_query (sorts[i], NULL);
      g_autoptr (GArray) all = bench_query (f->store, query);
      const guint sizes[] = { 0, 1, 64, all->len - 1, all->len + 1 };

      for (guint j = 0; j < G_N_ELEMENTS (sizes); j++)
        {
          g_auto (Waiter) waiter = { NULL };
          g_autoptr (GArray) ids = NULL;

          crm_store_query_async (f->store, query, sizes[j], on_first, &waiter, NULL, on_found, &waiter);
          ids = finish (f, &waiter, NULL);
          g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), all->data, all->len * sizeof (gint64));
          g_assert_cmpuint (waiter.firsts, ==, sizes[j] > 0 && sizes[j] < all->len ? 1 : 0);
          if (waiter.firsts > 0)
            g_assert_cmpmem (waiter.first->data, waiter.first->len * sizeof (gint64), all->data, sizes[j] * sizeof (gint64));
        }
    }
}

/* The first page is under way to the main thread when the query is cancelled. */
static void
test_cancelled_with_page (Fixture      *f,
                          gconstpointer data)
{
  g_autoptr (CrmTaskQuery) query = make_query ("name", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Waiter) waiter = { NULL };
  guint before;

  g_mutex_lock (&lock);
  before = commits;
  crm_store_query_async (f->store, query, 64, on_first, &waiter, cancellable, on_found, &waiter);
  while (commits == before)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);

  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &waiter);
  g_assert_cmpuint (waiter.firsts, ==, 0);
}

static void
test_cancelled_before (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr (CrmTaskQuery) query = make_query ("name", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Waiter) running = { NULL };
  g_auto (Waiter) waiting = { NULL };
  g_autoptr (GArray) ids = NULL;

  crm_store_query_async (f->store, query, 64, on_first, &running, NULL, on_found, &running);
  crm_store_query_async (f->store, query, 64, on_first, &waiting, cancellable, on_found, &waiting);
  g_cancellable_cancel (cancellable);
  assert_cancelled (f, &waiting);
  g_assert_cmpuint (waiting.firsts, ==, 0);

  /* The other one is none the worse. */
  ids = finish (f, &running, NULL);
  g_assert_cmpuint (ids->len, >, N_TASKS / 2);
  g_assert_cmpuint (running.firsts, ==, 1);
}

static void
cancel (gpointer data)
{
  g_cancellable_cancel (data);
}

/* How much SQLite does for a query, and what it still does after it is cancelled in the middle. */
static void
test_cancelled_amid (Fixture      *f,
                     gconstpointer data)
{
  static const struct
  {
    const char *sort;
    const char *search;
    gboolean    open;
  } cases[] = {
    { "name", NULL, FALSE }, { "-due", NULL, FALSE }, { "owner", NULL, FALSE }, { "assignee", NULL, FALSE },
    { "description", NULL, FALSE }, { "localId", "call", FALSE }, { "localId", NULL, TRUE }, { "localId", "7", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CrmTaskQuery) query = make_query (cases[i].sort, cases[i].search);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GArray) ids = NULL;
      g_auto (Waiter) waiter = { NULL };
      guint whole, done;

      query->open = cases[i].open;
      act_when (0, NULL, NULL);
      ids = bench_query (f->store, query);
      whole = get_ticks ();
      g_assert_cmpuint (whole, >, 200);

      act_when (whole / 4, cancel, cancellable);
      crm_store_query_async (f->store, query, G_MAXUINT, on_first, &waiter, cancellable, on_found, &waiter);
      assert_cancelled (f, &waiter);
      done = get_ticks ();
      g_test_message ("%s for %s: %u of %u ticks", cases[i].sort, cases[i].search, done, whole);
      g_assert_cmpuint (done, <, whole / 2);
    }
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_count_cancelled (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr (CrmTaskQuery) query = make_query ("name", "call");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  act_when (100, cancel, cancellable);
  crm_store_count_async (f->store, query, cancellable, on_counted, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (crm_store_count_finish (f->store, result, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

typedef struct
{
  const char *folder;
  const char *sql;
} Change;

static void
change (gpointer data)
{
  const Change *self = data;

  bench_exec (self->folder, self->sql);
}

/* What another connection commits in the middle is not seen by what runs, and by the next. */
static void
test_one_moment (Fixture      *f,
                 gconstpointer data)
{
  static const char *const sorts[] = { "name", "description" };
  static const char *const sqls[] = {
    "BEGIN; INSERT INTO task (revision, state, name) VALUES (1, 'draft', ''); DELETE FROM task WHERE local_id % 5 = 1; COMMIT",
    "BEGIN; UPDATE task SET description = ''; DELETE FROM task WHERE local_id % 5 = 2; COMMIT",
  };

  for (guint i = 0; i < G_N_ELEMENTS (sorts); i++)
    {
      Change other = { f->folder, sqls[i] };
      g_autoptr (CrmTaskQuery) query = make_query (sorts[i], NULL);
      g_autoptr (Reference) reference = reference_read (f->folder);
      g_autoptr (GArray) expected = reference_find (reference, query);
      g_autoptr (Reference) reference_after = NULL;
      g_autoptr (GArray) expected_after = NULL;
      g_autoptr (GArray) ids = NULL;
      g_autoptr (GArray) ids_after = NULL;
      g_auto (Waiter) waiter = { NULL };

      act_when (100, change, &other);
      crm_store_query_async (f->store, query, 64, on_first, &waiter, NULL, on_found, &waiter);
      ids = finish (f, &waiter, NULL);
      g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), expected->data, expected->len * sizeof (gint64));
      g_assert_cmpuint (waiter.firsts, ==, 1);
      g_assert_cmpmem (waiter.first->data, waiter.first->len * sizeof (gint64), expected->data, 64 * sizeof (gint64));

      reference_after = reference_read (f->folder);
      g_assert_cmpuint (reference_get_size (reference_after), <, reference_get_size (reference));
      expected_after = reference_find (reference_after, query);
      ids_after = bench_query (f->store, query);
      g_assert_cmpmem (ids_after->data, ids_after->len * sizeof (gint64), expected_after->data, expected_after->len * sizeof (gint64));
    }
}

/* Whoever asked let go of the store. */
static void
test_let_go (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (CrmTaskQuery) query = make_query ("name", NULL);
  g_autoptr (GArray) all = bench_query (f->store, query);
  CrmStore *store = bench_open (f->folder);
  g_auto (Waiter) waiter = { NULL };
  g_autoptr (GArray) ids = NULL;
  g_autoptr (CrmIdList) list = NULL;

  crm_store_query_async (store, query, 64, on_first, &waiter, NULL, on_found, &waiter);
  g_object_unref (store);
  while (waiter.result == NULL)
    g_main_context_iteration (NULL, TRUE);
  list = crm_store_query_finish (store, waiter.result, NULL);
  ids = crm_id_list_to_array (list);
  g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), all->data, all->len * sizeof (gint64));
  g_assert_cmpuint (waiter.firsts, ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();
  sqlite3_auto_extension ((void (*) (void)) on_open);

  g_test_add ("/query-first/sizes", Fixture, NULL, set_up, test_sizes, tear_down);
  g_test_add ("/query-first/cancelled-with-page", Fixture, NULL, set_up, test_cancelled_with_page, tear_down);
  g_test_add ("/query-first/cancelled-before", Fixture, NULL, set_up, test_cancelled_before, tear_down);
  g_test_add ("/query-first/cancelled-amid", Fixture, NULL, set_up, test_cancelled_amid, tear_down);
  g_test_add ("/query-first/count-cancelled", Fixture, NULL, set_up, test_count_cancelled, tear_down);
  g_test_add ("/query-first/one-moment", Fixture, NULL, set_up, test_one_moment, tear_down);
  g_test_add ("/query-first/let-go", Fixture, NULL, set_up, test_let_go, tear_down);

  result = g_test_run ();
  sqlite3_reset_auto_extension ();

  return result;
}

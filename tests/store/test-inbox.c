/* test-inbox.c: lists that come page by page, and change meanwhile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"

/* A CRM's list. */
typedef struct
{
  GArray *rows;       /* gint64; 0: not to be understood */
  guint   per_page;
  gint64  unlisted;   /* rows that its total counts and no page has */
} Server;

typedef struct
{
  char     *folder;
  CrmStore *store;
  Server    server;
  gint64    crm_now;
} Fixture;

#define MOST_STEPS 400

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  f->server.rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  f->server.per_page = 3;
  f->crm_now = 1790000000;
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_array_unref (f->server.rows);
  g_free (f->folder);
}

static void
fill (Server *server,
      guint   n)
{
  g_array_set_size (server->rows, 0);
  for (gint64 id = 1; id <= n; id++)
    g_array_append_val (server->rows, id);
}

static CrmPage *
ask (const Server  *server,
     const CrmStep *step)
{
  CrmPage *page = bench_page_new (server->rows->len + server->unlisted, TRUE);

  for (guint i = step->position; i < server->rows->len && page->ids->len < server->per_page; i++)
    {
      gint64 id = g_array_index (server->rows, gint64, i);
      g_autofree char *text = g_strdup_printf ("name=Task %" G_GINT64_FORMAT "|endDatetime=2026-12-01 17:00:00", id);

      if (id != 0)
        bench_page_add_task (page, id, text);
      else
        g_array_append_val (page->ids, id);
    }

  return page;
}

static CrmStep *
begin (Fixture    *f,
       CrmRunKind  kind)
{
  f->crm_now += 10000;
  return bench_begin (f->store, CRM_LIST_TASKS, kind, f->crm_now);
}

static void
take_in (CrmStore      *store,
         const Server  *server,
         CrmStep      **step)
{
  CrmStep *next = (*step)->kind == CRM_STEP_ASK ? bench_store_page (store, *step, ask (server, *step), NULL)
                                                : bench_conclude (store, *step);

  crm_step_free (*step);
  *step = next;
}

static void
take (Fixture  *f,
      CrmStep **step)
{
  take_in (f->store, &f->server, step);
}

/* Returns whether it came through whole. */
static gboolean
finish (Fixture  *f,
        CrmStep **step)
{
  gboolean whole = FALSE;

  for (guint i = 0; (*step)->kind != CRM_STEP_DONE; i++)
    {
      g_assert_cmpuint (i, <, MOST_STEPS);
      g_assert_cmpint ((*step)->kind, !=, CRM_STEP_GIVE_UP);
      whole = whole || (*step)->kind == CRM_STEP_CONCLUDE;
      take (f, step);
    }

  return whole;
}

static gboolean
run (Fixture    *f,
     CrmRunKind  kind)
{
  g_autoptr (CrmStep) step = begin (f, kind);

  return finish (f, &step);
}

static gboolean
server_has (const Server *server,
            gint64        id)
{
  for (guint i = 0; i < server->rows->len; i++)
    if (g_array_index (server->rows, gint64, i) == id)
      return TRUE;

  return FALSE;
}

static gboolean
has_all (Fixture *f)
{
  for (guint i = 0; i < f->server.rows->len; i++)
    {
      gint64 id = g_array_index (f->server.rows, gint64, i);

      if (id != 0 && bench_find (f->folder, id) == 0)
        return FALSE;
    }

  return TRUE;
}

static gint64
count_tasks (Fixture *f)
{
  return bench_ask (f->folder, "SELECT count(*) FROM task");
}

static CrmListState
read_state (Fixture *f)
{
  CrmListState state;

  g_assert_true (crm_inbox_read_state (f->store, CRM_LIST_TASKS, &state, NULL));
  return state;
}

static gint64
get_since (Fixture *f)
{
  return bench_ask (f->folder, "SELECT coalesce (max (since), 0) FROM pull WHERE list = 'tasks'");
}

static void
test_pages (Fixture       *f,
            gconstpointer  data)
{
  static const guint counts[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

  f->server.per_page = GPOINTER_TO_UINT (data);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      gint64 since = get_since (f);
      gboolean whole;

      fill (&f->server, counts[i]);
      whole = run (f, CRM_RUN_SWEEP);
      g_assert_true (has_all (f));
      g_assert_cmpint (count_tasks (f), ==, counts[i]);
      g_assert_cmpint (get_since (f), >, since);
      /* With one row a page nothing tells that rows moved. */
      g_assert_cmpint (whole, ==, f->server.per_page > 1 || counts[i] <= 1);
      if (whole)
        g_assert_cmpint (read_state (f).size, ==, counts[i]);
    }
}

static void
test_cut_off (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  gint64 first = 0;
  guint n = 0;

  fill (&f->server, 10);
  step = begin (f, CRM_RUN_SWEEP);
  while (step->kind != CRM_STEP_DONE)
    {
      gint64 position = step->position;
      CrmStepKind kind = step->kind;

      g_assert_finalize_object (f->store);
      f->store = bench_open (f->folder);
      step = (crm_step_free (step), begin (f, n++ % 2 == 0 ? CRM_RUN_CHANGES : CRM_RUN_SWEEP));
      /* One that has had no page yet begins anew. */
      if (n == 1)
        first = f->crm_now;
      bench_assert_step (step, kind);
      g_assert_cmpint (step->position, ==, position);
      take (f, &step);
    }

  /* Five pages that overlap by a row, and the conclusion. */
  g_assert_cmpuint (n, ==, 6);
  g_assert_true (has_all (f));
  g_assert_cmpint (read_state (f).size, ==, 10);
  g_assert_cmpint (get_since (f), ==, first - 600);
}

/* What was begun and not answered has no effect once it was begun again. */
static void
test_two_processes (Fixture       *f,
                    gconstpointer  data)
{
  CrmStore *other = bench_open (f->folder);
  g_autoptr (CrmStep) first = NULL;
  g_autoptr (CrmStep) second = NULL;
  g_autoptr (CrmStep) late = NULL;
  g_autoptr (CrmStep) later = NULL;
  g_autoptr (CrmStep) concluded = NULL;

  fill (&f->server, 7);
  first = begin (f, CRM_RUN_SWEEP);
  second = bench_begin (other, CRM_LIST_TASKS, CRM_RUN_SWEEP, f->crm_now);
  g_assert_cmpint (second->serial, >, first->serial);
  late = bench_store_page (f->store, first, ask (&f->server, first), NULL);
  bench_assert_step (late, CRM_STEP_GIVE_UP);
  g_assert_cmpint (count_tasks (f), ==, 0);

  take_in (other, &f->server, &second);
  first = (crm_step_free (first), begin (f, CRM_RUN_CHANGES));
  g_assert_cmpint (first->position, ==, second->position);
  later = bench_store_page (other, second, ask (&f->server, second), NULL);
  bench_assert_step (later, CRM_STEP_GIVE_UP);

  while (first->kind == CRM_STEP_ASK)
    take (f, &first);
  bench_assert_step (first, CRM_STEP_CONCLUDE);
  second = (crm_step_free (second), bench_begin (other, CRM_LIST_TASKS, CRM_RUN_CHANGES, f->crm_now));
  concluded = bench_conclude (f->store, first);
  bench_assert_step (concluded, CRM_STEP_GIVE_UP);
  take_in (other, &f->server, &second);
  bench_assert_step (second, CRM_STEP_DONE);
  g_assert_true (has_all (f));
  g_assert_finalize_object (other);
}

/* A list of which not all is given, or not all understood, says nothing of what is not in it. */
static void
test_short (Fixture       *f,
            gconstpointer  data)
{
  gint64 since;

  fill (&f->server, 8);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  since = get_since (f);

  for (f->server.per_page = 1; f->server.per_page < 9; f->server.per_page++)
    {
      fill (&f->server, 7);
      f->server.unlisted = 1;
      g_assert_false (run (f, CRM_RUN_SWEEP));
      g_assert_cmpint (count_tasks (f), ==, 8);
      g_assert_cmpint (get_since (f), ==, since);
    }
  g_assert_true (read_state (f).complete);
  g_assert_cmpint (read_state (f).size, ==, 8);
}

static void
test_not_understood (Fixture       *f,
                     gconstpointer  data)
{
  gint64 since;

  fill (&f->server, 8);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  since = get_since (f);

  for (f->server.per_page = 2; f->server.per_page < 9; f->server.per_page++)
    for (guint i = 0; i < 8; i++)
      {
        fill (&f->server, 8);
        g_array_index (f->server.rows, gint64, i) = 0;
        g_assert_false (run (f, CRM_RUN_SWEEP));
        g_assert_cmpint (count_tasks (f), ==, 8);
        g_assert_cmpint (get_since (f), ==, since);
      }
}

/* What a list gains or loses between two pages. */
typedef struct
{
  enum { NOTHING, DELETE, INSERT, MOVE } kind;
  guint at;
  guint to;
} Mutation;

#define N_ROWS 7
#define NEW_ID 99

static void
mutate (Server         *server,
        const Mutation *mutation)
{
  gint64 id = NEW_ID;

  if (mutation->kind == DELETE || mutation->kind == MOVE)
    {
      id = g_array_index (server->rows, gint64, mutation->at);
      g_array_remove_index (server->rows, mutation->at);
    }
  if (mutation->kind == INSERT || mutation->kind == MOVE)
    g_array_insert_val (server->rows, mutation->kind == MOVE ? mutation->to : mutation->at, id);
}

/* Returns whether there was an `after`th page to change the list after. */
static gboolean
check_mutation (Fixture        *f,
                const Mutation *mutation,
                guint           after)
{
  g_autoptr (CrmStep) step = NULL;
  guint per_page = f->server.per_page;
  gint64 since;
  gboolean whole;

  g_test_message ("kind %d at %u to %u after page %u of %u", mutation->kind, mutation->at, mutation->to, after, per_page);
  bench_exec (f->folder, "DELETE FROM task WHERE crm_id = 99");
  fill (&f->server, N_ROWS);
  f->server.per_page = 100;
  g_assert_true (run (f, CRM_RUN_SWEEP));
  f->server.per_page = per_page;
  g_assert_cmpint (count_tasks (f), ==, N_ROWS);
  since = get_since (f);

  step = begin (f, CRM_RUN_SWEEP);
  for (guint i = 0; i < after; i++)
    {
      if (step->kind != CRM_STEP_ASK)
        return FALSE;
      take (f, &step);
    }
  if (step->kind != CRM_STEP_ASK)
    return FALSE;

  mutate (&f->server, mutation);
  whole = finish (f, &step);

  for (gint64 id = 1; id <= N_ROWS; id++)
    if (server_has (&f->server, id))
      g_assert_cmpint (bench_find (f->folder, id), !=, 0);
  if (whole || get_since (f) != since)
    g_assert_true (has_all (f));

  return TRUE;
}

static void
test_mutations (Fixture       *f,
                gconstpointer  data)
{
  guint n = 0;

  f->server.per_page = GPOINTER_TO_UINT (data);
  for (guint after = 1;; after++)
    {
      Mutation mutation = { NOTHING, 0, 0 };

      if (!check_mutation (f, &mutation, after))
        break;

      mutation.kind = DELETE;
      for (mutation.at = 0; mutation.at < N_ROWS; mutation.at++)
        n += check_mutation (f, &mutation, after);
      mutation.kind = INSERT;
      for (mutation.at = 0; mutation.at <= N_ROWS; mutation.at++)
        n += check_mutation (f, &mutation, after);
      mutation.kind = MOVE;
      for (mutation.at = 0; mutation.at < N_ROWS; mutation.at++)
        for (mutation.to = 0; mutation.to < N_ROWS; mutation.to++)
          if (mutation.to != mutation.at)
            n += check_mutation (f, &mutation, after);
    }
  g_assert_cmpuint (n, >=, 57);

  /* Once it is quiet, a sweep finds what there is. */
  f->server.per_page = MAX (f->server.per_page, 2);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  g_assert_cmpint (count_tasks (f), ==, f->server.rows->len);
  g_assert_true (has_all (f));
}

/* Rows come and go at the end of every page; it comes to an end all the same. */
static void
test_never_quiet (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  guint n = 0;

  fill (&f->server, 20);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  step = begin (f, CRM_RUN_SWEEP);
  for (; step->kind == CRM_STEP_ASK; n++)
    {
      const Mutation mutation = { n % 2 == 0 ? DELETE : MOVE, n % f->server.rows->len, 0 };
      gint64 id = 1000 + n;

      g_assert_cmpuint (n, <, MOST_STEPS);
      mutate (&f->server, &mutation);
      if (mutation.kind == DELETE)
        g_array_append_val (f->server.rows, id);
      take (f, &step);
    }
  bench_assert_step (step, CRM_STEP_DONE);
}

static void
test_totals (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;

  fill (&f->server, 7);
  g_assert_true (run (f, CRM_RUN_SWEEP));

  /* It grows at the end; what is new comes with it. */
  step = begin (f, CRM_RUN_SWEEP);
  take (f, &step);
  g_assert_cmpint (step->total, ==, 7);
  fill (&f->server, 9);
  g_assert_true (finish (f, &step));
  g_assert_cmpint (count_tasks (f), ==, 9);

  /* A total that is less than what was seen. */
  step = (crm_step_free (step), begin (f, CRM_RUN_SWEEP));
  take (f, &step);
  f->server.unlisted = -5;
  g_assert_false (finish (f, &step));
  g_assert_cmpint (count_tasks (f), ==, 9);

  /* And the list goes on being had. */
  f->server.unlisted = 0;
  g_assert_true (run (f, CRM_RUN_SWEEP));
}

static void
test_incremental (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  g_autoptr (CrmStep) next = NULL;
  CrmListState first, second;
  gint64 begun;

  first = read_state (f);
  g_assert_false (first.complete || first.refused);
  g_assert_cmpint (first.swept_at, ==, 0);

  fill (&f->server, 4);
  step = begin (f, CRM_RUN_CHANGES);
  begun = f->crm_now;
  g_assert_cmpint (step->from, ==, 0);
  g_assert_true (finish (f, &step));
  first = read_state (f);
  g_assert_true (first.complete);
  g_assert_cmpint (first.size, ==, 4);
  g_assert_cmpint (first.swept_at, >, 0);
  g_assert_cmpint (first.ended_at, ==, first.swept_at);

  /* Of what changed nothing is concluded. */
  fill (&f->server, 1);
  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  g_assert_cmpint (step->from, ==, begun - 600);
  begun = f->crm_now;
  take (f, &step);
  bench_assert_step (step, CRM_STEP_DONE);
  g_assert_cmpint (count_tasks (f), ==, 4);
  second = read_state (f);
  g_assert_cmpint (second.swept_at, ==, first.swept_at);
  g_assert_cmpint (second.ended_at, >=, first.ended_at);
  g_assert_cmpint (second.size, ==, 4);

  /* Cut off, it goes on from where it was, and its beginning counts. */
  fill (&f->server, 7);
  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  g_assert_cmpint (step->from, ==, begun - 600);
  begun = f->crm_now;
  take (f, &step);
  next = begin (f, CRM_RUN_CHANGES);
  g_assert_cmpint (next->from, ==, step->from);
  g_assert_cmpint (next->position, ==, 2);
  finish (f, &next);
  g_assert_cmpint (get_since (f), ==, begun - 600);

  /* A sweep that is wanted doesn't wait for it. */
  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  take (f, &step);
  step = (crm_step_free (step), begin (f, CRM_RUN_SWEEP));
  g_assert_cmpint (step->from, ==, 0);
  g_assert_cmpint (step->position, ==, 0);
  g_assert_true (finish (f, &step));
}

/* A row that is sent while its page is on its way is asked for again, also when it was in another page. */
static void
test_kept_back (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  g_autoptr (CrmTask) edited = NULL;
  g_autoptr (CrmClaim) claim = NULL;
  gint64 since;

  fill (&f->server, 7);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  since = get_since (f);
  edited = bench_rename (f->store, bench_find (f->folder, 1), "Edited");
  claim = bench_claim_one (f->store);

  step = begin (f, CRM_RUN_CHANGES);
  take (f, &step);
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 1);
  g_assert_finalize_object (f->store);
  f->store = bench_open (f->folder);
  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  finish (f, &step);
  g_assert_cmpint (get_since (f), ==, since);

  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  g_assert_cmpint (step->from, ==, since);
  finish (f, &step);
  g_assert_cmpint (get_since (f), ==, f->crm_now - 600);
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  g_autoptr (CrmStep) refused = NULL;
  g_autoptr (CrmStep) late = NULL;
  CrmListState other;

  fill (&f->server, 7);
  step = begin (f, CRM_RUN_CHANGES);
  take (f, &step);
  refused = bench_refuse (f->store, CRM_LIST_TASKS);
  bench_assert_step (refused, CRM_STEP_DONE);
  g_assert_true (read_state (f).refused);
  g_assert_true (crm_inbox_read_state (f->store, CRM_LIST_VENUES, &other, NULL));
  g_assert_false (other.refused);
  late = bench_store_page (f->store, step, ask (&f->server, step), NULL);
  bench_assert_step (late, CRM_STEP_GIVE_UP);

  /* What was had stays, and the right may come back. */
  g_assert_cmpint (count_tasks (f), ==, 3);
  step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
  g_assert_cmpint (step->position, ==, 0);
  g_assert_true (read_state (f).refused);
  g_assert_true (finish (f, &step));
  g_assert_false (read_state (f).refused);
  g_assert_true (has_all (f));
}

/* More than one job of them is not found; the conclusion is cut off between. */
static void
test_many_missing (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr (CrmStep) step = NULL;
  guint n = 0;

  f->server.per_page = 2000;
  fill (&f->server, 1200);
  g_assert_true (run (f, CRM_RUN_SWEEP));
  g_assert_cmpint (count_tasks (f), ==, 1200);

  g_array_remove_range (f->server.rows, 10, 1180);
  step = begin (f, CRM_RUN_SWEEP);
  take (f, &step);
  for (; step->kind == CRM_STEP_CONCLUDE; n++)
    {
      take (f, &step);
      if (step->kind == CRM_STEP_CONCLUDE)
        {
          g_assert_finalize_object (f->store);
          f->store = bench_open (f->folder);
          step = (crm_step_free (step), begin (f, CRM_RUN_CHANGES));
        }
    }
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpint (count_tasks (f), ==, 20);
  g_assert_true (has_all (f));
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM pull_seen"), ==, 0);
}

#define ADD(path, func, data) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/inbox/pages/1", test_pages, GUINT_TO_POINTER (1));
  ADD ("/inbox/pages/2", test_pages, GUINT_TO_POINTER (2));
  ADD ("/inbox/pages/3", test_pages, GUINT_TO_POINTER (3));
  ADD ("/inbox/pages/100", test_pages, GUINT_TO_POINTER (100));
  ADD ("/inbox/cut-off", test_cut_off, NULL);
  ADD ("/inbox/two-processes", test_two_processes, NULL);
  ADD ("/inbox/short", test_short, NULL);
  ADD ("/inbox/not-understood", test_not_understood, NULL);
  ADD ("/inbox/mutations/1", test_mutations, GUINT_TO_POINTER (1));
  ADD ("/inbox/mutations/2", test_mutations, GUINT_TO_POINTER (2));
  ADD ("/inbox/mutations/3", test_mutations, GUINT_TO_POINTER (3));
  ADD ("/inbox/mutations/4", test_mutations, GUINT_TO_POINTER (4));
  ADD ("/inbox/never-quiet", test_never_quiet, NULL);
  ADD ("/inbox/totals", test_totals, NULL);
  ADD ("/inbox/incremental", test_incremental, NULL);
  ADD ("/inbox/kept-back", test_kept_back, NULL);
  ADD ("/inbox/refused", test_refused, NULL);
  ADD ("/inbox/many-missing", test_many_missing, NULL);

  return g_test_run ();
}

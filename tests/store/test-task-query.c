/* test-task-query.c: every place, order, search and limit finds what a comparison of all rows finds
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "query-bench.h"
#include "task-reference.h"

/* More than are sorted by their keys, with so many to spare that filters leave as many too; and so few that they always are. */
#define MANY 9600
#define FEW 400
#define MOST_BY_KEYS 4096

static GThread *main_thread;

typedef struct
{
  char      *folder;
  CrmStore  *store;
  Reference *reference;
} Fixture;

/* One query, and what came of it. */
typedef struct
{
  char   *words;
  GArray *expected;
  guint   n_first;
  gsize   n_expected;
  GArray *first;
  guint   firsts;
  guint  *pending;
} Asked;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  bench_fill (f->folder, GPOINTER_TO_UINT (data), 41);
  f->reference = reference_read (f->folder);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  reference_free (f->reference);
  g_clear_object (&f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
asked_free (Asked *self)
{
  g_free (self->words);
  g_array_unref (self->expected);
  g_clear_pointer (&self->first, g_array_unref);
  g_free (self);
}

static void
assert_same (const Asked  *asked,
             const GArray *ids,
             gsize         n)
{
  for (guint i = 0; i < MIN (ids->len, n); i++)
    if (g_array_index (ids, gint64, i) != g_array_index (asked->expected, gint64, i))
      g_error ("%s: at %u is %" G_GINT64_FORMAT " instead of %" G_GINT64_FORMAT, asked->words, i, g_array_index (ids, gint64, i),
               g_array_index (asked->expected, gint64, i));
  if (ids->len != n)
    g_error ("%s: %u instead of %" G_GSIZE_FORMAT, asked->words, ids->len, n);
}

static void
on_first (CrmIdList *ids,
          gpointer   data)
{
  Asked *asked = data;

  g_assert_true (g_thread_self () == main_thread);
  asked->firsts++;
  g_clear_pointer (&asked->first, g_array_unref);
  asked->first = crm_id_list_to_array (ids);
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Asked *asked = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = crm_store_query_finish (CRM_STORE (source), result, &error);
  g_autoptr (GArray) ids = crm_id_list_to_array (list);

  g_assert_no_error (error);
  assert_same (asked, ids, asked->n_expected);
  if (asked->n_expected > asked->n_first && asked->firsts != 1)
    g_error ("%s: the first page came %u times", asked->words, asked->firsts);
  if (asked->n_expected < asked->n_first && asked->firsts != 0)
    g_error ("%s: a first page though there are less than that", asked->words);
  if (asked->first != NULL)
    assert_same (asked, asked->first, asked->n_first);

  --*asked->pending;
  asked_free (asked);
}

static void
ask (Fixture            *f,
     const CrmTaskQuery *query,
     GArray             *expected,
     const char         *place,
     guint               n_first,
     guint              *pending)
{
  Asked *asked = g_new0 (Asked, 1);

  asked->words = g_strdup_printf ("“%s” for “%s” by %u.%u%s, limit %" G_GINT64_FORMAT, place, query->search != NULL ? query->search : "",
                                  query->sort, query->field, query->descending ? " turned" : "", query->limit);
  asked->expected = g_array_ref (expected);
  asked->n_expected = query->limit > 0 ? MIN ((gsize) query->limit, expected->len) : expected->len;
  asked->n_first = n_first;
  asked->pending = pending;
  ++*pending;
  crm_store_query_async (f->store, query, n_first, on_first, asked, NULL, on_found, asked);
}

/* All orders of what one place and search leave, without a limit and with some. */
static void
check_orders (Fixture      *f,
              const char   *place,
              CrmTaskQuery *query)
{
  static const struct
  {
    gint64 limit;
    guint  n_first;
  } pages[] = { { 0, 64 }, { 7, 3 }, { 1, 3 } };
  guint n_pages = reference_get_size (f->reference) <= MOST_BY_KEYS ? G_N_ELEMENTS (pages) : 2;
  guint pending = 0;

  for (guint sort = 0; sort < BENCH_N_SORTS; sort++)
    for (guint turned = 0; turned < 2; turned++)
      {
        g_autoptr (GArray) expected = NULL;

        bench_set_sort (query, sort);
        query->descending = turned != 0;
        expected = reference_find (f->reference, query);
        for (guint i = 0; i < n_pages; i++)
          {
            query->limit = pages[i].limit;
            ask (f, query, expected, place, pages[i].n_first, &pending);
          }
      }

  while (pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
check_counts (Fixture      *f,
              const char   *place,
              CrmTaskQuery *query)
{
  static const gint64 limits[] = { 0, 1, 7, 1000 };
  g_autoptr (GArray) expected = reference_find (f->reference, query);

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      gint64 n;

      query->limit = limits[i];
      n = bench_count (f->store, query);
      if (n != (limits[i] > 0 ? MIN (limits[i], expected->len) : expected->len))
        g_error ("“%s” for “%s”: %" G_GINT64_FORMAT " counted of %u, limit %" G_GINT64_FORMAT, place,
                 query->search != NULL ? query->search : "", n, expected->len, limits[i]);
    }
}

static void
check_all (Fixture *f,
           void   (*check) (Fixture      *f,
                            const char   *place,
                            CrmTaskQuery *query))
{
  g_autoptr (GPtrArray) places = bench_places ();

  for (guint i = 0; i < bench_n_searches; i++)
    for (guint j = 0; j < places->len; j++)
      {
        const BenchPlace *place = places->pdata[j];
        g_autoptr (CrmTaskQuery) query = crm_task_query_copy (place->query);

        query->search = g_strdup (bench_searches[i]);
        check (f, place->name, query);
      }
}

static void
test_orders_of_few (Fixture      *f,
                    gconstpointer data)
{
  check_all (f, check_orders);
}

/* Orders are walked where there are many; places of few are left to the other test. */
static void
test_orders_of_many (Fixture      *f,
                     gconstpointer data)
{
  static const char *const searches[] = { NULL, "call", "acme call", "#755" };
  g_autoptr (GPtrArray) places = bench_places ();
  guint n_walked = 0;

  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (searches); j++)
      {
        const BenchPlace *place = places->pdata[i];
        g_autoptr (CrmTaskQuery) query = crm_task_query_copy (place->query);

        if (bench_count (f->store, place->query) <= MOST_BY_KEYS)
          break;
        query->search = g_strdup (searches[j]);
        n_walked += bench_count (f->store, query) > MOST_BY_KEYS;
        check_orders (f, place->name, query);
      }

  g_test_message ("%u places and searches of many", n_walked);
  g_assert_cmpuint (n_walked, >=, 8);
}

static void
test_counts (Fixture      *f,
             gconstpointer data)
{
  check_all (f, check_counts);
}

/* So that the tests above can't agree on finding nothing. */
static void
test_not_empty (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (GPtrArray) places = bench_places ();

  for (guint i = 0; i < places->len; i++)
    {
      const BenchPlace *place = places->pdata[i];
      gint64 n = bench_count (f->store, place->query);

      g_test_message ("“%s”: %" G_GINT64_FORMAT, place->name, n);
      g_assert_cmpint (n == 0, ==, g_str_equal (place->name, "nobody’s"));
    }

  for (guint i = 0; i < bench_n_searches; i++)
    {
      g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
      gint64 n;

      query->search = g_strdup (bench_searches[i]);
      n = bench_count (f->store, query);
      g_test_message ("“%s”: %" G_GINT64_FORMAT, query->search, n);
      g_assert_cmpint (n == 0, ==, g_strcmp0 (query->search, "nowhere") == 0 || g_strcmp0 (query->search, "\" * ( -") == 0);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  main_thread = g_thread_self ();

  g_test_add ("/task-query/not-empty", Fixture, GUINT_TO_POINTER (FEW), set_up, test_not_empty, tear_down);
  g_test_add ("/task-query/counts/few", Fixture, GUINT_TO_POINTER (FEW), set_up, test_counts, tear_down);
  g_test_add ("/task-query/counts/many", Fixture, GUINT_TO_POINTER (MANY), set_up, test_counts, tear_down);
  g_test_add ("/task-query/orders/few", Fixture, GUINT_TO_POINTER (FEW), set_up, test_orders_of_few, tear_down);
  g_test_add ("/task-query/orders/many", Fixture, GUINT_TO_POINTER (MANY), set_up, test_orders_of_many, tear_down);

  return g_test_run ();
}

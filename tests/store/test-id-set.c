/* test-id-set.c: the set of ids against a hash table that is told the same
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-id-list.h"
#include "store/crm-id-set.h"

#define ROUNDS 40
#define OPERATIONS 400
#define PAGE_SIZE 32768
#define FIRST_FAR (G_GINT64_CONSTANT (4096) * PAGE_SIZE)

typedef struct
{
  CrmIdSet   *set;
  GHashTable *model;
} Pair;

static void
pair_init (Pair *self)
{
  self->set = crm_id_set_new ();
  self->model = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
pair_clear (Pair *self)
{
  crm_id_set_free (self->set);
  g_hash_table_unref (self->model);
}

/* Numbers that meet each other often, and at the borders of what is kept together. */
static gint64
make_id (GRand *rand)
{
  static const gint64 centres[] = {
    0, 64, PAGE_SIZE, 2 * PAGE_SIZE, 40 * PAGE_SIZE, FIRST_FAR - PAGE_SIZE, FIRST_FAR, FIRST_FAR + PAGE_SIZE, -PAGE_SIZE,
    -3 * PAGE_SIZE, G_GINT64_CONSTANT (1) << 40, -(G_GINT64_CONSTANT (1) << 40), G_GINT64_CONSTANT (9007199254740991),
  };

  switch (g_rand_int_range (rand, 0, 12))
    {
    case 0:
      return G_MAXINT64 - g_rand_int_range (rand, 0, 3);
    case 1:
      return G_MININT64 + g_rand_int_range (rand, 0, 3);
    case 2:
      return g_rand_int_range (rand, 1, 1000000);
    case 3:
    case 4:
    case 5:
      return g_rand_int_range (rand, 1, 700);
    default:
      return centres[g_rand_int_range (rand, 0, G_N_ELEMENTS (centres))] + g_rand_int_range (rand, -3, 4);
    }
}

static void
add (Pair  *self,
     gint64 id)
{
  gboolean is_new = g_hash_table_add (self->model, g_memdup2 (&id, sizeof id));

  g_assert_cmpint (crm_id_set_add (self->set, id), ==, is_new);
}

static gboolean
is_in (gpointer key,
       gpointer value,
       gpointer user_data)
{
  return g_hash_table_contains (user_data, key);
}

static gboolean
is_not_in (gpointer key,
           gpointer value,
           gpointer user_data)
{
  return !g_hash_table_contains (user_data, key);
}

static void
unite (Pair       *self,
       const Pair *other)
{
  GHashTableIter iter;
  gpointer key;

  crm_id_set_unite (self->set, other->set);
  if (self == other)
    return;

  g_hash_table_iter_init (&iter, other->model);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_add (self->model, g_memdup2 (key, sizeof (gint64)));
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

static void
check (const Pair *self,
       GRand      *rand)
{
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;
  gint64 before = 5;

  g_hash_table_iter_init (&iter, self->model);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_assert_true (crm_id_set_contains (self->set, *(gint64 *) key));
      g_array_append_vals (expected, key, 1);
    }
  g_array_sort (expected, compare_ids);

  for (guint i = 0; i < 200; i++)
    {
      gint64 id = make_id (rand);

      g_assert_cmpint (crm_id_set_contains (self->set, id), ==, g_hash_table_contains (self->model, &id));
    }

  /* What is listed is added to what was there. */
  g_array_append_val (ids, before);
  crm_id_set_list (self->set, ids);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, before);
  g_array_remove_index (ids, 0);

  g_assert_cmpuint (crm_id_set_get_size (self->set), ==, expected->len);
  g_assert_cmpmem (ids->data, ids->len * sizeof (gint64), expected->data, expected->len * sizeof (gint64));
}

static void
test_random (void)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GRand) rand = g_rand_new_with_seed (round);
      Pair pairs[3];

      for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
        pair_init (&pairs[i]);

      for (guint i = 0; i < OPERATIONS; i++)
        {
          Pair *one = &pairs[g_rand_int_range (rand, 0, G_N_ELEMENTS (pairs))];
          Pair *other = &pairs[g_rand_int_range (rand, 0, G_N_ELEMENTS (pairs))];

          switch (g_rand_int_range (rand, 0, 40))
            {
            case 0:
            case 1:
              unite (one, other);
              break;
            case 2:
              crm_id_set_intersect (one->set, other->set);
              if (one != other)
                g_hash_table_foreach_remove (one->model, is_not_in, other->model);
              break;
            case 3:
              crm_id_set_subtract (one->set, other->set);
              if (one != other)
                g_hash_table_foreach_remove (one->model, is_in, other->model);
              else
                g_hash_table_remove_all (one->model);
              break;
            default:
              for (guint j = 0; j < 10; j++)
                add (one, make_id (rand));
              continue;
            }

          for (guint j = 0; j < G_N_ELEMENTS (pairs); j++)
            check (&pairs[j], rand);
        }

      for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
        {
          check (&pairs[i], rand);
          pair_clear (&pairs[i]);
        }
    }
}

/* Every id of two pages and their neighbours, once. */
static void
test_whole_pages (void)
{
  static const gint64 firsts[] = { 0, FIRST_FAR - PAGE_SIZE, -2 * PAGE_SIZE };

  for (guint i = 0; i < G_N_ELEMENTS (firsts); i++)
    {
      g_autoptr (CrmIdSet) set = crm_id_set_new ();
      g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      gint64 from = firsts[i] - 1;
      gint64 end = firsts[i] + 2 * PAGE_SIZE + 1;

      for (gint64 id = from; id < end; id++)
        {
          g_assert_false (crm_id_set_contains (set, id));
          g_assert_true (crm_id_set_add (set, id));
          g_assert_true (crm_id_set_contains (set, id));
        }
      g_assert_cmpuint (crm_id_set_get_size (set), ==, end - from);
      g_assert_false (crm_id_set_contains (set, from - 1));
      g_assert_false (crm_id_set_contains (set, end));

      crm_id_set_list (set, ids);
      g_assert_cmpuint (ids->len, ==, end - from);
      for (guint j = 0; j < ids->len; j++)
        g_assert_cmpint (g_array_index (ids, gint64, j), ==, from + j);
    }
}

static void
test_empty (void)
{
  g_autoptr (CrmIdSet) set = crm_id_set_new ();
  g_autoptr (CrmIdSet) other = crm_id_set_new ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  crm_id_set_unite (set, other);
  crm_id_set_intersect (set, other);
  crm_id_set_subtract (set, other);
  crm_id_set_list (set, ids);
  g_assert_cmpuint (ids->len, ==, 0);
  g_assert_cmpuint (crm_id_set_get_size (set), ==, 0);

  crm_id_set_add (set, 1);
  crm_id_set_subtract (set, other);
  g_assert_cmpuint (crm_id_set_get_size (set), ==, 1);
  crm_id_set_unite (other, set);
  g_assert_true (crm_id_set_contains (other, 1));
  crm_id_set_subtract (set, other);
  g_assert_cmpuint (crm_id_set_get_size (set), ==, 0);
  crm_id_set_intersect (other, set);
  g_assert_cmpuint (crm_id_set_get_size (other), ==, 0);
  crm_id_set_free (NULL);
}

/* A list of ids that need four bytes each, or eight from one on, is what an array is. */
static void
test_list (gconstpointer data)
{
  gboolean wide = GPOINTER_TO_INT (data);

  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (CrmIdList) list = crm_id_list_new ();
      g_autoptr (CrmIdList) other = crm_id_list_new ();
      g_autoptr (GArray) array = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) result = NULL;

      for (guint i = 0; i < 40; i++)
        {
          gint64 id = g_test_rand_int_range (0, 9) + (wide && g_test_rand_int_range (0, 20) == 0 ? G_MAXUINT32 : 0);
          guint position = (guint) g_test_rand_int_range (0, (int) array->len + 1);
          guint n = array->len > position ? (guint) g_test_rand_int_range (0, MIN (3, (int) (array->len - position) + 1)) : 0;

          switch (g_test_rand_int_range (0, 4))
            {
            case 0:
              crm_id_list_append (list, id);
              g_array_append_val (array, id);
              break;
            case 1:
              crm_id_list_insert_id (list, position, id);
              g_array_insert_val (array, position, id);
              break;
            case 2:
              crm_id_list_append (other, id);
              crm_id_list_insert (list, position, other, crm_id_list_get_n (other) - 1, 1);
              g_array_insert_val (array, position, id);
              break;
            default:
              crm_id_list_remove (list, position, n);
              if (n > 0)
                g_array_remove_range (array, position, n);
            }
        }

      {
        g_autoptr (CrmIdList) copy = crm_id_list_copy (list);

        result = crm_id_list_to_array (copy);
      }
      g_assert_cmpuint (crm_id_list_get_n (list), ==, array->len);
      g_assert_cmpmem (result->data, result->len * sizeof (gint64), array->data, array->len * sizeof (gint64));
      for (guint i = 0; i < array->len; i++)
        {
          gsize found;

          g_assert_cmpint (crm_id_list_get (list, i), ==, g_array_index (array, gint64, i));
          g_assert_true (crm_id_list_find (list, g_array_index (array, gint64, i), &found));
          g_assert_cmpuint (found, <=, i);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/id-set/random", test_random);
  g_test_add_func ("/id-set/whole-pages", test_whole_pages);
  g_test_add_func ("/id-set/empty", test_empty);

  g_test_add_data_func ("/id-list/narrow", GINT_TO_POINTER (FALSE), test_list);
  g_test_add_data_func ("/id-list/wide", GINT_TO_POINTER (TRUE), test_list);

  return g_test_run ();
}

/* crm-list-diff.c: the few steps from one order of ids to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-diff.h"

#include <string.h>

#define ID(list, i) (crm_id_list_get (list, i))
#define N(list) ((guint) crm_id_list_get_n (list))

static gboolean
is_in (GHashTable *set,
       gint64      id)
{
  return g_hash_table_contains (set, &id);
}

/**
 * crm_list_diff_by_ids:
 * @before: an order
 * @after: another
 * @changed: (element-type gint64): set of pointers to the ids that may have come, gone or moved
 * @limit: the most steps worth taking
 *
 * Explains the difference by @changed alone. The steps are to be taken in order, each on what the ones before it left.
 *
 * Returns: (transfer full) (nullable) (element-type CrmListPiece): the steps; %NULL when other ids moved too, or
 *   when there are too many
 */
GArray *
crm_list_diff_by_ids (CrmIdList  *before,
                      CrmIdList  *after,
                      GHashTable *changed,
                      guint       limit)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (CrmListPiece));
  guint i = 0, j = 0;

  g_return_val_if_fail (before != NULL && after != NULL && changed != NULL, NULL);

  while (i < N (before) || j < N (after))
    {
      CrmListPiece piece = { .position = j, .from = j };

      if (i < N (before) && j < N (after) && ID (before, i) == ID (after, j))
        {
          i++;
          j++;
          continue;
        }

      for (; i < N (before) && (j == N (after) || ID (before, i) != ID (after, j)) &&
             is_in (changed, ID (before, i));
           i++)
        piece.n_out++;
      for (; j < N (after) && (i == N (before) || ID (before, i) != ID (after, j)) &&
             is_in (changed, ID (after, j));
           j++)
        piece.n_in++;

      if (piece.n_out + piece.n_in == 0 || pieces->len == limit)
        return NULL;
      g_array_append_val (pieces, piece);
    }

  return g_steal_pointer (&pieces);
}

/**
 * crm_list_diff_middle:
 * @before: an order
 * @after: another
 * @limit: the most ids worth moving
 *
 * Returns: (transfer full) (nullable) (element-type CrmListPiece): one step that replaces what lies between the
 *   same start and the same end, none when both are equal; %NULL when that is too much
 */
GArray *
crm_list_diff_middle (CrmIdList *before,
                      CrmIdList *after,
                      guint      limit)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (CrmListPiece));
  guint shorter;
  guint start = 0, end = 0;
  CrmListPiece piece;

  g_return_val_if_fail (before != NULL && after != NULL, NULL);

  shorter = MIN (N (before), N (after));
  while (start < shorter && ID (before, start) == ID (after, start))
    start++;
  while (end < shorter - start && ID (before, N (before) - 1 - end) == ID (after, N (after) - 1 - end))
    end++;

  piece = (CrmListPiece) { start, N (before) - start - end, start, N (after) - start - end };
  if (piece.n_out > limit || piece.n_in > limit)
    return NULL;
  if (piece.n_out + piece.n_in > 0)
    g_array_append_val (pieces, piece);

  return g_steal_pointer (&pieces);
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const CrmListHeld *one = a;
  const CrmListHeld *other = b;

  return one->position < other->position ? -1 : one->position > other->position;
}

/* Leaves of @held what @after has not, each once, in the old order. */
static void
leave_missing (GArray    *held,
               CrmIdList *after)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint n = 0;

  for (guint i = 0; i < held->len; i++)
    g_hash_table_add (wanted, &g_array_index (held, CrmListHeld, i).id);
  for (guint i = 0; i < N (after) && g_hash_table_size (wanted) > 0; i++)
    {
      gint64 id = ID (after, i);

      g_hash_table_remove (wanted, &id);
    }

  {
    g_autoptr (GArray) missing = g_array_new (FALSE, FALSE, sizeof (CrmListHeld));

    for (guint i = 0; i < held->len; i++)
      {
        CrmListHeld *one = &g_array_index (held, CrmListHeld, i);

        /* Given twice it is taken once: the second finds nothing to remove. */
        if (g_hash_table_remove (wanted, &one->id))
          g_array_append_val (missing, *one);
      }
    n = missing->len;
    if (n > 0)
      memcpy (held->data, missing->data, n * sizeof (CrmListHeld));
  }
  g_array_set_size (held, n);
  g_array_sort (held, compare_positions);
}

static gboolean
is_at (CrmIdList *ids,
       guint      position,
       gint64     id)
{
  return position < N (ids) && ID (ids, position) == id;
}

/**
 * crm_list_diff_hold:
 * @before: the old order
 * @after: the new one
 * @held: (element-type CrmListHeld): ids that are to stay; those remain in it that @after leaves out
 * @limit: how far to look for the id that one stood behind
 *
 * Returns: (transfer full): @after, with what it leaves out of @held behind what that stood behind
 */
CrmIdList *
crm_list_diff_hold (CrmIdList *before,
                    CrmIdList *after,
                    GArray    *held,
                    guint      limit)
{
  CrmIdList *result;

  g_return_val_if_fail (before != NULL && after != NULL && held != NULL, NULL);

  result = crm_id_list_copy (after);
  leave_missing (held, after);
  for (guint i = 0; i < held->len; i++)
    {
      const CrmListHeld *one = &g_array_index (held, CrmListHeld, i);
      guint position = MIN (one->position, N (result));

      for (guint distance = 0; one->position > 0 && distance <= limit; distance++)
        {
          gint64 ahead = ID (before, one->position - 1);

          if (is_at (result, one->position - 1 + distance, ahead))
            position = one->position + distance;
          else if (distance < one->position && is_at (result, one->position - 1 - distance, ahead))
            position = one->position - distance;
          else
            continue;
          break;
        }
      crm_id_list_insert_id (result, position, one->id);
    }

  return result;
}

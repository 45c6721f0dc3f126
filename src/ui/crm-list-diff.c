/* crm-list-diff.c: the few steps from one order of ids to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-diff.h"

#include <string.h>

#define ID(array, i) (g_array_index (array, gint64, i))

/**
 * crm_list_diff_by_ids:
 * @before: (element-type gint64): an order
 * @after: (element-type gint64): another
 * @changed: (element-type gint64): set of pointers to the ids that may have come, gone or moved
 * @limit: the most steps worth taking
 *
 * Explains the difference by @changed alone. The steps are to be taken in order, each on what the ones before it left.
 *
 * Returns: (transfer full) (nullable) (element-type CrmListPiece): the steps; %NULL when other ids moved too, or
 *   when there are too many
 */
GArray *
crm_list_diff_by_ids (GArray     *before,
                      GArray     *after,
                      GHashTable *changed,
                      guint       limit)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (CrmListPiece));
  guint i = 0, j = 0;

  g_return_val_if_fail (before != NULL && after != NULL && changed != NULL, NULL);

  while (i < before->len || j < after->len)
    {
      CrmListPiece piece = { .position = j, .from = j };

      if (i < before->len && j < after->len && ID (before, i) == ID (after, j))
        {
          i++;
          j++;
          continue;
        }

      for (; i < before->len && (j == after->len || ID (before, i) != ID (after, j)) &&
             g_hash_table_contains (changed, &ID (before, i));
           i++)
        piece.n_out++;
      for (; j < after->len && (i == before->len || ID (before, i) != ID (after, j)) &&
             g_hash_table_contains (changed, &ID (after, j));
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
 * @before: (element-type gint64): an order
 * @after: (element-type gint64): another
 * @limit: the most ids worth moving
 *
 * Returns: (transfer full) (nullable) (element-type CrmListPiece): one step that replaces what lies between the
 *   same start and the same end, none when both are equal; %NULL when that is too much
 */
GArray *
crm_list_diff_middle (GArray *before,
                      GArray *after,
                      guint   limit)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (CrmListPiece));
  guint shorter;
  guint start = 0, end = 0;
  CrmListPiece piece;

  g_return_val_if_fail (before != NULL && after != NULL, NULL);

  shorter = MIN (before->len, after->len);
  while (start < shorter && ID (before, start) == ID (after, start))
    start++;
  while (end < shorter - start && ID (before, before->len - 1 - end) == ID (after, after->len - 1 - end))
    end++;

  piece = (CrmListPiece) { start, before->len - start - end, start, after->len - start - end };
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
leave_missing (GArray *held,
               GArray *after)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint n = 0;

  for (guint i = 0; i < held->len; i++)
    g_hash_table_add (wanted, &g_array_index (held, CrmListHeld, i).id);
  for (guint i = 0; i < after->len && g_hash_table_size (wanted) > 0; i++)
    g_hash_table_remove (wanted, &g_array_index (after, gint64, i));

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
is_at (GArray *ids,
       guint   position,
       gint64  id)
{
  return position < ids->len && g_array_index (ids, gint64, position) == id;
}

/**
 * crm_list_diff_hold:
 * @before: (element-type gint64): the old order
 * @after: (element-type gint64): the new one
 * @held: (element-type CrmListHeld): ids that are to stay; those remain in it that @after leaves out
 * @limit: how far to look for the id that one stood behind
 *
 * Returns: (transfer full) (element-type gint64): @after, with what it leaves out of @held behind what that stood behind
 */
GArray *
crm_list_diff_hold (GArray *before,
                    GArray *after,
                    GArray *held,
                    guint   limit)
{
  GArray *result;

  g_return_val_if_fail (before != NULL && after != NULL && held != NULL, NULL);

  result = g_array_copy (after);
  leave_missing (held, after);
  for (guint i = 0; i < held->len; i++)
    {
      const CrmListHeld *one = &g_array_index (held, CrmListHeld, i);
      guint position = MIN (one->position, result->len);

      for (guint distance = 0; one->position > 0 && distance <= limit; distance++)
        {
          gint64 ahead = g_array_index (before, gint64, one->position - 1);

          if (is_at (result, one->position - 1 + distance, ahead))
            position = one->position + distance;
          else if (distance < one->position && is_at (result, one->position - 1 - distance, ahead))
            position = one->position - distance;
          else
            continue;
          break;
        }
      g_array_insert_val (result, position, one->id);
    }

  return result;
}

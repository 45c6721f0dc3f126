/* crm-list-diff.c: the few steps from one order of ids to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-diff.h"

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

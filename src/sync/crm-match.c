/* crm-match.c: which of the CRM's tasks are which of the adds that may have arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-match.h"

/* The tasks that are exactly what one of the entry's sends would have made. */
static GPtrArray *
find_exact (const CrmUnsettled *entry,
            GPtrArray          *remote)
{
  GPtrArray *exact = g_ptr_array_new ();

  for (guint i = 0; i < remote->len; i++)
    for (guint j = 0; j < entry->sent->len; j++)
      if (crm_remote_task_is_sent (remote->pdata[i], entry->sent->pdata[j]))
        {
          g_ptr_array_add (exact, remote->pdata[i]);
          break;
        }

  return exact;
}

static const CrmRemoteTask *
find_near (const CrmUnsettled *entry,
           GPtrArray          *remote,
           GHashTable         *taken)
{
  for (guint i = 0; i < remote->len; i++)
    for (guint j = 0; j < entry->sent->len; j++)
      if (!g_hash_table_contains (taken, remote->pdata[i]) &&
          crm_remote_task_resembles (remote->pdata[i], ((CrmSent *) entry->sent->pdata[j])->values))
        return remote->pdata[i];

  return NULL;
}

/* How much the entry's sends say. One that says more is told apart by more. */
static guint
get_weight (const CrmUnsettled *entry)
{
  guint weight = 0;

  for (guint i = 0; i < entry->sent->len; i++)
    for (guint field = 0; field < CRM_N_FIELDS; field++)
      weight += crm_values_has (((CrmSent *) entry->sent->pdata[i])->values, field);

  return entry->sent->len > 0 ? weight / entry->sent->len : 0;
}

static int
compare_weights (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const guint *weights = user_data;
  guint first = *(const guint *) a, second = *(const guint *) b;

  if (weights[first] != weights[second])
    return weights[first] > weights[second] ? -1 : 1;

  return first < second ? -1 : first > second;
}

static gboolean
same (GPtrArray *a,
      GPtrArray *b)
{
  gboolean equal = a->len == b->len;

  for (guint i = 0; equal && i < a->len; i++)
    equal = a->pdata[i] == b->pdata[i];

  return equal;
}

static guint
count_free (GPtrArray  *exact,
            GHashTable *taken)
{
  guint n = 0;

  for (guint i = 0; i < exact->len; i++)
    n += !g_hash_table_contains (taken, exact->pdata[i]);

  return n;
}

static const CrmRemoteTask *
take_first (GPtrArray  *exact,
            GHashTable *taken)
{
  for (guint i = 0; i < exact->len; i++)
    if (g_hash_table_add (taken, exact->pdata[i]))
      return exact->pdata[i];

  return NULL;
}

/* Entries that the same tasks match pair off with them, unless there are more such tasks than entries. */
static void
pair_off (GPtrArray   *unsettled,
          GPtrArray   *exacts,
          const guint *order,
          guint        at,
          GHashTable  *taken,
          GArray      *matches)
{
  GPtrArray *exact = exacts->pdata[order[at]];
  guint waiting = 0;

  for (guint i = at; i < unsettled->len; i++)
    waiting += same (exact, exacts->pdata[order[i]]);

  if (count_free (exact, taken) > waiting)
    g_array_index (matches, CrmMatch, order[at]).kind = CRM_MATCH_AMBIGUOUS;
  else
    {
      const CrmRemoteTask *found = take_first (exact, taken);

      if (found == NULL)
        return;
      g_array_index (matches, CrmMatch, order[at]).kind = CRM_MATCH_FOUND;
      g_array_index (matches, CrmMatch, order[at]).crm_id = found->id;
    }
}

/**
 * crm_match_compare:
 * @first: an add that may be on the CRM
 * @second: another
 *
 * Of equal adds, those that may be made latest are to be paired off last: they are looked for longest.
 *
 * Returns: less than, equal to, or more than 0, as @first is to be paired off before, with or after @second
 */
int
crm_match_compare (const CrmUnsettled *first,
                   const CrmUnsettled *second)
{
  if (first->batched != second->batched)
    return first->batched ? 1 : -1;
  if (!first->batched || first->last_signed_at == second->last_signed_at)
    return 0;

  return first->last_signed_at < second->last_signed_at ? -1 : 1;
}

/**
 * crm_match_all:
 * @unsettled: (element-type CrmUnsettled): all adds that may have arrived, oldest first
 * @remote: (element-type CrmRemoteTask): the CRM's tasks that no task here owns
 *
 * API.md §4: k equal entries pair off with up to k tasks, in order, exact matches of all entries first, and of those the
 * ones that say most; only more matches than entries is a question. Pure.
 *
 * Returns: (transfer full) (element-type CrmMatch): one for each of @unsettled, in order
 */
GArray *
crm_match_all (GPtrArray *unsettled,
               GPtrArray *remote)
{
  GArray *matches = g_array_sized_new (FALSE, TRUE, sizeof (CrmMatch), unsettled->len);
  g_autoptr (GPtrArray) exacts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GHashTable) taken = g_hash_table_new (NULL, NULL);
  g_autofree guint *weights = g_new0 (guint, unsettled->len);
  g_autofree guint *order = g_new0 (guint, unsettled->len);

  for (guint i = 0; i < unsettled->len; i++)
    {
      const CrmMatch match = { .local_id = ((CrmUnsettled *) unsettled->pdata[i])->local_id };

      g_array_append_val (matches, match);
      g_ptr_array_add (exacts, find_exact (unsettled->pdata[i], remote));
      weights[i] = get_weight (unsettled->pdata[i]);
      order[i] = i;
    }

  g_qsort_with_data (order, unsettled->len, sizeof (guint), compare_weights, weights);
  for (guint i = 0; i < unsettled->len; i++)
    pair_off (unsettled, exacts, order, i, taken, matches);

  for (guint i = 0; i < unsettled->len; i++)
    {
      CrmMatch *match = &g_array_index (matches, CrmMatch, i);
      const CrmRemoteTask *near = match->kind == CRM_MATCH_NONE ? find_near (unsettled->pdata[i], remote, taken) : NULL;

      if (near != NULL)
        {
          match->kind = CRM_MATCH_NEAR;
          match->crm_id = near->id;
        }
    }

  return matches;
}

/**
 * crm_match_is_equal_add:
 * @claim: what is under way
 * @entry: an unsettled entry
 *
 * Returns: whether @claim is an add that could be taken on the CRM for what was sent of @entry
 */
gboolean
crm_match_is_equal_add (const CrmClaim     *claim,
                        const CrmUnsettled *entry)
{
  if (claim->crm_id != 0)
    return FALSE;

  for (guint i = 0; i < entry->sent->len; i++)
    {
      const CrmRemoteTask as_if = { .values = claim->values };

      if (crm_remote_task_resembles (&as_if, ((CrmSent *) entry->sent->pdata[i])->values))
        return TRUE;
    }

  return FALSE;
}

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

static gboolean
same (GPtrArray *a,
      GPtrArray *b)
{
  gboolean equal = a->len == b->len;

  for (guint i = 0; equal && i < a->len; i++)
    equal = a->pdata[i] == b->pdata[i];

  return equal;
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

/**
 * crm_match_all:
 * @unsettled: (element-type CrmUnsettled): all adds that may have arrived, oldest first
 * @remote: (element-type CrmRemoteTask): the CRM's tasks that no task here owns
 *
 * API.md §4: k equal entries pair off with up to k tasks, in order, exact matches of all entries first; only more matches
 * than entries is a question. Pure.
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

  for (guint i = 0; i < unsettled->len; i++)
    g_ptr_array_add (exacts, find_exact (unsettled->pdata[i], remote));

  for (guint i = 0; i < unsettled->len; i++)
    {
      CrmMatch match = { .local_id = ((CrmUnsettled *) unsettled->pdata[i])->local_id };
      GPtrArray *exact = exacts->pdata[i];
      const CrmRemoteTask *found = NULL;
      guint equals = 0;

      for (guint j = 0; j < unsettled->len; j++)
        equals += same (exact, exacts->pdata[j]);

      if (exact->len > equals)
        match.kind = CRM_MATCH_AMBIGUOUS;
      else if ((found = take_first (exact, taken)) != NULL)
        {
          match.kind = CRM_MATCH_FOUND;
          match.crm_id = found->id;
        }
      g_array_append_val (matches, match);
    }

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

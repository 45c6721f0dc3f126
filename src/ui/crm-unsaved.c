/* crm-unsaved.c: what was typed and not saved, task by task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-unsaved.h"

struct _CrmUnsaved
{
  GHashTable *entries; /* gint64 * → Entry */
};

typedef struct
{
  CrmTyping *typing;
  CrmTyping *base;
} Entry;

static void
entry_free (Entry *entry)
{
  crm_typing_free (entry->typing);
  crm_typing_free (entry->base);
  g_free (entry);
}

/**
 * crm_unsaved_new:
 *
 * Returns: (transfer full): nothing unsaved
 */
CrmUnsaved *
crm_unsaved_new (void)
{
  CrmUnsaved *self = g_new0 (CrmUnsaved, 1);

  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) entry_free);

  return self;
}

/**
 * crm_unsaved_free:
 * @self: (transfer full) (nullable): what is unsaved
 */
void
crm_unsaved_free (CrmUnsaved *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->entries);
  g_free (self);
}

/**
 * crm_unsaved_keep:
 * @self: what is unsaved
 * @local_id: of which task
 * @typing: what is typed
 * @base: what it was typed over; when both are the same nothing is kept
 */
void
crm_unsaved_keep (CrmUnsaved      *self,
                  gint64           local_id,
                  const CrmTyping *typing,
                  const CrmTyping *base)
{
  Entry *entry;

  g_return_if_fail (self != NULL && typing != NULL && base != NULL);

  if (crm_typing_compare (typing, base) == 0)
    {
      g_hash_table_remove (self->entries, &local_id);
      return;
    }

  entry = g_new0 (Entry, 1);
  entry->typing = crm_typing_copy (typing);
  entry->base = crm_typing_copy (base);
  g_hash_table_replace (self->entries, g_memdup2 (&local_id, sizeof local_id), entry);
}

/**
 * crm_unsaved_take:
 * @self: what is unsaved
 * @local_id: of which task
 * @base: what the task holds now
 *
 * Returns: (transfer full): what to show of it: @base with what was typed over it, which is no longer kept here
 */
CrmTyping *
crm_unsaved_take (CrmUnsaved      *self,
                  gint64           local_id,
                  const CrmTyping *base)
{
  CrmTyping *typing;
  Entry *entry;

  g_return_val_if_fail (self != NULL && base != NULL, NULL);

  entry = g_hash_table_lookup (self->entries, &local_id);
  if (entry == NULL)
    return crm_typing_copy (base);

  typing = g_steal_pointer (&entry->typing);
  crm_typing_merge (typing, entry->base, base);
  g_hash_table_remove (self->entries, &local_id);

  return typing;
}

/**
 * crm_unsaved_is_empty:
 * @self: what is unsaved
 *
 * Returns: whether nothing is
 */
gboolean
crm_unsaved_is_empty (CrmUnsaved *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return g_hash_table_size (self->entries) == 0;
}

/* crm-id-list.c: local ids in an order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-id-list.h"

struct _CrmIdList
{
  gatomicrefcount ref_count;
  GArray         *narrow; /* of guint32; NULL when one of them needs more */
  GArray         *wide;   /* of gint64; NULL as long as none does */
};

static gboolean
is_narrow (gint64 id)
{
  return id >= 0 && id <= G_MAXUINT32;
}

static void
widen (CrmIdList *self)
{
  if (self->wide != NULL)
    return;

  self->wide = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->narrow->len);
  for (guint i = 0; i < self->narrow->len; i++)
    {
      gint64 id = g_array_index (self->narrow, guint32, i);

      g_array_append_val (self->wide, id);
    }
  g_clear_pointer (&self->narrow, g_array_unref);
}

/**
 * crm_id_list_new:
 *
 * Returns: (transfer full): an empty list
 */
CrmIdList *
crm_id_list_new (void)
{
  CrmIdList *self = g_new0 (CrmIdList, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->narrow = g_array_new (FALSE, FALSE, sizeof (guint32));

  return self;
}

/**
 * crm_id_list_copy:
 * @self: a list
 *
 * Returns: (transfer full): a copy of its own
 */
CrmIdList *
crm_id_list_copy (const CrmIdList *self)
{
  CrmIdList *copy = g_new0 (CrmIdList, 1);

  g_atomic_ref_count_init (&copy->ref_count);
  if (self->narrow != NULL)
    copy->narrow = g_array_copy (self->narrow);
  else
    copy->wide = g_array_copy (self->wide);

  return copy;
}

/**
 * crm_id_list_ref:
 * @self: a list
 *
 * Any thread; but one thread at a time may use it.
 *
 * Returns: (transfer full): the same list
 */
CrmIdList *
crm_id_list_ref (CrmIdList *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * crm_id_list_unref:
 * @self: (transfer full): a list
 */
void
crm_id_list_unref (CrmIdList *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->narrow, g_array_unref);
  g_clear_pointer (&self->wide, g_array_unref);
  g_free (self);
}

/**
 * crm_id_list_get_n:
 * @self: a list
 *
 * Returns: how many ids are in it
 */
gsize
crm_id_list_get_n (const CrmIdList *self)
{
  return self->narrow != NULL ? self->narrow->len : self->wide->len;
}

/**
 * crm_id_list_get:
 * @self: a list
 * @position: below the number of ids
 *
 * Returns: the id there
 */
gint64
crm_id_list_get (const CrmIdList *self,
                 gsize            position)
{
  return self->narrow != NULL ? (gint64) g_array_index (self->narrow, guint32, position)
                              : g_array_index (self->wide, gint64, position);
}

/**
 * crm_id_list_find:
 * @self: a list
 * @id: an id
 * @position: (out): where it is first
 *
 * Looks at each in turn.
 *
 * Returns: whether it is there
 */
gboolean
crm_id_list_find (const CrmIdList *self,
                  gint64           id,
                  gsize           *position)
{
  gsize n = crm_id_list_get_n (self);

  if (self->narrow != NULL && !is_narrow (id))
    return FALSE;

  for (gsize i = 0; i < n; i++)
    if (crm_id_list_get (self, i) == id)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * crm_id_list_append:
 * @self: a list
 * @id: an id
 */
void
crm_id_list_append (CrmIdList *self,
                    gint64     id)
{
  if (self->narrow != NULL && is_narrow (id))
    {
      guint32 narrow = (guint32) id;

      g_array_append_val (self->narrow, narrow);
      return;
    }

  widen (self);
  g_array_append_val (self->wide, id);
}

/**
 * crm_id_list_insert_id:
 * @self: a list
 * @position: where it is put, at most behind the last
 * @id: an id
 */
void
crm_id_list_insert_id (CrmIdList *self,
                       gsize      position,
                       gint64     id)
{
  if (self->narrow != NULL && is_narrow (id))
    {
      guint32 narrow = (guint32) id;

      g_array_insert_val (self->narrow, position, narrow);
      return;
    }

  widen (self);
  g_array_insert_val (self->wide, position, id);
}

/**
 * crm_id_list_insert:
 * @self: a list
 * @position: where they are put, at most behind the last
 * @from: another list
 * @first: the first of those taken from there
 * @n: how many
 */
void
crm_id_list_insert (CrmIdList       *self,
                    gsize            position,
                    const CrmIdList *from,
                    gsize            first,
                    gsize            n)
{
  if (n == 0)
    return;

  if (self->narrow != NULL && from->narrow != NULL)
    {
      g_array_insert_vals (self->narrow, position, &g_array_index (from->narrow, guint32, first), n);
      return;
    }

  widen (self);
  for (gsize i = 0; i < n; i++)
    {
      gint64 id = crm_id_list_get (from, first + i);

      g_array_insert_val (self->wide, position + i, id);
    }
}

/**
 * crm_id_list_remove:
 * @self: a list
 * @position: where
 * @n: how many go
 */
void
crm_id_list_remove (CrmIdList *self,
                    gsize      position,
                    gsize      n)
{
  if (n > 0)
    g_array_remove_range (self->narrow != NULL ? self->narrow : self->wide, position, n);
}

/**
 * crm_id_list_to_array:
 * @self: (nullable): a list
 *
 * Returns: (transfer full) (nullable) (element-type gint64): its ids; %NULL of none
 */
GArray *
crm_id_list_to_array (const CrmIdList *self)
{
  gsize n = self != NULL ? crm_id_list_get_n (self) : 0;
  GArray *array = self != NULL ? g_array_sized_new (FALSE, FALSE, sizeof (gint64), (guint) n) : NULL;

  for (gsize i = 0; i < n; i++)
    {
      gint64 id = crm_id_list_get (self, i);

      g_array_append_val (array, id);
    }

  return array;
}

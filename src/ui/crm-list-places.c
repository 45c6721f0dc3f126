/* crm-list-places.c: the places of a list of tasks, and which ids are in them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-places.h"

/* How far from where it was an id is looked for. */
#define NEAR 256

struct _CrmListPlaces
{
  GListModel        *model; /* not held: it holds this */
  CrmListRefillFunc  refill_func;
  gpointer           data;
  CrmIdList         *ids;
  guint              n;
  CrmListSlots      *slots;
};

static guint
get_n_known (CrmListPlaces *self)
{
  return (guint) MIN (self->n, crm_id_list_get_n (self->ids));
}

static void
announce (CrmListPlaces *self,
          guint          position,
          guint          n_out,
          guint          n_in)
{
  if (n_out == 0 && n_in == 0)
    return;

  self->n = self->n - n_out + n_in;
  crm_list_slots_shift (self->slots, position, n_out, n_in);
  g_list_model_items_changed (self->model, position, n_out, n_in);
}

/**
 * crm_list_places_new:
 * @model: the list; it must outlive the places
 * @read_func: reads the task at a place
 * @refill_func: called when places have other tasks
 * @data: given to both
 *
 * Returns: (transfer full): no places
 */
CrmListPlaces *
crm_list_places_new (GListModel        *model,
                     CrmListSlotFunc    read_func,
                     CrmListRefillFunc  refill_func,
                     gpointer           data)
{
  CrmListPlaces *self = g_new0 (CrmListPlaces, 1);

  self->model = model;
  self->refill_func = refill_func;
  self->data = data;
  self->ids = crm_id_list_new ();
  self->slots = crm_list_slots_new (read_func, data);

  return self;
}

/**
 * crm_list_places_free:
 * @self: (transfer full): places
 */
void
crm_list_places_free (CrmListPlaces *self)
{
  g_return_if_fail (self != NULL);

  crm_list_slots_free (self->slots);
  crm_id_list_unref (self->ids);
  g_free (self);
}

/**
 * crm_list_places_get_n:
 * @self: places
 *
 * Returns: how many there are
 */
guint
crm_list_places_get_n (CrmListPlaces *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n;
}

/**
 * crm_list_places_get_ids:
 * @self: places
 *
 * Returns: (transfer none): the ids in them, until the next change
 */
CrmIdList *
crm_list_places_get_ids (CrmListPlaces *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ids;
}

/**
 * crm_list_places_get_id:
 * @self: places
 * @position: a position
 *
 * Returns: the id there; 0 where none is known
 */
gint64
crm_list_places_get_id (CrmListPlaces *self,
                        guint          position)
{
  g_return_val_if_fail (self != NULL, 0);

  return position < get_n_known (self) ? crm_id_list_get (self->ids, position) : 0;
}

/**
 * crm_list_places_get_slot:
 * @self: places
 * @position: a position
 *
 * Returns: (transfer full) (nullable): the slot there; %NULL past the end
 */
CrmListSlot *
crm_list_places_get_slot (CrmListPlaces *self,
                          guint          position)
{
  g_return_val_if_fail (self != NULL, NULL);

  return position < self->n ? crm_list_slots_get (self->slots, position) : NULL;
}

/**
 * crm_list_places_find_near:
 * @self: places
 * @id: an id
 * @hint: where it was
 * @position: (out): where it is
 *
 * Returns: whether it is near there
 */
gboolean
crm_list_places_find_near (CrmListPlaces *self,
                           gint64         id,
                           guint          hint,
                           guint         *position)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint distance = 0; distance <= NEAR; distance++)
    {
      if (crm_list_places_get_id (self, hint + distance) == id)
        {
          *position = hint + distance;
          return TRUE;
        }
      if (distance <= hint && crm_list_places_get_id (self, hint - distance) == id)
        {
          *position = hint - distance;
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * crm_list_places_find:
 * @self: places
 * @id: an id
 * @position: (out): where it is
 *
 * Looks at each in turn.
 *
 * Returns: whether it is there
 */
gboolean
crm_list_places_find (CrmListPlaces *self,
                      gint64         id,
                      guint         *position)
{
  gsize found;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!crm_id_list_find (self->ids, id, &found) || found >= self->n)
    return FALSE;

  *position = (guint) found;
  return TRUE;
}

/**
 * crm_list_places_refill:
 * @self: places
 * @position: where tasks have changed
 * @n: how many from there on
 */
void
crm_list_places_refill (CrmListPlaces *self,
                        guint          position,
                        guint          n)
{
  g_return_if_fail (self != NULL);

  if (n == 0)
    return;

  crm_list_slots_clear (self->slots, position, n);
  self->refill_func (position, n, self->data);
}

/**
 * crm_list_places_replace:
 * @self: places
 * @ids: what is in them from now on; not to be changed by others
 * @n: how many places there shall be
 *
 * Each place gets another task; only what there are more or fewer of come and go, at the end.
 */
void
crm_list_places_replace (CrmListPlaces *self,
                         CrmIdList     *ids,
                         guint          n)
{
  guint n_before;

  g_return_if_fail (self != NULL && ids != NULL);

  n_before = self->n;
  crm_id_list_ref (ids);
  crm_id_list_unref (self->ids);
  self->ids = ids;

  if (n_before > n)
    announce (self, n, n_before - n, 0);
  crm_list_places_refill (self, 0, MIN (n_before, n));
  if (n_before < n)
    announce (self, n_before, 0, n - n_before);
}

/**
 * crm_list_places_grow:
 * @self: places with fewer than ids
 * @n: how many more there shall be at most
 */
void
crm_list_places_grow (CrmListPlaces *self,
                      guint          n)
{
  g_return_if_fail (self != NULL);

  if (get_n_known (self) < crm_id_list_get_n (self->ids))
    announce (self, self->n, 0, (guint) MIN (n, crm_id_list_get_n (self->ids) - self->n));
}

/**
 * crm_list_places_take_out:
 * @self: places, as many as ids
 * @position: where
 * @n: how many go
 */
void
crm_list_places_take_out (CrmListPlaces *self,
                          guint          position,
                          guint          n)
{
  g_return_if_fail (self != NULL);

  if (n == 0)
    return;

  crm_id_list_remove (self->ids, position, n);
  announce (self, position, n, 0);
}

/**
 * crm_list_places_put_in:
 * @self: places, as many as ids
 * @position: where
 * @ids: where what comes is
 * @first: the first of it there
 * @n: how many
 */
void
crm_list_places_put_in (CrmListPlaces   *self,
                        guint            position,
                        const CrmIdList *ids,
                        guint            first,
                        guint            n)
{
  g_return_if_fail (self != NULL);

  if (n == 0)
    return;

  crm_id_list_insert (self->ids, position, ids, first, n);
  announce (self, position, 0, n);
}

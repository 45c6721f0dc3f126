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
  GArray            *ids;
  guint              n;
  CrmListSlots      *slots;
};

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
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
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
  g_array_unref (self->ids);
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
 * Returns: (transfer none) (element-type gint64): the ids in them, until the next change
 */
GArray *
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

  return position < MIN (self->n, self->ids->len) ? g_array_index (self->ids, gint64, position) : 0;
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
  guint n;

  g_return_val_if_fail (self != NULL, FALSE);

  n = MIN (self->n, self->ids->len);
  for (guint i = 0; i < n; i++)
    if (g_array_index (self->ids, gint64, i) == id)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
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
 * @ids: (element-type gint64): what is in them from now on; not to be changed by others
 * @n: how many places there shall be
 *
 * Each place gets another task; only what there are more or fewer of come and go, at the end.
 */
void
crm_list_places_replace (CrmListPlaces *self,
                         GArray        *ids,
                         guint          n)
{
  guint n_before;

  g_return_if_fail (self != NULL && ids != NULL);

  n_before = self->n;
  g_array_ref (ids);
  g_array_unref (self->ids);
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

  if (self->n < self->ids->len)
    announce (self, self->n, 0, MIN (n, self->ids->len - self->n));
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

  g_array_remove_range (self->ids, position, n);
  announce (self, position, n, 0);
}

/**
 * crm_list_places_put_in:
 * @self: places, as many as ids
 * @position: where
 * @ids: (array length=n): what comes
 * @n: how many
 */
void
crm_list_places_put_in (CrmListPlaces *self,
                        guint          position,
                        const gint64  *ids,
                        guint          n)
{
  g_return_if_fail (self != NULL);

  if (n == 0)
    return;

  g_array_insert_vals (self->ids, position, ids, n);
  announce (self, position, 0, n);
}

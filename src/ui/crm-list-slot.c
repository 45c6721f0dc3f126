/* crm-list-slot.c: a place in a list of tasks, whichever task is there
 *
 * GTK makes new widgets for an item that is another object, and reads what it shows of it at once. A slot stays when the task at
 * its place becomes another, and its task is read when somebody looks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-slot.h"

struct _CrmListSlot
{
  GObject       parent_instance;

  CrmListSlots *owner; /* NULL: the place is gone */
  guint         position;
  CrmTask      *task;  /* NULL: nobody has looked yet */
};

struct _CrmListSlots
{
  CrmListSlotFunc  func;
  gpointer         data;
  GHashTable      *live; /* the position → CrmListSlot, not held */
};

G_DEFINE_FINAL_TYPE (CrmListSlot, crm_list_slot, G_TYPE_OBJECT)

static void
crm_list_slot_finalize (GObject *object)
{
  CrmListSlot *self = CRM_LIST_SLOT (object);

  if (self->owner != NULL)
    g_hash_table_remove (self->owner->live, GUINT_TO_POINTER (self->position));
  g_clear_object (&self->task);

  G_OBJECT_CLASS (crm_list_slot_parent_class)->finalize (object);
}

static void
crm_list_slot_class_init (CrmListSlotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_list_slot_finalize;
}

static void
crm_list_slot_init (CrmListSlot *self)
{
}

/**
 * crm_list_slot_get_task:
 * @self: a slot
 *
 * Reads the task if nobody has looked at it yet; main thread.
 *
 * Returns: (transfer none) (nullable): the task that is there now; %NULL when it is not known, or can't be read
 */
CrmTask *
crm_list_slot_get_task (CrmListSlot *self)
{
  g_return_val_if_fail (CRM_IS_LIST_SLOT (self), NULL);

  if (self->task == NULL && self->owner != NULL)
    self->task = self->owner->func (self->position, self->owner->data);

  return self->task;
}

/**
 * crm_list_slots_new:
 * @func: reads the task at a place
 * @data: given to @func
 *
 * Returns: (transfer full): no slots yet
 */
CrmListSlots *
crm_list_slots_new (CrmListSlotFunc func,
                    gpointer        data)
{
  CrmListSlots *self = g_new0 (CrmListSlots, 1);

  self->func = func;
  self->data = data;
  self->live = g_hash_table_new (NULL, NULL);

  return self;
}

/**
 * crm_list_slots_free:
 * @self: (transfer full): slots; those that somebody holds stay as they are
 */
void
crm_list_slots_free (CrmListSlots *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    CRM_LIST_SLOT (value)->owner = NULL;
  g_hash_table_unref (self->live);
  g_free (self);
}

/**
 * crm_list_slots_get:
 * @self: slots
 * @position: a position in the list
 *
 * Returns: (transfer full): the slot there, the same one while somebody holds it
 */
CrmListSlot *
crm_list_slots_get (CrmListSlots *self,
                    guint         position)
{
  CrmListSlot *slot;

  g_return_val_if_fail (self != NULL, NULL);

  slot = g_hash_table_lookup (self->live, GUINT_TO_POINTER (position));
  if (slot != NULL)
    return g_object_ref (slot);

  slot = g_object_new (CRM_TYPE_LIST_SLOT, NULL);
  slot->owner = self;
  slot->position = position;
  g_hash_table_insert (self->live, GUINT_TO_POINTER (position), slot);

  return slot;
}

/**
 * crm_list_slots_shift:
 * @self: slots
 * @position: where the list changes
 * @n_out: how many places go there
 * @n_in: how many come instead
 *
 * To be called before the list says so. Behind them all move up or down.
 */
void
crm_list_slots_shift (CrmListSlots *self,
                      guint         position,
                      guint         n_out,
                      guint         n_in)
{
  g_autoptr (GHashTable) before = NULL;
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL);

  before = g_steal_pointer (&self->live);
  self->live = g_hash_table_new (NULL, NULL);

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      CrmListSlot *slot = value;

      if (slot->position >= position && slot->position - position < n_out)
        {
          slot->owner = NULL;
          continue;
        }
      if (slot->position >= position)
        slot->position = slot->position - n_out + n_in;
      g_hash_table_insert (self->live, GUINT_TO_POINTER (slot->position), slot);
    }
}

/**
 * crm_list_slots_clear:
 * @self: slots
 * @position: a position in the list
 * @n: how many from there on
 *
 * Other tasks are there now, or they have changed: they are read when somebody looks.
 */
void
crm_list_slots_clear (CrmListSlots *self,
                      guint         position,
                      guint         n)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL);

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      CrmListSlot *slot = value;

      if (slot->position >= position && slot->position - position < n)
        g_clear_object (&slot->task);
    }
}

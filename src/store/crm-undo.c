/* crm-undo.c: what it takes to take a discard back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-undo-private.h"

G_DEFINE_BOXED_TYPE (CrmUndo, crm_undo, crm_undo_ref, crm_undo_unref)

/**
 * crm_undo_new:
 * @row: (transfer full): the row before the discard
 * @attempts: (transfer full) (element-type CrmAttempt): its history
 * @revision: the row's revision after the discard; 0 when it was removed
 *
 * Returns: (transfer full): what takes the discard back
 */
CrmUndo *
crm_undo_new (CrmRow    *row,
              GPtrArray *attempts,
              gint64     revision)
{
  CrmUndo *self = g_atomic_rc_box_new0 (CrmUndo);

  self->row = row;
  self->attempts = attempts;
  self->revision = revision;

  return self;
}

/**
 * crm_undo_ref:
 * @self: an undo
 *
 * Returns: (transfer full): @self
 */
CrmUndo *
crm_undo_ref (CrmUndo *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (CrmUndo *self)
{
  crm_row_free (self->row);
  g_ptr_array_unref (self->attempts);
}

/**
 * crm_undo_unref:
 * @self: (transfer full): an undo
 */
void
crm_undo_unref (CrmUndo *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) clear);
}

/**
 * crm_undo_get_local_id:
 * @self: an undo
 *
 * Returns: the task whose discard it takes back
 */
gint64
crm_undo_get_local_id (CrmUndo *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row->local_id;
}

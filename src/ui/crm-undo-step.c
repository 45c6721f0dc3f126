/* crm-undo-step.c: something done that can be taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui/crm-undo-step.h"

struct _CrmUndoStep
{
  GObject         parent_instance;

  CrmUndoFunc     func; /* NULL: it has run */
  gpointer        data;
  GDestroyNotify  data_free;
};

G_DEFINE_FINAL_TYPE (CrmUndoStep, crm_undo_step, G_TYPE_OBJECT)

static void
crm_undo_step_finalize (GObject *object)
{
  CrmUndoStep *self = CRM_UNDO_STEP (object);

  if (self->data_free != NULL)
    self->data_free (self->data);

  G_OBJECT_CLASS (crm_undo_step_parent_class)->finalize (object);
}

static void
crm_undo_step_class_init (CrmUndoStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_undo_step_finalize;
}

static void
crm_undo_step_init (CrmUndoStep *self)
{
}

/**
 * crm_undo_step_new:
 * @func: takes it back; it says itself what could not be
 * @data: (transfer full): given to @func
 * @data_free: (nullable): frees @data
 *
 * Returns: (transfer full): the step
 */
CrmUndoStep *
crm_undo_step_new (CrmUndoFunc     func,
                   gpointer        data,
                   GDestroyNotify  data_free)
{
  CrmUndoStep *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (CRM_TYPE_UNDO_STEP, NULL);
  self->func = func;
  self->data = data;
  self->data_free = data_free;

  return self;
}

/**
 * crm_undo_step_run:
 * @self: a step
 *
 * Takes it back. The second time nothing happens.
 */
void
crm_undo_step_run (CrmUndoStep *self)
{
  CrmUndoFunc func;

  g_return_if_fail (CRM_IS_UNDO_STEP (self));

  func = g_steal_pointer (&self->func);
  if (func != NULL)
    func (self->data);
}

/* crm-undo-step.h: something done that can be taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CRM_TYPE_UNDO_STEP (crm_undo_step_get_type ())

G_DECLARE_FINAL_TYPE (CrmUndoStep, crm_undo_step, CRM, UNDO_STEP, GObject)

typedef void (*CrmUndoFunc) (gpointer data);

CrmUndoStep *crm_undo_step_new (CrmUndoFunc     func,
                                gpointer        data,
                                GDestroyNotify  data_free);
void         crm_undo_step_run (CrmUndoStep    *self);

G_END_DECLS

/* crm-set-field-dialog.h: one field’s value, for many tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-values.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_SET_FIELD_DIALOG (crm_set_field_dialog_get_type ())

G_DECLARE_FINAL_TYPE (CrmSetFieldDialog, crm_set_field_dialog, CRM, SET_FIELD_DIALOG, AdwWindow)

/* Signal: set (boolean resubmit), a value that makes sense was chosen. Actions "field.set", "field.set-and-resubmit". */

GtkWidget *crm_set_field_dialog_new        (GtkWindow         *parent,
                                            CrmStore          *store,
                                            guint              n_tasks,
                                            CrmFieldId         field);
CrmValues *crm_set_field_dialog_get_values (CrmSetFieldDialog *self,
                                            CrmFieldMask      *touched);

G_END_DECLS

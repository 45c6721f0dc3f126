/* crm-task-form.h: the rows of all of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-problem.h"
#include "store/crm-store.h"
#include "ui/crm-typing.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK_FORM (crm_task_form_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskForm, crm_task_form, CRM, TASK_FORM, GtkWidget)

/* Signal "edited": a person typed or chose something. */

CrmTyping *crm_task_form_get_typing     (CrmTaskForm      *self);
void       crm_task_form_set_typing     (CrmTaskForm      *self,
                                         const CrmTyping  *typing,
                                         const CrmTyping  *base);
void       crm_task_form_set_store      (CrmTaskForm      *self,
                                         CrmStore         *store);
void       crm_task_form_set_meanwhile  (CrmTaskForm      *self,
                                         CrmFieldId        field,
                                         const char       *words);
void       crm_task_form_set_problem    (CrmTaskForm      *self,
                                         const CrmProblem *problem);
void       crm_task_form_set_complaint  (CrmTaskForm      *self,
                                         CrmFieldId        field,
                                         const char       *words);
void       crm_task_form_clear_complaints (CrmTaskForm    *self);
gboolean   crm_task_form_focus_fault    (CrmTaskForm      *self);
void       crm_task_form_focus_field    (CrmTaskForm      *self,
                                         CrmFieldId        field);

G_END_DECLS

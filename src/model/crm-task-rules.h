/* crm-task-rules.h: what the CRM would refuse, known before sending
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-values.h"

G_BEGIN_DECLS

/* A rule that does not hold. */
typedef struct
{
  CrmFieldId field;
  char      *words; /* a sentence for people that does not repeat the field's name */
} CrmComplaint;

void       crm_complaint_free       (CrmComplaint    *self);
GPtrArray *crm_task_rules_check     (const CrmValues *values,
                                     CrmFieldMask     sent);
GPtrArray *crm_task_rules_check_values (const CrmValues *values);
gboolean   crm_complaints_to_error  (GPtrArray       *complaints,
                                     GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmComplaint, crm_complaint_free)

G_END_DECLS

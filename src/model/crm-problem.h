/* crm-problem.h: why the CRM did not take a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "model/crm-answer-class.h"
#include "model/crm-field.h"

G_BEGIN_DECLS

#define CRM_TYPE_PROBLEM (crm_problem_get_type ())

/* What an answer said. A code that it did not carry is 0; texts may be NULL. Read-only once it is shared. */
typedef struct
{
  CrmAnswerClass klass;
  guint          http_status;
  gint64         error_code;
  gint64         specific_code;
  char          *message;
  GStrv          additional_messages; /* NULL or NULL-terminated */
} CrmProblem;

GType       crm_problem_get_type  (void) G_GNUC_CONST;
CrmProblem *crm_problem_new       (CrmAnswerClass    klass);
CrmProblem *crm_problem_copy      (const CrmProblem *self);
void        crm_problem_free      (CrmProblem       *self);
char       *crm_problem_get_words (const CrmProblem *self);
char       *crm_problem_get_title (const CrmProblem *self);
gint64      crm_problem_get_code  (const CrmProblem *self);
GStrv       crm_problem_get_field_messages (const CrmProblem *self,
                                            CrmFieldId        field);
GStrv       crm_problem_get_other_messages (const CrmProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmProblem, crm_problem_free)

G_END_DECLS

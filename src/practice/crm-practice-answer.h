/* crm-practice-answer.h: an HTTP answer before it is sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-faults.h"
#include "practice/crm-practice-refusal.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_PRACTICE_ENDING_WHOLE,
  CRM_PRACTICE_ENDING_TRUNCATED,
  CRM_PRACTICE_ENDING_CUT,
  CRM_PRACTICE_ENDING_RESET,
} CrmPracticeEnding;

typedef struct
{
  guint              status;
  char              *content_type;
  char              *body;
  char              *retry_after;
  char              *location;
  CrmPracticeEnding  ending;
} CrmPracticeAnswer;

CrmPracticeAnswer *crm_practice_answer_new         (guint                    status,
                                                    const char              *content_type,
                                                    char                    *body);
CrmPracticeAnswer *crm_practice_answer_new_refusal (CrmPracticeRefusal      *refusal,
                                                    gboolean                 own_status);
void               crm_practice_answer_free        (CrmPracticeAnswer       *self);
CrmPracticeAnswer *crm_practice_answer_spoil       (CrmPracticeAnswer       *self,
                                                    const CrmPracticeFault  *fault,
                                                    gboolean                 own_status,
                                                    const char              *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPracticeAnswer, crm_practice_answer_free)

G_END_DECLS

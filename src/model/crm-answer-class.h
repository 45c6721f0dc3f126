/* crm-answer-class.h: what an answer of the CRM means for the outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The classes of API.md §1. */
typedef enum
{
  CRM_ANSWER_ACCEPTED,
  CRM_ANSWER_REJECTED,
  CRM_ANSWER_TROUBLE,
  CRM_ANSWER_THROTTLED,
  CRM_ANSWER_ACCOUNT,
  CRM_ANSWER_CLOCK,
  CRM_ANSWER_NOT_SENT,
  CRM_ANSWER_NOT_A_CRM,
  CRM_ANSWER_UNCONFIRMED,
} CrmAnswerClass;

#define CRM_N_ANSWER_CLASSES (CRM_ANSWER_UNCONFIRMED + 1)

const char *crm_answer_class_get_nick  (CrmAnswerClass  klass);
gboolean    crm_answer_class_from_nick (const char     *nick,
                                        CrmAnswerClass *klass);

G_END_DECLS

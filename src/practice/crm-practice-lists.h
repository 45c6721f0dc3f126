/* crm-practice-lists.h: the list calls, with their pages and filters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-data.h"
#include "practice/crm-practice-refusal.h"
#include "practice/crm-practice-task.h"

G_BEGIN_DECLS

typedef struct
{
  guint    max_per_page;
  gboolean ignore_filters;
} CrmPracticeListOptions;

char     *crm_practice_lists_answer_rows  (CrmPracticeList               list,
                                           JsonNode                     *body,
                                           const CrmPracticeListOptions *options,
                                           CrmPracticeRefusal          **refusal);
char     *crm_practice_lists_answer_tasks (GPtrArray                    *tasks,
                                           JsonNode                     *body,
                                           const CrmPracticeListOptions *options,
                                           CrmPracticeRefusal          **refusal);
JsonNode *crm_practice_lists_task_to_row  (const CrmPracticeTask        *task);

G_END_DECLS

/* crm-task-words.h: what the window says of a task, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-task.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* What a cell of one line can say. */
typedef enum
{
  CRM_TASK_WORDS_OWNER,
  CRM_TASK_WORDS_PRIORITY,
  CRM_TASK_WORDS_STATUS,
  CRM_TASK_WORDS_ASSIGNEE,
  CRM_TASK_WORDS_PROBLEM,
  CRM_TASK_WORDS_CRM_ID,
} CrmTaskWords;

#define CRM_TYPE_TASK_WORDS (crm_task_words_get_type ())

GType    crm_task_words_get_type      (void) G_GNUC_CONST;
char    *crm_task_words_get           (CrmTask         *task,
                                       CrmTaskWords     what);
char    *crm_task_words_get_note      (CrmTask         *task,
                                       gint64           now);
char    *crm_task_words_get_doubt     (CrmTask         *task);
char    *crm_task_words_get_owner     (CrmTask         *task);
char    *crm_task_words_describe      (CrmStore        *store,
                                       const CrmValues *values,
                                       CrmFieldMask     fields);
char    *crm_task_words_get_due       (const char      *utc,
                                       gint64           now);
char    *crm_task_words_get_due_exact (const char      *utc);
gboolean crm_task_words_is_overdue    (CrmTask         *task,
                                       gint64           now);
char    *crm_task_words_get_wait      (gint64           microseconds);
char    *crm_task_words_get_moment    (gint64           time,
                                       gint64           now);
gboolean crm_task_words_is_completed (CrmTask *task);

G_END_DECLS

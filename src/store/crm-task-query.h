/* crm-task-query.h: which tasks, in which order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-field.h"
#include "model/crm-sync-state.h"
#include "model/crm-task.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_SORT_CREATED, /* in the order they were written here */
  CRM_SORT_STATE,
  CRM_SORT_CRM_ID,
  CRM_SORT_OWNER,   /* those that belong together stand together; what belongs to nobody last */
  CRM_SORT_PROBLEM, /* by its code; what has none last */
  CRM_SORT_FIELD,   /* by one field of the table: CrmTaskQuery.field */
} CrmTaskSort;

typedef struct
{
  guint        states;     /* bits, 1 << CrmSyncState; 0: all */
  char        *search;     /* words that must all begin a word of the task; NULL or "": any */
  char        *due_from;   /* UTC, as the CRM takes it; NULL: any */
  char        *due_before; /* likewise */
  gboolean     open;       /* only what is neither cancelled nor completed */
  gint64       assignee;   /* whom it is assigned to, the CRM's id of the user; 0: anyone */
  gint64       code;       /* a specificCode, or an errorCode of a problem without one; 0: any */
  CrmTaskSort  sort;
  CrmFieldId   field;      /* with CRM_SORT_FIELD */
  gboolean     descending;
  gint64       limit;      /* 0: all */
} CrmTaskQuery;

CrmTaskQuery *crm_task_query_new        (void);
CrmTaskQuery *crm_task_query_copy       (const CrmTaskQuery *self);
void          crm_task_query_free       (CrmTaskQuery       *self);
gboolean      crm_task_query_parse_sort (CrmTaskQuery       *self,
                                         const char         *name);
gboolean      crm_task_query_keeps_place (const CrmTaskQuery *self,
                                          CrmTask           *before,
                                          CrmTask           *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmTaskQuery, crm_task_query_free)

G_END_DECLS

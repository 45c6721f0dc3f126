/* crm-task-list.h: the tasks a query finds, as a list model that reads only what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK_LIST (crm_task_list_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskList, crm_task_list, CRM, TASK_LIST, GObject)

/* Its items are CrmListSlot. Signals:
 *   updating   the items are about to change
 *   refilled   (guint position, guint n) other tasks are there now, or they have changed
 *   updated    (gboolean replaced) they have; `replaced` when another query was asked
 * Property "loading": not all that the query finds is in the list yet. */

CrmTaskList *crm_task_list_new         (void);
void         crm_task_list_set_store   (CrmTaskList        *self,
                                        CrmStore           *store);
void         crm_task_list_set_query   (CrmTaskList        *self,
                                        const CrmTaskQuery *query);
gboolean     crm_task_list_get_loading (CrmTaskList        *self);
gint64       crm_task_list_get_id      (CrmTaskList        *self,
                                        guint               position);
gboolean     crm_task_list_find        (CrmTaskList        *self,
                                        gint64              local_id,
                                        guint              *position);
void         crm_task_list_set_held    (CrmTaskList        *self,
                                        gboolean            held);
gboolean     crm_task_list_is_leaving  (CrmTaskList        *self,
                                        gint64              local_id);

G_END_DECLS

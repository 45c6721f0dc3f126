/* crm-task-view.h: the table of tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-task-list.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK_VIEW (crm_task_view_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskView, crm_task_view, CRM, TASK_VIEW, GtkWidget)

/* Properties: "list" (CrmTaskList), "selected-id" (a local id, 0: none), "n-selected", "sort-column", "sort-descending".
 * Signals: "opened", a row was clicked; "activated", a row was activated by key or double click. */

void          crm_task_view_set_sort        (CrmTaskView  *self,
                                             const char   *column,
                                             gboolean      descending);
const char   *crm_task_view_get_sort        (CrmTaskView  *self,
                                             gboolean     *descending);
gint64        crm_task_view_get_selected_id (CrmTaskView  *self);
void          crm_task_view_set_selected_id (CrmTaskView  *self,
                                             gint64        local_id);
guint         crm_task_view_get_n_selected  (CrmTaskView  *self);
GArray       *crm_task_view_get_selected_ids (CrmTaskView *self);
void          crm_task_view_set_settings    (CrmTaskView  *self,
                                             GSettings    *settings);
gboolean      crm_task_view_select_next     (CrmTaskView  *self,
                                             int           step);
GActionGroup *crm_task_view_get_columns     (CrmTaskView  *self);
GMenuModel   *crm_task_view_get_column_menu (CrmTaskView  *self);

G_END_DECLS

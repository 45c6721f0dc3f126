/* crm-task-pane.h: the tasks of a place, searched and sorted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-place.h"
#include "ui/crm-session.h"
#include "ui/crm-task-view.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK_PANE (crm_task_pane_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskPane, crm_task_pane, CRM, TASK_PANE, GtkWidget)

/* Properties: "place" (a name), "searching", "selected-id" (a local id, 0: none).
 * Signals:
 *   picked  (boolean focus) a task was chosen to be shown, or to be worked on
 *   said    (string words, CrmUndoStep *undo or NULL) something is worth a word */

void            crm_task_pane_set_settings    (CrmTaskPane    *self,
                                               GSettings      *settings);
void            crm_task_pane_set_session     (CrmTaskPane    *self,
                                               CrmSession     *session);
const CrmPlace *crm_task_pane_get_place       (CrmTaskPane    *self);
void            crm_task_pane_set_place       (CrmTaskPane    *self,
                                               const CrmPlace *place);
gint64          crm_task_pane_get_selected_id (CrmTaskPane    *self);
void            crm_task_pane_set_selected_id (CrmTaskPane    *self,
                                               gint64          local_id);
void            crm_task_pane_search          (CrmTaskPane    *self);
void            crm_task_pane_walk            (CrmTaskPane    *self,
                                               int             step);
void            crm_task_pane_go_on           (CrmTaskPane    *self);
void            crm_task_pane_clear_code      (CrmTaskPane    *self,
                                               gint64          code,
                                               CrmFieldId      field);
void            crm_task_pane_ask_anew        (CrmTaskPane    *self);
CrmTaskView    *crm_task_pane_get_view        (CrmTaskPane    *self);
CrmTaskQuery   *crm_task_pane_create_query    (CrmTaskPane    *self);

G_END_DECLS

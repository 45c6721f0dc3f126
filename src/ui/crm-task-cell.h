/* crm-task-cell.h: the cell with a task’s name and what there is to say of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_TASK_CELL (crm_task_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskCell, crm_task_cell, CRM, TASK_CELL, GtkWidget)

G_END_DECLS

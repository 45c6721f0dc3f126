/* crm-done-cell.h: whether a task is completed, to be ticked in its row
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "model/crm-task.h"

G_BEGIN_DECLS

#define CRM_TYPE_DONE_CELL (crm_done_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmDoneCell, crm_done_cell, CRM, DONE_CELL, GtkWidget)

/* Property "task" (CrmTask). Ticked, it activates the action "tasks.complete" with the local id, and whether. */

G_END_DECLS

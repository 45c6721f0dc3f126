/* crm-due-cell.h: the cell that says when a task is due
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_DUE_CELL (crm_due_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmDueCell, crm_due_cell, CRM, DUE_CELL, GtkWidget)

G_END_DECLS

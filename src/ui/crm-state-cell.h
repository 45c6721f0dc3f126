/* crm-state-cell.h: the cell that says where a task stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_STATE_CELL (crm_state_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmStateCell, crm_state_cell, CRM, STATE_CELL, GtkWidget)

G_END_DECLS

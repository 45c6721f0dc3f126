/* crm-text-cell.h: a cell of one line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_TEXT_CELL (crm_text_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmTextCell, crm_text_cell, CRM, TEXT_CELL, GtkWidget)

G_END_DECLS

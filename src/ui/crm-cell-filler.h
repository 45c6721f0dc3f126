/* crm-cell-filler.h: fills the cells of a table as they come into sight
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_CELL_FILLER (crm_cell_filler_get_type ())

G_DECLARE_FINAL_TYPE (CrmCellFiller, crm_cell_filler, CRM, CELL_FILLER, GObject)

CrmCellFiller *crm_cell_filler_new  (GtkColumnView *column_view,
                                     GtkWidget     *scroller);
void           crm_cell_filler_look (CrmCellFiller *self);

G_END_DECLS

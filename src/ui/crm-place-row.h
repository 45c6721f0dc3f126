/* crm-place-row.h: one place in the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-place.h"

G_BEGIN_DECLS

#define CRM_TYPE_PLACE_ROW (crm_place_row_get_type ())

G_DECLARE_FINAL_TYPE (CrmPlaceRow, crm_place_row, CRM, PLACE_ROW, GtkListBoxRow)

GtkWidget      *crm_place_row_new       (const CrmPlace *place);
const CrmPlace *crm_place_row_get_place (CrmPlaceRow    *self);
int             crm_place_row_get_width (CrmPlaceRow    *self);
void            crm_place_row_set_count (CrmPlaceRow    *self,
                                         gint64          count);
void            crm_place_row_set_header (GtkListBoxRow *row,
                                          GtkListBoxRow *before,
                                          gpointer       user_data);

G_END_DECLS

/* crm-column-sorter.h: a sorter that never sorts, and so tells which column was clicked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_COLUMN_SORTER (crm_column_sorter_get_type ())

G_DECLARE_FINAL_TYPE (CrmColumnSorter, crm_column_sorter, CRM, COLUMN_SORTER, GtkSorter)

const char *crm_column_sorter_get_key    (CrmColumnSorter *self);
gboolean    crm_column_sorter_take_asked (CrmColumnSorter *self);

G_END_DECLS

/* crm-column-keeper.h: which columns of the table are shown, and how wide
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_COLUMN_KEEPER (crm_column_keeper_get_type ())

G_DECLARE_FINAL_TYPE (CrmColumnKeeper, crm_column_keeper, CRM, COLUMN_KEEPER, GObject)

CrmColumnKeeper *crm_column_keeper_new          (GtkScrolledWindow   *scroller);
void             crm_column_keeper_add          (CrmColumnKeeper     *self,
                                                 GtkColumnViewColumn *column,
                                                 const char          *name,
                                                 gboolean             needed);
void             crm_column_keeper_set_settings (CrmColumnKeeper     *self,
                                                 GSettings           *settings);

G_END_DECLS

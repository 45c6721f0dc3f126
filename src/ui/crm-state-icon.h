/* crm-state-icon.h: the icon of a task's state
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_STATE_ICON (crm_state_icon_get_type ())

G_DECLARE_FINAL_TYPE (CrmStateIcon, crm_state_icon, CRM, STATE_ICON, GtkWidget)

void crm_state_icon_set_icon_name (CrmStateIcon *self,
                                   const char   *icon_name);

G_END_DECLS

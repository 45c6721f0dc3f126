/* crm-pane.h: a part of the window that is always as wide as it usually is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_PANE (crm_pane_get_type ())

G_DECLARE_FINAL_TYPE (CrmPane, crm_pane, CRM, PANE, GtkWidget)

/* Properties: "child", "usual-width" in pixels. */

G_END_DECLS

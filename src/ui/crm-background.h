/* crm-background.h: whether the program goes on when its window is closed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CRM_TYPE_BACKGROUND (crm_background_get_type ())

G_DECLARE_FINAL_TYPE (CrmBackground, crm_background, CRM, BACKGROUND, GObject)

/* Signals: "changed": crm_background_is_on() may answer otherwise; "refused" (words): what was wished for is not to be had,
 * and is off again. */

CrmBackground *crm_background_new   (GSettings     *settings,
                                     gboolean       sandboxed);
gboolean       crm_background_is_on (CrmBackground *self);

G_END_DECLS

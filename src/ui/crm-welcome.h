/* crm-welcome.h: what is offered at the first start
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CRM_TYPE_WELCOME (crm_welcome_get_type ())

G_DECLARE_FINAL_TYPE (CrmWelcome, crm_welcome, CRM, WELCOME, GtkWidget)

G_END_DECLS

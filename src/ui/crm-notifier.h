/* crm-notifier.h: says outside the window what the person should know
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-session.h"

G_BEGIN_DECLS

#define CRM_TYPE_NOTIFIER (crm_notifier_get_type ())

G_DECLARE_FINAL_TYPE (CrmNotifier, crm_notifier, CRM, NOTIFIER, GObject)

CrmNotifier *crm_notifier_new         (GApplication *application);
void         crm_notifier_set_session (CrmNotifier  *self,
                                       CrmSession   *session);
void         crm_notifier_set_window  (CrmNotifier  *self,
                                       GtkWindow    *window);
void         crm_notifier_say_waiting (CrmNotifier  *self,
                                       CrmSession   *session);

G_END_DECLS

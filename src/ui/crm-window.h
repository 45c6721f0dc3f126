/* crm-window.h: the main window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "ui/crm-session.h"

G_BEGIN_DECLS

#define CRM_TYPE_WINDOW (crm_window_get_type ())

G_DECLARE_FINAL_TYPE (CrmWindow, crm_window, CRM, WINDOW, AdwApplicationWindow)

/* Property "session" (CrmSession). Actions: "win.new-task", "win.sync-now", "win.search", "win.just-write",
 * "win.go" (the name of a place), "win.leave-task", "win.show-help-overlay". */

GtkWidget  *crm_window_new         (GtkApplication *application,
                                    GSettings      *settings);
CrmSession *crm_window_get_session (CrmWindow      *self);
void        crm_window_set_session (CrmWindow      *self,
                                    CrmSession     *session);
void        crm_window_show_trouble (CrmWindow     *self,
                                    const char     *words);
void        crm_window_show_task   (CrmWindow      *self,
                                    gint64          local_id);
void        crm_window_say         (CrmWindow      *self,
                                    const char     *words);

G_END_DECLS

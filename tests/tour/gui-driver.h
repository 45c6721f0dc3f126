/* gui-driver.h: drives the real window from inside its process
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "gui-desktop.h"
#include "practice/crm-practice-server.h"
#include "store/crm-store.h"
#include "ui/crm-application.h"
#include "ui/crm-window.h"

G_BEGIN_DECLS

typedef struct
{
  GtkApplication *application;
  char           *folder;  /* of this run's own, removed at its end; NULL: CRM_TASKS_GUI_FOLDER */
  GuiDesktop     *desktop;
  gint64          deadline; /* of the whole run; monotonic microseconds */
} GuiDriver;

typedef gboolean (*GuiCondition) (GuiDriver *driver,
                                  gpointer   data);

/* Runs @body inside the running application and returns what it returns, or 1 when time ran out. */
int         gui_driver_run          (const char  *args,
                                     guint        seconds,
                                     int        (*body) (GuiDriver *driver, gpointer data),
                                     gpointer     data);

void        gui_driver_remove_folder (const char *folder);
gboolean    gui_driver_wait         (GuiDriver   *self,
                                     GuiCondition condition,
                                     gpointer     data,
                                     const char  *words);
void        gui_driver_settle       (GuiDriver   *self);
CrmWindow  *gui_driver_get_window   (GuiDriver   *self);
CrmSession *gui_driver_get_session  (GuiDriver   *self);
CrmStore   *gui_driver_get_store    (GuiDriver   *self);
CrmPracticeServer *gui_driver_get_server (GuiDriver *self);
GtkWidget  *gui_driver_find         (GuiDriver   *self,
                                     const char  *id);
GtkWidget  *gui_driver_find_below   (GtkWidget   *widget,
                                     const char  *id);
gboolean    gui_driver_is_shown     (GuiDriver   *self,
                                     const char  *id);
void        gui_driver_type         (GuiDriver   *self,
                                     const char  *id,
                                     const char  *text);
void        gui_driver_choose       (GuiDriver   *self,
                                     const char  *id,
                                     guint        choice);
void        gui_driver_press        (GuiDriver   *self,
                                     const char  *id);
void        gui_driver_select       (GuiDriver   *self,
                                     gint64       local_id);
gboolean    gui_driver_wait_session (GuiDriver   *self);
gint64      gui_driver_wait_newest  (GuiDriver   *self,
                                     gint64       after);
gboolean    gui_driver_wait_state   (GuiDriver   *self,
                                     gint64       local_id,
                                     CrmSyncState state);
GtkWidget  *gui_driver_find_window  (GType        type);
GtkWidget  *gui_driver_wait_window  (GuiDriver   *self,
                                     GType        type);
GtkWidget  *gui_driver_find_mapped  (const char  *type);
GtkWidget  *gui_driver_find_question (void);
GtkWidget  *gui_driver_wait_question (GuiDriver  *self);
gboolean    gui_driver_answer       (GuiDriver   *self,
                                     const char  *label);
gboolean    gui_driver_picture      (GuiDriver   *self,
                                     GType        type,
                                     const char  *path);
void        gui_driver_resize       (GuiDriver   *self,
                                     int          width,
                                     int          height);

G_END_DECLS

/* gui-desktop.h: the desktop's side of notifications
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GuiDesktop GuiDesktop;

GuiDesktop *gui_desktop_new       (void);
void        gui_desktop_free      (GuiDesktop   *self);
const char *gui_desktop_get_title (GuiDesktop   *self,
                                   const char   *id);
void        gui_desktop_press     (GuiDesktop   *self,
                                   const char   *id,
                                   GActionGroup *application);
guint       gui_desktop_count     (GuiDesktop   *self);

G_END_DECLS

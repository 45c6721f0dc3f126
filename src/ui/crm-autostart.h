/* crm-autostart.h: whether the desktop starts the program when its person signs in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     crm_autostart_set_async  (gboolean              on,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
gboolean crm_autostart_set_finish (GAsyncResult         *result,
                                   GError              **error);

G_END_DECLS

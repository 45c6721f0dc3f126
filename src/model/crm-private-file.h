/* crm-private-file.h: folders and files for their owner alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean crm_private_folder_make (const char  *path,
                                  GError     **error);
gboolean crm_private_file_check  (const char  *path,
                                  GError     **error);

G_END_DECLS

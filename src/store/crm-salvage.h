/* crm-salvage.h: what can be read of a damaged database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *crm_salvage_name_aside (const char  *path,
                                  const char  *why);
void      crm_salvage_mark       (const char  *path);
void      crm_salvage_unmark     (const char  *path);
gboolean  crm_salvage_is_marked  (const char  *path);
void      crm_salvage_resume     (const char  *path);
char     *crm_salvage_run        (const char  *path,
                                  GError     **error);

G_END_DECLS

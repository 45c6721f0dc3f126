/* made-locale.h: locales that this machine may not have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean made_locale_use   (int         category,
                            const char *name,
                            const char *dir);
void     made_locale_leave (int         category,
                            const char *dir);

G_END_DECLS

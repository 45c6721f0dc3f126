/* crm-loopback.h: whether a host is this computer itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean crm_host_is_loopback (const char *host);

G_END_DECLS

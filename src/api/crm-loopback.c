/* crm-loopback.c: whether a host is this computer itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-loopback.h"

#include <gio/gio.h>

/**
 * crm_host_is_loopback:
 * @host: (nullable): a host's name or number, without brackets
 *
 * Nothing is looked up. Any thread.
 *
 * Returns: whether it is `localhost`, in 127.0.0.0/8, or ::1
 */
gboolean
crm_host_is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

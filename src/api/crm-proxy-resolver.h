/* crm-proxy-resolver.h: the system's proxies, but none to this computer itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CRM_TYPE_PROXY_RESOLVER (crm_proxy_resolver_get_type ())

G_DECLARE_FINAL_TYPE (CrmProxyResolver, crm_proxy_resolver, CRM, PROXY_RESOLVER, GObject)

GProxyResolver *crm_proxy_resolver_new (GProxyResolver *system);

G_END_DECLS

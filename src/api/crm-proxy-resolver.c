/* crm-proxy-resolver.c: the system's proxies, but none to this computer itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-proxy-resolver.h"

#include "api/crm-loopback.h"

/* Plain http is allowed to a loopback address because nobody else hears it: a proxy would. */
struct _CrmProxyResolver
{
  GObject parent_instance;

  GProxyResolver *system;
};

static void crm_proxy_resolver_iface_init (GProxyResolverInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CrmProxyResolver, crm_proxy_resolver, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, crm_proxy_resolver_iface_init))

static gboolean
is_direct (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && crm_host_is_loopback (g_uri_get_host (uri));
}

static GStrv
direct (void)
{
  const char *const proxies[] = { "direct://", NULL };

  return g_strdupv ((GStrv) proxies);
}

static void
lookup_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GStrv proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);

  if (proxies != NULL)
    g_task_return_pointer (task, proxies, (GDestroyNotify) g_strfreev);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
crm_proxy_resolver_is_supported (GProxyResolver *resolver)
{
  return g_proxy_resolver_is_supported (CRM_PROXY_RESOLVER (resolver)->system);
}

static GStrv
crm_proxy_resolver_lookup (GProxyResolver  *resolver,
                           const char      *uri,
                           GCancellable    *cancellable,
                           GError         **error)
{
  if (is_direct (uri))
    return direct ();

  return g_proxy_resolver_lookup (CRM_PROXY_RESOLVER (resolver)->system, uri, cancellable, error);
}

static void
crm_proxy_resolver_lookup_async (GProxyResolver      *resolver,
                                 const char          *uri,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_set_source_tag (task, crm_proxy_resolver_lookup_async);

  if (is_direct (uri))
    g_task_return_pointer (task, direct (), (GDestroyNotify) g_strfreev);
  else
    g_proxy_resolver_lookup_async (CRM_PROXY_RESOLVER (resolver)->system, uri, cancellable, lookup_cb,
                                   g_steal_pointer (&task));
}

static GStrv
crm_proxy_resolver_lookup_finish (GProxyResolver  *resolver,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
crm_proxy_resolver_dispose (GObject *object)
{
  g_clear_object (&CRM_PROXY_RESOLVER (object)->system);

  G_OBJECT_CLASS (crm_proxy_resolver_parent_class)->dispose (object);
}

static void
crm_proxy_resolver_iface_init (GProxyResolverInterface *iface)
{
  iface->is_supported = crm_proxy_resolver_is_supported;
  iface->lookup = crm_proxy_resolver_lookup;
  iface->lookup_async = crm_proxy_resolver_lookup_async;
  iface->lookup_finish = crm_proxy_resolver_lookup_finish;
}

static void
crm_proxy_resolver_class_init (CrmProxyResolverClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_proxy_resolver_dispose;
}

static void
crm_proxy_resolver_init (CrmProxyResolver *self)
{
}

/**
 * crm_proxy_resolver_new:
 * @system: what to ask for any other host, as a rule g_proxy_resolver_get_default()
 *
 * Returns: (transfer full): a resolver that names no proxy for this computer itself
 */
GProxyResolver *
crm_proxy_resolver_new (GProxyResolver *system)
{
  CrmProxyResolver *self;

  g_return_val_if_fail (G_IS_PROXY_RESOLVER (system), NULL);

  self = g_object_new (CRM_TYPE_PROXY_RESOLVER, NULL);
  self->system = g_object_ref (system);

  return G_PROXY_RESOLVER (self);
}

/* mock-portal.c: a desktop's Background portal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "mock-portal.h"

#define NAME "org.freedesktop.portal.Desktop"
#define PATH "/org/freedesktop/portal/desktop"

static const char introspection[] =
    "<node><interface name='org.freedesktop.portal.Background'>"
    "<method name='RequestBackground'>"
    "<arg type='s' direction='in'/><arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
    "</interface></node>";

struct _MockPortal
{
  GDBusConnection *connection;
  gboolean         background; /* what it answers */
  gboolean         autostart;
  guint            n_requests; /* that were answered */
  gboolean         asked_autostart; /* what was asked last */
  char            *command;
};

static void
on_call (GDBusConnection       *connection,
         const char            *sender,
         const char            *object_path,
         const char            *interface_name,
         const char            *method_name,
         GVariant              *parameters,
         GDBusMethodInvocation *invocation,
         gpointer               user_data)
{
  MockPortal *self = user_data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree char *peer = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree const char **command = NULL;
  g_autofree char *path = NULL;
  const char *token;
  GVariantBuilder results;

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &self->asked_autostart));
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  g_free (self->command);
  self->command = g_strjoinv (" ", (char **) command);

  path = g_strconcat (PATH "/request/", peer, "/", token, NULL);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", path));

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "background", g_variant_new_boolean (self->background));
  g_variant_builder_add (&results, "{sv}", "autostart", g_variant_new_boolean (self->autostart && self->asked_autostart));
  g_dbus_connection_emit_signal (connection, sender, path, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", self->background ? 0 : 1, &results), NULL);
  self->n_requests++;
}

/* On the session bus the test runs in */
MockPortal *
mock_portal_new (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  MockPortal *self = g_new0 (MockPortal, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) owned = NULL;

  self->connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
  g_assert_nonnull (self->connection);
  g_dbus_connection_register_object (self->connection, PATH, node->interfaces[0], &vtable, self, NULL, NULL);
  owned = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", NAME, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (owned);

  return self;
}

void
mock_portal_free (MockPortal *self)
{
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  g_free (self->command);
  g_free (self);
}

void
mock_portal_set_answer (MockPortal *self,
                        gboolean    background,
                        gboolean    autostart)
{
  self->background = background;
  self->autostart = autostart;
}

void
mock_portal_wait (MockPortal *self,
                  guint       n_requests)
{
  while (self->n_requests < n_requests)
    g_main_context_iteration (NULL, TRUE);
}

gboolean
mock_portal_get_autostart (MockPortal *self)
{
  return self->asked_autostart;
}

const char *
mock_portal_get_command (MockPortal *self)
{
  return self->command;
}

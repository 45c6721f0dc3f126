/* gui-desktop.c: the desktop's side of notifications
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "gui-desktop.h"

#include <string.h>

static const char introspection[] =
    "<node><interface name='org.gtk.Notifications'>"
    "<method name='AddNotification'>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/></method>"
    "<method name='RemoveNotification'><arg type='s' direction='in'/><arg type='s' direction='in'/></method>"
    "</interface></node>";

struct _GuiDesktop
{
  GDBusConnection *connection; /* NULL: there is no session bus */
  GHashTable      *shown;      /* id → GVariant of what is shown */
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
  GuiDesktop *self = user_data;
  g_autoptr (GVariant) notification = NULL;
  const char *id;

  if (g_str_equal (method_name, "AddNotification"))
    {
      g_variant_get (parameters, "(&s&s@a{sv})", NULL, &id, &notification);
      g_hash_table_replace (self->shown, g_strdup (id), g_steal_pointer (&notification));
    }
  else
    {
      g_variant_get (parameters, "(&s&s)", NULL, &id);
      g_hash_table_remove (self->shown, id);
    }
  g_dbus_method_invocation_return_value (invocation, NULL);
}

/* Of this process's own, on the session bus the tests run in. */
GuiDesktop *
gui_desktop_new (void)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  GuiDesktop *self = g_new0 (GuiDesktop, 1);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (introspection, NULL);
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) owned = NULL;

  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  if (address == NULL)
    return self;

  self->connection = g_dbus_connection_new_for_address_sync (
      address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION, NULL, NULL, NULL);
  if (self->connection == NULL)
    return self;

  g_dbus_connection_register_object (self->connection, "/org/gtk/Notifications", node->interfaces[0], &vtable, self, NULL, NULL);
  owned = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.gtk.Notifications", 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
                                       NULL, NULL);

  return self;
}

void
gui_desktop_free (GuiDesktop *self)
{
  if (self->connection != NULL)
    g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_hash_table_unref (self->shown);
  g_free (self);
}

/* NULL: no such notification is shown. */
const char *
gui_desktop_get_title (GuiDesktop *self,
                       const char *id)
{
  GVariant *notification = g_hash_table_lookup (self->shown, id);
  const char *title = NULL;

  if (notification != NULL)
    g_variant_lookup (notification, "title", "&s", &title);

  return title;
}

/* What the desktop does when somebody presses it */
void
gui_desktop_press (GuiDesktop   *self,
                   const char   *id,
                   GActionGroup *application)
{
  GVariant *notification = g_hash_table_lookup (self->shown, id);
  g_autoptr (GVariant) target = NULL;
  const char *action;

  g_assert_nonnull (notification);
  g_assert_true (g_variant_lookup (notification, "default-action", "&s", &action));
  g_assert_true (g_str_has_prefix (action, "app."));
  target = g_variant_lookup_value (notification, "default-action-target", NULL);
  g_action_group_activate_action (application, action + strlen ("app."), target);
}

guint
gui_desktop_count (GuiDesktop *self)
{
  return g_hash_table_size (self->shown);
}

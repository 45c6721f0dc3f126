/* crm-background-portal.c: asks the desktop whether a sandboxed program may go on without a window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-background-portal.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

/* What org.freedesktop.portal.Request::Response begins with. */
#define RESPONSE_GRANTED 0

typedef struct
{
  GDBusConnection *connection;
  guint            response_id; /* what listens to the answer; 0: nothing any more */
  gboolean         starts;
} Request;

static void
request_free (Request *self)
{
  if (self->response_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->response_id);
  g_clear_object (&self->connection);
  g_free (self);
}

static void
response_cb (GDBusConnection *connection,
             const char      *sender,
             const char      *path,
             const char      *interface,
             const char      *signal,
             GVariant        *parameters,
             gpointer         user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Request *self = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  gboolean allowed = FALSE;
  guint response = RESPONSE_GRANTED + 1;

  g_dbus_connection_signal_unsubscribe (connection, self->response_id);
  self->response_id = 0;
  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      g_variant_get (parameters, "(u@a{sv})", &response, &results);
      g_variant_lookup (results, "background", "b", &allowed);
      g_variant_lookup (results, "autostart", "b", &self->starts);
    }

  if (response == RESPONSE_GRANTED && allowed)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_REFUSED,
                             _("The desktop does not allow CRM Tasks to go on without a window. Its settings for this app may say so."));
}

/* By a path known before the portal answers, or the answer could come too early to be heard. */
static char *
listen (Request *self,
        GTask   *task)
{
  g_autofree char *token = g_strdup_printf ("crm_tasks_%u", g_random_int ());
  g_autofree char *sender = g_strdelimit (g_strdup (g_dbus_connection_get_unique_name (self->connection) + 1), ".", '_');
  g_autofree char *path = g_strconcat (PORTAL_PATH "/request/", sender, "/", token, NULL);

  self->response_id = g_dbus_connection_signal_subscribe (self->connection, PORTAL, "org.freedesktop.portal.Request",
                                                          "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                          response_cb, g_object_ref (task), g_object_unref);

  return g_steal_pointer (&token);
}

static void
called_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) handle = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (handle != NULL)
    return;

  if (self->response_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->response_id);
  self->response_id = 0;
  g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_REFUSED,
                           _("The desktop can’t be asked whether CRM Tasks may go on without a window: %s"), error->message);
}

static void
bus_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  static const char *const command[] = { "crm-tasks", "--gapplication-service", NULL };

  g_autoptr (GTask) task = user_data;
  Request *self = g_task_get_task_data (task);
  g_autofree char *token = NULL;
  GError *error = NULL;
  GVariantBuilder options;

  self->connection = g_bus_get_finish (result, &error);
  if (self->connection == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  token = listen (self, task);
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason",
                         g_variant_new_string (_("Tasks that wait are sent to the CRM while no window is open.")));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (self->starts));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command, -1));
  g_variant_builder_add (&options, "{sv}", "dbus-activatable", g_variant_new_boolean (FALSE));

  self->starts = FALSE;
  g_dbus_connection_call (self->connection, PORTAL, PORTAL_PATH, "org.freedesktop.portal.Background", "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          NULL, called_cb, g_object_ref (task));
}

/**
 * crm_background_portal_request_async:
 * @starts: whether the program is to be started, without a window, when the person signs in
 * @callback: called when the desktop, or the person, has answered
 * @user_data: given to @callback
 *
 * Asks org.freedesktop.portal.Background; that may show a question. Without @starts, what was asked for earlier about
 * signing in is taken back. Main thread.
 */
void
crm_background_portal_request_async (gboolean             starts,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->starts = starts;
  g_task_set_source_tag (task, crm_background_portal_request_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  g_bus_get (G_BUS_TYPE_SESSION, NULL, bus_cb, g_steal_pointer (&task));
}

/**
 * crm_background_portal_request_finish:
 * @result: what the callback was given
 * @starts: (out) (optional): whether the program will be started when the person signs in
 * @error: why it may not go on, in words
 *
 * Returns: whether the program may go on without a window
 */
gboolean
crm_background_portal_request_finish (GAsyncResult  *result,
                                      gboolean      *starts,
                                      GError       **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  if (starts != NULL)
    *starts = request->starts;

  return g_task_propagate_boolean (G_TASK (result), error);
}

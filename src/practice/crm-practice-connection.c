/* crm-practice-connection.c: the end of a client's connection, which SoupServer does not see to
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-server-private.h"

#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

/* A SoupServer (libsoup 3.2) that listens by itself loses a reference to every socket it accepts, and one that reads the
 * end of an idle connection leaves its side open for ever: after a thousand clients there would be no descriptor left.
 * So connections are accepted here and handed over, and watched until the client hangs up. The socket's watch is tied
 * to the address, the one thing that a message has in common with its connection. */
#define CONNECTION_DATA "crm-practice-connection"

typedef struct
{
  GSocket           *socket;
  GSource           *watch;
  SoupServerMessage *message;
  gboolean           answering;
  gboolean           hung_up;
} Connection;

static void
connection_free (gpointer data)
{
  Connection *self = data;

  g_source_destroy (self->watch);
  g_source_unref (self->watch);
  g_clear_weak_pointer (&self->message);
  g_object_unref (self->socket);
  g_free (self);
}

static Connection *
get_connection (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return remote != NULL ? g_object_get_data (G_OBJECT (remote), CONNECTION_DATA) : NULL;
}

static void
on_closed (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
}

static gboolean
on_idle_close (gpointer user_data)
{
  g_socket_close (user_data, NULL);
  return G_SOURCE_REMOVE;
}

static void
close_later (GSocket *socket)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_idle_close, g_object_ref (socket), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static gboolean
on_hung_up (int          fd,
            GIOCondition condition,
            gpointer     user_data)
{
  Connection *self = user_data;
  g_autoptr (GSocket) socket = g_object_ref (self->socket);
  g_autoptr (GIOStream) stream = NULL;

  self->hung_up = TRUE;
  if (self->answering || g_socket_is_closed (socket))
    return G_SOURCE_REMOVE;

  /* This may free the connection. */
  if (self->message != NULL)
    stream = soup_server_message_steal_connection (self->message);
  if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, on_closed, NULL);
  else
    g_socket_close (socket, NULL);

  return G_SOURCE_REMOVE;
}

/**
 * crm_practice_connection_accept:
 * @server: a server
 * @connection: a connection that was accepted
 *
 * Hands @connection over to the server's SoupServer.
 */
void
crm_practice_connection_accept (CrmPracticeServer *server,
                                GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  GSocket *socket = g_socket_connection_get_socket (connection);
  Connection *self;

  if (local == NULL || remote == NULL)
    return;

  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);

  self = g_new0 (Connection, 1);
  self->socket = g_object_ref (socket);
  self->watch = g_unix_fd_source_new (g_socket_get_fd (socket), (GIOCondition) POLLRDHUP);
  g_source_set_callback (self->watch, G_SOURCE_FUNC (on_hung_up), self, NULL);
  g_source_set_priority (self->watch, G_PRIORITY_HIGH);
  g_source_attach (self->watch, server->context);

  g_object_set_data_full (G_OBJECT (remote), CONNECTION_DATA, self, connection_free);
  soup_server_accept_iostream (server->soup, G_IO_STREAM (connection), local, remote, NULL);
}

/**
 * crm_practice_connection_expect:
 * @message: a request that is still to be read
 *
 * Notes which request holds the connection.
 */
void
crm_practice_connection_expect (SoupServerMessage *message)
{
  Connection *self = get_connection (message);

  if (self == NULL)
    return;

  g_set_weak_pointer (&self->message, message);
}

/**
 * crm_practice_connection_finish:
 * @message: a request that was answered
 *
 * Nothing is owed on its connection any more.
 */
void
crm_practice_connection_finish (SoupServerMessage *message)
{
  Connection *self = get_connection (message);

  if (self == NULL)
    return;

  self->answering = FALSE;
  if (self->hung_up)
    close_later (self->socket);
}

/**
 * crm_practice_connection_answer:
 * @message: a request that was read
 *
 * Notes that the client is owed an answer: it may have closed its side meanwhile.
 */
void
crm_practice_connection_answer (SoupServerMessage *message)
{
  Connection *self = get_connection (message);

  if (self != NULL)
    self->answering = TRUE;
}

/**
 * crm_practice_connection_get_socket:
 * @message: a request
 *
 * Returns: (transfer none) (nullable): the socket it came through
 */
GSocket *
crm_practice_connection_get_socket (SoupServerMessage *message)
{
  Connection *self = get_connection (message);

  return self != NULL ? self->socket : NULL;
}

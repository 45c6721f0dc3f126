/* raw-server.c: a server that answers with any bytes, or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "raw-server.h"

#include <string.h>

typedef struct
{
  RawServer         *server;
  GSocketConnection *connection;
  GString           *received;
  RawEnd             end;
  char               buffer[8192];
} Peer;

static void read_more (Peer *peer);

static void
peer_free (Peer *peer)
{
  peer->server->n_open--;
  g_io_stream_close (G_IO_STREAM (peer->connection), NULL, NULL);
  g_object_unref (peer->connection);
  g_string_free (peer->received, TRUE);
  g_free (peer);
}

static const RawAnswer *
next_answer (RawServer *self)
{
  return &self->answers[MIN (self->requests->len + self->n_slammed, self->n_answers - 1)];
}

/* The length of the request that is there whole; 0: it isn't yet. */
static gsize
request_length (GString *received)
{
  const char *head_end = strstr (received->str, "\r\n\r\n");
  const char *field;
  gsize length;

  if (head_end == NULL)
    return 0;

  length = head_end - received->str + 4;
  field = strstr (received->str, "Content-Length: ");
  if (field != NULL && field < head_end)
    length += g_ascii_strtoull (field + strlen ("Content-Length: "), NULL, 10);

  return received->len >= length ? length : 0;
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Peer *peer = user_data;
  gboolean all = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  if (!all)
    peer->server->n_closed++;

  if (all && peer->end == RAW_KEEP)
    read_more (peer);
  else
    peer_free (peer);
}

static void
answer (Peer  *peer,
        gsize  length)
{
  RawServer *self = peer->server;
  const RawAnswer *next = next_answer (self);

  g_ptr_array_add (self->requests, g_strndup (peer->received->str, length));
  g_string_erase (peer->received, 0, length);
  if (self->seen != NULL)
    self->seen (self, self->seen_data);

  peer->end = next->end;
  if (next->end == RAW_SILENT)
    read_more (peer);
  else if (next->bytes == NULL)
    peer_free (peer);
  else
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (peer->connection)),
                                     next->bytes, next->size >= 0 ? (gsize) next->size : strlen (next->bytes),
                                     G_PRIORITY_DEFAULT, NULL, written_cb, peer);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Peer *peer = user_data;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  gsize length;

  if (size <= 0)
    {
      peer->server->n_closed++;
      peer_free (peer);
      return;
    }

  g_string_append_len (peer->received, peer->buffer, size);
  length = request_length (peer->received);
  if (length > 0)
    answer (peer, length);
  else
    read_more (peer);
}

static gboolean
slam_cb (GSocket      *socket,
         GIOCondition  condition,
         gpointer      user_data)
{
  Peer *peer = user_data;

  peer->server->n_slammed++;
  if (peer->server->seen != NULL)
    peer->server->seen (peer->server, peer->server->seen_data);
  peer_free (peer);

  return G_SOURCE_REMOVE;
}

static void
read_more (Peer *peer)
{
  if (next_answer (peer->server)->end == RAW_SLAM)
    {
      GSocket *socket = g_socket_connection_get_socket (peer->connection);
      g_autoptr (GSource) source = g_socket_create_source (socket, G_IO_IN, NULL);

      g_source_set_callback (source, G_SOURCE_FUNC (slam_cb), peer, NULL);
      g_source_attach (source, NULL);
      return;
    }

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (peer->connection)), peer->buffer,
                             sizeof peer->buffer, G_PRIORITY_DEFAULT, NULL, read_cb, peer);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source,
             gpointer           user_data)
{
  RawServer *self = user_data;
  Peer *peer = g_new0 (Peer, 1);

  self->n_connections++;
  self->n_open++;
  peer->server = self;
  peer->connection = g_object_ref (connection);
  peer->received = g_string_new (NULL);
  read_more (peer);

  return TRUE;
}

RawServer *
raw_server_new (const RawAnswer *answers,
                guint            n_answers)
{
  RawServer *self = g_new0 (RawServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  self->answers = answers;
  self->n_answers = n_answers;
  self->requests = g_ptr_array_new_with_free_func (g_free);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/api/1.0/crm?action=addOrUpdateTask",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  return self;
}

/* The client must have let go of its connections. */
void
raw_server_free (RawServer *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (self->n_open > 0)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (self->service);
  g_ptr_array_unref (self->requests);
  g_free (self->url);
  g_free (self);
}

/* How many requests with this body were received. */
guint
raw_server_count (RawServer  *self,
                  const char *body)
{
  guint count = 0;

  for (guint i = 0; i < self->requests->len; i++)
    if (g_str_has_suffix (self->requests->pdata[i], body))
      count++;

  return count;
}

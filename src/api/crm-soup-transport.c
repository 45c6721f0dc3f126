/* crm-soup-transport.c: the transport that talks HTTP through libsoup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-soup-transport.h"

#include "api/crm-proxy-resolver.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#define MAX_REPLY_SIZE (1024 * 1024)
#define FIRST_READ_SIZE 2048 /* as much as most answers have */
#define READ_SIZE (32 * 1024)
#define TIMEOUT_MS 30000
#define MAX_CONNECTIONS 40
#define MAX_INFORMATIONAL 32
#define AUTHORITIES_VARIABLE "CRM_TASKS_CA_FILE"

/* A connection that the server is about to close makes an add ambiguous: none is kept for long. */
#define IDLE_SECONDS 4

struct _CrmSoupTransport
{
  GObject parent_instance;

  SoupSession *session;
  guint        timeout_ms;
  char        *trouble; /* why nothing can be sent; NULL: nothing is known against it */
  char        *last_url;
  GUri        *last_uri;
  GQueue       timed; /* of Exchange, the one whose time is up first at the head */
  GSource     *timer; /* one for all: it may go off when nothing is due any more */
};

/* Why we ourselves gave a request up. */
typedef enum
{
  STOPPED_NOT,
  STOPPED_TIMEOUT,
  STOPPED_CALLED_OFF,
  STOPPED_TOO_BIG,
  STOPPED_CUT_SHORT,
  STOPPED_REPEATED,
  STOPPED_PUT_OFF,
  STOPPED_OVERHEARD,
} Stopped;

typedef struct
{
  CrmSoupTransport *transport; /* while its time runs */
  GList         link;
  gint64        deadline;    /* monotonic */
  SoupMessage  *message;
  GCancellable *cancellable; /* our own: the timer and the caller's cancel it */
  GSource      *called_off;
  GInputStream *stream;
  GByteArray   *bytes;
  gulong        starting;
  gulong        informational;
  guint         timeout_ms;
  guint         n_informational;
  gboolean      written;
  Stopped       stopped;
} Exchange;

static void crm_soup_transport_iface_init (CrmTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CrmSoupTransport, crm_soup_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CRM_TYPE_TRANSPORT, crm_soup_transport_iface_init))

static gboolean readable_cb (GObject  *stream,
                             gpointer  user_data);

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
end_time (Exchange *self)
{
  if (self->transport != NULL)
    g_queue_unlink (&self->transport->timed, &self->link);
  self->transport = NULL;
}

static void
exchange_free (Exchange *self)
{
  end_time (self);
  clear_source (&self->called_off);
  g_clear_object (&self->stream);
  if (self->message != NULL)
    {
      g_clear_signal_handler (&self->starting, self->message);
      g_clear_signal_handler (&self->informational, self->message);
    }
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->bytes, g_byte_array_unref);
  g_free (self);
}

static void
exchange_stop (Exchange *self,
               Stopped   why)
{
  if (self->stopped == STOPPED_NOT)
    self->stopped = why;
  g_cancellable_cancel (self->cancellable);
}

static char *
describe_stop (const Exchange *self)
{
  switch (self->stopped)
    {
    case STOPPED_TIMEOUT:
      {
        guint seconds = (self->timeout_ms + 999) / 1000;

        return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "No answer within %u second",
                                             "No answer within %u seconds", seconds),
                                seconds);
      }
    case STOPPED_CALLED_OFF:
      return g_strdup (_("The request was called off"));
    case STOPPED_TOO_BIG:
      return g_strdup (_("The server answered with more than 1 MiB"));
    case STOPPED_CUT_SHORT:
      return g_strdup (_("The connection ended in the middle of the answer"));
    case STOPPED_REPEATED:
      return g_strdup (_("The connection was lost, and the request is not sent twice"));
    case STOPPED_PUT_OFF:
      return g_strdup (_("The server announced its answer again and again, and gave none"));
    case STOPPED_OVERHEARD:
      return g_strdup_printf (_("Plain http is for this computer itself only, and %s leads elsewhere. Use https"),
                              g_uri_get_host (soup_message_get_uri (self->message)));
    case STOPPED_NOT:
    default:
      g_assert_not_reached ();
    }
}

static gboolean
is_self_signed (GTlsCertificate *certificate)
{
  g_autofree char *issuer = certificate != NULL ? g_tls_certificate_get_issuer_name (certificate) : NULL;
  g_autofree char *subject = certificate != NULL ? g_tls_certificate_get_subject_name (certificate) : NULL;

  return issuer != NULL && g_strcmp0 (issuer, subject) == 0;
}

static char *
describe_certificate (GTlsCertificate      *certificate,
                      GTlsCertificateFlags  flags)
{
  const char *reasons[6] = { NULL };
  guint n = 0;

  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    /* Translators: this and the other reasons stand behind “The server’s certificate is not trusted:”; “it” is the certificate */
    reasons[n++] = _("it belongs to another host");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    reasons[n++] = _("it has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    reasons[n++] = _("it is not valid yet");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    reasons[n++] = _("it was revoked");
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    reasons[n++] = is_self_signed (certificate) ? _("it was signed by nobody but itself")
                                                : _("it was not signed by an authority that this computer knows");
  if (n == 0)
    reasons[n++] = _("it is not safe");

  return g_strjoinv (C_("between the parts of a list", ", "), (GStrv) reasons);
}

static char *
describe_proxy (const GError *error)
{
  switch (error->code)
    {
    case G_IO_ERROR_PROXY_NEED_AUTH:
      return g_strdup (_("The proxy asks for a name and a password; give them in the system’s network settings"));
    case G_IO_ERROR_PROXY_AUTH_FAILED:
      return g_strdup (_("The proxy does not accept the name and password of the system’s network settings"));
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return g_strdup (_("The proxy does not allow a connection to this address"));
    case G_IO_ERROR_PROXY_FAILED:
      return g_strdup_printf (_("The proxy of the system’s network settings could not be used: %s"), error->message);
    default:
      return NULL;
    }
}

static char *
describe_error (const Exchange *self,
                const GError   *error)
{
  const char *host = g_uri_get_host (soup_message_get_uri (self->message));
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (self->message);
  char *proxy;

  if (self->written)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)
          || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        return g_strdup (_("The connection ended before the whole answer was there"));
      return g_strdup_printf (_("The connection was lost: %s"), error->message);
    }

  if (error->domain == G_RESOLVER_ERROR)
    return g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE)
               ? g_strdup_printf (_("There is no network, or it does not answer what host this is: %s"), host)
               : g_strdup_printf (_("No such host: %s"), host);
  if (error->domain == G_TLS_ERROR && flags != 0)
    {
      g_autofree char *reason =
          describe_certificate (soup_message_get_tls_peer_certificate (self->message), flags);

      return g_strdup_printf (_("The server’s certificate is not trusted: %s"), reason);
    }
  if (error->domain == G_TLS_ERROR)
    return g_strdup_printf (_("No secure connection could be made: %s"), error->message);
  if (error->domain == G_IO_ERROR && (proxy = describe_proxy (error)) != NULL)
    return proxy;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return g_strdup_printf (_("Connection refused: %s"), host);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return g_strdup_printf (_("There is no network connection to %s"), host);

  return g_strdup_printf (_("No connection could be made: %s"), error->message);
}

/* Takes @task; @error: NULL if we stopped the exchange. */
static void
fail (GTask        *task,
      const GError *error)
{
  Exchange *self = g_task_get_task_data (task);
  g_autofree char *words = self->stopped != STOPPED_NOT ? describe_stop (self) : describe_error (self, error);

  end_time (self);
  clear_source (&self->called_off);

  /* Without its body read to the end, closing drops the connection; nothing is waited for. */
  if (self->stream != NULL)
    g_input_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  g_task_return_new_error (task, CRM_TRANSPORT_ERROR,
                           self->written ? CRM_TRANSPORT_ERROR_CUT_OFF : CRM_TRANSPORT_ERROR_NOT_SENT, "%s",
                           words);
  g_object_unref (task);
}

/* libsoup 3.2 takes two ends of a connection for the end of a body: in a body with Content-Length under
 * `Connection: close`, and between the chunks of a chunked one. The second shows only in that fewer bytes
 * came than the body, the line with its size and the last chunk need, which is exact for a body of one
 * chunk. */
static gboolean
is_cut_short (const Exchange *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  SoupStatus status = soup_message_get_status (self->message);
  guint64 size = self->bytes->len;
  guint64 least = size + strlen ("0\r\n\r\n");

  if (status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED)
    return FALSE;

  switch (soup_message_headers_get_encoding (headers))
    {
    case SOUP_ENCODING_CONTENT_LENGTH:
      return size < (guint64) soup_message_headers_get_content_length (headers);

    case SOUP_ENCODING_CHUNKED:
      if (soup_message_get_http_version (self->message) > SOUP_HTTP_1_1)
        return FALSE;
      if (size > 0)
        {
          least += strlen ("\r\n\r\n");
          for (guint64 rest = size; rest > 0; rest /= 16)
            least++;
        }
      return soup_message_metrics_get_response_body_bytes_received (
                 soup_message_get_metrics (self->message)) < least;

    case SOUP_ENCODING_UNRECOGNIZED:
    case SOUP_ENCODING_NONE:
    case SOUP_ENCODING_EOF:
    case SOUP_ENCODING_BYTERANGES:
    default:
      return FALSE;
    }
}

/* Takes @task. */
static void
succeed (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);
  CrmTransportReply *reply;

  if (is_cut_short (self))
    {
      self->stopped = STOPPED_CUT_SHORT;
      fail (task, NULL);
      return;
    }

  end_time (self);
  clear_source (&self->called_off);
  /* Read to its end, it has nothing to wait for. */
  g_input_stream_close (self->stream, NULL, NULL);

  reply = crm_transport_reply_new ();
  reply->status = soup_message_get_status (self->message);
  reply->content_type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
  reply->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  reply->date = g_strdup (soup_message_headers_get_one (headers, "Date"));
  reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&self->bytes));

  g_task_return_pointer (task, reply, (GDestroyNotify) crm_transport_reply_free);
  g_object_unref (task);
}

/* Takes @task. What is there already, which mostly is the whole answer, is read at once. */
static void
read_more (GTask *task)
{
  Exchange *self = g_task_get_task_data (task);
  GPollableInputStream *stream = G_POLLABLE_INPUT_STREAM (self->stream);

  for (gsize room = FIRST_READ_SIZE;;)
    {
      g_autoptr (GError) error = NULL;
      guint had = self->bytes->len;
      gssize size;

      g_byte_array_set_size (self->bytes, (guint) (had + room));
      size = g_pollable_input_stream_read_nonblocking (stream, self->bytes->data + had, room, self->cancellable, &error);
      g_byte_array_set_size (self->bytes, (guint) (had + MAX (size, 0)));

      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_autoptr (GSource) source = g_pollable_input_stream_create_source (stream, self->cancellable);

          g_source_set_callback (source, G_SOURCE_FUNC (readable_cb), task, NULL);
          g_source_attach (source, g_main_context_get_thread_default ());
          return;
        }
      if (size < 0)
        {
          fail (task, error);
          return;
        }
      if (size == 0)
        {
          succeed (task);
          return;
        }
      if (self->bytes->len > MAX_REPLY_SIZE)
        {
          self->stopped = STOPPED_TOO_BIG;
          fail (task, NULL);
          return;
        }
      if (size == (gssize) room)
        room = READ_SIZE;
    }
}

static gboolean
readable_cb (GObject  *stream,
             gpointer  user_data)
{
  read_more (user_data);

  return G_SOURCE_REMOVE;
}

/* What answers without having been asked stands in between: a proxy that did not open its tunnel. */
static GError *
describe_tunnel (const Exchange *self)
{
  guint status = soup_message_get_status (self->message);

  switch (status)
    {
    case SOUP_STATUS_PROXY_UNAUTHORIZED:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH, "");
    case SOUP_STATUS_FORBIDDEN:
      return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED, "");
    default:
      /* Translators: “it” is the proxy; stands behind “could not be used:” */
      return g_error_new (G_IO_ERROR, G_IO_ERROR_PROXY_FAILED, _("it answered with status %u"), status);
    }
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GTask *task = user_data;
  Exchange *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (self->stream != NULL && self->stopped == STOPPED_NOT && !self->written)
    error = describe_tunnel (self);

  if (error != NULL || self->stream == NULL || self->stopped != STOPPED_NOT)
    fail (task, error);
  else
    read_more (task);
}

/* A name such as localhost is looked up like any other, and may lead anywhere. */
static gboolean
is_overheard (SoupMessage *message)
{
  GSocketAddress *address = soup_message_get_remote_address (message);

  return strcmp (g_uri_get_scheme (soup_message_get_uri (message)), "http") == 0 &&
         !(G_IS_INET_SOCKET_ADDRESS (address) &&
           g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))));
}

/* Emitted when there is a connection, after its name was looked up and TLS is agreed on, right before the
 * request is written to it; once more for each time that libsoup would write it again. */
static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  Exchange *self = user_data;

  if (is_overheard (message))
    {
      exchange_stop (self, STOPPED_OVERHEARD);
      return;
    }

  if (self->written)
    exchange_stop (self, STOPPED_REPEATED);
  self->written = TRUE;
}

/* libsoup reads on from one “100 Continue” to the next without a turn of the main loop, so that no timer would ever end
 * a flood of them. */
static void
informational_cb (SoupMessage *message,
                  gpointer     user_data)
{
  Exchange *self = user_data;

  if (++self->n_informational > MAX_INFORMATIONAL)
    exchange_stop (self, STOPPED_PUT_OFF);
}

static gboolean
timeout_cb (gpointer user_data)
{
  CrmSoupTransport *self = user_data;
  gint64 now = g_get_monotonic_time ();
  Exchange *first;

  while ((first = g_queue_peek_head (&self->timed)) != NULL && first->deadline <= now)
    {
      end_time (first);
      exchange_stop (first, STOPPED_TIMEOUT);
    }
  g_source_set_ready_time (self->timer, first != NULL ? first->deadline : -1);

  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource     *source,
                GSourceFunc  callback,
                gpointer     user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_funcs = { .dispatch = dispatch_timer };

static void
begin_time (CrmSoupTransport *self,
            Exchange         *exchange)
{
  GList *before = self->timed.tail;
  gint64 armed;

  exchange->transport = self;
  exchange->deadline = g_get_monotonic_time () + exchange->timeout_ms * G_TIME_SPAN_MILLISECOND;
  exchange->link.data = exchange;
  while (before != NULL && ((Exchange *) before->data)->deadline > exchange->deadline)
    before = before->prev;
  if (before != NULL)
    g_queue_insert_after_link (&self->timed, before, &exchange->link);
  else
    g_queue_push_head_link (&self->timed, &exchange->link);

  if (self->timer == NULL)
    {
      self->timer = g_source_new (&timer_funcs, sizeof (GSource));
      g_source_set_callback (self->timer, timeout_cb, self, NULL);
      g_source_attach (self->timer, g_main_context_get_thread_default ());
    }
  armed = g_source_get_ready_time (self->timer);
  if (armed < 0 || armed > exchange->deadline)
    g_source_set_ready_time (self->timer, exchange->deadline);
}

static gboolean
called_off_cb (GCancellable *cancellable,
               gpointer      user_data)
{
  exchange_stop (user_data, STOPPED_CALLED_OFF);

  return G_SOURCE_REMOVE;
}

static SoupMessage *
message_new (CrmSoupTransport *self,
             const char       *url)
{
  const char *host;

  if (g_strcmp0 (url, self->last_url) != 0)
    {
      g_clear_pointer (&self->last_uri, g_uri_unref);
      g_free (self->last_url);
      self->last_url = g_strdup (url);
      self->last_uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
    }

  host = self->last_uri != NULL ? g_uri_get_host (self->last_uri) : NULL;
  if (host == NULL || *host == '\0'
      || (strcmp (g_uri_get_scheme (self->last_uri), "https") != 0 && strcmp (g_uri_get_scheme (self->last_uri), "http") != 0))
    return NULL;

  return soup_message_new_from_uri (SOUP_METHOD_POST, self->last_uri);
}

static void
crm_soup_transport_send_async (CrmTransport              *transport,
                               const CrmTransportRequest *request,
                               GCancellable              *cancellable,
                               GAsyncReadyCallback        callback,
                               gpointer                   user_data)
{
  CrmSoupTransport *self = CRM_SOUP_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  SoupMessageHeaders *headers;
  Exchange *exchange;

  g_task_set_source_tag (task, crm_soup_transport_send_async);
  g_task_set_check_cancellable (task, FALSE);

  exchange = g_new0 (Exchange, 1);
  exchange->message = message_new (self, request->url);
  exchange->cancellable = g_cancellable_new ();
  exchange->bytes = g_byte_array_new ();
  exchange->timeout_ms = self->timeout_ms;
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);

  if (self->trouble != NULL)
    {
      g_task_return_new_error (task, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT, "%s", self->trouble);
      return;
    }
  if (exchange->message == NULL)
    {
      g_task_return_new_error (task, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT,
                               _("The address cannot be understood"));
      return;
    }
  if (g_cancellable_is_cancelled (cancellable))
    {
      exchange->stopped = STOPPED_CALLED_OFF;
      fail (g_steal_pointer (&task), NULL);
      return;
    }

  /* IDEMPOTENT lets a POST share a connection. It is still sent once: starting_cb() sees to that. */
  soup_message_set_flags (exchange->message,
                          SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_COLLECT_METRICS);
  soup_message_set_request_body_from_bytes (exchange->message, NULL, request->body);
  headers = soup_message_get_request_headers (exchange->message);
  soup_message_headers_replace (headers, "Accept-Encoding", "identity");
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i += 2)
    soup_message_headers_replace (headers, request->headers[i], request->headers[i + 1]);
  exchange->starting = g_signal_connect (exchange->message, "starting", G_CALLBACK (starting_cb), exchange);
  exchange->informational = g_signal_connect (exchange->message, "got-informational", G_CALLBACK (informational_cb), exchange);

  begin_time (self, exchange);

  if (cancellable != NULL)
    {
      exchange->called_off = g_cancellable_source_new (cancellable);
      g_source_set_callback (exchange->called_off, G_SOURCE_FUNC (called_off_cb), exchange, NULL);
      g_source_attach (exchange->called_off, g_main_context_get_thread_default ());
    }

  soup_session_send_async (self->session, exchange->message, G_PRIORITY_DEFAULT, exchange->cancellable,
                           sent_cb, g_steal_pointer (&task));
}

static CrmTransportReply *
crm_soup_transport_send_finish (CrmTransport  *transport,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, transport), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
crm_soup_transport_dispose (GObject *object)
{
  CrmSoupTransport *self = CRM_SOUP_TRANSPORT (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  clear_source (&self->timer);
  g_clear_object (&self->session);
  g_clear_pointer (&self->trouble, g_free);
  g_clear_pointer (&self->last_url, g_free);
  g_clear_pointer (&self->last_uri, g_uri_unref);

  G_OBJECT_CLASS (crm_soup_transport_parent_class)->dispose (object);
}

static void
crm_soup_transport_iface_init (CrmTransportInterface *iface)
{
  iface->send_async = crm_soup_transport_send_async;
  iface->send_finish = crm_soup_transport_send_finish;
}

static void
crm_soup_transport_class_init (CrmSoupTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_soup_transport_dispose;
}

/* Who runs a CRM of their own may have an authority of their own. */
static void
trust_file (CrmSoupTransport *self,
            const char       *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) authorities = g_tls_file_database_new (path, &error);

  if (authorities != NULL)
    soup_session_set_tls_database (self->session, authorities);
  else
    self->trouble = g_strdup_printf (_("The certificates of %s can’t be used: %s"), AUTHORITIES_VARIABLE, error->message);
}

static void
crm_soup_transport_init (CrmSoupTransport *self)
{
  const char *authorities = g_getenv (AUTHORITIES_VARIABLE);
  g_autoptr (GProxyResolver) resolver = NULL;

  crm_soup_transport_prepare ();
  resolver = crm_proxy_resolver_new (g_proxy_resolver_get_default ());

  self->timeout_ms = TIMEOUT_MS;
  self->session = soup_session_new_with_options ("max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS,
                                                 "idle-timeout", IDLE_SECONDS,
                                                 "timeout", 0,
                                                 "proxy-resolver", resolver,
                                                 "user-agent", "CrmTasks/" PACKAGE_VERSION,
                                                 NULL);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  if (authorities != NULL && *authorities != '\0')
    trust_file (self, authorities);
}

/**
 * crm_soup_transport_prepare:
 *
 * For a program to call before anything that begins a thread, as the settings and the message bus do. GLib 2.74 can wait
 * for itself for ever when one thread initialises the session's class, which asks for the types of network addresses,
 * while another registers these.
 */
void
crm_soup_transport_prepare (void)
{
  g_type_ensure (G_TYPE_INET_ADDRESS);
  g_type_ensure (G_TYPE_INET_SOCKET_ADDRESS);
  g_type_ensure (G_TYPE_PROXY_ADDRESS);
  g_type_ensure (G_TYPE_NETWORK_ADDRESS);
  g_type_ensure (G_TYPE_UNIX_SOCKET_ADDRESS);
  g_type_class_unref (g_type_class_ref (SOUP_TYPE_SESSION));
}

/**
 * crm_soup_transport_new:
 *
 * Follows no redirects, keeps no cookies and no cache, verifies TLS against the system’s authorities, or those of the PEM
 * file that CRM_TASKS_CA_FILE in the environment names. Plain http goes to a loopback address only, whatever the name
 * led to. An answer may take 30 seconds and 1 MiB. No proxy is used to this computer itself.
 *
 * Returns: (transfer full): a transport for the thread-default main context of the caller
 */
CrmTransport *
crm_soup_transport_new (void)
{
  return g_object_new (CRM_TYPE_SOUP_TRANSPORT, NULL);
}

/**
 * crm_soup_transport_set_timeout:
 * @self: a transport
 * @milliseconds: how long each request begun from now on may take, from the call to the end of its answer
 */
void
crm_soup_transport_set_timeout (CrmSoupTransport *self,
                                guint             milliseconds)
{
  g_return_if_fail (CRM_IS_SOUP_TRANSPORT (self));
  g_return_if_fail (milliseconds > 0);

  self->timeout_ms = milliseconds;
}

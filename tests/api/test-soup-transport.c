/* test-soup-transport.c: what was written, and what came back, over real sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-proxy-resolver.h"
#include "api/crm-soup-transport.h"
#include "raw-server.h"

#include <libsoup/soup.h>
#include <string.h>

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
#define MEBIBYTE (1024 * 1024)

static const RawAnswer silent[] = { { .end = RAW_SILENT } };

typedef struct
{
  CrmTransport        *transport;
  CrmTransportRequest *request;
  GAsyncResult        *result;
  GCancellable        *cancellable;
} Post;

static gboolean
too_long_cb (gpointer user_data)
{
  g_error ("The test takes too long");

  return G_SOURCE_REMOVE;
}

static void
run_until (gpointer *pointer)
{
  guint watchdog = g_timeout_add_seconds (20, too_long_cb, NULL);

  while (*pointer == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ((Post *) user_data)->result = g_object_ref (result);
}

static Post *
post_begin (CrmTransport *transport,
            const char   *url,
            const char   *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  const char *const headers[] = { "Content-Type", "application/json", "X-Api-Version", "1.0", NULL };
  Post *self = g_new0 (Post, 1);

  self->transport = transport;
  self->request = crm_transport_request_new (url, bytes);
  self->request->headers = g_strdupv ((GStrv) headers);
  self->cancellable = g_cancellable_new ();
  crm_transport_send_async (transport, self->request, self->cancellable, sent_cb, self);

  return self;
}

static CrmTransportReply *
post_end (Post    *self,
          GError **error)
{
  CrmTransportReply *reply;

  run_until ((gpointer *) &self->result);
  reply = crm_transport_send_finish (self->transport, self->result, error);
  crm_transport_request_free (self->request);
  g_object_unref (self->result);
  g_object_unref (self->cancellable);
  g_free (self);

  return reply;
}

static CrmTransportReply *
post (CrmTransport  *transport,
      const char    *url,
      const char    *body,
      GError       **error)
{
  return post_end (post_begin (transport, url, body), error);
}

static void
assert_reply (CrmTransportReply *reply,
              const GError      *error,
              guint              status,
              const char        *body)
{
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), body, strlen (body));
}

/* A transport asks nobody twice: each test sends a body of its own and counts how often it came. */
static void
assert_fails (const RawAnswer   *answers,
              guint              n_answers,
              CrmTransportError  code,
              const char        *words)
{
  g_autoptr (RawServer) server = raw_server_new (answers, n_answers);
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (CrmTransportReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  crm_soup_transport_set_timeout (CRM_SOUP_TRANSPORT (transport), 500);
  reply = post (transport, server->url, "{\"only\": \"once\"}", &error);
  g_assert_null (reply);
  g_assert_error (error, CRM_TRANSPORT_ERROR, (int) code);
  if (words != NULL)
    g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpuint (server->requests->len, <=, 1);
  g_clear_object (&transport);
}

#define ASSERT_FAILS(answers, code, words) assert_fails (answers, G_N_ELEMENTS (answers), code, words)

static void
test_exchange (void)
{
  static const RawAnswer answers[] = {
    { "HTTP/1.1 503 Busy\r\nContent-Type: text/html; charset=x\r\nRetry-After: 7\r\n"
      "Date: Mon, 23 Nov 2026 10:00:00 GMT\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\n\r\nsorry",
      -1, RAW_KEEP },
    { OK, -1, RAW_KEEP },
  };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTransportReply) first = post (transport, server->url, "{\"name\": \"\xc3\xa9\"}", &error);
  g_autoptr (CrmTransportReply) second = NULL;
  const char *request;

  assert_reply (first, error, 503, "sorry");
  g_assert_cmpstr (first->content_type, ==, "text/html; charset=x");
  g_assert_cmpstr (first->retry_after, ==, "7");
  g_assert_cmpstr (first->date, ==, "Mon, 23 Nov 2026 10:00:00 GMT");

  request = server->requests->pdata[0];
  g_assert_true (g_str_has_prefix (request, "POST /api/1.0/crm?action=addOrUpdateTask HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (request, "\r\nContent-Type: application/json\r\n"));
  g_assert_nonnull (strstr (request, "\r\nX-Api-Version: 1.0\r\n"));
  g_assert_nonnull (strstr (request, "\r\nContent-Length: 14\r\n"));
  g_assert_nonnull (strstr (request, "\r\nUser-Agent: CrmTasks/" PACKAGE_VERSION "\r\n"));
  g_assert_true (g_str_has_suffix (request, "\r\n\r\n{\"name\": \"\xc3\xa9\"}"));

  second = post (transport, server->url, "{}", &error);
  assert_reply (second, error, 200, "{}");
  g_assert_cmpstr (second->retry_after, ==, NULL);
  g_assert_cmpstr (second->date, ==, NULL);
  g_assert_null (strstr (server->requests->pdata[1], "Cookie"));
  g_clear_object (&transport);
}

static void
test_connection_is_shared (void)
{
  static const RawAnswer answers[] = {
    { OK, -1, RAW_KEEP },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n0010\r\n0123456789abcdef\r\n0\r\n\r\n",
      -1, RAW_KEEP },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", -1, RAW_KEEP },
    { "HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n", -1, RAW_KEEP },
    { OK, -1, RAW_KEEP },
  };
  static const char *const bodies[] = { "{}", "abc0123456789abcdef", "", "", "{}", "{}", "{}" };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) reply = post (transport, server->url, "{\"n\": 1}", &error);

      assert_reply (reply, error, i == 3 ? 400 : 200, bodies[i]);
    }

  g_assert_cmpuint (server->n_connections, ==, 1);
  g_clear_object (&transport);
}

static void
test_many_at_once (void)
{
  static const RawAnswer answers[] = { { OK, -1, RAW_KEEP } };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  Post *posts[100];

  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"n\": %u}", i);

      posts[i] = post_begin (transport, server->url, body);
    }

  for (guint i = 0; i < G_N_ELEMENTS (posts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) reply = post_end (posts[i], &error);
      g_autofree char *body = g_strdup_printf ("\r\n{\"n\": %u}", i);

      assert_reply (reply, error, 200, "{}");
      g_assert_cmpuint (raw_server_count (server, body), ==, 1);
    }

  g_assert_cmpuint (server->n_connections, <=, 32);
  g_clear_object (&transport);
}

static void
test_refused (void)
{
  RawServer *server = raw_server_new (silent, G_N_ELEMENTS (silent));
  g_autofree char *url = g_strdup (server->url);
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (CrmTransportReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  raw_server_free (server);
  reply = post (transport, url, "{}", &error);
  g_assert_null (reply);
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
  g_assert_nonnull (strstr (error->message, "Connection refused"));
}

/* Knows no host; asks no network. */
#define TEST_TYPE_RESOLVER (test_resolver_get_type ())
G_DECLARE_FINAL_TYPE (TestResolver, test_resolver, TEST, RESOLVER, GResolver)

struct _TestResolver
{
  GResolver parent_instance;
};

G_DEFINE_FINAL_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static void
test_resolver_lookup_async (GResolver                *resolver,
                            const char               *host,
                            GResolverNameLookupFlags  flags,
                            GCancellable             *cancellable,
                            GAsyncReadyCallback       callback,
                            gpointer                  user_data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);

  g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "Unknown");
}

static GList *
test_resolver_lookup_finish (GResolver     *resolver,
                             GAsyncResult  *result,
                             GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_async = test_resolver_lookup_async;
  G_RESOLVER_CLASS (klass)->lookup_by_name_with_flags_finish = test_resolver_lookup_finish;
}

static void
test_resolver_init (TestResolver *self)
{
}

static void
test_no_such_host (void)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  g_autoptr (GResolver) resolver = g_object_new (TEST_TYPE_RESOLVER, NULL);
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GError) error = NULL;

  g_resolver_set_default (resolver);
  g_assert_null (post (transport, "https://crm.example/", "{}", &error));
  g_resolver_set_default (before);

  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
  g_assert_cmpstr (error->message, ==, "No such host: crm.example");
}

static void
test_bad_url (void)
{
  static const char *const urls[] = { "", "nonsense", "http://", "http://[::1/" };
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (post (transport, urls[i], "{}", &error));
      g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
    }
}

static void
test_closed_after_request (void)
{
  static const RawAnswer closes[] = { { .end = RAW_CLOSE } };
  static const RawAnswer half_head[] = { { "HTTP/1.1 200 OK\r\nContent-Le", -1, RAW_CLOSE } };
  static const RawAnswer garbage[] = { { "SSH-2.0-OpenSSH_9.2\r\n\r\n", -1, RAW_CLOSE } };
  static const RawAnswer odd_coding[] = { { "HTTP/1.1 200 OK\r\nTransfer-Encoding: odd\r\n\r\n{}", -1,
                                            RAW_CLOSE } };

  ASSERT_FAILS (closes, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
  ASSERT_FAILS (half_head, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
  ASSERT_FAILS (garbage, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
  ASSERT_FAILS (odd_coding, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
}

static void
test_cut_short (void)
{
  static const RawAnswer answers[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\": true, \"id\": 755}", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 100\r\n\r\n{\"success\": true, \"id\": 7}", -1,
      RAW_CLOSE },
    { "HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{\"success\": true, \"id\": 755}", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"success\": true", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n", -1, RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1b\r\n{\"success\": true, \"id\": 755}\r\n", -1,
      RAW_CLOSE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", -1, RAW_CLOSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_test_message ("%u", i);
      assert_fails (&answers[i], 1, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
    }
}

static void
test_whole (void)
{
  static const struct
  {
    const char *answer;
    const char *body;
  } answers[] = {
    { "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", "{}" },
    { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}" },
    { "HTTP/1.0 200 OK\r\n\r\n{\"until\": \"the end\"}", "{\"until\": \"the end\"}" },
    { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "{}" },
    { "HTTP/1.1 204 No Content\r\n\r\n", "" },
    { "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
      "{}" },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n000\r\nA: b\r\n\r\n",
      "{}" },
    { "HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      const RawAnswer answer = { answers[i].answer, -1, RAW_CLOSE };
      g_autoptr (RawServer) server = raw_server_new (&answer, 1);
      g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) reply = post (transport, server->url, "{}", &error);

      assert_reply (reply, error, i == 4 ? 204 : 200, answers[i].body);
      g_clear_object (&transport);
    }
}

/* A kept connection that dies under the second request: libsoup may not send it again. */
static void
test_kept_connection_dies (void)
{
  static const RawAnswer read_and_closed[] = { { OK, -1, RAW_KEEP },
                                               { .end = RAW_CLOSE },
                                               { OK, -1, RAW_KEEP } };
  static const RawAnswer slammed[] = { { OK, -1, RAW_KEEP }, { .end = RAW_SLAM }, { OK, -1, RAW_KEEP } };
  static const RawAnswer *const scripts[] = { read_and_closed, slammed };

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      g_autoptr (RawServer) server = raw_server_new (scripts[i], 3);
      g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) first = post (transport, server->url, "{\"n\": 1}", &error);
      g_autoptr (CrmTransportReply) second = NULL;
      g_autoptr (CrmTransportReply) third = NULL;

      assert_reply (first, error, 200, "{}");
      second = post (transport, server->url, "{\"n\": 2}", &error);
      g_assert_null (second);
      g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF);
      g_assert_cmpuint (server->n_connections, ==, 1);
      g_clear_error (&error);

      third = post (transport, server->url, "{\"n\": 3}", &error);
      assert_reply (third, error, 200, "{}");
      g_assert_cmpuint (raw_server_count (server, "{\"n\": 1}"), ==, 1);
      g_assert_cmpuint (raw_server_count (server, "{\"n\": 2}"), ==, i == 0 ? 1 : 0);
      g_assert_cmpuint (raw_server_count (server, "{\"n\": 3}"), ==, 1);
      g_clear_object (&transport);
    }
}

/* The server closes right behind each answer without saying so: whatever wins, nothing arrives twice. */
static void
test_kept_connection_races (void)
{
  static const RawAnswer answers[] = { { OK, -1, RAW_CLOSE } };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"race\": %u}", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) reply = post (transport, server->url, body, &error);

      if (reply != NULL)
        g_assert_cmpuint (raw_server_count (server, body), ==, 1);
      else
        {
          g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF);
          g_assert_cmpuint (raw_server_count (server, body), <=, 1);
        }
    }
  g_clear_object (&transport);
}

/* libsoup sends a request that was answered with 421 once more by itself. */
static void
test_never_sent_again (void)
{
  static const RawAnswer answers[] = {
    { "HTTP/1.1 421 Misdirected\r\nContent-Length: 0\r\n\r\n", -1, RAW_KEEP },
    { OK, -1, RAW_KEEP },
  };
  static const RawAnswer unauthorized[] = {
    { "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", -1, RAW_KEEP },
    { OK, -1, RAW_KEEP },
  };
  g_autoptr (RawServer) server = raw_server_new (unauthorized, G_N_ELEMENTS (unauthorized));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTransportReply) reply = post (transport, server->url, "{}", &error);

  assert_reply (reply, error, 401, "");
  g_assert_cmpuint (server->requests->len, ==, 1);
  g_clear_object (&transport);

  ASSERT_FAILS (answers, CRM_TRANSPORT_ERROR_CUT_OFF, NULL);
}

static void
test_redirect (void)
{
  static const guint statuses[] = { 301, 302, 303, 307, 308 };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "HTTP/1.1 %u Elsewhere\r\nLocation: /elsewhere\r\nContent-Length: 2\r\n\r\n{}", statuses[i]);
      const RawAnswer answers[] = { { text, -1, RAW_KEEP }, { OK, -1, RAW_KEEP } };
      g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
      g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) reply = post (transport, server->url, "{}", &error);

      assert_reply (reply, error, statuses[i], "{}");
      g_assert_cmpuint (server->requests->len, ==, 1);
      g_clear_object (&transport);
    }
}

static void
test_timeout (void)
{
  static const RawAnswer stalls[] = { { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", -1, RAW_KEEP } };
  static const RawAnswer head_only[] = { { "HTTP/1.1 200 OK\r\n", -1, RAW_KEEP } };

  ASSERT_FAILS (silent, CRM_TRANSPORT_ERROR_CUT_OFF, "No answer within 1 second");
  ASSERT_FAILS (stalls, CRM_TRANSPORT_ERROR_CUT_OFF, "No answer within");
  ASSERT_FAILS (head_only, CRM_TRANSPORT_ERROR_CUT_OFF, "No answer within");
}

/* TLS is never agreed on with a server that says nothing: nothing of the request was written. */
static void
test_timeout_before_writing (void)
{
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (CrmTransportReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  g_socket_listener_add_address (listener, wanted, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &address, &error);
  g_assert_no_error (error);
  url = g_strdup_printf ("https://127.0.0.1:%u/",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));

  crm_soup_transport_set_timeout (CRM_SOUP_TRANSPORT (transport), 300);
  reply = post (transport, url, "{}", &error);
  g_assert_null (reply);
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
}

static void
cancel_cb (RawServer *server,
           gpointer   user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancel (void)
{
  g_autoptr (RawServer) server = raw_server_new (silent, G_N_ELEMENTS (silent));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  CrmTransportRequest *request = crm_transport_request_new (server->url, body);
  Post *before = g_new0 (Post, 1);
  Post *after;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancelled);
  before->transport = transport;
  before->request = request;
  before->cancellable = g_object_ref (cancelled);
  crm_transport_send_async (transport, request, cancelled, sent_cb, before);
  g_assert_null (post_end (before, &error));
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
  g_assert_cmpuint (server->n_connections, ==, 0);
  g_clear_error (&error);

  after = post_begin (transport, server->url, "{}");
  server->seen = cancel_cb;
  server->seen_data = after->cancellable;
  g_assert_null (post_end (after, &error));
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF);
  g_assert_cmpuint (server->requests->len, ==, 1);
  g_clear_object (&transport);
}

static GBytes *
big_answer (gsize    size,
            gboolean with_length)
{
  g_autoptr (GString) text = g_string_new ("HTTP/1.1 200 OK\r\n");

  if (with_length)
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n", size);
  else
    g_string_append (text, "Connection: close\r\n");
  g_string_append (text, "\r\n");
  for (gsize i = 0; i < size; i += 16)
    g_string_append_len (text, "0123456789abcdef", MIN (16, size - i));

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static void
test_too_big (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) bytes = big_answer (16 * MEBIBYTE, i == 0);
      const RawAnswer answers[] = {
        { OK, -1, RAW_KEEP },
        { g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), i == 0 ? RAW_KEEP : RAW_CLOSE },
        { OK, -1, RAW_KEEP },
      };
      g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
      g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmTransportReply) first = post (transport, server->url, "{}", &error);
      g_autoptr (CrmTransportReply) third = NULL;

      assert_reply (first, error, 200, "{}");
      g_assert_null (post (transport, server->url, "{}", &error));
      g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF);
      g_assert_nonnull (strstr (error->message, "more than 1 MiB"));
      g_clear_error (&error);

      /* The rest isn't read: the connection is dropped under the server that still writes. */
      while (server->n_closed == 0)
        g_main_context_iteration (NULL, TRUE);
      third = post (transport, server->url, "{}", &error);
      assert_reply (third, error, 200, "{}");
      g_assert_cmpuint (server->n_connections, ==, 2);
      g_clear_object (&transport);
    }
}

static void
test_just_fits (void)
{
  g_autoptr (GBytes) fits = big_answer (MEBIBYTE, TRUE);
  g_autoptr (GBytes) one_more = big_answer (MEBIBYTE + 1, TRUE);
  const RawAnswer answers[] = {
    { g_bytes_get_data (fits, NULL), g_bytes_get_size (fits), RAW_KEEP },
    { g_bytes_get_data (one_more, NULL), g_bytes_get_size (one_more), RAW_KEEP },
  };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTransportReply) reply = post (transport, server->url, "{}", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (reply->body), ==, MEBIBYTE);
  g_assert_null (post (transport, server->url, "{}", &error));
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF);
  g_clear_object (&transport);
}

static void
handle_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  (*(guint *) user_data)++;
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
  soup_server_message_set_status (message, 200, NULL);
}

static void
test_tls (void)
{
  guint n_requests = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "self-signed.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  g_autoptr (GTlsDatabase) trusted = g_tls_file_database_new (path, NULL);
  g_autoptr (SoupServer) server = soup_server_new ("tls-certificate", certificate, NULL);
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (CrmTransport) trusting = NULL;
  g_autoptr (CrmTransportReply) reply = NULL;
  g_autofree char *url = NULL;
  GSList *uris;

  g_assert_no_error (error);
  soup_server_add_handler (server, NULL, handle_cb, &n_requests, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  reply = post (transport, url, "{}", &error);
  g_assert_null (reply);
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
  g_assert_nonnull (strstr (error->message, "certificate is not trusted"));
  g_assert_cmpuint (n_requests, ==, 0);
  g_clear_error (&error);

  /* The same server, where its certificate is trusted. */
  g_tls_backend_set_default_database (g_tls_backend_get_default (), trusted);
  trusting = crm_soup_transport_new ();
  reply = post (trusting, url, "{}", &error);
  assert_reply (reply, error, 200, "{}");
  g_assert_cmpuint (n_requests, ==, 1);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), NULL);
}

/* Plain http answers where TLS was expected. */
static void
test_no_tls (void)
{
  static const RawAnswer answers[] = { { .end = RAW_SLAM } };
  g_autoptr (RawServer) server = raw_server_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autofree char *url = g_strconcat ("https", server->url + strlen ("http"), NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (post (transport, url, "{}", &error));
  g_assert_error (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);
  g_clear_object (&transport);
}

static void
looked_up_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_proxies (void)
{
  static const struct
  {
    const char *uri;
    const char *proxy;
  } lookups[] = {
    { "http://127.0.0.1:8080", "direct://" },      { "http://127.1.2.3/", "direct://" },
    { "http://localhost", "direct://" },           { "http://LocalHost:1/x", "direct://" },
    { "http://[::1]:8080", "direct://" },          { "https://api.example.com", "http://127.0.0.1:9" },
    { "http://localhost.example.com", "http://127.0.0.1:9" },
    { "http://127.0.0.1.example.com", "http://127.0.0.1:9" },
  };
  g_autoptr (GProxyResolver) system = g_simple_proxy_resolver_new ("http://127.0.0.1:9", NULL);
  g_autoptr (GProxyResolver) resolver = crm_proxy_resolver_new (system);

  for (guint i = 0; i < G_N_ELEMENTS (lookups); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GAsyncResult) result = NULL;
      g_auto (GStrv) proxies = g_proxy_resolver_lookup (resolver, lookups[i].uri, NULL, &error);
      g_auto (GStrv) later = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (proxies[0], ==, lookups[i].proxy);
      g_assert_cmpstr (proxies[1], ==, NULL);

      g_proxy_resolver_lookup_async (resolver, lookups[i].uri, NULL, looked_up_cb, &result);
      run_until ((gpointer *) &result);
      later = g_proxy_resolver_lookup_finish (resolver, result, &error);
      g_assert_no_error (error);
      g_assert_cmpstrv (later, proxies);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/soup-transport/exchange", test_exchange);
  g_test_add_func ("/soup-transport/connection-is-shared", test_connection_is_shared);
  g_test_add_func ("/soup-transport/many-at-once", test_many_at_once);
  g_test_add_func ("/soup-transport/refused", test_refused);
  g_test_add_func ("/soup-transport/no-such-host", test_no_such_host);
  g_test_add_func ("/soup-transport/bad-url", test_bad_url);
  g_test_add_func ("/soup-transport/closed-after-request", test_closed_after_request);
  g_test_add_func ("/soup-transport/cut-short", test_cut_short);
  g_test_add_func ("/soup-transport/whole", test_whole);
  g_test_add_func ("/soup-transport/kept-connection-dies", test_kept_connection_dies);
  g_test_add_func ("/soup-transport/kept-connection-races", test_kept_connection_races);
  g_test_add_func ("/soup-transport/never-sent-again", test_never_sent_again);
  g_test_add_func ("/soup-transport/redirect", test_redirect);
  g_test_add_func ("/soup-transport/timeout", test_timeout);
  g_test_add_func ("/soup-transport/timeout-before-writing", test_timeout_before_writing);
  g_test_add_func ("/soup-transport/cancel", test_cancel);
  g_test_add_func ("/soup-transport/too-big", test_too_big);
  g_test_add_func ("/soup-transport/just-fits", test_just_fits);
  g_test_add_func ("/soup-transport/tls", test_tls);
  g_test_add_func ("/soup-transport/no-tls", test_no_tls);
  g_test_add_func ("/soup-transport/proxies", test_proxies);

  return g_test_run ();
}

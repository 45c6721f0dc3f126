/* test-connection.c: “Test connection” tells apart what can be wrong, over real sockets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-soup-transport.h"
#include "api/raw-server.h"
#include "api/tls-bench.h"
#include "model/crm-answer-class.h"
#include "practice/crm-practice-server.h"
#include "sync/crm-connection-test.h"

#include <string.h>

#define JSON(status, body) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body

static TlsBench *bench;
static SoupHTTPVersion last_version;

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
assert_finds (const char     *address,
              const char     *key,
              const char     *secret,
              CrmAnswerClass  klass,
              const char     *words)
{
  g_autoptr (CrmAccount) account = crm_account_new ("test", CRM_ACCOUNT_CRM, address, key);
  g_autoptr (CrmTransport) transport = crm_soup_transport_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;
  int found_class = -1;
  gboolean well;

  crm_soup_transport_set_timeout (CRM_SOUP_TRANSPORT (transport), 10000);
  crm_account_take_secret (account, g_strdup (secret));
  crm_connection_test_async (account, transport, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  well = crm_connection_test_finish (result, &found_class, &found, &error);

  g_assert_no_error (error);
  g_test_message ("%s: %s", address, found);
  if (strstr (found, words) == NULL)
    g_error ("“%s” is not in “%s”", words, found);
  g_assert_cmpstr (crm_answer_class_get_nick (found_class), ==, crm_answer_class_get_nick (klass));
  g_assert_cmpint (well, ==, klass == CRM_ANSWER_ACCEPTED);
  g_assert_null (strstr (found, secret));
}

/* Before anything is asked */
static void
test_unreachable (void)
{
  static const struct
  {
    const char *address;
    const char *words;
  } addresses[] = {
    { "https://224.0.0.1", "no network connection" }, /* the kernel has no route for TCP to a multicast address */
    { "https://nowhere.invalid", "nowhere.invalid" },
    { "http://127.0.0.1:1", "Connection refused" },
    { "https://127.0.0.1:1", "Connection refused" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    assert_finds (addresses[i].address, "key", "hush-hush", CRM_ANSWER_NOT_SENT, addresses[i].words);
}

/* What answers, and how */
static void
test_answers (void)
{
  static const struct
  {
    const char     *answer;
    CrmAnswerClass  klass;
    const char     *words;
  } answers[] = {
    { "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Hotel</html>", CRM_ANSWER_NOT_A_CRM,
      "page for people" },
    { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      CRM_ANSWER_NOT_A_CRM, "leads on to another one (status 302)" },
    { "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nConnection: close\r\n\r\nnothing", CRM_ANSWER_NOT_A_CRM,
      "no CRM (status 404)" },
    { JSON ("200 OK", "{\"errorCode\": 463, \"message\": \"Revoked\"}"), CRM_ANSWER_ACCOUNT, "revoked" },
    { JSON ("403 Forbidden", "{\"errorCode\": 403, \"message\": \"No\\u202e rights\"}"), CRM_ANSWER_ACCOUNT,
      "does not let it in: No[RLO] rights" },
    { JSON ("401 Unauthorized", "{\"errorCode\": 401, \"message\": \"Nope\"}"), CRM_ANSWER_ACCOUNT, "key or its secret: Nope" },
    { JSON ("401 Unauthorized", "{\"errorCode\": 401, \"specificCode\": 23005}"), CRM_ANSWER_CLOCK, "not by how much" },
    { JSON ("429 Too Many", "{}"), CRM_ANSWER_THROTTLED, "too often" },
    { JSON ("500 Oops", "{\"errorCode\": 500, \"message\": \"Broken\"}"), CRM_ANSWER_TROUBLE, "in trouble: Broken" },
    { "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\nConnection: close\r\n\r\n{\"ack\"",
      CRM_ANSWER_UNCONFIRMED, "did not answer in full" },
    { JSON ("200 OK", "{\"ack\": true}"), CRM_ANSWER_ACCEPTED, "accepts the key" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      const RawAnswer raw[] = { { answers[i].answer, -1, RAW_CLOSE } };
      g_autoptr (RawServer) server = raw_server_new (raw, 1);
      g_autofree char *address = g_strndup (server->url, strstr (server->url, "/api/") - server->url);

      assert_finds (address, "key", "hush-hush", answers[i].klass, answers[i].words);
      g_assert_cmpuint (server->requests->len, ==, 1);
      g_assert_nonnull (strstr (server->requests->pdata[0], "/api/1.0/test?action=ping"));
      g_assert_null (strstr (server->requests->pdata[0], "hush-hush"));
    }
}

/* A name that looks like any other, or like this computer’s own, may lead anywhere: what counts is where it led. */
static void
test_overheard (void)
{
  static const RawAnswer answers[] = { { JSON ("200 OK", "{\"ack\": true}"), -1, RAW_CLOSE } };
  g_autoptr (RawServer) server = raw_server_new (answers, 1);
  g_autoptr (GUri) uri = g_uri_parse (server->url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *anywhere = g_strdup_printf ("http://0.0.0.0:%d", g_uri_get_port (uri));
  g_autofree char *mapped = g_strdup_printf ("http://[::ffff:127.0.0.1]:%d", g_uri_get_port (uri));
  g_autofree char *here = g_strdup_printf ("http://localhost:%d", g_uri_get_port (uri));

  assert_finds (anywhere, "key", "hush-hush", CRM_ANSWER_NOT_SENT, "leads elsewhere");
  g_assert_cmpuint (server->requests->len, ==, 0);
  assert_finds (mapped, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
  assert_finds (here, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
}

/* A CRM that checks the signature by itself */
static void
test_practice (void)
{
  g_autoptr (CrmPracticeServer) server = crm_practice_server_new (NULL, "key", "hush-hush");
  g_autoptr (GError) error = NULL;
  const char *address;

  crm_practice_server_start (server, 0, &error);
  g_assert_no_error (error);
  address = crm_practice_server_get_address (server);

  assert_finds (address, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
  assert_finds (address, "other", "hush-hush", CRM_ANSWER_ACCOUNT, "does not know this key");
  assert_finds (address, "key", "wrong-one", CRM_ANSWER_ACCOUNT, "its secret is not");
  crm_practice_server_set_clock_offset (server, 17 * 60);
  assert_finds (address, "key", "hush-hush", CRM_ANSWER_CLOCK, "17 minutes behind");
  crm_practice_server_set_clock_offset (server, -2 * 60 * 60);
  assert_finds (address, "key", "hush-hush", CRM_ANSWER_CLOCK, "120 minutes ahead");

  crm_practice_server_stop (server);
}

static void
ack_cb (SoupServer        *server,
        SoupServerMessage *message,
        const char        *path,
        GHashTable        *query,
        gpointer           user_data)
{
  (*(guint *) user_data)++;
  last_version = soup_server_message_get_http_version (message);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{\"ack\": true}", 13);
  soup_server_message_set_status (message, 200, NULL);
}

static void
test_tls (void)
{
  static const struct
  {
    const char *certificate;
    gboolean    trust; /* the authority, through CRM_TASKS_CA_FILE */
    const char *words; /* NULL: all is well */
  } cases[] = {
    { "good", FALSE, "not signed by an authority that this computer knows" },
    { "good", TRUE, NULL },
    { "expired", TRUE, "it has expired" },
    { "early", TRUE, "not valid yet" },
    { "elsewhere", TRUE, "belongs to another host" },
    { "unknown", TRUE, "not signed by an authority that this computer knows" },
    { "self-signed", TRUE, "signed by nobody but itself" },
    { "self-signed", FALSE, "signed by nobody but itself" },
  };
  static guint n_requests[G_N_ELEMENTS (cases)];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address = NULL;

      /* These servers stay: libsoup 3.6 crashes when one goes while it hears that its certificate was refused. */
      tls_bench_serve (bench, cases[i].certificate, ack_cb, &n_requests[i], &address);
      if (cases[i].trust)
        g_setenv ("CRM_TASKS_CA_FILE", bench->authority, TRUE);
      if (cases[i].words == NULL)
        assert_finds (address, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
      else
        assert_finds (address, "key", "hush-hush", CRM_ANSWER_NOT_SENT, cases[i].words);
      g_unsetenv ("CRM_TASKS_CA_FILE");
      g_assert_cmpuint (n_requests[i], ==, cases[i].words == NULL ? 1 : 0);
    }
}

/* A server that offers HTTP/2 is spoken to in it. */
static void
test_http2 (void)
{
  guint n_requests = 0;
  g_autofree char *address = NULL;
  g_autoptr (SoupServer) server = tls_bench_serve (bench, "good", ack_cb, &n_requests, &address);

  g_setenv ("CRM_TASKS_CA_FILE", bench->authority, TRUE);
  assert_finds (address, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
  g_assert_cmpint (last_version, ==, SOUP_HTTP_2_0);
  g_unsetenv ("CRM_TASKS_CA_FILE");
  soup_server_disconnect (server);
}

static void
note_connection_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  g_autofree char *address = g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (soup_server_message_get_remote_address (message)));

  last_version = soup_server_message_get_http_version (message);
  g_hash_table_add (user_data, g_steal_pointer (&address));
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{\"success\":true,\"id\":1}", 23);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTransportReply) reply = crm_transport_send_finish (CRM_TRANSPORT (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, SOUP_STATUS_OK);
  g_assert_cmpuint (g_bytes_get_size (reply->body), ==, 23);
  --*(guint *) user_data;
}

static void
send_many (CrmTransport *transport,
           const char   *address,
           guint         n)
{
  g_autofree char *url = g_strconcat (address, "/api/1.0/crm?action=addOrUpdateTask", NULL);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (CrmTransportRequest) request = crm_transport_request_new (url, body);
  guint waiting = n;

  for (guint i = 0; i < n; i++)
    crm_transport_send_async (transport, request, NULL, answered_cb, &waiting);
  while (waiting > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* All that is sent at a time goes over the one connection that the first request made. */
static void
test_http2_shared (void)
{
  g_autoptr (GHashTable) connections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *address = NULL;
  g_autoptr (SoupServer) server = tls_bench_serve (bench, "good", note_connection_cb, connections, &address);
  g_autoptr (CrmTransport) transport = NULL;

  g_setenv ("CRM_TASKS_CA_FILE", bench->authority, TRUE);
  transport = crm_soup_transport_new ();
  send_many (transport, address, 1);
  for (guint i = 0; i < 5; i++)
    send_many (transport, address, 32);
  g_assert_cmpint (last_version, ==, SOUP_HTTP_2_0);
  g_assert_cmpuint (g_hash_table_size (connections), ==, 1);
  g_unsetenv ("CRM_TASKS_CA_FILE");
  soup_server_disconnect (server);
}

static void
test_ipv6 (void)
{
  guint n_requests = 0;
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autofree char *address = NULL;
  GSList *uris;

  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV6_ONLY, NULL))
    {
      g_test_skip ("There is no IPv6 here");
      return;
    }

  soup_server_add_handler (server, NULL, ack_cb, &n_requests, NULL);
  uris = soup_server_get_uris (server);
  address = g_strdup_printf ("http://[::1]:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  assert_finds (address, "key", "hush-hush", CRM_ANSWER_ACCEPTED, "accepts the key");
  g_assert_cmpuint (n_requests, ==, 1);
  soup_server_disconnect (server);
}

static void
test_bad_authorities (void)
{
  g_autofree char *address = NULL;
  guint n_requests = 0;
  g_autoptr (SoupServer) server = tls_bench_serve (bench, "good", ack_cb, &n_requests, &address);

  g_setenv ("CRM_TASKS_CA_FILE", "/nonexistent/authorities.pem", TRUE);
  assert_finds (address, "key", "hush-hush", CRM_ANSWER_NOT_SENT, "CRM_TASKS_CA_FILE can’t be used");
  g_unsetenv ("CRM_TASKS_CA_FILE");
  g_assert_cmpuint (n_requests, ==, 0);
  soup_server_disconnect (server);
}

/* The proxy’s answer to the wish for a tunnel is not the CRM’s answer to the request. */
static void
test_proxy (void)
{
  static const struct
  {
    const char *answer;
    const char *words;
  } answers[] = {
    { "HTTP/1.1 407 Auth\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "asks for a name and a password" },
    { "HTTP/1.1 403 No\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", "does not allow" },
    { "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "could not be used" },
    { "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "could not be used" },
  };
  g_autoptr (GSettings) settings = g_settings_new ("org.gnome.system.proxy");
  g_autoptr (GSettings) https = g_settings_get_child (settings, "https");

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      const RawAnswer raw[] = { { answers[i].answer, -1, RAW_CLOSE } };
      g_autoptr (RawServer) proxy = raw_server_new (raw, 1);
      g_autoptr (GUri) address = g_uri_parse (proxy->url, G_URI_FLAGS_NONE, NULL);

      g_settings_set_string (https, "host", g_uri_get_host (address));
      g_settings_set_int (https, "port", g_uri_get_port (address));
      g_settings_set_string (settings, "mode", "manual");
      assert_finds ("https://crm.invalid", "key", "hush-hush", CRM_ANSWER_NOT_SENT, answers[i].words);
      g_assert_cmpuint (proxy->requests->len, >=, 1);
      for (guint j = 0; j < proxy->requests->len; j++)
        g_assert_true (g_str_has_prefix (proxy->requests->pdata[j], "CONNECT crm.invalid:443 "));
    }
  g_settings_reset (settings, "mode");
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  /* libsoup's server offers HTTP/2 only then. */
  g_setenv ("SOUP_SERVER_HTTP2", "1", TRUE);
  bench = tls_bench_new ();

  g_test_add_func ("/connection/unreachable", test_unreachable);
  g_test_add_func ("/connection/answers", test_answers);
  g_test_add_func ("/connection/overheard", test_overheard);
  g_test_add_func ("/connection/practice", test_practice);
  g_test_add_func ("/connection/tls", test_tls);
  g_test_add_func ("/connection/http2", test_http2);
  g_test_add_func ("/connection/http2-shared", test_http2_shared);
  g_test_add_func ("/connection/ipv6", test_ipv6);
  g_test_add_func ("/connection/bad-authorities", test_bad_authorities);
  g_test_add_func ("/connection/proxy", test_proxy);

  status = g_test_run ();
  tls_bench_free (bench);

  return status;
}

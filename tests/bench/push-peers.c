/* push-peers.c: what the app's push is measured against
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The bare loop sends the same bodies to the same address through libsoup, with the same options of the session and as many
 * in flight, reads each answer and looks for an id in it. It leaves out: the store (nothing is claimed, recorded or
 * remembered), the signature (the same headers with constant values), the time each request may take, the limit to an
 * answer's size and to what announces it, knowing whether a request was written, telling a cut answer from a whole one,
 * reading the answer as JSON and its class, retries, and any adaption of how many are in flight.
 *
 * curl is given all requests in one file, and sends them one after another over one connection, or several at a time.
 */

#include "push-peers.h"

#include "api/crm-proxy-resolver.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/resource.h>

#define TARGET "/api/1.0/crm?action=addOrUpdateTask"

static const char *const headers[][2] = {
  { "Accept-Encoding", "identity" },
  { "Content-Type", "application/json" },
  { "Content-MD5", "a09f600c77a6dbd947db24c61e8935ca" },
  { "IVVY-Date", "2027-01-31 09:00:00" },
  { "X-Api-Version", "1.0" },
  { "X-Api-Authorization", "IWS key:a993876ea1218921a1c8551923473da7b310dfae" },
};

typedef struct
{
  SoupSession *session;
  GUri        *uri;
  GPtrArray   *bodies;
  guint        n_sent;
  guint        n_answered;
} Loop;

static void send_next (Loop *loop);

/**
 * push_get_cpu:
 * @who: as of getrusage(): this process, this thread, or the processes that were started and have ended
 *
 * Returns: the CPU time used so far; microseconds
 */
gint64
push_get_cpu (int who)
{
  struct rusage usage;

  getrusage (who, &usage);

  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * G_USEC_PER_SEC + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void
on_answer (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Loop *loop = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  if (answer == NULL)
    g_error ("%s", error->message);
  if (g_strstr_len (g_bytes_get_data (answer, NULL), (gssize) g_bytes_get_size (answer), "\"id\":") == NULL)
    g_error ("An answer without an id");

  loop->n_answered++;
  send_next (loop);
}

static void
send_next (Loop *loop)
{
  g_autoptr (SoupMessage) message = NULL;
  SoupMessageHeaders *request;

  if (loop->n_sent == loop->bodies->len)
    return;

  message = soup_message_new_from_uri (SOUP_METHOD_POST, loop->uri);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  soup_message_set_request_body_from_bytes (message, NULL, loop->bodies->pdata[loop->n_sent++]);
  request = soup_message_get_request_headers (message);
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    soup_message_headers_replace (request, headers[i][0], headers[i][1]);
  soup_session_send_and_read_async (loop->session, message, G_PRIORITY_DEFAULT, NULL, on_answer, loop);
}

/**
 * push_peer_run_bare:
 * @address: the CRM's
 * @bodies: (element-type GBytes): what to send
 * @in_flight: how many requests at a time
 *
 * Returns: what it cost
 */
PushCost
push_peer_run_bare (const char *address,
                    GPtrArray  *bodies,
                    guint       in_flight)
{
  g_autofree char *url = g_strconcat (address, TARGET, NULL);
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GProxyResolver) resolver = crm_proxy_resolver_new (g_proxy_resolver_get_default ());
  g_autoptr (SoupSession) session = soup_session_new_with_options ("max-conns", 32,
                                                                   "max-conns-per-host", 32,
                                                                   "idle-timeout", 4,
                                                                   "timeout", 0,
                                                                   "proxy-resolver", resolver,
                                                                   "user-agent", "CrmTasks/bench",
                                                                   NULL);
  Loop loop = { .session = session, .uri = uri, .bodies = bodies };
  PushCost cost = { .time = -g_get_monotonic_time (), .cpu = -push_get_cpu (RUSAGE_SELF), .n = bodies->len,
                    .main_cpu = -push_get_cpu (RUSAGE_THREAD) };

  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  for (guint i = 0; i < in_flight; i++)
    send_next (&loop);
  while (loop.n_answered < bodies->len)
    g_main_context_iteration (NULL, TRUE);

  cost.time += g_get_monotonic_time ();
  cost.cpu += push_get_cpu (RUSAGE_SELF);
  cost.main_cpu += push_get_cpu (RUSAGE_THREAD);

  return cost;
}

/* A quoted string of curl's configuration. */
static void
append_quoted (GString    *text,
               const char *key,
               const char *value,
               gsize       size)
{
  g_string_append_printf (text, "%s = \"", key);
  for (gsize i = 0; i < size; i++)
    {
      if (value[i] == '"' || value[i] == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, value[i]);
    }
  g_string_append (text, "\"\n");
}

static char *
write_curl_config (const char *address,
                   GPtrArray  *bodies)
{
  g_autofree char *url = g_strconcat (address, TARGET, NULL);
  GString *text = g_string_new ("silent\n");

  for (guint i = 0; i < bodies->len; i++)
    {
      gsize size;
      const char *body = g_bytes_get_data (bodies->pdata[i], &size);

      if (i > 0)
        g_string_append (text, "next\n");
      append_quoted (text, "url", url, strlen (url));
      append_quoted (text, "output", "/dev/null", strlen ("/dev/null"));
      for (guint j = 0; j < G_N_ELEMENTS (headers); j++)
        {
          g_autofree char *line = g_strdup_printf ("%s: %s", headers[j][0], headers[j][1]);

          append_quoted (text, "header", line, strlen (line));
        }
      append_quoted (text, "data-binary", body, size);
    }

  return g_string_free (text, FALSE);
}

/**
 * push_peer_run_curl:
 * @address: the CRM's
 * @bodies: (element-type GBytes): what to send
 * @folder: where a file may be written
 * @in_flight: how many requests at a time; 1: one after another
 *
 * Returns: what it cost, the start of curl and its reading of the file included
 */
PushCost
push_peer_run_curl (const char *address,
                    GPtrArray  *bodies,
                    const char *folder,
                    guint       in_flight)
{
  g_autofree char *path = g_build_filename (folder, "curl.conf", NULL);
  g_autofree char *text = write_curl_config (address, bodies);
  g_autofree char *most = g_strdup_printf ("%u", in_flight);
  const char *const one[] = { "curl", "--config", path, NULL };
  const char *const many[] = { "curl", "--parallel", "--parallel-immediate", "--parallel-max", most, "--config", path, NULL };
  g_autoptr (GError) error = NULL;
  PushCost cost = { .n = bodies->len };
  int status;

  if (!g_file_set_contents (path, text, -1, &error))
    g_error ("%s", error->message);

  cost.time = -g_get_monotonic_time ();
  cost.cpu = -push_get_cpu (RUSAGE_CHILDREN);
  if (!g_spawn_sync (NULL, (char **) (in_flight > 1 ? many : one), NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                     NULL, NULL, &status,
                     &error) ||
      !g_spawn_check_wait_status (status, &error))
    g_error ("%s", error->message);
  cost.time += g_get_monotonic_time ();
  cost.cpu += push_get_cpu (RUSAGE_CHILDREN);
  cost.main_cpu = cost.cpu;
  g_unlink (path);

  return cost;
}

/* test-practice-faults.c: every fault, as a client sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include "practice/crm-practice-faults.h"

#define TASK "{\"name\": \"Call\", \"endDatetime\": \"2021-11-01 17:00:00\"}"

static void
test_specs (void)
{
  static const char * const good[] = {
    "delay=5", "refuse", "refuse=10,after=2", "cut-before", "cut-after=reset", "html,times=0", "503=120", "404",
    "429=Wed, 21 Oct 2026 07:28:00 GMT,times=2", "specific=24393,name=x", "times=2,raw=200:text/plain:a,times=9",
    "raw=200::", "500,processed=yes", "id-absurd=\"x\"",
  };
  static const char * const bad[] = {
    "", "nonsense", "delay", "delay=x", "delay=-1", "399", "600", "html=3", "raw=200", "raw=99:a:b", "500,times=x",
    "500,processed=maybe", "times=2", "specific", "id-absurd",
  };
  g_autoptr (CrmPracticeFault) date = crm_practice_fault_parse (good[8], NULL);
  g_autoptr (CrmPracticeFault) raw = crm_practice_fault_parse (good[10], NULL);

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmPracticeFault) fault = crm_practice_fault_parse (good[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (fault);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (crm_practice_fault_parse (bad[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }

  g_assert_cmpstr (date->text, ==, "Wed, 21 Oct 2026 07:28:00 GMT");
  g_assert_cmpuint (date->times, ==, 2);
  g_assert_cmpstr (raw->text, ==, "a,times=9");
  g_assert_cmpuint (raw->times, ==, 2);
}

static void
test_answers (void)
{
  static const struct
  {
    const char *spec;
    guint       status;
    const char *content_type;
    const char *part;
    guint       created;
  } cases[] = {
    { "create-then-500", 500, "application/json", "\"errorCode\":500", 1 },
    { "html", 200, "text/html", "It works!", 0 },
    { "429", 429, "application/json", "\"errorCode\":429", 0 },
    { "500", 500, "application/json", "\"errorCode\":500", 0 },
    { "503", 503, "application/json", "\"errorCode\":503", 0 },
    { "401", 200, "application/json", "\"errorCode\":401", 0 },
    { "403", 200, "application/json", "\"errorCode\":403", 0 },
    { "462", 200, "application/json", "\"errorCode\":462", 0 },
    { "463", 200, "application/json", "revoked", 0 },
    { "empty", 200, "application/json", "", 1 },
    { "empty,processed=no", 200, "application/json", "", 0 },
    { "malformed", 200, "application/json", "\"id\": }", 1 },
    { "specific=24393", 200, "application/json", "\"specificCode\":24393", 0 },
    { "specific=24394", 200, "application/json", "additionalMessages", 0 },
    { "stale", 200, "application/json", "\"specificCode\":23005", 0 },
    { "id-absurd=-5", 200, "application/json", "{\"success\":true,\"id\":-5}", 1 },
    { "id-absurd=\"x\"", 200, "application/json", "\"id\":\"x\"", 1 },
    { "success-false", 200, "application/json", "{\"success\":false}", 0 },
    { "huge", 200, "application/json", "\"success\":true", 1 },
    { "raw=418:text/plain:a, b", 418, "text/plain", "a, b", 0 },
    { "raw=200::x", 200, NULL, "x", 0 },
    { "delay=1", 200, "application/json", "\"success\":true", 1 },
    { "delay-after=1", 200, "application/json", "\"success\":true", 1 },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = crm_practice_server_count_tasks (client->server);
      g_autoptr (PracticeAnswer) answer = NULL;
      g_autoptr (PracticeAnswer) next = NULL;

      g_test_message ("%s", cases[i].spec);
      practice_client_fault (client, cases[i].spec);
      answer = practice_client_call (client, ADD, TASK);

      g_assert_no_error (answer->error);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      g_assert_cmpstr (answer->content_type, ==, cases[i].content_type);
      g_assert_nonnull (g_strstr_len (answer->body, -1, cases[i].part));
      if (cases[i].part[0] == '\0')
        g_assert_cmpuint (answer->length, ==, 0);
      if (g_str_equal (cases[i].spec, "huge"))
        g_assert_cmpuint (answer->length, >, 1024 * 1024);
      g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, before + cases[i].created);

      next = practice_client_call (client, PING, "{}");
      g_assert_true (json_object_has_member (next->json, "ack"));
    }
}

static void
test_headers (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) seconds = NULL;
  g_autoptr (PracticeAnswer) date = NULL;
  g_autoptr (PracticeAnswer) moved = NULL;
  g_autoptr (PracticeAnswer) own = NULL;

  practice_client_fault (client, "429=7");
  seconds = practice_client_call (client, PING, "{}");
  g_assert_cmpstr (seconds->retry_after, ==, "7");

  practice_client_fault (client, "503=Wed, 21 Oct 2026 07:28:00 GMT");
  date = practice_client_call (client, PING, "{}");
  g_assert_cmpstr (date->retry_after, ==, "Wed, 21 Oct 2026 07:28:00 GMT");

  practice_client_fault (client, "redirect");
  moved = practice_client_call (client, PING, "{}");
  g_assert_cmpuint (moved->status, ==, 307);
  g_assert_nonnull (moved->location);

  crm_practice_server_set_status_mode (client->server, TRUE);
  practice_client_fault (client, "463");
  own = practice_client_call (client, PING, "{}");
  g_assert_cmpuint (own->status, ==, 463);
}

static void
test_broken (void)
{
  static const struct
  {
    const char *spec;
    guint       created;
  } cases[] = {
    { "cut-before", 0 }, { "cut-before=reset", 0 }, { "cut-after", 1 }, { "cut-after=reset", 1 }, { "truncated", 1 },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = crm_practice_server_count_tasks (client->server);
      guint requests = crm_practice_server_count_requests (client->server, ADD);
      g_autoptr (PracticeAnswer) answer = NULL;

      g_test_message ("%s", cases[i].spec);
      practice_client_fault (client, cases[i].spec);
      answer = practice_client_call (client, ADD, TASK);

      g_assert_nonnull (answer->error);
      g_assert_cmpuint (crm_practice_server_count_requests (client->server, ADD), ==, requests + 1);
      g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, before + cases[i].created);
    }
}

static void
test_close_idle (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  GPtrArray *requests = crm_practice_server_get_requests (client->server);
  guint ports[4];

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      g_autoptr (PracticeAnswer) answer = NULL;

      if (i == 1)
        practice_client_fault (client, "close-idle");
      answer = practice_client_call (client, PING, "{}");

      /* The client may not have seen yet that its connection ended: then it sends into the void, once. */
      if (i == 2 && answer->error != NULL)
        {
          g_clear_pointer (&answer, practice_answer_free);
          answer = practice_client_call (client, PING, "{}");
        }

      g_assert_no_error (answer->error);
      g_assert_cmpuint (requests->len, ==, i + 1);
      ports[i] = ((CrmPracticeRequest *) g_ptr_array_index (requests, i))->remote_port;
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }

  g_assert_cmpuint (ports[0], ==, ports[1]);
  g_assert_cmpuint (ports[1], !=, ports[2]);
  g_assert_cmpuint (ports[2], ==, ports[3]);
}

static void
test_refuse (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) before = practice_client_call (client, PING, "{}");
  g_autoptr (PracticeAnswer) refused = NULL;
  g_autoptr (PracticeAnswer) cleared = NULL;
  g_autoptr (PracticeAnswer) last = NULL;
  gboolean over = FALSE;

  g_assert_no_error (before->error);
  practice_client_fault (client, "refuse");
  soup_session_abort (client->session);
  refused = practice_client_call (client, PING, "{}");
  g_assert_error (refused->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);

  crm_practice_server_clear_faults (client->server);
  cleared = practice_client_call (client, PING, "{}");
  g_assert_no_error (cleared->error);

  practice_client_fault (client, "refuse=1,after=1");
  last = practice_client_call (client, PING, "{}");
  g_assert_no_error (last->error);

  while (!over)
    {
      g_autoptr (PracticeAnswer) after = practice_client_call (client, PING, "{}");

      over = after->error == NULL;
    }
}

static void
test_choice (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  static const struct
  {
    const char *target;
    const char *name;
    guint       status;
  } cases[] = {
    { PING, NULL, 200 }, { ADD, "plain", 200 }, { ADD, "a bad one", 200 }, { ADD, "a bad one", 500 },
    { TASKS, NULL, 200 }, { ADD, "bad", 500 }, { ADD, "bad", 200 }, { PING, NULL, 503 },
  };

  practice_client_fault (client, "500,times=2,after=1,action=addOrUpdateTask,name=bad");
  practice_client_fault (client, "503,action=ping,after=1,times=0");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"name\": \"%s\", \"endDatetime\": \"2021-11-01 17:00:00\"}",
                                               cases[i].name);
      g_autoptr (PracticeAnswer) answer = NULL;

      answer = practice_client_call (client, cases[i].target, cases[i].name != NULL ? body : "{}");
      g_assert_cmpuint (answer->status, ==, cases[i].status);
    }
}

static void
on_any (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);

  ++*(guint *) user_data;
}

static void
test_many_and_stop (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  guint done = 0;

  practice_client_fault (client, "delay=100000,times=0");
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (SoupMessage) message = practice_client_build (client, ADD, TASK);

      soup_session_send_and_read_async (client->session, message, 0, NULL, on_any, &done);
    }

  while (crm_practice_server_get_in_flight (client->server) < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crm_practice_server_get_peak_in_flight (client->server), ==, 4);
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 0);

  crm_practice_server_stop (client->server);
  while (done < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (crm_practice_server_get_in_flight (client->server), ==, 0);
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

/* A thousand clients that come and go must not use up the server's descriptors. */
static void
test_connections_end (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  guint before = count_descriptors ();

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (PracticeAnswer) answer = practice_client_call (client, PING, "{}");

      g_assert_no_error (answer->error);
      soup_session_abort (client->session);
    }

  while (count_descriptors () > before + 4)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_canned (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) ping = NULL;
  g_autoptr (PracticeAnswer) add = NULL;

  crm_practice_server_add_canned (client->server, 202, "text/plain", "a:b,c", "addOrUpdateTask", 1);
  ping = practice_client_call (client, PING, "{}");
  add = practice_client_call (client, ADD, "");
  g_assert_cmpuint (ping->status, ==, 200);
  g_assert_cmpuint (add->status, ==, 202);
  g_assert_cmpstr (add->body, ==, "a:b,c");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/faults/specs", test_specs);
  g_test_add_func ("/practice/faults/answers", test_answers);
  g_test_add_func ("/practice/faults/headers", test_headers);
  g_test_add_func ("/practice/faults/broken", test_broken);
  g_test_add_func ("/practice/faults/close-idle", test_close_idle);
  g_test_add_func ("/practice/faults/refuse", test_refuse);
  g_test_add_func ("/practice/faults/choice", test_choice);
  g_test_add_func ("/practice/faults/many-and-stop", test_many_and_stop);
  g_test_add_func ("/practice/faults/connections-end", test_connections_end);
  g_test_add_func ("/practice/faults/canned", test_canned);
  return g_test_run ();
}

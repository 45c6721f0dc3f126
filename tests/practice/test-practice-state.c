/* test-practice-state.c: what outlives the practice CRM, and who runs it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include "practice/crm-practice-host.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define TASK "{\"name\": \"Call\", \"endDatetime\": \"2021-11-01 17:00:00\"}"

static GSubprocess *
spawn (const char  *state,
       char       **address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  GSubprocess *process;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("CRM_TASKS_PRACTICE"), "--quiet",
                              "--state", state, NULL);
  g_assert_no_error (error);

  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  *address = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (*address, "http://127.0.0.1:"));

  return process;
}

static void
test_killed (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *address = NULL;
      g_autoptr (GSubprocess) process = spawn (state, &address);
      g_autoptr (PracticeClient) client = practice_client_new_for (address);
      GStatBuf info;

      g_assert_cmpint (practice_client_add (client, TASK), ==, 755 + i);
      g_assert_cmpint (practice_client_add (client, "{\"id\": 755, \"status\": 2}"), ==, 755);
      g_assert_cmpint (g_stat (state, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);

      g_subprocess_force_exit (process);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
    }

  practice_remove_folder (folder);
}

static void
test_ends_cleanly (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autofree char *address = NULL;
  g_autoptr (GSubprocess) process = spawn (state, &address);

  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (process));
  practice_remove_folder (folder);
}

static void
append (const char *path,
        const char *text)
{
  FILE *file = g_fopen (path, "ae");

  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (text, 1, strlen (text), file), ==, strlen (text));
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
test_torn (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (PracticeClient) first = practice_client_new (state);

  practice_client_add (first, TASK);
  practice_client_add (first, TASK);
  before = crm_practice_server_dup_tasks (first->server);
  crm_practice_server_stop (first->server);

  append (state, "{\"id\":757,\"name\":\"to");
  {
    g_autoptr (PracticeClient) second = practice_client_new (state);

    after = crm_practice_server_dup_tasks (second->server);
    g_assert_cmpstr (before, ==, after);
    g_assert_cmpint (practice_client_add (second, TASK), ==, 757);
  }
  {
    g_autoptr (PracticeClient) third = practice_client_new (state);

    g_assert_cmpuint (crm_practice_server_count_tasks (third->server), ==, 3);
  }

  practice_remove_folder (folder);
}

static void
test_compacted (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autofree char *text = NULL;
  g_autofree char *before = NULL;

  {
    g_autoptr (PracticeClient) client = practice_client_new (state);

    practice_client_add (client, TASK);
    for (guint i = 0; i < 120; i++)
      practice_client_add (client, "{\"id\": 755, \"status\": 1}");
    before = crm_practice_server_dup_tasks (client->server);
  }
  {
    g_autoptr (PracticeClient) client = practice_client_new (state);
    g_autofree char *after = crm_practice_server_dup_tasks (client->server);

    g_assert_cmpstr (before, ==, after);
    g_assert_true (g_file_get_contents (state, &text, NULL, NULL));
    g_assert_cmpuint (strlen (text), <, 1000);
  }

  practice_remove_folder (folder);
}

static void
test_foreign_file (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autoptr (CrmPracticeServer) server = crm_practice_server_new (state, "k", "s");
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (state, "somebody's poem\n", -1, NULL));
  g_assert_false (crm_practice_server_start (server, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (g_file_get_contents (state, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "somebody's poem\n");
  practice_remove_folder (folder);
}

static void
wait_for_address (CrmPracticeHost *host)
{
  while (crm_practice_host_get_address (host) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
on_notify (GObject    *object,
           GParamSpec *pspec,
           gpointer    count)
{
  ++*(guint *) count;
}

static void
test_host (void)
{
  g_autofree char *parent = practice_make_folder ();
  g_autofree char *folder = g_build_filename (parent, "account", NULL);
  g_autofree char *address = NULL;
  g_autoptr (CrmPracticeHost) first = crm_practice_host_new (folder);
  g_autoptr (CrmPracticeHost) second = crm_practice_host_new (folder);
  g_autoptr (PracticeClient) client = NULL;
  g_autoptr (GError) error = NULL;
  guint notified = 0;
  GStatBuf info;

  g_signal_connect (second, "notify::address", G_CALLBACK (on_notify), &notified);
  g_assert_true (crm_practice_host_start (first, &error));
  g_assert_no_error (error);
  address = g_strdup (crm_practice_host_get_address (first));
  g_assert_nonnull (address);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);

  g_assert_true (crm_practice_host_start (second, &error));
  g_assert_no_error (error);
  wait_for_address (second);
  g_assert_cmpuint (notified, ==, 1);
  g_assert_cmpstr (crm_practice_host_get_address (second), ==, address);
  g_assert_null (crm_practice_host_get_server (second));

  client = practice_client_new_for (address);
  g_assert_cmpint (practice_client_add (client, TASK), ==, 755);

  crm_practice_host_stop (first);
  g_assert_null (crm_practice_host_get_address (first));
  while (crm_practice_host_get_server (second) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (crm_practice_host_get_address (second), ==, address);
  g_assert_cmpint (practice_client_add (client, TASK), ==, 756);

  crm_practice_host_stop (second);
  practice_remove_folder (folder);
  practice_remove_folder (parent);
}

static void
test_host_port_taken (void)
{
  g_autofree char *folder = practice_make_folder ();
  g_autofree char *path = g_build_filename (folder, "practice.port", NULL);
  g_autoptr (PracticeClient) other = practice_client_new (NULL);
  g_autofree char *port = g_strdup_printf ("%u\n", crm_practice_server_get_port (other->server));
  g_autofree char *written = NULL;
  g_autoptr (CrmPracticeHost) host = crm_practice_host_new (folder);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, port, -1, NULL));
  g_assert_true (crm_practice_host_start (host, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (crm_practice_host_get_address (host), !=, other->address);
  g_assert_true (g_file_get_contents (path, &written, NULL, NULL));
  g_assert_true (g_str_has_suffix (crm_practice_host_get_address (host), g_strchomp (written)));

  crm_practice_host_stop (host);
  practice_remove_folder (folder);
}

static void
test_door (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) set = practice_client_call (client, "/practice/faults", "500\n503,times=2\n");
  g_autoptr (PracticeAnswer) first = practice_client_call (client, PING, "{}");
  g_autoptr (PracticeAnswer) second = practice_client_call (client, PING, "{}");
  g_autoptr (PracticeAnswer) clear = practice_client_call (client, "/practice/faults", "");
  g_autoptr (PracticeAnswer) third = practice_client_call (client, PING, "{}");
  g_autoptr (PracticeAnswer) wrong = practice_client_call (client, "/practice/faults", "nonsense");
  g_autoptr (PracticeAnswer) option = practice_client_call (client, "/practice/settings", "own-status=yes\nper-page=2");
  g_autoptr (PracticeAnswer) refused = practice_client_call (client, ADD, "{}");
  SoupMessage *message = practice_client_build (client, "/practice/requests", "");
  g_autoptr (PracticeAnswer) requests = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_cmpuint (set->status, ==, 200);
  g_assert_cmpuint (first->status, ==, 500);
  g_assert_cmpuint (second->status, ==, 503);
  g_assert_cmpuint (clear->status, ==, 200);
  g_assert_cmpuint (third->status, ==, 200);
  g_assert_cmpuint (wrong->status, ==, 400);
  g_assert_cmpuint (option->status, ==, 200);
  g_assert_cmpuint (refused->status, ==, 400);

  soup_message_set_method (message, SOUP_METHOD_GET);
  soup_message_set_request_body (message, NULL, NULL, 0);
  requests = practice_client_send (client, message);
  node = json_from_string (requests->body, NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 4);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/state/killed", test_killed);
  g_test_add_func ("/practice/state/ends-cleanly", test_ends_cleanly);
  g_test_add_func ("/practice/state/torn", test_torn);
  g_test_add_func ("/practice/state/compacted", test_compacted);
  g_test_add_func ("/practice/state/foreign-file", test_foreign_file);
  g_test_add_func ("/practice/state/host", test_host);
  g_test_add_func ("/practice/state/host-port-taken", test_host_port_taken);
  g_test_add_func ("/practice/state/door", test_door);
  return g_test_run ();
}

/* test-api-client.c: what is asked of the CRM, and that there is always an answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-api-client.h"
#include "fake-transport.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1333491804) /* 2012-04-03 22:23:24 UTC */

typedef struct
{
  CrmAccount    *account;
  FakeTransport *transport;
  CrmApiClient  *client;
  GAsyncResult  *result;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->account = crm_account_new ("id", CRM_ACCOUNT_ENVIRONMENT, "https://api.example.com", "MyKey");
  crm_account_take_secret (self->account, g_strdup ("my secret key"));
  self->transport = fake_transport_new ();
  self->client = crm_api_client_new (self->account, CRM_TRANSPORT (self->transport));
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_assert_true (crm_api_client_get_account (self->client) == self->account);
  g_assert_finalize_object (self->client);
  g_assert_finalize_object (self->transport);
  g_assert_finalize_object (self->account);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static CrmAnswer *
finish (Fixture *self)
{
  CrmAnswer *answer;

  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  answer = crm_api_client_finish (self->client, self->result);
  g_clear_object (&self->result);
  g_assert_nonnull (answer);

  return answer;
}

static CrmAnswer *
send_task (Fixture      *self,
           gint64        crm_id,
           GCancellable *cancellable)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"name\": \"x\"}", 13);

  crm_api_client_send_task_async (self->client, body, crm_id, NOW, cancellable, done_cb, self);

  return finish (self);
}

static void
test_ping (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (CrmAnswer) answer = NULL;

  self->transport->status = 200;
  self->transport->answer = "{\"ack\": \"pong\"}";
  crm_api_client_ping_async (self->client, NOW, NULL, done_cb, self);
  answer = finish (self);

  g_assert_cmpint (answer->outcome->klass, ==, CRM_ANSWER_ACCEPTED);
  g_assert_cmpstr (self->transport->url, ==, "https://api.example.com/api/1.0/test?action=ping");
  g_assert_cmpmem (g_bytes_get_data (self->transport->body, NULL), g_bytes_get_size (self->transport->body),
                   "{}", 2);
  g_assert_cmpuint (g_strv_length (self->transport->headers), ==, 10);
  g_assert_cmpstr (fake_transport_get_header (self->transport, "Content-Type"), ==, "application/json");
  g_assert_cmpstr (fake_transport_get_header (self->transport, "Content-MD5"), ==,
                   "99914b932bd37a50b983c5e7c90ae93b");
  g_assert_cmpstr (fake_transport_get_header (self->transport, "IVVY-Date"), ==, "2012-04-03 22:23:24");
  g_assert_cmpstr (fake_transport_get_header (self->transport, "X-Api-Version"), ==, "1.0");
  g_assert_cmpstr (fake_transport_get_header (self->transport, "X-Api-Authorization"), ==,
                   "IWS MyKey:33531d660f666bc17c069a46dc14b22d7636723c");
}

static void
test_task (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (CrmAnswer) added = NULL;
  g_autoptr (CrmAnswer) updated = NULL;
  g_autoptr (CrmAnswer) other = NULL;

  self->transport->status = 200;
  self->transport->answer = "{\"success\": true, \"id\": 755}";

  added = send_task (self, 0, NULL);
  g_assert_cmpint (added->outcome->klass, ==, CRM_ANSWER_ACCEPTED);
  g_assert_cmpint (added->id, ==, 755);
  g_assert_cmpstr (self->transport->url, ==, "https://api.example.com/api/1.0/crm?action=addOrUpdateTask");
  g_assert_cmpmem (g_bytes_get_data (self->transport->body, NULL), g_bytes_get_size (self->transport->body),
                   "{\"name\": \"x\"}", 13);

  updated = send_task (self, 755, NULL);
  g_assert_cmpint (updated->outcome->klass, ==, CRM_ANSWER_ACCEPTED);
  other = send_task (self, 756, NULL);
  g_assert_cmpint (other->outcome->klass, ==, CRM_ANSWER_UNCONFIRMED);
}

static void
test_list (Fixture       *self,
           gconstpointer  data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"start\": 0}", 12);
  g_autoptr (CrmAnswer) answer = NULL;

  self->transport->status = 200;
  self->transport->answer = "{\"meta\": {}, \"results\": []}";
  crm_api_client_list_async (self->client, "/api/1.0/crm?action=getTaskList", body, NOW, NULL, done_cb, self);
  answer = finish (self);

  g_assert_cmpint (answer->outcome->klass, ==, CRM_ANSWER_ACCEPTED);
  g_assert_nonnull (answer->json);
  g_assert_cmpstr (self->transport->url, ==, "https://api.example.com/api/1.0/crm?action=getTaskList");
}

static void
test_errors (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (CrmAnswer) not_sent = NULL;
  g_autoptr (CrmAnswer) cut_off = NULL;

  self->transport->answer = "words";
  self->transport->error_code = CRM_TRANSPORT_ERROR_NOT_SENT;
  not_sent = send_task (self, 0, NULL);
  g_assert_cmpint (not_sent->outcome->klass, ==, CRM_ANSWER_NOT_SENT);
  g_assert_false (not_sent->written);
  g_assert_cmpstr (not_sent->outcome->message, ==, "words");

  self->transport->error_code = CRM_TRANSPORT_ERROR_CUT_OFF;
  cut_off = send_task (self, 0, NULL);
  g_assert_cmpint (cut_off->outcome->klass, ==, CRM_ANSWER_UNCONFIRMED);
  g_assert_true (cut_off->written);
}

/* A request that was given up may have been written all the same: what became of it is told. */
static void
test_cancelled (Fixture       *self,
                gconstpointer  data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (CrmAnswer) answer = NULL;

  g_cancellable_cancel (cancellable);
  self->transport->status = 200;
  self->transport->answer = "{\"success\": true, \"id\": 755}";
  answer = send_task (self, 0, cancellable);
  g_assert_cmpint (answer->outcome->klass, ==, CRM_ANSWER_ACCEPTED);
}

static void
assert_no_account (Fixture *self)
{
  g_autoptr (CrmAnswer) answer = send_task (self, 0, NULL);

  g_assert_cmpint (answer->outcome->klass, ==, CRM_ANSWER_ACCOUNT);
  g_assert_false (answer->written);
  g_assert_nonnull (answer->outcome->message);
  g_assert_cmpuint (self->transport->n_requests, ==, 0);
}

static void
test_no_account (Fixture       *self,
                 gconstpointer  data)
{
  crm_account_take_secret (self->account, NULL);
  assert_no_account (self);
  crm_account_take_secret (self->account, g_strdup ("s"));

  crm_account_set_key (self->account, NULL);
  assert_no_account (self);
  crm_account_set_key (self->account, "two\r\nX-Evil: lines");
  assert_no_account (self);
  crm_account_set_key (self->account, "k");

  crm_account_set_address (self->account, NULL);
  assert_no_account (self);
}

static GString *logged;

static GLogWriterOutput
keep_log (GLogLevelFlags   level,
          const GLogField *fields,
          gsize            n_fields,
          gpointer         user_data)
{
  g_autofree char *text = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_string_append (logged, text);
  g_string_append_c (logged, '\n');

  return G_LOG_WRITER_HANDLED;
}

/* The writer of logs can be set once in a process. */
static void
test_log (void)
{
  Fixture fixture = { 0 };

  if (g_test_subprocess ())
    {
      g_autoptr (CrmAnswer) answer = NULL;
      const char *authorization;

      g_setenv ("G_MESSAGES_DEBUG", "crm-tasks", TRUE);
      logged = g_string_new (NULL);
      g_log_set_writer_func (keep_log, NULL, NULL);
      set_up (&fixture, NULL);
      fixture.transport->status = 400;
      fixture.transport->answer = "{\"specificCode\": 24395, \"message\": \"hush\"}";
      answer = send_task (&fixture, 0, NULL);
      authorization = fake_transport_get_header (fixture.transport, "X-Api-Authorization");

      g_assert_nonnull (strstr (logged->str, "addOrUpdateTask"));
      g_assert_nonnull (strstr (logged->str, "rejected"));
      g_assert_nonnull (strstr (logged->str, "400"));
      g_assert_nonnull (strstr (logged->str, "24395"));
      g_assert_null (strstr (logged->str, "hush"));
      g_assert_null (strstr (logged->str, "name"));
      g_assert_null (strstr (logged->str, "secret"));
      g_assert_null (strstr (logged->str, strchr (authorization, ':') + 1));
      tear_down (&fixture, NULL);
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

#define ADD(name, function) g_test_add ("/api-client/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("ping", test_ping);
  ADD ("task", test_task);
  ADD ("list", test_list);
  ADD ("errors", test_errors);
  ADD ("cancelled", test_cancelled);
  ADD ("no-account", test_no_account);
  g_test_add_func ("/api-client/log", test_log);

  return g_test_run ();
}

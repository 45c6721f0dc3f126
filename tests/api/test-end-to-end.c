/* test-end-to-end.c: client and transport against the practice CRM, which checks signatures by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-api-client.h"
#include "api/crm-soup-transport.h"
#include "practice/crm-practice-server.h"

#include <string.h>

typedef struct
{
  CrmPracticeServer *server;
  CrmAccount        *account;
  CrmTransport      *transport;
  CrmApiClient      *client;
  GAsyncResult      *result;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  self->server = crm_practice_server_new (NULL, CRM_PRACTICE_KEY, CRM_PRACTICE_SECRET);
  crm_practice_server_start (self->server, 0, &error);
  g_assert_no_error (error);

  self->account = crm_account_new ("practice", CRM_ACCOUNT_PRACTICE,
                                   crm_practice_server_get_address (self->server), NULL);
  self->transport = crm_soup_transport_new ();
  self->client = crm_api_client_new (self->account, self->transport);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_clear_object (&self->client);
  g_clear_object (&self->transport);
  g_clear_object (&self->account);
  crm_practice_server_stop (self->server);
  g_clear_object (&self->server);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static CrmAnswer *
finish (Fixture        *self,
        CrmAnswerClass  klass)
{
  CrmAnswer *answer;

  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  answer = crm_api_client_finish (self->client, self->result);
  g_clear_object (&self->result);
  g_assert_cmpstr (crm_answer_class_get_nick (answer->outcome->klass), ==, crm_answer_class_get_nick (klass));

  return answer;
}

static CrmAnswer *
send_task (Fixture        *self,
           const char     *text,
           gint64          crm_id,
           CrmAnswerClass  klass)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  crm_api_client_send_task_async (self->client, body, crm_id, now (), NULL, done_cb, self);

  return finish (self, klass);
}

static void
test_calls (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr (GBytes) page = g_bytes_new_static ("{\"start\": 0}", 12);
  g_autoptr (CrmAnswer) ping = NULL;
  g_autoptr (CrmAnswer) added = NULL;
  g_autoptr (CrmAnswer) updated = NULL;
  g_autoptr (CrmAnswer) missing = NULL;
  g_autoptr (CrmAnswer) list = NULL;
  g_autofree char *update = NULL;

  crm_api_client_ping_async (self->client, now (), NULL, done_cb, self);
  ping = finish (self, CRM_ANSWER_ACCEPTED);
  g_assert_cmpint (ABS (ping->server_time - now ()), <, 10);

  added = send_task (self, "{\"name\":\"Call \xc3\xa9\",\"endDatetime\":\"2026-12-01 17:00:00\"}", 0,
                     CRM_ANSWER_ACCEPTED);
  g_assert_cmpint (added->id, >, 0);
  update = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"priority\":\"high\"}", added->id);
  updated = send_task (self, update, added->id, CRM_ANSWER_ACCEPTED);
  g_assert_cmpint (updated->id, ==, added->id);
  g_assert_cmpuint (crm_practice_server_count_tasks (self->server), ==, 1);

  missing = send_task (self, "{\"id\":999999,\"priority\":\"high\"}", 999999, CRM_ANSWER_REJECTED);
  g_assert_cmpint (missing->outcome->specific_code, ==, 24392);

  crm_api_client_list_async (self->client, "/api/1.0/crm?action=getTaskList", page, now (), NULL, done_cb,
                             self);
  list = finish (self, CRM_ANSWER_ACCEPTED);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (json_node_get_object (list->json),
                                                                        "results")), ==, 1);
}

static void
test_refusals (Fixture       *self,
               gconstpointer  data)
{
  g_autoptr (CrmAnswer) rejected = NULL;
  g_autoptr (CrmAnswer) stale = NULL;
  g_autoptr (CrmAnswer) account = NULL;

  rejected = send_task (self, "{\"name\":\"x\",\"endDatetime\":\"2026-12-01 17:00:00\",\"leadId\":999999}", 0,
                        CRM_ANSWER_REJECTED);
  g_assert_cmpint (rejected->outcome->specific_code, !=, 0);
  g_assert_nonnull (rejected->outcome->message);

  crm_practice_server_set_clock_offset (self->server, 3600);
  crm_api_client_ping_async (self->client, now (), NULL, done_cb, self);
  stale = finish (self, CRM_ANSWER_CLOCK);
  g_assert_cmpint (ABS (stale->server_time - now () - 3600), <, 10);
  crm_practice_server_set_clock_offset (self->server, 0);

  crm_account_take_secret (self->account, g_strdup ("wrong"));
  crm_api_client_ping_async (self->client, now (), NULL, done_cb, self);
  account = finish (self, CRM_ANSWER_ACCOUNT);
  g_assert_cmpuint (crm_practice_server_count_tasks (self->server), ==, 0);
}

static void
test_faults (Fixture       *self,
             gconstpointer  data)
{
  static const struct
  {
    const char     *fault;
    CrmAnswerClass  klass;
    gint64          retry_after;
    guint           n_created;
  } faults[] = {
    { "cut-before", CRM_ANSWER_UNCONFIRMED, -1, 0 },
    { "cut-after", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "cut-after=reset", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "create-then-500", CRM_ANSWER_TROUBLE, -1, 1 },
    { "html", CRM_ANSWER_NOT_A_CRM, -1, 0 },
    { "redirect", CRM_ANSWER_NOT_A_CRM, -1, 0 },
    { "429=17", CRM_ANSWER_THROTTLED, 17, 0 },
    { "503=90", CRM_ANSWER_TROUBLE, 90, 0 },
    { "501", CRM_ANSWER_NOT_A_CRM, -1, 0 },
    { "specific=24393", CRM_ANSWER_TROUBLE, -1, 0 },
    { "stale", CRM_ANSWER_CLOCK, -1, 0 },
    { "empty,processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "truncated,processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "malformed,processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "id-absurd=\"755\",processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "success-false,processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "huge,processed=yes", CRM_ANSWER_UNCONFIRMED, -1, 1 },
    { "raw=200:application/json:[]", CRM_ANSWER_UNCONFIRMED, -1, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (CrmAnswer) answer = NULL;
      g_autoptr (CrmAnswer) after = NULL;
      guint before = crm_practice_server_count_tasks (self->server);

      g_test_message ("%s", faults[i].fault);
      crm_practice_server_add_fault (self->server, faults[i].fault, &error);
      g_assert_no_error (error);

      answer =
          send_task (self, "{\"name\":\"x\",\"endDatetime\":\"2026-12-01 17:00:00\"}", 0, faults[i].klass);
      g_assert_true (answer->written);
      g_assert_cmpint (answer->id, ==, 0);
      g_assert_cmpint (answer->retry_after, ==, faults[i].retry_after);
      g_assert_cmpuint (crm_practice_server_count_tasks (self->server), ==, before + faults[i].n_created);

      crm_practice_server_clear_faults (self->server);
      crm_api_client_ping_async (self->client, now (), NULL, done_cb, self);
      after = finish (self, CRM_ANSWER_ACCEPTED);
    }
}

#define ADD(name, function) g_test_add ("/end-to-end/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("calls", test_calls);
  ADD ("refusals", test_refusals);
  ADD ("faults", test_faults);

  return g_test_run ();
}

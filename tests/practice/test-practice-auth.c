/* test-practice-auth.c: signatures, and who is let in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include "practice/crm-practice-auth.h"

static void
test_check_values (void)
{
  g_autofree char *hmac = crm_practice_auth_sign ("string to sign", "my secret key");
  g_autofree char *string = crm_practice_auth_string_to_sign ("a09f600c77a6dbd947db24c61e8935ca", "application/json",
                                                              PING, "1.0", "2012-04-03 22:23:24");

  g_assert_cmpstr (hmac, ==, "a993876ea1218921a1c8551923473da7b310dfae");
  g_assert_cmpstr (string, ==,
                   "posta09f600c77a6dbd947db24c61e8935caapplication/json/api/1.0/test?action=ping1.0"
                   "ivvydate=2012-04-03 22:23:24");
}

static void
test_dates (void)
{
  static const struct
  {
    const char *text;
    gboolean    good;
  } cases[] = {
    { "2012-04-03 22:23:24", TRUE },  { "2024-02-29 00:00:00", TRUE },   { "2023-02-29 00:00:00", FALSE },
    { "2012-04-31 22:23:24", FALSE }, { "2012-04-03 24:00:00", FALSE },  { "2012-04-03T22:23:24", FALSE },
    { "2012-4-3 22:23:24", FALSE },   { "2012-04-03 22:23:24 ", FALSE }, { "2012-04-03 22:23", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GDateTime) date = crm_practice_auth_parse_date (cases[i].text);

      g_assert_cmpint (date != NULL, ==, cases[i].good);
    }
}

static void
test_ping (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) answer = practice_client_call (client, PING, "{}");
  g_autoptr (PracticeAnswer) empty = practice_client_call (client, PING, "");

  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (answer->content_type, ==, "application/json");
  g_assert_true (json_object_has_member (answer->json, "ack"));
  g_assert_false (json_object_has_member (answer->json, "success"));
  g_assert_true (json_object_has_member (empty->json, "ack"));
}

static void
test_headers (void)
{
  static const struct
  {
    const char *header;
    const char *value;
    gint64      error_code;
    const char *message;
  } cases[] = {
    { "Content-Type", "application/json; charset=utf-8", 400, "The Content-Type header must be application/json" },
    { "X-Api-Version", "1.1", 400, "The X-Api-Version header must be 1.0" },
    { "X-Api-Version", NULL, 400, "The X-Api-Version header must be 1.0" },
    { "Content-MD5", "99914B932BD37A50B983C5E7C90AE93B", 400,
      "The Content-MD5 header must be an MD5 sum in lower-case hexadecimal digits" },
    { "Content-MD5", "00000000000000000000000000000000", 400, "The Content-MD5 header is not the MD5 sum of the body" },
    { "IVVY-Date", NULL, 401, "The IVVY-Date header is missing" },
    { "IVVY-Date", "2026-11-23T10:00:00Z", 401, "The IVVY-Date header must be a date and time as yyyy-mm-dd HH:MM:SS" },
    { "X-Api-Authorization", NULL, 401, "The X-Api-Authorization header is missing" },
    { "X-Api-Authorization", "practice:0", 401, "The X-Api-Authorization header must be IWS key:signature" },
    { "X-Api-Authorization", "IWS practise:0000000000000000000000000000000000000000", 401, "The API key is not known" },
    { "X-Api-Authorization", "IWS practice:0000000000000000000000000000000000000000", 401,
      "The signature does not match" },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SoupMessage *message = practice_client_build (client, PING, "{}");
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);
      g_autoptr (PracticeAnswer) answer = NULL;

      soup_message_headers_remove (headers, cases[i].header);
      if (cases[i].value != NULL)
        soup_message_headers_append (headers, cases[i].header, cases[i].value);

      answer = practice_client_send (client, message);
      practice_answer_assert_error (answer, cases[i].error_code, 0, cases[i].message);
      g_assert_cmpuint (answer->status, ==, 200);
    }
}

static void
test_signed_parts (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  SoupMessage *message = practice_client_build (client, PING, "{}");
  g_autofree char *other = g_strconcat (client->address, TASKS, NULL);
  g_autoptr (GUri) uri = g_uri_parse (other, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (PracticeAnswer) answer = NULL;

  soup_message_set_uri (message, uri);
  answer = practice_client_send (client, message);
  practice_answer_assert_error (answer, 401, 0, "The signature does not match");
}

static void
test_clock (void)
{
  static const struct
  {
    gint64   client;
    gint64   server;
    gboolean stale;
  } cases[] = {
    { 0, 0, FALSE }, { -290, 0, FALSE }, { 290, 0, FALSE }, { -310, 0, TRUE }, { 310, 0, TRUE },
    { 0, 3600, TRUE }, { 3600, 3600, FALSE },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PracticeAnswer) answer = NULL;
      gint64 ahead;

      client->date_shift = cases[i].client;
      crm_practice_server_set_clock_offset (client->server, cases[i].server);
      answer = practice_client_call (client, PING, "{}");

      ahead = g_date_time_to_unix (answer->date) - g_get_real_time () / G_USEC_PER_SEC;
      g_assert_cmpint (ABS (ahead - cases[i].server), <=, 2);
      if (cases[i].stale)
        practice_answer_assert_error (answer, 401, 23005, "Request is stale");
      else
        g_assert_true (json_object_has_member (answer->json, "ack"));
    }
}

static void
test_status_mode (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) hidden = NULL;
  g_autoptr (PracticeAnswer) shown = NULL;
  g_autoptr (PracticeAnswer) wrong = NULL;

  hidden = practice_client_call (client, ADD, "[]");
  practice_answer_assert_error (hidden, 400, 24395, NULL);
  g_assert_cmpuint (hidden->status, ==, 200);

  crm_practice_server_set_status_mode (client->server, TRUE);
  shown = practice_client_call (client, ADD, "[]");
  practice_answer_assert_error (shown, 400, 24395, NULL);
  g_assert_cmpuint (shown->status, ==, 400);

  crm_practice_server_set_credentials (client->server, CRM_PRACTICE_KEY, "another");
  wrong = practice_client_call (client, PING, "{}");
  practice_answer_assert_error (wrong, 401, 0, "The signature does not match");
  g_assert_cmpuint (wrong->status, ==, 401);
}

static void
test_not_found (void)
{
  static const char * const targets[] = {
    "/api/1.0/crm?action=ping", "/api/1.0/crm", "/api/2.0/test?action=ping", "/", "/api/1.0/test/?action=ping",
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (PracticeAnswer) answer = practice_client_call (client, targets[i], "{}");

      practice_answer_assert_error (answer, 404, 0, NULL);
      g_assert_cmpuint (answer->status, ==, 404);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/auth/check-values", test_check_values);
  g_test_add_func ("/practice/auth/dates", test_dates);
  g_test_add_func ("/practice/auth/ping", test_ping);
  g_test_add_func ("/practice/auth/headers", test_headers);
  g_test_add_func ("/practice/auth/signed-parts", test_signed_parts);
  g_test_add_func ("/practice/auth/clock", test_clock);
  g_test_add_func ("/practice/auth/status-mode", test_status_mode);
  g_test_add_func ("/practice/auth/not-found", test_not_found);
  return g_test_run ();
}

/* test-practice-rules.c: what the practice CRM takes and what it refuses
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#define DUE "\"endDatetime\": \"2021-11-01 17:00:00\""
#define NAMED "\"name\": \"Call\", " DUE

static JsonObject *
get_task (PracticeClient *client,
          gint64          id)
{
  g_autofree char *text = crm_practice_server_dup_task (client->server, id);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_node_dup_object (node);
}

static gint64
get_int (JsonObject *task,
         const char *key)
{
  return json_object_get_int_member_with_default (task, key, -1);
}

static void
test_sample (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (JsonObject) task = NULL;
  gint64 id;

  id = practice_client_add (client, "{\"leadId\": 2665, \"name\": \"  Send the menu \", " DUE ", \"priority\": \"high\", "
                            "\"assignedUserId\": 1, \"status\": 1, \"description\": \" a < b\\n& c\"}");
  g_assert_cmpint (id, ==, 755);
  g_assert_cmpint (practice_client_add (client, "{" NAMED "}"), ==, 756);

  task = get_task (client, id);
  g_assert_cmpstr (json_object_get_string_member (task, "name"), ==, "Send the menu");
  g_assert_cmpstr (json_object_get_string_member (task, "endDatetime"), ==, "2021-11-01 17:00:00 UTC");
  g_assert_cmpstr (json_object_get_string_member (task, "description"), ==, "<p>a &lt; b<br />\n&amp; c</p>");
  g_assert_cmpstr (json_object_get_string_member (task, "priority"), ==, "high");
  g_assert_cmpstr (json_object_get_string_member (task, "assignedUserFullName"), ==, "Alex Morgan");
  g_assert_cmpint (get_int (task, "status"), ==, 1);
  g_assert_cmpint (get_int (task, "leadId"), ==, 2665);
  g_assert_true (json_object_get_null_member (task, "venueId"));
  g_assert_true (json_object_get_null_member (task, "companyId"));
}

static void
test_filled_in (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (JsonObject) task = get_task (client, practice_client_add (client, "{" NAMED "}"));

  g_assert_cmpint (get_int (task, "status"), ==, 0);
  g_assert_cmpint (get_int (task, "assignedUserId"), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (task, "priority"), ==, "medium");
  g_assert_true (json_object_get_null_member (task, "description"));
}

static void
test_update (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (JsonObject) first = NULL;
  g_autoptr (JsonObject) second = NULL;
  g_autoptr (JsonObject) third = NULL;

  g_assert_cmpint (practice_client_add (client, "{" NAMED ", \"leadId\": 2665, \"description\": \"x\"}"), ==, 755);

  g_assert_cmpint (practice_client_add (client, "{\"id\": 755, \"status\": 4}"), ==, 755);
  first = get_task (client, 755);
  g_assert_cmpint (get_int (first, "status"), ==, 4);
  g_assert_cmpint (get_int (first, "leadId"), ==, 2665);
  g_assert_cmpstr (json_object_get_string_member (first, "description"), ==, "<p>x</p>");

  practice_client_add (client, "{\"id\": 755, \"status\": null, \"description\": \"\", \"priority\": \"\", "
                       "\"assignedUserId\": null, \"leadId\": null, \"contactId\": 101, \"companyId\": null}");
  second = get_task (client, 755);
  g_assert_true (json_object_get_null_member (second, "status"));
  g_assert_true (json_object_get_null_member (second, "description"));
  g_assert_true (json_object_get_null_member (second, "priority"));
  g_assert_true (json_object_get_null_member (second, "assignedUserId"));
  g_assert_true (json_object_get_null_member (second, "leadId"));
  g_assert_cmpint (get_int (second, "contactId"), ==, 101);
  g_assert_cmpstr (json_object_get_string_member (second, "name"), ==, "Call");

  practice_client_add (client, "{\"id\": 755, \"companyId\": 51}");
  third = get_task (client, 755);
  g_assert_true (json_object_get_null_member (third, "contactId"));
  g_assert_cmpint (get_int (third, "companyId"), ==, 51);
  g_assert_cmpint (get_int (third, "companyContactId"), ==, 101);
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 1);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *body;
    gint64      specific_code;
    const char *message;
  } cases[] = {
    { "", 24395, "The request body must be a JSON object" },
    { "[]", 24395, "The request body must be a JSON object" },
    { "7", 24395, NULL },
    { "{\"name\": \"x\",}", 24395, NULL },
    { "{\"name\": 'x'}", 24395, NULL },
    { "{} {}", 24395, NULL },
    { "/* c */ {" NAMED "}", 24395, NULL },
    { "{" NAMED ", \"foo\": 1}", 23016, "'foo' does not validate" },
    { "{" NAMED ", \"leadID\": 2665}", 23016, "leadID: *Unknown key*" },
    { "{" DUE "}", 23017, "'name' is required" },
    { "{\"name\": null, " DUE "}", 23017, "name: *Value is required*" },
    { "{\"name\": \"x\"}", 23017, "'endDatetime' is required" },
    { "{}", 23017, "endDatetime: *Value is required*" },
    { "{\"name\": \"  \", " DUE "}", 24395, "name: *Value is required and can't be empty*" },
    { "{\"name\": 5, " DUE "}", 24395, "name: *Value must be a string*" },
    { "{" NAMED ", \"leadId\": \"2665\"}", 24395, "leadId: *Value must be a whole number*" },
    { "{" NAMED ", \"leadId\": 2665.0}", 24395, "leadId: *Value must be a whole number*" },
    { "{" NAMED ", \"leadId\": true}", 24395, "leadId: *Value must be a whole number*" },
    { "{" NAMED ", \"leadId\": [2665]}", 24395, "leadId: *Value must be a whole number*" },
    { "{" NAMED ", \"leadId\": 0}", 24395, "leadId: *Value must be a whole number greater than 0*" },
    { "{" NAMED ", \"id\": null}", 24395, "id: *Value must be a whole number*" },
    { "{" NAMED ", \"id\": \"755\"}", 24395, "id: *Value must be a whole number*" },
    { "{" NAMED ", \"status\": 5}", 24395, "status: *Invalid item selected*" },
    { "{" NAMED ", \"status\": -1}", 24395, "status: *Invalid item selected*" },
    { "{" NAMED ", \"status\": \"1\"}", 24395, "status: *Value must be a whole number*" },
    { "{" NAMED ", \"priority\": \"High\"}", 24395, "priority: *Invalid item selected*" },
    { "{" NAMED ", \"description\": 1}", 24395, "description: *Value must be a string*" },
    { "{\"name\": \"x\", \"endDatetime\": \"2021-02-29 17:00:00\"}", 24395,
      "endDatetime: *Value must be a date and time as Y-m-d H:i:s*" },
    { "{\"name\": \"x\", \"endDatetime\": \"2021-11-01T17:00:00Z\"}", 24395,
      "endDatetime: *Value must be a date and time as Y-m-d H:i:s*" },
    { "{" NAMED ", \"leadId\": 1000001}", 24389, "The lead/opportunity does not exist" },
    { "{" NAMED ", \"leadId\": 4711}", 24395, "leadId: *Invalid item selected*" },
    { "{" NAMED ", \"contactId\": 99}", 24390, "The contact does not exist" },
    { "{" NAMED ", \"companyId\": 99}", 24391, "The company does not exist" },
    { "{" NAMED ", \"venueId\": 99}", 24395, "venueId: *Invalid item selected*" },
    { "{" NAMED ", \"assignedUserId\": 99}", 24395, "assignedUserId: *Invalid item selected*" },
    { "{" NAMED ", \"assignedUserId\": 7}", 24395, "assignedUserId: *Invalid item selected*" },
    { "{\"id\": 754, \"status\": 1}", 24392, "The task does not exist" },
    { "{" NAMED ", \"leadId\": 2665, \"contactId\": 101}", 24396, NULL },
    { "{" NAMED ", \"leadId\": 2665, \"companyId\": 51}", 24396, NULL },
    { "{" NAMED ", \"leadId\": 3101}", 24395, "venueId: *Value is required for an opportunity*" },
    { "{" NAMED ", \"leadId\": 3101, \"venueId\": 12}", 24395, "venueId: *Invalid item selected*" },
    { "{\"name\": \"Try [24394]\", " DUE "}", 24394, NULL },
    { "{\"id\": 755, \"name\": \"\"}", 24395, "name: *Value is required and can't be empty*" },
    { "{\"id\": 755, \"endDatetime\": null}", 24395, "endDatetime: *Value is required and can't be empty*" },
    { "{\"id\": 755, \"contactId\": 101}", 24396, NULL },
    { "{\"id\": 755, \"companyId\": 51, \"contactId\": 101}", 24396, NULL },
    { "{\"id\": 756, \"venueId\": null}", 24395, "venueId: *Value is required for an opportunity*" },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  practice_client_add (client, "{" NAMED ", \"leadId\": 2665}");
  practice_client_add (client, "{" NAMED ", \"leadId\": 3101, \"venueId\": 11}");
  before = crm_practice_server_dup_tasks (client->server);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PracticeAnswer) answer = practice_client_call (client, ADD, cases[i].body);

      g_test_message ("%s", cases[i].body);
      practice_answer_assert_error (answer, 400, cases[i].specific_code, cases[i].message);
    }

  after = crm_practice_server_dup_tasks (client->server);
  g_assert_cmpstr (before, ==, after);
}

static void
test_all_messages (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) answer = NULL;

  answer = practice_client_call (client, ADD, "{" NAMED ", \"leadId\": \"x\", \"status\": 9, \"priority\": \"no\"}");
  practice_answer_assert_error (answer, 400, 24395, "The request contains invalid data");
  practice_answer_assert_error (answer, 400, 24395, "leadId: *Value must be a whole number*");
  practice_answer_assert_error (answer, 400, 24395, "status: *Invalid item selected*");
  practice_answer_assert_error (answer, 400, 24395, "priority: *Invalid item selected*");
}

static void
test_server_error_by_name (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) answer = practice_client_call (client, ADD, "{\"name\": \"[24393]\", " DUE "}");

  practice_answer_assert_error (answer, 500, 24393, "An error has occurred");
  g_assert_cmpint (practice_client_add (client, "{\"name\": \"[12345] [1] [\", " DUE "}"), ==, 755);
}

static void
test_deep_nesting (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *body = g_strnfill (200000, '[');
  g_autoptr (PracticeAnswer) answer = practice_client_call (client, ADD, body);

  practice_answer_assert_error (answer, 400, 24395, NULL);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/rules/sample", test_sample);
  g_test_add_func ("/practice/rules/filled-in", test_filled_in);
  g_test_add_func ("/practice/rules/update", test_update);
  g_test_add_func ("/practice/rules/refused", test_refused);
  g_test_add_func ("/practice/rules/all-messages", test_all_messages);
  g_test_add_func ("/practice/rules/server-error-by-name", test_server_error_by_name);
  g_test_add_func ("/practice/rules/deep-nesting", test_deep_nesting);
  return g_test_run ();
}

/* test-practice-lists.c: pages and filters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include "practice/crm-practice-data.h"

#define USERS "/api/1.0/account?action=getUserList"
#define CONTACTS "/api/1.0/contact?action=getContactList"
#define COMPANIES "/api/1.0/contact?action=getCompanyList"
#define LEADS "/api/1.0/crm?action=getLeadList"
#define OPPORTUNITIES "/api/1.0/crm?action=getOpportunityList"
#define VENUES "/api/1.0/venue?action=getVenueList"

/* "11 12 13", with what meta says before it: "total/start/perPage/count: ". */
/* The rows of crm-practice-world.c, of which there are too many to name. */
static gboolean
is_of_the_world (int id)
{
  return (id >= 17 && id <= 20) || (id >= 41 && id <= 46) || (id >= 1101 && id < 2600) || id >= 12601;
}

static char *
get_ids (PracticeClient *client,
         const char     *target,
         const char     *body,
         gboolean        with_meta)
{
  g_autoptr (PracticeAnswer) answer = practice_client_call (client, target, body);
  g_autoptr (GString) ids = g_string_new (NULL);
  JsonObject *meta;
  JsonArray *results;

  g_assert_no_error (answer->error);
  if (!json_object_has_member (answer->json, "meta"))
    g_error ("%s was answered %s", body, answer->body);

  meta = json_object_get_object_member (answer->json, "meta");
  results = json_object_get_array_member (answer->json, "results");
  if (with_meta)
    g_string_append_printf (ids, "%d/%d/%d/%d:", (int) json_object_get_int_member (meta, "totalResults"),
                            (int) json_object_get_int_member (meta, "start"),
                            (int) json_object_get_int_member (meta, "perPage"),
                            (int) json_object_get_int_member (meta, "count"));

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      int id = (int) json_object_get_int_member (json_array_get_object_element (results, i), "id");

      if (with_meta || !is_of_the_world (id))
        g_string_append_printf (ids, "%s%d", ids->len > 0 ? " " : "", id);
    }

  return g_string_free (g_steal_pointer (&ids), FALSE);
}

static void
test_seed (void)
{
  static const struct
  {
    const char *target;
    const char *ids;
  } cases[] = {
    { VENUES, "11 12 13 14 15 16" },
    { USERS, "1 2 3 4 5 6 7 8" },
    { COMPANIES, "51 52 53 54 55 56 57 58 59 60 61 62" },
    { LEADS, "2660 2661 2662 2663 2664 2665 2666 2667 2668 2669 2670 2671" },
    { OPPORTUNITIES, "3101 3102 3103 3104 3105 3106 3107 3108" },
    { TASKS, "" },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) users = practice_client_call (client, USERS, "{\"perPage\": 1}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ids = get_ids (client, cases[i].target, "{}", FALSE);

      g_assert_cmpstr (ids, ==, cases[i].ids);
    }

  g_assert_nonnull (g_strstr_len (users->body, -1, "\"currentStatus\":1"));
  g_assert_nonnull (g_strstr_len (users->body, -1, "2025-06-02 08:15:00 UTC"));
  g_assert_null (g_strstr_len (users->body, -1, "@venueId"));
}

static void
test_pages (void)
{
  static const struct
  {
    const char *body;
    const char *ids;
  } cases[] = {
    { "{\"perPage\": 2}", "10/0/2/2: 11 12" },
    { "{\"perPage\": 4, \"start\": 8}", "10/8/4/2: 19 20" },
    { "{\"perPage\": 4, \"start\": 10}", "10/10/4/0:" },
    { "{\"perPage\": 1000, \"start\": 9}", "10/9/100/1: 20" },
    { "{\"start\": 9}", "10/9/100/1: 20" },
  };
  static const char * const wrong[] = {
    "{\"perPage\": 0}", "{\"perPage\": \"5\"}", "{\"start\": -1}", "{\"filter\": \"x\"}", "[]", "nonsense",
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *capped = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ids = get_ids (client, VENUES, cases[i].body, TRUE);

      g_assert_cmpstr (ids, ==, cases[i].ids);
    }

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (PracticeAnswer) answer = practice_client_call (client, VENUES, wrong[i]);

      practice_answer_assert_error (answer, 400, 24395, NULL);
    }

  crm_practice_server_set_max_per_page (client->server, 3);
  capped = get_ids (client, VENUES, "{\"perPage\": 100}", TRUE);
  g_assert_cmpstr (capped, ==, "10/0/3/3: 11 12 13");
}

static void
test_filters (void)
{
  static const struct
  {
    const char *target;
    const char *body;
    const char *ids;
  } cases[] = {
    { VENUES, "{\"filter\": {\"name\": \"lakeside pavilion\"}}", "13" },
    { VENUES, "{\"filter\": {\"name__NOT\": \"Lakeside Pavilion\"}}", "11 12 14 15 16" },
    { VENUES, "{\"filter\": {\"name__CONTAINS\": \"House\"}}", "11" },
    { VENUES, "{\"filter\": {\"name__NOTCONTAINS\": \"A\"}}", "12" },
    { VENUES, "{\"filter\": {\"name__BEGINS\": \"the\"}}", "12" },
    { VENUES, "{\"filter\": {\"name__ENDS\": \"ROOMS\"}}", "14" },
    { VENUES, "{\"filter\": {\"id__LESSTHAN\": 12}}", "11 12" },
    { VENUES, "{\"filter\": {\"id__GREATERTHAN\": 15, \"name__BEGINS\": \"N\"}}", "16" },
    { VENUES, "{\"filter\": {\"id\": [11, 14]}}", "11 14" },
    { VENUES, "{\"filter\": {\"unheardOf\": 1}}", "" },
    { USERS, "{\"filter\": {\"currentStatus\": 2}}", "7" },
    { USERS, "{\"filter\": {\"email__EMPTY\": true}}", "5" },
    { USERS, "{\"filter\": {\"email__EMPTY\": false, \"id__LESSTHAN\": 6}}", "1 2 3 4 6" },
    { USERS, "{\"filter\": {\"venueId\": 12}}", "1 2 7" },
    { USERS, "{\"filter\": {\"modifiedDate__GREATERTHAN\": \"2026-05-20 07:45:30\"}}", "6 8" },
    { USERS, "{\"filter\": {\"modifiedDate__LESSTHAN\": \"2025-06-02 08:15:00 UTC\"}}", "1 7" },
    { USERS, "{\"filter\": {\"modifiedDate\": \"2026-03-27 09:00:00\"}}", "4" },
    { CONTACTS, "{\"companyId\": 52}", "103 104" },
    { CONTACTS, "{\"filter\": {\"companyId\": 52, \"venueId\": 11}}", "103" },
    { CONTACTS, "{\"fromModifiedDate\": \"2026-10-01 06:00:00\"}", "120 125" },
    { CONTACTS, "{\"filter\": {\"toModifiedDate\": \"2025-12-03 03:20:11\"}}", "101 102" },
    { COMPANIES, "{\"fromModifiedDate\": \"2026-08-01\", \"toModifiedDate\": \"2026-09-30\"}", "60 61" },
    { OPPORTUNITIES, "{\"venueIds\": [12, 16]}", "3102 3106 3107" },
    { OPPORTUNITIES, "{\"filter\": {\"venueId\": 11}}", "3101 3108" },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *ignored = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ids = get_ids (client, cases[i].target, cases[i].body, FALSE);

      g_test_message ("%s %s", cases[i].target, cases[i].body);
      g_assert_cmpstr (ids, ==, cases[i].ids);
    }

  crm_practice_server_set_ignore_filters (client->server, TRUE);
  ignored = get_ids (client, OPPORTUNITIES, "{\"venueIds\": [12], \"filter\": {\"id\": 1}}", FALSE);
  g_assert_cmpstr (ignored, ==, "3101 3102 3103 3104 3105 3106 3107 3108");
}

static void
test_tasks (void)
{
  static const struct
  {
    const char *body;
    const char *ids;
  } cases[] = {
    { "{}", "755 756 757" },
    { "{\"filter\": {\"name\": \"two\"}}", "756" },
    { "{\"venueId\": 11}", "757" },
    { "{\"filter\": {\"contactId\": 101}}", "755" },
    { "{\"filter\": {\"companyContactId__EMPTY\": false}}", "756" },
    { "{\"filter\": {\"status__GREATERTHAN\": 2}}", "757" },
    { "{\"filter\": {\"createdDate__GREATERTHAN\": \"2026-01-31 00:00:00\", \"leadId__EMPTY\": 1}}", "755 756" },
    { "{\"filter\": {\"createdDate__GREATERTHAN\": \"2999-01-31 00:00:00\"}}", "" },
    { "{\"start\": 2, \"perPage\": 5}", "757" },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);

  practice_client_add (client, "{\"name\": \"one\", \"endDatetime\": \"2021-11-01 17:00:00\", \"contactId\": 101}");
  practice_client_add (client, "{\"name\": \"two\", \"endDatetime\": \"2021-11-01 17:00:00\", \"contactId\": 101, "
                       "\"companyId\": 51}");
  practice_client_add (client, "{\"name\": \"three\", \"endDatetime\": \"2021-11-01 17:00:00\", \"leadId\": 3101, "
                       "\"venueId\": 11, \"status\": 3}");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *ids = get_ids (client, TASKS, cases[i].body, FALSE);

      g_test_message ("%s", cases[i].body);
      g_assert_cmpstr (ids, ==, cases[i].ids);
    }
}

static void
test_late (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  static const char * const seen[] = { "", "", "755", "755" };

  crm_practice_server_set_visibility_delay (client->server, 2, 0);
  practice_client_add (client, "{\"name\": \"late\", \"endDatetime\": \"2021-11-01 17:00:00\"}");
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    {
      g_autofree char *ids = get_ids (client, TASKS, "{}", FALSE);

      g_assert_cmpstr (ids, ==, seen[i]);
    }

  crm_practice_server_set_visibility_delay (client->server, 0, 100000);
  {
    g_autofree char *ids = get_ids (client, TASKS, "{}", FALSE);

    g_assert_cmpstr (ids, ==, "");
  }
}

/* What a newcomer is told to look for. */
static void
test_world (void)
{
  static const struct
  {
    CrmPracticeList list;
    guint           least;
  } cases[] = {
    { CRM_PRACTICE_LIST_VENUES, 10 }, { CRM_PRACTICE_LIST_USERS, 12 }, { CRM_PRACTICE_LIST_COMPANIES, 100 },
    { CRM_PRACTICE_LIST_CONTACTS, 300 }, { CRM_PRACTICE_LIST_LEADS, 50 }, { CRM_PRACTICE_LIST_OPPORTUNITIES, 80 },
  };
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (PracticeAnswer) gala = practice_client_call (client, OPPORTUNITIES, "{\"filter\": {\"name\": \"Gala dinner\"}}");
  JsonArray *results = json_object_get_array_member (gala->json, "results");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GPtrArray *rows = crm_practice_data_get_rows (cases[i].list);
      gint64 last = 0;

      g_assert_cmpuint (rows->len, >=, cases[i].least);
      for (guint j = 0; j < rows->len; j++)
        {
          gint64 id = json_object_get_int_member (rows->pdata[j], "id");

          g_assert_cmpint (id, >, last);
          last = id;
        }
    }

  g_assert_cmpuint (json_array_get_length (results), ==, 2);
  g_assert_cmpint (json_object_get_int_member (json_array_get_object_element (results, 0), "venueId"), ==, 17);
  g_assert_cmpstr (json_object_get_string_member (crm_practice_data_find (CRM_PRACTICE_LIST_VENUES, 17), "name"), ==,
                   "Riverside Hall");
}

/* Its tasks hold the rules that everybody's do, and their ids are below the first that a client gets. */
static void
test_furnished (void)
{
  g_autoptr (CrmPracticeServer) server = crm_practice_server_new (NULL, CRM_PRACTICE_KEY, CRM_PRACTICE_SECRET);
  g_autoptr (GError) error = NULL;
  guint n;

  crm_practice_server_set_furnished (server, TRUE);
  crm_practice_server_start (server, 0, &error);
  g_assert_no_error (error);
  n = crm_practice_server_count_tasks (server);
  g_assert_cmpuint (n, >, 100);
  for (gint64 id = 501; id < 501 + n; id++)
    {
      g_autofree char *task = crm_practice_server_dup_task (server, id);
      g_autofree char *touch = g_strdup_printf ("{\"id\": %" G_GINT64_FORMAT ", \"status\": 1}", id);

      g_assert_nonnull (task);
      g_assert_cmpint (crm_practice_server_colleague_edit (server, touch), ==, id);
    }
  g_assert_cmpint (crm_practice_server_colleague_edit (server, "{\"name\": \"x\", \"endDatetime\": \"2027-01-01 00:00:00\"}"), ==,
                   755);
  g_assert_cmpint (crm_practice_server_colleague_edit (server, "{\"name\": \"x\"}"), ==, 0);
  g_assert_true (crm_practice_server_colleague_delete (server, 755));
  g_assert_false (crm_practice_server_colleague_delete (server, 755));
  g_assert_cmpint (crm_practice_server_colleague_edit (server, "{\"id\": 755, \"status\": 1}"), ==, 0);
  g_assert_cmpuint (crm_practice_server_count_tasks (server), ==, n);
  crm_practice_server_stop (server);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/lists/seed", test_seed);
  g_test_add_func ("/practice/lists/pages", test_pages);
  g_test_add_func ("/practice/lists/filters", test_filters);
  g_test_add_func ("/practice/lists/tasks", test_tasks);
  g_test_add_func ("/practice/lists/late", test_late);
  g_test_add_func ("/lists/world", test_world);
  g_test_add_func ("/lists/furnished", test_furnished);

  return g_test_run ();
}

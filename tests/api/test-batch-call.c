/* test-batch-call.c: what is sent of a batch, and what its answers mean
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "api/crm-batch-call.h"

#include <string.h>

#define FIRST "{\"name\":\"First\",\"endDatetime\":\"2026-12-01 17:00:00\"}"
#define SECOND "{\"name\":\"Second\",\"endDatetime\":\"2026-12-01 17:00:00\",\"leadId\":3}"
#define GOOD(id) "{\"success\": true, \"id\": " #id "}"
#define BAD "{\"errorCode\": 400, \"specificCode\": 24395, \"message\": \"No\"}"
#define CALL "\"namespace\": \"crm\", \"action\": \"addOrUpdateTask\""

static CrmAnswer *
answer (guint       status,
        const char *type,
        const char *body)
{
  g_autoptr (CrmTransportReply) reply = crm_transport_reply_new ();

  reply->status = status;
  reply->content_type = g_strdup (type);
  reply->body = g_bytes_new (body, strlen (body));

  return crm_answer_from_reply (CRM_REQUEST_BATCH, 0, reply);
}

static GPtrArray *
make_bodies (void)
{
  GPtrArray *bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (bodies, g_bytes_new_static (FIRST, strlen (FIRST)));
  g_ptr_array_add (bodies, g_bytes_new_static (SECOND, strlen (SECOND)));

  return bodies;
}

static void
test_written (void)
{
  g_autoptr (GPtrArray) bodies = make_bodies ();
  g_autoptr (GBytes) jobs = crm_batch_call_write_jobs (bodies);
  g_autoptr (GBytes) id = crm_batch_call_write_id ("a \"b\"");
  static const char wanted[] = "{\"jobs\":[{\"namespace\":\"crm\",\"action\":\"addOrUpdateTask\",\"params\":" FIRST "},"
                               "{\"namespace\":\"crm\",\"action\":\"addOrUpdateTask\",\"params\":" SECOND "}]}";

  g_assert_cmpmem (g_bytes_get_data (jobs, NULL), g_bytes_get_size (jobs), wanted, strlen (wanted));
  g_assert_cmpmem (g_bytes_get_data (id, NULL), g_bytes_get_size (id), "{\"async\":\"a \\\"b\\\"\"}", 19);
}

static void
test_run (void)
{
  static const struct
  {
    guint           status;
    const char     *type;
    const char     *body;
    CrmBatchVerdict verdict;
    const char     *id;
  } rows[] = {
    { 200, "application/json", "{\"asyncId\": \"x-1\"}", CRM_BATCH_TAKEN, "x-1" },
    { 202, "application/json", "{\"success\": true, \"asyncId\": \"x-1\"}", CRM_BATCH_TAKEN, "x-1" },
    { 200, "application/json", "{\"asyncId\": 77}", CRM_BATCH_TAKEN, "77" },
    { 200, "application/json", "{\"asyncId\": \"\"}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"asyncId\": null}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"asyncId\": {}}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"success\": false, \"asyncId\": \"x\"}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"success\": true, \"errorCode\": 400, \"asyncId\": \"x\"}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"asyncId\": \"x", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"errorCode\": 400, \"specificCode\": 24091}", CRM_BATCH_DOUBTFUL, NULL },
    { 500, "application/json", "{\"errorCode\": 500}", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "application/json", "{\"errorCode\": 400, \"specificCode\": 24393}", CRM_BATCH_DOUBTFUL, NULL },
    { 502, "text/html", "<p>Bad gateway</p>", CRM_BATCH_DOUBTFUL, NULL },
    { 200, "text/html", "<p>Log in</p>", CRM_BATCH_DOUBTFUL, NULL },
    { 302, "text/html", "", CRM_BATCH_DOUBTFUL, NULL },
    { 400, "application/json", "{\"errorCode\": 400, \"specificCode\": 24448}", CRM_BATCH_REFUSED, NULL },
    { 200, "application/json", "{\"errorCode\": 400, \"specificCode\": 24092}", CRM_BATCH_REFUSED, NULL },
    { 200, "application/json", "{\"errorCode\": 400, \"specificCode\": 24093}", CRM_BATCH_REFUSED, NULL },
    { 404, "application/json", "{\"errorCode\": 404}", CRM_BATCH_MISSED, NULL },
    { 200, "application/json", "{\"errorCode\": 501}", CRM_BATCH_MISSED, NULL },
    { 404, "text/html", "<p>Not found</p>", CRM_BATCH_MISSED, NULL },
    { 403, "text/html", "<p>Forbidden</p>", CRM_BATCH_MISSED, NULL },
    { 403, "application/json", "{\"errorCode\": 403}", CRM_BATCH_PASSING, NULL },
    { 401, "application/json", "{\"errorCode\": 401, \"specificCode\": 23005}", CRM_BATCH_PASSING, NULL },
    { 429, "text/plain", "slowly", CRM_BATCH_PASSING, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (CrmAnswer) told = answer (rows[i].status, rows[i].type, rows[i].body);
      g_autofree char *id = NULL;

      g_test_message ("%u %s", rows[i].status, rows[i].body);
      g_assert_cmpint (crm_batch_call_judge_run (told, &id), ==, rows[i].verdict);
      g_assert_cmpstr (id, ==, rows[i].id);
    }
}

static void
test_progress (void)
{
  static const struct
  {
    const char *body;
    int         percent;
  } rows[] = {
    { "{\"progress\": 0}", 0 },      { "{\"progress\": 33}", 33 },      { "{\"progress\": 100}", 100 },
    { "{\"progress\": 99.9}", 99 },  { "{\"progress\": \"100\"}", 100 }, { "{\"progress\": \"42%\"}", 42 },
    { "{\"progress\": -1}", -1 },    { "{\"progress\": 1000}", -1 },     { "{\"progress\": \"much\"}", -1 },
    { "{\"progress\": null}", -1 },  { "{\"progress\": true}", -1 },     { "{}", -1 },
    { "{\"progress\": \"\"}", -1 },  { "{\"success\": false, \"progress\": 100}", -1 },
    { "{\"errorCode\": 400, \"progress\": 100}", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (CrmAnswer) told = answer (200, "application/json", rows[i].body);

      g_test_message ("%s", rows[i].body);
      g_assert_cmpint (crm_batch_call_read_progress (told), ==, rows[i].percent);
    }
}

/* The ids that are believed; 0: rejected; -1: nothing understandable. */
static void
test_results (void)
{
  static const struct
  {
    const char *results;
    gint64      ids[2];
    gboolean    whole;
  } rows[] = {
    { "{" CALL ", \"request\": " FIRST ", \"response\": " GOOD (7) "}, {" CALL ", \"request\": " SECOND ", \"response\": " GOOD (8) "}",
      { 7, 8 }, TRUE },
    { "{" CALL ", \"response\": " GOOD (7) "}, {" CALL ", \"response\": " BAD "}", { 7, 0 }, TRUE },
    { "{\"response\": " GOOD (7) "}, {\"response\": \"{\\\"success\\\": true, \\\"id\\\": 8}\"}", { 7, 8 }, TRUE },
    { "{" CALL ", \"request\": {" CALL ", \"params\": " FIRST "}, \"response\": " GOOD (7) "}, {\"response\": null}", { 7, -1 }, TRUE },
    { "{" CALL ", \"response\": " GOOD (7) "}, {}", { 7, -1 }, TRUE },
    { "{" CALL ", \"response\": " GOOD (7) "}, 3", { 7, -1 }, TRUE },
    { "{" CALL ", \"response\": \"oops\"}, {\"response\": {\"errorCode\": 404}}", { -1, -1 }, TRUE },
    /* Each in the other's place, told by what they repeat. */
    { "{" CALL ", \"request\": " SECOND ", \"response\": " GOOD (8) "}, {" CALL ", \"request\": " FIRST ", \"response\": " GOOD (7) "}",
      { -1, -1 }, FALSE },
    { "{" CALL ", \"request\": \"{\\\"name\\\": \\\"Second\\\"}\", \"response\": " GOOD (8) "}, {" CALL ", \"response\": " GOOD (7) "}",
      { -1, -1 }, FALSE },
    { "{" CALL ", \"request\": " FIRST ", \"response\": " GOOD (7) "}, {" CALL ", \"request\": " FIRST ", \"response\": " GOOD (8) "}",
      { 7, -1 }, FALSE },
    /* Too few, too many: only what repeats is believed. */
    { "{" CALL ", \"response\": " GOOD (7) "}", { -1, -1 }, FALSE },
    { "{" CALL ", \"request\": " FIRST ", \"response\": " GOOD (7) "}", { 7, -1 }, FALSE },
    { "{" CALL ", \"request\": " SECOND ", \"response\": " GOOD (8) "}", { -1, -1 }, FALSE },
    { "{\"response\": " GOOD (7) "}, {\"response\": " GOOD (8) "}, {\"response\": " GOOD (9) "}", { -1, -1 }, FALSE },
    { "", { -1, -1 }, FALSE },
    /* Of another call. */
    { "{\"namespace\": \"crm\", \"action\": \"getTaskList\", \"response\": " GOOD (7) "}, {" CALL ", \"response\": " GOOD (8) "}",
      { -1, -1 }, FALSE },
    { "{\"namespace\": \"venue\", \"response\": " GOOD (7) "}, {" CALL ", \"request\": " SECOND ", \"response\": " GOOD (8) "}",
      { -1, 8 }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"asyncId\": \"x\", \"results\": [%s]}", rows[i].results);
      g_autoptr (CrmAnswer) told = answer (200, "application/json", text);
      g_autoptr (GPtrArray) bodies = make_bodies ();
      g_autoptr (GPtrArray) answers = NULL;
      gboolean whole;

      g_test_message ("%s", rows[i].results);
      answers = crm_batch_call_read_results (told, bodies, &whole);
      g_assert_nonnull (answers);
      g_assert_cmpuint (answers->len, ==, 2);
      g_assert_cmpint (whole, ==, rows[i].whole);
      for (guint j = 0; j < 2; j++)
        {
          const CrmAnswer *one = answers->pdata[j];

          g_assert_true (one->written);
          g_assert_cmpint (one->outcome->klass, ==, rows[i].ids[j] > 0    ? CRM_ANSWER_ACCEPTED
                                                    : rows[i].ids[j] == 0 ? CRM_ANSWER_REJECTED
                                                                          : CRM_ANSWER_UNCONFIRMED);
          g_assert_cmpint (one->id, ==, MAX (rows[i].ids[j], 0));
        }
    }
}

static void
test_no_results (void)
{
  static const char *const bodies[] = { "{}", "{\"results\": null}", "{\"results\": {}}", "[]", "", "{\"errorCode\": 500}" };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (CrmAnswer) told = answer (200, "application/json", bodies[i]);
      g_autoptr (GPtrArray) sent = make_bodies ();
      gboolean whole;

      g_assert_null (crm_batch_call_read_results (told, sent, &whole));
      g_assert_false (whole);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/batch-call/written", test_written);
  g_test_add_func ("/batch-call/run", test_run);
  g_test_add_func ("/batch-call/progress", test_progress);
  g_test_add_func ("/batch-call/results", test_results);
  g_test_add_func ("/batch-call/no-results", test_no_results);

  return g_test_run ();
}

/* test-practice-batches.c: many calls in one request, as a client sees them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include <string.h>

#define RUN "/api/1.0/batch?action=run"
#define PROGRESS "/api/1.0/batch?action=progress"
#define RESULTS "/api/1.0/batch?action=results"
#define JOB "{\"namespace\": \"crm\", \"action\": \"addOrUpdateTask\", \"params\": %s}"
#define CALL_TASK "{\"name\": \"Call\", \"endDatetime\": \"2021-11-01 17:00:00\"}"
#define WRITE_TASK "{\"name\": \"Write\", \"endDatetime\": \"2021-11-02 17:00:00\"}"

static char *
write_jobs (const char *first,
            ...)
{
  GString *text = g_string_new ("{\"jobs\": [");
  va_list args;

  va_start (args, first);
  for (const char *params = first; params != NULL; params = va_arg (args, const char *))
    g_string_append_printf (text, "%s" JOB, params == first ? "" : ",", params);
  va_end (args);
  g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}

static PracticeAnswer *
ask (PracticeClient *client,
     const char     *target,
     const char     *id)
{
  g_autofree char *body = g_strdup_printf ("{\"async\": \"%s\"}", id);

  return practice_client_call (client, target, body);
}

static char *
run (PracticeClient *client,
     const char     *body)
{
  g_autoptr (PracticeAnswer) answer = practice_client_call (client, RUN, body);

  g_assert_cmpuint (answer->status, ==, 200);
  return g_strdup (json_object_get_string_member (answer->json, "asyncId"));
}

static void
wait_for_end (PracticeClient *client,
              const char     *id)
{
  for (;;)
    {
      g_autoptr (PracticeAnswer) answer = ask (client, PROGRESS, id);

      if (practice_answer_get_int (answer, "progress") == 100)
        return;
    }
}

static JsonObject *
get_result (const PracticeAnswer *answer,
            guint                 i,
            const char           *key)
{
  JsonArray *results = json_object_get_array_member (answer->json, "results");

  return json_object_get_object_member (json_array_get_object_element (results, i), key);
}

static void
test_life (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *jobs = write_jobs (CALL_TASK, "{\"name\": \"No date\"}", WRITE_TASK, NULL);
  g_autofree char *id = NULL;
  g_autoptr (PracticeAnswer) early = NULL;
  g_autoptr (PracticeAnswer) answer = NULL;

  crm_practice_server_set_batch_pace (client->server, 50, 1);
  id = run (client, jobs);
  early = ask (client, RESULTS, id);
  practice_answer_assert_error (early, 400, 24114, NULL);
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 0);

  wait_for_end (client, id);
  answer = ask (client, RESULTS, id);
  g_assert_cmpstr (json_object_get_string_member (answer->json, "asyncId"), ==, id);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (answer->json, "results")), ==, 3);
  g_assert_true (json_object_get_boolean_member (get_result (answer, 0, "response"), "success"));
  g_assert_cmpint (json_object_get_int_member (get_result (answer, 1, "response"), "specificCode"), ==, 23017);
  g_assert_cmpstr (json_object_get_string_member (get_result (answer, 2, "request"), "name"), ==, "Write");
  g_assert_cmpint (json_object_get_int_member (get_result (answer, 2, "response"), "id"), >,
                   json_object_get_int_member (get_result (answer, 0, "response"), "id"));
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 2);
}

static void
test_refused (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autoptr (GString) many = g_string_new ("{\"jobs\": [" );
  const struct
  {
    const char *target;
    const char *body;
    gint64      code;
  } rows[] = {
    { RUN, "{}", 24093 },
    { RUN, "{\"jobs\": []}", 24093 },
    { RUN, "{\"jobs\": [{\"namespace\": \"crm\", \"action\": \"addOrUpdateTask\"}]}", 24092 },
    { RUN, "{\"jobs\": [{\"namespace\": \"venue\", \"action\": \"addOrUpdateTask\", \"params\": {}}]}", 24092 },
    { RUN, "{\"jobs\": [3]}", 24092 },
    { PROGRESS, "{}", 24093 },
    { PROGRESS, "{\"async\": \"nobody\"}", 24115 },
    { RESULTS, "{\"async\": \"nobody\"}", 24115 },
  };
  g_autoptr (PracticeAnswer) answer = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (PracticeAnswer) refusal = practice_client_call (client, rows[i].target, rows[i].body);

      g_test_message ("%s", rows[i].body);
      practice_answer_assert_error (refusal, 400, rows[i].code, NULL);
    }

  for (guint i = 0; i < 201; i++)
    g_string_append_printf (many, "%s" JOB, i > 0 ? "," : "", CALL_TASK);
  g_string_append (many, "]}");
  answer = practice_client_call (client, RUN, many->str);
  practice_answer_assert_error (answer, 400, 24448, NULL);
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 0);
}

static void
test_faults (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *jobs = write_jobs (CALL_TASK, WRITE_TASK, NULL);
  g_autofree char *id = NULL;
  g_autoptr (PracticeAnswer) shortened = NULL;
  g_autoptr (PracticeAnswer) swapped = NULL;
  g_autoptr (PracticeAnswer) forgotten = NULL;

  practice_client_fault (client, "specific=24395,action=job,name=Write");
  practice_client_fault (client, "short,action=results");
  practice_client_fault (client, "swapped,action=results");
  id = run (client, jobs);
  wait_for_end (client, id);
  g_assert_cmpuint (crm_practice_server_count_tasks (client->server), ==, 1);

  shortened = ask (client, RESULTS, id);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (shortened->json, "results")), ==, 1);
  swapped = ask (client, RESULTS, id);
  g_assert_cmpint (json_object_get_int_member (get_result (swapped, 0, "response"), "specificCode"), ==, 24395);
  g_assert_true (json_object_get_boolean_member (get_result (swapped, 1, "response"), "success"));

  crm_practice_server_forget_batches (client->server);
  forgotten = ask (client, RESULTS, id);
  practice_answer_assert_error (forgotten, 400, 24115, NULL);
}

/* The answer is lost, the jobs are done all the same; or the batch ends halfway. */
static void
test_lost (void)
{
  g_autoptr (PracticeClient) client = practice_client_new (NULL);
  g_autofree char *jobs = write_jobs (CALL_TASK, WRITE_TASK, NULL);
  g_autoptr (PracticeAnswer) answer = NULL;

  practice_client_fault (client, "cut-after,action=run");
  answer = practice_client_call (client, RUN, jobs);
  g_assert_nonnull (answer->error);
  while (crm_practice_server_count_tasks (client->server) < 2)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/batches/life", test_life);
  g_test_add_func ("/practice/batches/refused", test_refused);
  g_test_add_func ("/practice/batches/faults", test_faults);
  g_test_add_func ("/practice/batches/lost", test_lost);

  return g_test_run ();
}

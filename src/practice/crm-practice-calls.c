/* crm-practice-calls.c: which call a request is, and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-server-private.h"

#include "practice/crm-practice-auth.h"
#include "practice/crm-practice-json.h"
#include "practice/crm-practice-rules.h"

#define API_PATH "/api/1.0/"
#define JSON_TYPE "application/json"

typedef enum
{
  CALL_PING,
  CALL_ADD_OR_UPDATE_TASK,
  CALL_TASK_LIST,
  CALL_LIST,
  CALL_BATCH_RUN,
  CALL_BATCH_PROGRESS,
  CALL_BATCH_RESULTS,
} CallKind;

static const struct
{
  const char      *area;
  const char      *action;
  CallKind         kind;
  CrmPracticeList  list;
} calls[] = {
  { "test", "ping", CALL_PING, 0 },
  { "crm", "addOrUpdateTask", CALL_ADD_OR_UPDATE_TASK, 0 },
  { "batch", "run", CALL_BATCH_RUN, 0 },
  { "batch", "progress", CALL_BATCH_PROGRESS, 0 },
  { "batch", "results", CALL_BATCH_RESULTS, 0 },
  { "crm", "getTaskList", CALL_TASK_LIST, 0 },
  { "crm", "getLeadList", CALL_LIST, CRM_PRACTICE_LIST_LEADS },
  { "crm", "getOpportunityList", CALL_LIST, CRM_PRACTICE_LIST_OPPORTUNITIES },
  { "account", "getUserList", CALL_LIST, CRM_PRACTICE_LIST_USERS },
  { "contact", "getContactList", CALL_LIST, CRM_PRACTICE_LIST_CONTACTS },
  { "contact", "getCompanyList", CALL_LIST, CRM_PRACTICE_LIST_COMPANIES },
  { "venue", "getVenueList", CALL_LIST, CRM_PRACTICE_LIST_VENUES },
};

static CrmPracticeRefusal *
check_signature (CrmPracticeServer *self,
                 SoupServerMessage *message,
                 GBytes            *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *target = g_strconcat (g_uri_get_path (uri), "?", g_uri_get_query (uri), NULL);
  CrmPracticeSigned request = {
    .target = target,
    .content_type = soup_message_headers_get_one (headers, "Content-Type"),
    .content_md5 = soup_message_headers_get_one (headers, "Content-MD5"),
    .ivvy_date = soup_message_headers_get_one (headers, "IVVY-Date"),
    .api_version = soup_message_headers_get_one (headers, "X-Api-Version"),
    .authorization = soup_message_headers_get_one (headers, "X-Api-Authorization"),
  };

  request.body = g_bytes_get_data (body, &request.body_length);
  return crm_practice_auth_check (&request, self->key, self->secret, crm_practice_server_get_now (self));
}

static gboolean
is_visible (CrmPracticeServer     *self,
            const CrmPracticeTask *task,
            gint64                 now)
{
  return task->born_time == 0 || (self->list_serial - task->born_list > self->hidden_lists &&
                                  now - task->born_time >= (gint64) self->hidden_milliseconds * 1000);
}

static char *
answer_task_list (CrmPracticeServer   *self,
                  JsonNode            *body,
                  CrmPracticeRefusal **refusal)
{
  GPtrArray *tasks = crm_practice_store_get_tasks (self->store);
  g_autoptr (GPtrArray) visible = NULL;
  gint64 now = g_get_monotonic_time ();

  self->list_serial++;
  if (self->hidden_lists == 0 && self->hidden_milliseconds == 0)
    return crm_practice_lists_answer_tasks (tasks, body, &self->list_options, refusal);

  visible = g_ptr_array_new ();
  for (guint i = 0; i < tasks->len; i++)
    if (is_visible (self, g_ptr_array_index (tasks, i), now))
      g_ptr_array_add (visible, g_ptr_array_index (tasks, i));

  return crm_practice_lists_answer_tasks (visible, body, &self->list_options, refusal);
}

static CrmPracticeTask *
judge (CrmPracticeServer   *self,
       JsonNode            *body,
       CrmPracticeRefusal **refusal)
{
  g_autofree char *now = crm_practice_server_format_now (self);
  CrmPracticeTask *task = crm_practice_rules_judge (self->store, body, now, refusal);

  if (task != NULL && task->id == 0)
    {
      task->born_list = self->list_serial;
      task->born_time = g_get_monotonic_time ();
    }

  return task;
}

typedef struct
{
  CrmPracticeJobDone  done;
  gpointer            token;
  CrmPracticeFault   *fault;
  gboolean            own_status;
} Job;

/* Takes @answer. */
static void
finish_job (Job               *job,
            CrmPracticeAnswer *answer)
{
  g_autofree Job *owned = job;
  g_autoptr (CrmPracticeAnswer) told = answer;

  if (job->fault != NULL)
    {
      told = crm_practice_answer_spoil (g_steal_pointer (&told), job->fault, job->own_status, "");
      crm_practice_fault_free (job->fault);
    }
  job->done (job->token, told->ending != CRM_PRACTICE_ENDING_WHOLE ? g_strdup ("null") : g_steal_pointer (&told->body));
}

static CrmPracticeAnswer *
accept (gint64 id)
{
  return crm_practice_answer_new (200, JSON_TYPE, g_strdup_printf ("{\"success\":true,\"id\":%" G_GINT64_FORMAT "}", id));
}

static void
on_job_put (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  gint64 id = crm_practice_store_put_finish (CRM_PRACTICE_STORE (source), result, &error);

  finish_job (user_data, error == NULL ? accept (id)
                                       : crm_practice_answer_new_refusal (crm_practice_refusal_new_for (24393), FALSE));
}

static CrmPracticeAnswer *
not_found (const char *message)
{
  return crm_practice_answer_new_refusal (crm_practice_refusal_new (404, message), TRUE);
}

/**
 * crm_practice_calls_dup_action:
 * @message: a request
 *
 * Returns: (transfer full) (nullable): its `action`
 */
char *
crm_practice_calls_dup_action (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) params = NULL;

  if (query == NULL)
    return NULL;

  params = g_uri_parse_params (query, -1, "&", G_URI_PARAMS_NONE, NULL);
  return params != NULL ? g_strdup (g_hash_table_lookup (params, "action")) : NULL;
}

/**
 * crm_practice_calls_do_job:
 * @params: the body of an addOrUpdateTask
 * @done: called with its answer, once the task is kept
 * @token: given to @done
 * @user_data: a server
 *
 * Does one job of a batch.
 */
void
crm_practice_calls_do_job (JsonNode           *params,
                           CrmPracticeJobDone  done,
                           gpointer            token,
                           gpointer            user_data)
{
  CrmPracticeServer *self = user_data;
  const char *name = json_object_get_string_member_with_default (json_node_get_object (params), "name", NULL);
  g_autoptr (GPtrArray) faults = crm_practice_faults_take (self->faults, CRM_PRACTICE_JOB, name);
  CrmPracticeRefusal *refusal = NULL;
  CrmPracticeTask *task = NULL;
  Job *job = g_new0 (Job, 1);

  job->done = done;
  job->token = token;
  job->own_status = self->own_status;
  if (faults->len > 0)
    job->fault = crm_practice_fault_copy (faults->pdata[0]);

  if (job->fault != NULL && !job->fault->processed)
    {
      finish_job (job, NULL);
      return;
    }

  task = judge (self, params, &refusal);
  if (task != NULL)
    crm_practice_store_put_async (self->store, task, NULL, on_job_put, job);
  else
    finish_job (job, crm_practice_answer_new_refusal (refusal, FALSE));
}

/**
 * crm_practice_calls_answer:
 * @self: a server
 * @message: a request
 * @task: (out) (transfer full) (nullable): set to the task that is to be kept before it is answered
 *
 * Checks the signature and does what the request asks for.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL when @task was set
 */
CrmPracticeAnswer *
crm_practice_calls_answer (CrmPracticeServer  *self,
                           SoupServerMessage  *message,
                           CrmPracticeTask   **task)
{
  g_autofree char *action = crm_practice_calls_dup_action (message);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) body = NULL;
  CrmPracticeRefusal *refusal = NULL;
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  char *text = NULL;
  guint call;
  gsize length;

  if (!g_str_has_prefix (path, API_PATH) || action == NULL)
    return not_found ("There is nothing at this address");

  for (call = 0; call < G_N_ELEMENTS (calls); call++)
    if (g_strcmp0 (path + sizeof API_PATH - 1, calls[call].area) == 0 && g_strcmp0 (action, calls[call].action) == 0)
      break;
  if (call == G_N_ELEMENTS (calls))
    return not_found ("There is no such action");

  if (soup_server_message_get_method (message) != SOUP_METHOD_POST)
    return crm_practice_answer_new_refusal (crm_practice_refusal_new_for_status (405), self->own_status);

  bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  refusal = check_signature (self, message, bytes);
  if (refusal != NULL)
    return crm_practice_answer_new_refusal (refusal, self->own_status);

  text = (char *) g_bytes_get_data (bytes, &length);
  body = length > 0 ? crm_practice_json_parse (text, length)
                    : json_from_string (calls[call].kind == CALL_ADD_OR_UPDATE_TASK ? "null" : "{}", NULL);
  text = NULL;

  switch (calls[call].kind)
    {
    case CALL_PING:
      text = g_strdup ("{\"ack\":\"pong\"}");
      break;
    case CALL_ADD_OR_UPDATE_TASK:
      *task = judge (self, body, &refusal);
      if (*task != NULL)
        return NULL;
      break;
    case CALL_TASK_LIST:
      text = answer_task_list (self, body, &refusal);
      break;
    case CALL_BATCH_RUN:
      text = crm_practice_batches_run (self->batches, body, &refusal);
      break;
    case CALL_BATCH_PROGRESS:
      text = crm_practice_batches_progress (self->batches, body, &refusal);
      break;
    case CALL_BATCH_RESULTS:
      text = crm_practice_batches_results (self->batches, body, &refusal);
      break;
    case CALL_LIST:
    default:
      text = crm_practice_lists_answer_rows (calls[call].list, body, &self->list_options, &refusal);
      break;
    }

  if (refusal != NULL)
    return crm_practice_answer_new_refusal (refusal, self->own_status);

  return crm_practice_answer_new (200, JSON_TYPE, text);
}

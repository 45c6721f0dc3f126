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
    case CALL_LIST:
    default:
      text = crm_practice_lists_answer_rows (calls[call].list, body, &self->list_options, &refusal);
      break;
    }

  if (refusal != NULL)
    return crm_practice_answer_new_refusal (refusal, self->own_status);

  return crm_practice_answer_new (200, JSON_TYPE, text);
}

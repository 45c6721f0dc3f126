/* crm-batch-call.c: many adds in one request: what is sent, and what comes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-batch-call.h"

#include "model/crm-json-guard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define NOT_SAVED 24091
#define NOT_COMPLETED 24114
#define NO_SUCH_BATCH 24115
#define NO_SUCH_REQUEST 24105

#define LONGEST_ID 512

static JsonNode *
get_member (JsonNode   *node,
            const char *key)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), key) : NULL;
}

static gboolean
holds (JsonNode *node,
       GType     type)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

static gboolean
is_given (JsonNode *node)
{
  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

/* The result repeats what it answers, perhaps as text, perhaps with what is around it. */
static JsonNode *
read_echo (JsonNode *result)
{
  JsonNode *echo = get_member (result, "request");
  g_autoptr (JsonNode) parsed = NULL;

  if (holds (echo, G_TYPE_STRING))
    {
      const char *text = json_node_get_string (echo);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

      parsed = crm_json_guard_parse (bytes);
      echo = parsed;
    }
  if (get_member (echo, "params") != NULL)
    echo = get_member (echo, "params");

  return echo != NULL && JSON_NODE_HOLDS_OBJECT (echo) ? json_node_copy (echo) : NULL;
}

typedef enum
{
  ECHO_SILENT,
  ECHO_AGREES,
  ECHO_CONTRADICTS
} Echo;

/* Whether @result is the answer to @body. */
static Echo
compare (JsonNode *result,
         GBytes   *body)
{
  g_autoptr (JsonNode) sent = crm_json_guard_parse (body);
  g_autoptr (JsonNode) echo = read_echo (result);
  JsonNode *namespace = get_member (result, "namespace");
  JsonNode *action = get_member (result, "action");
  g_autoptr (GList) keys = NULL;

  if ((is_given (namespace) && (!holds (namespace, G_TYPE_STRING) || !g_str_equal (json_node_get_string (namespace), "crm"))) ||
      (is_given (action) &&
       (!holds (action, G_TYPE_STRING) || !g_str_equal (json_node_get_string (action), "addOrUpdateTask"))))
    return ECHO_CONTRADICTS;
  if (sent == NULL || echo == NULL || !holds (get_member (echo, "name"), G_TYPE_STRING))
    return ECHO_SILENT;

  keys = json_object_get_members (json_node_get_object (sent));
  for (GList *l = keys; l != NULL; l = l->next)
    {
      JsonNode *ours = get_member (sent, l->data);
      JsonNode *theirs = get_member (echo, l->data);

      if (!is_given (theirs))
        continue;
      if (holds (ours, G_TYPE_STRING) && holds (theirs, G_TYPE_STRING)
              ? !g_str_equal (json_node_get_string (ours), json_node_get_string (theirs))
              : holds (ours, G_TYPE_INT64) && holds (theirs, G_TYPE_INT64) &&
                    json_node_get_int (ours) != json_node_get_int (theirs))
        return ECHO_CONTRADICTS;
    }

  return ECHO_AGREES;
}

static CrmAnswer *
fail (const char *words)
{
  CrmAnswer *answer = g_new0 (CrmAnswer, 1);

  answer->outcome = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
  answer->outcome->message = g_strdup (words);
  answer->written = TRUE;
  answer->retry_after = -1;

  return answer;
}

static CrmAnswer *
read_response (JsonNode *result)
{
  JsonNode *response = get_member (result, "response");
  g_autoptr (CrmTransportReply) reply = NULL;
  g_autofree char *text = NULL;
  CrmAnswer *answer;

  if (!is_given (response))
    return fail (_("The CRM’s answer to the batch says nothing of this task"));

  text = holds (response, G_TYPE_STRING) ? g_strdup (json_node_get_string (response)) : json_to_string (response, FALSE);
  reply = crm_transport_reply_new ();
  reply->status = 200;
  reply->content_type = g_strdup ("application/json");
  reply->body = g_bytes_new (text, strlen (text));
  answer = crm_answer_from_reply (CRM_REQUEST_ADD, 0, reply);

  /* Of the answer's own making: the address is a CRM's, and its clock is not far from ours. */
  if (answer->outcome->klass == CRM_ANSWER_NOT_A_CRM)
    answer->outcome->klass = CRM_ANSWER_UNCONFIRMED;

  return answer;
}

/**
 * crm_batch_call_write_jobs:
 * @bodies: (element-type GBytes): bodies of addOrUpdateTask, at most %CRM_BATCH_MOST_JOBS
 *
 * Returns: (transfer full): the body of `run`, with each of @bodies in it as it is
 */
GBytes *
crm_batch_call_write_jobs (GPtrArray *bodies)
{
  GByteArray *text = g_byte_array_new ();
  const char *before = "{\"jobs\":[";

  for (guint i = 0; i < bodies->len; i++)
    {
      gsize size;
      const void *data = g_bytes_get_data (bodies->pdata[i], &size);
      const char *head = "{\"namespace\":\"crm\",\"action\":\"addOrUpdateTask\",\"params\":";

      g_byte_array_append (text, (const guint8 *) before, strlen (before));
      g_byte_array_append (text, (const guint8 *) head, strlen (head));
      g_byte_array_append (text, data, size);
      g_byte_array_append (text, (const guint8 *) "}", 1);
      before = ",";
    }
  g_byte_array_append (text, (const guint8 *) "]}", 2);

  return g_byte_array_free_to_bytes (text);
}

/**
 * crm_batch_call_write_id:
 * @async_id: what the CRM calls a batch
 *
 * Returns: (transfer full): the body of `progress` and `results`
 */
GBytes *
crm_batch_call_write_id (const char *async_id)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  char *text;

  json_object_set_string_member (object, "async", async_id);
  json_object_unref (object);
  text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

/**
 * crm_batch_call_judge_run:
 * @answer: the answer to `run`
 * @async_id: (out) (transfer full) (nullable): what the CRM calls the batch, when it is taken
 *
 * Pure. Any thread.
 *
 * Returns: what became of its jobs
 */
CrmBatchVerdict
crm_batch_call_judge_run (const CrmAnswer *answer,
                          char           **async_id)
{
  JsonNode *id;

  *async_id = NULL;
  switch (answer->outcome->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      id = get_member (answer->json, "asyncId");
      if (holds (id, G_TYPE_STRING) && *json_node_get_string (id) != '\0' && strlen (json_node_get_string (id)) <= LONGEST_ID)
        *async_id = g_strdup (json_node_get_string (id));
      else if (holds (id, G_TYPE_INT64))
        *async_id = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (id));
      return *async_id != NULL ? CRM_BATCH_TAKEN : CRM_BATCH_DOUBTFUL;

    case CRM_ANSWER_REJECTED:
      return answer->outcome->specific_code == NOT_SAVED ? CRM_BATCH_DOUBTFUL : CRM_BATCH_REFUSED;

    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_CLOCK:
    case CRM_ANSWER_NOT_SENT:
      return CRM_BATCH_PASSING;

    case CRM_ANSWER_NOT_A_CRM:
      /* A page of somebody else’s, or another address, says nothing of what the CRM has done. */
      return answer->outcome->http_status >= 400 || answer->outcome->error_code >= 400 ? CRM_BATCH_MISSED : CRM_BATCH_DOUBTFUL;

    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_UNCONFIRMED:
    default:
      return CRM_BATCH_DOUBTFUL;
    }
}

/**
 * crm_batch_call_read_progress:
 * @answer: the answer to `progress`
 *
 * Returns: percent; -1 when @answer doesn't say
 */
int
crm_batch_call_read_progress (const CrmAnswer *answer)
{
  JsonNode *progress = answer->outcome->klass == CRM_ANSWER_ACCEPTED ? get_member (answer->json, "progress") : NULL;
  double percent = -1;

  if (holds (progress, G_TYPE_INT64))
    percent = (double) json_node_get_int (progress);
  else if (holds (progress, G_TYPE_DOUBLE))
    percent = json_node_get_double (progress);
  else if (holds (progress, G_TYPE_STRING))
    {
      const char *text = json_node_get_string (progress);
      char *end;

      percent = g_ascii_strtod (text, &end);
      if (end == text || (*end != '\0' && !g_str_equal (end, "%")))
        percent = -1;
    }

  return percent >= 0 && percent <= 100 ? (int) percent : -1;
}

/**
 * crm_batch_call_is_unknown:
 * @answer: the answer to `progress` or `results`
 *
 * Returns: whether the CRM knows of no such batch, or no more
 */
gboolean
crm_batch_call_is_unknown (const CrmAnswer *answer)
{
  return answer->outcome->specific_code == NO_SUCH_BATCH || answer->outcome->specific_code == NO_SUCH_REQUEST;
}

/**
 * crm_batch_call_is_incomplete:
 * @answer: the answer to `progress` or `results`
 *
 * Returns: whether the CRM says that it is at it still
 */
gboolean
crm_batch_call_is_incomplete (const CrmAnswer *answer)
{
  return answer->outcome->specific_code == NOT_COMPLETED;
}

/**
 * crm_batch_call_read_results:
 * @answer: the answer to `results`
 * @bodies: (element-type GBytes): what was sent, in its order
 * @whole: (out): whether there is a result for each, none of them out of its place
 *
 * What is missing, not understandable, or the answer to something else becomes an answer of class unconfirmed. A list
 * that is too short or out of order is believed only where it repeats what was sent.
 *
 * Returns: (transfer full) (nullable) (element-type CrmAnswer): the answer to each of @bodies; %NULL: these are no results
 */
GPtrArray *
crm_batch_call_read_results (const CrmAnswer *answer,
                             GPtrArray       *bodies,
                             gboolean        *whole)
{
  JsonNode *results = answer->outcome->klass == CRM_ANSWER_ACCEPTED ? get_member (answer->json, "results") : NULL;
  g_autofree Echo *echoes = NULL;
  GPtrArray *answers;
  JsonArray *rows;
  guint n;

  *whole = FALSE;
  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results))
    return NULL;

  rows = json_node_get_array (results);
  n = json_array_get_length (rows);
  echoes = g_new0 (Echo, bodies->len);
  *whole = n == bodies->len;
  for (guint i = 0; i < MIN (n, bodies->len); i++)
    {
      echoes[i] = compare (json_array_get_element (rows, i), bodies->pdata[i]);
      *whole = *whole && echoes[i] != ECHO_CONTRADICTS;
    }

  answers = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_answer_free);
  for (guint i = 0; i < bodies->len; i++)
    if (i >= n || echoes[i] == ECHO_CONTRADICTS || (echoes[i] == ECHO_SILENT && !*whole))
      g_ptr_array_add (answers, fail (_("The CRM’s answer to the batch says nothing of this task")));
    else
      g_ptr_array_add (answers, read_response (json_array_get_element (rows, i)));

  return answers;
}

/* crm-answer.c: what an HTTP answer means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-answer.h"

#include "api/crm-answer-text.h"
#include "model/crm-error.h"
#include "model/crm-json-guard.h"

#include <string.h>

/* A code that is there, but is no number. */
#define NO_NUMBER -1

#define IS_2XX(status) ((status) >= 200 && (status) <= 299)
#define IS_5XX(status) ((status) >= 500 && (status) <= 599)

static gint64
read_code (JsonObject *object,
           const char *key)
{
  JsonNode *node = json_object_get_member (object, key);
  g_autofree char *text = NULL;
  gint64 code;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return 0;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node)) == 0 ? 0 : NO_NUMBER;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_size (json_node_get_object (node)) == 0 ? 0 : NO_NUMBER;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node) ? NO_NUMBER : 0;
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      double number = json_node_get_double (node);

      return ABS (number) < 1e15 && (gint64) number == number ? (gint64) number : NO_NUMBER;
    }

  text = g_strstrip (g_strdup (json_node_get_string (node)));
  if (*text == '\0')
    return 0;

  return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &code, NULL) ? code : NO_NUMBER;
}

static gboolean
is_true (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         && json_node_get_boolean (node);
}

/* The id of an accepted task; 0 if the answer's is absurd. */
static gint64
read_id (JsonObject *object,
         gint64      sent_id)
{
  JsonNode *node = json_object_get_member (object, "id");
  gint64 id;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;

  id = json_node_get_int (node);
  if (id <= 0 || (sent_id != 0 && id != sent_id))
    return 0;

  return id;
}

/* An `errorCode` without a known specificCode. */
static CrmAnswerClass
class_of_error_code (gint64 code)
{
  switch (code)
    {
    case 401:
    case 403:
    case 462:
    case 463:
      return CRM_ANSWER_ACCOUNT;
    case 404:
    case 405:
    case 406:
    case 501:
      return CRM_ANSWER_NOT_A_CRM;
    case 429:
      return CRM_ANSWER_THROTTLED;
    case 460:
    case 461:
      return CRM_ANSWER_TROUBLE;
    default:
      return IS_5XX (code) ? CRM_ANSWER_TROUBLE : CRM_ANSWER_REJECTED;
    }
}

/* A status of 400 or more, when the body has no code that decides. */
static CrmAnswerClass
class_of_status (guint    status,
                 gboolean is_json)
{
  if (status > 599)
    return CRM_ANSWER_UNCONFIRMED;
  if (status == 400)
    return CRM_ANSWER_REJECTED;

  if (class_of_error_code (status) == CRM_ANSWER_REJECTED)
    return is_json ? CRM_ANSWER_REJECTED : CRM_ANSWER_NOT_A_CRM;

  return class_of_error_code (status);
}

static CrmAnswerClass
classify_without_codes (CrmAnswer      *self,
                        CrmRequestKind  kind,
                        gint64          sent_id,
                        guint           status,
                        JsonNode       *root)
{
  JsonObject *object = json_node_get_object (root);
  JsonNode *success = json_object_get_member (object, "success");

  switch (kind)
    {
    case CRM_REQUEST_ADD:
    case CRM_REQUEST_UPDATE:
      if (is_true (success))
        {
          self->id = read_id (object, kind == CRM_REQUEST_UPDATE ? sent_id : 0);
          return self->id != 0 ? CRM_ANSWER_ACCEPTED : CRM_ANSWER_UNCONFIRMED;
        }
      break;

    case CRM_REQUEST_PING:
      if (IS_2XX (status))
        return CRM_ANSWER_ACCEPTED;
      break;

    case CRM_REQUEST_LIST:
      if (IS_2XX (status))
        {
          JsonNode *results = json_object_get_member (object, "results");

          if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results))
            return CRM_ANSWER_UNCONFIRMED;
          self->json = json_node_ref (root);
          return CRM_ANSWER_ACCEPTED;
        }
      break;

    case CRM_REQUEST_BATCH:
      if (IS_2XX (status) && (success == NULL || is_true (success)))
        {
          self->json = json_node_ref (root);
          return CRM_ANSWER_ACCEPTED;
        }
      break;

    default:
      g_assert_not_reached ();
    }

  if (success != NULL && !is_true (success))
    return CRM_ANSWER_UNCONFIRMED;

  return status >= 400 ? class_of_status (status, TRUE) : CRM_ANSWER_UNCONFIRMED;
}

static CrmAnswerClass
classify_object (CrmAnswer      *self,
                 CrmRequestKind  kind,
                 gint64          sent_id,
                 guint           status,
                 JsonNode       *root)
{
  JsonObject *object = json_node_get_object (root);
  gint64 specific_code = read_code (object, "specificCode");
  gint64 error_code = read_code (object, "errorCode");
  CrmAnswerClass klass;

  self->outcome->specific_code = specific_code;
  self->outcome->error_code = error_code;
  self->outcome->message = crm_answer_text_from_node (json_object_get_member (object, "message"));
  self->outcome->additional_messages
      = crm_answer_text_from_list (json_object_get_member (object, "additionalMessages"));

  if (specific_code == 0 && error_code == 0)
    return classify_without_codes (self, kind, sent_id, status, root);

  if (is_true (json_object_get_member (object, "success")))
    return CRM_ANSWER_UNCONFIRMED;

  if (crm_specific_code_lookup (specific_code, &klass, NULL))
    return klass;

  if (error_code != 0)
    return class_of_error_code (error_code);

  if (status >= 400)
    return class_of_status (status, TRUE);

  return IS_2XX (status) ? CRM_ANSWER_REJECTED : CRM_ANSWER_UNCONFIRMED;
}

static const char *
skip_mark (const char *at,
           const char *mark)
{
  if (at == NULL)
    return NULL;

  while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
    at++;

  return strncmp (at, mark, strlen (mark)) == 0 ? at + strlen (mark) : NULL;
}

/* What nearly every answer to a task is, to the letter and with nothing else in it: {"success": true, "id": 755}. Anything that
 * differs is read with more care. Returns 0 then. */
static gint64
read_plain_success (GBytes *body)
{
  char text[64];
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  const char *at, *number;

  if (size >= sizeof text)
    return 0;

  memcpy (text, data, size);
  text[size] = '\0';
  at = skip_mark (skip_mark (skip_mark (skip_mark (text, "{"), "\"success\""), ":"), "true");
  number = skip_mark (skip_mark (skip_mark (skip_mark (at, ","), "\"id\""), ":"), "");
  if (number == NULL || *number < '1' || *number > '9')
    return 0;

  /* 18 digits are no number too large. */
  at = number + strspn (number, "0123456789");
  if (at - number > 18 || (at = skip_mark (skip_mark (at, "}"), "")) == NULL || at != text + size)
    return 0;

  return g_ascii_strtoll (number, NULL, 10);
}

static CrmAnswerClass
classify (CrmAnswer               *self,
          CrmRequestKind           kind,
          gint64                   sent_id,
          const CrmTransportReply *reply)
{
  gboolean is_declared = crm_answer_text_declares_json (reply->content_type);
  gboolean is_empty = reply->body == NULL || g_bytes_get_size (reply->body) == 0;
  g_autoptr (JsonNode) root = NULL;

  if (reply->status >= 300 && reply->status <= 399)
    return CRM_ANSWER_NOT_A_CRM;

  if ((kind == CRM_REQUEST_ADD || kind == CRM_REQUEST_UPDATE) && !is_empty && is_declared && reply->status != 429)
    {
      gint64 id = read_plain_success (reply->body);

      if (id != 0 && (kind == CRM_REQUEST_ADD || id == sent_id))
        {
          self->id = id;
          return CRM_ANSWER_ACCEPTED;
        }
    }

  if (!is_empty && is_declared)
    root = crm_json_guard_parse (reply->body);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      CrmAnswerClass klass = classify_object (self, kind, sent_id, reply->status, root);

      return reply->status == 429 ? CRM_ANSWER_THROTTLED : klass;
    }

  if (reply->status == 429)
    return CRM_ANSWER_THROTTLED;

  if (!is_empty && !is_declared && reply->status < 500)
    return CRM_ANSWER_NOT_A_CRM;

  return reply->status >= 400 ? class_of_status (reply->status, FALSE) : CRM_ANSWER_UNCONFIRMED;
}

/**
 * crm_answer_from_reply:
 * @kind: what was asked
 * @sent_id: the CRM id that an update was sent for; else 0
 * @reply: the whole reply
 *
 * Decides by API.md §1 what @reply means. Pure, but that a Retry-After which is a date, in a reply without
 * Date, is counted from the local clock. Any thread.
 *
 * Returns: (transfer full): the answer
 */
CrmAnswer *
crm_answer_from_reply (CrmRequestKind           kind,
                       gint64                   sent_id,
                       const CrmTransportReply *reply)
{
  CrmAnswer *self;
  CrmAnswerClass klass;

  g_return_val_if_fail (reply != NULL, NULL);
  g_return_val_if_fail (kind != CRM_REQUEST_UPDATE || sent_id > 0, NULL);

  self = g_new0 (CrmAnswer, 1);
  self->outcome = crm_problem_new (CRM_ANSWER_UNCONFIRMED);
  self->outcome->http_status = reply->status;
  self->written = TRUE;
  self->server_time = crm_answer_text_date (reply->date);
  self->retry_after = crm_answer_text_retry_after (
      reply->retry_after, self->server_time != 0 ? self->server_time : g_get_real_time () / G_USEC_PER_SEC);
  self->raw = crm_answer_text_raw (reply->body);

  klass = classify (self, kind, sent_id, reply);
  if (kind == CRM_REQUEST_PING && klass == CRM_ANSWER_UNCONFIRMED && IS_2XX (reply->status))
    klass = CRM_ANSWER_NOT_A_CRM;

  if (klass != CRM_ANSWER_ACCEPTED)
    {
      self->id = 0;
      g_clear_pointer (&self->json, json_node_unref);
    }
  self->outcome->klass = klass;

  return self;
}

/**
 * crm_answer_from_error:
 * @error: why a transport has no reply
 *
 * An error of another domain than %CRM_TRANSPORT_ERROR says nothing about what was written: it counts as
 * cut off. Any thread.
 *
 * Returns: (transfer full): an answer of class not-sent or unconfirmed, with the words of @error
 */
CrmAnswer *
crm_answer_from_error (const GError *error)
{
  CrmAnswer *self;
  gboolean not_sent;

  g_return_val_if_fail (error != NULL, NULL);

  not_sent = g_error_matches (error, CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_NOT_SENT);

  self = g_new0 (CrmAnswer, 1);
  self->outcome = crm_problem_new (not_sent ? CRM_ANSWER_NOT_SENT : CRM_ANSWER_UNCONFIRMED);
  self->outcome->message = g_strdup (error->message);
  self->written = !not_sent;
  self->retry_after = -1;

  return self;
}

/**
 * crm_answer_free:
 * @self: (transfer full) (nullable): an answer
 */
void
crm_answer_free (CrmAnswer *self)
{
  if (self == NULL)
    return;

  crm_problem_free (self->outcome);
  g_free (self->raw);
  g_clear_pointer (&self->json, json_node_unref);
  g_free (self);
}

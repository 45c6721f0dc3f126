/* crm-practice-answer.c: an HTTP answer before it is sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-answer.h"

#include "practice/crm-practice-json.h"

#include <string.h>

#define JSON_TYPE "application/json"
#define HUGE_PADDING (1024 * 1024 + 1)

static CrmPracticeAnswer *
spoil_status (const CrmPracticeFault *fault,
              gboolean                own_status)
{
  CrmPracticeAnswer *answer;

  /* 429 and server errors come from what stands before a CRM as well: they never hide under another status. */
  answer = crm_practice_answer_new_refusal (crm_practice_refusal_new_for_status (fault->number),
                                            own_status || fault->number == 429 || fault->number >= 500);
  answer->retry_after = g_strdup (fault->text);

  return answer;
}

static CrmPracticeAnswer *
spoil_redirect (const CrmPracticeFault *fault,
                const char             *address)
{
  CrmPracticeAnswer *answer = crm_practice_answer_new (307, "text/html", g_strdup ("<p>Moved</p>\n"));

  answer->location = fault->text != NULL ? g_strdup (fault->text) : g_strconcat (address, "/moved", NULL);
  return answer;
}

static CrmPracticeAnswer *
spoil_huge (CrmPracticeAnswer *self)
{
  g_autofree char *padding = g_strnfill (HUGE_PADDING, 'x');
  const char *members = self->body != NULL && self->body[0] == '{' ? self->body + 1 : "}";

  return crm_practice_answer_new (self->status, JSON_TYPE,
                                  g_strconcat ("{\"padding\":\"", padding, "\"", members[0] == '}' ? "" : ",",
                                               members, NULL));
}

static void
spoil_results (CrmPracticeAnswer    *self,
               CrmPracticeFaultKind  kind)
{
  JsonNode *root = json_from_string (self->body, NULL);
  JsonNode *results = NULL;
  JsonArray *rows;

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    results = json_object_get_member (json_node_get_object (root), "results");
  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results))
    {
      g_clear_pointer (&root, json_node_unref);
      return;
    }

  rows = json_node_get_array (results);
  if (kind == CRM_PRACTICE_FAULT_SHORT && json_array_get_length (rows) > 0)
    json_array_remove_element (rows, json_array_get_length (rows) - 1);
  else if (kind == CRM_PRACTICE_FAULT_SWAPPED && json_array_get_length (rows) > 1)
    {
      JsonArray *swapped = json_array_new ();

      for (guint i = 0; i < json_array_get_length (rows); i++)
        json_array_add_element (swapped, json_array_dup_element (rows, i < 2 ? 1 - i : i));
      json_object_set_array_member (json_node_get_object (root), "results", swapped);
    }

  g_free (self->body);
  self->body = crm_practice_json_print (root);
}

/**
 * crm_practice_answer_new:
 * @status: the HTTP status
 * @content_type: (nullable): the media type, or %NULL for no such header
 * @body: (transfer full): the body
 *
 * Returns: (transfer full): an answer
 */
CrmPracticeAnswer *
crm_practice_answer_new (guint       status,
                         const char *content_type,
                         char       *body)
{
  CrmPracticeAnswer *self = g_new0 (CrmPracticeAnswer, 1);

  self->status = status;
  self->content_type = g_strdup (content_type);
  self->body = body;

  return self;
}

/**
 * crm_practice_answer_new_refusal:
 * @refusal: (transfer full): an error
 * @own_status: whether it arrives under its own HTTP status, not under 200
 *
 * Returns: (transfer full): an answer
 */
CrmPracticeAnswer *
crm_practice_answer_new_refusal (CrmPracticeRefusal *refusal,
                                 gboolean            own_status)
{
  CrmPracticeAnswer *self = crm_practice_answer_new (own_status ? refusal->error_code : 200, JSON_TYPE,
                                                     crm_practice_refusal_to_json (refusal));

  crm_practice_refusal_free (refusal);
  return self;
}

/**
 * crm_practice_answer_free:
 * @self: an answer
 */
void
crm_practice_answer_free (CrmPracticeAnswer *self)
{
  g_free (self->content_type);
  g_free (self->body);
  g_free (self->retry_after);
  g_free (self->location);
  g_free (self);
}

/**
 * crm_practice_answer_spoil:
 * @self: (transfer full) (nullable): what would have been answered, or %NULL when the request was not looked at
 * @fault: what to make of it
 * @own_status: whether errors arrive under their own HTTP status
 * @address: the server's address
 *
 * Returns: (transfer full): what is answered instead
 */
CrmPracticeAnswer *
crm_practice_answer_spoil (CrmPracticeAnswer      *self,
                           const CrmPracticeFault *fault,
                           gboolean                own_status,
                           const char             *address)
{
  g_autoptr (CrmPracticeAnswer) answer = self;
  CrmPracticeRefusal *refusal;

  if (answer == NULL)
    answer = crm_practice_answer_new (200, JSON_TYPE, g_strdup ("{\"success\":true,\"id\":1}"));

  switch (fault->kind)
    {
    case CRM_PRACTICE_FAULT_CUT:
      answer->ending = g_strcmp0 (fault->text, "reset") == 0 ? CRM_PRACTICE_ENDING_RESET : CRM_PRACTICE_ENDING_CUT;
      break;
    case CRM_PRACTICE_FAULT_TRUNCATED:
      answer->ending = CRM_PRACTICE_ENDING_TRUNCATED;
      break;
    case CRM_PRACTICE_FAULT_HTML:
      return crm_practice_answer_new (200, "text/html",
                                      g_strdup ("<!DOCTYPE html>\n<title>Welcome</title>\n<p>It works!</p>\n"));
    case CRM_PRACTICE_FAULT_REDIRECT:
      return spoil_redirect (fault, address);
    case CRM_PRACTICE_FAULT_STATUS:
      return spoil_status (fault, own_status);
    case CRM_PRACTICE_FAULT_SPECIFIC:
      refusal = crm_practice_refusal_new_for (fault->number);
      if (fault->number == 24394)
        crm_practice_refusal_add (refusal, "The task could not be saved");
      return crm_practice_answer_new_refusal (refusal, own_status);
    case CRM_PRACTICE_FAULT_EMPTY:
      return crm_practice_answer_new (200, JSON_TYPE, g_strdup (""));
    case CRM_PRACTICE_FAULT_MALFORMED:
      return crm_practice_answer_new (200, JSON_TYPE, g_strdup ("{\"success\": true, \"id\": }"));
    case CRM_PRACTICE_FAULT_ID_ABSURD:
      return crm_practice_answer_new (200, JSON_TYPE, g_strdup_printf ("{\"success\":true,\"id\":%s}", fault->text));
    case CRM_PRACTICE_FAULT_SUCCESS_FALSE:
      return crm_practice_answer_new (200, JSON_TYPE, g_strdup ("{\"success\":false}"));
    case CRM_PRACTICE_FAULT_HUGE:
      return spoil_huge (answer);
    case CRM_PRACTICE_FAULT_RAW:
      return crm_practice_answer_new (fault->number, fault->content_type[0] != '\0' ? fault->content_type : NULL,
                                      g_strdup (fault->text));
    case CRM_PRACTICE_FAULT_SHORT:
    case CRM_PRACTICE_FAULT_SWAPPED:
      spoil_results (answer, fault->kind);
      break;
    case CRM_PRACTICE_FAULT_DELAY:
    case CRM_PRACTICE_FAULT_DELAY_AFTER:
    case CRM_PRACTICE_FAULT_REFUSE:
    case CRM_PRACTICE_FAULT_CLOSE_IDLE:
    default:
      break;
    }

  return g_steal_pointer (&answer);
}

/* crm-practice-refusal.c: an error as the CRM words it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-refusal.h"

#include "practice/crm-practice-json.h"

static const struct
{
  guint       code;
  guint       error_code;
  const char *message;
} specific_codes[] = {
  { 23005, 401, "Request is stale" },
  { 23016, 400, "The request does not validate" },
  { 23017, 400, "A required key is missing" },
  { 24091, 400, "The batch could not be saved" },
  { 24092, 400, "A job of the batch is not valid" },
  { 24093, 400, "A parameter is empty" },
  { 24105, 400, "There is no such request" },
  { 24114, 400, "The batch is not completed" },
  { 24115, 400, "There is no such batch" },
  { 24389, 400, "The lead/opportunity does not exist" },
  { 24390, 400, "The contact does not exist" },
  { 24391, 400, "The company does not exist" },
  { 24392, 400, "The task does not exist" },
  { 24393, 500, "An error has occurred" },
  { 24394, 400, "The data was valid but some other error came up, see additional messages" },
  { 24395, 400, "The request contains invalid data" },
  { 24396, 400, "A task belongs to either contact, company or opportunity/lead" },
  { 24448, 400, "A batch has 200 jobs at most" },
};

static const struct
{
  guint       code;
  const char *message;
} error_codes[] = {
  { 400, "Bad request" },
  { 401, "Unauthorized" },
  { 403, "Forbidden" },
  { 404, "Not found" },
  { 405, "Method not allowed" },
  { 406, "Not acceptable" },
  { 429, "Too many requests" },
  { 460, "Unknown error" },
  { 461, "Failed request" },
  { 462, "Session expired" },
  { 463, "The API key was revoked" },
  { 500, "Internal server error" },
  { 501, "Not implemented" },
  { 503, "Service unavailable" },
};

/**
 * crm_practice_refusal_new:
 * @error_code: the `errorCode`
 * @message: what is said
 *
 * Returns: (transfer full): an error without a `specificCode`
 */
CrmPracticeRefusal *
crm_practice_refusal_new (guint       error_code,
                          const char *message)
{
  CrmPracticeRefusal *self = g_new0 (CrmPracticeRefusal, 1);

  self->error_code = error_code;
  self->message = g_strdup (message);
  self->additional = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/**
 * crm_practice_refusal_new_for:
 * @specific_code: a `specificCode`
 *
 * Returns: (transfer full): the error of that code, with its usual words
 */
CrmPracticeRefusal *
crm_practice_refusal_new_for (guint specific_code)
{
  CrmPracticeRefusal *self = crm_practice_refusal_new (400, "The request failed");

  self->specific_code = specific_code;
  for (guint i = 0; i < G_N_ELEMENTS (specific_codes); i++)
    {
      if (specific_codes[i].code == specific_code)
        {
          self->error_code = specific_codes[i].error_code;
          crm_practice_refusal_set_message (self, "%s", specific_codes[i].message);
        }
    }

  return self;
}

/**
 * crm_practice_refusal_new_for_status:
 * @error_code: an `errorCode`
 *
 * Returns: (transfer full): the error of that code, with its usual words
 */
CrmPracticeRefusal *
crm_practice_refusal_new_for_status (guint error_code)
{
  for (guint i = 0; i < G_N_ELEMENTS (error_codes); i++)
    if (error_codes[i].code == error_code)
      return crm_practice_refusal_new (error_code, error_codes[i].message);

  return crm_practice_refusal_new (error_code, "The request failed");
}

/**
 * crm_practice_refusal_free:
 * @self: an error
 */
void
crm_practice_refusal_free (CrmPracticeRefusal *self)
{
  g_free (self->message);
  g_ptr_array_unref (self->additional);
  g_free (self);
}

/**
 * crm_practice_refusal_add:
 * @self: an error
 * @format: one more of its `additionalMessages`
 */
void
crm_practice_refusal_add (CrmPracticeRefusal *self,
                          const char         *format,
                          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->additional, g_strdup_vprintf (format, args));
  va_end (args);
}

/**
 * crm_practice_refusal_set_message:
 * @self: an error
 * @format: its `message`
 */
void
crm_practice_refusal_set_message (CrmPracticeRefusal *self,
                                  const char         *format,
                                  ...)
{
  va_list args;

  g_free (self->message);
  va_start (args, format);
  self->message = g_strdup_vprintf (format, args);
  va_end (args);
}

/**
 * crm_practice_refusal_is_known:
 * @specific_code: a number
 *
 * Returns: whether the API description lists @specific_code
 */
gboolean
crm_practice_refusal_is_known (guint specific_code)
{
  for (guint i = 0; i < G_N_ELEMENTS (specific_codes); i++)
    if (specific_codes[i].code == specific_code)
      return TRUE;

  return FALSE;
}

/**
 * crm_practice_refusal_to_json:
 * @self: an error
 *
 * Returns: (transfer full): the body of the answer
 */
char *
crm_practice_refusal_to_json (CrmPracticeRefusal *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_node_init_object (node, object);
  json_object_set_int_member (object, "errorCode", self->error_code);
  json_object_set_string_member (object, "message", self->message);

  if (self->specific_code != 0)
    json_object_set_int_member (object, "specificCode", self->specific_code);

  if (self->additional->len > 0)
    {
      JsonArray *messages = json_array_new ();

      for (guint i = 0; i < self->additional->len; i++)
        json_array_add_string_element (messages, g_ptr_array_index (self->additional, i));
      json_object_set_array_member (object, "additionalMessages", messages);
    }

  json_object_unref (object);
  return crm_practice_json_print (node);
}

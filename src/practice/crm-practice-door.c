/* crm-practice-door.c: the unsigned door by which tests in other processes set faults and look inside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-server-private.h"

#include <string.h>

#define DOOR_PATH "/practice/"
#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain"

static CrmPracticeAnswer *
answer_error (GError *error)
{
  return crm_practice_answer_new (400, TEXT_TYPE, g_strconcat (error->message, "\n", NULL));
}

/* Refusing must not begin before the door itself has answered, and must end by itself: nobody could clear it. */
static gboolean
add_fault_line (CrmPracticeServer  *self,
                const char         *line,
                guint              *refuse_for,
                GError            **error)
{
  g_autoptr (CrmPracticeFault) fault = crm_practice_fault_parse (line, error);

  if (fault == NULL)
    return FALSE;

  if (fault->kind == CRM_PRACTICE_FAULT_REFUSE && fault->number == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "refuse needs a time in milliseconds here: refuse=MS");
      return FALSE;
    }

  if (fault->kind == CRM_PRACTICE_FAULT_REFUSE && fault->after == 0)
    {
      *refuse_for = fault->number;
      return TRUE;
    }

  return crm_practice_server_add_fault (self, line, error);
}

static CrmPracticeAnswer *
answer_lines (CrmPracticeServer *self,
              SoupServerMessage *message,
              gboolean           faults,
              guint             *refuse_for)
{
  g_autoptr (GBytes) bytes = soup_message_body_flatten (soup_server_message_get_request_body (message));
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = length > 0 ? g_strndup (data, length) : g_strdup ("");
  g_auto (GStrv) lines = g_strsplit (g_strstrip (text), "\n", 0);
  g_autoptr (GError) error = NULL;

  if (faults && lines[0] == NULL)
    crm_practice_server_clear_faults (self);

  for (guint i = 0; lines[i] != NULL && error == NULL; i++)
    {
      g_strstrip (lines[i]);
      if (lines[i][0] == '\0')
        continue;
      if (faults)
        add_fault_line (self, lines[i], refuse_for, &error);
      else
        crm_practice_server_set_option (self, lines[i], &error);
    }

  return error != NULL ? answer_error (error) : crm_practice_answer_new (200, TEXT_TYPE, g_strdup ("ok\n"));
}

/**
 * crm_practice_door_is_for:
 * @message: a request
 *
 * Returns: whether @message is for the door, not for the CRM
 */
gboolean
crm_practice_door_is_for (SoupServerMessage *message)
{
  return g_str_has_prefix (g_uri_get_path (soup_server_message_get_uri (message)), DOOR_PATH);
}

/**
 * crm_practice_door_answer:
 * @self: a server
 * @message: a request for the door
 * @refuse_for: set to the milliseconds to refuse connections for, once this is answered
 *
 * `POST /practice/faults` adds a fault for each line, or clears them when there is none; `POST /practice/settings`
 * sets an option for each line (see crm_practice_server_set_option()); `GET /practice/tasks` and
 * `GET /practice/requests` answer JSON arrays. Nothing a web page sends is let in.
 *
 * Returns: (transfer full): the answer
 */
CrmPracticeAnswer *
crm_practice_door_answer (CrmPracticeServer *self,
                          SoupServerMessage *message,
                          guint             *refuse_for)
{
  const char *what = g_uri_get_path (soup_server_message_get_uri (message)) + strlen (DOOR_PATH);
  const char *method = soup_server_message_get_method (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_one (headers, "Origin") != NULL)
    return crm_practice_answer_new (403, TEXT_TYPE, g_strdup ("not for web pages\n"));

  if (method == SOUP_METHOD_POST && strcmp (what, "faults") == 0)
    return answer_lines (self, message, TRUE, refuse_for);
  if (method == SOUP_METHOD_POST && strcmp (what, "settings") == 0)
    return answer_lines (self, message, FALSE, refuse_for);
  if (method == SOUP_METHOD_GET && strcmp (what, "tasks") == 0)
    return crm_practice_answer_new (200, JSON_TYPE, crm_practice_server_dup_tasks (self));
  if (method == SOUP_METHOD_GET && strcmp (what, "requests") == 0)
    return crm_practice_answer_new (200, JSON_TYPE, crm_practice_server_dup_requests (self));

  return crm_practice_answer_new (404, TEXT_TYPE, g_strdup ("no such door\n"));
}

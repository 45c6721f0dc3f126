/* practice-client.c: a small client of the practice CRM that signs by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice-client.h"

#include <glib/gstdio.h>
#include <string.h>

#define KEY CRM_PRACTICE_KEY
#define SECRET CRM_PRACTICE_SECRET

typedef struct
{
  GBytes  *bytes;
  GError  *error;
  gboolean done;
} Pending;

static void
on_sent (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Pending *pending = user_data;

  pending->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &pending->error);
  pending->done = TRUE;
}

PracticeClient *
practice_client_new_for (const char *address)
{
  PracticeClient *self = g_new0 (PracticeClient, 1);

  self->address = g_strdup (address);
  self->session = soup_session_new_with_options ("timeout", 20, "max-conns-per-host", 8, NULL);

  return self;
}

PracticeClient *
practice_client_new (const char *state_file)
{
  g_autoptr (CrmPracticeServer) server = crm_practice_server_new (state_file, KEY, SECRET);
  g_autoptr (GError) error = NULL;
  PracticeClient *self;

  crm_practice_server_start (server, 0, &error);
  g_assert_no_error (error);

  self = practice_client_new_for (crm_practice_server_get_address (server));
  self->server = g_steal_pointer (&server);

  return self;
}

void
practice_client_free (PracticeClient *self)
{
  soup_session_abort (self->session);
  g_assert_finalize_object (self->session);
  if (self->server != NULL)
    {
      crm_practice_server_stop (self->server);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      g_assert_finalize_object (self->server);
    }
  g_free (self->address);
  g_free (self);
}

SoupMessage *
practice_client_build (PracticeClient *self,
                       const char     *target,
                       const char     *body)
{
  g_autofree char *uri = g_strconcat (self->address, target, NULL);
  g_autofree char *md5 = g_compute_checksum_for_string (G_CHECKSUM_MD5, body, -1);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (g_get_real_time () / G_USEC_PER_SEC + self->date_shift);
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  g_autofree char *mixed = g_strdup_printf ("POST%sapplication/json%s1.0ivvydate=%s", md5, target, date);
  g_autofree char *string = g_ascii_strdown (mixed, -1);
  g_autofree char *signature = g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) SECRET, strlen (SECRET),
                                                          string, -1);
  g_autofree char *authorization = g_strdup_printf ("IWS %s:%s", KEY, signature);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  SoupMessage *message = soup_message_new ("POST", uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  soup_message_headers_replace (headers, "Content-MD5", md5);
  soup_message_headers_replace (headers, "IVVY-Date", date);
  soup_message_headers_replace (headers, "X-Api-Version", "1.0");
  soup_message_headers_replace (headers, "X-Api-Authorization", authorization);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);

  return message;
}

/* Takes @message. */
PracticeAnswer *
practice_client_send (PracticeClient *self,
                      SoupMessage    *message)
{
  PracticeAnswer *answer = g_new0 (PracticeAnswer, 1);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  g_autoptr (JsonNode) node = NULL;
  Pending pending = { 0, };
  const char *date;

  soup_session_send_and_read_async (self->session, message, G_PRIORITY_DEFAULT, NULL, on_sent, &pending);
  while (!pending.done)
    g_main_context_iteration (NULL, TRUE);

  answer->error = pending.error;
  answer->status = soup_message_get_status (message);
  answer->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  answer->retry_after = g_strdup (soup_message_headers_get_one (headers, "Retry-After"));
  answer->location = g_strdup (soup_message_headers_get_one (headers, "Location"));
  date = soup_message_headers_get_one (headers, "Date");
  answer->date = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  if (pending.bytes != NULL)
    {
      answer->length = g_bytes_get_size (pending.bytes);
      answer->body = answer->length > 0 ? g_strndup (g_bytes_get_data (pending.bytes, NULL), answer->length)
                                        : g_strdup ("");
      node = answer->length > 0 ? json_from_string (answer->body, NULL) : NULL;
      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        answer->json = json_node_dup_object (node);
    }

  g_clear_pointer (&pending.bytes, g_bytes_unref);
  g_object_unref (message);

  return answer;
}

PracticeAnswer *
practice_client_call (PracticeClient *self,
                      const char     *target,
                      const char     *body)
{
  return practice_client_send (self, practice_client_build (self, target, body));
}

gint64
practice_client_add (PracticeClient *self,
                     const char     *body)
{
  g_autoptr (PracticeAnswer) answer = practice_client_call (self, ADD, body);

  g_assert_no_error (answer->error);
  if (answer->json == NULL || !json_object_has_member (answer->json, "success"))
    g_error ("%s was answered %s", body, answer->body);

  return practice_answer_get_int (answer, "id");
}

void
practice_client_fault (PracticeClient *self,
                       const char     *spec)
{
  g_autoptr (GError) error = NULL;

  crm_practice_server_add_fault (self->server, spec, &error);
  g_assert_no_error (error);
}

void
practice_answer_free (PracticeAnswer *answer)
{
  g_clear_error (&answer->error);
  g_free (answer->content_type);
  g_free (answer->retry_after);
  g_free (answer->location);
  g_clear_pointer (&answer->date, g_date_time_unref);
  g_free (answer->body);
  g_clear_pointer (&answer->json, json_object_unref);
  g_free (answer);
}

gint64
practice_answer_get_int (const PracticeAnswer *answer,
                         const char           *key)
{
  g_assert_nonnull (answer->json);
  return json_object_get_int_member_with_default (answer->json, key, 0);
}

/* @message: one of the additional messages or the message itself, or %NULL for any. */
void
practice_answer_assert_error (const PracticeAnswer *answer,
                              gint64                error_code,
                              gint64                specific_code,
                              const char           *message)
{
  gboolean found = message == NULL;

  g_assert_no_error (answer->error);
  g_assert_nonnull (answer->json);
  if (practice_answer_get_int (answer, "specificCode") != specific_code)
    g_error ("answered %s, not %d", answer->body, (int) specific_code);
  g_assert_cmpint (practice_answer_get_int (answer, "errorCode"), ==, error_code);

  found = found || g_strcmp0 (json_object_get_string_member (answer->json, "message"), message) == 0;
  if (!found && json_object_has_member (answer->json, "additionalMessages"))
    {
      JsonArray *messages = json_object_get_array_member (answer->json, "additionalMessages");

      for (guint i = 0; i < json_array_get_length (messages); i++)
        found = found || strcmp (json_array_get_string_element (messages, i), message) == 0;
    }

  if (!found)
    g_error ("“%s” is not in %s", message, answer->body);
}

char *
practice_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("practice-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
practice_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }

  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

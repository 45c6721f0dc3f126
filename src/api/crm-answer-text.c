/* crm-answer-text.c: a server's words and headers, made fit to keep and show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-answer-text.h"

#include "model/crm-shown-text.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_MESSAGE_SIZE 4096
#define MAX_MESSAGES 50
#define MAX_RAW_SIZE (64 * 1024)
#define MAX_RETRY_AFTER 3600

/* Cuts @text between characters. */
static char *
cap (char  *text,
     gsize  size)
{
  if (strlen (text) > size)
    {
      const char *end = g_utf8_find_prev_char (text, text + size + 1);

      text[end - text] = '\0';
    }

  return text;
}

static char *
clean (const char *text)
{
  return cap (crm_shown_text (text), MAX_MESSAGE_SIZE);
}

/**
 * crm_answer_text_from_node:
 * @node: (nullable): a message in an answer
 *
 * Returns: (transfer full) (nullable): a text or a number as at most 4 KiB of text, as
 *   crm_shown_text() shows it; %NULL for anything else. Any thread.
 */
char *
crm_answer_text_from_node (JsonNode *node)
{
  GType type;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  type = json_node_get_value_type (node);
  if (type == G_TYPE_STRING)
    return clean (json_node_get_string (node));
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (type == G_TYPE_DOUBLE)
    {
      char buffer[G_ASCII_DTOSTR_BUF_SIZE];

      return g_strdup (g_ascii_dtostr (buffer, sizeof buffer, json_node_get_double (node)));
    }

  return NULL;
}

/**
 * crm_answer_text_from_list:
 * @node: (nullable): an answer's `additionalMessages`
 *
 * Returns: (transfer full) (nullable): the first 50 texts and numbers of an array, or a text that is none;
 *   %NULL if there are none. Any thread.
 */
GStrv
crm_answer_text_from_list (JsonNode *node)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  char *text;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array) && texts->len < MAX_MESSAGES; i++)
        if ((text = crm_answer_text_from_node (json_array_get_element (array, i))) != NULL)
          g_ptr_array_add (texts, text);
    }
  else if ((text = crm_answer_text_from_node (node)) != NULL)
    {
      g_ptr_array_add (texts, text);
    }

  if (texts->len == 0)
    return NULL;

  g_ptr_array_add (texts, NULL);

  return (GStrv) g_ptr_array_steal (texts, NULL);
}

/**
 * crm_answer_text_raw:
 * @body: (nullable): what a server sent
 *
 * Returns: (transfer full) (nullable): at most 64 KiB of it as valid UTF-8; %NULL if it is empty. Any thread.
 */
char *
crm_answer_text_raw (GBytes *body)
{
  gsize size = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size) : NULL;

  if (size == 0)
    return NULL;

  return cap (g_utf8_make_valid (data, MIN (size, MAX_RAW_SIZE)), MAX_RAW_SIZE);
}

/**
 * crm_answer_text_date:
 * @header: (nullable): a header that holds an HTTP date
 *
 * Returns: seconds since 1970, UTC; 0: there is none. Any thread.
 */
gint64
crm_answer_text_date (const char *header)
{
  g_autoptr (GDateTime) date = header != NULL ? soup_date_time_new_from_http_string (header) : NULL;

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

/**
 * crm_answer_text_retry_after:
 * @header: (nullable): a header Retry-After, in seconds or as an HTTP date
 * @now: what such a date is counted from, seconds since 1970, UTC
 *
 * Returns: seconds to wait, 0 to 3600; -1: none are said. Any thread.
 */
gint64
crm_answer_text_retry_after (const char *header,
                             gint64      now)
{
  g_autofree char *text = g_strstrip (g_strdup (header != NULL ? header : ""));
  gint64 date;

  if (*text == '\0')
    return -1;

  if (strspn (text, "0123456789") == strlen (text))
    return MIN (g_ascii_strtoull (text, NULL, 10), MAX_RETRY_AFTER);

  date = crm_answer_text_date (text);

  return date != 0 ? CLAMP (date - now, 0, MAX_RETRY_AFTER) : -1;
}

/**
 * crm_answer_text_declares_json:
 * @content_type: (nullable): a header Content-Type
 *
 * Returns: whether it is `application/json`, or any type that ends in `+json`. Any thread.
 */
gboolean
crm_answer_text_declares_json (const char *content_type)
{
  g_autofree char *type = NULL;

  if (content_type == NULL)
    return FALSE;

  type = g_ascii_strdown (content_type, strcspn (content_type, ";"));
  g_strstrip (type);

  return strcmp (type, "application/json") == 0 ||
         (strchr (type, '/') != NULL && g_str_has_suffix (type, "+json"));
}

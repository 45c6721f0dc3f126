/* crm-body-log.c: what was sent and answered, for who looks for a fault
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-body-log.h"

#include "model/crm-json-guard.h"

#include <json-glib/json-glib.h>

static JsonNode *redact (JsonNode   *node,
                         const char *key);

/* Texts that say nothing of anybody. */
static gboolean
may_be_told (const char *key)
{
  static const char *const keys[] = { "createdDate", "endDatetime", "modifiedDate", "priority", NULL };

  return key != NULL && g_strv_contains (keys, key);
}

static void
redact_member (JsonObject *object,
               const char *name,
               JsonNode   *member,
               gpointer    user_data)
{
  json_object_set_member (user_data, name, redact (member, name));
}

static void
redact_element (JsonArray *array,
                guint      index,
                JsonNode  *element,
                gpointer   user_data)
{
  json_array_add_element (user_data, redact (element, NULL));
}

static JsonNode *
redact_text (const char *text)
{
  g_autofree char *words = g_strdup_printf ("(%ld characters)", g_utf8_strlen (text, -1));
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, words);
  return node;
}

static JsonNode *
redact (JsonNode   *node,
        const char *key)
{
  JsonNode *copy;

  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      copy = json_node_new (JSON_NODE_OBJECT);
      json_node_take_object (copy, json_object_new ());
      json_object_foreach_member (json_node_get_object (node), redact_member, json_node_get_object (copy));
      return copy;

    case JSON_NODE_ARRAY:
      copy = json_node_new (JSON_NODE_ARRAY);
      json_node_take_array (copy, json_array_new ());
      json_array_foreach_element (json_node_get_array (node), redact_element, json_node_get_array (copy));
      return copy;

    case JSON_NODE_VALUE:
      if (json_node_get_value_type (node) == G_TYPE_STRING && !may_be_told (key))
        return redact_text (json_node_get_string (node));
      return json_node_copy (node);

    case JSON_NODE_NULL:
    default:
      return json_node_copy (node);
    }
}

/**
 * crm_body_redact:
 * @body: a request's or an answer's body, any bytes
 *
 * Numbers, keys and dates are left as they are; of any other text only its length is told, for it may speak of people.
 *
 * Returns: (transfer full): JSON on one line, or how long what is no JSON was. Any thread.
 */
char *
crm_body_redact (GBytes *body)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (JsonNode) redacted = NULL;

  g_return_val_if_fail (body != NULL, NULL);

  root = crm_json_guard_parse (body);
  if (root == NULL)
    return g_strdup_printf ("(%" G_GSIZE_FORMAT " bytes)", g_bytes_get_size (body));

  redacted = redact (root, NULL);
  return crm_json_guard_write (redacted, FALSE);
}

/**
 * crm_body_log:
 * @sent: what was sent
 * @answered: (nullable): what came back
 *
 * Logs both, redacted, when %CRM_LOG_BODIES is set in the environment and messages of this domain are wanted.
 */
void
crm_body_log (GBytes *sent,
              GBytes *answered)
{
  g_autofree char *out = NULL;
  g_autofree char *in = NULL;

  if (g_getenv (CRM_LOG_BODIES) == NULL || g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;

  out = crm_body_redact (sent);
  in = answered != NULL ? crm_body_redact (answered) : g_strdup ("nothing");
  g_debug ("sent %s, answered %s", out, in);
}

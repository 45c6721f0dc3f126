/* crm-task-json.c: a task's values as the CRM takes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-task-json.h"

#include "model/crm-json-guard.h"

#include <string.h>

/**
 * crm_task_json_close_group:
 * @dirty: fields that were changed
 * @values: the task's values
 *
 * Whom a task belongs to is sent as one group: when one of it changed, all that are set go along
 * (DESIGN.md §2), or the CRM would see two owners. Any thread.
 *
 * Returns: the fields that an update sends
 */
CrmFieldMask
crm_task_json_close_group (CrmFieldMask     dirty,
                           const CrmValues *values)
{
  g_return_val_if_fail (values != NULL, dirty);

  if ((dirty & CRM_FIELDS_OWNER) != 0)
    dirty |= crm_values_get_mask (values) & CRM_FIELDS_OWNER;

  return dirty;
}

static void
append_text (GString    *json,
             const char *text)
{
  const char *plain = text;

  g_string_append_c (json, '"');
  for (; *text != '\0'; text++)
    {
      guchar character = (guchar) *text;
      const char *escaped;

      if (character >= 0x20 && character != '"' && character != '\\' && character != 0x7f)
        continue;

      g_string_append_len (json, plain, text - plain);
      plain = text + 1;
      escaped = strchr ("\bb\ff\nn\rr\tt\"\"\\\\", character);
      if (escaped != NULL)
        g_string_append_printf (json, "\\%c", escaped[1]);
      else
        g_string_append_printf (json, "\\u%04x", character);
    }
  g_string_append_len (json, plain, text - plain);
  g_string_append_c (json, '"');
}

/**
 * crm_task_json_write_body:
 * @values: the task's values
 * @mask: the fields to send; one without a value is cleared: `null` for a number, `""` for text (API.md §1)
 * @crm_id: the task's id, or 0 to add it
 *
 * Any thread.
 *
 * Returns: (transfer full): the body of an `addOrUpdateTask`, JSON
 */
char *
crm_task_json_write_body (const CrmValues *values,
                          CrmFieldMask     mask,
                          gint64           crm_id)
{
  GString *json;

  g_return_val_if_fail (values != NULL, NULL);

  json = g_string_sized_new (256);
  g_string_append_c (json, '{');
  if (crm_id != 0)
    g_string_append_printf (json, "\"id\":%" G_GINT64_FORMAT, crm_id);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if ((mask & CRM_FIELD_BIT (i)) == 0)
        continue;

      if (json->len > 1)
        g_string_append_c (json, ',');
      g_string_append_c (json, '"');
      g_string_append (json, field->key);
      g_string_append (json, "\":");
      if (!crm_field_type_is_number (field->type))
        append_text (json, crm_values_has (values, i) ? crm_values_get_text (values, i) : "");
      else if (crm_values_has (values, i))
        g_string_append_printf (json, "%" G_GINT64_FORMAT, crm_values_get_number (values, i));
      else
        g_string_append (json, "null");
    }
  g_string_append_c (json, '}');

  return g_string_free (json, FALSE);
}

/**
 * crm_task_json_read_body:
 * @body: what crm_task_json_write_body() wrote
 * @mask: (out) (optional): the fields it sends
 *
 * Any thread.
 *
 * Returns: (transfer full) (nullable): the values that were sent; %NULL when @body is damaged
 */
CrmValues *
crm_task_json_read_body (const char   *body,
                         CrmFieldMask *mask)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();
  CrmFieldMask sent = 0;
  JsonObject *object;

  g_return_val_if_fail (body != NULL, NULL);

  bytes = g_bytes_new_static (body, strlen (body));
  root = crm_json_guard_parse (bytes);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  object = json_node_get_object (root);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);
      JsonNode *node = json_object_get_member (object, field->key);
      gboolean is_number = crm_field_type_is_number (field->type);

      if (node == NULL)
        continue;

      sent |= CRM_FIELD_BIT (i);
      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      if (!JSON_NODE_HOLDS_VALUE (node) ||
          json_node_get_value_type (node) != (is_number ? G_TYPE_INT64 : G_TYPE_STRING))
        return NULL;

      if (is_number)
        crm_values_set_number (values, i, json_node_get_int (node));
      else
        crm_values_set_text (values, i, json_node_get_string (node));
    }

  if (mask != NULL)
    *mask = sent;
  return g_steal_pointer (&values);
}

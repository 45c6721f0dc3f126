/* crm-remote-task.c: a task as the CRM lists it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-remote-task.h"

#include "model/crm-datetime.h"
#include "model/crm-likeness.h"
#include "model/crm-shown-text.h"

#include <string.h>

/* What a CRM fills in by itself when an add leaves it out (API.md §4). */
#define FILLED_IN_BY_THE_CRM                                                                            \
  (CRM_FIELD_BIT (CRM_FIELD_STATUS) | CRM_FIELD_BIT (CRM_FIELD_PRIORITY) |                              \
   CRM_FIELD_BIT (CRM_FIELD_ASSIGNED_USER) | CRM_FIELD_BIT (CRM_FIELD_VENUE))

static const char *
read_text (JsonObject *object,
           const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

static gint64
read_time (const char *text)
{
  gint64 seconds;

  return text != NULL && crm_datetime_from_utc (text, &seconds) ? seconds : 0;
}

/* However the CRM spells it. */
static const char *
find_word (const CrmField *field,
           const char     *text)
{
  for (guint i = 0; text != NULL && field->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (field->choices[i], text) == 0)
      return field->choices[i];

  return text;
}

static gboolean
is_empty_there (const CrmRemoteTask *self,
                CrmFieldId           field)
{
  g_autofree char *plain = NULL;

  if (!crm_values_has (self->values, field))
    return TRUE;
  if (crm_field_type_is_number (crm_field_get (field)->type))
    return FALSE;

  plain = crm_text_from_html (crm_values_get_text (self->values, field));
  return *g_strstrip (plain) == '\0';
}

/**
 * crm_remote_task_parse:
 * @row: one of the `results` of a getTaskList
 *
 * Any value may be null, a number may be a string, a date may end in ` UTC`, and company + contact come back as
 * company + companyContact (API.md §3 and §4). Any thread.
 *
 * Returns: (transfer full) (nullable): the task; %NULL when @row is none
 */
CrmRemoteTask *
crm_remote_task_parse (JsonNode *row)
{
  g_autoptr (CrmRemoteTask) self = NULL;
  JsonObject *object;
  gint64 number;

  if (!JSON_NODE_HOLDS_OBJECT (row))
    return NULL;

  object = json_node_get_object (row);
  self = g_new0 (CrmRemoteTask, 1);
  self->values = crm_values_new ();
  if (!crm_remote_task_read_number (object, "id", &self->id) || self->id <= 0)
    return NULL;

  self->created = read_time (read_text (object, "createdDate"));
  self->modified = read_time (read_text (object, "modifiedDate"));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);
      const char *text = read_text (object, field->key);

      if (field->type == CRM_FIELD_TYPE_DATETIME)
        {
          gint64 due;
          g_autofree char *utc = text != NULL && crm_datetime_from_utc (text, &due) ? crm_datetime_to_utc (due) : NULL;

          crm_values_set_text (self->values, i, utc);
        }
      else if (field->type == CRM_FIELD_TYPE_WORD)
        crm_values_set_text (self->values, i, find_word (field, text));
      else if (!crm_field_type_is_number (field->type))
        crm_values_set_text (self->values, i, text);
      else if (crm_remote_task_read_number (object, field->key, &number) && (field->type == CRM_FIELD_TYPE_CHOICE || number > 0))
        crm_values_set_number (self->values, i, number);
    }

  if (!crm_values_has (self->values, CRM_FIELD_CONTACT) && crm_values_has (self->values, CRM_FIELD_COMPANY) &&
      crm_remote_task_read_number (object, "companyContactId", &number) && number > 0)
    crm_values_set_number (self->values, CRM_FIELD_CONTACT, number);

  return g_steal_pointer (&self);
}

/**
 * crm_remote_task_free:
 * @self: (transfer full): a task
 */
void
crm_remote_task_free (CrmRemoteTask *self)
{
  crm_values_free (self->values);
  g_free (self);
}

/**
 * crm_remote_task_resembles:
 * @self: a task on the CRM
 * @values: a task here
 *
 * Returns: whether name and due date agree
 */
gboolean
crm_remote_task_resembles (const CrmRemoteTask *self,
                           const CrmValues     *values)
{
  /* What is quickly told comes first: many may be compared with many. */
  return g_strcmp0 (crm_values_get_text (self->values, CRM_FIELD_END_DATETIME),
                    crm_values_get_text (values, CRM_FIELD_END_DATETIME)) == 0 &&
         crm_likeness_of_texts (crm_values_get_text (self->values, CRM_FIELD_NAME), crm_values_get_text (values, CRM_FIELD_NAME));
}

/**
 * crm_remote_task_is_sent:
 * @self: a task on the CRM
 * @sent: what an add sent
 *
 * Compares field by field (API.md §4): what was sent must be there; what was not sent must be empty there, but for what
 * a CRM fills in. Any thread.
 *
 * Returns: whether @self is what that add would have made
 */
gboolean
crm_remote_task_is_sent (const CrmRemoteTask *self,
                         const CrmSent       *sent)
{
  if (!crm_remote_task_resembles (self, sent->values))
    return FALSE;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      if (!crm_values_has (sent->values, i))
        {
          if ((FILLED_IN_BY_THE_CRM & CRM_FIELD_BIT (i)) == 0 && !is_empty_there (self, i))
            return FALSE;
        }
      else if (!crm_field_type_is_number (crm_field_get (i)->type))
        {
          if (!crm_likeness_of_texts (crm_values_get_text (self->values, i), crm_values_get_text (sent->values, i)))
            return FALSE;
        }
      else if (!crm_values_has (self->values, i) ||
               crm_values_get_number (self->values, i) != crm_values_get_number (sent->values, i))
        return FALSE;
    }

  return TRUE;
}

/**
 * crm_remote_task_read_number:
 * @object: part of an answer
 * @key: a key
 * @number: (out): its value
 *
 * A number may arrive as a string (API.md §3).
 *
 * Returns: whether there is such a number
 */
gboolean
crm_remote_task_read_number (JsonObject *object,
                             const char *key,
                             gint64     *number)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *number = json_node_get_int (node);
  else if (json_node_get_value_type (node) != G_TYPE_STRING ||
           !g_ascii_string_to_signed (json_node_get_string (node), 10, 0, G_MAXINT64, number, NULL))
    return FALSE;

  return TRUE;
}

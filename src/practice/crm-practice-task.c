/* crm-practice-task.c: a task as the practice CRM holds it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-task.h"

static const struct
{
  const char *key;
  gsize       offset;
} number_fields[] = {
  { "id", G_STRUCT_OFFSET (CrmPracticeTask, id) },
  { "venueId", G_STRUCT_OFFSET (CrmPracticeTask, venue_id) },
  { "leadId", G_STRUCT_OFFSET (CrmPracticeTask, lead_id) },
  { "contactId", G_STRUCT_OFFSET (CrmPracticeTask, contact_id) },
  { "companyId", G_STRUCT_OFFSET (CrmPracticeTask, company_id) },
  { "assignedUserId", G_STRUCT_OFFSET (CrmPracticeTask, assigned_user_id) },
};

static const struct
{
  const char *key;
  gsize       offset;
} text_fields[] = {
  { "name", G_STRUCT_OFFSET (CrmPracticeTask, name) },
  { "endDatetime", G_STRUCT_OFFSET (CrmPracticeTask, end_datetime) },
  { "priority", G_STRUCT_OFFSET (CrmPracticeTask, priority) },
  { "description", G_STRUCT_OFFSET (CrmPracticeTask, description) },
  { "createdDate", G_STRUCT_OFFSET (CrmPracticeTask, created_date) },
  { "modifiedDate", G_STRUCT_OFFSET (CrmPracticeTask, modified_date) },
};

#define NUMBER_AT(task, offset) G_STRUCT_MEMBER (gint64, (task), (offset))
#define TEXT_AT(task, offset) G_STRUCT_MEMBER (char *, (task), (offset))

/**
 * crm_practice_task_new:
 *
 * Returns: (transfer full): a task with nothing set
 */
CrmPracticeTask *
crm_practice_task_new (void)
{
  CrmPracticeTask *self = g_new0 (CrmPracticeTask, 1);

  self->status = -1;
  return self;
}

/**
 * crm_practice_task_copy:
 * @self: a task
 *
 * Returns: (transfer full): a copy of @self
 */
CrmPracticeTask *
crm_practice_task_copy (const CrmPracticeTask *self)
{
  CrmPracticeTask *copy = g_memdup2 (self, sizeof *self);

  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    TEXT_AT (copy, text_fields[i].offset) = g_strdup (TEXT_AT (self, text_fields[i].offset));

  return copy;
}

/**
 * crm_practice_task_free:
 * @self: a task
 */
void
crm_practice_task_free (CrmPracticeTask *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_free (TEXT_AT (self, text_fields[i].offset));
  g_free (self);
}

/**
 * crm_practice_task_to_record:
 * @self: a task
 *
 * Returns: (transfer full): the task as it is kept in the file: the fields that are set, under their JSON keys
 */
JsonNode *
crm_practice_task_to_record (const CrmPracticeTask *self)
{
  JsonObject *record = json_object_new ();
  JsonNode *node = json_node_alloc ();

  for (guint i = 0; i < G_N_ELEMENTS (number_fields); i++)
    if (NUMBER_AT (self, number_fields[i].offset) != 0)
      json_object_set_int_member (record, number_fields[i].key, NUMBER_AT (self, number_fields[i].offset));

  if (self->status >= 0)
    json_object_set_int_member (record, "status", self->status);

  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    if (TEXT_AT (self, text_fields[i].offset) != NULL)
      json_object_set_string_member (record, text_fields[i].key, TEXT_AT (self, text_fields[i].offset));

  json_node_take_object (node, record);
  return node;
}

/**
 * crm_practice_task_from_record:
 * @record: what crm_practice_task_to_record() made
 *
 * Returns: (transfer full) (nullable): the task, or %NULL when @record has no id
 */
CrmPracticeTask *
crm_practice_task_from_record (JsonObject *record)
{
  g_autoptr (CrmPracticeTask) self = crm_practice_task_new ();

  for (guint i = 0; i < G_N_ELEMENTS (number_fields); i++)
    NUMBER_AT (self, number_fields[i].offset) =
      json_object_get_int_member_with_default (record, number_fields[i].key, 0);

  self->status = json_object_get_int_member_with_default (record, "status", -1);

  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    TEXT_AT (self, text_fields[i].offset) =
      g_strdup (json_object_get_string_member_with_default (record, text_fields[i].key, NULL));

  return self->id > 0 ? g_steal_pointer (&self) : NULL;
}

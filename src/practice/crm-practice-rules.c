/* crm-practice-rules.c: the judge of a task that was sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-rules.h"

#include "practice/crm-practice-auth.h"
#include "practice/crm-practice-data.h"

#include <string.h>

/* A lead or opportunity with a greater id never was (24389); one with a smaller id that is not in the lists is taken
 * for one that was closed, and cannot be chosen (24395). */
#define GREATEST_LEAD_ID 1000000
#define KEY_USER_ID 1
#define GREATEST_STATUS 4

typedef enum
{
  ID,
  NUMBER,
  TEXT,
} Type;

static const struct
{
  const char *key;
  Type        type;
  gsize       offset;
} fields[] = {
  { "id", ID, G_STRUCT_OFFSET (CrmPracticeTask, id) },
  { "venueId", ID, G_STRUCT_OFFSET (CrmPracticeTask, venue_id) },
  { "leadId", ID, G_STRUCT_OFFSET (CrmPracticeTask, lead_id) },
  { "contactId", ID, G_STRUCT_OFFSET (CrmPracticeTask, contact_id) },
  { "companyId", ID, G_STRUCT_OFFSET (CrmPracticeTask, company_id) },
  { "name", TEXT, G_STRUCT_OFFSET (CrmPracticeTask, name) },
  { "endDatetime", TEXT, G_STRUCT_OFFSET (CrmPracticeTask, end_datetime) },
  { "priority", TEXT, G_STRUCT_OFFSET (CrmPracticeTask, priority) },
  { "assignedUserId", ID, G_STRUCT_OFFSET (CrmPracticeTask, assigned_user_id) },
  { "status", NUMBER, G_STRUCT_OFFSET (CrmPracticeTask, status) },
  { "description", TEXT, G_STRUCT_OFFSET (CrmPracticeTask, description) },
};

static const char * const required[] = { "name", "endDatetime" };
static const char * const priorities[] = { "low", "medium", "high", NULL };

static gboolean
is_whole_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64;
}

static gboolean
is_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING;
}

/* %NULL when nothing was added to @refusal. */
static CrmPracticeRefusal *
unless_empty (CrmPracticeRefusal *refusal)
{
  if (refusal->additional->len > 0)
    return refusal;

  crm_practice_refusal_free (refusal);
  return NULL;
}

static CrmPracticeRefusal *
check_keys (JsonObject *object)
{
  CrmPracticeRefusal *refusal = crm_practice_refusal_new_for (23016);
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *key = l->data;
      gboolean known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
        known = known || strcmp (fields[i].key, key) == 0;

      if (known)
        continue;
      if (refusal->additional->len == 0)
        crm_practice_refusal_set_message (refusal, "'%s' does not validate", key);
      crm_practice_refusal_add (refusal, "%s: *Unknown key*", key);
    }

  return unless_empty (refusal);
}

static CrmPracticeRefusal *
check_required (JsonObject *object)
{
  CrmPracticeRefusal *refusal = crm_practice_refusal_new_for (23017);

  for (guint i = 0; i < G_N_ELEMENTS (required); i++)
    {
      JsonNode *node = json_object_get_member (object, required[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        continue;
      if (refusal->additional->len == 0)
        crm_practice_refusal_set_message (refusal, "'%s' is required", required[i]);
      crm_practice_refusal_add (refusal, "%s: *Value is required*", required[i]);
    }

  return unless_empty (refusal);
}

/* Moves one value that was sent into @task; %NULL or what is wrong with it. */
static const char *
take_value (guint            field,
            JsonNode        *node,
            CrmPracticeTask *task)
{
  gpointer place = G_STRUCT_MEMBER_P (task, fields[field].offset);
  gboolean cleared = JSON_NODE_HOLDS_NULL (node);

  if (fields[field].type == TEXT)
    {
      if (!cleared && !is_text (node))
        return "Value must be a string";

      g_free (*(char **) place);
      *(char **) place = NULL;
      if (!cleared && json_node_get_string (node)[0] != '\0')
        *(char **) place = g_strdup (json_node_get_string (node));
      return NULL;
    }

  /* An empty string clears as null does, but no other string is a number. */
  cleared = cleared || (is_text (node) && json_node_get_string (node)[0] == '\0');
  if ((!cleared && !is_whole_number (node)) || (cleared && strcmp (fields[field].key, "id") == 0))
    return "Value must be a whole number";

  if (fields[field].type == NUMBER)
    {
      if (!cleared && (json_node_get_int (node) < 0 || json_node_get_int (node) > GREATEST_STATUS))
        return "Invalid item selected";
      *(int *) place = cleared ? -1 : (int) json_node_get_int (node);
      return NULL;
    }

  if (!cleared && json_node_get_int (node) <= 0)
    return "Value must be a whole number greater than 0";

  *(gint64 *) place = cleared ? 0 : json_node_get_int (node);
  return NULL;
}

static const char *
check_text (const char      *key,
            CrmPracticeTask *task)
{
  g_autoptr (GDateTime) date = NULL;

  if (strcmp (key, "name") == 0)
    {
      if (task->name != NULL)
        g_strstrip (task->name);
      return task->name != NULL && task->name[0] != '\0' ? NULL : "Value is required and can't be empty";
    }

  if (strcmp (key, "endDatetime") == 0)
    {
      if (task->end_datetime == NULL)
        return "Value is required and can't be empty";
      date = crm_practice_auth_parse_date (task->end_datetime);
      return date != NULL ? NULL : "Value must be a date and time as Y-m-d H:i:s";
    }

  if (strcmp (key, "priority") == 0 && task->priority != NULL && !g_strv_contains (priorities, task->priority))
    return "Invalid item selected";

  return NULL;
}

static CrmPracticeRefusal *
take_values (JsonObject      *object,
             CrmPracticeTask *task)
{
  CrmPracticeRefusal *refusal = crm_practice_refusal_new_for (24395);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      JsonNode *node = json_object_get_member (object, fields[i].key);
      const char *wrong;

      if (node == NULL)
        continue;

      wrong = take_value (i, node, task);
      if (wrong == NULL)
        wrong = check_text (fields[i].key, task);
      if (wrong != NULL)
        crm_practice_refusal_add (refusal, "%s: *%s*", fields[i].key, wrong);
    }

  return unless_empty (refusal);
}

static JsonObject *
find_lead (gint64 id)
{
  JsonObject *opportunity = crm_practice_data_find (CRM_PRACTICE_LIST_OPPORTUNITIES, id);

  return opportunity != NULL ? opportunity : crm_practice_data_find (CRM_PRACTICE_LIST_LEADS, id);
}

static gboolean
is_active_user (gint64 id)
{
  JsonObject *user = crm_practice_data_find (CRM_PRACTICE_LIST_USERS, id);

  return user != NULL && json_object_get_int_member (user, "currentStatus") == 1;
}

/* Only what was sent is looked up: a user who left keeps the tasks he had. */
static CrmPracticeRefusal *
check_references (JsonObject            *object,
                  const CrmPracticeTask *task)
{
  gboolean lead_sent = json_object_has_member (object, "leadId") && task->lead_id != 0;
  CrmPracticeRefusal *refusal;

  if (lead_sent && task->lead_id > GREATEST_LEAD_ID)
    return crm_practice_refusal_new_for (24389);

  if (json_object_has_member (object, "contactId") && task->contact_id != 0 &&
      crm_practice_data_find (CRM_PRACTICE_LIST_CONTACTS, task->contact_id) == NULL)
    return crm_practice_refusal_new_for (24390);

  if (json_object_has_member (object, "companyId") && task->company_id != 0 &&
      crm_practice_data_find (CRM_PRACTICE_LIST_COMPANIES, task->company_id) == NULL)
    return crm_practice_refusal_new_for (24391);

  refusal = crm_practice_refusal_new_for (24395);

  if (json_object_has_member (object, "venueId") && task->venue_id != 0 &&
      crm_practice_data_find (CRM_PRACTICE_LIST_VENUES, task->venue_id) == NULL)
    crm_practice_refusal_add (refusal, "venueId: *Invalid item selected*");

  if (lead_sent && find_lead (task->lead_id) == NULL)
    crm_practice_refusal_add (refusal, "leadId: *Invalid item selected*");

  if (json_object_has_member (object, "assignedUserId") && task->assigned_user_id != 0 &&
      !is_active_user (task->assigned_user_id))
    crm_practice_refusal_add (refusal, "assignedUserId: *Invalid item selected*");

  return unless_empty (refusal);
}

static CrmPracticeRefusal *
check_owners (const CrmPracticeTask *task)
{
  JsonObject *opportunity = NULL;
  CrmPracticeRefusal *refusal;

  if (task->lead_id != 0 && (task->contact_id != 0 || task->company_id != 0))
    return crm_practice_refusal_new_for (24396);

  if (task->lead_id != 0)
    opportunity = crm_practice_data_find (CRM_PRACTICE_LIST_OPPORTUNITIES, task->lead_id);
  if (opportunity == NULL)
    return NULL;

  refusal = crm_practice_refusal_new_for (24395);
  if (task->venue_id == 0)
    crm_practice_refusal_add (refusal, "venueId: *Value is required for an opportunity*");
  else if (task->venue_id != json_object_get_int_member (opportunity, "venueId"))
    crm_practice_refusal_add (refusal, "venueId: *Invalid item selected*");

  return unless_empty (refusal);
}

/* A name with, say, "[24393]" in it asks for that error: so any of them can be tried out by hand. */
static CrmPracticeRefusal *
check_name_trigger (const char *name)
{
  CrmPracticeRefusal *refusal;

  for (const char *at = strchr (name, '['); at != NULL; at = strchr (at + 1, '['))
    {
      guint code = 0;
      int length = 1;

      while (g_ascii_isdigit (at[length]) && length <= 5)
        code = code * 10 + g_ascii_digit_value (at[length++]);

      if (at[length] != ']' || !crm_practice_refusal_is_known (code))
        continue;

      refusal = crm_practice_refusal_new_for (code);
      if (code == 24394)
        crm_practice_refusal_add (refusal, "The task could not be saved because its name asks for this error");
      else if (code == 24395)
        crm_practice_refusal_add (refusal, "name: *Invalid value*");
      return refusal;
    }

  return NULL;
}

static char *
to_html (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  g_autofree char *escaped = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (g_str_has_prefix (trimmed, "<p"))
    return g_steal_pointer (&trimmed);
  if (trimmed[0] == '\0')
    return NULL;

  escaped = g_markup_escape_text (trimmed, -1);
  lines = g_strsplit (escaped, "\n", 0);
  joined = g_strjoinv ("<br />\n", lines);

  return g_strdup_printf ("<p>%s</p>", joined);
}

static void
fill_in (JsonObject      *object,
         CrmPracticeTask *task,
         gboolean         is_new,
         const char      *now)
{
  if (json_object_has_member (object, "description") && task->description != NULL)
    {
      char *html = to_html (task->description);

      g_free (task->description);
      task->description = html;
    }

  g_free (task->modified_date);
  task->modified_date = g_strdup (now);

  if (!is_new)
    return;

  task->created_date = g_strdup (now);
  if (task->status < 0)
    task->status = 0;
  if (task->priority == NULL)
    task->priority = g_strdup ("medium");
  if (task->assigned_user_id == 0)
    task->assigned_user_id = KEY_USER_ID;
}

/**
 * crm_practice_rules_judge:
 * @store: the tasks that are there
 * @body: (nullable): the body as read, or %NULL when it is not JSON
 * @now: the server's time as `Y-m-d H:i:s` in UTC
 * @refusal: (out) (transfer full) (optional): set to why the task is refused
 *
 * Judges the body of an addOrUpdateTask as API description §1 has it, in this order: the body is an object (24395),
 * keys (23016), the task to update (24392), required keys (23017), types and values (24395), what the ids point to
 * (24389, 24390, 24391, 24395), owners as they would be afterwards (24396), an opportunity's venue (24395), and an
 * error the name asks for. Only one kind of error is told at a time, but all of that kind.
 *
 * Returns: (transfer full) (nullable): the task as it would be afterwards, an id of 0 for a new one; or %NULL
 */
CrmPracticeTask *
crm_practice_rules_judge (CrmPracticeStore    *store,
                          JsonNode            *body,
                          const char          *now,
                          CrmPracticeRefusal **refusal)
{
  g_autoptr (CrmPracticeTask) task = NULL;
  CrmPracticeRefusal *why = NULL;
  JsonObject *object;
  JsonNode *id;

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      *refusal = crm_practice_refusal_new_for (24395);
      crm_practice_refusal_add (*refusal, "The request body must be a JSON object");
      return NULL;
    }

  object = json_node_get_object (body);
  id = json_object_get_member (object, "id");

  why = check_keys (object);
  if (why == NULL && id != NULL && is_whole_number (id))
    {
      const CrmPracticeTask *old = crm_practice_store_find (store, json_node_get_int (id));

      if (old != NULL)
        task = crm_practice_task_copy (old);
      else
        why = crm_practice_refusal_new_for (24392);
    }
  if (task == NULL)
    task = crm_practice_task_new ();

  if (why == NULL && id == NULL)
    why = check_required (object);
  if (why == NULL)
    why = take_values (object, task);
  if (why == NULL)
    why = check_references (object, task);
  if (why == NULL)
    why = check_owners (task);
  if (why == NULL)
    why = check_name_trigger (task->name);

  if (why != NULL)
    {
      *refusal = why;
      return NULL;
    }

  fill_in (object, task, id == NULL, now);
  return g_steal_pointer (&task);
}

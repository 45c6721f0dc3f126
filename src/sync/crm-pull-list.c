/* crm-pull-list.c: the CRM's lists, as they are asked for and answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-pull-list.h"

#include "model/crm-datetime.h"
#include "model/crm-json-guard.h"
#include "sync/crm-remote-task.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is asked for; the CRM may give fewer. */
#define PER_PAGE 100

/* API.md §3. */
static const struct
{
  const char *target;
  const char *trouble;
  const char *filter; /* of what changed since; NULL: there is none */
} lists[CRM_N_LISTS] = {
  [CRM_LIST_VENUES] = { "/api/1.0/venue?action=getVenueList", N_("The list of venues could not be had"), NULL },
  [CRM_LIST_USERS] = { "/api/1.0/account?action=getUserList", N_("The list of users could not be had"), "modifiedDate__GREATERTHAN" },
  [CRM_LIST_OPPORTUNITIES] = { "/api/1.0/crm?action=getOpportunityList", N_("The list of opportunities could not be had"), "modifiedDate__GREATERTHAN" },
  [CRM_LIST_LEADS] = { "/api/1.0/crm?action=getLeadList", N_("The list of leads could not be had"), "modifiedDate__GREATERTHAN" },
  [CRM_LIST_COMPANIES] = { "/api/1.0/contact?action=getCompanyList", N_("The list of companies could not be had"), "fromModifiedDate" },
  [CRM_LIST_TASKS] = { "/api/1.0/crm?action=getTaskList", N_("The list of tasks could not be had"), "modifiedDate__GREATERTHAN" },
  [CRM_LIST_CONTACTS] = { "/api/1.0/contact?action=getContactList", N_("The list of contacts could not be had"), "fromModifiedDate" },
};

/* Any value may be null, and a phone number may be a number (API.md §3). Never "". */
static char *
dup_text (JsonObject *object,
          const char *key)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, key) : NULL;
  char *text = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    text = g_strstrip (json_node_dup_string (node));
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    text = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);

  return text;
}

static JsonObject *
get_object (JsonObject *object,
            const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The parts that are there, with @between between them; NULL when none is. */
static char *
join (const char *between,
      const char *first,
      const char *second,
      const char *third)
{
  const char *parts[] = { first, second, third };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL && *parts[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? between : "", parts[i]);

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

static char *
dup_full_name (JsonObject *object)
{
  g_autofree char *first = dup_text (object, "firstName");
  g_autofree char *last = dup_text (object, "lastName");

  return join (" ", first, last, NULL);
}

static void
read_user (CrmRecord  *record,
           JsonObject *row)
{
  gint64 status;

  record->name = dup_full_name (row);
  record->detail = dup_text (row, "email");
  record->words = g_strdup (record->detail);
  record->closed = crm_remote_task_read_number (row, "currentStatus", &status) && status == 2;
}

/* A company may be an object with its id and name, or its id alone. */
static gint64
read_company (JsonNode  *node,
              char     **name)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 id = 0;

  *name = NULL;
  if (object == NULL)
    return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;

  if (!crm_remote_task_read_number (object, "companyId", &id) && !crm_remote_task_read_number (object, "id", &id))
    return 0;

  *name = dup_text (object, "businessName");
  if (*name == NULL)
    *name = dup_text (object, "name");
  return id;
}

static void
read_contact (CrmRecord  *record,
              JsonObject *row)
{
  JsonNode *companies = json_object_get_member (row, "companies");
  g_autofree char *email = dup_text (row, "email");
  g_autofree char *phone = dup_text (row, "phone");
  g_autoptr (GString) ids = g_string_new (NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  if (companies != NULL && JSON_NODE_HOLDS_ARRAY (companies))
    {
      JsonArray *array = json_node_get_array (companies);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          g_autofree char *name = NULL;
          gint64 id = read_company (json_array_get_element (array, i), &name);

          if (id <= 0)
            continue;
          g_string_append_printf (ids, "%s%" G_GINT64_FORMAT, ids->len > 0 ? " " : "", id);
          if (name != NULL)
            g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
        }
    }

  record->name = dup_full_name (row);
  record->detail = join (" · ", names->str, email, NULL);
  record->words = join (" ", names->str, email, phone);
  record->companies = ids->len > 0 ? g_strdup (ids->str) : NULL;
}

static void
read_business (CrmRecord  *record,
               JsonObject *row)
{
  g_autofree char *business = dup_text (row, "businessName");
  g_autofree char *trading = dup_text (row, "tradingName");
  g_autofree char *email = dup_text (row, "email");
  g_autofree char *phone = dup_text (row, "phone");
  const char *other = g_strcmp0 (business, trading) != 0 ? trading : NULL;

  record->name = g_strdup (business != NULL ? business : trading);
  record->detail = join (" · ", business != NULL ? other : NULL, email != NULL ? email : phone, NULL);
  record->words = join (" ", other, email, phone);
}

static void
read_lead (CrmRecord  *record,
           JsonObject *row)
{
  JsonObject *contact = get_object (row, "contact");
  JsonObject *company = get_object (row, "company");
  g_autofree char *contact_name = contact != NULL ? dup_full_name (contact) : dup_text (row, "contact");
  g_autofree char *company_name = company != NULL ? dup_text (company, "businessName") : dup_text (row, "company");
  g_autofree char *stage = dup_text (row, "stageName");
  g_autofree char *closed = dup_text (row, "closedDate");

  record->name = dup_text (row, "name");
  record->detail = join (" · ", company_name != NULL ? company_name : contact_name, stage, NULL);
  record->words = join (" ", contact_name, company_name, NULL);
  record->closed = closed != NULL;
  if (!crm_remote_task_read_number (row, "venueId", &record->venue_id) || record->venue_id < 0)
    record->venue_id = 0;
}

static CrmRecord *
read_record (CrmRecordKind kind,
             JsonNode     *node)
{
  g_autoptr (CrmRecord) record = NULL;
  JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  gint64 id;

  if (row == NULL || !crm_remote_task_read_number (row, "id", &id) || id <= 0 || id > crm_field_get (CRM_FIELD_LEAD)->limit)
    return NULL;

  record = crm_record_new (kind, id);
  switch (kind)
    {
    case CRM_RECORD_USER:
      read_user (record, row);
      break;
    case CRM_RECORD_CONTACT:
      read_contact (record, row);
      break;
    case CRM_RECORD_COMPANY:
      read_business (record, row);
      break;
    case CRM_RECORD_LEAD:
    case CRM_RECORD_OPPORTUNITY:
      read_lead (record, row);
      break;
    case CRM_RECORD_VENUE:
    default:
      record->name = dup_text (row, "name");
      break;
    }

  if (record->name == NULL)
    record->name = record->detail != NULL ? g_strdup (record->detail) : g_strdup_printf ("#%" G_GINT64_FORMAT, id);

  return g_steal_pointer (&record);
}

/**
 * crm_pull_list_get_trouble:
 * @list: a list
 *
 * Returns: (transfer none): a sentence saying that it could not be had, without a full stop
 */
const char *
crm_pull_list_get_trouble (CrmList list)
{
  g_return_val_if_fail (list < CRM_N_LISTS, NULL);

  return _(lists[list].trouble);
}

/**
 * crm_pull_list_get_target:
 * @list: a list
 *
 * Returns: (transfer none): the request target of its call
 */
const char *
crm_pull_list_get_target (CrmList list)
{
  g_return_val_if_fail (list < CRM_N_LISTS, NULL);

  return lists[list].target;
}

/**
 * crm_pull_list_write_body:
 * @list: a list
 * @from: only what was modified since; seconds since 1970, UTC; 0: all
 * @position: the index of the first row
 *
 * Returns: (transfer full): what to ask
 */
char *
crm_pull_list_write_body (CrmList list,
                          gint64  from,
                          gint64  position)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *since = crm_datetime_to_utc (from);

  g_return_val_if_fail (list < CRM_N_LISTS, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "perPage");
  json_builder_add_int_value (builder, PER_PAGE);
  json_builder_set_member_name (builder, "start");
  json_builder_add_int_value (builder, position);
  if (from > 0 && lists[list].filter != NULL)
    {
      json_builder_set_member_name (builder, "filter");
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, lists[list].filter);
      json_builder_add_string_value (builder, since);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return crm_json_guard_write (root, FALSE);
}

/**
 * crm_pull_list_read_page:
 * @list: a list
 * @root: the answer, an object with the array `results`
 *
 * A row that can't be understood is left out, and counted.
 *
 * Returns: (transfer full) (nullable): the page; %NULL when the answer doesn't say how long the list is
 */
CrmPage *
crm_pull_list_read_page (CrmList   list,
                         JsonNode *root)
{
  g_autoptr (CrmPage) page = g_new0 (CrmPage, 1);
  JsonObject *object = json_node_get_object (root);
  JsonArray *results = json_object_get_array_member (object, "results");
  JsonObject *meta = get_object (object, "meta");
  CrmRecordKind kind;

  page->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (crm_list_get_record_kind (list, &kind))
    page->records = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);
  else
    page->tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_pulled_task_free);

  if (meta == NULL || !crm_remote_task_read_number (meta, "totalResults", &page->total) || page->total < 0)
    return NULL;

  for (guint i = 0; i < json_array_get_length (results); i++)
    {
      JsonNode *node = json_array_get_element (results, i);
      gint64 id = 0;

      if (page->tasks != NULL)
        {
          CrmRemoteTask *remote = crm_remote_task_parse (node);

          if (remote != NULL)
            {
              CrmPulledTask *task = g_new0 (CrmPulledTask, 1);

              id = task->id = remote->id;
              task->values = g_steal_pointer (&remote->values);
              task->edited = remote->created != 0 && remote->modified > remote->created;
              g_ptr_array_add (page->tasks, task);
              crm_remote_task_free (remote);
            }
        }
      else
        {
          CrmRecord *record = read_record (kind, node);

          if (record != NULL)
            {
              id = record->id;
              g_ptr_array_add (page->records, record);
            }
        }
      g_array_append_val (page->ids, id);
    }

  return g_steal_pointer (&page);
}

/* crm-practice-lists.c: the list calls, with their pages and filters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-lists.h"

#include "practice/crm-practice-json.h"

#include <string.h>

typedef enum
{
  EQUAL,
  NOT,
  CONTAINS,
  NOT_CONTAINS,
  BEGINS,
  ENDS,
  LESS,
  GREATER,
  EMPTY,
} Operator;

static const struct
{
  const char *suffix;
  Operator    operator;
} suffixes[] = {
  { "__NOT", NOT },
  { "__CONTAINS", CONTAINS },
  { "__NOTCONTAINS", NOT_CONTAINS },
  { "__BEGINS", BEGINS },
  { "__ENDS", ENDS },
  { "__LESSTHAN", LESS },
  { "__GREATERTHAN", GREATER },
  { "__EMPTY", EMPTY },
};

/* Filters that are no field's name. */
static const struct
{
  const char *name;
  const char *field;
  Operator    operator;
} named_filters[] = {
  { "fromModifiedDate", "modifiedDate", GREATER },
  { "toModifiedDate", "modifiedDate", LESS },
  { "venueIds", "venueId", EQUAL },
};

/* Those that may also stand beside "filter", not in it. */
static const char * const top_level_filters[] = {
  "venueId", "venueIds", "companyId", "fromModifiedDate", "toModifiedDate",
};

typedef struct
{
  char      *field;
  Operator   operator;
  GPtrArray *values;
} Condition;

/* A field of a row as texts to compare with; more than one for a hidden list of ids, none for null. */
typedef struct
{
  guint n;
  char *text[8];
} Cell;

typedef struct
{
  void       (*read)   (gconstpointer row, const char *field, Cell *cell);
  JsonNode * (*to_row) (gconstpointer row);
} RowKind;

static void
condition_free (Condition *condition)
{
  g_free (condition->field);
  g_ptr_array_unref (condition->values);
  g_free (condition);
}

static char *
node_to_text (JsonNode *node)
{
  if (!JSON_NODE_HOLDS_VALUE (node))
    return NULL;

  switch (json_node_get_value_type (node))
    {
    case G_TYPE_STRING:
      return g_utf8_casefold (json_node_get_string (node), -1);
    case G_TYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
    case G_TYPE_BOOLEAN:
      return g_strdup (json_node_get_boolean (node) ? "1" : "0");
    default:
      return NULL;
    }
}

static void
cell_add (Cell *cell,
          char *text)
{
  if (text != NULL && cell->n < G_N_ELEMENTS (cell->text))
    cell->text[cell->n++] = text;
  else
    g_free (text);
}

static void
cell_clear (Cell *cell)
{
  for (guint i = 0; i < cell->n; i++)
    g_free (cell->text[i]);
  cell->n = 0;
}

static void
read_row (gconstpointer  row,
          const char    *field,
          Cell          *cell)
{
  JsonObject *object = (JsonObject *) row;
  g_autofree char *hidden = g_strdup_printf ("%c%s", CRM_PRACTICE_HIDDEN, field);
  JsonNode *node = json_object_get_member (object, hidden);

  if (node != NULL)
    {
      JsonArray *ids = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (ids); i++)
        cell_add (cell, node_to_text (json_array_get_element (ids, i)));
      return;
    }

  node = json_object_get_member (object, field);
  if (node != NULL)
    cell_add (cell, node_to_text (node));
}

static JsonNode *
row_to_row (gconstpointer row)
{
  JsonObject *visible = json_object_new ();
  JsonNode *node = json_node_alloc ();
  g_autoptr (GList) members = json_object_get_members ((JsonObject *) row);

  for (GList *l = members; l != NULL; l = l->next)
    if (*(const char *) l->data != CRM_PRACTICE_HIDDEN)
      json_object_set_member (visible, l->data, json_object_dup_member ((JsonObject *) row, l->data));

  json_node_take_object (node, visible);
  return node;
}

/* The contact of a company comes back as a company contact only. */
static gint64
company_contact_id (const CrmPracticeTask *task)
{
  return task->company_id != 0 && task->contact_id != 0 ? task->contact_id : 0;
}

static void
read_task (gconstpointer  row,
           const char    *field,
           Cell          *cell)
{
  const CrmPracticeTask *task = row;
  const struct
  {
    const char *field;
    gint64      number;
  } numbers[] = {
    { "id", task->id },
    { "venueId", task->venue_id },
    { "leadId", task->lead_id },
    { "contactId", company_contact_id (task) == 0 ? task->contact_id : 0 },
    { "companyId", task->company_id },
    { "companyContactId", company_contact_id (task) },
    { "assignedUserId", task->assigned_user_id },
  };
  const struct
  {
    const char *field;
    const char *text;
  } texts[] = {
    { "createdDate", task->created_date },
    { "name", task->name },
    { "endDatetime", task->end_datetime },
    { "modifiedDate", task->modified_date },
    { "priority", task->priority },
    { "description", task->description },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].field, field) == 0 && texts[i].text != NULL)
      cell_add (cell, g_utf8_casefold (texts[i].text, -1));

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (strcmp (numbers[i].field, field) == 0 && numbers[i].number != 0)
      cell_add (cell, g_strdup_printf ("%" G_GINT64_FORMAT, numbers[i].number));

  if (strcmp (field, "status") == 0 && task->status >= 0)
    cell_add (cell, g_strdup_printf ("%d", task->status));
}

static void
set_id (JsonObject *row,
        const char *key,
        gint64      id)
{
  if (id != 0)
    json_object_set_int_member (row, key, id);
  else
    json_object_set_null_member (row, key);
}

static void
set_text (JsonObject *row,
          const char *key,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (row, key, text);
  else
    json_object_set_null_member (row, key);
}

static void
set_date (JsonObject *row,
          const char *key,
          const char *date)
{
  g_autofree char *text = date != NULL ? g_strconcat (date, " UTC", NULL) : NULL;

  set_text (row, key, text);
}

static void
set_user (JsonObject *row,
          gint64      id)
{
  JsonObject *user = crm_practice_data_find (CRM_PRACTICE_LIST_USERS, id);
  g_autofree char *full_name = NULL;

  if (user != NULL)
    full_name = g_strconcat (json_object_get_string_member (user, "firstName"), " ",
                             json_object_get_string_member (user, "lastName"), NULL);

  set_id (row, "assignedUserId", id);
  set_text (row, "assignedUserFullName", full_name);
  set_text (row, "assignedUserEmail",
            user != NULL ? json_object_get_string_member_with_default (user, "email", NULL) : NULL);
}

static JsonNode *
task_to_row (gconstpointer row)
{
  return crm_practice_lists_task_to_row (row);
}

static const RowKind plain_rows = { read_row, row_to_row };
static const RowKind task_rows = { read_task, task_to_row };

static gboolean
is_number (const char *text)
{
  return text[0] != '\0' && strlen (text) < 19 && strspn (text, "0123456789") == strlen (text);
}

static int
compare (const char *a,
         const char *b)
{
  if (is_number (a) && is_number (b))
    {
      gint64 x = g_ascii_strtoll (a, NULL, 10);
      gint64 y = g_ascii_strtoll (b, NULL, 10);

      return (x > y) - (x < y);
    }

  return strcmp (a, b);
}

static gboolean
value_matches (const char *cell,
               Operator    operator,
               const char *value)
{
  switch (operator)
    {
    case EQUAL:
      return strcmp (cell, value) == 0;
    case NOT:
      return strcmp (cell, value) != 0;
    case CONTAINS:
      return strstr (cell, value) != NULL;
    case NOT_CONTAINS:
      return strstr (cell, value) == NULL;
    case BEGINS:
      return g_str_has_prefix (cell, value);
    case ENDS:
      return g_str_has_suffix (cell, value);
    case LESS:
      return compare (cell, value) <= 0;
    case GREATER:
      return compare (cell, value) >= 0;
    case EMPTY:
    default:
      return FALSE;
    }
}

static gboolean
condition_holds (const Condition *condition,
                 const Cell      *cell)
{
  gboolean negative = condition->operator == NOT || condition->operator == NOT_CONTAINS;
  const char *first = condition->values->len > 0 ? g_ptr_array_index (condition->values, 0) : "";

  if (condition->operator == EMPTY)
    {
      gboolean wanted = !(strcmp (first, "0") == 0 || strcmp (first, "false") == 0 || strcmp (first, "no") == 0);
      gboolean empty = cell->n == 0 || cell->text[0][0] == '\0';

      return empty == wanted;
    }

  for (guint i = 0; i < cell->n; i++)
    {
      for (guint j = 0; j < condition->values->len; j++)
        {
          gboolean matches = value_matches (cell->text[i], condition->operator,
                                            g_ptr_array_index (condition->values, j));

          if (matches != negative)
            return !negative;
        }
    }

  return negative;
}

/* A date may be given with the " UTC" that it is sent with; the rows are held with or without it. */
static void
without_utc (char *text)
{
  if (text != NULL && g_str_has_suffix (text, " utc") && strlen (text) == strlen ("2018-03-27 09:00:00 utc"))
    text[strlen (text) - strlen (" utc")] = '\0';
}

static gboolean
row_matches (const RowKind *kind,
             gconstpointer  row,
             GPtrArray     *conditions)
{
  gboolean matches = TRUE;

  for (guint i = 0; i < conditions->len && matches; i++)
    {
      const Condition *condition = g_ptr_array_index (conditions, i);
      Cell cell = { 0, };

      kind->read (row, condition->field, &cell);
      for (guint j = 0; j < cell.n; j++)
        without_utc (cell.text[j]);
      matches = condition_holds (condition, &cell);
      cell_clear (&cell);
    }

  return matches;
}

static void
add_condition (GPtrArray  *conditions,
               const char *name,
               JsonNode   *node)
{
  Condition *condition = g_new0 (Condition, 1);
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 1;

  condition->field = g_strdup (name);
  condition->values = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      if (g_str_has_suffix (name, suffixes[i].suffix))
        {
          condition->operator = suffixes[i].operator;
          condition->field[strlen (name) - strlen (suffixes[i].suffix)] = '\0';
        }
    }

  for (guint i = 0; i < G_N_ELEMENTS (named_filters); i++)
    {
      if (strcmp (named_filters[i].name, name) == 0)
        {
          condition->operator = named_filters[i].operator;
          g_free (condition->field);
          condition->field = g_strdup (named_filters[i].field);
        }
    }

  for (guint i = 0; i < n; i++)
    {
      char *text = node_to_text (array != NULL ? json_array_get_element (array, i) : node);

      without_utc (text);
      if (text != NULL)
        g_ptr_array_add (condition->values, text);
    }

  g_ptr_array_add (conditions, condition);
}

static GPtrArray *
read_conditions (JsonObject *request)
{
  GPtrArray *conditions = g_ptr_array_new_with_free_func ((GDestroyNotify) condition_free);
  JsonNode *filter = json_object_get_member (request, "filter");

  for (guint i = 0; i < G_N_ELEMENTS (top_level_filters); i++)
    {
      JsonNode *node = json_object_get_member (request, top_level_filters[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node))
        add_condition (conditions, top_level_filters[i], node);
    }

  if (filter != NULL && JSON_NODE_HOLDS_OBJECT (filter))
    {
      JsonObjectIter iter;
      const char *name;
      JsonNode *node;

      json_object_iter_init_ordered (&iter, json_node_get_object (filter));
      while (json_object_iter_next_ordered (&iter, &name, &node))
        if (!JSON_NODE_HOLDS_NULL (node))
          add_condition (conditions, name, node);
    }

  return conditions;
}

/* A whole number, or @fallback when there is none; what is neither is put into @refusal. */
static gint64
read_number (JsonObject         *request,
             const char         *key,
             gint64              least,
             gint64              fallback,
             CrmPracticeRefusal *refusal)
{
  JsonNode *node = json_object_get_member (request, key);

  if (node == NULL)
    return fallback;

  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64 &&
      json_node_get_int (node) >= least)
    return json_node_get_int (node);

  crm_practice_refusal_add (refusal, "%s: *Value must be a whole number*", key);
  return fallback;
}

static char *
print_page (JsonArray *results,
            gint64     total,
            gint64     start,
            gint64     per_page)
{
  JsonObject *answer = json_object_new ();
  JsonObject *meta = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_object_set_int_member (meta, "totalResults", total);
  json_object_set_int_member (meta, "start", start);
  json_object_set_int_member (meta, "perPage", per_page);
  json_object_set_int_member (meta, "count", json_array_get_length (results));
  json_object_set_object_member (answer, "meta", meta);
  json_object_set_array_member (answer, "results", results);

  json_node_take_object (node, answer);
  return crm_practice_json_print (node);
}

static char *
answer (const RowKind                *kind,
        GPtrArray                    *rows,
        JsonNode                     *body,
        const CrmPracticeListOptions *options,
        CrmPracticeRefusal          **refusal)
{
  g_autoptr (CrmPracticeRefusal) why = crm_practice_refusal_new_for (24395);
  g_autoptr (GPtrArray) conditions = NULL;
  JsonArray *results;
  JsonObject *request;
  gint64 start;
  gint64 per_page;
  gint64 total = 0;

  if (body == NULL || !JSON_NODE_HOLDS_OBJECT (body))
    {
      crm_practice_refusal_add (why, "The request body must be a JSON object");
      *refusal = g_steal_pointer (&why);
      return NULL;
    }

  request = json_node_get_object (body);
  start = read_number (request, "start", 0, 0, why);
  per_page = MIN (read_number (request, "perPage", 1, options->max_per_page, why), options->max_per_page);
  if (json_object_has_member (request, "filter") &&
      !JSON_NODE_HOLDS_OBJECT (json_object_get_member (request, "filter")) &&
      !JSON_NODE_HOLDS_NULL (json_object_get_member (request, "filter")))
    crm_practice_refusal_add (why, "filter: *Value must be an object*");

  if (why->additional->len > 0)
    {
      *refusal = g_steal_pointer (&why);
      return NULL;
    }

  conditions = read_conditions (request);
  if (options->ignore_filters)
    g_ptr_array_set_size (conditions, 0);

  results = json_array_new ();
  if (conditions->len == 0)
    {
      for (gint64 i = start; i < MIN (start + per_page, (gint64) rows->len); i++)
        json_array_add_element (results, kind->to_row (g_ptr_array_index (rows, i)));

      return print_page (results, rows->len, start, per_page);
    }

  for (guint i = 0; i < rows->len; i++)
    {
      if (!row_matches (kind, g_ptr_array_index (rows, i), conditions))
        continue;
      if (total >= start && total < start + per_page)
        json_array_add_element (results, kind->to_row (g_ptr_array_index (rows, i)));
      total++;
    }

  return print_page (results, total, start, per_page);
}

/**
 * crm_practice_lists_answer_rows:
 * @list: one of the lists that never change
 * @body: (nullable): the body as read, or %NULL when it is not JSON
 * @options: how the server is set
 * @refusal: (out) (transfer full): set to why the request is refused
 *
 * Answers a list call as API description §3 has it. A filter by a field that a row has not compares with null.
 *
 * Returns: (transfer full) (nullable): the body of the answer, or %NULL
 */
char *
crm_practice_lists_answer_rows (CrmPracticeList               list,
                                JsonNode                     *body,
                                const CrmPracticeListOptions *options,
                                CrmPracticeRefusal          **refusal)
{
  return answer (&plain_rows, crm_practice_data_get_rows (list), body, options, refusal);
}

/**
 * crm_practice_lists_answer_tasks:
 * @tasks: (element-type CrmPracticeTask): the tasks to choose from
 * @body: (nullable): the body as read, or %NULL when it is not JSON
 * @options: how the server is set
 * @refusal: (out) (transfer full): set to why the request is refused
 *
 * Answers getTaskList.
 *
 * Returns: (transfer full) (nullable): the body of the answer, or %NULL
 */
char *
crm_practice_lists_answer_tasks (GPtrArray                    *tasks,
                                 JsonNode                     *body,
                                 const CrmPracticeListOptions *options,
                                 CrmPracticeRefusal          **refusal)
{
  return answer (&task_rows, tasks, body, options, refusal);
}

/**
 * crm_practice_lists_task_to_row:
 * @task: a task
 *
 * Returns: (transfer full): the task as getTaskList shows it. A task of a company with a contact has `companyId` and
 *   `companyContactId`, and a `contactId` of null (API description §4).
 */
JsonNode *
crm_practice_lists_task_to_row (const CrmPracticeTask *task)
{
  JsonObject *row = json_object_new ();
  JsonNode *node = json_node_alloc ();

  json_object_set_int_member (row, "id", task->id);
  set_id (row, "venueId", task->venue_id);
  json_object_set_null_member (row, "bookingId");
  set_id (row, "leadId", task->lead_id);
  set_text (row, "name", task->name);
  set_text (row, "description", task->description);
  if (task->status >= 0)
    json_object_set_int_member (row, "status", task->status);
  else
    json_object_set_null_member (row, "status");
  set_id (row, "contactId", company_contact_id (task) == 0 ? task->contact_id : 0);
  set_id (row, "companyId", task->company_id);
  set_id (row, "companyContactId", company_contact_id (task));
  set_user (row, task->assigned_user_id);
  set_text (row, "priority", task->priority);
  set_date (row, "endDatetime", task->end_datetime);
  json_object_set_string_member (row, "progress", task->status == 4 ? "100" : "0");
  set_date (row, "createdDate", task->created_date);
  set_date (row, "modifiedDate", task->modified_date);

  json_node_take_object (node, row);
  return node;
}

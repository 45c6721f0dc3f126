/* crm-task-query.c: which tasks, in which order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-task-query.h"

/**
 * crm_task_query_new:
 *
 * Returns: (transfer full): a query for all tasks, in the order they were written here
 */
CrmTaskQuery *
crm_task_query_new (void)
{
  return g_new0 (CrmTaskQuery, 1);
}

/**
 * crm_task_query_copy:
 * @self: a query
 *
 * Returns: (transfer full): a copy of its own
 */
CrmTaskQuery *
crm_task_query_copy (const CrmTaskQuery *self)
{
  CrmTaskQuery *copy = g_memdup2 (self, sizeof *self);

  copy->search = g_strdup (self->search);
  copy->due_from = g_strdup (self->due_from);
  copy->due_before = g_strdup (self->due_before);

  return copy;
}

/**
 * crm_task_query_free:
 * @self: (transfer full) (nullable): a query
 */
void
crm_task_query_free (CrmTaskQuery *self)
{
  if (self == NULL)
    return;

  g_free (self->search);
  g_free (self->due_from);
  g_free (self->due_before);
  g_free (self);
}

/**
 * crm_task_query_parse_sort:
 * @self: a query
 * @name: what to sort by: `localId`, `syncState`, `id`, `owner`, `problem` or a field's JSON key or option; `-` before it turns it around
 *
 * Returns: whether there is such an order
 */
gboolean
crm_task_query_parse_sort (CrmTaskQuery *self,
                           const char   *name)
{
  gboolean descending = *name == '-';

  name += descending ? 1 : 0;

  if (g_str_equal (name, "localId") || g_str_equal (name, "created"))
    self->sort = CRM_SORT_CREATED;
  else if (g_str_equal (name, "syncState") || g_str_equal (name, "state"))
    self->sort = CRM_SORT_STATE;
  else if (g_str_equal (name, "id"))
    self->sort = CRM_SORT_CRM_ID;
  else if (g_str_equal (name, "owner"))
    self->sort = CRM_SORT_OWNER;
  else if (g_str_equal (name, "problem"))
    self->sort = CRM_SORT_PROBLEM;
  else
    {
      guint i = 0;

      while (i < CRM_N_FIELDS && !g_str_equal (crm_field_get (i)->key, name) &&
             !g_str_equal (crm_field_get (i)->option, name))
        i++;
      if (i == CRM_N_FIELDS)
        return FALSE;
      self->sort = CRM_SORT_FIELD;
      self->field = i;
    }

  self->descending = descending;
  return TRUE;
}

/**
 * crm_task_query_keeps_place:
 * @self: a query
 * @before: a task as it was, which it found or not
 * @after: the same task as it is
 *
 * Returns: whether it finds the task as before, and at the same place; %FALSE also when that is not sure
 */
gboolean
crm_task_query_keeps_place (const CrmTaskQuery *self,
                            CrmTask            *before,
                            CrmTask            *after)
{
  CrmFieldMask different = crm_values_compare (crm_task_get_values (before), crm_task_get_values (after));
  gboolean same_state = crm_task_get_state (before) == crm_task_get_state (after);
  gboolean same_id = crm_task_get_crm_id (before) == crm_task_get_crm_id (after);

  if (self->states != 0 && !same_state)
    return FALSE;
  if (self->search != NULL && *self->search != '\0' && (different != 0 || !same_id))
    return FALSE;
  if (self->code != 0)
    return FALSE;
  if (self->assignee != 0 && (different & CRM_FIELD_BIT (CRM_FIELD_ASSIGNED_USER)) != 0)
    return FALSE;
  if ((self->due_from != NULL || self->due_before != NULL) && (different & CRM_FIELD_BIT (CRM_FIELD_END_DATETIME)) != 0)
    return FALSE;
  if (self->open && (different & CRM_FIELD_BIT (CRM_FIELD_STATUS)) != 0)
    return FALSE;

  switch (self->sort)
    {
    case CRM_SORT_CREATED:
      return TRUE;
    case CRM_SORT_STATE:
      return same_state;
    case CRM_SORT_CRM_ID:
      return same_id;
    case CRM_SORT_OWNER:
      return (different & CRM_FIELDS_OWNER) == 0;
    case CRM_SORT_PROBLEM:
      return same_state && crm_task_get_problem (before) == NULL && crm_task_get_problem (after) == NULL;
    case CRM_SORT_FIELD:
    default:
      return (different & CRM_FIELD_BIT (self->field)) == 0;
    }
}

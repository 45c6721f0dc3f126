/* crm-list-names.c: keeps the names in a list's rows what they are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui/crm-list-names.h"

/* Names that come one after the other are looked at together after so many milliseconds, so many rows at a time. */
#define PAUSE 500
#define MOST_AT_ONCE 16

struct _CrmListNames
{
  CrmListRows      *rows;
  CrmListNamesFunc  func;
  gpointer          data;
  CrmStore         *store; /* while there is something to look at */
  GArray           *left;  /* local ids of rows still to be looked at; NULL: none yet */
  guint             source;
};

static gboolean
has_other_names (CrmTask *before,
                 CrmTask *after)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (g_strcmp0 (crm_task_get_name_of (before, i), crm_task_get_name_of (after, i)) != 0)
      return TRUE;

  return FALSE;
}

static gboolean
look_cb (gpointer user_data)
{
  CrmListNames *self = user_data;
  g_autoptr (GArray) renamed = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < MOST_AT_ONCE && self->left->len > 0; i++)
    {
      gint64 id = g_array_index (self->left, gint64, self->left->len - 1);
      CrmListRow *row = crm_list_rows_find (self->rows, id);
      g_autoptr (CrmTask) task = row != NULL ? crm_store_read_task (self->store, id, NULL) : NULL;

      g_array_set_size (self->left, self->left->len - 1);
      /* One that changed otherwise is announced for that. */
      if (task == NULL || !has_other_names (row->task, task) ||
          crm_task_get_revision (row->task) != crm_task_get_revision (task))
        continue;

      g_set_object (&row->task, task);
      g_array_append_val (renamed, id);
    }

  if (self->left->len == 0)
    {
      self->source = 0;
      crm_list_names_stop (self);
    }
  if (renamed->len > 0)
    self->func (renamed, self->data);

  return self->source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
pause_cb (gpointer user_data)
{
  CrmListNames *self = user_data;

  self->left = crm_list_rows_get_ids (self->rows);
  self->source = g_idle_add (look_cb, self);

  return G_SOURCE_REMOVE;
}

/**
 * crm_list_names_new:
 * @rows: the rows; they must outlive it
 * @func: (scope notified): called when some have other names, which they have by then
 * @data: given to @func
 *
 * Returns: (transfer full): what looks after the names
 */
CrmListNames *
crm_list_names_new (CrmListRows      *rows,
                    CrmListNamesFunc  func,
                    gpointer          data)
{
  CrmListNames *self = g_new0 (CrmListNames, 1);

  self->rows = rows;
  self->func = func;
  self->data = data;

  return self;
}

/**
 * crm_list_names_free:
 * @self: (transfer full): what looks after the names
 */
void
crm_list_names_free (CrmListNames *self)
{
  g_return_if_fail (self != NULL);

  crm_list_names_stop (self);
  g_free (self);
}

/**
 * crm_list_names_look:
 * @self: what looks after the names
 * @store: where they may have changed
 *
 * Looks soon at all rows, a few at a time.
 */
void
crm_list_names_look (CrmListNames *self,
                     CrmStore     *store)
{
  g_return_if_fail (self != NULL && CRM_IS_STORE (store));

  /* A look that is under way has seen some rows before the change. */
  if (self->left != NULL)
    crm_list_names_stop (self);
  g_set_object (&self->store, store);
  if (self->source == 0)
    self->source = g_timeout_add (PAUSE, pause_cb, self);
}

/**
 * crm_list_names_stop:
 * @self: what looks after the names
 */
void
crm_list_names_stop (CrmListNames *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->left, g_array_unref);
  g_clear_object (&self->store);
}

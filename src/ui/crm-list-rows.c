/* crm-list-rows.c: the tasks of a list that were read, the latest pages of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui/crm-list-rows.h"

/* Rows are read a page at a time; the oldest of so many pages is forgotten when one more is read. */
#define PAGE_SIZE 64
#define MAX_PAGES 32

typedef struct
{
  guint  number;
  gint64 ids[PAGE_SIZE];
  guint  n_ids;
} Page;

struct _CrmListRows
{
  GHashTable *rows;  /* gint64 * → CrmListRow */
  GQueue      pages; /* of Page, the oldest first */
  guint       last_page;
};

static void
row_free (CrmListRow *row)
{
  g_clear_object (&row->task);
  g_free (row);
}

static void
forget_oldest_page (CrmListRows *self)
{
  g_autofree Page *page = g_queue_pop_head (&self->pages);

  for (guint i = 0; i < page->n_ids; i++)
    {
      CrmListRow *row = crm_list_rows_find (self, page->ids[i]);

      if (row != NULL && row->page == page->number)
        g_hash_table_remove (self->rows, &page->ids[i]);
    }
}

static void
keep (CrmListRows *self,
      CrmTask     *task,
      guint        position,
      guint        page)
{
  gint64 id = crm_task_get_local_id (task);
  CrmListRow *row = crm_list_rows_find (self, id);

  if (row == NULL)
    {
      row = g_new0 (CrmListRow, 1);
      row->task = g_object_ref (task);
      g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), row);
    }
  row->position = position;
  row->page = page;
}

/**
 * crm_list_rows_new:
 *
 * Returns: (transfer full): nothing read yet
 */
CrmListRows *
crm_list_rows_new (void)
{
  CrmListRows *self = g_new0 (CrmListRows, 1);

  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) row_free);
  g_queue_init (&self->pages);

  return self;
}

/**
 * crm_list_rows_free:
 * @self: (transfer full): rows
 */
void
crm_list_rows_free (CrmListRows *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->rows);
  g_queue_clear_full (&self->pages, g_free);
  g_free (self);
}

/**
 * crm_list_rows_find:
 * @self: rows
 * @local_id: a local id
 *
 * Returns: (transfer none) (nullable): its row, if it was read
 */
CrmListRow *
crm_list_rows_find (CrmListRows *self,
                    gint64       local_id)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_hash_table_lookup (self->rows, &local_id);
}

/**
 * crm_list_rows_read:
 * @self: rows
 * @store: where they are
 * @ids: the local ids of the whole list, in its order
 * @position: one of them
 *
 * Reads the page it is on. Nothing is said when that fails: the row isn’t there then.
 */
void
crm_list_rows_read (CrmListRows *self,
                    CrmStore    *store,
                    CrmIdList   *ids,
                    guint        position)
{
  guint start = position - position % PAGE_SIZE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GHashTable) hints = g_hash_table_new (g_int64_hash, g_int64_equal);
  Page *page;

  g_return_if_fail (self != NULL && CRM_IS_STORE (store) && ids != NULL && position < crm_id_list_get_n (ids));

  page = g_new0 (Page, 1);
  page->number = ++self->last_page;
  page->n_ids = (guint) MIN (PAGE_SIZE, crm_id_list_get_n (ids) - start);
  for (guint i = 0; i < page->n_ids; i++)
    {
      page->ids[i] = crm_id_list_get (ids, start + i);
      g_hash_table_insert (hints, &page->ids[i], GUINT_TO_POINTER (start + i));
    }

  tasks = crm_store_read_tasks (store, page->ids, page->n_ids, &error);
  if (tasks == NULL)
    g_info ("Could not read tasks for the list: %s", error->message);

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    if (tasks->pdata[i] != NULL)
      {
        gint64 id = crm_task_get_local_id (tasks->pdata[i]);

        keep (self, tasks->pdata[i], GPOINTER_TO_UINT (g_hash_table_lookup (hints, &id)), page->number);
      }

  g_queue_push_tail (&self->pages, page);
  if (self->pages.length > MAX_PAGES)
    forget_oldest_page (self);
}

/**
 * crm_list_rows_get_ids:
 * @self: rows
 *
 * Returns: (transfer full) (element-type gint64): the local ids of all rows that were read
 */
GArray *
crm_list_rows_get_ids (CrmListRows *self)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (self != NULL, ids);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (ids, key, 1);

  return ids;
}

/**
 * crm_list_rows_forget:
 * @self: rows
 * @local_id: a task that is gone
 */
void
crm_list_rows_forget (CrmListRows *self,
                      gint64       local_id)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove (self->rows, &local_id);
}

/**
 * crm_list_rows_forget_all:
 * @self: rows
 */
void
crm_list_rows_forget_all (CrmListRows *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->rows);
  g_queue_clear_full (&self->pages, g_free);
}

/* crm-task-list.c: the tasks a query finds, as a list model that reads only what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-list.h"

#include "ui/crm-list-diff.h"

/* Rows are read a page at a time; the oldest of so many pages is forgotten when one more is read. */
#define PAGE_SIZE 64
#define MAX_PAGES 32

/* More changes than this at once, and taking all out and putting all in anew is cheaper. */
#define MAX_PIECES 64
#define MAX_MIDDLE 256

/* While much is sent, the order is not asked for more often than this, in milliseconds. */
#define QUERY_PAUSE 200

typedef struct
{
  CrmTask *task;
  guint    position; /* where it was last seen: a hint */
  guint    page;     /* which reading brought it */
} Row;

typedef struct
{
  guint  number;
  gint64 ids[PAGE_SIZE];
  guint  n_ids;
} Page;

struct _CrmTaskList
{
  GObject       parent_instance;

  CrmStore     *store;
  CrmTaskQuery *query;
  GArray       *ids;
  GHashTable   *rows;    /* gint64 * → Row */
  GQueue        pages;   /* of Page, the oldest first */
  guint         last_page;

  GHashTable   *changed; /* local ids that may have come, gone or moved since the query under way began */
  gboolean      all_changed;
  GHashTable   *asked;   /* the same, for the query under way */
  gboolean      asked_all;
  gboolean      fresh;   /* the query itself changed */
  GCancellable *cancellable;
  guint         pause_id;
  gboolean      wanted;  /* another query is needed after the one under way or the pause */
  gboolean      loading;
};

enum
{
  PROP_0,
  PROP_LOADING,
  PROP_N_ITEMS,
  N_PROPS
};

enum
{
  UPDATING,
  UPDATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void crm_task_list_iface_init (GListModelInterface *iface);
static void begin_query (CrmTaskList *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (CrmTaskList, crm_task_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, crm_task_list_iface_init))

static void
row_free (Row *row)
{
  g_clear_object (&row->task);
  g_free (row);
}

static GHashTable *
id_set_new (void)
{
  return g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

static void
id_set_add (GHashTable *set,
            gint64      id)
{
  g_hash_table_add (set, g_memdup2 (&id, sizeof id));
}

static gint64
id_at (CrmTaskList *self,
       guint        position)
{
  return g_array_index (self->ids, gint64, position);
}

static void
set_loading (CrmTaskList *self,
             gboolean     loading)
{
  if (self->loading == loading)
    return;

  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
forget_rows (CrmTaskList *self)
{
  g_hash_table_remove_all (self->rows);
  g_queue_clear_full (&self->pages, g_free);
}

static void
forget_oldest_page (CrmTaskList *self)
{
  g_autofree Page *page = g_queue_pop_head (&self->pages);

  for (guint i = 0; i < page->n_ids; i++)
    {
      Row *row = g_hash_table_lookup (self->rows, &page->ids[i]);

      if (row != NULL && row->page == page->number)
        g_hash_table_remove (self->rows, &page->ids[i]);
    }
}

static void
keep_row (CrmTaskList *self,
          CrmTask     *task,
          guint        position,
          guint        page)
{
  gint64 id = crm_task_get_local_id (task);
  Row *row = g_hash_table_lookup (self->rows, &id);

  if (row == NULL)
    {
      row = g_new0 (Row, 1);
      row->task = g_object_ref (task);
      g_hash_table_insert (self->rows, g_memdup2 (&id, sizeof id), row);
    }
  row->position = position;
  row->page = page;
}

/* A row that the database no longer has, though the order still names it: gone with the next answer. */
static CrmTask *
make_gap (gint64 id)
{
  CrmTaskData data = { .local_id = id, .state = CRM_SYNC_REMOVED, .values = crm_values_new () };

  return crm_task_new (&data);
}

static void
read_page (CrmTaskList *self,
           guint        position)
{
  guint start = position - position % PAGE_SIZE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GHashTable) hints = g_hash_table_new (g_int64_hash, g_int64_equal);
  Page *page = g_new0 (Page, 1);

  page->number = ++self->last_page;
  page->n_ids = MIN (PAGE_SIZE, self->ids->len - start);
  for (guint i = 0; i < page->n_ids; i++)
    {
      page->ids[i] = id_at (self, start + i);
      g_hash_table_insert (hints, &page->ids[i], GUINT_TO_POINTER (start + i));
    }

  tasks = crm_store_read_tasks (self->store, page->ids, page->n_ids, &error);
  if (tasks == NULL)
    g_info ("Could not read tasks for the list: %s", error->message);

  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    if (tasks->pdata[i] != NULL)
      {
        gint64 id = crm_task_get_local_id (tasks->pdata[i]);

        keep_row (self, tasks->pdata[i], GPOINTER_TO_UINT (g_hash_table_lookup (hints, &id)), page->number);
      }

  g_queue_push_tail (&self->pages, page);
  if (self->pages.length > MAX_PAGES)
    forget_oldest_page (self);
}

static gboolean
find_near (CrmTaskList *self,
           gint64       id,
           guint        hint,
           guint       *position)
{
  for (guint distance = 0; distance <= MAX_MIDDLE; distance++)
    {
      if (hint + distance < self->ids->len && id_at (self, hint + distance) == id)
        {
          *position = hint + distance;
          return TRUE;
        }
      if (distance <= hint && hint - distance < self->ids->len && id_at (self, hint - distance) == id)
        {
          *position = hint - distance;
          return TRUE;
        }
    }

  return FALSE;
}

/* Whether the query finds the task as before, and at the same place. */
static gboolean
keeps_place (const CrmTaskQuery *query,
             CrmTask            *before,
             CrmTask            *after)
{
  CrmFieldMask different = crm_values_compare (crm_task_get_values (before), crm_task_get_values (after));
  gboolean same_state = crm_task_get_state (before) == crm_task_get_state (after);
  gboolean same_id = crm_task_get_crm_id (before) == crm_task_get_crm_id (after);

  if (query->states != 0 && !same_state)
    return FALSE;
  if (query->search != NULL && *query->search != '\0' && (different != 0 || !same_id))
    return FALSE;
  if (query->code != 0)
    return FALSE;

  switch (query->sort)
    {
    case CRM_SORT_CREATED:
      return TRUE;
    case CRM_SORT_STATE:
      return same_state;
    case CRM_SORT_CRM_ID:
      return same_id;
    case CRM_SORT_FIELD:
    default:
      return (different & CRM_FIELD_BIT (query->field)) == 0;
    }
}

static void
announce_row (CrmTaskList *self,
              gint64       id)
{
  guint position;
  Row *row = g_hash_table_lookup (self->rows, &id);

  if (row == NULL || !find_near (self, id, row->position, &position))
    return;

  row->position = position;
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 1);
}

static void
replace_all (CrmTaskList *self,
             GArray      *ids)
{
  guint n_before = self->ids->len;
  guint n_after = ids->len;

  /* Never both at once: GTK would read every new row. */
  if (n_before > 0)
    {
      g_array_unref (self->ids);
      self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, 0);
    }

  g_array_unref (self->ids);
  self->ids = g_array_ref (ids);
  if (n_after > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n_after);
}

static void
take_out (CrmTaskList *self,
          guint        position,
          guint        n)
{
  if (n == 0)
    return;

  g_array_remove_range (self->ids, position, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n, 0);
}

static void
put_in (CrmTaskList  *self,
        guint         position,
        const gint64 *ids,
        guint         n)
{
  if (n == 0)
    return;

  g_array_insert_vals (self->ids, position, ids, n);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

static void
take_over (CrmTaskList *self,
           GArray      *ids)
{
  g_autoptr (GArray) pieces = NULL;
  gboolean replaced;
  GHashTableIter iter;
  gpointer id;

  g_signal_emit (self, signals[UPDATING], 0);

  if (!self->fresh)
    pieces = self->asked_all ? crm_list_diff_middle (self->ids, ids, MAX_MIDDLE)
                             : crm_list_diff_by_ids (self->ids, ids, self->asked, MAX_PIECES);
  replaced = pieces == NULL;
  if (replaced)
    {
      replace_all (self, ids);
    }
  else
    {
      for (guint i = 0; i < pieces->len; i++)
        {
          const CrmListPiece *piece = &g_array_index (pieces, CrmListPiece, i);

          take_out (self, piece->position, piece->n_out);
          put_in (self, piece->position, (const gint64 *) (gpointer) ids->data + piece->from, piece->n_in);
        }

      if (self->asked_all)
        {
          /* Anything may have changed. A short list is read anew in place, which keeps it where it is scrolled to. */
          guint n = self->ids->len;

          if (n <= MAX_MIDDLE && n > 0)
            g_list_model_items_changed (G_LIST_MODEL (self), 0, n, n);
          else if (n > 0)
            replace_all (self, ids);
          replaced = TRUE;
        }
      else
        {
          g_hash_table_iter_init (&iter, self->asked);
          while (g_hash_table_iter_next (&iter, &id, NULL))
            announce_row (self, *(gint64 *) id);
        }
    }

  self->fresh = FALSE;
  g_signal_emit (self, signals[UPDATED], 0, replaced);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  CrmTaskList *self = user_data;

  self->pause_id = 0;
  if (self->wanted)
    begin_query (self);

  return G_SOURCE_REMOVE;
}

static void
query_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (CrmTaskList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = crm_store_query_finish (CRM_STORE (source), result, &error);

  if (CRM_STORE (source) != self->store || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (ids == NULL)
    g_info ("Could not ask for the order of the tasks: %s", error->message);
  else
    take_over (self, ids);

  g_hash_table_remove_all (self->asked);
  self->asked_all = FALSE;
  set_loading (self, FALSE);

  if (self->wanted && self->pause_id == 0)
    self->pause_id = g_timeout_add (QUERY_PAUSE, pause_over_cb, self);
}

static void
begin_query (CrmTaskList *self)
{
  GHashTableIter iter;
  gpointer id;

  if (self->store == NULL || self->query == NULL)
    return;

  if (self->cancellable != NULL)
    {
      self->wanted = TRUE;
      return;
    }

  self->wanted = FALSE;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_hash_table_iter_steal (&iter);
      g_hash_table_add (self->asked, id);
    }
  self->asked_all = self->asked_all || self->all_changed;
  self->all_changed = FALSE;

  self->cancellable = g_cancellable_new ();
  crm_store_query_async (self->store, self->query, self->cancellable, query_cb, g_object_ref (self));
}

static void
begin_query_soon (CrmTaskList *self)
{
  self->wanted = TRUE;
  if (self->pause_id == 0 && self->cancellable == NULL)
    begin_query (self);
}

static void
cancel_query (CrmTaskList *self)
{
  if (self->cancellable != NULL)
    {
      g_cancellable_cancel (self->cancellable);
      g_clear_object (&self->cancellable);
    }
  g_clear_handle_id (&self->pause_id, g_source_remove);
}

static void
store_changed_cb (CrmStore    *store,
                  GArray      *ids,
                  CrmTaskList *self)
{
  gboolean moved = FALSE;
  gboolean announced = FALSE;

  if (ids == NULL)
    {
      forget_rows (self);
      self->all_changed = TRUE;
      begin_query_soon (self);
      return;
    }

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      Row *row = g_hash_table_lookup (self->rows, &id);
      g_autoptr (CrmTask) task = NULL;
      gboolean stays;

      if (row == NULL)
        {
          id_set_add (self->changed, id);
          moved = TRUE;
          continue;
        }

      task = crm_store_read_task (self->store, id, NULL);
      stays = task != NULL && keeps_place (self->query, row->task, task);
      /* One that comes back, when its discard is undone, is a new row. */
      if (task != NULL)
        g_set_object (&row->task, task);
      else
        g_hash_table_remove (self->rows, &id);

      if (stays)
        {
          if (!announced)
            g_signal_emit (self, signals[UPDATING], 0);
          announced = TRUE;
          announce_row (self, id);
        }
      else
        {
          id_set_add (self->changed, id);
          moved = TRUE;
        }
    }

  if (announced)
    g_signal_emit (self, signals[UPDATED], 0, FALSE);
  if (moved)
    begin_query_soon (self);
}

static GType
crm_task_list_get_item_type (GListModel *model)
{
  return CRM_TYPE_TASK;
}

static guint
crm_task_list_get_n_items (GListModel *model)
{
  return CRM_TASK_LIST (model)->ids->len;
}

static gpointer
crm_task_list_get_item (GListModel *model,
                        guint       position)
{
  CrmTaskList *self = CRM_TASK_LIST (model);
  gint64 id;
  Row *row;

  if (position >= self->ids->len)
    return NULL;

  id = id_at (self, position);
  row = g_hash_table_lookup (self->rows, &id);
  if (row == NULL)
    {
      read_page (self, position);
      row = g_hash_table_lookup (self->rows, &id);
    }

  if (row == NULL)
    return make_gap (id);

  row->position = position;
  return g_object_ref (row->task);
}

static void
crm_task_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = crm_task_list_get_item_type;
  iface->get_n_items = crm_task_list_get_n_items;
  iface->get_item = crm_task_list_get_item;
}

static void
crm_task_list_dispose (GObject *object)
{
  CrmTaskList *self = CRM_TASK_LIST (object);

  cancel_query (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (crm_task_list_parent_class)->dispose (object);
}

static void
crm_task_list_finalize (GObject *object)
{
  CrmTaskList *self = CRM_TASK_LIST (object);

  g_clear_pointer (&self->query, crm_task_query_free);
  g_clear_pointer (&self->ids, g_array_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->changed, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);
  g_queue_clear_full (&self->pages, g_free);

  G_OBJECT_CLASS (crm_task_list_parent_class)->finalize (object);
}

static void
crm_task_list_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  CrmTaskList *self = CRM_TASK_LIST (object);

  switch (prop_id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->ids->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_list_class_init (CrmTaskListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_task_list_dispose;
  object_class->finalize = crm_task_list_finalize;
  object_class->get_property = crm_task_list_get_property;

  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, TRUE, flags);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[UPDATING] = g_signal_new ("updating", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
crm_task_list_init (CrmTaskList *self)
{
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->rows = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) row_free);
  self->changed = id_set_new ();
  self->asked = id_set_new ();
  self->query = crm_task_query_new ();
  self->loading = TRUE;
  g_queue_init (&self->pages);
}

/**
 * crm_task_list_new:
 *
 * Returns: (transfer full): a list that is empty until it has a store
 */
CrmTaskList *
crm_task_list_new (void)
{
  return g_object_new (CRM_TYPE_TASK_LIST, NULL);
}

/**
 * crm_task_list_set_store:
 * @self: a list
 * @store: (nullable): where its tasks come from
 */
void
crm_task_list_set_store (CrmTaskList *self,
                         CrmStore    *store)
{
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_if_fail (CRM_IS_TASK_LIST (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  if (self->store == store)
    return;

  cancel_query (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);

  g_signal_emit (self, signals[UPDATING], 0);
  replace_all (self, none);
  forget_rows (self);
  g_set_object (&self->store, store);
  g_signal_emit (self, signals[UPDATED], 0, TRUE);

  set_loading (self, TRUE);
  if (store == NULL)
    return;

  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  self->fresh = TRUE;
  begin_query (self);
}

/**
 * crm_task_list_set_query:
 * @self: a list
 * @query: which tasks, in which order; copied
 *
 * What is shown stays until the answer is there.
 */
void
crm_task_list_set_query (CrmTaskList        *self,
                         const CrmTaskQuery *query)
{
  g_return_if_fail (CRM_IS_TASK_LIST (self));
  g_return_if_fail (query != NULL);

  crm_task_query_free (self->query);
  self->query = crm_task_query_copy (query);

  cancel_query (self);
  self->fresh = TRUE;
  set_loading (self, TRUE);
  begin_query (self);
}

/**
 * crm_task_list_get_loading:
 * @self: a list
 *
 * Returns: whether no answer to its query has come yet
 */
gboolean
crm_task_list_get_loading (CrmTaskList *self)
{
  g_return_val_if_fail (CRM_IS_TASK_LIST (self), FALSE);

  return self->loading;
}

/**
 * crm_task_list_get_id:
 * @self: a list
 * @position: a position
 *
 * Returns: the local id of the task there, without reading it; 0 past the end
 */
gint64
crm_task_list_get_id (CrmTaskList *self,
                      guint        position)
{
  g_return_val_if_fail (CRM_IS_TASK_LIST (self), 0);

  return position < self->ids->len ? id_at (self, position) : 0;
}

/**
 * crm_task_list_find:
 * @self: a list
 * @local_id: a local id
 * @position: (out): where it is
 *
 * Returns: whether it is in the list
 */
gboolean
crm_task_list_find (CrmTaskList *self,
                    gint64       local_id,
                    guint       *position)
{
  Row *row;

  g_return_val_if_fail (CRM_IS_TASK_LIST (self), FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  row = g_hash_table_lookup (self->rows, &local_id);
  if (row != NULL && find_near (self, local_id, row->position, position))
    return TRUE;

  for (guint i = 0; i < self->ids->len; i++)
    if (id_at (self, i) == local_id)
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

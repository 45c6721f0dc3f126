/* crm-task-list.c: the tasks a query finds, as a list model that reads only what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-list.h"

#include "ui/crm-list-diff.h"
#include "ui/crm-list-names.h"
#include "ui/crm-list-places.h"
#include "ui/crm-list-rows.h"

/* More changes than this at once, and taking all out and putting all in anew is cheaper. */
#define MAX_PIECES 64
#define MAX_MIDDLE 256

/* The first rows are announced before the rest is known, and more of them a frame at a time, for GTK makes widgets for some two
 * hundred rows at once. Behind those it makes none. */
#define FIRST_ROWS 24
#define MORE_ROWS 32
#define ROWS_WITH_WIDGETS 256

/* While much is sent, the order is not asked for more often than this, in milliseconds. */
#define QUERY_PAUSE 200

struct _CrmTaskList
{
  GObject        parent_instance;

  CrmStore      *store;
  CrmTaskQuery  *query;
  CrmListPlaces *places;
  guint          announce_id;
  CrmListRows   *rows;
  CrmListNames  *names;
  GHashTable    *leaving;     /* local ids that the query finds no more, and that stay while the list is held */
  gboolean       held;

  GHashTable    *changed;     /* local ids that may have come, gone or moved since the query under way began */
  gboolean       all_changed;
  GHashTable    *asked;       /* the same, for the query under way */
  gboolean       asked_all;
  gboolean       fresh;       /* the query itself changed */
  gboolean       first_shown; /* the first of what it finds are */
  GCancellable  *cancellable;
  guint          pause_id;
  gboolean       wanted;      /* another query is needed after the one under way or the pause */
  gboolean       loading;
};

enum
{
  PROP_0,
  PROP_LOADING,
  N_PROPS
};

enum
{
  UPDATING,
  REFILLED,
  UPDATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void crm_task_list_iface_init (GListModelInterface *iface);
static void begin_query (CrmTaskList *self);

G_DEFINE_FINAL_TYPE_WITH_CODE (CrmTaskList, crm_task_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, crm_task_list_iface_init))

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
refilled_cb (guint    position,
             guint    n,
             gpointer data)
{
  g_signal_emit (data, signals[REFILLED], 0, position, n);
}

static void
announce_row (CrmTaskList *self,
              gint64       id)
{
  guint position;
  CrmListRow *row = crm_list_rows_find (self->rows, id);

  if (row == NULL || !crm_list_places_find_near (self->places, id, row->position, &position))
    return;

  row->position = position;
  crm_list_places_refill (self->places, position, 1);
}

static void
announce_rest (CrmTaskList *self)
{
  g_clear_handle_id (&self->announce_id, g_source_remove);
  crm_list_places_grow (self->places, G_MAXUINT);
}

static void
replace_all (CrmTaskList *self,
             CrmIdList   *ids,
             guint        n)
{
  g_clear_handle_id (&self->announce_id, g_source_remove);
  crm_list_places_replace (self->places, ids, n);
}

/* Nothing goes under the pointer: what the new order leaves out of what changed, or left out before, stays. */
static CrmIdList *
hold_back (CrmTaskList *self,
           CrmIdList   *ids)
{
  g_autoptr (GArray) stay = g_array_new (FALSE, FALSE, sizeof (CrmListHeld));
  g_autoptr (GHashTable) leaving = g_steal_pointer (&self->leaving);
  GHashTable *sets[] = { self->asked, leaving };
  CrmIdList *after;

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      GHashTableIter iter;
      gpointer key;

      g_hash_table_iter_init (&iter, sets[i]);
      while (g_hash_table_iter_next (&iter, &key, NULL))
        {
          CrmListHeld held = { .id = *(gint64 *) key };
          CrmListRow *row = crm_list_rows_find (self->rows, held.id);

          /* One that was removed is not among the rows any more. */
          if (row != NULL && crm_list_places_find_near (self->places, held.id, row->position, &held.position))
            g_array_append_val (stay, held);
        }
    }

  self->leaving = id_set_new ();
  after = crm_list_diff_hold (crm_list_places_get_ids (self->places), ids, stay, MAX_MIDDLE);
  for (guint i = 0; i < stay->len; i++)
    id_set_add (self->leaving, g_array_index (stay, CrmListHeld, i).id);

  return after;
}

static void
begin_change (CrmTaskList *self)
{
  g_signal_emit (self, signals[UPDATING], 0);
}

static void
end_change (CrmTaskList *self,
            gboolean     replaced)
{
  g_signal_emit (self, signals[UPDATED], 0, replaced);
}

static void
finish_loading (CrmTaskList *self)
{
  begin_change (self);
  announce_rest (self);
  end_change (self, FALSE);
  set_loading (self, FALSE);
}

static gboolean
announce_cb (gpointer user_data)
{
  CrmTaskList *self = user_data;
  guint n = crm_list_places_get_n (self->places);

  if (n < ROWS_WITH_WIDGETS && n + MORE_ROWS < crm_id_list_get_n (crm_list_places_get_ids (self->places)))
    {
      crm_list_places_grow (self->places, MORE_ROWS);
      return G_SOURCE_CONTINUE;
    }

  self->announce_id = 0;
  finish_loading (self);

  return G_SOURCE_REMOVE;
}

/* As many places as before stay: how many are needed is known soon. */
static void
first_cb (CrmIdList *first,
          gpointer   user_data)
{
  CrmTaskList *self = user_data;

  begin_change (self);
  replace_all (self, first, MAX (crm_list_places_get_n (self->places), (guint) crm_id_list_get_n (first)));
  self->first_shown = TRUE;
  end_change (self, TRUE);
}

/* All of what another query finds: what there are no places for yet follows between the frames. */
static void
take_fresh (CrmTaskList *self,
            CrmIdList   *ids)
{
  guint n_ids = (guint) crm_id_list_get_n (ids);
  guint n = MIN (n_ids, MAX (crm_list_places_get_n (self->places), FIRST_ROWS));

  self->fresh = FALSE;
  begin_change (self);
  replace_all (self, ids, n);
  end_change (self, !self->first_shown);

  if (n < n_ids)
    self->announce_id = g_idle_add (announce_cb, self);
  else
    set_loading (self, FALSE);
}

static void
take_over (CrmTaskList *self,
           CrmIdList   *found)
{
  g_autoptr (CrmIdList) ids = NULL;
  g_autoptr (GArray) pieces = NULL;
  CrmIdList *before;
  GHashTableIter iter;
  gpointer id;

  announce_rest (self);
  ids = self->held && !self->asked_all ? hold_back (self, found) : crm_id_list_ref (found);

  begin_change (self);

  before = crm_list_places_get_ids (self->places);
  pieces = self->asked_all ? crm_list_diff_middle (before, ids, MAX_MIDDLE)
                           : crm_list_diff_by_ids (before, ids, self->asked, MAX_PIECES);
  if (pieces == NULL)
    {
      replace_all (self, ids, (guint) crm_id_list_get_n (ids));
    }
  else
    {
      for (guint i = 0; i < pieces->len; i++)
        {
          const CrmListPiece *piece = &g_array_index (pieces, CrmListPiece, i);

          crm_list_places_take_out (self->places, piece->position, piece->n_out);
          crm_list_places_put_in (self->places, piece->position, ids, piece->from, piece->n_in);
        }

      if (self->asked_all)
        {
          crm_list_places_refill (self->places, 0, crm_list_places_get_n (self->places));
        }
      else
        {
          g_hash_table_iter_init (&iter, self->asked);
          while (g_hash_table_iter_next (&iter, &id, NULL))
            announce_row (self, *(gint64 *) id);
        }
    }

  end_change (self, FALSE);
  set_loading (self, FALSE);
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
  g_autoptr (CrmIdList) ids = crm_store_query_finish (CRM_STORE (source), result, &error);

  if (CRM_STORE (source) != self->store || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (ids == NULL)
    {
      g_info ("Could not ask for the order of the tasks: %s", error->message);
      set_loading (self, FALSE);
    }
  else if (self->fresh)
    {
      take_fresh (self, ids);
    }
  else
    {
      take_over (self, ids);
    }

  g_hash_table_remove_all (self->asked);
  self->asked_all = FALSE;

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

  self->first_shown = FALSE;
  self->cancellable = g_cancellable_new ();
  crm_store_query_async (self->store, self->query, FIRST_ROWS, self->fresh ? first_cb : NULL, self, self->cancellable, query_cb,
                         g_object_ref (self));
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
  g_clear_handle_id (&self->announce_id, g_source_remove);
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
      crm_list_rows_forget_all (self->rows);
      self->all_changed = TRUE;
      begin_query_soon (self);
      return;
    }

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      CrmListRow *row = crm_list_rows_find (self->rows, id);
      g_autoptr (CrmTask) task = NULL;
      gboolean stays;

      if (row == NULL)
        {
          id_set_add (self->changed, id);
          moved = TRUE;
          continue;
        }

      task = crm_store_read_task (self->store, id, NULL);
      stays = task != NULL && crm_task_query_keeps_place (self->query, row->task, task);
      /* One that comes back, when its discard is undone, is a new row. */
      if (task != NULL)
        g_set_object (&row->task, task);
      else
        crm_list_rows_forget (self->rows, id);

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

static void
renamed_cb (GArray   *ids,
            gpointer  user_data)
{
  CrmTaskList *self = user_data;

  g_signal_emit (self, signals[UPDATING], 0);
  for (guint i = 0; i < ids->len; i++)
    announce_row (self, g_array_index (ids, gint64, i));
  g_signal_emit (self, signals[UPDATED], 0, FALSE);
}

static void
names_changed_cb (CrmTaskList *self)
{
  crm_list_names_look (self->names, self->store);
}

static GType
crm_task_list_get_item_type (GListModel *model)
{
  return CRM_TYPE_LIST_SLOT;
}

static guint
crm_task_list_get_n_items (GListModel *model)
{
  return crm_list_places_get_n (CRM_TASK_LIST (model)->places);
}

static gpointer
crm_task_list_get_item (GListModel *model,
                        guint       position)
{
  return crm_list_places_get_slot (CRM_TASK_LIST (model)->places, position);
}

/* NULL: it is not known yet what is there, or the database no longer has it and the next answer won’t name it. */
static CrmTask *
read_task (guint    position,
           gpointer data)
{
  CrmTaskList *self = data;
  gint64 id = crm_list_places_get_id (self->places, position);
  CrmListRow *row;

  if (id == 0 || self->store == NULL)
    return NULL;

  row = crm_list_rows_find (self->rows, id);
  if (row == NULL)
    {
      crm_list_rows_read (self->rows, self->store, crm_list_places_get_ids (self->places), position);
      row = crm_list_rows_find (self->rows, id);
    }
  if (row == NULL)
    return NULL;

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
  crm_list_names_stop (self->names);
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
  g_clear_pointer (&self->places, crm_list_places_free);
  g_clear_pointer (&self->names, crm_list_names_free);
  g_clear_pointer (&self->rows, crm_list_rows_free);
  g_clear_pointer (&self->leaving, g_hash_table_unref);
  g_clear_pointer (&self->changed, g_hash_table_unref);
  g_clear_pointer (&self->asked, g_hash_table_unref);

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
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[UPDATING] = g_signal_new ("updating", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[REFILLED] = g_signal_new ("refilled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  signals[UPDATED] = g_signal_new ("updated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
crm_task_list_init (CrmTaskList *self)
{
  self->places = crm_list_places_new (G_LIST_MODEL (self), read_task, refilled_cb, self);
  self->rows = crm_list_rows_new ();
  self->names = crm_list_names_new (self->rows, renamed_cb, self);
  self->leaving = id_set_new ();
  self->changed = id_set_new ();
  self->asked = id_set_new ();
  self->query = crm_task_query_new ();
  self->loading = TRUE;
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
  g_autoptr (CrmIdList) none = crm_id_list_new ();

  g_return_if_fail (CRM_IS_TASK_LIST (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  if (self->store == store)
    return;

  cancel_query (self);
  crm_list_names_stop (self->names);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);

  begin_change (self);
  replace_all (self, none, 0);
  crm_list_rows_forget_all (self->rows);
  g_set_object (&self->store, store);
  end_change (self, TRUE);

  set_loading (self, TRUE);
  if (store == NULL)
    return;

  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect_object (store, "names-changed", G_CALLBACK (names_changed_cb), self, G_CONNECT_SWAPPED);
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
  g_hash_table_remove_all (self->leaving);

  cancel_query (self);
  self->fresh = TRUE;
  set_loading (self, TRUE);
  begin_query (self);
}

/**
 * crm_task_list_set_held:
 * @self: a list
 * @held: whether rows stay where they are though the query finds them no more, as under a pointer
 *
 * A row that is removed for good goes all the same. What stayed goes when the list is let go.
 */
void
crm_task_list_set_held (CrmTaskList *self,
                        gboolean     held)
{
  GHashTableIter iter;
  gpointer key;

  g_return_if_fail (CRM_IS_TASK_LIST (self));

  if (self->held == held)
    return;

  self->held = held;
  if (held || g_hash_table_size (self->leaving) == 0)
    return;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    id_set_add (self->changed, *(gint64 *) key);
  g_hash_table_remove_all (self->leaving);
  begin_query_soon (self);
}

/**
 * crm_task_list_is_leaving:
 * @self: a list
 * @local_id: a local id
 *
 * Returns: whether its row is only still there because the list is held
 */
gboolean
crm_task_list_is_leaving (CrmTaskList *self,
                          gint64       local_id)
{
  g_return_val_if_fail (CRM_IS_TASK_LIST (self), FALSE);

  return g_hash_table_contains (self->leaving, &local_id);
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
 * Returns: the local id of the task there, without reading it; 0 past the end, and where it is not known yet
 */
gint64
crm_task_list_get_id (CrmTaskList *self,
                      guint        position)
{
  g_return_val_if_fail (CRM_IS_TASK_LIST (self), 0);

  return crm_list_places_get_id (self->places, position);
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
  CrmListRow *row;

  g_return_val_if_fail (CRM_IS_TASK_LIST (self), FALSE);
  g_return_val_if_fail (position != NULL, FALSE);

  row = crm_list_rows_find (self->rows, local_id);
  if (row != NULL && crm_list_places_find_near (self->places, local_id, row->position, position))
    return TRUE;

  return crm_list_places_find (self->places, local_id, position);
}

/* crm-task-view.c: the table of tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-view.h"

#include "ui/crm-cell-filler.h"
#include "ui/crm-column-keeper.h"
#include "ui/crm-column-sorter.h"
#include "ui/crm-done-cell.h"
#include "ui/crm-due-cell.h"
#include "ui/crm-lazy-cell.h"
#include "ui/crm-state-cell.h"
#include "ui/crm-task-cell.h"
#include "ui/crm-text-cell.h"

#include <glib/gi18n-lib.h>

/* No row goes under a pointer that moved less than so many milliseconds ago. */
#define REST 3000

struct _CrmTaskView
{
  GtkWidget           parent_instance;

  GtkWidget          *scroller;
  GtkColumnView      *column_view;
  GtkSelectionModel  *selection;

  CrmTaskList        *list;
  CrmCellFiller      *filler;
  CrmColumnKeeper    *keeper;
  GSimpleActionGroup *columns;
  GMenu              *column_menu;
  gint64              selected_id;
  guint               last_position; /* where the selected task is, or was before it left */
  guint               updating;
  guint               rest_id;
  double              scroll_before;
  gboolean            scroll_later;  /* to the selected task, as soon as it is in the list */
  char               *sort_column;
  GArray             *chosen;   /* of several selected tasks the ids, while the list changes */
  gboolean            chose_all;
  gboolean            sort_descending;
};

enum
{
  PROP_0,
  PROP_LIST,
  PROP_SELECTED_ID,
  PROP_N_SELECTED,
  PROP_SORT_COLUMN,
  PROP_SORT_DESCENDING,
  N_PROPS
};

enum
{
  OPENED,
  ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmTaskView, crm_task_view, GTK_TYPE_WIDGET)

/* The columns of the template, in its order; the sorters’ keys are those of crm_task_query_parse_sort(). */
static const struct
{
  const char *name;
  CrmCellKind kind;
  gboolean    needed; /* however little room there is */
} shown_columns[] = {
  { "done", { crm_done_cell_get_type } },
  { "state", { crm_state_cell_get_type }, TRUE },
  { "task", { crm_task_cell_get_type }, TRUE },
  { "belongs-to", { crm_text_cell_get_type, CRM_TASK_WORDS_OWNER, 24 } },
  { "due", { crm_due_cell_get_type } },
  { "priority", { crm_text_cell_get_type, CRM_TASK_WORDS_PRIORITY, 8 } },
  { "status", { crm_text_cell_get_type, CRM_TASK_WORDS_STATUS, 12 } },
  { "assigned-to", { crm_text_cell_get_type, CRM_TASK_WORDS_ASSIGNEE, 10 } },
  { "problem", { crm_text_cell_get_type, CRM_TASK_WORDS_PROBLEM, 32 } },
  { "crm-id", { crm_text_cell_get_type, CRM_TASK_WORDS_CRM_ID, 7 } },
};

static GtkColumnViewColumn *
get_column (CrmTaskView *self,
            guint        i)
{
  g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (gtk_column_view_get_columns (self->column_view), i);

  return column; /* the view keeps it */
}

static CrmColumnSorter *
get_sorter (CrmTaskView *self,
            guint        i)
{
  GtkSorter *sorter = gtk_column_view_column_get_sorter (get_column (self, i));

  return sorter != NULL ? CRM_COLUMN_SORTER (sorter) : NULL;
}

/* GTK 4.8 can only be told to scroll through an action of the list inside the column view. */
static void
scroll_to (CrmTaskView *self,
           guint        position)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

static gboolean
select_by_id (CrmTaskView *self,
              gboolean     scroll)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->list != NULL && self->selected_id != 0)
    crm_task_list_find (self->list, self->selected_id, &position);

  self->updating++;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_selection_model_select_item (self->selection, position, TRUE);
  else
    gtk_selection_model_unselect_all (self->selection);
  self->updating--;

  if (position != GTK_INVALID_LIST_POSITION)
    self->last_position = position;
  if (scroll && position != GTK_INVALID_LIST_POSITION)
    scroll_to (self, position);

  return position != GTK_INVALID_LIST_POSITION;
}

/* The selection knows positions, and forgets those that change. */
static void
remember_chosen (CrmTaskView *self)
{
  g_autoptr (GtkBitset) selected = gtk_selection_model_get_selection (self->selection);

  g_clear_pointer (&self->chosen, g_array_unref);
  self->chose_all = FALSE;
  if (gtk_bitset_get_size (selected) < 2)
    return;

  self->chose_all = gtk_bitset_get_size (selected) == g_list_model_get_n_items (G_LIST_MODEL (self->list));
  self->chosen = self->chose_all ? g_array_new (FALSE, FALSE, sizeof (gint64)) : crm_task_view_get_selected_ids (self);
}

static void
choose_again (CrmTaskView *self)
{
  g_autoptr (GArray) chosen = g_steal_pointer (&self->chosen);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  if (self->chose_all)
    {
      gtk_selection_model_select_all (self->selection);
      return;
    }

  for (guint i = 0; i < chosen->len; i++)
    g_hash_table_add (ids, &g_array_index (chosen, gint64, i));
  for (guint i = 0; i < n; i++)
    {
      gint64 id = crm_task_list_get_id (self->list, i);

      if (g_hash_table_contains (ids, &id))
        gtk_bitset_add (selected, i);
    }

  {
    g_autoptr (GtkBitset) mask = gtk_bitset_new_range (0, n);

    gtk_selection_model_set_selection (self->selection, selected, mask);
  }
}

static void
list_updating_cb (CrmTaskView *self)
{
  if (self->updating++ > 0)
    return;

  self->scroll_before =
      gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)));
  remember_chosen (self);
}

static void
list_updated_cb (CrmTaskView *self,
                 gboolean     replaced)
{
  if (--self->updating == 0 && self->chosen != NULL)
    {
      self->updating++;
      choose_again (self);
      self->updating--;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
    }
  else
    {
      gboolean scroll = self->scroll_later || (replaced && self->scroll_before > 0);

      if (replaced)
        gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)), 0);
      self->scroll_later = !select_by_id (self, scroll) && scroll;
    }
}

static void
refilled_cb (CrmTaskView *self)
{
  crm_cell_filler_look (self->filler);
}

static void
selected_cb (CrmTaskView *self)
{
  g_autoptr (GtkBitset) selected = NULL;
  guint position;
  gint64 id;

  if (self->updating > 0 || self->list == NULL)
    return;

  selected = gtk_selection_model_get_selection (self->selection);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
  if (gtk_bitset_get_size (selected) != 1)
    return;

  position = gtk_bitset_get_nth (selected, 0);
  id = crm_task_list_get_id (self->list, position);
  if (id == self->selected_id)
    return;

  self->selected_id = id;
  self->last_position = position;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ID]);
}

static void
activate_cb (CrmTaskView *self,
             guint        position)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
released_cb (CrmTaskView *self,
             int          n_press,
             double       x,
             double       y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->column_view), x, y, GTK_PICK_DEFAULT);

  /* Not on a header, nor below the last row, nor to tick it. */
  if (picked != NULL && gtk_widget_get_ancestor (picked, GTK_TYPE_LIST_VIEW) != NULL &&
      gtk_widget_get_ancestor (picked, CRM_TYPE_DONE_CELL) == NULL &&
      crm_task_view_get_n_selected (self) == 1)
    g_signal_emit (self, signals[OPENED], 0);
}

static gboolean
rested_cb (gpointer user_data)
{
  CrmTaskView *self = user_data;

  self->rest_id = 0;
  if (self->list != NULL)
    crm_task_list_set_held (self->list, FALSE);

  return G_SOURCE_REMOVE;
}

static void
pointer_moved_cb (CrmTaskView *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  self->rest_id = g_timeout_add (REST, rested_cb, self);
  if (self->list != NULL)
    crm_task_list_set_held (self->list, TRUE);
}

static void
pointer_left_cb (CrmTaskView *self)
{
  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->list != NULL)
    crm_task_list_set_held (self->list, FALSE);
}

static void
sorter_changed_cb (CrmTaskView *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->column_view);
  GtkOrdering ordering;
  const char *key = NULL;

  ordering = gtk_sorter_compare (sorter, self, self->column_view);
  for (guint i = 0; i < G_N_ELEMENTS (shown_columns); i++)
    {
      CrmColumnSorter *column = get_sorter (self, i);

      if (column != NULL && crm_column_sorter_take_asked (column))
        key = crm_column_sorter_get_key (column);
    }

  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (key, self->sort_column) != 0)
    {
      g_free (self->sort_column);
      self->sort_column = g_strdup (key);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_COLUMN]);
    }
  if (self->sort_descending != (ordering == GTK_ORDERING_LARGER))
    {
      self->sort_descending = ordering == GTK_ORDERING_LARGER;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SORT_DESCENDING]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
add_column_actions (CrmTaskView *self)
{
  g_autoptr (GMenu) header_menu = g_menu_new ();

  self->columns = g_simple_action_group_new ();
  self->column_menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (shown_columns); i++)
    {
      GtkColumnViewColumn *column = get_column (self, i);
      g_autoptr (GPropertyAction) action = g_property_action_new (shown_columns[i].name, column, "visible");
      g_autofree char *name = g_strconcat ("columns.", shown_columns[i].name, NULL);

      gtk_column_view_column_set_header_menu (column, G_MENU_MODEL (header_menu));

      /* A task without its name says nothing. */
      if (g_str_equal (shown_columns[i].name, "task"))
        continue;

      g_action_map_add_action (G_ACTION_MAP (self->columns), G_ACTION (action));
      g_menu_append (self->column_menu, gtk_column_view_column_get_title (column), name);
    }

  g_menu_append_section (header_menu, C_("menu", "Columns"), G_MENU_MODEL (self->column_menu));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", G_ACTION_GROUP (self->columns));
}

static void
set_list (CrmTaskView *self,
          CrmTaskList *list)
{
  if (self->list == list)
    return;

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_set_object (&self->list, list);
  if (list != NULL)
    {
      /* Around the selection’s own handlers, which run while the list changes. */
      g_signal_connect_object (list, "updating", G_CALLBACK (list_updating_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (list, "updated", G_CALLBACK (list_updated_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (list, "refilled", G_CALLBACK (refilled_cb), self, G_CONNECT_SWAPPED);
    }

  gtk_multi_selection_set_model (GTK_MULTI_SELECTION (self->selection), G_LIST_MODEL (list));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIST]);
}

static gboolean
crm_task_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CRM_TASK_VIEW (widget)->column_view));
}

static void
crm_task_view_dispose (GObject *object)
{
  CrmTaskView *self = CRM_TASK_VIEW (object);

  g_clear_handle_id (&self->rest_id, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  /* The columns go one by one, and each that goes changes the order. */
  if (self->scroller != NULL)
    g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->column_view), self);
  g_clear_object (&self->filler);
  g_clear_object (&self->keeper);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->list);
  g_clear_object (&self->columns);
  g_clear_object (&self->column_menu);
  g_clear_pointer (&self->chosen, g_array_unref);
  g_clear_pointer (&self->sort_column, g_free);

  G_OBJECT_CLASS (crm_task_view_parent_class)->dispose (object);
}

static void
crm_task_view_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  CrmTaskView *self = CRM_TASK_VIEW (object);

  switch (prop_id)
    {
    case PROP_LIST:
      g_value_set_object (value, self->list);
      break;
    case PROP_SELECTED_ID:
      g_value_set_int64 (value, self->selected_id);
      break;
    case PROP_N_SELECTED:
      g_value_set_uint (value, crm_task_view_get_n_selected (self));
      break;
    case PROP_SORT_COLUMN:
      g_value_set_string (value, self->sort_column);
      break;
    case PROP_SORT_DESCENDING:
      g_value_set_boolean (value, self->sort_descending);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_view_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  CrmTaskView *self = CRM_TASK_VIEW (object);

  switch (prop_id)
    {
    case PROP_LIST:
      set_list (self, g_value_get_object (value));
      break;
    case PROP_SELECTED_ID:
      crm_task_view_set_selected_id (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_view_class_init (CrmTaskViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags read_only = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_task_view_dispose;
  object_class->get_property = crm_task_view_get_property;
  object_class->set_property = crm_task_view_set_property;
  widget_class->grab_focus = crm_task_view_grab_focus;

  properties[PROP_LIST] = g_param_spec_object ("list", NULL, NULL, CRM_TYPE_TASK_LIST, flags);
  properties[PROP_SELECTED_ID] = g_param_spec_int64 ("selected-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_N_SELECTED] = g_param_spec_uint ("n-selected", NULL, NULL, 0, G_MAXUINT, 0, read_only);
  properties[PROP_SORT_COLUMN] = g_param_spec_string ("sort-column", NULL, NULL, NULL, read_only);
  properties[PROP_SORT_DESCENDING] = g_param_spec_boolean ("sort-descending", NULL, NULL, FALSE, read_only);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPENED] = g_signal_new ("opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);

  g_type_ensure (CRM_TYPE_COLUMN_SORTER);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-task-view.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTaskView, scroller);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskView, column_view);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskView, selection);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, released_cb);
  gtk_widget_class_bind_template_callback (widget_class, pointer_moved_cb);
  gtk_widget_class_bind_template_callback (widget_class, pointer_left_cb);
}

static void
crm_task_view_init (CrmTaskView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->keeper = crm_column_keeper_new (GTK_SCROLLED_WINDOW (self->scroller));
  for (guint i = 0; i < G_N_ELEMENTS (shown_columns); i++)
    {
      g_autoptr (GtkListItemFactory) factory = crm_lazy_cell_factory_new (&shown_columns[i].kind);

      gtk_column_view_column_set_factory (get_column (self, i), factory);
      crm_column_keeper_add (self->keeper, get_column (self, i), shown_columns[i].name, shown_columns[i].needed);
    }
  self->filler = crm_cell_filler_new (self->column_view, self->scroller);
  add_column_actions (self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed",
                           G_CALLBACK (sorter_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * crm_task_view_set_sort:
 * @self: a view
 * @column: (nullable): the key of a column; one that there isn't means none
 * @descending: from the last to the first
 */
void
crm_task_view_set_sort (CrmTaskView *self,
                        const char  *column,
                        gboolean     descending)
{
  g_return_if_fail (CRM_IS_TASK_VIEW (self));

  for (guint i = 0; i < G_N_ELEMENTS (shown_columns); i++)
    {
      CrmColumnSorter *sorter = get_sorter (self, i);

      if (sorter != NULL && g_strcmp0 (crm_column_sorter_get_key (sorter), column) == 0)
        gtk_column_view_sort_by_column (self->column_view, get_column (self, i),
                                        descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}

/**
 * crm_task_view_get_sort:
 * @self: a view
 * @descending: (out): from the last to the first
 *
 * Returns: (transfer none) (nullable): the key of the column to sort by
 */
const char *
crm_task_view_get_sort (CrmTaskView *self,
                        gboolean    *descending)
{
  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), NULL);

  *descending = self->sort_descending;
  return self->sort_column;
}

/**
 * crm_task_view_get_selected_id:
 * @self: a view
 *
 * Returns: the local id of the selected task, 0 when there is none
 */
gint64
crm_task_view_get_selected_id (CrmTaskView *self)
{
  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), 0);

  return self->selected_id;
}

/**
 * crm_task_view_set_selected_id:
 * @self: a view
 * @local_id: a local id, 0 for none
 *
 * It is remembered while the task is not in the list, and selected when it comes.
 */
void
crm_task_view_set_selected_id (CrmTaskView *self,
                               gint64       local_id)
{
  g_return_if_fail (CRM_IS_TASK_VIEW (self));

  if (self->selected_id == local_id && crm_task_view_get_n_selected (self) < 2)
    return;

  self->selected_id = local_id;
  select_by_id (self, TRUE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ID]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_SELECTED]);
}

/**
 * crm_task_view_get_n_selected:
 * @self: a view
 *
 * Returns: how many tasks are selected
 */
guint
crm_task_view_get_n_selected (CrmTaskView *self)
{
  g_autoptr (GtkBitset) selected = NULL;

  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), 0);

  selected = gtk_selection_model_get_selection (self->selection);
  return gtk_bitset_get_size (selected);
}

/**
 * crm_task_view_get_selected_ids:
 * @self: a view
 *
 * Returns: (transfer full) (element-type gint64): the local ids of the selected tasks, in the list’s order
 */
GArray *
crm_task_view_get_selected_ids (CrmTaskView *self)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;

  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), NULL);

  selected = gtk_selection_model_get_selection (self->selection);
  for (gboolean more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      gint64 id = crm_task_list_get_id (self->list, position);

      g_array_append_val (ids, id);
    }

  return g_steal_pointer (&ids);
}

/**
 * crm_task_view_set_settings:
 * @self: a view
 * @settings: where the columns’ widths are remembered, and which are shown
 */
void
crm_task_view_set_settings (CrmTaskView *self,
                            GSettings   *settings)
{
  g_return_if_fail (CRM_IS_TASK_VIEW (self));

  crm_column_keeper_set_settings (self->keeper, settings);
}

/**
 * crm_task_view_select_next:
 * @self: a view
 * @step: 1: the next one, -1: the one before
 *
 * Selects the task beside the selected one, or beside where it was; from the last on to the first.
 *
 * Returns: whether another task is selected now
 */
gboolean
crm_task_view_select_next (CrmTaskView *self,
                           int          step)
{
  guint n, position;

  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), FALSE);
  g_return_val_if_fail (step == 1 || step == -1, FALSE);

  n = self->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;
  if (n == 0)
    return FALSE;

  if (self->selected_id == 0)
    position = step > 0 ? 0 : n - 1;
  else if (crm_task_list_find (self->list, self->selected_id, &position))
    position = (position + n + step) % n;
  else
    position = step > 0 ? self->last_position % n : (MIN (self->last_position, n) + n - 1) % n;

  /* What leaves only stands there still. */
  for (guint i = 0; i < n && crm_task_list_is_leaving (self->list, crm_task_list_get_id (self->list, position)); i++)
    position = (position + n + step) % n;
  if (crm_task_list_get_id (self->list, position) == self->selected_id ||
      crm_task_list_is_leaving (self->list, crm_task_list_get_id (self->list, position)))
    return FALSE;

  crm_task_view_set_selected_id (self, crm_task_list_get_id (self->list, position));
  return TRUE;
}

/**
 * crm_task_view_get_columns:
 * @self: a view
 *
 * Returns: (transfer none): actions that show and hide its columns
 */
GActionGroup *
crm_task_view_get_columns (CrmTaskView *self)
{
  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), NULL);

  return G_ACTION_GROUP (self->columns);
}

/**
 * crm_task_view_get_column_menu:
 * @self: a view
 *
 * Returns: (transfer none): a menu of these actions, prefixed “columns”
 */
GMenuModel *
crm_task_view_get_column_menu (CrmTaskView *self)
{
  g_return_val_if_fail (CRM_IS_TASK_VIEW (self), NULL);

  return G_MENU_MODEL (self->column_menu);
}

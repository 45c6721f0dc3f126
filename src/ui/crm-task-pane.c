/* crm-task-pane.c: the tasks of a place, searched and sorted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-pane.h"

#include "store/crm-directory.h"
#include "ui/crm-bulk-bar.h"
#include "ui/crm-completion.h"
#include "ui/crm-sync-banner.h"
#include "ui/crm-sync-status.h"
#include "ui/crm-undo-step.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* What was searched for is remembered when nobody types any more, in milliseconds. */
#define REMEMBER_PAUSE 500

struct _CrmTaskPane
{
  GtkWidget       parent_instance;

  GtkWidget      *box;
  GtkSearchBar   *search_bar;
  GtkEditable    *search_entry;
  CrmSyncBanner  *banner;
  CrmSyncStatus  *status;
  GtkStack       *list_stack;
  AdwStatusPage  *empty_page;
  GtkWidget      *empty_button;
  GtkWidget      *me_button;
  CrmTaskView    *view;
  CrmBulkBar     *bulk_bar;

  GSettings      *settings; /* NULL: nothing is remembered */
  CrmStore       *store;
  gint64          me;   /* the CRM's user who works here; 0: nobody said */
  CrmTaskList    *list;
  const CrmPlace *place;
  guint           remember_id;
  int             walk; /* 1 or -1: go to the next problem, or the one before, when they are listed; 0: stay */
};

enum
{
  PROP_0,
  PROP_PLACE,
  PROP_SEARCHING,
  PROP_SELECTED_ID,
  N_PROPS
};

enum
{
  PICKED,
  SAID,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmTaskPane, crm_task_pane, GTK_TYPE_WIDGET)

static void
say (CrmTaskPane *self,
     const char  *words,
     CrmUndoStep *undo)
{
  g_signal_emit (self, signals[SAID], 0, words, undo);
}

static void
pick (CrmTaskPane *self,
      gboolean     focus)
{
  g_signal_emit (self, signals[PICKED], 0, focus);
}

static gboolean
is_searching (CrmTaskPane *self)
{
  return gtk_search_bar_get_search_mode (self->search_bar) && *gtk_editable_get_text (self->search_entry) != '\0';
}

static void
update_query (CrmTaskPane *self)
{
  g_autoptr (CrmTaskQuery) query = NULL;

  self->me = self->store != NULL ? crm_directory_get_me (self->store) : 0;
  query = crm_task_pane_create_query (self);
  crm_task_list_set_query (self->list, query);
}

/* Who works here is one of the names. */
static void
names_changed_cb (CrmTaskPane *self)
{
  if (self->store != NULL && self->place->time == CRM_PLACE_MINE && crm_directory_get_me (self->store) != self->me)
    update_query (self);
}

static void
update_stack (CrmTaskPane *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0;
  gboolean searching = is_searching (self);
  gboolean nobody = self->place->time == CRM_PLACE_MINE && self->me == 0;

  if (empty && crm_task_list_get_loading (self->list))
    return;

  if (empty)
    {
      adw_status_page_set_icon_name (self->empty_page,
                                     searching ? "system-search-symbolic" : self->place->icon_name);
      adw_status_page_set_title (self->empty_page, nobody      ? _("Who Are You?")
                                                   : searching ? _("No Task Found")
                                                               : _(self->place->empty_title));
      adw_status_page_set_description (self->empty_page,
                                       nobody      ? _("Say which of the CRM’s users you are, and what is assigned to you is listed here.")
                                       : searching ? _("Every word must begin a word of the task.")
                                                   : _(self->place->empty_words));
      gtk_widget_set_visible (self->empty_button, !searching && self->place == crm_place_get (0));
      gtk_widget_set_visible (self->me_button, nobody);
    }
  gtk_stack_set_visible_child_name (self->list_stack, empty ? "empty" : "tasks");
}

static void
walk_if_listed (CrmTaskPane *self)
{
  int step = self->walk;

  if (step == 0 || crm_task_list_get_loading (self->list))
    return;

  self->walk = 0;
  if (crm_task_view_select_next (self->view, step))
    pick (self, TRUE);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->list)) == 0)
    say (self, _("Nothing needs attention"), NULL);
}

static void
list_updated_cb (CrmTaskPane *self)
{
  update_stack (self);
  walk_if_listed (self);
}

static void
sort_cb (CrmTaskPane *self)
{
  gboolean descending;
  const char *column = crm_task_view_get_sort (self->view, &descending);

  if (self->settings != NULL && column != NULL)
    {
      g_settings_set_string (self->settings, "sort-column", column);
      g_settings_set_boolean (self->settings, "sort-descending", descending);
    }
  update_query (self);
}

static gboolean
remember_search_cb (gpointer user_data)
{
  CrmTaskPane *self = user_data;

  self->remember_id = 0;
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "search", is_searching (self) ? gtk_editable_get_text (self->search_entry) : "");

  return G_SOURCE_REMOVE;
}

static void
search_changed_cb (CrmTaskPane *self)
{
  /* A search that a further letter overtakes ends soon. */
  update_query (self);

  g_clear_handle_id (&self->remember_id, g_source_remove);
  self->remember_id = g_timeout_add (REMEMBER_PAUSE, remember_search_cb, self);
}

static void
searching_cb (CrmTaskPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCHING]);
}

static void
selected_cb (CrmTaskPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_ID]);
}

static void
opened_cb (CrmTaskPane *self)
{
  pick (self, FALSE);
}

static void
activated_cb (CrmTaskPane *self)
{
  selected_cb (self);
  pick (self, TRUE);
}

static void
said_cb (CrmTaskPane *self,
         const char  *words,
         CrmUndoStep *undo)
{
  say (self, words, undo);
}

static void
completed_cb (const char  *words,
              CrmUndoStep *undo,
              gpointer     user_data)
{
  say (user_data, words, undo);
}

static void
complete_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  CrmTaskPane *self = CRM_TASK_PANE (widget);
  gint64 local_id;
  gboolean completed;

  g_variant_get (parameter, "(xb)", &local_id, &completed);
  if (self->store != NULL)
    crm_completion_set (self->store, local_id, completed, completed_cb, G_OBJECT (self));
}

static gboolean
crm_task_pane_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (CRM_TASK_PANE (widget)->view));
}

static void
crm_task_pane_dispose (GObject *object)
{
  CrmTaskPane *self = CRM_TASK_PANE (object);

  g_clear_handle_id (&self->remember_id, g_source_remove);
  if (self->list != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->list, self);
      crm_task_list_set_store (self->list, NULL);
    }
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->list);
  g_clear_object (&self->store);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (crm_task_pane_parent_class)->dispose (object);
}

static void
crm_task_pane_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  CrmTaskPane *self = CRM_TASK_PANE (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_string (value, self->place->name);
      break;
    case PROP_SEARCHING:
      g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
      break;
    case PROP_SELECTED_ID:
      g_value_set_int64 (value, crm_task_pane_get_selected_id (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_pane_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  CrmTaskPane *self = CRM_TASK_PANE (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      crm_task_pane_set_place (self, crm_place_by_name (g_value_get_string (value)));
      break;
    case PROP_SEARCHING:
      gtk_search_bar_set_search_mode (self->search_bar, g_value_get_boolean (value));
      break;
    case PROP_SELECTED_ID:
      crm_task_pane_set_selected_id (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_pane_class_init (CrmTaskPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_task_pane_dispose;
  object_class->get_property = crm_task_pane_get_property;
  object_class->set_property = crm_task_pane_set_property;
  widget_class->grab_focus = crm_task_pane_grab_focus;

  properties[PROP_PLACE] = g_param_spec_string ("place", NULL, NULL, NULL, flags);
  properties[PROP_SEARCHING] = g_param_spec_boolean ("searching", NULL, NULL, FALSE, flags);
  properties[PROP_SELECTED_ID] = g_param_spec_int64 ("selected-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SAID] = g_signal_new ("said", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, CRM_TYPE_UNDO_STEP);

  g_type_ensure (CRM_TYPE_BULK_BAR);
  g_type_ensure (CRM_TYPE_SYNC_BANNER);
  g_type_ensure (CRM_TYPE_SYNC_STATUS);
  g_type_ensure (CRM_TYPE_TASK_VIEW);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-task-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, box);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, search_bar);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, search_entry);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, banner);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, status);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, list_stack);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, empty_page);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, empty_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, me_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, view);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskPane, bulk_bar);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, searching_cb);
  gtk_widget_class_bind_template_callback (widget_class, sort_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);

  gtk_widget_class_install_action (widget_class, "tasks.complete", "(xb)", complete_action);
}

static void
crm_task_pane_init (CrmTaskPane *self)
{
  self->list = crm_task_list_new ();
  self->place = crm_place_get (0);

  gtk_widget_init_template (GTK_WIDGET (self));

  g_object_set (self->view, "list", self->list, NULL);
  crm_bulk_bar_set_view (self->bulk_bar, self->view);
  g_signal_connect_object (self->list, "updated", G_CALLBACK (list_updated_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::loading", G_CALLBACK (list_updated_cb), self, G_CONNECT_SWAPPED);
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
}

/**
 * crm_task_pane_set_settings:
 * @self: a pane
 * @settings: (nullable): where place, order, columns and search are remembered; %NULL: nowhere
 *
 * Shows what is remembered.
 */
void
crm_task_pane_set_settings (CrmTaskPane *self,
                            GSettings   *settings)
{
  g_autofree char *column = NULL;
  g_autofree char *place = NULL;
  g_autofree char *search = NULL;

  g_return_if_fail (CRM_IS_TASK_PANE (self));
  g_return_if_fail (settings == NULL || G_IS_SETTINGS (settings));

  if (settings == NULL)
    {
      crm_task_view_set_sort (self->view, "due", FALSE);
      return;
    }

  column = g_settings_get_string (settings, "sort-column");
  place = g_settings_get_string (settings, "place");
  search = g_settings_get_string (settings, "search");
  crm_task_view_set_settings (self->view, settings);
  crm_task_view_set_sort (self->view, column, g_settings_get_boolean (settings, "sort-descending"));
  crm_task_pane_set_place (self, crm_place_by_name (place));
  if (*search != '\0')
    {
      gtk_search_bar_set_search_mode (self->search_bar, TRUE);
      gtk_editable_set_text (self->search_entry, search);
    }
  g_set_object (&self->settings, settings);
}

/**
 * crm_task_pane_set_session:
 * @self: a pane
 * @session: (nullable): whose tasks to show
 */
void
crm_task_pane_set_session (CrmTaskPane *self,
                           CrmSession  *session)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));
  g_return_if_fail (session == NULL || CRM_IS_SESSION (session));

  {
    CrmStore *store = session != NULL ? crm_session_get_store (session) : NULL;

    if (self->store != NULL)
      g_signal_handlers_disconnect_by_func (self->store, names_changed_cb, self);
    g_set_object (&self->store, store);
    if (store != NULL)
      g_signal_connect_object (store, "names-changed", G_CALLBACK (names_changed_cb), self, G_CONNECT_SWAPPED);
    crm_bulk_bar_set_store (self->bulk_bar, store);
  }
  crm_sync_status_set_session (self->status, session);
  crm_sync_banner_set_session (self->banner, session);
  crm_task_list_set_store (self->list, self->store);
  names_changed_cb (self);
}

/**
 * crm_task_pane_get_place:
 * @self: a pane
 *
 * Returns: (transfer none): the place it shows
 */
const CrmPlace *
crm_task_pane_get_place (CrmTaskPane *self)
{
  g_return_val_if_fail (CRM_IS_TASK_PANE (self), NULL);

  return self->place;
}

/**
 * crm_task_pane_set_place:
 * @self: a pane
 * @place: the place to show
 */
void
crm_task_pane_set_place (CrmTaskPane    *self,
                         const CrmPlace *place)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));
  g_return_if_fail (place != NULL);

  if (self->place == place)
    return;

  self->place = place;
  if (self->settings != NULL)
    g_settings_set_string (self->settings, "place", place->name);
  update_query (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLACE]);
}

/**
 * crm_task_pane_get_selected_id:
 * @self: a pane
 *
 * Returns: the local id of the selected task, 0 when there is none
 */
gint64
crm_task_pane_get_selected_id (CrmTaskPane *self)
{
  g_return_val_if_fail (CRM_IS_TASK_PANE (self), 0);

  return crm_task_view_get_selected_id (self->view);
}

/**
 * crm_task_pane_set_selected_id:
 * @self: a pane
 * @local_id: a local id, 0 for none
 */
void
crm_task_pane_set_selected_id (CrmTaskPane *self,
                               gint64       local_id)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));

  crm_task_view_set_selected_id (self->view, local_id);
}

/**
 * crm_task_pane_search:
 * @self: a pane
 *
 * Opens the search and puts the cursor there.
 */
void
crm_task_pane_search (CrmTaskPane *self)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * crm_task_pane_walk:
 * @self: a pane
 * @step: 1: to the next problem, -1: to the one before
 *
 * Shows the tasks that need attention and, when they are listed, picks the next.
 */
void
crm_task_pane_walk (CrmTaskPane *self,
                    int          step)
{
  const CrmPlace *attention = crm_place_by_name ("attention");

  g_return_if_fail (CRM_IS_TASK_PANE (self));
  g_return_if_fail (step == 1 || step == -1);

  self->walk = step;
  if (is_searching (self))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  if (self->place != attention)
    {
      crm_task_view_set_selected_id (self->view, 0);
      crm_task_pane_set_place (self, attention);
    }
  walk_if_listed (self);
}

/**
 * crm_task_pane_go_on:
 * @self: a pane
 *
 * A problem was cleared: whoever clears problems goes on to the next; elsewhere one stays with the task.
 */
void
crm_task_pane_go_on (CrmTaskPane *self)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));

  if (self->place == crm_place_by_name ("attention") && crm_task_view_select_next (self->view, 1))
    pick (self, TRUE);
}

/**
 * crm_task_pane_clear_code:
 * @self: a pane
 * @code: a code of the CRM
 * @field: the field to set in all the tasks it was said of; %CRM_N_FIELDS: they are only resubmitted
 */
void
crm_task_pane_clear_code (CrmTaskPane *self,
                          gint64       code,
                          CrmFieldId   field)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));

  if (field < CRM_N_FIELDS)
    crm_bulk_bar_set_field_code (self->bulk_bar, code, field);
  else
    crm_bulk_bar_resubmit_code (self->bulk_bar, code);
}

/**
 * crm_task_pane_ask_anew:
 * @self: a pane
 *
 * Time has gone on: what is overdue, or due today, may be something else.
 */
void
crm_task_pane_ask_anew (CrmTaskPane *self)
{
  g_return_if_fail (CRM_IS_TASK_PANE (self));

  if (self->place->time != CRM_PLACE_ANY_TIME && self->store != NULL)
    update_query (self);
}

/**
 * crm_task_pane_get_view:
 * @self: a pane
 *
 * Returns: (transfer none): its table
 */
CrmTaskView *
crm_task_pane_get_view (CrmTaskPane *self)
{
  g_return_val_if_fail (CRM_IS_TASK_PANE (self), NULL);

  return self->view;
}

/**
 * crm_task_pane_create_query:
 * @self: a pane
 *
 * Returns: (transfer full): what finds the tasks it shows, in their order
 */
CrmTaskQuery *
crm_task_pane_create_query (CrmTaskPane *self)
{
  g_autoptr (GTimeZone) zone = NULL;
  CrmTaskQuery *query;
  gboolean descending;
  const char *column;

  g_return_val_if_fail (CRM_IS_TASK_PANE (self), NULL);

  zone = g_time_zone_new_local ();
  query = crm_task_query_new ();
  column = crm_task_view_get_sort (self->view, &descending);
  if (column != NULL && crm_task_query_parse_sort (query, column))
    query->descending = descending;
  crm_place_fill_query (self->place, g_get_real_time (), zone, self->me, query);
  query->search = is_searching (self) ? g_strdup (gtk_editable_get_text (self->search_entry)) : NULL;

  return query;
}

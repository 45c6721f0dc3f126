/* crm-window.c: the main window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-window.h"

#include "ui/crm-export-desk.h"
#include "ui/crm-import-desk.h"
#include "ui/crm-me-dialog.h"
#include "ui/crm-pane.h"
#include "ui/crm-place-counter.h"
#include "ui/crm-place-row.h"
#include "ui/crm-task-editor.h"
#include "ui/crm-task-pane.h"
#include "ui/crm-toast.h"
#include "ui/crm-undo-step.h"
#include "ui/crm-unsaved.h"
#include "ui/crm-welcome.h"

#include <glib/gi18n-lib.h>

#define RESOURCES "/org/example/CrmTasks/ui/"

/* How wide the sidebar is, in pixels: as the language needs it between these. */
#define SIDEBAR_WIDTH 204
#define WIDEST_SIDEBAR 320

struct _CrmWindow
{
  AdwApplicationWindow  parent_instance;

  AdwToastOverlay      *toasts;
  GtkStack             *stack;
  AdwStatusPage        *trouble_page; /* NULL: there was none yet */
  AdwFlap              *flap;
  AdwLeaflet           *leaflet;
  GtkWidget            *sidebar;
  GtkWidget            *list_pane;
  GtkWidget            *editor_pane;
  GtkListBox           *places;
  AdwWindowTitle       *title;
  CrmTaskPane          *task_pane;
  GtkStack             *editor_stack;
  GtkWidget            *no_task_page;
  CrmTaskEditor        *editor; /* NULL: none was needed yet */
  GtkMenuButton        *main_menu_button;
  GMenuModel           *main_menu;
  GMenu                *column_section;

  GSettings            *settings; /* NULL: nothing is remembered */
  CrmSession           *session;
  GSignalGroup         *session_signals;
  CrmPlaceCounter      *counter;
  CrmUndoStep          *undo;
  CrmExportDesk        *exports;
  CrmImportDesk        *imports;
  GSignalGroup         *puller_signals;
  gboolean              refreshing; /* a person asked for it */
  gboolean              just_write;
  gboolean              closing;
  gboolean              may_close; /* nothing typed is lost by it, or that was said */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmWindow, crm_window, ADW_TYPE_APPLICATION_WINDOW)

static void
update_counts (CrmWindow *self)
{
  const CrmCounts *counts;
  const CrmPlace *place;
  gulong failed;
  g_autofree char *subtitle = NULL;

  if (self->session == NULL)
    return;

  counts = crm_session_get_counts (self->session);
  for (guint i = 0; (place = crm_place_get (i)) != NULL; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->places, (int) i);

      crm_place_row_set_count (CRM_PLACE_ROW (row), place->time != CRM_PLACE_ANY_TIME
                                                        ? crm_place_counter_get_count (self->counter, place)
                                                        : crm_place_count (place, counts));
    }

  failed = (gulong) counts->states[CRM_SYNC_FAILED];
  if (failed > 0)
    subtitle = g_strdup_printf (ngettext ("%'lu needs attention", "%'lu need attention", failed), failed);
  else if (crm_account_get_kind (crm_session_get_account (self->session)) == CRM_ACCOUNT_PRACTICE)
    subtitle = g_strdup (_("Practice CRM"));
  adw_window_title_set_subtitle (self->title, subtitle != NULL ? subtitle : "");
}

static gboolean
wants_welcome (CrmWindow *self)
{
  return !self->just_write && crm_session_get_service (self->session) == NULL &&
         crm_session_get_total (self->session) == 0;
}

static void
update_page (CrmWindow *self)
{
  if (self->session == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "opening");
    }
  else if (wants_welcome (self))
    {
      if (gtk_stack_get_child_by_name (self->stack, "welcome") == NULL)
        gtk_stack_add_named (self->stack, g_object_new (CRM_TYPE_WELCOME, NULL), "welcome");
      gtk_stack_set_visible_child_name (self->stack, "welcome");
    }
  else
    {
      gtk_stack_set_visible_child_name (self->stack, "main");
    }
}

static void
update_place (CrmWindow *self)
{
  const CrmPlace *place = crm_task_pane_get_place (self->task_pane);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->places, (int) crm_place_get_index (place));

  if (gtk_list_box_get_selected_row (self->places) != row)
    gtk_list_box_select_row (self->places, row);
  adw_window_title_set_title (self->title, crm_place_get_title (place));
}

static void
show_list (CrmWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_pane);
}

static void
show_editor (CrmWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->editor_pane);
}

static void
place_selected_cb (CrmWindow     *self,
                   GtkListBoxRow *row)
{
  if (row != NULL)
    crm_task_pane_set_place (self->task_pane, crm_place_row_get_place (CRM_PLACE_ROW (row)));
}

static void
place_activated_cb (CrmWindow *self)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
editor_resubmitted_cb (CrmWindow *self)
{
  crm_task_pane_go_on (self->task_pane);
}

static void
for_code_cb (CrmWindow *self,
             gint64     code,
             guint      field)
{
  crm_task_pane_clear_code (self->task_pane, code, field);
}

static void
editor_open_cb (CrmWindow *self)
{
  gtk_stack_set_visible_child (self->editor_stack,
                               crm_task_editor_is_open (self->editor) ? GTK_WIDGET (self->editor) : self->no_task_page);
}

static void
editor_id_cb (CrmWindow *self)
{
  crm_task_pane_set_selected_id (self->task_pane, crm_task_editor_get_local_id (self->editor));
}

static void
editor_closed_cb (CrmWindow *self)
{
  crm_task_pane_set_selected_id (self->task_pane, 0);
  show_list (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->task_pane));
}

static void
said_cb (CrmWindow   *self,
         const char  *words,
         CrmUndoStep *undo)
{
  g_autoptr (AdwToast) toast = crm_toast_new (words);

  g_set_object (&self->undo, undo);
  if (undo != NULL)
    {
      adw_toast_set_button_label (toast, C_("button", "_Undo"));
      adw_toast_set_action_name (toast, "win.undo");
    }
  adw_toast_overlay_add_toast (self->toasts, g_steal_pointer (&toast));
}

/* It is large: a start that shows no task goes without. */
static CrmTaskEditor *
get_editor (CrmWindow *self)
{
  g_autoptr (GtkBuilder) builder = NULL;
  g_autoptr (GtkBuilderScope) scope = NULL;
  g_autoptr (GError) error = NULL;

  if (self->editor != NULL)
    return self->editor;

  g_type_ensure (CRM_TYPE_TASK_EDITOR);
  scope = gtk_builder_cscope_new ();
  gtk_builder_cscope_add_callback (scope, editor_open_cb);
  gtk_builder_cscope_add_callback (scope, editor_id_cb);
  gtk_builder_cscope_add_callback (scope, editor_closed_cb);
  gtk_builder_cscope_add_callback (scope, editor_resubmitted_cb);
  gtk_builder_cscope_add_callback (scope, for_code_cb);
  gtk_builder_cscope_add_callback (scope, said_cb);

  builder = gtk_builder_new ();
  gtk_builder_set_scope (builder, scope);
  gtk_builder_set_current_object (builder, G_OBJECT (self));
  gtk_builder_expose_object (builder, "leaflet", G_OBJECT (self->leaflet));
  if (!gtk_builder_add_from_resource (builder, RESOURCES "crm-window-editor.ui", &error))
    g_error ("%s", error->message);

  self->editor = CRM_TASK_EDITOR (gtk_builder_get_object (builder, "editor"));
  gtk_stack_add_child (self->editor_stack, GTK_WIDGET (self->editor));
  if (self->session != NULL)
    g_object_set (self->editor, "store", crm_session_get_store (self->session), NULL);

  return self->editor;
}

static gboolean
is_task_open (CrmWindow *self)
{
  return self->editor != NULL && crm_task_editor_is_open (self->editor);
}

static gboolean
is_anything_unsaved (CrmSession *session)
{
  g_autoptr (CrmUnsaved) unsaved = crm_unsaved_new (crm_session_get_store (session));
  gint64 key;

  return crm_unsaved_get_newest (unsaved, &key);
}

static void
selected_cb (CrmWindow *self)
{
  gint64 id = crm_task_pane_get_selected_id (self->task_pane);

  if (id != 0)
    crm_task_editor_open (get_editor (self), id);
}

static void
picked_cb (CrmWindow *self,
           gboolean   focus)
{
  if (!is_task_open (self))
    selected_cb (self);
  if (!is_task_open (self))
    return;

  show_editor (self);
  if (focus)
    crm_task_editor_take_focus (self->editor);
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);
  g_autoptr (CrmUndoStep) undo = g_steal_pointer (&self->undo);

  if (undo != NULL)
    crm_undo_step_run (undo);
}

static void
new_task_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);

  if (self->session == NULL)
    return;

  self->just_write = TRUE;
  update_page (self);
  crm_task_editor_open_new (get_editor (self));
  crm_task_pane_set_selected_id (self->task_pane, 0);
  show_editor (self);
  crm_task_editor_take_focus (self->editor);
}

/* A menu is built when it is opened. */
static void
create_menu_cb (GtkMenuButton *button,
                gpointer       user_data)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, CRM_WINDOW (user_data)->main_menu);
}

/* Where no task is, there is none to close. */
static void
leave_task_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  editor_closed_cb (CRM_WINDOW (widget));
}

static void
show_help_overlay_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RESOURCES "help-overlay.ui");
  GtkWindow *overlay = GTK_WINDOW (gtk_builder_get_object (builder, "help_overlay"));

  gtk_window_set_transient_for (overlay, GTK_WINDOW (widget));
  gtk_window_set_destroy_with_parent (overlay, TRUE);
  gtk_window_present (overlay);
}

static void
problem_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  crm_task_pane_walk (CRM_WINDOW (widget)->task_pane, g_str_equal (action_name, "win.next-problem") ? 1 : -1);
}

static void
sync_now_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);
  CrmSyncService *service = self->session != NULL ? crm_session_get_service (self->session) : NULL;

  if (service != NULL && crm_session_needs_secret (self->session))
    crm_session_sign_in (self->session);
  else if (service != NULL)
    {
      /* Who paused the sending did not pause the other way. */
      if (!crm_sync_service_get_held (service))
        crm_sync_service_sync_now (service);
      self->refreshing = TRUE;
      crm_puller_pull (crm_sync_service_get_puller (service), FALSE);
    }
}

/* Of a refresh that nobody asked for the status line tells. */
static void
pulled_cb (CrmWindow  *self,
           const char *trouble)
{
  if (self->refreshing && trouble != NULL)
    crm_window_say (self, trouble);
  self->refreshing = FALSE;
}

static void
who_i_am_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);

  if (self->session != NULL)
    gtk_window_present (GTK_WINDOW (crm_me_dialog_new (GTK_WINDOW (self), crm_session_get_store (self->session))));
}

static void
just_write_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);

  self->just_write = TRUE;
  update_page (self);
}

static void
go_action (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  crm_task_pane_set_place (CRM_WINDOW (widget)->task_pane, crm_place_by_name (g_variant_get_string (parameter, NULL)));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  CrmWindow *self = CRM_WINDOW (widget);

  show_list (self);
  crm_task_pane_search (self->task_pane);
}

static void
remember (CrmWindow *self)
{
  int width, height;

  if (self->settings == NULL)
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (self->settings, "window-maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  if (width > 0 && height > 0)
    {
      g_settings_set_int (self->settings, "window-width", width);
      g_settings_set_int (self->settings, "window-height", height);
    }
}

static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  self->closing = FALSE;
  self->may_close = TRUE;
  if (crm_task_editor_flush_finish (CRM_TASK_EDITOR (source), result, &error))
    {
      gtk_window_close (GTK_WINDOW (self));
    }
  else
    {
      g_autofree char *words = g_strdup_printf (_("What you typed can’t be kept: %s. Close again to lose it"), error->message);

      crm_window_say (self, words);
    }
}

/* What is typed goes to the disk first; that takes a moment, and asks nothing. */
static gboolean
crm_window_close_request (GtkWindow *window)
{
  CrmWindow *self = CRM_WINDOW (window);

  if (self->may_close || self->editor == NULL)
    {
      remember (self);
      return GTK_WINDOW_CLASS (crm_window_parent_class)->close_request (window);
    }

  if (!self->closing)
    {
      self->closing = TRUE;
      crm_task_editor_flush_async (self->editor, flushed_cb, g_object_ref (self));
    }

  return TRUE;
}

static void
crm_window_dispose (GObject *object)
{
  CrmWindow *self = CRM_WINDOW (object);

  g_clear_object (&self->session_signals);
  g_clear_object (&self->puller_signals);
  if (self->counter != NULL)
    crm_place_counter_set_store (self->counter, NULL);
  g_clear_object (&self->counter);
  if (self->exports != NULL)
    crm_export_desk_set_store (self->exports, NULL);
  g_clear_object (&self->exports);
  g_clear_object (&self->imports);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->undo);

  G_OBJECT_CLASS (crm_window_parent_class)->dispose (object);
}

static void
crm_window_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, CRM_WINDOW (object)->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_window_set_property (GObject      *object,
                         guint         prop_id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      crm_window_set_session (CRM_WINDOW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_window_class_init (CrmWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_window_dispose;
  object_class->get_property = crm_window_get_property;
  object_class->set_property = crm_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = crm_window_close_request;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, CRM_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CRM_TYPE_PANE);
  g_type_ensure (CRM_TYPE_TASK_PANE);

  gtk_widget_class_set_template_from_resource (widget_class, RESOURCES "crm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, list_pane);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, editor_pane);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, places);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, title);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, task_pane);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, editor_stack);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, no_task_page);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, main_menu_button);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, main_menu);
  gtk_widget_class_bind_template_child (widget_class, CrmWindow, column_section);
  gtk_widget_class_bind_template_callback (widget_class, place_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_place);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);

  gtk_widget_class_install_action (widget_class, "win.new-task", NULL, new_task_action);
  gtk_widget_class_install_action (widget_class, "win.leave-task", NULL, leave_task_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, show_help_overlay_action);
  gtk_widget_class_install_action (widget_class, "win.next-problem", NULL, problem_action);
  gtk_widget_class_install_action (widget_class, "win.previous-problem", NULL, problem_action);
  gtk_widget_class_install_action (widget_class, "win.sync-now", NULL, sync_now_action);
  gtk_widget_class_install_action (widget_class, "win.who-i-am", NULL, who_i_am_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.just-write", NULL, just_write_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.go", "s", go_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
}

static void
crm_window_init (CrmWindow *self)
{
  const CrmPlace *place;
  CrmTaskView *view;
  int width = 0;

  self->counter = crm_place_counter_new ();
  self->session_signals = g_signal_group_new (CRM_TYPE_SESSION);
  self->puller_signals = g_signal_group_new (CRM_TYPE_PULLER);

  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; (place = crm_place_get (i)) != NULL; i++)
    {
      GtkWidget *row = crm_place_row_new (place);

      gtk_list_box_append (self->places, row);
      /* Measuring takes time of the start, and English is known to fit. */
      if (crm_place_get_title (place) != place->title)
        width = MAX (width, crm_place_row_get_width (CRM_PLACE_ROW (row)));
    }
  gtk_widget_set_size_request (self->sidebar, CLAMP (width, SIDEBAR_WIDTH, WIDEST_SIDEBAR), -1);
  gtk_list_box_set_header_func (self->places, crm_place_row_set_header, NULL, NULL);
  update_place (self);

  view = crm_task_pane_get_view (self->task_pane);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "columns", crm_task_view_get_columns (view));
  self->exports = crm_export_desk_new (GTK_WINDOW (self), self->toasts, self->task_pane);
  self->imports = crm_import_desk_new (GTK_WINDOW (self), self->toasts);
  gtk_menu_button_set_create_popup_func (self->main_menu_button, create_menu_cb, self, NULL);
  g_menu_append_submenu (self->column_section, C_("menu", "_Columns"), crm_task_view_get_column_menu (view));

  g_signal_connect_object (self->counter, "counted", G_CALLBACK (update_counts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->counter, "minute", G_CALLBACK (crm_task_pane_ask_anew), self->task_pane, G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->session_signals, "counts-changed", G_CALLBACK (update_counts), self);
  g_signal_group_connect_swapped (self->puller_signals, "finished", G_CALLBACK (pulled_cb), self);
}

/**
 * crm_window_new:
 * @application: the application
 * @settings: (nullable): where size, place and order are remembered; %NULL: nowhere
 *
 * Returns: (transfer none): a window without a session
 */
GtkWidget *
crm_window_new (GtkApplication *application,
                GSettings      *settings)
{
  CrmWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (settings == NULL || G_IS_SETTINGS (settings), NULL);

  self = g_object_new (CRM_TYPE_WINDOW, "application", application, NULL);
  crm_task_pane_set_settings (self->task_pane, settings);
  if (settings == NULL)
    return GTK_WIDGET (self);

  self->settings = g_object_ref (settings);
  gtk_window_set_default_size (GTK_WINDOW (self), g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));

  return GTK_WIDGET (self);
}

/**
 * crm_window_get_session:
 * @self: a window
 *
 * Returns: (transfer none) (nullable): the session it shows
 */
CrmSession *
crm_window_get_session (CrmWindow *self)
{
  g_return_val_if_fail (CRM_IS_WINDOW (self), NULL);

  return self->session;
}

/**
 * crm_window_set_session:
 * @self: a window
 * @session: (nullable): the account at work; %NULL while one is being opened
 */
void
crm_window_set_session (CrmWindow  *self,
                        CrmSession *session)
{
  CrmStore *store;
  gboolean has_service;

  g_return_if_fail (CRM_IS_WINDOW (self));
  g_return_if_fail (session == NULL || CRM_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  store = session != NULL ? crm_session_get_store (session) : NULL;
  has_service = session != NULL && crm_session_get_service (session) != NULL;
  g_clear_object (&self->undo);

  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->puller_signals,
                             has_service ? crm_sync_service_get_puller (crm_session_get_service (session)) : NULL);
  self->refreshing = FALSE;
  crm_task_pane_set_session (self->task_pane, session);
  if (self->editor != NULL)
    g_object_set (self->editor, "store", store, NULL);
  crm_place_counter_set_store (self->counter, store);
  crm_export_desk_set_store (self->exports, store);
  crm_import_desk_set_store (self->imports, store);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sync-now", has_service);
  self->may_close = FALSE;
  if (session != NULL && is_anything_unsaved (session) && crm_task_editor_open_unsaved (get_editor (self)))
    {
      self->just_write = TRUE;
      show_editor (self);
      crm_window_say (self, _("What you typed last is still here, not saved yet"));
    }
  update_counts (self);
  update_page (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * crm_window_show_trouble:
 * @self: a window
 * @words: why no tasks can be shown
 */
void
crm_window_show_trouble (CrmWindow  *self,
                         const char *words)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (CRM_IS_WINDOW (self));
  g_return_if_fail (words != NULL);

  if (self->trouble_page == NULL)
    {
      g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource (RESOURCES "crm-window-trouble.ui");

      self->trouble_page = ADW_STATUS_PAGE (gtk_builder_get_object (builder, "trouble_page"));
      gtk_stack_add_named (self->stack, GTK_WIDGET (gtk_builder_get_object (builder, "trouble")), "trouble");
    }

  escaped = g_markup_escape_text (words, -1);
  adw_status_page_set_description (self->trouble_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "trouble");
}

/**
 * crm_window_show_task:
 * @self: a window with a session
 * @local_id: a task that needs attention; 0: none of them
 *
 * Opens the task beside the others that need attention; of one that is gone meanwhile, those alone are shown.
 */
void
crm_window_show_task (CrmWindow *self,
                      gint64     local_id)
{
  g_return_if_fail (CRM_IS_WINDOW (self));
  g_return_if_fail (self->session != NULL);

  crm_task_pane_set_place (self->task_pane, crm_place_by_name ("attention"));
  if (local_id != 0)
    crm_task_editor_open (get_editor (self), local_id);
  if (local_id != 0 && is_task_open (self) && crm_task_editor_get_local_id (self->editor) == local_id)
    show_editor (self);
  else
    show_list (self);
}

/**
 * crm_window_say:
 * @self: a window
 * @words: something worth a word, that passes
 */
void
crm_window_say (CrmWindow  *self,
                const char *words)
{
  g_return_if_fail (CRM_IS_WINDOW (self));
  g_return_if_fail (words != NULL);

  said_cb (self, words, NULL);
}

/* crm-export-desk.c: what leaves the window: export, report, copy
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-export-desk.h"

#include "transfer/crm-export-file.h"
#include "ui/crm-copy.h"
#include "ui/crm-file-dialog.h"
#include "ui/crm-toast.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What takes less long is not told of while it runs, in milliseconds. */
#define PATIENCE 500
#define PROGRESS_INTERVAL (G_TIME_SPAN_SECOND / 4)

/* No clipboard should be given more. */
#define MOST_COPIED 10000

struct _CrmExportDesk
{
  GObject             parent_instance;

  GtkWindow          *window; /* weak, like the next two */
  AdwToastOverlay    *toasts;
  CrmTaskPane        *pane;
  GSimpleActionGroup *actions;
  CrmStore           *store;
  GCancellable       *exporting; /* NULL: nothing is */
  AdwToast           *progress;  /* NULL: none is shown */
  guint               patience_id;
  gsize               n_written;
  gint64              told;      /* when n_written was told last */
};

G_DEFINE_FINAL_TYPE (CrmExportDesk, crm_export_desk, G_TYPE_OBJECT)

/* An export that waits for the name of its file. */
typedef struct
{
  CrmExportDesk *desk;
  CrmStore        *store;
  CrmTaskQuery    *query;    /* NULL: the ids say which tasks */
  CrmIdList       *ids;
  gboolean         failures; /* and not what the file's name says */
  GFile           *file;
} Export;

static void
export_free (Export *self)
{
  g_object_unref (self->desk);
  g_object_unref (self->store);
  g_clear_pointer (&self->query, crm_task_query_free);
  g_clear_pointer (&self->ids, crm_id_list_unref);
  g_clear_object (&self->file);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
say (CrmExportDesk *self,
     const char      *words)
{
  if (self->toasts != NULL)
    adw_toast_overlay_add_toast (self->toasts, crm_toast_new (words));
}

static void
set_enabled (CrmExportDesk *self,
             const char      *name,
             gboolean         enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

static void
update_actions (CrmExportDesk *self)
{
  set_enabled (self, "tasks", self->store != NULL && self->exporting == NULL);
  set_enabled (self, "report", self->store != NULL && self->exporting == NULL);
  set_enabled (self, "copy", self->store != NULL);
  set_enabled (self, "cancel", self->exporting != NULL);
}

static void
dismissed_cb (CrmExportDesk *self)
{
  g_clear_object (&self->progress);
}

static void
tell_progress (CrmExportDesk *self)
{
  gulong n = self->n_written;
  g_autofree char *words = g_strdup_printf (ngettext ("Exporting: %'lu task so far", "Exporting: %'lu tasks so far", n), n);

  self->told = g_get_monotonic_time ();
  adw_toast_set_title (self->progress, words);
}

static gboolean
patience_cb (gpointer user_data)
{
  CrmExportDesk *self = user_data;

  self->patience_id = 0;
  if (self->toasts == NULL)
    return G_SOURCE_REMOVE;

  self->progress = g_object_ref (adw_toast_new (""));
  tell_progress (self);
  adw_toast_set_timeout (self->progress, 0);
  adw_toast_set_button_label (self->progress, C_("button", "_Cancel"));
  adw_toast_set_action_name (self->progress, "export.cancel");
  g_signal_connect_object (self->progress, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, self->progress);

  return G_SOURCE_REMOVE;
}

static void
progress_cb (gsize    n_written,
             gpointer data)
{
  CrmExportDesk *self = data;

  self->n_written = n_written;
  if (self->progress != NULL && g_get_monotonic_time () - self->told >= PROGRESS_INTERVAL)
    tell_progress (self);
}

static void
end_export (CrmExportDesk *self)
{
  g_clear_object (&self->exporting);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->progress != NULL)
    adw_toast_dismiss (self->progress);
  update_actions (self);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  g_autofree char *name = g_file_get_basename (export->file);
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  gulong n = crm_export_file_finish (CRM_STORE (source), result, &error);

  end_export (export->desk);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    words = g_strdup_printf (_("Export cancelled; “%s” is as it was"), name);
  else if (error != NULL)
    words = g_strdup_printf (_("“%s” can’t be written: %s"), name, error->message);
  else
    words = g_strdup_printf (ngettext ("%'lu task exported to “%s”", "%'lu tasks exported to “%s”", n), n, name);
  say (export->desk, words);
}

static void
begin_export (Export *export)
{
  CrmExportDesk *self = export->desk;
  g_autofree char *name = g_file_get_basename (export->file);
  const char *suffix = strrchr (name, '.');
  CrmExportFormat format = CRM_EXPORT_CSV;

  if (export->failures)
    format = CRM_EXPORT_FAILURES;
  else if (suffix != NULL)
    crm_export_format_from_name (suffix, &format);

  self->exporting = g_cancellable_new ();
  self->n_written = 0;
  self->patience_id = g_timeout_add (PATIENCE, patience_cb, self);
  update_actions (self);
  crm_export_file_async (export->store, export->query, export->ids, format, export->file, progress_cb, self, self->exporting,
                         exported_cb, export);
}

static void
file_chosen_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Export) export = user_data;
  g_autoptr (GError) error = NULL;

  export->file = crm_file_dialog_finish (GTK_WINDOW (source), result, &error);
  if (error != NULL)
    say (export->desk, error->message);
  /* The account may have been switched meanwhile. */
  else if (export->file != NULL && export->desk->store == export->store && export->desk->exporting == NULL)
    begin_export (g_steal_pointer (&export));
}

static Export *
create_export (CrmExportDesk *self)
{
  Export *export = g_new0 (Export, 1);

  export->desk = g_object_ref (self);
  export->store = g_object_ref (self->store);

  return export;
}

static CrmIdList *
get_selected (CrmExportDesk *self,
              gsize            most)
{
  g_autoptr (GArray) ids = crm_task_view_get_selected_ids (crm_task_pane_get_view (self->pane));
  CrmIdList *list = crm_id_list_new ();

  for (guint i = 0; i < ids->len && i < most; i++)
    crm_id_list_append (list, g_array_index (ids, gint64, i));

  return list;
}

static void
export_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  CrmExportDesk *self = user_data;
  gulong n_selected = crm_task_view_get_n_selected (crm_task_pane_get_view (self->pane));
  const CrmFileKind kinds[] = {
    { _("CSV, JSON and Calendar Files"), { "csv", "json", "ics" } },
    { NULL },
  };
  /* Translators: the name of a file to export to */
  g_autofree char *name = g_strconcat (C_("file name", "Tasks"), ".csv", NULL);
  g_autofree char *title = NULL;
  Export *export = create_export (self);

  if (n_selected > 1)
    {
      export->ids = get_selected (self, G_MAXSIZE);
      title = g_strdup_printf (ngettext ("Export %'lu Selected Task: .csv, .json or .ics",
                                         "Export %'lu Selected Tasks: .csv, .json or .ics", n_selected), n_selected);
    }
  else
    {
      export->query = crm_task_pane_create_query (self->pane);
      title = g_strdup (_("Export What Is Listed: .csv, .json or .ics"));
    }
  crm_file_dialog_save_async (self->window, title, name, kinds, NULL, file_chosen_cb, export);
}

static void
report_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  CrmExportDesk *self = user_data;
  const CrmFileKind kinds[] = {
    { _("CSV Files"), { "csv" } },
    { NULL },
  };
  /* Translators: the name of a file to export to */
  g_autofree char *name = g_strconcat (C_("file name", "Failures"), ".csv", NULL);
  Export *export = create_export (self);

  export->failures = TRUE;
  export->query = crm_task_query_new ();
  export->query->states = 1u << CRM_SYNC_FAILED | 1u << CRM_SYNC_UNCONFIRMED;
  crm_file_dialog_save_async (self->window, _("Report of Failures"), name, kinds, NULL, file_chosen_cb, export);
}

static void
cancel_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  CrmExportDesk *self = user_data;

  if (self->exporting != NULL)
    g_cancellable_cancel (self->exporting);
}

static void
copied_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmExportDesk) self = user_data;
  g_autoptr (GError) error = NULL;
  gulong n = crm_copy_finish (CRM_STORE (source), result, &error);

  if (error != NULL)
    {
      say (self, error->message);
    }
  else if (n >= MOST_COPIED)
    {
      g_autofree char *words = g_strdup_printf (ngettext ("The first %'lu task is copied; export takes more",
                                                          "The first %'lu tasks are copied; export takes more", n), n);

      say (self, words);
    }
}

static void
copy_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  CrmExportDesk *self = user_data;
  g_autoptr (CrmIdList) ids = get_selected (self, MOST_COPIED);

  if (crm_id_list_get_n (ids) > 0)
    crm_copy_async (self->store, ids, gtk_widget_get_clipboard (GTK_WIDGET (self->window)), copied_cb, g_object_ref (self));
}

static void
crm_export_desk_dispose (GObject *object)
{
  CrmExportDesk *self = CRM_EXPORT_DESK (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->toasts);
  g_clear_weak_pointer (&self->pane);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_object (&self->actions);
  g_clear_object (&self->store);
  g_clear_object (&self->exporting);
  g_clear_object (&self->progress);

  G_OBJECT_CLASS (crm_export_desk_parent_class)->dispose (object);
}

static void
crm_export_desk_class_init (CrmExportDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_export_desk_dispose;
}

static void
crm_export_desk_init (CrmExportDesk *self)
{
  static const GActionEntry entries[] = {
    { .name = "tasks", .activate = export_action },
    { .name = "report", .activate = report_action },
    { .name = "cancel", .activate = cancel_action },
    { .name = "copy", .activate = copy_action },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  update_actions (self);
}

static void
add_shortcut (GtkWidget  *widget,
              const char *trigger,
              const char *action)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string (trigger),
                                                          gtk_named_action_new (action)));
  gtk_widget_add_controller (widget, controller);
}

/**
 * crm_export_desk_new:
 * @window: the window it works for
 * @toasts: where it says what it did
 * @pane: whose tasks it copies and exports
 *
 * Returns: (transfer full): a desk
 */
CrmExportDesk *
crm_export_desk_new (GtkWindow       *window,
                     AdwToastOverlay *toasts,
                     CrmTaskPane     *pane)
{
  CrmExportDesk *self;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (ADW_IS_TOAST_OVERLAY (toasts), NULL);
  g_return_val_if_fail (CRM_IS_TASK_PANE (pane), NULL);

  self = g_object_new (CRM_TYPE_EXPORT_DESK, NULL);
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->toasts, toasts);
  g_set_weak_pointer (&self->pane, pane);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "export", G_ACTION_GROUP (self->actions));
  add_shortcut (GTK_WIDGET (window), "<Control>e", "export.tasks");
  /* Where text has the focus it comes first. */
  add_shortcut (GTK_WIDGET (window), "<Control>c", "export.copy");

  return self;
}

/**
 * crm_export_desk_set_store:
 * @self: a desk
 * @store: (nullable): whose tasks they are
 *
 * What is being exported from another is cancelled.
 */
void
crm_export_desk_set_store (CrmExportDesk *self,
                           CrmStore      *store)
{
  g_return_if_fail (CRM_IS_EXPORT_DESK (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  if (!g_set_object (&self->store, store))
    return;

  if (self->exporting != NULL)
    g_cancellable_cancel (self->exporting);
  update_actions (self);
}

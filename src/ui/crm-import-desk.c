/* crm-import-desk.c: what comes into the window: import, paste, drop
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-import-desk.h"

#include "ui/crm-file-dialog.h"
#include "ui/crm-import-dialog.h"
#include "ui/crm-toast.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* There is something to be done about it, in seconds. */
#define LONG_TOAST 20

struct _CrmImportDesk
{
  GObject             parent_instance;

  GtkWindow          *window; /* weak, like the toasts */
  AdwToastOverlay    *toasts;
  GSimpleActionGroup *actions;
  CrmStore           *store;
  CrmImportPlan      *refused; /* some of its rows were, and can be saved; NULL: none */
};

G_DEFINE_FINAL_TYPE (CrmImportDesk, crm_import_desk, G_TYPE_OBJECT)

/* Something that is waited for, from a person or another program. */
typedef struct
{
  CrmImportDesk *desk;
  CrmStore      *store;
  CrmImportPlan *plan;   /* to save the refused rows of; else NULL */
  GFile         *file;
  GOutputStream *stream;
  GError        *trouble;
} Errand;

static Errand *
errand_new (CrmImportDesk *desk)
{
  Errand *self = g_new0 (Errand, 1);

  self->desk = g_object_ref (desk);
  self->store = g_object_ref (desk->store);

  return self;
}

static void
errand_free (Errand *self)
{
  g_object_unref (self->desk);
  g_object_unref (self->store);
  g_clear_object (&self->plan);
  g_clear_object (&self->file);
  g_clear_object (&self->stream);
  g_clear_error (&self->trouble);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

static void
say (CrmImportDesk *self,
     const char    *words)
{
  if (self->toasts != NULL)
    adw_toast_overlay_add_toast (self->toasts, crm_toast_new (words));
}

static void
set_refused (CrmImportDesk *self,
             CrmImportPlan *plan)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "save-refused");

  g_set_object (&self->refused, plan);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), plan != NULL);
}

static void
imported_cb (CrmImportDialog *dialog,
             CrmImportPlan   *plan,
             gint64           n_done,
             gint64           n_refused,
             CrmImportDesk   *self)
{
  gulong n = n_done;
  gulong n_not = n_refused;
  g_autofree char *done = g_strdup_printf (ngettext ("%'lu task imported", "%'lu tasks imported", n), n);
  g_autofree char *refused = NULL;
  g_autofree char *words = NULL;
  AdwToast *toast;

  if (self->window == NULL || self->toasts == NULL)
    return;

  /* Who sees the welcome sees tasks now. */
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.just-write", NULL);
  if (n_refused == 0)
    {
      say (self, done);
      return;
    }

  set_refused (self, crm_import_plan_get_n (plan, CRM_IMPORT_REFUSED) > 0 ? plan : NULL);
  refused = g_strdup_printf (ngettext ("%'lu row refused", "%'lu rows refused", n_not), n_not);
  /* Translators: two parts of a sentence, as “12 tasks imported, 3 rows refused” */
  words = g_strdup_printf (_("%s, %s"), done, refused);
  toast = crm_toast_new (words);
  adw_toast_set_timeout (toast, LONG_TOAST);
  if (self->refused != NULL)
    {
      adw_toast_set_button_label (toast, _("_Save Refused Rows…"));
      adw_toast_set_action_name (toast, "import.save-refused");
    }
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* One preview at a time, of the account that is worked with. */
static void
show_preview (CrmImportDesk *self,
              CrmStore      *store,
              GFile         *file,
              GBytes        *text)
{
  GtkWidget *dialog;

  if (self->window == NULL || self->store == NULL || self->store != store)
    return;

  dialog = crm_import_dialog_new (self->window, self->store, file, text);
  g_signal_connect_object (dialog, "imported", G_CALLBACK (imported_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
file_chosen_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = crm_file_dialog_finish (GTK_WINDOW (source), result, &error);

  if (error != NULL)
    say (errand->desk, error->message);
  else if (file != NULL)
    show_preview (errand->desk, errand->store, file, NULL);
}

static void
file_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  CrmImportDesk *self = user_data;
  const CrmFileKind kinds[] = {
    { _("CSV and Text Files"), { "csv", "tsv", "txt" } },
    { NULL },
  };

  crm_file_dialog_open_async (self->window, _("Import Tasks"), kinds, NULL, file_chosen_cb, errand_new (self));
}

static void
use_text (Errand *errand,
          GBytes *text)
{
  if (g_bytes_get_size (text) > 0)
    show_preview (errand->desk, errand->store, NULL, text);
  else
    say (errand->desk, _("There is no text to paste"));
}

static void
text_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autofree char *words = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  gsize length = words != NULL ? strlen (words) : 0;
  g_autoptr (GBytes) text = g_bytes_new_take (g_steal_pointer (&words), length);

  use_text (errand, text);
}

static void
csv_spliced_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = NULL;

  g_output_stream_splice_finish (G_OUTPUT_STREAM (source), result, &error);
  if (error != NULL)
    {
      say (errand->desk, error->message);
      return;
    }

  text = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (source));
  use_text (errand, text);
}

static void
csv_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, NULL, &error);
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();

  if (stream == NULL)
    say (errand->desk, error->message);
  else
    g_output_stream_splice_async (memory, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                  G_PRIORITY_DEFAULT, NULL, csv_spliced_cb, g_steal_pointer (&errand));
}

/* What names its columns is better than what only has tabs. */
static void
paste_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  static const char *mime_types[] = { "text/csv", NULL };

  CrmImportDesk *self = user_data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self->window));
  GdkContentFormats *formats = gdk_clipboard_get_formats (clipboard);

  if (gdk_content_formats_contain_mime_type (formats, mime_types[0]))
    gdk_clipboard_read_async (clipboard, mime_types, G_PRIORITY_DEFAULT, NULL, csv_read_cb, errand_new (self));
  else
    gdk_clipboard_read_text_async (clipboard, NULL, text_read_cb, errand_new (self));
}

static void
tell_saved (Errand *errand)
{
  g_autofree char *name = g_file_get_basename (errand->file);
  g_autofree char *words = NULL;

  if (errand->trouble != NULL)
    words = g_strdup_printf (_("“%s” can’t be written: %s"), name, errand->trouble->message);
  else
    words = g_strdup_printf (_("The refused rows are in “%s”, with the reasons"), name);
  say (errand->desk, words);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (source), result, errand->trouble == NULL ? &errand->trouble : NULL);
  tell_saved (errand);
}

/* A file that is closed by what is cancelled stays as it was. */
static void
refused_saved_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  Errand *errand = user_data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  if (!crm_import_plan_save_refused_finish (CRM_IMPORT_PLAN (source), result, &errand->trouble))
    g_cancellable_cancel (cancellable);
  g_output_stream_close_async (errand->stream, G_PRIORITY_DEFAULT, cancellable, closed_cb, errand);
}

static void
refused_opened_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  GFileOutputStream *stream = g_file_replace_finish (G_FILE (source), result, &errand->trouble);

  if (stream == NULL)
    {
      tell_saved (errand);
      return;
    }

  errand->stream = G_OUTPUT_STREAM (stream);
  crm_import_plan_save_refused_async (errand->plan, errand->stream, NULL, refused_saved_cb, errand);
  errand = NULL;
}

static void
refused_chosen_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;

  errand->file = crm_file_dialog_finish (GTK_WINDOW (source), result, &error);
  if (error != NULL)
    {
      say (errand->desk, error->message);
    }
  else if (errand->file != NULL)
    {
      g_file_replace_async (errand->file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                            G_PRIORITY_DEFAULT, NULL, refused_opened_cb, errand);
      errand = NULL;
    }
}

static void
save_refused_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  CrmImportDesk *self = user_data;
  const CrmFileKind kinds[] = {
    { _("CSV Files"), { "csv" } },
    { NULL },
  };
  /* Translators: the name of a file to write to */
  g_autofree char *name = g_strconcat (C_("file name", "Refused rows"), ".csv", NULL);
  Errand *errand = errand_new (self);

  errand->plan = g_object_ref (self->refused);
  crm_file_dialog_save_async (self->window, _("Save Refused Rows"), name, kinds, NULL, refused_chosen_cb, errand);
}

static gboolean
drop_cb (CrmImportDesk *self,
         const GValue  *value)
{
  GSList *files = g_value_get_boxed (value);

  if (self->store == NULL || files == NULL)
    return FALSE;

  if (files->next != NULL)
    {
      say (self, _("One file at a time, please"));
      return FALSE;
    }

  show_preview (self, self->store, files->data, NULL);
  return TRUE;
}

static void
crm_import_desk_dispose (GObject *object)
{
  CrmImportDesk *self = CRM_IMPORT_DESK (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->toasts);
  g_clear_object (&self->actions);
  g_clear_object (&self->store);
  g_clear_object (&self->refused);

  G_OBJECT_CLASS (crm_import_desk_parent_class)->dispose (object);
}

static void
crm_import_desk_class_init (CrmImportDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_import_desk_dispose;
}

static void
crm_import_desk_init (CrmImportDesk *self)
{
  static const GActionEntry entries[] = {
    { .name = "file", .activate = file_action },
    { .name = "paste", .activate = paste_action },
    { .name = "save-refused", .activate = save_refused_action },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  crm_import_desk_set_store (self, NULL);
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
 * crm_import_desk_new:
 * @window: the window it works for
 * @toasts: where it says what it did, and where files are dropped
 *
 * Returns: (transfer full): a desk
 */
CrmImportDesk *
crm_import_desk_new (GtkWindow       *window,
                     AdwToastOverlay *toasts)
{
  CrmImportDesk *self;
  GtkDropTarget *target;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);
  g_return_val_if_fail (ADW_IS_TOAST_OVERLAY (toasts), NULL);

  self = g_object_new (CRM_TYPE_IMPORT_DESK, NULL);
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->toasts, toasts);
  gtk_widget_insert_action_group (GTK_WIDGET (window), "import", G_ACTION_GROUP (self->actions));
  add_shortcut (GTK_WIDGET (window), "<Control>o", "import.file");
  /* Where text has the focus it comes first. */
  add_shortcut (GTK_WIDGET (window), "<Control>v", "import.paste");

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_object (target, "drop", G_CALLBACK (drop_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (toasts), GTK_EVENT_CONTROLLER (target));

  return self;
}

/**
 * crm_import_desk_set_store:
 * @self: a desk
 * @store: (nullable): where tasks are brought
 */
void
crm_import_desk_set_store (CrmImportDesk *self,
                           CrmStore      *store)
{
  static const char *const names[] = { "file", "paste" };

  g_return_if_fail (CRM_IS_IMPORT_DESK (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  g_set_object (&self->store, store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), names[i]);

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), store != NULL);
    }
  set_refused (self, NULL);
}

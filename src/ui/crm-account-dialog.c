/* crm-account-dialog.c: connecting to a CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-account-dialog.h"

#include "api/crm-account-registry.h"
#include "store/crm-store-folder.h"
#include "sync/crm-connection-test.h"
#include "ui/crm-field-message.h"
#include "ui/crm-toolkit.h"

#include <glib/gi18n-lib.h>

/* The addresses of API.md §2, in the order of the template; the last choice is any other. */
static const char *const addresses[] = {
  "https://api.ap-southeast-2.ivvy.com",
  "https://api.us-west-2.ivvy.com",
  "https://api.eu-west-2.ivvy.com",
};

struct _CrmAccountDialog
{
  AdwWindow        parent_instance;

  AdwComboRow     *platform_row;
  GtkWidget       *address_row;
  CrmFieldMessage *address_message;
  GtkWidget       *key_row;
  GtkWidget       *secret_row;
  CrmFieldMessage *secret_message;
  AdwActionRow    *result_row;
  GtkImage        *result_icon;
  GtkSpinner      *spinner;

  GCancellable    *cancellable;
  CrmAccount      *edited;  /* the one that is changed; NULL: a new one */
  CrmAccount      *account; /* the one that is being stored */
};

enum
{
  CONNECTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmAccountDialog, crm_account_dialog, ADW_TYPE_WINDOW)

static const char *
get_text (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static const char *
get_typed_address (CrmAccountDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->platform_row);

  return selected < G_N_ELEMENTS (addresses) ? addresses[selected] : get_text (self->address_row);
}

static void
show_result (CrmAccountDialog *self,
             gboolean          good,
             const char       *title,
             const char       *words)
{
  gtk_widget_set_visible (GTK_WIDGET (self->result_row), title != NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result_row), title != NULL ? title : "");
  adw_action_row_set_subtitle (self->result_row, words != NULL ? words : "");
  gtk_image_set_from_icon_name (self->result_icon, good ? "crm-sent-symbolic" : "crm-failed-symbolic");
  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_row), "failed");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->result_row), "failed");
}

static void
set_busy (CrmAccountDialog *self,
          gboolean          busy)
{
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.test", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "account.connect", !busy);
}

static void
edited_cb (CrmAccountDialog *self)
{
  gtk_widget_remove_css_class (self->address_row, "error");
  gtk_widget_remove_css_class (self->key_row, "error");
  gtk_widget_remove_css_class (self->secret_row, "error");
  crm_field_message_set_error (self->address_message, NULL);
  crm_field_message_set_error (self->secret_message, NULL);
  show_result (self, TRUE, NULL, NULL);
  gtk_widget_set_visible (self->address_row,
                          adw_combo_row_get_selected (self->platform_row) >= G_N_ELEMENTS (addresses));
}

static void
platform_cb (CrmAccountDialog *self)
{
  edited_cb (self);
}

/* Says at the rows what is missing; the address when nothing is. */
static char *
check (CrmAccountDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = crm_account_check_address (get_typed_address (self), &error);
  gboolean complete = TRUE;

  edited_cb (self);
  if (address == NULL)
    {
      crm_field_message_set_error (self->address_message, error->message);
      gtk_widget_add_css_class (self->address_row, "error");
      gtk_widget_grab_focus (self->address_row);
      complete = FALSE;
    }
  if (*get_text (self->key_row) == '\0' || *get_text (self->secret_row) == '\0')
    {
      GtkWidget *row = *get_text (self->key_row) == '\0' ? self->key_row : self->secret_row;

      crm_field_message_set_error (self->secret_message, _("The key and its secret are both needed"));
      gtk_widget_add_css_class (row, "error");
      if (complete)
        gtk_widget_grab_focus (row);
      complete = FALSE;
    }

  return complete ? g_steal_pointer (&address) : NULL;
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmAccountDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  int klass;
  gboolean good = crm_connection_test_finish (result, &klass, &words, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (good)
    show_result (self, TRUE, _("The connection works"), words);
  else
    show_result (self, FALSE, _("The connection does not work"), words != NULL ? words : error != NULL ? error->message : NULL);
}

static void
test_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  CrmAccountDialog *self = CRM_ACCOUNT_DIALOG (widget);
  g_autofree char *address = check (self);
  g_autoptr (CrmAccount) account = NULL;

  if (address == NULL)
    return;

  /* Never stored: only to try the three out. */
  account = crm_account_new ("test", CRM_ACCOUNT_CRM, address, get_text (self->key_row));
  crm_account_take_secret (account, g_strdup (get_text (self->secret_row)));
  set_busy (self, TRUE);
  crm_connection_test_async (account, NULL, self->cancellable, tested_cb, g_object_ref (self));
}

static void
stored_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmAccountDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  /* It works for as long as the program runs, also without a keyring. */
  crm_account_store_secret_finish (self->account, result, &error);
  g_signal_emit (self, signals[CONNECTED], 0, self->account, error != NULL ? error->message : NULL);
  gtk_window_close (GTK_WINDOW (self));
}

/* Takes @account, and goes on with its secret; NULL: it could not be stored. */
static void
take_account (CrmAccountDialog *self,
              CrmAccount       *account,
              const GError     *error)
{
  g_clear_object (&self->account);
  self->account = account;
  if (account == NULL)
    {
      set_busy (self, FALSE);
      show_result (self, FALSE, _("The account could not be stored"), error->message);
      return;
    }

  crm_account_take_secret (self->account, g_strdup (get_text (self->secret_row)));
  set_busy (self, TRUE);
  crm_account_store_secret_async (self->account, NULL, stored_cb, g_object_ref (self));
}

static void
add_account (CrmAccountDialog *self)
{
  g_autofree char *address = check (self);
  g_autoptr (GError) error = NULL;

  if (address != NULL)
    take_account (self, crm_account_registry_add (address, get_text (self->key_row), &error), error);
}

/* An account of its own, for what is under way signs with the old one until it ends. */
static void
change_account (CrmAccountDialog *self)
{
  g_autofree char *address = check (self);
  g_autofree char *key = NULL;
  g_autoptr (CrmAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  if (address == NULL)
    return;

  key = crm_account_check_key (get_text (self->key_row), &error);
  if (key != NULL)
    {
      account = crm_account_new (crm_account_get_id (self->edited), CRM_ACCOUNT_CRM, address, key);
      if (!crm_account_registry_save (account, TRUE, &error))
        g_clear_object (&account);
    }
  take_account (self, g_steal_pointer (&account), error);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (CrmAccountDialog) self = user_data;
  g_autofree char *answer = crm_ask_finish (result);

  set_busy (self, FALSE);
  if (g_str_equal (answer, "same"))
    change_account (self);
  else if (g_str_equal (answer, "another"))
    add_account (self);
}

/* DESIGN.md §5: the tasks here have ids that mean something on one CRM alone. */
static void
ask_which_crm (CrmAccountDialog *self,
               const CrmCounts  *counts)
{
  gulong kept = (gulong) crm_counts_get_kept (counts);
  g_autofree char *waiting = g_strdup_printf (ngettext ("%'lu task waits here for %s.", "%'lu tasks wait here for %s.", kept), kept,
                                              crm_account_get_address (self->edited));
  g_autofree char *words = g_strdup_printf (
      /* Translators: the first is a whole sentence; “it” is the CRM that the question in the title asks for */
      _("%s If it is, only under another address or with another key, all tasks stay with this account and are sent there. "
        "If it is not, a new account is made, and they stay with the old one."),
      kept > 0 ? waiting : _("This account has tasks of one CRM."));
  const CrmAnswer answers[] = {
    { "cancel", _("_Cancel") },
    { "another", _("_Another CRM") },
    { "same", _("The _Same CRM") },
    { NULL },
  };

  crm_ask_async (GTK_WINDOW (self), _("Is It Still the Same CRM?"), words, answers, answered_cb, g_object_ref (self));
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmAccountDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  CrmCounts counts;

  if (!crm_store_folder_count_finish (result, &counts, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      set_busy (self, FALSE);
      show_result (self, FALSE, _("The account could not be changed"), error->message);
    }
  else if (crm_counts_get_kept (&counts) == 0 && counts.states[CRM_SYNC_SYNCED] == 0)
    change_account (self);
  else
    ask_which_crm (self, &counts);
}

static void
connect_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  CrmAccountDialog *self = CRM_ACCOUNT_DIALOG (widget);
  g_autofree char *address = check (self);
  g_autofree char *folder = NULL;

  if (address == NULL)
    return;

  if (self->edited == NULL)
    {
      add_account (self);
    }
  else if (g_strcmp0 (address, crm_account_get_address (self->edited)) == 0 &&
           g_strcmp0 (get_text (self->key_row), crm_account_get_key (self->edited)) == 0)
    {
      change_account (self);
    }
  else
    {
      set_busy (self, TRUE);
      folder = crm_account_get_folder (self->edited);
      crm_store_folder_count_async (folder, self->cancellable, counted_cb, g_object_ref (self));
    }
}

static void
crm_account_dialog_dispose (GObject *object)
{
  CrmAccountDialog *self = CRM_ACCOUNT_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->account);
  g_clear_object (&self->edited);

  G_OBJECT_CLASS (crm_account_dialog_parent_class)->dispose (object);
}

static void
crm_account_dialog_class_init (CrmAccountDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_account_dialog_dispose;

  signals[CONNECTED] = g_signal_new ("connected", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, CRM_TYPE_ACCOUNT, G_TYPE_STRING);

  g_type_ensure (CRM_TYPE_FIELD_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, platform_row);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, address_message);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, key_row);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, secret_message);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, result_row);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, result_icon);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, platform_cb);
  gtk_widget_class_install_action (widget_class, "account.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "account.connect", NULL, connect_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
crm_account_dialog_init (CrmAccountDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_account_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @account: (nullable): an account to change, or to sign in to again; %NULL, and one that is of no CRM of its own: a new
 *   one is made
 *
 * Returns: (transfer none): a window to connect to a CRM
 */
GtkWidget *
crm_account_dialog_new (GtkWindow  *parent,
                        CrmAccount *account)
{
  CrmAccountDialog *self;
  const char *address;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (account == NULL || CRM_IS_ACCOUNT (account), NULL);

  self = g_object_new (CRM_TYPE_ACCOUNT_DIALOG, "transient-for", parent, NULL);
  if (account == NULL || crm_account_get_kind (account) != CRM_ACCOUNT_CRM)
    return GTK_WIDGET (self);

  self->edited = g_object_ref (account);
  gtk_window_set_title (GTK_WINDOW (self), _("Your CRM"));
  address = crm_account_get_address (account);
  adw_combo_row_set_selected (self->platform_row, G_N_ELEMENTS (addresses));
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    if (g_strcmp0 (addresses[i], address) == 0)
      adw_combo_row_set_selected (self->platform_row, i);
  gtk_editable_set_text (GTK_EDITABLE (self->address_row), address != NULL ? address : "");
  gtk_editable_set_text (GTK_EDITABLE (self->key_row),
                         crm_account_get_key (account) != NULL ? crm_account_get_key (account) : "");
  edited_cb (self);

  return GTK_WIDGET (self);
}

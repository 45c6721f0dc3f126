/* crm-account-row.c: one account in the preferences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-account-row.h"

#include "store/crm-store-folder.h"

#include <glib/gi18n-lib.h>

struct _CrmAccountRow
{
  AdwActionRow   parent_instance;

  GtkWidget     *in_use_icon;
  GtkWidget     *use_button;
  GtkMenuButton *menu_button;

  CrmAccount    *account;
  GCancellable  *cancellable;
};

G_DEFINE_FINAL_TYPE (CrmAccountRow, crm_account_row, ADW_TYPE_ACTION_ROW)

static const char *
get_title (CrmAccount *account)
{
  switch (crm_account_get_kind (account))
    {
    case CRM_ACCOUNT_PRACTICE:
      return _("Practice CRM");
    case CRM_ACCOUNT_LOCAL:
      return _("This computer only");
    case CRM_ACCOUNT_CRM:
    case CRM_ACCOUNT_ENVIRONMENT:
    default:
      return crm_account_get_address (account) != NULL ? crm_account_get_address (account) : _("No address yet");
    }
}

static void
set_words (CrmAccountRow *self,
           const char    *waiting)
{
  CrmAccountKind kind = crm_account_get_kind (self->account);
  const char *key = kind == CRM_ACCOUNT_CRM || kind == CRM_ACCOUNT_ENVIRONMENT ? crm_account_get_key (self->account) : NULL;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *words = NULL;

  if (key != NULL)
    g_ptr_array_add (parts, g_strdup_printf (_("Key %s"), key));
  if (kind == CRM_ACCOUNT_ENVIRONMENT)
    g_ptr_array_add (parts, g_strdup (_("Given by the environment")));
  if (waiting != NULL)
    g_ptr_array_add (parts, g_strdup (waiting));
  g_ptr_array_add (parts, NULL);

  words = g_strjoinv (" · ", (char **) parts->pdata);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmAccountRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  CrmCounts counts;
  gulong kept;

  if (!crm_store_folder_count_finish (result, &counts, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        set_words (self, error->message);
      return;
    }

  kept = (gulong) crm_counts_get_kept (&counts);
  words = kept == 0 ? g_strdup (_("Nothing waits"))
                    : g_strdup_printf (ngettext ("%'lu task not on the CRM yet", "%'lu tasks not on the CRM yet", kept), kept);
  set_words (self, words);
}

/* The program’s actions take the account’s id. */
static GMenuModel *
make_menu (CrmAccount *account)
{
  static const struct
  {
    const char *label;
    const char *action;
    gboolean    is_signed_in;
  } items[] = {
    { NC_("menu", "_Edit…"), "app.edit-account", TRUE },
    { NC_("menu", "_Sign Out"), "app.sign-out", TRUE },
    { NC_("menu", "_Remove…"), "app.remove-account", FALSE },
  };
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (g_dpgettext2 (GETTEXT_PACKAGE, "menu", items[i].label), NULL);

      if (items[i].is_signed_in && crm_account_get_kind (account) != CRM_ACCOUNT_CRM)
        continue;
      g_menu_item_set_action_and_target (item, items[i].action, "s", crm_account_get_id (account));
      g_menu_append_item (menu, item);
    }

  return G_MENU_MODEL (menu);
}

static void
crm_account_row_dispose (GObject *object)
{
  CrmAccountRow *self = CRM_ACCOUNT_ROW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->account);

  G_OBJECT_CLASS (crm_account_row_parent_class)->dispose (object);
}

static void
crm_account_row_class_init (CrmAccountRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_account_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-account-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmAccountRow, in_use_icon);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountRow, use_button);
  gtk_widget_class_bind_template_child (widget_class, CrmAccountRow, menu_button);
}

static void
crm_account_row_init (CrmAccountRow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_account_row_new:
 * @account: an account
 * @in_use: whether it is the one that is worked with
 *
 * Returns: (transfer none): a row that counts by itself what waits in the account
 */
GtkWidget *
crm_account_row_new (CrmAccount *account,
                     gboolean    in_use)
{
  CrmAccountRow *self;
  g_autoptr (GMenuModel) menu = NULL;
  g_autofree char *folder = NULL;

  g_return_val_if_fail (CRM_IS_ACCOUNT (account), NULL);

  self = g_object_new (CRM_TYPE_ACCOUNT_ROW, "title", get_title (account), NULL);
  self->account = g_object_ref (account);
  gtk_widget_set_visible (self->in_use_icon, in_use);
  gtk_widget_set_visible (self->use_button, !in_use);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->use_button), "s", crm_account_get_id (account));
  menu = make_menu (account);
  gtk_menu_button_set_menu_model (self->menu_button, menu);
  set_words (self, NULL);

  folder = crm_account_get_folder (account);
  crm_store_folder_count_async (folder, self->cancellable, counted_cb, g_object_ref (self));

  return GTK_WIDGET (self);
}

/* crm-preferences.c: the preferences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-preferences.h"

#include "ui/crm-account-row.h"

struct _CrmPreferences
{
  AdwPreferencesWindow  parent_instance;

  AdwPreferencesGroup  *accounts_group;
  GPtrArray            *rows; /* of the group; not owned */
};

G_DEFINE_FINAL_TYPE (CrmPreferences, crm_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
crm_preferences_finalize (GObject *object)
{
  g_ptr_array_unref (CRM_PREFERENCES (object)->rows);

  G_OBJECT_CLASS (crm_preferences_parent_class)->finalize (object);
}

static void
crm_preferences_class_init (CrmPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = crm_preferences_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, accounts_group);
}

static void
crm_preferences_init (CrmPreferences *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_preferences_new:
 * @parent: (nullable): the window they belong to
 *
 * Returns: (transfer none): a window without accounts yet
 */
GtkWidget *
crm_preferences_new (GtkWindow *parent)
{
  GtkWidget *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);

  self = g_object_new (CRM_TYPE_PREFERENCES, "transient-for", parent, NULL);
  /* Only the program's own windows reach its actions, and only they keep it alive. */
  if (parent != NULL && gtk_window_get_application (parent) != NULL)
    gtk_widget_insert_action_group (self, "app", G_ACTION_GROUP (gtk_window_get_application (parent)));

  return self;
}

/**
 * crm_preferences_set_accounts:
 * @self: the preferences
 * @accounts: (element-type CrmAccount): what to list
 * @in_use: (nullable): the one that is worked with
 */
void
crm_preferences_set_accounts (CrmPreferences *self,
                              GPtrArray      *accounts,
                              CrmAccount     *in_use)
{
  const char *id = in_use != NULL ? crm_account_get_id (in_use) : NULL;

  g_return_if_fail (CRM_IS_PREFERENCES (self));
  g_return_if_fail (accounts != NULL);

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->accounts_group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; i < accounts->len; i++)
    {
      CrmAccount *account = accounts->pdata[i];
      GtkWidget *row = crm_account_row_new (account, g_strcmp0 (crm_account_get_id (account), id) == 0);

      adw_preferences_group_add (self->accounts_group, row);
      g_ptr_array_add (self->rows, row);
    }
}

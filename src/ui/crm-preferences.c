/* crm-preferences.c: the preferences
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-preferences.h"

#include "ui/crm-account-row.h"
#include "ui/crm-toast.h"

struct _CrmPreferences
{
  AdwPreferencesWindow  parent_instance;

  AdwPreferencesGroup  *accounts_group;
  AdwPreferencesGroup  *refresh_group;
  AdwComboRow          *refresh_row;
  AdwPreferencesGroup  *background_group;
  GtkWidget            *start_row;
  GtkSwitch            *run_switch;
  GtkSwitch            *start_switch;
  GPtrArray            *rows; /* of the group; not owned */
};

G_DEFINE_FINAL_TYPE (CrmPreferences, crm_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* What the row offers, in its order; in minutes. */
static const guint intervals[] = { 0, 5, 15, 60 };

static gboolean
minutes_to_choice (GValue   *value,
                   GVariant *variant,
                   gpointer  user_data)
{
  guint minutes = g_variant_get_uint32 (variant);
  guint choice = G_N_ELEMENTS (intervals) - 1;

  while (choice > 0 && intervals[choice] > minutes)
    choice--;
  g_value_set_uint (value, minutes > 0 ? MAX (choice, 1) : 0);

  return TRUE;
}

static GVariant *
choice_to_minutes (const GValue       *value,
                   const GVariantType *type,
                   gpointer            user_data)
{
  return g_variant_new_uint32 (intervals[MIN (g_value_get_uint (value), G_N_ELEMENTS (intervals) - 1)]);
}

static void
refused_cb (CrmPreferences *self,
            const char     *words)
{
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), crm_toast_new (words));
}

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
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, refresh_group);
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, refresh_row);
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, background_group);
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, start_row);
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, run_switch);
  gtk_widget_class_bind_template_child (widget_class, CrmPreferences, start_switch);
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
 * @settings: (nullable): what is set; %NULL: nothing
 * @background: (nullable): what tells when a wish for the time without a window is refused; %NULL: there is no such wish
 *
 * Returns: (transfer none): a window without accounts yet
 */
GtkWidget *
crm_preferences_new (GtkWindow     *parent,
                     GSettings     *settings,
                     CrmBackground *background)
{
  CrmPreferences *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (background == NULL || CRM_IS_BACKGROUND (background), NULL);

  self = g_object_new (CRM_TYPE_PREFERENCES, "transient-for", parent, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->refresh_group), settings != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->background_group), background != NULL);
  if (settings != NULL)
    g_settings_bind_with_mapping (settings, "refresh-interval", self->refresh_row, "selected", G_SETTINGS_BIND_DEFAULT,
                                  minutes_to_choice, choice_to_minutes, NULL, NULL);
  if (settings != NULL && background != NULL)
    {
      g_settings_bind (settings, "run-in-background", self->run_switch, "active", G_SETTINGS_BIND_DEFAULT);
      g_settings_bind (settings, "run-in-background", self->start_row, "sensitive",
                       G_SETTINGS_BIND_GET | G_SETTINGS_BIND_NO_SENSITIVITY);
      g_settings_bind (settings, "start-at-sign-in", self->start_switch, "active", G_SETTINGS_BIND_DEFAULT);
      g_signal_connect_object (background, "refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
    }
  /* Only the program's own windows reach its actions, and only they keep it alive. */
  if (parent != NULL && gtk_window_get_application (parent) != NULL)
    gtk_widget_insert_action_group (GTK_WIDGET (self), "app", G_ACTION_GROUP (gtk_window_get_application (parent)));

  return GTK_WIDGET (self);
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

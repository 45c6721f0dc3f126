/* crm-account-desk.c: signs accounts in and out, changes and removes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-account-desk.h"

#include "api/crm-account-registry.h"
#include "store/crm-store-folder.h"
#include "ui/crm-account-dialog.h"
#include "ui/crm-preferences.h"
#include "ui/crm-toolkit.h"

#include <glib/gi18n-lib.h>

struct _CrmAccountDesk
{
  GObject        parent_instance;

  GtkWindow     *window;      /* weak */
  GtkWidget     *dialog;      /* weak */
  GSettings     *settings;    /* NULL: none */
  CrmBackground *background;  /* NULL: none */
  GtkWidget     *preferences; /* weak */
  CrmAccount    *account;     /* the one that is worked with */
  CrmAccount    *leaving;     /* the one to be removed as soon as nobody works with it */
};

enum
{
  USE,
  LEAVE,
  SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmAccountDesk, crm_account_desk, G_TYPE_OBJECT)

/* An account under way through a question or the keyring. */
typedef struct
{
  CrmAccountDesk *desk;
  CrmAccount     *account;
} Errand;

static Errand *
errand_new (CrmAccountDesk *desk,
            CrmAccount     *account)
{
  Errand *self = g_new0 (Errand, 1);

  self->desk = g_object_ref (desk);
  self->account = g_object_ref (account);

  return self;
}

static void
errand_free (Errand *self)
{
  g_object_unref (self->desk);
  g_object_unref (self->account);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

static void
say (CrmAccountDesk *self,
     const char     *words)
{
  g_signal_emit (self, signals[SAID], 0, words);
}

static gboolean
is_in_use (CrmAccountDesk *self,
           CrmAccount     *account)
{
  return self->account != NULL &&
         g_str_equal (crm_account_get_id (self->account), crm_account_get_id (account));
}

static void
refresh (CrmAccountDesk *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = NULL;

  if (self->preferences == NULL)
    return;

  accounts = crm_account_registry_list (&error);
  if (accounts != NULL)
    crm_preferences_set_accounts (CRM_PREFERENCES (self->preferences), accounts, self->account);
  else
    say (self, error->message);
}

static CrmAccount *
find (CrmAccountDesk *self,
      const char     *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) accounts = crm_account_registry_list (&error);

  if (accounts == NULL)
    {
      say (self, error->message);
      return NULL;
    }

  for (guint i = 0; i < accounts->len; i++)
    if (g_str_equal (crm_account_get_id (accounts->pdata[i]), id))
      return g_object_ref (accounts->pdata[i]);

  say (self, _("This account is not there any more"));
  refresh (self);
  return NULL;
}

static GtkWindow *
get_parent (CrmAccountDesk *self)
{
  return self->preferences != NULL ? GTK_WINDOW (self->preferences) : self->window;
}

static void
connected_cb (CrmAccountDesk *self,
              CrmAccount     *account,
              const char     *trouble)
{
  g_signal_emit (self, signals[USE], 0, account);

  if (trouble != NULL)
    {
      g_autofree char *words = g_strdup_printf (_("Connected until the program ends. %s"), trouble);

      say (self, words);
    }
}

static void
open_dialog (CrmAccountDesk *self,
             CrmAccount     *account)
{
  if (self->dialog != NULL)
    gtk_window_close (GTK_WINDOW (self->dialog));

  g_set_weak_pointer (&self->dialog, crm_account_dialog_new (get_parent (self), account));
  g_signal_connect_object (self->dialog, "connected", G_CALLBACK (connected_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->dialog));
}

/* The one that is worked with, or the first */
static void
account_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  CrmAccountDesk *self = user_data;

  open_dialog (self, self->account);
}

static void
add_action (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  open_dialog (user_data, NULL);
}

static void
edit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  CrmAccountDesk *self = user_data;
  g_autoptr (CrmAccount) account = find (self, g_variant_get_string (parameter, NULL));

  if (account != NULL)
    open_dialog (self, account);
}

static void
use_action (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       user_data)
{
  CrmAccountDesk *self = user_data;
  g_autoptr (CrmAccount) account = find (self, g_variant_get_string (parameter, NULL));
  g_autoptr (GError) error = NULL;

  if (account == NULL || is_in_use (self, account))
    return;

  /* Practising is for now; and the environment's secret is known only to whoever read it. */
  if (crm_account_get_kind (account) == CRM_ACCOUNT_ENVIRONMENT)
    {
      say (self, _("This account is used when the environment gives its address, key and secret"));
      return;
    }
  if (crm_account_get_kind (account) != CRM_ACCOUNT_PRACTICE && !crm_account_registry_save (account, TRUE, &error))
    {
      say (self, error->message);
      return;
    }

  g_signal_emit (self, signals[USE], 0, account);
}

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (crm_account_forget_secret_finish (errand->account, result, &error))
    say (errand->desk, _("Signed out. Its tasks are kept, and are sent when you sign in again"));
  else
    say (errand->desk, error->message);

  if (is_in_use (errand->desk, errand->account))
    {
      g_autoptr (CrmAccount) anew = find (errand->desk, crm_account_get_id (errand->account));

      if (anew != NULL)
        g_signal_emit (errand->desk, signals[USE], 0, anew);
    }
  refresh (errand->desk);
}

static void
sign_out_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  CrmAccountDesk *self = user_data;
  g_autoptr (CrmAccount) account = find (self, g_variant_get_string (parameter, NULL));

  if (account == NULL)
    return;

  /* The object that signs requests must forget it too. */
  if (is_in_use (self, account))
    g_set_object (&account, self->account);
  crm_account_forget_secret_async (account, NULL, forgotten_cb, errand_new (self, account));
}

static void
secret_gone_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (!crm_account_forget_secret_finish (errand->account, result, &error))
    say (errand->desk, error->message);
}

static void
removed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;

  if (crm_store_folder_remove_finish (result, &error) &&
      crm_account_registry_remove (errand->account, &error))
    {
      crm_account_forget_secret_async (errand->account, NULL, secret_gone_cb, errand_new (errand->desk, errand->account));
      say (errand->desk, _("The account is removed"));
    }
  else
    {
      say (errand->desk, error->message);
    }

  if (errand->desk->account == NULL)
    g_signal_emit (errand->desk, signals[USE], 0, NULL);
  refresh (errand->desk);
}

static void
remove_now (CrmAccountDesk *self,
            CrmAccount     *account)
{
  g_autofree char *folder = crm_account_get_folder (account);

  crm_store_folder_remove_async (folder, NULL, removed_cb, errand_new (self, account));
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autofree char *answer = crm_ask_finish (result);

  if (!g_str_equal (answer, "remove"))
    return;

  if (is_in_use (errand->desk, errand->account))
    {
      g_set_object (&errand->desk->leaving, errand->account);
      g_signal_emit (errand->desk, signals[LEAVE], 0, errand->account);
    }
  else
    remove_now (errand->desk, errand->account);
}

static char *
write_loss (const CrmCounts *counts)
{
  gulong kept = (gulong) crm_counts_get_kept (counts);

  if (kept == 0)
    return g_strdup (_("All of its tasks are on the CRM, and stay there. What is kept of them on this computer goes."));
  return g_strdup_printf (ngettext ("%'lu task is not on the CRM, or not as you changed it, and would be lost for good.",
                                    "%'lu tasks are not on the CRM, or not as you changed them, and would be lost for good.", kept),
                          kept);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;
  CrmCounts counts;
  const CrmAnswer answers[] = {
    { "cancel", _("_Cancel") },
    { "remove", C_("button", "_Remove"), TRUE },
    { NULL },
  };

  if (crm_store_folder_count_finish (result, &counts, &error))
    words = write_loss (&counts);
  else
    words = g_strdup_printf (_("What is in it can’t be told, and would be lost for good: %s"), error->message);

  crm_ask_async (get_parent (errand->desk), _("Remove This Account?"), words, answers, answered_cb,
                 errand_new (errand->desk, errand->account));
}

static void
remove_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  CrmAccountDesk *self = user_data;
  g_autoptr (CrmAccount) account = find (self, g_variant_get_string (parameter, NULL));
  g_autofree char *folder = NULL;

  if (account == NULL)
    return;

  folder = crm_account_get_folder (account);
  crm_store_folder_count_async (folder, NULL, counted_cb, errand_new (self, account));
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  CrmAccountDesk *self = user_data;

  if (self->preferences == NULL)
    {
      g_set_weak_pointer (&self->preferences, crm_preferences_new (self->window, self->settings, self->background));
      refresh (self);
    }
  gtk_window_present (GTK_WINDOW (self->preferences));
}

static void
crm_account_desk_dispose (GObject *object)
{
  CrmAccountDesk *self = CRM_ACCOUNT_DESK (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->dialog);
  g_clear_weak_pointer (&self->preferences);
  g_clear_object (&self->settings);
  g_clear_object (&self->background);
  g_clear_object (&self->account);
  g_clear_object (&self->leaving);

  G_OBJECT_CLASS (crm_account_desk_parent_class)->dispose (object);
}

static void
crm_account_desk_class_init (CrmAccountDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_account_desk_dispose;

  signals[USE] = g_signal_new ("use", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, CRM_TYPE_ACCOUNT);
  signals[LEAVE] = g_signal_new ("leave", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, CRM_TYPE_ACCOUNT);
  signals[SAID] = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
crm_account_desk_init (CrmAccountDesk *self)
{
}

/**
 * crm_account_desk_new:
 * @actions: what is given the actions about accounts; it must not outlive the desk
 * @settings: (nullable): what the preferences set; %NULL: they set nothing
 * @background: (nullable): what they ask to go on without a window; %NULL: nothing does
 *
 * Returns: (transfer full): a desk
 */
CrmAccountDesk *
crm_account_desk_new (GActionMap    *actions,
                      GSettings     *settings,
                      CrmBackground *background)
{
  static const GActionEntry entries[] = {
    { .name = "account", .activate = account_action },
    { .name = "add-account", .activate = add_action },
    { .name = "edit-account", .activate = edit_action, .parameter_type = "s" },
    { .name = "preferences", .activate = preferences_action },
    { .name = "remove-account", .activate = remove_action, .parameter_type = "s" },
    { .name = "sign-out", .activate = sign_out_action, .parameter_type = "s" },
    { .name = "use-account", .activate = use_action, .parameter_type = "s" },
  };
  CrmAccountDesk *self;

  g_return_val_if_fail (G_IS_ACTION_MAP (actions), NULL);

  self = g_object_new (CRM_TYPE_ACCOUNT_DESK, NULL);
  g_set_object (&self->settings, settings);
  g_set_object (&self->background, background);
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);

  return self;
}

/**
 * crm_account_desk_set_window:
 * @self: a desk
 * @window: (nullable): what its dialogs belong to
 */
void
crm_account_desk_set_window (CrmAccountDesk *self,
                             GtkWindow      *window)
{
  g_return_if_fail (CRM_IS_ACCOUNT_DESK (self));

  g_set_weak_pointer (&self->window, window);
}

/**
 * crm_account_desk_set_account:
 * @self: a desk
 * @account: (nullable): the one that is worked with
 */
void
crm_account_desk_set_account (CrmAccountDesk *self,
                              CrmAccount     *account)
{
  g_return_if_fail (CRM_IS_ACCOUNT_DESK (self));

  g_set_object (&self->account, account);
  refresh (self);
}

/**
 * crm_account_desk_left:
 * @self: a desk
 * @account: an account with which nobody works any more
 *
 * The answer to the signal "leave"; for another account it does nothing.
 */
void
crm_account_desk_left (CrmAccountDesk *self,
                       CrmAccount     *account)
{
  g_autoptr (CrmAccount) leaving = NULL;

  g_return_if_fail (CRM_IS_ACCOUNT_DESK (self));
  g_return_if_fail (CRM_IS_ACCOUNT (account));

  if (self->leaving == NULL ||
      !g_str_equal (crm_account_get_id (self->leaving), crm_account_get_id (account)))
    return;

  leaving = g_steal_pointer (&self->leaving);
  g_clear_object (&self->account);
  remove_now (self, leaving);
}

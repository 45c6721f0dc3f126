/* crm-account-keyring.c: the secret of an account, in the keyring
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

static const SecretSchema schema = {
  "org.example.CrmTasks",
  SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
lookup_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    {
      g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT,
                               _("The API secret could not be read from the keyring: %s"), error->message);
    }
  else if (secret == NULL)
    {
      g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT,
                               _("The keyring holds no API secret for this account"));
    }
  else
    {
      crm_account_take_secret (g_task_get_source_object (task), g_strdup (secret));
      g_task_return_boolean (task, TRUE);
    }

  secret_password_free (secret);
}

static void
store_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT,
                             _("The API secret could not be kept in the keyring: %s"), error->message);
}

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* That there was none is what was wanted. */
  secret_password_clear_finish (result, &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT,
                             _("The API secret could not be taken out of the keyring: %s"), error->message);
}

/**
 * crm_account_load_secret_async:
 * @self: an account
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Gets the secret from the keyring, unless @self holds it already. Main thread.
 */
void
crm_account_load_secret_async (CrmAccount          *self,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CRM_IS_ACCOUNT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_account_load_secret_async);

  if (crm_account_get_secret (self) != NULL)
    g_task_return_boolean (task, TRUE);
  else if (crm_account_get_kind (self) == CRM_ACCOUNT_CRM)
    secret_password_lookup (&schema, cancellable, lookup_cb, g_steal_pointer (&task), "account", crm_account_get_id (self),
                            NULL);
  else
    g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT,
                             _("No CRM account is set up yet: the tasks are kept on this computer"));
}

/**
 * crm_account_load_secret_finish:
 * @self: an account
 * @result: what the callback was given
 * @error: %CRM_ERROR_ACCOUNT, in words: there is no account, no keyring, or no secret in it
 *
 * Returns: whether crm_account_get_secret() has it now
 */
gboolean
crm_account_load_secret_finish (CrmAccount    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_account_store_secret_async:
 * @self: an account that holds a secret
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is kept
 * @user_data: for @callback
 *
 * Keeps the secret in the keyring. One that came from the environment, or belongs to the practice CRM,
 * isn't kept: that is no error. Main thread.
 */
void
crm_account_store_secret_async (CrmAccount          *self,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *label = NULL;
  CrmAccountKind kind;
  const char *address;

  g_return_if_fail (CRM_IS_ACCOUNT (self));

  kind = crm_account_get_kind (self);
  address = crm_account_get_address (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_account_store_secret_async);

  if (kind == CRM_ACCOUNT_ENVIRONMENT || kind == CRM_ACCOUNT_PRACTICE)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (kind == CRM_ACCOUNT_LOCAL || crm_account_get_secret (self) == NULL)
    {
      g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT, _("There is no API secret to keep"));
      return;
    }

  /* Translators: the name of an entry in the keyring; %s is the address of the CRM. */
  label = g_strdup_printf (_("CRM Tasks: API secret for %s"), address != NULL ? address : crm_account_get_id (self));
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, crm_account_get_secret (self), cancellable, store_cb,
                         g_steal_pointer (&task), "account", crm_account_get_id (self), NULL);
}

/**
 * crm_account_store_secret_finish:
 * @self: an account
 * @result: what the callback was given
 * @error: %CRM_ERROR_ACCOUNT, in words: there is no secret, or the keyring did not take it
 *
 * Returns: whether it is kept
 */
gboolean
crm_account_store_secret_finish (CrmAccount    *self,
                                 GAsyncResult  *result,
                                 GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_account_forget_secret_async:
 * @self: an account
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is forgotten
 * @user_data: for @callback
 *
 * Forgets the secret here, and takes it out of the keyring. Main thread.
 */
void
crm_account_forget_secret_async (CrmAccount          *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CRM_IS_ACCOUNT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_account_forget_secret_async);

  if (crm_account_get_kind (self) != CRM_ACCOUNT_CRM)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  crm_account_take_secret (self, NULL);
  secret_password_clear (&schema, cancellable, forgotten_cb, g_steal_pointer (&task), "account", crm_account_get_id (self),
                         NULL);
}

/**
 * crm_account_forget_secret_finish:
 * @self: an account
 * @result: what the callback was given
 * @error: %CRM_ERROR_ACCOUNT, in words: the keyring could not be used
 *
 * Returns: whether the keyring does not hold it any more
 */
gboolean
crm_account_forget_secret_finish (CrmAccount    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* crm-account.c: a CRM that this computer keeps tasks of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>
#include <sys/resource.h>

#define PRACTICE_KEY "practice"
#define PRACTICE_SECRET "practice-secret"

/* The secret is no property: what lists, binds or serialises properties must not come by it. */
struct _CrmAccount
{
  GObject parent_instance;

  char           *id;
  CrmAccountKind  kind;
  char           *address;
  char           *key;
  char           *secret;
};

G_DEFINE_FINAL_TYPE (CrmAccount, crm_account, G_TYPE_OBJECT)

static const SecretSchema schema = {
  "org.example.CrmTasks",
  SECRET_SCHEMA_NONE,
  {
    { "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
clear_secret (CrmAccount *self)
{
  g_clear_pointer (&self->secret, crm_account_free_secret);
}

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

static void
crm_account_finalize (GObject *object)
{
  CrmAccount *self = CRM_ACCOUNT (object);

  clear_secret (self);
  g_free (self->id);
  g_free (self->address);
  g_free (self->key);

  G_OBJECT_CLASS (crm_account_parent_class)->finalize (object);
}

static void
crm_account_class_init (CrmAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_account_finalize;
}

static void
crm_account_init (CrmAccount *self)
{
}

/**
 * crm_account_protect_process:
 *
 * For a program to call first: from now on this process leaves no core dump, which would hold the secret.
 */
void
crm_account_protect_process (void)
{
  const struct rlimit none = { 0, 0 };

  setrlimit (RLIMIT_CORE, &none);
}

/**
 * crm_account_free_secret:
 * @secret: (transfer full) (nullable): a secret
 *
 * Overwrites it before it is freed.
 */
void
crm_account_free_secret (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/**
 * crm_account_new:
 * @id: names its folder and its keyring item
 * @kind: where address, key and secret come from
 * @address: (nullable): as crm_account_check_address() gives it; %NULL: none yet
 * @key: (nullable): the API key; %NULL: none yet
 *
 * An account of kind %CRM_ACCOUNT_PRACTICE knows its key and secret by itself.
 *
 * Returns: (transfer full): an account, not yet known to the registry
 */
CrmAccount *
crm_account_new (const char     *id,
                 CrmAccountKind  kind,
                 const char     *address,
                 const char     *key)
{
  CrmAccount *self;

  g_return_val_if_fail (id != NULL && *id != '\0', NULL);

  self = g_object_new (CRM_TYPE_ACCOUNT, NULL);
  self->id = g_strdup (id);
  self->kind = kind;
  self->address = g_strdup (address);
  self->key = g_strdup (kind == CRM_ACCOUNT_PRACTICE ? PRACTICE_KEY : key);
  if (kind == CRM_ACCOUNT_PRACTICE)
    self->secret = g_strdup (PRACTICE_SECRET);

  return self;
}

/**
 * crm_account_get_id:
 * @self: an account
 *
 * Returns: (transfer none): its id, that lasts as long as the account
 */
const char *
crm_account_get_id (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), NULL);

  return self->id;
}

/**
 * crm_account_get_kind:
 * @self: an account
 *
 * Returns: where its address, key and secret come from
 */
CrmAccountKind
crm_account_get_kind (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), CRM_ACCOUNT_LOCAL);

  return self->kind;
}

/**
 * crm_account_get_address:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the platform address, without a slash at its end; %NULL: none yet
 */
const char *
crm_account_get_address (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), NULL);

  return self->address;
}

/**
 * crm_account_get_key:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the API key; %NULL: none yet
 */
const char *
crm_account_get_key (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), NULL);

  return self->key;
}

/**
 * crm_account_get_secret:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the API secret, for signing alone: not to be copied, shown or
 *   logged; %NULL: not loaded
 */
const char *
crm_account_get_secret (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), NULL);

  return self->secret;
}

/**
 * crm_account_set_address:
 * @self: an account
 * @address: (nullable): as crm_account_check_address() gives it
 *
 * In memory only: see crm_account_registry_save().
 */
void
crm_account_set_address (CrmAccount *self,
                         const char *address)
{
  g_return_if_fail (CRM_IS_ACCOUNT (self));

  if (g_strcmp0 (self->address, address) == 0)
    return;

  g_free (self->address);
  self->address = g_strdup (address);
}

/**
 * crm_account_set_key:
 * @self: an account
 * @key: (nullable): the API key
 *
 * In memory only: see crm_account_registry_save().
 */
void
crm_account_set_key (CrmAccount *self,
                     const char *key)
{
  g_return_if_fail (CRM_IS_ACCOUNT (self));

  if (g_strcmp0 (self->key, key) == 0)
    return;

  g_free (self->key);
  self->key = g_strdup (key);
}

/**
 * crm_account_take_secret:
 * @self: an account
 * @secret: (transfer full) (nullable): the API secret; overwritten before it is freed
 *
 * In memory only: see crm_account_store_secret_async().
 */
void
crm_account_take_secret (CrmAccount *self,
                         char       *secret)
{
  g_return_if_fail (CRM_IS_ACCOUNT (self));

  if (self->secret == secret)
    return;

  clear_secret (self);
  self->secret = secret;
}

/**
 * crm_account_get_folder:
 * @self: an account
 *
 * Returns: (transfer full): the absolute path of the folder that holds its tasks, which need not exist
 *   (DESIGN.md §5)
 */
char *
crm_account_get_folder (CrmAccount *self)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (self), NULL);

  return g_build_filename (g_get_user_data_dir (), "crm-tasks", self->id, NULL);
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

  if (self->secret != NULL)
    g_task_return_boolean (task, TRUE);
  else if (self->kind == CRM_ACCOUNT_CRM)
    secret_password_lookup (&schema, cancellable, lookup_cb, g_steal_pointer (&task), "account", self->id,
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

  g_return_if_fail (CRM_IS_ACCOUNT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_account_store_secret_async);

  if (self->kind == CRM_ACCOUNT_ENVIRONMENT || self->kind == CRM_ACCOUNT_PRACTICE)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (self->kind == CRM_ACCOUNT_LOCAL || self->secret == NULL)
    {
      g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_ACCOUNT, _("There is no API secret to keep"));
      return;
    }

  /* Translators: the name of an entry in the keyring; %s is the address of the CRM. */
  label =
      g_strdup_printf (_("CRM Tasks: API secret for %s"), self->address != NULL ? self->address : self->id);
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, self->secret, cancellable, store_cb,
                         g_steal_pointer (&task), "account", self->id, NULL);
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

  if (self->kind != CRM_ACCOUNT_CRM)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  clear_secret (self);
  secret_password_clear (&schema, cancellable, forgotten_cb, g_steal_pointer (&task), "account", self->id, NULL);
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

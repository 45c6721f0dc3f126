/* crm-account.c: a CRM that this computer keeps tasks of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"

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

static void
clear_secret (CrmAccount *self)
{
  g_clear_pointer (&self->secret, crm_account_free_secret);
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

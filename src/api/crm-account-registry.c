/* crm-account-registry.c: which accounts this computer knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account-registry.h"

#include "api/crm-environment.h"
#include "model/crm-error.h"
#include "model/crm-private-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define MAIN_GROUP "crm-tasks"

static const char *const kind_names[] = { "local", "crm", "environment", "practice" };

/* The accounts, read under the lock; whoever holds this holds the lock. */
typedef struct
{
  GKeyFile *keys;
  char     *path;
  int       lock;
} Registry;

/* The ids that open_current() made for the environment in this process. */
static GHashTable *new_ids;

static void
registry_close (Registry *self)
{
  close (self->lock);
  g_key_file_unref (self->keys);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Registry, registry_close)

static int
open_lock (const char  *folder,
           GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "accounts.lock", NULL);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int result;
  int fd = -1;

  if (!crm_private_folder_make (folder, error) || !crm_private_file_check (path, error))
    return -1;

  fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      g_set_error (error, CRM_ERROR, errno == EROFS ? CRM_ERROR_DATABASE_READ_ONLY : CRM_ERROR_DATABASE,
                   _("The folder %s cannot be used: %s"), folder, g_strerror (errno));
      return -1;
    }

  do
    result = fcntl (fd, F_OFD_SETLKW, &whole);
  while (result < 0 && errno == EINTR);

  if (result < 0)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE, _("The file %s cannot be locked: %s"), path,
                   g_strerror (errno));
      close (fd);
      return -1;
    }

  return fd;
}

static Registry *
registry_open (GError **error)
{
  g_autofree char *folder = crm_account_registry_get_folder ();
  g_autoptr (GError) local_error = NULL;
  g_autoptr (Registry) self = NULL;
  int lock = open_lock (folder, error);

  if (lock < 0)
    return NULL;

  self = g_new0 (Registry, 1);
  self->lock = lock;
  self->path = g_build_filename (folder, "accounts.ini", NULL);
  self->keys = g_key_file_new ();

  if (!crm_private_file_check (self->path, error))
    return NULL;

  if (!g_key_file_load_from_file (self->keys, self->path, G_KEY_FILE_KEEP_COMMENTS, &local_error)
      && !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE, _("The list of accounts in %s cannot be read: %s"),
                   self->path, local_error->message);
      return NULL;
    }

  return g_steal_pointer (&self);
}

static gboolean
registry_write (Registry  *self,
                GError   **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize size;

  text = g_key_file_to_data (self->keys, &size, NULL);
  if (g_file_set_contents_full (self->path, text, size,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                &local_error))
    return TRUE;

  g_set_error (error, CRM_ERROR,
               g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOSPC)  ? CRM_ERROR_DATABASE_FULL
               : g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_ROFS) ? CRM_ERROR_DATABASE_READ_ONLY
                                                                                : CRM_ERROR_DATABASE,
               _("The list of accounts cannot be written: %s"), local_error->message);

  return FALSE;
}

static void
registry_put (Registry   *self,
              CrmAccount *account)
{
  const char *id = crm_account_get_id (account);
  CrmAccountKind kind = crm_account_get_kind (account);
  gboolean is_remote = kind == CRM_ACCOUNT_CRM || kind == CRM_ACCOUNT_ENVIRONMENT;

  g_key_file_remove_group (self->keys, id, NULL);
  g_key_file_set_string (self->keys, id, "kind", kind_names[kind]);
  if (is_remote && crm_account_get_address (account) != NULL)
    g_key_file_set_string (self->keys, id, "address", crm_account_get_address (account));
  if (is_remote && crm_account_get_key (account) != NULL)
    g_key_file_set_string (self->keys, id, "key", crm_account_get_key (account));
}

static CrmAccount *
registry_get (Registry   *self,
              const char *id)
{
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  g_autofree char *kind = NULL;

  /* An id becomes a folder's name. */
  if (id == NULL || !g_uuid_string_is_valid (id) || !g_key_file_has_group (self->keys, id))
    return NULL;

  kind = g_key_file_get_string (self->keys, id, "kind", NULL);
  address = g_key_file_get_string (self->keys, id, "address", NULL);
  key = g_key_file_get_string (self->keys, id, "key", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (kind, kind_names[i]) == 0)
      return crm_account_new (id, i, address, key);

  return NULL;
}

static GPtrArray *
registry_list (Registry *self)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) groups = g_key_file_get_groups (self->keys, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      CrmAccount *account = registry_get (self, groups[i]);

      if (account != NULL)
        g_ptr_array_add (accounts, account);
    }

  return g_steal_pointer (&accounts);
}

static CrmAccount *
find_kind (GPtrArray      *accounts,
           CrmAccountKind  kind)
{
  for (guint i = 0; i < accounts->len; i++)
    if (crm_account_get_kind (accounts->pdata[i]) == kind)
      return accounts->pdata[i];

  return NULL;
}

static CrmAccount *
find_equal (GPtrArray      *accounts,
            CrmAccountKind  kind,
            const char     *address,
            const char     *key)
{
  for (guint i = 0; i < accounts->len; i++)
    if (crm_account_get_kind (accounts->pdata[i]) == kind
        && g_strcmp0 (crm_account_get_address (accounts->pdata[i]), address) == 0
        && g_strcmp0 (crm_account_get_key (accounts->pdata[i]), key) == 0)
      return accounts->pdata[i];

  return NULL;
}

static CrmAccount *
make_account (CrmAccount     *taken_over,
              CrmAccountKind  kind,
              const char     *address,
              const char     *key)
{
  g_autofree char *id =
      taken_over != NULL ? g_strdup (crm_account_get_id (taken_over)) : g_uuid_string_random ();

  return crm_account_new (id, kind, address, key);
}

static CrmAccount *
open_kind (CrmAccountKind   kind,
           GError         **error)
{
  g_autoptr (Registry) registry = registry_open (error);
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (CrmAccount) account = NULL;

  if (registry == NULL)
    return NULL;

  if (kind == CRM_ACCOUNT_LOCAL)
    {
      g_autofree char *current = g_key_file_get_string (registry->keys, MAIN_GROUP, "current", NULL);

      account = registry_get (registry, current);
      if (account != NULL && crm_account_get_kind (account) != CRM_ACCOUNT_ENVIRONMENT)
        return g_steal_pointer (&account);
      g_clear_object (&account);
    }

  accounts = registry_list (registry);
  if (kind == CRM_ACCOUNT_LOCAL && find_kind (accounts, CRM_ACCOUNT_CRM) != NULL)
    return g_object_ref (find_kind (accounts, CRM_ACCOUNT_CRM));
  if (find_kind (accounts, kind) != NULL)
    return g_object_ref (find_kind (accounts, kind));

  account = make_account (NULL, kind, NULL, NULL);
  registry_put (registry, account);
  if (!registry_write (registry, error))
    return NULL;

  return g_steal_pointer (&account);
}

static CrmAccount *
open_environment (const CrmEnvironment  *environment,
                  GError               **error)
{
  g_autoptr (Registry) registry = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (CrmAccount) account = NULL;
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  CrmAccount *found;

  if ((address = crm_account_check_address (environment->address, error)) == NULL
      || (key = crm_account_check_key (environment->key, error)) == NULL)
    {
      g_prefix_error (error, "%s: ", address == NULL ? CRM_ENVIRONMENT_ADDRESS : CRM_ENVIRONMENT_KEY);
      return NULL;
    }

  if ((registry = registry_open (error)) == NULL)
    return NULL;

  accounts = registry_list (registry);
  found = find_equal (accounts, CRM_ACCOUNT_ENVIRONMENT, address, key);
  if (found == NULL)
    found = find_equal (accounts, CRM_ACCOUNT_CRM, address, key);

  if (found != NULL)
    {
      account = g_object_ref (found);
    }
  else
    {
      gboolean is_first = find_kind (accounts, CRM_ACCOUNT_CRM) == NULL &&
                          find_kind (accounts, CRM_ACCOUNT_ENVIRONMENT) == NULL;
      CrmAccount *local = is_first ? find_kind (accounts, CRM_ACCOUNT_LOCAL) : NULL;

      account = make_account (local, CRM_ACCOUNT_ENVIRONMENT, address, key);
      registry_put (registry, account);
      if (!registry_write (registry, error))
        return NULL;

      if (local == NULL)
        g_hash_table_add (new_ids, g_strdup (crm_account_get_id (account)));
    }

  crm_account_take_secret (account, g_strdup (environment->secret));

  return g_steal_pointer (&account);
}

/**
 * crm_account_registry_get_folder:
 *
 * Returns: (transfer full): the absolute path of the folder that holds everything durable (DESIGN.md §5)
 */
char *
crm_account_registry_get_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "crm-tasks", NULL);
}

/**
 * crm_account_registry_open_current:
 * @error: %CRM_ERROR_ACCOUNT: the environment gives only part of an account; %CRM_ERROR_INVALID: what it
 *   gives is wrong; %CRM_ERROR_DATABASE and its like: the list of accounts could not be read or written.
 *   All in words.
 *
 * The account of the environment, if there is one (DESIGN.md §6): found again by its address and key, or
 * made. Else the current stored account; else any stored one; else the local one, that the first account takes over. The environment is
 * read once, and its variables are then unset. Blocks for as long as a small file takes. Main thread.
 *
 * Returns: (transfer full) (nullable): the account to work with
 */
CrmAccount *
crm_account_registry_open_current (GError **error)
{
  const CrmEnvironment *environment = NULL;

  if (new_ids == NULL)
    new_ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!crm_environment_get (&environment, error))
    return NULL;

  return environment != NULL ? open_environment (environment, error) : open_kind (CRM_ACCOUNT_LOCAL, error);
}

/**
 * crm_account_registry_open_practice:
 * @error: as for crm_account_registry_open_current()
 *
 * Blocks for as long as a small file takes. Main thread.
 *
 * Returns: (transfer full) (nullable): the practice account, made if it must be; without an address until the
 *   practice CRM runs
 */
CrmAccount *
crm_account_registry_open_practice (GError **error)
{
  return open_kind (CRM_ACCOUNT_PRACTICE, error);
}

/**
 * crm_account_registry_list:
 * @error: as for crm_account_registry_open_current()
 *
 * Returns: (transfer container) (element-type CrmAccount) (nullable): all accounts, without their secrets
 */
GPtrArray *
crm_account_registry_list (GError **error)
{
  g_autoptr (Registry) registry = registry_open (error);

  return registry != NULL ? registry_list (registry) : NULL;
}

/**
 * crm_account_registry_save:
 * @account: an account
 * @make_current: whether it is the one to work with from now on; one of the environment never is
 * @error: %CRM_ERROR_DATABASE and its like, in words
 *
 * Writes its kind, address and key; its secret is the keyring's (crm_account_store_secret_async()). Durable
 * when it returns. Blocks for as long as a small file takes. Main thread.
 *
 * Returns: whether it is written
 */
gboolean
crm_account_registry_save (CrmAccount  *account,
                           gboolean     make_current,
                           GError     **error)
{
  g_autoptr (Registry) registry = NULL;

  g_return_val_if_fail (CRM_IS_ACCOUNT (account), FALSE);

  if ((registry = registry_open (error)) == NULL)
    return FALSE;

  registry_put (registry, account);
  if (make_current && crm_account_get_kind (account) != CRM_ACCOUNT_ENVIRONMENT)
    g_key_file_set_string (registry->keys, MAIN_GROUP, "current", crm_account_get_id (account));

  return registry_write (registry, error);
}

/**
 * crm_account_registry_add:
 * @address: as a person gave it
 * @key: as a person gave it
 * @error: %CRM_ERROR_INVALID: what is wrong with @address or @key; %CRM_ERROR_DATABASE and its like. All in
 *   words.
 *
 * Makes an account and makes it current. One that has the same address and key already is taken instead,
 * also one that the environment gave; else the local account is taken over, with its tasks. Durable when it
 * returns. Blocks for as long as a small file takes. Main thread.
 *
 * Returns: (transfer full) (nullable): the account, without a secret yet
 */
CrmAccount *
crm_account_registry_add (const char  *address,
                          const char  *key,
                          GError     **error)
{
  g_autofree char *checked_address = NULL;
  g_autofree char *checked_key = NULL;
  g_autoptr (Registry) registry = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  g_autoptr (CrmAccount) account = NULL;
  CrmAccount *found;

  if ((checked_address = crm_account_check_address (address, error)) == NULL
      || (checked_key = crm_account_check_key (key, error)) == NULL
      || (registry = registry_open (error)) == NULL)
    return NULL;

  accounts = registry_list (registry);
  found = find_equal (accounts, CRM_ACCOUNT_CRM, checked_address, checked_key);
  if (found == NULL)
    found = find_equal (accounts, CRM_ACCOUNT_ENVIRONMENT, checked_address, checked_key);
  if (found == NULL)
    found = find_kind (accounts, CRM_ACCOUNT_LOCAL);

  account = make_account (found, CRM_ACCOUNT_CRM, checked_address, checked_key);
  registry_put (registry, account);
  g_key_file_set_string (registry->keys, MAIN_GROUP, "current", crm_account_get_id (account));
  if (!registry_write (registry, error))
    return NULL;

  return g_steal_pointer (&account);
}

/**
 * crm_account_registry_remove:
 * @account: an account
 * @error: %CRM_ERROR_DATABASE and its like, in words
 *
 * Takes it off the list; when it was the current one, none is. Its folder and its secret are left. Durable when it
 * returns. Blocks for as long as a small file takes. Main thread.
 *
 * Returns: whether it is off the list
 */
gboolean
crm_account_registry_remove (CrmAccount  *account,
                             GError     **error)
{
  g_autoptr (Registry) registry = NULL;
  g_autofree char *current = NULL;

  g_return_val_if_fail (CRM_IS_ACCOUNT (account), FALSE);

  if ((registry = registry_open (error)) == NULL)
    return FALSE;

  g_key_file_remove_group (registry->keys, crm_account_get_id (account), NULL);
  current = g_key_file_get_string (registry->keys, MAIN_GROUP, "current", NULL);
  if (g_strcmp0 (current, crm_account_get_id (account)) == 0)
    g_key_file_remove_key (registry->keys, MAIN_GROUP, "current", NULL);

  return registry_write (registry, error);
}

/**
 * crm_account_registry_is_new:
 * @account: an account
 *
 * Returns: whether crm_account_registry_open_current() made it in this process, without taking over the
 *   local one: tasks that wait in other accounts are then worth a word (DESIGN.md §5)
 */
gboolean
crm_account_registry_is_new (CrmAccount *account)
{
  g_return_val_if_fail (CRM_IS_ACCOUNT (account), FALSE);

  return new_ids != NULL && g_hash_table_contains (new_ids, crm_account_get_id (account));
}

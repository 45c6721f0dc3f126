/* bench-home.c: where a measured program keeps its tasks, and its store, waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-home.h"

#include "api/crm-account-registry.h"

/**
 * bench_home_use:
 * @home: a folder, made if it must be
 *
 * From now on everything durable is there, and no account is given by the environment. To be called before anything asks
 * where that is.
 */
void
bench_home_use (const char *home)
{
  static const char *const variables[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };
  static const char *const given[] = { "CRM_TASKS_ADDRESS", "CRM_TASKS_API_KEY", "CRM_TASKS_API_SECRET" };
  g_autofree char *path = g_canonicalize_filename (home, NULL);

  g_mkdir_with_parents (path, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i], path, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    g_unsetenv (given[i]);
}

/**
 * bench_home_get_folder:
 *
 * Returns: (transfer full): the folder of the local account, which is made if it must be
 */
char *
bench_home_get_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmAccount) account = crm_account_registry_open_current (&error);

  if (account == NULL)
    g_error ("%s", error->message);

  return crm_account_get_folder (account);
}

/**
 * bench_home_open:
 * @folder: an account's folder
 *
 * Returns: (transfer full): its store
 */
CrmStore *
bench_home_open (const char *folder)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmStore *store;

  crm_store_open_async (folder, NULL, bench_ready, &result);
  store = crm_store_open_finish (bench_wait (&result), &error);
  if (store == NULL)
    g_error ("%s", error->message);

  return store;
}

/**
 * bench_home_query:
 * @store: a store
 * @query: which tasks
 *
 * Returns: (transfer full) (element-type gint64): their local ids, in order
 */
GArray *
bench_home_query (CrmStore           *store,
                  const CrmTaskQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = NULL;
  GArray *ids;

  crm_store_query_async (store, query, 0, NULL, NULL, NULL, bench_ready, &result);
  list = crm_store_query_finish (store, bench_wait (&result), &error);
  ids = crm_id_list_to_array (list);
  if (ids == NULL)
    g_error ("%s", error->message);

  return ids;
}

/**
 * bench_ready:
 * @source: what was called
 * @result: its result
 * @user_data: (type GAsyncResult **): gets it
 */
void
bench_ready (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * bench_wait:
 * @result: what bench_ready() was given
 *
 * Returns: (transfer none): the result, when it is there
 */
GAsyncResult *
bench_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/* registry-probe.c: opens accounts as a process of its own, and says what it got
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account-registry.h"
#include "model/crm-error.h"

#include <stdio.h>
#include <string.h>

static void
print_account (CrmAccount   *account,
               const GError *error)
{
  if (account == NULL)
    {
      g_assert_true (error->domain == CRM_ERROR);
      printf ("error %d %s\n", error->code, error->message);
      return;
    }

  printf ("%s %d %s %s %s %s\n", crm_account_get_id (account), crm_account_get_kind (account),
          crm_account_get_address (account) != NULL ? crm_account_get_address (account) : "-",
          crm_account_get_key (account) != NULL ? crm_account_get_key (account) : "-",
          crm_account_get_secret (account) != NULL ? crm_account_get_secret (account) : "-",
          crm_account_registry_is_new (account) ? "new" : "known");
}

/* Commands: current, practice, list, add ADDRESS KEY, env. Prints one line for each account. */
int
main (int    argc,
      char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      g_autoptr (CrmAccount) account = NULL;
      g_autoptr (GError) error = NULL;

      if (strcmp (argv[i], "env") == 0)
        {
          printf ("%d%d%d\n", g_getenv ("CRM_TASKS_ADDRESS") != NULL, g_getenv ("CRM_TASKS_API_KEY") != NULL,
                  g_getenv ("CRM_TASKS_API_SECRET") != NULL);
          continue;
        }

      if (strcmp (argv[i], "list") == 0)
        {
          g_autoptr (GPtrArray) accounts = crm_account_registry_list (&error);

          g_assert_no_error (error);
          for (guint j = 0; j < accounts->len; j++)
            print_account (accounts->pdata[j], NULL);
          continue;
        }

      if (strcmp (argv[i], "current") == 0)
        account = crm_account_registry_open_current (&error);
      else if (strcmp (argv[i], "practice") == 0)
        account = crm_account_registry_open_practice (&error);
      else if (strcmp (argv[i], "add") == 0 && i + 2 < argc)
        {
          account = crm_account_registry_add (argv[i + 1], argv[i + 2], &error);
          i += 2;
        }
      else
        return 2;

      print_account (account, error);
    }

  return 0;
}

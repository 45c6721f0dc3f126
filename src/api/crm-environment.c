/* crm-environment.c: the account that the environment gives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-environment.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* Later looks at the program's environment see what it was started with: the value is wiped there too. */
static char *
take_variable (const char *name)
{
  char *value = getenv (name);
  char *copy = NULL;

  if (value != NULL && *value != '\0')
    {
      copy = g_strdup (value);
      explicit_bzero (value, strlen (value));
    }
  g_unsetenv (name);

  return copy;
}

/**
 * crm_environment_get:
 * @environment: (out) (transfer none) (nullable): what was given; %NULL: nothing
 * @error: %CRM_ERROR_ACCOUNT, naming what is missing of it
 *
 * The variables are read at the first call, kept, and unset, so that no program started from here inherits
 * them. An empty one counts as missing (DESIGN.md §6). Main thread, before there are others.
 *
 * Returns: whether all or nothing is given
 */
gboolean
crm_environment_get (const CrmEnvironment **environment,
                     GError               **error)
{
  static CrmEnvironment given;
  static gboolean is_read;
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autofree char *names = NULL;

  g_return_val_if_fail (environment != NULL, FALSE);

  if (!is_read)
    {
      given.address = take_variable (CRM_ENVIRONMENT_ADDRESS);
      given.key = take_variable (CRM_ENVIRONMENT_KEY);
      given.secret = take_variable (CRM_ENVIRONMENT_SECRET);
      is_read = TRUE;
    }

  if (given.address == NULL)
    g_ptr_array_add (missing, (gpointer) CRM_ENVIRONMENT_ADDRESS);
  if (given.key == NULL)
    g_ptr_array_add (missing, (gpointer) CRM_ENVIRONMENT_KEY);
  if (given.secret == NULL)
    g_ptr_array_add (missing, (gpointer) CRM_ENVIRONMENT_SECRET);

  *environment = missing->len == 0 ? &given : NULL;
  if (missing->len == 0 || missing->len == 3)
    return TRUE;

  g_ptr_array_add (missing, NULL);
  names = g_strjoinv (C_("between the parts of a list", ", "), (char **) missing->pdata);
  g_set_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT,
               _("The environment gives only part of an account; missing: %s"), names);

  return FALSE;
}

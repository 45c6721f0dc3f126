/* crm-cli-sign-in.c: getting ready to talk to the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-sign-in.h"

#include "model/crm-error.h"
#include "practice/crm-practice-host.h"

#include <glib/gi18n-lib.h>

static void
on_practice_address (CrmCli *self)
{
  crm_account_set_address (self->account, crm_practice_host_get_address (self->host));
}

static gboolean
start_practice (CrmCli  *self,
                GError **error)
{
  g_autofree char *folder = crm_account_get_folder (self->account);

  self->host = crm_practice_host_new (folder);
  g_signal_connect_swapped (self->host, "notify::address", G_CALLBACK (on_practice_address), self);
  if (!crm_practice_host_start (self->host, error))
    return FALSE;

  /* Another program may be about to say where it is. */
  while (crm_practice_host_get_address (self->host) == NULL)
    g_main_context_iteration (NULL, TRUE);
  on_practice_address (self);

  return TRUE;
}

/**
 * crm_cli_sign_in:
 * @self: a run with an open account
 * @error: %CRM_ERROR_ACCOUNT when there is no account, or no secret
 *
 * Gets the secret; starts the practice CRM, or joins the one that is running.
 *
 * Returns: whether requests can be signed
 */
gboolean
crm_cli_sign_in (CrmCli  *self,
                 GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (crm_account_get_kind (self->account) == CRM_ACCOUNT_LOCAL)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_ACCOUNT,
                           _("There is no account yet: see account set, or try --practice. Your tasks are kept"));
      return FALSE;
    }

  crm_account_load_secret_async (self->account, NULL, crm_cli_on_ready, &result);
  if (!crm_account_load_secret_finish (self->account, crm_cli_wait (&result), error))
    return FALSE;

  return crm_account_get_kind (self->account) != CRM_ACCOUNT_PRACTICE || start_practice (self, error);
}

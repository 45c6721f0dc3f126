/* crm-cli-account.c: the commands about accounts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "api/crm-account-registry.h"
#include "model/crm-json-member.h"

#include <glib/gi18n-lib.h>

static CrmExit
show (CrmCli  *cli,
      GStrv   *args,
      GError **error)
{
  if (!crm_cli_parse (cli, args, NULL, error))
    return CRM_EXIT_REFUSED;

  cli->account = cli->practice ? crm_account_registry_open_practice (error) : crm_account_registry_open_current (error);
  if (cli->account == NULL)
    return crm_cli_judge_error (*error);

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      crm_json_member_text (builder, "address", crm_account_get_address (cli->account));
      crm_json_member_text (builder, "key", crm_account_get_key (cli->account));
      json_builder_end_object (builder);
      crm_cli_print_builder (builder);
    }
  else if (crm_account_get_kind (cli->account) == CRM_ACCOUNT_LOCAL)
    g_print (_("No account yet; tasks are kept on this computer\n"));
  else
    g_print (_("Account: %s, key %s\n"),
             crm_account_get_address (cli->account) != NULL ? crm_account_get_address (cli->account)
                                                            : _("the practice CRM"),
             crm_account_get_key (cli->account));

  return CRM_EXIT_DONE;
}

CrmExit
crm_cli_account (CrmCli  *cli,
                 GStrv   *args,
                 GError **error)
{
  static const CrmCliEntry parts[] = {
    { "set", crm_cli_hand_over },
    { "test", crm_cli_hand_over },
    { "show", show },
    { NULL },
  };

  return crm_cli_run_part (cli, parts, args, error);
}

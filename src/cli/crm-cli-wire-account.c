/* crm-cli-wire-account.c: the commands about accounts that need the keyring, or the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli-sign-in.h"

#include "api/crm-account-registry.h"
#include "model/crm-error.h"
#include "model/crm-json-member.h"
#include "sync/crm-connection-test.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

static char *
read_secret (GError **error)
{
  char line[4096];
  g_autofree char *secret = NULL;

  /* No other copy of it is left behind in a buffer. */
  setvbuf (stdin, NULL, _IONBF, 0);
  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  secret = g_strdup (line);
  explicit_bzero (line, sizeof line);

  secret[strcspn (secret, "\r\n")] = '\0';
  if (*secret == '\0')
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Give the API secret on standard input"));
      return NULL;
    }

  return g_steal_pointer (&secret);
}

static CrmExit
set (CrmCli  *cli,
     GStrv   *args,
     GError **error)
{
  g_autofree char *address = NULL;
  g_autofree char *key = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  char *secret;
  const GOptionEntry entries[] = {
    { "address", 0, 0, G_OPTION_ARG_STRING, &address, N_("The platform’s address"), "URL" },
    { "key", 0, 0, G_OPTION_ARG_STRING, &key, N_("The API key"), "KEY" },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error))
    return CRM_EXIT_REFUSED;
  if (address == NULL || key == NULL || *key == '\0')
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Give --address and --key"));
      return CRM_EXIT_REFUSED;
    }

  secret = read_secret (error);
  if (secret == NULL)
    return CRM_EXIT_REFUSED;

  cli->account = crm_account_registry_add (address, key, error);
  if (cli->account == NULL)
    {
      crm_account_free_secret (secret);
      return crm_cli_judge_error (*error);
    }

  crm_account_take_secret (cli->account, secret);
  crm_account_store_secret_async (cli->account, NULL, crm_cli_on_ready, &result);
  if (!crm_account_store_secret_finish (cli->account, crm_cli_wait (&result), error))
    return CRM_EXIT_UNREACHABLE;

  return CRM_EXIT_DONE;
}

static CrmExit
test (CrmCli  *cli,
      GStrv   *args,
      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *words = NULL;
  int klass = -1;
  gboolean well;

  if (!crm_cli_parse (cli, args, NULL, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error) || !crm_cli_sign_in (cli, error))
    return crm_cli_judge_error (*error);

  crm_connection_test_async (cli->account, NULL, NULL, crm_cli_on_ready, &result);
  well = crm_connection_test_finish (crm_cli_wait (&result), &klass, &words, error);
  if (*error != NULL)
    return CRM_EXIT_UNREACHABLE;

  if (cli->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "ok");
      json_builder_add_boolean_value (builder, well);
      crm_json_member_text (builder, "class", crm_answer_class_get_nick (klass));
      crm_json_member_text (builder, "message", words);
      json_builder_end_object (builder);
      crm_cli_print_builder (builder);
    }
  else
    g_print ("%s\n", words);

  return well ? CRM_EXIT_DONE : CRM_EXIT_UNREACHABLE;
}

CrmExit
crm_cli_wire_account (CrmCli  *cli,
                      GStrv   *args,
                      GError **error)
{
  static const CrmCliEntry parts[] = { { "set", set }, { "test", test }, { NULL } };

  return crm_cli_run_part (cli, parts, args, error);
}

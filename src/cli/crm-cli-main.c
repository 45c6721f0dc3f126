/* crm-cli-main.c: finds the command that is meant
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

static void
print_help (const CrmCliEntry *commands)
{
  g_print (_("Usage: crm-tasks-cli COMMAND [--json] [--practice]\n\n"));
  for (guint i = 0; commands[i].name != NULL; i++)
    g_print ("  %-10s %s\n", commands[i].name, _(commands[i].words));
  g_print (_("\ncrm-tasks-cli COMMAND --help says more.\n"));
}

/* Options may come before the command; it goes to the front. */
static guint
find_command (GStrv args)
{
  for (guint i = 1; args[i] != NULL; i++)
    if (args[i][0] != '-')
      return i;

  return 0;
}

static CrmExit
dispatch (CrmCli            *cli,
          GStrv              args,
          const CrmCliEntry *commands)
{
  guint at = find_command (args);
  g_autoptr (GError) error = NULL;
  CrmExit status;

  for (guint i = 0; at != 0 && commands[i].name != NULL; i++)
    {
      g_autoptr (GPtrArray) rest = g_ptr_array_new ();
      g_auto (GStrv) owned = NULL;

      if (!g_str_equal (commands[i].name, args[at]))
        continue;

      g_ptr_array_add (rest, args[0]);
      for (guint j = 1; args[j] != NULL; j++)
        if (j != at)
          g_ptr_array_add (rest, args[j]);
      g_ptr_array_add (rest, NULL);
      owned = g_strdupv ((GStrv) rest->pdata);

      status = commands[i].command (cli, &owned, &error);
      crm_cli_note (cli, status, error != NULL ? error->message : NULL);
      return cli->status;
    }

  if (at == 0 && args[1] != NULL && (g_str_equal (args[1], "--help") || g_str_equal (args[1], "-h")))
    {
      print_help (commands);
      return CRM_EXIT_DONE;
    }
  if (at == 0 && args[1] != NULL && g_str_equal (args[1], "--version"))
    {
      g_print ("crm-tasks-cli %s\n", PACKAGE_VERSION);
      return CRM_EXIT_DONE;
    }

  if (at != 0)
    {
      g_printerr (_("“%s” is no command."), args[at]);
      g_printerr (" ");
    }
  g_printerr (_("See crm-tasks-cli --help\n"));
  return CRM_EXIT_REFUSED;
}

/**
 * crm_cli_main:
 * @argv: what main() was given
 * @commands: the program's commands, ended by one without a name
 *
 * The whole of a program of the command line.
 *
 * Returns: its exit status
 */
int
crm_cli_main (char              **argv,
              const CrmCliEntry  *commands)
{
  g_auto (GStrv) args = g_strdupv (argv);
  CrmCli cli = { .argv = argv };
  CrmExit status;

  crm_account_protect_process ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  status = dispatch (&cli, args, commands);
  crm_cli_clear (&cli);

  return status;
}

/**
 * crm_cli_run_part:
 * @self: the run
 * @parts: the commands that follow “account”, ended by one without a name
 * @args: (inout): the arguments of “account”
 * @error: says what is wrong
 *
 * Returns: the exit status of the part that is meant
 */
CrmExit
crm_cli_run_part (CrmCli             *self,
                  const CrmCliEntry  *parts,
                  GStrv              *args,
                  GError            **error)
{
  const char *name = (*args)[1];

  for (guint i = 0; name != NULL && parts[i].name != NULL; i++)
    if (g_str_equal (parts[i].name, name))
      {
        g_auto (GStrv) rest = g_strdupv (*args + 1);

        return parts[i].command (self, &rest, error);
      }

  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Say account set, account test or account show"));
  return CRM_EXIT_REFUSED;
}

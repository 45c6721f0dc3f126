/* crm-tasks-cli.c: CRM Tasks on the command line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

static const struct
{
  const char    *name;
  CrmCliCommand  command;
  const char    *words;
} commands[] = {
  { "add", crm_cli_add, N_("Write a task; it is sent at the next sync") },
  { "edit", crm_cli_edit, N_("Change a task") },
  { "submit", crm_cli_submit, N_("Queue drafts for sending") },
  { "resubmit", crm_cli_resubmit, N_("Queue tasks that need attention again") },
  { "discard", crm_cli_discard, N_("Give up what was not sent") },
  { "settle", crm_cli_settle, N_("Say whether an unconfirmed task is on the CRM") },
  { "list", crm_cli_list, N_("List tasks") },
  { "show", crm_cli_show, N_("Show one task and its attempts") },
  { "sync", crm_cli_sync, N_("Send what waits") },
  { "pull", crm_cli_pull, N_("Bring what the CRM has") },
  { "account", crm_cli_account, N_("Set, test or show the account") },
  { "status", crm_cli_status, N_("Count the tasks in each state") },
};

static void
print_help (void)
{
  g_print (_("Usage: crm-tasks-cli COMMAND [--json] [--practice]\n\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
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
dispatch (CrmCli *cli,
          GStrv   args)
{
  guint at = find_command (args);
  g_autoptr (GError) error = NULL;
  CrmExit status;

  for (guint i = 0; at != 0 && i < G_N_ELEMENTS (commands); i++)
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
      print_help ();
      return CRM_EXIT_DONE;
    }
  if (at == 0 && args[1] != NULL && g_str_equal (args[1], "--version"))
    {
      g_print ("crm-tasks-cli %s\n", PACKAGE_VERSION);
      return CRM_EXIT_DONE;
    }

  if (at != 0)
    g_printerr (_("“%s” is no command. "), args[at]);
  g_printerr (_("See crm-tasks-cli --help\n"));
  return CRM_EXIT_REFUSED;
}

int
main (int   argc,
      char *argv[])
{
  g_auto (GStrv) args = g_strdupv (argv);
  CrmCli cli = { 0 };
  CrmExit status;

  crm_account_protect_process ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  status = dispatch (&cli, args);
  crm_cli_clear (&cli);

  return status;
}

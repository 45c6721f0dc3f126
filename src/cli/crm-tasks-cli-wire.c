/* crm-tasks-cli-wire.c: the commands that need the wire, the keyring or the calendar; crm-tasks-cli hands them over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include <sys/prctl.h>

static const CrmCliEntry commands[] = {
  { "export", crm_cli_export },
  { "sync", crm_cli_sync },
  { "pull", crm_cli_pull },
  { "account", crm_cli_wire_account },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  /* It goes on as what was started, in lists of processes too. */
  prctl (PR_SET_NAME, "crm-tasks-cli");

  return crm_cli_main (argv, commands);
}

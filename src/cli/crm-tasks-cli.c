/* crm-tasks-cli.c: CRM Tasks on the command line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include <glib/gi18n-lib.h>

/* What needs the wire, the keyring or the calendar is done by crm-tasks-cli-wire: to load what those need takes longer than to save a task. */
static const CrmCliEntry commands[] = {
  { "add", crm_cli_add, N_("Write a task; it is sent at the next sync") },
  { "edit", crm_cli_edit, N_("Change a task") },
  { "submit", crm_cli_submit, N_("Queue drafts for sending") },
  { "resubmit", crm_cli_resubmit, N_("Queue tasks that need attention again") },
  { "discard", crm_cli_discard, N_("Give up what was not sent") },
  { "settle", crm_cli_settle, N_("Say whether an unconfirmed task is on the CRM") },
  { "list", crm_cli_list, N_("List tasks") },
  { "show", crm_cli_show, N_("Show one task and its attempts") },
  { "import", crm_cli_import, N_("Bring in tasks from a CSV file") },
  { "export", crm_cli_hand_over, N_("Write tasks to a file, as CSV, JSON or iCalendar") },
  { "backup", crm_cli_backup, N_("Write all tasks and the outbox to one file") },
  { "restore", crm_cli_restore, N_("Put a backup in the place of the tasks") },
  { "sync", crm_cli_hand_over, N_("Send what waits") },
  { "pull", crm_cli_hand_over, N_("Bring what the CRM has") },
  { "account", crm_cli_account, N_("Set, test or show the account") },
  { "status", crm_cli_status, N_("Count the tasks in each state") },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  return crm_cli_main (argv, commands);
}

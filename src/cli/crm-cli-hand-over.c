/* crm-cli-hand-over.c: goes on as the program that has the wire, the keyring and the calendar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include "model/crm-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define WIRE "crm-tasks-cli-wire"

/* Beside this program, as in a build folder, or where it was installed, seen from here: the two are of one version. */
static char *
find_wire (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (CLI_FOLDER);
  g_autofree char *beside = g_build_filename (folder, WIRE, NULL);
  g_autofree char *installed = g_build_filename (WIRE_FOLDER, WIRE, NULL);

  if (g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);

  return g_canonicalize_filename (installed, folder);
}

/**
 * crm_cli_hand_over:
 * @cli: a run that has read and written nothing yet
 * @args: (inout): the command's arguments
 * @error: that the program isn't there, or can't be run
 *
 * A command that is done by crm-tasks-cli-wire: the same process goes on as that, with what this one was given.
 *
 * Returns: %CRM_EXIT_UNREACHABLE, if at all
 */
CrmExit
crm_cli_hand_over (CrmCli  *cli,
                   GStrv   *args,
                   GError **error)
{
  g_autofree char *path = find_wire ();

  execv (path, cli->argv);

  g_set_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT,
               _("The part of CRM Tasks that talks to the CRM can’t be started: %s: %s. Install CRM Tasks again; your tasks are kept"),
               path, g_strerror (errno));

  return CRM_EXIT_UNREACHABLE;
}

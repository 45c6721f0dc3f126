/* crm-cli-export.c: the command that writes tasks to a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include "model/crm-error.h"
#include "transfer/crm-export.h"

#include <glib/gi18n-lib.h>

static gboolean
choose_format (const char       *wished,
               const char       *file,
               CrmExportFormat  *format,
               GError          **error)
{
  *format = CRM_EXPORT_CSV;
  if (wished == NULL)
    {
      crm_export_format_from_name (file, format);
      return TRUE;
    }
  if (crm_export_format_from_name (wished, format))
    return TRUE;

  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--format: “%s” is none of csv, json, ical, failures"), wished);
  return FALSE;
}

CrmExit
crm_cli_export (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) written = NULL;
  g_autoptr (CrmIdList) ids = NULL;
  g_autoptr (GOutputStream) stream = NULL;
  g_auto (GStrv) states = NULL;
  g_autofree char *format_name = NULL;
  CrmExportFormat format;
  GError *why = NULL;
  const char *name;
  gulong n;
  const GOptionEntry entries[] = {
    { "state", 0, 0, G_OPTION_ARG_STRING_ARRAY, &states, N_("Only tasks in this state"), "STATE" },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format_name, N_("csv, json, ical, or failures: why the CRM did not take them"), "FORMAT" },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !crm_cli_read_states (states, &query->states, error) ||
      !crm_cli_refuse_more (*args, 1, error))
    return CRM_EXIT_REFUSED;
  name = (*args)[1] != NULL ? (*args)[1] : "-";
  if (!choose_format (format_name, name, &format, error))
    return CRM_EXIT_REFUSED;
  if (format == CRM_EXPORT_FAILURES && query->states == 0)
    query->states = 1u << CRM_SYNC_FAILED | 1u << CRM_SYNC_UNCONFIRMED;

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  crm_store_query_async (cli->store, query, 0, NULL, NULL, NULL, crm_cli_on_ready, &found);
  ids = crm_store_query_finish (cli->store, crm_cli_wait (&found), error);
  stream = ids != NULL ? crm_cli_open_output (name, error) : NULL;
  if (stream == NULL)
    return crm_cli_judge_error (*error);

  crm_export_async (cli->store, ids, format, stream, NULL, NULL, NULL, crm_cli_on_ready, &written);
  n = crm_export_finish (cli->store, crm_cli_wait (&written), &why);
  if (!crm_cli_close_output (stream, name, why, error))
    return crm_cli_judge_error (*error);

  if (!g_str_equal (name, "-"))
    g_printerr (ngettext ("%'lu task written\n", "%'lu tasks written\n", n), n);
  return CRM_EXIT_DONE;
}

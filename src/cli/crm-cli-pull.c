/* crm-cli-pull.c: the command that brings what the CRM has
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-sign-in.h"
#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "model/crm-json-member.h"
#include "sync/crm-puller.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

typedef struct
{
  CrmCli    *cli;
  CrmPuller *puller;
  char      *trouble;
  gboolean   over;
  gboolean   shows_progress;
} Pull;

static void
on_changed (Pull *pull)
{
  CrmPullProgress progress;

  crm_puller_get_progress (pull->puller, &progress);
  if (!pull->shows_progress || !progress.active)
    return;

  if (progress.total >= 0)
    g_printerr ("\r\033[K%s: %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, crm_list_get_nick (progress.list), progress.done,
                progress.total);
  else
    g_printerr ("\r\033[K%s", crm_list_get_nick (progress.list));
}

static void
on_finished (Pull       *pull,
             const char *trouble)
{
  pull->trouble = g_strdup (trouble);
  pull->over = TRUE;
}

static gboolean
on_end (gpointer user_data)
{
  Pull *pull = user_data;

  if (!pull->over)
    pull->trouble = g_strdup (_("Ended before all was had; the next pull goes on from there"));
  pull->over = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
run (Pull     *pull,
     gboolean  full)
{
  guint sources[] = {
    g_unix_signal_add (SIGINT, on_end, pull),
    g_unix_signal_add (SIGTERM, on_end, pull),
  };

  crm_puller_pull (pull->puller, full);
  while (!pull->over)
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  if (pull->shows_progress)
    g_printerr ("\r\033[K");
}

static gboolean
print (Pull    *pull,
       GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  CrmPullProgress progress;

  crm_puller_get_progress (pull->puller, &progress);
  json_builder_begin_object (builder);
  crm_json_member_int (builder, "changed", progress.changed, TRUE);
  json_builder_set_member_name (builder, "refused");
  json_builder_begin_array (builder);
  for (guint i = 0; i < CRM_N_LISTS; i++)
    {
      CrmListState state;

      if (!crm_inbox_read_state (pull->cli->store, i, &state, error))
        return FALSE;
      if (!state.refused)
        continue;

      json_builder_add_string_value (builder, crm_list_get_nick (i));
      if (!pull->cli->json)
        /* Translators: the name of a list, which stays English */
        g_printerr (_("The key has no right to the list “%s”; its rows are not offered by name\n"), crm_list_get_nick (i));
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  if (pull->cli->json)
    crm_cli_print_builder (builder);
  else
    g_print (g_dngettext (GETTEXT_PACKAGE, "%'u change\n", "%'u changes\n", progress.changed), progress.changed);

  return TRUE;
}

CrmExit
crm_cli_pull (CrmCli  *cli,
              GStrv   *args,
              GError **error)
{
  Pull pull = { .cli = cli, .shows_progress = isatty (STDERR_FILENO) };
  gboolean full = FALSE;
  gboolean printed;
  const GOptionEntry entries[] = {
    { "full", 0, 0, G_OPTION_ARG_NONE, &full, N_("Also look for what was deleted, however long the lists are"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error) || !crm_cli_sign_in (cli, error))
    return crm_cli_judge_error (*error);

  crm_store_watch (cli->store);
  pull.puller = crm_puller_new (cli->store, cli->account, NULL, NULL);
  g_signal_connect_swapped (pull.puller, "changed", G_CALLBACK (on_changed), &pull);
  g_signal_connect_swapped (pull.puller, "finished", G_CALLBACK (on_finished), &pull);
  run (&pull, full);
  g_signal_handlers_disconnect_by_data (pull.puller, &pull);
  printed = print (&pull, error);
  crm_puller_stop (pull.puller);
  g_object_unref (pull.puller);

  if (!printed)
    cli->status = crm_cli_judge_error (*error);
  else if (pull.trouble != NULL)
    crm_cli_note (cli, CRM_EXIT_UNREACHABLE, pull.trouble);
  g_free (pull.trouble);

  return cli->status;
}

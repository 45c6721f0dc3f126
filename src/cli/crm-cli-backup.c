/* crm-cli-backup.c: the commands that write a backup and restore one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "model/crm-datetime.h"
#include "model/crm-error.h"
#include "model/crm-json-member.h"
#include "store/crm-backup.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The practice CRM has another address at each start. */
static CrmBackupInfo
describe_account (CrmCli *cli)
{
  gboolean is_practice = crm_account_get_kind (cli->account) == CRM_ACCOUNT_PRACTICE;

  return (CrmBackupInfo) {
    .account_id = (char *) crm_account_get_id (cli->account),
    .address = is_practice ? (char *) "practice" : (char *) crm_account_get_address (cli->account),
    .key = is_practice ? NULL : (char *) crm_account_get_key (cli->account),
  };
}

static gboolean
read_file_name (GStrv    args,
                char   **path,
                GError **error)
{
  if (args[1] == NULL)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Which file? Name the backup"));
      return FALSE;
    }
  if (!crm_cli_refuse_more (args, 1, error))
    return FALSE;

  *path = g_canonicalize_filename (args[1], NULL);
  return TRUE;
}

CrmExit
crm_cli_backup (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_auto (CrmBackupInfo) written = { 0 };
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *path = NULL;
  CrmBackupInfo account;
  gulong n;

  if (!crm_cli_parse (cli, args, NULL, error) || !read_file_name (*args, &path, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  account = describe_account (cli);
  crm_backup_write_async (crm_store_get_folder (cli->store), &account, path, NULL, crm_cli_on_ready, &result);
  if (!crm_backup_write_finish (crm_cli_wait (&result), &written, error))
    return crm_cli_judge_error (*error);

  n = (gulong) crm_backup_info_get_total (&written);
  if (!cli->json)
    {
      g_printerr (ngettext ("A backup of %'lu task is in %s\n", "A backup of %'lu tasks is in %s\n", n), n, path);
      return CRM_EXIT_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  crm_json_member_text (builder, "file", path);
  crm_json_member_time (builder, "madeAt", written.made_at);
  json_builder_set_member_name (builder, "counts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    crm_json_member_int (builder, crm_sync_state_get_nick (i), written.counts.states[i], TRUE);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  crm_cli_print_builder (builder);

  return CRM_EXIT_DONE;
}

static void
tell_newer (const CrmRestore *restore)
{
  g_autofree char *utc = crm_datetime_to_utc (restore->backup.made_at / G_TIME_SPAN_SECOND);
  g_autofree char *made = crm_datetime_to_local (utc, NULL, "%Y-%m-%d %H:%M:%S");
  gulong n = (gulong) restore->n_newer;

  /* Translators: a date and time */
  g_printerr (_("The backup was made on %s\n"), made);
  if (restore->other_account)
    g_printerr (_("It is of another account: %s, key %s\n"),
                restore->backup.address != NULL ? restore->backup.address : C_("account", "no address"),
                restore->backup.key != NULL ? restore->backup.key : C_("account", "no key"));
  if (restore->n_newer > 0)
    g_printerr (ngettext ("%'lu task here is newer:\n", "%'lu tasks here are newer:\n", n), n);

  for (guint i = 0; i < restore->newer->len; i++)
    {
      const CrmNewerTask *task = restore->newer->pdata[i];

      g_printerr ("  %" PRId64 "  %s  (%s)  %s\n", task->local_id, task->name != NULL ? task->name : "—",
                  crm_sync_state_get_words (task->state), crm_newer_get_words (task->why));
    }
  if (n > restore->newer->len)
    g_printerr (ngettext ("  and %'lu more\n", "  and %'lu more\n", n - restore->newer->len), n - restore->newer->len);
}

static void
tell_done (const CrmRestore *restore)
{
  gulong n = (gulong) crm_backup_info_get_total (&restore->backup);
  gulong known = (gulong) restore->n_known, doubted = (gulong) restore->n_doubted, held = (gulong) restore->n_held;

  g_printerr (ngettext ("%'lu task is restored\n", "%'lu tasks are restored\n", n), n);
  if (known > 0)
    g_printerr (ngettext ("%'lu new task of the backup was sent since, and is not sent again\n",
                          "%'lu new tasks of the backup were sent since, and are not sent again\n", known), known);
  if (doubted > 0)
    g_printerr (ngettext ("%'lu new task is looked for on the CRM before it is sent\n",
                          "%'lu new tasks are looked for on the CRM before they are sent\n", doubted), doubted);
  if (held > 0)
    g_printerr (ngettext ("%'lu change waits until the tasks are brought from the CRM (pull)\n",
                          "%'lu changes wait until the tasks are brought from the CRM (pull)\n", held), held);
  if (restore->set_aside != NULL)
    g_printerr (_("What was here is kept as %s; restore that to take this back\n"), restore->set_aside);
}

static const char *
get_nick (CrmNewer why)
{
  static const char *const nicks[] = {
    [CRM_NEWER_ADDED] = "added", [CRM_NEWER_EDITED] = "edited",   [CRM_NEWER_SENT] = "sent",
    [CRM_NEWER_TYPED] = "typed", [CRM_NEWER_REMOVED] = "removed",
  };

  return nicks[why];
}

static void
print_restore (const CrmRestore *restore)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "restored");
  json_builder_add_boolean_value (builder, restore->restored);
  crm_json_member_time (builder, "madeAt", restore->backup.made_at);
  crm_json_member_int (builder, "tasks", crm_backup_info_get_total (&restore->backup), TRUE);
  json_builder_set_member_name (builder, "otherAccount");
  json_builder_add_boolean_value (builder, restore->other_account);
  crm_json_member_int (builder, "newer", restore->n_newer, TRUE);
  json_builder_set_member_name (builder, "newerTasks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < restore->newer->len; i++)
    {
      const CrmNewerTask *task = restore->newer->pdata[i];

      json_builder_begin_object (builder);
      crm_json_member_int (builder, "localId", task->local_id, TRUE);
      crm_json_member_text (builder, "name", task->name);
      crm_json_member_text (builder, "syncState", crm_sync_state_get_nick (task->state));
      crm_json_member_text (builder, "why", get_nick (task->why));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  crm_json_member_int (builder, "sentSince", restore->n_known, TRUE);
  crm_json_member_int (builder, "lookedFor", restore->n_doubted, TRUE);
  crm_json_member_int (builder, "heldBack", restore->n_held, TRUE);
  crm_json_member_text (builder, "setAside", restore->set_aside);
  json_builder_end_object (builder);
  crm_cli_print_builder (builder);
}

CrmExit
crm_cli_restore (CrmCli  *cli,
                 GStrv   *args,
                 GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmRestore) restore = NULL;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  gboolean surely = FALSE;
  CrmBackupInfo account;
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &surely, N_("Also when tasks here are newer; they are kept in a file"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !read_file_name (*args, &path, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  /* Nobody may have the tasks open. */
  folder = g_strdup (crm_store_get_folder (cli->store));
  g_clear_object (&cli->store);

  account = describe_account (cli);
  crm_backup_restore_async (folder, &account, path, surely, NULL, crm_cli_on_ready, &result);
  restore = crm_backup_restore_finish (crm_cli_wait (&result), error);
  if (restore == NULL)
    return crm_cli_judge_error (*error);

  if (cli->json)
    print_restore (restore);
  if (restore->n_newer > 0 || restore->other_account)
    tell_newer (restore);
  if (!restore->restored)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED,
                           _("Nothing was restored. With --yes it is, and what is here now is kept in a file"));
      return CRM_EXIT_REFUSED;
    }

  tell_done (restore);
  return CRM_EXIT_DONE;
}

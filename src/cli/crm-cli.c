/* crm-cli.c: what the commands share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include "api/crm-account-registry.h"
#include "model/crm-error.h"
#include "store/crm-store-folder.h"

#include <glib/gi18n-lib.h>

static gboolean
has_waiting_tasks (CrmAccount *account)
{
  g_autofree char *folder = crm_account_get_folder (account);
  g_autoptr (GAsyncResult) result = NULL;
  CrmCounts counts;

  crm_store_folder_count_async (folder, NULL, crm_cli_on_ready, &result);

  return crm_store_folder_count_finish (crm_cli_wait (&result), &counts, NULL) && crm_counts_get_kept (&counts) > 0;
}

/* DESIGN.md §5: a new account given by the environment is said when others hold tasks that wait. */
static void
tell_of_others (CrmCli *self)
{
  g_autoptr (GPtrArray) accounts = crm_account_registry_list (NULL);

  for (guint i = 0; accounts != NULL && i < accounts->len; i++)
    {
      CrmAccount *other = accounts->pdata[i];

      if (g_str_equal (crm_account_get_id (other), crm_account_get_id (self->account)) ||
          crm_account_get_kind (other) == CRM_ACCOUNT_PRACTICE || !has_waiting_tasks (other))
        continue;

      /* Translators: the address and the key of the other account */
      g_printerr (_("This is a new account here. Tasks of another one (%s, key %s) still wait\n"),
                  crm_account_get_address (other) != NULL ? crm_account_get_address (other) : C_("account", "no address"),
                  crm_account_get_key (other) != NULL ? crm_account_get_key (other) : C_("account", "no key"));
    }
}

/**
 * crm_cli_clear:
 * @self: a run that has ended
 */
void
crm_cli_clear (CrmCli *self)
{
  g_clear_object (&self->host);
  g_clear_object (&self->store);
  g_clear_object (&self->account);
}

/**
 * crm_cli_parse:
 * @self: the run
 * @args: (inout): the command's arguments; the options are taken out
 * @entries: (nullable): the command's own options
 * @error: says what is wrong with them
 *
 * Returns: whether they could be understood
 */
gboolean
crm_cli_parse (CrmCli              *self,
               GStrv               *args,
               const GOptionEntry  *entries,
               GError             **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry common[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->json, N_("Print JSON"), NULL },
    { "practice", 0, 0, G_OPTION_ARG_NONE, &self->practice, N_("Use the practice CRM"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, common, GETTEXT_PACKAGE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return g_option_context_parse_strv (context, args, error);
}

/**
 * crm_cli_on_ready:
 * @source: (nullable): what was asked
 * @result: its answer
 * @user_data: where crm_cli_wait() looks for it
 *
 * The callback to give to what crm_cli_wait() waits for.
 */
void
crm_cli_on_ready (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * crm_cli_wait:
 * @result: (inout): %NULL, until crm_cli_on_ready() puts a result there
 *
 * Runs the main loop until it is there.
 *
 * Returns: (transfer none): the result
 */
GAsyncResult *
crm_cli_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/**
 * crm_cli_open:
 * @self: the run
 * @error: why the account or its tasks can't be had
 *
 * Opens the account that is meant and its tasks. What other programs change is not watched.
 *
 * Returns: whether they are open
 */
gboolean
crm_cli_open (CrmCli  *self,
              GError **error)
{
  g_autofree char *folder = NULL;

  self->account = self->practice ? crm_account_registry_open_practice (error) : crm_account_registry_open_current (error);
  if (self->account == NULL)
    return FALSE;

  if (!self->practice && crm_account_registry_is_new (self->account))
    tell_of_others (self);

  folder = crm_account_get_folder (self->account);
  self->store = crm_store_open (folder, error);
  if (self->store != NULL && crm_store_get_notice (self->store) != NULL)
    g_printerr ("%s\n", crm_store_get_notice (self->store));

  return self->store != NULL;
}

/**
 * crm_cli_note:
 * @self: the run
 * @status: what a part of it came to
 * @words: (nullable): what to tell the person
 *
 * Of several statuses 4 goes before 2, before 3, before 1 (DESIGN.md §6).
 */
void
crm_cli_note (CrmCli     *self,
              CrmExit     status,
              const char *words)
{
  static const guint ranks[] = { 0, 1, 3, 2, 4 };

  if (words != NULL)
    g_printerr ("%s\n", words);
  if (ranks[status] > ranks[self->status])
    self->status = status;
}

/**
 * crm_cli_judge_error:
 * @error: what went wrong
 *
 * Returns: the exit status it means
 */
CrmExit
crm_cli_judge_error (const GError *error)
{
  if (error->domain == CRM_ERROR)
    switch ((CrmError) error->code)
      {
      case CRM_ERROR_DATABASE:
      case CRM_ERROR_DATABASE_FULL:
      case CRM_ERROR_DATABASE_BUSY:
      case CRM_ERROR_DATABASE_READ_ONLY:
      case CRM_ERROR_DATABASE_NEWER:
      case CRM_ERROR_DATABASE_DAMAGED:
        return CRM_EXIT_DATABASE;
      case CRM_ERROR_ACCOUNT:
        return CRM_EXIT_UNREACHABLE;
      case CRM_ERROR_INVALID:
      case CRM_ERROR_REFUSED:
      case CRM_ERROR_SECOND_YES:
      case CRM_ERROR_NO_SUCH_TASK:
      default:
        return CRM_EXIT_REFUSED;
      }

  if (error->domain == G_OPTION_ERROR)
    return CRM_EXIT_REFUSED;

  /* What is left is the folder of the accounts. */
  return CRM_EXIT_DATABASE;
}

/**
 * crm_cli_read_ids:
 * @args: the program's name and local ids
 * @ids: (out) (transfer full) (element-type gint64): the ids
 * @error: %CRM_ERROR_INVALID when one is none, or there are none
 *
 * Returns: whether they could be understood
 */
gboolean
crm_cli_read_ids (GStrv     args,
                  GArray  **ids,
                  GError  **error)
{
  g_autoptr (GArray) read = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 1; args[i] != NULL; i++)
    {
      gint64 id;

      if (!g_ascii_string_to_signed (args[i], 10, 1, G_MAXINT64, &id, NULL))
        {
          g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” is no local id: see list"), args[i]);
          return FALSE;
        }
      g_array_append_val (read, id);
    }

  if (read->len == 0)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Which task? Give its local id: see list"));
      return FALSE;
    }

  *ids = g_steal_pointer (&read);
  return TRUE;
}

/**
 * crm_cli_refuse_more:
 * @args: the arguments of a command, the first being the program
 * @most: how many it takes
 * @error: says which is too many
 *
 * Returns: whether there are no more
 */
gboolean
crm_cli_refuse_more (GStrv    args,
                     guint    most,
                     GError **error)
{
  if (g_strv_length (args) <= most + 1)
    return TRUE;

  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” is not understood here; see --help"), args[most + 1]);
  return FALSE;
}

/**
 * crm_cli_read_states:
 * @states: (nullable): names of states, as they were given
 * @mask: (out): a bit for each; left alone where there are none
 * @error: says which is none
 *
 * Returns: whether all were understood
 */
gboolean
crm_cli_read_states (char    **states,
                     guint    *mask,
                     GError  **error)
{
  for (guint i = 0; states != NULL && states[i] != NULL; i++)
    {
      CrmSyncState state;

      if (!crm_sync_state_from_nick (states[i], &state))
        {
          g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                       _("--state: “%s” is none of draft, queued, sending, failed, unconfirmed, synced"), states[i]);
          return FALSE;
        }
      *mask |= 1u << state;
    }

  return TRUE;
}

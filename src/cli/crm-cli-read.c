/* crm-cli-read.c: the commands that only look
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "model/crm-error.h"
#include "model/crm-json-member.h"
#include "store/crm-outbox.h"

#include <glib/gi18n-lib.h>

static gboolean
read_query (CrmTaskQuery  *query,
            char         **states,
            const char    *sort,
            const char    *limit,
            GError       **error)
{
  if (!crm_cli_read_states (states, &query->states, error))
    return FALSE;

  if (sort != NULL && !crm_task_query_parse_sort (query, sort))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--sort: “%s” is no field; write for example endDatetime"), sort);
      return FALSE;
    }

  if (limit != NULL && !g_ascii_string_to_signed (limit, 10, 0, G_MAXINT64, &query->limit, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--limit: “%s” is no number"), limit);
      return FALSE;
    }

  return TRUE;
}

CrmExit
crm_cli_list (CrmCli  *cli,
              GStrv   *args,
              GError **error)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmIdList) list = NULL;
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GPtrArray) tasks = NULL;
  g_auto (GStrv) states = NULL;
  g_autofree char *sort = NULL;
  g_autofree char *limit = NULL;
  g_autofree char *assignee = NULL;
  const GOptionEntry entries[] = {
    { "state", 0, 0, G_OPTION_ARG_STRING_ARRAY, &states, N_("Only tasks in this state"), "STATE" },
    { "search", 0, 0, G_OPTION_ARG_FILENAME, &query->search, N_("Only tasks with these words"), "TEXT" },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &sort, N_("Order by this field; -FIELD for the reverse"), "FIELD" },
    { "assignee", 0, 0, G_OPTION_ARG_STRING, &assignee, N_("Only tasks assigned to this user"), "ID" },
    { "limit", 0, 0, G_OPTION_ARG_STRING, &limit, N_("No more than so many"), "N" },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !read_query (query, states, sort, limit, error))
    return CRM_EXIT_REFUSED;
  if (assignee != NULL && !g_ascii_string_to_signed (assignee, 10, 1, G_MAXINT64, &query->assignee, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--assignee: “%s” is no number of a user"), assignee);
      return CRM_EXIT_REFUSED;
    }
  if (query->search != NULL && !g_utf8_validate (query->search, -1, NULL))
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("--search: the text is not valid UTF-8"));
      return CRM_EXIT_REFUSED;
    }

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  crm_store_query_async (cli->store, query, 0, NULL, NULL, NULL, crm_cli_on_ready, &result);
  list = crm_store_query_finish (cli->store, crm_cli_wait (&result), error);
  ids = crm_id_list_to_array (list);
  tasks = ids != NULL ? crm_store_read_tasks (cli->store, (const gint64 *) ids->data, ids->len, error) : NULL;
  if (tasks == NULL)
    return crm_cli_judge_error (*error);

  if (limit != NULL && query->limit == 0)
    g_ptr_array_set_size (tasks, 0);
  crm_cli_print_tasks (tasks, cli->json);
  return CRM_EXIT_DONE;
}

CrmExit
crm_cli_show (CrmCli  *cli,
              GStrv   *args,
              GError **error)
{
  g_autoptr (GArray) ids = NULL;
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (GPtrArray) history = NULL;

  if (!crm_cli_parse (cli, args, NULL, error) || !crm_cli_read_ids (*args, &ids, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  task = crm_store_read_task (cli->store, g_array_index (ids, gint64, 0), error);
  history = task != NULL ? crm_store_read_history (cli->store, g_array_index (ids, gint64, 0), error) : NULL;
  if (history == NULL)
    return crm_cli_judge_error (*error);

  crm_cli_print_task (task, history, cli->json);
  return CRM_EXIT_DONE;
}

static void
build_account (JsonBuilder *builder,
               CrmAccount  *account)
{
  json_builder_set_member_name (builder, "account");
  if (crm_account_get_kind (account) == CRM_ACCOUNT_LOCAL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_object (builder);
  crm_json_member_text (builder, "address", crm_account_get_address (account));
  crm_json_member_text (builder, "key", crm_account_get_key (account));
  json_builder_end_object (builder);
}

static void
print_account (CrmAccount *account)
{
  if (crm_account_get_kind (account) == CRM_ACCOUNT_LOCAL)
    g_print (_("No account yet; tasks are kept on this computer\n"));
  else
    g_print (_("Account: %s, key %s\n"),
             crm_account_get_address (account) != NULL ? crm_account_get_address (account) : _("the practice CRM"),
             crm_account_get_key (account) != NULL ? crm_account_get_key (account) : "—");
}

CrmExit
crm_cli_status (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_auto (CrmQueueState) queue = { .pause_class = -1 };
  g_autoptr (JsonBuilder) builder = NULL;
  CrmCounts counts;

  if (!crm_cli_parse (cli, args, NULL, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error) || !crm_store_read_counts (cli->store, &counts, error) ||
      !crm_outbox_read_state (cli->store, &queue, error))
    return crm_cli_judge_error (*error);

  if (!cli->json)
    {
      print_account (cli->account);
      for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
        {
          crm_cli_print_state (i);
          g_print ("%'" G_GINT64_FORMAT "\n", counts.states[i]);
        }
      if (queue.pause_words != NULL)
        g_print ("%s\n", queue.pause_words);
      return CRM_EXIT_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  build_account (builder, cli->account);
  json_builder_set_member_name (builder, "counts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    crm_json_member_int (builder, crm_sync_state_get_nick (i), counts.states[i], TRUE);
  json_builder_end_object (builder);
  crm_json_member_time (builder, "lastSync", queue.last_sync);
  json_builder_end_object (builder);
  crm_cli_print_builder (builder);

  return CRM_EXIT_DONE;
}

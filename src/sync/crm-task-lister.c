/* crm-task-lister.c: gets a list of the CRM's tasks, all of it or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-task-lister.h"

#include "model/crm-datetime.h"
#include "model/crm-json-guard.h"
#include "sync/crm-remote-task.h"

#include <glib/gi18n-lib.h>

#define TARGET "/api/1.0/crm?action=getTaskList"
#define PER_PAGE 100
/* A list that shifts under the pages is begun anew so often. */
#define MOST_TRIES 3

typedef struct
{
  CrmClock   *clock;
  gint64      clock_offset;
  gint64      created_since;
  char       *name;
  gint64      start;
  gint64      total;
  guint       tries;
  GPtrArray  *tasks;
  GHashTable *ids;
} Run;

static void
run_free (Run *run)
{
  g_clear_object (&run->clock);
  g_free (run->name);
  g_ptr_array_unref (run->tasks);
  g_hash_table_unref (run->ids);
  g_free (run);
}

static void ask_for_page (GTask *task);

static void
begin (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  run->start = 0;
  run->total = -1;
  run->tries++;
  g_ptr_array_set_size (run->tasks, 0);
  g_hash_table_remove_all (run->ids);
  ask_for_page (task);
}

/* The list could not be had; @failure says why. */
static void
fail (GTask     *task,
      CrmAnswer *failure)
{
  g_object_set_data_full (G_OBJECT (task), "failure", failure, (GDestroyNotify) crm_answer_free);
  g_task_return_pointer (task, NULL, NULL);
}

static void
fail_incomplete (GTask *task)
{
  g_autoptr (GError) error = g_error_new_literal (CRM_TRANSPORT_ERROR, CRM_TRANSPORT_ERROR_CUT_OFF,
                                                  _("The CRM’s list of tasks is incomplete"));

  fail (task, crm_answer_from_error (error));
}

static gboolean
take_page (Run        *run,
           JsonObject *root,
           gboolean   *shifted)
{
  JsonArray *results = json_object_get_array_member (root, "results");
  JsonNode *meta = json_object_get_member (root, "meta");
  guint n = json_array_get_length (results);
  gint64 total;

  if (meta == NULL || !JSON_NODE_HOLDS_OBJECT (meta))
    return FALSE;

  if (!crm_remote_task_read_number (json_node_get_object (meta), "totalResults", &total) || total < 0)
    return FALSE;

  *shifted = (run->total >= 0 && total != run->total) || (n == 0 && run->start < total);
  run->total = total;

  for (guint i = 0; i < n && !*shifted; i++)
    {
      g_autoptr (CrmRemoteTask) remote = crm_remote_task_parse (json_array_get_element (results, i));

      if (remote == NULL)
        return FALSE;
      if (!g_hash_table_add (run->ids, GSIZE_TO_POINTER (remote->id)))
        *shifted = TRUE;
      else
        g_ptr_array_add (run->tasks, g_steal_pointer (&remote));
    }

  run->start += n;
  return TRUE;
}

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  gboolean shifted = FALSE;

  if (answer->outcome->klass != CRM_ANSWER_ACCEPTED)
    fail (task, g_steal_pointer (&answer));
  else if (!take_page (run, json_node_get_object (answer->json), &shifted))
    fail_incomplete (task);
  else if (shifted && run->tries < MOST_TRIES)
    begin (task);
  else if (shifted)
    fail_incomplete (task);
  else if (run->start < run->total)
    ask_for_page (task);
  else
    g_task_return_pointer (task, g_ptr_array_ref (run->tasks), (GDestroyNotify) g_ptr_array_unref);
}

static char *
write_body (const Run *run)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *since = crm_datetime_to_utc (run->created_since);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "perPage");
  json_builder_add_int_value (builder, PER_PAGE);
  json_builder_set_member_name (builder, "start");
  json_builder_add_int_value (builder, run->start);
  json_builder_set_member_name (builder, "filter");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "createdDate__GREATERTHAN");
  json_builder_add_string_value (builder, since);
  if (run->name != NULL)
    {
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, run->name);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return crm_json_guard_write (root, FALSE);
}

static void
ask_for_page (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  char *text = write_body (run);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  crm_api_client_list_async (g_task_get_source_object (task), TARGET, body,
                             crm_clock_now (run->clock) / G_TIME_SPAN_SECOND + run->clock_offset,
                             g_task_get_cancellable (task), on_page, g_object_ref (task));
}

/**
 * crm_task_lister_run_async:
 * @client: asks
 * @clock: the clock
 * @clock_offset: seconds that the CRM's clock is ahead
 * @created_since: seconds since 1970, UTC, by the CRM's clock
 * @name: (nullable): only tasks of that name
 * @cancellable: (nullable): a cancellable
 * @callback: called when the list is there, or can't be had
 * @user_data: given to @callback
 *
 * Reads all pages. A list that shifts meanwhile is begun anew; one that has fewer rows than it says is none (API.md §4).
 * The server may ignore the filter: the caller filters again.
 */
void
crm_task_lister_run_async (CrmApiClient        *client,
                           CrmClock            *clock,
                           gint64               clock_offset,
                           gint64               created_since,
                           const char          *name,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  Run *run = g_new0 (Run, 1);

  g_task_set_source_tag (task, crm_task_lister_run_async);
  g_task_set_check_cancellable (task, FALSE);
  run->clock = g_object_ref (clock);
  run->clock_offset = clock_offset;
  run->created_since = created_since;
  run->name = g_strdup (name);
  run->tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_remote_task_free);
  run->ids = g_hash_table_new (NULL, NULL);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);

  begin (task);
}

/**
 * crm_task_lister_run_finish:
 * @result: what the callback was given
 * @failure: (out) (transfer full) (nullable): why the list could not be had
 *
 * Returns: (transfer full) (nullable) (element-type CrmRemoteTask): the list, or %NULL with @failure set
 */
GPtrArray *
crm_task_lister_run_finish (GAsyncResult  *result,
                            CrmAnswer    **failure)
{
  GPtrArray *tasks = g_task_propagate_pointer (G_TASK (result), NULL);

  *failure = tasks == NULL ? g_object_steal_data (G_OBJECT (result), "failure") : NULL;

  return tasks;
}

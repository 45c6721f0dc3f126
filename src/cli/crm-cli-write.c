/* crm-cli-write.c: the commands that write and change tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The options that name fields: one a line of the field table. */
typedef struct
{
  char         *given[CRM_N_FIELDS];
  GOptionEntry  entries[CRM_N_FIELDS + 4];
  char        **clear;
  char         *crm_id;
  gboolean      draft;
} FieldOptions;

static FieldOptions *
field_options_new (gboolean adds)
{
  FieldOptions *self = g_new0 (FieldOptions, 1);
  guint n = 0;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    self->entries[n++] = (GOptionEntry) { crm_field_get (i)->option, 0, 0, G_OPTION_ARG_FILENAME, &self->given[i],
                                          crm_field_get_label (i), crm_field_get (i)->key };

  if (adds)
    {
      self->entries[n++] = (GOptionEntry) { "crm-id", 0, 0, G_OPTION_ARG_STRING, &self->crm_id,
                                            N_("Change the task that the CRM knows by this id"), "ID" };
      self->entries[n++] = (GOptionEntry) { "draft", 0, 0, G_OPTION_ARG_NONE, &self->draft,
                                            N_("Keep it here until it is submitted"), NULL };
    }
  else
    self->entries[n++] = (GOptionEntry) { "clear", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->clear,
                                          N_("Empty a field"), "KEY" };

  return self;
}

static void
field_options_free (FieldOptions *self)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_free (self->given[i]);
  g_strfreev (self->clear);
  g_free (self->crm_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FieldOptions, field_options_free)

static void
prefix_field (GError     **error,
              CrmFieldId   field)
{
  g_prefix_error (error, "--%s (%s): ", crm_field_get (field)->option, crm_field_get (field)->key);
}

static gboolean
read_values (FieldOptions  *options,
             CrmValues     *values,
             CrmFieldMask  *touched,
             GError       **error)
{
  *touched = 0;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autofree char *note = NULL;

      if (options->given[i] == NULL)
        continue;

      if (!crm_values_parse (values, i, options->given[i], NULL, &note, error))
        {
          prefix_field (error, i);
          return FALSE;
        }
      *touched |= CRM_FIELD_BIT (i);
      if (note != NULL)
        g_printerr ("%s\n", note);
    }

  for (guint i = 0; options->clear != NULL && options->clear[i] != NULL; i++)
    {
      const CrmField *field = crm_field_by_key (options->clear[i]);

      if (field == NULL)
        {
          g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--clear: “%s” is no field; write for example leadId"),
                       options->clear[i]);
          return FALSE;
        }
      if (options->given[field->id] != NULL)
        {
          g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("it can’t be given and cleared at once"));
          prefix_field (error, field->id);
          return FALSE;
        }
      crm_values_clear (values, field->id);
      *touched |= CRM_FIELD_BIT (field->id);
    }

  return TRUE;
}

static CrmExit
print_written (CrmCli   *cli,
               CrmTask  *task,
               gboolean  id_only)
{
  if (id_only && !cli->json)
    g_print ("%" G_GINT64_FORMAT "\n", crm_task_get_local_id (task));
  else
    crm_cli_print_task (task, NULL, cli->json);

  return CRM_EXIT_DONE;
}

CrmExit
crm_cli_add (CrmCli  *cli,
             GStrv   *args,
             GError **error)
{
  g_autoptr (FieldOptions) options = field_options_new (TRUE);
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmTask) task = NULL;
  CrmFieldMask touched;
  gint64 crm_id = 0;

  if (!crm_cli_parse (cli, args, options->entries, error) || !crm_cli_refuse_more (*args, 0, error) ||
      !read_values (options, values, &touched, error))
    return CRM_EXIT_REFUSED;

  if (options->crm_id != NULL &&
      !g_ascii_string_to_signed (options->crm_id, 10, 1, crm_field_get (CRM_FIELD_LEAD)->limit, &crm_id, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--crm-id (id): “%s” is no id"), options->crm_id);
      return CRM_EXIT_REFUSED;
    }
  if (crm_id != 0 && touched == 0)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--crm-id (id): say which fields to change"));
      return CRM_EXIT_REFUSED;
    }

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  task = crm_store_add (cli->store, values, touched, crm_id, options->draft, error);

  return task != NULL ? print_written (cli, task, TRUE) : crm_cli_judge_error (*error);
}

CrmExit
crm_cli_edit (CrmCli  *cli,
              GStrv   *args,
              GError **error)
{
  g_autoptr (FieldOptions) options = field_options_new (FALSE);
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmTask) task = NULL;
  CrmFieldMask touched;

  if (!crm_cli_parse (cli, args, options->entries, error) || !crm_cli_refuse_more (*args, 1, error) ||
      !crm_cli_read_ids (*args, &ids, error) || !read_values (options, values, &touched, error))
    return CRM_EXIT_REFUSED;

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  crm_store_edit_async (cli->store, g_array_index (ids, gint64, 0), values, touched, CRM_EDIT_KEEP, NULL,
                        crm_cli_on_ready, &result);
  task = crm_store_change_finish (cli->store, crm_cli_wait (&result), NULL, error);

  return task != NULL ? print_written (cli, task, FALSE) : crm_cli_judge_error (*error);
}

/* Of several ids all are done that can be, the others named (DESIGN.md §6). */
static CrmExit
apply_to_all (CrmCli    *cli,
              GArray    *ids,
              CrmAction  action)
{
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      CrmTask *task;

      crm_store_apply_async (cli->store, id, action, NULL, crm_cli_on_ready, &result);
      task = crm_store_change_finish (cli->store, crm_cli_wait (&result), NULL, &error);
      if (task != NULL)
        g_ptr_array_add (tasks, task);
      else
        {
          /* Translators: a task’s number here, and what is said of it */
          g_autofree char *words = g_strdup_printf (_("Task %" PRId64 ": %s"), id, error->message);

          crm_cli_note (cli, crm_cli_judge_error (error), words);
        }
    }

  crm_cli_print_tasks (tasks, cli->json);
  return cli->status;
}

CrmExit
crm_cli_submit (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_autoptr (GArray) ids = NULL;

  if (!crm_cli_parse (cli, args, NULL, error) || !crm_cli_read_ids (*args, &ids, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  return apply_to_all (cli, ids, CRM_ACTION_SUBMIT);
}

CrmExit
crm_cli_discard (CrmCli  *cli,
                 GStrv   *args,
                 GError **error)
{
  g_autoptr (GArray) ids = NULL;
  gboolean yes = FALSE;
  const GOptionEntry entries[] = {
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, N_("Also what may be on the CRM already"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !crm_cli_read_ids (*args, &ids, error))
    return CRM_EXIT_REFUSED;
  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  return apply_to_all (cli, ids, yes ? CRM_ACTION_DISCARD_SURELY : CRM_ACTION_DISCARD);
}

static GArray *
find_failed (CrmCli  *cli,
             gint64   code,
             GError **error)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (CrmIdList) list = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  query->states = 1u << CRM_SYNC_FAILED;
  query->code = code;
  crm_store_query_async (cli->store, query, 0, NULL, NULL, NULL, crm_cli_on_ready, &result);

  list = crm_store_query_finish (cli->store, crm_cli_wait (&result), error);

  return crm_id_list_to_array (list);
}

CrmExit
crm_cli_resubmit (CrmCli  *cli,
                  GStrv   *args,
                  GError **error)
{
  g_autoptr (GArray) ids = NULL;
  g_autofree char *code_text = NULL;
  gboolean all = FALSE, as_new = FALSE;
  gint64 code = 0;
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("All that need attention"), NULL },
    { "code", 0, 0, G_OPTION_ARG_STRING, &code_text, N_("All that failed with this code"), "CODE" },
    { "as-new", 0, 0, G_OPTION_ARG_NONE, &as_new, N_("As new tasks, for the CRM has them no more"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error))
    return CRM_EXIT_REFUSED;

  if (code_text != NULL && !g_ascii_string_to_signed (code_text, 10, 1, G_MAXINT64, &code, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--code: “%s” is no code"), code_text);
      return CRM_EXIT_REFUSED;
    }
  if (!all && code == 0 && !crm_cli_read_ids (*args, &ids, error))
    return CRM_EXIT_REFUSED;
  if ((all || code != 0) && (!crm_cli_refuse_more (*args, 0, error)))
    return CRM_EXIT_REFUSED;

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);
  if (ids == NULL && (ids = find_failed (cli, code, error)) == NULL)
    return crm_cli_judge_error (*error);

  return apply_to_all (cli, ids, as_new ? CRM_ACTION_RESUBMIT_AS_NEW : CRM_ACTION_RESUBMIT);
}

CrmExit
crm_cli_settle (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_autoptr (GArray) ids = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *sent_as = NULL;
  gboolean again = FALSE;
  gint64 crm_id = 0;
  CrmTask *task;
  const GOptionEntry entries[] = {
    { "sent-as", 0, 0, G_OPTION_ARG_STRING, &sent_as, N_("It is there as this task"), "ID" },
    { "send-again", 0, 0, G_OPTION_ARG_NONE, &again, N_("It is not there"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !crm_cli_read_ids (*args, &ids, error) ||
      !crm_cli_refuse_more (*args, 1, error))
    return CRM_EXIT_REFUSED;

  if ((sent_as != NULL) == again)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Say either --sent-as ID or --send-again"));
      return CRM_EXIT_REFUSED;
    }
  if (sent_as != NULL &&
      !g_ascii_string_to_signed (sent_as, 10, 1, crm_field_get (CRM_FIELD_LEAD)->limit, &crm_id, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--sent-as (id): “%s” is no id"), sent_as);
      return CRM_EXIT_REFUSED;
    }

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  if (again)
    crm_store_apply_async (cli->store, g_array_index (ids, gint64, 0), CRM_ACTION_SEND_AGAIN, NULL, crm_cli_on_ready, &result);
  else
    crm_store_settle_async (cli->store, g_array_index (ids, gint64, 0), crm_id, NULL, crm_cli_on_ready, &result);

  task = crm_store_change_finish (cli->store, crm_cli_wait (&result), NULL, error);
  if (task == NULL)
    return crm_cli_judge_error (*error);

  g_ptr_array_add (tasks, task);
  crm_cli_print_tasks (tasks, cli->json);
  return CRM_EXIT_DONE;
}

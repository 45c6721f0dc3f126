/* crm-task-document.c: a task as JSON for programs, as DESIGN.md §6 has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-task-document.h"

#include "model/crm-attempt.h"
#include "model/crm-json-member.h"

static void
build_messages (JsonBuilder *builder,
                GStrv        messages)
{
  json_builder_set_member_name (builder, "additionalMessages");
  json_builder_begin_array (builder);
  for (guint i = 0; messages != NULL && messages[i] != NULL; i++)
    json_builder_add_string_value (builder, messages[i]);
  json_builder_end_array (builder);
}

/* The keys an error and a line of the history have in common (DESIGN.md §6). */
static void
build_answer (JsonBuilder      *builder,
              const CrmProblem *answer)
{
  crm_json_member_int (builder, "httpStatus", answer != NULL ? answer->http_status : 0, answer != NULL && answer->http_status != 0);
  crm_json_member_text (builder, "class", answer != NULL ? crm_answer_class_get_nick (answer->klass) : NULL);
  crm_json_member_int (builder, "errorCode", answer != NULL ? answer->error_code : 0, answer != NULL && answer->error_code != 0);
  crm_json_member_int (builder, "specificCode", answer != NULL ? answer->specific_code : 0,
                       answer != NULL && answer->specific_code != 0);
  crm_json_member_text (builder, "message", answer != NULL ? answer->message : NULL);
  build_messages (builder, answer != NULL ? answer->additional_messages : NULL);
}

static void
build_history (JsonBuilder *builder,
               GPtrArray   *history)
{
  json_builder_set_member_name (builder, "history");
  json_builder_begin_array (builder);
  for (guint i = 0; i < history->len; i++)
    {
      const CrmAttempt *attempt = history->pdata[i];

      json_builder_begin_object (builder);
      crm_json_member_time (builder, "startedAt", attempt->started_at);
      crm_json_member_time (builder, "finishedAt", attempt->finished_at);
      crm_json_member_int (builder, "revision", attempt->revision, TRUE);
      build_answer (builder, attempt->outcome);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

/**
 * crm_task_document_build:
 * @builder: where a value is to stand
 * @task: a task
 * @history: (nullable) (element-type CrmAttempt): its attempts, when they are to be told too
 *
 * Any thread that owns @task.
 */
void
crm_task_document_build (JsonBuilder *builder,
                         CrmTask     *task,
                         GPtrArray   *history)
{
  const CrmValues *values = crm_task_get_values (task);
  const CrmProblem *problem = crm_task_get_problem (task);

  json_builder_begin_object (builder);
  crm_json_member_int (builder, "localId", crm_task_get_local_id (task), TRUE);
  crm_json_member_int (builder, "id", crm_task_get_crm_id (task), crm_task_get_crm_id (task) != 0);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if (crm_field_type_is_number (field->type))
        crm_json_member_int (builder, field->key, crm_values_get_number (values, i), crm_values_has (values, i));
      else
        crm_json_member_text (builder, field->key, crm_values_get_text (values, i));
    }

  crm_json_member_int (builder, "revision", crm_task_get_revision (task), TRUE);
  crm_json_member_text (builder, "syncState", crm_sync_state_get_nick (crm_task_get_state (task)));
  crm_json_member_int (builder, "attempts", crm_task_get_attempts (task), TRUE);
  crm_json_member_time (builder, "nextAttempt", crm_task_get_next_attempt (task));

  json_builder_set_member_name (builder, "error");
  if (problem == NULL)
    json_builder_add_null_value (builder);
  else
    {
      json_builder_begin_object (builder);
      build_answer (builder, problem);
      json_builder_end_object (builder);
    }

  if (history != NULL)
    build_history (builder, history);
  json_builder_end_object (builder);
}

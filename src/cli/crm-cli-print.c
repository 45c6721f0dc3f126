/* crm-cli-print.c: tasks on standard output
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"

#include "model/crm-attempt.h"
#include "model/crm-datetime.h"
#include "model/crm-json-guard.h"
#include "model/crm-task-document.h"

#include <glib/gi18n-lib.h>

static char *
write_local_time (gint64      microseconds,
                  const char *format)
{
  g_autofree char *utc = crm_datetime_to_utc (microseconds / G_TIME_SPAN_SECOND);

  return crm_datetime_to_local (utc, NULL, format);
}

/* In a terminal some letters take two places, and some none. */
static int
count_places (const char *text)
{
  int n = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      n += g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    }

  return n;
}

static void
print_padded (const char *text,
              int         width)
{
  g_print ("%s%*s", text, MAX (width - count_places (text), 0) + 2, "");
}

static void
print_row (CrmTask *task)
{
  g_autofree char *local_id = g_strdup_printf ("%6" G_GINT64_FORMAT, crm_task_get_local_id (task));
  g_autofree char *title = crm_task_get_title (task);
  g_autofree char *due = crm_datetime_to_local (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_END_DATETIME),
                                                NULL, "%Y-%m-%d %H:%M");
  g_autofree char *words = NULL;
  g_autofree char *crm_id = NULL;

  if (crm_task_get_problem (task) != NULL)
    words = crm_problem_get_words (crm_task_get_problem (task));
  if (crm_task_get_crm_id (task) != 0)
    crm_id = g_strdup_printf ("#%" G_GINT64_FORMAT, crm_task_get_crm_id (task));

  print_padded (local_id, 6);
  crm_cli_print_state (crm_task_get_state (task));
  print_padded (crm_id != NULL ? crm_id : "—", 8);
  print_padded (due != NULL ? due : "—", 16);
  g_print ("%s%s%s\n", title, words != NULL ? " — " : "", words != NULL ? words : "");
}

static void
print_details (CrmTask   *task,
               GPtrArray *history)
{
  const CrmValues *values = crm_task_get_values (task);

  print_row (task);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);
      g_autofree char *text = NULL;

      if (!crm_values_has (values, i))
        continue;

      if (field->type == CRM_FIELD_TYPE_CHOICE)
        text = g_strdup (crm_field_get_choice (i, crm_values_get_number (values, i)));
      else if (field->type == CRM_FIELD_TYPE_DATETIME)
        text = crm_datetime_to_local (crm_values_get_text (values, i), NULL, "%Y-%m-%d %H:%M:%S %Z");
      else if (crm_field_type_is_number (field->type))
        text = g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, i));
      else
        text = g_strdup (crm_values_get_text (values, i));
      g_print ("  %s: %s\n", crm_field_get_label (i), text != NULL ? text : "");
    }

  if (crm_task_get_next_attempt (task) != 0)
    {
      g_autofree char *next = write_local_time (crm_task_get_next_attempt (task), "%H:%M:%S");

      g_print (_("  Next try: %s\n"), next);
    }

  for (guint i = 0; history != NULL && i < history->len; i++)
    {
      const CrmAttempt *attempt = history->pdata[i];
      g_autofree char *at = write_local_time (attempt->started_at, "%Y-%m-%d %H:%M:%S");
      g_autofree char *words = NULL;

      if (attempt->outcome != NULL && attempt->outcome->klass != CRM_ANSWER_ACCEPTED)
        words = crm_problem_get_words (attempt->outcome);
      /* Translators: a number, a date and time, and what came of it */
      g_print (_("  Attempt %u at %s: %s"), i + 1, at,
               attempt->outcome != NULL ? crm_answer_class_get_nick (attempt->outcome->klass) : _("no answer yet"));
      g_print ("%s%s\n", words != NULL ? " — " : "", words != NULL ? words : "");
    }
}

/**
 * crm_cli_print_builder:
 * @builder: a whole value
 *
 * Prints it as JSON.
 */
void
crm_cli_print_builder (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *text = crm_json_guard_write (root, TRUE);

  g_print ("%s\n", text);
}

/**
 * crm_cli_print_task:
 * @task: a task
 * @history: (nullable) (element-type CrmAttempt): its attempts, when they were asked for
 * @json: whether as JSON
 */
void
crm_cli_print_task (CrmTask   *task,
                    GPtrArray *history,
                    gboolean   json)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!json)
    {
      print_details (task, history);
      return;
    }

  builder = json_builder_new ();
  crm_task_document_build (builder, task, history);
  crm_cli_print_builder (builder);
}

/**
 * crm_cli_print_tasks:
 * @tasks: (element-type CrmTask): tasks
 * @json: whether as a JSON array; else as a table
 */
void
crm_cli_print_tasks (GPtrArray *tasks,
                     gboolean   json)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!json)
    {
      for (guint i = 0; i < tasks->len; i++)
        print_row (tasks->pdata[i]);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < tasks->len; i++)
    crm_task_document_build (builder, tasks->pdata[i], NULL);
  json_builder_end_array (builder);
  crm_cli_print_builder (builder);
}

/**
 * crm_cli_print_state:
 * @state: a state
 *
 * Prints its words in a column that has room for those of every state.
 */
void
crm_cli_print_state (CrmSyncState state)
{
  int width = 0;

  for (guint i = 0; i <= CRM_SYNC_REMOVED; i++)
    width = MAX (width, count_places (crm_sync_state_get_words (i)));

  print_padded (crm_sync_state_get_words (state), width);
}

/* crm-export.c: tasks written out, for other programs and for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-export.h"

#include "model/crm-attempt.h"
#include "model/crm-datetime.h"
#include "model/crm-json-guard.h"
#include "model/crm-task-document.h"
#include "transfer/crm-calendar.h"
#include "transfer/crm-csv-writer.h"

/* Tasks read and written at a time: so many are read within a frame. */
#define PAGE 64

#define ISO_LOCAL "%Y-%m-%dT%H:%M:%S%:z"

typedef struct
{
  CrmIdList             *ids;
  CrmExportFormat        format;
  GOutputStream         *stream;
  gsize                  next;      /* position in ids */
  gsize                  n_written; /* tasks */
  char                  *account;   /* what a calendar calls it */
  gint64                 begun;     /* seconds since 1970 */
  GString               *text;      /* of the page that is being written */
  CrmExportProgressFunc  progress;  /* NULL: nobody asks */
  gpointer               progress_data;
} Export;

static void
export_free (Export *self)
{
  crm_id_list_unref (self->ids);
  g_object_unref (self->stream);
  g_free (self->account);
  g_string_free (self->text, TRUE);
  g_free (self);
}

static void write_page (GTask *task);

static char *
get_cell (CrmTask    *task,
          CrmFieldId  field)
{
  const CrmValues *values = crm_task_get_values (task);
  const CrmField *f = crm_field_get (field);

  if (!crm_values_has (values, field))
    return NULL;

  if (f->type == CRM_FIELD_TYPE_CHOICE)
    {
      gint64 choice = crm_values_get_number (values, field);

      if (choice >= 0 && choice < (gint64) g_strv_length ((char **) f->choices))
        return g_strdup (f->choices[choice]);
    }
  if (crm_field_type_is_number (f->type))
    return g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, field));
  if (f->type == CRM_FIELD_TYPE_DATETIME)
    return crm_datetime_to_local (crm_values_get_text (values, field), NULL, ISO_LOCAL);

  return g_strdup (crm_values_get_text (values, field));
}

static char *
get_crm_id (CrmTask *task)
{
  gint64 id = crm_task_get_crm_id (task);

  return id != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, id) : NULL;
}

static void
append_csv_header (GString *text)
{
  const char *keys[CRM_N_FIELDS + 1] = { "id" };

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    keys[i + 1] = crm_field_get (i)->key;
  crm_csv_writer_append_row (text, keys, G_N_ELEMENTS (keys));
}

static void
append_csv_task (GString *text,
                 CrmTask *task)
{
  char *cells[CRM_N_FIELDS + 1] = { get_crm_id (task) };

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    cells[i + 1] = get_cell (task, i);
  crm_csv_writer_append_row (text, (const char *const *) cells, G_N_ELEMENTS (cells));
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    g_free (cells[i]);
}

static void
append_failures_header (GString *text)
{
  static const char *const keys[] = { "localId", "id", "name", "code", "messages", "attempts", "lastTry" };

  crm_csv_writer_append_row (text, keys, G_N_ELEMENTS (keys));
}

/* The message alone where there are no others: those repeat it. */
static char *
get_messages (const CrmProblem *problem)
{
  if (problem->additional_messages != NULL && problem->additional_messages[0] != NULL)
    return g_strjoinv ("\n", problem->additional_messages);

  return g_strdup (problem->message);
}

static gboolean
append_failure (GString   *text,
                CrmStore  *store,
                CrmTask   *task,
                GError   **error)
{
  const CrmProblem *problem = crm_task_get_problem (task);
  g_autoptr (GPtrArray) history = crm_store_read_history (store, crm_task_get_local_id (task), error);
  g_autofree char *local_id = g_strdup_printf ("%" G_GINT64_FORMAT, crm_task_get_local_id (task));
  g_autofree char *crm_id = get_crm_id (task);
  g_autofree char *attempts = g_strdup_printf ("%" G_GINT64_FORMAT, crm_task_get_attempts (task));
  g_autofree char *code = NULL;
  g_autofree char *messages = NULL;
  g_autofree char *last_try = NULL;

  if (history == NULL)
    return FALSE;

  if (problem != NULL && crm_problem_get_code (problem) != 0)
    code = g_strdup_printf ("%" G_GINT64_FORMAT, crm_problem_get_code (problem));
  if (problem != NULL)
    messages = get_messages (problem);
  if (history->len > 0)
    {
      const CrmAttempt *last = history->pdata[history->len - 1];
      g_autofree char *utc = crm_datetime_to_utc (last->started_at / G_TIME_SPAN_SECOND);

      last_try = crm_datetime_to_local (utc, NULL, ISO_LOCAL);
    }

  {
    const char *const cells[] = { local_id, crm_id, crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME), code,
                                  messages, attempts, last_try };

    crm_csv_writer_append_row (text, cells, G_N_ELEMENTS (cells));
  }

  return TRUE;
}

static void
append_json_task (GString  *text,
                  CrmTask  *task,
                  gboolean  is_first)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  crm_task_document_build (builder, task, NULL);
  root = json_builder_get_root (builder);
  json = crm_json_guard_write (root, FALSE);
  g_string_append_printf (text, "%s%s", is_first ? "" : ",\n", json);
}

/* A cell of a line: what would end it is a space, and what a spreadsheet would run is none. */
static void
append_text_cell (GString    *text,
                  const char *cell,
                  char        end)
{
  g_autofree char *flat = g_strdelimit (g_strdup (cell != NULL ? cell : ""), "\t\r\n", ' ');
  g_autofree char *defused = crm_csv_writer_defuse (flat);

  g_string_append_printf (text, "%s%c", defused, end);
}

static void
append_text_task (GString *text,
                  CrmTask *task)
{
  const CrmValues *values = crm_task_get_values (task);
  g_autofree char *crm_id = get_crm_id (task);
  g_autofree char *due = NULL;

  if (crm_values_has (values, CRM_FIELD_END_DATETIME))
    due = crm_datetime_to_local (crm_values_get_text (values, CRM_FIELD_END_DATETIME), NULL, "%Y-%m-%d %H:%M:%S");

  append_text_cell (text, crm_values_get_text (values, CRM_FIELD_NAME), '\t');
  append_text_cell (text, due, '\t');
  append_text_cell (text, crm_sync_state_get_words (crm_task_get_state (task)), '\t');
  append_text_cell (text, crm_id, '\n');
}

static gboolean
append_task (Export    *self,
             CrmStore  *store,
             CrmTask   *task,
             GError   **error)
{
  switch (self->format)
    {
    case CRM_EXPORT_JSON:
      append_json_task (self->text, task, self->n_written == 0);
      return TRUE;
    case CRM_EXPORT_CALENDAR:
      crm_calendar_append_task (self->text, task, self->account, self->begun);
      return TRUE;
    case CRM_EXPORT_TEXT:
      append_text_task (self->text, task);
      return TRUE;
    case CRM_EXPORT_FAILURES:
      return append_failure (self->text, store, task, error);
    case CRM_EXPORT_CSV:
    default:
      append_csv_task (self->text, task);
      return TRUE;
    }
}

static void
append_beginning (Export *self)
{
  if (self->format == CRM_EXPORT_JSON)
    g_string_append (self->text, "[");
  else if (self->format == CRM_EXPORT_CALENDAR)
    crm_calendar_append_beginning (self->text);
  else if (self->format == CRM_EXPORT_FAILURES)
    append_failures_header (self->text);
  else if (self->format == CRM_EXPORT_CSV)
    append_csv_header (self->text);
}

static void
append_end (Export *self)
{
  if (self->format == CRM_EXPORT_JSON)
    g_string_append (self->text, "]\n");
  else if (self->format == CRM_EXPORT_CALENDAR)
    crm_calendar_append_end (self->text);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self->progress != NULL)
    self->progress (self->n_written, self->progress_data);
  if (self->next > crm_id_list_get_n (self->ids))
    g_task_return_int (task, self->n_written);
  else
    write_page (task);
}

static void
write_page (GTask *task)
{
  CrmStore *store = g_task_get_source_object (task);
  Export *self = g_task_get_task_data (task);
  gsize n = crm_id_list_get_n (self->ids);
  gint64 page[PAGE];
  gsize n_page = 0;
  g_autoptr (GPtrArray) tasks = NULL;
  GError *error = NULL;

  g_string_truncate (self->text, 0);
  if (self->next == 0)
    append_beginning (self);

  while (n_page < PAGE && self->next < n)
    page[n_page++] = crm_id_list_get (self->ids, self->next++);
  tasks = crm_store_read_tasks (store, page, n_page, &error);
  for (guint i = 0; tasks != NULL && i < tasks->len && error == NULL; i++)
    {
      append_task (self, store, tasks->pdata[i], &error);
      self->n_written++;
    }
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* One behind the last: all is written. */
  if (self->next == n)
    {
      self->next++;
      append_end (self);
    }

  /* Frames go first. */
  g_output_stream_write_all_async (self->stream, self->text->str, self->text->len, G_PRIORITY_DEFAULT_IDLE,
                                   g_task_get_cancellable (task), written_cb, g_object_ref (task));
}

/**
 * crm_export_format_from_name:
 * @name: the name of a file or of a format, as `tasks.csv`, `json` and `ical`
 * @format: (out): what it means
 *
 * Returns: whether it means one
 */
gboolean
crm_export_format_from_name (const char      *name,
                             CrmExportFormat *format)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (name != NULL && format != NULL, FALSE);

  lower = g_ascii_strdown (name, -1);
  if (g_str_equal (lower, "csv") || g_str_has_suffix (lower, ".csv"))
    *format = CRM_EXPORT_CSV;
  else if (g_str_equal (lower, "json") || g_str_has_suffix (lower, ".json"))
    *format = CRM_EXPORT_JSON;
  else if (g_str_equal (lower, "ical") || g_str_has_suffix (lower, ".ics"))
    *format = CRM_EXPORT_CALENDAR;
  else if (g_str_equal (lower, "failures"))
    *format = CRM_EXPORT_FAILURES;
  else
    return FALSE;

  return TRUE;
}

/**
 * crm_export_async:
 * @store: a store
 * @ids: the local ids of the tasks to write, in their order
 * @format: how
 * @stream: where to; it is left open
 * @progress: (nullable): called after each page
 * @progress_data: given to @progress
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is written
 * @user_data: given to @callback
 *
 * Reads and writes a page at a time, so that memory does not grow with the tasks. A task that goes meanwhile is left out.
 * Dates are written in the local time zone with its offset, in a calendar in UTC. Main thread.
 */
void
crm_export_async (CrmStore              *store,
                  CrmIdList             *ids,
                  CrmExportFormat        format,
                  GOutputStream         *stream,
                  CrmExportProgressFunc  progress,
                  gpointer               progress_data,
                  GCancellable          *cancellable,
                  GAsyncReadyCallback    callback,
                  gpointer               user_data)
{
  g_autoptr (GTask) task = NULL;
  Export *self;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail (ids != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  self = g_new0 (Export, 1);
  self->ids = crm_id_list_ref (ids);
  self->format = format;
  self->progress = progress;
  self->progress_data = progress_data;
  self->stream = g_object_ref (stream);
  self->text = g_string_new (NULL);
  self->account = g_path_get_basename (crm_store_get_folder (store));
  self->begun = g_get_real_time () / G_TIME_SPAN_SECOND;

  task = g_task_new (store, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_export_async);
  g_task_set_task_data (task, self, (GDestroyNotify) export_free);
  write_page (task);
}

/**
 * crm_export_finish:
 * @store: a store
 * @result: what the callback was given
 * @error: why not all is written
 *
 * Returns: how many tasks were written; 0 with @error set
 */
gsize
crm_export_finish (CrmStore      *store,
                   GAsyncResult  *result,
                   GError       **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, store), 0);

  n = g_task_propagate_int (G_TASK (result), error);

  return MAX (n, 0);
}

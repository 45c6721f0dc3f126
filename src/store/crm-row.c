/* crm-row.c: all that the database keeps of a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-row.h"

#include "model/crm-error.h"
#include "model/crm-json-guard.h"
#include "model/crm-task-json.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* The columns before and behind the fields of the table. */
enum
{
  COLUMN_LOCAL_ID,
  COLUMN_CRM_ID,
  COLUMN_REVISION,
  COLUMN_STATE,
  COLUMN_FIRST_FIELD,
  COLUMN_CONFIRMED = COLUMN_FIRST_FIELD + CRM_N_FIELDS,
  COLUMN_DIRTY,
  COLUMN_UNCERTAIN,
  COLUMN_MAY_BE_THERE,
  COLUMN_RELEASED,
  COLUMN_ADOPTED,
  COLUMN_DISCARDING,
  COLUMN_ENTRY,
  COLUMN_ATTEMPTS,
  COLUMN_FAILURES,
  COLUMN_ATTEMPT_ID,
  COLUMN_NEXT_ATTEMPT,
  COLUMN_SET_AT,
  COLUMN_PROBLEM_CLASS,
  COLUMN_PROBLEM_STATUS,
  COLUMN_PROBLEM_ERROR_CODE,
  COLUMN_PROBLEM_CODE,
  COLUMN_PROBLEM_MESSAGE,
  COLUMN_PROBLEM_MORE,
  COLUMN_GUESSED,
  COLUMN_CONFLICT,
  COLUMN_THEIRS,
  COLUMN_LISTED,
  N_COLUMNS,
  COLUMN_TYPED = N_COLUMNS /* of a SELECT, behind the table’s own */
};

static const char *const columns_behind[] = {
  "confirmed",      "dirty",         "uncertain",          "may_be_there", "released",        "adopted",
  "discarding",     "entry",         "attempts",           "failures",     "attempt_id",      "next_attempt",
  "set_at",         "problem_class", "problem_status",     "problem_error_code", "problem_code",
  "problem_message", "problem_more",  "guessed",            "conflict",     "theirs",          "listed",
};

G_STATIC_ASSERT (COLUMN_CONFIRMED + G_N_ELEMENTS (columns_behind) == N_COLUMNS);

static const char *
column_name (guint column)
{
  static const char *const before[] = { "local_id", "crm_id", "revision", "state" };

  if (column < COLUMN_FIRST_FIELD)
    return before[column];
  if (column < COLUMN_CONFIRMED)
    return crm_field_get (column - COLUMN_FIRST_FIELD)->column;
  return columns_behind[column - COLUMN_CONFIRMED];
}

typedef enum
{
  SQL_SELECT,
  SQL_INSERT,
  SQL_UPDATE,
  N_SQL
} Sql;

static char *
write_sql (Sql kind)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) sets = g_string_new (NULL);
  g_autoptr (GString) places = g_string_new (NULL);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const char *comma = i + 1 < N_COLUMNS ? ", " : "";

      g_string_append_printf (names, "%s%s", column_name (i), comma);
      g_string_append_printf (places, "?%u%s", i + 1, comma);
      if (i > 0)
        g_string_append_printf (sets, "%s = ?%u%s", column_name (i), i + 1, comma);
    }

  switch (kind)
    {
    case SQL_SELECT:
      return g_strdup_printf ("SELECT %s, EXISTS (SELECT 1 FROM typed WHERE typed.local_id = ?1) FROM task "
                              "WHERE local_id = ?1",
                              names->str);
    case SQL_INSERT:
      return g_strdup_printf ("INSERT INTO task (%s) VALUES (%s)", names->str, places->str);
    case SQL_UPDATE:
      return g_strdup_printf ("UPDATE task SET %s WHERE local_id = ?1", sets->str);
    case N_SQL:
    default:
      g_assert_not_reached ();
    }
}

/* The field table names the columns, so the statements are made of it, once. */
static const char *
get_sql (Sql kind)
{
  static const char *sqls[N_SQL];
  static gsize done;

  if (g_once_init_enter (&done))
    {
      for (guint i = 0; i < N_SQL; i++)
        {
          g_autofree char *sql = write_sql (i);

          sqls[i] = g_intern_string (sql);
        }
      g_once_init_leave (&done, 1);
    }

  return sqls[kind];
}

static void
bind (const CrmRow *self,
      CrmStatement *statement)
{
  g_autofree char *confirmed = NULL;
  g_autofree char *more = NULL;
  g_autofree char *theirs = NULL;

  if (self->conflict != 0)
    theirs = crm_task_json_write_body (self->theirs, self->conflict, 0);
  if (self->confirmed != NULL)
    confirmed = crm_task_json_write_body (self->confirmed, self->known, 0);
  if (self->problem != NULL)
    more = crm_row_join_messages (self->problem->additional_messages);

  crm_statement_bind_id (statement, COLUMN_LOCAL_ID + 1, self->local_id);
  crm_statement_bind_id (statement, COLUMN_CRM_ID + 1, self->crm_id);
  crm_statement_bind_int (statement, COLUMN_REVISION + 1, self->revision);
  crm_statement_bind_text (statement, COLUMN_STATE + 1, crm_sync_state_get_nick (self->state));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      int index = COLUMN_FIRST_FIELD + i + 1;

      if (!crm_values_has (self->values, i))
        crm_statement_bind_text (statement, index, NULL);
      else if (crm_field_type_is_number (crm_field_get (i)->type))
        crm_statement_bind_int (statement, index, crm_values_get_number (self->values, i));
      else
        crm_statement_bind_text (statement, index, crm_values_get_text (self->values, i));
    }

  crm_statement_bind_text (statement, COLUMN_CONFIRMED + 1, confirmed);
  crm_statement_bind_int (statement, COLUMN_DIRTY + 1, self->dirty);
  crm_statement_bind_int (statement, COLUMN_UNCERTAIN + 1, self->uncertain);
  crm_statement_bind_int (statement, COLUMN_MAY_BE_THERE + 1, self->may_be_there);
  crm_statement_bind_int (statement, COLUMN_RELEASED + 1, self->released);
  crm_statement_bind_int (statement, COLUMN_ADOPTED + 1, self->adopted);
  crm_statement_bind_int (statement, COLUMN_DISCARDING + 1, self->discarding);
  crm_statement_bind_int (statement, COLUMN_ENTRY + 1, self->entry);
  crm_statement_bind_int (statement, COLUMN_ATTEMPTS + 1, self->attempts);
  crm_statement_bind_int (statement, COLUMN_FAILURES + 1, self->failures);
  crm_statement_bind_id (statement, COLUMN_ATTEMPT_ID + 1, self->attempt_id);
  crm_statement_bind_int (statement, COLUMN_NEXT_ATTEMPT + 1, self->next_attempt);
  crm_statement_bind_int (statement, COLUMN_SET_AT + 1, self->set_at);
  crm_statement_bind_text (statement, COLUMN_PROBLEM_CLASS + 1,
                           self->problem != NULL ? crm_answer_class_get_nick (self->problem->klass) : NULL);
  crm_statement_bind_int (statement, COLUMN_PROBLEM_STATUS + 1, self->problem != NULL ? self->problem->http_status : 0);
  crm_statement_bind_int (statement, COLUMN_PROBLEM_ERROR_CODE + 1,
                          self->problem != NULL ? self->problem->error_code : 0);
  crm_statement_bind_int (statement, COLUMN_PROBLEM_CODE + 1,
                          self->problem != NULL ? self->problem->specific_code : 0);
  crm_statement_bind_text (statement, COLUMN_PROBLEM_MESSAGE + 1, self->problem != NULL ? self->problem->message : NULL);
  crm_statement_bind_text (statement, COLUMN_PROBLEM_MORE + 1, more);
  crm_statement_bind_int (statement, COLUMN_GUESSED + 1, self->guessed);
  crm_statement_bind_int (statement, COLUMN_CONFLICT + 1, self->conflict);
  crm_statement_bind_text (statement, COLUMN_THEIRS + 1, theirs);
  crm_statement_bind_int (statement, COLUMN_LISTED + 1, self->listed);
}

static void
read_fields (CrmRow       *self,
             CrmStatement *statement)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      int column = COLUMN_FIRST_FIELD + i;

      if (crm_statement_is_null (statement, column))
        continue;
      if (crm_field_type_is_number (crm_field_get (i)->type))
        crm_values_set_number (self->values, i, crm_statement_get_int (statement, column));
      else
        crm_values_set_text (self->values, i, crm_statement_get_text (statement, column));
    }
}

static void
read_problem (CrmRow       *self,
              CrmStatement *statement)
{
  CrmAnswerClass klass;

  if (!crm_answer_class_from_nick (crm_statement_get_text (statement, COLUMN_PROBLEM_CLASS), &klass))
    return;

  self->problem = crm_problem_new (klass);
  self->problem->http_status = crm_statement_get_int (statement, COLUMN_PROBLEM_STATUS);
  self->problem->error_code = crm_statement_get_int (statement, COLUMN_PROBLEM_ERROR_CODE);
  self->problem->specific_code = crm_statement_get_int (statement, COLUMN_PROBLEM_CODE);
  self->problem->message = g_strdup (crm_statement_get_text (statement, COLUMN_PROBLEM_MESSAGE));
  self->problem->additional_messages = crm_row_split_messages (crm_statement_get_text (statement, COLUMN_PROBLEM_MORE));
}

static CrmRow *
read_row (CrmStatement *statement)
{
  CrmRow *self = crm_row_new ();
  const char *confirmed = crm_statement_get_text (statement, COLUMN_CONFIRMED);
  const char *theirs = crm_statement_get_text (statement, COLUMN_THEIRS);

  self->local_id = crm_statement_get_int (statement, COLUMN_LOCAL_ID);
  self->crm_id = crm_statement_get_int (statement, COLUMN_CRM_ID);
  self->revision = crm_statement_get_int (statement, COLUMN_REVISION);
  crm_sync_state_from_nick (crm_statement_get_text (statement, COLUMN_STATE), &self->state);
  read_fields (self, statement);
  if (confirmed != NULL)
    self->confirmed = crm_task_json_read_body (confirmed, &self->known);
  self->dirty = crm_statement_get_int (statement, COLUMN_DIRTY);
  self->uncertain = crm_statement_get_int (statement, COLUMN_UNCERTAIN);
  self->may_be_there = crm_statement_get_int (statement, COLUMN_MAY_BE_THERE) != 0;
  self->released = crm_statement_get_int (statement, COLUMN_RELEASED) != 0;
  self->adopted = crm_statement_get_int (statement, COLUMN_ADOPTED) != 0;
  self->discarding = crm_statement_get_int (statement, COLUMN_DISCARDING) != 0;
  self->entry = crm_statement_get_int (statement, COLUMN_ENTRY);
  self->attempts = crm_statement_get_int (statement, COLUMN_ATTEMPTS);
  self->failures = crm_statement_get_int (statement, COLUMN_FAILURES);
  self->attempt_id = crm_statement_get_int (statement, COLUMN_ATTEMPT_ID);
  self->next_attempt = crm_statement_get_int (statement, COLUMN_NEXT_ATTEMPT);
  self->set_at = crm_statement_get_int (statement, COLUMN_SET_AT);
  read_problem (self, statement);
  self->guessed = crm_statement_get_int (statement, COLUMN_GUESSED);
  if (theirs != NULL)
    self->theirs = crm_task_json_read_body (theirs, &self->conflict);
  self->listed = crm_statement_get_int (statement, COLUMN_LISTED) != 0;
  self->typed = crm_statement_get_int (statement, COLUMN_TYPED) != 0;

  return self;
}

/**
 * crm_row_new:
 *
 * Returns: (transfer full): a row of a task that isn't in the database yet: a draft without values, its first revision
 */
CrmRow *
crm_row_new (void)
{
  CrmRow *self = g_new0 (CrmRow, 1);

  self->revision = 1;
  self->entry = 1;
  self->values = crm_values_new ();

  return self;
}

/**
 * crm_row_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy of its own
 */
CrmRow *
crm_row_copy (const CrmRow *self)
{
  CrmRow *copy = g_memdup2 (self, sizeof *self);

  copy->values = crm_values_copy (self->values);
  copy->confirmed = crm_values_copy (self->confirmed);
  copy->theirs = crm_values_copy (self->theirs);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    copy->names[i] = g_strdup (self->names[i]);
  copy->problem = crm_problem_copy (self->problem);

  return copy;
}

/**
 * crm_row_free:
 * @self: (transfer full) (nullable): a row
 */
void
crm_row_free (CrmRow *self)
{
  if (self == NULL)
    return;

  crm_values_free (self->values);
  crm_values_free (self->confirmed);
  crm_values_free (self->theirs);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_free (self->names[i]);
  crm_problem_free (self->problem);
  g_free (self);
}

/**
 * crm_row_load:
 * @connection: a connection
 * @local_id: which task
 * @error: %CRM_ERROR_NO_SUCH_TASK when there is none
 *
 * Returns: (transfer full) (nullable): its row
 */
CrmRow *
crm_row_load (CrmConnection  *connection,
              gint64          local_id,
              GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_sql (SQL_SELECT), error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, local_id);
  if (!crm_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row)
    return read_row (statement);

  g_set_error (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK, _("There is no task %" G_GINT64_FORMAT " here"), local_id);
  return NULL;
}

/**
 * crm_row_insert:
 * @self: a row; one without a local id gets one
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is in the database
 */
gboolean
crm_row_insert (CrmRow         *self,
                CrmConnection  *connection,
                GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_sql (SQL_INSERT), error);

  if (statement == NULL)
    return FALSE;

  bind (self, statement);
  if (!crm_statement_run (statement, error))
    return FALSE;

  self->local_id = crm_connection_get_last_id (connection);
  return TRUE;
}

/**
 * crm_row_update:
 * @self: a row that is in the database
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is written
 */
gboolean
crm_row_update (const CrmRow   *self,
                CrmConnection  *connection,
                GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_sql (SQL_UPDATE), error);

  if (statement == NULL)
    return FALSE;

  bind (self, statement);
  return crm_statement_run (statement, error);
}

/**
 * crm_row_delete:
 * @self: a row that is in the database
 * @connection: a connection in a transaction
 * @error: why it could not be removed
 *
 * Removes the task and its history.
 *
 * Returns: whether it is gone
 */
gboolean
crm_row_delete (const CrmRow   *self,
                CrmConnection  *connection,
                GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "DELETE FROM task WHERE local_id = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, self->local_id);
  return crm_statement_run (statement, error);
}

/**
 * crm_row_to_task:
 * @self: a row
 *
 * Returns: (transfer full): the task, for those outside the store
 */
CrmTask *
crm_row_to_task (const CrmRow *self)
{
  CrmTaskData data = {
    .local_id = self->local_id,
    .crm_id = self->crm_id,
    .revision = self->revision,
    .state = self->state,
    .values = crm_values_copy (self->values),
    .dirty = self->dirty,
    .conflict = self->conflict,
    .theirs = crm_values_copy (self->theirs),
    .may_be_there = self->may_be_there,
    .discarding = self->discarding,
    .attempts = self->attempts,
    .next_attempt = self->state == CRM_SYNC_QUEUED ? self->next_attempt : 0,
    .problem = crm_problem_copy (self->problem),
    .typed = self->typed,
  };

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    data.names[i] = g_strdup (self->names[i]);

  return crm_task_new (&data);
}

/**
 * crm_row_get_confirmed:
 * @self: a row of a task with an id
 * @known: (out): the fields whose confirmed value is known
 *
 * Returns: (transfer full): what the CRM last confirmed
 */
CrmValues *
crm_row_get_confirmed (const CrmRow *self,
                       CrmFieldMask *known)
{
  *known = self->confirmed != NULL ? self->known : CRM_FIELDS_ALL;

  return crm_values_copy (self->confirmed != NULL ? self->confirmed : self->values);
}

/**
 * crm_row_find_crm_id:
 * @connection: a connection
 * @crm_id: an id of the CRM's
 * @local_id: (out): the task here that has it; 0 when none has
 * @error: why it could not be looked up
 *
 * Returns: whether it could be looked up
 */
gboolean
crm_row_find_crm_id (CrmConnection  *connection,
                     gint64          crm_id,
                     gint64         *local_id,
                     GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "SELECT local_id FROM task WHERE crm_id = ?1",
                                                               error);
  gboolean has_row;

  *local_id = 0;
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, crm_id);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;

  if (has_row)
    *local_id = crm_statement_get_int (statement, 0);
  return TRUE;
}

/**
 * crm_row_remove_pulled:
 * @connection: a connection in a transaction
 * @local_id: (inout): a task, or 0; 0 when it was removed
 * @error: why it could not be
 *
 * Removes a task that only a pull brought, and nobody touched here, when it turns out to be one that was written here.
 *
 * Returns: whether that could be done; also when there was nothing to remove
 */
gboolean
crm_row_remove_pulled (CrmConnection  *connection,
                       gint64         *local_id,
                       GError        **error)
{
  g_autoptr (CrmStatement) find = NULL;
  g_autoptr (CrmStatement) remove = NULL;
  gboolean was_pulled;

  if (*local_id == 0)
    return TRUE;

  find = crm_connection_prepare (connection,
                                 "SELECT 1 FROM task WHERE local_id = ?1 AND state = 'synced' AND listed = 1 AND adopted = 0"
                                 " AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.local_id = ?1)",
                                 error);
  if (find == NULL)
    return FALSE;
  crm_statement_bind_int (find, 1, *local_id);
  if (!crm_statement_step (find, &was_pulled, error))
    return FALSE;
  if (!was_pulled)
    return TRUE;

  remove = crm_connection_prepare (connection, "DELETE FROM task WHERE local_id = ?1", error);
  if (remove == NULL)
    return FALSE;
  crm_statement_bind_int (remove, 1, *local_id);
  *local_id = 0;
  return crm_statement_run (remove, error);
}

/**
 * crm_row_join_messages:
 * @messages: (nullable): texts
 *
 * Returns: (transfer full) (nullable): a JSON array of them; %NULL of none
 */
char *
crm_row_join_messages (GStrv messages)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;

  if (messages == NULL || messages[0] == NULL)
    return NULL;

  array = json_array_new ();
  for (guint i = 0; messages[i] != NULL; i++)
    json_array_add_string_element (array, messages[i]);

  root = json_node_init_array (json_node_alloc (), array);
  json_array_unref (array);

  return crm_json_guard_write (root, FALSE);
}

/**
 * crm_row_split_messages:
 * @joined: (nullable): what crm_row_join_messages() made
 *
 * Returns: (transfer full) (nullable): the texts; %NULL of none
 */
GStrv
crm_row_split_messages (const char *joined)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GBytes) bytes = joined != NULL ? g_bytes_new_static (joined, strlen (joined)) : NULL;
  g_autoptr (JsonNode) root = bytes != NULL ? crm_json_guard_parse (bytes) : NULL;
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *text = json_array_get_element (array, i);

      if (json_node_get_value_type (text) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (text));
    }

  return g_strv_builder_end (builder);
}

/* crm-row.c: all that the database keeps of a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-row.h"

#include "model/crm-error.h"
#include "model/crm-task-json.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
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

/* What is written of a column. */
typedef struct
{
  gboolean    is_null;
  gint64      number;
  const char *text; /* NULL: it is a number */
} Cell;

typedef struct
{
  Cell  cells[N_COLUMNS];
  char *owned[3];
} Cells;

/* The columns that no index and no trigger looks at cost nothing to write again, and keep the statements few. */
#define CHEAP_COLUMNS                                                                                                             \
  (BIT (COLUMN_REVISION) | BIT (COLUMN_CONFIRMED) | BIT (COLUMN_DIRTY) | BIT (COLUMN_UNCERTAIN) | BIT (COLUMN_ADOPTED) |           \
   BIT (COLUMN_DISCARDING) | BIT (COLUMN_ENTRY) | BIT (COLUMN_ATTEMPTS) | BIT (COLUMN_FAILURES) | BIT (COLUMN_ATTEMPT_ID) |        \
   BIT (COLUMN_PROBLEM_STATUS) | BIT (COLUMN_GUESSED) | BIT (COLUMN_CONFLICT) | BIT (COLUMN_THEIRS) | BIT (COLUMN_LISTED))
#define ALL_COLUMNS (BIT (N_COLUMNS) - 1)
#define BIT(column) (G_GUINT64_CONSTANT (1) << (column))

/* So many ways to write a row are kept prepared; what differs in yet another way is written whole. */
#define MOST_UPDATES 64

static char *
write_select (void)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < N_COLUMNS; i++)
    g_string_append_printf (names, "%s, ", column_name (i));

  return g_strdup_printf ("SELECT %sEXISTS (SELECT 1 FROM typed WHERE typed.local_id = ?1) FROM task WHERE local_id = ?1", names->str);
}

static char *
write_insert (void)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) places = g_string_new (NULL);

  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const char *comma = i + 1 < N_COLUMNS ? ", " : "";

      g_string_append_printf (names, "%s%s", column_name (i), comma);
      g_string_append_printf (places, "?%u%s", i + 1, comma);
    }

  return g_strdup_printf ("INSERT INTO task (%s) VALUES (%s)", names->str, places->str);
}

static char *
write_update (guint64 columns)
{
  GString *sets = g_string_new ("UPDATE task SET ");

  for (guint i = 0, n = 0; i < N_COLUMNS; i++)
    if ((columns & BIT (i)) != 0)
      g_string_append_printf (sets, "%s%s = ?%u", n++ > 0 ? ", " : "", column_name (i), i + 1);
  g_string_append (sets, " WHERE local_id = ?1");

  return g_string_free (sets, FALSE);
}

/* The field table names the columns, so the statements are made of it, once. */
static const char *
get_sql (char *(*write_sql) (void),
         gsize   *made)
{
  if (g_once_init_enter (made))
    {
      g_autofree char *sql = write_sql ();

      g_once_init_leave (made, GPOINTER_TO_SIZE (g_intern_string (sql)));
    }

  return GSIZE_TO_POINTER (*made);
}

static const char *
get_select (void)
{
  static gsize made;

  return get_sql (write_select, &made);
}

static const char *
get_insert (void)
{
  static gsize made;

  return get_sql (write_insert, &made);
}

/* *@columns: what is to be written; then what the statement writes. */
static const char *
get_update (guint64 *columns)
{
  static GMutex mutex;
  static GHashTable *updates; /* guint64 → interned SQL */
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&mutex);
  g_autofree char *sql = NULL;
  const char *known;

  if (updates == NULL)
    updates = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  if (g_hash_table_size (updates) >= MOST_UPDATES && !g_hash_table_contains (updates, columns))
    *columns = ALL_COLUMNS & ~BIT (COLUMN_LOCAL_ID);

  known = g_hash_table_lookup (updates, columns);
  if (known != NULL)
    return known;

  sql = write_update (*columns);
  known = g_intern_string (sql);
  g_hash_table_insert (updates, g_memdup2 (columns, sizeof *columns), (gpointer) known);

  return known;
}

static void
put_number (Cells *self,
            guint  column,
            gint64 number)
{
  self->cells[column].number = number;
}

static void
put_id (Cells *self,
        guint  column,
        gint64 id)
{
  self->cells[column] = (Cell) { .is_null = id == 0, .number = id };
}

static void
put_text (Cells      *self,
          guint       column,
          const char *text)
{
  self->cells[column] = (Cell) { .is_null = text == NULL, .text = text };
}

static void
cells_fill (Cells        *self,
            const CrmRow *row)
{
  const CrmProblem *problem = row->problem;

  memset (self, 0, sizeof *self);
  if (row->conflict != 0)
    self->owned[0] = crm_task_json_write_body (row->theirs, row->conflict, 0);
  if (row->confirmed != NULL)
    self->owned[1] = crm_task_json_write_body (row->confirmed, row->known, 0);
  if (problem != NULL)
    self->owned[2] = crm_row_join_messages (problem->additional_messages);

  put_id (self, COLUMN_LOCAL_ID, row->local_id);
  put_id (self, COLUMN_CRM_ID, row->crm_id);
  put_number (self, COLUMN_REVISION, row->revision);
  put_text (self, COLUMN_STATE, crm_sync_state_get_nick (row->state));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (!crm_values_has (row->values, i))
      put_text (self, COLUMN_FIRST_FIELD + i, NULL);
    else if (crm_field_type_is_number (crm_field_get (i)->type))
      put_number (self, COLUMN_FIRST_FIELD + i, crm_values_get_number (row->values, i));
    else
      put_text (self, COLUMN_FIRST_FIELD + i, crm_values_get_text (row->values, i));

  put_text (self, COLUMN_CONFIRMED, self->owned[1]);
  put_number (self, COLUMN_DIRTY, row->dirty);
  put_number (self, COLUMN_UNCERTAIN, row->uncertain);
  put_number (self, COLUMN_MAY_BE_THERE, row->may_be_there);
  put_number (self, COLUMN_RELEASED, row->released);
  put_number (self, COLUMN_ADOPTED, row->adopted);
  put_number (self, COLUMN_DISCARDING, row->discarding);
  put_number (self, COLUMN_ENTRY, row->entry);
  put_number (self, COLUMN_ATTEMPTS, row->attempts);
  put_number (self, COLUMN_FAILURES, row->failures);
  put_id (self, COLUMN_ATTEMPT_ID, row->attempt_id);
  put_number (self, COLUMN_NEXT_ATTEMPT, row->next_attempt);
  put_number (self, COLUMN_SET_AT, row->set_at);
  put_text (self, COLUMN_PROBLEM_CLASS, problem != NULL ? crm_answer_class_get_nick (problem->klass) : NULL);
  put_number (self, COLUMN_PROBLEM_STATUS, problem != NULL ? problem->http_status : 0);
  put_number (self, COLUMN_PROBLEM_ERROR_CODE, problem != NULL ? problem->error_code : 0);
  put_number (self, COLUMN_PROBLEM_CODE, problem != NULL ? problem->specific_code : 0);
  put_text (self, COLUMN_PROBLEM_MESSAGE, problem != NULL ? problem->message : NULL);
  put_text (self, COLUMN_PROBLEM_MORE, self->owned[2]);
  put_number (self, COLUMN_GUESSED, row->guessed);
  put_number (self, COLUMN_CONFLICT, row->conflict);
  put_text (self, COLUMN_THEIRS, self->owned[0]);
  put_number (self, COLUMN_LISTED, row->listed);
}

static void
cells_clear (Cells *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->owned); i++)
    g_free (self->owned[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cells, cells_clear)

static void
cells_bind (const Cells  *self,
            guint64       columns,
            CrmStatement *statement)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    if ((columns & BIT (i)) == 0)
      continue;
    else if (self->cells[i].is_null || self->cells[i].text != NULL)
      crm_statement_bind_text (statement, (int) i + 1, self->cells[i].text);
    else
      crm_statement_bind_int (statement, (int) i + 1, self->cells[i].number);
}

static gboolean
cell_is_at (const Cell   *self,
            CrmStatement *statement,
            guint         column)
{
  if (self->is_null || crm_statement_is_null (statement, (int) column))
    return self->is_null && crm_statement_is_null (statement, (int) column);
  if (self->text != NULL)
    return g_strcmp0 (self->text, crm_statement_get_text (statement, (int) column)) == 0;

  return self->number == crm_statement_get_int (statement, (int) column);
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
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_select (), error);
  gboolean has_row;

  if (statement == NULL)
    return NULL;

  crm_statement_bind_int (statement, 1, local_id);
  if (!crm_statement_step (statement, &has_row, error))
    return NULL;
  if (has_row)
    return read_row (statement);

  g_set_error (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK, _("There is no task %" PRId64 " here"), local_id);
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
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_insert (), error);
  g_auto (Cells) cells = { 0 };

  if (statement == NULL)
    return FALSE;

  cells_fill (&cells, self);
  cells_bind (&cells, ALL_COLUMNS, statement);
  if (!crm_statement_run (statement, error))
    return FALSE;

  self->local_id = crm_connection_get_last_id (connection);
  return TRUE;
}

static guint64
compare (const Cells  *cells,
         const CrmRow *before)
{
  g_auto (Cells) others = { 0 };
  guint64 columns = 0;

  cells_fill (&others, before);
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      const Cell *one = &cells->cells[i], *other = &others.cells[i];

      if (one->is_null != other->is_null || one->number != other->number || g_strcmp0 (one->text, other->text) != 0)
        columns |= BIT (i);
    }

  return columns;
}

/* SQLite writes every index of a column that is set, whether its value changes or not. */
static gboolean
find_differences (const CrmRow   *self,
                  const Cells    *cells,
                  CrmConnection  *connection,
                  guint64        *columns,
                  CrmSyncState   *state,
                  GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, get_select (), error);
  gboolean has_row;

  *columns = 0;
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, self->local_id);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;

  for (guint i = 0; has_row && i < N_COLUMNS; i++)
    if (!cell_is_at (&cells->cells[i], statement, i))
      *columns |= BIT (i);
  if (has_row)
    crm_sync_state_from_nick (crm_statement_get_text (statement, COLUMN_STATE), state);

  return TRUE;
}

/**
 * crm_row_update:
 * @self: a row that is in the database
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Writes what differs from what is there, and counts it.
 *
 * Returns: whether it is written
 */
gboolean
crm_row_update (const CrmRow   *self,
                CrmConnection  *connection,
                GError        **error)
{
  CrmStateMoves moves = { { 0 } };

  return crm_row_update_moving (self, NULL, &moves, connection, error) && crm_row_count_moves (&moves, connection, error);
}

/**
 * crm_row_update_moving:
 * @self: a row that is in the database
 * @before: (nullable): a copy of it as it was loaded in this transaction; %NULL: that is read again
 * @moves: (inout): its move from one state to another is added; crm_row_count_moves() is owed
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * The same for one row of many.
 *
 * Returns: whether it is written
 */
gboolean
crm_row_update_moving (const CrmRow   *self,
                       const CrmRow   *before,
                       CrmStateMoves  *moves,
                       CrmConnection  *connection,
                       GError        **error)
{
  g_autoptr (CrmStatement) statement = NULL;
  g_auto (Cells) cells = { 0 };
  CrmSyncState state = before != NULL ? before->state : self->state;
  guint64 columns;

  cells_fill (&cells, self);
  if (before != NULL)
    columns = compare (&cells, before);
  else if (!find_differences (self, &cells, connection, &columns, &state, error))
    return FALSE;
  if (columns == 0)
    return TRUE;

  columns |= CHEAP_COLUMNS;
  statement = crm_connection_prepare (connection, get_update (&columns), error);
  if (statement == NULL)
    return FALSE;

  moves->n[state]--;
  moves->n[self->state]++;
  cells_bind (&cells, columns | BIT (COLUMN_LOCAL_ID), statement);
  return crm_statement_run (statement, error);
}

/**
 * crm_row_update_claimed:
 * @self: a row that was queued, after crm_entry_claim()
 * @moves: (inout): as of crm_row_update_moving()
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * The same for a row that is known to differ in nothing but what a claim changes.
 *
 * Returns: whether it is written
 */
gboolean
crm_row_update_claimed (const CrmRow   *self,
                        CrmStateMoves  *moves,
                        CrmConnection  *connection,
                        GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "UPDATE task SET state = ?2, attempt_id = ?3, next_attempt = ?4, set_at = ?5 WHERE local_id = ?1",
      error);

  if (statement == NULL)
    return FALSE;

  moves->n[CRM_SYNC_QUEUED]--;
  moves->n[self->state]++;
  crm_statement_bind_int (statement, 1, self->local_id);
  crm_statement_bind_text (statement, 2, crm_sync_state_get_nick (self->state));
  crm_statement_bind_id (statement, 3, self->attempt_id);
  crm_statement_bind_int (statement, 4, self->next_attempt);
  crm_statement_bind_int (statement, 5, self->set_at);
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

/* crm-list-run.c: how far the reading of one of the CRM's lists is, durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-list-run.h"

/* By the CRM's clock, in seconds: what was changed before a run began is asked for again so far back. What took effect passed
 * the CRM's own check of five minutes, whatever our clock says (API.md §4). */
#define OVERLAP (10 * 60)

/* A list that is read so many times over without an end is given up. */
#define MOST_TIMES 3
#define MOST_PAGES 50

static const char *const nicks[CRM_N_LISTS] = {
  [CRM_LIST_VENUES] = "venues",   [CRM_LIST_USERS] = "users",         [CRM_LIST_OPPORTUNITIES] = "opportunities",
  [CRM_LIST_LEADS] = "leads",     [CRM_LIST_COMPANIES] = "companies", [CRM_LIST_TASKS] = "tasks",
  [CRM_LIST_CONTACTS] = "contacts",
};

/**
 * crm_list_get_nick:
 * @list: a list
 *
 * Returns: (transfer none): what the database and the command line call it
 */
const char *
crm_list_get_nick (CrmList list)
{
  g_return_val_if_fail (list < CRM_N_LISTS, NULL);

  return nicks[list];
}

/**
 * crm_list_get_record_kind:
 * @list: a list
 * @kind: (out): what its rows are
 *
 * Returns: whether they are records; else they are tasks
 */
gboolean
crm_list_get_record_kind (CrmList        list,
                          CrmRecordKind *kind)
{
  static const CrmRecordKind kinds[CRM_N_LISTS] = {
    [CRM_LIST_VENUES] = CRM_RECORD_VENUE,
    [CRM_LIST_USERS] = CRM_RECORD_USER,
    [CRM_LIST_OPPORTUNITIES] = CRM_RECORD_OPPORTUNITY,
    [CRM_LIST_LEADS] = CRM_RECORD_LEAD,
    [CRM_LIST_COMPANIES] = CRM_RECORD_COMPANY,
    [CRM_LIST_CONTACTS] = CRM_RECORD_CONTACT,
  };

  g_return_val_if_fail (list < CRM_N_LISTS, FALSE);

  *kind = kinds[list];
  return list != CRM_LIST_TASKS;
}

/**
 * crm_list_run_load:
 * @self: (out caller-allocates): where the list stands
 * @list: a list
 * @connection: a connection
 * @error: why it could not be read
 *
 * Returns: whether it could be read
 */
gboolean
crm_list_run_load (CrmListRun     *self,
                   CrmList         list,
                   CrmConnection  *connection,
                   GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "SELECT refused, since, swept_at, ended_at, serial, phase, run_from, begun, position, last_id, seen, total, pages,"
      " unsteady, kept_back, size FROM pull WHERE list = ?1",
      error);
  gboolean has_row;

  *self = (CrmListRun) { .list = list, .total = -1 };
  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, nicks[list]);
  if (!crm_statement_step (statement, &has_row, error))
    return FALSE;
  if (!has_row)
    return TRUE;

  self->refused = crm_statement_get_int (statement, 0) != 0;
  self->since = crm_statement_get_int (statement, 1);
  self->swept_at = crm_statement_get_int (statement, 2);
  self->ended_at = crm_statement_get_int (statement, 3);
  self->serial = crm_statement_get_int (statement, 4);
  self->phase = crm_statement_get_int (statement, 5);
  self->run_from = crm_statement_get_int (statement, 6);
  self->begun = crm_statement_get_int (statement, 7);
  self->position = crm_statement_get_int (statement, 8);
  self->last_id = crm_statement_get_int (statement, 9);
  self->seen = crm_statement_get_int (statement, 10);
  self->total = crm_statement_get_int (statement, 11);
  self->pages = crm_statement_get_int (statement, 12);
  self->unsteady = crm_statement_get_int (statement, 13) != 0;
  self->kept_back = crm_statement_get_int (statement, 14) != 0;
  self->size = crm_statement_get_int (statement, 15);

  return TRUE;
}

/**
 * crm_list_run_save:
 * @self: where a list stands
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is written
 */
gboolean
crm_list_run_save (const CrmListRun  *self,
                   CrmConnection     *connection,
                   GError           **error)
{
  const gint64 numbers[] = {
    self->refused,  self->since,   self->swept_at, self->ended_at, self->serial, self->phase,    self->run_from, self->begun,
    self->position, self->last_id, self->seen,     self->total,    self->pages,  self->unsteady, self->kept_back,
    self->size,
  };
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection,
      "INSERT OR REPLACE INTO pull (list, refused, since, swept_at, ended_at, serial, phase, run_from, begun, position, last_id,"
      " seen, total, pages, unsteady, kept_back, size)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
      error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, nicks[self->list]);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    crm_statement_bind_int (statement, i + 2, numbers[i]);

  return crm_statement_run (statement, error);
}

static gboolean
forget_seen (const CrmListRun  *self,
             CrmConnection     *connection,
             GError           **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "DELETE FROM pull_seen WHERE list = ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, nicks[self->list]);
  return crm_statement_run (statement, error);
}

/**
 * crm_list_run_begin:
 * @self: where a list stands
 * @kind: how much of it is wanted
 * @crm_now: the time by the CRM's clock; seconds since 1970, UTC
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Goes on where a run was cut off, or begins one.
 *
 * Returns: whether it is written
 */
gboolean
crm_list_run_begin (CrmListRun     *self,
                    CrmRunKind      kind,
                    gint64          crm_now,
                    CrmConnection  *connection,
                    GError        **error)
{
  /* One that has had no page yet begins when it has: by then the CRM's time may be known better. */
  gboolean goes_on = self->phase != CRM_PHASE_IDLE && (self->phase != CRM_PHASE_READING || self->pages > 0) &&
                     (kind == CRM_RUN_CHANGES || self->run_from == 0);

  self->serial++;
  if (!goes_on)
    {
      self->phase = CRM_PHASE_READING;
      self->run_from = kind == CRM_RUN_SWEEP ? 0 : self->since;
      self->begun = crm_now;
      self->position = 0;
      self->last_id = 0;
      self->seen = 0;
      self->total = -1;
      self->pages = 0;
      self->unsteady = FALSE;
      self->kept_back = FALSE;
      if (!forget_seen (self, connection, error))
        return FALSE;
    }

  return crm_list_run_save (self, connection, error);
}

/**
 * crm_list_run_has_seen:
 * @self: a run
 * @id: an id of the CRM's
 * @seen: (out): whether the run has come across it
 * @connection: a connection
 * @error: why it could not be read
 *
 * Returns: whether it could be read
 */
gboolean
crm_list_run_has_seen (const CrmListRun  *self,
                       gint64             id,
                       gboolean          *seen,
                       CrmConnection     *connection,
                       GError           **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT 1 FROM pull_seen WHERE list = ?1 AND crm_id = ?2", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, nicks[self->list]);
  crm_statement_bind_int (statement, 2, id);
  return crm_statement_step (statement, seen, error);
}

static gboolean
note_seen (CrmListRun     *self,
           gint64          id,
           CrmConnection  *connection,
           GError        **error)
{
  gboolean seen;
  g_autoptr (CrmStatement) statement = NULL;

  if (!crm_list_run_has_seen (self, id, &seen, connection, error))
    return FALSE;
  if (seen)
    return TRUE;

  statement = crm_connection_prepare (connection, "INSERT INTO pull_seen (list, crm_id) VALUES (?1, ?2)", error);
  if (statement == NULL)
    return FALSE;

  self->seen++;
  crm_statement_bind_text (statement, 1, nicks[self->list]);
  crm_statement_bind_int (statement, 2, id);
  return crm_statement_run (statement, error);
}

/* The run came to the list's end. */
static gboolean
finish_reading (CrmListRun     *self,
                gint64          now,
                CrmConnection  *connection,
                GError        **error)
{
  gboolean whole = !self->unsteady && self->seen == self->total;

  /* What was kept back, or fell between two pages, is asked for again. */
  if (!self->kept_back && self->seen >= self->total)
    self->since = MAX (self->begun - OVERLAP, 1);
  self->ended_at = now;

  if (self->run_from != 0 || !whole)
    return crm_list_run_end (self, now, connection, error);

  self->phase = CRM_PHASE_CONCLUDING;
  self->position = 0;
  return TRUE;
}

/**
 * crm_list_run_take_ids:
 * @self: a run
 * @ids: the ids of the page at its position; 0 for a row that can't be understood
 * @n_ids: how many there are
 * @total: how many the CRM says the list has
 * @now: microseconds since 1970, UTC
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Moves on. Each page begins with the row that ended the one before, so that rows that moved from one to the other are noticed:
 * when it doesn't, the run steps back to where it knows the rows, and what it did not find is not taken for deleted.
 *
 * Returns: whether it is written
 */
gboolean
crm_list_run_take_ids (CrmListRun    *self,
                       const gint64  *ids,
                       guint          n_ids,
                       gint64         total,
                       gint64         now,
                       CrmConnection *connection,
                       GError       **error)
{
  gboolean known = self->position == 0;

  self->serial++;
  self->pages++;
  self->total = total;
  if (n_ids > 0 && !known && ids[0] != 0 && !crm_list_run_has_seen (self, ids[0], &known, connection, error))
    return FALSE;
  /* Of a row that can't be understood nothing is known. */
  known = known || (n_ids > 0 && ids[0] == 0);
  if (self->last_id != 0 && self->position > 0 && (n_ids == 0 || ids[0] != self->last_id))
    self->unsteady = TRUE;

  for (guint i = 0; i < n_ids; i++)
    {
      self->unsteady = self->unsteady || ids[i] == 0;
      if (ids[i] != 0 && !note_seen (self, ids[i], connection, error))
        return FALSE;
    }

  /* A page of one row overlaps with none. */
  if (n_ids == 1 && self->pages > 1 && self->last_id == 0)
    known = TRUE;

  if (n_ids == 0)
    {
      self->unsteady = self->unsteady || self->seen < total;
      return finish_reading (self, now, connection, error) && crm_list_run_save (self, connection, error);
    }

  if (!known)
    {
      self->position = MAX (self->position - (gint64) n_ids, 0);
      self->last_id = 0;
    }
  else if (self->position + n_ids >= total)
    {
      return finish_reading (self, now, connection, error) && crm_list_run_save (self, connection, error);
    }
  else
    {
      gboolean overlaps = n_ids > 1;

      self->position += n_ids - (overlaps ? 1 : 0);
      self->last_id = overlaps ? ids[n_ids - 1] : 0;
      /* Nothing tells whether rows moved. */
      self->unsteady = self->unsteady || !overlaps;
    }

  if (self->pages > MOST_PAGES + MOST_TIMES * (total / MAX (n_ids - 1, 1)))
    {
      self->unsteady = TRUE;
      self->kept_back = TRUE;
      return finish_reading (self, now, connection, error) && crm_list_run_save (self, connection, error);
    }

  return crm_list_run_save (self, connection, error);
}

/**
 * crm_list_run_end:
 * @self: a run that is over
 * @now: microseconds since 1970, UTC
 * @connection: a connection in a transaction
 * @error: why it could not be written
 *
 * Returns: whether it is over in the database too, but for crm_list_run_save()
 */
gboolean
crm_list_run_end (CrmListRun     *self,
                  gint64          now,
                  CrmConnection  *connection,
                  GError        **error)
{
  if (self->phase == CRM_PHASE_CONCLUDING)
    {
      self->swept_at = now;
      self->size = self->seen;
    }
  self->phase = CRM_PHASE_IDLE;
  self->ended_at = now;

  return forget_seen (self, connection, error);
}

/**
 * crm_list_run_to_step:
 * @self: a run
 * @connection: a connection in a transaction
 * @error: why the outbox could not be read
 *
 * Returns: (transfer full) (nullable): what to do next
 */
CrmStep *
crm_list_run_to_step (const CrmListRun  *self,
                      CrmConnection     *connection,
                      GError           **error)
{
  static const CrmStepKind kinds[] = {
    [CRM_PHASE_IDLE] = CRM_STEP_DONE,
    [CRM_PHASE_READING] = CRM_STEP_ASK,
    [CRM_PHASE_CONCLUDING] = CRM_STEP_CONCLUDE,
  };
  g_autoptr (CrmStep) step = g_new0 (CrmStep, 1);
  g_autoptr (CrmStatement) statement = NULL;
  gboolean has_row;

  step->kind = kinds[CLAMP (self->phase, CRM_PHASE_IDLE, CRM_PHASE_CONCLUDING)];
  step->list = self->list;
  step->serial = self->serial;
  step->from = self->run_from;
  step->position = self->position;
  step->seen = self->seen;
  step->total = self->total;
  step->sending = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (self->list != CRM_LIST_TASKS || step->kind != CRM_STEP_ASK)
    return g_steal_pointer (&step);

  if (!crm_connection_get_int (connection, "SELECT coalesce (max (attempt_id), 0) FROM attempt", &step->last_attempt, error))
    return NULL;
  statement = crm_connection_prepare (connection, "SELECT local_id FROM task INDEXED BY task_sending WHERE state = 'sending'", error);
  if (statement == NULL)
    return NULL;
  for (;;)
    {
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return NULL;
      if (!has_row)
        return g_steal_pointer (&step);

      id = crm_statement_get_int (statement, 0);
      g_array_append_val (step->sending, id);
    }
}

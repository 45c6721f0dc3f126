/* sim-world.c: virtual time, chance, and what is remembered of a world
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

#include <stdarg.h>

/* 2026-03-01, in a world's beginning. */
#define BEGINNING (G_GINT64_CONSTANT (1772323200) * SIM_SECOND)

typedef struct
{
  gint64   time;
  guint    id;
  SimFunc  func;
  gpointer data;
} Event;

static int
compare_events (gconstpointer a,
                gconstpointer b,
                gpointer      user_data)
{
  const Event *first = a, *second = b;

  if (first->time != second->time)
    return first->time < second->time ? -1 : 1;

  return first->id < second->id ? -1 : first->id > second->id;
}

static void
send_free (gpointer data)
{
  SimSend *send = data;

  crm_values_free (send->values);
  g_bytes_unref (send->body);
  g_free (send);
}

static void
intent_free (gpointer data)
{
  SimIntent *intent = data;

  crm_values_free (intent->want);
  crm_values_free (intent->before);
  g_clear_pointer (&intent->undo, crm_undo_unref);
  g_free (intent);
}

static void
look_clear (gpointer data)
{
  g_free (((SimLook *) data)->name);
}

SimWorld *
sim_world_new (guint64     seed,
               SimPlant    plant,
               const char *folder,
               gboolean    verbose)
{
  SimWorld *self = g_new0 (SimWorld, 1);
  const guint32 seeds[2] = { (guint32) seed, (guint32) (seed >> 32) };

  self->seed = seed;
  self->plant = plant;
  self->verbose = verbose;
  self->story = g_checksum_new (G_CHECKSUM_SHA256);
  self->folder = g_strdup (folder);
  self->rand = g_rand_new_with_seed_array (seeds, 2);
  self->begun = self->now = BEGINNING + g_rand_int_range (self->rand, 0, 86400) * SIM_SECOND;
  self->events = g_sequence_new (g_free);
  self->events_by_id = g_hash_table_new (NULL, NULL);
  self->apps = g_ptr_array_new ();
  self->dead_apps = g_ptr_array_new_with_free_func (g_free);
  self->intents = g_hash_table_new (NULL, NULL);
  self->all_intents = g_ptr_array_new_with_free_func (intent_free);
  self->sends = g_hash_table_new (NULL, NULL);
  self->all_sends = g_ptr_array_new_with_free_func (send_free);
  self->looks = g_array_new (FALSE, FALSE, sizeof (SimLook));
  g_array_set_clear_func (self->looks, look_clear);
  self->well = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->crm = sim_crm_new (self);
  sim_batches_begin (self);

  return self;
}

void
sim_world_free (SimWorld *self)
{
  while (self->apps->len > 0)
    sim_app_crash (self->apps->pdata[0]);
  /* What is still under way to the CRM is let go. */
  while (sim_world_step (self, G_MAXINT64))
    ;

  sqlite3_close (self->db);
  sim_crm_free (self->crm);
  sim_batches_free (self);
  g_ptr_array_unref (self->apps);
  g_ptr_array_unref (self->dead_apps);
  g_sequence_free (self->events);
  g_hash_table_unref (self->events_by_id);
  g_hash_table_unref (self->intents);
  g_ptr_array_unref (self->all_intents);
  g_hash_table_unref (self->sends);
  g_ptr_array_unref (self->all_sends);
  g_array_unref (self->looks);
  g_array_unref (self->well);
  g_rand_free (self->rand);
  g_checksum_free (self->story);
  g_free (self->folder);
  g_free (self->failure);
  g_free (self);
}

/* Calls @func when @delay microseconds have passed. */
guint
sim_world_call (SimWorld *self,
                gint64    delay,
                SimFunc   func,
                gpointer  data)
{
  Event *event = g_new0 (Event, 1);

  *event = (Event) { .time = self->now + MAX (delay, 0), .id = ++self->last_event, .func = func, .data = data };
  g_hash_table_insert (self->events_by_id, GUINT_TO_POINTER (event->id),
                       g_sequence_insert_sorted (self->events, event, compare_events, NULL));

  return event->id;
}

void
sim_world_cancel (SimWorld *self,
                  guint     id)
{
  GSequenceIter *iter = g_hash_table_lookup (self->events_by_id, GUINT_TO_POINTER (id));

  if (iter == NULL)
    return;

  g_hash_table_remove (self->events_by_id, GUINT_TO_POINTER (id));
  g_sequence_remove (iter);
}

/* Until nothing is left to do at this instant: the same seed makes the same world however fast the threads are. */
void
sim_world_settle_down (SimWorld *self)
{
  for (;;)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      if (self->in_progress == 0)
        return;
      g_main_context_iteration (NULL, TRUE);
    }
}

/* Takes the next event; FALSE when there is none until then. */
gboolean
sim_world_step (SimWorld *self,
                gint64    until)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->events);
  Event event;

  if (g_sequence_iter_is_end (first))
    return FALSE;

  event = *(Event *) g_sequence_get (first);
  if (event.time > until)
    return FALSE;

  g_hash_table_remove (self->events_by_id, GUINT_TO_POINTER (event.id));
  g_sequence_remove (first);
  self->now = MAX (self->now, event.time);
  event.func (event.data);
  sim_world_settle_down (self);

  return TRUE;
}

/* From @from to @to, both included. */
gint64
sim_world_range (SimWorld *self,
                 gint64    from,
                 gint64    to)
{
  return to <= from ? from : from + (gint64) (g_rand_double (self->rand) * (to - from + 1));
}

gboolean
sim_world_chance (SimWorld *self,
                  guint     percent)
{
  return g_rand_int_range (self->rand, 0, 100) < (int) percent;
}

gint64
sim_world_get_count (SimWorld   *self,
                     const char *sql)
{
  sqlite3_stmt *stmt = NULL;
  gint64 n = -1;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step (stmt) == SQLITE_ROW)
    n = sqlite3_column_int64 (stmt, 0);
  else
    sim_world_fail (self, "The judge can’t read the database: %s", sqlite3_errmsg (self->db));
  sqlite3_finalize (stmt);

  return n;
}

void
sim_world_trace (SimWorld   *self,
                 const char *format,
                 ...)
{
  gint64 since = self->now - self->begun;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  line = g_strdup_printf ("# %4" G_GINT64_FORMAT ".%06" G_GINT64_FORMAT "  %s\n", since / SIM_SECOND, since % SIM_SECOND, text);

  g_checksum_update (self->story, (const guchar *) line, -1);
  if (self->verbose)
    g_printerr ("%s", line);
}

/* The first failure is the one that counts. */
void
sim_world_fail (SimWorld   *self,
                const char *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* Told on one line. */
  g_strdelimit (text, "\n", ' ');
  sim_world_trace (self, "FAILED: %s", text);
  if (self->failure == NULL)
    self->failure = g_steal_pointer (&text);
}

SimIntent *
sim_world_get_intent (SimWorld *self,
                      gint64    local_id)
{
  return g_hash_table_lookup (self->intents, GSIZE_TO_POINTER (local_id));
}

void
sim_row_read (SimRow   *row,
              SimWorld *world,
              gint64    local_id)
{
  static const char sql[] =
      "SELECT name, end_datetime, venue_id, lead_id, contact_id, company_id, priority, assigned_user_id, status,"
      " description, crm_id, revision, state, dirty, uncertain, may_be_there, released, adopted, discarding, failures,"
      " problem_class, problem_error_code, problem_code, problem_message FROM task WHERE local_id = ?1";
  sqlite3_stmt *stmt = NULL;

  *row = (SimRow) { .values = crm_values_new () };
  if (sqlite3_prepare_v2 (world->db, sql, -1, &stmt, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (world->db));

  sqlite3_bind_int64 (stmt, 1, local_id);
  if (sqlite3_step (stmt) == SQLITE_ROW)
    {
      row->exists = TRUE;
      for (guint i = 0; i < CRM_N_FIELDS; i++)
        if (sqlite3_column_type (stmt, i) == SQLITE_INTEGER)
          crm_values_set_number (row->values, i, sqlite3_column_int64 (stmt, i));
        else if (sqlite3_column_type (stmt, i) != SQLITE_NULL)
          crm_values_set_text (row->values, i, (const char *) sqlite3_column_text (stmt, i));
      row->crm_id = sqlite3_column_int64 (stmt, 10);
      row->revision = sqlite3_column_int64 (stmt, 11);
      crm_sync_state_from_nick ((const char *) sqlite3_column_text (stmt, 12), &row->state);
      row->dirty = sqlite3_column_int64 (stmt, 13);
      row->uncertain = sqlite3_column_int64 (stmt, 14);
      row->may_be_there = sqlite3_column_int (stmt, 15);
      row->released = sqlite3_column_int (stmt, 16);
      row->adopted = sqlite3_column_int (stmt, 17);
      row->discarding = sqlite3_column_int (stmt, 18);
      row->failures = sqlite3_column_int64 (stmt, 19);
      row->problem_class = g_strdup ((const char *) sqlite3_column_text (stmt, 20));
      row->problem_error_code = sqlite3_column_int64 (stmt, 21);
      row->problem_code = sqlite3_column_int64 (stmt, 22);
      row->problem_message = g_strdup ((const char *) sqlite3_column_text (stmt, 23));
    }
  sqlite3_finalize (stmt);
}

void
sim_row_clear (SimRow *row)
{
  g_clear_pointer (&row->values, crm_values_free);
  g_clear_pointer (&row->problem_class, g_free);
  g_clear_pointer (&row->problem_message, g_free);
}

char *
sim_values_to_string (const CrmValues *values)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (!crm_values_has (values, i))
      continue;
    else if (crm_field_type_is_number (crm_field_get (i)->type))
      g_string_append_printf (text, " %s=%" G_GINT64_FORMAT, crm_field_get (i)->key, crm_values_get_number (values, i));
    else
      g_string_append_printf (text, " %s=“%s”", crm_field_get (i)->key, crm_values_get_text (values, i));
  g_string_append (text, " }");

  return g_string_free (text, FALSE);
}

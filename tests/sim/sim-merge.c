/* sim-merge.c: worlds in which a second person edits on the CRM, and the app pulls
 *
 * Whatever anybody writes is written once in a world, and says by itself who wrote it: so that it can be told what was
 * overwritten, by whom, and whether that was known here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-merge.h"

#include "model/crm-shown-text.h"
#include "model/crm-task-json.h"

#include <string.h>

static char *
write_value (const CrmValues *values,
             CrmFieldId       field)
{
  if (!crm_values_has (values, field))
    return g_strdup ("");
  if (crm_field_type_is_number (crm_field_get (field)->type))
    return g_strdup_printf ("%u=%" G_GINT64_FORMAT, field, crm_values_get_number (values, field));

  {
    g_autofree char *plain = crm_text_from_html (crm_values_get_text (values, field));

    return g_strdup_printf ("%u=%s", field, g_strstrip (plain));
  }
}

/* Even ones are written here, odd ones there. */
void
sim_merge_invent (SimWorld   *world,
                  CrmValues  *values,
                  CrmFieldId  field,
                  gboolean    here)
{
  guint n = ++world->merge->last_value * 2 + (here ? 0 : 1);
  g_autoptr (GDateTime) base = g_date_time_new_utc (2027, 1, 1, 0, 0, 0);
  g_autoptr (GDateTime) due = g_date_time_add_seconds (base, n);
  g_autofree char *text = NULL;

  switch ((int) field)
    {
    case CRM_FIELD_NAME:
      text = g_strdup_printf ("Task %u", n);
      break;
    case CRM_FIELD_END_DATETIME:
      text = g_date_time_format (due, "%Y-%m-%d %H:%M:%S");
      break;
    case CRM_FIELD_DESCRIPTION:
      text = g_strdup_printf ("About %u", n);
      break;
    case CRM_FIELD_LEAD:
      /* Beyond 900 nobody exists. */
      crm_values_set_number (values, field, n % 900);
      return;
    default:
      crm_values_set_number (values, field, n);
      return;
    }
  crm_values_set_text (values, field, text);
}

gboolean
sim_merge_is_written_here (const char *value)
{
  gint64 n;

  if (*value == '\0')
    return FALSE;
  if (g_str_has_prefix (value, "1="))
    {
      g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
      g_autofree char *iso = g_strdelimit (g_strdup (value + 2), " ", 'T');
      g_autoptr (GDateTime) due = g_date_time_new_from_iso8601 (iso, utc);

      n = due != NULL ? g_date_time_to_unix (due) : 1;
    }
  else
    n = g_ascii_strtoll (value + strcspn (value, "=") + 1 + strcspn (strchr (value, '=') + 1, "0123456789"), NULL, 10);

  return n % 2 == 0;
}

static guint
get_serial (GHashTable *table,
            const char *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key));
}

static void
note_first (GHashTable *table,
            char       *key,
            guint       serial)
{
  if (g_hash_table_contains (table, key))
    g_free (key);
  else
    g_hash_table_insert (table, key, GUINT_TO_POINTER (serial));
}

SimMerge *
sim_merge_new (void)
{
  SimMerge *self = g_new0 (SimMerge, 1);
  GHashTable **tables[] = { &self->known, &self->written, &self->chosen, &self->applied, &self->given_up, &self->last, &self->past };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    *tables[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, tables[i] == &self->last ? g_free : NULL);
  self->choosing = g_hash_table_new (NULL, NULL);
  self->rows = g_hash_table_new (NULL, NULL);
  self->conflicts = g_hash_table_new (NULL, NULL);
  self->attempts = g_hash_table_new (NULL, NULL);
  self->as_new = g_hash_table_new (NULL, NULL);
  self->discarded = g_hash_table_new (NULL, NULL);
  self->serial = 1;

  return self;
}

void
sim_merge_free (SimMerge *self)
{
  GHashTable *tables[] = { self->known, self->written, self->chosen, self->applied, self->given_up, self->last, self->past,
                           self->choosing, self->rows, self->conflicts, self->attempts, self->as_new, self->discarded };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (tables[i]);
  g_free (self);
}

/* What is known here of what the CRM has. */
static void
note_known (SimWorld   *world,
            gint64      crm_id,
            const char *json,
            CrmValues  *values)
{
  CrmFieldMask mask = CRM_FIELDS_ALL;
  g_autoptr (CrmValues) known = json != NULL ? crm_task_json_read_body (json, &mask) : crm_values_copy (values);

  for (guint i = 0; known != NULL && i < G_N_ELEMENTS (sim_merge_fields); i++)
    if ((mask & CRM_FIELD_BIT (sim_merge_fields[i])) != 0)
      {
        g_autofree char *value = write_value (known, sim_merge_fields[i]);

        note_first (world->merge->known, g_strdup_printf ("%" G_GINT64_FORMAT "/%s", crm_id, value), world->merge->serial);
      }
}

/* One field of a row, after a commit. */
static void
look_at_field (SimWorld   *world,
               gint64      local_id,
               CrmFieldId  field,
               const char *value,
               gboolean    was_chosen)
{
  SimMerge *self = world->merge;
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT "/%u", local_id, field);
  const char *before = g_hash_table_lookup (self->last, key);

  if (g_strcmp0 (before, value) == 0)
    return;

  if (before != NULL)
    {
      char *past = g_strconcat (key, "/", before, NULL);
      g_autofree char *present = g_strconcat (key, "/", value, NULL);

      if (was_chosen && sim_merge_is_written_here (before))
        g_hash_table_add (self->given_up, g_strdup (before));
      if (*value != '\0' && !was_chosen && g_hash_table_contains (self->past, present))
        sim_world_fail (world, "Task %" G_GINT64_FORMAT ": an older value came back: %s after %s", local_id, value, before);
      if (sim_merge_is_written_here (before) && !sim_merge_is_written_here (value) && !was_chosen && !g_hash_table_contains (self->applied, before))
        sim_world_fail (world, "Task %" G_GINT64_FORMAT ": %s was written here, and gave way to %s unsent", local_id, before, value);
      g_hash_table_add (self->past, past);
    }
  if (sim_merge_is_written_here (value))
    note_first (self->written, g_strdup (value), self->serial);
  g_hash_table_insert (self->last, g_steal_pointer (&key), g_strdup (value));
}

static void
look_at_row (SimWorld     *world,
             sqlite3_stmt *stmt,
             GHashTable   *rows)
{
  SimMerge *self = world->merge;
  gint64 local_id = sqlite3_column_int64 (stmt, 0);
  gint64 crm_id = sqlite3_column_int64 (stmt, 1);
  const char *confirmed = (const char *) sqlite3_column_text (stmt, 2);
  CrmFieldMask conflict = (CrmFieldMask) sqlite3_column_int64 (stmt, 3);
  const char *theirs = (const char *) sqlite3_column_text (stmt, 4);
  CrmFieldMask before = GPOINTER_TO_UINT (g_hash_table_lookup (self->conflicts, GSIZE_TO_POINTER (local_id)));
  guint choosing = GPOINTER_TO_UINT (g_hash_table_lookup (self->choosing, GSIZE_TO_POINTER (local_id)));
  gboolean was_chosen = before != 0 && conflict == 0 && choosing != 0;
  g_auto (SimRow) row = { FALSE };

  sim_row_read (&row, world, local_id);
  for (guint i = 0; i < G_N_ELEMENTS (sim_merge_fields); i++)
    {
      g_autofree char *value = write_value (row.values, sim_merge_fields[i]);
      gboolean of_conflict = was_chosen && (before & CRM_FIELD_BIT (sim_merge_fields[i])) != 0;

      look_at_field (world, local_id, sim_merge_fields[i], value, of_conflict && (choosing & CRM_FIELD_BIT (sim_merge_fields[i])) != 0);
      if (of_conflict)
        g_hash_table_insert (self->chosen, g_strdup_printf ("%" G_GINT64_FORMAT "/%u", local_id, sim_merge_fields[i]),
                             GUINT_TO_POINTER (self->serial));
    }

  if (crm_id != 0)
    {
      g_hash_table_add (rows, GSIZE_TO_POINTER (crm_id));
      /* A value that is not confirmed is nobody's word but ours. */
      if (confirmed != NULL || row.dirty == 0)
        note_known (world, crm_id, confirmed, row.values);
      if (theirs != NULL)
        note_known (world, crm_id, theirs, NULL);
    }
  g_hash_table_insert (self->conflicts, GSIZE_TO_POINTER (local_id), GUINT_TO_POINTER (conflict));
}

void
sim_merge_after_commit (SimWorld *world)
{
  SimMerge *self = world->merge;
  g_autoptr (GHashTable) rows = g_hash_table_new (NULL, NULL);
  sqlite3_stmt *stmt = NULL;
  GHashTableIter iter;
  gpointer key;

  self->serial++;
  sqlite3_prepare_v2 (world->db, "SELECT local_id, crm_id, confirmed, conflict, theirs FROM task", -1, &stmt, NULL);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    look_at_row (world, stmt, rows);
  sqlite3_finalize (stmt);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!g_hash_table_contains (rows, key) && sim_crm_find (world->crm, GPOINTER_TO_SIZE (key)) != NULL)
      sim_world_fail (world, "#%" G_GSIZE_FORMAT " is on the CRM, and went from here", GPOINTER_TO_SIZE (key));
  g_hash_table_unref (self->rows);
  self->rows = g_steal_pointer (&rows);

  stmt = NULL;
  sqlite3_prepare_v2 (world->db, "SELECT attempt_id FROM attempt WHERE attempt_id > ?1 ORDER BY attempt_id", -1, &stmt, NULL);
  sqlite3_bind_int64 (stmt, 1, self->last_attempt);
  while (sqlite3_step (stmt) == SQLITE_ROW)
    {
      self->last_attempt = sqlite3_column_int64 (stmt, 0);
      g_hash_table_insert (self->attempts, GSIZE_TO_POINTER (self->last_attempt), GUINT_TO_POINTER (self->serial));
    }
  sqlite3_finalize (stmt);

  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE conflict <> 0 AND state IN ('queued', 'sending', 'synced')") > 0)
    sim_world_fail (world, "A task that was changed on both sides is sent, or about to be, without asking");
}

/* The CRM takes what was sent: over what? */
void
sim_merge_written (SimWorld         *world,
                   const SimCrmTask *task,
                   const CrmValues  *sent,
                   CrmFieldMask      mask,
                   const SimSend    *send)
{
  SimMerge *self = world->merge;
  guint claimed = GPOINTER_TO_UINT (g_hash_table_lookup (self->attempts, GSIZE_TO_POINTER (send->attempt_id)));

  for (guint i = 0; i < G_N_ELEMENTS (sim_merge_fields); i++)
    {
      g_autofree char *old = task != NULL ? write_value (task->values, sim_merge_fields[i]) : g_strdup ("");
      g_autofree char *new = write_value (sent, sim_merge_fields[i]);
      g_autofree char *known_key = g_strdup_printf ("%" G_GINT64_FORMAT "/%s", task != NULL ? task->id : 0, old);
      g_autofree char *chosen_key = g_strdup_printf ("%" G_GINT64_FORMAT "/%u", send->local_id, sim_merge_fields[i]);
      guint known;

      if ((mask & CRM_FIELD_BIT (sim_merge_fields[i])) == 0)
        continue;
      /* A colleague's value may be ours by now: of a task that was deleted, and sent as a new one. */
      if (g_hash_table_contains (self->applied, old))
        g_clear_pointer (&old, g_free);
      if (old == NULL)
        old = g_strdup ("");
      g_hash_table_add (self->applied, g_strdup (new));
      if (task == NULL || g_str_equal (old, new))
        continue;

      if (!sim_merge_is_written_here (new) && *old != '\0')
        sim_world_fail (world, "#%" G_GINT64_FORMAT ": %s was never written here, and overwrites %s", task->id, new, old);
      if (*old == '\0' || sim_merge_is_written_here (old))
        continue;
      known = get_serial (self->known, known_key);
      if (known != 0 && known < claimed && get_serial (self->written, new) < known && get_serial (self->chosen, chosen_key) < known)
        sim_world_fail (world, "#%" G_GINT64_FORMAT ": %s overwrites %s of a colleague, which was known, without asking", task->id,
                        new, old);
    }
}

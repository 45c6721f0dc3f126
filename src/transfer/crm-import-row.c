/* crm-import-row.c: what a row of a file says of a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-import-row.h"

#include "model/crm-datetime-words.h"
#include "model/crm-datetime.h"
#include "model/crm-error.h"
#include "model/crm-task-rules.h"
#include "transfer/crm-csv-writer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A date that is read otherwise on these two days depends on the day it is read. Seconds since 1970, UTC. */
#define ONE_DAY G_GINT64_CONSTANT (86400)
#define ANOTHER_DAY G_GINT64_CONSTANT (961070400)

/* Of a SHA-256, in hexadecimal. */
#define FINGERPRINT_LENGTH 32

typedef struct
{
  const CrmImportMap *map;
  CrmImportEntry     *entry;
  GString            *words;
  CrmFieldMask        failed; /* fields whose cell could not be understood */
} Reading;

static void
add_words (GString    *words,
           const char *header,
           const char *more)
{
  if (words->len > 0)
    g_string_append_c (words, '\n');
  if (header != NULL)
    /* Translators: a column’s header, or a field, and what is wrong with it */
    g_string_append_printf (words, _("%s: %s"), header, more);
  else
    g_string_append (words, more);
}

static const char *
name_field (const CrmImportMap *map,
            CrmFieldId          field)
{
  int column = crm_import_map_find (map, (int) field);

  return column >= 0 ? crm_import_map_get (map, (guint) column)->header : crm_field_get_label (field);
}

static gboolean
is_blank (GStrv cells)
{
  for (guint i = 0; cells[i] != NULL; i++)
    if (cells[i][strspn (cells[i], " \t")] != '\0')
      return FALSE;

  return TRUE;
}

/* As the editor reads what is typed, but for what means another time tomorrow. */
static char *
read_date (const char  *text,
           GTimeZone   *zone,
           char       **note,
           GError     **error)
{
  g_autoptr (GError) strictly = NULL;
  g_autofree char *utc = crm_datetime_parse (text, zone, note, &strictly);
  g_autofree char *again = NULL;

  if (utc != NULL)
    return g_steal_pointer (&utc);

  utc = crm_datetime_words_parse (text, ONE_DAY, zone, note, NULL);
  if (utc == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&strictly));
      return NULL;
    }

  again = crm_datetime_words_parse (text, ANOTHER_DAY, zone, NULL, NULL);
  if (g_strcmp0 (utc, again) == 0)
    return g_steal_pointer (&utc);

  g_clear_pointer (note, g_free);
  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
               _("“%s” means another time on another day; write the whole date, as 2026-12-01 17:00"), text);
  return NULL;
}

static void
read_cell (Reading    *self,
           CrmFieldId  field,
           GTimeZone  *zone,
           const char *header,
           char       *text)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;
  g_autofree char *prefix = g_strdup_printf ("%s: ", crm_field_get_label (field));

  if (crm_field_get (field)->type != CRM_FIELD_TYPE_TEXT)
    g_strstrip (text);

  if (crm_field_get (field)->type == CRM_FIELD_TYPE_DATETIME && *text != '\0' && g_utf8_validate (text, -1, NULL))
    {
      g_autofree char *utc = read_date (text, zone, &note, &error);

      crm_values_set_text (self->entry->values, field, utc);
    }
  else
    crm_values_parse (self->entry->values, field, text, zone, NULL, &error);

  if (note != NULL && self->entry->words == NULL)
    self->entry->words = g_strdup (note);
  if (error == NULL)
    return;

  self->failed |= CRM_FIELD_BIT (field);
  add_words (self->words, header, g_str_has_prefix (error->message, prefix) ? error->message + strlen (prefix) : error->message);
}

static void
read_crm_id (Reading    *self,
             const char *header,
             char       *text)
{
  const char *digits = g_strstrip (text);
  g_autofree char *words = NULL;

  if (*digits == '#')
    digits++;
  if (*digits == '\0' || g_ascii_string_to_signed (digits, 10, 1, crm_field_get (CRM_FIELD_LEAD)->limit, &self->entry->crm_id, NULL))
    return;

  words = g_strdup_printf (_("“%s” is no id of the CRM"), text);
  add_words (self->words, header, words);
}

/* Equal for equal values, whatever other columns there are. */
static char *
write_fingerprint (const CrmValues *values)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autofree char *number = NULL;
      const char *text;

      if (!crm_values_has (values, i))
        continue;
      if (crm_field_type_is_number (crm_field_get (i)->type))
        text = number = g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, i));
      else
        text = crm_values_get_text (values, i);

      g_checksum_update (checksum, (const guchar *) crm_field_get (i)->key, (gssize) strlen (crm_field_get (i)->key) + 1);
      g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
    }

  return g_strndup (g_checksum_get_string (checksum), FINGERPRINT_LENGTH);
}

static CrmFieldMask
get_mapped (const CrmImportMap *map)
{
  CrmFieldMask mask = 0;

  for (guint i = 0; i < crm_import_map_get_n (map); i++)
    if (crm_import_map_get (map, i)->target >= 0)
      mask |= CRM_FIELD_BIT (crm_import_map_get (map, i)->target);

  return mask;
}

static void
read_cells (Reading   *self,
            GTimeZone *zone,
            GStrv      cells)
{
  guint n = crm_import_map_get_n (self->map);
  guint i;

  for (i = 0; i < n && cells[i] != NULL; i++)
    {
      const CrmImportColumn *column = crm_import_map_get (self->map, i);
      g_autofree char *text = NULL;

      if (column->target == CRM_IMPORT_COLUMN_IGNORED)
        continue;

      text = crm_csv_writer_fuse (cells[i]);
      if (column->target == CRM_IMPORT_COLUMN_CRM_ID)
        read_crm_id (self, column->header, text);
      else
        read_cell (self, (CrmFieldId) column->target, zone, column->header, text);
    }

  if (cells[i] != NULL && !is_blank (cells + i))
    add_words (self->words, NULL,
               _("There are more cells than headers. Is a cell with the delimiter in it not in quotation marks?"));
}

/* What else there is to say of a row that can't be understood as a whole. */
static GPtrArray *
check_rest (Reading *self)
{
  GPtrArray *complaints = crm_task_rules_check (self->entry->values, self->entry->crm_id != 0 ? self->entry->touched : CRM_FIELDS_ALL);

  for (guint i = complaints->len; i > 0; i--)
    if ((self->failed & CRM_FIELD_BIT (((CrmComplaint *) complaints->pdata[i - 1])->field)) != 0)
      g_ptr_array_remove_index (complaints, i - 1);

  return complaints;
}

/**
 * crm_import_row_read:
 * @map: which column is what
 * @zone: the zone of dates that name none
 * @cells: the row's cells
 * @number: the row's number
 *
 * Reads the cells as the editor reads what is typed. Dates may be written as the locale does, but have to be whole. Any thread.
 *
 * Returns: (transfer full) (nullable): the row; %CRM_IMPORT_REFUSED when it can't be understood, with everything that is wrong; else
 *   to be judged. %NULL when all cells are blank
 */
CrmImportEntry *
crm_import_row_read (const CrmImportMap *map,
                     GTimeZone          *zone,
                     GStrv               cells,
                     gint64              number)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (CrmImportEntry) entry = NULL;
  Reading reading = { .map = map, .words = words };

  g_return_val_if_fail (map != NULL && zone != NULL && cells != NULL, NULL);

  if (is_blank (cells))
    return NULL;

  entry = crm_import_entry_new (number);
  reading.entry = entry;
  read_cells (&reading, zone, cells);
  entry->touched = entry->crm_id != 0 ? crm_values_get_mask (entry->values) : get_mapped (map);
  if (words->len > 0)
    {
      g_autoptr (GPtrArray) complaints = check_rest (&reading);

      g_free (entry->words);
      entry->words = g_strdup (words->str);
      crm_import_row_refuse (entry, map, complaints, cells);
    }
  else if (entry->crm_id == 0)
    entry->fingerprint = write_fingerprint (entry->values);

  return g_steal_pointer (&entry);
}

/**
 * crm_import_row_refuse:
 * @entry: a row
 * @map: which column is what
 * @complaints: (nullable) (element-type CrmComplaint): what the rules say of it; added to its words, if it is refused already
 * @cells: the row's cells
 *
 * Any thread.
 */
void
crm_import_row_refuse (CrmImportEntry     *entry,
                       const CrmImportMap *map,
                       GPtrArray          *complaints,
                       GStrv               cells)
{
  g_autoptr (GString) words = NULL;
  guint n;

  g_return_if_fail (entry != NULL && map != NULL && cells != NULL);

  words = g_string_new (entry->words);
  for (guint i = 0; complaints != NULL && i < complaints->len; i++)
    {
      const CrmComplaint *complaint = complaints->pdata[i];

      add_words (words, name_field (map, complaint->field), complaint->words);
    }

  g_free (entry->words);
  entry->words = g_string_free (g_steal_pointer (&words), FALSE);
  entry->verdict = CRM_IMPORT_REFUSED;

  n = g_strv_length (cells);
  g_strfreev (entry->cells);
  entry->cells = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = crm_csv_writer_fuse (cells[i]);

      entry->cells[i] = g_utf8_make_valid (text, -1);
    }
}

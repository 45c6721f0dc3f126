/* crm-import-reading.c: a file is read, and each of its rows judged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-import-reading.h"

#include "model/crm-error.h"
#include "store/crm-import-judge.h"
#include "transfer/crm-csv-reader.h"
#include "transfer/crm-import-row.h"
#include "transfer/crm-text-decoder.h"

#include <glib/gi18n-lib.h>

static GInputStream *
open_input (CrmImportReading  *self,
            GCancellable      *cancellable,
            GError           **error)
{
  if (self->file == NULL)
    return g_memory_input_stream_new_from_bytes (self->text);

  return G_INPUT_STREAM (g_file_read (self->file, cancellable, error));
}

/* It is read twice, so it can't be a pipe. */
static gboolean
look_at_file (CrmImportReading  *self,
              GCancellable      *cancellable,
              GError           **error)
{
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *name = NULL;

  if (self->file == NULL)
    {
      self->size = (gint64) g_bytes_get_size (self->text);
      return TRUE;
    }

  info = g_file_query_info (self->file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                            cancellable, error);
  if (info == NULL)
    return FALSE;

  self->size = g_file_info_get_size (info);
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR)
    return TRUE;

  name = g_file_get_parse_name (self->file);
  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s is no plain file"), name);
  return FALSE;
}

static gboolean
read_headers (CrmImportReading  *self,
              CrmCsvReader      *reader,
              GCancellable      *cancellable,
              GError           **error)
{
  GError *trouble = NULL;
  gint64 number;
  g_auto (GStrv) headers = crm_csv_reader_read (reader, &number, cancellable, &trouble);

  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return FALSE;
    }
  if (headers == NULL)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("There is nothing in it"));
      return FALSE;
    }

  self->delimiter = crm_csv_reader_get_delimiter (reader);
  self->map = crm_import_map_new (headers);
  crm_import_map_recall (self->map, self->memory);
  for (guint i = 0; self->told != NULL && self->told[i] != NULL; i++)
    if (!crm_import_map_set_words (self->map, self->told[i], error))
      return FALSE;
  if (!crm_import_map_check (self->map, error))
    return FALSE;

  return crm_import_map_remember (self->map, self->memory, error);
}

static gboolean
plan_row (CrmImportReading  *self,
          CrmImportJudging  *judging,
          GTimeZone         *zone,
          GStrv              cells,
          gint64             number,
          GError           **error)
{
  g_autoptr (CrmImportEntry) entry = crm_import_row_read (self->map, zone, cells, number);
  g_autoptr (GPtrArray) complaints = NULL;
  g_autofree char *note = NULL;

  if (entry == NULL)
    return TRUE;

  if (entry->verdict != CRM_IMPORT_REFUSED)
    {
      note = g_strdup (entry->words);
      if (!crm_import_judging_row (judging, entry, &complaints, error))
        return FALSE;
      if (entry->verdict == CRM_IMPORT_REFUSED)
        {
          /* What was assumed of a date is no reason. */
          if (g_strcmp0 (note, entry->words) == 0)
            g_clear_pointer (&entry->words, g_free);
          crm_import_row_refuse (entry, self->map, complaints, cells);
        }
    }

  return crm_import_book_add (self->book, entry, error);
}

static gboolean
read_rows (CrmImportReading  *self,
           CrmCsvReader      *reader,
           GSeekable         *position,
           GCancellable      *cancellable,
           GError           **error)
{
  g_autoptr (CrmImportJudging) judging = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  guint64 n_rows = 0;

  zone = self->zone_name != NULL ? g_time_zone_new_identifier (self->zone_name) : g_time_zone_new_local ();
  if (zone == NULL)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” is no time zone that is known here; write for example Europe/Berlin"),
                   self->zone_name);
      return FALSE;
    }

  self->book = crm_import_book_new (self->folder, error);
  if (self->book == NULL)
    return FALSE;
  judging = crm_import_judging_new (self->folder, self->book, self->allow_duplicates, self->draft, error);
  if (judging == NULL)
    return FALSE;

  for (;;)
    {
      GError *trouble = NULL;
      gint64 number;
      g_auto (GStrv) cells = crm_csv_reader_read (reader, &number, cancellable, &trouble);

      if (cells == NULL && trouble == NULL)
        return crm_import_book_end (self->book, error);
      if (trouble == NULL && !g_cancellable_set_error_if_cancelled (cancellable, &trouble))
        plan_row (self, judging, zone, cells, number, &trouble);
      if (trouble != NULL)
        {
          g_propagate_error (error, trouble);
          return FALSE;
        }

      n_rows++;
      self->progress (n_rows, self->size > 0 ? CLAMP (g_seekable_tell (position) / (double) self->size, 0, 1) : 0, self->progress_data);
    }
}

static gboolean
read_all (CrmImportReading  *self,
          GCancellable      *cancellable,
          GError           **error)
{
  g_autoptr (GInputStream) first = NULL;
  g_autoptr (GInputStream) second = NULL;
  g_autoptr (GInputStream) decoded = NULL;
  g_autoptr (CrmCsvReader) reader = NULL;

  if (!look_at_file (self, cancellable, error))
    return FALSE;

  if (self->encoding == NULL)
    {
      first = open_input (self, cancellable, error);
      self->encoding = first != NULL ? crm_text_decoder_recognise (first, cancellable, error) : NULL;
    }
  second = self->encoding != NULL ? open_input (self, cancellable, error) : NULL;
  decoded = second != NULL ? crm_text_decoder_new (second, self->encoding, cancellable, error) : NULL;
  if (decoded == NULL)
    return FALSE;

  reader = crm_csv_reader_new (decoded, self->delimiter);

  return read_headers (self, reader, cancellable, error) && read_rows (self, reader, G_SEEKABLE (second), cancellable, error);
}

/* What GIO says of a text that is no such text, or of a file, in words of its own. */
static GError *
put_into_words (CrmImportReading *self,
                GError           *error)
{
  g_autofree char *name = NULL;
  GError *said;

  if (error->domain == CRM_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;

  name = self->file != NULL ? g_file_get_parse_name (self->file) : g_strdup (C_("import", "The text"));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
    /* Translators: the name of a file, and of an encoding, as UTF-16LE */
    said = g_error_new (CRM_ERROR, CRM_ERROR_INVALID, _("%s is no text in the encoding %s"), name, self->encoding);
  else
    said = g_error_new (CRM_ERROR, CRM_ERROR_INVALID, _("%s can’t be read: %s"), name, error->message);
  g_error_free (error);

  return said;
}

/**
 * crm_import_reading_run:
 * @self: what is to be read, and how
 * @cancellable: (nullable): a cancellable
 * @error: why not all could be read: %CRM_ERROR_INVALID, what is wrong with the database, or %G_IO_ERROR_CANCELLED
 *
 * Blocks for I/O, and for as long as a million rows take. Any thread. The columns are known also when the rows could not be read.
 *
 * Returns: whether every row is judged
 */
gboolean
crm_import_reading_run (CrmImportReading  *self,
                        GCancellable      *cancellable,
                        GError           **error)
{
  GError *trouble = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (read_all (self, cancellable, &trouble))
    return TRUE;

  g_propagate_error (error, put_into_words (self, trouble));
  return FALSE;
}

/**
 * crm_import_reading_free:
 * @self: (transfer full): a reading
 */
void
crm_import_reading_free (CrmImportReading *self)
{
  g_clear_object (&self->file);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->folder);
  g_free (self->memory);
  g_strfreev (self->told);
  g_free (self->zone_name);
  g_free (self->encoding);
  crm_import_map_free (self->map);
  g_clear_pointer (&self->book, crm_import_book_unref);
  g_free (self);
}

/* crm-csv-reader.c: the records of a CSV file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-csv-reader.h"

#include "model/crm-error.h"

#include <csv.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* What the delimiter is recognised by. */
#define FIRST_BLOCK 65536
#define MOST_COMPARED 20
#define BLOCK 4096

#define MOST_BYTES (4 * 1024 * 1024)
#define MOST_CELLS 1024

static const char delimiters[] = ",;\t|";

typedef struct
{
  gint64     number;
  GPtrArray *cells;
} Record;

typedef enum
{
  IS_TOO_LONG,
  HAS_TOO_MANY_CELLS,
  HAS_NUL,
  IS_UNCLOSED,
} Breakage;

struct _CrmCsvReader
{
  GObject           parent_instance;

  GInputStream     *stream;
  char              delimiter;    /* '\0': not recognised yet */
  struct csv_parser parser;
  char             *block;
  gboolean          begun;
  gboolean          ended;
  GQueue            records;      /* of Record, read and not given out yet */

  /* The record under way. */
  GPtrArray        *cells;
  gsize             n_bytes;
  gint64            number;       /* of the last that ended */
  int               last_end;     /* the character that ended it */
  gint64            broken;       /* the record at which reading has to end; 0: none */
  Breakage          why;
};

G_DEFINE_FINAL_TYPE (CrmCsvReader, crm_csv_reader, G_TYPE_OBJECT)

static void
record_free (Record *self)
{
  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_free (self);
}

static void
give_up (CrmCsvReader *self,
         Breakage      why)
{
  if (self->broken != 0)
    return;

  self->broken = self->number + 1;
  self->why = why;
}

static void
set_error (CrmCsvReader  *self,
           GError       **error)
{
  switch (self->why)
    {
    case HAS_NUL:
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("Row %" PRId64 " has a zero byte; this is no text. Save it as CSV first"),
                   self->broken);
      break;
    case IS_UNCLOSED:
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   _("A quotation mark in row %" PRId64 " is never closed, so it can’t be told where its cell ends"), self->broken);
      break;
    case HAS_TOO_MANY_CELLS:
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("Row %" PRId64 " has more than 1,024 cells; this is no list of tasks"),
                   self->broken);
      break;
    case IS_TOO_LONG:
    default:
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   _("Row %" PRId64 " is longer than 4 MiB. Is a quotation mark missing at the end of a cell, there or before?"),
                   self->broken);
    }
}

static int
is_no_space (unsigned char c)
{
  return 0;
}

static void
cell_cb (void   *text,
         size_t  length,
         void   *data)
{
  CrmCsvReader *self = data;

  if (self->broken != 0)
    return;
  self->n_bytes += length;
  if (self->n_bytes > MOST_BYTES)
    give_up (self, IS_TOO_LONG);
  else if (self->cells->len == MOST_CELLS)
    give_up (self, HAS_TOO_MANY_CELLS);
  else
    g_ptr_array_add (self->cells, g_strndup (text != NULL ? text : "", length));
}

/* @end: the character; -1: the end of the file. */
static void
record_cb (int   end,
           void *data)
{
  CrmCsvReader *self = data;
  gboolean is_blank = self->cells->len == 0;

  /* The line feed behind a carriage return ends no row of its own. */
  if (is_blank && end == CSV_LF && self->last_end == CSV_CR)
    {
      self->last_end = end;
      return;
    }
  if (self->broken != 0)
    return;

  self->number++;
  self->last_end = end;
  self->n_bytes = 0;
  if (!is_blank)
    {
      Record *record = g_new0 (Record, 1);

      record->number = self->number;
      record->cells = g_steal_pointer (&self->cells);
      g_ptr_array_add (record->cells, NULL);
      g_queue_push_tail (&self->records, record);
      self->cells = g_ptr_array_new_with_free_func (g_free);
    }
}

static void
feed (CrmCsvReader *self,
      const char   *bytes,
      gsize         n)
{
  if (memchr (bytes, '\0', n) != NULL)
    {
      const char *nul = memchr (bytes, '\0', n);

      csv_parse (&self->parser, bytes, (gsize) (nul - bytes), cell_cb, record_cb, self);
      give_up (self, HAS_NUL);
      return;
    }

  csv_parse (&self->parser, bytes, n, cell_cb, record_cb, self);
  if (csv_error (&self->parser) != CSV_SUCCESS || self->parser.entry_pos > MOST_BYTES)
    give_up (self, IS_TOO_LONG);
}

/* How many cells the first record has by @delimiter, and how many records after it have as many. */
static void
try_delimiter (const char *text,
               gsize       n,
               char        delimiter,
               guint      *n_cells,
               guint      *n_alike)
{
  gboolean quoted = FALSE;
  guint cells = 1, n_records = 0;

  *n_cells = 0;
  *n_alike = 0;
  for (gsize i = 0; i < n && n_records < MOST_COMPARED; i++)
    {
      gboolean is_end = !quoted && (text[i] == '\n' || text[i] == '\r');

      if (text[i] == '"')
        quoted = !quoted;
      else if (!quoted && text[i] == delimiter)
        cells++;
      if (!is_end)
        continue;

      if (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r')
        {
          if (n_records++ == 0)
            *n_cells = cells;
          else
            *n_alike += cells == *n_cells;
        }
      cells = 1;
    }
  if (n_records == 0)
    *n_cells = cells;
}

static char
recognise_delimiter (const char *text,
                     gsize       n)
{
  char best = ',';
  guint most_cells = 1, most_alike = 0;

  for (guint i = 0; delimiters[i] != '\0'; i++)
    {
      guint n_cells, n_alike;

      try_delimiter (text, n, delimiters[i], &n_cells, &n_alike);
      if (n_cells > 1 && (most_cells == 1 || n_alike > most_alike || (n_alike == most_alike && n_cells > most_cells)))
        {
          best = delimiters[i];
          most_cells = n_cells;
          most_alike = n_alike;
        }
    }

  return best;
}

/* `sep=;`, by which a spreadsheet is told the delimiter, is no row to it. */
static gsize
take_separator_line (CrmCsvReader *self,
                     const char   *text,
                     gsize         n)
{
  gsize length = 5;

  if (n < 6 || g_ascii_strncasecmp (text, "sep=", 4) != 0 || (text[5] != '\r' && text[5] != '\n'))
    return 0;

  if (self->delimiter == '\0')
    self->delimiter = text[4];
  if (n > 6 && text[5] == '\r' && text[6] == '\n')
    length++;

  return length + 1;
}

static gboolean
begin (CrmCsvReader  *self,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autofree char *first = g_malloc (FIRST_BLOCK);
  gsize n, at;

  if (!g_input_stream_read_all (self->stream, first, FIRST_BLOCK, &n, cancellable, error))
    return FALSE;

  self->begun = TRUE;
  at = take_separator_line (self, first, n);
  if (self->delimiter == '\0')
    self->delimiter = recognise_delimiter (first + at, n - at);
  csv_set_delim (&self->parser, (unsigned char) self->delimiter);

  for (; at < n && self->broken == 0; at += BLOCK)
    feed (self, first + at, MIN (BLOCK, n - at));
  return TRUE;
}

static gboolean
read_more (CrmCsvReader  *self,
           GCancellable  *cancellable,
           GError       **error)
{
  gssize n;

  if (!self->begun)
    return begin (self, cancellable, error);

  n = g_input_stream_read (self->stream, self->block, BLOCK, cancellable, error);
  if (n < 0)
    return FALSE;
  if (n > 0)
    {
      feed (self, self->block, (gsize) n);
      return TRUE;
    }

  self->ended = TRUE;
  /* Before, it would refuse a quotation mark within a cell as well. */
  csv_set_opts (&self->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
  if (csv_fini (&self->parser, cell_cb, record_cb, self) != 0)
    give_up (self, IS_UNCLOSED);
  return TRUE;
}

static void
crm_csv_reader_finalize (GObject *object)
{
  CrmCsvReader *self = CRM_CSV_READER (object);

  csv_free (&self->parser);
  g_queue_clear_full (&self->records, (GDestroyNotify) record_free);
  g_clear_pointer (&self->cells, g_ptr_array_unref);
  g_clear_object (&self->stream);
  g_free (self->block);

  G_OBJECT_CLASS (crm_csv_reader_parent_class)->finalize (object);
}

static void
crm_csv_reader_class_init (CrmCsvReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_csv_reader_finalize;
}

static void
crm_csv_reader_init (CrmCsvReader *self)
{
  csv_init (&self->parser, CSV_REPALL_NL);
  csv_set_space_func (&self->parser, is_no_space);
  csv_set_blk_size (&self->parser, BLOCK);
  g_queue_init (&self->records);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  self->block = g_malloc (BLOCK);
}

/**
 * crm_csv_reader_new:
 * @stream: a text in UTF-8
 * @delimiter: what is between two cells; '\0': it is recognised by the first records
 *
 * Returns: (transfer full): a reader of its records, for one thread
 */
CrmCsvReader *
crm_csv_reader_new (GInputStream *stream,
                    char          delimiter)
{
  CrmCsvReader *self;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  self = g_object_new (CRM_TYPE_CSV_READER, NULL);
  self->stream = g_object_ref (stream);
  self->delimiter = delimiter;

  return self;
}

/**
 * crm_csv_reader_read:
 * @self: a reader
 * @number: (out): the record's number, as a spreadsheet counts rows: from 1, blank lines too
 * @cancellable: (nullable): a cancellable
 * @error: why there is none; %CRM_ERROR_INVALID, with the row, when the text is no CSV
 *
 * Quotation marks as in RFC 4180; spaces belong to their cell; a line ends with CR, LF or both. Blocks for I/O.
 *
 * Returns: (transfer full) (nullable): the cells of the next record that has any; %NULL without @error after the last
 */
GStrv
crm_csv_reader_read (CrmCsvReader  *self,
                     gint64        *number,
                     GCancellable  *cancellable,
                     GError       **error)
{
  Record *record;
  GStrv cells;

  g_return_val_if_fail (CRM_IS_CSV_READER (self) && number != NULL, NULL);

  *number = 0;
  while (g_queue_is_empty (&self->records) && self->broken == 0 && !self->ended)
    if (!read_more (self, cancellable, error))
      return NULL;

  record = g_queue_pop_head (&self->records);
  if (record == NULL)
    {
      if (self->broken != 0)
        set_error (self, error);
      return NULL;
    }

  *number = record->number;
  cells = (GStrv) g_ptr_array_free (g_steal_pointer (&record->cells), FALSE);
  record_free (record);
  return cells;
}

/**
 * crm_csv_reader_get_delimiter:
 * @self: a reader
 *
 * Returns: what is between two cells; known after the first record was read
 */
char
crm_csv_reader_get_delimiter (CrmCsvReader *self)
{
  g_return_val_if_fail (CRM_IS_CSV_READER (self), '\0');

  return self->delimiter;
}

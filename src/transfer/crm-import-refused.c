/* crm-import-refused.c: the rows that an import refused, for a spreadsheet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-import-refused.h"

#include "transfer/crm-csv-writer.h"

#include <glib/gi18n-lib.h>

/* Rows written at a time. */
#define PAGE 256

static gboolean
write_text (GString        *text,
            GOutputStream  *stream,
            GCancellable   *cancellable,
            GError        **error)
{
  gboolean written = g_output_stream_write_all (stream, text->str, text->len, NULL, cancellable, error);

  g_string_truncate (text, 0);
  return written;
}

/**
 * crm_import_refused_write:
 * @map: which column is what
 * @book: the rows
 * @stream: where to; it is left open
 * @cancellable: (nullable): a cancellable
 * @error: why not all is written
 *
 * Writes the refused rows as CSV, with a column that says why. Blocks for I/O. Any thread.
 *
 * Returns: whether all is written
 */
gboolean
crm_import_refused_write (const CrmImportMap  *map,
                          CrmImportBook       *book,
                          GOutputStream       *stream,
                          GCancellable        *cancellable,
                          GError             **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  guint n_columns = crm_import_map_get_n (map);
  gint64 n = crm_import_book_get_n (book, CRM_IMPORT_REFUSED);

  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (cells, crm_import_map_get (map, i)->header);
  g_ptr_array_add (cells, (gpointer) C_("column", "Why it was refused"));
  crm_csv_writer_append_row (text, (const char *const *) cells->pdata, cells->len);

  for (gint64 first = 0; first < n; first += PAGE)
    {
      g_autoptr (GPtrArray) page = crm_import_book_read (book, CRM_IMPORT_REFUSED, first, PAGE, error);

      for (guint i = 0; page != NULL && i < page->len; i++)
        {
          const CrmImportEntry *entry = page->pdata[i];
          guint n_cells = entry->cells != NULL ? g_strv_length (entry->cells) : 0;

          g_ptr_array_set_size (cells, 0);
          for (guint j = 0; j < MAX (n_columns, n_cells); j++)
            {
              /* The reason stands under its header; cells that are too many, behind it. */
              if (j == n_columns)
                g_ptr_array_add (cells, entry->words);
              g_ptr_array_add (cells, j < n_cells ? entry->cells[j] : NULL);
            }
          if (n_cells <= n_columns)
            g_ptr_array_add (cells, entry->words);
          crm_csv_writer_append_row (text, (const char *const *) cells->pdata, cells->len);
        }
      if (page == NULL || !write_text (text, stream, cancellable, error))
        return FALSE;
    }

  return write_text (text, stream, cancellable, error);
}

/* fuzz-csv.c: whatever a file holds, its rows are counted, are text, and are the same when they are written and read again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "model/crm-error.h"
#include "transfer/crm-csv-reader.h"
#include "transfer/crm-csv-writer.h"
#include "transfer/crm-import-row.h"
#include "transfer/crm-text-decoder.h"

#include <string.h>

static GPtrArray *
read_all (GBytes     *bytes,
          const char *encoding,
          char        delimiter,
          gboolean    counts_rows,
          GError    **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr (GInputStream) decoded = crm_text_decoder_new (stream, encoding, NULL, error);
  g_autoptr (CrmCsvReader) reader = NULL;
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gint64 number, last = 0;

  if (decoded == NULL)
    return records;

  reader = crm_csv_reader_new (decoded, delimiter);
  for (;;)
    {
      GStrv cells = crm_csv_reader_read (reader, &number, NULL, error);

      if (cells == NULL)
        return records;
      g_assert_cmpuint (g_strv_length (cells), >, 0);
      g_assert_true (counts_rows ? number > last : number == last + 1);
      last = number;
      g_ptr_array_add (records, cells);
    }
}

static void
assert_entry (const CrmImportMap *map,
              GTimeZone          *zone,
              GStrv               cells)
{
  g_autoptr (CrmImportEntry) entry = crm_import_row_read (map, zone, cells, 7);
  g_autoptr (CrmImportEntry) again = crm_import_row_read (map, zone, cells, 7);

  g_assert_true ((entry == NULL) == (again == NULL));
  if (entry == NULL)
    return;

  g_assert_cmpint (entry->number, ==, 7);
  g_assert_cmpstr (entry->fingerprint, ==, again->fingerprint);
  if (entry->verdict == CRM_IMPORT_REFUSED)
    {
      g_assert_nonnull (entry->cells);
      g_assert_cmpstr (entry->words, !=, "");
      g_assert_true (g_utf8_validate (entry->words, -1, NULL));
    }
  else
    {
      g_assert_true ((entry->fingerprint != NULL) == (entry->crm_id == 0));
      g_assert_true ((crm_values_get_mask (entry->values) & ~entry->touched) == 0);
    }
}

static void
assert_round (GPtrArray *records)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < records->len; i++)
    {
      const char *const *cells = records->pdata[i];
      guint n = g_strv_length ((GStrv) cells);

      /* A line with nothing in its one cell would be a blank one. */
      if (n > 1 || *cells[0] != '\0')
        crm_csv_writer_append_row (text, cells, n);
      else
        g_string_append (text, "\"\"\r\n");
    }

  bytes = g_bytes_new (text->str, text->len);
  again = read_all (bytes, "UTF-8", ',', FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, records->len);
  for (guint i = 0; i < records->len; i++)
    {
      GStrv before = records->pdata[i], after = again->pdata[i];

      g_assert_cmpuint (g_strv_length (after), ==, g_strv_length (before));
      for (guint j = 0; before[j] != NULL; j++)
        {
          g_autofree char *fused = crm_csv_writer_fuse (after[j]);

          g_assert_cmpstr (fused, ==, before[j]);
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static GTimeZone *zone;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);
  g_autofree char *encoding = crm_text_decoder_recognise (stream, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (CrmImportMap) map = NULL;

  if (zone == NULL)
    zone = g_time_zone_new_utc ();

  g_assert_nonnull (encoding);
  records = read_all (bytes, encoding, '\0', TRUE, &error);
  g_assert_true (error == NULL || error->domain == CRM_ERROR || error->domain == G_IO_ERROR);

  for (guint i = 0; i < records->len; i++)
    for (GStrv cells = records->pdata[i]; *cells != NULL; cells++)
      g_assert_true (g_utf8_validate (*cells, -1, NULL));
  if (records->len == 0)
    return 0;

  map = crm_import_map_new (records->pdata[0]);
  for (guint i = 1; i < records->len; i++)
    assert_entry (map, zone, records->pdata[i]);
  /* A mark at its beginning would be taken for one of the encoding, and `sep=` for a line of its own. */
  if (!g_str_has_prefix (*(GStrv) records->pdata[0], "\xef\xbb\xbf") && g_ascii_strncasecmp (*(GStrv) records->pdata[0], "sep=", 4) != 0)
    assert_round (records);

  return 0;
}

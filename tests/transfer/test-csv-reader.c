/* test-csv-reader.c: a CSV file says the same whatever its encoding, delimiter and line ends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-error.h"
#include "transfer/crm-csv-reader.h"
#include "transfer/crm-csv-writer.h"
#include "transfer/crm-text-decoder.h"

#include <string.h>

#define MIB (1024 * 1024)

static GInputStream *
open_bytes (GBytes *bytes)
{
  return g_memory_input_stream_new_from_bytes (bytes);
}

/* Records as `2:a|b`, each on a line. */
static char *
read_bytes (GBytes   *bytes,
            char      delimiter,
            char    **encoding,
            char     *recognised,
            GError  **error)
{
  g_autoptr (GInputStream) first = open_bytes (bytes);
  g_autoptr (GInputStream) second = open_bytes (bytes);
  g_autofree char *name = crm_text_decoder_recognise (first, NULL, NULL);
  g_autoptr (GInputStream) decoded = NULL;
  g_autoptr (CrmCsvReader) reader = NULL;
  g_autoptr (GString) all = g_string_new (NULL);
  GError *trouble = NULL;

  g_assert_nonnull (name);
  decoded = crm_text_decoder_new (second, name, NULL, &trouble);
  g_assert_no_error (trouble);
  reader = crm_csv_reader_new (decoded, delimiter);

  for (;;)
    {
      gint64 number;
      g_auto (GStrv) cells = crm_csv_reader_read (reader, &number, NULL, &trouble);
      g_autofree char *joined = NULL;

      if (cells == NULL)
        break;
      joined = g_strjoinv ("|", cells);
      g_string_append_printf (all, "%d:%s\n", (int) number, joined);
    }

  if (recognised != NULL)
    *recognised = crm_csv_reader_get_delimiter (reader);
  if (encoding != NULL)
    *encoding = g_steal_pointer (&name);
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }

  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
assert_read (const char *text,
             const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *found = read_bytes (bytes, ',', NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, expected);
}

static void
assert_refused (const char *text,
                gssize      length,
                const char *row)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length >= 0 ? (gsize) length : strlen (text));
  g_autoptr (GError) error = NULL;
  g_autofree char *found = read_bytes (bytes, ',', NULL, NULL, &error);

  g_assert_null (found);
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, row));
}

static GBytes *
encode (const char *text,
        const char *bom,
        gsize       bom_length,
        const char *encoding)
{
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  gsize length;
  g_autofree char *encoded = g_convert (text, -1, encoding, "UTF-8", NULL, &length, &error);

  g_assert_no_error (error);
  g_byte_array_append (array, (const guint8 *) bom, (guint) bom_length);
  g_byte_array_append (array, (const guint8 *) encoded, (guint) length);

  return g_byte_array_free_to_bytes (array);
}

static void
test_every_form (void)
{
  static const struct
  {
    const char *bom;
    gsize       bom_length;
    const char *encoding;
  } encodings[] = {
    { "", 0, "UTF-8" },    { "\xef\xbb\xbf", 3, "UTF-8" }, { "\xff\xfe", 2, "UTF-16LE" }, { "\xfe\xff", 2, "UTF-16BE" },
    { "", 0, "UTF-16LE" }, { "", 0, "UTF-16BE" },         { "", 0, "WINDOWS-1252" },
  };
  static const char delimiters[] = ",;\t|";
  static const char *const ends[] = { "\n", "\r\n", "\r" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    for (guint j = 0; delimiters[j] != '\0'; j++)
      for (guint k = 0; k < G_N_ELEMENTS (ends); k++)
        {
          g_autofree char *text = g_strdup_printf ("Näme%1$cDüe%1$cNotes%2$s"
                                                   "\"two%2$slines, of; all\t|\"%1$c2026%1$c \"\"x %2$s"
                                                   "%2$s"
                                                   "Crème brûlée – 5 €%1$c\"\"%1$c\"say \"\"yes\"\"\"%2$s"
                                                   "last%1$c%1$c",
                                                   delimiters[j], ends[k]);
          g_autofree char *expected = g_strdup_printf ("1:Näme|Düe|Notes\n"
                                                       "2:two%slines, of; all\t||2026| \"\"x \n"
                                                       "4:Crème brûlée – 5 €||say \"yes\"\n"
                                                       "5:last||\n",
                                                       ends[k]);
          g_autoptr (GBytes) bytes = encode (text, encodings[i].bom, encodings[i].bom_length, encodings[i].encoding);
          g_autoptr (GError) error = NULL;
          g_autofree char *encoding = NULL;
          char delimiter;
          g_autofree char *found = read_bytes (bytes, '\0', &encoding, &delimiter, &error);

          g_assert_no_error (error);
          g_assert_cmpstr (encoding, ==, encodings[i].encoding);
          g_assert_cmpint (delimiter, ==, delimiters[j]);
          g_assert_cmpstr (found, ==, expected);
        }
}

static void
test_rows_are_counted (void)
{
  assert_read ("a\r\n\r\n\r\nb\r\n", "1:a\n4:b\n");
  assert_read ("a\n\n\nb\n", "1:a\n4:b\n");
  assert_read ("a\r\r\rb\r", "1:a\n4:b\n");
  assert_read ("\n\"x\ny\"\n\"\r\n\r\n\"\nz", "2:x\ny\n3:\r\n\r\n\n4:z\n");
  assert_read (",\n", "1:|\n");
  assert_read ("", "");
  assert_read ("\n", "");
  assert_read ("sep=,\r\na,b\r\n", "1:a|b\n");
  assert_read ("a", "1:a\n");
  assert_read ("\"a\"", "1:a\n");
}

static void
test_spaces_are_kept (void)
{
  assert_read (" a , b\t,\tc \n", "1: a | b\t|\tc \n");
  assert_read ("\" a \",b\n", "1: a |b\n");
}

static void
test_what_is_no_csv (void)
{
  g_autofree char *long_cell = g_strnfill (4 * MIB + 8192, 'x');
  g_autofree char *commas = g_strnfill (2000, ',');
  g_autofree char *many = g_strdup_printf ("a\n%s\n", commas);
  g_autofree char *long_text = g_strdup_printf ("a\nb\n\"%s\"\n", long_cell);
  g_autofree char *half = g_strndup (long_cell, 3 * MIB);
  g_autofree char *long_record = g_strdup_printf ("a\n%s,%s\n", half, half);

  assert_refused ("a\nb\n\"c\nd\ne\n", -1, "row 3");
  assert_refused ("a\nb\0c\n", 6, "Row 2");
  assert_refused (many, -1, "Row 2");
  assert_refused (long_text, -1, "Row 3");
  assert_refused (long_record, -1, "Row 2");
}

static void
test_rows_before_come_first (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("a\nb\n\"c", 6);
  g_autoptr (GInputStream) stream = open_bytes (bytes);
  g_autoptr (CrmCsvReader) reader = crm_csv_reader_new (stream, ',');
  g_autoptr (GError) error = NULL;
  gint64 number;

  for (int i = 1; i <= 2; i++)
    {
      g_auto (GStrv) cells = crm_csv_reader_read (reader, &number, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (number, ==, i);
    }
  g_assert_null (crm_csv_reader_read (reader, &number, NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
}

/* What makes it another encoding than UTF-8 may come late, and across blocks. */
static void
test_encoding_of_the_whole (void)
{
  for (gsize length = 65530; length < 65540; length++)
    {
      g_autoptr (GString) text = g_string_new ("name\n");
      g_autofree char *found = NULL;
      g_autofree char *encoding = NULL;
      g_autofree char *latin_encoding = NULL;
      g_autofree char *latin_found = NULL;
      g_autoptr (GBytes) utf8 = NULL;
      g_autoptr (GBytes) latin = NULL;

      while (text->len < length)
        g_string_append_c (text, text->len % 64 == 0 ? '\n' : 'x');
      g_string_append (text, "€\n");
      utf8 = g_bytes_new (text->str, text->len);
      latin = encode (text->str, "", 0, "WINDOWS-1252");

      found = read_bytes (utf8, ',', &encoding, NULL, NULL);
      latin_found = read_bytes (latin, ',', &latin_encoding, NULL, NULL);
      g_assert_cmpstr (encoding, ==, "UTF-8");
      g_assert_cmpstr (latin_encoding, ==, "WINDOWS-1252");
      g_assert_nonnull (found);
      g_assert_cmpstr (found, ==, latin_found);
    }
}

static void
test_unknown_encoding (void)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("a", 1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (crm_text_decoder_new (stream, "KLINGON-1", NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
}

static void
test_written_is_read (void)
{
  static const char *const cells[] = { "=1+1", "'=x", "a\"b", " two\nlines ", "c;d,e\tf", "", "Ü" };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (CrmCsvReader) reader = NULL;
  g_auto (GStrv) found = NULL;
  gint64 number;

  crm_csv_writer_append_row (text, cells, G_N_ELEMENTS (cells));
  bytes = g_bytes_new (text->str, text->len);
  stream = open_bytes (bytes);
  reader = crm_csv_reader_new (stream, ',');
  found = crm_csv_reader_read (reader, &number, NULL, NULL);

  g_assert_nonnull (found);
  g_assert_cmpuint (g_strv_length (found), ==, G_N_ELEMENTS (cells));
  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autofree char *fused = crm_csv_writer_fuse (found[i]);

      g_assert_cmpstr (fused, ==, cells[i]);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/csv-reader/every-form", test_every_form);
  g_test_add_func ("/csv-reader/rows-are-counted", test_rows_are_counted);
  g_test_add_func ("/csv-reader/spaces-are-kept", test_spaces_are_kept);
  g_test_add_func ("/csv-reader/what-is-no-csv", test_what_is_no_csv);
  g_test_add_func ("/csv-reader/rows-before-come-first", test_rows_before_come_first);
  g_test_add_func ("/csv-reader/encoding-of-the-whole", test_encoding_of_the_whole);
  g_test_add_func ("/csv-reader/unknown-encoding", test_unknown_encoding);
  g_test_add_func ("/csv-reader/written-is-read", test_written_is_read);

  return g_test_run ();
}

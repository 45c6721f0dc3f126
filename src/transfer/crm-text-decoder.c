/* crm-text-decoder.c: text of whatever encoding, as UTF-8
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-text-decoder.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BLOCK 65536
#define MOST_BOM 3
/* The longest character in UTF-8, less one byte. */
#define MOST_REST 3

/* In UTF-16 the zero bytes of commas, digits and line ends are all on one side, and of so many characters one is such. */
#define RARELY 32

typedef struct
{
  guint8   first[MOST_BOM];
  gsize    n_first;
  guint64  n;
  guint64  zeros[2];    /* at even and at odd places */
  guint8   last;
  gboolean has_ends[2]; /* line ends of UTF-16, LE and BE */
  guint8   rest[MOST_REST];
  gsize    n_rest;      /* the beginning of a character whose end is in the next block */
  gboolean is_utf8;
} Survey;

static const char *
name_by_bom (const guint8 *bytes,
             gsize         n,
             gsize        *length)
{
  static const struct
  {
    const char *bytes;
    gsize       length;
    const char *name;
  } boms[] = { { "\xef\xbb\xbf", 3, "UTF-8" }, { "\xff\xfe", 2, "UTF-16LE" }, { "\xfe\xff", 2, "UTF-16BE" } };

  for (guint i = 0; i < G_N_ELEMENTS (boms); i++)
    if (n >= boms[i].length && memcmp (bytes, boms[i].bytes, boms[i].length) == 0)
      {
        *length = boms[i].length;
        return boms[i].name;
      }

  *length = 0;
  return NULL;
}

/* @bytes: with MOST_REST bytes before them that may be written. */
static void
look_at_utf8 (Survey *self,
              guint8 *bytes,
              gsize   n)
{
  const char *start = (const char *) bytes - self->n_rest;
  gsize length = n + self->n_rest;
  const char *end;

  memcpy ((char *) start, self->rest, self->n_rest);
  g_utf8_validate_len (start, length, &end);
  self->n_rest = length - (gsize) (end - start);
  if (self->n_rest > MOST_REST || (self->n_rest > 0 && g_utf8_get_char_validated (end, (gssize) self->n_rest) != (gunichar) -2))
    self->is_utf8 = FALSE;
  else
    memcpy (self->rest, end, self->n_rest);
}

static void
look_at (Survey *self,
         guint8 *bytes,
         gsize   n)
{
  for (gsize i = 0; i < n && self->n_first < MOST_BOM; i++)
    self->first[self->n_first++] = bytes[i];
  for (gsize i = 0; i < n; i++, self->n++)
    {
      if (bytes[i] == 0)
        self->zeros[self->n & 1]++;
      if ((self->n & 1) == 1 && bytes[i] == 0 && (self->last == '\n' || self->last == '\r'))
        self->has_ends[0] = TRUE;
      if ((self->n & 1) == 1 && self->last == 0 && (bytes[i] == '\n' || bytes[i] == '\r'))
        self->has_ends[1] = TRUE;
      self->last = bytes[i];
    }

  if (self->is_utf8)
    look_at_utf8 (self, bytes, n);
}

/* What a spreadsheet writes that knows no Unicode: the code page of the language it was sold in. */
static const char *
get_code_page (void)
{
  static const struct
  {
    const char *language;
    const char *name;
  } pages[] = { { "ar", "WINDOWS-1256" }, { "ja", "CP932" } };

  const char *language = g_get_language_names ()[0];

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_str_has_prefix (language, pages[i].language))
      return pages[i].name;

  return "WINDOWS-1252";
}

static const char *
conclude (const Survey *self)
{
  gsize length;
  const char *by_bom = name_by_bom (self->first, self->n_first, &length);

  if (by_bom != NULL && !g_str_equal (by_bom, "UTF-8"))
    return by_bom;
  if (self->is_utf8 && self->n_rest == 0)
    return "UTF-8";
  if (self->n % 2 == 0 && self->has_ends[0] && self->zeros[0] == 0 && self->zeros[1] > self->n / 2 / RARELY)
    return "UTF-16LE";
  if (self->n % 2 == 0 && self->has_ends[1] && self->zeros[1] == 0 && self->zeros[0] > self->n / 2 / RARELY)
    return "UTF-16BE";

  return get_code_page ();
}

/**
 * crm_text_decoder_recognise:
 * @stream: a text, at its beginning; it is read to its end
 * @cancellable: (nullable): a cancellable
 * @error: why it can't be read
 *
 * UTF-16 is known by its mark or by the zero bytes, UTF-8 by its being valid to the end, and what is neither is taken for the code
 * page of the language: Windows-1252, but for Japanese and Arabic.
 * Blocks for I/O. Any thread.
 *
 * Returns: (transfer full) (nullable): the name of the encoding
 */
char *
crm_text_decoder_recognise (GInputStream  *stream,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autofree guint8 *block = g_malloc (MOST_REST + BLOCK);
  Survey survey = { .is_utf8 = TRUE };

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);

  for (;;)
    {
      gssize n = g_input_stream_read (stream, block + MOST_REST, BLOCK, cancellable, error);

      if (n < 0)
        return NULL;
      if (n == 0)
        return g_strdup (conclude (&survey));
      look_at (&survey, block + MOST_REST, (gsize) n);
    }
}

/**
 * crm_text_decoder_new:
 * @stream: a text, at its beginning
 * @encoding: the name of its encoding, as iconv has it
 * @cancellable: (nullable): a cancellable, for its first bytes
 * @error: %CRM_ERROR_INVALID when there is no such encoding; or why the text can't be read
 *
 * A byte order mark is left out, and decides between the two UTF-16. Blocks for I/O. Any thread.
 *
 * Returns: (transfer full) (nullable): the same text in UTF-8; what can't be had in it is an error of reading
 */
GInputStream *
crm_text_decoder_new (GInputStream  *stream,
                      const char    *encoding,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr (GInputStream) buffered = NULL;
  g_autoptr (GCharsetConverter) converter = NULL;
  const char *by_bom;
  const guint8 *bytes;
  gboolean is_utf8;
  gsize n, length;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream) && encoding != NULL, NULL);

  buffered = g_buffered_input_stream_new_sized (stream, BLOCK);
  if (g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), -1, cancellable, error) < 0)
    return NULL;
  /* A pipe may give less at a time than a mark has. */
  while (g_buffered_input_stream_get_available (G_BUFFERED_INPUT_STREAM (buffered)) < MOST_BOM)
    {
      gssize more = g_buffered_input_stream_fill (G_BUFFERED_INPUT_STREAM (buffered), -1, cancellable, error);

      if (more < 0)
        return NULL;
      if (more == 0)
        break;
    }

  bytes = g_buffered_input_stream_peek_buffer (G_BUFFERED_INPUT_STREAM (buffered), &n);
  by_bom = name_by_bom (bytes, n, &length);
  is_utf8 = g_ascii_strcasecmp (encoding, "UTF-8") == 0 || g_ascii_strcasecmp (encoding, "UTF8") == 0;
  if (by_bom != NULL && g_ascii_strncasecmp (encoding, "UTF-16", 6) == 0 && g_str_has_prefix (by_bom, "UTF-16"))
    encoding = by_bom;
  else if (!is_utf8 || g_strcmp0 (by_bom, "UTF-8") != 0)
    length = 0;
  if (length > 0 && g_input_stream_skip (buffered, length, cancellable, error) < 0)
    return NULL;

  if (is_utf8)
    return g_steal_pointer (&buffered);

  converter = g_charset_converter_new ("UTF-8", encoding, NULL);
  if (converter == NULL)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” is no encoding that is known here"), encoding);
      return NULL;
    }

  return g_converter_input_stream_new (buffered, G_CONVERTER (converter));
}

/* fuzz.c: what the fuzz targets share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* A warning is fatal, by the signal that libFuzzer keeps the input for. */
static GLogWriterOutput
write_log (GLogLevelFlags   level,
           const GLogField *fields,
           gsize            n_fields,
           gpointer         user_data)
{
  g_log_writer_default (level, fields, n_fields, user_data);
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    abort ();

  return G_LOG_WRITER_HANDLED;
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);

  return 0;
}

/**
 * fuzz_take_line:
 * @data: (inout): the input; moved behind the line
 * @size: (inout): its size
 *
 * Returns: (transfer full): the first line of the input, up to a NUL
 */
char *
fuzz_take_line (const guint8 **data,
                gsize         *size)
{
  const guint8 *end = *size > 0 ? memchr (*data, '\n', *size) : NULL;
  gsize length = end != NULL ? (gsize) (end - *data) : *size;
  char *line = g_strndup ((const char *) *data, length);

  *size -= end != NULL ? length + 1 : length;
  *data += end != NULL ? length + 1 : length;

  return line;
}

/**
 * fuzz_assert_shown:
 * @text: words that a person is shown
 * @most: how many bytes they may have
 *
 * They are valid UTF-8, and no character in them acts on what they are shown in.
 */
void
fuzz_assert_shown (const char *text,
                   gsize       most)
{
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), <=, most);
  g_assert_true (g_utf8_validate (text, -1, NULL));

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_assert_true (c == '\n' || c == '\t' || !g_unichar_iscntrl (c));
      g_assert_false ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069));
    }
}

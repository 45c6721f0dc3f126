/* crm-json-guard.c: JSON from strangers made fit for json-glib, and its own made fit for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-json-guard.h"

#include <errno.h>
#include <string.h>

/* json-glib 1.6 overflows the stack on deep nesting, aborts on halves of surrogate pairs, takes a whole number
 * that 64 bits do not hold for another one, and takes much that is not JSON. So the grammar of RFC 8259 is
 * checked here first, without recursion. */

typedef enum
{
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END, /* right behind '[' */
  EXPECT_KEY,
  EXPECT_KEY_OR_END,   /* right behind '{' */
  EXPECT_COLON,
  EXPECT_COMMA_OR_END,
} Expect;

static char *
skip_space (char *at)
{
  while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
    at++;

  return at;
}

static char *
skip_digits (char *at)
{
  char *start = at;

  while (g_ascii_isdigit (*at))
    at++;

  return at != start ? at : NULL;
}

static gboolean
overflows (const char *number,
           const char *end)
{
  char *stop;

  errno = 0;
  g_ascii_strtoll (number, &stop, 10);

  return errno == ERANGE && stop == end;
}

/* A whole number beyond 64 bits gets an exponent in place of its last two digits, so that it is read as a double. */
static char *
skip_number (char *at)
{
  char *start = at;

  if (*at == '-')
    at++;

  if (*at == '0')
    at++;
  else if ((at = skip_digits (at)) == NULL)
    return NULL;

  if (*at != '.' && *at != 'e' && *at != 'E' && overflows (start, at))
    memcpy (at - 2, "e2", 2);

  if (*at == '.' && (at = skip_digits (at + 1)) == NULL)
    return NULL;

  if (*at == 'e' || *at == 'E')
    {
      at++;
      if (*at == '+' || *at == '-')
        at++;
      at = skip_digits (at);
    }

  return at;
}

/* The number that \uXXXX at @at stands for; -1: it isn't one. */
static int
read_escape (const char *at)
{
  int unit = 0;

  if (at[0] != '\\' || at[1] != 'u')
    return -1;

  for (guint i = 2; i < 6; i++)
    {
      if (!g_ascii_isxdigit (at[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (at[i]);
    }

  return unit;
}

/* Escapes that stand for no character become U+FFFD, in place: one of them must not cost the whole answer. */
static char *
skip_string (char *at)
{
  for (at++; *at != '"'; at++)
    {
      int unit;

      if ((guchar) *at < 0x20)
        return NULL;
      if (*at != '\\')
        continue;

      if (at[1] != 'u')
        {
          if (at[1] == '\0' || strchr ("\"\\/bfnrt", at[1]) == NULL)
            return NULL;
          at++;
          continue;
        }

      if ((unit = read_escape (at)) < 0)
        return NULL;

      if (unit >= 0xd800 && unit <= 0xdbff)
        {
          int low = read_escape (at + 6);

          if (low >= 0xdc00 && low <= 0xdfff)
            {
              at += 11;
              continue;
            }
        }

      if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff))
        memcpy (at + 2, "fffd", 4);
      at += 5;
    }

  return at + 1;
}

static char *
skip_word (char       *at,
           const char *word)
{
  return strncmp (at, word, strlen (word)) == 0 ? at + strlen (word) : NULL;
}

static char *
skip_scalar (char *at)
{
  switch (*at)
    {
    case '"':
      return skip_string (at);
    case 't':
      return skip_word (at, "true");
    case 'f':
      return skip_word (at, "false");
    case 'n':
      return skip_word (at, "null");
    default:
      return skip_number (at);
    }
}

/* @text ends with NUL. */
static gboolean
make_fit (char *text)
{
  char closing[CRM_JSON_MAX_DEPTH];
  guint depth = 0;
  Expect expect = EXPECT_VALUE;
  char *at = text;

  while (TRUE)
    {
      at = skip_space (at);

      if (depth > 0 && *at == closing[depth - 1]
          && (expect == EXPECT_VALUE_OR_END || expect == EXPECT_KEY_OR_END || expect == EXPECT_COMMA_OR_END))
        {
          depth--;
          at++;
          expect = EXPECT_COMMA_OR_END;
        }
      else if (expect == EXPECT_COMMA_OR_END)
        {
          if (*at++ != ',')
            return FALSE;
          expect = closing[depth - 1] == '}' ? EXPECT_KEY : EXPECT_VALUE;
        }
      else if (expect == EXPECT_COLON)
        {
          if (*at++ != ':')
            return FALSE;
          expect = EXPECT_VALUE;
        }
      else if (expect == EXPECT_KEY || expect == EXPECT_KEY_OR_END)
        {
          if (*at != '"' || (at = skip_string (at)) == NULL)
            return FALSE;
          expect = EXPECT_COLON;
        }
      else if (*at == '{' || *at == '[')
        {
          if (depth == CRM_JSON_MAX_DEPTH)
            return FALSE;
          closing[depth++] = *at == '{' ? '}' : ']';
          expect = *at == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
          at++;
        }
      else
        {
          if ((at = skip_scalar (at)) == NULL)
            return FALSE;
          expect = EXPECT_COMMA_OR_END;
        }

      if (depth == 0)
        return *skip_space (at) == '\0';
    }
}

/**
 * crm_json_guard_parse:
 * @bytes: what a server sent
 *
 * Takes JSON in valid UTF-8 without NUL, nested %CRM_JSON_MAX_DEPTH deep at most; a byte order mark is
 * overlooked. Of a key that comes twice the last one counts. Any thread.
 *
 * Returns: (transfer full) (nullable): the root, whatever its type; %NULL if @bytes are not JSON
 */
JsonNode *
crm_json_guard_parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autofree char *text = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &size);
  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      size -= 3;
    }

  if (size == 0 || !g_utf8_validate_len (data, size, NULL))
    return NULL;

  text = g_strndup (data, size);
  if (!make_fit (text))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, size, NULL))
    return NULL;

  return json_parser_steal_root (parser);
}

/**
 * crm_json_guard_write:
 * @root: what to write
 * @pretty: whether for people: indented, on several lines
 *
 * json-glib 1.6 leaves one of the control characters, U+001F, in texts as it is, which is not JSON. Any thread.
 *
 * Returns: (transfer full): @root as JSON
 */
char *
crm_json_guard_write (JsonNode *root,
                      gboolean  pretty)
{
  g_autofree char *text = json_to_string (root, pretty);
  g_autoptr (GString) fit = NULL;

  if (strchr (text, 0x1f) == NULL)
    return g_steal_pointer (&text);

  fit = g_string_new (text);
  g_string_replace (fit, "\x1f", "\\u001f", 0);

  return g_string_free (g_steal_pointer (&fit), FALSE);
}

/* crm-practice-json.c: strict reading of JSON that came from outside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-json.h"

#include <string.h>

/* json-glib takes comments, assignments and single quotes for JSON, and overflows the stack on deep nesting:
 * the text is judged here first. */
#define MAX_DEPTH 64

typedef struct
{
  const char *at;
  const char *end;
} Scan;

static gboolean scan_value (Scan *scan, guint depth);

static void
skip_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL)
    scan->at++;
}

static gboolean
scan_char (Scan *scan,
           char  c)
{
  if (scan->at >= scan->end || *scan->at != c)
    return FALSE;

  scan->at++;
  return TRUE;
}

static gboolean
scan_word (Scan       *scan,
           const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (scan->end - scan->at) < length || strncmp (scan->at, word, length) != 0)
    return FALSE;

  scan->at += length;
  return TRUE;
}

static gboolean
scan_digits (Scan *scan)
{
  const char *from = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;

  return scan->at > from;
}

static gboolean
scan_number (Scan *scan)
{
  scan_char (scan, '-');

  if (!scan_char (scan, '0') && !scan_digits (scan))
    return FALSE;

  if (scan_char (scan, '.') && !scan_digits (scan))
    return FALSE;

  if (scan_char (scan, 'e') || scan_char (scan, 'E'))
    {
      if (!scan_char (scan, '+'))
        scan_char (scan, '-');
      return scan_digits (scan);
    }

  return TRUE;
}

static gboolean
scan_escape (Scan *scan)
{
  if (scan->at >= scan->end)
    return FALSE;

  if (*scan->at == 'u')
    {
      scan->at++;
      for (int i = 0; i < 4; i++, scan->at++)
        if (scan->at >= scan->end || !g_ascii_isxdigit (*scan->at))
          return FALSE;
      return TRUE;
    }

  return strchr ("\"\\/bfnrt", *scan->at++) != NULL;
}

static gboolean
scan_string (Scan *scan)
{
  if (!scan_char (scan, '"'))
    return FALSE;

  while (scan->at < scan->end)
    {
      char c = *scan->at++;

      if (c == '"')
        return TRUE;
      if ((guchar) c < 0x20)
        return FALSE;
      if (c == '\\' && !scan_escape (scan))
        return FALSE;
    }

  return FALSE;
}

static gboolean
scan_members (Scan  *scan,
              guint  depth,
              char   closing,
              gboolean named)
{
  skip_space (scan);
  if (scan_char (scan, closing))
    return TRUE;

  do
    {
      skip_space (scan);
      if (named)
        {
          if (!scan_string (scan))
            return FALSE;
          skip_space (scan);
          if (!scan_char (scan, ':'))
            return FALSE;
        }
      if (!scan_value (scan, depth))
        return FALSE;
      skip_space (scan);
    }
  while (scan_char (scan, ','));

  return scan_char (scan, closing);
}

static gboolean
scan_value (Scan  *scan,
            guint  depth)
{
  if (depth >= MAX_DEPTH)
    return FALSE;

  skip_space (scan);
  if (scan->at >= scan->end)
    return FALSE;

  switch (*scan->at)
    {
    case '{':
      scan->at++;
      return scan_members (scan, depth + 1, '}', TRUE);
    case '[':
      scan->at++;
      return scan_members (scan, depth + 1, ']', FALSE);
    case '"':
      return scan_string (scan);
    case 't':
      return scan_word (scan, "true");
    case 'f':
      return scan_word (scan, "false");
    case 'n':
      return scan_word (scan, "null");
    default:
      return scan_number (scan);
    }
}

/**
 * crm_practice_json_parse:
 * @text: the text, @length bytes
 *
 * Reads JSON as RFC 8259 has it and nothing more: UTF-8, no comments, nothing behind it, nested 64 deep at most.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL when @text is not JSON
 */
JsonNode *
crm_practice_json_parse (const char *text,
                         gsize       length)
{
  g_autoptr (JsonParser) parser = NULL;
  Scan scan = { text, text + length };

  if (length == 0 || !g_utf8_validate_len (text, length, NULL) || !scan_value (&scan, 0))
    return NULL;

  skip_space (&scan);
  if (scan.at != scan.end)
    return NULL;

  parser = json_parser_new ();
  if (!json_parser_load_from_data (parser, text, length, NULL))
    return NULL;

  return json_parser_steal_root (parser);
}

/**
 * crm_practice_json_print:
 * @node: (transfer full): a value; it is freed
 *
 * Returns: (transfer full): @node as text on one line
 */
char *
crm_practice_json_print (JsonNode *node)
{
  char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  return text;
}

/* crm-shown-text.c: foreign text as it may be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-shown-text.h"

#include <string.h>

/* What follows it is shown in another order than it is stored in. The marks for single letters' direction (U+200E,
 * U+200F, U+061C) reorder nothing far away and belong to honest Arabic and Hebrew. */
static const struct
{
  gunichar    code;
  const char *name;
} directions[] = {
  { 0x202a, "[LRE]" }, { 0x202b, "[RLE]" }, { 0x202c, "[PDF]" }, { 0x202d, "[LRO]" }, { 0x202e, "[RLO]" },
  { 0x2066, "[LRI]" }, { 0x2067, "[RLI]" }, { 0x2068, "[FSI]" }, { 0x2069, "[PDI]" },
};

static const char *const block_tags[] = {
  "address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
  "li", "ol", "p", "pre", "table", "tr", "ul", NULL,
};

static const char *const inline_tags[] = {
  "a", "b", "em", "font", "i", "img", "s", "small", "span", "strong", "sub", "sup", "u", NULL,
};

static const char *const cell_tags[] = { "td", "th", NULL };

static const char *
get_direction (gunichar code)
{
  for (guint i = 0; i < G_N_ELEMENTS (directions); i++)
    if (directions[i].code == code)
      return directions[i].name;

  return NULL;
}

/* Appends what the entity at @at stands for; returns where the text goes on. */
static const char *
append_entity (GString    *plain,
               const char *at)
{
  static const struct
  {
    const char *entity;
    const char *text;
  } entities[] = {
    { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&apos;", "'" }, { "&nbsp;", " " },
  };
  char *end = NULL;
  guint64 code = 0;

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (at, entities[i].entity))
      {
        g_string_append (plain, entities[i].text);
        return at + strlen (entities[i].entity);
      }

  if (at[1] == '#')
    code = at[2] == 'x' ? g_ascii_strtoull (at + 3, &end, 16) : g_ascii_strtoull (at + 2, &end, 10);
  if (code > 0 && code <= 0x10ffff && g_unichar_validate (code) && end != NULL && *end == ';')
    {
      g_string_append_unichar (plain, code);
      return end + 1;
    }

  g_string_append_c (plain, '&');
  return at + 1;
}

/* The length of the tag's name at @at, a "<", and whether it closes; 0: there is no tag. */
static gsize
read_tag (const char  *at,
          const char **name)
{
  *name = at[1] == '/' ? at + 2 : at + 1;

  return g_ascii_isalpha (**name) ? strspn (*name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
}

static gboolean
is_one_of (const char *const *tags,
           const char        *name,
           gsize              length)
{
  for (guint i = 0; tags[i] != NULL; i++)
    if (strlen (tags[i]) == length && g_ascii_strncasecmp (tags[i], name, length) == 0)
      return TRUE;

  return FALSE;
}

static void
add_space (GString *plain)
{
  if (plain->len > 0 && strchr (" \n", plain->str[plain->len - 1]) == NULL)
    g_string_append_c (plain, ' ');
}

/* One line break between blocks, two where a paragraph ends. */
static void
break_line (GString  *plain,
            gboolean  paragraph)
{
  gsize wanted = paragraph ? 2 : 1;
  gsize there = 0;

  while (plain->len > 0 && plain->str[plain->len - 1] == ' ')
    g_string_truncate (plain, plain->len - 1);
  while (there < plain->len && plain->str[plain->len - 1 - there] == '\n')
    there++;
  for (; plain->len > 0 && there < wanted; there++)
    g_string_append_c (plain, '\n');
}

/**
 * crm_shown_text:
 * @text: (nullable): text of another's making, valid UTF-8
 *
 * Control characters, and those that change the order in which text is shown, become visible: ␛, [RLO]. Line breaks and
 * tabs stay. What is shown so is never to be stored. Any thread.
 *
 * Returns: (transfer full) (nullable): the text for a label, not for markup; %NULL for %NULL
 */
char *
crm_shown_text (const char *text)
{
  g_autoptr (GString) shown = NULL;

  if (text == NULL)
    return NULL;

  shown = g_string_sized_new (strlen (text));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar code = g_utf8_get_char (at);
      const char *name = get_direction (code);

      if (name != NULL)
        g_string_append (shown, name);
      else if (code == '\n' || code == '\t')
        g_string_append_c (shown, (char) code);
      else if (code == 0x2028 || code == 0x2029 || (code == '\r' && at[1] == '\n'))
        {
          if (code != '\r')
            g_string_append_c (shown, '\n');
        }
      else if (code < 0x20)
        g_string_append_unichar (shown, 0x2400 + code);
      else if (code == 0x7f)
        g_string_append_unichar (shown, 0x2421);
      else if (code >= 0x80 && code < 0xa0)
        g_string_append_unichar (shown, 0xfffd);
      else
        g_string_append_unichar (shown, code);
    }

  return g_string_free (g_steal_pointer (&shown), FALSE);
}

/**
 * crm_text_unescape:
 * @html: text that may hold entities, valid UTF-8
 *
 * Returns: (transfer full): the text with `&amp;` and its like as what they stand for. Any thread.
 */
char *
crm_text_unescape (const char *html)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  g_return_val_if_fail (html != NULL, NULL);

  for (const char *at = html; *at != '\0';)
    {
      if (*at == '&')
        at = append_entity (plain, at);
      else
        g_string_append_c (plain, *at++);
    }

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

/**
 * crm_text_from_html:
 * @html: a description as a CRM may give it (API.md §1), valid UTF-8
 *
 * Takes the tags away, keeps lines and paragraphs apart, and reads the entities. Space is as a page shows it. What is
 * no tag stays. Any thread.
 *
 * Returns: (transfer full): the plain text
 */
char *
crm_text_from_html (const char *html)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  const char *last_close;

  g_return_val_if_fail (html != NULL, NULL);

  last_close = strrchr (html, '>');
  for (const char *at = html; *at != '\0';)
    {
      const char *name = NULL;
      gsize length = *at == '<' && last_close != NULL && at < last_close ? read_tag (at, &name) : 0;

      if (length > 0)
        {
          if (is_one_of (block_tags, name, length))
            break_line (plain, *name == 'p' || *name == 'P');
          else if (is_one_of (cell_tags, name, length))
            add_space (plain);
          at = strchr (at, '>') + 1;
        }
      else if (*at == '&')
        at = append_entity (plain, at);
      else if (g_ascii_isspace (*at))
        {
          add_space (plain);
          at++;
        }
      else
        g_string_append_c (plain, *at++);
    }

  return g_strchomp (g_string_free (g_steal_pointer (&plain), FALSE));
}

/**
 * crm_text_is_html:
 * @text: (nullable): text
 *
 * Returns: whether a tag that descriptions are written with is in it. Any thread.
 */
gboolean
crm_text_is_html (const char *text)
{
  for (const char *at = text != NULL ? strchr (text, '<') : NULL; at != NULL; at = strchr (at + 1, '<'))
    {
      const char *name;
      gsize length = read_tag (at, &name);

      if (length > 0 && strchr (" />\t\r\n", name[length]) != NULL && strchr (name, '>') != NULL &&
          (is_one_of (block_tags, name, length) || is_one_of (inline_tags, name, length) || is_one_of (cell_tags, name, length)))
        return TRUE;
    }

  return FALSE;
}

/**
 * crm_shown_text_get_written:
 * @text: (nullable): a text
 *
 * Any thread.
 *
 * Returns: which way it is written, told by its first letter
 */
CrmWritten
crm_shown_text_get_written (const char *text)
{
  for (const char *p = text; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (!g_unichar_isalpha (letter))
        continue;

      switch (g_unichar_get_script (letter))
        {
        case G_UNICODE_SCRIPT_ADLAM:
        case G_UNICODE_SCRIPT_ARABIC:
        case G_UNICODE_SCRIPT_HEBREW:
        case G_UNICODE_SCRIPT_NKO:
        case G_UNICODE_SCRIPT_SYRIAC:
        case G_UNICODE_SCRIPT_THAANA:
          return CRM_WRITTEN_RIGHT_TO_LEFT;
        default:
          return CRM_WRITTEN_LEFT_TO_RIGHT;
        }
    }

  return CRM_WRITTEN_EITHER;
}

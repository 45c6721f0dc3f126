/* crm-csv-writer.c: rows of a CSV file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-csv-writer.h"

#include <string.h>

/* A spreadsheet takes a cell that begins so for a formula, and runs it. */
static gboolean
looks_like_formula (const char *text)
{
  return *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
}

/* What stands behind apostrophes counts, or one that was put there could not be told from one that was written. */
static gboolean
is_fused (const char *text)
{
  return looks_like_formula (text + strspn (text, "'"));
}

static void
append_cell (GString    *csv,
             const char *text)
{
  g_autofree char *defused = crm_csv_writer_defuse (text);

  if (strpbrk (defused, ",;\t\"\r\n") == NULL && !g_ascii_isspace (*defused) &&
      (*defused == '\0' || !g_ascii_isspace (defused[strlen (defused) - 1])))
    {
      g_string_append (csv, defused);
      return;
    }

  g_string_append_c (csv, '"');
  for (const char *p = defused; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

/**
 * crm_csv_writer_append_row:
 * @csv: where it is written
 * @cells: (array length=n_cells) (element-type utf8) (nullable): its cells; %NULL: empty
 * @n_cells: how many
 *
 * Writes a record of RFC 4180, with crm_csv_writer_defuse() for each cell. Any thread.
 */
void
crm_csv_writer_append_row (GString           *csv,
                           const char *const *cells,
                           gsize              n_cells)
{
  g_return_if_fail (csv != NULL);

  for (gsize i = 0; i < n_cells; i++)
    {
      if (i > 0)
        g_string_append_c (csv, ',');
      if (cells[i] != NULL)
        append_cell (csv, cells[i]);
    }
  g_string_append (csv, "\r\n");
}

/**
 * crm_csv_writer_defuse:
 * @text: what a cell says
 *
 * Any thread.
 *
 * Returns: (transfer full): the same behind an apostrophe where a spreadsheet would run it as a formula
 */
char *
crm_csv_writer_defuse (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return is_fused (text) ? g_strconcat ("'", text, NULL) : g_strdup (text);
}

/**
 * crm_csv_writer_fuse:
 * @text: what crm_csv_writer_defuse() gave, or any other cell
 *
 * Any thread.
 *
 * Returns: (transfer full): what it was given
 */
char *
crm_csv_writer_fuse (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  return g_strdup (*text == '\'' && is_fused (text) ? text + 1 : text);
}

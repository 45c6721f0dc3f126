/* crm-import-map.c: which column of a file is which field
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-import-map.h"

#include "model/crm-error.h"
#include "model/crm-private-file.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* So many header rows are remembered. */
#define MOST_REMEMBERED 100

#define KEY_CRM_ID "id"
#define KEY_IGNORED "empty"
#define KEY_COLUMNS "columns"

struct _CrmImportMap
{
  GPtrArray *columns; /* of CrmImportColumn */
  gboolean   is_told; /* not all of it was recognised */
};

/* What else other programs call a field; in English, and as the translation has it. */
static const struct
{
  const char *headers;
  int         target;
} synonyms[] = {
  /* Translators: this and those that follow are what a spreadsheet may write above a column, separated by “|”; as many as you like.
   * Case, spaces and punctuation don’t matter, and the English ones are understood as well. Here: the CRM’s id of a task */
  { NC_("header of a column", "CRM id|task id"), CRM_IMPORT_COLUMN_CRM_ID },
  /* Translators: the name of a task */
  { NC_("header of a column", "title|subject|summary|task|task name"), CRM_FIELD_NAME },
  /* Translators: when a task is due */
  { NC_("header of a column", "due date|due time|due at|deadline|end|end date"), CRM_FIELD_END_DATETIME },
  /* Translators: the opportunity or lead a task belongs to */
  { NC_("header of a column", "opportunity|opportunity id"), CRM_FIELD_LEAD },
  /* Translators: the priority of a task */
  { NC_("header of a column", "importance"), CRM_FIELD_PRIORITY },
  /* Translators: whom a task is assigned to */
  { NC_("header of a column", "assigned|assigned user|assignee id"), CRM_FIELD_ASSIGNED_USER },
  /* Translators: the description of a task */
  { NC_("header of a column", "details|note|notes|comment|comments"), CRM_FIELD_DESCRIPTION },
};

static void
column_free (CrmImportColumn *self)
{
  g_free (self->header);
  g_free (self);
}

/* Without case, spaces and punctuation. */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = g_utf8_casefold (composed, -1);
  g_autoptr (GString) plain = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && !g_unichar_ispunct (c) && !g_unichar_iscntrl (c) && !g_unichar_iszerowidth (c))
        g_string_append_unichar (plain, c);
    }

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static gboolean
is_same (const char *folded,
         const char *name)
{
  g_autofree char *other = fold (name);

  return g_str_equal (folded, other);
}

static gboolean
is_one_of (const char *folded,
           const char *headers)
{
  g_auto (GStrv) each = g_strsplit (headers, "|", -1);

  for (guint i = 0; each[i] != NULL; i++)
    if (is_same (folded, each[i]))
      return TRUE;

  return FALSE;
}

static gboolean
recognise (const char *name,
           int        *target)
{
  g_autofree char *folded = fold (name);

  *target = CRM_IMPORT_COLUMN_IGNORED;
  if (*folded == '\0')
    return FALSE;

  for (int i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if (is_same (folded, field->key) || is_same (folded, field->option) || is_same (folded, field->label) ||
          is_same (folded, crm_field_get_label (i)))
        {
          *target = i;
          return TRUE;
        }
    }

  if (g_str_equal (folded, KEY_CRM_ID) || is_same (folded, C_("field", "CRM id")))
    {
      *target = CRM_IMPORT_COLUMN_CRM_ID;
      return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (synonyms); i++)
    if (is_one_of (folded, synonyms[i].headers) ||
        is_one_of (folded, g_dpgettext2 (GETTEXT_PACKAGE, "header of a column", synonyms[i].headers)))
      {
        *target = synonyms[i].target;
        return TRUE;
      }

  return FALSE;
}

static CrmImportColumn *
get (const CrmImportMap *self,
     guint               column)
{
  return self->columns->pdata[column];
}

/* A field is one column: the first that is recognised, the last that is told. */
static void
assign (CrmImportMap *self,
        guint         column,
        int           target)
{
  int other = crm_import_map_find (self, target);

  if (target != CRM_IMPORT_COLUMN_IGNORED && other >= 0)
    get (self, (guint) other)->target = CRM_IMPORT_COLUMN_IGNORED;
  get (self, column)->target = target;
}

static char *
list_headers (const CrmImportMap *self)
{
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  for (guint i = 0; i < self->columns->len; i++)
    g_strv_builder_add (headers, get (self, i)->header);
  all = g_strv_builder_end (headers);

  return g_strjoinv (", ", all);
}

/* The header row, whatever the case and the spaces in it. */
static char *
name_group (const CrmImportMap *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < self->columns->len; i++)
    {
      g_autofree char *folded = fold (get (self, i)->header);

      g_checksum_update (checksum, (const guchar *) folded, -1);
      g_checksum_update (checksum, (const guchar *) "\n", 1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
read_key (const char *key,
          int        *target)
{
  if (g_ascii_strcasecmp (key, KEY_IGNORED) == 0 || *key == '\0')
    {
      *target = CRM_IMPORT_COLUMN_IGNORED;
      return TRUE;
    }

  return recognise (key, target);
}

static GKeyFile *
load (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (crm_private_file_check (path, NULL))
    g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);

  return g_steal_pointer (&file);
}

/**
 * crm_import_map_new:
 * @headers: the cells of the first row
 *
 * Recognises columns by JSON key, option of the command line, label, in English or the locale's language, and some names that
 * are usual elsewhere; case, spaces and punctuation make no difference. Any thread.
 *
 * Returns: (transfer full): a map; what is not recognised is ignored
 */
CrmImportMap *
crm_import_map_new (GStrv headers)
{
  CrmImportMap *self;

  g_return_val_if_fail (headers != NULL, NULL);

  self = g_new0 (CrmImportMap, 1);
  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) column_free);
  for (guint i = 0; headers[i] != NULL; i++)
    {
      CrmImportColumn *column = g_new0 (CrmImportColumn, 1);
      int target;

      column->header = g_utf8_make_valid (headers[i], -1);
      g_strstrip (column->header);
      column->target = CRM_IMPORT_COLUMN_IGNORED;
      if (recognise (column->header, &target) && crm_import_map_find (self, target) < 0)
        column->target = target;
      g_ptr_array_add (self->columns, column);
    }

  return self;
}

/**
 * crm_import_map_free:
 * @self: (transfer full) (nullable): a map
 */
void
crm_import_map_free (CrmImportMap *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->columns);
  g_free (self);
}

/**
 * crm_import_map_set:
 * @self: a map
 * @header: a column's, whatever its case, spaces and punctuation
 * @key: what it is: `id`, or a field by one of its names; `empty` or nothing: it is ignored
 * @error: %CRM_ERROR_INVALID when there is no such column or field
 *
 * Returns: whether it is so
 */
gboolean
crm_import_map_set (CrmImportMap  *self,
                    const char    *header,
                    const char    *key,
                    GError       **error)
{
  g_autofree char *folded = NULL;
  g_autofree char *all = NULL;
  int target;

  g_return_val_if_fail (self != NULL && header != NULL && key != NULL, FALSE);

  if (!read_key (key, &target))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   _("“%s” is no field; write for example leadId, id, or empty to ignore the column"), key);
      return FALSE;
    }

  folded = fold (header);
  /* One that is called just so comes before one that is called nearly so; of signs alone nothing is left to compare. */
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->columns->len; i++)
      if (pass == 0 ? g_str_equal (get (self, i)->header, header) : *folded != '\0' && is_same (folded, get (self, i)->header))
        {
          assign (self, i, target);
          self->is_told = TRUE;
          return TRUE;
        }

  all = list_headers (self);
  /* Translators: a column’s header; the headers that there are */
  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("There is no column “%s”. The columns are: %s"), header, all);
  return FALSE;
}

/**
 * crm_import_map_set_words:
 * @self: a map
 * @words: HEADER=KEY
 * @error: as of crm_import_map_set()
 *
 * Returns: whether it is so
 */
gboolean
crm_import_map_set_words (CrmImportMap  *self,
                          const char    *words,
                          GError       **error)
{
  const char *equals;
  g_autofree char *header = NULL;

  g_return_val_if_fail (self != NULL && words != NULL, FALSE);

  equals = strrchr (words, '=');
  if (equals == NULL || !g_utf8_validate (words, -1, NULL))
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” maps nothing; write HEADER=KEY, for example Subject=name"), words);
      return FALSE;
    }

  header = g_strndup (words, (gsize) (equals - words));
  return crm_import_map_set (self, header, equals + 1, error);
}

/**
 * crm_import_map_recall:
 * @self: a map
 * @path: the file that crm_import_map_remember() writes
 *
 * What was told of the same header row holds again. Blocks for I/O.
 */
void
crm_import_map_recall (CrmImportMap *self,
                       const char   *path)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *group = NULL;
  g_auto (GStrv) keys = NULL;

  g_return_if_fail (self != NULL && path != NULL);

  file = load (path);
  group = name_group (self);
  keys = g_key_file_get_string_list (file, group, KEY_COLUMNS, NULL, NULL);
  if (keys == NULL || g_strv_length (keys) != self->columns->len)
    return;

  for (guint i = 0; i < self->columns->len; i++)
    get (self, i)->target = CRM_IMPORT_COLUMN_IGNORED;
  for (guint i = 0; i < self->columns->len; i++)
    {
      int target;

      if (read_key (keys[i], &target))
        assign (self, i, target);
    }
}

/**
 * crm_import_map_remember:
 * @self: a map
 * @path: a file in a folder for its owner alone; it is made when it isn't there
 * @error: why it can't be written
 *
 * Keeps what was told, for crm_import_map_recall(). What is recognised anyway needs no memory. Blocks for I/O.
 *
 * Returns: whether there is nothing more to write
 */
gboolean
crm_import_map_remember (CrmImportMap  *self,
                         const char    *path,
                         GError       **error)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autofree char *group = NULL;
  g_autofree char *data = NULL;
  g_auto (GStrv) groups = NULL;
  gsize n_groups, length;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  if (!self->is_told)
    return TRUE;
  if (!crm_private_file_check (path, error))
    return FALSE;

  file = load (path);
  group = name_group (self);
  g_key_file_remove_group (file, group, NULL);
  groups = g_key_file_get_groups (file, &n_groups);
  for (gsize i = 0; i + MOST_REMEMBERED <= n_groups; i++)
    g_key_file_remove_group (file, groups[i], NULL);

  for (guint i = 0; i < self->columns->len; i++)
    g_ptr_array_add (keys, (gpointer) crm_import_column_get_key (get (self, i)->target));
  g_key_file_set_string_list (file, group, KEY_COLUMNS, (const char *const *) keys->pdata, keys->len);
  data = g_key_file_to_data (file, &length, NULL);

  return g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

/**
 * crm_import_map_check:
 * @self: a map
 * @error: %CRM_ERROR_INVALID, with the headers, when no column is a task's name or CRM id
 *
 * Returns: whether tasks can be made of the rows
 */
gboolean
crm_import_map_check (CrmImportMap  *self,
                      GError       **error)
{
  g_autofree char *all = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (crm_import_map_find (self, CRM_FIELD_NAME) >= 0 || crm_import_map_find (self, CRM_IMPORT_COLUMN_CRM_ID) >= 0)
    return TRUE;

  all = list_headers (self);
  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
               /* Translators: the headers of a file’s columns */
               _("No column is known to be the name of a task. The columns are: %s. Say which it is, as in --map \"Subject=name\""), all);
  return FALSE;
}

/**
 * crm_import_map_get_n:
 * @self: a map
 *
 * Returns: how many columns there are
 */
guint
crm_import_map_get_n (const CrmImportMap *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->columns->len;
}

/**
 * crm_import_map_get:
 * @self: a map
 * @column: a column, from 0
 *
 * Returns: (transfer none): its header and what it is
 */
const CrmImportColumn *
crm_import_map_get (const CrmImportMap *self,
                    guint               column)
{
  g_return_val_if_fail (self != NULL && column < self->columns->len, NULL);

  return get (self, column);
}

/**
 * crm_import_map_find:
 * @self: a map
 * @target: a field, or %CRM_IMPORT_COLUMN_CRM_ID
 *
 * Returns: the column that is it; -1: none
 */
int
crm_import_map_find (const CrmImportMap *self,
                     int                 target)
{
  g_return_val_if_fail (self != NULL, -1);

  for (guint i = 0; i < self->columns->len; i++)
    if (get (self, i)->target == target)
      return (int) i;

  return -1;
}

/**
 * crm_import_column_get_key:
 * @target: what a column is
 *
 * Returns: (transfer none): the key that says so, for crm_import_map_set()
 */
const char *
crm_import_column_get_key (int target)
{
  if (target == CRM_IMPORT_COLUMN_CRM_ID)
    return KEY_CRM_ID;

  return target >= 0 && target < CRM_N_FIELDS ? crm_field_get ((CrmFieldId) target)->key : KEY_IGNORED;
}

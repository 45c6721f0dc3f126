/* crm-import-line.c: a row of an import, as the preview shows it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-import-line.h"

#include "model/crm-shown-text.h"
#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* More of a row than anyone reads is not laid out, in characters. */
#define MOST_TITLE 200
#define MOST_NOTE 1000

struct _CrmImportLine
{
  GObject           parent_instance;

  CrmImportVerdict  verdict;
  char             *title;
  char             *note;
  char             *number;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_NOTE,
  PROP_VERDICT,
  PROP_ICON_NAME,
  PROP_NUMBER,
  PROP_CSS_CLASSES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmImportLine, crm_import_line, G_TYPE_OBJECT)

static const struct
{
  const char *icon_name;
  const char *css_classes[3];
} looks[CRM_N_IMPORT_VERDICTS] = {
  [CRM_IMPORT_NEW] = { "list-add-symbolic", { "new" } },
  [CRM_IMPORT_CHANGED] = { "document-edit-symbolic", { "changed" } },
  [CRM_IMPORT_UNCHANGED] = { "object-select-symbolic", { "unchanged" } },
  [CRM_IMPORT_REFUSED] = { "crm-failed-symbolic", { "refused" } },
};

/* As it may be shown, on so many lines as it has, and no longer than that. */
static char *
cut (const char *text,
     gsize       most)
{
  g_autofree char *shown = crm_shown_text (text);

  if ((gsize) g_utf8_strlen (shown, -1) > most)
    {
      g_autofree char *first = g_utf8_substring (shown, 0, (glong) most);

      return g_strconcat (first, "…", NULL);
    }

  return g_steal_pointer (&shown);
}

static char *
get_title (const CrmImportEntry *entry)
{
  const char *name = entry->values != NULL ? crm_values_get_text (entry->values, CRM_FIELD_NAME) : NULL;
  g_autofree char *cells = NULL;

  if (name == NULL && entry->cells != NULL)
    name = cells = g_strjoinv (" · ", entry->cells);
  if ((name == NULL || *name == '\0') && entry->crm_id != 0)
    return g_strdup_printf ("#%" PRId64, entry->crm_id);
  if (name == NULL || *name == '\0')
    return g_strdup (_("Without a name"));

  cells = cells != NULL ? cells : g_strdup (name);
  return cut (g_strdelimit (cells, "\r\n\t", ' '), MOST_TITLE);
}

static char *
get_note (const CrmImportEntry *entry)
{
  const char *utc = entry->values != NULL ? crm_values_get_text (entry->values, CRM_FIELD_END_DATETIME) : NULL;
  g_autofree char *due = utc != NULL ? crm_task_words_get_due_exact (utc) : NULL;
  g_autofree char *words = entry->words != NULL ? cut (entry->words, MOST_NOTE) : NULL;

  /* What follows is the same in digits. */
  if (due != NULL && strchr (due, '\n') != NULL)
    *strchr (due, '\n') = '\0';
  if (due != NULL && words != NULL)
    return g_strconcat (due, "\n", words, NULL);

  return due != NULL ? g_steal_pointer (&due) : g_steal_pointer (&words);
}

static void
crm_import_line_finalize (GObject *object)
{
  CrmImportLine *self = CRM_IMPORT_LINE (object);

  g_free (self->title);
  g_free (self->note);
  g_free (self->number);

  G_OBJECT_CLASS (crm_import_line_parent_class)->finalize (object);
}

static void
crm_import_line_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  CrmImportLine *self = CRM_IMPORT_LINE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_VERDICT:
      g_value_set_string (value, crm_import_verdict_get_words (self->verdict));
      break;
    case PROP_ICON_NAME:
      g_value_set_string (value, looks[self->verdict].icon_name);
      break;
    case PROP_NUMBER:
      g_value_set_string (value, self->number);
      break;
    case PROP_CSS_CLASSES:
      g_value_set_boxed (value, looks[self->verdict].css_classes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_import_line_class_init (CrmImportLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = crm_import_line_finalize;
  object_class->get_property = crm_import_line_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_VERDICT] = g_param_spec_string ("verdict", NULL, NULL, NULL, flags);
  properties[PROP_ICON_NAME] = g_param_spec_string ("icon-name", NULL, NULL, NULL, flags);
  properties[PROP_NUMBER] = g_param_spec_string ("number", NULL, NULL, NULL, flags);
  properties[PROP_CSS_CLASSES] = g_param_spec_boxed ("css-classes", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
crm_import_line_init (CrmImportLine *self)
{
}

/**
 * crm_import_line_new:
 * @entry: (nullable): a row of a plan; %NULL: it can't be read
 *
 * Returns: (transfer full): what the preview says of it
 */
CrmImportLine *
crm_import_line_new (const CrmImportEntry *entry)
{
  CrmImportLine *self = g_object_new (CRM_TYPE_IMPORT_LINE, NULL);

  if (entry == NULL)
    return self;

  self->verdict = entry->verdict;
  self->title = get_title (entry);
  self->note = get_note (entry);
  self->number = g_strdup_printf (_("Row %'" PRId64), entry->number);

  return self;
}

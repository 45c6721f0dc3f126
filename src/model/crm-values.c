/* crm-values.c: the values of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-values.h"

#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

struct _CrmValues
{
  CrmFieldMask mask;
  gint64       numbers[CRM_N_FIELDS];
  char        *texts[CRM_N_FIELDS];
};

G_DEFINE_BOXED_TYPE (CrmValues, crm_values, crm_values_copy, crm_values_free)

static gboolean
field_is_number (CrmFieldId field)
{
  return crm_field_type_is_number (crm_field_get (field)->type);
}

static void
set_invalid (GError    **error,
             CrmFieldId  field,
             const char *words)
{
  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, "%s: %s", crm_field_get_label (field), words);
}

static gboolean
parse_number (CrmFieldId   field,
              const char  *input,
              gint64      *number,
              GError     **error)
{
  const CrmField *f = crm_field_get (field);
  g_autoptr (GError) unparsed = NULL;
  gint64 least = f->type == CRM_FIELD_TYPE_ID ? 1 : 0;

  if (f->choices != NULL)
    for (gint64 i = 0; f->choices[i] != NULL; i++)
      if (g_ascii_strcasecmp (f->choices[i], input) == 0 || g_ascii_strcasecmp (f->labels[i], input) == 0 ||
          g_utf8_collate (crm_field_get_choice (field, i), input) == 0)
        {
          *number = i;
          return TRUE;
        }

  if (g_ascii_string_to_signed (input, 10, least, f->limit, number, &unparsed))
    return TRUE;

  if (f->choices != NULL)
    {
      g_autofree char *all = g_strjoinv (C_("between the parts of a list", ", "), (char **) f->choices);
      g_autofree char *words = NULL;

      /* Translators: what was typed; the largest number that is taken; the words that are taken, with commas */
      words = g_strdup_printf (_("“%s” is none of 0 to %d or %s"), input, (int) f->limit, all);

      set_invalid (error, field, words);
    }
  else if (g_error_matches (unparsed, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS))
    {
      g_autofree char *words = g_strdup_printf (_("%s is not a number from 1 to %" PRId64), input, f->limit);

      set_invalid (error, field, words);
    }
  else
    {
      g_autofree char *words = g_strdup_printf (_("“%s” is not a whole number"), input);

      set_invalid (error, field, words);
    }

  return FALSE;
}

static gboolean
parse_word (CrmFieldId   field,
            const char  *input,
            const char **word,
            GError     **error)
{
  const CrmField *f = crm_field_get (field);
  g_autofree char *all = g_strjoinv (C_("between the parts of a list", ", "), (char **) f->choices);
  g_autofree char *words = NULL;

  for (guint i = 0; f->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (f->choices[i], input) == 0 || g_utf8_collate (crm_field_get_choice (field, i), input) == 0)
      {
        *word = f->choices[i];
        return TRUE;
      }

  /* Translators: what was typed; the words that are taken, with commas */
  words = g_strdup_printf (_("“%s” is none of %s"), input, all);
  set_invalid (error, field, words);
  return FALSE;
}

/**
 * crm_values_new:
 *
 * Returns: (transfer full): values of which none is set
 */
CrmValues *
crm_values_new (void)
{
  return g_new0 (CrmValues, 1);
}

/**
 * crm_values_copy:
 * @self: (nullable): values
 *
 * Returns: (transfer full) (nullable): a copy of its own; %NULL of %NULL
 */
CrmValues *
crm_values_copy (const CrmValues *self)
{
  CrmValues *copy;

  if (self == NULL)
    return NULL;

  copy = g_memdup2 (self, sizeof *self);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    copy->texts[i] = g_strdup (self->texts[i]);

  return copy;
}

/**
 * crm_values_free:
 * @self: (transfer full) (nullable): values
 */
void
crm_values_free (CrmValues *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_free (self->texts[i]);
  g_free (self);
}

/**
 * crm_values_get_mask:
 * @self: values
 *
 * Returns: the fields that hold a value
 */
CrmFieldMask
crm_values_get_mask (const CrmValues *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->mask;
}

/**
 * crm_values_has:
 * @self: values
 * @field: a field
 *
 * Returns: whether @field holds a value
 */
gboolean
crm_values_has (const CrmValues *self,
                CrmFieldId       field)
{
  g_return_val_if_fail (self != NULL && field < CRM_N_FIELDS, FALSE);

  return (self->mask & CRM_FIELD_BIT (field)) != 0;
}

/**
 * crm_values_get_number:
 * @self: values
 * @field: a field of a number type
 *
 * Returns: its value, 0 when it is not set (see crm_values_has())
 */
gint64
crm_values_get_number (const CrmValues *self,
                       CrmFieldId       field)
{
  g_return_val_if_fail (self != NULL && field < CRM_N_FIELDS && field_is_number (field), 0);

  return self->numbers[field];
}

/**
 * crm_values_get_text:
 * @self: values
 * @field: a field of a text type
 *
 * Returns: (transfer none) (nullable): its value, %NULL when it is not set
 */
const char *
crm_values_get_text (const CrmValues *self,
                     CrmFieldId       field)
{
  g_return_val_if_fail (self != NULL && field < CRM_N_FIELDS && !field_is_number (field), NULL);

  return self->texts[field];
}

/**
 * crm_values_set_number:
 * @self: values
 * @field: a field of a number type
 * @number: its value; what is out of bounds is found by crm_rules_check()
 */
void
crm_values_set_number (CrmValues  *self,
                       CrmFieldId  field,
                       gint64      number)
{
  g_return_if_fail (self != NULL && field < CRM_N_FIELDS && field_is_number (field));

  self->numbers[field] = number;
  self->mask |= CRM_FIELD_BIT (field);
}

/**
 * crm_values_set_text:
 * @self: values
 * @field: a field of a text type
 * @text: (nullable): its value, UTF-8; %NULL or "" clears it
 */
void
crm_values_set_text (CrmValues  *self,
                     CrmFieldId  field,
                     const char *text)
{
  g_return_if_fail (self != NULL && field < CRM_N_FIELDS && !field_is_number (field));

  if (text == NULL || *text == '\0')
    {
      crm_values_clear (self, field);
      return;
    }

  if (text != self->texts[field])
    {
      g_free (self->texts[field]);
      self->texts[field] = g_strdup (text);
    }
  self->mask |= CRM_FIELD_BIT (field);
}

/**
 * crm_values_clear:
 * @self: values
 * @field: the field that shall hold no value
 */
void
crm_values_clear (CrmValues  *self,
                  CrmFieldId  field)
{
  g_return_if_fail (self != NULL && field < CRM_N_FIELDS);

  g_clear_pointer (&self->texts[field], g_free);
  self->numbers[field] = 0;
  self->mask &= ~CRM_FIELD_BIT (field);
}

/**
 * crm_values_take_over:
 * @self: values
 * @other: values to take from
 * @mask: which fields; one that @other does not hold is cleared
 */
void
crm_values_take_over (CrmValues       *self,
                      const CrmValues *other,
                      CrmFieldMask     mask)
{
  g_return_if_fail (self != NULL && other != NULL);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      if ((mask & CRM_FIELD_BIT (i)) == 0)
        continue;

      if (!crm_values_has (other, i))
        crm_values_clear (self, i);
      else if (field_is_number (i))
        crm_values_set_number (self, i, other->numbers[i]);
      else
        crm_values_set_text (self, i, other->texts[i]);
    }
}

/**
 * crm_values_compare:
 * @self: values
 * @other: values
 *
 * Returns: the fields in which the two differ
 */
CrmFieldMask
crm_values_compare (const CrmValues *self,
                    const CrmValues *other)
{
  CrmFieldMask different;

  g_return_val_if_fail (self != NULL && other != NULL, 0);

  different = self->mask ^ other->mask;
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (self->numbers[i] != other->numbers[i] || g_strcmp0 (self->texts[i], other->texts[i]) != 0)
      different |= CRM_FIELD_BIT (i);

  return different;
}

/**
 * crm_values_parse:
 * @self: values
 * @field: a field
 * @input: what a person typed for it; empty clears the field
 * @zone: (nullable): the time zone of a date that names none; the system's when %NULL
 * @note: (out) (optional) (transfer full) (nullable): what the person should know about how it was understood
 * @error: says what is wrong, naming the field
 *
 * Returns: whether @input could be understood; if not, @self is unchanged
 */
gboolean
crm_values_parse (CrmValues   *self,
                  CrmFieldId   field,
                  const char  *input,
                  GTimeZone   *zone,
                  char       **note,
                  GError     **error)
{
  const CrmField *f;
  g_autoptr (GError) wrong = NULL;
  g_autofree char *utc = NULL;
  const char *word = NULL;
  gint64 number = 0;

  g_return_val_if_fail (self != NULL && field < CRM_N_FIELDS && input != NULL, FALSE);

  f = crm_field_get (field);
  if (note != NULL)
    *note = NULL;

  if (!g_utf8_validate (input, -1, NULL))
    {
      set_invalid (error, field, _("the text is not valid UTF-8"));
      return FALSE;
    }

  if (*input == '\0')
    {
      crm_values_clear (self, field);
      return TRUE;
    }

  switch (f->type)
    {
    case CRM_FIELD_TYPE_TEXT:
      if (strlen (input) > (gsize) f->limit)
        {
          set_invalid (error, field, _("the text is longer than 1 MiB"));
          return FALSE;
        }
      crm_values_set_text (self, field, input);
      return TRUE;

    case CRM_FIELD_TYPE_DATETIME:
      utc = crm_datetime_parse (input, zone, note, &wrong);
      if (utc == NULL)
        {
          set_invalid (error, field, wrong->message);
          return FALSE;
        }
      crm_values_set_text (self, field, utc);
      return TRUE;

    case CRM_FIELD_TYPE_WORD:
      if (!parse_word (field, input, &word, error))
        return FALSE;
      crm_values_set_text (self, field, word);
      return TRUE;

    case CRM_FIELD_TYPE_ID:
    case CRM_FIELD_TYPE_CHOICE:
      if (!parse_number (field, input, &number, error))
        return FALSE;
      crm_values_set_number (self, field, number);
      return TRUE;

    default:
      g_assert_not_reached ();
    }
}

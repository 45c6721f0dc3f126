/* crm-likeness.c: whether two tasks say the same, however the CRM writes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-likeness.h"

#include "model/crm-shown-text.h"

static char *
fold_space (const char *text)
{
  g_autoptr (GString) folded = g_string_new (NULL);

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar c = g_utf8_get_char (text);

      if (!g_unichar_isspace (c))
        g_string_append_unichar (folded, c);
      else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
        g_string_append_c (folded, ' ');
    }

  return g_strchomp (g_string_free (g_steal_pointer (&folded), FALSE));
}

static gboolean
folds_equal (const char *a,
             const char *b)
{
  g_autofree char *folded_a = fold_space (a);
  g_autofree char *folded_b = fold_space (b);

  return g_str_equal (folded_a, folded_b);
}

/**
 * crm_likeness_of_texts:
 * @there: (nullable): a text as the CRM has it
 * @sent: (nullable): a text as it was written here
 *
 * The CRM may trim and escape text and wrap it in HTML (API.md §4); what was sent was plain. Any thread.
 *
 * Returns: whether @there is what the CRM makes of @sent
 */
gboolean
crm_likeness_of_texts (const char *there,
                       const char *sent)
{
  g_autofree char *decoded = NULL;
  g_autofree char *stripped = NULL;
  g_autofree char *sent_stripped = NULL;

  if (there == NULL || sent == NULL)
    return there == sent || folds_equal (there != NULL ? there : "", sent != NULL ? sent : "");

  if (folds_equal (there, sent))
    return TRUE;

  decoded = crm_text_unescape (there);
  stripped = crm_text_from_html (there);
  sent_stripped = crm_text_from_html (sent);

  return folds_equal (decoded, sent) || folds_equal (stripped, sent) || folds_equal (stripped, sent_stripped);
}

/**
 * crm_likeness_compare:
 * @there: values as the CRM has them
 * @here: values as they were written here
 *
 * Any thread.
 *
 * Returns: the fields in which @there is something else than what the CRM makes of @here
 */
CrmFieldMask
crm_likeness_compare (const CrmValues *there,
                      const CrmValues *here)
{
  CrmFieldMask different = crm_values_compare (there, here);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((different & CRM_FIELD_BIT (i)) != 0 && crm_field_get (i)->type == CRM_FIELD_TYPE_TEXT &&
        crm_likeness_of_texts (crm_values_get_text (there, i), crm_values_get_text (here, i)))
      different &= ~CRM_FIELD_BIT (i);

  return different;
}

/* crm-task-rules.c: what the CRM would refuse, known before sending
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-task-rules.h"

#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
complain (GPtrArray  *complaints,
          CrmFieldId  field,
          const char *words)
{
  CrmComplaint *complaint = g_new0 (CrmComplaint, 1);

  complaint->field = field;
  complaint->words = g_strdup (words);
  g_ptr_array_add (complaints, complaint);
}

static gboolean
is_blank (const char *text)
{
  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

static gboolean
is_number_in_bounds (const CrmField *field,
                     gint64          number)
{
  return number >= (field->type == CRM_FIELD_TYPE_ID ? 1 : 0) && number <= field->limit;
}

static void
check_text (GPtrArray      *complaints,
            const CrmField *field,
            const char     *text)
{
  gint64 seconds;

  if (!g_utf8_validate (text, -1, NULL))
    complain (complaints, field->id, _("The text is not valid UTF-8"));
  else if (strlen (text) > (gsize) field->limit && field->type == CRM_FIELD_TYPE_TEXT)
    complain (complaints, field->id, _("The text is longer than 1 MiB"));
  else if (field->type == CRM_FIELD_TYPE_DATETIME && (strlen (text) != 19 || text[10] != ' ' ||
                                                      !crm_datetime_from_utc (text, &seconds)))
    complain (complaints, field->id, _("There is no such date or time"));
  else if (field->choices != NULL && !g_strv_contains (field->choices, text))
    complain (complaints, field->id, _("The CRM knows low, medium and high"));
}

static void
check_owner (GPtrArray       *complaints,
             const CrmValues *values)
{
  gboolean lead = crm_values_has (values, CRM_FIELD_LEAD);
  gboolean contact = crm_values_has (values, CRM_FIELD_CONTACT);
  gboolean company = crm_values_has (values, CRM_FIELD_COMPANY);

  /* API.md §1, 24396: at most one of them; the one pair allowed is company + contact. */
  if (lead && (contact || company))
    complain (complaints, contact ? CRM_FIELD_CONTACT : CRM_FIELD_COMPANY,
              _("A task belongs to either a contact, a company or an opportunity or lead"));
}

/**
 * crm_complaint_free:
 * @self: (transfer full): a complaint
 */
void
crm_complaint_free (CrmComplaint *self)
{
  g_free (self->words);
  g_free (self);
}

/**
 * crm_task_rules_check_values:
 * @values: a task's values
 *
 * Checks each value by itself, as a draft must hold: type and limits, not whether anything is missing. Any thread.
 *
 * Returns: (transfer full) (element-type CrmComplaint): what does not hold; empty when all does
 */
GPtrArray *
crm_task_rules_check_values (const CrmValues *values)
{
  GPtrArray *complaints = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_complaint_free);

  g_return_val_if_fail (values != NULL, complaints);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if (!crm_values_has (values, i))
        continue;

      if (!crm_field_type_is_number (field->type))
        check_text (complaints, field, crm_values_get_text (values, i));
      else if (!is_number_in_bounds (field, crm_values_get_number (values, i)))
        complain (complaints, i, _("The number is out of bounds"));
    }

  return complaints;
}

/**
 * crm_task_rules_check:
 * @values: a task's values
 * @sent: the fields that would be sent: all of an add, so that name and due date are required; the changed ones
 *   of an update, which must not clear these two
 *
 * Checks all that the CRM is known to check (API.md §1) and that can be known here. Any thread.
 *
 * Returns: (transfer full) (element-type CrmComplaint): what the CRM would refuse; empty when nothing
 */
GPtrArray *
crm_task_rules_check (const CrmValues *values,
                      CrmFieldMask     sent)
{
  GPtrArray *complaints = crm_task_rules_check_values (values);

  g_return_val_if_fail (values != NULL, complaints);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if (field->required && (sent & CRM_FIELD_BIT (i)) != 0 && is_blank (crm_values_get_text (values, i)))
        complain (complaints, i, i == CRM_FIELD_NAME ? _("A task needs a name") : _("A task needs a due date"));
    }

  check_owner (complaints, values);

  return complaints;
}

/**
 * crm_complaints_to_error:
 * @complaints: (element-type CrmComplaint): what a check returned
 * @error: set to %CRM_ERROR_INVALID when there is any complaint. A message names each field by its option and
 *   its JSON key (DESIGN.md §6)
 *
 * Returns: %TRUE when there is no complaint
 */
gboolean
crm_complaints_to_error (GPtrArray  *complaints,
                         GError    **error)
{
  g_autoptr (GString) words = g_string_new (NULL);

  g_return_val_if_fail (complaints != NULL, FALSE);

  for (guint i = 0; i < complaints->len; i++)
    {
      const CrmComplaint *complaint = complaints->pdata[i];
      const CrmField *field = crm_field_get (complaint->field);

      g_string_append_printf (words, "%s--%s (%s): %s", i > 0 ? "\n" : "", field->option, field->key,
                              complaint->words);
    }

  if (complaints->len > 0)
    g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words->str);

  return complaints->len == 0;
}

/* fuzz-task-json.c: values survive being written and read, whatever they were read from
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input is read as a body that was kept, and as what a person typed into each field.
 */

#include "fuzz.h"

#include "model/crm-error.h"
#include "model/crm-task-json.h"
#include "model/crm-task-rules.h"

#include <string.h>

static void
assert_texts (const CrmValues *values)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (!crm_field_type_is_number (crm_field_get (i)->type))
      {
        const char *text = crm_values_get_text (values, i);

        g_assert_true ((text != NULL) == crm_values_has (values, i));
        g_assert_true (text == NULL || (*text != '\0' && g_utf8_validate (text, -1, NULL)));
      }
}

static void
assert_survives (const CrmValues *values,
                 CrmFieldMask     mask,
                 gint64           id)
{
  g_autofree char *body = crm_task_json_write_body (values, mask, id);
  g_autofree char *body_again = NULL;
  g_autoptr (CrmValues) again = NULL;
  CrmFieldMask mask_again = 0;

  g_assert_true (g_utf8_validate (body, -1, NULL));
  again = crm_task_json_read_body (body, &mask_again);
  g_assert_nonnull (again);
  g_assert_cmpuint (mask_again, ==, mask);
  g_assert_cmpuint (crm_values_compare (again, values), ==, 0);

  body_again = crm_task_json_write_body (again, mask_again, id);
  g_assert_cmpstr (body_again, ==, body);
}

static void
read_body (const char *text)
{
  CrmFieldMask mask = 0;
  g_autoptr (CrmValues) values = crm_task_json_read_body (text, &mask);
  g_autoptr (CrmValues) copy = crm_values_copy (values);
  g_autoptr (CrmValues) taken = crm_values_new ();
  g_autoptr (GPtrArray) complaints = NULL;
  CrmFieldMask closed;

  if (values == NULL)
    return;

  g_assert_cmpuint (mask & ~CRM_FIELDS_ALL, ==, 0);
  g_assert_cmpuint (crm_values_get_mask (values) & ~mask, ==, 0);
  g_assert_cmpuint (crm_values_compare (values, copy), ==, 0);
  assert_texts (values);
  assert_survives (values, mask, 0);
  assert_survives (values, mask, 755);

  crm_values_take_over (taken, values, mask);
  g_assert_cmpuint (crm_values_compare (values, taken), ==, 0);

  closed = crm_task_json_close_group (mask, values);
  g_assert_cmpuint (closed, ==, mask);

  complaints = crm_task_rules_check_values (values);
  for (guint i = 0; i < complaints->len; i++)
    g_assert_cmpstr (((CrmComplaint *) complaints->pdata[i])->words, !=, "");
}

static void
type_into (CrmValues  *values,
           CrmFieldId  id,
           const char *text,
           GTimeZone  *zone)
{
  const CrmField *field = crm_field_get (id);
  g_autoptr (CrmValues) before = crm_values_copy (values);
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;

  if (!crm_values_parse (values, id, text, zone, &note, &error))
    {
      g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (crm_values_compare (values, before), ==, 0);
      return;
    }

  g_assert_no_error (error);
  g_assert_true (crm_values_has (values, id) == (*text != '\0'));
  g_assert_cmpuint (crm_values_compare (values, before) & ~CRM_FIELD_BIT (id), ==, 0);

  if (crm_values_has (values, id) && crm_field_type_is_number (field->type))
    {
      g_assert_cmpint (crm_values_get_number (values, id), >=, field->type == CRM_FIELD_TYPE_ID ? 1 : 0);
      g_assert_cmpint (crm_values_get_number (values, id), <=, field->limit);
    }
  else if (crm_values_has (values, id))
    {
      g_assert_cmpuint (strlen (crm_values_get_text (values, id)), <=, field->limit);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  read_body (text);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    type_into (values, i, text, zone);
  assert_texts (values);
  assert_survives (values, crm_values_get_mask (values), 0);
  assert_survives (values, CRM_FIELDS_ALL, 755);

  return 0;
}

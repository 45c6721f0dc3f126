/* fuzz-remote-task.c: a row of the CRM's task list is read safely, and an add is known again in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input: a line with the body that an add sent, then a row.
 */

#include "fuzz.h"

#include "model/crm-datetime.h"
#include "model/crm-json-guard.h"
#include "model/crm-task-json.h"
#include "model/crm-task-rules.h"
#include "sync/crm-remote-task.h"

#include <string.h>

static CrmRemoteTask *
parse_row (const void *data,
           gsize       size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (JsonNode) row = crm_json_guard_parse (bytes);

  return row != NULL ? crm_remote_task_parse (row) : NULL;
}

static void
assert_remote (const CrmRemoteTask *remote)
{
  const char *due = crm_values_get_text (remote->values, CRM_FIELD_END_DATETIME);
  gint64 seconds;

  g_assert_cmpint (remote->id, >, 0);
  g_assert_true (due == NULL || crm_datetime_from_utc (due, &seconds));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);

      if (!crm_values_has (remote->values, i))
        continue;
      if (!crm_field_type_is_number (field->type))
        g_assert_true (g_utf8_validate (crm_values_get_text (remote->values, i), -1, NULL));
      else if (field->type == CRM_FIELD_TYPE_ID)
        g_assert_cmpint (crm_values_get_number (remote->values, i), >, 0);
    }

  g_assert_true (crm_remote_task_resembles (remote, remote->values));
}

/* A CRM that stores what it was sent, and gives names and descriptions back escaped and wrapped. */
static void
assert_known_again (const CrmSent *sent,
                    gboolean       as_html)
{
  const CrmFieldId texts[] = { CRM_FIELD_NAME, CRM_FIELD_DESCRIPTION };
  g_autoptr (CrmValues) values = crm_values_copy (sent->values);
  g_autoptr (CrmRemoteTask) remote = NULL;
  g_autofree char *row = NULL;

  for (guint i = 0; as_html && i < G_N_ELEMENTS (texts); i++)
    if (crm_values_has (values, texts[i]))
      {
        g_autofree char *escaped = g_markup_escape_text (crm_values_get_text (values, texts[i]), -1);
        g_autofree char *wrapped = g_strconcat ("<p>", escaped, "</p>\n", NULL);

        crm_values_set_text (values, texts[i], wrapped);
      }

  row = crm_task_json_write_body (values, CRM_FIELDS_ALL, 755);
  remote = parse_row (row, strlen (row));
  g_assert_nonnull (remote);
  g_assert_true (crm_remote_task_is_sent (remote, sent));

  if (crm_values_has (remote->values, CRM_FIELD_LEAD))
    {
      gint64 lead = crm_values_get_number (remote->values, CRM_FIELD_LEAD);

      crm_values_set_number (remote->values, CRM_FIELD_LEAD, lead ^ 2);
      g_assert_false (crm_remote_task_is_sent (remote, sent));
      g_assert_true (crm_remote_task_resembles (remote, sent->values));
    }

  crm_values_clear (remote->values, CRM_FIELD_END_DATETIME);
  g_assert_false (crm_remote_task_resembles (remote, sent->values));
}

/* As the store lets nobody send anything else. */
static gboolean
may_be_sent (const CrmSent *sent)
{
  g_autoptr (GPtrArray) complaints = crm_task_rules_check (sent->values, CRM_FIELDS_ALL);

  return complaints->len == 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *body = fuzz_take_line (&data, &size);
  g_autoptr (CrmRemoteTask) remote = parse_row (data, size);
  CrmSent sent = { .is_add = TRUE };

  if (remote != NULL)
    assert_remote (remote);

  sent.values = crm_task_json_read_body (body, &sent.mask);
  if (sent.values == NULL)
    return 0;

  if (remote != NULL && crm_remote_task_is_sent (remote, &sent))
    g_assert_true (crm_remote_task_resembles (remote, sent.values));

  if (may_be_sent (&sent))
    {
      assert_known_again (&sent, FALSE);
      assert_known_again (&sent, TRUE);
    }
  crm_values_free (sent.values);

  return 0;
}

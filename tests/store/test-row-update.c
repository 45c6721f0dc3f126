/* test-row-update.c: an edit writes what it changes and nothing else, whatever is changed together
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

/* More mixes of fields than statements are kept for. */
#define MIXES 300

typedef struct
{
  char     *folder;
  CrmStore *store;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Something else each time. */
static void
set_field (CrmValues *values,
           CrmFieldId field,
           guint      i)
{
  const CrmField *known = crm_field_get (field);
  g_autofree char *text = NULL;

  switch (known->type)
    {
    case CRM_FIELD_TYPE_TEXT:
      text = g_strdup_printf ("Text %u", i);
      break;
    case CRM_FIELD_TYPE_DATETIME:
      text = g_strdup_printf ("20%02u-12-%02u 17:00:00", 30 + i / 28 % 60, 1 + i % 28);
      break;
    case CRM_FIELD_TYPE_WORD:
      text = g_strdup (known->choices[i % 3]);
      break;
    case CRM_FIELD_TYPE_CHOICE:
      crm_values_set_number (values, field, i % 5);
      return;
    case CRM_FIELD_TYPE_ID:
    default:
      crm_values_set_number (values, field, 1 + i);
      return;
    }

  crm_values_set_text (values, field, text);
}

static void
edit (Fixture         *f,
      gint64           local_id,
      const CrmValues *values,
      CrmFieldMask     mask)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;

  crm_store_edit_async (f->store, local_id, values, mask, CRM_EDIT_KEEP, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  task = crm_store_change_finish (f->store, result, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_values (Fixture         *f,
               gint64           local_id,
               const CrmValues *expected)
{
  g_autoptr (CrmTask) task = bench_read (f->store, local_id);
  const CrmValues *values = crm_task_get_values (task);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (crm_field_type_is_number (crm_field_get (i)->type))
      g_assert_cmpint (crm_values_get_number (values, i), ==, crm_values_get_number (expected, i));
    else
      g_assert_cmpstr (crm_values_get_text (values, i), ==, crm_values_get_text (expected, i));
}

static void
test_mixes (Fixture      *f,
            gconstpointer data)
{
  gboolean draft = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) task = bench_add (f->store, "Edited", draft);
  gint64 local_id = crm_task_get_local_id (task);
  g_autoptr (CrmValues) values = crm_values_copy (crm_task_get_values (task));

  for (guint i = 1; i <= MIXES; i++)
    {
      /* All of the first ten bits come in many mixes. */
      CrmFieldMask mask = (i * 619) % (1u << CRM_N_FIELDS);

      /* What is sent belongs to one of them alone. */
      if (!draft)
        mask &= ~(CRM_FIELD_BIT (CRM_FIELD_COMPANY) | CRM_FIELD_BIT (CRM_FIELD_CONTACT));
      for (guint j = 0; j < CRM_N_FIELDS; j++)
        if ((mask & CRM_FIELD_BIT (j)) != 0)
          set_field (values, j, i);
      edit (f, local_id, values, mask);
      assert_values (f, local_id, values);
    }

  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM task"), ==, 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/row-update/drafts", Fixture, GINT_TO_POINTER (TRUE), set_up, test_mixes, tear_down);
  g_test_add ("/row-update/queued", Fixture, GINT_TO_POINTER (FALSE), set_up, test_mixes, tear_down);

  return g_test_run ();
}

/* inbox-bench.c: pages of a CRM, stored and waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"

#include <string.h>

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

CrmValues *
bench_values (const char   *text,
              CrmFieldMask *touched)
{
  CrmValues *values = crm_values_new ();
  g_auto (GStrv) parts = g_strsplit (text, "|", -1);
  CrmFieldMask given = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *value = strchr (parts[i], '=');
      const CrmField *field;

      if (*parts[i] == '\0')
        continue;
      g_assert_nonnull (value);
      *value++ = '\0';
      field = crm_field_by_key (parts[i]);
      g_assert_nonnull (field);
      given |= CRM_FIELD_BIT (field->id);
      if (*value == '\0')
        crm_values_clear (values, field->id);
      else if (crm_field_type_is_number (field->type))
        crm_values_set_number (values, field->id, g_ascii_strtoll (value, NULL, 10));
      else
        crm_values_set_text (values, field->id, value);
    }

  if (touched != NULL)
    *touched = given;
  return values;
}

CrmPage *
bench_page_new (gint64   total,
                gboolean of_tasks)
{
  CrmPage *page = g_new0 (CrmPage, 1);

  page->total = total;
  page->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (of_tasks)
    page->tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_pulled_task_free);
  else
    page->records = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);

  return page;
}

void
bench_page_add_task (CrmPage    *page,
                     gint64      id,
                     const char *text)
{
  CrmPulledTask *task = g_new0 (CrmPulledTask, 1);

  task->id = id;
  task->values = bench_values (text, NULL);
  g_ptr_array_add (page->tasks, task);
  g_array_append_val (page->ids, id);
}

CrmRecord *
bench_page_add_record (CrmPage       *page,
                       CrmRecordKind  kind,
                       gint64         id,
                       const char    *name)
{
  CrmRecord *record = crm_record_new (kind, id);

  record->name = g_strdup (name);
  g_ptr_array_add (page->records, record);
  g_array_append_val (page->ids, id);

  return record;
}

static CrmStep *
finish (CrmStore      *store,
        GAsyncResult **result,
        guint         *changed)
{
  g_autoptr (GError) error = NULL;
  CrmStep *step = crm_inbox_finish (store, wait_for (result), changed, &error);

  g_assert_no_error (error);
  return step;
}

CrmStep *
bench_begin (CrmStore   *store,
             CrmList     list,
             CrmRunKind  kind,
             gint64      crm_now)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_inbox_begin_async (store, list, kind, crm_now, on_ready, &result);
  return finish (store, &result, NULL);
}

CrmStep *
bench_store_page (CrmStore      *store,
                  const CrmStep *step,
                  CrmPage       *page,
                  guint         *changed)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_inbox_store_async (store, step, page, g_get_real_time (), on_ready, &result);
  return finish (store, &result, changed);
}

CrmStep *
bench_conclude (CrmStore      *store,
                const CrmStep *step)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_inbox_conclude_async (store, step, g_get_real_time (), on_ready, &result);
  return finish (store, &result, NULL);
}

CrmStep *
bench_refuse (CrmStore *store,
              CrmList   list)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_inbox_refuse_async (store, list, on_ready, &result);
  return finish (store, &result, NULL);
}

guint
bench_pull (CrmStore   *store,
            CrmList     list,
            CrmRunKind  kind,
            CrmPage    *page)
{
  /* So late that no task is too new to be listed. */
  gint64 crm_now = g_get_real_time () / G_TIME_SPAN_SECOND + 3600;
  g_autoptr (CrmStep) begun = bench_begin (store, list, kind, crm_now);
  guint changed = 0;
  g_autoptr (CrmStep) step = bench_store_page (store, begun, page, &changed);

  while (step->kind == CRM_STEP_CONCLUDE)
    {
      CrmStep *next = bench_conclude (store, step);

      crm_step_free (step);
      step = next;
    }
  bench_assert_step (step, CRM_STEP_DONE);

  return changed;
}

guint
bench_pull_task (CrmStore   *store,
                 gint64      crm_id,
                 const char *text)
{
  CrmPage *page = bench_page_new (1, TRUE);

  bench_page_add_task (page, crm_id, text);
  return bench_pull (store, CRM_LIST_TASKS, CRM_RUN_CHANGES, page);
}

CrmTask *
bench_edit (CrmStore    *store,
            gint64       local_id,
            const char  *text,
            CrmEditMode  mode)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmFieldMask touched;
  g_autoptr (CrmValues) values = bench_values (text, &touched);
  CrmTask *task;

  crm_store_edit_async (store, local_id, values, touched, mode, NULL, on_ready, &result);
  task = crm_store_change_finish (store, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return task;
}

CrmTask *
bench_choose (CrmStore      *store,
              gint64         local_id,
              gint64         revision,
              CrmFieldMask   theirs,
              GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_choose_async (store, local_id, revision, theirs, NULL, on_ready, &result);
  return crm_store_change_finish (store, wait_for (&result), NULL, error);
}

gint64
bench_find (const char *folder,
            gint64      crm_id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT coalesce (max (local_id), 0) FROM task WHERE crm_id = %" G_GINT64_FORMAT, crm_id);

  return bench_ask (folder, sql);
}

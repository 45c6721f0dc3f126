/* store-bench.c: a store on a file of its own, waited for where the tests need it at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "store/crm-connection.h"

#include <glib/gstdio.h>

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

char *
bench_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("crm-store-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
bench_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

CrmStore *
bench_try_open (const char  *folder,
                GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_open_async (folder, NULL, on_ready, &result);
  return crm_store_open_finish (wait_for (&result), error);
}

CrmStore *
bench_open (const char *folder)
{
  g_autoptr (GError) error = NULL;
  CrmStore *store = bench_try_open (folder, &error);

  g_assert_no_error (error);
  return store;
}

void
bench_exec (const char *folder,
            const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, &error);

  g_assert_no_error (error);
  crm_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

gint64
bench_ask (const char *folder,
           const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (path, TRUE, &error);
  gint64 value = -1;

  g_assert_no_error (error);
  crm_connection_get_int (connection, sql, &value, &error);
  g_assert_no_error (error);

  return value;
}

static CrmTask *
add_values (CrmStore     *store,
            gint64        crm_id,
            const char   *name,
            const char   *due,
            gboolean      draft,
            GError      **error)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, due);
  crm_store_add_async (store, values, crm_values_get_mask (values), crm_id, draft, NULL, on_ready, &result);

  return crm_store_change_finish (store, wait_for (&result), NULL, error);
}

CrmTask *
bench_add (CrmStore   *store,
           const char *name,
           gboolean    draft)
{
  g_autoptr (GError) error = NULL;
  CrmTask *task = add_values (store, 0, name, "2026-12-01 17:00:00", draft, &error);

  g_assert_no_error (error);
  return task;
}

CrmTask *
bench_add_known (CrmStore    *store,
                 gint64       crm_id,
                 const char  *name,
                 GError     **error)
{
  return add_values (store, crm_id, name, NULL, FALSE, error);
}

CrmTask *
bench_rename (CrmStore   *store,
              gint64      local_id,
              const char *name)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmTask *task;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_edit_async (store, local_id, values, CRM_FIELD_BIT (CRM_FIELD_NAME), CRM_EDIT_KEEP, NULL, on_ready, &result);
  task = crm_store_change_finish (store, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return task;
}

CrmTask *
bench_apply (CrmStore   *store,
             gint64      local_id,
             CrmAction   action,
             CrmUndo   **undo,
             GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_apply_async (store, local_id, action, NULL, on_ready, &result);
  return crm_store_change_finish (store, wait_for (&result), undo, error);
}

CrmTask *
bench_settle (CrmStore  *store,
              gint64     local_id,
              gint64     crm_id,
              GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_settle_async (store, local_id, crm_id, NULL, on_ready, &result);
  return crm_store_change_finish (store, wait_for (&result), NULL, error);
}

CrmTask *
bench_undo (CrmStore  *store,
            CrmUndo   *undo,
            GError   **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_undo_async (store, undo, NULL, on_ready, &result);
  return crm_store_change_finish (store, wait_for (&result), NULL, error);
}

CrmTask *
bench_read (CrmStore *store,
            gint64    local_id)
{
  g_autoptr (GError) error = NULL;
  CrmTask *task = crm_store_read_task (store, local_id, &error);

  g_assert_no_error (error);
  return task;
}

const char *
bench_name (CrmTask *task)
{
  return crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME);
}

GPtrArray *
bench_claim (CrmStore *store,
             guint     most,
             gint64    now,
             gint64   *next_due)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *claims;
  gint64 due;

  crm_outbox_claim_async (store, most, now, now / G_TIME_SPAN_SECOND, on_ready, &result);
  claims = crm_outbox_claim_finish (store, wait_for (&result), next_due != NULL ? next_due : &due, &error);
  g_assert_no_error (error);

  return claims;
}

CrmClaim *
bench_claim_one (CrmStore *store)
{
  g_autoptr (GPtrArray) claims = bench_claim (store, 1, g_get_real_time (), NULL);

  g_assert_cmpuint (claims->len, ==, 1);
  return g_ptr_array_steal_index (claims, 0);
}

CrmEntryFate
bench_record_problem (CrmStore       *store,
                      const CrmClaim *claim,
                      CrmProblem     *problem,
                      gint64          crm_id,
                      gint64          next_attempt)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmOutcome outcome = {
    .answer = problem,
    .written = problem->klass != CRM_ANSWER_NOT_SENT,
    .id = crm_id,
    .raw = (char *) "{\"raw\": true}",
    .finished_at = claim->started_at,
    .next_attempt = next_attempt,
  };
  CrmEntryFate fate = CRM_ENTRY_KEPT;

  crm_outbox_record_async (store, claim->local_id, claim->attempt_id, &outcome, on_ready, &result);
  crm_outbox_record_finish (store, wait_for (&result), &fate, &error);
  g_assert_no_error (error);

  return fate;
}

CrmEntryFate
bench_record (CrmStore       *store,
              const CrmClaim *claim,
              CrmAnswerClass  klass,
              gint64          crm_id)
{
  g_autoptr (CrmProblem) problem = crm_problem_new (klass);

  return bench_record_problem (store, claim, problem, crm_id, 0);
}

void
bench_recover (CrmStore *store,
               gint64    now)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  crm_outbox_recover_async (store, now, on_ready, &result);
  crm_outbox_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);
}

void
bench_save_state (CrmStore            *store,
                  const CrmQueueState *state)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  crm_outbox_save_state_async (store, state, on_ready, &result);
  crm_outbox_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);
}

GPtrArray *
bench_unsettled (CrmStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *unsettled;

  crm_outbox_read_unsettled_async (store, on_ready, &result);
  unsettled = crm_outbox_read_unsettled_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);

  return unsettled;
}

CrmEntryFate
bench_adopt (CrmStore *store,
             gint64    local_id,
             gint64    crm_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmEntryFate fate = CRM_ENTRY_KEPT;

  crm_outbox_adopt_async (store, local_id, crm_id, on_ready, &result);
  crm_outbox_record_finish (store, wait_for (&result), &fate, &error);
  g_assert_no_error (error);

  return fate;
}

CrmEntryFate
bench_release (CrmStore *store,
               gint64    local_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmEntryFate fate = CRM_ENTRY_KEPT;
  g_autoptr (GPtrArray) unsettled = bench_unsettled (store);
  gint64 attempt_id = 0;

  for (guint i = 0; i < unsettled->len; i++)
    if (((CrmUnsettled *) unsettled->pdata[i])->local_id == local_id)
      attempt_id = ((CrmUnsettled *) unsettled->pdata[i])->attempt_id;

  crm_outbox_release_async (store, local_id, attempt_id, on_ready, &result);
  crm_outbox_record_finish (store, wait_for (&result), &fate, &error);
  g_assert_no_error (error);

  return fate;
}

CrmTask *
bench_add_sent (CrmStore   *store,
                const char *name,
                gint64      crm_id)
{
  g_autoptr (CrmTask) task = bench_add (store, name, FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (store);

  g_assert_cmpint (claim->local_id, ==, crm_task_get_local_id (task));
  bench_record (store, claim, CRM_ANSWER_ACCEPTED, crm_id);

  return bench_read (store, claim->local_id);
}

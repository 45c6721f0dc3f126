/* test-bulk.c: one change of many tasks, and its way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "store/crm-bulk.h"

#define MANY 450

typedef struct
{
  char        *folder;
  CrmStore    *store;
  CrmBulkUndo *undo;
  guint        announced;
} Fixture;

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
on_changed (CrmStore *store,
            GArray   *ids,
            Fixture  *f)
{
  f->announced++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  g_signal_connect (f->store, "changed", G_CALLBACK (on_changed), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_clear_pointer (&f->undo, crm_bulk_undo_unref);
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static CrmBulkResult *
finish (Fixture       *f,
        GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  CrmBulkResult *done;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_pointer (&f->undo, crm_bulk_undo_unref);
  done = crm_bulk_finish (f->store, *result, &f->undo, &error);
  g_assert_no_error (error);

  return done;
}

static CrmBulkResult *
apply (Fixture      *f,
       const gint64 *ids,
       gsize         n,
       CrmAction     action)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_bulk_apply_async (f->store, ids, n, action, on_ready, &result);
  return finish (f, &result);
}

static CrmBulkResult *
rename_all (Fixture      *f,
            const gint64 *ids,
            gsize         n,
            const char   *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_bulk_edit_async (f->store, ids, n, values, CRM_FIELD_BIT (CRM_FIELD_NAME), CRM_EDIT_KEEP, on_ready, &result);
  return finish (f, &result);
}

static CrmBulkResult *
take_back (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmBulkUndo) undo = g_steal_pointer (&f->undo);

  g_assert_nonnull (undo);
  crm_bulk_undo_async (f->store, undo, on_ready, &result);
  return finish (f, &result);
}

static void
assert_result (CrmBulkResult *result,
               guint          done,
               guint          unchanged,
               guint          refused)
{
  g_assert_cmpuint (result->done, ==, done);
  g_assert_cmpuint (result->unchanged, ==, unchanged);
  g_assert_cmpuint (result->refused, ==, refused);
  g_assert_cmpint (result->words != NULL, ==, refused > 0);
}

static gint64
count_drafts (Fixture *f)
{
  return bench_ask (f->folder, "SELECT n FROM state_count WHERE state = 'draft'");
}

/* A refusal in the middle, an id that isn't there, and one given twice. */
static void
test_mixed (Fixture       *f,
            gconstpointer  data)
{
  static const gint64 ids[] = { 2, 1, 99, 3, 2 };
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 700);
  g_autoptr (CrmTask) draft = bench_add (f->store, "Draft", TRUE);
  g_autoptr (CrmTask) queued = bench_add (f->store, "Queued", FALSE);
  g_autoptr (CrmBulkResult) discarded = NULL;
  g_autoptr (CrmBulkResult) back = NULL;

  discarded = apply (f, ids, G_N_ELEMENTS (ids), CRM_ACTION_DISCARD);
  assert_result (discarded, 2, 0, 3);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 1);

  back = take_back (f);
  assert_result (back, 2, 0, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'draft' AND local_id = 2"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'queued' AND local_id = 3"), ==, 1);
  g_assert_null (f->undo);
}

static void
test_to_drafts (Fixture       *f,
                gconstpointer  data)
{
  static const gint64 ids[] = { 1, 2 };
  g_autoptr (CrmTask) draft = bench_add (f->store, "Draft", TRUE);
  g_autoptr (CrmTask) queued = bench_add (f->store, "Queued", FALSE);
  g_autoptr (CrmBulkResult) moved = apply (f, ids, 2, CRM_ACTION_TO_DRAFTS);

  assert_result (moved, 1, 1, 0);
  g_assert_null (f->undo);
  g_assert_cmpint (count_drafts (f), ==, 2);
}

/* More than one transaction, each announced once. */
static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  gint64 ids[MANY];
  g_autoptr (CrmBulkResult) changed = NULL;
  g_autoptr (CrmBulkResult) back = NULL;
  g_autoptr (CrmTask) renamed = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "Before", TRUE);

      ids[i] = crm_task_get_local_id (task);
    }

  f->announced = 0;
  changed = rename_all (f, ids, MANY, "After");
  assert_result (changed, MANY, 0, 0);
  g_assert_cmpuint (f->announced, ==, 3);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE name = 'After'"), ==, MANY);

  renamed = bench_rename (f->store, ids[7], "Changed since");
  back = take_back (f);
  assert_result (back, MANY - 1, 0, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE name = 'Before'"), ==, MANY - 1);
  g_assert_cmpint (count_drafts (f), ==, MANY);
}

static void
test_second_yes (Fixture       *f,
                 gconstpointer  data)
{
  static const gint64 ids[] = { 1, 2 };
  g_autoptr (CrmTask) doubtful = bench_add (f->store, "Doubtful", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) draft = bench_add (f->store, "Draft", TRUE);
  g_autoptr (CrmBulkResult) asked = NULL;
  g_autoptr (CrmBulkResult) surely = NULL;

  bench_record (f->store, claim, CRM_ANSWER_UNCONFIRMED, 0);
  asked = apply (f, ids, 2, CRM_ACTION_DISCARD);
  assert_result (asked, 1, 0, 1);
  g_assert_cmpuint (asked->second_yes->len, ==, 1);
  g_assert_cmpint (g_array_index (asked->second_yes, gint64, 0), ==, 1);

  surely = apply (f, ids, 1, CRM_ACTION_DISCARD_SURELY);
  assert_result (surely, 1, 0, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/bulk/mixed", Fixture, NULL, set_up, test_mixed, tear_down);
  g_test_add ("/bulk/to-drafts", Fixture, NULL, set_up, test_to_drafts, tear_down);
  g_test_add ("/bulk/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/bulk/second-yes", Fixture, NULL, set_up, test_second_yes, tear_down);

  return g_test_run ();
}

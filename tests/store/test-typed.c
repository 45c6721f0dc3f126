/* test-typed.c: what is typed and not saved, through crash and save
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "store/crm-salvage.h"
#include "store/crm-typed.h"

typedef struct
{
  char     *folder;
  CrmStore *store;
  guint     announced;
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
open_store (Fixture *f)
{
  f->store = bench_open (f->folder);
  g_signal_connect (f->store, "changed", G_CALLBACK (on_changed), f);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  open_store (f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
reopen (Fixture *f)
{
  g_assert_finalize_object (f->store);
  open_store (f);
}

static void
keep (Fixture    *f,
      gint64      local_id,
      const char *content)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  crm_typed_keep_async (f->store, local_id, content, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (crm_typed_keep_finish (f->store, result, &error));
  g_assert_no_error (error);
}

static CrmTask *
save (Fixture    *f,
      gint64      typed,
      const char *name,
      GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_save_typed_async (f->store, typed, values, CRM_FIELD_BIT (CRM_FIELD_NAME), FALSE, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return crm_store_change_finish (f->store, result, NULL, error);
}

static void
assert_typed (Fixture    *f,
              guint       i,
              gint64      local_id,
              const char *content)
{
  g_autoptr (GPtrArray) all = crm_typed_read (f->store, NULL);
  const CrmTyped *typed;

  g_assert_cmpuint (all->len, >, i);
  typed = all->pdata[i];
  g_assert_cmpint (typed->local_id, ==, local_id);
  g_assert_cmpstr (typed->content, ==, content);
}

static guint
count (Fixture *f)
{
  g_autoptr (GPtrArray) all = crm_typed_read (f->store, NULL);

  return all->len;
}

static void
test_kept (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "A draft", TRUE);
  g_autoptr (CrmTask) read = NULL;

  keep (f, 0, "one");
  keep (f, 1, "two");
  keep (f, 0, "one more");
  reopen (f);
  g_assert_cmpuint (count (f), ==, 2);
  assert_typed (f, 0, 0, "one more");
  assert_typed (f, 1, 1, "two");
  read = bench_read (f->store, 1);
  g_assert_true (crm_task_get_typed (read));
  g_assert_cmpstr (bench_name (read), ==, "A draft");

  keep (f, 1, NULL);
  g_assert_cmpuint (count (f), ==, 1);
}

/* A row is painted anew when it gets typed text, and when it loses it, not at each letter. */
static void
test_announced (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "A draft", TRUE);

  f->announced = 0;
  keep (f, 1, "a");
  keep (f, 1, "ab");
  keep (f, 1, "abc");
  g_assert_cmpuint (f->announced, ==, 1);
  keep (f, 1, NULL);
  g_assert_cmpuint (f->announced, ==, 2);
  keep (f, 0, "new");
  g_assert_cmpuint (f->announced, ==, 2);
}

/* One transaction: never both the task and its text, never neither. */
static void
test_saved (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (CrmTask) one = NULL;
  g_autoptr (CrmTask) two = NULL;
  g_autoptr (CrmTask) refused = NULL;
  g_autoptr (GError) error = NULL;

  keep (f, 0, "new");
  keep (f, -1, "another new one");
  one = save (f, 0, "Saved", &error);
  g_assert_no_error (error);
  g_assert_false (crm_task_get_typed (one));
  g_assert_cmpuint (count (f), ==, 1);
  assert_typed (f, 0, -1, "another new one");

  keep (f, 1, "typed over");
  two = save (f, 1, "Saved again", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bench_name (two), ==, "Saved again");
  g_assert_cmpuint (count (f), ==, 1);

  keep (f, 99, "of a task that is gone");
  refused = save (f, 99, "Refused", &error);
  g_assert_null (refused);
  g_assert_nonnull (error);
  g_assert_cmpuint (count (f), ==, 2);
}

/* What is typed comes through damage as the tasks do; and a database of before there was such a table loses no task. */
static void
test_damaged (Fixture       *f,
              gconstpointer  data)
{
  gboolean older = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) task = bench_add (f->store, "A draft", TRUE);
  g_autoptr (CrmTask) saved = NULL;
  g_autofree char *path = g_build_filename (f->folder, "tasks.db", NULL);

  keep (f, 1, "typed");
  g_assert_finalize_object (f->store);
  if (older)
    bench_exec (f->folder, "DROP TABLE typed; PRAGMA user_version = 2");
  crm_salvage_mark (path);

  open_store (f);
  g_assert_nonnull (crm_store_get_notice (f->store));
  saved = bench_read (f->store, 1);
  g_assert_cmpstr (bench_name (saved), ==, "A draft");
  g_assert_cmpint (crm_task_get_typed (saved), ==, !older);
  g_assert_cmpuint (count (f), ==, older ? 0 : 1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/typed/kept", Fixture, NULL, set_up, test_kept, tear_down);
  g_test_add ("/typed/announced", Fixture, NULL, set_up, test_announced, tear_down);
  g_test_add ("/typed/saved", Fixture, NULL, set_up, test_saved, tear_down);

  g_test_add ("/typed/damaged", Fixture, GINT_TO_POINTER (FALSE), set_up, test_damaged, tear_down);
  g_test_add ("/typed/damaged-older", Fixture, GINT_TO_POINTER (TRUE), set_up, test_damaged, tear_down);

  return g_test_run ();
}

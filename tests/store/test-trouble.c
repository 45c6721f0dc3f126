/* test-trouble.c: a database that can't be written for a while
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "frail-vfs.h"
#include "store-bench.h"

#include "model/crm-error.h"

#include <sqlite3.h>
#include <string.h>

/* Returns what the person is told when a save fails. */
static char *
fail_to_save (CrmStore *store,
              CrmError  code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = bench_add_known (store, 7, "Not saved", &error);

  g_assert_null (task);
  g_assert_error (error, CRM_ERROR, (int) code);

  return g_strdup (error->message);
}

static void
assert_only (CrmStore   *store,
             const char *folder,
             const char *name)
{
  g_autoptr (CrmTask) task = bench_read (store, 1);

  g_assert_cmpstr (bench_name (task), ==, name);
  g_assert_cmpint (bench_ask (folder, "SELECT count (*) FROM task"), ==, 1);
  g_assert_cmpint (bench_ask (folder, "SELECT n FROM state_count WHERE state = 'queued'"), ==, 1);
}

typedef struct
{
  FrailTrouble  trouble;
  CrmError      code;
  const char   *words;
} Case;

static void
test_not_writable (gconstpointer data)
{
  const Case *what = data;
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *words = NULL;
  g_autoptr (CrmStore) store = bench_open (folder);
  g_autoptr (CrmTask) saved = bench_add (store, "Saved", FALSE);
  g_autoptr (CrmTask) later = NULL;

  frail_vfs_set_trouble (what->trouble);
  words = fail_to_save (store, what->code);
  g_assert_nonnull (strstr (words, what->words));
  frail_vfs_set_trouble (FRAIL_WELL);
  assert_only (store, folder, "Saved");

  later = bench_rename (store, 1, "Saved again");
  assert_only (store, folder, "Saved again");
  g_clear_object (&store);
  g_assert_cmpint (bench_ask (folder, "SELECT group_concat (integrity_check) = 'ok' FROM pragma_integrity_check"), ==, 1);
  bench_remove_folder (folder);
}

/* Another program holds the database for longer than one waits. */
static void
test_locked (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autofree char *words = NULL;
  g_autoptr (CrmStore) store = bench_open (folder);
  g_autoptr (CrmTask) saved = bench_add (store, "Saved", FALSE);
  g_autoptr (CrmTask) later = NULL;
  sqlite3 *other = NULL;

  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  words = fail_to_save (store, CRM_ERROR_DATABASE_BUSY);
  g_assert_nonnull (strstr (words, "Another program"));
  g_assert_cmpint (sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (other);

  assert_only (store, folder, "Saved");
  later = bench_rename (store, 1, "Saved again");
  assert_only (store, folder, "Saved again");
  g_clear_object (&store);
  bench_remove_folder (folder);
}

/* A store that can't even be made says why, and can be made when there is room. */
static void
test_full_at_first (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmStore) store = NULL;
  g_autoptr (CrmTask) task = NULL;

  frail_vfs_set_trouble (FRAIL_FULL);
  store = bench_try_open (folder, &error);
  g_assert_null (store);
  g_assert_error (error, CRM_ERROR, CRM_ERROR_DATABASE_FULL);
  frail_vfs_set_trouble (FRAIL_WELL);

  store = bench_open (folder);
  task = bench_add (store, "Saved", FALSE);
  assert_only (store, folder, "Saved");
  g_clear_object (&store);
  bench_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  static const Case full = { FRAIL_FULL, CRM_ERROR_DATABASE_FULL, "disk is full" };
  static const Case read_only = { FRAIL_READ_ONLY, CRM_ERROR_DATABASE_READ_ONLY, "permissions" };

  g_test_init (&argc, &argv, NULL);
  frail_vfs_install ();

  g_test_add_data_func ("/store/trouble/full", &full, test_not_writable);
  g_test_add_data_func ("/store/trouble/read-only", &read_only, test_not_writable);
  g_test_add_func ("/store/trouble/locked", test_locked);
  g_test_add_func ("/store/trouble/full-at-first", test_full_at_first);

  return g_test_run ();
}

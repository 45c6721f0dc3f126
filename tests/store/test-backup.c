/* test-backup.c: a backup is written and restored, whatever comes in between
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "frail-vfs.h"
#include "store-bench.h"

#include "model/crm-error.h"
#include "store/crm-backup.h"
#include "store/crm-connection.h"
#include "store/crm-schema.h"
#include "store/crm-sender-lock.h"

#include <glib/gstdio.h>
#include <string.h>

#define SEED 20261127
#define ASIDE "tasks.db.before-restore-"

typedef struct
{
  char         *folder;  /* of the account */
  char         *outside;
  char         *file;
  CrmBackupInfo account;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->folder = bench_make_folder ();
  f->outside = bench_make_folder ();
  f->file = g_build_filename (f->outside, "tasks.backup", NULL);
  f->account = (CrmBackupInfo) {
    .account_id = (char *) "one",
    .address = (char *) "https://crm.example",
    .key = (char *) "key",
  };
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  frail_vfs_set_trouble (FRAIL_WELL);
  bench_remove_folder (f->folder);
  bench_remove_folder (f->outside);
  g_free (f->folder);
  g_free (f->outside);
  g_free (f->file);
}

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

static gboolean
try_backup (Fixture       *f,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_backup_write_async (f->folder, &f->account, f->file, cancellable, on_ready, &result);
  return crm_backup_write_finish (wait_for (&result), NULL, error);
}

static void
backup (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (try_backup (f, NULL, &error));
  g_assert_no_error (error);
}

static CrmRestore *
try_restore (Fixture       *f,
             gboolean       surely,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_backup_restore_async (f->folder, &f->account, f->file, surely, cancellable, on_ready, &result);
  return crm_backup_restore_finish (wait_for (&result), error);
}

static CrmRestore *
restore (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  CrmRestore *done = try_restore (f, TRUE, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (done->restored);
  return done;
}

static void
fill (Fixture    *f,
      const char *name)
{
  g_autoptr (CrmStore) store = bench_open (f->folder);
  g_autoptr (CrmTask) task = bench_add (store, name, FALSE);

  g_assert_nonnull (task);
}

static void
rename_first (Fixture    *f,
              const char *name)
{
  g_autoptr (CrmStore) store = bench_open (f->folder);
  g_autoptr (CrmTask) task = bench_rename (store, 1, name);

  g_assert_cmpstr (bench_name (task), ==, name);
}

static void
assert_first (const char *folder,
              const char *name)
{
  g_autoptr (CrmStore) store = bench_open (folder);
  g_autoptr (CrmTask) task = bench_read (store, 1);

  g_assert_cmpstr (bench_name (task), ==, name);
}

/* What has no name of its own yet, or none any more. */
static void
assert_tidy (Fixture *f)
{
  static const char *const usual[] = { "tasks.backup", "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock", NULL };
  const char *const folders[] = { f->folder, f->outside };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr (GDir) dir = g_dir_open (folders[i], 0, NULL);
      const char *name;

      while ((name = g_dir_read_name (dir)) != NULL)
        if (!g_strv_contains (usual, name) && (!g_str_has_prefix (name, ASIDE) || strchr (name + strlen (ASIDE), '.') != NULL))
          g_error ("%s is left over", name);
    }
}

/* The process that makes the backup goes on saving, and waits for none of its steps: what it saves is there when it says so. */
static void
test_while_saving (Fixture      *f,
                   gconstpointer data)
{
  g_autoptr (CrmStore) store = bench_open (f->folder);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (CrmBackupInfo) written = { 0 };
  gint64 n_before, n = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (CrmTask) task = bench_add (store, "Before", FALSE);

      g_assert_nonnull (task);
    }
  /* So much that it takes many steps. */
  bench_exec (f->folder, "UPDATE task SET description = hex (randomblob (100000))");
  n_before = bench_ask (f->folder, "SELECT count (*) FROM task");

  crm_backup_write_async (f->folder, &f->account, f->file, NULL, on_ready, &result);
  while (result == NULL)
    {
      g_autoptr (CrmTask) task = bench_add (store, "Meanwhile", FALSE);

      g_assert_nonnull (task);
      n++;
    }
  g_assert_true (crm_backup_write_finish (result, &written, &error));
  g_assert_no_error (error);
  g_assert_cmpint (n, >, 0);
  g_assert_cmpint (written.counts.states[CRM_SYNC_QUEUED], >=, n_before);
  g_assert_cmpint (written.counts.states[CRM_SYNC_QUEUED], <=, n_before + n);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM task"), ==, n_before + n);
  g_clear_object (&store);
  assert_tidy (f);
}

static void
test_called_off (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fill (f, "Old");
  g_cancellable_cancel (cancellable);
  g_assert_false (try_backup (f, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (f->file, G_FILE_TEST_EXISTS));
  assert_tidy (f);

  g_clear_error (&error);
  backup (f);
  g_assert_null (try_restore (f, TRUE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_first (f->folder, "Old");
  assert_tidy (f);
}

static void
test_disk (Fixture      *f,
           gconstpointer data)
{
  FrailTrouble trouble = GPOINTER_TO_UINT (data);
  CrmError code = trouble == FRAIL_FULL ? CRM_ERROR_DATABASE_FULL : CRM_ERROR_DATABASE_READ_ONLY;
  g_autoptr (GError) error = NULL;

  fill (f, "Old");
  backup (f);
  rename_first (f, "New");

  frail_vfs_set_trouble (trouble);
  g_assert_false (try_backup (f, NULL, &error));
  g_assert_error (error, CRM_ERROR, (int) code);
  g_clear_error (&error);
  g_assert_null (try_restore (f, TRUE, NULL, &error));
  g_assert_error (error, CRM_ERROR, (int) code);
  frail_vfs_set_trouble (FRAIL_WELL);

  assert_tidy (f);
  assert_first (f->folder, "New");
  crm_restore_free (restore (f));
  assert_first (f->folder, "Old");
}

/* Nobody's tasks are exchanged under their hands. */
static void
test_in_use (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (CrmStore) store = NULL;
  g_autoptr (CrmSenderLock) lock = NULL;
  g_autoptr (GError) error = NULL;
  gboolean held_elsewhere;

  fill (f, "Old");
  backup (f);

  lock = crm_sender_lock_try (f->folder, &held_elsewhere, &error);
  g_assert_nonnull (lock);
  g_assert_null (try_restore (f, TRUE, NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
  g_clear_error (&error);
  g_clear_pointer (&lock, crm_sender_lock_free);

  store = bench_open (f->folder);
  g_assert_null (try_restore (f, TRUE, NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
  g_clear_object (&store);

  crm_restore_free (restore (f));
  assert_tidy (f);
}

/* Each add is looked for by what it would have been sent as, from before the backup until after the restore. */
static void
test_doubt (Fixture      *f,
            gconstpointer data)
{
  gint64 before = g_get_real_time () / G_TIME_SPAN_SECOND;
  g_autoptr (CrmStore) store = bench_open (f->folder);
  g_autoptr (CrmTask) sent = bench_add_sent (store, "Sent", 755);
  g_autoptr (CrmTask) edited = bench_rename (store, 1, "Changed");
  g_autoptr (CrmTask) add = bench_add (store, "Add", FALSE);
  g_autoptr (CrmTask) draft = bench_add (store, "Draft", TRUE);
  g_auto (CrmQueueState) queue = { .pause_class = CRM_ANSWER_ACCOUNT, .pause_words = g_strdup ("No"), .clock_offset = -900 };
  g_autoptr (CrmTask) held = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (CrmRestore) done = NULL;
  const CrmUnsettled *entry;
  gint64 next_due;

  bench_save_state (store, &queue);
  g_clear_object (&store);
  bench_exec (f->folder, "INSERT INTO pull (list, since, swept_at, phase) VALUES ('tasks', 9, 9, 1);"
                         "INSERT INTO batch (async_id, jobs, signed_at, started_at) VALUES ('a', 1, 1, 1)");
  backup (f);
  /* Another database, where nothing is known of them. */
  bench_remove_folder (f->folder);
  done = restore (f);
  g_assert_cmpint (done->n_newer, ==, 0);
  g_assert_null (done->set_aside);
  g_assert_cmpint (done->n_doubted, ==, 1);
  g_assert_cmpint (done->n_held, ==, 1);

  store = bench_open (f->folder);
  held = bench_read (store, 1);
  bench_assert_state (held, CRM_SYNC_FAILED);
  claims = bench_claim (store, 10, g_get_real_time (), &next_due);
  g_assert_cmpuint (claims->len, ==, 0);

  unsettled = bench_unsettled (store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  entry = unsettled->pdata[0];
  g_assert_cmpint (entry->local_id, ==, 2);
  g_assert_cmpint (entry->state, ==, CRM_SYNC_QUEUED);
  g_assert_cmpint (entry->first_signed_at, <=, before - 900);
  g_assert_cmpint (entry->last_signed_at, >=, before);
  g_assert_cmpuint (entry->sent->len, >, 0);
  for (guint i = 0; i < entry->sent->len; i++)
    g_assert_cmpstr (crm_values_get_text (((CrmSent *) entry->sent->pdata[i])->values, CRM_FIELD_NAME), ==, "Add");

  g_assert_cmpint (bench_ask (f->folder, "SELECT may_be_there FROM task WHERE local_id = 3"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM queue WHERE pause_class IS NULL AND clock_offset = 0"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT (SELECT count (*) FROM pull) + (SELECT count (*) FROM batch)"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count (*) FROM sqlite_schema WHERE name = 'backup'"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT n FROM state_count WHERE state = 'failed'"), ==, 1);
  g_clear_object (&store);
}

/* What was sent from here since needs no looking, but only where it is the same task. */
static void
test_known (Fixture      *f,
            gconstpointer data)
{
  g_autoptr (CrmStore) store = bench_open (f->folder);
  g_autoptr (CrmTask) add = bench_add (store, "Add", FALSE);
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmClaim) claim = NULL;
  g_autoptr (CrmRestore) done = NULL;
  g_autoptr (CrmRestore) elsewhere = NULL;

  backup (f);
  claim = bench_claim_one (store);
  bench_record (store, claim, CRM_ANSWER_ACCEPTED, 755);
  g_clear_object (&store);

  done = restore (f);
  g_assert_cmpint (done->n_known, ==, 1);
  g_assert_cmpint (done->n_doubted, ==, 0);
  g_assert_cmpint (done->n_newer, ==, 1);
  g_assert_cmpint (((CrmNewerTask *) done->newer->pdata[0])->why, ==, CRM_NEWER_SENT);

  bench_remove_folder (f->folder);
  store = bench_open (f->folder);
  task = bench_add_sent (store, "Another", 756);
  g_clear_object (&store);
  elsewhere = restore (f);
  g_assert_cmpint (elsewhere->n_known, ==, 0);
  g_assert_cmpint (elsewhere->n_doubted, ==, 1);
  g_assert_cmpint (((CrmNewerTask *) elsewhere->newer->pdata[0])->why, ==, CRM_NEWER_ADDED);
}

/* As the version with @newest migrations would have written it. */
static void
write_old_backup (Fixture *f,
                  guint    newest)
{
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %u", newest);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (f->file, FALSE, &error);

  for (guint i = 1; i <= newest && error == NULL; i++)
    {
      g_autofree char *name = g_strdup_printf ("/org/example/CrmTasks/sql/%03u.sql", i);
      g_autoptr (GBytes) sql = g_resources_lookup_data (name, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

      if (sql != NULL)
        crm_connection_exec (connection, g_bytes_get_data (sql, NULL), &error);
    }
  g_assert_no_error (error);
  crm_connection_exec (connection, mark, &error);
  crm_connection_exec (connection,
                       "CREATE TABLE backup (id INTEGER PRIMARY KEY, made_at INTEGER NOT NULL, account_id TEXT, address TEXT, key TEXT);"
                       "INSERT INTO backup VALUES (1, 1700000000000000, 'one', NULL, NULL);"
                       "INSERT INTO task (revision, state, name, end_datetime) VALUES (1, 'queued', 'Old', '2026-12-01 17:00:00');"
                       "PRAGMA journal_mode = DELETE",
                       &error);
  g_assert_no_error (error);
}

static void
test_older (Fixture      *f,
            gconstpointer data)
{
  for (guint newest = 1; newest <= 7; newest++)
    {
      g_autoptr (CrmRestore) done = NULL;

      write_old_backup (f, newest);
      done = restore (f);
      g_assert_cmpint (done->n_doubted, ==, 1);
      assert_first (f->folder, "Old");
      bench_remove_folder (f->folder);
      g_unlink (f->file);
    }
  g_assert_cmpint (g_mkdir (f->folder, 0700), ==, 0);
}

/* Where the power goes at any instant of a restore all of the old is there, or all of the new. */
static void
test_power_loss (Fixture      *f,
                 gconstpointer data)
{
  g_autofree char *lost = bench_make_folder ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  guint begun, ended;
  gboolean was_new = FALSE;

  frail_vfs_record (f->folder);
  fill (f, "Old");
  backup (f);
  rename_first (f, "New");
  begun = frail_vfs_get_length ();
  crm_restore_free (restore (f));
  ended = frail_vfs_get_length ();
  frail_vfs_record (NULL);
  g_assert_cmpuint (ended, >, begun);

  for (guint instant = begun; instant <= ended; instant++)
    {
      g_autoptr (CrmStore) store = NULL;
      g_autoptr (CrmTask) task = NULL;

      frail_vfs_lose (instant, FALSE, rand, lost);
      store = bench_open (lost);
      task = bench_read (store, 1);
      if (instant == begun)
        g_assert_cmpstr (bench_name (task), ==, "New");
      if (instant == ended)
        g_assert_cmpstr (bench_name (task), ==, "Old");
      g_assert_true (g_str_equal (bench_name (task), "Old") || g_str_equal (bench_name (task), "New"));
      was_new = was_new || g_str_equal (bench_name (task), "New");
      g_clear_object (&store);
      g_assert_cmpint (bench_ask (lost, "SELECT group_concat (integrity_check) = 'ok' FROM pragma_integrity_check"), ==, 1);
      g_assert_cmpint (bench_ask (lost, "SELECT may_be_there = (name = 'Old') FROM task"), ==, 1);
      bench_remove_folder (lost);
      g_assert_cmpint (g_mkdir (lost, 0700), ==, 0);
    }
  g_assert_true (was_new);
  bench_remove_folder (lost);
}

#define ADD(path, data, func) g_test_add ("/store/backup/" path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  frail_vfs_install ();

  ADD ("while-saving", NULL, test_while_saving);
  ADD ("called-off", NULL, test_called_off);
  ADD ("full", GUINT_TO_POINTER (FRAIL_FULL), test_disk);
  ADD ("read-only", GUINT_TO_POINTER (FRAIL_READ_ONLY), test_disk);
  ADD ("in-use", NULL, test_in_use);
  ADD ("doubt", NULL, test_doubt);
  ADD ("known", NULL, test_known);
  ADD ("older", NULL, test_older);
  ADD ("power-loss", NULL, test_power_loss);

  return g_test_run ();
}

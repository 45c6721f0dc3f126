/* test-store.c: the store on a real file: what is saved stays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-connection.h"
#include "store/crm-outbox.h"
#include "store/crm-sender-lock.h"
#include "store/crm-store.h"

#include "model/crm-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self_path;

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

static CrmStore *
open_store (const char  *folder,
            GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_open_async (folder, NULL, on_ready, &result);
  return crm_store_open_finish (wait_for (&result), error);
}

static CrmStore *
must_open (const char *folder)
{
  g_autoptr (GError) error = NULL;
  CrmStore *store = open_store (folder, &error);

  g_assert_no_error (error);
  return store;
}

static char *
make_folder (void)
{
  return g_dir_make_tmp ("crm-store-XXXXXX", NULL);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static CrmTask *
add (CrmStore   *store,
     const char *name,
     gboolean    draft)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmTask *task;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  crm_store_add_async (store, values, crm_values_get_mask (values), 0, draft, NULL, on_ready, &result);
  task = crm_store_change_finish (store, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return task;
}

static GArray *
query (CrmStore   *store,
       guint       states,
       const char *search,
       const char *sort)
{
  g_autoptr (CrmTaskQuery) q = crm_task_query_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = NULL;
  GArray *ids;

  q->states = states;
  q->search = g_strdup (search);
  if (sort != NULL)
    g_assert_true (crm_task_query_parse_sort (q, sort));
  crm_store_query_async (store, q, 0, NULL, NULL, NULL, on_ready, &result);
  list = crm_store_query_finish (store, wait_for (&result), &error);
  ids = crm_id_list_to_array (list);
  g_assert_no_error (error);

  return ids;
}

static gint64
ask_database (const char *folder,
              const char *sql)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, TRUE, NULL);
  gint64 value = -1;

  g_assert_true (crm_connection_get_int (connection, sql, &value, NULL));
  return value;
}

static GPtrArray *
claim (CrmStore *store,
       guint     most)
{
  g_autoptr (GAsyncResult) result = NULL;
  gint64 next;

  crm_outbox_claim_async (store, most, g_get_real_time (), g_get_real_time () / G_TIME_SPAN_SECOND, on_ready, &result);
  return crm_outbox_claim_finish (store, wait_for (&result), &next, NULL);
}

static void
recover (CrmStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_outbox_recover_async (store, g_get_real_time (), on_ready, &result);
  g_assert_true (crm_outbox_finish (store, wait_for (&result), NULL));
}

static void
test_reopened (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTask) task = add (store, "Überprüfung „Gala“", FALSE);
  g_autoptr (CrmTask) again = NULL;
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  GStatBuf info;

  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_QUEUED);
  g_clear_object (&store);

  store = must_open (folder);
  again = crm_store_read_task (store, crm_task_get_local_id (task), NULL);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (again), CRM_FIELD_NAME), ==, "Überprüfung „Gala“");
  g_assert_cmpint (crm_task_get_state (again), ==, CRM_SYNC_QUEUED);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);

  g_clear_object (&store);
  remove_folder (folder);
}

/* The child: saves and says so, until it is killed. */
static void
save_for_ever (const char *folder)
{
  g_autoptr (CrmStore) store = must_open (folder);

  for (;;)
    {
      g_autoptr (CrmTask) task = add (store, "Saved", FALSE);

      printf ("%" G_GINT64_FORMAT "\n", crm_task_get_local_id (task));
      fflush (stdout);
    }
}

static void
test_killed (void)
{
  for (guint run = 0; run < 5; run++)
    {
      g_autofree char *folder = make_folder ();
      const char *argv[] = { self_path, "--save", folder, NULL };
      g_autoptr (GSubprocess) child = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
      g_autoptr (GDataInputStream) out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (child));
      g_autofree char *line = NULL;
      gint64 last = 0;
      guint told = 0;

      for (; told < 20 + run * 7; told++)
        {
          g_free (line);
          line = g_data_input_stream_read_line (out, NULL, NULL, NULL);
          g_assert_nonnull (line);
          last = g_ascii_strtoll (line, NULL, 10);
        }
      g_subprocess_force_exit (child);
      g_subprocess_wait (child, NULL, NULL);

      {
        g_autoptr (CrmStore) store = must_open (folder);

        for (gint64 id = 1; id <= last; id++)
          {
            g_autoptr (CrmTask) task = crm_store_read_task (store, id, NULL);

            g_assert_nonnull (task);
          }
      }
      g_assert_cmpint (ask_database (folder, "SELECT count(*) = 1 FROM pragma_integrity_check WHERE integrity_check = 'ok'"), ==, 1);
      remove_folder (folder);
    }
}

static void
on_counted (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  guint *counts = user_data;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, NULL);

  counts[task != NULL ? 0 : 1]++;
}

/* One that is refused takes none of those with it that are committed together. */
static void
test_group_commit (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmValues) good = crm_values_new ();
  g_autoptr (CrmValues) bad = crm_values_new ();
  guint counts[2] = { 0 };

  crm_values_set_text (good, CRM_FIELD_NAME, "Good");
  crm_values_set_text (good, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  crm_values_set_text (bad, CRM_FIELD_NAME, "No due date");

  for (guint i = 0; i < 500; i++)
    {
      const CrmValues *values = i % 50 == 25 ? bad : good;

      crm_store_add_async (store, values, crm_values_get_mask (values), 0, FALSE, NULL, on_counted, counts);
    }
  while (counts[0] + counts[1] < 500)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpuint (counts[0], ==, 490);
  g_assert_cmpuint (counts[1], ==, 10);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task"), ==, 490);

  g_clear_object (&store);
  remove_folder (folder);
}

/* What was claimed and never answered was cut off: an add is not simply sent again. */
static void
test_recovered (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTask) task = add (store, "Sent", FALSE);
  g_autoptr (GPtrArray) claims = claim (store, 10);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (CrmTask) after = NULL;

  g_assert_cmpuint (claims->len, ==, 1);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task WHERE state = 'sending'"), ==, 1);
  g_clear_object (&store);

  store = must_open (folder);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task WHERE state = 'sending'"), ==, 1);
  recover (store);
  after = crm_store_read_task (store, crm_task_get_local_id (task), NULL);
  g_assert_cmpint (crm_task_get_state (after), ==, CRM_SYNC_UNCONFIRMED);
  g_assert_true (crm_task_get_may_be_there (after));
  none = claim (store, 10);
  g_assert_cmpuint (none->len, ==, 0);

  g_clear_object (&store);
  remove_folder (folder);
}

static void
test_undo (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTask) task = add (store, "Taken back", FALSE);
  g_autoptr (CrmTask) removed = NULL;
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (GAsyncResult) discarded = NULL;
  g_autoptr (GAsyncResult) undone = NULL;

  crm_store_apply_async (store, crm_task_get_local_id (task), CRM_ACTION_DISCARD, NULL, on_ready, &discarded);
  removed = crm_store_change_finish (store, wait_for (&discarded), &undo, NULL);
  g_assert_cmpint (crm_task_get_state (removed), ==, CRM_SYNC_REMOVED);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task"), ==, 0);

  crm_store_undo_async (store, undo, NULL, on_ready, &undone);
  back = crm_store_change_finish (store, wait_for (&undone), NULL, NULL);
  g_assert_cmpint (crm_task_get_local_id (back), ==, crm_task_get_local_id (task));
  g_assert_cmpint (crm_task_get_state (back), ==, CRM_SYNC_QUEUED);

  g_clear_object (&store);
  remove_folder (folder);
}

static void
test_query (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTask) first = add (store, "Beta café", FALSE);
  g_autoptr (CrmTask) second = add (store, "alpha \"quoted\" OR NOT", TRUE);
  static const struct
  {
    guint       states;
    const char *search;
    const char *sort;
    guint       n;
    gint64      first;
  } cases[] = {
    { 0, NULL, NULL, 2, 1 },
    { 0, NULL, "-localId", 2, 2 },
    { 0, NULL, "name", 2, 2 },
    { 0, NULL, "-name", 2, 1 },
    { 1u << CRM_SYNC_DRAFT, NULL, NULL, 1, 2 },
    { 1u << CRM_SYNC_SYNCED, NULL, NULL, 0, 0 },
    { 0, "caf", NULL, 1, 1 },
    { 0, "CAFE beta", NULL, 1, 1 },
    { 0, "\"quoted\"", NULL, 1, 2 },
    { 0, "OR", NULL, 1, 2 },
    { 0, "\" * ( -", NULL, 0, 0 },
    { 1u << CRM_SYNC_DRAFT, "caf", NULL, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) ids = query (store, cases[i].states, cases[i].search, cases[i].sort);

      g_test_message ("case %u", i);
      g_assert_cmpuint (ids->len, ==, cases[i].n);
      if (cases[i].n > 0)
        g_assert_cmpint (g_array_index (ids, gint64, 0), ==, cases[i].first);
    }

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autoptr (GArray) ids = query (store, 0, NULL, crm_field_get (i)->key);

      g_assert_cmpuint (ids->len, ==, 2);
    }

  g_clear_object (&store);
  remove_folder (folder);
}

static void
on_changed (CrmStore *store,
            GArray   *ids,
            gpointer  user_data)
{
  guint *foreign = user_data;

  *foreign += ids == NULL;
}

/* Two of them on one file: each sees what the other does. */
static void
test_two_stores (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) one = must_open (folder);
  g_autoptr (CrmStore) other = must_open (folder);
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmTask) seen = NULL;
  guint foreign = 0, own = 0;

  g_signal_connect (one, "changed", G_CALLBACK (on_changed), &own);
  g_signal_connect (other, "changed", G_CALLBACK (on_changed), &foreign);
  task = add (one, "Shared", FALSE);
  while (foreign == 0)
    g_main_context_iteration (NULL, TRUE);

  seen = crm_store_read_task (other, crm_task_get_local_id (task), NULL);
  g_assert_nonnull (seen);
  g_assert_cmpuint (own, ==, 0);

  g_signal_handlers_disconnect_by_data (one, &own);
  g_signal_handlers_disconnect_by_data (other, &foreign);
  g_clear_object (&one);
  g_clear_object (&other);
  remove_folder (folder);
}

static void
test_lock (void)
{
  g_autofree char *folder = make_folder ();
  gboolean elsewhere;
  g_autoptr (CrmSenderLock) lock = crm_sender_lock_try (folder, &elsewhere, NULL);
  g_autoptr (CrmSenderLock) again = NULL;

  g_assert_nonnull (lock);
  g_assert_null (crm_sender_lock_try (folder, &elsewhere, NULL));
  g_assert_true (elsewhere);
  g_clear_pointer (&lock, crm_sender_lock_free);
  again = crm_sender_lock_try (folder, &elsewhere, NULL);
  g_assert_nonnull (again);

  g_clear_pointer (&again, crm_sender_lock_free);
  remove_folder (folder);
}

static void
test_counts (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  CrmCounts counts;

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (CrmTask) task = add (store, "Counted", i % 3 == 0);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (CrmTask) after = NULL;

      if (i % 4 == 0)
        {
          crm_store_apply_async (store, crm_task_get_local_id (task), i % 8 == 0 ? CRM_ACTION_DISCARD : CRM_ACTION_TO_DRAFTS,
                                 NULL, on_ready, &result);
          after = crm_store_change_finish (store, wait_for (&result), NULL, NULL);
        }
    }
  {
    g_autoptr (GPtrArray) claims = claim (store, 7);

    g_assert_cmpuint (claims->len, ==, 7);
  }

  g_assert_true (crm_store_read_counts (store, &counts, NULL));
  g_assert_cmpint (counts.states[CRM_SYNC_SENDING], ==, 7);
  g_assert_cmpint (counts.states[CRM_SYNC_DRAFT], ==, ask_database (folder, "SELECT count(*) FROM task WHERE state = 'draft'"));
  g_assert_cmpint (counts.states[CRM_SYNC_QUEUED], ==, ask_database (folder, "SELECT count(*) FROM task WHERE state = 'queued'"));

  g_clear_object (&store);
  remove_folder (folder);
}

/* A wait that was set in what is now the future: the clock was put back. */
static void
test_clock_put_back (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTask) task = add (store, "Waits", FALSE);
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, NULL);
  gint64 now = g_get_real_time ();
  g_autofree char *soon = g_strdup_printf ("UPDATE task SET next_attempt = %" G_GINT64_FORMAT ", set_at = %" G_GINT64_FORMAT,
                                           now + 60 * G_TIME_SPAN_SECOND, now);
  g_autofree char *jumped = g_strdup_printf ("UPDATE task SET set_at = %" G_GINT64_FORMAT, now + G_TIME_SPAN_DAY);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) one = NULL;

  g_assert_true (crm_connection_exec (connection, soon, NULL));
  none = claim (store, 5);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_true (crm_connection_exec (connection, jumped, NULL));
  one = claim (store, 5);
  g_assert_cmpuint (one->len, ==, 1);

  g_clear_object (&store);
  g_clear_pointer (&connection, crm_connection_close);
  remove_folder (folder);
}

static void
test_newer (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (crm_connection_exec (connection, "PRAGMA user_version = 999", NULL));
  g_clear_pointer (&connection, crm_connection_close);
  g_assert_null (open_store (folder, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_DATABASE_NEWER);

  remove_folder (folder);
}

/* What can be read of a damaged database is there again, and the damaged file is kept. */
static void
test_damaged (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  CrmStore *store = must_open (folder);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint aside = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (CrmTask) task = add (store, "Kept", TRUE);
    }
  g_object_unref (store);

  g_assert_true (g_file_set_contents (path, "this was a database", -1, NULL));
  store = must_open (folder);
  g_assert_nonnull (crm_store_get_notice (store));
  g_object_unref (store);

  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    aside += g_str_has_prefix (name, "tasks.db.damaged-") && !g_str_has_suffix (name, "-shm") && !g_str_has_suffix (name, "-wal");
  g_assert_cmpuint (aside, ==, 1);

  remove_folder (folder);
}

static void
test_salvaged (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autofree char *marker = g_strconcat (path, ".damaged", NULL);
  CrmStore *store = must_open (folder);
  g_autoptr (CrmTask) draft = add (store, "A draft", TRUE);
  g_autoptr (CrmTask) waiting = add (store, "Was it sent?", FALSE);
  g_autoptr (CrmTask) draft_after = NULL;
  g_autoptr (CrmTask) waiting_after = NULL;

  g_object_unref (store);
  g_assert_true (g_file_set_contents (marker, "", 0, NULL));
  store = must_open (folder);
  g_assert_nonnull (crm_store_get_notice (store));
  draft_after = crm_store_read_task (store, crm_task_get_local_id (draft), NULL);
  waiting_after = crm_store_read_task (store, crm_task_get_local_id (waiting), NULL);
  g_assert_cmpint (crm_task_get_state (draft_after), ==, CRM_SYNC_DRAFT);
  g_assert_cmpint (crm_task_get_state (waiting_after), ==, CRM_SYNC_UNCONFIRMED);

  g_object_unref (store);
  remove_folder (folder);
}

/* What the command line does: no thread, no watching, one task. */
static void
test_one_task (void)
{
  g_autofree char *folder = make_folder ();
  g_autoptr (CrmStore) store = NULL;
  g_autoptr (CrmStore) other = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmTask) again = NULL;
  g_autoptr (CrmTask) late = NULL;
  g_autoptr (GError) error = NULL;
  guint foreign = 0;

  store = crm_store_open (folder, &error);
  g_assert_no_error (error);

  crm_values_set_text (values, CRM_FIELD_NAME, "By itself");
  g_assert_null (crm_store_add (store, values, crm_values_get_mask (values), 0, FALSE, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task"), ==, 0);

  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  task = crm_store_add (store, values, crm_values_get_mask (values), 0, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (crm_task_get_state (task), ==, CRM_SYNC_QUEUED);
  g_assert_cmpint (ask_database (folder, "SELECT count(*) FROM task WHERE state = 'queued'"), ==, 1);

  again = crm_store_read_task (store, crm_task_get_local_id (task), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (again), CRM_FIELD_NAME), ==, "By itself");

  /* It can go on as any other. */
  g_signal_connect (store, "changed", G_CALLBACK (on_changed), &foreign);
  crm_store_watch (store);
  other = must_open (folder);
  late = add (other, "By another", FALSE);
  while (foreign == 0)
    g_main_context_iteration (NULL, TRUE);

  g_clear_object (&other);
  g_clear_object (&store);
  remove_folder (folder);
}

/* Readers open when they are first used: that they can't is said then. */
static void
test_gone (void)
{
  g_autofree char *folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (CrmStore) store = must_open (folder);
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmCounts counts;

  g_unlink (path);
  g_assert_false (crm_store_read_counts (store, &counts, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_DATABASE);
  g_clear_error (&error);

  crm_store_query_async (store, query, 0, NULL, NULL, NULL, on_ready, &result);
  g_assert_null (crm_store_query_finish (store, wait_for (&result), &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_DATABASE);

  g_clear_object (&store);
  remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  if (argc == 3 && strcmp (argv[1], "--save") == 0)
    save_for_ever (argv[2]);

  self_path = argv[0];
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/store/reopened", test_reopened);
  g_test_add_func ("/store/killed", test_killed);
  g_test_add_func ("/store/group-commit", test_group_commit);
  g_test_add_func ("/store/recovered", test_recovered);
  g_test_add_func ("/store/undo", test_undo);
  g_test_add_func ("/store/query", test_query);
  g_test_add_func ("/store/two-stores", test_two_stores);
  g_test_add_func ("/store/lock", test_lock);
  g_test_add_func ("/store/counts", test_counts);
  g_test_add_func ("/store/clock-put-back", test_clock_put_back);
  g_test_add_func ("/store/newer", test_newer);
  g_test_add_func ("/store/damaged", test_damaged);
  g_test_add_func ("/store/salvaged", test_salvaged);
  g_test_add_func ("/store/one-task", test_one_task);
  g_test_add_func ("/store/gone", test_gone);

  return g_test_run ();
}

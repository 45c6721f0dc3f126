/* test-import-plan.c: what an import would do, and that it does that, whole or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-error.h"
#include "store-bench.h"
#include "store/crm-salvage.h"
#include "transfer/crm-import-plan.h"

#include <string.h>

typedef struct
{
  char     *folder;
  CrmStore *store;
  guint     n_changed; /* how often "changed" came */
  gboolean  many;      /* it did not say which */
} Fixture;

static void
on_changed (CrmStore *store,
            GArray   *ids,
            Fixture  *f)
{
  f->n_changed++;
  f->many = ids == NULL;
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
  g_clear_object (&f->store);
  g_assert_cmpint (bench_ask (f->folder,
                              "SELECT count(*) FROM state_count WHERE n <> (SELECT count(*) FROM task WHERE task.state = state_count.state)"),
                   ==, 0);
  bench_exec (f->folder, "INSERT INTO task_search (task_search, rank) VALUES ('integrity-check', 1)");
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM sqlite_schema WHERE name = 'search_insert'"), ==, 1);
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

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static CrmImportPlan *
read_with (Fixture                *f,
           const char             *text,
           const CrmImportOptions *options,
           GError                **error)
{
  CrmImportPlan *plan = crm_import_plan_new (f->store, options);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GAsyncResult) result = NULL;

  crm_import_plan_read_text_async (plan, bytes, NULL, on_ready, &result);
  if (!crm_import_plan_read_finish (plan, wait_for (&result), error))
    g_clear_object (&plan);

  return plan;
}

static CrmImportPlan *
read_text (Fixture    *f,
           const char *text)
{
  g_autoptr (GError) error = NULL;
  CrmImportPlan *plan = read_with (f, text, NULL, &error);

  g_assert_no_error (error);
  return plan;
}

static CrmImportResult *
run (CrmImportPlan *plan)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmImportResult *outcome;

  crm_import_plan_run_async (plan, NULL, on_ready, &result);
  outcome = crm_import_plan_run_finish (plan, wait_for (&result), &error);
  g_assert_no_error (error);

  return outcome;
}

/* Each row as a letter: New, Changed, Unchanged, Refused. */
static void
assert_verdicts (CrmImportPlan *plan,
                 const char    *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = crm_import_plan_read_rows (plan, CRM_IMPORT_ALL, 0, 1000, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    g_string_append_c (found, "NCUR"[((CrmImportEntry *) rows->pdata[i])->verdict]);
  g_assert_cmpstr (found->str, ==, expected);
}

static void
import (Fixture    *f,
        const char *text,
        const char *expected)
{
  g_autoptr (CrmImportPlan) plan = read_text (f, text);
  g_autoptr (CrmImportResult) outcome = NULL;

  assert_verdicts (plan, expected);
  outcome = run (plan);
  for (guint i = 0; i < CRM_N_IMPORT_VERDICTS; i++)
    g_assert_cmpint (outcome->n[i], ==, crm_import_plan_get_n (plan, i));
  g_assert_cmpuint (outcome->late->len, ==, 0);
}

#define count_tasks(f) bench_ask ((f)->folder, "SELECT count(*) FROM task")

#define THREE                                   \
  "name,due,description\n"                      \
  "One,2026-12-01 17:00,\"two\nlines\"\n"       \
  "Two,2026-12-02 17:00+02:00,\n"               \
  "Three,2026-12-03 17:00Z,'=1\n"

static void
test_twice (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmImportPlan) plan = NULL;
  g_autoptr (CrmImportResult) outcome = NULL;
  const CrmImportOptions again = { .allow_duplicates = TRUE };

  import (f, THREE, "NNN");
  g_assert_cmpint (count_tasks (f), ==, 3);
  g_assert_cmpuint (f->n_changed, ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'queued' AND description IS '=1'"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE end_datetime = '2026-12-02 15:00:00'"), ==, 1);
  import (f, THREE, "UUU");

  /* Renamed, sent, or discarded: what is gone comes again. */
  g_clear_object (&task);
  task = bench_rename (f->store, 1, "Another name");
  bench_exec (f->folder, "UPDATE task SET crm_id = 755, state = 'synced', description = 'Changed there' WHERE local_id = 2;"
                         "UPDATE state_count SET n = n - 1 WHERE state = 'queued'; UPDATE state_count SET n = n + 1 WHERE state = 'synced'");
  import (f, THREE, "UUU");
  g_clear_object (&task);
  task = bench_apply (f->store, 3, CRM_ACTION_DISCARD, NULL, NULL);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task_import WHERE local_id = 3"), ==, 0);
  import (f, THREE, "UUN");
  g_assert_cmpint (count_tasks (f), ==, 3);

  plan = read_with (f, THREE, &again, NULL);
  assert_verdicts (plan, "NNN");
  outcome = run (plan);
  g_assert_cmpint (count_tasks (f), ==, 6);
  import (f, THREE, "UUU");
}

/* n equal rows are as many of the m that are here. */
static void
test_equal_rows (Fixture       *f,
                 gconstpointer  data)
{
  import (f, "name,due\nA,2026-12-01 10:00\nA,2026-12-01 10:00\n", "NN");
  import (f, "name,due\nA,2026-12-01 10:00\nA,2026-12-01 10:00\n", "UU");
  import (f, "due,name,notes\n2026-12-01 10:00,A,\n2026-12-01 10:00,A\n2026-12-01 10:00,A\n", "UUN");
  g_assert_cmpint (count_tasks (f), ==, 3);
  import (f, "name,due\nA,2026-12-01 10:00\n", "U");

  /* What the same file brought before is not what a row is. */
  import (f, "id,name,due\n900,B,2026-12-01 10:00\n,B,2026-12-01 10:00\n", "NN");
  g_assert_cmpint (count_tasks (f), ==, 5);
}

static void
test_by_hand (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (CrmTask) one = bench_add (f->store, "By hand", FALSE);
  g_autoptr (CrmTask) renamed = NULL;
  g_autofree char *text = g_strdup_printf ("name,due,notes\nBy hand,%sZ,\nby hand,%sZ,\nBy hand,%sZ,other\n",
                                           crm_values_get_text (crm_task_get_values (one), CRM_FIELD_END_DATETIME),
                                           crm_values_get_text (crm_task_get_values (one), CRM_FIELD_END_DATETIME),
                                           crm_values_get_text (crm_task_get_values (one), CRM_FIELD_END_DATETIME));

  import (f, text, "UNN");
  renamed = bench_rename (f->store, 1, "Not by hand");
  import (f, text, "UUU");
}

/* Many that are due at one time are told apart by name, many of one name by time. */
static void
test_many_alike (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr (GString) text = g_string_new ("name,due\n");
  g_autoptr (GString) fresh = g_string_new (NULL);
  g_autoptr (GString) known = g_string_new (NULL);

  for (int i = 0; i < 100; i++)
    {
      g_string_append_printf (text, "Task %d,2026-12-01 10:00\nSame,2026-12-02 10:%02d:%02d\n", i, i / 60, i % 60);
      g_string_append (fresh, "NN");
      g_string_append (known, "UU");
    }
  import (f, text->str, fresh->str);
  bench_exec (f->folder, "DELETE FROM task_import");
  import (f, text->str, known->str);
}

static void
test_crm_ids (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 755);
  g_autoptr (CrmTask) now = NULL;
  g_autoptr (CrmTask) unknown = NULL;
  g_autoptr (CrmImportPlan) plan = NULL;
  g_autoptr (GPtrArray) refused = NULL;

  import (f, "id,name,notes\n755,Sent,\n", "U");
  import (f, "CRM id,name,notes\n755,,Words\n#756,Only an id,\n757,,\n755,Again,\nx,N,\n", "CNRRR");
  now = bench_read (f->store, crm_task_get_local_id (sent));
  g_assert_cmpstr (bench_name (now), ==, "Sent");
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (now), CRM_FIELD_DESCRIPTION), ==, "Words");
  bench_assert_state (now, CRM_SYNC_QUEUED);
  g_assert_cmpint (crm_task_get_revision (now), ==, crm_task_get_revision (sent) + 1);
  unknown = bench_read (f->store, 2);
  g_assert_cmpint (crm_task_get_crm_id (unknown), ==, 756);
  g_assert_cmpint (bench_ask (f->folder, "SELECT dirty FROM task WHERE local_id = 2"), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));

  /* What the task has already counts for the rules. */
  import (f, "id,lead\n755,2665\n", "C");
  plan = read_text (f, "id,contact\n755,7\n");
  assert_verdicts (plan, "R");
  refused = crm_import_plan_read_rows (plan, CRM_IMPORT_REFUSED, 0, 1, NULL);
  g_assert_true (g_str_has_prefix (((CrmImportEntry *) refused->pdata[0])->words, "contact: "));
}

static void
assert_words (CrmImportPlan *plan,
              guint          at,
              gint64         number,
              const char    *words)
{
  g_autoptr (GPtrArray) rows = crm_import_plan_read_rows (plan, CRM_IMPORT_REFUSED, at, 1, NULL);
  const CrmImportEntry *entry;

  g_assert_cmpuint (rows->len, ==, 1);
  entry = rows->pdata[0];
  g_assert_cmpint (entry->number, ==, number);
  g_assert_cmpstr (entry->words, ==, words);
}

static void
test_reasons (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (CrmImportPlan) plan = read_text (f, "Subject;Due date;Lead;Contact;Importance\n"
                                                 "\n"
                                                 "Good;2026-12-01;;;\n"
                                                 ";;x;;extreme\n"
                                                 ";;;;\n"
                                                 "Both;2026-12-01;1;2;\n"
                                                 "Friday;friday;;;\n"
                                                 "None;2026-02-30 10:00;;;\n"
                                                 "More;2026-12-01;;;;y\n"
                                                 "Words;some day;;;\n");

  assert_verdicts (plan, "NRRRRRR");
  assert_words (plan, 0, 4, "Lead: “x” is not a whole number\nImportance: “extreme” is none of low, medium, high\n"
                            "Subject: A task needs a name\nDue date: A task needs a due date");
  assert_words (plan, 1, 6, "Contact: A task belongs to either a contact, a company or an opportunity or lead");
  assert_words (plan, 2, 7, "Due date: “friday” means another time on another day; write the whole date, as 2026-12-01 17:00");
  assert_words (plan, 3, 8, "Due date: there is no such date or time");
  assert_words (plan, 4, 9, "There are more cells than headers. Is a cell with the delimiter in it not in quotation marks?");
  assert_words (plan, 5, 10, "Due date: write it as 2026-12-01 17:00, in local time, or with Z or an offset behind it");
}

static void
test_zone (Fixture       *f,
           gconstpointer  data)
{
  const CrmImportOptions there = { .zone = "Europe/Berlin" };
  const CrmImportOptions nowhere = { .zone = "Europe/Nowhere" };
  g_autoptr (CrmImportPlan) plan = read_with (f, "name,due\nA,2026-12-01 17:00\nB,2026-03-29 02:30\n", &there, NULL);
  g_autoptr (CrmImportResult) outcome = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *zone = crm_import_plan_get_zone (plan);

  g_assert_cmpstr (zone, ==, "Europe/Berlin");
  assert_verdicts (plan, "NR");
  outcome = run (plan);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE end_datetime = '2026-12-01 16:00:00'"), ==, 1);

  g_assert_null (read_with (f, "name,due\n", &nowhere, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
}

static void
test_drafts (Fixture       *f,
             gconstpointer  data)
{
  const CrmImportOptions drafts = { .draft = TRUE };
  g_autoptr (CrmImportPlan) plan = read_with (f, "name,due,lead\nA,,\n,2026-12-01 17:00,\nC,,x\n", &drafts, NULL);
  g_autoptr (CrmImportResult) outcome = NULL;

  assert_verdicts (plan, "NNR");
  outcome = run (plan);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'draft'"), ==, 2);
}

/* Whatever is refused of one keeps no other from it; what changed since the plan is judged again. */
static void
test_changes_meanwhile (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr (CrmImportPlan) plan = NULL;
  g_autoptr (CrmImportResult) outcome = NULL;
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 755);
  const CrmImportEntry *late;

  import (f, "name,due\nHere,2026-12-01 17:00\n", "N");
  plan = read_text (f, "id,name,due,lead,contact\n"
                       ",Here,2026-12-01 17:00,,\n"
                       ",Fresh,2026-12-02 17:00,,\n"
                       ",Elsewhere,2026-12-03 17:00,,\n"
                       "755,,,2665,\n");
  assert_verdicts (plan, "UNNC");

  task = bench_apply (f->store, 2, CRM_ACTION_DISCARD, NULL, NULL);
  import (f, "name,due\nElsewhere,2026-12-03 17:00\n", "N");
  bench_exec (f->folder, "UPDATE task SET contact_id = 7, confirmed = NULL WHERE local_id = 1");
  outcome = run (plan);
  g_assert_cmpint (outcome->n[CRM_IMPORT_NEW], ==, 1);
  g_assert_cmpint (outcome->n[CRM_IMPORT_UNCHANGED], ==, 1);
  g_assert_cmpint (outcome->n[CRM_IMPORT_REFUSED], ==, 2);
  g_assert_cmpint (outcome->n[CRM_IMPORT_CHANGED], ==, 0);
  g_assert_cmpuint (outcome->late->len, ==, 3);
  late = outcome->late->pdata[0];
  g_assert_cmpint (late->number, ==, 2);
  g_assert_nonnull (strstr (late->words, "Import the file again"));
  late = outcome->late->pdata[1];
  g_assert_cmpint (late->number, ==, 4);
  g_assert_cmpint (late->verdict, ==, CRM_IMPORT_UNCHANGED);
  late = outcome->late->pdata[2];
  g_assert_cmpint (late->number, ==, 5);
  g_assert_true (g_str_has_prefix (late->words, "Contact: "));
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE name = 'Here'"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE name = 'Elsewhere'"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE name = 'Fresh'"), ==, 1);
}

static void
test_after_damage (Fixture       *f,
                   gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->folder, "tasks.db", NULL);
  g_autoptr (CrmTask) task = NULL;

  import (f, THREE, "NNN");
  task = bench_rename (f->store, 2, "Another name");
  g_clear_object (&f->store);
  crm_salvage_mark (path);
  f->store = bench_open (f->folder);
  import (f, THREE, "UUU");
}

static char *
write_many (guint n)
{
  g_autoptr (GString) text = g_string_new ("name,due,lead\n");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "Task %u,2026-12-01 17:00,%s\n", i, i % 10 == 3 ? "x" : "");

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_pages (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *text = write_many (5000);
  g_autoptr (CrmImportPlan) plan = read_text (f, text);

  g_assert_cmpint (crm_import_plan_get_n (plan, CRM_IMPORT_ALL), ==, 5000);
  g_assert_cmpint (crm_import_plan_get_n (plan, CRM_IMPORT_REFUSED), ==, 500);
  g_assert_cmpfloat (crm_import_plan_get_progress (plan), ==, 1);
  for (gint64 first = 0; first < 500; first += 50)
    {
      g_autoptr (GPtrArray) page = crm_import_plan_read_rows (plan, CRM_IMPORT_REFUSED, first, 50, NULL);

      g_assert_cmpuint (page->len, ==, 50);
      for (guint i = 0; i < page->len; i++)
        g_assert_cmpint (((CrmImportEntry *) page->pdata[i])->number, ==, (first + i) * 10 + 3 + 2);
    }
  {
    g_autoptr (GPtrArray) last = crm_import_plan_read_rows (plan, CRM_IMPORT_ALL, 4990, 64, NULL);

    g_assert_cmpuint (last->len, ==, 10);
    g_assert_cmpint (((CrmImportEntry *) last->pdata[9])->number, ==, 5001);
  }
}

static void
cancel_cb (CrmImportPlan *plan,
           GParamSpec    *pspec,
           GCancellable  *cancellable)
{
  if (crm_import_plan_get_n_rows (plan) > 0)
    g_cancellable_cancel (cancellable);
}

/* While it is being written: all that was written goes again. */
static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autofree char *text = write_many (20000);
  g_autoptr (CrmImportPlan) plan = read_text (f, text);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmImportResult) outcome = NULL;
  g_autoptr (CrmTask) task = NULL;
  gulong handler;

  handler = g_signal_connect (plan, "notify::n-rows", G_CALLBACK (cancel_cb), cancellable);
  crm_import_plan_run_async (plan, cancellable, on_ready, &result);
  g_assert_null (crm_import_plan_run_finish (plan, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (count_tasks (f), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task_import"), ==, 0);
  g_assert_cmpuint (f->n_changed, ==, 0);

  /* The plan is as good as before. */
  g_signal_handler_disconnect (plan, handler);
  outcome = run (plan);
  g_assert_cmpint (count_tasks (f), ==, 18000);
  g_assert_cmpuint (f->n_changed, ==, 1);
  g_assert_true (f->many);

  /* Their words were indexed together; those of the next task are indexed as ever. */
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task_search WHERE task_search MATCH 'name : task'"), ==, 18000);
  task = bench_add (f->store, "Task behind them", FALSE);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task_search WHERE task_search MATCH 'name : task'"), ==, 18001);
}

static void
test_reading_cancelled (Fixture       *f,
                        gconstpointer  data)
{
  g_autofree char *text = write_many (20000);
  g_autoptr (CrmImportPlan) plan = crm_import_plan_new (f->store, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_signal_connect (plan, "notify::n-rows", G_CALLBACK (cancel_cb), cancellable);
  crm_import_plan_read_text_async (plan, bytes, cancellable, on_ready, &result);
  g_assert_false (crm_import_plan_read_finish (plan, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What is not written yet leaves no file behind, whatever happens to the program. */
static void
test_nameless (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (CrmImportPlan) plan = read_text (f, THREE);
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    g_assert_false (g_str_has_prefix (name, "import"));
}

static void
test_nothing (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmImportPlan) plan = read_text (f, "name,due\n\n,\n");
  g_autoptr (CrmImportPlan) nameless = crm_import_plan_new (f->store, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("Foo,Bar\n1,2\n", 12);
  g_autoptr (GAsyncResult) result = NULL;

  assert_verdicts (plan, "");
  g_assert_null (read_with (f, "", NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (read_with (f, "name,due\n\"A,2026-12-01\n", NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_clear_error (&error);

  /* Its columns are known, for whoever asks what they are. */
  crm_import_plan_read_text_async (nameless, bytes, NULL, on_ready, &result);
  g_assert_false (crm_import_plan_read_finish (nameless, wait_for (&result), &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_assert_cmpuint (crm_import_plan_get_n_columns (nameless), ==, 2);
  g_assert_cmpstr (crm_import_plan_get_column (nameless, 1)->header, ==, "Bar");
}

#define add(name, func) g_test_add ("/import-plan/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("twice", test_twice);
  add ("equal-rows", test_equal_rows);
  add ("by-hand", test_by_hand);
  add ("many-alike", test_many_alike);
  add ("crm-ids", test_crm_ids);
  add ("reasons", test_reasons);
  add ("zone", test_zone);
  add ("drafts", test_drafts);
  add ("changes-meanwhile", test_changes_meanwhile);
  add ("after-damage", test_after_damage);
  add ("pages", test_pages);
  add ("cancelled", test_cancelled);
  add ("reading-cancelled", test_reading_cancelled);
  add ("nameless", test_nameless);
  add ("nothing", test_nothing);

  return g_test_run ();
}

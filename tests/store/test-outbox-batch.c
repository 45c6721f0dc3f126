/* test-outbox-batch.c: adds that go in one request, on a real file: claimed, recorded, cut off at each step
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "store/crm-outbox-batch.h"

#include "model/crm-error.h"

#include <string.h>

typedef struct
{
  char     *folder;
  CrmStore *store;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

/* As a process that is killed: what is committed is there, and nothing else. */
static void
kill_and_start (Fixture *f)
{
  g_assert_finalize_object (f->store);
  f->store = bench_open (f->folder);
  bench_recover (f->store, g_get_real_time ());
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

static CrmOutboxBatch *
claim (Fixture *f,
       guint    least,
       guint    most)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmOutboxBatch *batch;
  gint64 now = g_get_real_time ();

  crm_outbox_batch_claim_async (f->store, least, most, now, now / G_TIME_SPAN_SECOND, on_ready, &result);
  g_assert_true (crm_outbox_batch_claim_finish (f->store, wait_for (&result), &batch, &error));
  g_assert_no_error (error);

  return batch;
}

static void
name (Fixture        *f,
      CrmOutboxBatch *batch,
      const char     *async_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  crm_outbox_batch_accept_async (f->store, batch->batch_id, async_id, on_ready, &result);
  g_assert_true (crm_outbox_finish (f->store, wait_for (&result), &error));
  g_assert_no_error (error);
  batch->async_id = g_strdup (async_id);
}

/* @klass for the first of them, accepted for the others. */
static CrmEntryFate
record (Fixture        *f,
        CrmOutboxBatch *batch,
        CrmAnswerClass  klass,
        gboolean        written,
        gboolean        lost)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) fates = NULL;
  g_autofree CrmOutcome *outcomes = g_new0 (CrmOutcome, batch->claims->len);

  for (guint i = 0; i < batch->claims->len; i++)
    outcomes[i] = (CrmOutcome) {
      .answer = crm_problem_new (i == 0 ? klass : CRM_ANSWER_ACCEPTED),
      .written = written,
      .id = i == 0 && klass != CRM_ANSWER_ACCEPTED ? 0 : 900 + i,
      .raw = (char *) "{\"raw\": true}",
      .finished_at = batch->started_at,
    };
  crm_outbox_batch_record_async (f->store, batch, outcomes, lost, on_ready, &result);
  for (guint i = 0; i < batch->claims->len; i++)
    crm_problem_free (outcomes[i].answer);
  fates = crm_outbox_batch_record_finish (f->store, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fates->len, ==, batch->claims->len);

  return g_array_index (fates, CrmEntryFate, 0);
}

static GPtrArray *
read_open (Fixture *f)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *batches;

  crm_outbox_batch_read_open_async (f->store, on_ready, &result);
  batches = crm_outbox_batch_read_open_finish (f->store, wait_for (&result), &error);
  g_assert_no_error (error);

  return batches;
}

static void
add_many (Fixture *f,
          guint    n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("Task %u", i);
      g_autoptr (CrmTask) task = bench_add (f->store, text, FALSE);
    }
}

static const CrmClaim *
get_claim (CrmOutboxBatch *batch,
           guint           i)
{
  return batch->claims->pdata[i];
}

/* Only adds that were never sent; all on the disk, in their order, before it is told. */
static void
test_claim (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 755);
  g_autoptr (CrmTask) update = bench_rename (f->store, crm_task_get_local_id (sent), "Renamed");
  g_autoptr (CrmTask) draft = bench_add (f->store, "Draft", TRUE);
  g_autoptr (CrmTask) tried = bench_add (f->store, "Tried", FALSE);
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (CrmOutboxBatch) none = NULL;
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (CrmOutboxBatch) rest = NULL;

  /* Both are tried: they wait once more, the add in doubt no more. */
  claims = bench_claim (f->store, 5, g_get_real_time (), NULL);
  g_assert_cmpuint (claims->len, ==, 2);
  for (guint i = 0; i < claims->len; i++)
    bench_record (f->store, claims->pdata[i], CRM_ANSWER_THROTTLED, 0);

  add_many (f, 5);
  none = claim (f, 6, 200);
  g_assert_null (none);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM batch"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'sending'"), ==, 0);

  batch = claim (f, 3, 200);
  g_assert_nonnull (batch);
  g_assert_null (batch->async_id);
  g_assert_cmpuint (batch->claims->len, ==, 5);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"name\":\"Task %u\",\"endDatetime\":\"2026-12-01 17:00:00\"}", i);
      gsize size;
      const char *body = g_bytes_get_data (get_claim (batch, i)->body, &size);

      g_assert_cmpmem (body, size, text, strlen (text));
      g_assert_cmpint (get_claim (batch, i)->crm_id, ==, 0);
    }
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task JOIN attempt USING (attempt_id) JOIN batch USING (batch_id)"
                                         " WHERE state = 'sending' AND attempt.revision = task.revision AND attempt.is_add"
                                         " AND attempt.finished_at IS NULL AND async_id IS NULL AND jobs = 5"
                                         " AND position = task.local_id - (SELECT min (local_id) FROM attempt"
                                         " WHERE batch_id IS NOT NULL)"),
                   ==, 5);

  /* What is in it is not claimed a second time. */
  rest = claim (f, 1, 200);
  g_assert_null (rest);
}

/* The next that are due are looked at, and no more than fit. */
static void
test_most (Fixture       *f,
           gconstpointer  data)
{
  g_autofree char *long_text = g_strnfill (9000, 'x');
  g_autofree char *text = g_strnfill (7000, 'y');
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (CrmOutboxBatch) heavy = NULL;
  g_autoptr (CrmTask) much = NULL;

  add_many (f, 7);
  batch = claim (f, 1, 4);
  g_assert_cmpuint (batch->claims->len, ==, 4);

  much = bench_add (f->store, "Much", FALSE);
  bench_exec (f->folder, "UPDATE task SET description = NULL");
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "Heavy", FALSE);
      g_autofree char *sql = g_strdup_printf ("UPDATE task SET description = '%s' WHERE local_id = %d", text,
                                              (int) crm_task_get_local_id (task));

      bench_exec (f->folder, sql);
    }
  {
    g_autofree char *sql = g_strdup_printf ("UPDATE task SET description = '%s' WHERE local_id = %d", long_text,
                                            (int) crm_task_get_local_id (much));

    bench_exec (f->folder, sql);
  }
  heavy = claim (f, 1, 200);
  g_assert_cmpuint (heavy->claims->len, >, 10);
  g_assert_cmpuint (heavy->claims->len, <, 20);
  for (guint i = 0; i < heavy->claims->len; i++)
    g_assert_cmpint (get_claim (heavy, i)->local_id, !=, crm_task_get_local_id (much));
}

typedef enum
{
  NOTHING,
  EDITED,
  DISCARDED,
  N_MEANWHILE
} Meanwhile;

static void
do_meanwhile (Fixture   *f,
              gint64     local_id,
              Meanwhile  meanwhile)
{
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (GError) error = NULL;

  if (meanwhile == EDITED)
    task = bench_rename (f->store, local_id, "Edited");
  else if (meanwhile == DISCARDED)
    task = bench_apply (f->store, local_id, CRM_ACTION_DISCARD, NULL, &error);
  g_assert_no_error (error);
}

#define ROW_OF "SELECT coalesce ((SELECT %s FROM task WHERE local_id = %d), -1)"

static void
assert_same (Fixture    *f,
             const char *column,
             gint64      alone,
             gint64      batched)
{
  g_autofree char *first = g_strdup_printf (ROW_OF, column, (int) alone);
  g_autofree char *second = g_strdup_printf (ROW_OF, column, (int) batched);

  g_test_message ("%s", column);
  g_assert_cmpint (bench_ask (f->folder, first), ==, bench_ask (f->folder, second));
}

/* Every cell of the second table of DESIGN.md §2 for adds: the same in a batch as alone. */
static void
test_answers (Fixture       *f,
              gconstpointer  data)
{
  static const char *const columns[] = {
    "(state = 'queued') + 2 * (state = 'failed') + 4 * (state = 'unconfirmed') + 8 * (state = 'synced')", "crm_id IS NULL",
    "revision", "may_be_there", "released", "discarding", "attempts", "failures", "dirty", "uncertain", "entry", "next_attempt",
    "attempt_id IS NULL", "problem_class IS NULL",
  };

  for (guint klass = 0; klass < CRM_N_ANSWER_CLASSES; klass++)
    for (guint meanwhile = 0; meanwhile < N_MEANWHILE; meanwhile++)
      {
        g_autoptr (CrmTask) task = bench_add (f->store, "Alone", FALSE);
        g_autoptr (CrmClaim) alone = bench_claim_one (f->store);
        g_autoptr (CrmTask) other = bench_add (f->store, "Batched", FALSE);
        g_autoptr (CrmTask) third = bench_add (f->store, "Beside it", FALSE);
        g_autoptr (CrmOutboxBatch) batch = claim (f, 2, 200);
        CrmEntryFate fate;
        gint64 first = crm_task_get_local_id (task), second = crm_task_get_local_id (other);

        g_test_message ("%s, %u", crm_answer_class_get_nick (klass), meanwhile);
        g_assert_cmpuint (batch->claims->len, ==, 2);
        name (f, batch, "id");
        do_meanwhile (f, first, meanwhile);
        do_meanwhile (f, second, meanwhile);
        fate = bench_record (f->store, alone, klass, klass == CRM_ANSWER_ACCEPTED ? 800 : 0);
        g_assert_cmpint (record (f, batch, klass, klass != CRM_ANSWER_NOT_SENT, FALSE), ==, fate);
        for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
          assert_same (f, columns[i], first, second);

        /* The one beside it is done, and nothing is left of the batch. */
        g_clear_object (&third);
        g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE crm_id = 901 AND state = 'synced'"), ==, 1);
        g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM batch"), ==, 0);
        g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM attempt WHERE batch_id IS NOT NULL"), ==, 0);
        bench_exec (f->folder, "DELETE FROM task");
      }
}

/* Killed at each step. Without the CRM's name for it nobody can ask: all are cut off, and known to have gone together. */
static void
test_killed_before (Fixture       *f,
                    gconstpointer  data)
{
  Meanwhile meanwhile = GPOINTER_TO_INT (data);
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;

  add_many (f, 3);
  batch = claim (f, 2, 200);
  do_meanwhile (f, get_claim (batch, 0)->local_id, meanwhile);
  kill_and_start (f);

  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'unconfirmed' AND may_be_there AND NOT released"),
                   ==, 3);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM batch"), ==, 0);
  g_assert_false (crm_outbox_batch_has_open (f->store));
  open = read_open (f);
  g_assert_cmpuint (open->len, ==, 0);
  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_true (((CrmUnsettled *) unsettled->pdata[i])->batched);

  /* An answer that came too late for that brings the ids all the same. */
  record (f, batch, CRM_ANSWER_ACCEPTED, TRUE, FALSE);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE crm_id >= 900"), ==, 3);
}

/* With it, they go on being `sending`, whoever starts, and as often. */
static void
test_killed_after (Fixture       *f,
                   gconstpointer  data)
{
  Meanwhile meanwhile = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) single = bench_add (f->store, "Alone", FALSE);
  g_autoptr (CrmClaim) alone = bench_claim_one (f->store);
  g_autoptr (CrmOutboxBatch) batch = NULL;

  add_many (f, 3);
  batch = claim (f, 2, 200);
  name (f, batch, "a \"name\"");
  do_meanwhile (f, get_claim (batch, 0)->local_id, meanwhile);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) open = NULL;
      const CrmOutboxBatch *found;

      kill_and_start (f);
      g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'sending'"), ==, 3);
      g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'unconfirmed'"), ==, 1);
      g_assert_true (crm_outbox_batch_has_open (f->store));
      open = read_open (f);
      g_assert_cmpuint (open->len, ==, 1);
      found = open->pdata[0];
      g_assert_cmpstr (found->async_id, ==, "a \"name\"");
      g_assert_cmpint (found->started_at, ==, batch->started_at);
      g_assert_cmpint (found->signed_at, ==, batch->signed_at);
      g_assert_cmpuint (found->claims->len, ==, 3);
      for (guint j = 0; j < 3; j++)
        {
          const CrmClaim *claim_found = found->claims->pdata[j];

          g_assert_cmpint (claim_found->local_id, ==, get_claim (batch, j)->local_id);
          g_assert_cmpint (claim_found->attempt_id, ==, get_claim (batch, j)->attempt_id);
          g_assert_true (g_bytes_equal (claim_found->body, get_claim (batch, j)->body));
          g_assert_cmpuint (crm_values_compare (claim_found->values, get_claim (batch, j)->values), ==, 0);
        }
    }

  record (f, batch, CRM_ANSWER_ACCEPTED, TRUE, FALSE);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE crm_id >= 900"), ==, 3);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'sending'"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'queued'"), ==, meanwhile == EDITED);
  kill_and_start (f);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE crm_id >= 900"), ==, 3);
}

/* The answer to `run` is lost: what is known of that stays with each. */
static void
test_lost (Fixture       *f,
           gconstpointer  data)
{
  gboolean lost = GPOINTER_TO_INT (data);
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;

  add_many (f, 2);
  batch = claim (f, 2, 200);
  record (f, batch, CRM_ANSWER_UNCONFIRMED, TRUE, lost);
  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  g_assert_cmpint (((CrmUnsettled *) unsettled->pdata[0])->batched, ==, lost);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM batch"), ==, 0);
}

/* The person may not do to what is with the CRM what must wait for an answer. */
static void
test_words (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (CrmOutboxBatch) batch = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;

  add_many (f, 2);
  batch = claim (f, 2, 200);
  name (f, batch, "id");
  kill_and_start (f);
  task = bench_apply (f->store, get_claim (batch, 0)->local_id, CRM_ACTION_TO_DRAFTS, NULL, &error);
  g_assert_null (task);
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/outbox-batch/claim", Fixture, NULL, set_up, test_claim, tear_down);
  g_test_add ("/outbox-batch/most", Fixture, NULL, set_up, test_most, tear_down);
  g_test_add ("/outbox-batch/answers", Fixture, NULL, set_up, test_answers, tear_down);
  for (guint i = 0; i < N_MEANWHILE; i++)
    {
      static const char *const words[] = { "nothing", "edited", "discarded" };
      g_autofree char *before = g_strconcat ("/outbox-batch/killed-before/", words[i], NULL);
      g_autofree char *after = g_strconcat ("/outbox-batch/killed-after/", words[i], NULL);

      g_test_add (before, Fixture, GUINT_TO_POINTER (i), set_up, test_killed_before, tear_down);
      g_test_add (after, Fixture, GUINT_TO_POINTER (i), set_up, test_killed_after, tear_down);
    }
  g_test_add ("/outbox-batch/lost", Fixture, GINT_TO_POINTER (TRUE), set_up, test_lost, tear_down);
  g_test_add ("/outbox-batch/done", Fixture, GINT_TO_POINTER (FALSE), set_up, test_lost, tear_down);
  g_test_add ("/outbox-batch/words", Fixture, NULL, set_up, test_words, tear_down);

  return g_test_run ();
}

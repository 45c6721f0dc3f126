/* test-outbox.c: claims, answers and looking, on a real file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "store/crm-attempt-log.h"

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
  bench_exec (f->folder, "INSERT INTO task_search (task_search, rank) VALUES ('integrity-check', 1)");
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static char *
body_of (const CrmClaim *claim)
{
  gsize size;
  const char *text = g_bytes_get_data (claim->body, &size);

  return g_strndup (text, size);
}

/* What is told as claimed is on the disk already: state, revision and the exact body. */
static void
test_durable_claim (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Exact ☃ \"body\"", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autofree char *body = body_of (claim);
  g_autoptr (GPtrArray) history = NULL;
  const CrmAttempt *attempt;

  g_assert_cmpstr (body, ==, "{\"name\":\"Exact ☃ \\\"body\\\"\",\"endDatetime\":\"2026-12-01 17:00:00\"}");
  g_assert_cmpint (claim->crm_id, ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task JOIN attempt USING (attempt_id)"
                                         " WHERE state = 'sending' AND attempt.revision = task.revision"
                                         " AND attempt.is_add AND attempt.finished_at IS NULL"),
                   ==, 1);

  history = crm_store_read_history (f->store, crm_task_get_local_id (task), NULL);
  g_assert_cmpuint (history->len, ==, 1);
  attempt = history->pdata[0];
  g_assert_cmpstr (attempt->body, ==, body);
  g_assert_cmpint (attempt->signed_at, ==, claim->signed_at);
  g_assert_cmpint (attempt->started_at, ==, claim->started_at);
  g_assert_null (attempt->outcome);
}

static void
test_accepted (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = NULL;
  g_autoptr (CrmTask) done = NULL;
  g_autoptr (CrmClaim) claim = NULL;
  g_autofree char *body = NULL;

  bench_assert_state (sent, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (sent), ==, 755);
  g_assert_cmpint (crm_task_get_attempts (sent), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM attempt WHERE raw IS NOT NULL"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE confirmed IS NULL AND entry = 1"), ==, 1);

  /* The next edit is an entry of its own, and sends what changed. */
  edited = bench_rename (f->store, id, "Sent again");
  bench_assert_state (edited, CRM_SYNC_QUEUED);
  g_assert_cmpint (crm_task_get_attempts (edited), ==, 0);
  claim = bench_claim_one (f->store);
  body = body_of (claim);
  g_assert_cmpstr (body, ==, "{\"id\":755,\"name\":\"Sent again\"}");
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  done = bench_read (f->store, id);
  bench_assert_state (done, CRM_SYNC_SYNCED);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE confirmed IS NULL AND entry = 2 AND dirty = 0"), ==, 1);
}

static void
test_rejected (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Rejected", FALSE);
  gint64 id = crm_task_get_local_id (task);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_REJECTED);
  const char *more[] = { "leadId: *Invalid item selected*", "Zweite „Meldung“", NULL };
  g_autoptr (CrmTask) failed = NULL;
  g_autoptr (CrmTask) again = NULL;
  g_autoptr (GPtrArray) history = NULL;
  const CrmProblem *kept;
  const CrmAttempt *attempt;

  problem->http_status = 400;
  problem->error_code = 400;
  problem->specific_code = 24395;
  problem->message = g_strdup ("The request contains invalid data");
  problem->additional_messages = g_strdupv ((GStrv) more);
  bench_record_problem (f->store, claim, problem, 0, 0);

  failed = bench_read (f->store, id);
  bench_assert_state (failed, CRM_SYNC_FAILED);
  kept = crm_task_get_problem (failed);
  g_assert_cmpint (kept->klass, ==, CRM_ANSWER_REJECTED);
  g_assert_cmpuint (kept->http_status, ==, 400);
  g_assert_cmpint (kept->error_code, ==, 400);
  g_assert_cmpint (kept->specific_code, ==, 24395);
  g_assert_cmpstr (kept->message, ==, "The request contains invalid data");
  g_assert_true (g_strv_equal ((const char *const *) kept->additional_messages, more));

  /* Resubmitted, it starts from 0; the error is history. */
  again = bench_apply (f->store, id, CRM_ACTION_RESUBMIT, NULL, NULL);
  bench_assert_state (again, CRM_SYNC_QUEUED);
  g_assert_null (crm_task_get_problem (again));
  g_assert_cmpint (crm_task_get_attempts (again), ==, 0);
  history = crm_store_read_history (f->store, id, NULL);
  g_assert_cmpuint (history->len, ==, 1);
  attempt = history->pdata[0];
  g_assert_cmpint (attempt->outcome->specific_code, ==, 24395);
  g_assert_true (g_strv_equal ((const char *const *) attempt->outcome->additional_messages, more));
  g_assert_cmpstr (attempt->raw_answer, ==, "{\"raw\": true}");
}

/* The answer to what is no longer under way changes nothing, but for an id, which is the truth. */
static void
test_late_answer (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Late", FALSE);
  gint64 id = crm_task_get_local_id (task);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) cut_off = NULL;
  g_autoptr (CrmTask) same = NULL;
  g_autoptr (CrmTask) done = NULL;

  bench_recover (f->store, g_get_real_time ());
  cut_off = bench_read (f->store, id);
  bench_assert_state (cut_off, CRM_SYNC_UNCONFIRMED);
  g_assert_cmpint (crm_task_get_attempts (cut_off), ==, 1);

  bench_record (f->store, claim, CRM_ANSWER_REJECTED, 0);
  same = bench_read (f->store, id);
  bench_assert_state (same, CRM_SYNC_UNCONFIRMED);
  g_assert_true (crm_task_get_may_be_there (same));

  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  done = bench_read (f->store, id);
  bench_assert_state (done, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (done), ==, 755);
  g_assert_false (crm_task_get_may_be_there (done));
}

static void
test_answer_to_removed (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Gone", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) removed = NULL;

  bench_recover (f->store, g_get_real_time ());
  removed = bench_apply (f->store, crm_task_get_local_id (task), CRM_ACTION_DISCARD_SURELY, NULL, NULL);
  bench_assert_state (removed, CRM_SYNC_REMOVED);
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  g_assert_cmpint (bench_ask (f->folder, "SELECT (SELECT count(*) FROM task) + (SELECT count(*) FROM attempt)"), ==, 0);
}

/* The sender died between claim and record. */
static void
test_recovered_update (Fixture       *f,
                       gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Before", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = bench_rename (f->store, id, "After");
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) after = NULL;
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (CrmClaim) again = NULL;
  g_autofree char *body = NULL;

  g_object_unref (f->store);
  f->store = bench_open (f->folder);
  after = bench_read (f->store, id);
  bench_assert_state (after, CRM_SYNC_SENDING);
  bench_recover (f->store, g_get_real_time ());
  g_clear_object (&after);
  after = bench_read (f->store, id);
  bench_assert_state (after, CRM_SYNC_QUEUED);
  g_assert_cmpint (crm_task_get_attempts (after), ==, 1);

  /* It may have been applied: changed back, it is sent all the same. */
  back = bench_rename (f->store, id, "Before");
  bench_assert_state (back, CRM_SYNC_QUEUED);
  again = bench_claim_one (f->store);
  body = body_of (again);
  g_assert_cmpstr (body, ==, "{\"id\":755,\"name\":\"Before\"}");
}

static void
test_due (Fixture       *f,
          gconstpointer  data)
{
  gint64 now = g_get_real_time ();
  g_autoptr (CrmTask) first = bench_add (f->store, "First", FALSE);
  g_autoptr (CrmTask) second = bench_add (f->store, "Second", FALSE);
  g_autoptr (CrmTask) draft = bench_add (f->store, "Draft", TRUE);
  g_autoptr (CrmProblem) trouble = crm_problem_new (CRM_ANSWER_NOT_SENT);
  g_autoptr (GPtrArray) claims = bench_claim (f->store, 1, now, NULL);
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) later = NULL;
  g_autoptr (CrmTask) waits = NULL;
  gint64 next = -1;

  g_assert_cmpuint (claims->len, ==, 1);
  g_assert_cmpint (((CrmClaim *) claims->pdata[0])->local_id, ==, crm_task_get_local_id (first));
  bench_record_problem (f->store, claims->pdata[0], trouble, 0, now + 5000000);

  others = bench_claim (f->store, 10, now, &next);
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_cmpint (((CrmClaim *) others->pdata[0])->local_id, ==, crm_task_get_local_id (second));
  g_assert_cmpint (next, ==, now + 5000000);

  none = bench_claim (f->store, 10, now + 4999999, &next);
  g_assert_cmpuint (none->len, ==, 0);
  waits = bench_read (f->store, crm_task_get_local_id (first));
  g_assert_cmpint (crm_task_get_next_attempt (waits), ==, now + 5000000);

  later = bench_claim (f->store, 10, now + 5000000, &next);
  g_assert_cmpuint (later->len, ==, 1);
  g_assert_cmpint (next, ==, 0);
}

/* Ten wait for five minutes; then the clock is put back by a day. */
static void
test_clock_jumped (Fixture       *f,
                   gconstpointer  data)
{
  gint64 now = g_get_real_time ();
  g_autoptr (CrmProblem) not_sent = crm_problem_new (CRM_ANSWER_NOT_SENT);
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GPtrArray) none = NULL;
  guint taken = 0;

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (CrmTask) task = bench_add (f->store, "Waits", FALSE);
    }
  claims = bench_claim (f->store, 10, now, NULL);
  for (guint i = 0; i < claims->len; i++)
    bench_record_problem (f->store, claims->pdata[i], not_sent, 0, now + 300 * G_TIME_SPAN_SECOND);

  none = bench_claim (f->store, 10, now + G_TIME_SPAN_SECOND, NULL);
  g_assert_cmpuint (none->len, ==, 0);

  while (taken < 10)
    {
      g_autoptr (GPtrArray) some = bench_claim (f->store, 4, now - G_TIME_SPAN_DAY, NULL);

      g_assert_cmpuint (some->len, >, 0);
      g_assert_cmpuint (some->len, <=, 4);
      taken += some->len;
    }
}

/* An add in trouble waits until it was looked for. */
static void
test_looked_for (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Trouble", FALSE);
  gint64 id = crm_task_get_local_id (task);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;
  g_autoptr (GPtrArray) settled = NULL;
  g_autoptr (CrmClaim) again = NULL;
  const CrmUnsettled *one;

  bench_record (f->store, claim, CRM_ANSWER_TROUBLE, 0);
  none = bench_claim (f->store, 5, g_get_real_time () + G_TIME_SPAN_DAY, NULL);
  g_assert_cmpuint (none->len, ==, 0);

  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  one = unsettled->pdata[0];
  g_assert_cmpint (one->local_id, ==, id);
  g_assert_cmpint (one->first_signed_at, ==, claim->signed_at);
  g_assert_cmpint (one->last_signed_at, ==, claim->signed_at);
  g_assert_cmpuint (one->sent->len, ==, 1);
  g_assert_cmpstr (crm_values_get_text (((CrmSent *) one->sent->pdata[0])->values, CRM_FIELD_NAME), ==, "Trouble");

  g_assert_cmpint (bench_release (f->store, id), ==, CRM_ENTRY_KEPT);
  settled = bench_unsettled (f->store);
  g_assert_cmpuint (settled->len, ==, 0);
  again = bench_claim_one (f->store);
  g_assert_cmpint (again->local_id, ==, id);
}

/* Looking compares with what was sent, and with all that was; what a refusal answered created nothing. */
static void
test_sent_bodies (Fixture       *f,
                  gconstpointer  data)
{
  static const CrmAnswerClass classes[] = { CRM_ANSWER_THROTTLED, CRM_ANSWER_UNCONFIRMED, CRM_ANSWER_ACCOUNT,
                                            CRM_ANSWER_TROUBLE };
  static const char *const names[] = { "One", "Two", "Three", "Four" };
  g_autoptr (CrmTask) task = bench_add (f->store, names[0], FALSE);
  gint64 id = crm_task_get_local_id (task);
  g_autoptr (GPtrArray) unsettled = NULL;
  g_autoptr (CrmTask) adopted = NULL;
  const CrmUnsettled *one;
  gint64 second_signed_at = 0;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (CrmTask) renamed = bench_rename (f->store, id, names[i]);
      g_autoptr (GPtrArray) claims = bench_claim (f->store, 1, g_get_real_time () + i * G_TIME_SPAN_MINUTE, NULL);

      g_assert_cmpuint (claims->len, ==, 1);
      if (i == 1)
        second_signed_at = ((CrmClaim *) claims->pdata[0])->signed_at;
      bench_record (f->store, claims->pdata[0], classes[i], 0);
      if (classes[i] == CRM_ANSWER_UNCONFIRMED)
        bench_release (f->store, id);
    }

  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  one = unsettled->pdata[0];
  g_assert_cmpuint (one->sent->len, ==, 2);
  g_assert_cmpstr (crm_values_get_text (((CrmSent *) one->sent->pdata[0])->values, CRM_FIELD_NAME), ==, "Two");
  g_assert_cmpstr (crm_values_get_text (((CrmSent *) one->sent->pdata[1])->values, CRM_FIELD_NAME), ==, "Four");
  g_assert_cmpint (one->first_signed_at, ==, second_signed_at);

  /* It can't be told which of them is there, so what they differ in is sent. */
  bench_adopt (f->store, id, 755);
  adopted = bench_read (f->store, id);
  bench_assert_state (adopted, CRM_SYNC_QUEUED);
  g_assert_cmpuint (crm_task_get_dirty (adopted), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
}

/* An answer brings the id that another task adopted: the answer wins, and the adopter is looked for again. */
static void
test_adopter_loses (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) adopter = bench_add (f->store, "Twin", FALSE);
  gint64 adopter_id = crm_task_get_local_id (adopter);
  g_autoptr (CrmClaim) lost = bench_claim_one (f->store);
  g_autoptr (CrmTask) owner = NULL;
  g_autoptr (CrmClaim) claim = NULL;
  g_autoptr (CrmTask) edited = NULL;
  g_autoptr (CrmTask) adopter_after = NULL;
  g_autoptr (CrmTask) owner_after = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;
  const CrmUnsettled *one;

  bench_record (f->store, lost, CRM_ANSWER_UNCONFIRMED, 0);
  bench_adopt (f->store, adopter_id, 755);
  /* It is in its next place in the outbox by the time. */
  edited = bench_rename (f->store, adopter_id, "Twin, edited");
  bench_assert_state (edited, CRM_SYNC_QUEUED);
  bench_exec (f->folder, "UPDATE task SET next_attempt = 9000000000000000");

  owner = bench_add (f->store, "Twin", FALSE);
  claim = bench_claim_one (f->store);
  g_assert_cmpint (claim->local_id, ==, crm_task_get_local_id (owner));
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);

  owner_after = bench_read (f->store, claim->local_id);
  bench_assert_state (owner_after, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (owner_after), ==, 755);

  adopter_after = bench_read (f->store, adopter_id);
  bench_assert_state (adopter_after, CRM_SYNC_UNCONFIRMED);
  g_assert_cmpint (crm_task_get_crm_id (adopter_after), ==, 0);
  g_assert_true (crm_task_get_may_be_there (adopter_after));
  g_assert_cmpstr (bench_name (adopter_after), ==, "Twin, edited");

  /* What it sent then is what must be looked for. */
  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  one = unsettled->pdata[0];
  g_assert_cmpint (one->local_id, ==, adopter_id);
  g_assert_cmpuint (one->sent->len, ==, 1);
  g_assert_cmpint (one->first_signed_at, ==, lost->signed_at);
  g_assert_cmpstr (crm_values_get_text (((CrmSent *) one->sent->pdata[0])->values, CRM_FIELD_NAME), ==, "Twin");
}

/* An id that another task has for another reason is a question. */
static void
test_id_of_another (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) owner = bench_add_sent (f->store, "Owner", 755);
  g_autoptr (CrmTask) other = bench_add (f->store, "Other", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) asks = NULL;
  g_autoptr (CrmTask) still = NULL;

  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  asks = bench_read (f->store, claim->local_id);
  bench_assert_state (asks, CRM_SYNC_UNCONFIRMED);
  g_assert_cmpint (crm_task_get_crm_id (asks), ==, 0);
  g_assert_cmpint (crm_task_get_attempts (asks), ==, 1);
  g_assert_nonnull (g_strstr_len (crm_task_get_problem (asks)->message, -1, "#755"));
  still = bench_read (f->store, crm_task_get_local_id (owner));
  bench_assert_state (still, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (still), ==, 755);
}

static void
test_settled_by_a_person (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr (CrmTask) owner = bench_add_sent (f->store, "Owner", 755);
  g_autoptr (CrmTask) task = bench_add (f->store, "Unconfirmed", FALSE);
  gint64 id = crm_task_get_local_id (task);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) renamed = NULL;
  g_autoptr (CrmTask) settled = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) taken = NULL;
  g_autoptr (GError) settled_already = NULL;

  g_assert_null (bench_settle (f->store, id, 800, &none));
  g_assert_error (none, CRM_ERROR, CRM_ERROR_REFUSED);

  bench_record (f->store, claim, CRM_ANSWER_UNCONFIRMED, 0);
  g_assert_null (bench_settle (f->store, id, 755, &taken));
  g_assert_error (taken, CRM_ERROR, CRM_ERROR_REFUSED);
  g_assert_nonnull (g_strstr_len (taken->message, -1, "#755"));

  renamed = bench_rename (f->store, id, "Edited since");
  settled = bench_settle (f->store, id, 800, NULL);
  bench_assert_state (settled, CRM_SYNC_QUEUED);
  g_assert_cmpint (crm_task_get_crm_id (settled), ==, 800);
  g_assert_cmpuint (crm_task_get_dirty (settled), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  g_assert_false (crm_task_get_may_be_there (settled));

  g_assert_null (bench_settle (f->store, id, 801, &settled_already));
  g_assert_error (settled_already, CRM_ERROR, CRM_ERROR_REFUSED);
}

/* Of a task known only by its id, what was given is sent, and nothing else. */
static void
test_known_by_id (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = bench_add_known (f->store, 900, "New name", &error);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autofree char *body = body_of (claim);
  g_autoptr (CrmTask) synced = NULL;
  g_autoptr (CrmTask) same = NULL;
  g_autoptr (CrmTask) edited = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (body, ==, "{\"id\":900,\"name\":\"New name\"}");
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 900);
  synced = bench_read (f->store, claim->local_id);
  bench_assert_state (synced, CRM_SYNC_SYNCED);

  /* Its due date is still not known, and not sent as empty. */
  edited = bench_add_known (f->store, 900, "Newer name", &error);
  g_assert_no_error (error);
  g_assert_cmpint (crm_task_get_local_id (edited), ==, claim->local_id);
  g_assert_cmpuint (crm_task_get_dirty (edited), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  same = bench_rename (f->store, claim->local_id, "New name");
  bench_assert_state (same, CRM_SYNC_SYNCED);
}

static void
test_queue_state (Fixture       *f,
                  gconstpointer  data)
{
  g_auto (CrmQueueState) at_first = { 0 };
  g_auto (CrmQueueState) kept = { 0 };

  g_assert_true (crm_outbox_read_state (f->store, &at_first, NULL));
  g_assert_cmpint (at_first.pause_class, ==, -1);
  g_assert_cmpint (at_first.last_sync, ==, 0);

  for (int klass = -1; klass < CRM_N_ANSWER_CLASSES; klass++)
    {
      CrmQueueState state = { klass, (char *) "Why “it” waits", 11, 12, -13, 14 };

      g_auto (CrmQueueState) read = { 0 };

      bench_save_state (f->store, &state);
      g_assert_true (crm_outbox_read_state (f->store, &read, NULL));
      g_assert_cmpint (read.pause_class, ==, klass);
    }

  g_assert_finalize_object (f->store);
  f->store = bench_open (f->folder);
  g_assert_true (crm_outbox_read_state (f->store, &kept, NULL));
  g_assert_cmpint (kept.pause_class, ==, CRM_N_ANSWER_CLASSES - 1);
  g_assert_cmpstr (kept.pause_words, ==, "Why “it” waits");
  g_assert_cmpint (kept.resume_at, ==, 11);
  g_assert_cmpint (kept.set_at, ==, 12);
  g_assert_cmpint (kept.clock_offset, ==, -13);
  g_assert_cmpint (kept.last_sync, ==, 14);
}

/* Attempts are kept 90 days, those of a task with something open for as long as it has. */
static void
test_old_attempts (Fixture       *f,
                   gconstpointer  data)
{
  gint64 now = g_get_real_time ();
  g_autoptr (CrmTask) synced = bench_add_sent (f->store, "Synced", 755);
  g_autoptr (CrmTask) open = bench_add (f->store, "Open", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);

  bench_record (f->store, claim, CRM_ANSWER_UNCONFIRMED, 0);
  bench_recover (f->store, now + 89 * G_TIME_SPAN_DAY);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM attempt"), ==, 2);
  bench_recover (f->store, now + 91 * G_TIME_SPAN_DAY);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM attempt"), ==, 1);
  g_assert_cmpint (bench_ask (f->folder, "SELECT local_id FROM attempt"), ==, claim->local_id);
}

static void
on_claimed (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  gint64 next_due;

  g_assert_null (crm_outbox_claim_finish (CRM_STORE (source), result, &next_due, user_data));
}

static void
on_unsettled (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_assert_null (crm_outbox_read_unsettled_finish (CRM_STORE (source), result, user_data));
}

/* What is done for every request reads the few rows it is about: without its index it is not done at all. */
static void
test_indexes (Fixture       *f,
              gconstpointer  data)
{
  static const char *const indexes[] = { "task_due", "task_set", "task_unsettled" };
  static const char *const ordered =
      "EXPLAIN QUERY PLAN SELECT local_id FROM task INDEXED BY task_due WHERE state = 'queued'"
      " AND (may_be_there = 0 OR released = 1) AND next_attempt <= 5 ORDER BY next_attempt, local_id LIMIT 32";
  g_autofree char *path = g_build_filename (f->folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, TRUE, NULL);
  g_autoptr (CrmStatement) plan = crm_connection_prepare (connection, ordered, NULL);
  gboolean has_row;

  g_assert_true (crm_statement_step (plan, &has_row, NULL) && has_row);
  g_assert_cmpstr (crm_statement_get_text (plan, 3), ==, "SEARCH task USING INDEX task_due (next_attempt<?)");
  g_assert_true (crm_statement_step (plan, &has_row, NULL));
  g_assert_false (has_row);

  for (guint i = 0; i < G_N_ELEMENTS (indexes); i++)
    {
      g_autofree char *drop = g_strdup_printf ("DROP INDEX %s", indexes[i]);
      g_autofree char *folder = bench_make_folder ();
      g_autoptr (CrmStore) store = bench_open (folder);
      g_autoptr (CrmTask) task = bench_add (store, "Waits", FALSE);
      g_autoptr (GError) error = NULL;

      bench_exec (folder, drop);
      if (g_str_equal (indexes[i], "task_unsettled"))
        crm_outbox_read_unsettled_async (store, on_unsettled, &error);
      else
        crm_outbox_claim_async (store, 1, 1, 1, on_claimed, &error);
      while (error == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_nonnull (g_strstr_len (error->message, -1, indexes[i]));

      g_assert_finalize_object (g_steal_pointer (&store));
      bench_remove_folder (folder);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/outbox/durable-claim", test_durable_claim);
  ADD ("/outbox/accepted", test_accepted);
  ADD ("/outbox/rejected", test_rejected);
  ADD ("/outbox/late-answer", test_late_answer);
  ADD ("/outbox/answer-to-removed", test_answer_to_removed);
  ADD ("/outbox/recovered-update", test_recovered_update);
  ADD ("/outbox/due", test_due);
  ADD ("/outbox/clock-jumped", test_clock_jumped);
  ADD ("/outbox/looked-for", test_looked_for);
  ADD ("/outbox/sent-bodies", test_sent_bodies);
  ADD ("/outbox/adopter-loses", test_adopter_loses);
  ADD ("/outbox/id-of-another", test_id_of_another);
  ADD ("/outbox/settled-by-a-person", test_settled_by_a_person);
  ADD ("/outbox/known-by-id", test_known_by_id);
  ADD ("/outbox/queue-state", test_queue_state);
  ADD ("/outbox/old-attempts", test_old_attempts);
  ADD ("/outbox/indexes", test_indexes);

  return g_test_run ();
}

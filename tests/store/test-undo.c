/* test-undo.c: a discard of each kind, taken back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"

#include "model/crm-error.h"

typedef struct
{
  char     *folder;
  CrmStore *store;
  CrmUndo  *undo;
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
  g_clear_pointer (&f->undo, crm_undo_unref);
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
discard (Fixture      *f,
         gint64        local_id,
         CrmAction     action,
         CrmSyncState  result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = bench_apply (f->store, local_id, action, &f->undo, &error);

  g_assert_no_error (error);
  g_assert_nonnull (f->undo);
  g_assert_cmpint (crm_undo_get_local_id (f->undo), ==, local_id);
  bench_assert_state (task, result);
}

static CrmTask *
take_back (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  CrmTask *task = bench_undo (f->store, f->undo, &error);

  g_assert_no_error (error);
  return task;
}

static void
refuse_back (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bench_undo (f->store, f->undo, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
}

static void
test_draft (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "A draft", TRUE);
  g_autoptr (CrmTask) back = NULL;

  discard (f, crm_task_get_local_id (task), CRM_ACTION_DISCARD, CRM_SYNC_REMOVED);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 0);
  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_DRAFT);
  g_assert_cmpstr (bench_name (back), ==, "A draft");
  g_assert_cmpint (crm_task_get_local_id (back), ==, crm_task_get_local_id (task));
  refuse_back (f);
}

/* With its error and its history. */
static void
test_failed (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Failed", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_REJECTED);
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (GPtrArray) history = NULL;
  const CrmAttempt *attempt;

  problem->specific_code = 24395;
  bench_record_problem (f->store, claim, problem, 0, 0);
  discard (f, claim->local_id, CRM_ACTION_DISCARD, CRM_SYNC_REMOVED);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM attempt"), ==, 0);

  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_FAILED);
  g_assert_cmpint (crm_task_get_problem (back)->specific_code, ==, 24395);
  g_assert_cmpint (crm_task_get_attempts (back), ==, 1);
  history = crm_store_read_history (f->store, claim->local_id, NULL);
  g_assert_cmpuint (history->len, ==, 1);
  attempt = history->pdata[0];
  g_assert_cmpint (attempt->outcome->specific_code, ==, 24395);
  g_assert_cmpint (attempt->signed_at, ==, claim->signed_at);
  g_assert_true (attempt->is_add);
  g_assert_cmpstr (attempt->raw_answer, ==, "{\"raw\": true}");
}

static void
test_update (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Confirmed", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = bench_rename (f->store, id, "Edited");
  g_autoptr (CrmTask) dropped = NULL;
  g_autoptr (CrmTask) back = NULL;

  discard (f, id, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED);
  dropped = bench_read (f->store, id);
  g_assert_cmpstr (bench_name (dropped), ==, "Confirmed");

  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_QUEUED);
  g_assert_cmpstr (bench_name (back), ==, "Edited");
  g_assert_cmpuint (crm_task_get_dirty (back), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  g_assert_cmpint (crm_task_get_revision (back), >, crm_task_get_revision (dropped));
  refuse_back (f);
}

static void
test_changed_since (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Confirmed", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = bench_rename (f->store, id, "Edited");
  g_autoptr (CrmTask) again = NULL;
  g_autoptr (CrmTask) kept = NULL;

  discard (f, id, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED);
  again = bench_rename (f->store, id, "Edited otherwise");
  refuse_back (f);
  kept = bench_read (f->store, id);
  g_assert_cmpstr (bench_name (kept), ==, "Edited otherwise");
}

/* The confirmed values are sent once more; the edit comes back before or behind that. */
static void
test_uncertain_update (Fixture       *f,
                       gconstpointer  data)
{
  gboolean restored_is_sent = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Confirmed", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = bench_rename (f->store, id, "Edited");
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) back = NULL;

  bench_record (f->store, claim, CRM_ANSWER_TROUBLE, 0);
  discard (f, id, CRM_ACTION_DISCARD, CRM_SYNC_QUEUED);
  g_clear_pointer (&claim, crm_claim_free);
  if (restored_is_sent)
    {
      g_autoptr (CrmProblem) rejected = crm_problem_new (CRM_ANSWER_REJECTED);

      claim = bench_claim_one (f->store);
      refuse_back (f);
      bench_record_problem (f->store, claim, rejected, 0, 0);
    }

  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_QUEUED);
  g_assert_null (crm_task_get_problem (back));
  g_assert_cmpstr (bench_name (back), ==, "Edited");
  g_assert_cmpuint (crm_task_get_dirty (back), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  g_assert_cmpint (bench_ask (f->folder, "SELECT uncertain FROM task"), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
}

static void
test_unconfirmed (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Unconfirmed", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;

  bench_record (f->store, claim, CRM_ANSWER_UNCONFIRMED, 0);
  discard (f, claim->local_id, CRM_ACTION_DISCARD_SURELY, CRM_SYNC_REMOVED);
  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_UNCONFIRMED);
  g_assert_true (crm_task_get_may_be_there (back));
  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  g_assert_cmpuint (((CrmUnsettled *) unsettled->pdata[0])->sent->len, ==, 1);
}

/* Called off while the answer is still awaited. */
static void
test_still_sending (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Sending", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (CrmTask) done = NULL;

  discard (f, claim->local_id, CRM_ACTION_DISCARD, CRM_SYNC_SENDING);
  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_SENDING);
  g_assert_false (crm_task_get_discarding (back));
  g_assert_cmpint (bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755), ==, CRM_ENTRY_KEPT);
  done = bench_read (f->store, claim->local_id);
  bench_assert_state (done, CRM_SYNC_SYNCED);
}

/* Gone with its answer, or after it, by a second yes: what became of the send is not known to who takes it back. */
static void
test_sending_add (Fixture       *f,
                  gconstpointer  data)
{
  CrmAnswerClass klass = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) task = bench_add (f->store, "Sending", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) unsettled = NULL;

  discard (f, claim->local_id, CRM_ACTION_DISCARD, CRM_SYNC_SENDING);
  if (klass == CRM_ANSWER_UNCONFIRMED)
    {
      g_autoptr (CrmTask) removed = NULL;

      g_assert_cmpint (bench_record (f->store, claim, klass, 0), ==, CRM_ENTRY_KEPT);
      removed = bench_apply (f->store, claim->local_id, CRM_ACTION_DISCARD_SURELY, NULL, NULL);
      bench_assert_state (removed, CRM_SYNC_REMOVED);
    }
  else
    g_assert_cmpint (bench_record (f->store, claim, klass, 0), ==, CRM_ENTRY_REMOVED);

  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_QUEUED);
  none = bench_claim (f->store, 5, g_get_real_time (), NULL);
  g_assert_cmpuint (none->len, ==, 0);
  unsettled = bench_unsettled (f->store);
  g_assert_cmpuint (unsettled->len, ==, 1);
  g_assert_cmpuint (((CrmUnsettled *) unsettled->pdata[0])->sent->len, ==, 1);
}

/* An update that went back to what the CRM has when its answer came. */
static void
test_sending_update (Fixture       *f,
                     gconstpointer  data)
{
  CrmAnswerClass klass = GPOINTER_TO_INT (data);
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Confirmed", 755);
  gint64 id = crm_task_get_local_id (sent);
  g_autoptr (CrmTask) edited = bench_rename (f->store, id, "Edited");
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) dropped = NULL;
  g_autoptr (CrmTask) back = NULL;

  discard (f, id, CRM_ACTION_DISCARD, CRM_SYNC_SENDING);
  bench_record (f->store, claim, klass, 755);
  dropped = bench_read (f->store, id);
  if (klass == CRM_ANSWER_ACCEPTED)
    {
      g_autoptr (CrmTask) newer = NULL;

      bench_assert_state (dropped, CRM_SYNC_SYNCED);
      g_assert_cmpstr (bench_name (dropped), ==, "Edited");
      refuse_back (f);
      newer = bench_rename (f->store, id, "Newer");
      refuse_back (f);
      return;
    }

  g_assert_cmpstr (bench_name (dropped), ==, "Confirmed");
  back = take_back (f);
  bench_assert_state (back, CRM_SYNC_QUEUED);
  g_assert_cmpstr (bench_name (back), ==, "Edited");
  g_assert_cmpuint (crm_task_get_dirty (back), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
}

/* Its CRM id is another task's by now. */
static void
test_id_taken (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = bench_add_known (f->store, 900, "Known by its id", &error);
  g_autoptr (CrmTask) draft = bench_apply (f->store, crm_task_get_local_id (task), CRM_ACTION_TO_DRAFTS, NULL, &error);
  g_autoptr (CrmTask) other = NULL;

  bench_assert_state (draft, CRM_SYNC_DRAFT);
  discard (f, crm_task_get_local_id (task), CRM_ACTION_DISCARD, CRM_SYNC_REMOVED);
  other = bench_add_known (f->store, 900, "Known by its id again", &error);
  g_assert_no_error (error);
  refuse_back (f);
}

#define ADD(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/undo/draft", NULL, test_draft);
  ADD ("/undo/failed", NULL, test_failed);
  ADD ("/undo/update", NULL, test_update);
  ADD ("/undo/changed-since", NULL, test_changed_since);
  ADD ("/undo/uncertain-update/waiting", GINT_TO_POINTER (FALSE), test_uncertain_update);
  ADD ("/undo/uncertain-update/rejected", GINT_TO_POINTER (TRUE), test_uncertain_update);
  ADD ("/undo/unconfirmed", NULL, test_unconfirmed);
  ADD ("/undo/still-sending", NULL, test_still_sending);
  ADD ("/undo/sending-add/rejected", GINT_TO_POINTER (CRM_ANSWER_REJECTED), test_sending_add);
  ADD ("/undo/sending-add/not-sent", GINT_TO_POINTER (CRM_ANSWER_NOT_SENT), test_sending_add);
  ADD ("/undo/sending-add/unconfirmed", GINT_TO_POINTER (CRM_ANSWER_UNCONFIRMED), test_sending_add);
  ADD ("/undo/sending-update/accepted", GINT_TO_POINTER (CRM_ANSWER_ACCEPTED), test_sending_update);
  ADD ("/undo/sending-update/rejected", GINT_TO_POINTER (CRM_ANSWER_REJECTED), test_sending_update);
  ADD ("/undo/sending-update/not-sent", GINT_TO_POINTER (CRM_ANSWER_NOT_SENT), test_sending_update);
  ADD ("/undo/sending-update/trouble", GINT_TO_POINTER (CRM_ANSWER_TROUBLE), test_sending_update);
  ADD ("/undo/id-taken", NULL, test_id_taken);

  return g_test_run ();
}

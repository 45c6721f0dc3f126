/* test-merge-life.c: pulls while a task is sent, lost, settled or deleted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"

#include "store/crm-typed.h"

#include "model/crm-error.h"

#include <string.h>

#define BIT(field) CRM_FIELD_BIT (CRM_FIELD_##field)
#define DUE "2026-12-01 17:00:00"
#define BASE "name=Base|endDatetime=" DUE
#define NO_SUCH_TASK 24392

typedef struct
{
  char     *folder;
  CrmStore *store;
  GArray   *announced; /* local ids */
} Fixture;

static void
on_changed (CrmStore *store,
            GArray   *ids,
            Fixture  *f)
{
  if (ids != NULL)
    g_array_append_vals (f->announced, ids->data, ids->len);
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  f->announced = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect (f->store, "changed", G_CALLBACK (on_changed), f);
  bench_pull (f->store, CRM_LIST_TASKS, CRM_RUN_SWEEP, bench_page_new (0, TRUE));
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
  g_array_unref (f->announced);
  g_free (f->folder);
}

static gboolean
was_announced (Fixture *f,
               gint64   id)
{
  for (guint i = 0; i < f->announced->len; i++)
    if (g_array_index (f->announced, gint64, i) == id)
      return TRUE;

  return FALSE;
}

static gint64
get_since (Fixture *f)
{
  return bench_ask (f->folder, "SELECT since FROM pull WHERE list = 'tasks'");
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
type (Fixture *f,
      gint64   id)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_typed_keep_async (f->store, id, "{}", on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (crm_typed_keep_finish (f->store, result, NULL));
}

/* The CRM has `crm_id`, as it is here but for `edit`. */
static gint64
make (Fixture    *f,
      gint64      crm_id,
      const char *edit)
{
  gint64 id;

  bench_pull_task (f->store, crm_id, BASE);
  id = bench_find (f->folder, crm_id);
  if (edit != NULL)
    g_object_unref (bench_edit (f->store, id, edit, CRM_EDIT_KEEP));
  g_array_set_size (f->announced, 0);

  return id;
}

/* What an add left out, a person then set, and the CRM had filled in by itself. */
static void
test_filled_in (Fixture       *f,
                gconstpointer  edit)
{
  g_autoptr (CrmTask) added = bench_add_sent (f->store, "Base", 755);
  gint64 id = crm_task_get_local_id (added);
  g_autoptr (CrmTask) edited = bench_edit (f->store, id, edit, CRM_EDIT_KEEP);
  g_autoptr (CrmTask) after = NULL;
  g_autoptr (CrmTask) later = NULL;
  CrmFieldMask touched;
  g_autoptr (CrmValues) wanted = bench_values (edit, &touched);

  bench_pull_task (f->store, 755, BASE "|status=0|priority=low|assignedUserId=3|venueId=8");
  after = bench_read (f->store, id);
  bench_assert_state (after, CRM_SYNC_QUEUED);
  g_assert_cmphex (crm_task_get_conflict (after), ==, 0);
  g_assert_cmphex (crm_task_get_dirty (after), ==, touched);
  g_assert_cmphex (crm_values_compare (crm_task_get_values (after), wanted) & touched, ==, 0);

  /* From then on it is the CRM's word like any other. */
  bench_pull_task (f->store, 755, BASE "|status=4|priority=medium|assignedUserId=5|venueId=6");
  later = bench_read (f->store, id);
  bench_assert_state (later, CRM_SYNC_FAILED);
  g_assert_cmphex (crm_task_get_conflict (later) & touched, ==, touched);
}

static void
test_not_filled_in (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmTask) added = bench_add_sent (f->store, "Base", 755);
  g_autoptr (CrmTask) edited = bench_edit (f->store, crm_task_get_local_id (added), "description=Mine", CRM_EDIT_KEEP);
  g_autoptr (CrmTask) after = NULL;

  bench_pull_task (f->store, 755, BASE "|description=Theirs|status=0");
  after = bench_read (f->store, crm_task_get_local_id (added));
  bench_assert_state (after, CRM_SYNC_FAILED);
  g_assert_cmphex (crm_task_get_conflict (after), ==, BIT (DESCRIPTION));
}

typedef enum
{
  STILL_SENT,    /* when the page is stored */
  ANSWERED,      /* between asking and storing */
  SENT_MEANWHILE /* and answered */
} Overtaken;

static void
test_overtaken (Fixture       *f,
                gconstpointer  data)
{
  Overtaken when = GPOINTER_TO_INT (data);
  gint64 id = make (f, 755, "name=Here");
  gint64 since = get_since (f);
  g_autoptr (CrmClaim) claim = when != SENT_MEANWHILE ? bench_claim_one (f->store) : NULL;
  g_autoptr (CrmStep) step = bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_CHANGES, since + 5000);
  g_autoptr (CrmStep) done = NULL;
  g_autoptr (CrmTask) kept = NULL;
  g_autoptr (CrmTask) merged = NULL;
  CrmPage *page = bench_page_new (2, TRUE);
  guint changed;

  if (when == SENT_MEANWHILE)
    claim = bench_claim_one (f->store);
  if (when != STILL_SENT)
    bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);

  bench_page_add_task (page, 755, BASE "|status=3");
  bench_page_add_task (page, 756, "name=Other|endDatetime=" DUE);
  done = bench_store_page (f->store, step, page, &changed);
  bench_assert_step (done, CRM_STEP_DONE);
  g_assert_cmpuint (changed, ==, 1);
  kept = bench_read (f->store, id);
  bench_assert_state (kept, when == STILL_SENT ? CRM_SYNC_SENDING : CRM_SYNC_SYNCED);
  g_assert_cmpstr (bench_name (kept), ==, "Here");
  g_assert_false (crm_values_has (crm_task_get_values (kept), CRM_FIELD_STATUS));
  g_assert_cmpint (get_since (f), ==, since);

  if (when == STILL_SENT)
    bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  step = (crm_step_free (step), bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_CHANGES, since + 6000));
  page = bench_page_new (1, TRUE);
  bench_page_add_task (page, 755, BASE "|name=Here|status=3");
  done = (crm_step_free (done), bench_store_page (f->store, step, page, NULL));
  merged = bench_read (f->store, id);
  bench_assert_state (merged, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_values_get_number (crm_task_get_values (merged), CRM_FIELD_STATUS), ==, 3);
  g_assert_cmpint (get_since (f), ==, since + 6000 - 600);
}

/* An update whose answer was trouble may have been applied. */
static void
test_uncertain (Fixture       *f,
                gconstpointer  data)
{
  gint64 id = make (f, 755, "name=Sent");
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) same = NULL;
  g_autoptr (CrmTask) newer = NULL;
  g_autoptr (CrmTask) merged = NULL;
  g_autoptr (CrmTask) other = NULL;

  bench_record (f->store, claim, CRM_ANSWER_TROUBLE, 0);
  bench_pull_task (f->store, 755, BASE "|name=Sent");
  same = bench_read (f->store, id);
  bench_assert_state (same, CRM_SYNC_QUEUED);
  g_assert_cmphex (crm_task_get_dirty (same), ==, BIT (NAME));
  g_assert_cmphex (crm_task_get_conflict (same), ==, 0);

  /* It may be applied only now; and here it is another already. */
  bench_pull_task (f->store, 755, BASE);
  newer = bench_edit (f->store, id, "name=Newer", CRM_EDIT_KEEP);
  bench_pull_task (f->store, 755, BASE "|name=Sent|status=2");
  merged = bench_read (f->store, id);
  bench_assert_state (merged, CRM_SYNC_QUEUED);
  g_assert_cmpstr (bench_name (merged), ==, "Newer");
  g_assert_cmpint (crm_values_get_number (crm_task_get_values (merged), CRM_FIELD_STATUS), ==, 2);

  bench_pull_task (f->store, 755, BASE "|name=Neither|status=2");
  other = bench_read (f->store, id);
  bench_assert_state (other, CRM_SYNC_FAILED);
  g_assert_cmphex (crm_task_get_conflict (other), ==, BIT (NAME));
}

static void
sweep (Fixture *f)
{
  CrmPage *page = bench_page_new (1, TRUE);

  bench_page_add_task (page, 700, BASE);
  bench_pull (f->store, CRM_LIST_TASKS, CRM_RUN_SWEEP, page);
}

static void
assert_gone (CrmTask *task)
{
  bench_assert_state (task, CRM_SYNC_FAILED);
  g_assert_cmpint (crm_task_get_problem (task)->specific_code, ==, NO_SUCH_TASK);
  g_assert_cmphex (crm_task_get_conflict (task), ==, 0);
}

static void
test_deleted (Fixture       *f,
              gconstpointer  data)
{
  gint64 there = make (f, 700, NULL);
  gint64 untouched = make (f, 701, NULL);
  gint64 edited = make (f, 702, "name=Here");
  gint64 both = make (f, 703, "name=Here");
  gint64 typed = make (f, 704, NULL);
  gint64 draft = make (f, 705, "name=Here");
  g_autoptr (CrmTask) new_one = bench_add (f->store, "New", FALSE);
  g_autoptr (CrmTask) drafted = bench_apply (f->store, draft, CRM_ACTION_TO_DRAFTS, NULL, NULL);
  g_autoptr (CrmTask) gone = NULL;
  g_autoptr (CrmTask) both_gone = NULL;
  g_autoptr (CrmTask) typed_after = NULL;
  g_autoptr (CrmTask) draft_after = NULL;
  g_autoptr (CrmTask) as_new = NULL;
  g_autoptr (CrmTask) removed = NULL;
  g_autoptr (CrmTask) undone = NULL;
  g_autoptr (CrmTask) back = NULL;
  g_autoptr (CrmUndo) undo = NULL;

  type (f, typed);
  bench_pull_task (f->store, 703, BASE "|name=There");
  g_array_set_size (f->announced, 0);
  sweep (f);

  g_assert_cmpint (bench_find (f->folder, 700), ==, there);
  g_assert_cmpint (bench_find (f->folder, 701), ==, 0);
  g_assert_true (was_announced (f, untouched) && was_announced (f, edited) && was_announced (f, both));
  g_assert_false (was_announced (f, there) || was_announced (f, typed) || was_announced (f, draft));
  gone = bench_read (f->store, edited);
  assert_gone (gone);
  g_assert_cmpstr (bench_name (gone), ==, "Here");
  both_gone = bench_read (f->store, both);
  assert_gone (both_gone);
  typed_after = bench_read (f->store, typed);
  bench_assert_state (typed_after, CRM_SYNC_SYNCED);
  draft_after = bench_read (f->store, draft);
  bench_assert_state (draft_after, CRM_SYNC_DRAFT);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'queued' AND crm_id IS NULL"), ==, 1);

  /* Again: nothing new. */
  g_array_set_size (f->announced, 0);
  sweep (f);
  g_assert_cmpuint (f->announced->len, ==, 0);

  removed = bench_apply (f->store, both, CRM_ACTION_DISCARD, &undo, NULL);
  bench_assert_state (removed, CRM_SYNC_REMOVED);
  g_assert_cmpint (bench_find (f->folder, 703), ==, 0);
  undone = bench_undo (f->store, undo, NULL);
  assert_gone (undone);

  /* It was not deleted after all. */
  bench_pull_task (f->store, 703, BASE);
  back = bench_read (f->store, both);
  bench_assert_state (back, CRM_SYNC_QUEUED);
  g_assert_null (crm_task_get_problem (back));

  as_new = bench_apply (f->store, edited, CRM_ACTION_RESUBMIT_AS_NEW, NULL, NULL);
  bench_assert_state (as_new, CRM_SYNC_QUEUED);
  g_assert_cmpint (crm_task_get_crm_id (as_new), ==, 0);
}

/* What was sent shortly before a sweep may not be listed yet; once it was listed, it is missed. */
static void
test_too_new (Fixture       *f,
              gconstpointer  listed)
{
  g_autoptr (CrmTask) sent = bench_add_sent (f->store, "Sent", 755);
  gint64 signed_at = bench_ask (f->folder, "SELECT max (signed_at) FROM attempt");
  g_autoptr (CrmStep) step = NULL;
  g_autoptr (CrmStep) conclude = NULL;
  g_autoptr (CrmStep) done = NULL;

  if (listed != NULL)
    bench_pull_task (f->store, 755, "name=Sent|endDatetime=" DUE);
  step = bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_SWEEP, signed_at + 300);
  conclude = bench_store_page (f->store, step, bench_page_new (0, TRUE), NULL);
  bench_assert_step (conclude, CRM_STEP_CONCLUDE);
  done = bench_conclude (f->store, conclude);
  bench_assert_step (done, CRM_STEP_DONE);
  g_assert_cmpint (bench_find (f->folder, 755) != 0, ==, listed == NULL);
}

/* Sent after the sweep began. */
static void
test_sent_since (Fixture       *f,
                 gconstpointer  data)
{
  gint64 id = make (f, 755, "name=Here");
  g_autoptr (CrmStep) step = bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_SWEEP, g_get_real_time () / G_TIME_SPAN_SECOND);
  g_autoptr (CrmStep) conclude = bench_store_page (f->store, step, bench_page_new (0, TRUE), NULL);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmStep) done = NULL;
  g_autoptr (CrmTask) task = NULL;

  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 755);
  done = bench_conclude (f->store, conclude);
  task = bench_read (f->store, id);
  bench_assert_state (task, CRM_SYNC_SYNCED);
}

static CrmClaim *
lose_add (Fixture    *f,
          const char *name)
{
  g_autoptr (CrmTask) task = bench_add (f->store, name, FALSE);
  CrmClaim *claim = bench_claim_one (f->store);

  g_assert_cmpint (claim->local_id, ==, crm_task_get_local_id (task));
  bench_record (f->store, claim, CRM_ANSWER_UNCONFIRMED, 0);

  return claim;
}

/* A listed task that may be an add whose answer was lost, or is on its way, is not brought as another. */
static void
test_lookalike (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr (CrmClaim) lost = lose_add (f, "R&D ");
  g_autoptr (CrmTask) renamed = bench_rename (f->store, lost->local_id, "Renamed since");
  g_autoptr (CrmTask) waits = bench_add (f->store, "On its way", FALSE);
  g_autoptr (CrmClaim) sent = bench_claim_one (f->store);
  g_autoptr (CrmTask) adopted = NULL;
  g_autoptr (CrmTask) merged = NULL;
  gint64 since = get_since (f);
  g_autoptr (CrmStep) step = bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_CHANGES, since + 5000);
  g_autoptr (CrmStep) done = NULL;
  CrmPage *page = bench_page_new (4, TRUE);
  guint changed;

  bench_page_add_task (page, 900, "name=R&amp;D|endDatetime=" DUE "|status=0");
  bench_page_add_task (page, 901, "name=On its way|endDatetime=" DUE);
  bench_page_add_task (page, 902, "name=R&amp;D|endDatetime=2026-12-02 17:00:00");
  bench_page_add_task (page, 903, "name=Another|endDatetime=" DUE);
  done = bench_store_page (f->store, step, page, &changed);
  g_assert_cmpuint (changed, ==, 2);
  g_assert_cmpint (bench_find (f->folder, 900), ==, 0);
  g_assert_cmpint (bench_find (f->folder, 901), ==, 0);
  g_assert_cmpint (bench_find (f->folder, 902), !=, 0);
  g_assert_cmpint (bench_find (f->folder, 903), !=, 0);
  g_assert_cmpint (get_since (f), ==, since);

  bench_record (f->store, sent, CRM_ANSWER_ACCEPTED, 901);
  bench_adopt (f->store, lost->local_id, 900);
  adopted = bench_read (f->store, lost->local_id);
  g_assert_cmpint (crm_task_get_crm_id (adopted), ==, 900);
  bench_assert_state (adopted, CRM_SYNC_QUEUED);

  step = (crm_step_free (step), bench_begin (f->store, CRM_LIST_TASKS, CRM_RUN_CHANGES, since + 6000));
  g_assert_cmpint (step->from, ==, since);
  page = bench_page_new (1, TRUE);
  bench_page_add_task (page, 900, "name=R&amp;D|endDatetime=" DUE "|status=3");
  done = (crm_step_free (done), bench_store_page (f->store, step, page, NULL));
  merged = bench_read (f->store, lost->local_id);
  bench_assert_state (merged, CRM_SYNC_QUEUED);
  g_assert_cmpstr (bench_name (merged), ==, "Renamed since");
  g_assert_cmphex (crm_task_get_dirty (merged), ==, BIT (NAME));
  g_assert_cmpint (crm_values_get_number (crm_task_get_values (merged), CRM_FIELD_STATUS), ==, 3);
  g_assert_cmpint (get_since (f), ==, since + 6000 - 600);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 4);
}

/* What a pull brought turns out to be what was written here: one of the two is left, and both are announced. */
static void
test_settle (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr (CrmClaim) lost = lose_add (f, "Mine");
  g_autoptr (CrmTask) settled = NULL;
  gint64 pulled;

  bench_pull_task (f->store, 900, "name=Mine, renamed there|endDatetime=" DUE);
  pulled = bench_find (f->folder, 900);
  g_assert_cmpint (pulled, !=, 0);
  g_array_set_size (f->announced, 0);

  settled = bench_settle (f->store, lost->local_id, 900, NULL);
  bench_assert_state (settled, CRM_SYNC_SYNCED);
  g_assert_cmpint (bench_find (f->folder, 900), ==, lost->local_id);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 1);
  g_assert_true (was_announced (f, lost->local_id));
  g_assert_true (was_announced (f, pulled));
}

static void
test_settle_edited (Fixture       *f,
                    gconstpointer  data)
{
  g_autoptr (CrmClaim) lost = lose_add (f, "Mine");
  g_autoptr (GError) error = NULL;

  make (f, 900, "name=Edited here");
  g_assert_null (bench_settle (f->store, lost->local_id, 900, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 2);
}

static void
test_accepted (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Mine", FALSE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmTask) after = NULL;
  gint64 pulled = make (f, 900, NULL);

  g_assert_cmpint (pulled, !=, 0);
  bench_record (f->store, claim, CRM_ANSWER_ACCEPTED, 900);
  after = bench_read (f->store, claim->local_id);
  bench_assert_state (after, CRM_SYNC_SYNCED);
  g_assert_cmpint (crm_task_get_crm_id (after), ==, 900);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task"), ==, 1);
  g_assert_true (was_announced (f, claim->local_id) && was_announced (f, pulled));
}

#define ADD(path, func, data) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/merge/filled-in/status", test_filled_in, "status=2");
  ADD ("/merge/filled-in/priority", test_filled_in, "priority=high");
  ADD ("/merge/filled-in/assignee", test_filled_in, "assignedUserId=4");
  ADD ("/merge/filled-in/venue", test_filled_in, "venueId=9");
  ADD ("/merge/not-filled-in", test_not_filled_in, NULL);
  ADD ("/merge/overtaken/still-sent", test_overtaken, GINT_TO_POINTER (STILL_SENT));
  ADD ("/merge/overtaken/answered", test_overtaken, GINT_TO_POINTER (ANSWERED));
  ADD ("/merge/overtaken/sent-meanwhile", test_overtaken, GINT_TO_POINTER (SENT_MEANWHILE));
  ADD ("/merge/uncertain", test_uncertain, NULL);
  ADD ("/merge/deleted", test_deleted, NULL);
  ADD ("/merge/too-new", test_too_new, NULL);
  ADD ("/merge/listed-before", test_too_new, "listed");
  ADD ("/merge/sent-since", test_sent_since, NULL);
  ADD ("/merge/lookalike", test_lookalike, NULL);
  ADD ("/merge/settle", test_settle, NULL);
  ADD ("/merge/settle-edited", test_settle_edited, NULL);
  ADD ("/merge/accepted", test_accepted, NULL);

  return g_test_run ();
}

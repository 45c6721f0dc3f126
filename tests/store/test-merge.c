/* test-merge.c: what was changed here, there, and on both sides, as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"

#include "model/crm-error.h"

#include <string.h>

#define BIT(field) CRM_FIELD_BIT (CRM_FIELD_##field)

/* What the CRM has at first; a line of the table says what of it is otherwise. */
#define BASE "name=Base|endDatetime=2026-12-01 17:00:00|status=1|priority=low|description=One two"

typedef struct
{
  const char  *name;
  const char  *base;     /* over BASE */
  const char  *here;     /* the edit; NULL: none */
  const char  *there;    /* over the base */
  const char  *result;   /* over the base */
  CrmFieldMask dirty;
  CrmFieldMask conflict;
  CrmSyncState state;
  const char  *messages; /* of a conflict: how they begin, a space between two */
} Line;

static const Line lines[] = {
  { "nothing", "", NULL, "", "", 0, 0, CRM_SYNC_SYNCED },
  { "there", "", NULL, "name=There", "name=There", 0, 0, CRM_SYNC_SYNCED },
  { "there-all", "", NULL, "name=There|status=4|priority=|assignedUserId=3|venueId=8|description=New",
    "name=There|status=4|priority=|assignedUserId=3|venueId=8|description=New", 0, 0, CRM_SYNC_SYNCED },
  { "there-cleared", "", NULL, "description=", "description=", 0, 0, CRM_SYNC_SYNCED },
  { "here", "", "name=Here", "", "name=Here", BIT (NAME), 0, CRM_SYNC_QUEUED },
  { "here-cleared", "", "priority=", "", "priority=", BIT (PRIORITY), 0, CRM_SYNC_QUEUED },
  { "one-each", "", "name=Here", "status=2", "name=Here|status=2", BIT (NAME), 0, CRM_SYNC_QUEUED },
  { "same", "", "name=Both", "name=Both", "name=Both", 0, 0, CRM_SYNC_SYNCED },
  { "same-cleared", "", "description=", "description=", "description=", 0, 0, CRM_SYNC_SYNCED },
  { "same-of-two", "", "name=Both|status=2", "name=Both", "name=Both|status=2", BIT (STATUS), 0, CRM_SYNC_QUEUED },
  { "both", "", "name=Here", "name=There", "name=Here", BIT (NAME), BIT (NAME), CRM_SYNC_FAILED, "name:" },
  { "both-number", "", "status=2", "status=3", "status=2", BIT (STATUS), BIT (STATUS), CRM_SYNC_FAILED, "status:" },
  { "both-cleared-here", "", "priority=", "priority=high", "priority=", BIT (PRIORITY), BIT (PRIORITY), CRM_SYNC_FAILED, "priority:" },
  { "both-cleared-there", "", "priority=high", "priority=", "priority=high", BIT (PRIORITY), BIT (PRIORITY), CRM_SYNC_FAILED, "priority:" },
  { "both-and-there", "", "name=Here", "name=There|status=4", "name=Here|status=4", BIT (NAME), BIT (NAME), CRM_SYNC_FAILED, "name:" },
  { "both-and-here", "", "name=Here|priority=high", "name=There", "name=Here|priority=high", BIT (NAME) | BIT (PRIORITY), BIT (NAME),
    CRM_SYNC_FAILED, "name:" },
  { "both-twice", "", "name=Here|status=2", "name=There|status=3", "name=Here|status=2", BIT (NAME) | BIT (STATUS),
    BIT (NAME) | BIT (STATUS), CRM_SYNC_FAILED, "name: status:" },

  { "owner-there", "leadId=5", NULL, "leadId=|companyId=9", "leadId=|companyId=9", 0, 0, CRM_SYNC_SYNCED },
  { "owner-here", "leadId=5", "leadId=6", "", "leadId=6", BIT (LEAD), 0, CRM_SYNC_QUEUED },
  { "owner-same", "leadId=5", "leadId=6", "leadId=6", "leadId=6", 0, 0, CRM_SYNC_SYNCED },
  { "owner-unit", "contactId=5", "contactId=6", "companyId=7", "contactId=6", BIT (CONTACT), CRM_FIELDS_OWNER, CRM_SYNC_FAILED,
    "contactId: companyId:" },
  { "owner-unit-company", "companyId=5", "companyId=|contactId=2", "companyId=6", "companyId=|contactId=2",
    BIT (COMPANY) | BIT (CONTACT), CRM_FIELDS_OWNER, CRM_SYNC_FAILED, "contactId: companyId:" },
  { "owner-and-name", "leadId=5", "leadId=6", "name=There", "leadId=6|name=There", BIT (LEAD), 0, CRM_SYNC_QUEUED },
  { "owner-filled-venue", "", "leadId=6", "leadId=6|venueId=8", "leadId=6|venueId=8", 0, 0, CRM_SYNC_SYNCED },

  { "html", "", NULL, "description=<p>One two</p>", "", 0, 0, CRM_SYNC_SYNCED },
  { "trimmed", "name= Spaced  name ", NULL, "name=Spaced name", "", 0, 0, CRM_SYNC_SYNCED },
  { "escaped", "name=R&D <x>", NULL, "name=R&amp;D &lt;x&gt;", "", 0, 0, CRM_SYNC_SYNCED },
  { "html-here-changed", "", "description=Mine", "description=<p>One two</p>", "description=Mine", BIT (DESCRIPTION), 0, CRM_SYNC_QUEUED },
  { "html-same", "", "description=Mine & more", "description=<p>Mine &amp; more</p>", "description=Mine & more", 0, 0, CRM_SYNC_SYNCED },
  { "html-both", "", "description=Mine", "description=<p>Theirs</p>", "description=Mine", BIT (DESCRIPTION), BIT (DESCRIPTION),
    CRM_SYNC_FAILED, "description:" },
  /* What the CRM would not tell apart is still what a person wants sent. */
  { "lines-here", "", "description=One\ntwo", "", "description=One\ntwo", BIT (DESCRIPTION), 0, CRM_SYNC_QUEUED },
  { "lines-here-html", "", "description=One\ntwo", "description=<p>One two</p>", "description=One\ntwo", BIT (DESCRIPTION), 0, CRM_SYNC_QUEUED },
  { "lines-same", "", "description=One\ntwo", "description=One\ntwo", "description=One\ntwo", 0, 0, CRM_SYNC_SYNCED },
};

typedef struct
{
  char     *folder;
  CrmStore *store;
  guint     announced;
} Fixture;

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
  bench_pull (f->store, CRM_LIST_TASKS, CRM_RUN_SWEEP, bench_page_new (0, TRUE));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE (conflict = 0) <> (theirs IS NULL)"), ==, 0);
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM task WHERE state = 'synced' AND dirty <> 0"), ==, 0);
  bench_exec (f->folder, "INSERT INTO task_search (task_search, rank) VALUES ('integrity-check', 1)");
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
assert_values (CrmTask    *task,
               const char *text)
{
  g_autoptr (CrmValues) wanted = bench_values (text, NULL);

  g_assert_cmphex (crm_values_compare (crm_task_get_values (task), wanted), ==, 0);
}

static void
assert_messages (CrmTask    *task,
                 const char *wanted)
{
  const CrmProblem *problem = crm_task_get_problem (task);
  g_auto (GStrv) starts = g_strsplit (wanted, " ", -1);

  g_assert_nonnull (problem);
  g_assert_cmpuint (g_strv_length (problem->additional_messages), ==, g_strv_length (starts));
  for (guint i = 0; starts[i] != NULL; i++)
    g_assert_true (g_str_has_prefix (problem->additional_messages[i], starts[i]));
}

static CrmFieldMask
compare_theirs (CrmTask    *task,
                const char *text)
{
  g_autoptr (CrmValues) there = bench_values (text, NULL);

  return crm_values_compare (crm_task_get_theirs (task), there) & crm_task_get_conflict (task);
}

/* A task that the CRM has as 755 with `base`, edited here. */
static gint64
make (Fixture    *f,
      const char *base,
      const char *here)
{
  gint64 id;

  bench_pull_task (f->store, 755, base);
  id = bench_find (f->folder, 755);
  g_assert_cmpint (id, !=, 0);
  if (here != NULL)
    {
      g_autoptr (CrmTask) edited = bench_edit (f->store, id, here, CRM_EDIT_KEEP);

      bench_assert_state (edited, CRM_SYNC_QUEUED);
    }
  f->announced = 0;

  return id;
}

static void
test_line (Fixture       *f,
           gconstpointer  data)
{
  const Line *line = data;
  g_autofree char *base = g_strconcat (BASE "|", line->base, NULL);
  g_autofree char *there = g_strconcat (base, "|", line->there, NULL);
  g_autofree char *result = g_strconcat (base, "|", line->result, NULL);
  gint64 id = make (f, base, line->here);
  g_autoptr (CrmTask) before = bench_read (f->store, id);
  guint changed = bench_pull_task (f->store, 755, there);
  g_autoptr (CrmTask) after = bench_read (f->store, id);
  g_autoptr (CrmTask) again = NULL;
  gint64 revision = crm_task_get_revision (after);
  gboolean is_other = crm_values_compare (crm_task_get_values (before), crm_task_get_values (after)) != 0 || line->conflict != 0;

  assert_values (after, result);
  g_assert_cmphex (crm_task_get_dirty (after), ==, line->dirty);
  g_assert_cmphex (crm_task_get_conflict (after), ==, line->conflict);
  bench_assert_state (after, line->state);
  if (line->messages != NULL)
    {
      assert_messages (after, line->messages);
      g_assert_cmphex (compare_theirs (after, there), ==, 0);
    }
  else
    {
      g_assert_null (crm_task_get_problem (after));
      g_assert_null (crm_task_get_theirs (after));
    }

  /* What is another than before is announced, once; the rest is not. */
  g_assert_cmpint (revision, ==, crm_task_get_revision (before) + is_other);
  is_other = is_other || crm_task_get_state (before) != line->state;
  g_assert_cmpuint (changed, ==, is_other);
  g_assert_cmpuint (f->announced, ==, is_other);

  f->announced = 0;
  g_assert_cmpuint (bench_pull_task (f->store, 755, there), ==, 0);
  g_assert_cmpuint (f->announced, ==, 0);
  again = bench_read (f->store, id);
  g_assert_cmpint (crm_task_get_revision (again), ==, revision);
  assert_values (again, result);
  g_assert_cmphex (crm_task_get_dirty (again), ==, line->dirty);
  g_assert_cmphex (crm_task_get_conflict (again), ==, line->conflict);
  bench_assert_state (again, line->state);
}

#define HERE "name=Here|status=2"
#define THERE BASE "|name=There|status=3|priority=high"
#define MINE BASE "|" HERE "|priority=high"

static gint64
make_conflict (Fixture *f)
{
  gint64 id = make (f, BASE, HERE);
  g_autoptr (CrmTask) task = NULL;

  bench_pull_task (f->store, 755, THERE);
  task = bench_read (f->store, id);
  bench_assert_state (task, CRM_SYNC_FAILED);
  g_assert_cmphex (crm_task_get_conflict (task), ==, BIT (NAME) | BIT (STATUS));
  f->announced = 0;

  return id;
}

static char *
claim_body (Fixture *f)
{
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  gsize size;
  const char *text = g_bytes_get_data (claim->body, &size);

  return g_strndup (text, size);
}

static void
test_theirs_again (Fixture       *f,
                   gconstpointer  data)
{
  gint64 id = make_conflict (f);
  g_autoptr (CrmTask) before = bench_read (f->store, id);
  g_autoptr (CrmTask) after = NULL;
  g_autoptr (CrmTask) one = NULL;
  g_autoptr (CrmTask) ended = NULL;

  g_assert_cmpuint (bench_pull_task (f->store, 755, THERE "|name=There again"), ==, 1);
  after = bench_read (f->store, id);
  g_assert_cmphex (compare_theirs (after, THERE "|name=There again"), ==, 0);
  g_assert_cmpint (crm_task_get_revision (after), ==, crm_task_get_revision (before) + 1);
  g_assert_nonnull (strstr (crm_task_get_problem (after)->additional_messages[0], "There again"));

  /* One of the two taken back, then the other. */
  bench_pull_task (f->store, 755, THERE "|status=1");
  one = bench_read (f->store, id);
  bench_assert_state (one, CRM_SYNC_FAILED);
  g_assert_cmphex (crm_task_get_conflict (one), ==, BIT (NAME));
  assert_messages (one, "name:");

  bench_pull_task (f->store, 755, BASE "|priority=high");
  ended = bench_read (f->store, id);
  bench_assert_state (ended, CRM_SYNC_QUEUED);
  g_assert_null (crm_task_get_problem (ended));
  g_assert_cmphex (crm_task_get_dirty (ended), ==, BIT (NAME) | BIT (STATUS));
  assert_values (ended, MINE);
}

typedef struct
{
  const char  *name;
  CrmFieldMask theirs;
  const char  *result;
  CrmFieldMask dirty;
  const char  *body;
} Choice;

static const Choice choices[] = {
  { "mine", 0, MINE, BIT (NAME) | BIT (STATUS), "{\"id\":755,\"name\":\"Here\",\"status\":2}" },
  { "theirs", CRM_FIELDS_ALL, THERE, 0, NULL },
  { "mixed", BIT (NAME), MINE "|name=There", BIT (STATUS), "{\"id\":755,\"status\":2}" },
};

static void
test_choice (Fixture       *f,
             gconstpointer  data)
{
  const Choice *choice = data;
  gint64 id = make_conflict (f);
  g_autoptr (CrmTask) seen = bench_read (f->store, id);
  g_autoptr (GError) stale = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) untouched = NULL;
  g_autoptr (CrmTask) chosen = NULL;
  gint64 revision = crm_task_get_revision (seen);

  g_assert_null (bench_choose (f->store, id, revision - 1, choice->theirs, &stale));
  g_assert_error (stale, CRM_ERROR, CRM_ERROR_REFUSED);
  untouched = bench_read (f->store, id);
  g_assert_cmphex (crm_task_get_conflict (untouched), ==, BIT (NAME) | BIT (STATUS));

  chosen = bench_choose (f->store, id, revision, choice->theirs, &error);
  g_assert_no_error (error);
  assert_values (chosen, choice->result);
  g_assert_cmphex (crm_task_get_dirty (chosen), ==, choice->dirty);
  g_assert_cmphex (crm_task_get_conflict (chosen), ==, 0);
  g_assert_null (crm_task_get_problem (chosen));
  g_assert_cmpint (crm_task_get_revision (chosen), ==, revision + 1);
  bench_assert_state (chosen, choice->dirty != 0 ? CRM_SYNC_QUEUED : CRM_SYNC_SYNCED);

  g_assert_null (bench_choose (f->store, id, revision + 1, choice->theirs, &none));
  g_assert_error (none, CRM_ERROR, CRM_ERROR_REFUSED);

  /* What the CRM has stays what it has. */
  g_assert_cmpuint (bench_pull_task (f->store, 755, THERE), ==, 0);
  if (choice->body != NULL)
    {
      g_autofree char *body = claim_body (f);

      g_assert_cmpstr (body, ==, choice->body);
    }
}

/* A choice between owners is one between all of them. */
static void
test_choose_owner (Fixture       *f,
                   gconstpointer  data)
{
  gint64 id = make (f, BASE "|contactId=5", "contactId=6");
  g_autoptr (CrmTask) seen = NULL;
  g_autoptr (CrmTask) mine = NULL;
  g_autofree char *body = NULL;

  bench_pull_task (f->store, 755, BASE "|contactId=5|companyId=7");
  seen = bench_read (f->store, id);
  mine = bench_choose (f->store, id, crm_task_get_revision (seen), 0, NULL);
  bench_assert_state (mine, CRM_SYNC_QUEUED);
  body = claim_body (f);
  g_assert_cmpstr (body, ==, "{\"id\":755,\"contactId\":6,\"companyId\":null}");
}

static void
test_choose_their_owner (Fixture       *f,
                         gconstpointer  data)
{
  gint64 id = make (f, BASE "|contactId=5", "contactId=6");
  g_autoptr (CrmTask) seen = NULL;
  g_autoptr (CrmTask) theirs = NULL;
  g_autoptr (GError) error = NULL;

  bench_pull_task (f->store, 755, BASE "|contactId=5|companyId=7");
  seen = bench_read (f->store, id);
  theirs = bench_choose (f->store, id, crm_task_get_revision (seen), BIT (COMPANY), &error);
  g_assert_no_error (error);
  bench_assert_state (theirs, CRM_SYNC_SYNCED);
  assert_values (theirs, BASE "|contactId=5|companyId=7");
}

static void
test_edit_resolves (Fixture       *f,
                    gconstpointer  data)
{
  gint64 id = make_conflict (f);
  g_autoptr (CrmTask) other = bench_edit (f->store, id, "description=Mine", CRM_EDIT_SUBMIT);
  g_autoptr (CrmTask) one = NULL;
  g_autoptr (CrmTask) all = NULL;
  g_autofree char *body = NULL;

  g_assert_cmphex (crm_task_get_conflict (other), ==, BIT (NAME) | BIT (STATUS));
  bench_assert_state (other, CRM_SYNC_FAILED);

  /* Not sent before the last is resolved; one that is given the CRM's value has nothing to send. */
  one = bench_edit (f->store, id, "status=3", CRM_EDIT_SUBMIT);
  g_assert_cmphex (crm_task_get_conflict (one), ==, BIT (NAME));
  g_assert_cmphex (crm_task_get_dirty (one), ==, BIT (NAME) | BIT (DESCRIPTION));
  bench_assert_state (one, CRM_SYNC_FAILED);

  all = bench_edit (f->store, id, "name=Here", CRM_EDIT_SUBMIT);
  g_assert_cmphex (crm_task_get_conflict (all), ==, 0);
  bench_assert_state (all, CRM_SYNC_QUEUED);
  body = claim_body (f);
  g_assert_cmpstr (body, ==, "{\"id\":755,\"name\":\"Here\",\"description\":\"Mine\"}");
}

static void
test_submit_refused (Fixture       *f,
                     gconstpointer  data)
{
  static const CrmAction actions[] = { CRM_ACTION_SUBMIT, CRM_ACTION_RESUBMIT, CRM_ACTION_RESUBMIT_AS_NEW };
  gint64 id = make_conflict (f);
  g_autoptr (GPtrArray) claims = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bench_apply (f->store, id, actions[i], NULL, &error));
      g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);
    }
  claims = bench_claim (f->store, 5, g_get_real_time () + G_TIME_SPAN_DAY, NULL);
  g_assert_cmpuint (claims->len, ==, 0);
}

static void
test_discard (Fixture       *f,
              gconstpointer  data)
{
  gint64 id = make_conflict (f);
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (CrmTask) dropped = bench_apply (f->store, id, CRM_ACTION_DISCARD, &undo, NULL);
  g_autoptr (CrmTask) undone = NULL;
  g_autoptr (CrmTask) chosen = NULL;

  bench_assert_state (dropped, CRM_SYNC_SYNCED);
  assert_values (dropped, THERE);
  g_assert_cmphex (crm_task_get_conflict (dropped), ==, 0);
  g_assert_cmpuint (bench_pull_task (f->store, 755, THERE), ==, 0);

  undone = bench_undo (f->store, undo, NULL);
  bench_assert_state (undone, CRM_SYNC_FAILED);
  assert_values (undone, MINE);
  g_assert_cmphex (crm_task_get_dirty (undone), ==, BIT (NAME) | BIT (STATUS));
  g_assert_cmphex (crm_task_get_conflict (undone), ==, BIT (NAME) | BIT (STATUS));
  g_assert_cmphex (compare_theirs (undone, THERE), ==, 0);
  assert_messages (undone, "name: status:");

  chosen = bench_choose (f->store, id, crm_task_get_revision (undone), CRM_FIELDS_ALL, NULL);
  bench_assert_state (chosen, CRM_SYNC_SYNCED);
  assert_values (chosen, THERE);
}

static void
test_draft (Fixture       *f,
            gconstpointer  data)
{
  gint64 id = make (f, BASE, HERE);
  g_autoptr (CrmTask) draft = bench_apply (f->store, id, CRM_ACTION_TO_DRAFTS, NULL, NULL);
  g_autoptr (CrmTask) merged = NULL;
  g_autoptr (CrmTask) chosen = NULL;
  g_autoptr (CrmTask) same = NULL;
  g_autoptr (GError) error = NULL;

  bench_pull_task (f->store, 755, THERE);
  merged = bench_read (f->store, id);
  bench_assert_state (merged, CRM_SYNC_DRAFT);
  assert_values (merged, MINE);
  g_assert_cmphex (crm_task_get_conflict (merged), ==, BIT (NAME) | BIT (STATUS));
  g_assert_null (bench_apply (f->store, id, CRM_ACTION_SUBMIT, NULL, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_REFUSED);

  chosen = bench_choose (f->store, id, crm_task_get_revision (merged), BIT (NAME), NULL);
  bench_assert_state (chosen, CRM_SYNC_DRAFT);
  bench_pull_task (f->store, 755, THERE "|status=2");
  same = bench_read (f->store, id);
  bench_assert_state (same, CRM_SYNC_DRAFT);
  g_assert_cmphex (crm_task_get_dirty (same), ==, 0);
}

/* What the CRM itself refused stays in its words, whatever a pull brings. */
static void
test_rejected (Fixture       *f,
               gconstpointer  data)
{
  gint64 id = make (f, BASE, HERE);
  g_autoptr (CrmClaim) claim = bench_claim_one (f->store);
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_REJECTED);
  static const char *const pulled[] = { BASE, BASE "|priority=high", THERE, BASE "|priority=high" };
  g_autoptr (CrmTask) settled = NULL;

  problem->http_status = 400;
  problem->specific_code = 24395;
  problem->message = g_strdup ("No");
  bench_record_problem (f->store, claim, problem, 0, 0);

  for (guint i = 0; i < G_N_ELEMENTS (pulled); i++)
    {
      g_autoptr (CrmTask) task = NULL;

      bench_pull_task (f->store, 755, pulled[i]);
      task = bench_read (f->store, id);
      bench_assert_state (task, CRM_SYNC_FAILED);
      g_assert_cmpint (crm_task_get_problem (task)->specific_code, ==, 24395);
      g_assert_cmpstr (crm_task_get_problem (task)->message, ==, "No");
      g_assert_cmphex (crm_task_get_conflict (task), ==, i == 2 ? BIT (NAME) | BIT (STATUS) : 0);
    }

  /* With what was refused there after all, nothing is left to send. */
  bench_pull_task (f->store, 755, BASE "|" HERE);
  settled = bench_read (f->store, id);
  bench_assert_state (settled, CRM_SYNC_SYNCED);
  g_assert_null (crm_task_get_problem (settled));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *path = g_strconcat ("/merge/line/", lines[i].name, NULL);

      g_test_add (path, Fixture, &lines[i], set_up, test_line, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      g_autofree char *path = g_strconcat ("/merge/choose/", choices[i].name, NULL);

      g_test_add (path, Fixture, &choices[i], set_up, test_choice, tear_down);
    }
  ADD ("/merge/theirs-again", test_theirs_again);
  ADD ("/merge/choose-owner", test_choose_owner);
  ADD ("/merge/choose-their-owner", test_choose_their_owner);
  ADD ("/merge/edit-resolves", test_edit_resolves);
  ADD ("/merge/submit-refused", test_submit_refused);
  ADD ("/merge/discard", test_discard);
  ADD ("/merge/draft", test_draft);
  ADD ("/merge/rejected", test_rejected);

  return g_test_run ();
}

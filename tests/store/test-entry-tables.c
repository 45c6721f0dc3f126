/* test-entry-tables.c: every cell of the two tables of DESIGN.md §2
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-entry.h"

#include "model/crm-error.h"

#define NAME CRM_FIELD_BIT (CRM_FIELD_NAME)
#define LEAD CRM_FIELD_BIT (CRM_FIELD_LEAD)

/* What a row is at first: never sent, or an update of a task that the CRM has with another name. */
typedef enum
{
  NEVER_SENT,
  UPDATE,
  MARKED,    /* an add that may be there */
  UNCERTAIN, /* an update that may have been applied */
} Kind;

static const char *const kind_names[] = { "never-sent", "update", "marked", "uncertain" };

static CrmRow *
make_row (CrmSyncState state,
          Kind         kind)
{
  CrmRow *row = crm_row_new ();

  row->local_id = 7;
  row->state = state;
  crm_values_set_text (row->values, CRM_FIELD_NAME, "Here");
  crm_values_set_text (row->values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");

  if (kind == UPDATE || kind == UNCERTAIN || state == CRM_SYNC_SYNCED)
    row->crm_id = 755;
  if (row->crm_id != 0 && state != CRM_SYNC_SYNCED)
    {
      row->confirmed = crm_values_copy (row->values);
      row->known = CRM_FIELDS_ALL;
      crm_values_set_text (row->confirmed, CRM_FIELD_NAME, "There");
      row->dirty = NAME;
    }
  if (kind == UNCERTAIN)
    row->uncertain = NAME;
  row->may_be_there = kind == MARKED || state == CRM_SYNC_UNCONFIRMED;
  if (state == CRM_SYNC_FAILED)
    {
      row->problem = crm_problem_new (CRM_ANSWER_REJECTED);
      row->problem->specific_code = 24395;
      row->attempts = 3;
      row->failures = 2;
    }
  if (state == CRM_SYNC_QUEUED)
    row->next_attempt = 99;

  return row;
}

static CrmSent *
make_sent (const CrmRow *row)
{
  CrmSent *sent = g_new0 (CrmSent, 1);

  sent->revision = row->revision;
  sent->is_add = row->crm_id == 0;
  sent->values = crm_values_copy (row->values);
  sent->mask = crm_entry_get_mask (row);

  return sent;
}

static void
edit_name (CrmRow     *row,
           const char *name)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GError) error = NULL;

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  g_assert_true (crm_entry_edit (row, values, NAME, CRM_EDIT_KEEP, &error));
  g_assert_no_error (error);
}

/* The first table */

#define EDIT ((CrmAction) 100)
#define DONE (-1)

typedef struct
{
  CrmSyncState state;
  Kind         kind;
  CrmAction    word;
  CrmSyncState result; /* CRM_SYNC_REMOVED: gone */
  int          error;  /* DONE, or a CrmError */
} Cell;

static const Cell words[] = {
  { CRM_SYNC_DRAFT, NEVER_SENT, EDIT, CRM_SYNC_DRAFT, DONE },
  { CRM_SYNC_DRAFT, NEVER_SENT, CRM_ACTION_SUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_DRAFT, NEVER_SENT, CRM_ACTION_RESUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_DRAFT, NEVER_SENT, CRM_ACTION_TO_DRAFTS, CRM_SYNC_DRAFT, DONE },
  { CRM_SYNC_DRAFT, NEVER_SENT, CRM_ACTION_DISCARD, CRM_SYNC_REMOVED, DONE },
  { CRM_SYNC_DRAFT, UPDATE, CRM_ACTION_SUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_DRAFT, UPDATE, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED, DONE },

  { CRM_SYNC_QUEUED, NEVER_SENT, EDIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_QUEUED, NEVER_SENT, CRM_ACTION_SUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_QUEUED, NEVER_SENT, CRM_ACTION_TO_DRAFTS, CRM_SYNC_DRAFT, DONE },
  { CRM_SYNC_QUEUED, MARKED, CRM_ACTION_TO_DRAFTS, CRM_SYNC_QUEUED, CRM_ERROR_REFUSED },
  { CRM_SYNC_QUEUED, NEVER_SENT, CRM_ACTION_DISCARD, CRM_SYNC_REMOVED, DONE },
  { CRM_SYNC_QUEUED, MARKED, CRM_ACTION_DISCARD, CRM_SYNC_QUEUED, CRM_ERROR_SECOND_YES },
  { CRM_SYNC_QUEUED, MARKED, CRM_ACTION_DISCARD_SURELY, CRM_SYNC_REMOVED, DONE },
  { CRM_SYNC_QUEUED, UPDATE, EDIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_QUEUED, UPDATE, CRM_ACTION_TO_DRAFTS, CRM_SYNC_DRAFT, DONE },
  { CRM_SYNC_QUEUED, UPDATE, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED, DONE },
  { CRM_SYNC_QUEUED, UNCERTAIN, CRM_ACTION_DISCARD, CRM_SYNC_QUEUED, DONE },

  { CRM_SYNC_SENDING, NEVER_SENT, EDIT, CRM_SYNC_SENDING, DONE },
  { CRM_SYNC_SENDING, NEVER_SENT, CRM_ACTION_SUBMIT, CRM_SYNC_SENDING, DONE },
  { CRM_SYNC_SENDING, NEVER_SENT, CRM_ACTION_TO_DRAFTS, CRM_SYNC_SENDING, CRM_ERROR_REFUSED },
  { CRM_SYNC_SENDING, NEVER_SENT, CRM_ACTION_DISCARD, CRM_SYNC_SENDING, DONE },
  { CRM_SYNC_SENDING, MARKED, CRM_ACTION_DISCARD, CRM_SYNC_SENDING, CRM_ERROR_SECOND_YES },
  { CRM_SYNC_SENDING, UPDATE, EDIT, CRM_SYNC_SENDING, DONE },
  { CRM_SYNC_SENDING, UPDATE, CRM_ACTION_DISCARD, CRM_SYNC_SENDING, DONE },

  { CRM_SYNC_FAILED, NEVER_SENT, EDIT, CRM_SYNC_FAILED, DONE },
  { CRM_SYNC_FAILED, NEVER_SENT, CRM_ACTION_RESUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_FAILED, NEVER_SENT, CRM_ACTION_TO_DRAFTS, CRM_SYNC_DRAFT, DONE },
  { CRM_SYNC_FAILED, MARKED, CRM_ACTION_TO_DRAFTS, CRM_SYNC_FAILED, CRM_ERROR_REFUSED },
  { CRM_SYNC_FAILED, NEVER_SENT, CRM_ACTION_DISCARD, CRM_SYNC_REMOVED, DONE },
  { CRM_SYNC_FAILED, MARKED, CRM_ACTION_DISCARD, CRM_SYNC_FAILED, CRM_ERROR_SECOND_YES },
  { CRM_SYNC_FAILED, NEVER_SENT, CRM_ACTION_RESUBMIT_AS_NEW, CRM_SYNC_FAILED, CRM_ERROR_REFUSED },
  { CRM_SYNC_FAILED, UPDATE, EDIT, CRM_SYNC_FAILED, DONE },
  { CRM_SYNC_FAILED, UPDATE, CRM_ACTION_RESUBMIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_FAILED, UPDATE, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED, DONE },
  { CRM_SYNC_FAILED, UNCERTAIN, CRM_ACTION_DISCARD, CRM_SYNC_QUEUED, DONE },

  { CRM_SYNC_UNCONFIRMED, MARKED, EDIT, CRM_SYNC_UNCONFIRMED, DONE },
  { CRM_SYNC_UNCONFIRMED, MARKED, CRM_ACTION_SUBMIT, CRM_SYNC_UNCONFIRMED, CRM_ERROR_REFUSED },
  { CRM_SYNC_UNCONFIRMED, MARKED, CRM_ACTION_TO_DRAFTS, CRM_SYNC_UNCONFIRMED, CRM_ERROR_REFUSED },
  { CRM_SYNC_UNCONFIRMED, MARKED, CRM_ACTION_DISCARD, CRM_SYNC_UNCONFIRMED, CRM_ERROR_SECOND_YES },
  { CRM_SYNC_UNCONFIRMED, MARKED, CRM_ACTION_DISCARD_SURELY, CRM_SYNC_REMOVED, DONE },
  { CRM_SYNC_UNCONFIRMED, MARKED, CRM_ACTION_SEND_AGAIN, CRM_SYNC_QUEUED, DONE },

  { CRM_SYNC_SYNCED, UPDATE, EDIT, CRM_SYNC_QUEUED, DONE },
  { CRM_SYNC_SYNCED, UPDATE, CRM_ACTION_SUBMIT, CRM_SYNC_SYNCED, DONE },
  { CRM_SYNC_SYNCED, UPDATE, CRM_ACTION_TO_DRAFTS, CRM_SYNC_SYNCED, DONE },
  { CRM_SYNC_SYNCED, UPDATE, CRM_ACTION_DISCARD, CRM_SYNC_SYNCED, CRM_ERROR_REFUSED },
  { CRM_SYNC_SYNCED, UPDATE, CRM_ACTION_SEND_AGAIN, CRM_SYNC_SYNCED, CRM_ERROR_REFUSED },
};

static void
check_word (const Cell *cell)
{
  g_autoptr (CrmRow) row = make_row (cell->state, cell->kind);
  g_autoptr (GError) error = NULL;
  gint64 revision = row->revision;
  CrmEntryFate fate = CRM_ENTRY_KEPT;
  gboolean done = TRUE;

  if (cell->word == EDIT)
    edit_name (row, "Newer");
  else
    done = crm_entry_apply (row, cell->word, &fate, &error);

  g_assert_cmpint (done, ==, cell->error == DONE);
  if (cell->error != DONE)
    {
      g_assert_error (error, CRM_ERROR, cell->error);
      return;
    }

  g_assert_cmpint (fate == CRM_ENTRY_REMOVED, ==, cell->result == CRM_SYNC_REMOVED);
  if (fate == CRM_ENTRY_REMOVED)
    return;

  g_assert_cmpstr (crm_sync_state_get_nick (row->state), ==, crm_sync_state_get_nick (cell->result));
  if (cell->word == EDIT)
    {
      g_assert_cmpint (row->revision, ==, revision + 1);
      g_assert_cmpstr (crm_values_get_text (row->values, CRM_FIELD_NAME), ==, "Newer");
      /* The error and its words stay until it is resubmitted. */
      g_assert_cmpint (row->problem != NULL, ==, cell->state == CRM_SYNC_FAILED);
      if (row->crm_id != 0)
        g_assert_cmpuint (row->dirty, ==, NAME);
    }
  if (cell->word == CRM_ACTION_SUBMIT && cell->state == CRM_SYNC_QUEUED)
    g_assert_cmpint (row->next_attempt, ==, 0);
  if (cell->word == CRM_ACTION_RESUBMIT)
    {
      g_assert_null (row->problem);
      g_assert_cmpint (row->attempts, ==, 0);
      g_assert_cmpint (row->failures, ==, 0);
    }
  if (cell->word == CRM_ACTION_DISCARD && cell->state == CRM_SYNC_SENDING)
    g_assert_true (row->discarding);
  else if (cell->word == CRM_ACTION_DISCARD)
    {
      g_assert_cmpstr (crm_values_get_text (row->values, CRM_FIELD_NAME), ==, "There");
      g_assert_cmpuint (row->dirty, ==, cell->kind == UNCERTAIN ? NAME : 0);
    }
}

static void
test_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_test_message ("%s, %s, word %d", crm_sync_state_get_nick (words[i].state), kind_names[words[i].kind], words[i].word);
      check_word (&words[i]);
    }
}

/* The second table */

typedef struct
{
  CrmAnswerClass klass;
  gboolean       written;
  gboolean       is_add;
  gboolean       edited;
  CrmSyncState   result;
  gboolean       marked;    /* of an add: may be there; of an update: may have been applied */
  gboolean       has_error;
} Answer;

static const Answer answers[] = {
  { CRM_ANSWER_ACCEPTED, TRUE, TRUE, FALSE, CRM_SYNC_SYNCED },
  { CRM_ANSWER_ACCEPTED, TRUE, TRUE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_ACCEPTED, TRUE, FALSE, FALSE, CRM_SYNC_SYNCED },
  { CRM_ANSWER_ACCEPTED, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_REJECTED, TRUE, TRUE, FALSE, CRM_SYNC_FAILED, FALSE, TRUE },
  { CRM_ANSWER_REJECTED, TRUE, TRUE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_REJECTED, TRUE, FALSE, FALSE, CRM_SYNC_FAILED, FALSE, TRUE },
  { CRM_ANSWER_REJECTED, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_NOT_SENT, FALSE, TRUE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_NOT_SENT, FALSE, TRUE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_NOT_SENT, FALSE, FALSE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_THROTTLED, TRUE, TRUE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_THROTTLED, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_ACCOUNT, TRUE, TRUE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_ACCOUNT, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_CLOCK, TRUE, TRUE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_CLOCK, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_NOT_A_CRM, FALSE, TRUE, FALSE, CRM_SYNC_QUEUED },
  { CRM_ANSWER_NOT_A_CRM, TRUE, TRUE, FALSE, CRM_SYNC_UNCONFIRMED, TRUE },
  { CRM_ANSWER_NOT_A_CRM, TRUE, FALSE, FALSE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_TROUBLE, TRUE, TRUE, FALSE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_TROUBLE, TRUE, TRUE, TRUE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_TROUBLE, TRUE, FALSE, FALSE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_TROUBLE, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_UNCONFIRMED, TRUE, TRUE, FALSE, CRM_SYNC_UNCONFIRMED, TRUE, TRUE },
  { CRM_ANSWER_UNCONFIRMED, TRUE, TRUE, TRUE, CRM_SYNC_UNCONFIRMED, TRUE, TRUE },
  { CRM_ANSWER_UNCONFIRMED, TRUE, FALSE, FALSE, CRM_SYNC_QUEUED, TRUE },
  { CRM_ANSWER_UNCONFIRMED, TRUE, FALSE, TRUE, CRM_SYNC_QUEUED, TRUE },
};

static CrmEntryFate
answer (CrmRow         *row,
        const CrmSent  *sent,
        CrmAnswerClass  klass,
        gboolean        written)
{
  g_autoptr (CrmProblem) problem = crm_problem_new (klass);
  CrmOutcome outcome = { .answer = problem, .written = written, .id = 755, .finished_at = 1000, .next_attempt = 2000 };

  return crm_entry_answer (row, sent, &outcome);
}

static void
check_answer (const Answer *cell)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_QUEUED, cell->is_add ? NEVER_SENT : UPDATE);
  g_autoptr (CrmSent) sent = NULL;

  sent = make_sent (row);
  crm_entry_claim (row, 1);
  g_assert_cmpint (row->state, ==, CRM_SYNC_SENDING);
  if (cell->edited)
    edit_name (row, "Newer");

  g_assert_cmpint (answer (row, sent, cell->klass, cell->written), ==, CRM_ENTRY_KEPT);
  g_assert_cmpstr (crm_sync_state_get_nick (row->state), ==, crm_sync_state_get_nick (cell->result));
  g_assert_cmpint (row->problem != NULL, ==, cell->has_error);
  g_assert_cmpint (row->attempt_id, ==, 0);
  g_assert_cmpstr (crm_values_get_text (row->values, CRM_FIELD_NAME), ==, cell->edited ? "Newer" : "Here");
  if (cell->is_add)
    g_assert_cmpint (row->may_be_there, ==, cell->marked);
  else
    g_assert_cmpuint (row->uncertain, ==, cell->marked ? NAME : 0);

  if (cell->klass == CRM_ANSWER_ACCEPTED)
    {
      g_assert_cmpint (row->crm_id, ==, 755);
      g_assert_cmpuint (row->dirty, ==, cell->edited ? NAME : 0);
      /* What goes next is a new entry, an update. */
      if (cell->edited)
        g_assert_cmpint (row->attempts, ==, 0);
    }
  else
    g_assert_cmpint (row->attempts, ==, cell->written ? 1 : 0);
}

static void
test_answers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_test_message ("%s, %s, %s", crm_answer_class_get_nick (answers[i].klass), answers[i].is_add ? "add" : "update",
                      answers[i].edited ? "edited" : "as sent");
      check_answer (&answers[i]);
    }
}

/* The sentences below the tables */

static void
test_discard_while_sending (void)
{
  static const struct
  {
    CrmAnswerClass klass;
    gboolean       is_add;
    CrmEntryFate   fate;
    CrmSyncState   state;
  } cells[] = {
    { CRM_ANSWER_ACCEPTED, TRUE, CRM_ENTRY_ALREADY_THERE, CRM_SYNC_SYNCED },
    { CRM_ANSWER_ACCEPTED, FALSE, CRM_ENTRY_ALREADY_THERE, CRM_SYNC_SYNCED },
    { CRM_ANSWER_REJECTED, TRUE, CRM_ENTRY_REMOVED, 0 },
    { CRM_ANSWER_REJECTED, FALSE, CRM_ENTRY_KEPT, CRM_SYNC_SYNCED },
    { CRM_ANSWER_NOT_SENT, TRUE, CRM_ENTRY_REMOVED, 0 },
    { CRM_ANSWER_NOT_SENT, FALSE, CRM_ENTRY_KEPT, CRM_SYNC_SYNCED },
    { CRM_ANSWER_UNCONFIRMED, TRUE, CRM_ENTRY_KEPT, CRM_SYNC_UNCONFIRMED },
    { CRM_ANSWER_TROUBLE, TRUE, CRM_ENTRY_KEPT, CRM_SYNC_UNCONFIRMED },
    { CRM_ANSWER_TROUBLE, FALSE, CRM_ENTRY_KEPT, CRM_SYNC_QUEUED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cells); i++)
    {
      g_autoptr (CrmRow) row = make_row (CRM_SYNC_QUEUED, cells[i].is_add ? NEVER_SENT : UPDATE);
      g_autoptr (CrmSent) sent = make_sent (row);
      CrmEntryFate fate;

      g_test_message ("%s %s", crm_answer_class_get_nick (cells[i].klass), cells[i].is_add ? "add" : "update");
      crm_entry_claim (row, 1);
      edit_name (row, "Newer");
      g_assert_true (crm_entry_apply (row, CRM_ACTION_DISCARD, &fate, NULL));
      fate = answer (row, sent, cells[i].klass, cells[i].klass != CRM_ANSWER_NOT_SENT);
      g_assert_cmpint (fate, ==, cells[i].fate);
      if (fate == CRM_ENTRY_REMOVED)
        continue;
      g_assert_cmpstr (crm_sync_state_get_nick (row->state), ==, crm_sync_state_get_nick (cells[i].state));
      if (cells[i].klass == CRM_ANSWER_ACCEPTED)
        g_assert_cmpstr (crm_values_get_text (row->values, CRM_FIELD_NAME), ==, "Here");
      else if (!cells[i].is_add)
        g_assert_cmpstr (crm_values_get_text (row->values, CRM_FIELD_NAME), ==, "There");

      if (row->state == CRM_SYNC_UNCONFIRMED)
        g_assert_cmpint (crm_entry_release (row, TRUE, TRUE), ==, CRM_ENTRY_REMOVED);
    }
}

static void
test_discard_called_off (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_SENDING, NEVER_SENT);
  CrmEntryFate fate;

  g_assert_true (crm_entry_apply (row, CRM_ACTION_DISCARD, &fate, NULL));
  edit_name (row, "Newer");
  g_assert_false (row->discarding);
}

static void
test_clean_again (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_SYNCED, UPDATE);
  g_autoptr (CrmRow) uncertain = make_row (CRM_SYNC_QUEUED, UNCERTAIN);

  edit_name (row, "Newer");
  g_assert_cmpuint (row->dirty, ==, NAME);
  edit_name (row, "Here");
  g_assert_cmpuint (row->dirty, ==, 0);
  g_assert_cmpint (row->state, ==, CRM_SYNC_SYNCED);

  edit_name (uncertain, "There");
  g_assert_cmpuint (uncertain->dirty, ==, NAME);
  g_assert_cmpint (uncertain->state, ==, CRM_SYNC_QUEUED);
}

static void
test_owner_group (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_SYNCED, UPDATE);
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_number (row->values, CRM_FIELD_VENUE, 3);
  crm_values_set_number (row->values, CRM_FIELD_LEAD, 12);
  crm_values_set_number (values, CRM_FIELD_LEAD, 13);
  g_assert_true (crm_entry_edit (row, values, LEAD, CRM_EDIT_KEEP, NULL));
  g_assert_cmpuint (row->dirty, ==, LEAD);
  g_assert_cmpuint (crm_entry_get_mask (row), ==, LEAD | CRM_FIELD_BIT (CRM_FIELD_VENUE));
}

static void
test_cut_off (void)
{
  g_autoptr (CrmRow) add = make_row (CRM_SYNC_QUEUED, NEVER_SENT);
  g_autoptr (CrmRow) update = make_row (CRM_SYNC_QUEUED, UPDATE);
  g_autoptr (CrmSent) sent_add = make_sent (add);
  g_autoptr (CrmSent) sent_update = make_sent (update);

  crm_entry_claim (add, 1);
  crm_entry_cut_off (add, sent_add);
  g_assert_cmpint (add->state, ==, CRM_SYNC_UNCONFIRMED);
  g_assert_true (add->may_be_there);

  crm_entry_claim (update, 1);
  crm_entry_cut_off (update, sent_update);
  g_assert_cmpint (update->state, ==, CRM_SYNC_QUEUED);
  g_assert_cmpuint (update->uncertain, ==, NAME);
}

static void
test_adopted (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_QUEUED, NEVER_SENT);
  g_autoptr (GPtrArray) sent = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_sent_free);

  g_ptr_array_add (sent, make_sent (row));
  crm_entry_claim (row, 1);
  answer (row, sent->pdata[0], CRM_ANSWER_UNCONFIRMED, TRUE);
  edit_name (row, "Newer");
  g_assert_cmpint (crm_entry_adopt (row, 800, sent), ==, CRM_ENTRY_KEPT);
  g_assert_cmpint (row->crm_id, ==, 800);
  g_assert_cmpint (row->state, ==, CRM_SYNC_QUEUED);
  g_assert_cmpuint (row->dirty, ==, NAME);
  g_assert_false (row->may_be_there);
}

static void
test_eight_failures (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_QUEUED, UPDATE);
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_TROUBLE);

  for (guint i = 1; i < CRM_MOST_FAILURES; i++)
    {
      crm_entry_blame (row, problem, 10, 5);
      g_assert_cmpint (row->state, ==, CRM_SYNC_QUEUED);
      g_assert_nonnull (row->problem);
    }
  crm_entry_blame (row, problem, 10, 5);
  g_assert_cmpint (row->state, ==, CRM_SYNC_FAILED);
}

static void
test_as_new (void)
{
  g_autoptr (CrmRow) row = make_row (CRM_SYNC_FAILED, UPDATE);
  CrmEntryFate fate;

  row->problem->specific_code = 24392;
  g_assert_true (crm_entry_apply (row, CRM_ACTION_RESUBMIT_AS_NEW, &fate, NULL));
  g_assert_cmpint (row->crm_id, ==, 0);
  g_assert_cmpint (row->state, ==, CRM_SYNC_QUEUED);
  g_assert_cmpuint (crm_entry_get_mask (row), ==, crm_values_get_mask (row->values));
}

static void
test_incomplete_draft (void)
{
  g_autoptr (CrmRow) row = crm_row_new ();
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GError) error = NULL;
  CrmEntryFate fate;

  crm_values_set_text (values, CRM_FIELD_NAME, "No due date");
  g_assert_true (crm_entry_create (row, values, NAME, 0, TRUE, NULL));
  g_assert_false (crm_entry_apply (row, CRM_ACTION_SUBMIT, &fate, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_assert_nonnull (g_strstr_len (error->message, -1, "--due (endDatetime)"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/entry/words", test_words);
  g_test_add_func ("/entry/answers", test_answers);
  g_test_add_func ("/entry/discard-while-sending", test_discard_while_sending);
  g_test_add_func ("/entry/discard-called-off", test_discard_called_off);
  g_test_add_func ("/entry/clean-again", test_clean_again);
  g_test_add_func ("/entry/owner-group", test_owner_group);
  g_test_add_func ("/entry/cut-off", test_cut_off);
  g_test_add_func ("/entry/adopted", test_adopted);
  g_test_add_func ("/entry/eight-failures", test_eight_failures);
  g_test_add_func ("/entry/as-new", test_as_new);
  g_test_add_func ("/entry/incomplete-draft", test_incomplete_draft);

  return g_test_run ();
}

/* sim-word.c: what a person says to the store, and whether DESIGN.md §2's first table holds for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-word.h"

#include "model/crm-error.h"

static const char *const action_names[] = { "submit",        "resubmit",    "resubmit as new", "to drafts",
                                            "discard",       "discard surely", "send again" };

SimWord *
sim_word_new (SimWorld    *world,
              SimApp      *app,
              SimWordKind  kind,
              SimIntent   *intent)
{
  SimWord *word = g_new0 (SimWord, 1);

  word->world = world;
  word->app = app;
  word->kind = kind;
  word->intent = intent;

  return word;
}

static void
word_free (SimWord *word)
{
  crm_values_free (word->values);
  sim_row_clear (&word->before);
  g_clear_pointer (&word->undo, crm_undo_unref);
  g_free (word);
}

static char *
describe (const SimWord *word)
{
  gint64 id = word->intent != NULL ? word->intent->local_id : 0;
  g_autofree char *values = word->values != NULL ? sim_values_to_string (word->values) : NULL;

  switch (word->kind)
    {
    case SIM_WORD_ADD:
      return g_strdup_printf ("add%s #%" G_GINT64_FORMAT " %s", word->draft ? " draft" : "", word->crm_id, values);
    case SIM_WORD_EDIT:
      return g_strdup_printf ("edit%s %" G_GINT64_FORMAT " %s (mask %x)", word->mode == CRM_EDIT_SUBMIT ? " and submit" : "", id,
                              values, word->touched);
    case SIM_WORD_SETTLE:
      return g_strdup_printf ("settle %" G_GINT64_FORMAT " as #%" G_GINT64_FORMAT, id, word->crm_id);
    case SIM_WORD_UNDO:
      return g_strdup_printf ("undo the discard of %" G_GINT64_FORMAT, id);
    case SIM_WORD_APPLY:
    default:
      return g_strdup_printf ("%s %" G_GINT64_FORMAT "%s", action_names[word->action], id,
                              word->is_untruthful ? " (untruthfully)" : "");
    }
}

static void
on_said (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  SimWord *word = user_data;
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, &undo, NULL);

  if (undo != NULL && !word->app->dead)
    {
      g_clear_pointer (&word->intent->undo, crm_undo_unref);
      word->intent->undo = g_steal_pointer (&undo);
      word->intent->undo_app = word->app;
    }
  word_free (word);
}

void
sim_word_say (SimWord *word)
{
  CrmStore *store = word->app->store;
  gint64 id = word->intent != NULL ? word->intent->local_id : 0;
  g_autofree char *text = describe (word);

  sim_world_trace (word->world, "person, app %u: %s", word->app->number, text);
  word->app->word = word;
  switch (word->kind)
    {
    case SIM_WORD_ADD:
      crm_store_add_async (store, word->values, word->touched & (word->crm_id != 0 ? CRM_FIELDS_ALL : crm_values_get_mask (word->values)),
                           word->crm_id, word->draft, NULL, on_said, word);
      break;
    case SIM_WORD_EDIT:
      crm_store_edit_async (store, id, word->values, word->touched, word->mode, NULL, on_said, word);
      break;
    case SIM_WORD_SETTLE:
      crm_store_settle_async (store, id, word->crm_id, NULL, on_said, word);
      break;
    case SIM_WORD_UNDO:
      crm_store_undo_async (store, word->undo, NULL, on_said, word);
      break;
    case SIM_WORD_APPLY:
    default:
      crm_store_apply_async (store, id, word->action, NULL, on_said, word);
      break;
    }
}

/* A discard that waited for an answer may have been decided since. */
static void
catch_up (SimIntent    *intent,
          const SimRow *row)
{
  if (!intent->discarding || (row->exists && row->discarding))
    return;

  intent->discarding = FALSE;
  if (!row->exists)
    intent->removed = TRUE;
  else
    {
      intent->given_up |= intent->is_update ? intent->unsure : 0;
      intent->edited |= crm_values_compare (intent->want, row->values);
      crm_values_free (intent->want);
      intent->want = crm_values_copy (row->values);
    }
}

void
sim_intent_catch_up (SimWorld  *world,
                     SimIntent *intent)
{
  g_auto (SimRow) row = { FALSE };

  sim_row_read (&row, world, intent->local_id);
  catch_up (intent, &row);
}

void
sim_word_before_commit (SimWord *word)
{
  if (word->intent == NULL)
    return;

  sim_row_read (&word->before, word->world, word->intent->local_id);
  catch_up (word->intent, &word->before);
}

static SimIntent *
make_intent (SimWord *word)
{
  SimWorld *world = word->world;
  SimIntent *intent = g_new0 (SimIntent, 1);

  intent->local_id = sim_world_get_count (world, "SELECT max (local_id) FROM task");
  intent->family = word->family;
  intent->want = crm_values_copy (word->values);
  intent->draft = word->draft;
  intent->is_update = word->crm_id != 0;
  if (intent->is_update)
    intent->edited = word->touched;
  if (sim_world_get_intent (world, intent->local_id) != NULL)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " was there before", intent->local_id);
  g_hash_table_insert (world->intents, GSIZE_TO_POINTER (intent->local_id), intent);
  g_ptr_array_add (world->all_intents, intent);
  sim_world_trace (world, "task %" G_GINT64_FORMAT " is saved", intent->local_id);

  return intent;
}

/* The states that the table allows after @word, as bits; 0 when it must be refused. */
static guint
get_allowed (const SimWord *word)
{
  const SimRow *before = &word->before;
  guint same = 1u << before->state;
  guint waiting = 1u << CRM_SYNC_QUEUED | (before->crm_id != 0 ? 1u << CRM_SYNC_SYNCED : 0);
  guint removed = 1u << CRM_SYNC_REMOVED;
  gboolean surely = word->action == CRM_ACTION_DISCARD_SURELY;

  if (!before->exists)
    return word->kind == SIM_WORD_UNDO ? ~0u : 0;

  switch (word->kind)
    {
    case SIM_WORD_EDIT:
      if (word->mode == CRM_EDIT_SUBMIT && (before->state == CRM_SYNC_DRAFT || before->state == CRM_SYNC_FAILED))
        return waiting;
      if (before->state == CRM_SYNC_QUEUED || before->state == CRM_SYNC_SYNCED)
        return waiting | same;
      return same;

    case SIM_WORD_SETTLE:
      return before->may_be_there && before->state != CRM_SYNC_SENDING ? 1u << CRM_SYNC_QUEUED | 1u << CRM_SYNC_SYNCED : 0;

    case SIM_WORD_UNDO:
      return ~0u;

    case SIM_WORD_ADD:
    case SIM_WORD_APPLY:
    default:
      break;
    }

  switch (word->action)
    {
    case CRM_ACTION_SUBMIT:
    case CRM_ACTION_RESUBMIT:
      if (before->state == CRM_SYNC_DRAFT || before->state == CRM_SYNC_FAILED)
        return waiting;
      return before->state == CRM_SYNC_UNCONFIRMED ? 0 : same;

    case CRM_ACTION_RESUBMIT_AS_NEW:
      return before->state == CRM_SYNC_FAILED && before->problem_code == 24392 ? 1u << CRM_SYNC_QUEUED : 0;

    case CRM_ACTION_TO_DRAFTS:
      if (before->state == CRM_SYNC_QUEUED || before->state == CRM_SYNC_FAILED)
        return before->may_be_there ? 0 : 1u << CRM_SYNC_DRAFT;
      return before->state == CRM_SYNC_DRAFT || before->state == CRM_SYNC_SYNCED ? same : 0;

    case CRM_ACTION_DISCARD:
    case CRM_ACTION_DISCARD_SURELY:
      if (before->state == CRM_SYNC_SYNCED)
        return 0;
      if (!surely && (before->may_be_there || before->state == CRM_SYNC_UNCONFIRMED))
        return 0;
      if (before->state == CRM_SYNC_SENDING)
        return same;
      if (before->state == CRM_SYNC_DRAFT && before->crm_id != 0)
        return waiting | removed;
      return before->crm_id != 0 ? waiting : removed;

    case CRM_ACTION_SEND_AGAIN:
      if (before->state == CRM_SYNC_UNCONFIRMED)
        return 1u << CRM_SYNC_QUEUED;
      return before->state == CRM_SYNC_QUEUED && before->may_be_there ? same : 0;

    default:
      g_assert_not_reached ();
    }
}

static void
take_apply (SimWord      *word,
            const SimRow *row)
{
  SimIntent *intent = word->intent;

  switch (word->action)
    {
    case CRM_ACTION_SEND_AGAIN:
      intent->word_at = word->world->now;
      intent->excuses += word->is_untruthful;
      intent->discarding = FALSE;
      break;

    case CRM_ACTION_RESUBMIT_AS_NEW:
      intent->word_at = word->world->now;
      break;

    case CRM_ACTION_DISCARD:
    case CRM_ACTION_DISCARD_SURELY:
      crm_values_free (intent->before);
      intent->before = crm_values_copy (intent->want);
      intent->before_draft = intent->draft;
      if (!row->exists)
        {
          intent->removed = TRUE;
          intent->sure = word->action == CRM_ACTION_DISCARD_SURELY && word->before.may_be_there;
        }
      else if (row->state == CRM_SYNC_SENDING)
        intent->discarding = TRUE;
      else
        {
          intent->given_up |= intent->is_update ? intent->unsure : 0;
          intent->edited |= crm_values_compare (intent->want, row->values) | intent->unsure;
          crm_values_free (intent->want);
          intent->want = crm_values_copy (row->values);
        }
      break;

    case CRM_ACTION_SUBMIT:
    case CRM_ACTION_RESUBMIT:
    case CRM_ACTION_TO_DRAFTS:
    default:
      break;
    }
}

static void
take_undo (SimWord      *word,
           const SimRow *row)
{
  SimIntent *intent = word->intent;

  intent->removed = FALSE;
  intent->sure = FALSE;
  intent->discarding = FALSE;
  if (intent->before == NULL || !row->exists)
    return;

  intent->edited |= crm_values_compare (intent->want, intent->before);
  crm_values_free (intent->want);
  intent->want = crm_values_copy (intent->before);
}

static void
take (SimWord      *word,
      const SimRow *row)
{
  SimIntent *intent = word->intent;

  switch (word->kind)
    {
    case SIM_WORD_EDIT:
      intent->edited |= crm_values_compare (intent->want, word->values) & word->touched;
      /* What isn't known of the CRM's is sent as it was given. */
      if (intent->is_update)
        intent->edited |= word->touched;
      crm_values_take_over (intent->want, word->values, word->touched);
      if (!row->discarding)
        intent->discarding = FALSE;
      break;
    case SIM_WORD_SETTLE:
      intent->discarding = FALSE;
      intent->edited |= crm_values_compare (intent->want, row->values);
      if (word->before.discarding)
        {
          crm_values_free (intent->want);
          intent->want = crm_values_copy (row->values);
        }
      break;
    case SIM_WORD_UNDO:
      take_undo (word, row);
      break;
    case SIM_WORD_APPLY:
      take_apply (word, row);
      break;
    case SIM_WORD_ADD:
    default:
      break;
    }
}

/* The word is durable, or was refused; its speaker may not know yet, and may never learn. */
void
sim_word_committed (SimWord      *word,
                    const GError *error)
{
  SimWorld *world = word->world;
  gboolean by_table = error == NULL || g_error_matches (error, CRM_ERROR, CRM_ERROR_REFUSED) ||
                      g_error_matches (error, CRM_ERROR, CRM_ERROR_SECOND_YES);
  g_auto (SimRow) row = { FALSE };
  guint allowed;

  if (error != NULL)
    sim_world_trace (world, "refused: %s", error->message);

  if (word->kind == SIM_WORD_ADD)
    {
      if (error == NULL)
        word->intent = make_intent (word);
      return;
    }

  sim_row_read (&row, world, word->intent->local_id);
  allowed = get_allowed (word);
  if (by_table && word->kind != SIM_WORD_SETTLE && word->kind != SIM_WORD_UNDO)
    {
      guint after = 1u << (row.exists ? row.state : CRM_SYNC_REMOVED);

      if ((error != NULL) != (allowed == 0) || (error == NULL && (allowed & after) == 0))
        {
          g_autofree char *text = describe (word);

          sim_world_fail (world, "“%s” in state %s: %s, now %s", text,
                          word->before.exists ? crm_sync_state_get_nick (word->before.state) : "removed",
                          error != NULL ? error->message : "done",
                          row.exists ? crm_sync_state_get_nick (row.state) : "removed");
        }
    }

  if (error != NULL)
    return;

  take (word, &row);
  word->intent->draft = row.exists && row.state == CRM_SYNC_DRAFT;
  if (row.exists && !row.discarding && crm_values_compare (row.values, word->intent->want) != 0)
    {
      g_autofree char *text = describe (word);
      g_autofree char *want = sim_values_to_string (word->intent->want);
      g_autofree char *have = sim_values_to_string (row.values);

      sim_world_fail (world, "After “%s” the task is %s instead of %s", text, have, want);
    }
}

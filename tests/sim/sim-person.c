/* sim-person.c: what a person does at any time, and a colleague
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

#include "sim-word.h"

static void
invent_owner (SimWorld  *world,
              CrmValues *values)
{
  gint64 number = sim_world_chance (world, 4) ? 901 : sim_world_range (world, 1, 4);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((CRM_FIELDS_OWNER & CRM_FIELD_BIT (i)) != 0)
      crm_values_clear (values, i);

  switch (sim_world_range (world, 0, 5))
    {
    case 0:
      crm_values_set_number (values, CRM_FIELD_LEAD, number);
      break;
    case 1:
      crm_values_set_number (values, CRM_FIELD_LEAD, number);
      crm_values_set_number (values, CRM_FIELD_VENUE, 2);
      break;
    case 2:
      crm_values_set_number (values, CRM_FIELD_CONTACT, number);
      break;
    case 3:
      crm_values_set_number (values, CRM_FIELD_COMPANY, number);
      break;
    case 4:
      crm_values_set_number (values, CRM_FIELD_COMPANY, number);
      crm_values_set_number (values, CRM_FIELD_CONTACT, 3);
      break;
    default:
      break;
    }
}

static void
invent_field (SimWorld   *world,
              guint       family,
              CrmValues  *values,
              CrmFieldId  field)
{
  static const char *const endings[] = { "", "", "", "", " & <co>", " cursed", " forbidden", "  two  spaces " };
  static const char *const descriptions[] = { "Call back", "a <b>bold</b> &amp; more", "line\nline", "Grüße", "REFUSE" };
  static const char *const priorities[] = { "low", "medium", "high" };
  g_autofree char *text = NULL;

  switch (field)
    {
    case CRM_FIELD_NAME:
      text = g_strdup_printf ("F%u v%d%s", family, (int) sim_world_range (world, 1, 9),
                              sim_world_chance (world, 60) ? "" : endings[sim_world_range (world, 0, 7)]);
      crm_values_set_text (values, field, text);
      break;

    case CRM_FIELD_END_DATETIME:
      text = g_strdup_printf ("2026-0%d-1%d 12:00:00", (int) sim_world_range (world, 1, 9), (int) sim_world_range (world, 0, 9));
      crm_values_set_text (values, field, text);
      break;

    case CRM_FIELD_PRIORITY:
      crm_values_set_text (values, field, sim_world_chance (world, 30) ? NULL : priorities[sim_world_range (world, 0, 2)]);
      break;

    case CRM_FIELD_DESCRIPTION:
      crm_values_set_text (values, field,
                           sim_world_chance (world, 30) ? NULL : descriptions[sim_world_range (world, 0, sim_world_chance (world, 20) ? 4 : 3)]);
      break;

    case CRM_FIELD_STATUS:
      crm_values_set_number (values, field, sim_world_range (world, 0, 4));
      break;

    case CRM_FIELD_ASSIGNED_USER:
      if (sim_world_chance (world, 30))
        crm_values_clear (values, field);
      else
        crm_values_set_number (values, field, sim_world_range (world, 1, 5));
      break;

    case CRM_FIELD_VENUE:
    case CRM_FIELD_LEAD:
    case CRM_FIELD_CONTACT:
    case CRM_FIELD_COMPANY:
    case CRM_N_FIELDS:
    default:
      invent_owner (world, values);
      break;
    }
}

/* A task that the known rules let pass; whether the CRM does is another matter. */
CrmValues *
sim_person_invent (SimWorld *world,
                   guint     family)
{
  CrmValues *values = crm_values_new ();

  invent_field (world, family, values, CRM_FIELD_NAME);
  invent_field (world, family, values, CRM_FIELD_END_DATETIME);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (i != CRM_FIELD_NAME && i != CRM_FIELD_END_DATETIME && sim_world_chance (world, 30))
      invent_field (world, family, values, i);

  return values;
}

static SimIntent *
choose_intent (SimWorld *world)
{
  SimIntent *intent;

  if (world->all_intents->len == 0)
    return NULL;

  intent = world->all_intents->pdata[sim_world_range (world, 0, world->all_intents->len - 1)];

  return intent;
}

static gboolean
is_owned (SimWorld *world,
          gint64    crm_id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM task WHERE crm_id = %" G_GINT64_FORMAT, crm_id);

  return sim_world_get_count (world, sql) > 0;
}

static void
add (SimWorld *world,
     SimApp   *app)
{
  SimWord *word = sim_word_new (world, app, SIM_WORD_ADD, NULL);
  SimIntent *like = sim_world_chance (world, 20) ? choose_intent (world) : NULL;
  SimCrmTask *there = NULL;

  if (world->crm->tasks->len > 0 && sim_world_chance (world, 10))
    there = world->crm->tasks->pdata[sim_world_range (world, 0, world->crm->tasks->len - 1)];

  word->draft = sim_world_chance (world, 12);
  if (there != NULL && there->creator == 0 && !there->gone && !is_owned (world, there->id))
    {
      word->crm_id = there->id;
      word->family = there->family;
      word->values = crm_values_new ();
      invent_field (world, word->family, word->values, CRM_FIELD_PRIORITY);
      crm_values_set_number (word->values, CRM_FIELD_STATUS, sim_world_range (world, 0, 4));
      word->touched = CRM_FIELD_BIT (CRM_FIELD_PRIORITY) | CRM_FIELD_BIT (CRM_FIELD_STATUS);
    }
  else if (like != NULL && crm_values_has (like->want, CRM_FIELD_NAME) && !like->is_update)
    {
      word->family = like->family;
      word->values = crm_values_copy (like->want);
      word->touched = CRM_FIELDS_ALL;
    }
  else
    {
      word->family = ++world->families;
      word->values = sim_person_invent (world, word->family);
      word->touched = CRM_FIELDS_ALL;
    }

  sim_word_say (word);
}

/* Many at once, among them equal ones. Of those that the CRM fails at a few are enough: see is_everyones_trouble(). */
void
sim_person_import (SimWorld *world)
{
  SimApp *app = sim_world_get_app (world);

  if (app != NULL)
    sim_batches_narrow (app);
  for (gint64 n = app != NULL ? sim_world_range (world, 2, 14) : 0; n > 0; n--)
    {
      SimWord *word = sim_word_new (world, app, SIM_WORD_ADD, NULL);
      SimIntent *like = sim_world_chance (world, 15) ? choose_intent (world) : NULL;

      if (like != NULL && (like->is_update || sim_crm_curses (like->want)))
        like = NULL;
      word->family = like != NULL ? like->family : ++world->families;
      word->values = like != NULL ? crm_values_copy (like->want) : sim_person_invent (world, word->family);
      if (sim_crm_curses (word->values))
        {
          g_autofree char *name = g_strdup_printf ("F%u", word->family);

          crm_values_set_text (word->values, CRM_FIELD_NAME, name);
        }
      word->touched = CRM_FIELDS_ALL;
      sim_word_say (word);
    }
}

static void
edit (SimWorld  *world,
      SimApp    *app,
      SimIntent *intent)
{
  SimWord *word = sim_word_new (world, app, SIM_WORD_EDIT, intent);
  guint n = sim_world_range (world, 1, 3);

  word->values = crm_values_copy (intent->want);
  while (n-- > 0)
    {
      CrmFieldId field = sim_world_range (world, 0, CRM_N_FIELDS - 1);

      invent_field (world, intent->family, word->values, field);
      word->touched |= (CRM_FIELD_BIT (field) & CRM_FIELDS_OWNER) != 0 ? CRM_FIELDS_OWNER : CRM_FIELD_BIT (field);
    }
  word->mode = sim_world_chance (world, 40) ? CRM_EDIT_SUBMIT : CRM_EDIT_KEEP;
  sim_word_say (word);
}

static void
apply (SimWorld  *world,
       SimApp    *app,
       SimIntent *intent,
       CrmAction  action)
{
  SimWord *word = sim_word_new (world, app, SIM_WORD_APPLY, intent);

  word->action = action;
  sim_word_say (word);
}

/* What it is on the CRM, to the best of a person's knowledge; *wait when that isn't known yet. */
static SimCrmTask *
find_truth (SimWorld  *world,
            SimIntent *intent,
            gboolean  *wait)
{
  *wait = FALSE;
  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *send = world->all_sends->pdata[i];
      const SimIntent *sender = sim_world_get_intent (world, send->local_id);

      if (send->is_add && send->effect_due != 0 && sender != NULL && sender->family == intent->family)
        *wait = TRUE;
    }

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < world->crm->tasks->len; i++)
      {
        SimCrmTask *task = world->crm->tasks->pdata[i];
        g_autofree char *sql = NULL;

        if (task->gone || task->creator == 0 || task->family != intent->family || is_owned (world, task->id))
          continue;
        if (round == 0 && task->creator == intent->local_id)
          return task;

        /* Another task's, which has settled for one of this one's. */
        sql = g_strdup_printf ("SELECT count (*) FROM task WHERE local_id = %" G_GINT64_FORMAT " AND crm_id IS NULL", task->creator);
        if (round == 1 && task->creator != intent->local_id && sim_world_get_count (world, sql) == 0)
          return task;
      }

  return NULL;
}

static void
settle (SimWorld  *world,
        SimApp    *app,
        SimIntent *intent)
{
  gboolean truthful = world->ending || sim_world_chance (world, 90);
  gboolean wait;
  SimCrmTask *truth = find_truth (world, intent, &wait);
  SimWord *word;

  if (wait && truthful)
    return;

  if (truth != NULL && truthful)
    {
      word = sim_word_new (world, app, SIM_WORD_SETTLE, intent);
      word->crm_id = truth->id;
    }
  else
    {
      word = sim_word_new (world, app, SIM_WORD_APPLY, intent);
      word->action = CRM_ACTION_SEND_AGAIN;
      word->is_untruthful = truth != NULL || wait;
    }
  sim_word_say (word);
}

/* The person does something, of a kind that fits or doesn't. */
void
sim_person_act (SimWorld *world)
{
  SimApp *app = sim_world_get_app (world);
  SimIntent *intent = choose_intent (world);
  gint64 whim = sim_world_range (world, 0, 99);

  if (app == NULL)
    return;

  if (intent == NULL || whim < 30)
    add (world, app);
  else if (whim < 55)
    edit (world, app, intent);
  else if (whim < 62)
    apply (world, app, intent, sim_world_chance (world, 50) ? CRM_ACTION_SUBMIT : CRM_ACTION_RESUBMIT);
  else if (whim < 65)
    apply (world, app, intent, CRM_ACTION_RESUBMIT_AS_NEW);
  else if (whim < 71)
    apply (world, app, intent, CRM_ACTION_TO_DRAFTS);
  else if (whim < 79)
    apply (world, app, intent, sim_world_chance (world, 35) ? CRM_ACTION_DISCARD_SURELY : CRM_ACTION_DISCARD);
  else if (whim < 85 && intent->undo != NULL && intent->undo_app == app)
    {
      SimWord *word = sim_word_new (world, app, SIM_WORD_UNDO, intent);

      word->undo = crm_undo_ref (intent->undo);
      sim_word_say (word);
    }
  else if (whim < 94)
    {
      g_auto (SimRow) row = { FALSE };

      sim_row_read (&row, world, intent->local_id);
      if (row.exists && row.state == CRM_SYNC_UNCONFIRMED)
        settle (world, app, intent);
    }
  else
    crm_sync_service_sync_now (app->service);
}

/* At the end: whoever asks is answered, truthfully. */
void
sim_person_settle_all (SimWorld *world)
{
  SimApp *app = world->apps->pdata[0];

  for (guint i = 0; i < world->all_intents->len; i++)
    {
      SimIntent *intent = world->all_intents->pdata[i];
      g_auto (SimRow) row = { FALSE };

      sim_row_read (&row, world, intent->local_id);
      if (!row.exists || row.state != CRM_SYNC_UNCONFIRMED)
        continue;
      if (row.problem_message == NULL)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is unconfirmed, and nobody is told why", intent->local_id);
      settle (world, app, intent);
      /* One after the other: an answer may change the next question. */
      while (app->jobs.length > 0 && sim_world_step (world, G_MAXINT64))
        ;
    }
}

/* A colleague adds, edits or deletes a task on the CRM. */
void
sim_colleague_act (SimWorld *world)
{
  SimCrm *crm = world->crm;
  SimCrmTask *task = crm->tasks->len > 0 ? crm->tasks->pdata[sim_world_range (world, 0, crm->tasks->len - 1)] : NULL;
  SimIntent *intent = choose_intent (world);
  g_autoptr (CrmValues) values = NULL;
  CrmFieldId field;
  gboolean is_equal;

  switch (sim_world_range (world, 0, 9))
    {
    case 0:
    case 1:
    case 2:
      /* Something of its own, or of the same name and time as a task here. */
      values = sim_person_invent (world, ++world->families);
      if (intent != NULL && crm_values_has (intent->want, CRM_FIELD_NAME) && crm_values_has (intent->want, CRM_FIELD_END_DATETIME) &&
          sim_world_chance (world, 40))
        crm_values_take_over (values, intent->want, CRM_FIELD_BIT (CRM_FIELD_NAME) | CRM_FIELD_BIT (CRM_FIELD_END_DATETIME));
      /* It may turn out equal: then nobody can tell the two apart. */
      is_equal = intent != NULL && (crm_values_compare (values, intent->want) & ~SIM_FILLED_IN) == 0;
      task = sim_crm_add (crm, values, 0, is_equal ? intent->family : world->families);
      sim_world_trace (world, "colleague: adds #%" G_GINT64_FORMAT, task->id);
      break;

    case 3:
      if (intent == NULL || intent->is_update || !crm_values_has (intent->want, CRM_FIELD_NAME) ||
          !crm_values_has (intent->want, CRM_FIELD_END_DATETIME))
        return;
      task = sim_crm_add (crm, intent->want, 0, intent->family);
      sim_world_trace (world, "colleague: adds #%" G_GINT64_FORMAT ", equal to task %" G_GINT64_FORMAT, task->id,
                       intent->local_id);
      break;

    case 4:
      if (task == NULL || task->gone || !is_owned (world, task->id))
        return;
      task->gone = TRUE;
      sim_world_trace (world, "colleague: deletes #%" G_GINT64_FORMAT, task->id);
      break;

    default:
      if (task == NULL || task->gone)
        return;
      field = sim_world_range (world, CRM_FIELD_PRIORITY, CRM_FIELD_DESCRIPTION);
      /* Whoever renames what is in doubt makes it unknowable. */
      if (is_owned (world, task->id) && sim_world_chance (world, 30))
        field = CRM_FIELD_NAME;
      values = crm_values_copy (task->values);
      invent_field (world, task->family, values, field);
      if (crm_values_compare (values, task->values) == 0)
        return;
      crm_values_take_over (task->values, values, CRM_FIELD_BIT (field));
      task->theirs |= CRM_FIELD_BIT (field);
      task->ours &= ~CRM_FIELD_BIT (field);
      sim_world_trace (world, "colleague: edits %s of #%" G_GINT64_FORMAT, crm_field_get (field)->key, task->id);
    }
}

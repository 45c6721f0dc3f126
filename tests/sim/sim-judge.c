/* sim-judge.c: whether the promises hold, while a world runs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

#include "model/crm-task-json.h"
#include "store/crm-outbox.h"

#include <string.h>

/* API.md §4. What is measured on the way differs from it by what a slow disk takes. */
#define BETWEEN_LOOKS (20 * SIM_SECOND)
#define AFTER_SEND (60 * SIM_SECOND)
#define TOLERANCE (6 * SIM_SECOND)
#define BATCHED_TIMES 10

/* What was claimed is about to be sent; the bytes tell the transport which task they are. */
void
sim_judge_claims (SimWorld  *world,
                  GPtrArray *claims)
{
  for (guint i = 0; i < claims->len; i++)
    {
      const CrmClaim *claim = claims->pdata[i];
      SimSend *send = g_new0 (SimSend, 1);
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM attempt WHERE attempt_id = %" G_GINT64_FORMAT
                                              " AND class IS NULL", claim->attempt_id);

      send->local_id = claim->local_id;
      send->attempt_id = claim->attempt_id;
      send->crm_id = claim->crm_id;
      send->is_add = claim->crm_id == 0;
      send->values = crm_values_copy (claim->values);
      send->body = g_bytes_ref (claim->body);
      g_hash_table_insert (world->sends, send->body, send);
      g_ptr_array_add (world->all_sends, send);
      if (sim_world_get_count (world, sql) != 1)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent before it is written down", send->local_id);
    }
}

/* Whether, for all that the app can know, the CRM may have made a task of it. */
gboolean
sim_judge_is_doubtful (const SimSend *send)
{
  if (!send->is_add || send->sent_at == 0)
    return FALSE;

  return send->answered_at == 0 || send->is_forgotten || send->klass == CRM_ANSWER_TROUBLE ||
         send->klass == CRM_ANSWER_UNCONFIRMED || send->klass == CRM_ANSWER_NOT_A_CRM || send->klass == CRM_ANSWER_ACCEPTED;
}

static gboolean
was_looked_for (SimWorld      *world,
                const SimSend *last,
                GHashTable    *names)
{
  /* The CRM may do a batch much later. */
  gint64 after_send = last->is_batched && !last->is_settled ? BATCHED_TIMES * AFTER_SEND : AFTER_SEND;

  for (guint i = 0; i < world->looks->len; i++)
    {
      const SimLook *first = &g_array_index (world->looks, SimLook, i);

      if (first->begun < last->sent_at || (first->name != NULL && !g_hash_table_contains (names, first->name)))
        continue;

      for (guint j = i + 1; j < world->looks->len; j++)
        {
          const SimLook *second = &g_array_index (world->looks, SimLook, j);

          if (second->name == NULL && second->begun >= first->ended + BETWEEN_LOOKS - TOLERANCE &&
              second->begun >= last->sent_at + after_send - TOLERANCE)
            return TRUE;
        }
    }

  return FALSE;
}

/* An add that may have arrived is not sent again without two spaced looks or a person's word. */
static void
check_add (SimWorld        *world,
           const SimSend   *send,
           const SimIntent *intent)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  const SimSend *last = NULL;

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *other = world->all_sends->pdata[i];

      if (other == send || other->local_id != send->local_id || other->sent_at <= intent->word_at ||
          !sim_judge_is_doubtful (other))
        continue;
      if (other->answered_at == 0 && !other->is_forgotten)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent while it is being sent", send->local_id);
      if (!other->is_stale && (last == NULL || other->sent_at > last->sent_at))
        last = other;
      if (crm_values_has (other->values, CRM_FIELD_NAME))
        g_hash_table_add (names, (char *) crm_values_get_text (other->values, CRM_FIELD_NAME));
    }

  if (last != NULL && !was_looked_for (world, last, names))
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent again, %" G_GINT64_FORMAT " s after it may have arrived, "
                    "without two spaced looks", send->local_id, (world->now - last->sent_at) / SIM_SECOND);
}

/* Which of several adds made a task that was found is not known: what differs between them is sent. */
static CrmFieldMask
get_differing (SimWorld *world,
               gint64    local_id)
{
  const SimSend *first = NULL;
  CrmFieldMask differing = 0;

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *send = world->all_sends->pdata[i];

      if (send->local_id != local_id || !sim_judge_is_doubtful (send))
        continue;
      if (first == NULL)
        first = send;
      differing |= crm_values_compare (first->values, send->values);
    }

  return differing;
}

static void
check_update (SimWorld        *world,
              const SimSend   *send,
              const SimIntent *intent)
{
  CrmFieldMask allowed = intent->edited | intent->unsure | get_differing (world, send->local_id);
  CrmFieldMask extra;

  if ((allowed & CRM_FIELDS_OWNER) != 0)
    allowed |= CRM_FIELDS_OWNER;

  extra = send->mask & ~allowed;
  if (extra != 0)
    sim_world_fail (world, "The update of task %" G_GINT64_FORMAT " carries fields that were not changed: mask %x",
                    send->local_id, extra);
}

/* A request for a task is written. */
SimSend *
sim_judge_begin_send (SimRequest *request)
{
  SimWorld *world = request->world;
  SimSend *send = g_hash_table_lookup (world->sends, request->body);

  if (send == NULL)
    {
      sim_world_fail (world, "Something is sent that was not claimed");
      send = g_new0 (SimSend, 1);
      send->values = crm_values_new ();
      send->body = g_bytes_ref (request->body);
      g_ptr_array_add (world->all_sends, send);
    }
  sim_judge_begin (request, send);

  return send;
}

/* @send is written, alone or in a batch. */
void
sim_judge_begin (SimRequest *request,
                 SimSend    *send)
{
  SimWorld *world = request->world;
  SimIntent *intent;
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;

  if (send->sent_at != 0)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT ": one claim is sent twice", send->local_id);

  body = g_strndup (g_bytes_get_data (send->body, NULL), g_bytes_get_size (send->body));
  crm_values_free (send->values);
  send->values = crm_task_json_read_body (body, &send->mask);
  send->app = request->app;
  send->sent_at = world->now;
  send->is_stale = sim_crm_is_stale (request);

  text = sim_values_to_string (send->values);
  sim_world_trace (world, "app %u: sends %" G_GINT64_FORMAT " #%" G_GINT64_FORMAT " %s (mask %x)", request->app->number,
                   send->local_id, send->crm_id, text, send->mask);

  /* Who wrote it is told by the values themselves: see sim-merge.c. */
  if (world->merge != NULL)
    return;

  intent = sim_world_get_intent (world, send->local_id);
  if (intent == NULL)
    {
      sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent that nobody wrote", send->local_id);
      return;
    }
  if (intent->draft || intent->removed)
    sim_world_fail (world, "Task %" G_GINT64_FORMAT " is sent, but is %s", send->local_id, intent->draft ? "a draft" : "removed");
  if (send->is_add)
    check_add (world, send, intent);
  else
    check_update (world, send, intent);
}

void
sim_judge_take_answer (SimWorld *world,
                       SimSend  *send)
{
  SimIntent *intent = sim_world_get_intent (world, send->local_id);

  if (intent == NULL)
    return;

  switch (send->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      if (send->is_add)
        intent->edited = crm_values_compare (intent->want, send->values);
      else
        intent->edited &= ~(send->mask & ~crm_values_compare (intent->want, send->values));
      intent->unsure = 0;
      break;

    case CRM_ANSWER_TROUBLE:
    case CRM_ANSWER_UNCONFIRMED:
    case CRM_ANSWER_NOT_A_CRM:
      if (!send->is_add)
        intent->unsure |= send->mask;
      break;

    case CRM_ANSWER_REJECTED:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_CLOCK:
    case CRM_ANSWER_NOT_SENT:
    default:
      break;
    }
}

/* An answer, or its failure, reaches the app. */
void
sim_judge_delivered (SimRequest *request)
{
  SimWorld *world = request->world;
  SimSend *send = request->send;
  const char *action = strstr (request->url, "action=") + strlen ("action=");

  sim_world_trace (world, "app %u: %s %" G_GINT64_FORMAT " is answered: %s %" G_GINT64_FORMAT, request->app->number, action,
                   send != NULL ? send->local_id : 0, crm_answer_class_get_nick (request->klass), request->code);

  if (request->klass == CRM_ANSWER_ACCEPTED && request->is_last_page)
    {
      const SimLook look = { .begun = request->list_begun, .ended = world->now, .name = g_strdup (request->look_name) };

      g_array_append_val (world->looks, look);
    }
  else if (request->klass == CRM_ANSWER_ACCEPTED || request->klass == CRM_ANSWER_REJECTED)
    g_array_append_val (world->well, world->now);

  if (world->batches != NULL && sim_batch_is_call (request))
    sim_batch_delivered (request);
  if (send == NULL)
    return;

  send->answered_at = world->now;
  send->klass = request->klass;
  send->code = request->code;
  send->everyones = request->everyones;
  sim_judge_take_answer (world, send);
}

/* When @send's task is sent the next time. */
static gint64
get_next_send (SimWorld      *world,
               const SimSend *send)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *other = world->all_sends->pdata[i];

      if (other->local_id == send->local_id && other->sent_at > send->sent_at)
        next = MIN (next, other->sent_at);
    }

  return next;
}

/* How often the app died between a claim and its first byte: it can't know that nothing was sent. */
static guint
count_never_sent (SimWorld *world,
                  gint64    local_id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM attempt WHERE class IS NULL AND local_id = %" G_GINT64_FORMAT,
                                          local_id);
  gint64 n = sim_world_get_count (world, sql);

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *send = world->all_sends->pdata[i];

      if (send->local_id == local_id && send->sent_at != 0 && (send->answered_at == 0 || send->is_forgotten))
        n--;
    }

  return MAX (n, 0);
}

/* How many answers could have been held against @local_id: those to which the CRM turned out to be well. */
static guint
count_countable (SimWorld *world,
                 gint64    local_id)
{
  guint n = 0;

  for (guint i = 0; i < world->all_sends->len; i++)
    {
      const SimSend *send = world->all_sends->pdata[i];
      gboolean counts = FALSE;

      if (send->local_id != local_id || send->sent_at == 0)
        continue;

      if (send->answered_at == 0 || send->is_forgotten)
        counts = TRUE;
      else if (send->klass == CRM_ANSWER_NOT_A_CRM)
        counts = send->is_add;
      else if (send->klass == CRM_ANSWER_NOT_SENT && send->is_batched)
        /* Where there is no such call, only a ping that succeeds tells that this is a CRM. */
        counts = TRUE;
      else if (send->klass == CRM_ANSWER_TROUBLE || send->klass == CRM_ANSWER_UNCONFIRMED)
        {
          gint64 next = get_next_send (world, send);

          counts = send->is_add && send->klass == CRM_ANSWER_UNCONFIRMED;
          for (guint j = 0; j < world->well->len && !counts; j++)
            {
              gint64 well = g_array_index (world->well, gint64, j);

              counts = well >= send->sent_at && well <= MAX (next, send->answered_at + 2 * SIM_MINUTE);
            }
        }
      n += counts;
    }

  return n + count_never_sent (world, local_id);
}

/* What must hold at any instant. */
void
sim_judge_check (SimWorld *world)
{
  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE problem_class IN"
                                  " ('account', 'clock', 'not-sent', 'throttled', 'not-a-crm')") != 0)
    sim_world_fail (world, "Everyone’s trouble is written on one task");

  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE state = 'failed' AND problem_class IS NULL") != 0)
    sim_world_fail (world, "A task needs attention, and nobody is told why");

  if (sim_world_get_count (world, "SELECT count (*) FROM state_count WHERE n <>"
                                  " (SELECT count (*) FROM task WHERE task.state = state_count.state)") != 0)
    sim_world_fail (world, "The counts per state are wrong");

  if (sim_world_get_count (world, "SELECT count (*) FROM task WHERE state = 'draft' AND may_be_there = 1") != 0)
    sim_world_fail (world, "A draft may be on the CRM");

  for (guint i = 0; i < world->all_intents->len; i++)
    {
      const SimIntent *intent = world->all_intents->pdata[i];
      g_auto (SimRow) row = { FALSE };
      guint countable;

      sim_row_read (&row, world, intent->local_id);
      if (!row.exists || row.failures == 0)
        continue;

      countable = count_countable (world, intent->local_id);
      if (row.failures > countable)
        sim_world_fail (world, "%" G_GINT64_FORMAT " failures are counted against task %" G_GINT64_FORMAT ", %u were its own",
                        row.failures, intent->local_id, countable);
    }
}

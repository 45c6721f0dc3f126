/* sim-crm.c: a model of the CRM, and of what goes wrong on the way to it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

#include <string.h>

/* A request may take so long; then the app gives it up. */
#define TIMEOUT (30 * SIM_SECOND)

typedef enum
{
  FAULT_NONE,
  FAULT_CUT,
  FAULT_EMPTY,
  FAULT_MALFORMED,
  FAULT_NO_ID,
  FAULT_ABSURD_ID,
  FAULT_OTHER_ID,
  FAULT_UNSUCCESSFUL,
  FAULT_500,
  FAULT_503,
  FAULT_429,
  FAULT_401,
  FAULT_HTML,
  FAULT_REDIRECT,
  FAULT_NOT_SENT,
  N_FAULTS
} Fault;

static void
task_free (gpointer data)
{
  crm_values_free (((SimCrmTask *) data)->values);
  g_free (data);
}

SimCrm *
sim_crm_new (SimWorld *world)
{
  SimCrm *self = g_new0 (SimCrm, 1);

  self->world = world;
  self->tasks = g_ptr_array_new_with_free_func (task_free);
  self->faults = sim_world_chance (world, 30) ? 0 : sim_world_range (world, 1, 60);
  self->slowness = sim_world_chance (world, 15) ? 28 * SIM_SECOND : sim_world_range (world, 10, 4000) * 1000;
  self->ignores_filters = sim_world_chance (world, 25);
  self->trims = sim_world_chance (world, 30);
  self->writes_html = sim_world_chance (world, 50);
  self->writes_strings = sim_world_chance (world, 30);
  self->newest_first = sim_world_chance (world, 50);
  self->refuses_lists = sim_world_chance (world, 8);
  self->page = sim_world_chance (world, 50) ? 100 : sim_world_range (world, 2, 7);
  self->lag = sim_world_chance (world, 40) ? sim_world_range (world, 1, 15) * SIM_SECOND : 0;
  self->last_id = 700;

  return self;
}

void
sim_crm_free (SimCrm *self)
{
  g_ptr_array_unref (self->tasks);
  g_free (self);
}

SimCrmTask *
sim_crm_find (SimCrm *self,
              gint64  id)
{
  for (guint i = 0; i < self->tasks->len; i++)
    {
      SimCrmTask *task = self->tasks->pdata[i];

      if (task->id == id && !task->gone)
        return task;
    }

  return NULL;
}

/* @creator: the local id it was sent for; 0: a colleague */
SimCrmTask *
sim_crm_add (SimCrm          *self,
             const CrmValues *values,
             gint64           creator,
             guint            family)
{
  SimCrmTask *task = g_new0 (SimCrmTask, 1);

  task->id = self->last_id += sim_world_range (self->world, 1, 9);
  task->values = crm_values_copy (values);
  task->created = task->modified = self->world->now;
  task->visible = self->world->now + (self->lag > 0 ? sim_world_range (self->world, 0, self->lag) : 0);
  task->creator = creator;
  task->family = family;
  if (creator != 0)
    task->ours = crm_values_get_mask (values);
  else
    task->theirs = CRM_FIELDS_ALL;
  if (!crm_values_has (values, CRM_FIELD_STATUS))
    crm_values_set_number (task->values, CRM_FIELD_STATUS, 0);
  if (!crm_values_has (values, CRM_FIELD_PRIORITY) && self->newest_first)
    crm_values_set_text (task->values, CRM_FIELD_PRIORITY, "medium");
  if (!crm_values_has (values, CRM_FIELD_ASSIGNED_USER) && self->trims)
    crm_values_set_number (task->values, CRM_FIELD_ASSIGNED_USER, 3);
  g_ptr_array_add (self->tasks, task);

  return task;
}

static Fault
choose_fault (SimRequest *request)
{
  SimWorld *world = request->world;
  guint percent = world->crm->mode == SIM_MODE_LOSSY ? 70 : world->crm->faults;

  /* Pings and lists fail more rarely, or nothing would ever get through. */
  if (request->send == NULL && request->sends == NULL)
    percent /= 3;
  if (world->ending || !sim_world_chance (world, percent))
    return FAULT_NONE;
  if (world->crm->mode == SIM_MODE_LOSSY)
    return sim_world_chance (world, 30) ? FAULT_NOT_SENT : FAULT_CUT;

  return sim_world_range (world, FAULT_CUT, N_FAULTS - 1);
}

static void
reply_with_fault (SimRequest *request)
{
  SimWorld *world = request->world;
  const SimSend *send = request->send;
  g_autofree char *text = NULL;
  g_autofree char *wait = NULL;

  switch ((Fault) request->fault)
    {
    case FAULT_EMPTY:
      sim_request_reply (request, 200, "application/json", NULL, "");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_MALFORMED:
      sim_request_reply (request, 200, "application/json", NULL, "{\"success\": true, \"id\": 7");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_NO_ID:
      sim_request_reply (request, 200, "application/json", NULL, "{\"success\": true}");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_ABSURD_ID:
      sim_request_reply (request, 200, "application/json", NULL,
                         sim_world_chance (world, 50) ? "{\"success\": true, \"id\": -1}"
                                                      : "{\"success\": true, \"id\": \"many\"}");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_OTHER_ID:
      if (send != NULL && !send->is_add)
        {
          text = g_strdup_printf ("{\"success\": true, \"id\": %" G_GINT64_FORMAT "}", send->crm_id + 1);
          sim_request_reply (request, 200, "application/json", NULL, text);
        }
      else
        sim_request_reply (request, 200, "application/json", NULL, "{\"success\": true, \"id\": 0}");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_UNSUCCESSFUL:
      sim_request_reply (request, 200, "application/json", NULL, "{\"success\": false}");
      request->klass = CRM_ANSWER_UNCONFIRMED;
      break;

    case FAULT_500:
      if (sim_world_chance (world, 50))
        sim_request_reply (request, 500, "text/html", NULL, "<h1>Oops</h1>");
      else
        sim_request_reply (request, 200, "application/json", NULL,
                           "{\"errorCode\": 400, \"specificCode\": 24393, \"message\": \"An error has occurred\"}");
      request->klass = CRM_ANSWER_TROUBLE;
      break;

    case FAULT_503:
      wait = g_strdup_printf ("%d", (int) sim_world_range (world, 0, 120));
      sim_request_reply (request, 503, "text/plain", wait, "busy");
      request->klass = CRM_ANSWER_TROUBLE;
      break;

    case FAULT_429:
      wait = sim_world_chance (world, 50) ? g_strdup_printf ("%d", (int) sim_world_range (world, 1, 90)) : NULL;
      sim_request_reply (request, 429, "application/json", wait, "{\"errorCode\": 429}");
      request->klass = CRM_ANSWER_THROTTLED;
      break;

    case FAULT_401:
      sim_request_reply (request, 401, "application/json", NULL, "{\"errorCode\": 401, \"message\": \"Unauthorized\"}");
      request->klass = CRM_ANSWER_ACCOUNT;
      break;

    case FAULT_HTML:
      sim_request_reply (request, 200, "text/html", NULL, "<p>Log in to the network</p>");
      request->klass = CRM_ANSWER_NOT_A_CRM;
      request->everyones = TRUE;
      break;

    case FAULT_REDIRECT:
      sim_request_reply (request, 302, "text/html", NULL, "");
      request->klass = CRM_ANSWER_NOT_A_CRM;
      request->everyones = TRUE;
      break;

    case FAULT_NONE:
    case FAULT_CUT:
    case FAULT_NOT_SENT:
    case N_FAULTS:
    default:
      break;
    }

  request->is_last_page = FALSE;

  /* Any JSON object without a code is an answer to a ping. */
  if (strstr (request->url, "action=ping") != NULL && request->fault >= FAULT_NO_ID && request->fault <= FAULT_UNSUCCESSFUL)
    request->klass = CRM_ANSWER_ACCEPTED;
}

static gboolean
acts_all_the_same (SimRequest *request)
{
  switch ((Fault) request->fault)
    {
    case FAULT_NONE:
      return TRUE;
    case FAULT_429:
    case FAULT_401:
    case FAULT_NOT_SENT:
    case FAULT_REDIRECT:
      return FALSE;
    case FAULT_CUT:
    case FAULT_EMPTY:
    case FAULT_MALFORMED:
    case FAULT_NO_ID:
    case FAULT_ABSURD_ID:
    case FAULT_OTHER_ID:
    case FAULT_UNSUCCESSFUL:
    case FAULT_500:
    case FAULT_503:
    case FAULT_HTML:
    case N_FAULTS:
    default:
      return sim_world_chance (request->world, 50);
    }
}

static void
on_deliver (gpointer data)
{
  g_autoptr (SimRequest) request = data;

  sim_request_deliver (request);
}

static void
reply_honestly (SimRequest *request)
{
  if (request->send != NULL)
    sim_crm_answer_task (request);
  else if (sim_batch_is_call (request))
    sim_batch_answer (request);
  else if (strstr (request->url, "List") != NULL)
    sim_crm_answer_list (request);
  else
    sim_crm_answer_ping (request);
}

/* The request has reached the CRM. */
static void
process (SimRequest *request)
{
  request->processed = TRUE;
  sim_crm_check_signature (request);
  if (request->acts)
    reply_honestly (request);
  else
    sim_batch_expect (request, 0);
  if (request->send != NULL)
    request->send->effect_due = 0;
  if (request->fault == FAULT_CUT)
    {
      sim_request_cut (request, CRM_TRANSPORT_ERROR_CUT_OFF);
      request->is_last_page = FALSE;
    }
  else if (request->fault != FAULT_NONE)
    reply_with_fault (request);
}

static void
on_arrived (gpointer data)
{
  g_autoptr (SimRequest) request = data;
  SimWorld *world = request->world;

  if (request->processed)
    return;

  process (request);
  if (request->fault != FAULT_CUT && !request->done)
    sim_world_call (world, sim_world_range (world, 1000, world->crm->slowness / 2), on_deliver, sim_request_ref (request));
}

/* A condition that all requests meet; FALSE when there is none. */
static gboolean
meet_condition (SimRequest *request)
{
  const char *json = "application/json";

  switch (request->world->crm->mode)
    {
    case SIM_MODE_OFFLINE:
      sim_request_cut (request, CRM_TRANSPORT_ERROR_NOT_SENT);
      break;

    case SIM_MODE_TASKS_DOWN:
      if (request->send == NULL && request->sends == NULL)
        return FALSE;
      G_GNUC_FALLTHROUGH;
    case SIM_MODE_DOWN:
      sim_request_reply (request, 500, json, NULL, "{\"errorCode\": 500, \"message\": \"Down\"}");
      request->klass = CRM_ANSWER_TROUBLE;
      break;

    case SIM_MODE_UNAUTHORIZED:
      sim_request_reply (request, 401, json, NULL, "{\"errorCode\": 463, \"message\": \"Key revoked\"}");
      request->klass = CRM_ANSWER_ACCOUNT;
      break;

    case SIM_MODE_HTML:
      sim_request_reply (request, 200, "text/html", NULL, "<p>Log in to the network</p>");
      request->klass = CRM_ANSWER_NOT_A_CRM;
      break;

    case SIM_MODE_REDIRECT:
      sim_request_reply (request, 307, NULL, NULL, "");
      request->klass = CRM_ANSWER_NOT_A_CRM;
      break;

    case SIM_MODE_THROTTLED:
      sim_request_reply (request, 429, "text/plain", sim_world_chance (request->world, 50) ? "30" : NULL, "slow down");
      request->klass = CRM_ANSWER_THROTTLED;
      break;

    case SIM_MODE_HEALTHY:
    case SIM_MODE_LOSSY:
    case SIM_N_MODES:
    default:
      return FALSE;
    }

  request->everyones = TRUE;
  request->is_last_page = FALSE;
  return TRUE;
}

/* What happens to @request is decided here, when it happens is left to virtual time. */
void
sim_crm_receive (SimCrm     *self,
                 SimRequest *request)
{
  SimWorld *world = self->world;
  gint64 on_the_way = sim_world_range (world, 1000, self->slowness / 2);
  gint64 cut_after;

  if (strstr (request->url, "action=addOrUpdateTask") != NULL)
    request->send = sim_judge_begin_send (request);
  else if (sim_batch_is_call (request))
    sim_batch_receive (request);

  if (meet_condition (request))
    {
      sim_world_call (world, sim_world_range (world, 1000, 2 * self->slowness / 3), on_deliver, sim_request_ref (request));
      return;
    }

  request->fault = choose_fault (request);
  request->acts = acts_all_the_same (request);

  if (request->fault == FAULT_NOT_SENT)
    {
      sim_request_cut (request, CRM_TRANSPORT_ERROR_NOT_SENT);
      request->everyones = TRUE;
      sim_world_call (world, on_the_way, on_deliver, sim_request_ref (request));
      return;
    }

  if (request->fault == FAULT_CUT)
    {
      /* An add may take effect after its answer was lost; an update doesn't, or it could undo a later one. */
      cut_after = sim_world_chance (world, 30) ? TIMEOUT : sim_world_range (world, 1000, TIMEOUT);
      if (request->sends == NULL && (request->send == NULL || !request->send->is_add))
        on_the_way = MIN (on_the_way, cut_after - 1);
      else if (sim_world_chance (world, 30))
        on_the_way = sim_world_range (world, 1000, 33 * SIM_SECOND);
      sim_request_cut (request, CRM_TRANSPORT_ERROR_CUT_OFF);
      sim_world_call (world, cut_after, on_deliver, sim_request_ref (request));
    }

  if (request->send != NULL && request->acts)
    request->send->effect_due = world->now + on_the_way;
  if (request->acts)
    sim_batch_expect (request, world->now + on_the_way);
  sim_world_call (world, on_the_way, on_arrived, sim_request_ref (request));
}

/* The app is gone. What it wrote may have arrived in part, in whole, or not at all. */
void
sim_crm_abandon (SimCrm     *self,
                 SimRequest *request)
{
  SimSend *send = request->send;

  if (request->sends != NULL && !request->processed && sim_world_chance (self->world, 40))
    sim_batch_forsake (request);
  if (send == NULL || request->processed || send->effect_due == 0)
    return;

  if (sim_world_chance (self->world, 40))
    {
      request->processed = TRUE;
      send->effect_due = 0;
    }
  else if (!send->is_add)
    process (request);
}

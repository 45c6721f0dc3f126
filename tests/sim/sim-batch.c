/* sim-batch.c: batches, as the model of the CRM does them
 *
 * A batch is done after its request was answered, or lost; soon, late, or only when the app has shown that it has written
 * down what the CRM calls it. What each job comes to is decided as for a task that comes alone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"

#include "model/crm-datetime.h"
#include "store/crm-outbox-batch.h"
#include "sync/crm-sync-service-private.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct
{
  SimSend        *send;
  JsonNode       *params;
  char           *response; /* NULL: not done */
  CrmAnswerClass  klass;
  gint64          code;
} SimJob;

typedef struct
{
  SimWorld  *world;
  char      *id;
  GPtrArray *jobs;          /* of SimJob */
  guint      n_done;
  gboolean   sticks;
  gboolean   is_asked_for;  /* so it is written down */
  gboolean   denied;        /* once, by a server that did not know of it yet */
  gboolean   forgotten;     /* what was not done never will be */
} SimBatch;

gboolean __real_crm_outbox_batch_claim_finish (CrmStore        *store,
                                               GAsyncResult    *result,
                                               CrmOutboxBatch **batch,
                                               GError         **error);
gboolean __wrap_crm_outbox_batch_claim_finish (CrmStore        *store,
                                               GAsyncResult    *result,
                                               CrmOutboxBatch **batch,
                                               GError         **error);

static gboolean is_on;

static void
job_free (gpointer data)
{
  SimJob *job = data;

  json_node_unref (job->params);
  g_free (job->response);
  g_free (job);
}

static void
batch_free (gpointer data)
{
  SimBatch *self = data;

  g_ptr_array_unref (self->jobs);
  g_free (self->id);
  g_free (self);
}

static JsonNode *
parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return json_parser_load_from_data (parser, data, size, NULL) ? json_parser_steal_root (parser) : NULL;
}

/* Whether worlds from now on have batches. */
void
sim_batches_set_on (gboolean on)
{
  is_on = on;
}

void
sim_batches_begin (SimWorld *world)
{
  SimBatches *self;

  if (!is_on)
    return;

  self = world->batches = g_new0 (SimBatches, 1);
  self->all = g_ptr_array_new_with_free_func (batch_free);
  self->least = sim_world_range (world, 1, 4);
  self->refuses = sim_world_chance (world, 10) ? 100 : sim_world_chance (world, 20) ? 30 : 0;
  self->sticks = sim_world_chance (world, 30) ? 40 : 0;
  self->before = sim_world_chance (world, 20) ? 300 * SIM_SECOND : sim_world_range (world, 0, 5000) * 1000;
  self->each = sim_world_range (world, 0, sim_world_chance (world, 30) ? 2000 : 50) * 1000;
  self->echo = sim_world_range (world, 0, SIM_N_ECHOES - 1);
}

void
sim_batches_free (SimWorld *world)
{
  if (world->batches == NULL)
    return;

  g_ptr_array_unref (world->batches->all);
  g_free (world->batches);
}

void
sim_batches_start_app (SimApp *app)
{
  if (app->world->batches != NULL)
    crm_batch_sender_set_limits (crm_sync_service_get_batches (app->service), app->world->batches->least, 0);
}

/* Of few tasks, too, more are due than go alone: as if the CRM had asked to go on slowly. */
void
sim_batches_narrow (SimApp *app)
{
  crm_push_window_init (&app->service->window);
}

gboolean
__wrap_crm_outbox_batch_claim_finish (CrmStore        *store,
                                      GAsyncResult    *result,
                                      CrmOutboxBatch **batch,
                                      GError         **error)
{
  gboolean is_read = __real_crm_outbox_batch_claim_finish (store, result, batch, error);
  SimApp *app = g_object_get_data (G_OBJECT (crm_store_get_database (store)), "sim-app");

  if (*batch != NULL && !app->dead)
    sim_judge_claims (app->world, (*batch)->claims);

  return is_read;
}

gboolean
sim_batch_is_run (SimRequest *request)
{
  return strstr (request->url, "batch?action=run") != NULL;
}

gboolean
sim_batch_is_call (SimRequest *request)
{
  return strstr (request->url, "batch?action=") != NULL;
}

/* What was claimed for @params, the earliest first. */
static SimSend *
find_send (SimWorld *world,
           JsonNode *params)
{
  SimSend *found = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, world->sends);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SimSend *send = value;
      g_autoptr (JsonNode) body = NULL;

      if (send->sent_at != 0 || (found != NULL && found->attempt_id < send->attempt_id))
        continue;
      body = parse (send->body);
      if (json_node_equal (body, params))
        found = send;
    }

  return found;
}

/* A request for a batch is written. */
void
sim_batch_receive (SimRequest *request)
{
  SimWorld *world = request->world;
  g_autoptr (JsonNode) root = parse (request->body);
  JsonArray *jobs;

  if (!sim_batch_is_run (request))
    return;

  request->sends = g_ptr_array_new ();
  jobs = json_object_get_array_member (json_node_get_object (root), "jobs");
  if (json_array_get_length (jobs) > 200)
    sim_world_fail (world, "A batch has %u jobs", json_array_get_length (jobs));

  for (guint i = 0; i < json_array_get_length (jobs); i++)
    {
      JsonObject *job = json_array_get_object_element (jobs, i);
      SimSend *send = find_send (world, json_object_get_member (job, "params"));

      if (send == NULL)
        {
          sim_world_fail (world, "Something is sent in a batch that was not claimed");
          return;
        }
      if (!send->is_add)
        sim_world_fail (world, "Task %" G_GINT64_FORMAT ": an update is sent in a batch", send->local_id);
      send->is_batched = TRUE;
      sim_judge_begin (request, send);
      g_ptr_array_add (request->sends, send);
    }
}

/* The CRM will act; or, if @when is 0, it won't. */
void
sim_batch_expect (SimRequest *request,
                  gint64      when)
{
  for (guint i = 0; request->sends != NULL && i < request->sends->len; i++)
    ((SimSend *) request->sends->pdata[i])->effect_due = when;
}

static void
do_job (SimBatch *batch,
        SimJob   *job)
{
  SimWorld *world = batch->world;
  g_autofree char *body = json_to_string (job->params, FALSE);
  g_autofree char *now = crm_datetime_to_utc (world->now / SIM_SECOND);
  char *headers[] = { "IVVY-Date", now, NULL };
  SimRequest alone = { .world = world, .send = job->send, .headers = headers };
  gsize size;
  const char *text;

  alone.body = g_bytes_new (body, strlen (body));
  if (!world->ending && sim_world_chance (world, world->crm->faults / 4))
    {
      static const char *const failures[] = { NULL, "{\"success\": false}", "{\"success\": true}", "\"oops\"",
                                              "{\"errorCode\": 500, \"message\": \"Oops\"}", "{\"errorCode\": 429}" };
      guint i = sim_world_range (world, 0, G_N_ELEMENTS (failures) - 1);

      if (i < 5 && sim_world_chance (world, 50))
        sim_crm_answer_task (&alone);
      job->response = g_strdup (failures[i] != NULL ? failures[i] : "null");
      job->klass = i == 4 ? CRM_ANSWER_TROUBLE : i == 5 ? CRM_ANSWER_THROTTLED : CRM_ANSWER_UNCONFIRMED;
      job->code = 0;
    }
  else
    {
      sim_crm_answer_task (&alone);
      text = g_bytes_get_data (alone.reply->body, &size);
      job->response = g_strndup (text, size);
      job->klass = alone.klass;
      job->code = alone.code;
    }

  job->send->effect_due = 0;
  g_clear_pointer (&alone.reply, crm_transport_reply_free);
  g_bytes_unref (alone.body);
}

static void
on_job (gpointer data)
{
  SimBatch *batch = data;
  SimWorld *world = batch->world;

  if (batch->forgotten)
    return;

  if (batch->sticks && batch->is_asked_for && !world->ending)
    {
      sim_world_call (world, 20 * SIM_SECOND, on_job, batch);
      return;
    }

  do_job (batch, batch->jobs->pdata[batch->n_done]);
  if (++batch->n_done < batch->jobs->len)
    sim_world_call (world, sim_world_range (world, 0, world->batches->each), on_job, batch);
}

static void
refuse (SimRequest *request,
        guint       status,
        int         code)
{
  g_autofree char *text = g_strdup_printf ("{\"errorCode\": %u, \"specificCode\": %d, \"message\": \"No\"}", status, code);

  sim_request_reply (request, request->world->crm->trims ? 200 : status, "application/json", NULL, text);
  request->klass = CRM_ANSWER_REJECTED;
  request->code = code;
}

/* Nothing of it is done, and that is certain. */
static void
refuse_run (SimRequest *request)
{
  switch (sim_world_range (request->world, 0, 4))
    {
    case 0:
      refuse (request, 400, 24448);
      break;
    case 1:
      refuse (request, 400, 24092);
      break;
    case 2:
      sim_request_reply (request, 404, "text/html", NULL, "<h1>Not found</h1>");
      break;
    case 3:
      sim_request_reply (request, 501, "application/json", NULL, "{\"errorCode\": 501, \"message\": \"No such call\"}");
      break;
    default:
      sim_request_reply (request, 403, "application/json", NULL, "{\"errorCode\": 403, \"message\": \"No right\"}");
      break;
    }
  request->klass = CRM_ANSWER_NOT_SENT;
  request->code = 0;
}

static void
answer_run (SimRequest *request)
{
  SimWorld *world = request->world;
  g_autoptr (JsonNode) root = parse (request->body);
  JsonArray *jobs = json_object_get_array_member (json_node_get_object (root), "jobs");
  g_autofree char *text = NULL;
  SimBatch *batch;

  sim_batch_expect (request, 0);
  if (sim_crm_refuse_stale (request))
    return;
  if (!(world->ending && world->batches->refuses < 100) && sim_world_chance (world, world->batches->refuses))
    {
      refuse_run (request);
      return;
    }

  batch = g_new0 (SimBatch, 1);
  batch->world = world;
  batch->id = g_strdup_printf ("batch-%u", world->batches->all->len + 1);
  batch->sticks = sim_world_chance (world, world->batches->sticks);
  batch->jobs = g_ptr_array_new_with_free_func (job_free);
  for (guint i = 0; i < request->sends->len; i++)
    {
      SimJob *job = g_new0 (SimJob, 1);

      job->send = request->sends->pdata[i];
      job->params = json_node_copy (json_object_get_member (json_array_get_object_element (jobs, i), "params"));
      g_ptr_array_add (batch->jobs, job);
    }
  g_ptr_array_add (world->batches->all, batch);
  sim_batch_expect (request, G_MAXINT64);
  sim_world_call (world, sim_world_range (world, 0, world->batches->before), on_job, batch);
  sim_world_trace (world, "CRM: takes %s of %u", batch->id, batch->jobs->len);

  if (!world->ending && sim_world_chance (world, world->crm->faults / 10))
    {
      refuse (request, 400, 24091);
      request->klass = CRM_ANSWER_UNCONFIRMED;
      return;
    }
  text = g_strdup_printf ("{\"asyncId\": \"%s\"}", batch->id);
  sim_request_reply (request, 200, "application/json", NULL, text);
  request->klass = CRM_ANSWER_ACCEPTED;
}

static SimBatch *
find_batch (SimRequest *request)
{
  g_autoptr (JsonNode) root = parse (request->body);
  const char *id = json_object_get_string_member_with_default (json_node_get_object (root), "async", "");
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM batch WHERE async_id = '%s'", id);

  for (guint i = 0; i < request->world->batches->all->len; i++)
    {
      SimBatch *batch = request->world->batches->all->pdata[i];

      if (!g_str_equal (batch->id, id))
        continue;
      if (!batch->is_asked_for && sim_world_get_count (request->world, sql) != 1)
        sim_world_fail (request->world, "A batch is asked for before it is written down");
      batch->is_asked_for = TRUE;
      return batch;
    }

  sim_world_fail (request->world, "A batch is asked for that isn’t one: %s", id);
  return NULL;
}

static void
add_result (JsonBuilder *builder,
            SimBatches  *batches,
            SimJob      *job)
{
  JsonNode *response = json_from_string (job->response, NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "namespace");
  json_builder_add_string_value (builder, "crm");
  json_builder_set_member_name (builder, "action");
  json_builder_add_string_value (builder, "addOrUpdateTask");
  if (batches->echo != SIM_ECHO_NONE)
    json_builder_set_member_name (builder, "request");
  if (batches->echo == SIM_ECHO_PARAMS)
    json_builder_add_value (builder, json_node_copy (job->params));
  else if (batches->echo == SIM_ECHO_TEXT)
    {
      g_autofree char *text = json_to_string (job->params, FALSE);

      json_builder_add_string_value (builder, text);
    }
  else if (batches->echo == SIM_ECHO_JOB)
    {
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "params");
      json_builder_add_value (builder, json_node_copy (job->params));
      json_builder_end_object (builder);
    }
  json_builder_set_member_name (builder, "response");
  json_builder_add_value (builder, response != NULL ? response : json_node_new (JSON_NODE_NULL));
  json_builder_end_object (builder);
}

/* Where everything is in its place, or something is missing or stands in another's. */
static void
answer_results (SimRequest *request,
                SimBatch   *batch)
{
  SimWorld *world = request->world;
  SimBatches *batches = world->batches;
  gboolean is_odd = !world->ending && batches->echo != SIM_ECHO_NONE && sim_world_chance (world, world->crm->faults / 3);
  gboolean is_short = is_odd && sim_world_chance (world, 50);
  guint n = batch->jobs->len - is_short;
  gboolean is_swapped = is_odd && !is_short && n > 1;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "asyncId");
  json_builder_add_string_value (builder, batch->id);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  request->klasses = g_array_new (FALSE, TRUE, sizeof (CrmAnswerClass));
  g_array_set_size (request->klasses, batch->jobs->len);
  for (guint i = 0; i < batch->jobs->len; i++)
    {
      guint place = is_swapped && i < 2 ? 1 - i : i;
      gboolean is_told = i < n && (place == i || json_node_equal (((SimJob *) batch->jobs->pdata[0])->params,
                                                                 ((SimJob *) batch->jobs->pdata[1])->params));

      if (i < n)
        add_result (builder, batches, batch->jobs->pdata[place]);
      g_array_index (request->klasses, CrmAnswerClass, i) = is_told ? ((SimJob *) batch->jobs->pdata[place])->klass
                                                                    : CRM_ANSWER_UNCONFIRMED;
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  sim_request_reply (request, 200, "application/json", NULL, text);
  request->klass = CRM_ANSWER_ACCEPTED;
}

static void
answer_progress (SimRequest *request,
                 SimBatch   *batch)
{
  guint percent = batch->n_done * 100 / batch->jobs->len;
  g_autofree char *text = g_strdup_printf (request->world->crm->writes_strings ? "{\"progress\": \"%u\"}" : "{\"progress\": %u}",
                                           percent);

  sim_request_reply (request, 200, "application/json", NULL, text);
  request->klass = CRM_ANSWER_ACCEPTED;
}

void
sim_batch_answer (SimRequest *request)
{
  SimWorld *world = request->world;
  SimBatch *batch;

  if (sim_batch_is_run (request))
    {
      answer_run (request);
      return;
    }

  batch = find_batch (request);
  if (batch == NULL || sim_crm_refuse_stale (request))
    return;

  request->batch = batch;
  if (!world->ending && !batch->forgotten && sim_world_chance (world, world->crm->faults / 20))
    {
      sim_world_trace (world, "CRM: forgets %s", batch->id);
      batch->forgotten = TRUE;
      for (guint i = 0; i < batch->jobs->len; i++)
        ((SimJob *) batch->jobs->pdata[i])->send->effect_due = 0;
    }

  if (!world->ending && !batch->denied && sim_world_chance (world, world->crm->faults / 5))
    {
      batch->denied = TRUE;
      request->batch = NULL;
      refuse (request, 400, 24115);
    }
  else if (batch->forgotten)
    refuse (request, 400, world->crm->trims ? 24115 : 24105);
  else if (strstr (request->url, "results") == NULL)
    answer_progress (request, batch);
  else if (batch->n_done < batch->jobs->len)
    refuse (request, 400, 24114);
  else
    answer_results (request, batch);
}

/* The request for a batch never arrives. */
void
sim_batch_forsake (SimRequest *request)
{
  request->processed = TRUE;
  sim_batch_expect (request, 0);
}

static void
note_answer (SimRequest     *request,
             SimSend        *send,
             CrmAnswerClass  klass,
             gint64          code,
             gboolean        is_final)
{
  send->app = request->app;
  send->is_forgotten = FALSE;
  send->is_settled = is_final;
  send->answered_at = request->world->now;
  send->klass = klass;
  send->code = code;
  send->everyones = request->everyones;
  sim_judge_take_answer (request->world, send);
}

/* An answer about a batch, or its failure, reaches the app. */
void
sim_batch_delivered (SimRequest *request)
{
  SimBatch *batch = request->batch;

  if (sim_batch_is_run (request))
    {
      gboolean is_taken = request->klass == CRM_ANSWER_ACCEPTED;
      gboolean is_nothing = request->klass != CRM_ANSWER_TROUBLE && request->klass != CRM_ANSWER_UNCONFIRMED &&
                            request->klass != CRM_ANSWER_NOT_A_CRM;

      for (guint i = 0; !is_taken && i < request->sends->len; i++)
        note_answer (request, request->sends->pdata[i], request->klass, 0, is_nothing);
      return;
    }

  /* Where a fault has taken the place of what was said, nothing was. */
  if (batch == NULL || request->fault != 0 || request->reply == NULL)
    return;

  for (guint i = 0; i < batch->jobs->len; i++)
    {
      SimJob *job = batch->jobs->pdata[i];

      if (request->klasses != NULL)
        {
          CrmAnswerClass klass = g_array_index (request->klasses, CrmAnswerClass, i);

          note_answer (request, job->send, klass, klass == job->klass ? job->code : 0, TRUE);
          if (klass == CRM_ANSWER_ACCEPTED)
            g_array_append_val (request->world->well, request->world->now);
        }
      else if (batch->forgotten)
        note_answer (request, job->send, CRM_ANSWER_UNCONFIRMED, 0, batch->n_done == batch->jobs->len);
    }
}

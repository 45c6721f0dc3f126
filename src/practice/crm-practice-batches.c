/* crm-practice-batches.c: many calls in one request, done one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-batches.h"

#include "practice/crm-practice-json.h"

#define MAX_JOBS 200

typedef struct
{
  CrmPracticeBatches *batches; /* NULL: forgotten */
  char               *id;
  JsonNode           *jobs;
  GPtrArray          *responses;
  GSource            *timer;
  guint               refs;
} Batch;

struct _CrmPracticeBatches
{
  CrmPracticeJobFunc  func;
  gpointer            user_data;
  GHashTable         *by_id;
  guint               before; /* milliseconds until a batch begins */
  guint               each;   /* milliseconds a job takes */
};

static void
batch_unref (Batch *self)
{
  if (--self->refs > 0)
    return;

  g_free (self->id);
  json_node_unref (self->jobs);
  g_ptr_array_unref (self->responses);
  g_free (self);
}

static void
forget (gpointer data)
{
  Batch *self = data;

  self->batches = NULL;
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  batch_unref (self);
}

static JsonArray *
get_jobs (const Batch *self)
{
  return json_node_get_array (self->jobs);
}

static void on_done (gpointer  token,
                     char     *response);

static gboolean
on_timer (gpointer user_data)
{
  Batch *batch = user_data;
  JsonObject *job = json_array_get_object_element (get_jobs (batch), batch->responses->len);

  g_clear_pointer (&batch->timer, g_source_unref);
  batch->refs++;
  batch->batches->func (json_object_get_member (job, "params"), on_done, batch, batch->batches->user_data);

  return G_SOURCE_REMOVE;
}

static void
wait (Batch *batch,
      guint  milliseconds)
{
  batch->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (batch->timer, on_timer, batch, NULL);
  g_source_attach (batch->timer, g_main_context_get_thread_default ());
}

static gboolean
has_more (const Batch *batch)
{
  return batch->responses->len < json_array_get_length (get_jobs (batch));
}

static void
on_done (gpointer  token,
         char     *response)
{
  Batch *batch = token;

  g_ptr_array_add (batch->responses, response);
  if (batch->batches != NULL && has_more (batch))
    wait (batch, batch->batches->each);
  batch_unref (batch);
}

static gboolean
is_job (JsonNode *node)
{
  JsonObject *job;
  JsonNode *params;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;

  job = json_node_get_object (node);
  params = json_object_get_member (job, "params");

  return g_strcmp0 (json_object_get_string_member_with_default (job, "namespace", NULL), "crm") == 0 &&
         g_strcmp0 (json_object_get_string_member_with_default (job, "action", NULL), "addOrUpdateTask") == 0 &&
         params != NULL && JSON_NODE_HOLDS_OBJECT (params);
}

static Batch *
find (CrmPracticeBatches  *self,
      JsonNode            *body,
      CrmPracticeRefusal **refusal)
{
  const char *id = NULL;
  Batch *batch;

  if (body != NULL && JSON_NODE_HOLDS_OBJECT (body))
    id = json_object_get_string_member_with_default (json_node_get_object (body), "async", NULL);
  if (id == NULL || *id == '\0')
    {
      *refusal = crm_practice_refusal_new_for (24093);
      return NULL;
    }

  batch = g_hash_table_lookup (self->by_id, id);
  if (batch == NULL)
    *refusal = crm_practice_refusal_new_for (24115);

  return batch;
}

/**
 * crm_practice_batches_new:
 * @func: does one job
 * @user_data: given to @func
 *
 * Returns: (transfer full): no batches yet
 */
CrmPracticeBatches *
crm_practice_batches_new (CrmPracticeJobFunc func,
                          gpointer           user_data)
{
  CrmPracticeBatches *self = g_new0 (CrmPracticeBatches, 1);

  self->func = func;
  self->user_data = user_data;
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, forget);

  return self;
}

/**
 * crm_practice_batches_free:
 * @self: (transfer full): batches
 */
void
crm_practice_batches_free (CrmPracticeBatches *self)
{
  g_hash_table_unref (self->by_id);
  g_free (self);
}

/**
 * crm_practice_batches_set_pace:
 * @self: batches
 * @before: milliseconds until a batch that is taken begins
 * @each: milliseconds that each of its jobs takes
 */
void
crm_practice_batches_set_pace (CrmPracticeBatches *self,
                               guint               before,
                               guint               each)
{
  self->before = before;
  self->each = each;
}

/**
 * crm_practice_batches_forget:
 * @self: batches
 *
 * What is not done yet is never done, and nobody knows of the rest.
 */
void
crm_practice_batches_forget (CrmPracticeBatches *self)
{
  g_hash_table_remove_all (self->by_id);
}

/**
 * crm_practice_batches_run:
 * @self: batches
 * @body: (nullable): `{"jobs": [{"namespace", "action", "params"}, …]}`
 * @refusal: (out) (transfer full): why it is refused as a whole: then none of it is done
 *
 * Returns: (transfer full) (nullable): the answer; the jobs are done after it
 */
char *
crm_practice_batches_run (CrmPracticeBatches  *self,
                          JsonNode            *body,
                          CrmPracticeRefusal **refusal)
{
  JsonNode *jobs = NULL;
  Batch *batch;

  if (body != NULL && JSON_NODE_HOLDS_OBJECT (body))
    jobs = json_object_get_member (json_node_get_object (body), "jobs");
  if (jobs == NULL || !JSON_NODE_HOLDS_ARRAY (jobs) || json_array_get_length (json_node_get_array (jobs)) == 0)
    {
      *refusal = crm_practice_refusal_new_for (24093);
      return NULL;
    }
  if (json_array_get_length (json_node_get_array (jobs)) > MAX_JOBS)
    {
      *refusal = crm_practice_refusal_new_for (24448);
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (jobs)); i++)
    if (!is_job (json_array_get_element (json_node_get_array (jobs), i)))
      {
        *refusal = crm_practice_refusal_new_for (24092);
        return NULL;
      }

  batch = g_new0 (Batch, 1);
  batch->refs = 1;
  batch->batches = self;
  batch->id = g_uuid_string_random ();
  batch->jobs = json_node_copy (jobs);
  batch->responses = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_insert (self->by_id, batch->id, batch);
  wait (batch, self->before);

  return g_strdup_printf ("{\"asyncId\":\"%s\"}", batch->id);
}

/**
 * crm_practice_batches_progress:
 * @self: batches
 * @body: (nullable): `{"async": id}`
 * @refusal: (out) (transfer full): that there is no such batch
 *
 * Returns: (transfer full) (nullable): the answer
 */
char *
crm_practice_batches_progress (CrmPracticeBatches  *self,
                               JsonNode            *body,
                               CrmPracticeRefusal **refusal)
{
  Batch *batch = find (self, body, refusal);

  if (batch == NULL)
    return NULL;

  return g_strdup_printf ("{\"progress\":%u}", batch->responses->len * 100 / json_array_get_length (get_jobs (batch)));
}

/**
 * crm_practice_batches_results:
 * @self: batches
 * @body: (nullable): `{"async": id}`
 * @refusal: (out) (transfer full): that there is no such batch, or that it is not completed
 *
 * Returns: (transfer full) (nullable): the answer
 */
char *
crm_practice_batches_results (CrmPracticeBatches  *self,
                              JsonNode            *body,
                              CrmPracticeRefusal **refusal)
{
  Batch *batch = find (self, body, refusal);
  JsonArray *results;
  JsonObject *answer;
  JsonNode *node;

  if (batch == NULL)
    return NULL;
  if (has_more (batch))
    {
      *refusal = crm_practice_refusal_new_for (24114);
      return NULL;
    }

  results = json_array_new ();
  for (guint i = 0; i < batch->responses->len; i++)
    {
      JsonObject *job = json_array_get_object_element (get_jobs (batch), i);
      JsonObject *result = json_object_new ();
      JsonNode *response = json_from_string (batch->responses->pdata[i], NULL);

      /* What can't be read as JSON is told as it is. */
      if (response == NULL)
        {
          response = json_node_new (JSON_NODE_VALUE);
          json_node_set_string (response, batch->responses->pdata[i]);
        }
      json_object_set_string_member (result, "namespace", "crm");
      json_object_set_string_member (result, "action", "addOrUpdateTask");
      json_object_set_member (result, "request", json_object_dup_member (job, "params"));
      json_object_set_member (result, "response", response);
      json_array_add_object_element (results, result);
    }

  answer = json_object_new ();
  json_object_set_string_member (answer, "asyncId", batch->id);
  json_object_set_array_member (answer, "results", results);
  node = json_node_alloc ();
  json_node_init_object (node, answer);
  json_object_unref (answer);

  return crm_practice_json_print (node);
}

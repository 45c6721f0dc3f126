/* sync-bench.c: a real store, a real service and a practice CRM, side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

#include "model/crm-error.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define PATIENCE (20 * G_TIME_SPAN_SECOND)

void
bench_on_ready (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
on_watchdog (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
record_free (gpointer data)
{
  BenchRecord *record = data;

  g_clear_object (&record->task);
  g_free (record);
}

static void
on_recorded (CrmSyncService *service,
             gint64          local_id,
             int             klass,
             gboolean        already_there,
             gpointer        user_data)
{
  Bench *self = user_data;
  BenchRecord *record = g_new0 (BenchRecord, 1);

  record->local_id = local_id;
  record->klass = klass;
  record->already_there = already_there;
  record->task = crm_store_read_task (self->store, local_id, NULL);
  record->pause_class = crm_sync_service_get_pause_class (service);
  g_ptr_array_add (self->records, record);
}

static void
on_pause_class (Bench          *self,
                GParamSpec     *pspec,
                CrmSyncService *service)
{
  int klass = crm_sync_service_get_pause_class (service);

  if (klass >= 0 && (self->pauses->len == 0 || g_array_index (self->pauses, int, self->pauses->len - 1) != klass))
    g_array_append_val (self->pauses, klass);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

CrmStore *
bench_open_store (Bench *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmStore *store;

  crm_store_open_async (self->folder, NULL, bench_on_ready, &result);
  bench_wait (self, result != NULL);
  store = crm_store_open_finish (result, &error);
  g_assert_no_error (error);

  return store;
}

Bench *
bench_new (void)
{
  Bench *self = g_new0 (Bench, 1);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("crm-tasks-sync-XXXXXX", &error);
  g_assert_no_error (error);
  self->server = crm_practice_server_new (NULL, CRM_PRACTICE_KEY, CRM_PRACTICE_SECRET);
  crm_practice_server_start (self->server, 0, &error);
  g_assert_no_error (error);

  self->watchdog = g_timeout_add (100, on_watchdog, NULL);
  self->account = crm_account_new ("practice", CRM_ACCOUNT_PRACTICE, crm_practice_server_get_address (self->server), NULL);
  self->clock = bench_clock_new (self->server);
  self->store = bench_open_store (self);
  self->records = g_ptr_array_new_with_free_func (record_free);
  self->pauses = g_array_new (FALSE, FALSE, sizeof (int));

  return self;
}

void
bench_free (Bench *self)
{
  bench_stop (self);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->account);
  crm_practice_server_stop (self->server);
  g_clear_object (&self->server);
  g_ptr_array_unref (self->records);
  g_array_unref (self->pauses);
  g_source_remove (self->watchdog);
  remove_folder (self->folder);
  g_free (self->folder);
  g_free (self);
}

void
bench_watch (Bench          *self,
             CrmSyncService *service)
{
  g_signal_connect (service, "recorded", G_CALLBACK (on_recorded), self);
  g_signal_connect_swapped (service, "notify::pause-class", G_CALLBACK (on_pause_class), self);
}

void
bench_start (Bench *self)
{
  bench_start_with (self, NULL);
}

void
bench_start_with (Bench        *self,
                  CrmTransport *transport)
{
  g_assert_null (self->service);
  self->service = crm_sync_service_new (self->store, self->account, transport, self->clock);
  bench_watch (self, self->service);
  crm_sync_service_start (self->service);
}

/* Ends the service as a program that ends does. */
void
bench_stop (Bench *self)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (self->service == NULL)
    return;

  crm_sync_service_stop_async (self->service, NULL, bench_on_ready, &result);
  bench_wait (self, result != NULL);
  crm_sync_service_stop_finish (self->service, result, NULL);
  g_clear_object (&result);
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
}

void
bench_fault (Bench      *self,
             const char *spec)
{
  g_autoptr (GError) error = NULL;

  crm_practice_server_add_fault (self->server, spec, &error);
  g_assert_no_error (error);
}

void
bench_begin_wait (Bench *self)
{
  self->deadline = g_get_monotonic_time () + PATIENCE;
}

void
bench_iterate (Bench      *self,
               const char *what,
               const char *where)
{
  if (g_get_monotonic_time () > self->deadline)
    g_error ("%s: waited in vain for %s (paused: %d, activity %d)", where, what,
             self->service != NULL ? crm_sync_service_get_pause_class (self->service) : -2,
             self->service != NULL ? (int) crm_sync_service_get_activity (self->service) : -1);
  g_main_context_iteration (NULL, TRUE);
}

gint64
bench_add_values (Bench           *self,
                  const CrmValues *values,
                  CrmFieldMask     touched,
                  gint64           crm_id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;

  crm_store_add_async (self->store, values, touched, crm_id, FALSE, NULL, bench_on_ready, &result);
  bench_wait (self, result != NULL);
  task = crm_store_change_finish (self->store, result, NULL, &error);
  g_assert_no_error (error);

  return crm_task_get_local_id (task);
}

gint64
bench_add (Bench      *self,
           const char *name)
{
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, DUE);

  return bench_add_values (self, values, crm_values_get_mask (values), 0);
}

/* A task that the CRM has. The service must be running. */
gint64
bench_add_synced (Bench      *self,
                  const char *name)
{
  gint64 id = bench_add (self, name);

  bench_wait (self, bench_is (self, id, CRM_SYNC_SYNCED));

  return id;
}

void
bench_edit (Bench      *self,
            gint64      local_id,
            CrmFieldId  field,
            const char *text)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = NULL;

  crm_values_set_text (values, field, text);
  crm_store_edit_async (self->store, local_id, values, CRM_FIELD_BIT (field), CRM_EDIT_KEEP, NULL, bench_on_ready, &result);
  bench_wait (self, result != NULL);
  task = crm_store_change_finish (self->store, result, NULL, &error);
  g_assert_no_error (error);
}

CrmTask *
bench_apply (Bench      *self,
             gint64      local_id,
             CrmAction   action,
             GError    **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_apply_async (self->store, local_id, action, NULL, bench_on_ready, &result);
  bench_wait (self, result != NULL);

  return crm_store_change_finish (self->store, result, NULL, error);
}

CrmTask *
bench_read (Bench  *self,
            gint64  local_id)
{
  g_autoptr (GError) error = NULL;
  CrmTask *task = crm_store_read_task (self->store, local_id, &error);

  g_assert_no_error (error);
  return task;
}

gboolean
bench_is (Bench        *self,
          gint64        local_id,
          CrmSyncState  state)
{
  g_autoptr (CrmTask) task = bench_read (self, local_id);

  return crm_task_get_state (task) == state;
}

gboolean
bench_is_gone (Bench  *self,
               gint64  local_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_read_task (self->store, local_id, &error);

  return g_error_matches (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK);
}

/* The classes of a task's attempts, as "trouble accepted". */
char *
bench_get_history (Bench  *self,
                   gint64  local_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) history = crm_store_read_history (self->store, local_id, &error);
  GString *words = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < history->len; i++)
    {
      const CrmAttempt *attempt = history->pdata[i];

      g_string_append_printf (words, "%s%s", i > 0 ? " " : "",
                              attempt->outcome != NULL ? crm_answer_class_get_nick (attempt->outcome->klass) : "-");
    }

  return g_string_free (words, FALSE);
}

gint64
bench_count (Bench        *self,
             CrmSyncState  state)
{
  CrmCounts counts;
  g_autoptr (GError) error = NULL;

  crm_store_read_counts (self->store, &counts, &error);
  g_assert_no_error (error);

  return counts.states[state];
}

BenchRecord *
bench_find_record (Bench  *self,
                   gint64  local_id)
{
  for (guint i = 0; i < self->records->len; i++)
    if (((BenchRecord *) self->records->pdata[i])->local_id == local_id)
      return self->records->pdata[i];

  return NULL;
}

gboolean
bench_was_paused_for (Bench *self,
                      int    klass)
{
  for (guint i = 0; i < self->pauses->len; i++)
    if (g_array_index (self->pauses, int, i) == klass)
      return TRUE;

  return FALSE;
}

/* How many adds and updates with @name in them came. */
guint
bench_count_sends (Bench      *self,
                   const char *name)
{
  GPtrArray *requests = crm_practice_server_get_requests (self->server);
  guint n = 0;

  for (guint i = 0; i < requests->len; i++)
    {
      const CrmPracticeRequest *request = requests->pdata[i];

      n += g_str_equal (request->target, ADD_OR_UPDATE) && strstr (request->body, name) != NULL;
    }

  return n;
}

/* How many tasks of exactly that name the CRM has. */
guint
bench_count_there (Bench      *self,
                   const char *name)
{
  g_autofree char *text = crm_practice_server_dup_tasks (self->server);
  g_autoptr (JsonNode) root = json_from_string (text, NULL);
  JsonArray *tasks = json_node_get_array (root);
  guint n = 0;

  for (guint i = 0; i < json_array_get_length (tasks); i++)
    n += g_strcmp0 (json_object_get_string_member (json_array_get_object_element (tasks, i), "name"), name) == 0;

  return n;
}

JsonObject *
bench_get_there (Bench  *self,
                 gint64  crm_id)
{
  g_autofree char *text = crm_practice_server_dup_task (self->server, crm_id);
  g_autoptr (JsonNode) root = NULL;

  g_assert_nonnull (text);
  root = json_from_string (text, NULL);

  return json_node_dup_object (root);
}

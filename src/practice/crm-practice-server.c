/* crm-practice-server.c: a CRM to try things out with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-server-private.h"

#include "practice/crm-practice-json.h"
#include "practice/crm-practice-world.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MAX_PER_PAGE 100
#define BACKLOG 128

G_DEFINE_FINAL_TYPE (CrmPracticeServer, crm_practice_server, G_TYPE_OBJECT)

static GSocket *
bind_socket (guint16   port,
             GError  **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  g_autoptr (GSocket) socket = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return NULL;

  return g_steal_pointer (&socket);
}

static gboolean
on_incoming (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             gpointer           user_data)
{
  crm_practice_connection_accept (CRM_PRACTICE_SERVER (user_data), connection);
  return TRUE;
}

static void
on_request_started (SoupServer        *soup,
                    SoupServerMessage *message,
                    gpointer           user_data)
{
  crm_practice_connection_expect (message);
}

static void
on_request_finished (SoupServer        *soup,
                     SoupServerMessage *message,
                     gpointer           user_data)
{
  crm_practice_connection_finish (message);
}

/* SoupServer keeps a connection alive only while it has a listener of its own: this one is a local socket with a name
 * that the kernel makes up (all that is bound is the family), which nobody is told. */
static gboolean
add_deaf_listener (CrmPracticeServer  *self,
                   GError            **error)
{
  const struct sockaddr_un unnamed = { .sun_family = AF_UNIX };
  g_autoptr (GSocket) deaf = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                           error);

  if (deaf == NULL)
    return FALSE;

  if (bind (g_socket_get_fd (deaf), (const struct sockaddr *) &unnamed, sizeof unnamed.sun_family) != 0)
    {
      int saved_errno = errno;

      g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), g_strerror (saved_errno));
      return FALSE;
    }

  return g_socket_listen (deaf, error) && soup_server_listen_socket (self->soup, deaf, 0, error);
}

/* Makes the bound socket hear; a socket that is bound only keeps the port and refuses every connection. */
static gboolean
listen_on_socket (CrmPracticeServer  *self,
                  GError            **error)
{
  gboolean listening;

  g_socket_set_listen_backlog (self->socket, BACKLOG);
  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);

  g_main_context_push_thread_default (self->context);
  listening = add_deaf_listener (self, error) &&
              g_socket_listen (self->socket, error) &&
              g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), self->socket, NULL, error);
  g_main_context_pop_thread_default (self->context);

  return listening;
}

static void
end_connections (CrmPracticeServer *self)
{
  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
  g_clear_object (&self->service);

  soup_server_disconnect (self->soup);
  g_socket_close (self->socket, NULL);
}

static void
resume (CrmPracticeServer *self)
{
  g_autoptr (GError) error = NULL;

  if (self->resume_source != NULL)
    g_source_destroy (self->resume_source);
  g_clear_pointer (&self->resume_source, g_source_unref);

  if (!listen_on_socket (self, &error))
    g_message ("The practice CRM cannot listen again: %s", error->message);
}

static gboolean
on_resume (gpointer user_data)
{
  resume (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_request (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  crm_practice_connection_answer (message);
  crm_practice_exchange_start (CRM_PRACTICE_SERVER (user_data), message);
}

/* What colleagues have written by now. */
static void
furnish (CrmPracticeServer *self)
{
  g_autoptr (GPtrArray) tasks = crm_practice_world_get_tasks (crm_practice_server_get_now (self));

  g_ptr_array_set_free_func (tasks, NULL);

  for (guint i = 0; i < tasks->len; i++)
    crm_practice_store_put_async (self->store, g_steal_pointer (&tasks->pdata[i]), NULL, NULL, NULL);
}

static gboolean
is_true (const char *value)
{
  return g_strcmp0 (value, "yes") == 0 || g_strcmp0 (value, "true") == 0 || g_strcmp0 (value, "1") == 0;
}

static void
crm_practice_server_finalize (GObject *object)
{
  CrmPracticeServer *self = CRM_PRACTICE_SERVER (object);

  crm_practice_server_stop (self);
  g_free (self->key);
  g_free (self->secret);
  g_free (self->address);
  crm_practice_batches_free (self->batches);
  g_clear_object (&self->store);
  g_ptr_array_unref (self->faults);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->exchanges);
  g_hash_table_unref (self->counts);

  G_OBJECT_CLASS (crm_practice_server_parent_class)->finalize (object);
}

static void
crm_practice_server_class_init (CrmPracticeServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_practice_server_finalize;

  /**
   * CrmPracticeServer::request-answered:
   * @self: the server
   * @request: (type gpointer): the #CrmPracticeRequest
   *
   * Emitted when a request's answer is about to be written, or its connection to be cut.
   */
  g_signal_new ("request-answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
crm_practice_server_init (CrmPracticeServer *self)
{
  self->batches = crm_practice_batches_new (crm_practice_calls_do_job, self);
  self->faults = crm_practice_faults_new ();
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_practice_request_unref);
  self->exchanges = g_ptr_array_new ();
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list_options.max_per_page = MAX_PER_PAGE;
}

/**
 * crm_practice_server_get_now:
 * @self: a server
 *
 * Returns: the server's time, in seconds since 1970 UTC
 */
gint64
crm_practice_server_get_now (CrmPracticeServer *self)
{
  return g_get_real_time () / G_USEC_PER_SEC + self->clock_offset;
}

/**
 * crm_practice_server_format_now:
 * @self: a server
 *
 * Returns: (transfer full): the server's time as `Y-m-d H:i:s` in UTC
 */
char *
crm_practice_server_format_now (CrmPracticeServer *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (crm_practice_server_get_now (self));

  return g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
}

/**
 * crm_practice_server_refuse:
 * @self: a server
 * @milliseconds: for how long; 0 until the faults are cleared
 *
 * Ends all connections and refuses new ones. The port stays the server's.
 */
void
crm_practice_server_refuse (CrmPracticeServer *self,
                            guint              milliseconds)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket;

  if (self->soup == NULL)
    return;

  crm_practice_exchange_lose_all (self);
  end_connections (self);
  socket = bind_socket (self->port, &error);
  if (socket == NULL)
    {
      g_message ("The practice CRM lost its port: %s", error->message);
      return;
    }

  g_set_object (&self->socket, socket);
  g_object_unref (socket);

  if (self->resume_source != NULL)
    g_source_destroy (self->resume_source);
  g_clear_pointer (&self->resume_source, g_source_unref);

  self->resume_source = g_timeout_source_new (milliseconds > 0 ? milliseconds : G_MAXINT);
  g_source_set_callback (self->resume_source, on_resume, self, NULL);
  g_source_attach (self->resume_source, self->context);
}

/**
 * crm_practice_server_new:
 * @state_file: (nullable): where the tasks are kept, or %NULL to hold them in memory only
 * @key: the API key it knows
 * @secret: that key's secret
 *
 * Returns: (transfer full): a server that is still to be started
 */
CrmPracticeServer *
crm_practice_server_new (const char *state_file,
                         const char *key,
                         const char *secret)
{
  CrmPracticeServer *self;

  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (secret != NULL, NULL);

  self = g_object_new (CRM_PRACTICE_TYPE_SERVER, NULL);
  self->store = crm_practice_store_new (state_file);
  self->key = g_strdup (key);
  self->secret = g_strdup (secret);

  return self;
}

/**
 * crm_practice_server_start:
 * @self: a server that does not run
 * @port: the port of 127.0.0.1 to listen on; 0 for any
 * @error: where to put what went wrong, in words for a person
 *
 * Reads the state file and listens. The server runs in the main context that is thread-default now, and is to be used
 * from its thread only.
 *
 * Returns: whether the server runs
 */
gboolean
crm_practice_server_start (CrmPracticeServer  *self,
                           guint16             port,
                           GError            **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) bound = NULL;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->soup == NULL, FALSE);

  /* The port first: a port that is taken must leave the state file alone. */
  socket = bind_socket (port, error);
  if (socket == NULL)
    return FALSE;

  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL || !crm_practice_store_open (self->store, error))
    return FALSE;

  if (self->furnished && crm_practice_store_is_new (self->store))
    furnish (self);

  self->context = g_main_context_ref_thread_default ();
  self->socket = g_steal_pointer (&socket);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->soup = soup_server_new ("server-header", "crm-tasks-practice", "raw-paths", TRUE, NULL);
  soup_server_add_handler (self->soup, NULL, on_request, self, NULL);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (on_request_started), self);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (on_request_finished), self);

  g_free (self->address);
  self->address = g_strdup_printf ("http://127.0.0.1:%u", self->port);

  if (!listen_on_socket (self, error))
    {
      crm_practice_server_stop (self);
      return FALSE;
    }

  return TRUE;
}

/**
 * crm_practice_server_stop:
 * @self: a server
 *
 * Ends all connections at once and forgets what is being answered, as a crash would. The tasks stay, and it can be
 * started again.
 */
void
crm_practice_server_stop (CrmPracticeServer *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  if (self->soup == NULL)
    return;

  if (self->resume_source != NULL)
    g_source_destroy (self->resume_source);
  g_clear_pointer (&self->resume_source, g_source_unref);

  crm_practice_batches_forget (self->batches);
  crm_practice_exchange_drop_all (self);
  end_connections (self);
  g_signal_handlers_disconnect_by_data (self->soup, self);
  g_clear_object (&self->soup);
  g_clear_object (&self->socket);
  crm_practice_store_close (self->store);
  g_clear_pointer (&self->context, g_main_context_unref);
}

/**
 * crm_practice_server_get_address:
 * @self: a server
 *
 * Returns: (nullable): `http://127.0.0.1:PORT`; after a stop the address it had, %NULL before the first start
 */
const char *
crm_practice_server_get_address (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), NULL);

  return self->address;
}

/**
 * crm_practice_server_get_port:
 * @self: a server
 *
 * Returns: the port of its address, or 0 before the first start
 */
guint16
crm_practice_server_get_port (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);

  return self->port;
}

/**
 * crm_practice_server_add_fault:
 * @self: a server
 * @spec: what is to go wrong; for the words see crm_practice_fault_parse()
 * @error: where to put that @spec is not understood
 *
 * Returns: whether the fault was added
 */
gboolean
crm_practice_server_add_fault (CrmPracticeServer  *self,
                               const char         *spec,
                               GError            **error)
{
  g_autoptr (CrmPracticeFault) fault = NULL;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (spec != NULL, FALSE);

  fault = crm_practice_fault_parse (spec, error);
  if (fault == NULL)
    return FALSE;

  if (fault->kind == CRM_PRACTICE_FAULT_REFUSE && fault->after == 0 && self->soup != NULL)
    crm_practice_server_refuse (self, fault->number);
  else
    g_ptr_array_add (self->faults, g_steal_pointer (&fault));

  return TRUE;
}

/**
 * crm_practice_server_add_canned:
 * @self: a server
 * @status: an HTTP status
 * @content_type: (nullable): the media type, or %NULL for no such header
 * @body: the body
 * @action: (nullable): the `action` to answer so, or %NULL for any
 * @times: how often; 0 for ever
 *
 * Answers the next requests with exactly this, without looking at them.
 */
void
crm_practice_server_add_canned (CrmPracticeServer *self,
                                guint              status,
                                const char        *content_type,
                                const char        *body,
                                const char        *action,
                                guint              times)
{
  CrmPracticeFault *fault;

  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));
  g_return_if_fail (body != NULL);

  fault = g_new0 (CrmPracticeFault, 1);
  fault->kind = CRM_PRACTICE_FAULT_RAW;
  fault->number = status;
  fault->content_type = g_strdup (content_type != NULL ? content_type : "");
  fault->text = g_strdup (body);
  fault->action = g_strdup (action);
  fault->times = times;
  g_ptr_array_add (self->faults, fault);
}

/**
 * crm_practice_server_clear_faults:
 * @self: a server
 *
 * Forgets every fault that was not met yet, and listens again if it was refusing. What is being delayed stays so.
 */
void
crm_practice_server_clear_faults (CrmPracticeServer *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  g_ptr_array_set_size (self->faults, 0);
  if (self->resume_source != NULL)
    resume (self);
}

/**
 * crm_practice_server_set_status_mode:
 * @self: a server
 * @own_status: whether errors arrive under their own HTTP status, not under 200
 */
void
crm_practice_server_set_status_mode (CrmPracticeServer *self,
                                     gboolean           own_status)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  self->own_status = own_status;
}

/**
 * crm_practice_server_set_clock_offset:
 * @self: a server
 * @seconds: how far its clock is ahead of the machine's
 */
void
crm_practice_server_set_clock_offset (CrmPracticeServer *self,
                                      gint64             seconds)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  self->clock_offset = seconds;
}

/**
 * crm_practice_server_set_credentials:
 * @self: a server
 * @key: the API key it knows from now on
 * @secret: that key's secret
 */
void
crm_practice_server_set_credentials (CrmPracticeServer *self,
                                     const char        *key,
                                     const char        *secret)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));
  g_return_if_fail (key != NULL);
  g_return_if_fail (secret != NULL);

  g_free (self->key);
  self->key = g_strdup (key);
  g_free (self->secret);
  self->secret = g_strdup (secret);
}

/**
 * crm_practice_server_set_max_per_page:
 * @self: a server
 * @rows: the most rows a page has; 100 unless set
 */
void
crm_practice_server_set_max_per_page (CrmPracticeServer *self,
                                      guint              rows)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));
  g_return_if_fail (rows > 0);

  self->list_options.max_per_page = rows;
}

/**
 * crm_practice_server_set_ignore_filters:
 * @self: a server
 * @ignore: whether lists take no notice of any filter
 */
void
crm_practice_server_set_ignore_filters (CrmPracticeServer *self,
                                        gboolean           ignore)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  self->list_options.ignore_filters = ignore;
}

/**
 * crm_practice_server_set_visibility_delay:
 * @self: a server
 * @requests: how many getTaskList requests a new task misses
 * @milliseconds: for how long at least it is in no list
 */
void
crm_practice_server_set_visibility_delay (CrmPracticeServer *self,
                                          guint              requests,
                                          guint              milliseconds)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  self->hidden_lists = requests;
  self->hidden_milliseconds = milliseconds;
}

/**
 * crm_practice_server_set_batch_pace:
 * @self: a server
 * @before: milliseconds until a batch that is taken begins
 * @each: milliseconds that each of its jobs takes
 */
void
crm_practice_server_set_batch_pace (CrmPracticeServer *self,
                                    guint              before,
                                    guint              each)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  crm_practice_batches_set_pace (self->batches, before, each);
}

/**
 * crm_practice_server_forget_batches:
 * @self: a server
 *
 * What is not done of them yet is never done, and no batch is known any more.
 */
void
crm_practice_server_forget_batches (CrmPracticeServer *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  crm_practice_batches_forget (self->batches);
}

/**
 * crm_practice_server_set_furnished:
 * @self: a server that is not running
 * @furnished: whether it begins with some tasks of colleagues, when there never was a state file
 */
void
crm_practice_server_set_furnished (CrmPracticeServer *self,
                                   gboolean           furnished)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  self->furnished = furnished;
}

/**
 * crm_practice_server_set_option:
 * @self: a server
 * @line: `own-status=yes|no`, `ignore-filters=yes|no`, `clock-offset=SECONDS`, `per-page=ROWS`, `hide-lists=REQUESTS`,
 *   `hide-ms=MILLISECONDS`, `key=KEY` or `secret=SECRET`
 * @error: where to put that @line is not understood
 *
 * The setters, for those who have words only.
 *
 * Returns: whether @line was understood
 */
gboolean
crm_practice_server_set_option (CrmPracticeServer  *self,
                                const char         *line,
                                GError            **error)
{
  const char *equals;
  const char *value;
  g_autofree char *word = NULL;
  gint64 number = 0;
  gboolean is_number;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (line != NULL, FALSE);

  equals = strchr (line, '=');
  value = equals != NULL ? equals + 1 : "";
  word = g_strndup (line, equals != NULL ? (gsize) (equals - line) : strlen (line));
  is_number = g_ascii_string_to_signed (value, 10, -G_MAXINT, G_MAXINT, &number, NULL);

  if (strcmp (word, "own-status") == 0)
    self->own_status = is_true (value);
  else if (strcmp (word, "ignore-filters") == 0)
    self->list_options.ignore_filters = is_true (value);
  else if (strcmp (word, "clock-offset") == 0 && is_number)
    self->clock_offset = number;
  else if (strcmp (word, "per-page") == 0 && is_number && number > 0)
    self->list_options.max_per_page = number;
  else if (strcmp (word, "hide-lists") == 0 && is_number && number >= 0)
    self->hidden_lists = number;
  else if (strcmp (word, "hide-ms") == 0 && is_number && number >= 0)
    self->hidden_milliseconds = number;
  else if (strcmp (word, "colleague-edit") == 0 && crm_practice_server_colleague_edit (self, value) != 0)
    return TRUE;
  else if (strcmp (word, "colleague-delete") == 0 && is_number && crm_practice_server_colleague_delete (self, number))
    return TRUE;
  else if (strcmp (word, "key") == 0 && value[0] != '\0')
    crm_practice_server_set_credentials (self, value, self->secret);
  else if (strcmp (word, "secret") == 0 && value[0] != '\0')
    crm_practice_server_set_credentials (self, self->key, value);
  else
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("“%s” is not a setting the practice CRM knows"), line);
      return FALSE;
    }

  return TRUE;
}

/**
 * crm_practice_server_count_tasks:
 * @self: a server
 *
 * Returns: how many tasks there are, those no list shows yet included
 */
guint
crm_practice_server_count_tasks (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);

  return crm_practice_store_get_tasks (self->store)->len;
}

/**
 * crm_practice_server_dup_task:
 * @self: a server
 * @id: a task's id
 *
 * Returns: (transfer full) (nullable): the task as JSON, as getTaskList shows it; %NULL when there is none
 */
char *
crm_practice_server_dup_task (CrmPracticeServer *self,
                              gint64             id)
{
  const CrmPracticeTask *task;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), NULL);

  task = crm_practice_store_find (self->store, id);
  return task != NULL ? crm_practice_json_print (crm_practice_lists_task_to_row (task)) : NULL;
}

/**
 * crm_practice_server_dup_tasks:
 * @self: a server
 *
 * Returns: (transfer full): all tasks as a JSON array, by ascending id
 */
char *
crm_practice_server_dup_tasks (CrmPracticeServer *self)
{
  GPtrArray *tasks;
  JsonNode *node;
  JsonArray *array;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), NULL);

  tasks = crm_practice_store_get_tasks (self->store);
  array = json_array_sized_new (tasks->len);
  for (guint i = 0; i < tasks->len; i++)
    json_array_add_element (array, crm_practice_lists_task_to_row (g_ptr_array_index (tasks, i)));

  node = json_node_alloc ();
  json_node_init_array (node, array);
  json_array_unref (array);

  return crm_practice_json_print (node);
}

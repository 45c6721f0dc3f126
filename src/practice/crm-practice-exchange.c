/* crm-practice-exchange.c: one request from its arrival to the last byte of its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-server-private.h"

#include "practice/crm-practice-json.h"

#include <string.h>
#include <sys/socket.h>

#define TRUNCATED_LENGTH 4096

typedef struct
{
  CrmPracticeServer  *server;
  SoupServerMessage  *message;
  CrmPracticeRequest *request;
  CrmPracticeFault   *fault;
  CrmPracticeAnswer  *answer;
  GSource            *timer;
  guint               delay_after;
  guint               refuse_for;
  gboolean            refuse;
  gboolean            close_idle;
  gboolean            gone;
} Exchange;

static void
exchange_free (Exchange *self)
{
  if (self->server != NULL)
    {
      g_ptr_array_remove_fast (self->server->exchanges, self);
      self->server->in_flight--;
    }

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_pointer (&self->fault, crm_practice_fault_free);
  g_clear_pointer (&self->answer, crm_practice_answer_free);
  crm_practice_request_unref (self->request);
  g_object_unref (self->message);
  g_free (self);
}

static void
start_timer (Exchange    *self,
             guint        milliseconds,
             GSourceFunc  callback)
{
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, self->server->context);
}

static void
end_timer (Exchange *self)
{
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
on_stolen_closed (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_io_stream_close_finish (G_IO_STREAM (source), result, NULL);
}

static void
on_stolen_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GIOStream) stream = user_data;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);
  g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, on_stolen_closed, NULL);
}

static void
end_connection (SoupServerMessage *message,
                gboolean           reset)
{
  g_autoptr (GSocket) socket = crm_practice_connection_get_socket (message);
  g_autoptr (GIOStream) stream = NULL;

  if (socket != NULL)
    g_object_ref (socket);

  if (reset && socket != NULL)
    {
      struct linger linger = { .l_onoff = 1, .l_linger = 0 };

      setsockopt (g_socket_get_fd (socket), SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }

  stream = soup_server_message_steal_connection (message);
  if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, on_stolen_closed, NULL);
}

/* Promises more than it sends. */
static void
send_truncated (Exchange *self)
{
  GIOStream *stream = soup_server_message_steal_connection (self->message);
  gsize half = strlen (self->answer->body) / 2;
  g_autofree char *text = NULL;

  if (stream == NULL)
    return;

  text = g_strdup_printf ("HTTP/1.1 %u OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%.*s",
                          self->answer->status, self->answer->content_type, TRUNCATED_LENGTH,
                          (int) half, self->answer->body);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (stream), text, strlen (text), G_PRIORITY_DEFAULT,
                                   NULL, on_stolen_written, stream);
  g_object_set_data_full (G_OBJECT (stream), "crm-practice-text", g_steal_pointer (&text), g_free);
}

static void
send_whole (Exchange *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  CrmPracticeAnswer *answer = self->answer;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (crm_practice_server_get_now (self->server));
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  gsize length = strlen (answer->body);

  soup_message_headers_replace (headers, "Date", date);
  if (answer->retry_after != NULL)
    soup_message_headers_replace (headers, "Retry-After", answer->retry_after);
  if (answer->location != NULL)
    soup_message_headers_replace (headers, "Location", answer->location);

  soup_server_message_set_status (self->message, answer->status, NULL);
  if (answer->content_type != NULL)
    soup_message_headers_set_content_type (headers, answer->content_type, NULL);
  if (length > 0)
    soup_message_body_append_take (soup_server_message_get_response_body (self->message),
                                   (guchar *) g_steal_pointer (&answer->body), length);
  soup_server_message_unpause (self->message);
}

static gboolean
on_idle_close (gpointer user_data)
{
  g_socket_shutdown (user_data, TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_finished_close (SoupServerMessage *message,
                   gpointer           user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_idle_close, g_object_ref (user_data), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

typedef struct
{
  GWeakRef server;
  guint    milliseconds;
} Refusing;

static void
refusing_free (gpointer data)
{
  Refusing *refusing = data;

  g_weak_ref_clear (&refusing->server);
  g_free (refusing);
}

static void
refusing_closure_free (gpointer  data,
                       GClosure *closure)
{
}

static gboolean
on_idle_refuse (gpointer user_data)
{
  Refusing *refusing = user_data;
  g_autoptr (CrmPracticeServer) server = g_weak_ref_get (&refusing->server);

  if (server != NULL)
    crm_practice_server_refuse (server, refusing->milliseconds);

  return G_SOURCE_REMOVE;
}

/* Takes @user_data, a Refusing. */
static void
on_finished_refuse (SoupServerMessage *message,
                    gpointer           user_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, on_idle_refuse, user_data, refusing_free);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static void
prepare_aftermath (Exchange *self)
{
  if (self->close_idle && crm_practice_connection_get_socket (self->message) != NULL)
    g_signal_connect_data (self->message, "finished", G_CALLBACK (on_finished_close),
                           g_object_ref (crm_practice_connection_get_socket (self->message)),
                           (GClosureNotify) (void (*) (void)) g_object_unref, 0);

  if (self->refuse)
    {
      Refusing *refusing = g_new0 (Refusing, 1);

      g_weak_ref_init (&refusing->server, self->server);
      refusing->milliseconds = self->refuse_for;
      g_signal_connect_data (self->message, "finished", G_CALLBACK (on_finished_refuse), refusing,
                             refusing_closure_free, 0);
    }
}

static void
exchange_send (Exchange *self)
{
  g_autoptr (CrmPracticeServer) server = NULL;
  CrmPracticeEnding ending = self->answer->ending;
  gboolean cut = ending == CRM_PRACTICE_ENDING_CUT || ending == CRM_PRACTICE_ENDING_RESET;

  if (self->gone || self->server == NULL)
    {
      if (self->server != NULL)
        crm_practice_server_log_answer (self->server, self->request, 0);
      exchange_free (self);
      return;
    }

  server = g_object_ref (self->server);
  crm_practice_server_log_answer (server, self->request, cut ? 0 : self->answer->status);
  prepare_aftermath (self);
  g_signal_handlers_disconnect_by_data (self->message, self);

  if (cut)
    end_connection (self->message, ending == CRM_PRACTICE_ENDING_RESET);
  else if (ending == CRM_PRACTICE_ENDING_TRUNCATED)
    send_truncated (self);
  else
    send_whole (self);

  exchange_free (self);
}

static gboolean
on_delayed_after (gpointer user_data)
{
  Exchange *self = user_data;

  end_timer (self);
  exchange_send (self);

  return G_SOURCE_REMOVE;
}

/* Takes @answer; %NULL when the request was not looked at. */
static void
exchange_answer (Exchange          *self,
                 CrmPracticeAnswer *answer)
{
  if (self->fault != NULL)
    answer = crm_practice_answer_spoil (answer, self->fault, self->server->own_status, self->server->address);
  self->answer = answer;

  if (self->delay_after > 0)
    start_timer (self, self->delay_after, on_delayed_after);
  else
    exchange_send (self);
}

static void
on_put (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Exchange *self = user_data;
  g_autoptr (GError) error = NULL;
  gint64 id = crm_practice_store_put_finish (CRM_PRACTICE_STORE (source), result, &error);
  CrmPracticeRefusal *refusal;

  if (self->server == NULL)
    {
      exchange_free (self);
      return;
    }

  if (error == NULL)
    {
      exchange_answer (self, crm_practice_answer_new (200, "application/json",
                                                      g_strdup_printf ("{\"success\":true,\"id\":%" G_GINT64_FORMAT "}",
                                                                       id)));
      return;
    }

  refusal = crm_practice_refusal_new_for (24393);
  crm_practice_refusal_add (refusal, "%s", error->message);
  exchange_answer (self, crm_practice_answer_new_refusal (refusal, self->server->own_status));
}

static void
exchange_process (Exchange *self)
{
  CrmPracticeServer *server = self->server;
  CrmPracticeTask *task = NULL;
  CrmPracticeAnswer *answer = NULL;

  if (crm_practice_door_is_for (self->message))
    answer = crm_practice_door_answer (server, self->message, &self->refuse_for);
  else if (self->fault == NULL || self->fault->processed)
    answer = crm_practice_calls_answer (server, self->message, &task);

  self->refuse = self->refuse || self->refuse_for > 0;

  if (task != NULL)
    crm_practice_store_put_async (server->store, task, NULL, on_put, self);
  else
    exchange_answer (self, answer);
}

static gboolean
on_delayed (gpointer user_data)
{
  Exchange *self = user_data;

  end_timer (self);
  exchange_process (self);

  return G_SOURCE_REMOVE;
}

static char *
dup_name (CrmPracticeRequest *request)
{
  g_autoptr (JsonNode) body = crm_practice_json_parse (request->body, strlen (request->body));
  JsonNode *name = NULL;

  if (body != NULL && JSON_NODE_HOLDS_OBJECT (body))
    name = json_object_get_member (json_node_get_object (body), "name");

  return name != NULL && JSON_NODE_HOLDS_VALUE (name) ? json_node_dup_string (name) : NULL;
}

/* The sum of the delays is returned. */
static guint
meet_faults (Exchange *self)
{
  g_autofree char *action = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GPtrArray) faults = NULL;
  guint delay = 0;

  if (self->server->faults->len == 0 || crm_practice_door_is_for (self->message))
    return 0;

  action = crm_practice_calls_dup_action (self->message);
  name = dup_name (self->request);
  faults = crm_practice_faults_take (self->server->faults, action, name);

  for (guint i = 0; i < faults->len; i++)
    {
      const CrmPracticeFault *fault = g_ptr_array_index (faults, i);

      switch (fault->kind)
        {
        case CRM_PRACTICE_FAULT_DELAY:
          delay += fault->number;
          break;
        case CRM_PRACTICE_FAULT_DELAY_AFTER:
          self->delay_after += fault->number;
          break;
        case CRM_PRACTICE_FAULT_REFUSE:
          self->refuse = TRUE;
          self->refuse_for = fault->number;
          break;
        case CRM_PRACTICE_FAULT_CLOSE_IDLE:
          self->close_idle = TRUE;
          break;
        default:
          self->fault = crm_practice_fault_copy (fault);
          break;
        }
    }

  return delay;
}

static void
on_gone (SoupServerMessage *message,
         gpointer           user_data)
{
  Exchange *self = user_data;

  self->gone = TRUE;
}

/**
 * crm_practice_exchange_start:
 * @server: the server
 * @message: a request that was read whole
 *
 * Logs, delays, spoils and answers @message.
 */
void
crm_practice_exchange_start (CrmPracticeServer *server,
                             SoupServerMessage *message)
{
  Exchange *self = g_new0 (Exchange, 1);
  guint delay;

  self->server = server;
  self->message = g_object_ref (message);
  self->request = crm_practice_server_log (server, message);
  g_signal_connect (message, "finished", G_CALLBACK (on_gone), self);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_gone), self);

  g_ptr_array_add (server->exchanges, self);
  server->in_flight++;
  server->peak_in_flight = MAX (server->peak_in_flight, server->in_flight);
  soup_server_message_pause (message);

  delay = meet_faults (self);
  if (delay > 0)
    start_timer (self, delay, on_delayed);
  else
    exchange_process (self);
}

/**
 * crm_practice_exchange_lose_all:
 * @server: a server whose connections end
 *
 * What is under way takes effect still, but is not answered.
 */
void
crm_practice_exchange_lose_all (CrmPracticeServer *server)
{
  for (guint i = 0; i < server->exchanges->len; i++)
    ((Exchange *) g_ptr_array_index (server->exchanges, i))->gone = TRUE;
}

/**
 * crm_practice_exchange_drop_all:
 * @server: a server that stops
 *
 * Forgets what was not answered yet. What is being written to disk is written still, unanswered.
 */
void
crm_practice_exchange_drop_all (CrmPracticeServer *server)
{
  for (guint i = server->exchanges->len; i > 0; i--)
    {
      Exchange *self = g_ptr_array_index (server->exchanges, i - 1);
      gboolean waiting = self->timer != NULL;

      g_ptr_array_remove_index_fast (server->exchanges, i - 1);
      server->in_flight--;
      self->server = NULL;
      if (waiting)
        exchange_free (self);
    }
}

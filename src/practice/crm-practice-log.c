/* crm-practice-log.c: the requests the server received
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-server-private.h"

#include "practice/crm-practice-json.h"

/* The log is for looking at, not for keeping: when it is full, its older half goes. */
#define LOG_LIMIT 20000

static void
request_clear (gpointer data)
{
  CrmPracticeRequest *request = data;

  g_free (request->method);
  g_free (request->target);
  g_free (request->body);
  g_free (request->ivvy_date);
}

/**
 * crm_practice_request_unref:
 * @request: (transfer full): a line of the log
 */
void
crm_practice_request_unref (CrmPracticeRequest *request)
{
  g_rc_box_release_full (request, request_clear);
}

/**
 * crm_practice_server_log:
 * @self: a server
 * @message: a request that was read whole
 *
 * Returns: (transfer full): the line of the log that was written for it
 */
CrmPracticeRequest *
crm_practice_server_log (CrmPracticeServer *self,
                         SoupServerMessage *message)
{
  CrmPracticeRequest *request = g_rc_box_new0 (CrmPracticeRequest);
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  const char *query = g_uri_get_query (uri);
  gsize length;
  const char *data = g_bytes_get_data (body, &length);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->target = g_strconcat (g_uri_get_path (uri), query != NULL ? "?" : "", query, NULL);
  request->body = length > 0 ? g_utf8_make_valid (data, length) : g_strdup ("");
  request->ivvy_date = g_strdup (soup_message_headers_get_one (headers, "IVVY-Date"));
  request->started = g_get_real_time ();
  if (G_IS_INET_SOCKET_ADDRESS (remote))
    request->remote_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote));

  if (crm_practice_door_is_for (message))
    return request;

  if (self->requests->len >= LOG_LIMIT)
    g_ptr_array_remove_range (self->requests, 0, LOG_LIMIT / 2);
  g_ptr_array_add (self->requests, g_rc_box_acquire (request));

  self->n_requests++;
  g_hash_table_insert (self->counts, g_strdup (request->target),
                       GUINT_TO_POINTER (crm_practice_server_count_requests (self, request->target) + 1));

  return request;
}

/**
 * crm_practice_server_log_answer:
 * @self: a server
 * @request: what crm_practice_server_log() gave
 * @status: the HTTP status, or 0 when the connection is cut
 */
void
crm_practice_server_log_answer (CrmPracticeServer  *self,
                                CrmPracticeRequest *request,
                                guint               status)
{
  request->status = status;
  request->finished = g_get_real_time ();
  g_signal_emit_by_name (self, "request-answered", request);
}

/**
 * crm_practice_server_get_requests:
 * @self: a server
 *
 * Returns: (transfer none) (element-type CrmPracticeRequest): the latest requests, in the order they came; those for
 *   the door are left out
 */
GPtrArray *
crm_practice_server_get_requests (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), NULL);

  return self->requests;
}

/**
 * crm_practice_server_dup_requests:
 * @self: a server
 *
 * Returns: (transfer full): the latest requests as a JSON array
 */
char *
crm_practice_server_dup_requests (CrmPracticeServer *self)
{
  JsonArray *array;
  JsonNode *node;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), NULL);

  array = json_array_new ();
  for (guint i = 0; i < self->requests->len; i++)
    {
      const CrmPracticeRequest *request = g_ptr_array_index (self->requests, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "method", request->method);
      json_object_set_string_member (object, "target", request->target);
      json_object_set_string_member (object, "body", request->body);
      json_object_set_string_member (object, "ivvyDate", request->ivvy_date != NULL ? request->ivvy_date : "");
      json_object_set_int_member (object, "status", request->status);
      json_object_set_int_member (object, "remotePort", request->remote_port);
      json_object_set_int_member (object, "started", request->started);
      json_object_set_int_member (object, "finished", request->finished);
      json_array_add_object_element (array, object);
    }

  node = json_node_alloc ();
  json_node_init_array (node, array);
  json_array_unref (array);

  return crm_practice_json_print (node);
}

/**
 * crm_practice_server_count_requests:
 * @self: a server
 * @target: (nullable): a request target, path and query, or %NULL for all
 *
 * Returns: how many requests came, those that the log has dropped included
 */
guint
crm_practice_server_count_requests (CrmPracticeServer *self,
                                    const char        *target)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);

  return target != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, target)) : self->n_requests;
}

/**
 * crm_practice_server_clear_requests:
 * @self: a server
 *
 * Empties the log and its counts.
 */
void
crm_practice_server_clear_requests (CrmPracticeServer *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_SERVER (self));

  g_ptr_array_set_size (self->requests, 0);
  g_hash_table_remove_all (self->counts);
  self->n_requests = 0;
  self->peak_in_flight = self->in_flight;
}

/**
 * crm_practice_server_get_in_flight:
 * @self: a server
 *
 * Returns: how many requests are read and not answered yet
 */
guint
crm_practice_server_get_in_flight (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);

  return self->in_flight;
}

/**
 * crm_practice_server_get_peak_in_flight:
 * @self: a server
 *
 * Returns: the most requests that were read and not answered at one time
 */
guint
crm_practice_server_get_peak_in_flight (CrmPracticeServer *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);

  return self->peak_in_flight;
}

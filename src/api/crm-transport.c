/* crm-transport.c: sends bytes and gets an answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-transport.h"

G_DEFINE_QUARK (crm-transport-error-quark, crm_transport_error)

G_DEFINE_INTERFACE (CrmTransport, crm_transport, G_TYPE_OBJECT)

static void
crm_transport_default_init (CrmTransportInterface *iface)
{
}

/**
 * crm_transport_request_new:
 * @url: where to, without a fragment
 * @body: what to send
 *
 * Returns: (transfer full): a POST without headers, to be filled in
 */
CrmTransportRequest *
crm_transport_request_new (const char *url,
                           GBytes     *body)
{
  CrmTransportRequest *self;

  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (body != NULL, NULL);

  self = g_new0 (CrmTransportRequest, 1);
  self->url = g_strdup (url);
  self->body = g_bytes_ref (body);

  return self;
}

/**
 * crm_transport_request_free:
 * @self: (transfer full) (nullable): a request
 */
void
crm_transport_request_free (CrmTransportRequest *self)
{
  if (self == NULL)
    return;

  g_free (self->url);
  g_bytes_unref (self->body);
  g_strfreev (self->headers);
  g_free (self);
}

/**
 * crm_transport_reply_new:
 *
 * Returns: (transfer full): a reply of status 0 without a body, to be filled in
 */
CrmTransportReply *
crm_transport_reply_new (void)
{
  return g_new0 (CrmTransportReply, 1);
}

/**
 * crm_transport_reply_free:
 * @self: (transfer full) (nullable): a reply
 */
void
crm_transport_reply_free (CrmTransportReply *self)
{
  if (self == NULL)
    return;

  g_free (self->content_type);
  g_free (self->retry_after);
  g_free (self->date);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}

/**
 * crm_transport_send_async:
 * @self: a transport
 * @request: a POST, kept by the caller until @callback was called
 * @cancellable: (nullable): gives the request up; what was written stays written
 * @callback: called in the thread-default main context of the caller
 * @user_data: for @callback
 *
 * Writes @request at most once and waits for the whole reply. Main thread.
 */
void
crm_transport_send_async (CrmTransport              *self,
                          const CrmTransportRequest *request,
                          GCancellable              *cancellable,
                          GAsyncReadyCallback        callback,
                          gpointer                   user_data)
{
  g_return_if_fail (CRM_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL);

  CRM_TRANSPORT_GET_IFACE (self)->send_async (self, request, cancellable, callback, user_data);
}

/**
 * crm_transport_send_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: of the domain %CRM_TRANSPORT_ERROR, in words for people: whether the request may have been written
 *
 * A reply of any status is a success here.
 *
 * Returns: (transfer full) (nullable): the whole reply; %NULL with @error set
 */
CrmTransportReply *
crm_transport_send_finish (CrmTransport  *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (CRM_IS_TRANSPORT (self), NULL);

  return CRM_TRANSPORT_GET_IFACE (self)->send_finish (self, result, error);
}

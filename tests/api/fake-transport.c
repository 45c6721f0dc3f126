/* fake-transport.c: a transport that keeps what it is given and answers as told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "fake-transport.h"

#include <string.h>

static void fake_transport_iface_init (CrmTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeTransport, fake_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CRM_TYPE_TRANSPORT, fake_transport_iface_init))

static void
forget (FakeTransport *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->headers, g_strfreev);
  g_clear_pointer (&self->body, g_bytes_unref);
}

static void
fake_transport_send_async (CrmTransport              *transport,
                           const CrmTransportRequest *request,
                           GCancellable              *cancellable,
                           GAsyncReadyCallback        callback,
                           gpointer                   user_data)
{
  FakeTransport *self = FAKE_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  CrmTransportReply *reply;

  forget (self);
  self->n_requests++;
  self->url = g_strdup (request->url);
  self->headers = g_strdupv (request->headers);
  self->body = g_bytes_ref (request->body);

  if (self->status == 0)
    {
      g_task_return_new_error (task, CRM_TRANSPORT_ERROR, self->error_code, "%s", self->answer);
      return;
    }

  reply = crm_transport_reply_new ();
  reply->status = self->status;
  reply->content_type = g_strdup ("application/json");
  reply->body = g_bytes_new (self->answer, strlen (self->answer));
  g_task_return_pointer (task, reply, (GDestroyNotify) crm_transport_reply_free);
}

static CrmTransportReply *
fake_transport_send_finish (CrmTransport  *transport,
                            GAsyncResult  *result,
                            GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_transport_finalize (GObject *object)
{
  forget (FAKE_TRANSPORT (object));

  G_OBJECT_CLASS (fake_transport_parent_class)->finalize (object);
}

static void
fake_transport_iface_init (CrmTransportInterface *iface)
{
  iface->send_async = fake_transport_send_async;
  iface->send_finish = fake_transport_send_finish;
}

static void
fake_transport_class_init (FakeTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_transport_finalize;
}

static void
fake_transport_init (FakeTransport *self)
{
}

FakeTransport *
fake_transport_new (void)
{
  return g_object_new (FAKE_TYPE_TRANSPORT, NULL);
}

const char *
fake_transport_get_header (FakeTransport *self,
                           const char    *name)
{
  for (guint i = 0; self->headers[i] != NULL; i += 2)
    if (strcmp (self->headers[i], name) == 0)
      return self->headers[i + 1];

  return NULL;
}

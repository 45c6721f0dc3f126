/* sim-transport.c: carries requests to the model of the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

struct _SimTransport
{
  GObject    parent_instance;

  SimApp    *app;
  GPtrArray *under_way; /* of SimRequest */
};

#define SIM_TYPE_TRANSPORT (sim_transport_get_type ())
G_DECLARE_FINAL_TYPE (SimTransport, sim_transport, SIM, TRANSPORT, GObject)

static void sim_transport_iface_init (CrmTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SimTransport, sim_transport, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CRM_TYPE_TRANSPORT, sim_transport_iface_init))

SimRequest *
sim_request_ref (SimRequest *request)
{
  g_atomic_ref_count_inc (&request->refs);

  return request;
}

void
sim_request_unref (SimRequest *request)
{
  if (!g_atomic_ref_count_dec (&request->refs))
    return;

  g_object_unref (request->transport);
  g_clear_object (&request->cancellable);
  g_free (request->url);
  g_bytes_unref (request->body);
  g_strfreev (request->headers);
  g_free (request->look_name);
  g_clear_pointer (&request->sends, g_ptr_array_unref);
  g_clear_pointer (&request->klasses, g_array_unref);
  g_clear_pointer (&request->reply, crm_transport_reply_free);
  g_free (request);
}

const char *
sim_request_get_header (SimRequest *request,
                        const char *name)
{
  for (guint i = 0; request->headers[i] != NULL; i += 2)
    if (g_str_equal (request->headers[i], name))
      return request->headers[i + 1];

  return NULL;
}

static void
finish (SimRequest *request)
{
  SimTransport *self = SIM_TRANSPORT (request->transport);
  g_autoptr (GTask) task = g_task_new (self, NULL, request->callback, request->user_data);

  request->done = TRUE;
  if (request->cancelled_id != 0)
    g_cancellable_disconnect (request->cancellable, request->cancelled_id);
  request->cancelled_id = 0;

  if (request->reply != NULL)
    g_task_return_pointer (task, g_steal_pointer (&request->reply), (GDestroyNotify) crm_transport_reply_free);
  else
    g_task_return_new_error (task, CRM_TRANSPORT_ERROR, request->failure, "%s",
                             request->failure == CRM_TRANSPORT_ERROR_NOT_SENT ? "Connection refused" : "Cut off");
  g_ptr_array_remove (self->under_way, request);
}

/* Hands the reply, or the failure, to the app, unless that has given it up or is gone. */
void
sim_request_deliver (SimRequest *request)
{
  if (request->done)
    return;

  sim_judge_delivered (request);
  finish (request);
}

static void
give_up (gpointer data)
{
  g_autoptr (SimRequest) request = data;

  if (request->done)
    return;

  g_clear_pointer (&request->reply, crm_transport_reply_free);
  request->failure = CRM_TRANSPORT_ERROR_CUT_OFF;
  request->is_last_page = FALSE;
  finish (request);
}

static void
on_cancelled (GCancellable *cancellable,
              gpointer      user_data)
{
  SimRequest *request = user_data;

  if (!request->app->dead)
    sim_world_call (request->world, 0, give_up, sim_request_ref (request));
}

static void
sim_transport_send_async (CrmTransport              *transport,
                          const CrmTransportRequest *original,
                          GCancellable              *cancellable,
                          GAsyncReadyCallback        callback,
                          gpointer                   user_data)
{
  SimTransport *self = SIM_TRANSPORT (transport);
  SimRequest *request = g_new0 (SimRequest, 1);

  g_atomic_ref_count_init (&request->refs);
  request->app = self->app;
  request->world = self->app->world;
  request->transport = g_object_ref (transport);
  request->callback = callback;
  request->user_data = user_data;
  request->sent_at = request->world->now;
  request->url = g_strdup (original->url);
  request->body = g_bytes_ref (original->body);
  request->headers = g_strdupv (original->headers);
  g_ptr_array_add (self->under_way, request);

  if (self->app->dead)
    {
      request->failure = CRM_TRANSPORT_ERROR_NOT_SENT;
      finish (request);
      return;
    }

  if (cancellable != NULL)
    {
      request->cancellable = g_object_ref (cancellable);
      request->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), request, NULL);
    }

  sim_crm_receive (self->app->world->crm, request);
}

static CrmTransportReply *
sim_transport_send_finish (CrmTransport  *transport,
                           GAsyncResult  *result,
                           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
sim_transport_finalize (GObject *object)
{
  g_ptr_array_unref (SIM_TRANSPORT (object)->under_way);

  G_OBJECT_CLASS (sim_transport_parent_class)->finalize (object);
}

static void
sim_transport_iface_init (CrmTransportInterface *iface)
{
  iface->send_async = sim_transport_send_async;
  iface->send_finish = sim_transport_send_finish;
}

static void
sim_transport_class_init (SimTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sim_transport_finalize;
}

static void
sim_transport_init (SimTransport *self)
{
  self->under_way = g_ptr_array_new_with_free_func ((GDestroyNotify) sim_request_unref);
}

CrmTransport *
sim_transport_new (SimApp *app)
{
  SimTransport *self = g_object_new (SIM_TYPE_TRANSPORT, NULL);

  self->app = app;

  return CRM_TRANSPORT (self);
}

/* No answer reaches the app any more; what was written may still reach the CRM. */
void
sim_transport_die (CrmTransport *transport)
{
  SimTransport *self = SIM_TRANSPORT (transport);

  while (self->under_way->len > 0)
    {
      SimRequest *request = self->under_way->pdata[0];

      sim_crm_abandon (self->app->world->crm, request);
      g_clear_pointer (&request->reply, crm_transport_reply_free);
      request->failure = CRM_TRANSPORT_ERROR_CUT_OFF;
      finish (request);
    }
}

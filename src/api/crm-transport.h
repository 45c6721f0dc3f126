/* crm-transport.h: sends bytes and gets an answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CRM_TRANSPORT_ERROR (crm_transport_error_quark ())

typedef enum
{
  CRM_TRANSPORT_ERROR_NOT_SENT, /* nothing of the request was written: no network, no host, refused, TLS */
  CRM_TRANSPORT_ERROR_CUT_OFF,  /* the request was, or may have been, written, and no whole answer came */
} CrmTransportError;

GQuark crm_transport_error_quark (void);

/* A POST. Owned by the caller until the answer is there. */
typedef struct
{
  char   *url;
  GBytes *body;
  char  **headers; /* name, value, name, value, …, NULL */
} CrmTransportRequest;

CrmTransportRequest *crm_transport_request_new  (const char          *url,
                                                 GBytes              *body);
void                 crm_transport_request_free (CrmTransportRequest *self);

/* Whatever came back, of any status. */
typedef struct
{
  guint   status;
  char   *content_type; /* NULL: not said */
  char   *retry_after;  /* the header, as it came; NULL: none */
  char   *date;         /* the header, as it came; NULL: none */
  GBytes *body;         /* at most 1 MiB: more is CUT_OFF */
} CrmTransportReply;

CrmTransportReply *crm_transport_reply_new  (void);
void               crm_transport_reply_free (CrmTransportReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmTransportRequest, crm_transport_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmTransportReply, crm_transport_reply_free)

#define CRM_TYPE_TRANSPORT (crm_transport_get_type ())

G_DECLARE_INTERFACE (CrmTransport, crm_transport, CRM, TRANSPORT, GObject)

struct _CrmTransportInterface
{
  GTypeInterface parent_iface;

  void               (*send_async)  (CrmTransport              *self,
                                     const CrmTransportRequest *request,
                                     GCancellable              *cancellable,
                                     GAsyncReadyCallback        callback,
                                     gpointer                   user_data);
  CrmTransportReply *(*send_finish) (CrmTransport              *self,
                                     GAsyncResult              *result,
                                     GError                   **error);
};

void               crm_transport_send_async  (CrmTransport              *self,
                                              const CrmTransportRequest *request,
                                              GCancellable              *cancellable,
                                              GAsyncReadyCallback        callback,
                                              gpointer                   user_data);
CrmTransportReply *crm_transport_send_finish (CrmTransport              *self,
                                              GAsyncResult              *result,
                                              GError                   **error);

G_END_DECLS

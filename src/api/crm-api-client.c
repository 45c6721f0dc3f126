/* crm-api-client.c: the CRM's calls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-api-client.h"

#include "api/crm-body-log.h"

#include "api/crm-signature.h"
#include "model/crm-datetime.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TARGET_TASK "/api/1.0/crm?action=addOrUpdateTask"
#define TARGET_PING "/api/1.0/test?action=ping"

struct _CrmApiClient
{
  GObject parent_instance;

  CrmAccount   *account;
  CrmTransport *transport;
  gint64        date_now; /* what `date` says; many requests are signed in one second */
  char         *date;
};

typedef struct
{
  CrmRequestKind       kind;
  gint64               sent_id;
  char                *target;
  gint64               started_at; /* monotonic */
  CrmTransportRequest *request;
} Call;

G_DEFINE_FINAL_TYPE (CrmApiClient, crm_api_client, G_TYPE_OBJECT)

static void
call_free (Call *self)
{
  g_free (self->target);
  crm_transport_request_free (self->request);
  g_free (self);
}

static void
log_field (GLogField  *field,
           const char *key,
           const char *value)
{
  *field = (GLogField) { .key = key, .value = value, .length = -1 };
}

/* A line a request, and its parts as fields. No secret, no signature, no body: see crm-body-log.h for that. */
static void
log_answer (const Call      *call,
            const CrmAnswer *answer,
            gsize            size)
{
  const char *action = strstr (call->target, "action=");
  const char *name = action != NULL ? action + strlen ("action=") : call->target;
  gint64 milliseconds = (g_get_monotonic_time () - call->started_at) / 1000;
  gsize sent = call->request != NULL ? g_bytes_get_size (call->request->body) : 0;
  g_autofree char *status = NULL;
  g_autofree char *code = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *bytes_out = NULL;
  g_autofree char *bytes_in = NULL;
  g_autofree char *message = NULL;
  GLogField fields[11];

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;

  status = g_strdup_printf ("%u", answer->outcome->http_status);
  code = g_strdup_printf ("%" G_GINT64_FORMAT, answer->outcome->specific_code);
  duration = g_strdup_printf ("%" G_GINT64_FORMAT, milliseconds);
  bytes_out = g_strdup_printf ("%" G_GSIZE_FORMAT, sent);
  bytes_in = g_strdup_printf ("%" G_GSIZE_FORMAT, size);
  message = g_strdup_printf ("POST %s: %s, status %s, errorCode %" G_GINT64_FORMAT ", specificCode %s, %s ms, "
                             "%s bytes out, %s in",
                             name, crm_answer_class_get_nick (answer->outcome->klass), status,
                             answer->outcome->error_code, code, duration, bytes_out, bytes_in);

  log_field (&fields[0], "PRIORITY", "7");
  log_field (&fields[1], "GLIB_DOMAIN", G_LOG_DOMAIN);
  log_field (&fields[2], "MESSAGE", message);
  log_field (&fields[3], "CRM_METHOD", "POST");
  log_field (&fields[4], "CRM_ACTION", name);
  log_field (&fields[5], "CRM_CLASS", crm_answer_class_get_nick (answer->outcome->klass));
  log_field (&fields[6], "CRM_STATUS", status);
  log_field (&fields[7], "CRM_SPECIFIC_CODE", code);
  log_field (&fields[8], "CRM_DURATION_MS", duration);
  log_field (&fields[9], "CRM_BYTES_OUT", bytes_out);
  log_field (&fields[10], "CRM_BYTES_IN", bytes_in);
  g_log_structured_array (G_LOG_LEVEL_DEBUG, fields, G_N_ELEMENTS (fields));
}

/* Takes @answer. */
static void
return_answer (GTask     *task,
               CrmAnswer *answer,
               GBytes    *body)
{
  const Call *call = g_task_get_task_data (task);

  log_answer (call, answer, body != NULL ? g_bytes_get_size (body) : 0);
  if (call->request != NULL)
    crm_body_log (call->request->body, body);

  g_task_return_pointer (task, answer, (GDestroyNotify) crm_answer_free);
}

static CrmAnswer *
refuse_account (const char *words)
{
  CrmAnswer *answer = g_new0 (CrmAnswer, 1);

  answer->outcome = crm_problem_new (CRM_ANSWER_ACCOUNT);
  answer->outcome->message = g_strdup (words);
  answer->retry_after = -1;

  return answer;
}

static CrmAnswer *
check_account (CrmAccount *account)
{
  const char *address = crm_account_get_address (account);
  const char *secret = crm_account_get_secret (account);
  g_autofree char *key = NULL;

  if (address == NULL || *address == '\0')
    return refuse_account (_("No address of a CRM is set up"));
  if ((key = crm_account_check_key (crm_account_get_key (account), NULL)) == NULL)
    return refuse_account (_("No API key is set up that could be used"));
  if (secret == NULL || *secret == '\0')
    return refuse_account (_("There is no API secret for this account"));

  return NULL;
}

static const char *
write_date (CrmApiClient *self,
            gint64        now)
{
  if (self->date == NULL || self->date_now != now)
    {
      g_free (self->date);
      self->date = crm_datetime_to_utc (now);
      self->date_now = now;
    }

  return self->date;
}

static CrmTransportRequest *
sign (CrmApiClient *self,
      const char   *target,
      GBytes       *body,
      gint64        now)
{
  CrmAccount *account = self->account;
  const char *date = write_date (self, now);
  g_autofree char *url = g_strconcat (crm_account_get_address (account), target, NULL);
  g_autofree char *md5 = crm_signature_md5 (body);
  g_autofree char *text = crm_signature_string_to_sign (md5, target, date);
  g_autofree char *signature = crm_signature_sign (text, crm_account_get_secret (account));
  g_autofree char *key = crm_account_check_key (crm_account_get_key (account), NULL);
  g_autofree char *authorization = g_strdup_printf ("IWS %s:%s", key, signature);
  const char *const headers[] = {
    "Content-Type", CRM_CONTENT_TYPE,
    "Content-MD5", md5,
    "IVVY-Date", date,
    "X-Api-Version", CRM_API_VERSION,
    "X-Api-Authorization", authorization,
    NULL,
  };
  CrmTransportRequest *request = crm_transport_request_new (url, body);

  request->headers = g_strdupv ((GStrv) headers);

  return request;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  const Call *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTransportReply) reply = crm_transport_send_finish (CRM_TRANSPORT (source), result, &error);

  if (reply != NULL)
    return_answer (task, crm_answer_from_reply (call->kind, call->sent_id, reply), reply->body);
  else
    return_answer (task, crm_answer_from_error (error), NULL);
}

/* Takes @task. */
static void
send_call (CrmApiClient   *self,
           GTask          *task,
           CrmRequestKind  kind,
           gint64          sent_id,
           const char     *target,
           GBytes         *body,
           gint64          now)
{
  g_autoptr (GTask) owned = task;
  Call *call = g_new0 (Call, 1);
  CrmAnswer *refusal = check_account (self->account);

  /* The caller always gets the answer: what was written stays written, however the call was given up. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  call->kind = kind;
  call->sent_id = sent_id;
  call->target = g_strdup (target);
  call->started_at = g_get_monotonic_time ();

  if (refusal != NULL)
    {
      return_answer (task, refusal, NULL);
      return;
    }

  call->request = sign (self, target, body, now);
  crm_transport_send_async (self->transport, call->request, g_task_get_cancellable (task), sent_cb,
                            g_steal_pointer (&owned));
}

static void
crm_api_client_dispose (GObject *object)
{
  CrmApiClient *self = CRM_API_CLIENT (object);

  g_clear_object (&self->account);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->date, g_free);

  G_OBJECT_CLASS (crm_api_client_parent_class)->dispose (object);
}

static void
crm_api_client_class_init (CrmApiClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_api_client_dispose;
}

static void
crm_api_client_init (CrmApiClient *self)
{
}

/**
 * crm_api_client_new:
 * @account: whose address, key and secret are used, as they are at each call
 * @transport: what carries the bytes
 *
 * Returns: (transfer full): a client
 */
CrmApiClient *
crm_api_client_new (CrmAccount   *account,
                    CrmTransport *transport)
{
  CrmApiClient *self;

  g_return_val_if_fail (CRM_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (CRM_IS_TRANSPORT (transport), NULL);

  self = g_object_new (CRM_TYPE_API_CLIENT, NULL);
  self->account = g_object_ref (account);
  self->transport = g_object_ref (transport);

  return self;
}

/**
 * crm_api_client_get_account:
 * @self: a client
 *
 * Returns: (transfer none): the account it was made for
 */
CrmAccount *
crm_api_client_get_account (CrmApiClient *self)
{
  g_return_val_if_fail (CRM_IS_API_CLIENT (self), NULL);

  return self->account;
}

/**
 * crm_api_client_send_task_async:
 * @self: a client
 * @body: the exact JSON to send
 * @crm_id: the task's id on the CRM that @body names: an update; 0: an add
 * @now: the CRM's time as far as it is known, for the signature: seconds since 1970, UTC
 * @cancellable: (nullable): gives the request up; what was written stays written
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Calls `addOrUpdateTask`, once: an answer of any class ends it (API.md §1). Main thread.
 */
void
crm_api_client_send_task_async (CrmApiClient        *self,
                                GBytes              *body,
                                gint64               crm_id,
                                gint64               now,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_API_CLIENT (self));
  g_return_if_fail (body != NULL);
  g_return_if_fail (crm_id >= 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_api_client_send_task_async);
  send_call (self, task, crm_id != 0 ? CRM_REQUEST_UPDATE : CRM_REQUEST_ADD, crm_id, TARGET_TASK, body, now);
}

/**
 * crm_api_client_ping_async:
 * @self: a client
 * @now: as for crm_api_client_send_task_async()
 * @cancellable: (nullable): gives the request up
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks whether address, key and secret are right, and changes nothing (API.md §2). Main thread.
 */
void
crm_api_client_ping_async (CrmApiClient        *self,
                           gint64               now,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  GTask *task;

  g_return_if_fail (CRM_IS_API_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_api_client_ping_async);
  send_call (self, task, CRM_REQUEST_PING, 0, TARGET_PING, body, now);
}

/**
 * crm_api_client_list_async:
 * @self: a client
 * @target: the request target, `/api/1.0/crm?action=getTaskList` or another of API.md §3
 * @body: the JSON with page and filter
 * @now: as for crm_api_client_send_task_async()
 * @cancellable: (nullable): gives the request up
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks for one page of a list; the answer's `json` holds it when it is accepted. Main thread.
 */
void
crm_api_client_list_async (CrmApiClient        *self,
                           const char          *target,
                           GBytes              *body,
                           gint64               now,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_API_CLIENT (self));
  g_return_if_fail (target != NULL && *target == '/');
  g_return_if_fail (body != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_api_client_list_async);
  send_call (self, task, CRM_REQUEST_LIST, 0, target, body, now);
}

/**
 * crm_api_client_batch_async:
 * @self: a client
 * @target: %CRM_BATCH_TARGET_RUN, or another of crm-batch-call.h
 * @body: the JSON with jobs or id
 * @now: as for crm_api_client_send_task_async()
 * @cancellable: (nullable): gives the request up; what was written stays written
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Sends many jobs at once, or asks for them; the answer's `json` holds what was said when it is accepted. Main thread.
 */
void
crm_api_client_batch_async (CrmApiClient        *self,
                            const char          *target,
                            GBytes              *body,
                            gint64               now,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_API_CLIENT (self));
  g_return_if_fail (target != NULL && *target == '/');
  g_return_if_fail (body != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_api_client_batch_async);
  send_call (self, task, CRM_REQUEST_BATCH, 0, target, body, now);
}

/**
 * crm_api_client_finish:
 * @self: a client
 * @result: what the callback of any call was given
 *
 * Returns: (transfer full): the answer, always: what kept a request from being sent or answered is one too
 */
CrmAnswer *
crm_api_client_finish (CrmApiClient *self,
                       GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

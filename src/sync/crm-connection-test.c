/* crm-connection-test.c: does this account work?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-connection-test.h"

#include "api/crm-api-client.h"
#include "api/crm-soup-transport.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  int   klass;
  char *words;
} Finding;

static void
finding_free (Finding *self)
{
  g_free (self->words);
  g_free (self);
}

static char *
write_words (const CrmAnswer *answer)
{
  const char *said = answer->outcome->message;
  gint64 off = answer->server_time != 0 ? answer->server_time - g_get_real_time () / G_TIME_SPAN_SECOND : 0;

  switch (answer->outcome->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      return g_strdup (_("The CRM answers and accepts the key"));
    case CRM_ANSWER_NOT_SENT:
      return g_strdup_printf (_("The CRM can’t be reached: %s"), said != NULL ? said : _("no reason was given"));
    case CRM_ANSWER_NOT_A_CRM:
      return g_strdup (_("Something answers at this address, but not like a CRM"));
    case CRM_ANSWER_CLOCK:
      return g_strdup_printf (_("The clock of this computer and the CRM’s are %d minutes apart"), (int) (ABS (off) / 60));
    case CRM_ANSWER_ACCOUNT:
      if (answer->outcome->error_code == 463)
        return g_strdup (_("This key has been revoked"));
      return g_strdup_printf (_("The CRM does not accept the key or its secret: %s"),
                              said != NULL ? said : _("no reason was given"));
    case CRM_ANSWER_UNCONFIRMED:
      return g_strdup (_("The CRM did not answer in full"));
    case CRM_ANSWER_THROTTLED:
      return g_strdup (_("The CRM is being asked too often; try again in a while"));
    case CRM_ANSWER_REJECTED:
    case CRM_ANSWER_TROUBLE:
    default:
      return g_strdup_printf (_("The CRM is in trouble: %s"), said != NULL ? said : _("no reason was given"));
    }
}

static void
on_answered (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (CrmAnswer) answer = crm_api_client_finish (CRM_API_CLIENT (source), result);
  Finding *finding = g_new0 (Finding, 1);

  finding->klass = answer->outcome->klass;
  finding->words = write_words (answer);
  g_task_return_pointer (task, finding, (GDestroyNotify) finding_free);
}

/**
 * crm_connection_test_async:
 * @account: with address, key and secret
 * @transport: (nullable): carries the request; libsoup when %NULL
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: given to @callback
 *
 * Pings the CRM, which changes nothing there. Main thread.
 */
void
crm_connection_test_async (CrmAccount          *account,
                           CrmTransport        *transport,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (CrmTransport) carrier = transport != NULL ? g_object_ref (transport) : crm_soup_transport_new ();
  g_autoptr (CrmApiClient) client = crm_api_client_new (account, carrier);
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, crm_connection_test_async);
  crm_api_client_ping_async (client, g_get_real_time () / G_TIME_SPAN_SECOND, cancellable, on_answered, task);
}

/**
 * crm_connection_test_finish:
 * @result: what the callback was given
 * @klass: (out) (optional): the answer's #CrmAnswerClass
 * @words: (out) (optional) (transfer full): what was found, for people
 * @error: set when it was cancelled
 *
 * Returns: whether the account works
 */
gboolean
crm_connection_test_finish (GAsyncResult  *result,
                            int           *klass,
                            char         **words,
                            GError       **error)
{
  Finding *finding = g_task_propagate_pointer (G_TASK (result), error);
  gboolean well;

  if (finding == NULL)
    return FALSE;

  well = finding->klass == CRM_ANSWER_ACCEPTED;
  if (klass != NULL)
    *klass = finding->klass;
  if (words != NULL)
    *words = g_strdup (finding->words);
  finding_free (finding);

  return well;
}

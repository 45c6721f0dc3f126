/* crm-connection-test.c: does this account work?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "sync/crm-connection-test.h"

#include "api/crm-api-client.h"
#include "api/crm-soup-transport.h"
#include "model/crm-error.h"
#include "model/crm-shown-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

static gboolean
mentions (const char *said,
          const char *word)
{
  g_autofree char *lower = said != NULL ? g_utf8_strdown (said, -1) : NULL;

  return lower != NULL && strstr (lower, word) != NULL;
}

static char *
write_clock_words (gint64 server_time)
{
  gint64 ahead = g_get_real_time () / G_TIME_SPAN_SECOND - server_time;
  gulong minutes = (gulong) ((ABS (ahead) + 30) / 60);

  if (server_time == 0)
    return g_strdup (_("The CRM says that this computer’s clock is off, and not by how much. Set it right"));
  if (ahead > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This computer’s clock is %lu minute ahead of the CRM’s. Set it right",
                                         "This computer’s clock is %lu minutes ahead of the CRM’s. Set it right", minutes),
                            minutes);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "This computer’s clock is %lu minute behind the CRM’s. Set it right",
                                       "This computer’s clock is %lu minutes behind the CRM’s. Set it right", minutes),
                          minutes);
}

static char *
write_not_a_crm_words (const CrmAnswer *answer)
{
  guint status = answer->outcome->http_status;

  if (status >= 300 && status < 400)
    return g_strdup_printf (_("The address leads on to another one (status %u), which is not followed. Type the CRM’s own address, "
                              "or sign in to the network you are in first"),
                            status);
  if (status == 404 || status == 405 || status == 406 || status == 501)
    return g_strdup_printf (_("A server answers at this address, but there is no CRM (status %u)"), status);
  return g_strdup (_("A page for people answers at this address, not a CRM. In a hotel or on a train, sign in to the network first"));
}

/* The API has one code for both; only the CRM’s words tell which of the two it was. */
static char *
write_account_words (const CrmAnswer *answer,
                     const char      *raw,
                     const char      *said)
{
  guint status = answer->outcome->http_status;
  gint64 code = answer->outcome->error_code;

  if (code == 463 || (code == 0 && status == 463))
    return g_strdup (_("This key has been revoked. Ask for a new one"));
  if (code == 403 || (code == 0 && status == 403))
    return g_strdup_printf (_("The CRM knows the key, but does not let it in: %s"), said);
  if (mentions (raw, "signature") || mentions (raw, "secret"))
    return g_strdup_printf (_("The key is right, its secret is not: %s"), said);
  if (mentions (raw, "key"))
    return g_strdup_printf (_("The CRM does not know this key: %s"), said);
  return g_strdup_printf (_("The CRM does not accept the key or its secret: %s"), said);
}

static char *
write_words (const CrmAnswer *answer)
{
  g_autofree char *shown = crm_shown_text (answer->outcome->message);
  g_autofree char *known = shown != NULL ? crm_known_message_words (shown) : NULL;
  const char *said = known != NULL ? known : shown != NULL && *shown != '\0' ? shown : _("no reason was given");

  switch (answer->outcome->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      return g_strdup (_("The CRM answers and accepts the key"));
    case CRM_ANSWER_NOT_SENT:
      return g_strdup_printf (_("The CRM can’t be reached: %s"), said);
    case CRM_ANSWER_NOT_A_CRM:
      return write_not_a_crm_words (answer);
    case CRM_ANSWER_CLOCK:
      return write_clock_words (answer->server_time);
    case CRM_ANSWER_ACCOUNT:
      return write_account_words (answer, shown, said);
    case CRM_ANSWER_UNCONFIRMED:
      return g_strdup_printf (_("The CRM did not answer in full: %s"), said);
    case CRM_ANSWER_THROTTLED:
      return g_strdup (_("The CRM is being asked too often; try again in a while"));
    case CRM_ANSWER_REJECTED:
    case CRM_ANSWER_TROUBLE:
    default:
      return g_strdup_printf (_("The CRM is in trouble: %s"), said);
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

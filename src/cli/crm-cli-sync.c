/* crm-cli-sync.c: the command that sends
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli-sign-in.h"
#include "cli/crm-cli.h"

#include "model/crm-error.h"
#include "model/crm-json-member.h"
#include "sync/crm-sync-service.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT 60
#define MOST_FAILED_PROBES 3

typedef struct
{
  CrmCli         *cli;
  CrmSyncService *service;
  CrmCounts       counts;
  gint64          synced_before;
  gint64          accepted;
  gboolean        over;
  gboolean        given_up; /* a pause outlasted its probes */
  gboolean        shows_progress;
  GError         *error;
} Push;

static gint64
count_waiting (const Push *push)
{
  return push->counts.states[CRM_SYNC_QUEUED] + push->counts.states[CRM_SYNC_SENDING];
}

static char *
write_sent (gint64 n)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'lu sent", "%'lu sent", (gulong) n), (gulong) n);
}

static char *
write_waiting (gint64 n)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%'lu waiting", "%'lu waiting", (gulong) n), (gulong) n);
}

static void
look (Push *push)
{
  int pause = crm_sync_service_get_pause_class (push->service);

  if (push->error == NULL && !crm_store_read_counts (push->cli->store, &push->counts, &push->error))
    {
      push->over = TRUE;
      return;
    }

  if (push->shows_progress)
    {
      g_autofree char *sent = write_sent (push->accepted);
      g_autofree char *waiting = write_waiting (count_waiting (push));

      g_printerr ("\r%s%s%s   ", sent, C_("between the parts of a list", ", "), waiting);
    }

  if (count_waiting (push) == 0 && !crm_sync_service_is_settling (push->service))
    push->over = TRUE;

  if ((pause == CRM_ANSWER_ACCOUNT || pause == CRM_ANSWER_CLOCK || pause == CRM_ANSWER_NOT_A_CRM) &&
      crm_sync_service_get_failed_probes (push->service) >= MOST_FAILED_PROBES)
    {
      push->given_up = TRUE;
      push->over = TRUE;
    }
}

static void
on_recorded (Push     *push,
             gint64    local_id,
             int       klass,
             gboolean  already_there)
{
  if (klass == CRM_ANSWER_ACCEPTED)
    push->accepted++;
  if (already_there)
    g_printerr (_("Task %" PRId64 " was to be discarded, but the CRM has it already\n"), local_id);
}

static gboolean
on_end (gpointer user_data)
{
  Push *push = user_data;

  push->over = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
read_seconds (const char  *text,
              const char  *option,
              gint64      *seconds,
              GError     **error)
{
  if (text == NULL || g_ascii_string_to_signed (text, 10, 0, 7 * 24 * 3600, seconds, NULL))
    return TRUE;

  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--%s: “%s” is no number of seconds"), option, text);
  return FALSE;
}

static void
run (Push   *push,
     gint64  timeout)
{
  g_autoptr (GAsyncResult) stopped = NULL;
  guint sources[] = {
    g_timeout_add (timeout * 1000, on_end, push),
    g_unix_signal_add (SIGINT, on_end, push),
    g_unix_signal_add (SIGTERM, on_end, push),
  };

  crm_sync_service_start (push->service);
  for (look (push); !push->over; look (push))
    g_main_context_iteration (NULL, TRUE);

  /* Nothing new is begun; what is under way is waited for. */
  crm_sync_service_stop_async (push->service, NULL, crm_cli_on_ready, &stopped);
  crm_sync_service_stop_finish (push->service, crm_cli_wait (&stopped), NULL);
  if (push->error == NULL)
    crm_store_read_counts (push->cli->store, &push->counts, &push->error);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_source_remove (sources[i]);
  if (push->shows_progress)
    g_printerr ("\n");
}

static void
print (Push *push)
{
  CrmCli *cli = push->cli;
  gint64 failed = push->counts.states[CRM_SYNC_FAILED];
  gint64 unconfirmed = push->counts.states[CRM_SYNC_UNCONFIRMED];
  /* What was found on the CRM is sent as well as what was answered. */
  gint64 sent = MAX (push->accepted, push->counts.states[CRM_SYNC_SYNCED] - push->synced_before);
  int pause = crm_sync_service_get_pause_class (push->service);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!cli->json)
    {
      g_autofree char *sent_words = write_sent (sent);
      g_autofree char *waiting_words = write_waiting (count_waiting (push));
      g_autofree char *failed_words = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%'lu needs attention", "%'lu need attention", (gulong) failed), (gulong) failed);
      g_autofree char *unconfirmed_words = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%'lu unconfirmed", "%'lu unconfirmed", (gulong) unconfirmed), (gulong) unconfirmed);

      /* Translators: four counts, as in “2 sent, 1 needs attention, 0 unconfirmed, 0 waiting” */
      g_print (_("%s, %s, %s, %s\n"), sent_words, failed_words, unconfirmed_words, waiting_words);
      return;
    }

  json_builder_begin_object (builder);
  crm_json_member_int (builder, "sent", sent, TRUE);
  crm_json_member_int (builder, "failed", failed, TRUE);
  crm_json_member_int (builder, "unconfirmed", unconfirmed, TRUE);
  crm_json_member_int (builder, "waiting", count_waiting (push), TRUE);
  crm_json_member_text (builder, "paused", pause >= 0 ? crm_answer_class_get_nick (pause) : NULL);
  json_builder_end_object (builder);
  crm_cli_print_builder (builder);
}

static CrmExit
judge (Push *push)
{
  const char *words = crm_sync_service_get_pause_words (push->service);
  const char *trouble = crm_sync_service_get_local_trouble (push->service);

  if (trouble != NULL)
    crm_cli_note (push->cli, CRM_EXIT_DATABASE, trouble);
  if (push->given_up || count_waiting (push) > 0)
    crm_cli_note (push->cli, CRM_EXIT_UNREACHABLE, words != NULL ? words : _("Time ran out; what waits is kept"));
  if (push->counts.states[CRM_SYNC_FAILED] + push->counts.states[CRM_SYNC_UNCONFIRMED] > 0)
    crm_cli_note (push->cli, CRM_EXIT_ATTENTION, NULL);

  return push->cli->status;
}

CrmExit
crm_cli_sync (CrmCli  *cli,
              GStrv   *args,
              GError **error)
{
  g_autofree char *timeout_text = NULL;
  g_autofree char *settle_text = NULL;
  gint64 timeout = DEFAULT_TIMEOUT, settle = -1;
  Push push = { .cli = cli, .shows_progress = isatty (STDERR_FILENO) };
  const GOptionEntry entries[] = {
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &timeout_text, N_("End after so many seconds"), "SECONDS" },
    { "settle", 0, 0, G_OPTION_ARG_STRING, &settle_text, N_("Look for what may have arrived after so many"), "SECONDS" },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !read_seconds (timeout_text, "timeout", &timeout, error) ||
      !read_seconds (settle_text, "settle", &settle, error))
    return CRM_EXIT_REFUSED;

  if (!crm_cli_open (cli, error) || !crm_store_read_counts (cli->store, &push.counts, error) ||
      !crm_cli_sign_in (cli, error))
    return crm_cli_judge_error (*error);

  push.synced_before = push.counts.states[CRM_SYNC_SYNCED];
  crm_store_watch (cli->store);
  push.service = crm_sync_service_new (cli->store, cli->account, NULL, NULL);
  if (settle >= 0)
    crm_sync_service_set_settling (push.service, settle);
  g_signal_connect_swapped (push.service, "recorded", G_CALLBACK (on_recorded), &push);

  run (&push, timeout);
  if (push.error != NULL)
    {
      g_propagate_error (error, push.error);
      cli->status = crm_cli_judge_error (*error);
    }
  else
    {
      print (&push);
      judge (&push);
    }

  g_signal_handlers_disconnect_by_data (push.service, &push);
  g_object_unref (push.service);

  return cli->status;
}

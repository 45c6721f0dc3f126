/* crm-tasks-practice.c: the practice CRM as a program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-server.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct
{
  int       port;
  int       per_page;
  int       hide_lists;
  int       hide_ms;
  int       job_ms;
  gint64    clock_offset;
  gboolean  own_status;
  gboolean  ignore_filters;
  gboolean  quiet;
  char     *state;
  char     *key;
  char     *secret;
  char    **faults;
} Options;

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_request_answered (CrmPracticeServer        *server,
                     const CrmPracticeRequest *request,
                     gpointer                  user_data)
{
  if (request->status == 0)
    g_printerr ("%s %s: cut\n", request->method, request->target);
  else
    g_printerr ("%s %s: %u\n", request->method, request->target, request->status);
}

static gboolean
parse_options (Options  *options,
               int      *argc,
               char   ***argv,
               GError  **error)
{
  GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &options->port, N_ ("Port to listen on (any)"), N_ ("N") },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, N_ ("Where to keep the tasks"), N_ ("FILE") },
    { "key", 0, 0, G_OPTION_ARG_STRING, &options->key, N_ ("The API key to know"), N_ ("KEY") },
    { "secret", 0, 0, G_OPTION_ARG_STRING, &options->secret, N_ ("Its secret"), N_ ("SECRET") },
    { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->faults, N_ ("What is to go wrong"), N_ ("SPEC") },
    { "own-status", 0, 0, G_OPTION_ARG_NONE, &options->own_status, N_ ("Errors under their own HTTP status"), NULL },
    { "clock-offset", 0, 0, G_OPTION_ARG_INT64, &options->clock_offset, N_ ("How far its clock is ahead"),
      N_ ("SECONDS") },
    { "ignore-filters", 0, 0, G_OPTION_ARG_NONE, &options->ignore_filters, N_ ("Take no notice of filters"), NULL },
    { "per-page", 0, 0, G_OPTION_ARG_INT, &options->per_page, N_ ("Most rows on a page (100)"), N_ ("N") },
    { "hide-lists", 0, 0, G_OPTION_ARG_INT, &options->hide_lists, N_ ("How many task lists a new task misses"),
      N_ ("N") },
    { "hide-ms", 0, 0, G_OPTION_ARG_INT, &options->hide_ms, N_ ("For how long a new task is in no list"),
      N_ ("MILLISECONDS") },
    { "job-ms", 0, 0, G_OPTION_ARG_INT, &options->job_ms, N_ ("How long each job of a batch takes"), N_ ("MILLISECONDS") },
    { "quiet", 0, 0, G_OPTION_ARG_NONE, &options->quiet, N_ ("Say nothing of requests"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, _ ("A CRM to try things out with. It listens on this computer only."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1 || options->port < 0 || options->port > G_MAXUINT16 || options->per_page < 1 ||
      options->hide_lists < 0 || options->hide_ms < 0 || options->job_ms < 0)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("An option has a value that cannot be used; see --help"));
      return FALSE;
    }

  return TRUE;
}

static CrmPracticeServer *
start_server (const Options  *options,
              GError        **error)
{
  g_autoptr (CrmPracticeServer) server = NULL;

  server = crm_practice_server_new (options->state,
                                    options->key != NULL ? options->key : CRM_PRACTICE_KEY,
                                    options->secret != NULL ? options->secret : CRM_PRACTICE_SECRET);
  crm_practice_server_set_status_mode (server, options->own_status);
  crm_practice_server_set_clock_offset (server, options->clock_offset);
  crm_practice_server_set_ignore_filters (server, options->ignore_filters);
  crm_practice_server_set_max_per_page (server, options->per_page);
  crm_practice_server_set_visibility_delay (server, options->hide_lists, options->hide_ms);
  crm_practice_server_set_batch_pace (server, 0, options->job_ms);
  if (!options->quiet)
    g_signal_connect (server, "request-answered", G_CALLBACK (on_request_answered), NULL);

  if (!crm_practice_server_start (server, options->port, error))
    return NULL;

  for (guint i = 0; options->faults != NULL && options->faults[i] != NULL; i++)
    if (!crm_practice_server_add_fault (server, options->faults[i], error))
      return NULL;

  return g_steal_pointer (&server);
}

static void
clear_options (Options *options)
{
  g_free (options->state);
  g_free (options->key);
  g_free (options->secret);
  g_strfreev (options->faults);
}

int
main (int   argc,
      char *argv[])
{
  Options options = { .per_page = 100 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (CrmPracticeServer) server = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (parse_options (&options, &argc, &argv, &error))
    server = start_server (&options, &error);
  clear_options (&options);

  if (server == NULL)
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_print ("%s\n", crm_practice_server_get_address (server));
  fflush (stdout);

  g_main_loop_run (loop);
  crm_practice_server_stop (server);

  return EXIT_SUCCESS;
}

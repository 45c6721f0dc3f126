/* crm-cli-import.c: the command that brings in tasks from a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli-print.h"
#include "cli/crm-cli.h"

#include "model/crm-error.h"
#include "model/crm-json-guard.h"
#include "model/crm-json-member.h"
#include "transfer/crm-import-plan.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* Rows read from the plan at a time. */
#define PAGE 256

#define MOST_NAMED 20

typedef struct
{
  gboolean  dry_run;
  gboolean  all; /* of JSON: all rows, not only those that change something or are refused */
  char    **map;
  char     *delimiter;
  char     *encoding;
  char     *zone;
  char     *refused;
  gboolean  allow_duplicates;
  gboolean  draft;
} Options;

static void
options_clear (Options *self)
{
  g_strfreev (self->map);
  g_free (self->delimiter);
  g_free (self->encoding);
  g_free (self->zone);
  g_free (self->refused);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
read_delimiter (const char  *given,
                char        *delimiter,
                GError     **error)
{
  *delimiter = '\0';
  if (given == NULL)
    return TRUE;

  if (g_ascii_strcasecmp (given, "tab") == 0 || g_str_equal (given, "\\t"))
    *delimiter = '\t';
  else if (strlen (given) == 1 && g_ascii_isprint (*given) && !g_ascii_isalnum (*given) && *given != '"')
    *delimiter = *given;
  if (*delimiter != '\0')
    return TRUE;

  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("--delimiter: “%s” is no single character; write for example ; or tab"), given);
  return FALSE;
}

static void
on_progress (CrmImportPlan *plan)
{
  guint64 n = crm_import_plan_get_n_rows (plan);

  g_printerr ("\r");
  /* Translators: what is shown while rows are read or written */
  g_printerr (ngettext ("%'" PRIu64 " row, %d %%", "%'" PRIu64 " rows, %d %%", (gulong) n), n,
              (int) (crm_import_plan_get_progress (plan) * 100));
}

static void
end_progress (void)
{
  if (isatty (STDERR_FILENO))
    g_printerr ("\r%*s\r", 40, "");
}

static void
describe (CrmImportPlan *plan)
{
  g_autofree char *zone = crm_import_plan_get_zone (plan);
  char delimiter[] = { crm_import_plan_get_delimiter (plan), '\0' };

  /* Translators: an encoding, as UTF-8; what is between two cells; a time zone, as Europe/Berlin */
  g_printerr (_("Read as %s, with %s between cells; times that name no zone are of %s\n"), crm_import_plan_get_encoding (plan),
              *delimiter == '\t' ? C_("delimiter", "tab") : delimiter, zone);

  for (guint i = 0; i < crm_import_plan_get_n_columns (plan); i++)
    if (crm_import_plan_get_column (plan, i)->target == CRM_IMPORT_COLUMN_IGNORED)
      g_printerr (_("The column “%s” is ignored\n"), crm_import_plan_get_column (plan, i)->header);
}

/* A line a row: what is on several lines in it is on one. */
static char *
write_line (const CrmImportEntry *entry)
{
  const char *name = crm_values_get_text (entry->values, CRM_FIELD_NAME);
  g_auto (GStrv) lines = entry->words != NULL ? g_strsplit (entry->words, "\n", -1) : NULL;
  g_autofree char *words = lines != NULL ? g_strjoinv ("; ", lines) : NULL;

  if (name != NULL && words != NULL)
    /* Translators: a row’s number, what becomes of it, the name of the task, and why */
    return g_strdup_printf (_("Row %" PRId64 ": %s: %s — %s"), entry->number, crm_import_verdict_get_words (entry->verdict), name, words);
  if (name != NULL || words != NULL)
    /* Translators: a row’s number, what becomes of it, and the name of the task or why */
    return g_strdup_printf (_("Row %" PRId64 ": %s: %s"), entry->number, crm_import_verdict_get_words (entry->verdict),
                            name != NULL ? name : words);

  return g_strdup_printf (_("Row %" PRId64 ": %s"), entry->number, crm_import_verdict_get_words (entry->verdict));
}

typedef void (*RowFunc) (const CrmImportEntry *entry,
                         gpointer              data);

static gboolean
for_each_row (CrmImportPlan     *plan,
              CrmImportVerdict   verdict,
              RowFunc            func,
              gpointer           data,
              GError           **error)
{
  gint64 n = crm_import_plan_get_n (plan, verdict);

  for (gint64 first = 0; first < n; first += PAGE)
    {
      g_autoptr (GPtrArray) page = crm_import_plan_read_rows (plan, verdict, first, PAGE, error);

      if (page == NULL)
        return FALSE;
      for (guint i = 0; i < page->len; i++)
        func (page->pdata[i], data);
    }

  return TRUE;
}

static void
tell_row (const CrmImportEntry *entry,
          gpointer              data)
{
  g_autofree char *line = write_line (entry);

  g_printerr ("%s\n", line);
}

/* The first of them by name: when a file is imported again that is every row. */
static gboolean
tell_unchanged (CrmImportPlan  *plan,
                GError        **error)
{
  g_autoptr (GPtrArray) rows = crm_import_plan_read_rows (plan, CRM_IMPORT_UNCHANGED, 0, MOST_NAMED, error);
  gint64 n_more = crm_import_plan_get_n (plan, CRM_IMPORT_UNCHANGED) - MOST_NAMED;

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < rows->len; i++)
    tell_row (rows->pdata[i], NULL);
  if (n_more > 0)
    g_printerr (ngettext ("%'" PRId64 " more row is already here; --dry-run lists it\n",
                          "%'" PRId64 " more rows are already here; --dry-run lists them\n", (gulong) n_more),
                n_more);

  return TRUE;
}

static void
print_row (const CrmImportEntry *entry,
           gpointer              data)
{
  g_autofree char *line = write_line (entry);

  g_print ("%s\n", line);
}

static void
print_row_as_json (const CrmImportEntry *entry,
                   gpointer              data)
{
  gboolean *is_first = data;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_auto (GStrv) reasons = g_strsplit (entry->words != NULL ? entry->words : "", "\n", -1);
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  json_builder_begin_object (builder);
  crm_json_member_int (builder, "row", entry->number, TRUE);
  crm_json_member_text (builder, "verdict", crm_import_verdict_get_nick (entry->verdict));
  crm_json_member_int (builder, "localId", entry->local_id, entry->local_id != 0);
  crm_json_member_int (builder, "id", entry->crm_id, entry->crm_id != 0);
  crm_json_member_text (builder, "name", crm_values_get_text (entry->values, CRM_FIELD_NAME));
  json_builder_set_member_name (builder, "reasons");
  json_builder_begin_array (builder);
  for (guint i = 0; reasons[i] != NULL; i++)
    json_builder_add_string_value (builder, reasons[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  json = crm_json_guard_write (root, FALSE);
  g_print ("%s\n    %s", *is_first ? "" : ",", json);
  *is_first = FALSE;
}

static void
print_columns_as_json (CrmImportPlan *plan)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *json = NULL;

  json_builder_begin_array (builder);
  for (guint i = 0; i < crm_import_plan_get_n_columns (plan); i++)
    {
      const CrmImportColumn *column = crm_import_plan_get_column (plan, i);

      json_builder_begin_object (builder);
      crm_json_member_text (builder, "header", column->header);
      crm_json_member_text (builder, "key",
                            column->target != CRM_IMPORT_COLUMN_IGNORED ? crm_import_column_get_key (column->target) : NULL);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  root = json_builder_get_root (builder);
  json = crm_json_guard_write (root, FALSE);
  g_print ("  \"columns\": %s,\n", json);
}

/* Written as it is read: there may be a million rows. @result: NULL of a dry run. */
static gboolean
print_as_json (CrmImportPlan          *plan,
               const CrmImportResult  *result,
               gboolean                all,
               GError                **error)
{
  gboolean is_first = TRUE;
  gboolean done;

  g_print ("{\n");
  for (guint i = 0; i < CRM_N_IMPORT_VERDICTS; i++)
    g_print ("  \"%s\": %" PRId64 ",\n", crm_import_verdict_get_nick (i), result != NULL ? result->n[i] : crm_import_plan_get_n (plan, i));
  g_print ("  \"written\": %s,\n", result != NULL ? "true" : "false");
  print_columns_as_json (plan);

  g_print ("  \"rows\": [");
  if (all)
    done = for_each_row (plan, CRM_IMPORT_ALL, print_row_as_json, &is_first, error);
  else
    done = for_each_row (plan, CRM_IMPORT_CHANGED, print_row_as_json, &is_first, error) &&
           for_each_row (plan, CRM_IMPORT_REFUSED, print_row_as_json, &is_first, error);
  g_print ("\n  ],\n  \"late\": [");
  is_first = TRUE;
  for (guint i = 0; result != NULL && i < result->late->len; i++)
    print_row_as_json (result->late->pdata[i], &is_first);
  g_print ("\n  ]\n}\n");

  return done;
}

static void
tell_counts (const gint64 *n,
             gboolean      dry_run)
{
  if (dry_run)
    g_printerr (_("%'" PRId64 " new, %'" PRId64 " changed, %'" PRId64 " already here, %'" PRId64 " refused; nothing is written yet\n"),
                n[CRM_IMPORT_NEW], n[CRM_IMPORT_CHANGED], n[CRM_IMPORT_UNCHANGED], n[CRM_IMPORT_REFUSED]);
  else
    g_printerr (_("%'" PRId64 " new, %'" PRId64 " changed, %'" PRId64 " already here, %'" PRId64 " refused\n"), n[CRM_IMPORT_NEW],
                n[CRM_IMPORT_CHANGED], n[CRM_IMPORT_UNCHANGED], n[CRM_IMPORT_REFUSED]);
}

static gboolean
save_refused (CrmImportPlan  *plan,
              const char     *name,
              GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GOutputStream) stream = crm_cli_open_output (name, error);
  GError *why = NULL;

  if (stream == NULL)
    return FALSE;

  crm_import_plan_save_refused_async (plan, stream, NULL, crm_cli_on_ready, &result);
  crm_import_plan_save_refused_finish (plan, crm_cli_wait (&result), &why);

  return crm_cli_close_output (stream, name, why, error);
}

static gboolean
read_plan (CrmImportPlan  *plan,
           const char     *name,
           GError        **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (name);
  g_autoptr (GAsyncResult) result = NULL;
  gboolean done;

  crm_import_plan_read_file_async (plan, file, NULL, crm_cli_on_ready, &result);
  done = crm_import_plan_read_finish (plan, crm_cli_wait (&result), error);
  end_progress ();

  return done;
}

static CrmExit
preview (CrmCli         *cli,
         CrmImportPlan  *plan,
         gboolean        all,
         GError        **error)
{
  gint64 n[CRM_N_IMPORT_VERDICTS];
  gboolean done;

  for (guint i = 0; i < CRM_N_IMPORT_VERDICTS; i++)
    n[i] = crm_import_plan_get_n (plan, i);

  if (cli->json)
    done = print_as_json (plan, NULL, all, error);
  else
    done = for_each_row (plan, CRM_IMPORT_ALL, print_row, NULL, error);
  if (!done)
    return crm_cli_judge_error (*error);

  tell_counts (n, TRUE);
  return n[CRM_IMPORT_REFUSED] > 0 ? CRM_EXIT_REFUSED : CRM_EXIT_DONE;
}

static CrmExit
run (CrmCli         *cli,
     CrmImportPlan  *plan,
     gboolean        all,
     GError        **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmImportResult) outcome = NULL;

  crm_import_plan_run_async (plan, NULL, crm_cli_on_ready, &result);
  outcome = crm_import_plan_run_finish (plan, crm_cli_wait (&result), error);
  end_progress ();
  if (outcome == NULL)
    return crm_cli_judge_error (*error);

  if (!tell_unchanged (plan, error) || !for_each_row (plan, CRM_IMPORT_REFUSED, tell_row, NULL, error) ||
      (cli->json && !print_as_json (plan, outcome, all, error)))
    return crm_cli_judge_error (*error);

  for (guint i = 0; i < outcome->late->len; i++)
    tell_row (outcome->late->pdata[i], NULL);
  tell_counts (outcome->n, FALSE);

  return outcome->n[CRM_IMPORT_REFUSED] > 0 ? CRM_EXIT_REFUSED : CRM_EXIT_DONE;
}

CrmExit
crm_cli_import (CrmCli  *cli,
                GStrv   *args,
                GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (CrmImportPlan) plan = NULL;
  CrmImportOptions how = { 0 };
  const GOptionEntry entries[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, N_("Only say what would come of each row"), NULL },
    { "all", 0, 0, G_OPTION_ARG_NONE, &options.all, N_("With --json: every row, not only those that are changed or refused"), NULL },
    { "map", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.map, N_("What a column is, as Subject=name; empty: ignore it"), "HEADER=KEY" },
    { "delimiter", 0, 0, G_OPTION_ARG_STRING, &options.delimiter, N_("What is between two cells"), "C" },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &options.encoding, N_("The encoding of the file, as WINDOWS-1252"), "NAME" },
    { "zone", 0, 0, G_OPTION_ARG_STRING, &options.zone, N_("The time zone of times that name none, as Europe/Berlin"), "ZONE" },
    { "allow-duplicates", 0, 0, G_OPTION_ARG_NONE, &options.allow_duplicates, N_("Bring in once more what is here already"), NULL },
    { "draft", 0, 0, G_OPTION_ARG_NONE, &options.draft, N_("Keep new tasks here until they are submitted"), NULL },
    { "refused", 0, 0, G_OPTION_ARG_FILENAME, &options.refused, N_("Write the refused rows to this file, with the reasons"), "FILE.csv" },
    G_OPTION_ENTRY_NULL,
  };

  if (!crm_cli_parse (cli, args, entries, error) || !crm_cli_refuse_more (*args, 1, error) ||
      !read_delimiter (options.delimiter, &how.delimiter, error))
    return CRM_EXIT_REFUSED;
  if ((*args)[1] == NULL)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, _("Which file? Say import FILE.csv"));
      return CRM_EXIT_REFUSED;
    }

  if (!crm_cli_open (cli, error))
    return crm_cli_judge_error (*error);

  how.encoding = options.encoding;
  how.zone = options.zone;
  how.map = (const char *const *) options.map;
  how.allow_duplicates = options.allow_duplicates;
  how.draft = options.draft;
  plan = crm_import_plan_new (cli->store, &how);
  if (isatty (STDERR_FILENO))
    g_signal_connect (plan, "notify::progress", G_CALLBACK (on_progress), NULL);

  if (!read_plan (plan, (*args)[1], error))
    return crm_cli_judge_error (*error);
  describe (plan);
  if (options.refused != NULL && !save_refused (plan, options.refused, error))
    return crm_cli_judge_error (*error);

  return options.dry_run ? preview (cli, plan, options.all, error) : run (cli, plan, options.all, error);
}

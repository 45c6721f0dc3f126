/* bench-fill.c: fills an account with as many tasks as are wanted, always the same ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-home.h"
#include "bench-start.h"

#include "model/crm-record.h"
#include "store/crm-connection.h"

#include <stdlib.h>
#include <string.h>

/* Days from now within which tasks are due. */
#define DAYS_BEFORE 900
#define DAYS_AFTER 150

#define N_USERS 40
#define N_VENUES 25
#define N_CONTACTS 3000
#define N_COMPANIES 1500
#define N_LEADS 600
#define ME 7

#define COMMON_WORD "contract"
#define COMMON_PERCENT 12
#define RARE_WORD "zeppelin"
#define N_RARE 3

#define YEAR (365 * G_TIME_SPAN_DAY)

static int n_queued;
static gboolean is_plain;

static const char *const verbs[] = {
  "Call", "Write to", "Visit", "Prepare", "Send", "Check", "Discuss", "Review", "Confirm", "Order", "Invoice", "Remind",
  "Plan", "Arrange", "Follow up on", "Collect", "Translate", "Print", "Sign", "Renew", "Cancel", "Compare", "Update",
};
static const char *const adjectives[] = {
  "new", "revised", "open", "late", "annual", "spring", "autumn", "first", "second", "final", "missing", "local", "urgent",
  "yearly", "printed", "signed", "special", "regular", "private", "joint", "seasonal", "technical", "legal", "green",
};
static const char *const things[] = {
  "offer", "menu", "seating plan", "invoice", "deposit", "brochure", "guest list", "floor plan", "quote", "tasting",
  "order", "receipt", "delivery", "sound check", "lighting", "catering", "flowers", "programme", "permit", "insurance",
  "price list", "photo shoot", "banquet", "workshop", "conference", "wedding", "concert", "reception", "rehearsal", "tour",
};
static const char *const given_names[] = {
  "Anna", "Bruno", "Clara", "Dmitri", "Elena", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Luís", "Marta", "Nils",
  "Olga", "Pavel", "Quentin", "Rosa", "Søren", "Tereza", "Ugo", "Vera", "Walter", "Xenia", "Yusuf", "Zoë",
};
static const char *const surnames[] = {
  "Abel", "Brandt", "Castro", "Duarte", "Eriksen", "Fischer", "Girard", "Hofmann", "Ivanov", "Jensen", "Kovács", "Lindqvist",
  "Moreau", "Novák", "Okafor", "Petrov", "Quist", "Rossi", "Schäfer", "Tanaka", "Urban", "Vogel", "Winter", "Young", "Zeman",
};
static const char *const firms[] = {
  "Northwind", "Harbour", "Meridian", "Lakeside", "Granite", "Orchard", "Beacon", "Falcon", "Sterling", "Juniper", "Cobalt",
  "Summit", "Willow", "Atlas", "Crescent", "Ember", "Horizon", "Ivory", "Linden", "Maple", "Nordic", "Onyx", "Prairie",
};
static const char *const trades[] = { "Events", "Foods", "Hotels", "Partners", "Media", "Travel", "Works", "Group", "Studio" };
static const char *const fillers[] = {
  "please", "ask", "about", "the", "hall", "before", "noon", "and", "bring", "a", "copy", "of", "last", "year's", "papers",
  "they", "want", "an", "answer", "by", "Friday", "parking", "for", "forty", "cars", "speak", "with", "manager", "again",
};
static const struct
{
  int         code;
  const char *message;
  const char *more;
} problems[] = {
  { 24395, "The task can't be created", "[\"The *leadId* 99999 does not exist\"]" },
  { 24391, "The task can't be created", "[\"The *endDatetime* is not valid\"]" },
  { 24393, "The task can't be updated", "[\"The *assignedUserId* 412 is not active\",\"The *venueId* is missing\"]" },
};

#define PICK(rand, words) (words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))])

static CrmStatement *
prepare (CrmConnection *connection,
         const char    *sql)
{
  g_autoptr (GError) error = NULL;
  CrmStatement *statement = crm_connection_prepare (connection, sql, &error);

  if (statement == NULL)
    g_error ("%s", error->message);

  return statement;
}

static void
run (CrmStatement *statement)
{
  g_autoptr (GError) error = NULL;

  if (!crm_statement_run (statement, &error))
    g_error ("%s", error->message);
}

static void
exec (CrmConnection *connection,
      const char    *sql)
{
  g_autoptr (GError) error = NULL;

  if (!crm_connection_exec (connection, sql, &error))
    g_error ("%s: %s", sql, error->message);
}

static void
add_record (CrmConnection *connection,
            CrmRecordKind  kind,
            gint64         id,
            const char    *name)
{
  CrmStatement *statement = prepare (connection, "INSERT INTO record (record_id, name) VALUES (?1, ?2)");

  /* As crm-directory.c numbers them. */
  crm_statement_bind_int (statement, 1, ((gint64) kind << 54) + id);
  crm_statement_bind_text (statement, 2, name);
  run (statement);
}

static void
add_records (CrmConnection *connection,
             GRand         *rand)
{
  static const struct
  {
    CrmRecordKind kind;
    int           n;
    gboolean      is_person;
  } kinds[] = {
    { CRM_RECORD_USER, N_USERS, TRUE },        { CRM_RECORD_VENUE, N_VENUES, FALSE },
    { CRM_RECORD_CONTACT, N_CONTACTS, TRUE },  { CRM_RECORD_COMPANY, N_COMPANIES, FALSE },
    { CRM_RECORD_OPPORTUNITY, N_LEADS, FALSE }, { CRM_RECORD_LEAD, N_LEADS, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (int id = 1; id <= kinds[i].n; id++)
      {
        g_autofree char *name =
            kinds[i].is_person ? g_strdup_printf ("%s %s", PICK (rand, given_names), PICK (rand, surnames))
                               : g_strdup_printf ("%s %s %s", PICK (rand, firms), PICK (rand, surnames), PICK (rand, trades));

        add_record (connection, kinds[i].kind, id, name);
      }
}

static char *
make_name (GRand *rand,
           int    i,
           int    n)
{
  GString *name = g_string_new (PICK (rand, verbs));

  if (g_rand_int_range (rand, 0, 2) == 0)
    g_string_append_printf (name, " %s", PICK (rand, adjectives));
  if (g_rand_int_range (rand, 0, 100) < COMMON_PERCENT)
    g_string_append (name, " " COMMON_WORD);
  else
    g_string_append_printf (name, " %s", PICK (rand, things));

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      g_string_append_printf (name, " for %s %s", PICK (rand, firms), PICK (rand, trades));
      break;
    case 1:
      g_string_append_printf (name, " with %s %s", PICK (rand, given_names), PICK (rand, surnames));
      break;
    case 2:
      g_string_append_printf (name, " no. %d", g_rand_int_range (rand, 100, 100000));
      break;
    default:
      break;
    }

  for (int k = 0; k < N_RARE; k++)
    if (i == (int) ((gint64) n * (2 * k + 1) / (2 * N_RARE)))
      g_string_append (name, " " RARE_WORD);

  return g_string_free (name, FALSE);
}

static char *
make_description (GRand *rand)
{
  GString *description;

  if (g_rand_int_range (rand, 0, 10) >= 4)
    return NULL;

  description = g_string_new (NULL);
  for (int i = g_rand_int_range (rand, 6, 30); i > 0; i--)
    g_string_append_printf (description, "%s%s", description->len > 0 ? " " : "", PICK (rand, fillers));

  return g_string_free (description, FALSE);
}

/* From the beginning of this day, so that one day's tasks are always the same. */
static char *
make_due (GRand  *rand,
          gint64  today,
          int    *day)
{
  g_autoptr (GDateTime) due = NULL;

  *day = g_rand_int_range (rand, -DAYS_BEFORE, DAYS_AFTER);
  due = g_date_time_new_from_unix_utc (today + *day * 86400 + g_rand_int_range (rand, 7 * 4, 19 * 4) * 900);

  return g_date_time_format (due, "%Y-%m-%d %H:%M:%S");
}

static int
make_status (GRand *rand,
             int    day)
{
  int at = g_rand_int_range (rand, 0, 100);

  if (day < 0)
    return at < 84 ? CRM_STATUS_COMPLETED : at < 88 ? CRM_STATUS_CANCELLED : at % 3;
  return at < 5 ? CRM_STATUS_COMPLETED : at < 7 ? CRM_STATUS_CANCELLED : at % 3;
}

static CrmSyncState
make_state (GRand    *rand,
            gboolean  is_queued)
{
  int at = g_rand_int_range (rand, 0, 1000);

  if (is_queued)
    return CRM_SYNC_QUEUED;
  return at < 970   ? CRM_SYNC_SYNCED
         : at < 980 ? CRM_SYNC_FAILED
         : at < 990 ? CRM_SYNC_QUEUED
         : at < 997 ? CRM_SYNC_DRAFT
                    : CRM_SYNC_UNCONFIRMED;
}

#define TASK_COLUMNS                                                                                                      \
  "local_id, crm_id, revision, state, name, end_datetime, venue_id, lead_id, contact_id, company_id, priority, "          \
  "assigned_user_id, status, description, dirty, may_be_there, attempts, attempt_id, next_attempt, set_at, "             \
  "problem_class, problem_status, problem_code, problem_message, problem_more, listed"

/* An attempt that the CRM refused, or whose answer was lost. */
static void
add_attempt (CrmConnection *connection,
             gint64         local_id,
             CrmSyncState   state,
             const char    *name,
             gint64         now)
{
  CrmStatement *statement = prepare (connection,
                                     "INSERT INTO attempt (attempt_id, local_id, entry, revision, is_add, body, signed_at, "
                                     "started_at, finished_at, class, http_status) VALUES (?1, ?1, 1, 1, 1, ?2, ?3, ?4, ?4, ?5, ?6)");
  g_autofree char *body = g_strdup_printf ("{\"name\":\"%s\"}", name);

  crm_statement_bind_int (statement, 1, local_id);
  crm_statement_bind_text (statement, 2, body);
  crm_statement_bind_int (statement, 3, now / G_TIME_SPAN_SECOND);
  crm_statement_bind_int (statement, 4, now);
  crm_statement_bind_text (statement, 5, state == CRM_SYNC_FAILED ? "rejected" : "unconfirmed");
  crm_statement_bind_int (statement, 6, state == CRM_SYNC_FAILED ? 200 : 0);
  run (statement);
}

static void
add_task (CrmConnection *connection,
          GRand         *rand,
          int            i,
          int            n,
          gint64         today,
          gint64         now)
{
  CrmStatement *statement = prepare (connection,
                                     "INSERT INTO task (" TASK_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
                                     "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)");
  static const char *const priorities[] = { "low", "medium", "high", NULL };
  gboolean is_queued = i >= n - n_queued;
  CrmSyncState state = make_state (rand, is_queued);
  gboolean has_crm_id = state == CRM_SYNC_SYNCED || (state == CRM_SYNC_QUEUED && !is_queued && i % 2 == 0);
  gboolean has_problem = state == CRM_SYNC_FAILED;
  guint problem = g_rand_int_range (rand, 0, G_N_ELEMENTS (problems));
  g_autofree char *name = make_name (rand, i, n);
  g_autofree char *description = make_description (rand);
  int day;
  g_autofree char *due = make_due (rand, today, &day);
  int owner = g_rand_int_range (rand, 0, 5);
  CrmFieldMask dirty = CRM_FIELD_BIT (CRM_FIELD_NAME);

  if (!has_crm_id)
    dirty = CRM_FIELDS_ALL;
  else if (state == CRM_SYNC_SYNCED)
    dirty = 0;

  crm_statement_bind_int (statement, 1, i + 1);
  crm_statement_bind_id (statement, 2, has_crm_id ? 1000 + 3 * (gint64) i + g_rand_int_range (rand, 0, 3) : 0);
  crm_statement_bind_int (statement, 3, 1);
  crm_statement_bind_text (statement, 4, crm_sync_state_get_nick (state));
  crm_statement_bind_text (statement, 5, name);
  crm_statement_bind_text (statement, 6, due);
  crm_statement_bind_id (statement, 7, owner == 2 ? g_rand_int_range (rand, 1, N_VENUES + 1) : 0);
  crm_statement_bind_id (statement, 8, owner == 2 ? g_rand_int_range (rand, 1, N_LEADS + 1) : 0);
  crm_statement_bind_id (statement, 9, owner == 1 ? g_rand_int_range (rand, 1, N_CONTACTS + 1) : 0);
  crm_statement_bind_id (statement, 10, owner == 0 ? g_rand_int_range (rand, 1, N_COMPANIES + 1) : 0);
  crm_statement_bind_text (statement, 11, priorities[g_rand_int_range (rand, 0, G_N_ELEMENTS (priorities))]);
  crm_statement_bind_id (statement, 12, g_rand_int_range (rand, 0, N_USERS + 1));
  crm_statement_bind_int (statement, 13, make_status (rand, day));
  crm_statement_bind_text (statement, 14, description);
  crm_statement_bind_int (statement, 15, dirty);
  crm_statement_bind_int (statement, 16, state == CRM_SYNC_UNCONFIRMED);
  crm_statement_bind_int (statement, 17, has_problem || state == CRM_SYNC_UNCONFIRMED);
  crm_statement_bind_id (statement, 18, has_problem || state == CRM_SYNC_UNCONFIRMED ? i + 1 : 0);
  crm_statement_bind_int (statement, 19, state == CRM_SYNC_QUEUED && !is_queued ? now + YEAR : 0);
  crm_statement_bind_int (statement, 20, state == CRM_SYNC_QUEUED ? now : 0);
  crm_statement_bind_text (statement, 21, has_problem ? "rejected" : NULL);
  crm_statement_bind_int (statement, 22, has_problem ? 200 : 0);
  crm_statement_bind_int (statement, 23, has_problem ? problems[problem].code : 0);
  crm_statement_bind_text (statement, 24, has_problem ? problems[problem].message : NULL);
  crm_statement_bind_text (statement, 25, has_problem ? problems[problem].more : NULL);
  crm_statement_bind_int (statement, 26, state == CRM_SYNC_SYNCED);
  run (statement);

  if (has_problem || state == CRM_SYNC_UNCONFIRMED)
    add_attempt (connection, i + 1, state, name, now);
}

static void
fill (const char *path,
      int         n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, &error);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  gint64 now = g_get_real_time ();
  gint64 today = now / G_TIME_SPAN_DAY * 86400;

  if (connection == NULL)
    g_error ("%s", error->message);

  /* Nobody else has it open, and an unfinished one is thrown away. */
  exec (connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA secure_delete = OFF");
  exec (connection, "BEGIN");
  add_records (connection, rand);
  for (int i = 0; i < n; i++)
    add_task (connection, rand, i, n, today, now);
  exec (connection, "UPDATE queue SET my_user_id = " G_STRINGIFY (ME));
  exec (connection, "COMMIT");
  exec (connection, "PRAGMA journal_mode = WAL");
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "queued", 0, 0, G_OPTION_ARG_INT, &n_queued, "How many of them, the last ones, wait to be sent at once", "K" },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &is_plain, "FOLDER is the account’s own, not what XDG_DATA_HOME will be", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("FOLDER N");
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  CrmStore *store;

  bench_start (argv);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Usage: bench-fill FOLDER N [--queued K] [--plain]");
      return EXIT_FAILURE;
    }

  if (is_plain)
    {
      folder = g_strdup (argv[1]);
    }
  else
    {
      bench_home_use (argv[1]);
      folder = bench_home_get_folder ();
    }
  path = g_build_filename (folder, "tasks.db", NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_error ("%s is there already", path);

  store = bench_home_open (folder);
  g_object_unref (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  fill (path, atoi (argv[2]));

  g_print ("folder %s\n", folder);
  bench_print ("fill_ms", bench_start_get_time ());
  return EXIT_SUCCESS;
}

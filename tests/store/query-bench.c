/* query-bench.c: a database of tasks of every kind, and all the ways in which the app asks for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "query-bench.h"

#include "store/crm-connection.h"

#include "model/crm-record.h"
#include "ui/crm-place.h"

/* 2026-06-15 12:34:56 UTC */
#define NOW (G_GINT64_CONSTANT (1781526896) * G_TIME_SPAN_SECOND)

#define ME 7

/* Far from the others. */
#define FAR_LOCAL_ID G_GINT64_CONSTANT (5000000000)

#define LARGEST_ID G_GINT64_CONSTANT (9007199254740991)

#define STATE_BIT(state) (1u << (state))
#define ALL_STATES ((1u << CRM_N_SYNC_STATES) - 1)

const char *const bench_searches[] = {
  NULL,
  "call",                    /* common */
  "zebra",                   /* rare */
  "nowhere",                 /* none */
  "call back",               /* two words */
  "cafe",                    /* with an accent in the tasks */
  "acme",                    /* in records' names alone */
  "acme call",               /* one in names, the other in tasks */
  "755",                     /* a number of tasks and of what they name, and a word */
  "75",                      /* its beginning */
  "#755",
  "call 7",                  /* a number that many begin with */
  "9007199254740991",        /* the largest number */
  "24392",                   /* a problem's code */
  "O'Brien",                 /* two words together */
  "\"quoted\" call",
  "\" * ( -",                /* nothing to be found by */
  "- call",                  /* likewise, and a word that is in names too */
  "755 & call",              /* likewise, and a number */
  " \t",                     /* nothing at all */
};
const guint bench_n_searches = G_N_ELEMENTS (bench_searches);

static const char *const names[] = {
  "Call", "call", "CALL back", "Call back the café", "Café", "café call", "CAFE", "Émile", "émile", "Emile", "Zoë calls", "zoe",
  "Überprüfung", "überprüfung", "755 Elm Street", "Room 7551", "O'Brien", "O Brien", "Brien", "o'briens call", "\"Quoted\" call", "Alpha", "alpha", "ALPHA",
  "beta", "Beta", "_under", "[bracket", "~tilde", "", "Write the contract", "write THE contract",
};

static const char *const descriptions[] = {
  "", "Call back before noon", "call", "The café is closed", "<p>Bring the contract</p>", "O'Brien said so", "back", "Ask for 755",
};

static const char *const messages[] = { "name: *Required*", "Call the administrator", "Invalid item selected 24392", "" };

static const char *const record_names[] = {
  "Acme", "acme Ltd", "ACME Café", "Blue", "blue", "Ünal", "ünal", "755 Club", "O'Brien", "Zoë", "", "Call Centre", "acme",
};

static gboolean
chance (GRand *rand,
        guint  percent)
{
  return (guint) g_rand_int_range (rand, 0, 100) < percent;
}

static void
run (CrmStatement *statement)
{
  g_autoptr (GError) error = NULL;

  crm_statement_run (statement, &error);
  g_assert_no_error (error);
}

static CrmStatement *
prepare (CrmConnection *connection,
         const char    *sql)
{
  g_autoptr (GError) error = NULL;
  CrmStatement *statement = crm_connection_prepare (connection, sql, &error);

  g_assert_no_error (error);
  return statement;
}

static void
exec (CrmConnection *connection,
      const char    *sql)
{
  g_autoptr (GError) error = NULL;

  crm_connection_exec (connection, sql, &error);
  g_assert_no_error (error);
}

/* Of each kind some that tasks name have a name here, some have none, and some are of no task. */
static void
fill_records (CrmConnection *connection,
              GRand         *rand)
{
  static const gint64 ids[] = { 1, 2, 3, 5, 7, 8, 10, 11, 13, 15, 17, 18, 20, 22, 755, 7550, 1000001, LARGEST_ID };

  for (guint kind = 0; kind < CRM_N_RECORD_KINDS; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
      {
        CrmStatement *statement =
            prepare (connection, "INSERT INTO record (record_id, name, words) VALUES ((?1 << 54) + ?2, ?3, 'nowhere')");

        crm_statement_bind_int (statement, 1, kind);
        crm_statement_bind_int (statement, 2, ids[i]);
        crm_statement_bind_text (statement, 3, record_names[g_rand_int_range (rand, 0, G_N_ELEMENTS (record_names))]);
        run (statement);
      }
}

static const char *
make_state (GRand *rand)
{
  int n = g_rand_int_range (rand, 0, 100);

  return crm_sync_state_get_nick (n < 60   ? CRM_SYNC_SYNCED
                                  : n < 78 ? CRM_SYNC_QUEUED
                                  : n < 90 ? CRM_SYNC_DRAFT
                                  : n < 96 ? CRM_SYNC_FAILED
                                  : n < 98 ? CRM_SYNC_UNCONFIRMED
                                           : CRM_SYNC_SENDING);
}

/* Few numbers, so that many are the same. */
static gint64
make_owner (GRand *rand)
{
  int n = g_rand_int_range (rand, 0, 200);

  return n == 0 ? LARGEST_ID : n < 4 ? 755 : n < 6 ? 7550 + n : n < 8 ? 75 : 1 + n % 23;
}

static void
bind_owner (CrmStatement *statement,
            int           index,
            GRand        *rand,
            guint         percent)
{
  if (chance (rand, percent))
    crm_statement_bind_int (statement, index, make_owner (rand));
}

static void
bind_some (CrmStatement      *statement,
           int                index,
           GRand             *rand,
           guint              percent,
           const char *const *texts,
           guint              n_texts)
{
  if (chance (rand, percent))
    crm_statement_bind_text (statement, index, texts[g_rand_int_range (rand, 0, (int) n_texts)]);
}

static void
bind_name (CrmStatement *statement,
           GRand        *rand,
           guint         i)
{
  g_autofree char *numbered = NULL;

  if (i % 1499 == 7)
    crm_statement_bind_text (statement, 4, "Zebra call");
  else if (chance (rand, 20))
    {
      numbered = g_strdup_printf ("%s %u", names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))], (guint) g_rand_int_range (rand, 0, 9999));
      crm_statement_bind_text (statement, 4, numbered);
    }
  else
    bind_some (statement, 4, rand, 95, names, G_N_ELEMENTS (names));
}

static void
bind_due (CrmStatement *statement,
          GRand        *rand)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (NOW / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) due = NULL;
  g_autofree char *text = NULL;
  int n = g_rand_int_range (rand, 0, 100);

  if (n < 8)
    return;

  due = n < 30 ? g_date_time_add_days (now, n - 19) : g_date_time_add_seconds (now, g_rand_int_range (rand, -20 * 86400, 20 * 86400));
  text = g_date_time_format (due, "%Y-%m-%d %H:%M:%S");
  crm_statement_bind_text (statement, 5, text);
}

static void
bind_problem (CrmStatement *statement,
              GRand        *rand)
{
  static const char *const classes[] = { "rejected", "trouble" };
  static const gint64 codes[] = { 0, 0, BENCH_CODE, 24114, 7551, 23005 };

  bind_some (statement, 14, rand, 15, classes, G_N_ELEMENTS (classes));
  crm_statement_bind_int (statement, 15, chance (rand, 20) ? codes[g_rand_int_range (rand, 0, G_N_ELEMENTS (codes))] : 0);
  crm_statement_bind_int (statement, 16, chance (rand, 20) ? codes[g_rand_int_range (rand, 0, G_N_ELEMENTS (codes))] : 0);
  bind_some (statement, 17, rand, 15, messages, G_N_ELEMENTS (messages));
  bind_some (statement, 18, rand, 10, messages, G_N_ELEMENTS (messages));
}

static void
insert_task (CrmConnection *connection,
             GRand         *rand,
             gint64         local_id,
             guint          i)
{
  static const char *const priorities[] = { "low", "medium", "high", "high", "urgent" };
  CrmStatement *statement = prepare (
      connection, "INSERT INTO task (local_id, revision, state, crm_id, name, end_datetime, venue_id, lead_id, contact_id, company_id,"
                  " priority, assigned_user_id, status, description, problem_class, problem_code, problem_error_code, problem_message,"
                  " problem_more, may_be_there, released)"
                  " VALUES (?1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 0)");

  crm_statement_bind_int (statement, 1, local_id);
  crm_statement_bind_text (statement, 2, make_state (rand));
  if (i == 40)
    crm_statement_bind_int (statement, 3, LARGEST_ID);
  else if (chance (rand, 70))
    crm_statement_bind_int (statement, 3, 700 + (gint64) i * 7919 % 100003);
  bind_name (statement, rand, i);
  bind_due (statement, rand);
  bind_owner (statement, 6, rand, 40);
  bind_owner (statement, 7, rand, 30);
  bind_owner (statement, 8, rand, 30);
  bind_owner (statement, 9, rand, 30);
  bind_some (statement, 10, rand, 60, priorities, G_N_ELEMENTS (priorities));
  bind_owner (statement, 11, rand, 70);
  if (chance (rand, 75))
    crm_statement_bind_int (statement, 12, g_rand_int_range (rand, 0, 6));
  bind_some (statement, 13, rand, 50, descriptions, G_N_ELEMENTS (descriptions));
  bind_problem (statement, rand);
  crm_statement_bind_int (statement, 19, chance (rand, 5));
  run (statement);
}

/**
 * bench_fill:
 * @folder: a store's folder; it has the schema already, and no task
 * @n_tasks: how many tasks to make; a few of them are removed again, and one is far from the others
 * @seed: the same makes the same
 */
void
bench_fill (const char *folder,
            guint       n_tasks,
            guint32     seed)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmConnection) connection = crm_connection_open (path, FALSE, &error);

  g_assert_no_error (error);
  exec (connection, "BEGIN");
  fill_records (connection, rand);
  for (guint i = 1; i <= n_tasks; i++)
    insert_task (connection, rand, i, i);
  insert_task (connection, rand, FAR_LOCAL_ID, n_tasks + 1);
  exec (connection, "DELETE FROM task WHERE local_id % 97 = 3");
  exec (connection, "UPDATE task SET name = 'renamed call', state = 'queued' WHERE local_id % 89 = 5");
  exec (connection, "COMMIT");
}

static BenchPlace *
add_place (GPtrArray  *places,
           const char *name)
{
  BenchPlace *place = g_new0 (BenchPlace, 1);

  place->name = name;
  place->query = crm_task_query_new ();
  g_ptr_array_add (places, place);

  return place;
}

static void
place_free (gpointer data)
{
  BenchPlace *self = data;

  crm_task_query_free (self->query);
  g_free (self);
}

static void
add_states (GPtrArray  *places,
            const char *name,
            guint       states,
            gint64      code)
{
  BenchPlace *place = add_place (places, name);

  place->query->states = states;
  place->query->code = code;
}

static void
add_due (GPtrArray  *places,
         const char *name,
         const char *from,
         const char *before,
         gboolean    open,
         gint64      assignee)
{
  BenchPlace *place = add_place (places, name);

  place->query->due_from = g_strdup (from);
  place->query->due_before = g_strdup (before);
  place->query->open = open;
  place->query->assignee = assignee;
}

/**
 * bench_places:
 *
 * Returns: (transfer full) (element-type BenchPlace): every place of the window, and every filter that there is
 */
GPtrArray *
bench_places (void)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (place_free);
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (2 * 3600);
  const CrmPlace *place;

  for (guint i = 0; (place = crm_place_get (i)) != NULL; i++)
    {
      crm_place_fill_query (place, NOW, zone, ME, add_place (places, place->name)->query);
      if (place->time == CRM_PLACE_MINE)
        crm_place_fill_query (place, NOW, zone, 0, add_place (places, "nobody’s")->query);
    }

  add_states (places, "most states", ALL_STATES & ~STATE_BIT (CRM_SYNC_FAILED), 0);
  add_states (places, "all states", ALL_STATES, 0);
  add_states (places, "four states", ALL_STATES & ~STATE_BIT (CRM_SYNC_SYNCED) & ~STATE_BIT (CRM_SYNC_DRAFT), 0);
  add_states (places, "code", 0, BENCH_CODE);
  add_states (places, "code, failed", STATE_BIT (CRM_SYNC_FAILED), BENCH_CODE);
  add_states (places, "code, most states", ALL_STATES & ~STATE_BIT (CRM_SYNC_DRAFT), BENCH_CODE);
  add_due (places, "open", NULL, NULL, TRUE, 0);
  add_due (places, "due", "2026-06-10 00:00:00", "2026-06-16 12:34:56", FALSE, 0);
  add_due (places, "due from", "2026-06-16 12:34:56", NULL, FALSE, 0);
  add_due (places, "due from, open", "2026-06-16 12:34:56", NULL, TRUE, 0);
  add_due (places, "assignee", NULL, NULL, FALSE, ME);
  add_due (places, "assignee, due, open", "2026-06-01 00:00:00", "2026-06-20 00:00:00", TRUE, ME);
  add_due (places, "due, most states", "2026-05-20 00:00:00", "2026-07-10 00:00:00", TRUE, 0);
  ((BenchPlace *) g_ptr_array_index (places, places->len - 1))->query->states = ALL_STATES & ~STATE_BIT (CRM_SYNC_QUEUED);

  return places;
}

/**
 * bench_set_sort:
 * @query: a query
 * @sort: less than %BENCH_N_SORTS
 */
void
bench_set_sort (CrmTaskQuery *query,
                guint         sort)
{
  query->sort = MIN (sort, CRM_SORT_FIELD);
  query->field = sort >= CRM_SORT_FIELD ? sort - CRM_SORT_FIELD : 0;
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

/**
 * bench_query:
 * @store: a store
 * @query: a query
 *
 * Returns: (transfer full) (element-type gint64): what it finds
 */
GArray *
bench_query (CrmStore           *store,
             const CrmTaskQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = NULL;
  GArray *ids;

  crm_store_query_async (store, query, 0, NULL, NULL, NULL, on_ready, &result);
  list = crm_store_query_finish (store, wait_for (&result), &error);
  ids = crm_id_list_to_array (list);
  g_assert_no_error (error);

  return ids;
}

/**
 * bench_count:
 * @store: a store
 * @query: a query
 *
 * Returns: how many it finds
 */
gint64
bench_count (CrmStore           *store,
             const CrmTaskQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 n;

  crm_store_count_async (store, query, NULL, on_ready, &result);
  n = crm_store_count_finish (store, wait_for (&result), &error);
  g_assert_no_error (error);

  return n;
}

/* test-directory.c: what tasks name, found by its name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "inbox-bench.h"

#include "store/crm-directory.h"

#include <string.h>

typedef struct
{
  char     *folder;
  CrmStore *store;
  guint     names_announced;
} Fixture;

static void
on_names_changed (CrmStore *store,
                  Fixture  *f)
{
  f->names_announced++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  g_signal_connect (f->store, "names-changed", G_CALLBACK (on_names_changed), f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  bench_exec (f->folder, "INSERT INTO record_search (record_search, rank) VALUES ('integrity-check', 1)");
  g_assert_finalize_object (f->store);
  bench_remove_folder (f->folder);
  g_free (f->folder);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GPtrArray *
search (Fixture       *f,
        CrmRecordKind  kind,
        const char    *text,
        guint          most)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *found;

  crm_directory_search_async (f->store, kind, text, most, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  found = crm_directory_search_finish (f->store, result, &error);
  g_assert_no_error (error);

  return found;
}

/* `wanted`: ids, a space after each. */
static void
assert_found (Fixture       *f,
              CrmRecordKind  kind,
              const char    *text,
              const char    *wanted)
{
  g_autoptr (GPtrArray) found = search (f, kind, text, 10);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const CrmRecord *record = found->pdata[i];

      g_assert_cmpint (record->kind, ==, kind);
      g_string_append_printf (ids, "%" G_GINT64_FORMAT " ", record->id);
    }
  g_test_message ("search “%s”", text);
  g_assert_cmpstr (ids->str, ==, wanted);
}

/* The contacts that the CRM has. */
static CrmPage *
contacts (void)
{
  CrmPage *page = bench_page_new (0, FALSE);
  CrmRecord *record;

  bench_page_add_record (page, CRM_RECORD_CONTACT, 1, "Zoë Müller");
  record = bench_page_add_record (page, CRM_RECORD_CONTACT, 2, "John Smith");
  record->detail = g_strdup ("john@example.com");
  record->words = g_strdup ("john@example.com Acme");
  record->companies = g_strdup ("7 8");
  record = bench_page_add_record (page, CRM_RECORD_CONTACT, 3, "John Smith");
  record->detail = g_strdup ("smith@example.org");
  record->words = g_strdup ("smith@example.org 5551234");
  bench_page_add_record (page, CRM_RECORD_CONTACT, 4, "Anna 12 Berg");
  record = bench_page_add_record (page, CRM_RECORD_CONTACT, 5, "Adam Berg");
  record->closed = TRUE;
  bench_page_add_record (page, CRM_RECORD_CONTACT, 12, "Carl O'Neill");
  page->total = page->ids->len;

  return page;
}

static void
pull_contacts (Fixture *f)
{
  bench_pull (f->store, CRM_LIST_CONTACTS, CRM_RUN_SWEEP, contacts ());
}

static gint64
add_with (Fixture    *f,
          const char *owner)
{
  g_autoptr (CrmTask) task = bench_add (f->store, "Names somebody", TRUE);
  g_autoptr (CrmTask) edited = bench_edit (f->store, crm_task_get_local_id (task), owner, CRM_EDIT_KEEP);

  return crm_task_get_local_id (edited);
}

static void
test_words (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *text;
    const char *found;
  } searches[] = {
    { "smith john", "3 2 " }, { "jo sm", "3 2 " },     { "sm jo acme", "2 " },   { "john@ex", "2 " },
    { "muller", "1 " },       { "MÜLLER zoe", "1 " },  { "  müll ", "1 " },      { "uller", "" },
    { "john berg", "" },      { "berg", "4 5 " },      { "berg ad", "5 " },      { "5551", "3 " },
    { "o'neill", "12 " },     { "neill", "12 " },      { "\"", "" },             { "* OR john", "3 " },
    { "berg -anna", "4 " },
  };
  g_autoptr (CrmRecord) record = NULL;

  pull_contacts (f);
  bench_pull (f->store, CRM_LIST_VENUES, CRM_RUN_SWEEP, bench_page_new (0, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    assert_found (f, CRM_RECORD_CONTACT, searches[i].text, searches[i].found);
  assert_found (f, CRM_RECORD_VENUE, "john", "");
  assert_found (f, CRM_RECORD_USER, "john", "");

  /* By name, closed last. */
  assert_found (f, CRM_RECORD_CONTACT, "", "4 12 2 3 1 5 ");

  record = crm_directory_find (f->store, CRM_RECORD_CONTACT, 2);
  g_assert_cmpstr (record->detail, ==, "john@example.com");
  g_assert_cmpstr (record->companies, ==, "7 8");
  g_assert_null (crm_directory_find (f->store, CRM_RECORD_VENUE, 2));
  g_assert_null (crm_directory_find (f->store, CRM_RECORD_CONTACT, 99));
}

static void
test_details (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr (GPtrArray) found = NULL;
  const CrmRecord *first, *second;

  pull_contacts (f);
  found = search (f, CRM_RECORD_CONTACT, "john smith", 10);
  g_assert_cmpuint (found->len, ==, 2);
  first = found->pdata[0];
  second = found->pdata[1];
  g_assert_cmpstr (first->name, ==, second->name);
  g_assert_cmpstr (first->detail, !=, second->detail);
}

/* A number means the record of that number before one that has it in its name, and each is found once. */
static void
test_numbers (Fixture       *f,
              gconstpointer  data)
{
  pull_contacts (f);
  assert_found (f, CRM_RECORD_CONTACT, "12", "12 4 ");
  assert_found (f, CRM_RECORD_CONTACT, "#12", "12 4 ");
  assert_found (f, CRM_RECORD_CONTACT, "#3", "3 ");
  assert_found (f, CRM_RECORD_CONTACT, "99", "");
  assert_found (f, CRM_RECORD_CONTACT, "9999999999999999999999", "");
  assert_found (f, CRM_RECORD_CONTACT, "9223372036854775807", "");

  /* Chosen lately, and with its number in its name. */
  bench_exec (f->folder, "UPDATE record SET name = 'Carl 12' WHERE record_id = (5 << 54) + 12");
  add_with (f, "contactId=12");
  assert_found (f, CRM_RECORD_CONTACT, "12", "12 4 ");
}

static void
test_recent (Fixture       *f,
             gconstpointer  data)
{
  gint64 id;

  pull_contacts (f);
  add_with (f, "contactId=3");
  assert_found (f, CRM_RECORD_CONTACT, "john", "3 2 ");
  add_with (f, "contactId=1");
  assert_found (f, CRM_RECORD_CONTACT, "", "1 3 4 12 2 5 ");
  assert_found (f, CRM_RECORD_CONTACT, "john", "3 2 ");

  id = add_with (f, "contactId=2");
  assert_found (f, CRM_RECORD_CONTACT, "smith jo", "2 3 ");
  /* What was not chosen is not chosen again. */
  add_with (f, "contactId=3");
  g_object_unref (bench_rename (f->store, id, "Another"));
  assert_found (f, CRM_RECORD_CONTACT, "john", "3 2 ");

  /* A pull that brings it anew forgets nothing of that. */
  {
    CrmPage *page = contacts ();
    CrmRecord *third = page->records->pdata[2];

    g_free (third->detail);
    third->detail = g_strdup ("new@example.org");
    g_assert_cmpuint (bench_pull (f->store, CRM_LIST_CONTACTS, CRM_RUN_CHANGES, page), ==, 1);
  }
  assert_found (f, CRM_RECORD_CONTACT, "john", "3 2 ");
}

static void
test_updates (Fixture       *f,
              gconstpointer  data)
{
  CrmPage *page;
  CrmRecord *record;

  pull_contacts (f);
  g_assert_cmpuint (f->names_announced, >, 0);
  f->names_announced = 0;
  g_assert_cmpuint (bench_pull (f->store, CRM_LIST_CONTACTS, CRM_RUN_SWEEP, contacts ()), ==, 0);
  g_assert_cmpuint (f->names_announced, ==, 0);

  page = contacts ();
  record = page->records->pdata[1];
  g_free (record->name);
  record->name = g_strdup ("Jane Doe");
  g_free (record->words);
  record->words = NULL;
  g_assert_cmpuint (bench_pull (f->store, CRM_LIST_CONTACTS, CRM_RUN_SWEEP, page), ==, 1);
  g_assert_cmpuint (f->names_announced, ==, 1);
  assert_found (f, CRM_RECORD_CONTACT, "john", "3 ");
  assert_found (f, CRM_RECORD_CONTACT, "jane", "2 ");
  assert_found (f, CRM_RECORD_CONTACT, "acme", "");
  bench_exec (f->folder, "INSERT INTO record_search (record_search, rank) VALUES ('integrity-check', 1)");

  /* What a sweep does not find goes, with its words; other kinds stay. */
  page = bench_page_new (1, FALSE);
  bench_page_add_record (page, CRM_RECORD_VENUE, 2, "John’s Hall");
  bench_pull (f->store, CRM_LIST_VENUES, CRM_RUN_SWEEP, page);
  page = bench_page_new (1, FALSE);
  bench_page_add_record (page, CRM_RECORD_CONTACT, 1, "Zoë Müller");
  bench_pull (f->store, CRM_LIST_CONTACTS, CRM_RUN_SWEEP, page);
  assert_found (f, CRM_RECORD_CONTACT, "john", "");
  assert_found (f, CRM_RECORD_CONTACT, "", "1 ");
  assert_found (f, CRM_RECORD_VENUE, "john", "2 ");
  g_assert_cmpint (bench_ask (f->folder, "SELECT count(*) FROM record_search WHERE record_search MATCH 'john OR jane OR smith'"), ==, 1);
}

static void
test_names (Fixture       *f,
            gconstpointer  data)
{
  static const CrmList lists[] = { CRM_LIST_VENUES, CRM_LIST_USERS, CRM_LIST_OPPORTUNITIES, CRM_LIST_LEADS, CRM_LIST_COMPANIES };
  static const char *const names[] = { "The hall", "Una User", "The deal", "Lea Lead", "Acme" };
  gint64 with_venue, alone, group;
  g_autoptr (CrmTask) first = NULL;
  g_autoptr (CrmTask) second = NULL;
  g_autoptr (CrmTask) third = NULL;

  pull_contacts (f);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      CrmPage *page = bench_page_new (1, FALSE);
      CrmRecordKind kind;

      g_assert_true (crm_list_get_record_kind (lists[i], &kind));
      bench_page_add_record (page, kind, 2, names[i]);
      bench_pull (f->store, lists[i], CRM_RUN_SWEEP, page);
    }

  with_venue = add_with (f, "venueId=2|leadId=2|assignedUserId=2");
  first = bench_read (f->store, with_venue);
  g_assert_cmpstr (crm_task_get_name_of (first, CRM_FIELD_VENUE), ==, "The hall");
  g_assert_cmpstr (crm_task_get_name_of (first, CRM_FIELD_LEAD), ==, "The deal");
  g_assert_cmpstr (crm_task_get_name_of (first, CRM_FIELD_ASSIGNED_USER), ==, "Una User");
  g_assert_null (crm_task_get_name_of (first, CRM_FIELD_CONTACT));
  g_assert_null (crm_task_get_name_of (first, CRM_FIELD_NAME));

  alone = add_with (f, "leadId=2");
  second = bench_read (f->store, alone);
  g_assert_cmpstr (crm_task_get_name_of (second, CRM_FIELD_LEAD), ==, "Lea Lead");

  group = add_with (f, "contactId=2|companyId=2|assignedUserId=77");
  third = bench_read (f->store, group);
  g_assert_cmpstr (crm_task_get_name_of (third, CRM_FIELD_CONTACT), ==, "John Smith");
  g_assert_cmpstr (crm_task_get_name_of (third, CRM_FIELD_COMPANY), ==, "Acme");
  g_assert_null (crm_task_get_name_of (third, CRM_FIELD_ASSIGNED_USER));
}

static void
test_me (Fixture       *f,
         gconstpointer  data)
{
  static const gint64 ids[] = { 5, 0, 9007199254740991 };

  g_assert_cmpint (crm_directory_get_me (f->store), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;

      crm_directory_set_me_async (f->store, ids[i], on_ready, &result);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_true (crm_directory_set_me_finish (f->store, result, NULL));
      g_assert_cmpint (crm_directory_get_me (f->store), ==, ids[i]);
      g_assert_cmpuint (f->names_announced, ==, i + 1);
    }

  g_assert_finalize_object (f->store);
  f->store = bench_open (f->folder);
  g_assert_cmpint (crm_directory_get_me (f->store), ==, ids[2]);
}

static char *
explain (Fixture    *f,
         const char *sql)
{
  g_autofree char *path = g_build_filename (f->folder, "tasks.db", NULL);
  g_autofree char *question = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, TRUE, NULL);
  g_autoptr (CrmStatement) plan = NULL;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean has_row;

  plan = crm_connection_prepare (connection, g_intern_string (question), &error);
  g_assert_no_error (error);
  while (crm_statement_step (plan, &has_row, NULL) && has_row)
    g_string_append_printf (lines, "%s\n", crm_statement_get_text (plan, 3));

  return g_string_free (g_steal_pointer (&lines), FALSE);
}

/* However many there are, an index gives the few that are shown, in order. */
static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  CrmPage *page = bench_page_new (10000, FALSE);
  g_autofree char *by_words = NULL;
  g_autofree char *by_name = NULL;
  g_autofree char *recent = NULL;
  g_autoptr (GPtrArray) few = NULL;

  for (gint64 id = 1; id <= 10000; id++)
    {
      g_autofree char *name = g_strdup_printf ("Company %05" G_GINT64_FORMAT " Ltd", 10001 - id);

      bench_page_add_record (page, CRM_RECORD_COMPANY, id, name);
    }
  g_assert_cmpuint (bench_pull (f->store, CRM_LIST_COMPANIES, CRM_RUN_SWEEP, page), ==, 10000);
  assert_found (f, CRM_RECORD_COMPANY, "ltd 0999", "11 10 9 8 7 6 5 4 3 2 ");
  assert_found (f, CRM_RECORD_COMPANY, "", "10000 9999 9998 9997 9996 9995 9994 9993 9992 9991 ");
  few = search (f, CRM_RECORD_COMPANY, "company", 25);
  g_assert_cmpuint (few->len, ==, 25);
  add_with (f, "companyId=5000");
  assert_found (f, CRM_RECORD_COMPANY, "company 05001", "5000 ");

  by_words = explain (f, "SELECT r.name, r.detail FROM record_search s JOIN record r ON r.record_id = s.rowid"
                         " WHERE record_search MATCH ?4 AND s.rowid >= ?1 AND s.rowid < ?2 ORDER BY s.rowid DESC LIMIT ?3");
  g_assert_nonnull (strstr (by_words, "SCAN s VIRTUAL TABLE INDEX"));
  g_assert_nonnull (strstr (by_words, "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)"));
  g_assert_null (strstr (by_words, "TEMP B-TREE"));

  by_name = explain (f, "SELECT r.name, r.detail FROM record r INDEXED BY record_name WHERE r.record_id >> 54 = ?1 >> 54 AND ?2 > 0"
                        " ORDER BY r.name COLLATE NOCASE LIMIT ?3");
  g_assert_cmpstr (by_name, ==, "SEARCH r USING INDEX record_name (<expr>=?)\n");

  recent = explain (f, "SELECT r.name, r.detail FROM record r INDEXED BY record_used WHERE used_at > 0 AND record_id >= ?1 AND record_id < ?2"
                       " ORDER BY used_at DESC LIMIT ?3");
  g_assert_nonnull (strstr (recent, "USING INDEX record_used"));
  g_assert_null (strstr (recent, "TEMP B-TREE"));
}

/* The statements are the ones explained above: without its index each is not run at all. */
static void
test_indexes (Fixture       *f,
              gconstpointer  index)
{
  g_autofree char *drop = g_strdup_printf ("DROP INDEX %s", (const char *) index);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bench_exec (f->folder, drop);
  crm_directory_search_async (f->store, CRM_RECORD_CONTACT, "", 10, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (crm_directory_search_finish (f->store, result, &error));
  g_assert_nonnull (strstr (error->message, index));
}

#define ADD(path, func, data) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/directory/words", test_words, NULL);
  ADD ("/directory/details", test_details, NULL);
  ADD ("/directory/numbers", test_numbers, NULL);
  ADD ("/directory/recent", test_recent, NULL);
  ADD ("/directory/updates", test_updates, NULL);
  ADD ("/directory/names", test_names, NULL);
  ADD ("/directory/me", test_me, NULL);
  ADD ("/directory/many", test_many, NULL);
  ADD ("/directory/indexes/name", test_indexes, "record_name");
  ADD ("/directory/indexes/used", test_indexes, "record_used");

  return g_test_run ();
}

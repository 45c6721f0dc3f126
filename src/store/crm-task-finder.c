/* crm-task-finder.c: the tasks that a query's filters leave
 *
 * Each filter is a range of an index of its own, or a word of the search; what is left is in all of them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-task-finder.h"

#include "store/crm-directory.h"
#include "store/crm-store-private.h"

#include "model/crm-record.h"

#include <string.h>

/* Whether the asker has lost interest is looked up each so many rows. */
#define LOOK_UP 1024

/* A number is found by its beginning: 7 finds 7, 70 to 79, 700 to 799 and so on, up to the longest that an id can be. */
#define MOST_DIGITS 16

static const char open_sql[] = "SELECT local_id FROM task INDEXED BY task_open WHERE (status IS NULL OR status NOT IN (3, 4))"
                               " AND end_datetime >= ?1 AND end_datetime < ?2";
static const char due_sql[] = "SELECT local_id FROM task INDEXED BY task_when WHERE end_datetime >= ?1 AND end_datetime < ?2";

/* In the order of CrmRecordKind. */
static const char *const named_sqls[] = {
  "SELECT local_id FROM task INDEXED BY task_venue WHERE venue_id = ?1",
  "SELECT local_id FROM task INDEXED BY task_assigned WHERE assigned_user_id = ?1",
  "SELECT local_id FROM task INDEXED BY task_lead WHERE lead_id = ?1 AND venue_id IS NOT NULL",
  "SELECT local_id FROM task INDEXED BY task_lead WHERE lead_id = ?1 AND venue_id IS NULL",
  "SELECT local_id FROM task INDEXED BY task_company WHERE company_id = ?1",
  "SELECT local_id FROM task INDEXED BY task_contact WHERE contact_id = ?1",
};

G_STATIC_ASSERT (G_N_ELEMENTS (named_sqls) == CRM_N_RECORD_KINDS && CRM_RECORD_USER == 1 && CRM_RECORD_OPPORTUNITY == 2 &&
                 CRM_RECORD_LEAD == 3 && CRM_RECORD_COMPANY == 4 && CRM_RECORD_CONTACT == 5);

static const char *const numbered_sqls[] = {
  "SELECT local_id FROM task WHERE crm_id >= ?1 AND crm_id <= ?2",
  "SELECT local_id FROM task INDEXED BY task_venue WHERE venue_id >= ?1 AND venue_id <= ?2",
  "SELECT local_id FROM task INDEXED BY task_assigned WHERE assigned_user_id >= ?1 AND assigned_user_id <= ?2",
  "SELECT local_id FROM task INDEXED BY task_lead WHERE lead_id >= ?1 AND lead_id <= ?2",
  "SELECT local_id FROM task INDEXED BY task_company WHERE company_id >= ?1 AND company_id <= ?2",
  "SELECT local_id FROM task INDEXED BY task_contact WHERE contact_id >= ?1 AND contact_id <= ?2",
};

/* Adds what a bound statement lists. */
static gboolean
add_found (CrmIdSet      *ids,
           CrmStatement  *statement,
           GCancellable  *cancellable,
           GError       **error)
{
  gboolean has_row;

  for (guint n = 0;; n++)
    {
      if (n % LOOK_UP == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;
      crm_id_set_add (ids, crm_statement_get_int (statement, 0));
    }
}

static gboolean
add_range (CrmIdSet       *ids,
           CrmConnection  *connection,
           const char     *sql,
           gint64          from,
           gint64          to,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, sql, error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_int (statement, 1, from);
  if (strstr (sql, "?2") != NULL)
    crm_statement_bind_int (statement, 2, to);

  return add_found (ids, statement, cancellable, error);
}

/* Takes @ids. */
static void
narrow (CrmTaskChoice *choice,
        CrmIdSet      *ids)
{
  g_autoptr (CrmIdSet) owned = ids;

  if (choice->wanted == NULL)
    choice->wanted = g_steal_pointer (&owned);
  else
    crm_id_set_intersect (choice->wanted, owned);
}

/* Of the states and the others the fewer are read. */
static gboolean
find_states (CrmConnection  *connection,
             guint           states,
             CrmTaskChoice  *choice,
             GCancellable   *cancellable,
             GError        **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();
  gint64 n_in = 0, n_out = 0;
  gboolean read_in;

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    {
      g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, "SELECT n FROM state_count WHERE state = ?1", error);
      gboolean has_row;

      if (statement == NULL)
        return FALSE;
      crm_statement_bind_text (statement, 1, crm_sync_state_get_nick (i));
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (has_row)
        *((states & (1u << i)) != 0 ? &n_in : &n_out) += crm_statement_get_int (statement, 0);
    }

  read_in = n_in <= n_out;
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    if (((states & (1u << i)) != 0) == read_in &&
        !add_range (ids, connection, "SELECT local_id FROM task INDEXED BY task_urgency WHERE urgency = ?1",
                    crm_task_order_get_urgency (i), 0, cancellable, error))
      return FALSE;

  if (read_in)
    narrow (choice, g_steal_pointer (&ids));
  else
    choice->unwanted = g_steal_pointer (&ids);
  return TRUE;
}

static void
bind_due (CrmStatement       *statement,
          const CrmTaskQuery *query)
{
  /* No time begins with a letter. */
  crm_statement_bind_text (statement, 1, query->due_from != NULL ? query->due_from : "");
  crm_statement_bind_text (statement, 2, query->due_before != NULL ? query->due_before : "a");
}

static gboolean
find_due (CrmConnection       *connection,
          const CrmTaskQuery  *query,
          CrmTaskChoice       *choice,
          GCancellable        *cancellable,
          GError             **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();
  g_autoptr (CrmStatement) statement = crm_connection_prepare (connection, query->open ? open_sql : due_sql, error);

  if (statement == NULL)
    return FALSE;

  bind_due (statement, query);
  if (!add_found (ids, statement, cancellable, error))
    return FALSE;

  narrow (choice, g_steal_pointer (&ids));
  return TRUE;
}

static gboolean
find_assigned (CrmConnection       *connection,
               const CrmTaskQuery  *query,
               CrmTaskChoice       *choice,
               GCancellable        *cancellable,
               GError             **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();
  const char *sql = query->open ? "SELECT local_id FROM task INDEXED BY task_assigned WHERE assigned_user_id = ?1"
                                  " AND (status IS NULL OR status NOT IN (3, 4))"
                                : named_sqls[CRM_RECORD_USER];

  if (!add_range (ids, connection, sql, query->assignee, 0, cancellable, error))
    return FALSE;

  narrow (choice, g_steal_pointer (&ids));
  return TRUE;
}

static gboolean
find_open (CrmConnection  *connection,
           CrmTaskChoice  *choice,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();
  g_autoptr (CrmStatement) statement = crm_connection_prepare (
      connection, "SELECT local_id FROM task INDEXED BY task_open WHERE (status IS NULL OR status NOT IN (3, 4))", error);

  if (statement == NULL || !add_found (ids, statement, cancellable, error))
    return FALSE;

  narrow (choice, g_steal_pointer (&ids));
  return TRUE;
}

static gboolean
find_code (CrmConnection  *connection,
           gint64          code,
           CrmTaskChoice  *choice,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();

  if (!add_range (ids, connection, "SELECT local_id FROM task INDEXED BY task_problem WHERE problem = ?1", code, 0, cancellable, error) ||
      !add_range (ids, connection, "SELECT local_id FROM task INDEXED BY task_problem WHERE problem = 0 AND problem_error_code = ?1",
                  code, 0, cancellable, error))
    return FALSE;

  narrow (choice, g_steal_pointer (&ids));
  return TRUE;
}

/* Search */

static gboolean
find_matches (CrmConnection  *connection,
              const char     *match,
              CrmTaskChoice  *choice,
              GCancellable   *cancellable,
              GError        **error)
{
  g_autoptr (CrmIdSet) ids = crm_id_set_new ();
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT rowid FROM task_search WHERE task_search MATCH ?1", error);

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, match);
  if (!add_found (ids, statement, cancellable, error))
    return FALSE;

  narrow (choice, g_steal_pointer (&ids));
  return TRUE;
}

/* The tasks whose number, or whose record's number, begins with @word. */
static gboolean
add_numbered (CrmIdSet       *ids,
              CrmConnection  *connection,
              const char     *word,
              GCancellable   *cancellable,
              GError        **error)
{
  const char *digits = *word == '#' ? word + 1 : word;
  gsize n_digits = strlen (digits);
  gint64 from, width = 1;

  if (n_digits == 0 || n_digits > MOST_DIGITS || *digits == '0' || strspn (digits, "0123456789") != n_digits)
    return TRUE;

  from = g_ascii_strtoll (digits, NULL, 10);
  for (; n_digits <= MOST_DIGITS; n_digits++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (numbered_sqls); i++)
        if (!add_range (ids, connection, numbered_sqls[i], from, from + width - 1, cancellable, error))
          return FALSE;
      from *= 10;
      width *= 10;
    }

  return TRUE;
}

/* The tasks that name a record with a word that begins with one of @match. */
static gboolean
add_named (CrmIdSet       *ids,
           CrmConnection  *connection,
           const char     *match,
           GCancellable   *cancellable,
           GError        **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT rowid FROM record_search WHERE record_search MATCH 'name : ' || ?1", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  crm_statement_bind_text (statement, 1, match);
  for (;;)
    {
      CrmRecordKind kind;
      gint64 id;

      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;

      crm_directory_split_row_id (crm_statement_get_int (statement, 0), &kind, &id);
      if ((guint) kind < G_N_ELEMENTS (named_sqls) &&
          !add_range (ids, connection, named_sqls[kind], id, 0, cancellable, error))
        return FALSE;
    }
}

static gboolean
has_letters (const char *word)
{
  for (; *word != '\0'; word = g_utf8_next_char (word))
    if (g_unichar_isalnum (g_utf8_get_char (word)))
      return TRUE;

  return FALSE;
}

/* Each word must begin a word of the task or of the name of what it names, or a number of either. Words that are in no name and
 * no number are looked for together, which is faster. What has no letter and no digit is no word. */
static gboolean
find_words (CrmConnection  *connection,
            const char     *search,
            CrmTaskChoice  *choice,
            GCancellable   *cancellable,
            GError        **error)
{
  g_auto (GStrv) words = crm_store_split_search (search);
  g_autoptr (GString) together = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (CrmIdSet) ids = NULL;
      g_autofree char *match = crm_store_write_match (words[i]);
      CrmTaskChoice one = { NULL };
      gboolean found;

      if (!has_letters (words[i]))
        continue;

      n++;
      ids = crm_id_set_new ();
      if (!add_numbered (ids, connection, words[i], cancellable, error) ||
          !add_named (ids, connection, match, cancellable, error))
        return FALSE;
      if (crm_id_set_get_size (ids) == 0)
        {
          g_string_append_printf (together, "%s%s", together->len > 0 ? " " : "", match);
          continue;
        }

      found = find_matches (connection, match, &one, cancellable, error);
      if (found)
        crm_id_set_unite (ids, one.wanted);
      crm_task_choice_clear (&one);
      if (!found)
        return FALSE;
      narrow (choice, g_steal_pointer (&ids));
    }

  if (words[0] != NULL && n == 0)
    narrow (choice, crm_id_set_new ());

  return together->len == 0 || find_matches (connection, together->str, choice, cancellable, error);
}

/**
 * crm_task_choice_clear:
 * @self: a choice; what it points to is freed
 */
void
crm_task_choice_clear (CrmTaskChoice *self)
{
  g_clear_pointer (&self->wanted, crm_id_set_free);
  g_clear_pointer (&self->unwanted, crm_id_set_free);
}

/**
 * crm_task_finder_find:
 * @connection: a connection
 * @query: which tasks
 * @choice: (out caller-allocates): the tasks
 * @cancellable: (nullable): looked at now and then
 * @error: why they could not be found
 *
 * Returns: whether they could be found
 */
gboolean
crm_task_finder_find (CrmConnection       *connection,
                      const CrmTaskQuery  *query,
                      CrmTaskChoice       *choice,
                      GCancellable        *cancellable,
                      GError             **error)
{
  gboolean timed = query->due_from != NULL || query->due_before != NULL;

  *choice = (CrmTaskChoice) { NULL };

  if (query->search != NULL && !find_words (connection, query->search, choice, cancellable, error))
    return FALSE;
  if (timed && !find_due (connection, query, choice, cancellable, error))
    return FALSE;
  if (query->assignee != 0 && !find_assigned (connection, query, choice, cancellable, error))
    return FALSE;
  if (query->open && !timed && query->assignee == 0 && !find_open (connection, choice, cancellable, error))
    return FALSE;
  if (query->code != 0 && !find_code (connection, query->code, choice, cancellable, error))
    return FALSE;

  return query->states == 0 || find_states (connection, query->states, choice, cancellable, error);
}

/* A range of one index is counted no further than needed. */
static CrmStatement *
prepare_count (CrmConnection       *connection,
               const CrmTaskQuery  *query,
               GError             **error)
{
  CrmStatement *statement;

  if (query->assignee != 0)
    {
      statement = crm_connection_prepare (connection,
                                          "SELECT count (*) FROM (SELECT 1 FROM task INDEXED BY task_assigned WHERE assigned_user_id = ?1"
                                          " AND (status IS NULL OR status NOT IN (3, 4)) LIMIT ?3)",
                                          error);
      if (statement != NULL)
        crm_statement_bind_int (statement, 1, query->assignee);
    }
  else
    {
      statement = crm_connection_prepare (connection,
                                          "SELECT count (*) FROM (SELECT 1 FROM task INDEXED BY task_open WHERE"
                                          " (status IS NULL OR status NOT IN (3, 4)) AND end_datetime >= ?1 AND end_datetime < ?2"
                                          " LIMIT ?3)",
                                          error);
      if (statement != NULL)
        bind_due (statement, query);
    }

  if (statement != NULL)
    crm_statement_bind_int (statement, 3, query->limit > 0 ? query->limit : -1);

  return statement;
}

/**
 * crm_task_finder_count:
 * @connection: a connection
 * @query: which tasks, and the most that are to be counted
 * @n: (out): how many there are
 * @cancellable: (nullable): looked at now and then
 * @error: why they could not be counted
 *
 * Returns: whether they could be counted
 */
gboolean
crm_task_finder_count (CrmConnection       *connection,
                       const CrmTaskQuery  *query,
                       gint64              *n,
                       GCancellable        *cancellable,
                       GError             **error)
{
  gboolean timed = query->due_from != NULL || query->due_before != NULL;
  g_auto (CrmTaskChoice) choice = { NULL };
  g_autoptr (CrmIdList) ids = crm_id_list_new ();
  CrmTaskQuery unsorted = *query;

  if (query->open && timed != (query->assignee != 0) && query->states == 0 && query->code == 0 && query->search == NULL)
    {
      g_autoptr (CrmStatement) statement = prepare_count (connection, query, error);
      gboolean has_row;

      if (statement == NULL || !crm_statement_step (statement, &has_row, error))
        return FALSE;
      *n = has_row ? crm_statement_get_int (statement, 0) : 0;
      return TRUE;
    }

  unsorted.sort = CRM_SORT_CREATED;
  if (!crm_task_finder_find (connection, query, &choice, cancellable, error) ||
      !crm_task_order_run (connection, &unsorted, &choice, 0, NULL, NULL, cancellable, ids, error))
    return FALSE;

  *n = (gint64) crm_id_list_get_n (ids);
  return TRUE;
}

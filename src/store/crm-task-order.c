/* crm-task-order.c: the orders tasks can be listed in
 *
 * Each order is an index that is walked from one end to the other, and what is not wanted is passed over: nothing is sorted, and
 * the first page is there at once. Only where few are wanted their keys are read and compared.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-task-order.h"

#include <string.h>

/* So few tasks are sorted by their keys faster than an index of a million is walked. */
#define FEW 4096

/* Whether the asker has lost interest is looked up each so many rows. */
#define LOOK_UP 1024

#define MOST_KEYS 3
#define MOST_WALKS 2

/* Turned around, all of an order is but what has nothing to be sorted by, which stands last both ways.
 *
 * `keys` reads the keys of one task; one with a key after the first alone stands behind those with the first. */
typedef struct
{
  const char *walks[MOST_WALKS][2]; /* the other for descending */
  const char *keys;
  guint       n_ranks;              /* so many of the keys tell where a task stands when they are NULL */
} Order;

#define WALK(index, column, order, reverse)                                                                                       \
  {                                                                                                                               \
    "SELECT local_id FROM task INDEXED BY " index " WHERE " column " IS NOT NULL ORDER BY " order ", local_id",                   \
    "SELECT local_id FROM task INDEXED BY " index " WHERE " column " IS NOT NULL ORDER BY " reverse ", local_id DESC",            \
  }
#define BY_COLUMN(index, column)                                                                                                  \
  {                                                                                                                               \
    .walks = { WALK (index, column, column, column " DESC") },                                                                    \
    .keys = "SELECT " column " FROM task WHERE local_id = ?1",                                                                    \
    .n_ranks = 1,                                                                                                                 \
  }

static const Order by_state = BY_COLUMN ("task_urgency", "urgency");
static const Order by_due = BY_COLUMN ("task_when", "end_datetime");
static const Order by_priority = BY_COLUMN ("task_height", "height");
static const Order by_status = BY_COLUMN ("task_status", "status");
static const Order by_company = BY_COLUMN ("task_company", "company_id");
static const Order by_contact = BY_COLUMN ("task_contact", "contact_id");
static const Order by_venue = BY_COLUMN ("task_venue", "venue_id");
static const Order by_nothing = { .keys = "SELECT NULL", .n_ranks = 1 };
static const Order by_description = { .keys = "SELECT description FROM task WHERE local_id = ?1", .n_ranks = 1 };

static const Order by_name = {
  .walks = { WALK ("task_name", "name", "name COLLATE NOCASE", "name COLLATE NOCASE DESC") },
  .keys = "SELECT name FROM task WHERE local_id = ?1",
  .n_ranks = 1,
};

static const Order by_lead = {
  .walks = { WALK ("task_lead", "lead_id", "lead_id, venue_id", "lead_id DESC, venue_id DESC") },
  .keys = "SELECT lead_id, venue_id FROM task WHERE local_id = ?1",
  .n_ranks = 1,
};

static const Order by_problem = {
  .walks = { WALK ("task_problem", "problem", "problem, problem_error_code", "problem DESC, problem_error_code DESC") },
  .keys = "SELECT problem, problem_error_code FROM task WHERE local_id = ?1",
  .n_ranks = 1,
};

static const Order by_crm_id = {
  .walks = { { "SELECT local_id FROM task WHERE crm_id IS NOT NULL ORDER BY crm_id, local_id",
               "SELECT local_id FROM task WHERE crm_id IS NOT NULL ORDER BY crm_id DESC, local_id DESC" } },
  .keys = "SELECT crm_id FROM task WHERE local_id = ?1",
  .n_ranks = 1,
};

/* By name where the name is known here, by number where it is not. */
static const Order by_owner = {
  .walks = {
    { "SELECT local_id FROM record INDEXED BY record_by_name CROSS JOIN task INDEXED BY task_owner"
      " ON owner IS NOT NULL AND owner = record_id ORDER BY record.name COLLATE NOCASE, record_id, local_id",
      "SELECT local_id FROM record INDEXED BY record_by_name CROSS JOIN task INDEXED BY task_owner"
      " ON owner IS NOT NULL AND owner = record_id ORDER BY record.name COLLATE NOCASE DESC, record_id DESC, local_id DESC" },
    WALK ("task_owner", "owner", "owner", "owner DESC"),
  },
  .keys = "SELECT (SELECT name FROM record WHERE record_id = owner), owner FROM task WHERE local_id = ?1",
  .n_ranks = 2,
};

static const Order by_assignee = {
  .walks = {
    { "SELECT local_id FROM record INDEXED BY record_name CROSS JOIN task INDEXED BY task_assigned"
      " ON assigned_user_id = record_id - (1 << 54) WHERE record_id >> 54 = 1"
      " ORDER BY record.name COLLATE NOCASE, record_id, status, local_id",
      "SELECT local_id FROM record INDEXED BY record_name CROSS JOIN task INDEXED BY task_assigned"
      " ON assigned_user_id = record_id - (1 << 54) WHERE record_id >> 54 = 1"
      " ORDER BY record.name COLLATE NOCASE DESC, record_id DESC, status DESC, local_id DESC" },
    WALK ("task_assigned", "assigned_user_id", "assigned_user_id, status", "assigned_user_id DESC, status DESC"),
  },
  .keys = "SELECT (SELECT name FROM record WHERE record_id = assigned_user_id + (1 << 54)), assigned_user_id, status"
          " FROM task WHERE local_id = ?1",
  .n_ranks = 2,
};

static const Order *const by_field[CRM_N_FIELDS] = {
  [CRM_FIELD_VENUE] = &by_venue,
  [CRM_FIELD_LEAD] = &by_lead,
  [CRM_FIELD_CONTACT] = &by_contact,
  [CRM_FIELD_COMPANY] = &by_company,
  [CRM_FIELD_NAME] = &by_name,
  [CRM_FIELD_END_DATETIME] = &by_due,
  [CRM_FIELD_PRIORITY] = &by_priority,
  [CRM_FIELD_ASSIGNED_USER] = &by_assignee,
  [CRM_FIELD_STATUS] = &by_status,
  [CRM_FIELD_DESCRIPTION] = &by_description,
};

typedef struct
{
  CrmConnection        *connection;
  const Order          *order;
  const CrmTaskChoice  *choice;
  gboolean              descending;
  guint                 most;
  guint                 n_first;
  CrmTaskOrderFunc      func;
  gpointer              data;
  GCancellable         *cancellable;
  CrmIdSet             *done;
  CrmIdList            *ids;
} Run;

static const Order *
get_order (const CrmTaskQuery *query)
{
  switch (query->sort)
    {
    case CRM_SORT_STATE:
      return &by_state;
    case CRM_SORT_OWNER:
      return &by_owner;
    case CRM_SORT_PROBLEM:
      return &by_problem;
    case CRM_SORT_CRM_ID:
      return &by_crm_id;
    case CRM_SORT_FIELD:
      return by_field[query->field];
    case CRM_SORT_CREATED:
    default:
      return &by_nothing;
    }
}

static gboolean
is_full (const Run *run)
{
  return crm_id_list_get_n (run->ids) >= run->most;
}

static void
take (Run   *run,
      gint64 id)
{
  crm_id_list_append (run->ids, id);
  if (run->func != NULL && crm_id_list_get_n (run->ids) == run->n_first)
    run->func (run->ids, run->data);
}

static gboolean
is_chosen (const CrmTaskChoice *choice,
           gint64               id)
{
  return (choice->wanted == NULL || crm_id_set_contains (choice->wanted, id)) &&
         (choice->unwanted == NULL || !crm_id_set_contains (choice->unwanted, id));
}

static gboolean
walk (Run         *run,
      const char  *sql,
      GError     **error)
{
  g_autoptr (CrmStatement) statement = crm_connection_prepare (run->connection, sql, error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

  for (guint n = 0; !is_full (run); n++)
    {
      gint64 id;

      if (n % LOOK_UP == 0 && g_cancellable_set_error_if_cancelled (run->cancellable, error))
        return FALSE;
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        return TRUE;

      id = crm_statement_get_int (statement, 0);
      if (is_chosen (run->choice, id) && crm_id_set_add (run->done, id))
        take (run, id);
    }

  return TRUE;
}

static gboolean
add_all (CrmConnection  *connection,
         CrmIdSet       *ids,
         GCancellable   *cancellable,
         GError        **error)
{
  g_autoptr (CrmStatement) statement =
      crm_connection_prepare (connection, "SELECT local_id FROM task INDEXED BY task_urgency", error);
  gboolean has_row;

  if (statement == NULL)
    return FALSE;

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

/* Whether all that is chosen is listed. How many tasks there are is kept. */
static gboolean
is_complete (Run *run)
{
  gint64 n;

  if (run->choice->wanted != NULL)
    return crm_id_set_get_size (run->choice->wanted) == crm_id_list_get_n (run->ids);

  return run->choice->unwanted == NULL &&
         crm_connection_get_int (run->connection, "SELECT sum (n) FROM state_count", &n, NULL) &&
         n == (gint64) crm_id_list_get_n (run->ids);
}

/* What is chosen and not listed yet. */
static CrmIdSet *
find_rest (Run     *run,
           GError **error)
{
  g_autoptr (CrmIdSet) rest = crm_id_set_new ();

  if (run->choice->wanted != NULL)
    crm_id_set_unite (rest, run->choice->wanted);
  else if (!add_all (run->connection, rest, run->cancellable, error))
    return NULL;

  if (run->choice->unwanted != NULL)
    crm_id_set_subtract (rest, run->choice->unwanted);
  crm_id_set_subtract (rest, run->done);

  return g_steal_pointer (&rest);
}

/* What has nothing to be sorted by, in the order it was written here. */
static gboolean
list_rest (Run     *run,
           GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (CrmIdSet) rest = find_rest (run, error);
  gboolean turned = run->order == &by_nothing && run->descending;

  if (rest == NULL)
    return FALSE;

  crm_id_set_list (rest, ids);
  for (guint i = 0; i < ids->len && !is_full (run); i++)
    take (run, g_array_index (ids, gint64, turned ? ids->len - 1 - i : i));

  return TRUE;
}

/* Sorting a few by their keys */

typedef struct
{
  gboolean is_null;
  gint64   number;
  char    *text; /* NULL: it is a number */
} Key;

typedef struct
{
  gint64 id;
  guint  rank;
  Key    keys[MOST_KEYS];
} Keyed;

typedef struct
{
  gboolean descending;
  guint    n_keys;
} Comparison;

static void
keyed_clear (gpointer data)
{
  Keyed *self = data;

  for (guint i = 0; i < MOST_KEYS; i++)
    g_free (self->keys[i].text);
}

/* As the collation NOCASE of SQLite has it. */
static int
compare_texts (const char *a,
               const char *b)
{
  for (; *a != '\0' && g_ascii_tolower (*a) == g_ascii_tolower (*b); a++)
    b++;

  return (int) (guchar) g_ascii_tolower (*a) - (int) (guchar) g_ascii_tolower (*b);
}

static int
compare_keys (const Key *a,
              const Key *b)
{
  if (a->is_null || b->is_null)
    return (int) b->is_null - (int) a->is_null;
  if (a->text != NULL && b->text != NULL)
    return compare_texts (a->text, b->text);

  return a->number < b->number ? -1 : a->number > b->number;
}

static int
compare_keyed (gconstpointer a,
               gconstpointer b,
               gpointer      data)
{
  const Keyed *one = a;
  const Keyed *other = b;
  const Comparison *comparison = data;
  int result = 0;

  if (one->rank != other->rank)
    return one->rank < other->rank ? -1 : 1;

  for (guint i = 0; result == 0 && i < comparison->n_keys; i++)
    result = compare_keys (&one->keys[i], &other->keys[i]);
  if (result == 0)
    result = one->id < other->id ? -1 : one->id > other->id;

  return comparison->descending ? -result : result;
}

static void
read_keyed (Keyed        *keyed,
            CrmStatement *statement,
            const Order  *order,
            guint         n_keys)
{
  keyed->rank = order->n_ranks;
  for (guint i = n_keys; i > 0; i--)
    {
      Key *key = &keyed->keys[i - 1];

      key->is_null = crm_statement_is_null (statement, (int) i - 1);
      if (crm_statement_is_text (statement, (int) i - 1))
        key->text = g_strdup (crm_statement_get_text (statement, (int) i - 1));
      else
        key->number = crm_statement_get_int (statement, (int) i - 1);
      if (!key->is_null && i <= order->n_ranks)
        keyed->rank = i - 1;
    }
}

static gboolean
sort_few (Run     *run,
          GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) sorted = g_array_new (FALSE, TRUE, sizeof (Keyed));
  Comparison comparison = { run->descending, 0 };

  {
    g_autoptr (CrmIdSet) rest = find_rest (run, error);

    if (rest == NULL)
      return FALSE;
    crm_id_set_list (rest, ids);
  }

  g_array_set_clear_func (sorted, keyed_clear);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (CrmStatement) statement = crm_connection_prepare (run->connection, run->order->keys, error);
      Keyed keyed = { .id = g_array_index (ids, gint64, i) };
      gboolean has_row;

      if (statement == NULL || g_cancellable_set_error_if_cancelled (run->cancellable, error))
        return FALSE;
      if (strstr (run->order->keys, "?1") != NULL)
        crm_statement_bind_int (statement, 1, keyed.id);
      if (!crm_statement_step (statement, &has_row, error))
        return FALSE;
      if (!has_row)
        continue;

      comparison.n_keys = MIN (crm_statement_get_n_columns (statement), MOST_KEYS);
      read_keyed (&keyed, statement, run->order, comparison.n_keys);
      g_array_append_val (sorted, keyed);
    }

  g_array_sort_with_data (sorted, compare_keyed, &comparison);
  for (guint i = 0; i < sorted->len && !is_full (run); i++)
    if (g_array_index (sorted, Keyed, i).rank < run->order->n_ranks)
      {
        gint64 id = g_array_index (sorted, Keyed, i).id;

        crm_id_set_add (run->done, id);
        take (run, id);
      }

  return TRUE;
}

/**
 * crm_task_order_run:
 * @connection: a connection
 * @query: whose order is wanted, and how many tasks at most; which ones is @choice's to say
 * @choice: the tasks
 * @n_first: how many are wanted first
 * @func: (nullable) (scope call): called with the first @n_first of @ids, once, as soon as so many are known
 * @data: given to @func
 * @cancellable: (nullable): looked at now and then
 * @ids: the local ids are appended to this
 * @error: why they could not be read
 *
 * What has nothing to be sorted by comes last, whichever way the order is turned.
 *
 * Returns: whether all could be read
 */
gboolean
crm_task_order_run (CrmConnection        *connection,
                    const CrmTaskQuery   *query,
                    const CrmTaskChoice  *choice,
                    guint                 n_first,
                    CrmTaskOrderFunc      func,
                    gpointer              data,
                    GCancellable         *cancellable,
                    CrmIdList            *ids,
                    GError              **error)
{
  g_autoptr (CrmIdSet) done = crm_id_set_new ();
  Run run = {
    .connection = connection,
    .order = get_order (query),
    .choice = choice,
    .descending = query->descending,
    .most = query->limit > 0 ? (guint) MIN (query->limit, G_MAXUINT) : G_MAXUINT,
    .n_first = n_first,
    .func = func,
    .data = data,
    .cancellable = cancellable,
    .done = done,
    .ids = ids,
  };
  gboolean few = choice->wanted != NULL && crm_id_set_get_size (choice->wanted) <= FEW;

  if (run.order != &by_nothing && (few || run.order->walks[0][0] == NULL))
    return sort_few (&run, error) && (is_full (&run) || is_complete (&run) || list_rest (&run, error));

  for (guint i = 0; i < MOST_WALKS && run.order->walks[i][0] != NULL; i++)
    if (!walk (&run, run.order->walks[i][run.descending], error))
      return FALSE;

  return is_full (&run) || is_complete (&run) || list_rest (&run, error);
}

/**
 * crm_task_order_get_urgency:
 * @state: a state
 *
 * Returns: how much it wants of a person, from 1 for the most; as the database’s column `urgency`
 */
gint64
crm_task_order_get_urgency (CrmSyncState state)
{
  static const gint64 urgencies[CRM_N_SYNC_STATES] = {
    [CRM_SYNC_FAILED] = 1, [CRM_SYNC_UNCONFIRMED] = 2, [CRM_SYNC_SENDING] = 3,
    [CRM_SYNC_QUEUED] = 4, [CRM_SYNC_DRAFT] = 5,       [CRM_SYNC_SYNCED] = 6,
  };

  return urgencies[state];
}

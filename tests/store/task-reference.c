/* task-reference.c: what a query must find, by reading all rows and comparing them one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "task-reference.h"

#include "store/crm-connection.h"

#include "model/crm-record.h"

#include <string.h>

#define N_SORTS (CRM_SORT_FIELD + CRM_N_FIELDS)
#define NONE G_MININT64

/* As columns_sql has them. */
typedef enum
{
  LOCAL_ID,
  CRM_ID,
  VENUE,
  LEAD,
  CONTACT,
  COMPANY,
  ASSIGNED,
  STATUS,
  PROBLEM_CODE,
  PROBLEM_ERROR_CODE,
  N_NUMBERS,
  STATE = N_NUMBERS,
  NAME,
  DUE,
  PRIORITY,
  DESCRIPTION,
  PROBLEM_CLASS,
  PROBLEM_MESSAGE,
  PROBLEM_MORE,
  N_COLUMNS
} Column;

static const char columns_sql[] = "SELECT local_id, crm_id, venue_id, lead_id, contact_id, company_id, assigned_user_id, status, problem_code,"
                                  " problem_error_code, state, name, end_datetime, priority, description, problem_class, problem_message,"
                                  " problem_more FROM task";

typedef struct
{
  gint64 numbers[N_NUMBERS]; /* NONE: NULL */
  char  *texts[N_COLUMNS];   /* NULL: NULL */
  GStrv  words[3];           /* of the name, the description, the problem */
} Row;

typedef struct
{
  char *name;
  GStrv words;
} Record;

struct _Reference
{
  GPtrArray  *rows;              /* of Row */
  GHashTable *records;           /* gint64: its row id → Record */
  GPtrArray  *sorted[N_SORTS][2];
  char       *search;            /* the last, and what it found */
  GHashTable *found;             /* of Row */
};

/* What a comparison needs to know, since g_ptr_array_sort_with_data() hands on one pointer. */
typedef struct
{
  GHashTable *records;
  guint       sort;
  gboolean    descending;
} Order;

/* The words of a text, without case and accents. */
static GStrv
split_words (const char *text)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *plain = g_utf8_normalize (text != NULL ? text : "", -1, G_NORMALIZE_NFD);
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *p = plain;; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (word, g_unichar_tolower (c));
      else if (!g_unichar_ismark (c) && word->len > 0)
        {
          g_strv_builder_add (builder, word->str);
          g_string_truncate (word, 0);
        }
      if (c == 0)
        return g_strv_builder_end (builder);
    }
}

static void
row_free (gpointer data)
{
  Row *self = data;

  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (self->texts[i]);
  for (guint i = 0; i < G_N_ELEMENTS (self->words); i++)
    g_strfreev (self->words[i]);
  g_free (self);
}

static void
record_free (gpointer data)
{
  Record *self = data;

  g_free (self->name);
  g_strfreev (self->words);
  g_free (self);
}

static Row *
read_row (CrmStatement *statement)
{
  Row *row = g_new0 (Row, 1);
  g_autofree char *problem = NULL;
  g_autofree char *code = NULL;

  for (int i = 0; i < N_NUMBERS; i++)
    row->numbers[i] = crm_statement_is_null (statement, i) ? NONE : crm_statement_get_int (statement, i);
  for (int i = N_NUMBERS; i < N_COLUMNS; i++)
    row->texts[i] = g_strdup (crm_statement_get_text (statement, i));

  code = row->numbers[PROBLEM_CODE] != 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, row->numbers[PROBLEM_CODE]) : g_strdup ("");
  problem = g_strdup_printf ("%s %s %s", row->texts[PROBLEM_MESSAGE] != NULL ? row->texts[PROBLEM_MESSAGE] : "", code,
                             row->texts[PROBLEM_MORE] != NULL ? row->texts[PROBLEM_MORE] : "");
  row->words[0] = split_words (row->texts[NAME]);
  row->words[1] = split_words (row->texts[DESCRIPTION]);
  row->words[2] = split_words (problem);

  return row;
}

static gint64
get_record_id (CrmRecordKind kind,
               gint64        id)
{
  return id == NONE ? NONE : ((gint64) kind << 54) + id;
}

static CrmRecordKind
get_lead_kind (const Row *row)
{
  return row->numbers[VENUE] != NONE ? CRM_RECORD_OPPORTUNITY : CRM_RECORD_LEAD;
}

/* Whom a task belongs to. */
static gint64
get_owner (const Row *row)
{
  if (row->numbers[LEAD] != NONE)
    return get_record_id (get_lead_kind (row), row->numbers[LEAD]);
  if (row->numbers[COMPANY] != NONE)
    return get_record_id (CRM_RECORD_COMPANY, row->numbers[COMPANY]);
  if (row->numbers[CONTACT] != NONE)
    return get_record_id (CRM_RECORD_CONTACT, row->numbers[CONTACT]);

  return get_record_id (CRM_RECORD_VENUE, row->numbers[VENUE]);
}

/* Search */

/* Whether @wanted are words of @words, one after the other, of which the last may go on. */
static gboolean
has_words (GStrv words,
           GStrv wanted)
{
  guint n_words = g_strv_length (words);
  guint n_wanted = g_strv_length (wanted);

  for (guint i = 0; n_wanted > 0 && i + n_wanted <= n_words; i++)
    {
      guint j = 0;

      while (j < n_wanted && (j == n_wanted - 1 ? g_str_has_prefix (words[i + j], wanted[j]) : g_str_equal (words[i + j], wanted[j])))
        j++;
      if (j == n_wanted)
        return TRUE;
    }

  return FALSE;
}

static gboolean
names_words (const Reference *self,
             const Row       *row,
             GStrv            wanted)
{
  gint64 ids[] = {
    get_record_id (CRM_RECORD_VENUE, row->numbers[VENUE]),
    get_record_id (CRM_RECORD_USER, row->numbers[ASSIGNED]),
    get_record_id (get_lead_kind (row), row->numbers[LEAD]),
    get_record_id (CRM_RECORD_COMPANY, row->numbers[COMPANY]),
    get_record_id (CRM_RECORD_CONTACT, row->numbers[CONTACT]),
  };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const Record *record = g_hash_table_lookup (self->records, &ids[i]);

      if (record != NULL && has_words (record->words, wanted))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_number (const Row  *row,
            const char *word)
{
  const char *digits = *word == '#' ? word + 1 : word;

  if (*digits == '\0' || digits[strspn (digits, "0123456789")] != '\0')
    return FALSE;

  for (guint i = CRM_ID; i <= ASSIGNED; i++)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, row->numbers[i]);

      if (row->numbers[i] != NONE && g_str_has_prefix (number, digits))
        return TRUE;
    }

  return FALSE;
}

/* A word without a letter or a digit is not looked for, unless all are such. */
static gboolean
matches (const Reference *self,
         const Row       *row,
         const char      *search)
{
  g_auto (GStrv) words = g_strsplit_set (search, " \t", -1);
  gboolean any = FALSE, looked_for = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_auto (GStrv) wanted = split_words (words[i]);

      any = any || *words[i] != '\0';
      if (wanted[0] == NULL)
        continue;

      looked_for = TRUE;
      if (!has_words (row->words[0], wanted) && !has_words (row->words[1], wanted) && !has_words (row->words[2], wanted) &&
          !names_words (self, row, wanted) && !has_number (row, words[i]))
        return FALSE;
    }

  return looked_for || !any;
}

static void
find_words (Reference  *self,
            const char *search)
{
  if (self->found != NULL && g_strcmp0 (self->search, search) == 0)
    return;

  g_clear_pointer (&self->found, g_hash_table_unref);
  g_free (self->search);
  self->search = g_strdup (search);
  self->found = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->rows->len; i++)
    if (search == NULL || matches (self, self->rows->pdata[i], search))
      g_hash_table_add (self->found, self->rows->pdata[i]);
}

/* Filters */

static gboolean
is_at_place (const Row          *row,
             const CrmTaskQuery *query)
{
  const char *due = row->texts[DUE];
  gint64 code = row->numbers[PROBLEM_CODE] != 0 ? row->numbers[PROBLEM_CODE] : row->numbers[PROBLEM_ERROR_CODE];
  CrmSyncState state;

  g_assert_true (crm_sync_state_from_nick (row->texts[STATE], &state));

  return (query->states == 0 || (query->states & (1u << state)) != 0) &&
         (!query->open || (row->numbers[STATUS] != CRM_STATUS_CANCELLED && row->numbers[STATUS] != CRM_STATUS_COMPLETED)) &&
         (query->due_from == NULL || (due != NULL && strcmp (due, query->due_from) >= 0)) &&
         (query->due_before == NULL || (due != NULL && strcmp (due, query->due_before) < 0)) &&
         (query->assignee == 0 || row->numbers[ASSIGNED] == query->assignee) &&
         (query->code == 0 || (row->texts[PROBLEM_CLASS] != NULL && code == query->code));
}

/* Orders */

static int
compare_numbers (gint64 a,
                 gint64 b)
{
  return a < b ? -1 : a > b;
}

/* Case counts for nothing in ASCII; the rest is by its bytes. */
static int
compare_texts (const char *a,
               const char *b)
{
  g_autofree char *one = g_ascii_strdown (a, -1);
  g_autofree char *other = g_ascii_strdown (b, -1);

  return strcmp (one, other);
}

/* 0: it is sorted by what it names; 1: what it names has no name here; 2: it is sorted by nothing. */
static guint
get_rank (const Order *order,
          const Row   *row,
          gint64      *number,
          const char **text)
{
  static const Column columns[CRM_N_FIELDS] = {
    [CRM_FIELD_NAME] = NAME,       [CRM_FIELD_END_DATETIME] = DUE,       [CRM_FIELD_VENUE] = VENUE,   [CRM_FIELD_LEAD] = LEAD,
    [CRM_FIELD_CONTACT] = CONTACT, [CRM_FIELD_COMPANY] = COMPANY,        [CRM_FIELD_STATUS] = STATUS, [CRM_FIELD_DESCRIPTION] = DESCRIPTION,
    [CRM_FIELD_PRIORITY] = PRIORITY, [CRM_FIELD_ASSIGNED_USER] = ASSIGNED,
  };
  static const char *const states[] = { "failed", "unconfirmed", "sending", "queued", "draft", "synced", NULL };
  static const char *const priorities[] = { "low", "medium", "high" };
  const Record *record;
  Column column;

  *number = NONE;
  *text = NULL;

  switch (order->sort)
    {
    case CRM_SORT_CREATED:
      *number = 0;
      return 0;
    case CRM_SORT_STATE:
      for (*number = 0; !g_str_equal (states[*number], row->texts[STATE]);)
        ++*number;
      return 0;
    case CRM_SORT_CRM_ID:
      *number = row->numbers[CRM_ID];
      return *number == NONE ? 2 : 0;
    case CRM_SORT_PROBLEM:
      *number = row->numbers[PROBLEM_CODE];
      return row->texts[PROBLEM_CLASS] == NULL ? 2 : 0;
    case CRM_SORT_OWNER:
    case CRM_SORT_FIELD + CRM_FIELD_ASSIGNED_USER:
      *number = order->sort == CRM_SORT_OWNER ? get_owner (row) : get_record_id (CRM_RECORD_USER, row->numbers[ASSIGNED]);
      record = g_hash_table_lookup (order->records, number);
      *text = record != NULL ? record->name : NULL;
      return *number == NONE ? 2 : record == NULL ? 1 : 0;
    case CRM_SORT_FIELD + CRM_FIELD_PRIORITY:
      for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
        if (g_strcmp0 (row->texts[PRIORITY], priorities[i]) == 0)
          *number = i;
      return *number == NONE ? 2 : 0;
    default:
      column = columns[order->sort - CRM_SORT_FIELD];
      if (column < N_NUMBERS)
        *number = row->numbers[column];
      else
        *text = row->texts[column];
      return *number == NONE && *text == NULL ? 2 : 0;
    }
}

/* What stands together is in an order of its own: leads before opportunities, a problem's less specific code, how far a user's task is. */
static int
compare_within (const Order *order,
                const Row   *a,
                const Row   *b)
{
  switch (order->sort)
    {
    case CRM_SORT_PROBLEM:
      return compare_numbers (a->numbers[PROBLEM_ERROR_CODE], b->numbers[PROBLEM_ERROR_CODE]);
    case CRM_SORT_FIELD + CRM_FIELD_LEAD:
      return compare_numbers (a->numbers[VENUE], b->numbers[VENUE]);
    case CRM_SORT_FIELD + CRM_FIELD_ASSIGNED_USER:
      return compare_numbers (a->numbers[STATUS], b->numbers[STATUS]);
    default:
      return 0;
    }
}

static int
compare_rows (gconstpointer a,
              gconstpointer b,
              gpointer      data)
{
  const Row *one = *(Row *const *) a;
  const Row *other = *(Row *const *) b;
  const Order *order = data;
  gint64 number, other_number;
  const char *text, *other_text;
  guint rank = get_rank (order, one, &number, &text);
  guint other_rank = get_rank (order, other, &other_number, &other_text);
  int result = 0;

  /* Whichever way it is turned. */
  if (rank != other_rank)
    return rank < other_rank ? -1 : 1;
  if (rank == 2)
    return compare_numbers (one->numbers[LOCAL_ID], other->numbers[LOCAL_ID]);

  if (text != NULL)
    result = compare_texts (text, other_text);
  if (result == 0)
    result = compare_numbers (number, other_number);
  if (result == 0)
    result = compare_within (order, one, other);
  if (result == 0)
    result = compare_numbers (one->numbers[LOCAL_ID], other->numbers[LOCAL_ID]);

  return order->descending ? -result : result;
}

static GPtrArray *
get_sorted (Reference *self,
            guint      sort,
            gboolean   descending)
{
  Order order = { self->records, sort, descending };
  GPtrArray **sorted = &self->sorted[sort][descending ? 1 : 0];

  if (*sorted == NULL)
    {
      *sorted = g_ptr_array_copy (self->rows, NULL, NULL);
      g_ptr_array_set_free_func (*sorted, NULL);
      g_ptr_array_sort_with_data (*sorted, compare_rows, &order);
    }

  return *sorted;
}

/**
 * reference_read:
 * @folder: a store's folder
 *
 * Returns: (transfer full): all that is in it now
 */
Reference *
reference_read (const char *folder)
{
  Reference *self = g_new0 (Reference, 1);
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (CrmConnection) connection = crm_connection_open (path, TRUE, NULL);
  CrmStatement *tasks = crm_connection_prepare (connection, columns_sql, NULL);
  CrmStatement *records = crm_connection_prepare (connection, "SELECT record_id, name FROM record", NULL);
  gboolean has_row;

  self->rows = g_ptr_array_new_with_free_func (row_free);
  while (crm_statement_step (tasks, &has_row, NULL) && has_row)
    g_ptr_array_add (self->rows, read_row (tasks));

  self->records = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, record_free);
  while (crm_statement_step (records, &has_row, NULL) && has_row)
    {
      gint64 id = crm_statement_get_int (records, 0);
      Record *record = g_new0 (Record, 1);

      record->name = g_strdup (crm_statement_get_text (records, 1));
      record->words = split_words (record->name);
      g_hash_table_insert (self->records, g_memdup2 (&id, sizeof id), record);
    }

  return self;
}

/**
 * reference_free:
 * @self: (transfer full) (nullable): a reference
 */
void
reference_free (Reference *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < N_SORTS; i++)
    for (guint j = 0; j < 2; j++)
      g_clear_pointer (&self->sorted[i][j], g_ptr_array_unref);
  g_clear_pointer (&self->found, g_hash_table_unref);
  g_free (self->search);
  g_ptr_array_unref (self->rows);
  g_hash_table_unref (self->records);
  g_free (self);
}

/**
 * reference_get_size:
 * @self: a reference
 *
 * Returns: how many tasks there are
 */
guint
reference_get_size (const Reference *self)
{
  return self->rows->len;
}

/**
 * reference_find:
 * @self: a reference
 * @query: a query
 *
 * Returns: (transfer full) (element-type gint64): the local ids it must find, in its order, whatever its limit
 */
GArray *
reference_find (Reference          *self,
                const CrmTaskQuery *query)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GPtrArray *sorted = get_sorted (self, query->sort == CRM_SORT_FIELD ? CRM_SORT_FIELD + query->field : query->sort, query->descending);

  find_words (self, query->search);
  for (guint i = 0; i < sorted->len; i++)
    {
      const Row *row = sorted->pdata[i];

      if (is_at_place (row, query) && g_hash_table_contains (self->found, row))
        g_array_append_val (ids, row->numbers[LOCAL_ID]);
    }

  return ids;
}

/* test-task-list.c: the list follows a real store, in few steps
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-list-diff.h"
#include "ui/crm-list-slot.h"
#include "ui/crm-task-list.h"

#include <glib/gstdio.h>

/* What someone who only hears of the changes knows of the list. */
typedef struct
{
  CrmTaskList *list;
  GArray      *ids;
  GPtrArray   *slots;    /* CrmListSlot: held, as GTK's widgets hold theirs */
  guint        n_single; /* a row that was only read anew */
  guint        n_rows;   /* rows that came or went */
  gboolean     both;     /* some came and went in one step */
} Mirror;

static void
ready_cb (GObject      *source,
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

static CrmStore *
open_store (char **folder)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmStore *store;

  *folder = g_dir_make_tmp ("crm-list-XXXXXX", &error);
  g_assert_no_error (error);
  crm_store_open_async (*folder, NULL, ready_cb, &result);
  store = crm_store_open_finish (wait_for (&result), &error);
  g_assert_no_error (error);

  return store;
}

static void
close_store (CrmStore *store,
             char     *folder)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_assert_finalize_object (store);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

static gint64
finish (CrmStore      *store,
        GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (store, wait_for (result), NULL, &error);

  g_assert_no_error (error);
  return crm_task_get_local_id (task);
}

static CrmTask *
get_task (CrmTaskList *list,
          guint        position)
{
  g_autoptr (CrmListSlot) slot = g_list_model_get_item (G_LIST_MODEL (list), position);

  return g_object_ref (crm_list_slot_get_task (slot));
}

static gint64
get_id (CrmTaskList *list,
        guint        position)
{
  g_autoptr (CrmListSlot) slot = g_list_model_get_item (G_LIST_MODEL (list), position);
  CrmTask *task = crm_list_slot_get_task (slot);

  g_assert_cmpint (task != NULL ? crm_task_get_local_id (task) : 0, ==, crm_task_list_get_id (list, position));
  return task != NULL ? crm_task_get_local_id (task) : 0;
}

/* Other tasks in the same places: read anew through slots that were held all the time. */
static void
refilled_cb (CrmTaskList *list,
             guint        position,
             guint        n,
             Mirror      *mirror)
{
  g_assert_cmpuint (position + n, <=, mirror->ids->len);

  mirror->n_single += n;
  for (guint i = 0; i < n; i++)
    g_array_index (mirror->ids, gint64, position + i) = get_id (list, position + i);
}

static void
mirror_cb (CrmTaskList *list,
           guint        position,
           guint        removed,
           guint        added,
           Mirror      *mirror)
{
  g_assert_cmpuint (position + removed, <=, mirror->ids->len);

  mirror->n_rows += removed + added;
  mirror->both = mirror->both || (removed > 0 && added > 0);

  if (removed > 0)
    {
      g_array_remove_range (mirror->ids, position, removed);
      g_ptr_array_remove_range (mirror->slots, position, removed);
    }
  for (guint i = 0; i < added; i++)
    {
      gint64 id = get_id (list, position + i);

      g_array_insert_val (mirror->ids, position + i, id);
      g_ptr_array_insert (mirror->slots, (int) (position + i), g_list_model_get_item (G_LIST_MODEL (list), position + i));
    }
  g_assert_cmpuint (mirror->ids->len, ==, g_list_model_get_n_items (G_LIST_MODEL (list)));
}

static void
mirror_start (Mirror   *mirror,
              CrmStore *store)
{
  *mirror = (Mirror) {
    .list = crm_task_list_new (),
    .ids = g_array_new (FALSE, FALSE, sizeof (gint64)),
    .slots = g_ptr_array_new_with_free_func (g_object_unref),
  };
  g_signal_connect (mirror->list, "items-changed", G_CALLBACK (mirror_cb), mirror);
  g_signal_connect (mirror->list, "refilled", G_CALLBACK (refilled_cb), mirror);
  crm_task_list_set_store (mirror->list, store);
}

static void
mirror_stop (Mirror *mirror)
{
  crm_task_list_set_store (mirror->list, NULL);
  g_assert_cmpuint (mirror->ids->len, ==, 0);

  /* Answers to what is not asked any more are still to come. */
  while (G_OBJECT (mirror->list)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (mirror->list);
  g_array_unref (mirror->ids);
  g_ptr_array_unref (mirror->slots);
}

static void
forget_steps (Mirror *mirror)
{
  mirror->n_single = 0;
  mirror->n_rows = 0;
  mirror->both = FALSE;
}

static GArray *
ask (CrmStore           *store,
     const CrmTaskQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = NULL;
  GArray *ids;

  crm_store_query_async (store, query, 0, NULL, NULL, NULL, ready_cb, &result);
  list = crm_store_query_finish (store, wait_for (&result), &error);
  ids = crm_id_list_to_array (list);
  g_assert_no_error (error);

  return ids;
}

static gboolean
look_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Until what was heard is what the database says. */
static void
wait_for_list (Mirror             *mirror,
               CrmStore           *store,
               const CrmTaskQuery *query)
{
  gint64 deadline = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;
  guint look = g_timeout_add (5, look_cb, NULL);
  gboolean equal = FALSE;

  while (!equal)
    {
      g_autoptr (GArray) ids = ask (store, query);

      equal = !crm_task_list_get_loading (mirror->list) && ids->len == mirror->ids->len &&
              (ids->len == 0 || memcmp (ids->data, mirror->ids->data, ids->len * sizeof (gint64)) == 0);
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      if (!equal)
        g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (look);
}

static gint64
add_draft (CrmStore   *store,
           const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_add_async (store, values, crm_values_get_mask (values), 0, TRUE, NULL, ready_cb, &result);
  return finish (store, &result);
}

static void
rename_task (CrmStore   *store,
             gint64      id,
             const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmValues) values = crm_values_new ();

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_store_edit_async (store, id, values, crm_values_get_mask (values), CRM_EDIT_KEEP, NULL, ready_cb, &result);
  finish (store, &result);
}

static void
discard (CrmStore *store,
         gint64    id)
{
  g_autoptr (GAsyncResult) result = NULL;

  crm_store_apply_async (store, id, CRM_ACTION_DISCARD, NULL, ready_cb, &result);
  finish (store, &result);
}

static CrmTaskQuery *
make_query (const char *sort)
{
  CrmTaskQuery *query = crm_task_query_new ();

  g_assert_true (crm_task_query_parse_sort (query, sort));
  return query;
}

static CrmIdList *
to_list (GArray *ids)
{
  CrmIdList *list = crm_id_list_new ();

  for (guint i = 0; i < ids->len; i++)
    crm_id_list_append (list, g_array_index (ids, gint64, i));

  return list;
}

/* Whatever the steps are, they lead from the one order to the other. */
static void
diff_leads_there (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) after = NULL;
      g_autoptr (GArray) pieces = NULL;
      g_autoptr (GHashTable) changed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

      for (gint64 id = 1; id <= g_test_rand_int_range (0, 20); id++)
        g_array_append_val (before, id);
      after = g_array_copy (before);

      for (int n = g_test_rand_int_range (0, 5); n > 0; n--)
        {
          gint64 id = g_test_rand_int_range (1, 26);

          g_hash_table_add (changed, g_memdup2 (&id, sizeof id));
          for (guint i = 0; i < after->len; i++)
            if (g_array_index (after, gint64, i) == id)
              g_array_remove_index (after, i--);
          if (g_test_rand_int_range (0, 3) > 0)
            g_array_insert_val (after, (guint) g_test_rand_int_range (0, (int) after->len + 1), id);
        }

      {
        g_autoptr (CrmIdList) from = to_list (before);
        g_autoptr (CrmIdList) to = to_list (after);

        pieces = round % 2 == 0 ? crm_list_diff_by_ids (from, to, changed, 64) : crm_list_diff_middle (from, to, 64);
      }
      g_assert_nonnull (pieces);
      for (guint i = 0; i < pieces->len; i++)
        {
          const CrmListPiece *piece = &g_array_index (pieces, CrmListPiece, i);

          if (piece->n_out > 0)
            g_array_remove_range (before, piece->position, piece->n_out);
          for (guint k = 0; k < piece->n_in; k++)
            g_array_insert_val (before, piece->position + k, g_array_index (after, gint64, piece->from + k));
        }

      g_assert_cmpuint (before->len, ==, after->len);
      for (guint i = 0; i < after->len; i++)
        g_assert_cmpint (g_array_index (before, gint64, i), ==, g_array_index (after, gint64, i));
    }
}

static void
diff_gives_up (void)
{
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GHashTable) changed = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (gint64 id = 1; id <= 10; id++)
    {
      g_array_append_val (before, id);
      g_array_prepend_val (after, id);
    }

  {
    g_autoptr (CrmIdList) from = to_list (before);
    g_autoptr (CrmIdList) to = to_list (after);

    g_assert_null (crm_list_diff_by_ids (from, to, changed, 64));
    g_assert_null (crm_list_diff_middle (from, to, 5));
  }
}

/* A change to one task is one row read anew, or one row that moves: never the whole list. */
static void
one_change_is_one_row (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) query = make_query ("name");
  g_autoptr (CrmTask) task = NULL;
  Mirror mirror;
  guint position;
  gint64 id = 0;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %03u", i);

      id = add_draft (store, name);
    }
  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, query);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (mirror.list)), ==, 300);
  g_assert_false (mirror.both);

  forget_steps (&mirror);
  rename_task (store, id, "A task");
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.n_rows, ==, 2);
  g_assert_true (crm_task_list_find (mirror.list, id, &position));
  g_assert_cmpuint (position, ==, 0);
  task = get_task (mirror.list, 0);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME), ==, "A task");

  forget_steps (&mirror);
  discard (store, id);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.n_rows, ==, 1);
  g_assert_false (crm_task_list_find (mirror.list, id, &position));

  mirror_stop (&mirror);
  close_store (store, folder);
}

/* Where the order can't change, nobody asks for it. */
static void
a_row_in_place (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) query = make_query ("due");
  g_autoptr (CrmTask) task = NULL;
  gint64 id = add_draft (store, "Before");
  Mirror mirror;

  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, query);
  wait_for_list (&mirror, store, query);

  forget_steps (&mirror);
  rename_task (store, id, "After");
  g_assert_cmpuint (mirror.n_single, ==, 1);
  g_assert_cmpuint (mirror.n_rows, ==, 0);
  task = get_task (mirror.list, 0);
  g_assert_cmpstr (crm_values_get_text (crm_task_get_values (task), CRM_FIELD_NAME), ==, "After");

  mirror_stop (&mirror);
  close_store (store, folder);
}

/* Another order or another place: other tasks in the same places, and only what there are more or fewer of come and go. */
static void
another_query (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) by_name = make_query ("name");
  g_autoptr (CrmTaskQuery) backwards = make_query ("-name");
  g_autoptr (CrmTaskQuery) sent = make_query ("name");
  Mirror mirror;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %03u", i);

      add_draft (store, name);
    }
  sent->states = 1u << CRM_SYNC_SYNCED;

  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, by_name);
  wait_for_list (&mirror, store, by_name);
  crm_task_list_set_query (mirror.list, backwards);
  wait_for_list (&mirror, store, backwards);
  crm_task_list_set_query (mirror.list, sent);
  wait_for_list (&mirror, store, sent);
  crm_task_list_set_query (mirror.list, backwards);
  crm_task_list_set_query (mirror.list, by_name);
  wait_for_list (&mirror, store, by_name);
  g_assert_false (mirror.both);

  mirror_stop (&mirror);
  close_store (store, folder);
}

/* Random work on the tasks: what is heard is always what is there. */
static void
follows (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) query = make_query ("name");
  Mirror mirror;

  query->states = 1u << CRM_SYNC_DRAFT;
  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, query);

  for (guint i = 0; i < 150; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %03d", g_test_rand_int_range (0, 1000));
      guint n = mirror.ids->len;
      gint64 id = n > 0 ? g_array_index (mirror.ids, gint64, g_test_rand_int_range (0, (int) n)) : 0;
      g_autoptr (CrmTask) task = id != 0 ? crm_store_read_task (store, id, NULL) : NULL;

      switch (task != NULL ? g_test_rand_int_range (0, 4) : 0)
        {
        case 0:
        case 1:
          add_draft (store, name);
          break;
        case 2:
          rename_task (store, id, name);
          break;
        default:
          discard (store, id);
          break;
        }
    }
  wait_for_list (&mirror, store, query);

  for (guint i = 0; i < mirror.ids->len; i++)
    {
      CrmTask *shown = crm_list_slot_get_task (mirror.slots->pdata[i]);
      g_autoptr (CrmTask) kept = crm_store_read_task (store, g_array_index (mirror.ids, gint64, i), NULL);

      g_assert_cmpint (crm_task_get_revision (shown), ==, crm_task_get_revision (kept));
    }

  mirror_stop (&mirror);
  close_store (store, folder);
}

/* What stays is behind what it stood behind, and the rest is the new order. */
static void
diff_holds (void)
{
  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autoptr (GArray) held = g_array_new (FALSE, FALSE, sizeof (CrmListHeld));
      g_autoptr (GArray) result = NULL;
      guint n_gone = 0;

      for (gint64 id = 1; id <= 12; id++)
        {
          CrmListHeld one = { id, before->len };
          int lot = g_test_rand_int_range (0, 4);

          g_array_append_val (before, id);
          if (lot > 0)
            g_array_append_val (after, id);
          if (lot < 2)
            g_array_prepend_val (held, one);
          if (lot == 0 && g_test_rand_bit ())
            g_array_append_val (held, one);
          n_gone += lot == 0;
        }

      {
        g_autoptr (CrmIdList) from = to_list (before);
        g_autoptr (CrmIdList) to = to_list (after);
        g_autoptr (CrmIdList) both = crm_list_diff_hold (from, to, held, 64);

        result = crm_id_list_to_array (both);
      }
      g_assert_cmpuint (held->len, ==, n_gone);
      g_assert_cmpuint (result->len, ==, 12);
      for (guint i = 0; i < result->len; i++)
        g_assert_cmpint (g_array_index (result, gint64, i), ==, (gint64) i + 1);
    }
}

/* Under a pointer nothing goes but what is gone for good, and new rows come; when the pointer has left, the rest goes. */
static void
held_rows_stay (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) query = make_query ("name");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (CrmTask) row = NULL;
  Mirror mirror;
  guint position;

  query->states = 1u << CRM_SYNC_DRAFT;
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("Draft %u", i);
      g_autoptr (GAsyncResult) added = NULL;
      g_autoptr (CrmValues) values = crm_values_new ();

      crm_values_set_text (values, CRM_FIELD_NAME, name);
      crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
      crm_store_add_async (store, values, crm_values_get_mask (values), 0, TRUE, NULL, ready_cb, &added);
      finish (store, &added);
    }
  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, query);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.ids->len, ==, 5);

  crm_task_list_set_held (mirror.list, TRUE);
  crm_store_apply_async (store, 3, CRM_ACTION_SUBMIT, NULL, ready_cb, &result);
  finish (store, &result);
  add_draft (store, "Draft 6");
  while (mirror.ids->len < 6)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (crm_task_list_find (mirror.list, 3, &position));
  g_assert_cmpuint (position, ==, 2);
  g_assert_true (crm_task_list_is_leaving (mirror.list, 3));
  g_assert_false (crm_task_list_is_leaving (mirror.list, 2));
  row = get_task (mirror.list, 2);
  g_assert_cmpint (crm_task_get_state (row), ==, CRM_SYNC_QUEUED);

  discard (store, 5);
  while (mirror.ids->len > 5)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (crm_task_list_find (mirror.list, 5, &position));
  g_assert_true (crm_task_list_find (mirror.list, 3, &position));

  crm_task_list_set_held (mirror.list, FALSE);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.ids->len, ==, 4);
  g_assert_false (crm_task_list_find (mirror.list, 3, &position));
  g_clear_object (&result);

  mirror_stop (&mirror);
  close_store (store, folder);
}

/* A discard that is taken back is listed again. */
static void
back_again (void)
{
  char *folder;
  CrmStore *store = open_store (&folder);
  g_autoptr (CrmTaskQuery) query = make_query ("name");
  g_autoptr (GAsyncResult) discarded = NULL;
  g_autoptr (GAsyncResult) undone = NULL;
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (CrmUndo) undo = NULL;
  Mirror mirror;
  gint64 id = add_draft (store, "A draft");

  mirror_start (&mirror, store);
  crm_task_list_set_query (mirror.list, query);
  wait_for_list (&mirror, store, query);
  g_assert_cmpint (get_id (mirror.list, 0), ==, id);

  crm_store_apply_async (store, id, CRM_ACTION_DISCARD, NULL, ready_cb, &discarded);
  task = crm_store_change_finish (store, wait_for (&discarded), &undo, NULL);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.ids->len, ==, 0);
  crm_store_undo_async (store, undo, NULL, ready_cb, &undone);
  finish (store, &undone);
  wait_for_list (&mirror, store, query);
  g_assert_cmpuint (mirror.ids->len, ==, 1);
  g_clear_object (&discarded);
  g_clear_object (&undone);

  mirror_stop (&mirror);
  close_store (store, folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/list/diff/leads-there", diff_leads_there);
  g_test_add_func ("/list/diff/gives-up", diff_gives_up);
  g_test_add_func ("/list/one-change-is-one-row", one_change_is_one_row);
  g_test_add_func ("/list/a-row-in-place", a_row_in_place);
  g_test_add_func ("/list/another-query", another_query);
  g_test_add_func ("/list/follows", follows);
  g_test_add_func ("/list/diff/holds", diff_holds);
  g_test_add_func ("/list/held-rows-stay", held_rows_stay);
  g_test_add_func ("/list/back-again", back_again);

  return g_test_run ();
}

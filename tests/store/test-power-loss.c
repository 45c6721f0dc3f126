/* test-power-loss.c: the power goes at every instant of a day's work
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "frail-vfs.h"
#include "store-bench.h"

#include "store/crm-undo.h"

#include <string.h>

#define SEED 20261201

/* What a task was after something was acknowledged. */
typedef struct
{
  guint   instant;
  gint64  local_id;
  char   *state; /* NULL: it was gone */
} Mark;

static void
mark_free (gpointer data)
{
  g_free (((Mark *) data)->state);
  g_free (data);
}

static char *
describe (CrmStore *store,
          gint64    local_id)
{
  g_autoptr (CrmTask) task = crm_store_read_task (store, local_id, NULL);

  if (task == NULL)
    return NULL;

  return g_strdup_printf ("%s, revision %" G_GINT64_FORMAT ", %s, #%" G_GINT64_FORMAT, bench_name (task),
                          crm_task_get_revision (task), crm_sync_state_get_nick (crm_task_get_state (task)),
                          crm_task_get_crm_id (task));
}

static void
mark (GPtrArray *marks,
      CrmStore  *store,
      gint64     local_id)
{
  Mark *self = g_new0 (Mark, 1);

  self->instant = frail_vfs_get_length ();
  self->local_id = local_id;
  self->state = describe (store, local_id);
  g_ptr_array_add (marks, self);
}

static void
answer (GPtrArray      *marks,
        CrmStore       *store,
        CrmAnswerClass  klass,
        gint64          crm_id)
{
  g_autoptr (CrmClaim) claim = bench_claim_one (store);

  mark (marks, store, claim->local_id);
  bench_record (store, claim, klass, crm_id);
  mark (marks, store, claim->local_id);
}

/* Everything that writes, and two checkpoints amid it. */
static void
work (GPtrArray  *marks,
      const char *folder)
{
  g_autoptr (CrmStore) store = bench_open (folder);

  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (CrmTask) task = bench_add (store, "Added", i % 2 == 1);
      gint64 id = crm_task_get_local_id (task);
      g_autoptr (CrmTask) renamed = NULL;

      mark (marks, store, id);
      renamed = bench_rename (store, id, "Renamed");
      mark (marks, store, id);
      if (i == 2)
        bench_exec (folder, "PRAGMA wal_checkpoint (PASSIVE)");
    }

  answer (marks, store, CRM_ANSWER_ACCEPTED, 755);
  answer (marks, store, CRM_ANSWER_REJECTED, 0);
  answer (marks, store, CRM_ANSWER_UNCONFIRMED, 0);

  for (gint64 id = 2; id <= 6; id += 2)
    {
      g_autoptr (CrmUndo) undo = NULL;
      g_autoptr (CrmTask) removed = bench_apply (store, id, CRM_ACTION_DISCARD, &undo, NULL);
      g_autoptr (CrmTask) back = NULL;

      mark (marks, store, id);
      if (id == 4)
        bench_exec (folder, "PRAGMA wal_checkpoint (TRUNCATE)");
      back = bench_undo (store, undo, NULL);
      mark (marks, store, id);
    }

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (CrmTask) task = bench_rename (store, 1, i % 2 == 0 ? "Once more" : "And again");

      mark (marks, store, 1);
    }
  answer (marks, store, CRM_ANSWER_ACCEPTED, 755);
  frail_vfs_record (NULL);
}

/* What was acknowledged is there; what was under way may be there or not. NULL when all is well. */
static char *
compare (GPtrArray *marks,
         CrmStore  *store,
         guint      instant,
         gint64     local_id)
{
  g_autofree char *found = describe (store, local_id);
  const Mark *last = NULL, *next = NULL;

  for (guint i = 0; i < marks->len && next == NULL; i++)
    {
      const Mark *one = marks->pdata[i];

      if (one->local_id != local_id)
        continue;
      if (one->instant <= instant)
        last = one;
      else
        next = one;
    }

  if (g_strcmp0 (found, last != NULL ? last->state : NULL) == 0 || (next != NULL && g_strcmp0 (found, next->state) == 0))
    return NULL;

  return g_strdup_printf ("instant %u, task %" G_GINT64_FORMAT ": “%s” is there, “%s” was acknowledged", instant, local_id,
                          found != NULL ? found : "nothing", last != NULL && last->state != NULL ? last->state : "nothing");
}

static char *
check_instant (GPtrArray *marks,
               guint      instant,
               gboolean   lies,
               GRand     *rand)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *trouble = NULL;

  frail_vfs_lose (instant, lies, rand, folder);
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (CrmStore) store = bench_try_open (folder, &error);

    if (store == NULL)
      trouble = g_strdup_printf ("instant %u: %s", instant, error->message);
    else if (crm_store_get_notice (store) != NULL)
      trouble = g_strdup_printf ("instant %u: %s", instant, crm_store_get_notice (store));
    for (gint64 id = 1; id <= 6 && trouble == NULL; id++)
      trouble = compare (marks, store, instant, id);
  }
  if (trouble == NULL && bench_ask (folder, "SELECT group_concat (integrity_check) = 'ok' FROM pragma_integrity_check") != 1)
    trouble = g_strdup_printf ("instant %u: the database is damaged", instant);
  if (trouble == NULL && bench_ask (folder, "SELECT count (*) FROM state_count WHERE n <>"
                                            " (SELECT count (*) FROM task WHERE task.state = state_count.state)") != 0)
    trouble = g_strdup_printf ("instant %u: the counts per state are wrong", instant);
  bench_remove_folder (folder);

  return g_steal_pointer (&trouble);
}

static void
test_every_instant (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (mark_free);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);

  frail_vfs_record (folder);
  work (marks, folder);
  g_assert_cmpuint (frail_vfs_get_length (), >, 300);
  g_assert_cmpuint (frail_vfs_get_n_syncs (), >=, marks->len);
  bench_remove_folder (folder);

  for (guint instant = 0; instant <= frail_vfs_get_length (); instant++)
    {
      g_autofree char *trouble = check_instant (marks, instant, FALSE, rand);

      g_assert_cmpstr (trouble, ==, NULL);
    }
}

/* A disk that only says it syncs does lose what was acknowledged: the test above would see it. */
static void
test_disk_that_lies (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func (mark_free);
  g_autoptr (GRand) rand = g_rand_new_with_seed (SEED);
  guint lost = 0;

  frail_vfs_record (folder);
  work (marks, folder);
  bench_remove_folder (folder);

  for (guint i = 0; i < marks->len; i += 4)
    {
      g_autofree char *trouble = check_instant (marks, ((Mark *) marks->pdata[i])->instant, TRUE, rand);

      lost += trouble != NULL;
    }
  g_assert_cmpuint (lost, >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  frail_vfs_install ();

  g_test_add_func ("/store/power-loss/every-instant", test_every_instant);
  g_test_add_func ("/store/power-loss/disk-that-lies", test_disk_that_lies);

  return g_test_run ();
}

/* test-export-file.c: a file that is exported to has all of it, or is as it was
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store-bench.h"
#include "transfer/crm-export-file.h"

#include <string.h>

/* Several pages. */
#define N_TASKS 200

typedef struct
{
  char         *folder;
  CrmStore     *store;
  char         *path;
  GCancellable *cancellable;
  gsize         cancel_at; /* when so many are written; 0: never */
  guint         n_told;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->folder = bench_make_folder ();
  f->store = bench_open (f->folder);
  f->path = g_build_filename (f->folder, "tasks.csv", NULL);
  f->cancellable = g_cancellable_new ();
  for (guint i = 0; i < N_TASKS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Task %03u", i);
      g_autoptr (CrmTask) task = bench_add (f->store, name, TRUE);
    }
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_clear_object (&f->store);
  g_clear_object (&f->cancellable);
  bench_remove_folder (f->folder);
  g_free (f->folder);
  g_free (f->path);
}

static void
on_progress (gsize    n_written,
             gpointer data)
{
  Fixture *f = data;

  f->n_told++;
  if (f->cancel_at != 0 && n_written >= f->cancel_at)
    g_cancellable_cancel (f->cancellable);
}

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gsize
export_to (Fixture     *f,
           const char  *path,
           GError     **error)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;

  crm_export_file_async (f->store, query, NULL, CRM_EXPORT_CSV, file, on_progress, f, f->cancellable, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return crm_export_file_finish (f->store, result, error);
}

static guint
count_files (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

static void
written (Fixture       *f,
         gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_lines = 0;

  g_assert_cmpuint (export_to (f, f->path, &error), ==, N_TASKS);
  g_assert_no_error (error);
  g_assert_cmpuint (f->n_told, >, 1);

  g_file_get_contents (f->path, &text, NULL, &error);
  g_assert_no_error (error);
  for (const char *at = text; (at = strstr (at, "\r\n")) != NULL; at++)
    n_lines++;
  g_assert_cmpuint (n_lines, ==, N_TASKS + 1);
}

/* What was there is there. */
static void
cancelled (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  guint n_files;

  g_assert_true (g_file_set_contents (f->path, "what was there", -1, NULL));
  n_files = count_files (f);
  f->cancel_at = 1;
  g_assert_cmpuint (export_to (f, f->path, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_file_get_contents (f->path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "what was there");
  g_assert_cmpuint (count_files (f), ==, n_files);
}

/* And what was not, is not. */
static void
cancelled_new (Fixture       *f,
               gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  guint n_files = count_files (f);

  f->cancel_at = 1;
  g_assert_cmpuint (export_to (f, f->path, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (f), ==, n_files);
}

static void
unwritable (Fixture       *f,
            gconstpointer  data)
{
  g_autofree char *path = g_build_filename (f->folder, "none", "tasks.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (export_to (f, path, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/export-file/written", Fixture, NULL, set_up, written, tear_down);
  g_test_add ("/export-file/cancelled", Fixture, NULL, set_up, cancelled, tear_down);
  g_test_add ("/export-file/cancelled-new", Fixture, NULL, set_up, cancelled_new, tear_down);
  g_test_add ("/export-file/unwritable", Fixture, NULL, set_up, unwritable, tear_down);

  return g_test_run ();
}

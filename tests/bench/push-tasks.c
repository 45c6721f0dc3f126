/* push-tasks.c: the tasks that are pushed for measurement, and the store they wait in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "push-tasks.h"

#include "store/crm-outbox.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* So many are saved at a time. */
#define MOST_WAITING 256

static void
on_ready (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
on_added (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, &error);

  if (task == NULL)
    g_error ("%s", error->message);
  --*(guint *) user_data;
}

/* What a person writes: a name, when, to whom it belongs, and a sentence. */
static CrmValues *
make_values (guint number)
{
  static const char *const errands[] = {
    "Call back about the menu", "Send the contract", "Confirm the room", "Ask for the deposit", "Plan the seating",
    "Check the invoice",        "Book the band",     "Order flowers",    "Meet at the venue",   "Follow up",
  };
  CrmValues *values = crm_values_new ();
  g_autofree char *name = g_strdup_printf ("%s, no. %u", errands[number % G_N_ELEMENTS (errands)], number);
  g_autofree char *due = g_strdup_printf ("2027-%02u-%02u %02u:30:00", number / 28 % 12 + 1, number % 28 + 1, number % 24);
  g_autofree char *description = g_strdup_printf ("Ring +61 2 %08u first, and note what was said.", number);

  crm_values_set_text (values, CRM_FIELD_NAME, name);
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, due);
  crm_values_set_text (values, CRM_FIELD_DESCRIPTION, description);
  crm_values_set_text (values, CRM_FIELD_PRIORITY, number % 3 == 0 ? "high" : "medium");
  crm_values_set_number (values, CRM_FIELD_VENUE, number % 5 + 1);
  crm_values_set_number (values, CRM_FIELD_CONTACT, number % 1000 + 1);
  crm_values_set_number (values, CRM_FIELD_ASSIGNED_USER, number % 20 + 1);

  return values;
}

/**
 * push_tasks_make_folder:
 *
 * Returns: (transfer full): a new folder for a store
 */
char *
push_tasks_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("crm-tasks-bench-XXXXXX", &error);

  if (folder == NULL)
    g_error ("%s", error->message);

  return folder;
}

/**
 * push_tasks_remove_folder:
 * @folder: a store's, that is closed
 */
void
push_tasks_remove_folder (const char *folder)
{
  static const char *const names[] = { "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/**
 * push_tasks_open:
 * @folder: a store's
 *
 * Returns: (transfer full): the store
 */
CrmStore *
push_tasks_open (const char *folder)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  CrmStore *store;

  crm_store_open_async (folder, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  store = crm_store_open_finish (result, &error);
  if (store == NULL)
    g_error ("%s", error->message);

  return store;
}

/**
 * push_tasks_fill:
 * @folder: a store's
 * @first: the number of the first task
 * @n: how many to save and queue
 */
void
push_tasks_fill (const char *folder,
                 guint       first,
                 guint       n)
{
  CrmStore *store = push_tasks_open (folder);
  guint waiting = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (CrmValues) values = make_values (first + i);

      while (waiting >= MOST_WAITING)
        g_main_context_iteration (NULL, TRUE);
      waiting++;
      crm_store_add_async (store, values, crm_values_get_mask (values), 0, FALSE, NULL, on_added, &waiting);
    }
  while (waiting > 0)
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (store);
}

/**
 * push_tasks_fill_outside:
 * @folder: a store's
 * @first: the number of the first task
 * @n: how many to save and queue
 *
 * The same in a process of its own, so that nothing of it is left in the memory of this one.
 */
void
push_tasks_fill_outside (const char *folder,
                         guint       first,
                         guint       n)
{
  g_autofree char *first_text = g_strdup_printf ("--first=%u", first);
  g_autofree char *n_text = g_strdup_printf ("--tasks=%u", n);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GSubprocess) filler = NULL;

  filler = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "--fill", folder, first_text, n_text, NULL);
  if (filler == NULL)
    g_error ("%s", error->message);
  g_subprocess_wait_check_async (filler, NULL, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!g_subprocess_wait_check_finish (filler, result, &error))
    g_error ("%s", error->message);
}

/**
 * push_tasks_read_bodies:
 * @folder: the folder of a store in which tasks are queued
 * @n: how many there are
 *
 * Returns: (transfer full) (element-type GBytes): what the app would send, byte for byte
 */
GPtrArray *
push_tasks_read_bodies (const char *folder,
                        guint       n)
{
  GPtrArray *bodies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  CrmStore *store = push_tasks_open (folder);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) claims = NULL;
  g_autoptr (GError) error = NULL;
  gint64 now = g_get_real_time ();
  gint64 next_due;

  crm_outbox_claim_async (store, n, now, now / G_TIME_SPAN_SECOND, on_ready, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  claims = crm_outbox_claim_finish (store, result, &next_due, &error);
  if (claims == NULL)
    g_error ("%s", error->message);

  for (guint i = 0; i < claims->len; i++)
    g_ptr_array_add (bodies, g_bytes_ref (((CrmClaim *) claims->pdata[i])->body));
  g_object_unref (store);

  return bodies;
}

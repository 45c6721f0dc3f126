/* crm-store.c: the tasks and their outbox, durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-store.h"

#include "store/crm-database.h"
#include "store/crm-salvage.h"
#include "store/crm-sender-lock.h"
#include "store/crm-store-private.h"

#include "model/crm-error.h"
#include "model/crm-private-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

struct _CrmStore
{
  GObject      parent_instance;

  char        *folder;
  char        *notice;
  CrmDatabase *database;
};

enum
{
  CHANGED,
  NAMES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmStore, crm_store, G_TYPE_OBJECT)

static void
announce_change (CrmStore        *self,
                 const CrmChange *change)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_array_append_val (ids, change->row->local_id);
  if (change->replaced != 0)
    g_array_append_val (ids, change->replaced);
  crm_store_emit_changed (self, ids);
}

static CrmChange *
change_of_add (const CrmValues *values,
               CrmFieldMask     touched,
               gint64           crm_id,
               gboolean         draft)
{
  CrmChange *change = g_new0 (CrmChange, 1);

  change->values = crm_values_copy (values);
  change->touched = touched;
  change->crm_id = crm_id;
  change->draft = draft;

  return change;
}

static void
on_change_written (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmStore *self = g_task_get_source_object (task);
  GError *error = NULL;
  CrmChange *change = crm_database_finish (CRM_DATABASE (source), result, &error);

  if (change == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  announce_change (self, change);
  g_task_return_pointer (task, change, (GDestroyNotify) crm_change_free);
}

static void
start_change (CrmStore            *self,
              CrmChange           *change,
              CrmDatabaseFunc      job,
              GCancellable        *cancellable,
              GAsyncReadyCallback  callback,
              gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, start_change);
  g_task_set_check_cancellable (task, FALSE);
  crm_database_write_async (self->database, job, change, (GDestroyNotify) crm_change_free, cancellable, on_change_written, task);
}

static void
on_foreign_change (CrmStore *self)
{
  crm_store_emit_changed (self, NULL);
}

static void
crm_store_finalize (GObject *object)
{
  CrmStore *self = CRM_STORE (object);

  g_clear_object (&self->database);
  g_free (self->folder);
  g_free (self->notice);

  G_OBJECT_CLASS (crm_store_parent_class)->finalize (object);
}

static void
crm_store_class_init (CrmStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_store_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_ARRAY);

  /* What is named by tasks is new, or has other names. */
  signals[NAMES_CHANGED] = g_signal_new ("names-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 0);
}

static void
crm_store_init (CrmStore *self)
{
}

/* Nobody may have the damaged file open while it is set aside: who sends has it open for sure. */
static char *
salvage (const char  *folder,
         const char  *path,
         GError     **error)
{
  gboolean held_elsewhere;
  g_autoptr (CrmSenderLock) lock = crm_sender_lock_try (folder, &held_elsewhere, error);

  if (held_elsewhere)
    g_set_error_literal (error, CRM_ERROR, CRM_ERROR_DATABASE_DAMAGED,
                         _("The tasks’ database is damaged. Close CRM Tasks and start it again to recover what can be read"));

  return lock != NULL ? crm_salvage_run (path, error) : NULL;
}

static CrmDatabase *
open_database (const char  *folder,
               char       **notice,
               GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "tasks.db", NULL);
  g_autoptr (GError) damage = NULL;
  CrmDatabase *database;

  crm_salvage_resume (path);
  if (!crm_salvage_is_marked (path))
    {
      database = crm_database_open (path, &damage);
      if (database != NULL)
        return database;
      if (!g_error_matches (damage, CRM_ERROR, CRM_ERROR_DATABASE_DAMAGED))
        {
          g_propagate_error (error, g_steal_pointer (&damage));
          return NULL;
        }
    }

  *notice = salvage (folder, path, error);
  return *notice != NULL ? crm_database_open (path, error) : NULL;
}

static gboolean
check_files (const char  *folder,
             GError     **error)
{
  static const char *const names[] = { "tasks.db", "tasks.db-wal", "tasks.db-shm", "sender.lock" };

  if (!crm_private_folder_make (folder, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      if (!crm_private_file_check (path, error))
        return FALSE;
    }

  return TRUE;
}

static CrmDatabase *
open_folder (const char  *folder,
             GError     **error)
{
  g_autofree char *notice = NULL;
  CrmDatabase *database;

  if (!check_files (folder, error))
    return NULL;

  database = open_database (folder, &notice, error);
  if (database != NULL)
    g_object_set_data_full (G_OBJECT (database), "notice", g_steal_pointer (&notice), g_free);

  return database;
}

static CrmStore *
store_new (const char  *folder,
           CrmDatabase *database)
{
  CrmStore *self = g_object_new (CRM_TYPE_STORE, NULL);

  self->database = database;
  self->folder = g_strdup (folder);
  self->notice = g_object_steal_data (G_OBJECT (database), "notice");
  g_signal_connect_object (database, "foreign-change", G_CALLBACK (on_foreign_change), self, G_CONNECT_SWAPPED);

  return self;
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  CrmDatabase *database = open_folder (task_data, &error);

  if (database != NULL)
    g_task_return_pointer (task, database, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * crm_store_open:
 * @folder: the account's folder; made when it isn't there, for its owner alone
 * @error: says what is wrong with the database, and what to do
 *
 * Opens the tasks of an account, for a program that has nothing else to do meanwhile: blocks for I/O, and for as long as
 * another program holds the database, 5 seconds at most. What other programs change is not watched: see crm_store_watch().
 *
 * Returns: (transfer full) (nullable): the store, as crm_store_open_finish() gives it
 */
CrmStore *
crm_store_open (const char  *folder,
                GError     **error)
{
  CrmDatabase *database;

  g_return_val_if_fail (folder != NULL, NULL);

  database = open_folder (folder, error);

  return database != NULL ? store_new (folder, database) : NULL;
}

/**
 * crm_store_open_async:
 * @folder: the account's folder; made when it isn't there, for its owner alone
 * @cancellable: (nullable): a cancellable
 * @callback: called when the store is open, or can't be
 * @user_data: given to @callback
 *
 * Opens the tasks of an account. Opening changes no task's state.
 */
void
crm_store_open_async (const char          *folder,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (folder != NULL);

  g_task_set_source_tag (task, crm_store_open_async);
  g_task_set_task_data (task, g_strdup (folder), g_free);
  g_task_run_in_thread (task, open_thread);
}

/**
 * crm_store_open_finish:
 * @result: what the callback was given
 * @error: says what is wrong with the database, and what to do
 *
 * Returns: (transfer full) (nullable): the store. It is used, and its last reference dropped, on the main thread
 */
CrmStore *
crm_store_open_finish (GAsyncResult  *result,
                       GError       **error)
{
  CrmDatabase *database;
  CrmStore *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  database = g_task_propagate_pointer (G_TASK (result), error);
  if (database == NULL)
    return NULL;

  self = store_new (g_task_get_task_data (G_TASK (result)), database);
  crm_store_watch (self);

  return self;
}

/**
 * crm_store_watch:
 * @self: a store
 *
 * Begins to watch what other programs change, if that isn't done yet: “changed” is emitted within a second. Main thread.
 */
void
crm_store_watch (CrmStore *self)
{
  g_return_if_fail (CRM_IS_STORE (self));

  crm_database_watch (self->database);
}

/**
 * crm_store_get_folder:
 * @self: a store
 *
 * Returns: (transfer none): the folder it is in
 */
const char *
crm_store_get_folder (CrmStore *self)
{
  g_return_val_if_fail (CRM_IS_STORE (self), NULL);

  return self->folder;
}

/**
 * crm_store_get_notice:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): what a person must know of how it was opened: that it had been damaged
 */
const char *
crm_store_get_notice (CrmStore *self)
{
  g_return_val_if_fail (CRM_IS_STORE (self), NULL);

  return self->notice;
}

/**
 * crm_store_add_async:
 * @self: a store
 * @values: the task's values
 * @touched: the fields given; of an add, those that hold a value
 * @crm_id: the id of a task known only by that, of which this is an update; of one that is here already this is an
 *   edit. 0 for a new task
 * @draft: whether to keep it here for now; otherwise it is refused unless the known rules hold
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * Ends with crm_store_change_finish().
 */
void
crm_store_add_async (CrmStore            *self,
                     const CrmValues     *values,
                     CrmFieldMask         touched,
                     gint64               crm_id,
                     gboolean             draft,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_return_if_fail (CRM_IS_STORE (self) && values != NULL);

  start_change (self, change_of_add (values, touched, crm_id, draft), crm_change_add_job, cancellable, callback, user_data);
}

/**
 * crm_store_add:
 * @self: a store that crm_store_open() gave, and of which nothing was changed yet
 * @values: the task's values
 * @touched: as for crm_store_add_async()
 * @crm_id: as for crm_store_add_async()
 * @draft: as for crm_store_add_async()
 * @error: as for crm_store_change_finish()
 *
 * For a program that writes one task and ends: blocks for I/O, and for as long as another program writes, 5 seconds at most.
 *
 * Returns: (transfer full) (nullable): the task, durable
 */
CrmTask *
crm_store_add (CrmStore         *self,
               const CrmValues  *values,
               CrmFieldMask      touched,
               gint64            crm_id,
               gboolean          draft,
               GError          **error)
{
  CrmChange *change;
  CrmTask *task = NULL;

  g_return_val_if_fail (CRM_IS_STORE (self) && values != NULL, NULL);

  change = change_of_add (values, touched, crm_id, draft);
  if (crm_database_write (self->database, crm_change_add_job, change, error))
    {
      announce_change (self, change);
      task = crm_row_to_task (change->row);
    }
  crm_change_free (change);

  return task;
}

/**
 * crm_store_edit_async:
 * @self: a store
 * @local_id: which task
 * @values: the values given
 * @touched: the fields given; one without a value is cleared
 * @mode: whether to submit, or resubmit, it as well
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * One revision, if anything changes. Ends with crm_store_change_finish().
 */
void
crm_store_edit_async (CrmStore            *self,
                      gint64               local_id,
                      const CrmValues     *values,
                      CrmFieldMask         touched,
                      CrmEditMode          mode,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self) && values != NULL);

  change = g_new0 (CrmChange, 1);
  change->local_id = local_id;
  change->values = crm_values_copy (values);
  change->touched = touched;
  change->mode = mode;
  start_change (self, change, crm_change_edit_job, cancellable, callback, user_data);
}

/**
 * crm_store_save_typed_async:
 * @self: a store
 * @typed: where crm_typed_keep_async() kept what was typed: the task's local id; of a new task 0 or less
 * @values: the values typed
 * @touched: the fields typed; one without a value is cleared
 * @submit: whether to submit, or resubmit, it as well; a new one is a draft otherwise
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * Saves what was typed, and forgets that it was typed, in one transaction: it is never there twice. Ends with
 * crm_store_change_finish().
 */
void
crm_store_save_typed_async (CrmStore            *self,
                            gint64               typed,
                            const CrmValues     *values,
                            CrmFieldMask         touched,
                            gboolean             submit,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self) && values != NULL);

  change = g_new0 (CrmChange, 1);
  change->local_id = MAX (typed, 0);
  change->typed = typed;
  change->values = crm_values_copy (values);
  change->touched = touched;
  change->draft = !submit;
  change->mode = submit ? CRM_EDIT_SUBMIT : CRM_EDIT_KEEP;
  start_change (self, change, crm_change_save_typed_job, cancellable, callback, user_data);
}

/**
 * crm_store_apply_async:
 * @self: a store
 * @local_id: which task
 * @action: what the person said
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * Ends with crm_store_change_finish().
 */
void
crm_store_apply_async (CrmStore            *self,
                       gint64               local_id,
                       CrmAction            action,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self));

  change = g_new0 (CrmChange, 1);
  change->local_id = local_id;
  change->action = action;
  start_change (self, change, crm_change_apply_job, cancellable, callback, user_data);
}

/**
 * crm_store_settle_async:
 * @self: a store
 * @local_id: an unconfirmed task
 * @crm_id: the task that it is on the CRM
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * “It is there as #…”. Ends with crm_store_change_finish().
 */
void
crm_store_settle_async (CrmStore            *self,
                        gint64               local_id,
                        gint64               crm_id,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self) && crm_id > 0);

  change = g_new0 (CrmChange, 1);
  change->local_id = local_id;
  change->crm_id = crm_id;
  start_change (self, change, crm_change_settle_job, cancellable, callback, user_data);
}

/**
 * crm_store_choose_async:
 * @self: a store
 * @local_id: a task that was changed here and on the CRM
 * @revision: its revision when the person looked
 * @theirs: the fields in which the CRM's values shall be; in the others those here
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused
 * @user_data: given to @callback
 *
 * Ends the conflict, and sends what is left to send. Ends with crm_store_change_finish().
 */
void
crm_store_choose_async (CrmStore            *self,
                        gint64               local_id,
                        gint64               revision,
                        CrmFieldMask         theirs,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self));

  change = g_new0 (CrmChange, 1);
  change->local_id = local_id;
  change->revision = revision;
  change->theirs = theirs;
  start_change (self, change, crm_change_choose_job, cancellable, callback, user_data);
}

/**
 * crm_store_undo_async:
 * @self: a store
 * @undo: what a discard gave
 * @cancellable: (nullable): heeded until it is being written
 * @callback: called when it is durable, or was refused because the task has changed since
 * @user_data: given to @callback
 *
 * Ends with crm_store_change_finish().
 */
void
crm_store_undo_async (CrmStore            *self,
                      CrmUndo             *undo,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  CrmChange *change;

  g_return_if_fail (CRM_IS_STORE (self) && undo != NULL);

  change = g_new0 (CrmChange, 1);
  change->undo = crm_undo_ref (undo);
  start_change (self, change, crm_change_undo_job, cancellable, callback, user_data);
}

/**
 * crm_store_change_finish:
 * @self: a store
 * @result: what the callback was given
 * @undo: (out) (optional) (transfer full) (nullable): of a discard, what takes it back
 * @error: why nothing was changed: %CRM_ERROR_INVALID, %CRM_ERROR_REFUSED, %CRM_ERROR_SECOND_YES,
 *   %CRM_ERROR_NO_SUCH_TASK or what is wrong with the database
 *
 * Returns: (transfer full) (nullable): the task as it is now; in the state %CRM_SYNC_REMOVED as it last was
 */
CrmTask *
crm_store_change_finish (CrmStore      *self,
                         GAsyncResult  *result,
                         CrmUndo      **undo,
                         GError       **error)
{
  g_autoptr (CrmTask) task = NULL;
  CrmChange *change;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  change = g_task_propagate_pointer (G_TASK (result), error);
  if (change == NULL)
    return NULL;

  task = crm_row_to_task (change->row);
  if (undo != NULL)
    *undo = g_steal_pointer (&change->undo);
  if (change->removed)
    {
      CrmTask *removed = crm_task_copy_as_removed (task);

      g_set_object (&task, removed);
      g_object_unref (removed);
    }
  crm_change_free (change);

  return g_steal_pointer (&task);
}

CrmDatabase *
crm_store_get_database (CrmStore *self)
{
  return self->database;
}

void
crm_store_emit_changed (CrmStore *self,
                        GArray   *local_ids)
{
  g_signal_emit (self, signals[CHANGED], 0, local_ids);
}

void
crm_store_emit_names_changed (CrmStore *self)
{
  g_signal_emit (self, signals[NAMES_CHANGED], 0);
}

/* crm-practice-store.c: the tasks the practice CRM holds, and the file they are kept in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-store.h"

#include "practice/crm-practice-json.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The file is a journal: this line, then a line of JSON for every time a task was written; the last one of an id
 * counts. A line is complete when it ends in a newline: what an interrupted write left behind is cut off. */
#define FIRST_LINE "{\"crmPractice\":1}\n"
#define FIRST_ID 755

struct _CrmPracticeStore
{
  GObject     parent_instance;

  char       *path;
  int         fd;
  GPtrArray  *tasks;
  GHashTable *by_id;
  gint64      next_id;
  gboolean    is_new;  /* there was no file when it was opened */

  GString    *pending_lines;
  GPtrArray  *pending_puts;
  gboolean    writing;
};

G_DEFINE_FINAL_TYPE (CrmPracticeStore, crm_practice_store, G_TYPE_OBJECT)

typedef struct
{
  int        fd;
  GString   *lines;
  GPtrArray *puts;
} Write;

static void start_write (CrmPracticeStore *self);

static void
write_free (Write *job)
{
  close (job->fd);
  g_string_free (job->lines, TRUE);
  g_ptr_array_unref (job->puts);
  g_free (job);
}

static gboolean
set_io_error (GError     **error,
              const char  *path)
{
  int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               _ ("The practice CRM could not write “%s”: %s"), path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
write_all (int         fd,
           const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      text += n;
      length -= n;
    }

  return TRUE;
}

static void
append_line (GString               *lines,
             const CrmPracticeTask *task)
{
  g_autofree char *line = crm_practice_json_print (crm_practice_task_to_record (task));

  g_string_append (lines, line);
  g_string_append_c (lines, '\n');
}

/* Takes @task. */
static void
remember (CrmPracticeStore *self,
          CrmPracticeTask  *task)
{
  gpointer index;

  if (g_hash_table_lookup_extended (self->by_id, &task->id, NULL, &index))
    {
      CrmPracticeTask *old = g_ptr_array_index (self->tasks, GPOINTER_TO_UINT (index));

      task->born_list = old->born_list;
      task->born_time = old->born_time;
      g_hash_table_replace (self->by_id, &task->id, index);
      g_ptr_array_index (self->tasks, GPOINTER_TO_UINT (index)) = task;
      crm_practice_task_free (old);
      return;
    }

  g_hash_table_insert (self->by_id, &task->id, GUINT_TO_POINTER (self->tasks->len));
  g_ptr_array_add (self->tasks, task);
  self->next_id = MAX (self->next_id, task->id + 1);
}

/* The order of the others stays. */
static gboolean
forget (CrmPracticeStore *self,
        gint64            id)
{
  gpointer index;

  if (!g_hash_table_lookup_extended (self->by_id, &id, NULL, &index))
    return FALSE;

  g_hash_table_remove (self->by_id, &id);
  g_ptr_array_remove_index (self->tasks, GPOINTER_TO_UINT (index));
  for (guint i = GPOINTER_TO_UINT (index); i < self->tasks->len; i++)
    {
      CrmPracticeTask *task = g_ptr_array_index (self->tasks, i);

      g_hash_table_insert (self->by_id, &task->id, GUINT_TO_POINTER (i));
    }

  return TRUE;
}

/* A line of a task that was deleted: its id stays used. */
static gboolean
is_deletion (JsonObject *record,
             gint64     *id)
{
  *id = json_object_get_int_member_with_default (record, "deleted", 0);

  return *id > 0;
}

static gboolean
load (CrmPracticeStore  *self,
      const char        *text,
      gsize              length,
      guint             *n_lines,
      GError           **error)
{
  const char *at = text + strlen (FIRST_LINE);
  const char *end = text + length;

  if (!g_str_has_prefix (text, FIRST_LINE))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("“%s” is not a file of the practice CRM; it was left as it is"), self->path);
      return FALSE;
    }

  for (const char *newline; (newline = memchr (at, '\n', end - at)) != NULL; at = newline + 1)
    {
      g_autoptr (JsonNode) node = crm_practice_json_parse (at, newline - at);
      CrmPracticeTask *task = NULL;
      gint64 deleted;

      ++*n_lines;
      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) && is_deletion (json_node_get_object (node), &deleted))
        {
          forget (self, deleted);
          self->next_id = MAX (self->next_id, deleted + 1);
          continue;
        }
      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        task = crm_practice_task_from_record (json_node_get_object (node));
      if (task != NULL)
        remember (self, task);
      else
        g_message ("A line of “%s” cannot be read and is left out", self->path);
    }

  return TRUE;
}

static gboolean
compact (CrmPracticeStore  *self,
         GError           **error)
{
  g_autoptr (GString) lines = g_string_new (FIRST_LINE);

  for (guint i = 0; i < self->tasks->len; i++)
    append_line (lines, g_ptr_array_index (self->tasks, i));

  return g_file_set_contents_full (self->path, lines->str, lines->len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

static void
write_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  CrmPracticeStore *self = source_object;
  Write *job = task_data;
  GError *error = NULL;

  if (write_all (job->fd, job->lines->str, job->lines->len) && fdatasync (job->fd) == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  set_io_error (&error, self->path);
  g_task_return_error (task, error);
}

static void
on_written (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  CrmPracticeStore *self = CRM_PRACTICE_STORE (source);
  Write *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) puts = g_ptr_array_ref (job->puts);
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  self->writing = FALSE;

  if (self->pending_lines->len > 0)
    start_write (self);

  for (guint i = 0; i < puts->len; i++)
    {
      GTask *put = g_ptr_array_index (puts, i);
      gint64 *id = g_task_get_task_data (put);

      if (error != NULL)
        g_task_return_error (put, g_error_copy (error));
      else
        g_task_return_pointer (put, g_memdup2 (id, sizeof *id), g_free);
    }
}

/* All that came while one write was under way shares the next one, so that many at once cost one fdatasync(). */
static void
start_write (CrmPracticeStore *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, on_written, NULL);
  Write *job = g_new0 (Write, 1);

  job->fd = fcntl (self->fd, F_DUPFD_CLOEXEC, 0);
  job->lines = g_steal_pointer (&self->pending_lines);
  job->puts = g_steal_pointer (&self->pending_puts);
  self->pending_lines = g_string_new (NULL);
  self->pending_puts = g_ptr_array_new_with_free_func (g_object_unref);
  self->writing = TRUE;

  g_task_set_source_tag (task, start_write);
  g_task_set_task_data (task, job, (GDestroyNotify) write_free);
  g_task_run_in_thread (task, write_thread);
}

static void
crm_practice_store_finalize (GObject *object)
{
  CrmPracticeStore *self = CRM_PRACTICE_STORE (object);

  crm_practice_store_close (self);
  g_free (self->path);
  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->tasks);
  g_ptr_array_unref (self->pending_puts);
  g_string_free (self->pending_lines, TRUE);

  G_OBJECT_CLASS (crm_practice_store_parent_class)->finalize (object);
}

static void
crm_practice_store_class_init (CrmPracticeStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_practice_store_finalize;
}

static void
crm_practice_store_init (CrmPracticeStore *self)
{
  self->fd = -1;
  self->next_id = FIRST_ID;
  self->tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_practice_task_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->pending_lines = g_string_new (NULL);
  self->pending_puts = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * crm_practice_store_new:
 * @path: (nullable): the file, or %NULL to hold the tasks in memory only
 *
 * Returns: (transfer full): a store that is still to be opened
 */
CrmPracticeStore *
crm_practice_store_new (const char *path)
{
  CrmPracticeStore *self = g_object_new (CRM_PRACTICE_TYPE_STORE, NULL);

  self->path = g_strdup (path);
  return self;
}

/**
 * crm_practice_store_open:
 * @self: a store that is not open
 * @error: where to put what went wrong, in words for a person
 *
 * Reads the file (made when it is missing, mode 0600), drops a last line that was not written to its end, and
 * rewrites it when it holds more old versions than tasks. Opening it again after
 * crm_practice_store_close() reads it anew. Blocks for as long as that takes; a file of its own is expected, one that
 * is not the practice CRM's is refused and left alone.
 *
 * Returns: whether the store can be used
 */
gboolean
crm_practice_store_open (CrmPracticeStore  *self,
                         GError           **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  guint n_lines = 0;

  g_return_val_if_fail (CRM_PRACTICE_IS_STORE (self), FALSE);
  g_return_val_if_fail (self->fd < 0, FALSE);

  self->is_new = self->path == NULL && self->tasks->len == 0;
  if (self->path == NULL)
    return TRUE;

  g_hash_table_remove_all (self->by_id);
  g_ptr_array_set_size (self->tasks, 0);
  self->next_id = FIRST_ID;

  if (!g_file_get_contents (self->path, &text, &length, &local_error) &&
      !g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  /* A first line that was cut short is a file whose making was interrupted. */
  if (length > 0 && length < strlen (FIRST_LINE) && g_str_has_prefix (FIRST_LINE, text))
    length = 0;
  if (length > 0 && !load (self, text, length, &n_lines, error))
    return FALSE;

  self->is_new = length == 0;
  if (length == 0 || text[length - 1] != '\n' || n_lines > 2 * self->tasks->len + 100)
    if (!compact (self, error))
      return FALSE;

  self->fd = open (self->path, O_WRONLY | O_APPEND | O_CLOEXEC);
  return self->fd >= 0 || set_io_error (error, self->path);
}

/**
 * crm_practice_store_close:
 * @self: a store
 *
 * Closes the file. A write that is under way goes on with the descriptor it has.
 */
void
crm_practice_store_close (CrmPracticeStore *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_STORE (self));

  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/**
 * crm_practice_store_get_tasks:
 * @self: a store
 *
 * Returns: (transfer none) (element-type CrmPracticeTask): all tasks, by ascending id
 */
GPtrArray *
crm_practice_store_get_tasks (CrmPracticeStore *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_STORE (self), NULL);

  return self->tasks;
}

/**
 * crm_practice_store_find:
 * @self: a store
 * @id: a task's id
 *
 * Returns: (transfer none) (nullable): the task with @id, valid until it is written again
 */
const CrmPracticeTask *
crm_practice_store_find (CrmPracticeStore *self,
                         gint64            id)
{
  gpointer index;

  g_return_val_if_fail (CRM_PRACTICE_IS_STORE (self), NULL);

  if (!g_hash_table_lookup_extended (self->by_id, &id, NULL, &index))
    return NULL;

  return g_ptr_array_index (self->tasks, GPOINTER_TO_UINT (index));
}

/**
 * crm_practice_store_put_async:
 * @self: an open store
 * @task: (transfer full): a task; with an id of 0 it is given the next one
 * @cancellable: (nullable): not looked at once the write is under way
 * @callback: called in the thread-default main context
 * @user_data: for @callback
 *
 * Adds or replaces a task. It shows in the store at once; @callback is called when it is on disk.
 */
void
crm_practice_store_put_async (CrmPracticeStore    *self,
                              CrmPracticeTask     *task,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr (GTask) put = NULL;

  g_return_if_fail (CRM_PRACTICE_IS_STORE (self));
  g_return_if_fail (task != NULL);

  put = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (put, crm_practice_store_put_async);

  if (task->id == 0)
    task->id = self->next_id;
  remember (self, task);
  g_task_set_task_data (put, g_memdup2 (&task->id, sizeof task->id), g_free);

  if (self->path == NULL)
    {
      g_task_return_pointer (put, g_memdup2 (&task->id, sizeof task->id), g_free);
      return;
    }

  if (self->fd < 0)
    {
      g_task_return_new_error (put, G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("The practice CRM was stopped"));
      return;
    }

  append_line (self->pending_lines, task);
  g_ptr_array_add (self->pending_puts, g_steal_pointer (&put));
  if (!self->writing)
    start_write (self);
}

/**
 * crm_practice_store_remove:
 * @self: an open store
 * @id: a task's id
 *
 * Returns: whether there was such a task; its id is not given to another
 */
gboolean
crm_practice_store_remove (CrmPracticeStore *self,
                           gint64            id)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_STORE (self), FALSE);

  if (!forget (self, id))
    return FALSE;

  if (self->fd >= 0)
    {
      g_string_append_printf (self->pending_lines, "{\"deleted\":%" G_GINT64_FORMAT "}\n", id);
      if (!self->writing)
        start_write (self);
    }

  return TRUE;
}

/**
 * crm_practice_store_is_new:
 * @self: an open store
 *
 * Returns: whether it held nothing ever when it was opened
 */
gboolean
crm_practice_store_is_new (CrmPracticeStore *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_STORE (self), FALSE);

  return self->is_new;
}

/**
 * crm_practice_store_put_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: where to put what went wrong
 *
 * Returns: the task's id, or 0 when it could not be written
 */
gint64
crm_practice_store_put_finish (CrmPracticeStore  *self,
                               GAsyncResult      *result,
                               GError           **error)
{
  g_autofree gint64 *id = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  id = g_task_propagate_pointer (G_TASK (result), error);
  return id != NULL ? *id : 0;
}

/* crm-unsaved.c: what was typed and not saved, task by task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-unsaved.h"

#include "store/crm-typed.h"

/* No letter is older than this, in milliseconds, when it is written to the store. */
#define WRITE_PAUSE 250

struct _CrmUnsaved
{
  GObject     parent_instance;

  CrmStore   *store;    /* NULL: in memory only */
  GHashTable *contents; /* gint64 * → char * */
  GHashTable *pending;  /* gint64 *, not written yet */
  guint       write_id;
  guint       writing;
  GError     *error;    /* the first of the writes under way */
  GPtrArray  *waiting;  /* of GTask: flushes */
  gint64      newest;
  gboolean    has_newest;
};

G_DEFINE_FINAL_TYPE (CrmUnsaved, crm_unsaved, G_TYPE_OBJECT)

static gint64 *
copy_key (gint64 key)
{
  return g_memdup2 (&key, sizeof key);
}

static void
finish_flushes (CrmUnsaved *self)
{
  g_autoptr (GPtrArray) waiting = NULL;
  g_autoptr (GError) error = NULL;

  if (self->writing > 0)
    return;

  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  error = g_steal_pointer (&self->error);
  for (guint i = 0; i < waiting->len; i++)
    {
      if (error != NULL)
        g_task_return_error (waiting->pdata[i], g_error_copy (error));
      else
        g_task_return_boolean (waiting->pdata[i], TRUE);
    }
}

typedef struct
{
  CrmUnsaved *self;
  gint64      key;
} Write;

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autofree Write *write = user_data;
  g_autoptr (CrmUnsaved) self = write->self;
  g_autoptr (GError) error = NULL;

  self->writing--;
  if (!crm_typed_keep_finish (CRM_STORE (source), result, &error))
    {
      g_info ("What is typed could not be kept: %s", error->message);
      g_hash_table_add (self->pending, copy_key (write->key));
      if (self->error == NULL)
        self->error = g_steal_pointer (&error);
    }
  finish_flushes (self);
}

static void
write_pending (CrmUnsaved *self)
{
  g_autoptr (GHashTable) pending = g_steal_pointer (&self->pending);
  GHashTableIter iter;
  gpointer key;

  g_clear_handle_id (&self->write_id, g_source_remove);
  self->pending = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Write *write = g_new0 (Write, 1);

      write->self = g_object_ref (self);
      write->key = *(gint64 *) key;
      self->writing++;
      crm_typed_keep_async (self->store, write->key, g_hash_table_lookup (self->contents, key), written_cb, write);
    }
}

static gboolean
write_cb (gpointer user_data)
{
  CrmUnsaved *self = user_data;

  self->write_id = 0;
  write_pending (self);

  return G_SOURCE_REMOVE;
}

static void
begin_write (CrmUnsaved *self,
             gint64      key)
{
  if (self->store == NULL)
    return;

  g_hash_table_add (self->pending, copy_key (key));
  if (self->write_id == 0)
    self->write_id = g_timeout_add (WRITE_PAUSE, write_cb, self);
}

static void
read_all (CrmUnsaved *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = crm_typed_read (self->store, &error);

  if (all == NULL)
    {
      g_info ("What was typed could not be read: %s", error->message);
      return;
    }

  for (guint i = 0; i < all->len; i++)
    {
      const CrmTyped *typed = all->pdata[i];

      /* Its task was discarded, and that can’t be undone any more. */
      if (!typed->has_task)
        {
          begin_write (self, typed->local_id);
          continue;
        }
      g_hash_table_insert (self->contents, copy_key (typed->local_id), g_strdup (typed->content));
      if (!self->has_newest)
        self->newest = typed->local_id;
      self->has_newest = TRUE;
    }
}

static void
crm_unsaved_dispose (GObject *object)
{
  CrmUnsaved *self = CRM_UNSAVED (object);

  if (self->store != NULL)
    write_pending (self);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (crm_unsaved_parent_class)->dispose (object);
}

static void
crm_unsaved_finalize (GObject *object)
{
  CrmUnsaved *self = CRM_UNSAVED (object);

  g_hash_table_unref (self->contents);
  g_hash_table_unref (self->pending);
  g_ptr_array_unref (self->waiting);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (crm_unsaved_parent_class)->finalize (object);
}

static void
crm_unsaved_class_init (CrmUnsavedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = crm_unsaved_dispose;
  object_class->finalize = crm_unsaved_finalize;
}

static void
crm_unsaved_init (CrmUnsaved *self)
{
  self->contents = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->pending = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * crm_unsaved_new:
 * @store: (nullable): where it is kept; %NULL: in memory only
 *
 * Returns: (transfer full): what is unsaved of that store’s tasks
 */
CrmUnsaved *
crm_unsaved_new (CrmStore *store)
{
  CrmUnsaved *self;

  g_return_val_if_fail (store == NULL || CRM_IS_STORE (store), NULL);

  self = g_object_new (CRM_TYPE_UNSAVED, NULL);
  if (store != NULL)
    {
      self->store = g_object_ref (store);
      read_all (self);
    }

  return self;
}

/**
 * crm_unsaved_keep:
 * @self: what is unsaved
 * @key: of which task
 * @typing: what is typed
 * @base: what it was typed over; when both are the same nothing is kept
 *
 * It is written to the store a moment later.
 */
void
crm_unsaved_keep (CrmUnsaved      *self,
                  gint64           key,
                  const CrmTyping *typing,
                  const CrmTyping *base)
{
  g_autofree char *content = NULL;

  g_return_if_fail (CRM_IS_UNSAVED (self) && typing != NULL && base != NULL);

  content = crm_typing_write (typing, base);
  if (g_strcmp0 (content, g_hash_table_lookup (self->contents, &key)) == 0)
    return;

  if (content != NULL)
    {
      g_hash_table_replace (self->contents, copy_key (key), g_steal_pointer (&content));
      self->newest = key;
      self->has_newest = TRUE;
    }
  else
    {
      g_hash_table_remove (self->contents, &key);
    }
  begin_write (self, key);
}

/**
 * crm_unsaved_forget:
 * @self: what is unsaved
 * @key: a task that is being saved, or is saved
 *
 * For what the store forgets by itself: crm_store_save_typed_async().
 */
void
crm_unsaved_forget (CrmUnsaved *self,
                    gint64      key)
{
  g_return_if_fail (CRM_IS_UNSAVED (self));

  g_hash_table_remove (self->contents, &key);
  g_hash_table_remove (self->pending, &key);
}

/**
 * crm_unsaved_has:
 * @self: what is unsaved
 * @key: of which task
 *
 * Returns: whether anything typed of it is not saved
 */
gboolean
crm_unsaved_has (CrmUnsaved *self,
                 gint64      key)
{
  g_return_val_if_fail (CRM_IS_UNSAVED (self), FALSE);

  return g_hash_table_contains (self->contents, &key);
}

/**
 * crm_unsaved_get:
 * @self: what is unsaved
 * @key: of which task
 * @base: what the task holds now
 *
 * Returns: (transfer full): what to show of it: @base with what was typed over it
 */
CrmTyping *
crm_unsaved_get (CrmUnsaved      *self,
                 gint64           key,
                 const CrmTyping *base)
{
  CrmTyping *typing;
  const char *content;

  g_return_val_if_fail (CRM_IS_UNSAVED (self) && base != NULL, NULL);

  typing = crm_typing_copy (base);
  content = g_hash_table_lookup (self->contents, &key);
  if (content != NULL)
    crm_typing_read (typing, content);

  return typing;
}

/**
 * crm_unsaved_get_newest:
 * @self: what is unsaved
 * @key: (out): the task that was typed last
 *
 * Returns: whether there is one
 */
gboolean
crm_unsaved_get_newest (CrmUnsaved *self,
                        gint64     *key)
{
  g_return_val_if_fail (CRM_IS_UNSAVED (self) && key != NULL, FALSE);

  *key = self->newest;
  return self->has_newest && crm_unsaved_has (self, self->newest);
}

/**
 * crm_unsaved_get_new_key:
 * @self: what is unsaved
 *
 * Returns: the key of a new task that was begun and not saved; of an empty one when there is none
 */
gint64
crm_unsaved_get_new_key (CrmUnsaved *self)
{
  GHashTableIter iter;
  gpointer key;

  g_return_val_if_fail (CRM_IS_UNSAVED (self), 0);

  g_hash_table_iter_init (&iter, self->contents);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (*(gint64 *) key <= 0)
      return *(gint64 *) key;

  return 0;
}

/**
 * crm_unsaved_get_free_key:
 * @self: what is unsaved
 * @taken: a key that is not free, though nothing is kept there
 *
 * Returns: a key of a new task at which nothing is kept
 */
gint64
crm_unsaved_get_free_key (CrmUnsaved *self,
                          gint64      taken)
{
  gint64 key = 0;

  g_return_val_if_fail (CRM_IS_UNSAVED (self), 0);

  while (key == taken || crm_unsaved_has (self, key))
    key--;

  return key;
}

/**
 * crm_unsaved_flush_async:
 * @self: what is unsaved
 * @callback: (nullable): called when all of it is durable, or can’t be
 * @user_data: given to @callback
 *
 * Writes at once what is still to be written.
 */
void
crm_unsaved_flush_async (CrmUnsaved          *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_UNSAVED (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_unsaved_flush_async);
  g_ptr_array_add (self->waiting, task);
  if (self->store != NULL)
    write_pending (self);
  finish_flushes (self);
}

/**
 * crm_unsaved_flush_finish:
 * @self: what is unsaved
 * @result: what the callback was given
 * @error: why it can’t be kept
 *
 * Returns: whether all that is unsaved is durable
 */
gboolean
crm_unsaved_flush_finish (CrmUnsaved    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* crm-completion.c: completes a task, and takes that back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-completion.h"

#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  CrmStore          *store;
  gint64             local_id;
  CrmValues         *before;
  CrmValues         *after;
  gboolean           completed;
  gboolean           back; /* it is being taken back */
  CrmCompletionFunc  func;
  GObject           *owner;
} Completion;

static void
completion_free (Completion *self)
{
  g_object_unref (self->store);
  g_object_unref (self->owner);
  crm_values_free (self->before);
  crm_values_free (self->after);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Completion, completion_free)

static Completion *
completion_copy (const Completion *self)
{
  Completion *copy = g_memdup2 (self, sizeof *self);

  g_object_ref (copy->store);
  g_object_ref (copy->owner);
  copy->before = crm_values_copy (self->before);
  copy->after = crm_values_copy (self->after);

  return copy;
}

static void take_back (gpointer data);

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (Completion) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, &error);
  g_autoptr (CrmUndoStep) undo = NULL;
  g_autofree char *title = NULL;
  g_autofree char *words = NULL;

  if (task == NULL)
    {
      self->func (error->message, NULL, self->owner);
      return;
    }
  if (self->back)
    return;

  title = crm_task_get_title (task);
  /* Translators: %s is a task’s name. */
  words = g_strdup_printf (self->completed ? _("“%s” is completed") : _("“%s” is to be done again"), title);
  undo = crm_undo_step_new (take_back, completion_copy (self), (GDestroyNotify) completion_free);
  self->func (words, undo, self->owner);
}

static void
take_back (gpointer data)
{
  Completion *self = completion_copy (data);

  self->back = TRUE;
  crm_store_edit_async (self->store, self->local_id, self->before, CRM_FIELD_BIT (CRM_FIELD_STATUS), CRM_EDIT_KEEP, NULL,
                        set_cb, self);
}

/**
 * crm_completion_set:
 * @store: a store
 * @local_id: which task
 * @completed: whether it is completed now, or to be done again after all
 * @func: called once, when it is durable or was refused
 * @owner: given to @func, and kept alive until then and as long as it can be taken back
 */
void
crm_completion_set (CrmStore          *store,
                    gint64             local_id,
                    gboolean           completed,
                    CrmCompletionFunc  func,
                    GObject           *owner)
{
  g_autoptr (CrmTask) task = NULL;
  Completion *self;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail (func != NULL && G_IS_OBJECT (owner));

  task = crm_store_read_task (store, local_id, NULL);
  if (task == NULL || crm_task_words_is_completed (task) == completed)
    return;

  self = g_new0 (Completion, 1);
  self->store = g_object_ref (store);
  self->local_id = local_id;
  self->before = crm_values_copy (crm_task_get_values (task));
  self->after = crm_values_new ();
  crm_values_set_number (self->after, CRM_FIELD_STATUS, completed ? CRM_STATUS_COMPLETED : CRM_STATUS_NOT_STARTED);
  self->completed = completed;
  self->func = func;
  self->owner = g_object_ref (owner);
  crm_store_edit_async (store, local_id, self->after, CRM_FIELD_BIT (CRM_FIELD_STATUS), CRM_EDIT_KEEP, NULL, set_cb, self);
}

/* crm-bulk.c: one change of many tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-bulk.h"

#include "store/crm-store-private.h"
#include "store/crm-undo-private.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>

/* So many tasks are one transaction: the editor’s save doesn’t wait for a thousand. */
#define CHUNK 200

/* One task’s way back: of a discard its undo, of an edit the values it had. */
typedef struct
{
  gint64     local_id;
  CrmUndo   *undo;
  CrmValues *values;
  gint64     revision; /* the one that the edit made */
} Step;

struct _CrmBulkUndo
{
  gatomicrefcount ref_count;
  GPtrArray      *steps; /* of Step */
  CrmFieldMask    touched;
};

G_DEFINE_BOXED_TYPE (CrmBulkUndo, crm_bulk_undo, crm_bulk_undo_ref, crm_bulk_undo_unref)

typedef struct
{
  GArray        *ids;
  gboolean       edits;
  CrmAction      action;
  CrmValues     *values;
  CrmFieldMask   touched;
  CrmEditMode    mode;
  CrmBulkUndo   *undoing; /* NULL: it is no undo */

  guint          next;    /* the first that is not done yet */
  GArray        *changed; /* of this chunk */
  CrmBulkResult *result;
  CrmBulkUndo   *undo;
} Bulk;

static void
step_free (Step *step)
{
  g_clear_pointer (&step->undo, crm_undo_unref);
  crm_values_free (step->values);
  g_free (step);
}

static CrmBulkUndo *
bulk_undo_new (CrmFieldMask touched)
{
  CrmBulkUndo *self = g_new0 (CrmBulkUndo, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  self->touched = touched;

  return self;
}

static Bulk *
bulk_new (void)
{
  Bulk *bulk = g_new0 (Bulk, 1);

  bulk->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  bulk->changed = g_array_new (FALSE, FALSE, sizeof (gint64));
  bulk->result = g_new0 (CrmBulkResult, 1);
  bulk->result->second_yes = g_array_new (FALSE, FALSE, sizeof (gint64));

  return bulk;
}

static void
bulk_free (Bulk *bulk)
{
  g_array_unref (bulk->ids);
  g_array_unref (bulk->changed);
  crm_values_free (bulk->values);
  g_clear_pointer (&bulk->undoing, crm_bulk_undo_unref);
  g_clear_pointer (&bulk->undo, crm_bulk_undo_unref);
  g_clear_pointer (&bulk->result, crm_bulk_result_free);
  g_free (bulk);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, CRM_ERROR, CRM_ERROR_INVALID) || g_error_matches (error, CRM_ERROR, CRM_ERROR_REFUSED) ||
         g_error_matches (error, CRM_ERROR, CRM_ERROR_SECOND_YES) ||
         g_error_matches (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK);
}

static gboolean
is_same (const CrmRow *before,
         const CrmRow *after)
{
  return before->revision == after->revision && before->state == after->state &&
         before->discarding == after->discarding && before->released == after->released &&
         before->next_attempt == after->next_attempt;
}

static gboolean
run_job (Bulk           *bulk,
         CrmChange      *change,
         const Step     *step,
         const CrmRow   *before,
         CrmConnection  *connection,
         GError        **error)
{
  if (step == NULL)
    {
      change->values = bulk->edits ? crm_values_copy (bulk->values) : NULL;
      change->touched = bulk->touched;
      change->mode = bulk->mode;
      change->action = bulk->action;

      return bulk->edits ? crm_change_edit_job (connection, change, error) : crm_change_apply_job (connection, change, error);
    }

  if (step->undo != NULL)
    {
      change->undo = crm_undo_ref (step->undo);
      return crm_change_undo_job (connection, change, error);
    }

  if (before == NULL || before->revision != step->revision)
    {
      g_set_error_literal (error, CRM_ERROR, CRM_ERROR_REFUSED,
                           _("The task has changed since; it can’t be taken back any more"));
      return FALSE;
    }

  change->values = crm_values_copy (step->values);
  change->touched = bulk->undoing->touched;
  return crm_change_edit_job (connection, change, error);
}

static void
keep_way_back (Bulk         *bulk,
               CrmChange    *change,
               const CrmRow *before)
{
  Step *step;

  if (bulk->undoing != NULL || (change->undo == NULL && !bulk->edits))
    return;

  step = g_new0 (Step, 1);
  step->local_id = change->local_id;
  step->undo = g_steal_pointer (&change->undo);
  if (bulk->edits)
    {
      step->values = crm_values_copy (before->values);
      step->revision = change->row->revision;
    }
  g_ptr_array_add (bulk->undo->steps, step);
}

static gboolean
change_one (Bulk           *bulk,
            guint           i,
            CrmConnection  *connection,
            GError        **error)
{
  const Step *step = bulk->undoing != NULL ? bulk->undoing->steps->pdata[i] : NULL;
  CrmBulkResult *result = bulk->result;
  g_autoptr (GError) refusal = NULL;
  g_autoptr (CrmRow) before = NULL;
  CrmChange *change = g_new0 (CrmChange, 1);
  gboolean done;

  change->local_id = g_array_index (bulk->ids, gint64, i);
  before = crm_row_load (connection, change->local_id, &refusal);
  /* A task that was removed is what an undo brings back. */
  done = before != NULL || step != NULL;
  if (done)
    {
      g_clear_error (&refusal);
      done = run_job (bulk, change, step, before, connection, &refusal);
    }

  if (!done && !is_refusal (refusal))
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      crm_change_free (change);
      return FALSE;
    }

  if (!done)
    {
      result->refused++;
      if (result->words == NULL)
        result->words = g_strdup (refusal->message);
      if (g_error_matches (refusal, CRM_ERROR, CRM_ERROR_SECOND_YES))
        g_array_append_val (result->second_yes, change->local_id);
    }
  else if (before != NULL && !change->removed && is_same (before, change->row))
    {
      result->unchanged++;
    }
  else
    {
      result->done++;
      g_array_append_val (bulk->changed, change->local_id);
      keep_way_back (bulk, change, before);
    }

  crm_change_free (change);
  return done;
}

static gboolean
chunk_job (CrmConnection  *connection,
           gpointer        data,
           GError        **error)
{
  Bulk *bulk = data;
  guint end = MIN (bulk->next + CHUNK, bulk->ids->len);

  for (; bulk->next < end; bulk->next++)
    {
      g_autoptr (GError) trouble = NULL;

      if (!crm_connection_exec (connection, "SAVEPOINT one", error))
        return FALSE;
      if (!change_one (bulk, bulk->next, connection, &trouble))
        {
          if (trouble != NULL)
            {
              g_propagate_error (error, g_steal_pointer (&trouble));
              return FALSE;
            }
          if (!crm_connection_exec (connection, "ROLLBACK TO one", error))
            return FALSE;
        }
      if (!crm_connection_exec (connection, "RELEASE one", error))
        return FALSE;
    }

  return TRUE;
}

static void on_chunk_written (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data);

static void
write_chunk (GTask *task)
{
  CrmStore *store = g_task_get_source_object (task);
  Bulk *bulk = g_task_get_task_data (task);

  g_array_set_size (bulk->changed, 0);
  crm_database_write_async (crm_store_get_database (store), chunk_job, bulk, NULL, NULL, on_chunk_written, task);
}

static void
on_chunk_written (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Bulk *bulk = g_task_get_task_data (task);
  GError *error = NULL;

  if (crm_database_finish (CRM_DATABASE (source), result, &error) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (bulk->changed->len > 0)
    {
      g_autoptr (GArray) changed = g_array_copy (bulk->changed);

      crm_store_emit_changed (g_task_get_source_object (task), changed);
    }

  if (bulk->next < bulk->ids->len)
    write_chunk (g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

static void
start (CrmStore            *store,
       Bulk                *bulk,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  GTask *task = g_task_new (store, NULL, callback, user_data);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, bulk, (GDestroyNotify) bulk_free);
  bulk->undo = bulk_undo_new (bulk->touched);

  if (bulk->ids->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }

  write_chunk (task);
}

/**
 * crm_bulk_apply_async:
 * @store: a store
 * @local_ids: which tasks; copied
 * @n_local_ids: how many
 * @action: what the person said of each
 * @callback: called when all are durable, or could not be written
 * @user_data: given to @callback
 *
 * As crm_store_apply_async() of each; what is refused of one keeps no other from it. Every task is changed whole, and some
 * hundred at a time are one transaction: what is done stays done if the program dies in between.
 */
void
crm_bulk_apply_async (CrmStore            *store,
                      const gint64        *local_ids,
                      gsize                n_local_ids,
                      CrmAction            action,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  Bulk *bulk;

  g_return_if_fail (CRM_IS_STORE (store));
  g_return_if_fail (local_ids != NULL || n_local_ids == 0);

  bulk = bulk_new ();
  g_array_append_vals (bulk->ids, local_ids, n_local_ids);
  bulk->action = action;
  start (store, bulk, callback, user_data);
}

/**
 * crm_bulk_edit_async:
 * @store: a store
 * @local_ids: which tasks; copied
 * @n_local_ids: how many
 * @values: the values for each
 * @touched: the fields given; one without a value is cleared
 * @mode: whether to submit, or resubmit, them as well
 * @callback: called when all are durable, or could not be written
 * @user_data: given to @callback
 *
 * As crm_store_edit_async() of each, and otherwise as crm_bulk_apply_async().
 */
void
crm_bulk_edit_async (CrmStore            *store,
                     const gint64        *local_ids,
                     gsize                n_local_ids,
                     const CrmValues     *values,
                     CrmFieldMask         touched,
                     CrmEditMode          mode,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  Bulk *bulk;

  g_return_if_fail (CRM_IS_STORE (store) && values != NULL);
  g_return_if_fail (local_ids != NULL || n_local_ids == 0);

  bulk = bulk_new ();
  g_array_append_vals (bulk->ids, local_ids, n_local_ids);
  bulk->edits = TRUE;
  bulk->values = crm_values_copy (values);
  bulk->touched = touched;
  bulk->mode = mode;
  start (store, bulk, callback, user_data);
}

/**
 * crm_bulk_undo_async:
 * @store: a store
 * @undo: what such a change gave
 * @callback: called when all are durable, or could not be written
 * @user_data: given to @callback
 *
 * Gives back what was discarded, and sets what was edited back to what it was, each task unless it has changed since.
 */
void
crm_bulk_undo_async (CrmStore            *store,
                     CrmBulkUndo         *undo,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  Bulk *bulk;

  g_return_if_fail (CRM_IS_STORE (store) && undo != NULL);

  bulk = bulk_new ();
  bulk->undoing = crm_bulk_undo_ref (undo);
  for (guint i = 0; i < undo->steps->len; i++)
    g_array_append_val (bulk->ids, ((Step *) undo->steps->pdata[i])->local_id);
  start (store, bulk, callback, user_data);
}

/**
 * crm_bulk_finish:
 * @store: a store
 * @result: what the callback was given
 * @undo: (out) (optional) (transfer full) (nullable): of discards and edits, what takes them back
 * @error: what is wrong with the database; what was done before stays done
 *
 * Returns: (transfer full) (nullable): what came of it
 */
CrmBulkResult *
crm_bulk_finish (CrmStore      *store,
                 GAsyncResult  *result,
                 CrmBulkUndo  **undo,
                 GError       **error)
{
  Bulk *bulk;

  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  if (undo != NULL)
    *undo = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  bulk = g_task_get_task_data (G_TASK (result));
  if (undo != NULL && bulk->undo->steps->len > 0)
    *undo = g_steal_pointer (&bulk->undo);

  return g_steal_pointer (&bulk->result);
}

/**
 * crm_bulk_result_free:
 * @self: (transfer full) (nullable): a result
 */
void
crm_bulk_result_free (CrmBulkResult *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->second_yes);
  g_free (self->words);
  g_free (self);
}

/**
 * crm_bulk_undo_ref:
 * @self: an undo
 *
 * Returns: (transfer full): @self
 */
CrmBulkUndo *
crm_bulk_undo_ref (CrmBulkUndo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * crm_bulk_undo_unref:
 * @self: (transfer full): an undo
 */
void
crm_bulk_undo_unref (CrmBulkUndo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->steps);
  g_free (self);
}

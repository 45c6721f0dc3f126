/* crm-task-editor-actions.c: what the editor asks of the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-editor-private.h"

#include "ui/crm-history-dialog.h"

#include "model/crm-error.h"
#include "model/crm-task-rules.h"

#include <glib/gi18n-lib.h>

struct _CrmEditorChange
{
  CrmTaskEditor *self;
  guint          document;
  gint64         local_id;
  CrmAction      action;
  CrmTyping     *typing;  /* what is being saved; NULL when the change is of another kind */
  CrmTyping     *base;    /* what it was typed over */
  CrmTyping     *later;   /* what was typed when the task was left before it was saved; NULL: it was not left */
  CrmUnsaved    *unsaved; /* of the account it belongs to */
  gint64         key;     /* where it was kept there */
  gboolean       resubmits;
  const char    *done;    /* said when it is done; NULL for nothing */
};

static CrmEditorChange *
change_new (CrmTaskEditor *self)
{
  CrmEditorChange *change = g_new0 (CrmEditorChange, 1);

  change->self = g_object_ref (self);
  change->document = self->document;
  change->local_id = self->local_id;
  change->unsaved = g_object_ref (self->unsaved);
  change->key = self->key;
  self->saving++;

  return change;
}

static void
change_free (CrmEditorChange *change)
{
  g_clear_object (&change->self);
  g_clear_object (&change->unsaved);
  g_clear_pointer (&change->typing, crm_typing_free);
  g_clear_pointer (&change->base, crm_typing_free);
  g_clear_pointer (&change->later, crm_typing_free);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmEditorChange, change_free)

/* A discard that can be taken back, with what was typed over the task. */
typedef struct
{
  CrmTaskEditor *self;
  CrmStore      *store;
  CrmUndo       *undo;   /* NULL: of a new task, which the store never had */
  CrmUnsaved    *unsaved;
  CrmTyping     *typing;
  CrmTyping     *base;
} Discard;

static void
discard_free (Discard *discard)
{
  g_clear_object (&discard->self);
  g_clear_object (&discard->store);
  g_clear_object (&discard->unsaved);
  g_clear_pointer (&discard->undo, crm_undo_unref);
  g_clear_pointer (&discard->typing, crm_typing_free);
  g_clear_pointer (&discard->base, crm_typing_free);
  g_free (discard);
}

/* The task of a change that was left while it was under way. */
static void
ended_elsewhere (CrmEditorChange *change,
                 CrmTask         *task)
{
  g_autoptr (CrmTyping) later = g_steal_pointer (&change->later);

  if (later == NULL)
    return;

  if (task != NULL)
    {
      g_autoptr (CrmTyping) base = crm_typing_from_values (crm_task_get_values (task));

      if (crm_typing_compare (later, change->typing) == 0)
        return;
      crm_typing_merge (later, change->typing, base);
      crm_unsaved_keep (change->unsaved, crm_task_get_local_id (task), later, base);
    }
  else
    {
      CrmTaskEditor *self = change->self;
      gint64 key = change->key;

      /* Meanwhile another new task may have been begun. */
      if (key <= 0 && (crm_unsaved_has (change->unsaved, key) || (self->is_open && self->key == key)))
        key = crm_unsaved_get_free_key (change->unsaved, key);
      crm_unsaved_keep (change->unsaved, key, later, change->base);
    }
}

/**
 * crm_task_editor_leave_save:
 * @self: an editor that is about to show something else
 *
 * What is being saved is remembered until it is known that it was.
 */
void
crm_task_editor_leave_save (CrmTaskEditor *self)
{
  if (self->save != NULL)
    self->save->later = crm_task_form_get_typing (self->form);
  self->save = NULL;
}

static void
saved (CrmTaskEditor   *self,
       CrmEditorChange *change,
       CrmTask         *task)
{
  CrmTyping *base = crm_typing_from_values (crm_task_get_values (task));

  if (self->document != change->document)
    {
      crm_typing_free (base);
      return;
    }

  /* What was typed while it was being saved is compared with what was saved. */
  {
    g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self->form);
    gboolean is_new = self->local_id == 0;

    crm_typing_merge (typing, change->typing, base);
    crm_typing_free (self->base);
    self->base = base;
    self->local_id = crm_task_get_local_id (task);
    self->key = self->local_id;
    g_set_object (&self->task, task);
    crm_task_form_clear_complaints (self->form);
    for (guint i = 0; i < CRM_N_FIELDS; i++)
      crm_task_form_set_meanwhile (self->form, i, NULL);
    crm_task_form_set_typing (self->form, typing, self->base);
    crm_task_editor_show_trouble (self, NULL);
    crm_task_editor_update (self);
    if (is_new)
      g_object_notify (G_OBJECT (self), "local-id");
  }
}

static void
failed (CrmTaskEditor   *self,
        CrmEditorChange *change,
        const GError    *error)
{
  if (g_error_matches (error, CRM_ERROR, CRM_ERROR_SECOND_YES) && change->action == CRM_ACTION_DISCARD &&
      self->document == change->document)
    {
      crm_task_editor_show_trouble (self, error->message);
      gtk_widget_set_visible (self->surely_button, TRUE);
      gtk_widget_grab_focus (self->surely_button);
    }
  else if (self->document == change->document)
    crm_task_editor_show_trouble (self, error->message);
  else
    crm_task_editor_say (self, error->message, NULL);
}

static void
undone_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmTaskEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, NULL, &error);

  if (task == NULL)
    crm_task_editor_say (self, error->message, NULL);
  else if (CRM_STORE (source) == self->store)
    crm_task_editor_open (self, crm_task_get_local_id (task));
}

static void
undo_discard (gpointer data)
{
  Discard *discard = data;
  CrmTaskEditor *self = discard->self;
  gint64 key;

  if (discard->undo == NULL)
    {
      key = crm_unsaved_get_free_key (discard->unsaved, self->is_open && self->local_id == 0 ? self->key : 1);
      crm_unsaved_keep (discard->unsaved, key, discard->typing, discard->base);
      if (self->unsaved == discard->unsaved && !self->is_open)
        crm_task_editor_open_unsaved (self);
      return;
    }

  if (discard->typing != NULL)
    crm_unsaved_keep (discard->unsaved, crm_undo_get_local_id (discard->undo), discard->typing, discard->base);
  crm_store_undo_async (discard->store, discard->undo, NULL, undone_cb, g_object_ref (self));
}

/* What is typed is discarded with the task, if that is still shown, and comes back with it. */
static CrmUndoStep *
discard_typing (CrmTaskEditor *self,
                CrmUndo       *undo,
                CrmStore      *store,
                gboolean       shown)
{
  Discard *discard = g_new0 (Discard, 1);

  discard->self = g_object_ref (self);
  discard->store = store != NULL ? g_object_ref (store) : NULL;
  discard->unsaved = g_object_ref (self->unsaved);
  discard->undo = undo != NULL ? crm_undo_ref (undo) : NULL;
  if (shown && self->has_unsaved)
    {
      discard->typing = crm_task_form_get_typing (self->form);
      discard->base = crm_typing_copy (self->base);
      crm_unsaved_keep (self->unsaved, self->key, self->base, self->base);
    }

  return crm_undo_step_new (undo_discard, discard, (GDestroyNotify) discard_free);
}

/* After a discard: nothing typed stays over what the CRM confirmed. */
static void
show_as_stored (CrmTaskEditor *self,
                CrmTask       *task)
{
  crm_typing_free (self->base);
  self->base = crm_typing_from_values (crm_task_get_values (task));
  g_set_object (&self->task, task);
  crm_task_form_clear_complaints (self->form);
  crm_task_form_set_typing (self->form, self->base, self->base);
  crm_task_editor_update (self);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (CrmEditorChange) change = user_data;
  CrmTaskEditor *self = change->self;
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, &undo, &error);
  gboolean same = self->document == change->document;

  if (same && self->saving > 0)
    self->saving--;
  if (self->save == change)
    self->save = NULL;
  ended_elsewhere (change, task);

  if (task == NULL)
    {
      failed (self, change, error);
      crm_task_editor_update (self);
    }
  else
    {
      g_autoptr (CrmUndoStep) step = undo != NULL ? discard_typing (self, undo, CRM_STORE (source), same) : NULL;

      if (change->typing != NULL)
        saved (self, change, task);
      else if (same && step != NULL)
        show_as_stored (self, task);
      if (change->resubmits && same)
        g_signal_emit_by_name (self, "resubmitted");
      if (change->done != NULL)
        crm_task_editor_say (self,
                             crm_task_get_state (task) == CRM_SYNC_SENDING
                                 ? _("It is discarded as soon as the CRM answers")
                                 : change->done,
                             step);
      if (same && crm_task_get_state (task) == CRM_SYNC_REMOVED)
        {
          crm_task_editor_set_document (self, FALSE, NULL);
          g_signal_emit_by_name (self, "closed");
        }
    }

  crm_task_editor_update_buttons (self);
}

/* Says at the fields what is wrong; TRUE when nothing is. */
static gboolean
check (CrmTaskEditor   *self,
       const CrmTyping *typing,
       CrmFieldMask     touched,
       gboolean         rules,
       CrmValues       *values)
{
  char *words[CRM_N_FIELDS] = { NULL };
  CrmFieldMask wrong = crm_typing_parse (typing, touched, values, words);

  crm_task_form_clear_complaints (self->form);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      if (words[i] != NULL)
        crm_task_form_set_complaint (self->form, i, words[i]);
      g_free (words[i]);
    }

  if (rules)
    {
      g_autoptr (CrmValues) whole = self->task != NULL ? crm_values_copy (crm_task_get_values (self->task))
                                                       : crm_values_new ();
      gboolean is_add = self->task == NULL || crm_task_get_crm_id (self->task) == 0;
      CrmFieldMask sent = is_add ? CRM_FIELDS_ALL : crm_task_get_dirty (self->task) | touched;
      g_autoptr (GPtrArray) complaints = NULL;

      crm_values_take_over (whole, values, touched);
      complaints = crm_task_rules_check (whole, sent);
      for (guint i = 0; i < complaints->len; i++)
        {
          const CrmComplaint *complaint = complaints->pdata[i];

          if ((wrong & CRM_FIELD_BIT (complaint->field)) == 0)
            crm_task_form_set_complaint (self->form, complaint->field, complaint->words);
          wrong |= CRM_FIELD_BIT (complaint->field);
        }
    }

  if (wrong != 0)
    crm_task_form_focus_fault (self->form);

  return wrong == 0;
}

static void
save (CrmTaskEditor *self,
      gboolean       submit)
{
  g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self->form);
  g_autoptr (CrmValues) values = crm_values_new ();
  CrmFieldMask touched = crm_typing_compare (typing, self->base);
  gboolean is_draft = !submit && crm_task_editor_get_state (self) == CRM_SYNC_DRAFT;
  CrmEditorChange *change;

  if (!self->is_open || self->store == NULL || self->saving > 0)
    return;
  if (!check (self, typing, touched, !is_draft, values))
    return;

  crm_task_editor_show_trouble (self, NULL);
  change = change_new (self);
  change->typing = g_steal_pointer (&typing);
  change->base = crm_typing_copy (self->base);
  change->resubmits = submit && crm_task_editor_get_state (self) == CRM_SYNC_FAILED;

  /* What is typed is durable before it is saved, and is forgotten as it is. */
  crm_unsaved_flush_async (self->unsaved, NULL, NULL);
  crm_unsaved_forget (self->unsaved, self->key);
  self->save = change;
  crm_store_save_typed_async (self->store, self->key, values, self->task == NULL ? crm_values_get_mask (values) : touched,
                              submit, NULL, changed_cb, change);
  crm_task_editor_update_buttons (self);
}

static void
apply (CrmTaskEditor *self,
       CrmAction      action,
       const char    *done)
{
  CrmEditorChange *change;

  if (self->task == NULL || self->store == NULL || self->saving > 0)
    return;

  crm_task_editor_show_trouble (self, NULL);
  change = change_new (self);
  change->action = action;
  change->done = done;
  crm_store_apply_async (self->store, self->local_id, action, NULL, changed_cb, change);
  crm_task_editor_update_buttons (self);
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  save (CRM_TASK_EDITOR (widget), FALSE);
}

static void
submit_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  CrmSyncState state = crm_task_editor_get_state (CRM_TASK_EDITOR (widget));

  save (CRM_TASK_EDITOR (widget), state == CRM_SYNC_DRAFT || state == CRM_SYNC_FAILED);
}

static void
close_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);

  crm_task_editor_shut (self);
  g_signal_emit_by_name (self, "closed");
}

static void
discard_new (CrmTaskEditor *self)
{
  gboolean had_text = self->has_unsaved;
  g_autoptr (CrmUndoStep) undo = discard_typing (self, NULL, self->store, TRUE);

  crm_task_editor_set_document (self, FALSE, NULL);
  g_signal_emit_by_name (self, "closed");
  if (had_text)
    crm_task_editor_say (self, _("New task discarded"), undo);
}

static void
discard_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);

  if (self->task == NULL)
    discard_new (self);
  else if (crm_task_get_crm_id (self->task) != 0)
    apply (self, CRM_ACTION_DISCARD, _("Your changes were taken back"));
  else
    apply (self, CRM_ACTION_DISCARD, _("Task discarded"));
}

static void
discard_surely_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  apply (CRM_TASK_EDITOR (widget), CRM_ACTION_DISCARD_SURELY, _("Task discarded"));
}

static void
to_drafts_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  apply (CRM_TASK_EDITOR (widget), CRM_ACTION_TO_DRAFTS, _("Moved to drafts"));
}

static void
send_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  apply (CRM_TASK_EDITOR (widget), CRM_ACTION_SEND_AGAIN, NULL);
}

static void
resubmit_as_new_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  apply (CRM_TASK_EDITOR (widget), CRM_ACTION_RESUBMIT_AS_NEW, NULL);
}

static void
resubmit_code_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);
  const CrmProblem *problem = self->task != NULL ? crm_task_get_problem (self->task) : NULL;

  if (problem != NULL)
    g_signal_emit_by_name (self, "for-code", crm_problem_get_code (problem), CRM_N_FIELDS);
}

/* The field that the CRM speaks of is the likely one. */
static void
set_field_code_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);
  const CrmProblem *problem = self->task != NULL ? crm_task_get_problem (self->task) : NULL;
  CrmFieldId field = CRM_FIELD_END_DATETIME;

  if (problem == NULL)
    return;

  for (guint i = CRM_N_FIELDS; i > 0; i--)
    {
      g_auto (GStrv) messages = crm_problem_get_field_messages (problem, i - 1);

      if (messages[0] != NULL)
        field = i - 1;
    }
  g_signal_emit_by_name (self, "for-code", crm_problem_get_code (problem), field);
}

static void
history_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  if (self->local_id == 0)
    return;

  attempts = crm_store_read_history (self->store, self->local_id, &error);
  if (attempts == NULL)
    {
      crm_task_editor_show_trouble (self, error->message);
      return;
    }

  gtk_window_present (GTK_WINDOW (crm_history_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), attempts)));
}

/* Of the card: the person says whose values shall be. */
void
crm_task_editor_chosen_cb (CrmTaskEditor *self,
                           CrmFieldMask   theirs)
{
  CrmEditorChange *change;

  if (self->task == NULL || self->saving > 0)
    return;

  crm_task_editor_show_trouble (self, NULL);
  change = change_new (self);
  change->resubmits = TRUE;
  crm_store_choose_async (self->store, self->local_id, crm_task_get_revision (self->task), theirs, NULL, changed_cb, change);
  crm_task_editor_update_buttons (self);
}

/* Of the card: the person says which task it is on the CRM. */
void
crm_task_editor_settled_cb (CrmTaskEditor *self,
                            gint64         crm_id)
{
  CrmEditorChange *change;

  if (self->task == NULL || self->saving > 0)
    return;

  crm_task_editor_show_trouble (self, NULL);
  change = change_new (self);
  crm_store_settle_async (self->store, self->local_id, crm_id, NULL, changed_cb, change);
  crm_task_editor_update_buttons (self);
}

/**
 * crm_task_editor_install_actions:
 * @widget_class: the editor’s class
 */
void
crm_task_editor_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "editor.submit", NULL, submit_action);
  gtk_widget_class_install_action (widget_class, "editor.discard", NULL, discard_action);
  gtk_widget_class_install_action (widget_class, "editor.discard-surely", NULL, discard_surely_action);
  gtk_widget_class_install_action (widget_class, "editor.to-drafts", NULL, to_drafts_action);
  gtk_widget_class_install_action (widget_class, "editor.send-again", NULL, send_again_action);
  gtk_widget_class_install_action (widget_class, "editor.resubmit-as-new", NULL, resubmit_as_new_action);
  gtk_widget_class_install_action (widget_class, "editor.resubmit-code", NULL, resubmit_code_action);
  gtk_widget_class_install_action (widget_class, "editor.set-field-code", NULL, set_field_code_action);
  gtk_widget_class_install_action (widget_class, "editor.history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "editor.close", NULL, close_action);
}

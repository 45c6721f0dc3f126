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

/* One change asked of the store. */
typedef struct
{
  CrmTaskEditor *self;
  guint          document;
  gint64         local_id;
  CrmAction      action;
  CrmTyping     *typing; /* what is being saved; NULL when the change is of another kind */
  gboolean       resubmits;
  const char    *done;   /* said when it is done; NULL for nothing */
} Change;

static Change *
change_new (CrmTaskEditor *self)
{
  Change *change = g_new0 (Change, 1);

  change->self = g_object_ref (self);
  change->document = self->document;
  change->local_id = self->local_id;
  self->saving++;

  return change;
}

static void
change_free (Change *change)
{
  g_clear_object (&change->self);
  g_clear_pointer (&change->typing, crm_typing_free);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static void ask_second_yes (CrmTaskEditor *self,
                            const char    *words);

static void
saved (CrmTaskEditor *self,
       Change        *change,
       CrmTask       *task)
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
    g_set_object (&self->task, task);
    crm_task_form_clear_complaints (self->form);
    crm_task_form_set_typing (self->form, typing, self->base);
    crm_task_editor_show_trouble (self, NULL);
    crm_task_editor_update (self);
    if (is_new)
      g_object_notify (G_OBJECT (self), "local-id");
  }
}

static void
failed (CrmTaskEditor *self,
        Change        *change,
        const GError  *error)
{
  if (g_error_matches (error, CRM_ERROR, CRM_ERROR_SECOND_YES) && change->action == CRM_ACTION_DISCARD &&
      self->document == change->document)
    ask_second_yes (self, error->message);
  else if (self->document == change->document)
    crm_task_editor_show_trouble (self, error->message);
  else
    crm_task_editor_say (self, error->message, NULL);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Change) change = user_data;
  CrmTaskEditor *self = change->self;
  g_autoptr (CrmUndo) undo = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmTask) task = crm_store_change_finish (CRM_STORE (source), result, &undo, &error);
  gboolean same = self->document == change->document;

  if (same && self->saving > 0)
    self->saving--;

  if (task == NULL)
    {
      failed (self, change, error);
    }
  else
    {
      if (change->typing != NULL)
        saved (self, change, task);
      if (change->resubmits && same)
        g_signal_emit_by_name (self, "resubmitted");
      if (change->done != NULL)
        crm_task_editor_say (self,
                             crm_task_get_state (task) == CRM_SYNC_SENDING
                                 ? _("It is discarded as soon as the CRM answers")
                                 : change->done,
                             undo);
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
  Change *change;

  if (!self->is_open || self->store == NULL || self->saving > 0)
    return;
  if (!check (self, typing, touched, !is_draft, values))
    return;

  crm_task_editor_show_trouble (self, NULL);
  change = change_new (self);
  change->typing = g_steal_pointer (&typing);
  change->resubmits = submit && crm_task_editor_get_state (self) == CRM_SYNC_FAILED;

  if (self->task == NULL)
    crm_store_add_async (self->store, values, crm_values_get_mask (values), 0, !submit, NULL, changed_cb, change);
  else
    crm_store_edit_async (self->store, self->local_id, values, touched, submit ? CRM_EDIT_SUBMIT : CRM_EDIT_KEEP, NULL,
                          changed_cb, change);
  crm_task_editor_update_buttons (self);
}

static void
apply (CrmTaskEditor *self,
       CrmAction      action,
       const char    *done)
{
  Change *change;

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
second_yes_cb (CrmTaskEditor *self,
               const char    *response)
{
  if (g_str_equal (response, "discard"))
    apply (self, CRM_ACTION_DISCARD_SURELY, _("Task discarded"));
}

static void
ask_second_yes (CrmTaskEditor *self,
                const char    *words)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              _("Discard a Task That May Be on the CRM?"), words);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard", _("_Discard"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (second_yes_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
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
discard_new_cb (CrmTaskEditor *self,
                const char    *response)
{
  if (!g_str_equal (response, "discard") || self->task != NULL)
    return;

  crm_task_editor_set_document (self, FALSE, NULL);
  g_signal_emit_by_name (self, "closed");
}

static void
ask_to_discard_new (CrmTaskEditor *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              _("Discard the New Task?"), _("What you typed was not saved yet."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "discard", _("_Discard"),
                                    NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (discard_new_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
discard_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (widget);

  if (self->task != NULL)
    {
      apply (self, CRM_ACTION_DISCARD, _("Task discarded"));
      return;
    }

  if (self->has_unsaved)
    ask_to_discard_new (self);
  else
    close_action (widget, NULL, NULL);
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

/* Of the card: the person says which task it is on the CRM. */
void
crm_task_editor_settled_cb (CrmTaskEditor *self,
                            gint64         crm_id)
{
  Change *change;

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
  gtk_widget_class_install_action (widget_class, "editor.to-drafts", NULL, to_drafts_action);
  gtk_widget_class_install_action (widget_class, "editor.send-again", NULL, send_again_action);
  gtk_widget_class_install_action (widget_class, "editor.resubmit-as-new", NULL, resubmit_as_new_action);
  gtk_widget_class_install_action (widget_class, "editor.history", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "editor.close", NULL, close_action);
}

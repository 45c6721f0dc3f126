/* crm-task-editor.c: the pane in which a task is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-editor-private.h"

#include "model/crm-error.h"
#include "ui/crm-task-words.h"
#include "ui/crm-toolkit.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

enum
{
  PROP_0,
  PROP_STORE,
  PROP_LOCAL_ID,
  PROP_OPEN,
  PROP_UNSAVED,
  PROP_CAN_GO_BACK,
  N_PROPS
};

enum
{
  CLOSED,
  RESUBMITTED,
  SAID,
  FOR_CODE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmTaskEditor, crm_task_editor, GTK_TYPE_WIDGET)

CrmSyncState
crm_task_editor_get_state (CrmTaskEditor *self)
{
  return self->task != NULL ? crm_task_get_state (self->task) : CRM_SYNC_DRAFT;
}

void
crm_task_editor_say (CrmTaskEditor *self,
                     const char    *words,
                     CrmUndoStep   *undo)
{
  g_signal_emit (self, signals[SAID], 0, words, undo);
}

void
crm_task_editor_show_trouble (CrmTaskEditor *self,
                              const char    *words)
{
  gtk_widget_set_visible (self->surely_button, FALSE);
  gtk_widget_set_visible (self->trouble, words != NULL);
  adw_action_row_set_subtitle (self->trouble_row, words != NULL ? words : "");
  if (words != NULL)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

static void
update_unsaved (CrmTaskEditor *self)
{
  gboolean has_unsaved = FALSE;

  if (self->is_open)
    {
      g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self->form);

      has_unsaved = crm_typing_compare (typing, self->base) != 0;
      /* What is being saved must not be kept as typed once more: it would be there twice. */
      if (self->save == NULL)
        crm_unsaved_keep (self->unsaved, self->key, typing, self->base);
    }

  adw_window_title_set_subtitle (self->title, has_unsaved        ? _("Not saved yet")
                                              : self->task == NULL ? ""
                                                                   : crm_sync_state_get_words (crm_task_editor_get_state (self)));

  if (has_unsaved == self->has_unsaved)
    return;
  self->has_unsaved = has_unsaved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNSAVED]);
}

void
crm_task_editor_update_buttons (CrmTaskEditor *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  CrmSyncState state = crm_task_editor_get_state (self);
  gboolean is_new = self->task == NULL;
  gboolean ready = self->is_open && self->saving == 0 && self->store != NULL;
  gboolean submits = state == CRM_SYNC_DRAFT || state == CRM_SYNC_FAILED;
  gboolean may_be_there = self->task != NULL && crm_task_get_may_be_there (self->task);
  const CrmProblem *problem = self->task != NULL ? crm_task_get_problem (self->task) : NULL;

  /* DESIGN.md §2: what can be done in which state. */
  gtk_widget_action_set_enabled (widget, "editor.save", ready);
  gtk_widget_action_set_enabled (widget, "editor.submit", ready);
  gtk_widget_action_set_enabled (widget, "editor.discard", ready && (is_new || state != CRM_SYNC_SYNCED));
  gtk_widget_action_set_enabled (widget, "editor.to-drafts",
                                 ready && !may_be_there && (state == CRM_SYNC_QUEUED || state == CRM_SYNC_FAILED));
  gtk_widget_action_set_enabled (widget, "editor.send-again", ready && state == CRM_SYNC_UNCONFIRMED);
  gtk_widget_action_set_enabled (widget, "editor.resubmit-as-new",
                                 ready && state == CRM_SYNC_FAILED && problem != NULL);
  gtk_widget_action_set_enabled (widget, "editor.resubmit-code",
                                 ready && state == CRM_SYNC_FAILED && problem != NULL && crm_problem_get_code (problem) != 0);
  gtk_widget_action_set_enabled (widget, "editor.set-field-code",
                                 ready && state == CRM_SYNC_FAILED && problem != NULL && crm_problem_get_code (problem) != 0);
  gtk_widget_action_set_enabled (widget, "editor.history", !is_new && self->store != NULL);

  /* What the CRM has can’t be discarded here, only what was changed of it. */
  gtk_button_set_label (self->discard_button,
                        self->task != NULL && crm_task_get_crm_id (self->task) != 0 ? C_("button", "_Take Back") : C_("button", "_Discard"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->discard_button),
                               self->task != NULL && crm_task_get_crm_id (self->task) != 0 ? _("Take Back My Changes") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->discard_button), is_new || state != CRM_SYNC_SYNCED);
  gtk_widget_set_visible (self->menu_button, !is_new);
  gtk_widget_set_visible (GTK_WIDGET (self->submit_button), submits);
  /* There it would only fill the bar: it is in the menu too. */
  gtk_widget_set_visible (GTK_WIDGET (self->save_button), state != CRM_SYNC_FAILED);
  /* Translators: the buttons stand beside each other, where there is room for some thirty letters: keep them short */
  gtk_button_set_label (self->submit_button, state == CRM_SYNC_FAILED ? C_("button", "Save and _Resubmit") : C_("button", "_Send"));
  gtk_button_set_label (self->save_button, is_new ? C_("button", "Save _Draft") : C_("button", "_Save"));
  if (submits)
    gtk_widget_remove_css_class (GTK_WIDGET (self->save_button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->save_button), "suggested-action");
}

void
crm_task_editor_update (CrmTaskEditor *self)
{
  g_autofree char *title = NULL;
  CrmSyncState state = crm_task_editor_get_state (self);

  title = self->task != NULL && crm_task_get_crm_id (self->task) != 0
              ? g_strdup_printf (_("Task #%" PRId64), crm_task_get_crm_id (self->task))
              : g_strdup (self->task != NULL ? C_("title", "Task") : _("New Task"));
  adw_window_title_set_title (self->title, self->is_open ? title : "");

  crm_problem_card_set_task (self->problem_card, self->task);
  crm_settle_card_set_task (self->settle_card, self->task);
  crm_merge_card_set_task (self->merge_card, self->store, self->task);
  crm_task_form_set_problem (self->form, state == CRM_SYNC_FAILED ? crm_task_get_problem (self->task) : NULL);

  crm_task_editor_update_buttons (self);
  update_unsaved (self);
}

void
crm_task_editor_set_document (CrmTaskEditor *self,
                              gboolean       is_open,
                              CrmTask       *task)
{
  gint64 id = task != NULL ? crm_task_get_local_id (task) : 0;
  gboolean id_changed = id != self->local_id;
  gboolean open_changed = is_open != self->is_open;
  g_autoptr (CrmTyping) typing = NULL;

  crm_task_editor_leave_save (self);
  self->document++;
  self->saving = 0;
  self->is_open = is_open;
  self->local_id = id;
  self->key = task != NULL ? id : crm_unsaved_get_new_key (self->unsaved);
  g_set_object (&self->task, task);

  crm_typing_free (self->base);
  self->base = task != NULL ? crm_typing_from_values (crm_task_get_values (task)) : crm_typing_new ();
  typing = is_open ? crm_unsaved_get (self->unsaved, self->key, self->base) : crm_typing_copy (self->base);

  crm_task_form_clear_complaints (self->form);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    crm_task_form_set_meanwhile (self->form, i, NULL);
  crm_task_form_set_typing (self->form, typing, self->base);
  crm_settle_card_clear (self->settle_card);
  crm_task_editor_show_trouble (self, NULL);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  crm_task_editor_update (self);

  if (open_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
  if (id_changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOCAL_ID]);
}

/* What is typed was typed over something else than what is there now. */
static void
tell_meanwhile (CrmTaskEditor *self,
                CrmFieldMask   fields,
                CrmTask       *task)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((fields & CRM_FIELD_BIT (i)) != 0)
      {
        g_autofree char *words = crm_task_words_describe (self->store, crm_task_get_values (task), CRM_FIELD_BIT (i));

        crm_task_form_set_meanwhile (self->form, i, words);
      }
}

/* The store has a newer task. What is being typed stays as it is. */
static void
refresh (CrmTaskEditor *self,
         CrmTask       *task)
{
  g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self->form);
  g_autoptr (CrmTyping) before = g_steal_pointer (&self->base);

  self->base = crm_typing_from_values (crm_task_get_values (task));
  tell_meanwhile (self, crm_typing_compare (typing, before) & crm_typing_compare (self->base, before), task);
  crm_typing_merge (typing, before, self->base);
  g_set_object (&self->task, task);
  crm_task_form_set_typing (self->form, typing, self->base);
  crm_task_editor_update (self);
}

static void
task_gone (CrmTaskEditor *self)
{
  g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self->form);

  if (crm_typing_compare (typing, self->base) == 0)
    {
      crm_task_editor_shut (self);
      return;
    }

  /* What was typed is the person’s: it becomes a new task. */
  {
    g_autoptr (CrmTyping) nothing = crm_typing_new ();

    crm_unsaved_keep (self->unsaved, self->key, self->base, self->base);
    crm_unsaved_keep (self->unsaved, crm_unsaved_get_free_key (self->unsaved, 1), typing, nothing);
    crm_task_editor_set_document (self, TRUE, NULL);
    crm_task_editor_show_trouble (self, _("The task was removed meanwhile. What you typed is kept here as a new one."));
  }
}

static void
store_changed_cb (CrmTaskEditor *self,
                  GArray        *ids)
{
  g_autoptr (CrmTask) task = NULL;
  g_autoptr (GError) error = NULL;
  gboolean concerned = ids == NULL;

  if (!self->is_open || self->local_id == 0)
    return;

  for (guint i = 0; !concerned && i < ids->len; i++)
    concerned = g_array_index (ids, gint64, i) == self->local_id;
  if (!concerned)
    return;

  task = crm_store_read_task (self->store, self->local_id, &error);
  if (task != NULL)
    refresh (self, task);
  else if (g_error_matches (error, CRM_ERROR, CRM_ERROR_NO_SUCH_TASK) && self->saving == 0)
    task_gone (self);
}

static void
edited_cb (CrmTaskEditor *self)
{
  update_unsaved (self);
}

static void
set_store (CrmTaskEditor *self,
           CrmStore      *store)
{
  if (self->store == store)
    return;

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  crm_task_form_set_store (self->form, store);
  if (store != NULL)
    g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);

  crm_task_editor_set_document (self, FALSE, NULL);
  /* What was typed belongs to the account it was typed for. */
  g_object_unref (self->unsaved);
  self->unsaved = crm_unsaved_new (store);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STORE]);
}

static void
crm_task_editor_dispose (GObject *object)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (object);

  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_object (&self->task);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_task_editor_parent_class)->dispose (object);
}

static void
crm_task_editor_finalize (GObject *object)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (object);

  crm_typing_free (self->base);
  g_clear_object (&self->unsaved);

  G_OBJECT_CLASS (crm_task_editor_parent_class)->finalize (object);
}

static void
crm_task_editor_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (object);

  switch (prop_id)
    {
    case PROP_STORE:
      g_value_set_object (value, self->store);
      break;
    case PROP_LOCAL_ID:
      g_value_set_int64 (value, self->local_id);
      break;
    case PROP_OPEN:
      g_value_set_boolean (value, self->is_open);
      break;
    case PROP_UNSAVED:
      g_value_set_boolean (value, self->has_unsaved);
      break;
    case PROP_CAN_GO_BACK:
      g_value_set_boolean (value, self->can_go_back);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Alone in the window it may be on a phone, where in some languages the buttons do not fit beside each other. */
static void
update_width (CrmTaskEditor *self)
{
  GtkButton *buttons[] = { self->discard_button, self->save_button, self->submit_button };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    crm_button_set_can_shrink (buttons[i], self->can_go_back);
}

static void
crm_task_editor_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  CrmTaskEditor *self = CRM_TASK_EDITOR (object);

  switch (prop_id)
    {
    case PROP_STORE:
      set_store (self, g_value_get_object (value));
      break;
    case PROP_CAN_GO_BACK:
      if (self->can_go_back != g_value_get_boolean (value))
        {
          self->can_go_back = g_value_get_boolean (value);
          update_width (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_editor_class_init (CrmTaskEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GParamFlags read_only = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_task_editor_dispose;
  object_class->finalize = crm_task_editor_finalize;
  object_class->get_property = crm_task_editor_get_property;
  object_class->set_property = crm_task_editor_set_property;

  properties[PROP_STORE] = g_param_spec_object ("store", NULL, NULL, CRM_TYPE_STORE, flags);
  properties[PROP_LOCAL_ID] = g_param_spec_int64 ("local-id", NULL, NULL, 0, G_MAXINT64, 0, read_only);
  properties[PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, FALSE, read_only);
  properties[PROP_UNSAVED] = g_param_spec_boolean ("unsaved", NULL, NULL, FALSE, read_only);
  properties[PROP_CAN_GO_BACK] = g_param_spec_boolean ("can-go-back", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[SAID] = g_signal_new ("said", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, CRM_TYPE_UNDO_STEP);

  signals[FOR_CODE] = g_signal_new ("for-code", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_UINT);
  signals[RESUBMITTED] = g_signal_new ("resubmitted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);

  g_type_ensure (CRM_TYPE_PROBLEM_CARD);
  g_type_ensure (CRM_TYPE_MERGE_CARD);
  g_type_ensure (CRM_TYPE_SETTLE_CARD);
  g_type_ensure (CRM_TYPE_TASK_FORM);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-task-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, box);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, header);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, title);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, scroller);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, problem_card);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, settle_card);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, merge_card);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, trouble);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, trouble_row);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, surely_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, form);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, menu_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, discard_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, save_button);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskEditor, submit_button);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, crm_task_editor_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, crm_task_editor_settled_cb);

  crm_task_editor_install_actions (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "editor.close", NULL);
}

static void
crm_task_editor_init (CrmTaskEditor *self)
{
  self->unsaved = crm_unsaved_new (NULL);
  self->base = crm_typing_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  crm_task_editor_update (self);
}

/**
 * crm_task_editor_open_new:
 * @self: an editor
 *
 * Shows an empty task, or what was typed of one before.
 */
void
crm_task_editor_open_new (CrmTaskEditor *self)
{
  g_return_if_fail (CRM_IS_TASK_EDITOR (self));

  /* One that is being saved is a task already. */
  if (self->is_open && self->task == NULL && self->save == NULL)
    return;

  crm_task_editor_set_document (self, TRUE, NULL);
}

/**
 * crm_task_editor_open:
 * @self: an editor
 * @local_id: a task’s local id
 *
 * What is typed of the task shown before is kept until it is shown again.
 */
void
crm_task_editor_open (CrmTaskEditor *self,
                      gint64         local_id)
{
  g_autoptr (CrmTask) task = NULL;

  g_return_if_fail (CRM_IS_TASK_EDITOR (self));

  if (self->store == NULL || (self->is_open && self->local_id == local_id))
    return;

  task = crm_store_read_task (self->store, local_id, NULL);
  if (task == NULL)
    return;

  crm_task_editor_set_document (self, TRUE, task);
}

/**
 * crm_task_editor_shut:
 * @self: an editor
 *
 * Shows no task. What is typed is kept until its task is shown again.
 */
void
crm_task_editor_shut (CrmTaskEditor *self)
{
  g_return_if_fail (CRM_IS_TASK_EDITOR (self));

  crm_task_editor_set_document (self, FALSE, NULL);
}

/**
 * crm_task_editor_take_focus:
 * @self: an editor
 *
 * Puts the cursor where there is something to do: the first field at fault, else the name.
 */
void
crm_task_editor_take_focus (CrmTaskEditor *self)
{
  g_return_if_fail (CRM_IS_TASK_EDITOR (self));

  if (self->is_open && !crm_task_form_focus_fault (self->form))
    crm_task_form_focus_field (self->form, CRM_FIELD_NAME);
}

/**
 * crm_task_editor_get_local_id:
 * @self: an editor
 *
 * Returns: the local id of the task it shows; 0 when that is new, or when it shows none
 */
gint64
crm_task_editor_get_local_id (CrmTaskEditor *self)
{
  g_return_val_if_fail (CRM_IS_TASK_EDITOR (self), 0);

  return self->local_id;
}

/**
 * crm_task_editor_is_open:
 * @self: an editor
 *
 * Returns: whether it shows a task
 */
gboolean
crm_task_editor_is_open (CrmTaskEditor *self)
{
  g_return_val_if_fail (CRM_IS_TASK_EDITOR (self), FALSE);

  return self->is_open;
}

/**
 * crm_task_editor_open_unsaved:
 * @self: an editor
 *
 * Shows again what was typed last and not saved, as after a crash.
 *
 * Returns: whether there was any
 */
gboolean
crm_task_editor_open_unsaved (CrmTaskEditor *self)
{
  gint64 key;

  g_return_val_if_fail (CRM_IS_TASK_EDITOR (self), FALSE);

  if (!crm_unsaved_get_newest (self->unsaved, &key))
    return FALSE;

  if (key > 0)
    crm_task_editor_open (self, key);
  else
    crm_task_editor_open_new (self);

  return self->is_open;
}

static void
flushed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (crm_unsaved_flush_finish (CRM_UNSAVED (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * crm_task_editor_flush_async:
 * @self: an editor
 * @callback: called when all that is typed is durable, or can’t be
 * @user_data: given to @callback
 */
void
crm_task_editor_flush_async (CrmTaskEditor       *self,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_TASK_EDITOR (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_task_editor_flush_async);
  crm_unsaved_flush_async (self->unsaved, flushed_cb, task);
}

/**
 * crm_task_editor_flush_finish:
 * @self: an editor
 * @result: what the callback was given
 * @error: why what is typed can’t be kept
 *
 * Returns: whether the editor may close without losing a letter
 */
gboolean
crm_task_editor_flush_finish (CrmTaskEditor  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

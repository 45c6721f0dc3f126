/* crm-task-form.c: the rows of all of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-form.h"

#include "ui/crm-due-row.h"
#include "ui/crm-field-message.h"
#include "ui/crm-record-row.h"
#include "ui/crm-text-row.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _CrmTaskForm
{
  GtkWidget        parent_instance;

  GtkWidget       *box;
  AdwComboRow     *kind_row;
  GtkWidget       *rows[CRM_N_FIELDS];
  CrmFieldMessage *messages[CRM_N_FIELDS];

  /* What is wrong with a field: the CRM’s words, and ours of what was typed since. Ours are shown first. */
  char            *said[CRM_N_FIELDS];
  char            *complaints[CRM_N_FIELDS];

  CrmOwnerKind     base_kind;
  CrmFieldMask     base_owner;
  gboolean         filling;
};

enum
{
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* From top to bottom: where the first field at fault is looked for. */
static const CrmFieldId order[CRM_N_FIELDS] = {
  CRM_FIELD_NAME,     CRM_FIELD_END_DATETIME, CRM_FIELD_LEAD,   CRM_FIELD_VENUE,         CRM_FIELD_COMPANY,
  CRM_FIELD_CONTACT,  CRM_FIELD_PRIORITY,     CRM_FIELD_STATUS, CRM_FIELD_ASSIGNED_USER, CRM_FIELD_DESCRIPTION,
};

G_DEFINE_FINAL_TYPE (CrmTaskForm, crm_task_form, GTK_TYPE_WIDGET)

static gboolean
is_shown (CrmTaskForm *self,
          CrmFieldId   field)
{
  CrmOwnerKind kind = adw_combo_row_get_selected (self->kind_row);
  CrmFieldMask shown = crm_owner_kind_get_fields (kind);

  if ((CRM_FIELD_BIT (field) & CRM_FIELDS_OWNER) == 0)
    return TRUE;

  /* What a task already holds is never hidden, so that it can’t be sent or dropped unseen. */
  if (kind == self->base_kind)
    shown |= self->base_owner;

  return (CRM_FIELD_BIT (field) & shown) != 0;
}

static char *
get_text (CrmTaskForm *self,
          CrmFieldId   field)
{
  GtkWidget *row = self->rows[field];
  const CrmField *f = crm_field_get (field);

  if (ADW_IS_COMBO_ROW (row))
    {
      guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (row));

      if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
        return g_strdup ("");
      if (f->type == CRM_FIELD_TYPE_CHOICE)
        return g_strdup_printf ("%u", selected - 1);
      return g_strdup (f->choices[selected - 1]);
    }

  if (CRM_IS_TEXT_ROW (row))
    return crm_text_row_get_text (CRM_TEXT_ROW (row));

  if (CRM_IS_RECORD_ROW (row))
    return crm_record_row_get_value (CRM_RECORD_ROW (row));

  if (CRM_IS_DUE_ROW (row))
    return crm_due_row_get_definite (CRM_DUE_ROW (row));

  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (row)));
}

static void
set_text (CrmTaskForm *self,
          CrmFieldId   field,
          const char  *text)
{
  GtkWidget *row = self->rows[field];
  const CrmField *f = crm_field_get (field);
  g_autofree char *before = get_text (self, field);

  /* The same number may have a name by now. */
  if (CRM_IS_RECORD_ROW (row))
    {
      crm_record_row_set_value (CRM_RECORD_ROW (row), text);
      return;
    }

  /* Or the cursor would jump under the person’s hands. */
  if (g_str_equal (before, text))
    return;

  if (ADW_IS_COMBO_ROW (row))
    {
      guint selected = 0;

      for (guint i = 0; f->choices[i] != NULL; i++)
        {
          g_autofree char *number = g_strdup_printf ("%u", i);

          if (g_str_equal (text, f->type == CRM_FIELD_TYPE_CHOICE ? number : f->choices[i]))
            selected = i + 1;
        }
      adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
    }
  else if (CRM_IS_TEXT_ROW (row))
    crm_text_row_set_text (CRM_TEXT_ROW (row), text);
  else
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
tell_wrong (GtkAccessible *accessible,
            const char    *words)
{
  if (words != NULL)
    {
      gtk_accessible_update_state (accessible, GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);
      gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
    }
  else
    {
      gtk_accessible_reset_state (accessible, GTK_ACCESSIBLE_STATE_INVALID);
      gtk_accessible_reset_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
    }
}

static void
update_message (CrmTaskForm *self,
                CrmFieldId   field)
{
  const char *words = self->complaints[field] != NULL ? self->complaints[field] : self->said[field];
  GtkWidget *row = self->rows[field];
  gboolean wrong = words != NULL && is_shown (self, field);

  crm_field_message_set_error (self->messages[field], wrong ? words : NULL);

  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");

  /* Which of the two a screen reader is at depends on the row’s kind. */
  tell_wrong (GTK_ACCESSIBLE (row), wrong ? words : NULL);
  if (GTK_IS_EDITABLE (row) && gtk_editable_get_delegate (GTK_EDITABLE (row)) != NULL)
    tell_wrong (GTK_ACCESSIBLE (gtk_editable_get_delegate (GTK_EDITABLE (row))), wrong ? words : NULL);

  if (crm_field_message_get_error (self->messages[field]) != NULL ||
      gtk_widget_get_visible (GTK_WIDGET (self->messages[field])))
    gtk_widget_add_css_class (row, "has-message");
  else
    gtk_widget_remove_css_class (row, "has-message");
}

static void
set_complaint (CrmTaskForm *self,
               CrmFieldId   field,
               const char  *words)
{
  g_free (self->complaints[field]);
  self->complaints[field] = g_strdup (words);
  update_message (self, field);
}

/* A contact offers its companies. */
static void
update_offers (CrmTaskForm *self)
{
  CrmOwnerKind kind = adw_combo_row_get_selected (self->kind_row);
  const CrmRecord *contact = crm_record_row_get_record (CRM_RECORD_ROW (self->rows[CRM_FIELD_CONTACT]));
  gboolean has_company = contact != NULL && contact->companies != NULL;

  crm_record_row_set_offered (CRM_RECORD_ROW (self->rows[CRM_FIELD_COMPANY]), has_company ? contact->companies : NULL);
  crm_field_message_set_note (self->messages[CRM_FIELD_CONTACT],
                              has_company && kind == CRM_OWNER_CONTACT
                                  ? _("Choose “Company and contact” as the kind to name the company as well")
                                  : NULL);
  update_message (self, CRM_FIELD_CONTACT);
}

static void
update_owner_rows (CrmTaskForm *self)
{
  CrmOwnerKind kind = adw_combo_row_get_selected (self->kind_row);

  /* API.md §1: an opportunity is a lead that belongs to a venue. */
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[CRM_FIELD_LEAD]),
                                 kind == CRM_OWNER_LEAD ? C_("field", "Lead") : C_("field", "Opportunity"));
  crm_record_row_set_kind (CRM_RECORD_ROW (self->rows[CRM_FIELD_LEAD]),
                           kind == CRM_OWNER_LEAD ? CRM_RECORD_LEAD : CRM_RECORD_OPPORTUNITY);
  update_offers (self);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((CRM_FIELD_BIT (i) & CRM_FIELDS_OWNER) != 0)
      {
        gtk_widget_set_visible (self->rows[i], is_shown (self, i));
        update_message (self, i);
      }
}

static void
edited (CrmTaskForm *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[EDITED], 0);
}

static void
row_changed (CrmTaskForm *self,
             GtkWidget   *row)
{
  if (self->filling)
    return;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (self->rows[i] == row && self->complaints[i] != NULL)
      set_complaint (self, i, NULL);

  edited (self);
}

static void
entry_changed_cb (GtkWidget   *row,
                  CrmTaskForm *self)
{
  row_changed (self, row);
}

static void
combo_changed_cb (GtkWidget   *row,
                  GParamSpec  *pspec,
                  CrmTaskForm *self)
{
  row_changed (self, row);
}

static void
kind_changed_cb (CrmTaskForm *self)
{
  update_owner_rows (self);
  edited (self);
}

/* What is chosen brings what goes with it. */
static void
chosen_cb (GtkWidget       *row,
           const CrmRecord *record,
           CrmTaskForm     *self)
{
  GtkWidget *company = self->rows[CRM_FIELD_COMPANY];
  g_autofree char *chosen_company = crm_record_row_get_value (CRM_RECORD_ROW (company));

  if (row == self->rows[CRM_FIELD_LEAD] && record->venue_id != 0)
    {
      g_autofree char *venue = g_strdup_printf ("%" G_GINT64_FORMAT, record->venue_id);

      crm_record_row_set_value (CRM_RECORD_ROW (self->rows[CRM_FIELD_VENUE]), venue);
    }

  update_offers (self);
  if (row == self->rows[CRM_FIELD_CONTACT] && adw_combo_row_get_selected (self->kind_row) == CRM_OWNER_COMPANY_CONTACT &&
      *chosen_company == '\0' && record->companies != NULL && strchr (record->companies, ' ') == NULL)
    crm_record_row_set_value (CRM_RECORD_ROW (company), record->companies);

  row_changed (self, row);
}

static void
due_note_cb (CrmTaskForm *self)
{
  g_autofree char *note = NULL;

  g_object_get (self->rows[CRM_FIELD_END_DATETIME], "note", &note, NULL);
  crm_field_message_set_note (self->messages[CRM_FIELD_END_DATETIME], note);
  update_message (self, CRM_FIELD_END_DATETIME);
}

/* Only when the field is left: nobody is told of a mistake while typing. */
static void
focus_left_cb (GtkEventControllerFocus *controller,
               CrmTaskForm             *self)
{
  GtkWidget *row = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  g_autoptr (CrmTyping) typing = crm_task_form_get_typing (self);
  g_autoptr (CrmValues) values = crm_values_new ();

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (self->rows[i] == row)
      {
        char *words[CRM_N_FIELDS] = { NULL };

        if (crm_typing_parse (typing, CRM_FIELD_BIT (i), values, words) != 0)
          set_complaint (self, i, words[i]);
        g_free (words[i]);
      }
}

static GtkStringList *
make_choices (CrmFieldId field)
{
  GtkStringList *list = gtk_string_list_new (NULL);
  const char *choice;

  gtk_string_list_append (list, C_("value of a field", "Not set"));
  for (guint i = 0; (choice = crm_field_get_choice (field, i)) != NULL; i++)
    gtk_string_list_append (list, choice);

  return list;
}

static void
crm_task_form_dispose (GObject *object)
{
  CrmTaskForm *self = CRM_TASK_FORM (object);

  /* Rows that lose the focus while they go have nothing to say any more. */
  self->filling = TRUE;
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      if (self->rows[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->rows[i], self);
      g_clear_pointer (&self->said[i], g_free);
      g_clear_pointer (&self->complaints[i], g_free);
    }
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_task_form_parent_class)->dispose (object);
}

static void
crm_task_form_class_init (CrmTaskFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_task_form_dispose;

  signals[EDITED] = g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);

  g_type_ensure (CRM_TYPE_DUE_ROW);
  g_type_ensure (CRM_TYPE_FIELD_MESSAGE);
  g_type_ensure (CRM_TYPE_RECORD_ROW);
  g_type_ensure (CRM_TYPE_TEXT_ROW);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-task-form.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTaskForm, box);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskForm, kind_row);
  gtk_widget_class_bind_template_callback (widget_class, kind_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, due_note_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);

  /* The template names a field’s row and message after its column. */
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autofree char *row = g_strconcat (crm_field_get (i)->column, "_row", NULL);
      g_autofree char *message = g_strconcat (crm_field_get (i)->column, "_message", NULL);

      gtk_widget_class_bind_template_child_full (widget_class, g_intern_string (row), FALSE,
                                                 G_STRUCT_OFFSET (CrmTaskForm, rows) + i * sizeof (GtkWidget *));
      gtk_widget_class_bind_template_child_full (widget_class, g_intern_string (message), FALSE,
                                                 G_STRUCT_OFFSET (CrmTaskForm, messages) +
                                                     i * sizeof (CrmFieldMessage *));
    }
}

static void
crm_task_form_init (CrmTaskForm *self)
{
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      GtkEventController *focus = gtk_event_controller_focus_new ();

      g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
      gtk_widget_add_controller (self->rows[i], focus);

      if (ADW_IS_COMBO_ROW (self->rows[i]))
        {
          g_autoptr (GtkStringList) choices = make_choices (i);

          adw_combo_row_set_model (ADW_COMBO_ROW (self->rows[i]), G_LIST_MODEL (choices));
          g_signal_connect (self->rows[i], "notify::selected", G_CALLBACK (combo_changed_cb), self);
        }
      else
        g_signal_connect (self->rows[i], "changed", G_CALLBACK (entry_changed_cb), self);
    }

  crm_record_row_set_kind (CRM_RECORD_ROW (self->rows[CRM_FIELD_VENUE]), CRM_RECORD_VENUE);
  crm_record_row_set_kind (CRM_RECORD_ROW (self->rows[CRM_FIELD_COMPANY]), CRM_RECORD_COMPANY);
  crm_record_row_set_kind (CRM_RECORD_ROW (self->rows[CRM_FIELD_CONTACT]), CRM_RECORD_CONTACT);
  crm_record_row_set_kind (CRM_RECORD_ROW (self->rows[CRM_FIELD_ASSIGNED_USER]), CRM_RECORD_USER);
  update_owner_rows (self);
  self->filling = FALSE;
}

/**
 * crm_task_form_set_store:
 * @self: a form
 * @store: (nullable): where names are looked up
 */
void
crm_task_form_set_store (CrmTaskForm *self,
                         CrmStore    *store)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (CRM_IS_RECORD_ROW (self->rows[i]))
      crm_record_row_set_store (CRM_RECORD_ROW (self->rows[i]), store);
}

/**
 * crm_task_form_get_typing:
 * @self: a form
 *
 * Returns: (transfer full): what is typed and chosen; the ids of owners that are not shown are empty
 */
CrmTyping *
crm_task_form_get_typing (CrmTaskForm *self)
{
  CrmTyping *typing;

  g_return_val_if_fail (CRM_IS_TASK_FORM (self), NULL);

  typing = crm_typing_new ();
  typing->kind = adw_combo_row_get_selected (self->kind_row);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (is_shown (self, i))
      {
        g_autofree char *text = get_text (self, i);

        crm_typing_set (typing, i, text);
      }

  return typing;
}

/**
 * crm_task_form_set_typing:
 * @self: a form
 * @typing: what to show
 * @base: what the task holds
 */
void
crm_task_form_set_typing (CrmTaskForm     *self,
                          const CrmTyping *typing,
                          const CrmTyping *base)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));
  g_return_if_fail (typing != NULL && base != NULL);

  self->filling = TRUE;

  self->base_kind = base->kind;
  self->base_owner = 0;
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (*base->texts[i] != '\0')
      self->base_owner |= CRM_FIELD_BIT (i) & CRM_FIELDS_OWNER;

  adw_combo_row_set_selected (self->kind_row, typing->kind);
  update_owner_rows (self);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    set_text (self, i, typing->texts[i]);
  update_owner_rows (self);

  self->filling = FALSE;
}

/**
 * crm_task_form_set_meanwhile:
 * @self: a form
 * @field: a field that something is typed in
 * @words: (nullable): what the CRM has there since; %NULL when that is what it was
 */
void
crm_task_form_set_meanwhile (CrmTaskForm *self,
                             CrmFieldId   field,
                             const char  *words)
{
  g_autofree char *note = NULL;

  g_return_if_fail (CRM_IS_TASK_FORM (self));
  g_return_if_fail (field < CRM_N_FIELDS);

  if (words != NULL)
    note = *words != '\0' ? g_strdup_printf (_("The CRM has “%s” here by now"), words)
                          : g_strdup (_("The CRM has nothing here by now"));
  crm_field_message_set_note (self->messages[field], note);
  update_message (self, field);

  /* These have notes of their own. */
  if (words == NULL && field == CRM_FIELD_END_DATETIME)
    due_note_cb (self);
  else if (words == NULL && field == CRM_FIELD_CONTACT)
    update_offers (self);
}

/**
 * crm_task_form_set_problem:
 * @self: a form
 * @problem: (nullable): why the CRM did not take the task
 *
 * Shows the CRM’s words at the fields they speak of.
 */
void
crm_task_form_set_problem (CrmTaskForm      *self,
                           const CrmProblem *problem)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_clear_pointer (&self->said[i], g_free);
      if (problem != NULL)
        {
          g_auto (GStrv) messages = crm_problem_get_field_messages (problem, i);

          if (messages[0] != NULL)
            self->said[i] = g_strjoinv ("\n", messages);
        }
      update_message (self, i);
    }
}

/**
 * crm_task_form_set_complaint:
 * @self: a form
 * @field: a field
 * @words: (nullable): what is wrong with what is typed there; gone when it is typed over
 */
void
crm_task_form_set_complaint (CrmTaskForm *self,
                             CrmFieldId   field,
                             const char  *words)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));
  g_return_if_fail (field < CRM_N_FIELDS);

  set_complaint (self, field, words);
}

/**
 * crm_task_form_clear_complaints:
 * @self: a form
 */
void
crm_task_form_clear_complaints (CrmTaskForm *self)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    set_complaint (self, i, NULL);
}

/**
 * crm_task_form_focus_fault:
 * @self: a form
 *
 * Returns: whether there is a field at fault; the first has the focus then
 */
gboolean
crm_task_form_focus_fault (CrmTaskForm *self)
{
  g_return_val_if_fail (CRM_IS_TASK_FORM (self), FALSE);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (crm_field_message_get_error (self->messages[order[i]]) != NULL)
      {
        gtk_widget_grab_focus (self->rows[order[i]]);
        return TRUE;
      }

  return FALSE;
}

/**
 * crm_task_form_focus_field:
 * @self: a form
 * @field: the field to type into
 */
void
crm_task_form_focus_field (CrmTaskForm *self,
                           CrmFieldId   field)
{
  g_return_if_fail (CRM_IS_TASK_FORM (self));
  g_return_if_fail (field < CRM_N_FIELDS);

  gtk_widget_grab_focus (self->rows[field]);
}

/* crm-set-field-dialog.c: one field’s value, for many tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-set-field-dialog.h"

#include "ui/crm-record-row.h"
#include "ui/crm-typing.h"

#include <glib/gi18n-lib.h>

struct _CrmSetFieldDialog
{
  AdwWindow       parent_instance;

  AdwWindowTitle *title;
  AdwComboRow    *field_row;
  GtkWidget      *value_row;
  CrmRecordRow   *record_row;
  AdwComboRow    *choice_row;
  GtkLabel       *message;
  CrmValues      *nothing;
};

enum
{
  SET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmSetFieldDialog, crm_set_field_dialog, ADW_TYPE_WINDOW)

static CrmFieldId
get_field (CrmSetFieldDialog *self)
{
  return (CrmFieldId) adw_combo_row_get_selected (self->field_row);
}

static char *
get_text (CrmSetFieldDialog *self)
{
  const CrmField *field = crm_field_get (get_field (self));
  guint choice = adw_combo_row_get_selected (self->choice_row);

  if (field->type == CRM_FIELD_TYPE_ID)
    return crm_record_row_get_value (self->record_row);
  if (field->choices == NULL)
    return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->value_row)));
  if (choice == 0)
    return g_strdup ("");

  return field->type == CRM_FIELD_TYPE_CHOICE ? g_strdup_printf ("%u", choice - 1) : g_strdup (field->choices[choice - 1]);
}

static CrmValues *
parse (CrmSetFieldDialog  *self,
       char              **words)
{
  char *all_words[CRM_N_FIELDS] = { NULL };
  CrmFieldId field = get_field (self);
  g_autoptr (CrmTyping) typing = crm_typing_new ();
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autofree char *text = get_text (self);
  gboolean wrong;

  crm_typing_set (typing, field, text);
  wrong = crm_typing_parse (typing, CRM_FIELD_BIT (field), values, all_words) != 0;
  *words = all_words[field];

  return wrong ? NULL : g_steal_pointer (&values);
}

static void
say (CrmSetFieldDialog *self,
     const char        *words,
     gboolean           wrong)
{
  gtk_label_set_label (self->message, words);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->message), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->message), "error");
}

static void
value_cb (CrmSetFieldDialog *self)
{
  say (self, _("Left empty, the field is cleared."), FALSE);
}

static void
field_cb (CrmSetFieldDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->field_row);
  const CrmField *field;
  CrmRecordKind kind;

  if (selected >= CRM_N_FIELDS)
    return;

  field = crm_field_get (selected);
  gtk_widget_set_visible (self->value_row, field->choices == NULL && field->type != CRM_FIELD_TYPE_ID);
  gtk_widget_set_visible (GTK_WIDGET (self->record_row), field->type == CRM_FIELD_TYPE_ID);
  if (crm_record_kind_of (selected, self->nothing, &kind))
    {
      /* Of the two that a lead may be, the likelier one. */
      crm_record_row_set_kind (self->record_row, kind == CRM_RECORD_LEAD ? CRM_RECORD_OPPORTUNITY : kind);
      crm_record_row_set_value (self->record_row, "");
    }
  gtk_widget_set_visible (GTK_WIDGET (self->choice_row), field->choices != NULL);
  if (field->choices != NULL)
    {
      g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);

      gtk_string_list_append (choices, C_("value of a field", "None"));
      for (guint i = 0; field->choices[i] != NULL; i++)
        gtk_string_list_append (choices, crm_field_get_choice (selected, i));
      adw_combo_row_set_model (self->choice_row, G_LIST_MODEL (choices));
    }
  value_cb (self);
}

static void
set (CrmSetFieldDialog *self,
     gboolean           resubmit)
{
  g_autofree char *words = NULL;
  g_autoptr (CrmValues) values = parse (self, &words);

  if (values == NULL)
    {
      say (self, words != NULL ? words : _("That makes no sense here"), TRUE);
      gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
      return;
    }

  g_signal_emit (self, signals[SET], 0, resubmit);
  gtk_window_close (GTK_WINDOW (self));
}

static void
set_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  set (CRM_SET_FIELD_DIALOG (widget), FALSE);
}

static void
set_and_resubmit_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  set (CRM_SET_FIELD_DIALOG (widget), TRUE);
}

static void
crm_set_field_dialog_finalize (GObject *object)
{
  crm_values_free (CRM_SET_FIELD_DIALOG (object)->nothing);

  G_OBJECT_CLASS (crm_set_field_dialog_parent_class)->finalize (object);
}

static void
crm_set_field_dialog_class_init (CrmSetFieldDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SET] = g_signal_new ("set", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  g_type_ensure (CRM_TYPE_RECORD_ROW);
  G_OBJECT_CLASS (klass)->finalize = crm_set_field_dialog_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-set-field-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, record_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, title);
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, field_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, value_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, choice_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSetFieldDialog, message);
  gtk_widget_class_bind_template_callback (widget_class, field_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_cb);

  gtk_widget_class_install_action (widget_class, "field.set", NULL, set_action);
  gtk_widget_class_install_action (widget_class, "field.set-and-resubmit", NULL, set_and_resubmit_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
crm_set_field_dialog_init (CrmSetFieldDialog *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);

  self->nothing = crm_values_new ();
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    gtk_string_list_append (labels, crm_field_get_label (i));
  adw_combo_row_set_model (self->field_row, G_LIST_MODEL (labels));
}

/**
 * crm_set_field_dialog_new:
 * @parent: the window it belongs to
 * @store: where names are looked up
 * @n_tasks: how many tasks it is for
 * @field: the field to begin with
 *
 * Returns: (transfer none): a window that is not modal
 */
GtkWidget *
crm_set_field_dialog_new (GtkWindow  *parent,
                          CrmStore   *store,
                          guint       n_tasks,
                          CrmFieldId  field)
{
  CrmSetFieldDialog *self;
  g_autofree char *subtitle = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (field < CRM_N_FIELDS, NULL);

  self = g_object_new (CRM_TYPE_SET_FIELD_DIALOG, "transient-for", parent, NULL);
  crm_record_row_set_store (self->record_row, store);
  subtitle = g_strdup_printf (ngettext ("For %'u task", "For %'u tasks", n_tasks), n_tasks);
  adw_window_title_set_subtitle (self->title, subtitle);
  adw_combo_row_set_selected (self->field_row, field);
  field_cb (self);
  gtk_widget_grab_focus (self->value_row);

  return GTK_WIDGET (self);
}

/**
 * crm_set_field_dialog_get_values:
 * @self: a dialog that was answered
 * @touched: (out): the field that was chosen
 *
 * Returns: (transfer full): its value; without one the field is cleared
 */
CrmValues *
crm_set_field_dialog_get_values (CrmSetFieldDialog *self,
                                 CrmFieldMask      *touched)
{
  g_autofree char *words = NULL;
  CrmValues *values;

  g_return_val_if_fail (CRM_IS_SET_FIELD_DIALOG (self), NULL);

  values = parse (self, &words);
  *touched = CRM_FIELD_BIT (get_field (self));

  return values != NULL ? values : crm_values_new ();
}

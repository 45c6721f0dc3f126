/* crm-field-message.c: the words below a field
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-field-message.h"

struct _CrmFieldMessage
{
  AdwPreferencesRow  parent_instance;

  GtkWidget         *icon;
  GtkLabel          *label;

  char              *note;
  char              *error;
};

enum
{
  PROP_0,
  PROP_NOTE,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmFieldMessage, crm_field_message, ADW_TYPE_PREFERENCES_ROW)

static void
update (CrmFieldMessage *self)
{
  const char *text = self->error != NULL ? self->error : self->note;

  gtk_label_set_label (self->label, text != NULL ? text : "");
  gtk_widget_set_visible (self->icon, self->error != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);

  if (self->error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

static gboolean
take_text (char       **to,
           const char  *text)
{
  if (text != NULL && *text == '\0')
    text = NULL;
  if (g_strcmp0 (*to, text) == 0)
    return FALSE;

  g_free (*to);
  *to = g_strdup (text);
  return TRUE;
}

static void
crm_field_message_finalize (GObject *object)
{
  CrmFieldMessage *self = CRM_FIELD_MESSAGE (object);

  g_free (self->note);
  g_free (self->error);

  G_OBJECT_CLASS (crm_field_message_parent_class)->finalize (object);
}

static void
crm_field_message_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  CrmFieldMessage *self = CRM_FIELD_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_field_message_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  CrmFieldMessage *self = CRM_FIELD_MESSAGE (object);

  switch (prop_id)
    {
    case PROP_NOTE:
      crm_field_message_set_note (self, g_value_get_string (value));
      break;
    case PROP_ERROR:
      crm_field_message_set_error (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_field_message_class_init (CrmFieldMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = crm_field_message_finalize;
  object_class->get_property = crm_field_message_get_property;
  object_class->set_property = crm_field_message_set_property;

  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-field-message.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmFieldMessage, icon);
  gtk_widget_class_bind_template_child (widget_class, CrmFieldMessage, label);
}

static void
crm_field_message_init (CrmFieldMessage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_field_message_set_note:
 * @self: a message
 * @note: (nullable): what is said while nothing is wrong; %NULL or "" for nothing
 */
void
crm_field_message_set_note (CrmFieldMessage *self,
                            const char      *note)
{
  g_return_if_fail (CRM_IS_FIELD_MESSAGE (self));

  if (!take_text (&self->note, note))
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

/**
 * crm_field_message_set_error:
 * @self: a message
 * @error: (nullable): what is wrong with the field; %NULL or "" for nothing
 */
void
crm_field_message_set_error (CrmFieldMessage *self,
                             const char      *error)
{
  g_return_if_fail (CRM_IS_FIELD_MESSAGE (self));

  if (!take_text (&self->error, error))
    return;

  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/**
 * crm_field_message_get_error:
 * @self: a message
 *
 * Returns: (transfer none) (nullable): what is wrong with the field
 */
const char *
crm_field_message_get_error (CrmFieldMessage *self)
{
  g_return_val_if_fail (CRM_IS_FIELD_MESSAGE (self), NULL);

  return self->error;
}

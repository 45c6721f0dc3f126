/* crm-me-dialog.c: who of the CRM’s users works here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-me-dialog.h"

#include "store/crm-directory.h"
#include "ui/crm-field-message.h"
#include "ui/crm-record-row.h"

#include <glib/gi18n-lib.h>

struct _CrmMeDialog
{
  AdwWindow        parent_instance;

  CrmRecordRow    *user_row;
  CrmFieldMessage *message;
  GtkWidget       *use_button;

  CrmStore        *store;
};

G_DEFINE_FINAL_TYPE (CrmMeDialog, crm_me_dialog, ADW_TYPE_WINDOW)

static void
set_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (CrmMeDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (crm_directory_set_me_finish (CRM_STORE (source), result, &error))
    gtk_window_close (GTK_WINDOW (self));
  else
    crm_field_message_set_error (self->message, error->message);
}

static void
use_cb (CrmMeDialog *self)
{
  g_autofree char *value = crm_record_row_get_value (self->user_row);
  gint64 id = 0;

  if (*value != '\0' && !g_ascii_string_to_signed (value, 10, 1, G_MAXINT64, &id, NULL))
    {
      crm_field_message_set_error (self->message, _("Choose one from the list, or type the user’s number"));
      return;
    }

  crm_directory_set_me_async (self->store, id, set_cb, g_object_ref (self));
}

static void
changed_cb (CrmMeDialog *self)
{
  crm_field_message_set_error (self->message, NULL);
}

static void
crm_me_dialog_dispose (GObject *object)
{
  g_clear_object (&CRM_ME_DIALOG (object)->store);

  G_OBJECT_CLASS (crm_me_dialog_parent_class)->dispose (object);
}

static void
crm_me_dialog_class_init (CrmMeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_me_dialog_dispose;

  g_type_ensure (CRM_TYPE_FIELD_MESSAGE);
  g_type_ensure (CRM_TYPE_RECORD_ROW);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-me-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmMeDialog, user_row);
  gtk_widget_class_bind_template_child (widget_class, CrmMeDialog, message);
  gtk_widget_class_bind_template_child (widget_class, CrmMeDialog, use_button);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
crm_me_dialog_init (CrmMeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  crm_record_row_set_kind (self->user_row, CRM_RECORD_USER);
}

/**
 * crm_me_dialog_new:
 * @parent: the window it belongs to
 * @store: the account’s tasks, where it is kept
 *
 * Returns: (transfer none): a window that is not modal
 */
GtkWidget *
crm_me_dialog_new (GtkWindow *parent,
                   CrmStore  *store)
{
  CrmMeDialog *self;
  gint64 me;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (CRM_IS_STORE (store), NULL);

  self = g_object_new (CRM_TYPE_ME_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  crm_record_row_set_store (self->user_row, store);
  me = crm_directory_get_me (store);
  if (me != 0)
    {
      g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, me);

      crm_record_row_set_value (self->user_row, value);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->user_row));

  return GTK_WIDGET (self);
}

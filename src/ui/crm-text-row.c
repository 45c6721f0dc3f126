/* crm-text-row.c: a row for text of several lines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-text-row.h"

struct _CrmTextRow
{
  AdwPreferencesRow  parent_instance;

  GtkTextBuffer     *buffer;
  GtkWidget         *text_view;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmTextRow, crm_text_row, ADW_TYPE_PREFERENCES_ROW)

static void
buffer_changed_cb (CrmTextRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
crm_text_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (CRM_TEXT_ROW (widget)->text_view);
}

static void
crm_text_row_class_init (CrmTextRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = crm_text_row_grab_focus;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-text-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTextRow, buffer);
  gtk_widget_class_bind_template_child (widget_class, CrmTextRow, text_view);
  gtk_widget_class_bind_template_callback (widget_class, buffer_changed_cb);
}

static void
crm_text_row_init (CrmTextRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_text_row_get_text:
 * @self: a row
 *
 * Returns: (transfer full): what is written there
 */
char *
crm_text_row_get_text (CrmTextRow *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (CRM_IS_TEXT_ROW (self), NULL);

  gtk_text_buffer_get_bounds (self->buffer, &start, &end);
  return gtk_text_buffer_get_text (self->buffer, &start, &end, TRUE);
}

/**
 * crm_text_row_set_text:
 * @self: a row
 * @text: what to show
 */
void
crm_text_row_set_text (CrmTextRow *self,
                       const char *text)
{
  g_return_if_fail (CRM_IS_TEXT_ROW (self));
  g_return_if_fail (text != NULL);

  gtk_text_buffer_set_text (self->buffer, text, -1);
}

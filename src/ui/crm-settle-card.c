/* crm-settle-card.c: what a person can say of a task that may be on the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-settle-card.h"

#include "ui/crm-field-message.h"
#include "ui/crm-task-words.h"

#include "model/crm-field.h"

#include <glib/gi18n-lib.h>

struct _CrmSettleCard
{
  AdwPreferencesGroup  parent_instance;

  AdwActionRow        *doubt_row;
  GtkWidget           *id_row;
  CrmFieldMessage     *id_message;
};

enum
{
  SETTLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmSettleCard, crm_settle_card, ADW_TYPE_PREFERENCES_GROUP)

static void
changed_cb (CrmSettleCard *self)
{
  gtk_widget_remove_css_class (self->id_row, "error");
  crm_field_message_set_error (self->id_message, NULL);
}

static void
apply_cb (CrmSettleCard *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->id_row));
  gint64 most = crm_field_get (CRM_FIELD_LEAD)->limit;
  g_autofree char *digits = g_strstrip (g_strdup (*text == '#' ? text + 1 : text));
  gint64 id;

  if (g_ascii_string_to_signed (digits, 10, 1, most, &id, NULL))
    {
      g_signal_emit (self, signals[SETTLED], 0, id);
      return;
    }

  gtk_widget_add_css_class (self->id_row, "error");
  crm_field_message_set_error (self->id_message, _("Type the number the task has on the CRM"));
}

static void
crm_settle_card_class_init (CrmSettleCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SETTLED] = g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);

  g_type_ensure (CRM_TYPE_FIELD_MESSAGE);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-settle-card.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmSettleCard, doubt_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSettleCard, id_row);
  gtk_widget_class_bind_template_child (widget_class, CrmSettleCard, id_message);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
}

static void
crm_settle_card_init (CrmSettleCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_settle_card_set_task:
 * @self: a card
 * @task: (nullable): a task; the card hides unless it is unconfirmed
 */
void
crm_settle_card_set_task (CrmSettleCard *self,
                          CrmTask       *task)
{
  g_autofree char *doubt = NULL;
  g_autofree char *words = NULL;
  gboolean is_unconfirmed;

  g_return_if_fail (CRM_IS_SETTLE_CARD (self));

  is_unconfirmed = task != NULL && crm_task_get_state (task) == CRM_SYNC_UNCONFIRMED;
  gtk_widget_set_visible (GTK_WIDGET (self), is_unconfirmed);
  if (!is_unconfirmed)
    return;

  doubt = crm_task_words_get_doubt (task);
  /* Translators: two sentences, the first of which comes without its full stop */
  words = g_strdup_printf (_("%s.\n%s"), doubt,
                           _("It is sent again only when it is surely missing there. If you know more, say so."));
  adw_action_row_set_subtitle (self->doubt_row, words);
}

/**
 * crm_settle_card_clear:
 * @self: a card
 *
 * Empties it for another task.
 */
void
crm_settle_card_clear (CrmSettleCard *self)
{
  g_return_if_fail (CRM_IS_SETTLE_CARD (self));

  gtk_editable_set_text (GTK_EDITABLE (self->id_row), "");
  changed_cb (self);
}

/* crm-welcome.c: what is offered at the first start
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-welcome.h"

struct _CrmWelcome
{
  GtkWidget  parent_instance;

  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (CrmWelcome, crm_welcome, GTK_TYPE_WIDGET)

static void
crm_welcome_dispose (GObject *object)
{
  g_clear_pointer (&CRM_WELCOME (object)->box, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_welcome_parent_class)->dispose (object);
}

static void
crm_welcome_class_init (CrmWelcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_welcome_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-welcome.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmWelcome, box);
}

static void
crm_welcome_init (CrmWelcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

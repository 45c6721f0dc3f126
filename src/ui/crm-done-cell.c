/* crm-done-cell.c: whether a task is completed, to be ticked in its row
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-done-cell.h"

#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>

struct _CrmDoneCell
{
  GtkWidget       parent_instance;

  GtkCheckButton *check;

  CrmTask        *task;
  gboolean        filling;
};

enum
{
  PROP_0,
  PROP_TASK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmDoneCell, crm_done_cell, GTK_TYPE_WIDGET)

static void
update (CrmDoneCell *self)
{
  gboolean done = self->task != NULL && crm_task_words_is_completed (self->task);
  g_autofree char *title = self->task != NULL ? crm_task_get_title (self->task) : NULL;
  g_autofree char *label = NULL;

  self->filling = TRUE;
  gtk_check_button_set_active (self->check, done);
  self->filling = FALSE;

  /* Translators: %s is a task’s name. */
  label = g_strdup_printf (_("Completed: %s"), title != NULL ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->check), done ? _("Not Completed After All") : _("Mark as Completed"));
}

static void
toggled_cb (CrmDoneCell *self)
{
  if (self->filling || self->task == NULL)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "tasks.complete", "(xb)", crm_task_get_local_id (self->task),
                              gtk_check_button_get_active (self->check));
}

static void
crm_done_cell_dispose (GObject *object)
{
  CrmDoneCell *self = CRM_DONE_CELL (object);

  g_clear_object (&self->task);
  g_clear_pointer ((GtkWidget **) &self->check, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_done_cell_parent_class)->dispose (object);
}

static void
crm_done_cell_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_object (value, CRM_DONE_CELL (object)->task);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_done_cell_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  CrmDoneCell *self = CRM_DONE_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      if (g_set_object (&self->task, g_value_get_object (value)))
        {
          update (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_done_cell_class_init (CrmDoneCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_done_cell_dispose;
  object_class->get_property = crm_done_cell_get_property;
  object_class->set_property = crm_done_cell_set_property;

  properties[PROP_TASK] = g_param_spec_object ("task", NULL, NULL, CRM_TYPE_TASK,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-done-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmDoneCell, check);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
}

static void
crm_done_cell_init (CrmDoneCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

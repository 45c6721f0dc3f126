/* crm-text-cell.c: a cell of one line
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-text-cell.h"

#include "ui/crm-line-layout.h"
#include "ui/crm-task-words.h"

struct _CrmTextCell
{
  GtkWidget     parent_instance;

  CrmTask      *task;
  CrmTaskWords  what;
  guint         chars; /* the width it would like, in characters */
};

enum
{
  PROP_0,
  PROP_TASK,
  PROP_WHAT,
  PROP_CHARS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmTextCell, crm_text_cell, GTK_TYPE_WIDGET)

static char *
get_words (CrmTextCell  *self,
           CrmTask      *task,
           CrmTaskWords  what)
{
  return task != NULL ? crm_task_words_get (task, what) : NULL;
}

static void
crm_text_cell_dispose (GObject *object)
{
  CrmTextCell *self = CRM_TEXT_CELL (object);
  GtkWidget *child;

  g_clear_object (&self->task);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (crm_text_cell_parent_class)->dispose (object);
}

static void
crm_text_cell_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  CrmTextCell *self = CRM_TEXT_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_object (value, self->task);
      break;
    case PROP_WHAT:
      g_value_set_enum (value, self->what);
      break;
    case PROP_CHARS:
      g_value_set_uint (value, self->chars);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_text_cell_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  CrmTextCell *self = CRM_TEXT_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      if (g_set_object (&self->task, g_value_get_object (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_WHAT:
      self->what = g_value_get_enum (value);
      break;
    case PROP_CHARS:
      self->chars = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_text_cell_class_init (CrmTextCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_text_cell_dispose;
  object_class->get_property = crm_text_cell_get_property;
  object_class->set_property = crm_text_cell_set_property;

  properties[PROP_TASK] = g_param_spec_object ("task", NULL, NULL, CRM_TYPE_TASK,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WHAT] = g_param_spec_enum ("what", NULL, NULL, CRM_TYPE_TASK_WORDS, CRM_TASK_WORDS_OWNER,
                                             G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHARS] = g_param_spec_uint ("chars", NULL, NULL, 0, G_MAXINT, 10,
                                              G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "textcell");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-text-cell.ui");
  gtk_widget_class_bind_template_callback (widget_class, get_words);
  gtk_widget_class_bind_template_callback (widget_class, crm_line_layout_align);
}

static void
crm_text_cell_init (CrmTextCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

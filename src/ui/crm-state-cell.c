/* crm-state-cell.c: the cell that says where a task stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-state-cell.h"

#include "ui/crm-state-icon.h"

#include "model/crm-task.h"

/* How wide the words are, in letters of usual width. */
#define LEAST_CHARS 8
#define MOST_CHARS 24

struct _CrmStateCell
{
  GtkWidget       parent_instance;

  CrmStateIcon   *icon;
  GtkInscription *words;
  CrmTask        *task;
};

enum
{
  PROP_0,
  PROP_TASK,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmStateCell, crm_state_cell, GTK_TYPE_WIDGET)

static void
set_task (CrmStateCell *self,
          CrmTask      *task)
{
  if (self->task == task)
    return;

  if (self->task != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), crm_sync_state_get_nick (crm_task_get_state (self->task)));
  if (task != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), crm_sync_state_get_nick (crm_task_get_state (task)));

  g_set_object (&self->task, task);
  crm_state_icon_set_icon_name (self->icon, task != NULL ? crm_sync_state_get_icon_name (crm_task_get_state (task)) : NULL);
  gtk_inscription_set_text (self->words, task != NULL ? crm_sync_state_get_words (crm_task_get_state (task)) : NULL);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
}

static void
crm_state_cell_dispose (GObject *object)
{
  CrmStateCell *self = CRM_STATE_CELL (object);
  GtkWidget *child;

  g_clear_object (&self->task);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (crm_state_cell_parent_class)->dispose (object);
}

static void
crm_state_cell_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  CrmStateCell *self = CRM_STATE_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_object (value, self->task);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_state_cell_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  CrmStateCell *self = CRM_STATE_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      set_task (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* As wide as the longest state of the language needs, in letters of usual width, so that it grows with the font. */
static guint
count_chars (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int usual = MAX (pango_font_metrics_get_approximate_char_width (metrics), pango_font_metrics_get_approximate_digit_width (metrics));
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  int widest = 0;

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    {
      int width;

      pango_layout_set_text (layout, crm_sync_state_get_words (i), -1);
      pango_layout_get_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  pango_font_metrics_unref (metrics);

  return CLAMP ((guint) (widest / MAX (usual, 1)) + 1, LEAST_CHARS, MOST_CHARS);
}

static void
crm_state_cell_class_init (CrmStateCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_state_cell_dispose;
  object_class->get_property = crm_state_cell_get_property;
  object_class->set_property = crm_state_cell_set_property;

  properties[PROP_TASK] = g_param_spec_object ("task", NULL, NULL, CRM_TYPE_TASK,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "statecell");
  g_type_ensure (CRM_TYPE_STATE_ICON);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-state-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmStateCell, icon);
  gtk_widget_class_bind_template_child (widget_class, CrmStateCell, words);
}

static void
crm_state_cell_init (CrmStateCell *self)
{
  static guint n_chars; /* the language does not change while the program runs */

  gtk_widget_init_template (GTK_WIDGET (self));
  if (n_chars == 0)
    n_chars = count_chars (GTK_WIDGET (self));
  gtk_inscription_set_min_chars (self->words, n_chars);
  gtk_inscription_set_nat_chars (self->words, n_chars);
}

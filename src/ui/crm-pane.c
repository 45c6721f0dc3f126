/* crm-pane.c: a part of the window that is always as wide as it usually is
 *
 * What is in a pane changes from task to task. If the width it would like did too, the panes beside it would
 * move, and a long sentence would fold one away.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-pane.h"

struct _CrmPane
{
  GtkWidget  parent_instance;

  GtkWidget *child;
  int        usual_width;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_USUAL_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmPane, crm_pane, GTK_TYPE_WIDGET)

static void
crm_pane_measure (GtkWidget      *widget,
                  GtkOrientation  orientation,
                  int             for_size,
                  int            *minimum,
                  int            *natural,
                  int            *minimum_baseline,
                  int            *natural_baseline)
{
  CrmPane *self = CRM_PANE (widget);

  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = MAX (*minimum, self->usual_width);
}

static void
crm_pane_size_allocate (GtkWidget *widget,
                        int        width,
                        int        height,
                        int        baseline)
{
  gtk_widget_size_allocate (CRM_PANE (widget)->child, &(GtkAllocation) { 0, 0, width, height }, baseline);
}

static GtkSizeRequestMode
crm_pane_get_request_mode (GtkWidget *widget)
{
  return gtk_widget_get_request_mode (CRM_PANE (widget)->child);
}

static void
crm_pane_dispose (GObject *object)
{
  g_clear_pointer (&CRM_PANE (object)->child, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_pane_parent_class)->dispose (object);
}

static void
crm_pane_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  CrmPane *self = CRM_PANE (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_USUAL_WIDTH:
      g_value_set_int (value, self->usual_width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_pane_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  CrmPane *self = CRM_PANE (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_clear_pointer (&self->child, gtk_widget_unparent);
      self->child = g_value_get_object (value);
      if (self->child != NULL)
        gtk_widget_set_parent (self->child, GTK_WIDGET (self));
      break;
    case PROP_USUAL_WIDTH:
      self->usual_width = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_pane_class_init (CrmPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = crm_pane_dispose;
  object_class->get_property = crm_pane_get_property;
  object_class->set_property = crm_pane_set_property;
  widget_class->measure = crm_pane_measure;
  widget_class->size_allocate = crm_pane_size_allocate;
  widget_class->get_request_mode = crm_pane_get_request_mode;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_USUAL_WIDTH] = g_param_spec_int ("usual-width", NULL, NULL, 0, G_MAXINT, 0,
                                                   flags | G_PARAM_CONSTRUCT_ONLY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
crm_pane_init (CrmPane *self)
{
}

/* crm-state-icon.c: the icon of a task's state
 *
 * A GtkImage lays the whole list out anew when it shows another icon; this one has its size from the start.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-state-icon.h"

#define SIZE 16

struct _CrmStateIcon
{
  GtkWidget         parent_instance;

  const char       *icon_name; /* interned; NULL: nothing is shown */
  GtkIconPaintable *icon;      /* NULL: it must be looked up */
};

G_DEFINE_FINAL_TYPE (CrmStateIcon, crm_state_icon, GTK_TYPE_WIDGET)

static void
ensure_icon (CrmStateIcon *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  if (self->icon == NULL && self->icon_name != NULL)
    self->icon = gtk_icon_theme_lookup_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), self->icon_name,
                                             NULL, SIZE, gtk_widget_get_scale_factor (widget),
                                             gtk_widget_get_direction (widget), 0);
}

static void
forget_icon (CrmStateIcon *self)
{
  g_clear_object (&self->icon);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
crm_state_icon_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
crm_state_icon_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  CrmStateIcon *self = CRM_STATE_ICON (widget);
  GdkRGBA color;
  float x = (float) (gtk_widget_get_width (widget) - SIZE) / 2;
  float y = (float) (gtk_widget_get_height (widget) - SIZE) / 2;

  ensure_icon (self);
  if (self->icon == NULL)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (self->icon), snapshot, SIZE, SIZE, &color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
crm_state_icon_direction_changed (GtkWidget        *widget,
                                  GtkTextDirection  previous)
{
  forget_icon (CRM_STATE_ICON (widget));
}

static void
crm_state_icon_system_setting_changed (GtkWidget        *widget,
                                       GtkSystemSetting  setting)
{
  GTK_WIDGET_CLASS (crm_state_icon_parent_class)->system_setting_changed (widget, setting);

  forget_icon (CRM_STATE_ICON (widget));
}

static void
crm_state_icon_dispose (GObject *object)
{
  g_clear_object (&CRM_STATE_ICON (object)->icon);

  G_OBJECT_CLASS (crm_state_icon_parent_class)->dispose (object);
}

static void
crm_state_icon_class_init (CrmStateIconClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_state_icon_dispose;
  widget_class->measure = crm_state_icon_measure;
  widget_class->snapshot = crm_state_icon_snapshot;
  widget_class->direction_changed = crm_state_icon_direction_changed;
  widget_class->system_setting_changed = crm_state_icon_system_setting_changed;

  gtk_widget_class_set_css_name (widget_class, "image");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
crm_state_icon_init (CrmStateIcon *self)
{
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (forget_icon), NULL);
}

/**
 * crm_state_icon_set_icon_name:
 * @self: an icon
 * @icon_name: (nullable): the name of a symbolic icon; %NULL for none
 */
void
crm_state_icon_set_icon_name (CrmStateIcon *self,
                              const char   *icon_name)
{
  g_return_if_fail (CRM_IS_STATE_ICON (self));

  icon_name = g_intern_string (icon_name);
  if (self->icon_name == icon_name)
    return;

  self->icon_name = icon_name;
  forget_icon (self);
}

/* crm-place-row.c: one place in the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-place-row.h"

#include <glib/gi18n-lib.h>

/* What the icon, the count and the gaps take, in pixels. */
#define BESIDE_TITLE 91

struct _CrmPlaceRow
{
  GtkListBoxRow   parent_instance;

  GtkImage       *icon;
  GtkLabel       *title;
  GtkLabel       *count;

  const CrmPlace *place;
};

G_DEFINE_FINAL_TYPE (CrmPlaceRow, crm_place_row, GTK_TYPE_LIST_BOX_ROW)

static void
crm_place_row_class_init (CrmPlaceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-place-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmPlaceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, CrmPlaceRow, title);
  gtk_widget_class_bind_template_child (widget_class, CrmPlaceRow, count);
}

static void
crm_place_row_init (CrmPlaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_place_row_new:
 * @place: a place
 *
 * Returns: (transfer floating): its row
 */
GtkWidget *
crm_place_row_new (const CrmPlace *place)
{
  CrmPlaceRow *self;

  g_return_val_if_fail (place != NULL, NULL);

  self = g_object_new (CRM_TYPE_PLACE_ROW, NULL);
  self->place = place;
  gtk_image_set_from_icon_name (self->icon, place->icon_name);
  gtk_label_set_label (self->title, crm_place_get_title (place));
  crm_place_row_set_count (self, 0);

  return GTK_WIDGET (self);
}

/**
 * crm_place_row_get_place:
 * @self: a row
 *
 * Returns: (transfer none): its place
 */
const CrmPlace *
crm_place_row_get_place (CrmPlaceRow *self)
{
  g_return_val_if_fail (CRM_IS_PLACE_ROW (self), NULL);

  return self->place;
}

/**
 * crm_place_row_get_width:
 * @self: a row
 *
 * Returns: the width, in pixels, in which the whole title has room, and a count of two digits
 */
int
crm_place_row_get_width (CrmPlaceRow *self)
{
  int width;

  g_return_val_if_fail (CRM_IS_PLACE_ROW (self), 0);

  gtk_widget_measure (GTK_WIDGET (self->title), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);

  return width + BESIDE_TITLE;
}

/**
 * crm_place_row_set_count:
 * @self: a row
 * @count: how many tasks are there, as crm_place_counter_get_count() has it
 */
void
crm_place_row_set_count (CrmPlaceRow *self,
                         gint64       count)
{
  g_autofree char *words = NULL;
  g_autofree char *label = NULL;

  g_return_if_fail (CRM_IS_PLACE_ROW (self));

  if (self->place->time != CRM_PLACE_ANY_TIME && count > CRM_PLACE_MOST_COUNTED)
    /* Translators: so many tasks, and more. */
    words = g_strdup_printf (_("%'d+"), CRM_PLACE_MOST_COUNTED);
  else
    words = g_strdup_printf ("%'" G_GINT64_FORMAT, count);

  gtk_label_set_label (self->count, words);
  gtk_widget_set_visible (GTK_WIDGET (self->count), count > 0);

  /* Translators: a place and how many tasks are there, as a screen reader says it. */
  label = count > 0 ? g_strdup_printf (_("%s, %s"), crm_place_get_title (self->place), words) : g_strdup (crm_place_get_title (self->place));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  /* Only what waits for the person stands out. */
  if (count > 0 && self->place->states == 1u << CRM_SYNC_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self->count), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->count), "attention");
}

/**
 * crm_place_row_set_header:
 * @row: a #CrmPlaceRow
 * @before: (nullable): the one above it
 * @user_data: not used
 *
 * A #GtkListBoxUpdateHeaderFunc: what is about the sync stands above, what is about time below.
 */
void
crm_place_row_set_header (GtkListBoxRow *row,
                          GtkListBoxRow *before,
                          gpointer       user_data)
{
  gboolean begins_times = before != NULL && CRM_PLACE_ROW (row)->place->time != CRM_PLACE_ANY_TIME &&
                          CRM_PLACE_ROW (before)->place->time == CRM_PLACE_ANY_TIME;

  gtk_list_box_row_set_header (row, begins_times ? gtk_separator_new (GTK_ORIENTATION_HORIZONTAL) : NULL);
}

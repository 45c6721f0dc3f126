/* crm-column-keeper.c: which columns of the table are shown, and how wide
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-column-keeper.h"

/* Below so many pixels, at the usual size of text, only what is needed is shown; the editor says the rest. */
#define NARROW 520

typedef struct
{
  GtkColumnViewColumn *column;
  const char          *name;   /* not owned */
  gboolean             needed;
  gboolean             hidden; /* only because it is narrow */
} Column;

struct _CrmColumnKeeper
{
  GObject            parent_instance;

  GtkScrolledWindow *scroller; /* not owned: it ends with the widget this belongs to */
  GArray            *columns;  /* of Column */
  GSettings         *settings; /* NULL: nothing is remembered */
  gboolean           narrow;
  guint              narrow_id;
};

G_DEFINE_FINAL_TYPE (CrmColumnKeeper, crm_column_keeper, G_TYPE_OBJECT)

static void
column_clear (gpointer data)
{
  g_object_unref (((Column *) data)->column);
}

static gboolean
narrow_cb (gpointer user_data)
{
  CrmColumnKeeper *self = user_data;

  self->narrow_id = 0;
  for (guint i = 0; i < self->columns->len; i++)
    {
      Column *column = &g_array_index (self->columns, Column, i);

      if (self->narrow && !column->needed && gtk_column_view_column_get_visible (column->column))
        {
          column->hidden = TRUE;
          gtk_column_view_column_set_visible (column->column, FALSE);
        }
      else if (!self->narrow && column->hidden)
        {
          column->hidden = FALSE;
          gtk_column_view_column_set_visible (column->column, TRUE);
        }
    }

  return G_SOURCE_REMOVE;
}

static void
width_cb (CrmColumnKeeper *self)
{
  double width = gtk_adjustment_get_page_size (gtk_scrolled_window_get_hadjustment (self->scroller));
  gboolean narrow;
  int dpi;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self->scroller)), "gtk-xft-dpi", &dpi, NULL);
  narrow = width > 0 && width < NARROW * MAX (dpi / (96.0 * PANGO_SCALE), 1);

  /* The columns can’t change while they are being laid out. */
  if (narrow != self->narrow && self->narrow_id == 0)
    self->narrow_id = g_idle_add (narrow_cb, self);
  self->narrow = narrow;
}

static void
remember (CrmColumnKeeper *self)
{
  GVariantBuilder builder;

  if (self->settings == NULL)
    return;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{s(bi)}"));
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = &g_array_index (self->columns, Column, i);
      gboolean shown = gtk_column_view_column_get_visible (column->column) || column->hidden;

      g_variant_builder_add (&builder, "{s(bi)}", column->name, shown, gtk_column_view_column_get_fixed_width (column->column));
    }
  g_settings_set_value (self->settings, "columns", g_variant_builder_end (&builder));
}

static void
crm_column_keeper_dispose (GObject *object)
{
  CrmColumnKeeper *self = CRM_COLUMN_KEEPER (object);

  g_clear_handle_id (&self->narrow_id, g_source_remove);
  g_clear_pointer (&self->columns, g_array_unref);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (crm_column_keeper_parent_class)->dispose (object);
}

static void
crm_column_keeper_class_init (CrmColumnKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_column_keeper_dispose;
}

static void
crm_column_keeper_init (CrmColumnKeeper *self)
{
  self->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (self->columns, column_clear);
}

/**
 * crm_column_keeper_new:
 * @scroller: what the table is scrolled by; it may not end before the keeper
 *
 * Returns: (transfer full): a keeper of no columns, which hides what is not needed while there is little room
 */
CrmColumnKeeper *
crm_column_keeper_new (GtkScrolledWindow *scroller)
{
  CrmColumnKeeper *self;

  g_return_val_if_fail (GTK_IS_SCROLLED_WINDOW (scroller), NULL);

  self = g_object_new (CRM_TYPE_COLUMN_KEEPER, NULL);
  self->scroller = scroller;
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (scroller), "notify::page-size", G_CALLBACK (width_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * crm_column_keeper_add:
 * @self: a keeper
 * @column: a column of the table
 * @name: what it is remembered by; it must outlive the keeper
 * @needed: whether it is shown however little room there is
 */
void
crm_column_keeper_add (CrmColumnKeeper     *self,
                       GtkColumnViewColumn *column,
                       const char          *name,
                       gboolean             needed)
{
  Column added = { g_object_ref (column), name, needed, FALSE };

  g_return_if_fail (CRM_IS_COLUMN_KEEPER (self));

  g_array_append_val (self->columns, added);
}

/**
 * crm_column_keeper_set_settings:
 * @self: a keeper
 * @settings: where the columns’ widths are remembered, and which are shown
 *
 * Shows what is remembered.
 */
void
crm_column_keeper_set_settings (CrmColumnKeeper *self,
                                GSettings       *settings)
{
  g_autoptr (GVariant) remembered = NULL;

  g_return_if_fail (CRM_IS_COLUMN_KEEPER (self));
  g_return_if_fail (G_IS_SETTINGS (settings));

  remembered = g_settings_get_value (settings, "columns");
  for (guint i = 0; i < self->columns->len; i++)
    {
      const Column *column = &g_array_index (self->columns, Column, i);
      gboolean shown;
      int width;

      if (g_variant_lookup (remembered, column->name, "(bi)", &shown, &width))
        {
          gtk_column_view_column_set_visible (column->column, shown);
          gtk_column_view_column_set_fixed_width (column->column, MAX (width, -1));
        }
      g_signal_connect_object (column->column, "notify::visible", G_CALLBACK (remember), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (column->column, "notify::fixed-width", G_CALLBACK (remember), self, G_CONNECT_SWAPPED);
    }
  g_set_object (&self->settings, settings);
}

/* crm-cell-filler.c: fills the cells of a table as they come into sight
 *
 * What is in sight is filled between a frame's layout and its painting, so that nobody sees a cell that is empty or shows what
 * was there before; what is a page away is filled while there is nothing else to do, as are all rows of a short list, for a
 * screen reader reads what is out of sight too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-cell-filler.h"

#include "ui/crm-lazy-cell.h"

/* A list of so many rows is filled whole. */
#define SHORT_LIST 64

/* Rows at a time while there is nothing else to do. */
#define ROWS_AT_ONCE 4

struct _CrmCellFiller
{
  GObject        parent_instance;

  GtkColumnView *column_view; /* not owned: it ends with the widget this belongs to */
  GtkWidget     *scroller;
  GdkFrameClock *clock;
  gulong         layout_id;
  guint          idle_id;
};

G_DEFINE_FINAL_TYPE (CrmCellFiller, crm_cell_filler, G_TYPE_OBJECT)

static gboolean
fill_row (GtkWidget *row)
{
  gboolean any = FALSE;

  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL; cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *child = gtk_widget_get_first_child (cell);

      if (child != NULL && CRM_IS_LAZY_CELL (child) && crm_lazy_cell_fill (CRM_LAZY_CELL (child)))
        any = TRUE;
    }

  return any;
}

static GtkWidget *
get_list (CrmCellFiller *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));

  while (child != NULL && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);

  return child;
}

/* Fills at most @most rows that reach into the scrolled part, made taller by @margin at both ends. Returns how many it filled. */
static guint
fill (CrmCellFiller *self,
      float          margin,
      guint          most)
{
  GtkWidget *list = get_list (self);
  float height = (float) gtk_widget_get_height (self->scroller);
  guint n = 0;

  for (GtkWidget *row = list != NULL ? gtk_widget_get_first_child (list) : NULL; row != NULL && n < most;
       row = gtk_widget_get_next_sibling (row))
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_mapped (row) || !gtk_widget_compute_bounds (row, self->scroller, &bounds))
        continue;
      if (bounds.origin.y + bounds.size.height > -margin && bounds.origin.y < height + margin && fill_row (row))
        n++;
    }

  return n;
}

static gboolean
idle_cb (gpointer user_data)
{
  CrmCellFiller *self = user_data;
  GtkSelectionModel *model = gtk_column_view_get_model (self->column_view);
  gboolean is_short = model != NULL && g_list_model_get_n_items (G_LIST_MODEL (model)) <= SHORT_LIST;
  float page = (float) gtk_widget_get_height (self->scroller);

  if (fill (self, is_short ? G_MAXFLOAT : page, ROWS_AT_ONCE) > 0)
    return G_SOURCE_CONTINUE;

  self->idle_id = 0;
  return G_SOURCE_REMOVE;
}

static void
layout_cb (CrmCellFiller *self)
{
  fill (self, 0, G_MAXUINT);
  if (self->idle_id == 0)
    self->idle_id = g_idle_add_full (G_PRIORITY_LOW, idle_cb, self, NULL);
}

static void
unrealize_cb (CrmCellFiller *self)
{
  if (self->clock != NULL)
    g_signal_handler_disconnect (self->clock, self->layout_id);
  g_clear_object (&self->clock);
  g_clear_handle_id (&self->idle_id, g_source_remove);
}

static void
realize_cb (CrmCellFiller *self)
{
  unrealize_cb (self);
  self->clock = g_object_ref (gtk_widget_get_frame_clock (self->scroller));
  /* After GTK's own: what is in sight is known then, and what is filled is laid out before it is painted. */
  self->layout_id = g_signal_connect_data (self->clock, "layout", G_CALLBACK (layout_cb), self, NULL,
                                           G_CONNECT_AFTER | G_CONNECT_SWAPPED);
}

static void
crm_cell_filler_dispose (GObject *object)
{
  CrmCellFiller *self = CRM_CELL_FILLER (object);

  unrealize_cb (self);

  G_OBJECT_CLASS (crm_cell_filler_parent_class)->dispose (object);
}

static void
crm_cell_filler_class_init (CrmCellFillerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_cell_filler_dispose;
}

static void
crm_cell_filler_init (CrmCellFiller *self)
{
}

/**
 * crm_cell_filler_new:
 * @column_view: a table with cells of crm_lazy_cell_factory_new()
 * @scroller: what it is scrolled by; neither may end before the filler
 *
 * Returns: (transfer full): what fills its cells
 */
CrmCellFiller *
crm_cell_filler_new (GtkColumnView *column_view,
                     GtkWidget     *scroller)
{
  CrmCellFiller *self;

  g_return_val_if_fail (GTK_IS_COLUMN_VIEW (column_view) && GTK_IS_WIDGET (scroller), NULL);

  self = g_object_new (CRM_TYPE_CELL_FILLER, NULL);
  self->column_view = column_view;
  self->scroller = scroller;
  g_signal_connect_object (scroller, "realize", G_CALLBACK (realize_cb), self, G_CONNECT_AFTER | G_CONNECT_SWAPPED);
  g_signal_connect_object (scroller, "unrealize", G_CALLBACK (unrealize_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/**
 * crm_cell_filler_look:
 * @self: a filler
 *
 * To be called when what is in sight may be something else, though nothing moved. It is filled before the next frame.
 */
void
crm_cell_filler_look (CrmCellFiller *self)
{
  g_return_if_fail (CRM_IS_CELL_FILLER (self));

  if (self->clock != NULL)
    gdk_frame_clock_request_phase (self->clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
}

/* crm-lazy-cell.c: a cell of the table whose content is made when it comes into sight
 *
 * GTK 4.8 keeps some two hundred rows of a list whatever its height. Most of them are never seen.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-lazy-cell.h"

#include "ui/crm-list-slot.h"
#include "ui/crm-text-cell.h"

struct _CrmLazyCell
{
  GtkWidget          parent_instance;

  const CrmCellKind *kind;
  CrmListSlot       *slot;
  CrmTask           *shown;   /* by the content */
  GtkWidget         *content; /* NULL: it was not in sight yet */
};

G_DEFINE_FINAL_TYPE (CrmLazyCell, crm_lazy_cell, GTK_TYPE_WIDGET)

static GtkWidget *
make_content (const CrmCellKind *kind)
{
  GType type = kind->get_type ();

  if (type == CRM_TYPE_TEXT_CELL)
    return g_object_new (type, "what", kind->what, "chars", kind->chars, NULL);

  return g_object_new (type, NULL);
}

static void
crm_lazy_cell_dispose (GObject *object)
{
  CrmLazyCell *self = CRM_LAZY_CELL (object);

  g_clear_object (&self->slot);
  g_clear_object (&self->shown);
  g_clear_pointer (&self->content, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_lazy_cell_parent_class)->dispose (object);
}

static void
crm_lazy_cell_class_init (CrmLazyCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_lazy_cell_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
crm_lazy_cell_init (CrmLazyCell *self)
{
}

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem        *item,
          gpointer            user_data)
{
  CrmLazyCell *cell = g_object_new (CRM_TYPE_LAZY_CELL, NULL);

  cell->kind = user_data;
  gtk_list_item_set_child (item, GTK_WIDGET (cell));
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem        *item,
         gpointer            user_data)
{
  g_set_object (&CRM_LAZY_CELL (gtk_list_item_get_child (item))->slot, gtk_list_item_get_item (item));
}

/**
 * crm_lazy_cell_factory_new:
 * @kind: what the column shows; it must outlive the factory
 *
 * Returns: (transfer full): what makes the cells of a column over a list of CrmListSlot
 */
GtkListItemFactory *
crm_lazy_cell_factory_new (const CrmCellKind *kind)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_return_val_if_fail (kind != NULL, factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) kind);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) kind);

  return factory;
}

/**
 * crm_lazy_cell_fill:
 * @self: a cell that is in sight, or soon will be
 *
 * Shows the task that is in its place.
 *
 * Returns: whether it did not before
 */
gboolean
crm_lazy_cell_fill (CrmLazyCell *self)
{
  CrmTask *task;

  g_return_val_if_fail (CRM_IS_LAZY_CELL (self), FALSE);

  task = self->slot != NULL ? crm_list_slot_get_task (self->slot) : NULL;
  if (!g_set_object (&self->shown, task))
    return FALSE;

  if (self->content == NULL)
    {
      self->content = make_content (self->kind);
      gtk_widget_set_parent (self->content, GTK_WIDGET (self));
    }
  g_object_set (self->content, "task", task, NULL);

  return TRUE;
}

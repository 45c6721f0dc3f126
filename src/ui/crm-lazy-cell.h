/* crm-lazy-cell.h: a cell of the table whose content is made when it comes into sight
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-task-words.h"

G_BEGIN_DECLS

#define CRM_TYPE_LAZY_CELL (crm_lazy_cell_get_type ())

G_DECLARE_FINAL_TYPE (CrmLazyCell, crm_lazy_cell, CRM, LAZY_CELL, GtkWidget)

/* What a column shows. */
typedef struct
{
  GType      (*get_type) (void); /* a widget with a property "task" */
  CrmTaskWords what;             /* of a CrmTextCell */
  guint        chars;            /* likewise */
} CrmCellKind;

GtkListItemFactory *crm_lazy_cell_factory_new (const CrmCellKind *kind);
gboolean            crm_lazy_cell_fill        (CrmLazyCell       *self);

G_END_DECLS

/* crm-undo.h: what it takes to take a discard back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CRM_TYPE_UNDO (crm_undo_get_type ())

/* Everything the store had of a task before it was discarded. Opaque, held in memory only, read-only. */
typedef struct _CrmUndo CrmUndo;

GType    crm_undo_get_type     (void) G_GNUC_CONST;
CrmUndo *crm_undo_ref          (CrmUndo *self);
void     crm_undo_unref        (CrmUndo *self);
gint64   crm_undo_get_local_id (CrmUndo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmUndo, crm_undo_unref)

G_END_DECLS

/* crm-bulk.h: one change of many tasks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_BULK_UNDO (crm_bulk_undo_get_type ())

/* What it takes to take such a change back. Opaque, held in memory only, read-only. */
typedef struct _CrmBulkUndo CrmBulkUndo;

typedef struct
{
  guint   done;
  guint   unchanged;  /* there was nothing to do, as DESIGN.md §2 has it */
  guint   refused;
  char   *words;      /* why the first was refused; NULL: none was */
  GArray *second_yes; /* of gint64: of those refused, the ones that only want a second yes */
} CrmBulkResult;

void           crm_bulk_apply_async   (CrmStore             *store,
                                       const gint64         *local_ids,
                                       gsize                 n_local_ids,
                                       CrmAction             action,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
void           crm_bulk_edit_async    (CrmStore             *store,
                                       const gint64         *local_ids,
                                       gsize                 n_local_ids,
                                       const CrmValues      *values,
                                       CrmFieldMask          touched,
                                       CrmEditMode           mode,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
void           crm_bulk_undo_async    (CrmStore             *store,
                                       CrmBulkUndo          *undo,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
CrmBulkResult *crm_bulk_finish        (CrmStore             *store,
                                       GAsyncResult         *result,
                                       CrmBulkUndo         **undo,
                                       GError              **error);

void           crm_bulk_result_free   (CrmBulkResult        *self);
GType          crm_bulk_undo_get_type (void) G_GNUC_CONST;
CrmBulkUndo   *crm_bulk_undo_ref      (CrmBulkUndo          *self);
void           crm_bulk_undo_unref    (CrmBulkUndo          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmBulkResult, crm_bulk_result_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmBulkUndo, crm_bulk_undo_unref)

G_END_DECLS

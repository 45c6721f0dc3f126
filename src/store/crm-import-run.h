/* crm-import-run.h: the rows of an import are judged once more, and written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-import-book.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* What an import did. */
typedef struct
{
  gint64     n[CRM_N_IMPORT_VERDICTS]; /* tasks; refused: also those that were when it was planned */
  GPtrArray *late;                     /* (element-type CrmImportEntry) the first hundred rows that came to another end than was planned */
} CrmImportResult;

/* How many rows are written so far; on the writer thread. */
typedef void (*CrmImportProgressFunc) (gint64   n_rows,
                                       gpointer data);

void             crm_import_run_async   (CrmStore              *store,
                                         CrmImportBook         *book,
                                         gboolean               allow_duplicates,
                                         gboolean               draft,
                                         CrmImportProgressFunc  progress,
                                         gpointer               progress_data,
                                         GCancellable          *cancellable,
                                         GAsyncReadyCallback    callback,
                                         gpointer               user_data);
CrmImportResult *crm_import_run_finish  (CrmStore              *store,
                                         GAsyncResult          *result,
                                         GError               **error);
void             crm_import_result_free (CrmImportResult       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmImportResult, crm_import_result_free)

G_END_DECLS

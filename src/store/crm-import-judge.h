/* crm-import-judge.h: what a row of an import would do to the tasks here
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-import-book.h"
#include "store/crm-row.h"

G_BEGIN_DECLS

typedef struct
{
  CrmImportBook *book;
  gboolean       allow_duplicates;
  gboolean       draft;
  gint64         last_id; /* of the tasks that are looked at: those behind it are this import's own */
} CrmImportJudge;

gboolean crm_import_judge_row      (const CrmImportJudge  *self,
                                    CrmConnection         *connection,
                                    CrmImportEntry        *entry,
                                    CrmRow               **row,
                                    GPtrArray            **complaints,
                                    GError               **error);
gboolean crm_import_judge_remember (CrmConnection         *connection,
                                    const CrmImportEntry  *entry,
                                    GError               **error);

/* The same for a thread of its own, on all tasks as they are now. */
typedef struct _CrmImportJudging CrmImportJudging;

CrmImportJudging *crm_import_judging_new  (const char             *folder,
                                           CrmImportBook          *book,
                                           gboolean                allow_duplicates,
                                           gboolean                draft,
                                           GError                **error);
gboolean          crm_import_judging_row  (CrmImportJudging       *self,
                                           CrmImportEntry         *entry,
                                           GPtrArray             **complaints,
                                           GError                **error);
void              crm_import_judging_free (CrmImportJudging       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmImportJudging, crm_import_judging_free)

G_END_DECLS

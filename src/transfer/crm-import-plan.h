/* crm-import-plan.h: what an import would do, row by row, before it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-import-book.h"
#include "store/crm-import-run.h"
#include "store/crm-store.h"
#include "transfer/crm-import-map.h"

G_BEGIN_DECLS

typedef struct
{
  char        delimiter;        /* '\0': to be recognised */
  const char *encoding;         /* as iconv names it; NULL: to be recognised */
  const char *zone;             /* of dates that name none, as Europe/Berlin; NULL: this computer's */
  const char *const *map;       /* (nullable): lines HEADER=KEY */
  gboolean    allow_duplicates;
  gboolean    draft;            /* new tasks are kept here for now */
} CrmImportOptions;

#define CRM_TYPE_IMPORT_PLAN (crm_import_plan_get_type ())

/* Main thread. It is read once, then looked at, then perhaps run once.
 * Properties: "n-rows", how many rows are read or written so far; "progress", from 0 to 1 of what is being read or written. */
G_DECLARE_FINAL_TYPE (CrmImportPlan, crm_import_plan, CRM, IMPORT_PLAN, GObject)

CrmImportPlan         *crm_import_plan_new             (CrmStore               *store,
                                                        const CrmImportOptions *options);
void                   crm_import_plan_read_file_async (CrmImportPlan          *self,
                                                        GFile                  *file,
                                                        GCancellable           *cancellable,
                                                        GAsyncReadyCallback     callback,
                                                        gpointer                user_data);
void                   crm_import_plan_read_text_async (CrmImportPlan          *self,
                                                        GBytes                 *text,
                                                        GCancellable           *cancellable,
                                                        GAsyncReadyCallback     callback,
                                                        gpointer                user_data);
gboolean               crm_import_plan_read_finish     (CrmImportPlan          *self,
                                                        GAsyncResult           *result,
                                                        GError                **error);

guint                  crm_import_plan_get_n_columns   (CrmImportPlan          *self);
const CrmImportColumn *crm_import_plan_get_column      (CrmImportPlan          *self,
                                                        guint                   column);
char                   crm_import_plan_get_delimiter   (CrmImportPlan          *self);
const char            *crm_import_plan_get_encoding    (CrmImportPlan          *self);
char                  *crm_import_plan_get_zone        (CrmImportPlan          *self);
gint64                 crm_import_plan_get_n           (CrmImportPlan          *self,
                                                        CrmImportVerdict        verdict);
GPtrArray             *crm_import_plan_read_rows       (CrmImportPlan          *self,
                                                        CrmImportVerdict        verdict,
                                                        gint64                  first,
                                                        gint64                  n,
                                                        GError                **error);
void                   crm_import_plan_save_refused_async (CrmImportPlan       *self,
                                                           GOutputStream       *stream,
                                                           GCancellable        *cancellable,
                                                           GAsyncReadyCallback  callback,
                                                           gpointer             user_data);
gboolean               crm_import_plan_save_refused_finish (CrmImportPlan      *self,
                                                            GAsyncResult       *result,
                                                            GError            **error);

void                   crm_import_plan_run_async       (CrmImportPlan          *self,
                                                        GCancellable           *cancellable,
                                                        GAsyncReadyCallback     callback,
                                                        gpointer                user_data);
CrmImportResult       *crm_import_plan_run_finish      (CrmImportPlan          *self,
                                                        GAsyncResult           *result,
                                                        GError                **error);

double                 crm_import_plan_get_progress    (CrmImportPlan          *self);
guint64                crm_import_plan_get_n_rows      (CrmImportPlan          *self);

G_END_DECLS

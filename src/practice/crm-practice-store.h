/* crm-practice-store.h: the tasks the practice CRM holds, and the file they are kept in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "practice/crm-practice-task.h"

G_BEGIN_DECLS

#define CRM_PRACTICE_TYPE_STORE (crm_practice_store_get_type ())
G_DECLARE_FINAL_TYPE (CrmPracticeStore, crm_practice_store, CRM_PRACTICE, STORE, GObject)

CrmPracticeStore      *crm_practice_store_new         (const char          *path);
gboolean               crm_practice_store_open        (CrmPracticeStore    *self,
                                                       GError             **error);
void                   crm_practice_store_close       (CrmPracticeStore    *self);
GPtrArray             *crm_practice_store_get_tasks   (CrmPracticeStore    *self);
const CrmPracticeTask *crm_practice_store_find        (CrmPracticeStore    *self,
                                                       gint64               id);
void                   crm_practice_store_put_async   (CrmPracticeStore    *self,
                                                       CrmPracticeTask     *task,
                                                       GCancellable        *cancellable,
                                                       GAsyncReadyCallback  callback,
                                                       gpointer             user_data);
gboolean               crm_practice_store_remove      (CrmPracticeStore    *self,
                                                       gint64               id);
gboolean               crm_practice_store_is_new      (CrmPracticeStore    *self);
gint64                 crm_practice_store_put_finish  (CrmPracticeStore    *self,
                                                       GAsyncResult        *result,
                                                       GError             **error);

G_END_DECLS

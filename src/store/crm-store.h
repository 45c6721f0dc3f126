/* crm-store.h: the tasks and their outbox, durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "model/crm-attempt.h"
#include "model/crm-task.h"
#include "store/crm-id-list.h"
#include "store/crm-task-query.h"
#include "store/crm-undo.h"

G_BEGIN_DECLS

#define CRM_TYPE_STORE (crm_store_get_type ())

G_DECLARE_FINAL_TYPE (CrmStore, crm_store, CRM, STORE, GObject)

/* What a person may say of a task: the columns of DESIGN.md §2's first table. */
typedef enum
{
  CRM_ACTION_SUBMIT,
  CRM_ACTION_RESUBMIT,
  CRM_ACTION_RESUBMIT_AS_NEW, /* without its CRM id and with all fields: only after 24392 */
  CRM_ACTION_TO_DRAFTS,
  CRM_ACTION_DISCARD,
  CRM_ACTION_DISCARD_SURELY,  /* the second yes */
  CRM_ACTION_SEND_AGAIN,      /* of an unconfirmed task: it is not there */
} CrmAction;

/* What else an edit does in the same transaction. */
typedef enum
{
  CRM_EDIT_KEEP,   /* the state as DESIGN.md §2 has it */
  CRM_EDIT_SUBMIT, /* and submit, or resubmit */
} CrmEditMode;

typedef struct
{
  gint64 states[CRM_N_SYNC_STATES]; /* tasks in each */
} CrmCounts;

/* Called with the first of the local ids that a query finds, which belong to the caller. */
typedef void (*CrmStoreFirstFunc) (CrmIdList *ids,
                                   gpointer   data);

CrmStore  *crm_store_open          (const char           *folder,
                                    GError              **error);
void       crm_store_open_async    (const char           *folder,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
CrmStore  *crm_store_open_finish   (GAsyncResult         *result,
                                    GError              **error);
void       crm_store_watch         (CrmStore             *self);
const char *crm_store_get_folder   (CrmStore             *self);
const char *crm_store_get_notice   (CrmStore             *self);

CrmTask   *crm_store_add           (CrmStore             *self,
                                    const CrmValues      *values,
                                    CrmFieldMask          touched,
                                    gint64                crm_id,
                                    gboolean              draft,
                                    GError              **error);
void       crm_store_add_async     (CrmStore             *self,
                                    const CrmValues      *values,
                                    CrmFieldMask          touched,
                                    gint64                crm_id,
                                    gboolean              draft,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void       crm_store_edit_async    (CrmStore             *self,
                                    gint64                local_id,
                                    const CrmValues      *values,
                                    CrmFieldMask          touched,
                                    CrmEditMode           mode,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void       crm_store_save_typed_async (CrmStore          *self,
                                       gint64             typed,
                                       const CrmValues   *values,
                                       CrmFieldMask       touched,
                                       gboolean           submit,
                                       GCancellable      *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer           user_data);
void       crm_store_apply_async   (CrmStore             *self,
                                    gint64                local_id,
                                    CrmAction             action,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void       crm_store_settle_async  (CrmStore             *self,
                                    gint64                local_id,
                                    gint64                crm_id,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void       crm_store_choose_async  (CrmStore             *self,
                                    gint64                local_id,
                                    gint64                revision,
                                    CrmFieldMask          theirs,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
void       crm_store_undo_async    (CrmStore             *self,
                                    CrmUndo              *undo,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
CrmTask   *crm_store_change_finish (CrmStore             *self,
                                    GAsyncResult         *result,
                                    CrmUndo             **undo,
                                    GError              **error);

void       crm_store_query_async   (CrmStore             *self,
                                    const CrmTaskQuery   *query,
                                    guint                 n_first,
                                    CrmStoreFirstFunc     first_func,
                                    gpointer              first_data,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
CrmIdList *crm_store_query_finish  (CrmStore             *self,
                                    GAsyncResult         *result,
                                    GError              **error);
void       crm_store_count_async   (CrmStore             *self,
                                    const CrmTaskQuery   *query,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gint64     crm_store_count_finish  (CrmStore             *self,
                                    GAsyncResult         *result,
                                    GError              **error);
GPtrArray *crm_store_read_tasks    (CrmStore             *self,
                                    const gint64         *local_ids,
                                    gsize                 n_local_ids,
                                    GError              **error);
CrmTask   *crm_store_read_task     (CrmStore             *self,
                                    gint64                local_id,
                                    GError              **error);
GPtrArray *crm_store_read_history  (CrmStore             *self,
                                    gint64                local_id,
                                    GError              **error);
gboolean   crm_store_read_counts   (CrmStore             *self,
                                    CrmCounts            *counts,
                                    GError              **error);

G_END_DECLS

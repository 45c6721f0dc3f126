/* crm-directory.h: the people and things that tasks name, found by their names
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-record.h"
#include "store/crm-connection.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* For readers, on the main thread. */
CrmRecord *crm_directory_find          (CrmStore             *store,
                                        CrmRecordKind         kind,
                                        gint64                id);
void       crm_directory_search_async  (CrmStore             *store,
                                        CrmRecordKind         kind,
                                        const char           *text,
                                        guint                 most,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
GPtrArray *crm_directory_search_finish (CrmStore             *store,
                                        GAsyncResult         *result,
                                        GError              **error);

char      *crm_directory_dup_name      (CrmStore             *store,
                                        const CrmValues      *values,
                                        CrmFieldId            field);
gint64     crm_directory_get_me        (CrmStore             *store);
void       crm_directory_set_me_async  (CrmStore             *store,
                                        gint64                user_id,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean   crm_directory_set_me_finish (CrmStore             *store,
                                        GAsyncResult         *result,
                                        GError              **error);

/* For the store's jobs. */
void       crm_directory_split_row_id  (gint64                row_id,
                                        CrmRecordKind        *kind,
                                        gint64               *id);
gboolean   crm_directory_put           (CrmConnection        *connection,
                                        const CrmRecord      *record,
                                        gboolean             *changed,
                                        GError              **error);
gboolean   crm_directory_remove        (CrmConnection        *connection,
                                        CrmRecordKind         kind,
                                        gint64                id,
                                        GError              **error);
GArray    *crm_directory_read_ids      (CrmConnection        *connection,
                                        CrmRecordKind         kind,
                                        gint64                after,
                                        guint                 most,
                                        GError              **error);
gboolean   crm_directory_note_used     (CrmConnection        *connection,
                                        const CrmValues      *values,
                                        CrmFieldMask          mask,
                                        GError              **error);
char      *crm_directory_read_name     (CrmConnection        *connection,
                                        const CrmValues      *values,
                                        CrmFieldId            field);

G_END_DECLS

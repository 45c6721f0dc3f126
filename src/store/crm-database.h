/* crm-database.h: the thread that writes, and the connections that read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "store/crm-connection.h"

G_BEGIN_DECLS

#define CRM_TYPE_DATABASE (crm_database_get_type ())

G_DECLARE_FINAL_TYPE (CrmDatabase, crm_database, CRM, DATABASE, GObject)

/* Runs inside a transaction; but for crm_database_write(), on a thread of the database's. It reads what it needs from @data and leaves its results
 * there. FALSE with @error set takes back what it did. */
typedef gboolean (*CrmDatabaseFunc) (CrmConnection *connection,
                                     gpointer       data,
                                     GError       **error);

/* Signal "foreign-change": another process committed something. */

CrmDatabase   *crm_database_open          (const char           *path,
                                           GError              **error);
void           crm_database_write_async   (CrmDatabase          *self,
                                           CrmDatabaseFunc       func,
                                           gpointer              data,
                                           GDestroyNotify        data_free,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean       crm_database_write         (CrmDatabase          *self,
                                           CrmDatabaseFunc       func,
                                           gpointer              data,
                                           GError              **error);
void           crm_database_read_async    (CrmDatabase          *self,
                                           CrmDatabaseFunc       func,
                                           gpointer              data,
                                           GDestroyNotify        data_free,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
void           crm_database_call_main     (CrmDatabase          *self,
                                           GSourceFunc           func,
                                           gpointer              data,
                                           GDestroyNotify        data_free);
gpointer       crm_database_finish        (CrmDatabase          *self,
                                           GAsyncResult         *result,
                                           GError              **error);
CrmConnection *crm_database_get_reader    (CrmDatabase          *self);
void           crm_database_watch         (CrmDatabase          *self);

G_END_DECLS

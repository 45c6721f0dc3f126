/* crm-task-order.h: the orders tasks can be listed in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "store/crm-connection.h"
#include "store/crm-id-list.h"
#include "store/crm-id-set.h"
#include "store/crm-task-query.h"

G_BEGIN_DECLS

/* Which tasks are put in order. */
typedef struct
{
  CrmIdSet *wanted;   /* NULL: all */
  CrmIdSet *unwanted; /* NULL: none */
} CrmTaskChoice;

/* Called when the first ids of an order are known. */
typedef void (*CrmTaskOrderFunc) (CrmIdList *first,
                                  gpointer   data);

gboolean crm_task_order_run (CrmConnection        *connection,
                             const CrmTaskQuery   *query,
                             const CrmTaskChoice  *choice,
                             guint                 n_first,
                             CrmTaskOrderFunc      func,
                             gpointer              data,
                             GCancellable         *cancellable,
                             CrmIdList            *ids,
                             GError              **error);
gint64   crm_task_order_get_urgency (CrmSyncState state);

G_END_DECLS

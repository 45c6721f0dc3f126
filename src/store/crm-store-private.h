/* crm-store-private.h: the store, for the other files of its folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-database.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

CrmDatabase *crm_store_get_database (CrmStore *self);
void         crm_store_emit_changed (CrmStore *self,
                                     GArray   *local_ids);

/* Of crm-typed.c: what was typed of a task is saved with the task, in one transaction. */
gboolean     crm_typed_forget       (CrmConnection  *connection,
                                     gint64          local_id,
                                     GError        **error);

G_END_DECLS

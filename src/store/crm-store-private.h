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

G_END_DECLS

/* crm-list-diff.h: the few steps from one order of ids to another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-id-list.h"

G_BEGIN_DECLS

/* One step: at `position`, `n_out` ids go, then `n_in` come, which stand at `from` in the new order. */
typedef struct
{
  guint position;
  guint n_out;
  guint from;
  guint n_in;
} CrmListPiece;

/* An id that is to stay, and where it is in the old order. */
typedef struct
{
  gint64 id;
  guint  position;
} CrmListHeld;

GArray *crm_list_diff_by_ids (CrmIdList  *before,
                              CrmIdList  *after,
                              GHashTable *changed,
                              guint       limit);
GArray *crm_list_diff_middle (CrmIdList  *before,
                              CrmIdList  *after,
                              guint       limit);
CrmIdList *crm_list_diff_hold (CrmIdList *before,
                              CrmIdList  *after,
                              GArray     *held,
                              guint       limit);

G_END_DECLS

/* crm-undo-private.h: what it takes to take a discard back, for the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-row.h"
#include "store/crm-undo.h"

G_BEGIN_DECLS

struct _CrmUndo
{
  CrmRow    *row;
  GPtrArray *attempts;
  gint64     revision;
};

CrmUndo *crm_undo_new (CrmRow    *row,
                       GPtrArray *attempts,
                       gint64     revision);

G_END_DECLS

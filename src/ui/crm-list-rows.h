/* crm-list-rows.h: the tasks of a list that were read, the latest pages of them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

typedef struct
{
  CrmTask *task;
  guint    position; /* where it was last seen: a hint */
  guint    page;     /* which reading brought it */
} CrmListRow;

typedef struct _CrmListRows CrmListRows;

CrmListRows *crm_list_rows_new        (void);
void         crm_list_rows_free       (CrmListRows *self);
CrmListRow  *crm_list_rows_find       (CrmListRows *self,
                                       gint64       local_id);
void         crm_list_rows_read       (CrmListRows *self,
                                       CrmStore    *store,
                                       CrmIdList   *ids,
                                       guint        position);
GArray      *crm_list_rows_get_ids    (CrmListRows *self);
void         crm_list_rows_forget     (CrmListRows *self,
                                       gint64       local_id);
void         crm_list_rows_forget_all (CrmListRows *self);

G_END_DECLS

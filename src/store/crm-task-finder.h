/* crm-task-finder.h: the tasks that a query's filters leave
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-task-order.h"

G_BEGIN_DECLS

gboolean crm_task_finder_find  (CrmConnection       *connection,
                                const CrmTaskQuery  *query,
                                CrmTaskChoice       *choice,
                                GCancellable        *cancellable,
                                GError             **error);
gboolean crm_task_finder_count (CrmConnection       *connection,
                                const CrmTaskQuery  *query,
                                gint64              *n,
                                GCancellable        *cancellable,
                                GError             **error);
void     crm_task_choice_clear (CrmTaskChoice       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CrmTaskChoice, crm_task_choice_clear)

G_END_DECLS

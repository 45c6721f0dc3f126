/* crm-completion.h: completes a task, and takes that back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"
#include "ui/crm-undo-step.h"

G_BEGIN_DECLS

/* Says what came of it: @undo is NULL when nothing did. */
typedef void (*CrmCompletionFunc) (const char  *words,
                                   CrmUndoStep *undo,
                                   gpointer     user_data);

void crm_completion_set (CrmStore          *store,
                         gint64             local_id,
                         gboolean           completed,
                         CrmCompletionFunc  func,
                         GObject           *owner);

G_END_DECLS

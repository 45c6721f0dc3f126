/* crm-unsaved.h: what was typed and not saved, task by task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui/crm-typing.h"

G_BEGIN_DECLS

/* Kept in memory while the program runs. The id 0 is the new task that isn't saved yet. */
typedef struct _CrmUnsaved CrmUnsaved;

CrmUnsaved *crm_unsaved_new    (void);
void        crm_unsaved_free   (CrmUnsaved      *self);
void        crm_unsaved_keep   (CrmUnsaved      *self,
                                gint64           local_id,
                                const CrmTyping *typing,
                                const CrmTyping *base);
CrmTyping  *crm_unsaved_take   (CrmUnsaved      *self,
                                gint64           local_id,
                                const CrmTyping *base);
gboolean    crm_unsaved_is_empty (CrmUnsaved    *self);

G_END_DECLS

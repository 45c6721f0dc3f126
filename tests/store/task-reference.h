/* task-reference.h: what a query must find, by reading all rows and comparing them one by one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-task-query.h"

G_BEGIN_DECLS

typedef struct _Reference Reference;

Reference *reference_read       (const char         *folder);
void       reference_free       (Reference          *self);
guint      reference_get_size   (const Reference    *self);
/* Of gint64: the local ids that the query finds, in its order, all of them whatever its limit. */
GArray    *reference_find       (Reference          *self,
                                 const CrmTaskQuery *query);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reference, reference_free)

G_END_DECLS

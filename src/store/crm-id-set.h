/* crm-id-set.h: a set of local ids
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A bit an id, kept in pages: a million ids that are close together take 128 KB. Used by one thread at a time. */
typedef struct _CrmIdSet CrmIdSet;

CrmIdSet *crm_id_set_new       (void);
void      crm_id_set_free      (CrmIdSet       *self);
gboolean  crm_id_set_add       (CrmIdSet       *self,
                                gint64          id);
gboolean  crm_id_set_contains  (const CrmIdSet *self,
                                gint64          id);
gsize     crm_id_set_get_size  (const CrmIdSet *self);
void      crm_id_set_unite     (CrmIdSet       *self,
                                const CrmIdSet *other);
void      crm_id_set_intersect (CrmIdSet       *self,
                                const CrmIdSet *other);
void      crm_id_set_subtract  (CrmIdSet       *self,
                                const CrmIdSet *other);
void      crm_id_set_list      (const CrmIdSet *self,
                                GArray         *ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmIdSet, crm_id_set_free)

G_END_DECLS

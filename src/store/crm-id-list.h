/* crm-id-list.h: local ids in an order
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Four bytes an id as long as all are below 2^32, which they are unless four thousand million tasks were written. */
typedef struct _CrmIdList CrmIdList;

CrmIdList *crm_id_list_new          (void);
CrmIdList *crm_id_list_copy         (const CrmIdList *self);
CrmIdList *crm_id_list_ref          (CrmIdList       *self);
void       crm_id_list_unref        (CrmIdList       *self);
gsize      crm_id_list_get_n        (const CrmIdList *self);
gint64     crm_id_list_get          (const CrmIdList *self,
                                     gsize            position);
gboolean   crm_id_list_find         (const CrmIdList *self,
                                     gint64           id,
                                     gsize           *position);
void       crm_id_list_append       (CrmIdList       *self,
                                     gint64           id);
void       crm_id_list_insert_id    (CrmIdList       *self,
                                     gsize            position,
                                     gint64           id);
void       crm_id_list_insert       (CrmIdList       *self,
                                     gsize            position,
                                     const CrmIdList *from,
                                     gsize            first,
                                     gsize            n);
void       crm_id_list_remove       (CrmIdList       *self,
                                     gsize            position,
                                     gsize            n);
GArray    *crm_id_list_to_array     (const CrmIdList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmIdList, crm_id_list_unref)

G_END_DECLS

/* crm-list-places.h: the places of a list of tasks, and which ids are in them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "store/crm-id-list.h"
#include "ui/crm-list-slot.h"

G_BEGIN_DECLS

/* Called when other tasks are in @n places from @position on, or they have changed. */
typedef void (*CrmListRefillFunc) (guint    position,
                                   guint    n,
                                   gpointer data);

/* There may be fewer places than ids while some are still to be announced, and more while only the first ids are known. What comes
 * and goes is announced by the model at once. */
typedef struct _CrmListPlaces CrmListPlaces;

CrmListPlaces *crm_list_places_new       (GListModel        *model,
                                          CrmListSlotFunc    read_func,
                                          CrmListRefillFunc  refill_func,
                                          gpointer           data);
void           crm_list_places_free      (CrmListPlaces     *self);
guint          crm_list_places_get_n     (CrmListPlaces     *self);
CrmIdList     *crm_list_places_get_ids   (CrmListPlaces     *self);
gint64         crm_list_places_get_id    (CrmListPlaces     *self,
                                          guint              position);
CrmListSlot   *crm_list_places_get_slot  (CrmListPlaces     *self,
                                          guint              position);
gboolean       crm_list_places_find_near (CrmListPlaces     *self,
                                          gint64             id,
                                          guint              hint,
                                          guint             *position);
gboolean       crm_list_places_find      (CrmListPlaces     *self,
                                          gint64             id,
                                          guint             *position);
void           crm_list_places_refill    (CrmListPlaces     *self,
                                          guint              position,
                                          guint              n);
void           crm_list_places_replace   (CrmListPlaces     *self,
                                          CrmIdList         *ids,
                                          guint              n);
void           crm_list_places_grow      (CrmListPlaces     *self,
                                          guint              n);
void           crm_list_places_take_out  (CrmListPlaces     *self,
                                          guint              position,
                                          guint              n);
void           crm_list_places_put_in    (CrmListPlaces     *self,
                                          guint              position,
                                          const CrmIdList   *ids,
                                          guint              first,
                                          guint              n);

G_END_DECLS

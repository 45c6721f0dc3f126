/* crm-place-counter.h: how many tasks are at the places of time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui/crm-place.h"

G_BEGIN_DECLS

#define CRM_TYPE_PLACE_COUNTER (crm_place_counter_get_type ())

G_DECLARE_FINAL_TYPE (CrmPlaceCounter, crm_place_counter, CRM, PLACE_COUNTER, GObject)

/* Signals:
 *   counted  one of the counts is another
 *   minute   time has passed: what is overdue may be more */

CrmPlaceCounter *crm_place_counter_new       (void);
void             crm_place_counter_set_store (CrmPlaceCounter *self,
                                              CrmStore        *store);
gint64           crm_place_counter_get_count (CrmPlaceCounter *self,
                                              const CrmPlace  *place);

G_END_DECLS

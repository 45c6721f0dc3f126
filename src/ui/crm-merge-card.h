/* crm-merge-card.h: what was changed here and on the CRM as well, side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-task.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_MERGE_CARD (crm_merge_card_get_type ())

G_DECLARE_FINAL_TYPE (CrmMergeCard, crm_merge_card, CRM, MERGE_CARD, AdwPreferencesGroup)

/* Signal "chosen" (guint): the person chose for every field; the mask of those in which the CRM's value shall be. */

void crm_merge_card_set_task (CrmMergeCard *self,
                              CrmStore     *store,
                              CrmTask      *task);

G_END_DECLS

/* crm-settle-card.h: what a person can say of a task that may be on the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-task.h"

G_BEGIN_DECLS

#define CRM_TYPE_SETTLE_CARD (crm_settle_card_get_type ())

G_DECLARE_FINAL_TYPE (CrmSettleCard, crm_settle_card, CRM, SETTLE_CARD, AdwPreferencesGroup)

/* Signal "settled" (gint64 crm_id): the person says which task it is on the CRM. */

void crm_settle_card_set_task (CrmSettleCard *self,
                               CrmTask       *task);
void crm_settle_card_clear    (CrmSettleCard *self);

G_END_DECLS

/* crm-problem-card.h: why the CRM did not take a task, above its fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-task.h"

G_BEGIN_DECLS

#define CRM_TYPE_PROBLEM_CARD (crm_problem_card_get_type ())

G_DECLARE_FINAL_TYPE (CrmProblemCard, crm_problem_card, CRM, PROBLEM_CARD, AdwPreferencesGroup)

void crm_problem_card_set_task (CrmProblemCard *self,
                                CrmTask        *task);

G_END_DECLS

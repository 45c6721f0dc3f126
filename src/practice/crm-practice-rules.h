/* crm-practice-rules.h: the judge of a task that was sent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-refusal.h"
#include "practice/crm-practice-store.h"

G_BEGIN_DECLS

CrmPracticeTask *crm_practice_rules_judge (CrmPracticeStore    *store,
                                           JsonNode            *body,
                                           const char          *now,
                                           CrmPracticeRefusal **refusal);

G_END_DECLS

/* crm-practice-world.h: a few hundred more rows for the practice CRM, and the tasks it begins with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-data.h"
#include "practice/crm-practice-task.h"

G_BEGIN_DECLS

void       crm_practice_world_add_rows  (CrmPracticeList  list,
                                         GPtrArray       *rows);
GPtrArray *crm_practice_world_get_tasks (gint64           now);

G_END_DECLS

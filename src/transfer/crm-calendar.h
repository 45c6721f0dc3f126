/* crm-calendar.h: tasks as to-dos of an iCalendar file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-task.h"

G_BEGIN_DECLS

void crm_calendar_append_beginning (GString    *text);
void crm_calendar_append_task      (GString    *text,
                                    CrmTask    *task,
                                    const char *account,
                                    gint64      now);
void crm_calendar_append_end       (GString    *text);

G_END_DECLS

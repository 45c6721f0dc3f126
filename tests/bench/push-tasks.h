/* push-tasks.h: the tasks that are pushed for measurement, and the store they wait in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

char      *push_tasks_make_folder   (void);
void       push_tasks_remove_folder (const char *folder);
CrmStore  *push_tasks_open          (const char *folder);
void       push_tasks_fill          (const char *folder,
                                     guint       first,
                                     guint       n);
void       push_tasks_fill_outside  (const char *folder,
                                     guint       first,
                                     guint       n);
GPtrArray *push_tasks_read_bodies   (const char *folder,
                                     guint       n);

G_END_DECLS

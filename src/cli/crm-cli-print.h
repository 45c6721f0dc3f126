/* crm-cli-print.h: tasks on standard output
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "model/crm-task.h"

G_BEGIN_DECLS

void crm_cli_print_task    (CrmTask     *task,
                            GPtrArray   *history,
                            gboolean     json);
void crm_cli_print_tasks   (GPtrArray   *tasks,
                            gboolean     json);
void crm_cli_print_builder (JsonBuilder *builder);
void crm_cli_print_state   (CrmSyncState state);

G_END_DECLS

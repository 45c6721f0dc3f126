/* crm-task-document.h: a task as JSON for programs, as DESIGN.md §6 has it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "model/crm-task.h"

G_BEGIN_DECLS

void crm_task_document_build (JsonBuilder *builder,
                              CrmTask     *task,
                              GPtrArray   *history);

G_END_DECLS

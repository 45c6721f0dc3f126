/* crm-task-json.h: a task's values as the CRM takes them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-values.h"

G_BEGIN_DECLS

CrmFieldMask crm_task_json_close_group (CrmFieldMask     dirty,
                                        const CrmValues *values);
char        *crm_task_json_write_body  (const CrmValues *values,
                                        CrmFieldMask     mask,
                                        gint64           crm_id);
CrmValues   *crm_task_json_read_body   (const char      *body,
                                        CrmFieldMask    *mask);

G_END_DECLS

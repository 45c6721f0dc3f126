/* crm-body-log.h: what was sent and answered, for who looks for a fault
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CRM_LOG_BODIES "CRM_TASKS_LOG_BODIES"

char *crm_body_redact (GBytes *body);
void  crm_body_log    (GBytes *sent,
                       GBytes *answered);

G_END_DECLS

/* crm-retry-policy.h: how long to wait before trying again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CRM_RETRY_FIRST (1 * G_TIME_SPAN_SECOND)
#define CRM_RETRY_LONGEST (5 * G_TIME_SPAN_MINUTE)

gint64 crm_retry_policy_get_wait (guint  failures,
                                  gint64 floor,
                                  double random);

G_END_DECLS

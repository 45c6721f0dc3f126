/* crm-retry-policy.c: how long to wait before trying again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-retry-policy.h"

/**
 * crm_retry_policy_get_wait:
 * @failures: how often it failed so far, this time included: from 1
 * @floor: what the CRM asked for (`Retry-After`), in seconds; -1 when it asked for nothing
 * @random: in [0, 1)
 *
 * Exponential backoff with full jitter, 1 s doubling to 5 minutes (DESIGN.md §2). Any thread.
 *
 * Returns: the wait in microseconds
 */
gint64
crm_retry_policy_get_wait (guint  failures,
                           gint64 floor,
                           double random)
{
  gint64 longest = CRM_RETRY_LONGEST;

  if (failures < 10)
    longest = MIN (CRM_RETRY_LONGEST, CRM_RETRY_FIRST << (MAX (failures, 1) - 1));

  return MAX ((gint64) (longest * random), MAX (floor, 0) * G_TIME_SPAN_SECOND);
}

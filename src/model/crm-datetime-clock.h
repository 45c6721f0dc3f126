/* crm-datetime-clock.h: times of day as people type them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-datetime-lexicon.h"

G_BEGIN_DECLS

typedef struct
{
  int hour, minute, second; /* 24:00:00 ends the day */
} CrmDatetimeClock;

/* What is known of the time before it is read. */
typedef struct
{
  CrmWord  half;     /* CRM_WORD_AM or CRM_WORD_PM stood before it; or 0 */
  gboolean is_clock; /* see crm_datetime_lexicon_take_half() */
  gboolean has_day;  /* so that a bare number is an hour */
} CrmDatetimeClockHint;

gboolean crm_datetime_clock_take (const char                 **at,
                                  const CrmDatetimeClockHint  *hint,
                                  CrmDatetimeClock            *clock,
                                  gboolean                    *taken,
                                  GError                     **error);

G_END_DECLS

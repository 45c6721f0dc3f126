/* crm-datetime-reading.h: what a person said of a date and time, before it is known when that is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-datetime-lexicon.h"

G_BEGIN_DECLS

/* What is not said is -1; a weekday, and what comes next, 0. */
typedef struct
{
  /* While it is read. */
  const char *at;
  gboolean    dots_are_dates;
  gboolean    had_dots;
  gboolean    is_relative;
  CrmWord     half; /* CRM_WORD_AM or CRM_WORD_PM: of a time that is still to come */
  gboolean    half_is_clock;

  int         year, month, day; /* the year may be missing */
  int         days_ahead;       /* 0 for today */
  int         weekday;          /* 1 for Monday to 7 */
  gboolean    is_this_week;     /* the weekday is */
  gboolean    is_next;          /* it is in the next week */
  gboolean    is_coming;        /* it is the first after today; with the above, whichever */
  CrmWord     next_unit;        /* CRM_WORD_WEEKS or CRM_WORD_MONTHS: the next */
  gboolean    has_span;         /* from now, by all of these */
  int         span_days, span_months;
  gint64      span_minutes;
  int         hour, minute, second; /* 24:00:00 ends the day */
} CrmDatetimeReading;

gboolean crm_datetime_reading_read (CrmDatetimeReading  *self,
                                    const char          *folded,
                                    GError             **error);

G_END_DECLS

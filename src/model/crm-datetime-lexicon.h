/* crm-datetime-lexicon.h: the words of dates and times, in the person's language and in English
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  CRM_WORD_TODAY,
  CRM_WORD_TOMORROW,
  CRM_WORD_DAY_AFTER_TOMORROW,
  CRM_WORD_NEXT,
  CRM_WORD_COMING,
  CRM_WORD_THIS,
  CRM_WORD_THIS_WEEK,
  CRM_WORD_NEXT_WEEK,
  CRM_WORD_NEXT_MONTH,
  CRM_WORD_IN,
  CRM_WORD_ONE,
  CRM_WORD_MINUTES,
  CRM_WORD_MINUTES_SHORT,
  CRM_WORD_HOURS,
  CRM_WORD_HOURS_SHORT,
  CRM_WORD_DAYS,
  CRM_WORD_DAYS_SHORT,
  CRM_WORD_WEEKS,
  CRM_WORD_WEEKS_SHORT,
  CRM_WORD_MONTHS,
  CRM_WORD_NOON,
  CRM_WORD_MIDNIGHT,
  CRM_WORD_AM,
  CRM_WORD_PM,
  CRM_WORD_O_CLOCK,
  CRM_WORD_ORDINAL,
  CRM_WORD_OF,
  CRM_WORD_FILLER,
} CrmWord;

#define CRM_N_WORDS (CRM_WORD_FILLER + 1)

char     *crm_datetime_lexicon_fold         (const char  *text);
gboolean  crm_datetime_lexicon_take         (const char **at,
                                             CrmWord      word);
CrmWord   crm_datetime_lexicon_take_half    (const char **at,
                                             gboolean    *is_clock);
gboolean  crm_datetime_lexicon_take_number  (const char **at,
                                             int         *number,
                                             guint       *n_digits);
int       crm_datetime_lexicon_take_weekday (const char **at);
int       crm_datetime_lexicon_take_month   (const char **at);
gboolean  crm_datetime_lexicon_take_date    (const char **at,
                                             int         *year,
                                             int         *month,
                                             int         *day);
void      crm_datetime_lexicon_get_order    (char         order[4]);
gboolean  crm_datetime_lexicon_has_country  (void);
void      crm_datetime_lexicon_get_week     (int         *first_day,
                                             int         *first_workday);

G_END_DECLS

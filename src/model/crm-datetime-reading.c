/* crm-datetime-reading.c: what a person said of a date and time, before it is known when that is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime-reading.h"

#include "model/crm-datetime-clock.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define THIS_CENTURY 2000

/* No date is further away, and GLib counts no further. */
#define MOST_DAYS (9999 * 366)
#define MOST_MONTHS (9999 * 12)

static gboolean
refuse (GError     **error,
        const char  *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words);
  return FALSE;
}

static gboolean
refuse_unknown (GError     **error,
                const char  *at)
{
  gsize length = strcspn (at, " ");
  g_autofree char *what = g_strndup (at, length);

  if (length == 0)
    return refuse (error, _("write it as tomorrow 17:00, friday 9:30, in 3 days or 2026-12-01 17:00"));

  g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
               /* Translators: what was typed, of which a part makes no sense */
               _("“%s” is not understood; write it as tomorrow 17:00, friday 9:30, in 3 days or 2026-12-01 17:00"),
               what);
  return FALSE;
}

static gboolean
has_day (const CrmDatetimeReading *reading)
{
  return reading->day != -1 || reading->days_ahead != -1 || reading->weekday != 0 || reading->has_span ||
         reading->next_unit != 0;
}

static void
skip_gaps (const char **at)
{
  while (**at != '\0' && strchr (" ,.@()", **at) != NULL)
    (*at)++;
}

/* A year behind the name of a month has four digits, or it could be an hour. */
static void
take_year (const char **at,
           int         *year)
{
  const char *end = *at;
  int number;
  guint n;

  skip_gaps (&end);
  if (crm_datetime_lexicon_take (&end, CRM_WORD_OF))
    skip_gaps (&end);
  if (!crm_datetime_lexicon_take_number (&end, &number, &n) || n != 4)
    return;

  *year = number;
  *at = end;
}

static gboolean
set_date (CrmDatetimeReading  *reading,
          int                  year,
          int                  month,
          int                  day,
          GError             **error)
{
  if (reading->day != -1)
    return refuse (error, _("two days are named"));

  reading->year = year;
  reading->month = month;
  reading->day = day;
  return TRUE;
}

static gboolean
set_time (CrmDatetimeReading  *reading,
          int                  hour,
          int                  minute,
          int                  second,
          GError             **error)
{
  if (reading->hour != -1)
    return refuse (error, _("two times are named"));

  reading->hour = hour;
  reading->minute = minute;
  reading->second = second;
  return TRUE;
}

/* `N/N` or `N/N/N`: how many numbers there are, 0 when it is nothing of the kind. */
static guint
take_numbers (const char **at,
              char        *separator,
              int          numbers[3],
              guint        digits[3])
{
  const char *end = *at;
  guint n = 0;

  while (n < 3 && crm_datetime_lexicon_take_number (&end, &numbers[n], &digits[n]))
    {
      n++;
      if (n == 1)
        *separator = *end;
      if (*separator == '\0' || strchr ("/-.", *separator) == NULL)
        return 0;
      if (n == 3 || *end != *separator || !g_ascii_isdigit (end[1]))
        break;
      end++;
    }

  *at = end;
  return n > 1 ? n : 0;
}

/* The letters of @order without the year when only two of @n numbers are there. */
static void
get_order (char        order[4],
           char        separator,
           guint       n,
           const guint digits[3])
{
  crm_datetime_lexicon_get_order (order);

  if (n == 3 && digits[0] == 4)
    strcpy (order, "ymd");
  else if (n == 3 && digits[2] == 4 && order[0] == 'y')
    strcpy (order, "dmy");
  else if (separator == '.' && order[0] == 'm')
    strcpy (order, "dmy");

  if (n == 2)
    {
      char *year = strchr (order, 'y');

      memmove (year, year + 1, strlen (year));
    }
}

/* A date in numbers: with four digits in front the year is first, with full stops the day; otherwise the
 * locale's order holds. */
static gboolean
take_date (CrmDatetimeReading  *reading,
           gboolean            *taken,
           GError             **error)
{
  const char *at = reading->at;
  int numbers[3], year = -1, month = -1, day = -1;
  guint digits[3], n;
  char separator = '\0', order[4];

  n = take_numbers (&at, &separator, numbers, digits);
  *taken = FALSE;
  if (n == 0 || (n == 2 && (digits[0] > 2 || digits[1] > 2)))
    return TRUE;

  /* `10.12` is a time, unless that makes no sense of the whole. */
  if (n == 2 && separator == '.' && *at != '.' && numbers[0] <= 24 && numbers[1] <= 59 && digits[1] == 2)
    {
      reading->had_dots = TRUE;
      if (!reading->dots_are_dates || has_day (reading))
        return TRUE;
    }

  get_order (order, separator, n, digits);
  for (guint i = 0; i < n; i++)
    {
      if (order[i] == 'y' && digits[i] != 2 && digits[i] != 4)
        return TRUE;
      if (order[i] == 'y')
        year = numbers[i] + (digits[i] == 2 ? THIS_CENTURY : 0);
      else if (order[i] == 'm')
        month = numbers[i];
      else
        day = numbers[i];
    }

  *taken = TRUE;
  reading->at = at;
  if (month > 12 && day <= 12)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   strchr (order, 'm') < strchr (order, 'd')
                       /* Translators: a number that was typed where a month is expected, as in 24/12 */
                       ? _("there is no month %d: the month is read before the day here")
                       : _("there is no month %d: the day is read before the month here"),
                   month);
      return FALSE;
    }

  return set_date (reading, year, month, day, error);
}

static gboolean
take_time (CrmDatetimeReading  *reading,
           gboolean            *taken,
           GError             **error)
{
  const CrmDatetimeClockHint hint = { reading->half, reading->half_is_clock, has_day (reading) && reading->hour == -1 };
  CrmDatetimeClock clock;

  if (!crm_datetime_clock_take (&reading->at, &hint, &clock, taken, error))
    return FALSE;
  if (!*taken)
    return TRUE;

  reading->half = 0;
  return set_time (reading, clock.hour, clock.minute, clock.second, error);
}

/* `1 December`, `1st of December 2026`: the number is read by now. */
static gboolean
take_month_behind (CrmDatetimeReading  *reading,
                   int                  day,
                   gboolean            *taken,
                   GError             **error)
{
  const char *at = reading->at;
  int month, year = -1;

  crm_datetime_lexicon_take (&at, CRM_WORD_ORDINAL);
  skip_gaps (&at);
  if (crm_datetime_lexicon_take (&at, CRM_WORD_FILLER))
    skip_gaps (&at);
  month = crm_datetime_lexicon_take_month (&at);
  *taken = month != 0;
  if (!*taken)
    return TRUE;

  reading->at = at;
  take_year (&reading->at, &year);

  return set_date (reading, year, month, day, error);
}

/* Whether a number is an hour: “December 5 pm” has no day. */
static gboolean
is_hour (const char *behind)
{
  gboolean is_clock;

  if (*behind == ':')
    return TRUE;

  behind += strspn (behind, " ");
  return crm_datetime_lexicon_take_half (&behind, &is_clock) != 0 ||
         crm_datetime_lexicon_take (&behind, CRM_WORD_O_CLOCK) ||
         crm_datetime_lexicon_take (&behind, CRM_WORD_HOURS_SHORT);
}

/* `December 1`, `Dec 1st, 2026`, `12月1日`: the name is read by now. */
static gboolean
take_day_behind (CrmDatetimeReading  *reading,
                 int                  month,
                 GError             **error)
{
  const char *at = reading->at;
  int day, year = -1;
  guint n;

  skip_gaps (&at);
  if (crm_datetime_lexicon_take (&at, CRM_WORD_FILLER))
    skip_gaps (&at);
  if (!crm_datetime_lexicon_take_number (&at, &day, &n) || n > 2 || is_hour (at))
    return refuse (error, _("the day of the month is missing"));
  crm_datetime_lexicon_take (&at, CRM_WORD_ORDINAL);

  reading->at = at;
  take_year (&reading->at, &year);

  return set_date (reading, year, month, day, error);
}

/* Hours that have passed and that of the clock may be one word: without “in” it is the clock. */
static gboolean
take_hours (const CrmDatetimeReading  *reading,
            const char               **at)
{
  const char *hours = *at;
  const char *o_clock = *at;

  if (!crm_datetime_lexicon_take (&hours, CRM_WORD_HOURS))
    return reading->is_relative && crm_datetime_lexicon_take (at, CRM_WORD_HOURS_SHORT);

  if (!crm_datetime_lexicon_take (&o_clock, CRM_WORD_O_CLOCK))
    crm_datetime_lexicon_take (&o_clock, CRM_WORD_HOURS_SHORT);
  if (!reading->is_relative && o_clock >= hours)
    return FALSE;

  *at = hours;
  return TRUE;
}

/* `3 days`: the number is read by now. */
static gboolean
take_unit (CrmDatetimeReading *reading,
           int                 number)
{
  const char *at = reading->at;
  gboolean is_short = reading->is_relative;

  skip_gaps (&at);
  if (crm_datetime_lexicon_take (&at, CRM_WORD_MINUTES) ||
      (is_short && crm_datetime_lexicon_take (&at, CRM_WORD_MINUTES_SHORT)))
    reading->span_minutes = MAX (reading->span_minutes, 0) + number;
  else if (take_hours (reading, &at))
    reading->span_minutes = MAX (reading->span_minutes, 0) + (gint64) number * 60;
  else if (crm_datetime_lexicon_take (&at, CRM_WORD_DAYS) ||
           (is_short && crm_datetime_lexicon_take (&at, CRM_WORD_DAYS_SHORT)))
    reading->span_days += number;
  else if (crm_datetime_lexicon_take (&at, CRM_WORD_WEEKS) ||
           (is_short && crm_datetime_lexicon_take (&at, CRM_WORD_WEEKS_SHORT)))
    reading->span_days += number * 7;
  else if (crm_datetime_lexicon_take (&at, CRM_WORD_MONTHS))
    reading->span_months += number;
  else
    return FALSE;

  reading->has_span = TRUE;
  reading->at = at;
  return TRUE;
}

static gboolean
take_digits (CrmDatetimeReading  *reading,
             GError             **error)
{
  const char *start = reading->at;
  const char *at = start;
  int year, month, day, number;
  gboolean taken;
  guint n;

  /* Some languages count the months. */
  month = crm_datetime_lexicon_take_month (&at);
  if (month != 0)
    {
      reading->at = at;
      return take_day_behind (reading, month, error);
    }

  if (reading->day == -1 && crm_datetime_lexicon_take_date (&at, &year, &month, &day))
    {
      reading->at = at;
      return set_date (reading, year, month, day, error);
    }

  if (!take_date (reading, &taken, error))
    return FALSE;
  if (taken)
    return TRUE;

  if (crm_datetime_lexicon_take_number (&at, &number, &n))
    {
      reading->at = at;
      if (take_unit (reading, number))
        return TRUE;
      if (n <= 2 && !take_month_behind (reading, number, &taken, error))
        return FALSE;
      if (taken)
        return TRUE;
    }

  reading->at = start;
  if (!take_time (reading, &taken, error))
    return FALSE;

  return taken || refuse_unknown (error, start);
}

static gboolean
set_days_ahead (CrmDatetimeReading  *reading,
                int                  days,
                GError             **error)
{
  if (reading->days_ahead != -1)
    return refuse (error, _("two days are named"));

  reading->days_ahead = days;
  return TRUE;
}

static gboolean
set_half (CrmDatetimeReading  *reading,
          const char          *start,
          GError             **error)
{
  reading->at = start;
  if (reading->hour != -1)
    return refuse_unknown (error, start);
  if (reading->half != 0)
    return refuse (error, _("two times are named"));

  reading->half = crm_datetime_lexicon_take_half (&reading->at, &reading->half_is_clock);
  return TRUE;
}

/* `next week`, `semaine prochaine`: the first of the two is read by now. */
static gboolean
take_unit_behind (CrmDatetimeReading  *reading)
{
  const char *at = reading->at;
  CrmWord unit;

  skip_gaps (&at);
  if (crm_datetime_lexicon_take (&at, CRM_WORD_WEEKS))
    unit = CRM_WORD_WEEKS;
  else if (crm_datetime_lexicon_take (&at, CRM_WORD_MONTHS))
    unit = CRM_WORD_MONTHS;
  else
    return FALSE;

  reading->next_unit = unit;
  reading->at = at;
  return TRUE;
}

static gboolean
set_next (CrmDatetimeReading  *reading,
          CrmWord              unit,
          GError             **error)
{
  if (reading->next_unit != 0)
    return refuse (error, _("two days are named"));

  reading->next_unit = unit;
  return TRUE;
}

/* The two words may be one: then it has both meanings. */
static gboolean
take_next (CrmDatetimeReading *reading,
           const char         *start)
{
  const char *next = start;
  const char *coming = start;

  crm_datetime_lexicon_take (&next, CRM_WORD_NEXT);
  crm_datetime_lexicon_take (&coming, CRM_WORD_COMING);
  reading->at = MAX (next, coming);
  if (reading->at == start)
    return FALSE;

  if (!take_unit_behind (reading))
    {
      reading->is_next = reading->is_next || next >= coming;
      reading->is_coming = reading->is_coming || coming >= next;
    }
  return TRUE;
}

/* The word that stands there: the longest, and the first here, when there are several. */
static int
take_longest (const char **at)
{
  static const CrmWord words[] = {
    CRM_WORD_TODAY, CRM_WORD_TOMORROW,  CRM_WORD_DAY_AFTER_TOMORROW, CRM_WORD_NEXT,       CRM_WORD_COMING,
    CRM_WORD_THIS,  CRM_WORD_THIS_WEEK, CRM_WORD_NEXT_WEEK,          CRM_WORD_NEXT_MONTH, CRM_WORD_IN,
    CRM_WORD_WEEKS, CRM_WORD_MONTHS,    CRM_WORD_NOON,               CRM_WORD_MIDNIGHT,   CRM_WORD_FILLER,
    CRM_WORD_AM,    CRM_WORD_PM,
  };
  const char *start = *at;
  int found = -1;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      const char *end = start;

      if (crm_datetime_lexicon_take (&end, words[i]) && end > *at)
        {
          *at = end;
          found = words[i];
        }
    }

  return found;
}

/* Whether @word made sense where it stood; @start is its beginning. */
static gboolean
apply_word (CrmDatetimeReading  *reading,
            CrmWord              word,
            const char          *start,
            GError             **error)
{
  const char *behind;

  switch (word)
    {
    case CRM_WORD_TODAY:
      return set_days_ahead (reading, 0, error);
    case CRM_WORD_TOMORROW:
      return set_days_ahead (reading, 1, error);
    case CRM_WORD_DAY_AFTER_TOMORROW:
      return set_days_ahead (reading, 2, error);
    case CRM_WORD_NOON:
      return set_time (reading, 12, 0, 0, error);
    case CRM_WORD_MIDNIGHT:
      return set_time (reading, 24, 0, 0, error);
    case CRM_WORD_AM:
    case CRM_WORD_PM:
      return set_half (reading, start, error);

    case CRM_WORD_NEXT:
    case CRM_WORD_COMING:
      return take_next (reading, start);
    case CRM_WORD_NEXT_WEEK:
      return set_next (reading, CRM_WORD_WEEKS, error);
    case CRM_WORD_NEXT_MONTH:
      return set_next (reading, CRM_WORD_MONTHS, error);
    case CRM_WORD_WEEKS:
    case CRM_WORD_MONTHS:
      behind = reading->at;
      skip_gaps (&behind);
      if (!crm_datetime_lexicon_take (&behind, CRM_WORD_NEXT) && !crm_datetime_lexicon_take (&behind, CRM_WORD_COMING))
        return refuse_unknown (error, start);
      reading->at = behind;
      return set_next (reading, word, error);

    case CRM_WORD_THIS:
      behind = reading->at;
      skip_gaps (&behind);
      if (crm_datetime_lexicon_take (&behind, CRM_WORD_WEEKS))
        {
          reading->is_this_week = TRUE;
          reading->at = behind;
        }
      return TRUE;
    case CRM_WORD_THIS_WEEK:
      reading->is_this_week = TRUE;
      return TRUE;

    case CRM_WORD_IN:
      reading->is_relative = TRUE;
      return TRUE;
    default:
      return TRUE;
    }
}

static gboolean
take_words (CrmDatetimeReading  *reading,
            GError             **error)
{
  const char *start = reading->at;
  const char **at = &reading->at;
  int number;

  if (reading->is_relative && crm_datetime_lexicon_take (at, CRM_WORD_ONE))
    return take_unit (reading, 1) || refuse_unknown (error, start);

  number = take_longest (at);
  if (number != -1)
    return apply_word (reading, number, start, error);

  if (**at == '+')
    {
      (*at)++;
      reading->is_relative = TRUE;
      return TRUE;
    }

  number = crm_datetime_lexicon_take_weekday (at);
  if (number != 0)
    {
      if (reading->weekday != 0)
        return refuse (error, _("two days are named"));
      reading->weekday = number;
      return TRUE;
    }

  number = crm_datetime_lexicon_take_month (at);
  if (number != 0)
    return take_day_behind (reading, number, error);

  return refuse_unknown (error, start);
}

static gboolean
read_all (CrmDatetimeReading  *reading,
          const char          *text,
          gboolean             dots_are_dates,
          GError             **error)
{
  *reading = (CrmDatetimeReading) {
    .at = text,
    .dots_are_dates = dots_are_dates,
    .year = -1,
    .month = -1,
    .day = -1,
    .days_ahead = -1,
    .span_minutes = -1,
    .hour = -1,
  };

  for (skip_gaps (&reading->at); *reading->at != '\0'; skip_gaps (&reading->at))
    if (!(g_ascii_isdigit (*reading->at) ? take_digits (reading, error) : take_words (reading, error)))
      return FALSE;

  /* “Friday next week” is next Friday. */
  if (reading->weekday != 0 && reading->next_unit == CRM_WORD_WEEKS)
    {
      reading->next_unit = 0;
      reading->is_next = TRUE;
      reading->is_coming = FALSE;
    }

  if (reading->is_relative && !reading->has_span)
    return refuse_unknown (error, "");
  if ((reading->is_next || reading->is_coming || reading->is_this_week) && reading->weekday == 0)
    return refuse_unknown (error, "");
  if (reading->is_this_week && (reading->is_next || reading->is_coming))
    return refuse (error, _("two days are named"));
  if (!has_day (reading) && reading->hour == -1)
    return refuse_unknown (error, "");
  if ((reading->day != -1) + (reading->days_ahead != -1) + reading->has_span + (reading->next_unit != 0) > 1)
    return refuse (error, _("two days are named"));
  if (reading->weekday != 0 && (reading->has_span || reading->next_unit != 0))
    return refuse (error, _("two days are named"));
  if (reading->span_days > MOST_DAYS || reading->span_months > MOST_MONTHS)
    return refuse (error, _("there is no such date or time"));
  if (reading->span_minutes != -1 && (reading->hour != -1 || reading->half != 0))
    return refuse (error, _("two times are named"));
  if (reading->hour != -1 && reading->half != 0)
    return refuse (error, _("two times are named"));
  /* The afternoon has the usual hour. */
  if (reading->half == CRM_WORD_AM)
    return refuse (error, _("the hour is missing"));

  return TRUE;
}

/**
 * crm_datetime_reading_read:
 * @self: (out caller-allocates): where it is put
 * @folded: what was typed, as crm_datetime_lexicon_fold() returns it; @self points into it afterwards
 * @error: says what makes no sense
 *
 * Any thread.
 *
 * Returns: whether @folded is a date, a time, or both
 */
gboolean
crm_datetime_reading_read (CrmDatetimeReading  *self,
                           const char          *folded,
                           GError             **error)
{
  g_autoptr (GError) wrong = NULL;

  g_return_val_if_fail (self != NULL && folded != NULL, FALSE);

  if (read_all (self, folded, FALSE, &wrong) || (self->had_dots && read_all (self, folded, TRUE, NULL)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

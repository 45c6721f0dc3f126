/* crm-datetime-reading.c: what a person said of a date and time, before it is known when that is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime-reading.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MOST_DIGITS 5
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
  while (**at != '\0' && strchr (" ,.@", **at) != NULL)
    (*at)++;
}

static gboolean
take_number (const char **at,
             int         *number,
             guint       *n_digits)
{
  guint n = 0;

  *number = 0;
  for (; g_ascii_isdigit ((*at)[n]); n++)
    {
      if (n == MOST_DIGITS)
        return FALSE;
      *number = *number * 10 + ((*at)[n] - '0');
    }

  *at += n;
  *n_digits = n;
  return n > 0;
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
  if (!take_number (&end, &number, &n) || n != 4)
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

  while (n < 3 && take_number (&end, &numbers[n], &digits[n]))
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

/* What stands behind the hour. */
static gboolean
take_half (const char **at,
           int         *hour)
{
  const char *end = *at + strspn (*at, " ");
  gboolean is_pm = crm_datetime_lexicon_take (&end, CRM_WORD_PM);

  if (*hour < 1 || *hour > 12 || (!is_pm && !crm_datetime_lexicon_take (&end, CRM_WORD_AM)))
    return FALSE;

  *hour = *hour % 12 + (is_pm ? 12 : 0);
  *at = end;
  return TRUE;
}

/* `17:00`, `17:00:30`, `9.30`, `17h`, `17h30`, `5pm`, `5:30 pm`, `9 o’clock`; with a day also `17`. */
static gboolean
take_time (CrmDatetimeReading  *reading,
           gboolean            *taken,
           GError             **error)
{
  const char *at = reading->at;
  const char *rest;
  int hour, minute = 0, second = 0;
  gboolean is_time = FALSE;
  guint n;

  *taken = FALSE;

  if (!take_number (&at, &hour, &n) || n > 2)
    return TRUE;

  rest = at + 1;
  if ((*at == ':' || *at == '.' || *at == 'h') && take_number (&rest, &minute, &n) && n == 2)
    {
      is_time = TRUE;
      at = rest;
      rest = at + 1;
      if (*at == ':' && take_number (&rest, &second, &n) && n == 2)
        at = rest;
      else
        second = 0;
      take_half (&at, &hour);
    }
  else
    {
      minute = 0;
      is_time = take_half (&at, &hour);
      if (!is_time)
        {
          rest = at + strspn (at, " ");
          is_time = crm_datetime_lexicon_take (&rest, CRM_WORD_O_CLOCK) ||
                    crm_datetime_lexicon_take (&rest, CRM_WORD_HOURS_SHORT);
          if (is_time)
            at = rest;
        }
      if (!is_time && has_day (reading) && reading->hour == -1 && (*at == '\0' || *at == ' ' || *at == ','))
        is_time = TRUE;
    }

  if (!is_time)
    return TRUE;

  *taken = TRUE;
  reading->at = at;
  if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute > 0 || second > 0)))
    return refuse (error, _("there is no such time of day"));

  return set_time (reading, hour, minute, second, error);
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

/* `December 1`, `Dec 1st, 2026`: the name is read by now. */
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
  if (!take_number (&at, &day, &n) || n > 2 || *at == ':')
    return refuse (error, _("the day of the month is missing"));
  crm_datetime_lexicon_take (&at, CRM_WORD_ORDINAL);

  reading->at = at;
  take_year (&reading->at, &year);

  return set_date (reading, year, month, day, error);
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
  else if (crm_datetime_lexicon_take (&at, CRM_WORD_HOURS) ||
           (is_short && crm_datetime_lexicon_take (&at, CRM_WORD_HOURS_SHORT)))
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

  if (reading->day == -1 && crm_datetime_lexicon_take_date (&at, &year, &month, &day))
    {
      reading->at = at;
      return set_date (reading, year, month, day, error);
    }

  if (!take_date (reading, &taken, error))
    return FALSE;
  if (taken)
    return TRUE;

  if (take_number (&at, &number, &n))
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
take_words (CrmDatetimeReading  *reading,
            GError             **error)
{
  const char *start = reading->at;
  const char **at = &reading->at;
  int number;

  if (crm_datetime_lexicon_take (at, CRM_WORD_DAY_AFTER_TOMORROW))
    return set_days_ahead (reading, 2, error);
  if (crm_datetime_lexicon_take (at, CRM_WORD_TODAY))
    return set_days_ahead (reading, 0, error);
  if (crm_datetime_lexicon_take (at, CRM_WORD_TOMORROW))
    return set_days_ahead (reading, 1, error);
  if (crm_datetime_lexicon_take (at, CRM_WORD_NOON))
    return set_time (reading, 12, 0, 0, error);
  if (crm_datetime_lexicon_take (at, CRM_WORD_MIDNIGHT))
    return set_time (reading, 24, 0, 0, error);
  if (crm_datetime_lexicon_take (at, CRM_WORD_THIS))
    return TRUE;

  if (crm_datetime_lexicon_take (at, CRM_WORD_NEXT))
    {
      const char *behind = *at;

      reading->next = TRUE;
      skip_gaps (&behind);
      if (crm_datetime_lexicon_take (&behind, CRM_WORD_WEEKS))
        reading->next_unit = CRM_WORD_WEEKS;
      else if (crm_datetime_lexicon_take (&behind, CRM_WORD_MONTHS))
        reading->next_unit = CRM_WORD_MONTHS;
      else
        return TRUE;
      *at = behind;
      return TRUE;
    }

  if (**at == '+' || crm_datetime_lexicon_take (at, CRM_WORD_IN))
    {
      if (*at == start)
        (*at)++;
      reading->is_relative = TRUE;
      return TRUE;
    }

  if (reading->is_relative && crm_datetime_lexicon_take (at, CRM_WORD_ONE))
    return take_unit (reading, 1) || refuse_unknown (error, start);

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

  return crm_datetime_lexicon_take (at, CRM_WORD_FILLER) || refuse_unknown (error, start);
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
    reading->next_unit = 0;

  if (reading->is_relative && !reading->has_span)
    return refuse_unknown (error, "");
  if (reading->next && reading->next_unit == 0 && reading->weekday == 0)
    return refuse_unknown (error, "");
  if (!has_day (reading) && reading->hour == -1)
    return refuse_unknown (error, "");
  if ((reading->day != -1) + (reading->days_ahead != -1) + reading->has_span + (reading->next_unit != 0) > 1)
    return refuse (error, _("two days are named"));
  if (reading->weekday != 0 && (reading->has_span || reading->next_unit != 0))
    return refuse (error, _("two days are named"));
  if (reading->span_days > MOST_DAYS || reading->span_months > MOST_MONTHS)
    return refuse (error, _("there is no such date or time"));
  if (reading->span_minutes != -1 && reading->hour != -1)
    return refuse (error, _("two times are named"));

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

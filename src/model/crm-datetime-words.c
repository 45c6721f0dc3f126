/* crm-datetime-words.c: dates and times as people type them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime-words.h"

#include "model/crm-datetime-reading.h"
#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LONGEST_INPUT 200

static gpointer
refuse (GError     **error,
        const char  *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words);
  return NULL;
}

static char *
to_utc (GDateTime                 *day,
        const CrmDatetimeReading  *reading,
        GTimeZone                 *zone,
        char                     **note,
        GError                   **error)
{
  g_autoptr (GDateTime) next = reading->hour == 24 ? g_date_time_add_days (day, 1) : g_date_time_ref (day);

  if (next == NULL)
    return refuse (error, _("there is no such date or time"));

  return crm_datetime_from_local (g_date_time_get_year (next), g_date_time_get_month (next),
                                  g_date_time_get_day_of_month (next), reading->hour % 24, reading->minute,
                                  reading->second, zone, note, error);
}

/* Whether the time of @reading has passed on the day of @now, by the clock on the wall. */
static gboolean
has_passed (const CrmDatetimeReading *reading,
            GDateTime                *now)
{
  return reading->hour * 3600 + reading->minute * 60 + reading->second <
         g_date_time_get_hour (now) * 3600 + g_date_time_get_minute (now) * 60 + g_date_time_get_second (now);
}

/* A date without a year is the next there is: a leap day may be up to eight years ahead. */
static GDateTime *
get_date (const CrmDatetimeReading *reading,
          GDateTime                *today)
{
  int first = reading->year != -1 ? reading->year : g_date_time_get_year (today);
  int last = reading->year != -1 ? first : first + 8;

  for (int year = first; year <= last; year++)
    {
      g_autoptr (GDateTime) day = NULL;

      if (year < 1 || year > 9999 || reading->month < 1 || reading->month > 12 || reading->day < 1 ||
          !g_date_valid_dmy (reading->day, reading->month, year))
        continue;

      day = g_date_time_new_utc (year, reading->month, reading->day, 0, 0, 0);
      if (reading->year != -1 || g_date_time_compare (day, today) >= 0)
        return g_steal_pointer (&day);
    }

  return NULL;
}

/* A day of the week that is @weeks after this one, as weeks are counted here; @weekday 0: when its work begins. */
static GDateTime *
get_day_of_week (GDateTime *today,
                 int        weekday,
                 int        weeks)
{
  int first_day, first_workday;
  int passed, ahead;

  crm_datetime_lexicon_get_week (&first_day, &first_workday);
  passed = (g_date_time_get_day_of_week (today) - first_day + 7) % 7;
  ahead = ((weekday != 0 ? weekday : first_workday) - first_day + 7) % 7;

  return g_date_time_add_days (today, weeks * 7 - passed + ahead);
}

/* `next friday`: in the next week, or the first there is after today. Where it may be either, they are the same. */
static GDateTime *
get_next_weekday (const CrmDatetimeReading  *reading,
                  GDateTime                 *today,
                  GError                   **error)
{
  int ahead = (reading->weekday - g_date_time_get_day_of_week (today) + 6) % 7 + 1;
  g_autoptr (GDateTime) coming = g_date_time_add_days (today, ahead);
  g_autoptr (GDateTime) next = get_day_of_week (today, reading->weekday, 1);

  if (coming == NULL || next == NULL)
    return refuse (error, _("there is no such date or time"));

  if (reading->is_next && reading->is_coming && !g_date_time_equal (coming, next))
    {
      g_autofree char *first = g_date_time_format (coming, "%Y-%m-%d");
      g_autofree char *second = g_date_time_format (next, "%Y-%m-%d");

      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID,
                   /* Translators: two dates, as in “that could be 2026-11-27 or 2026-12-04” */
                   _("that could be %s or %s; write the date"), first, second);
      return NULL;
    }

  return reading->is_coming ? g_steal_pointer (&coming) : g_steal_pointer (&next);
}

/* The day that is meant, at midnight in UTC, so that no clock change comes in between. */
static GDateTime *
get_day (const CrmDatetimeReading  *reading,
         GDateTime                 *now,
         GError                   **error)
{
  g_autoptr (GDateTime) today = g_date_time_new_utc (g_date_time_get_year (now), g_date_time_get_month (now),
                                                     g_date_time_get_day_of_month (now), 0, 0, 0);
  int to_weekday = reading->weekday - g_date_time_get_day_of_week (today);
  g_autoptr (GDateTime) day = NULL;

  if (reading->day != -1)
    day = get_date (reading, today);
  else if (reading->days_ahead != -1)
    day = g_date_time_add_days (today, reading->days_ahead);
  else if (reading->next_unit == CRM_WORD_WEEKS)
    day = get_day_of_week (today, 0, 1);
  else if (reading->next_unit == CRM_WORD_MONTHS)
    {
      g_autoptr (GDateTime) then = g_date_time_add_months (today, 1);

      day = then != NULL ? g_date_time_add_days (then, 1 - g_date_time_get_day_of_month (then)) : NULL;
    }
  else if (reading->has_span)
    {
      g_autoptr (GDateTime) then = g_date_time_add_months (today, reading->span_months);

      day = then != NULL ? g_date_time_add_days (then, reading->span_days) : NULL;
    }
  else if (reading->is_next || reading->is_coming)
    {
      day = get_next_weekday (reading, today, error);
      if (day == NULL)
        return NULL;
    }
  else if (reading->is_this_week)
    day = get_day_of_week (today, reading->weekday, 0);
  else if (reading->weekday != 0)
    day = g_date_time_add_days (today, to_weekday > 0 || (to_weekday == 0 && !has_passed (reading, now))
                                           ? to_weekday
                                           : to_weekday + 7);
  else
    day = g_date_time_add_days (today, has_passed (reading, now) ? 1 : 0);

  if (day == NULL || g_date_time_get_year (day) < 1000)
    return refuse (error, _("there is no such date or time"));

  if (reading->weekday != 0 && g_date_time_get_day_of_week (day) != reading->weekday)
    {
      /* Translators: a date and the day of the week it falls on: “1 December 2026 is a Tuesday” */
      g_autofree char *words = g_date_time_format (day, _("%-d %B %Y is a %A"));

      return refuse (error, words != NULL ? words : _("there is no such date or time"));
    }

  return g_steal_pointer (&day);
}

static void
add_note (char       **note,
          const char  *words)
{
  g_autofree char *before = NULL;

  if (note == NULL)
    return;

  before = *note;
  *note = before != NULL ? g_strconcat (before, "\n", words, NULL) : g_strdup (words);
}

static char *
get_instant (CrmDatetimeReading  *reading,
             gint64               now_utc,
             GDateTime           *now,
             GTimeZone           *zone,
             char               **note,
             GError             **error)
{
  g_autoptr (GDateTime) day = NULL;
  const char *assumed = NULL;
  char *utc;

  /* Hours and minutes are a length of time, whatever the clocks do; days are days on the calendar. */
  if (reading->span_minutes != -1)
    {
      g_autoptr (GDateTime) on_the_day = g_date_time_add_months (now, reading->span_months);
      g_autoptr (GDateTime) then = on_the_day != NULL ? g_date_time_add_days (on_the_day, reading->span_days) : NULL;
      gint64 seconds = (then != NULL ? g_date_time_to_unix (then) : now_utc) + reading->span_minutes * 60;
      g_autoptr (GDateTime) last = g_date_time_new_utc (9999, 12, 31, 0, 0, 0);

      if (then == NULL || seconds > g_date_time_to_unix (last))
        return refuse (error, _("there is no such date or time"));
      return crm_datetime_to_utc (seconds - (seconds % 60 + 60) % 60);
    }

  if (reading->hour == -1)
    {
      reading->hour = CRM_DATETIME_WORDS_USUAL_HOUR;
      reading->minute = reading->second = 0;
      assumed = _("No time is named: the end of the working day is meant.");
    }

  day = get_day (reading, now, error);
  if (day == NULL)
    return NULL;

  if (assumed != NULL && g_date_time_get_year (day) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (day) == g_date_time_get_day_of_year (now) && has_passed (reading, now))
    {
      reading->hour = 23;
      reading->minute = 59;
      assumed = _("No time is named, and the working day is over: the end of the day is meant.");
    }

  utc = to_utc (day, reading, zone, note, error);
  if (utc != NULL && assumed != NULL)
    add_note (note, assumed);

  return utc;
}

/* `YYYY-MM-DD HH:MM`, of which the strict form takes all it understands. */
static gboolean
is_strict (const char *text)
{
  const char *const pattern = "dddd-dd-dd dd:dd";
  const char *rest;

  for (gsize i = 0; pattern[i] != '\0'; i++)
    if (pattern[i] == 'd' ? !g_ascii_isdigit (text[i])
                          : text[i] != pattern[i] && !(pattern[i] == ' ' && (text[i] == 'T' || text[i] == 't')))
      return FALSE;

  rest = text + strlen (pattern);
  if (rest[0] == ':' && g_ascii_isdigit (rest[1]) && g_ascii_isdigit (rest[2]))
    rest += 3;
  rest += strspn (rest, " ");

  return *rest == '\0' || *rest == '+' || *rest == '-' || ((*rest == 'Z' || *rest == 'z') && rest[1] == '\0');
}

/* Cuts ` UTC` or `Z` off. */
static gboolean
cut_utc (char *folded)
{
  const char *const names[] = { " utc", " gmt", "z" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_suffix (folded, names[i]))
      {
        char *end = folded + strlen (folded) - strlen (names[i]);

        if (*names[i] == 'z' && (end == folded || !(g_ascii_isdigit (end[-1]) || end[-1] == ' ')))
          continue;
        *end = '\0';
        return TRUE;
      }

  return FALSE;
}

/**
 * crm_datetime_words_parse:
 * @input: what was typed: `tomorrow 17:00`, `fri 9.30`, `next monday`, `in 3 days`, `5pm`, `1 Dec`,
 *   `24/12/2026` as the locale writes dates, or all that crm_datetime_parse() takes
 * @now: when it was typed, in seconds since 1970, UTC
 * @zone: (nullable): the zone of a time that names none; the system's when %NULL
 * @note: (out) (optional) (transfer full) (nullable): what was assumed, in words
 * @error: says what is wrong
 *
 * A day without a time means 17:00, or 23:59 when that has passed today; a time without a day, a weekday
 * and a date without a year mean the next there is. `next friday` is in the next week, `coming friday` the first
 * after today; a word of the translation that may be either is refused where they differ. Midnight ends the day it
 * is named with. Names come from the locale, and the English ones are understood too. Clock changes: as with
 * crm_datetime_parse(). Any thread.
 *
 * Returns: (transfer full) (nullable): the time in UTC, `Y-m-d H:i:s`
 */
char *
crm_datetime_words_parse (const char  *input,
                          gint64       now,
                          GTimeZone   *zone,
                          char       **note,
                          GError     **error)
{
  g_autoptr (GTimeZone) there = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  g_autoptr (GDateTime) now_utc = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) now_there = NULL;
  g_autofree char *stripped = NULL;
  g_autofree char *folded = NULL;
  CrmDatetimeReading reading;

  g_return_val_if_fail (input != NULL && now_utc != NULL, NULL);

  if (note != NULL)
    *note = NULL;

  /* Before it is folded, which an input that is too long, or is not UTF-8, never is. */
  stripped = g_strstrip (g_strdup (input));
  if (is_strict (stripped))
    return crm_datetime_parse (stripped, there, note, error);

  folded = strlen (stripped) <= LONGEST_INPUT ? crm_datetime_lexicon_fold (stripped) : NULL;
  if (folded == NULL)
    folded = g_strdup ("");

  /* The same in other digits, or with marks around it that are not seen. */
  g_strstrip (folded);
  if (is_strict (folded))
    return crm_datetime_parse (folded, there, note, error);

  if (cut_utc (folded))
    {
      g_time_zone_unref (there);
      there = g_time_zone_new_utc ();
    }

  now_there = g_date_time_to_timezone (now_utc, there);
  if (!crm_datetime_reading_read (&reading, folded, error))
    return NULL;

  return get_instant (&reading, now, now_there, there, note, error);
}

/**
 * crm_datetime_words_write:
 * @utc: UTC, `Y-m-d H:i:s`
 * @zone: (nullable): the zone to write it in; the system's when %NULL
 *
 * Returns: (transfer full) (nullable): the local time, in a form that means @utc whenever it is typed: with
 *   the offset when the clocks are put back and it is the second of two; %NULL when @utc is no time. Any
 *   thread.
 */
char *
crm_datetime_words_write (const char *utc,
                          GTimeZone  *zone)
{
  /* Before there was standard time a zone's offset had seconds. */
  static const char *const forms[] = { "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M%:z", "%Y-%m-%d %H:%M:%S%:z" };
  char *text = NULL;

  g_return_val_if_fail (utc != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *again = NULL;

      g_free (text);
      text = crm_datetime_to_local (utc, zone, forms[i]);
      again = text != NULL ? crm_datetime_parse (text, zone, NULL, NULL) : NULL;
      if (text == NULL || g_strcmp0 (again, utc) == 0)
        break;
    }

  return text;
}

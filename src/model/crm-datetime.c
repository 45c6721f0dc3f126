/* crm-datetime.c: dates between people, who live somewhere, and the CRM, which lives in UTC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORMAT_UTC "%Y-%m-%d %H:%M:%S"

/* 1000-01-01 00:00:00 and 9999-12-31 23:59:59, UTC. */
#define FIRST_SECOND (-G_GINT64_CONSTANT (30610224000))
#define LAST_SECOND G_GINT64_CONSTANT (253402300799)

typedef struct
{
  int year, month, day, hour, minute, second;
} Wall;

static gboolean
read_digits (const char **at,
             guint        n,
             int         *number)
{
  *number = 0;
  for (guint i = 0; i < n; i++, (*at)++)
    {
      if (!g_ascii_isdigit (**at))
        return FALSE;
      *number = *number * 10 + (**at - '0');
    }

  return TRUE;
}

static gboolean
read_char (const char **at,
           const char  *any_of)
{
  if (**at == '\0' || strchr (any_of, **at) == NULL)
    return FALSE;

  (*at)++;
  return TRUE;
}

/* Reads `YYYY-MM-DD HH:MM[:SS]` and leaves @at behind it. */
static gboolean
read_wall (const char **at,
           Wall        *wall)
{
  *wall = (Wall) { 0 };

  if (!read_digits (at, 4, &wall->year) || !read_char (at, "-") || !read_digits (at, 2, &wall->month) ||
      !read_char (at, "-") || !read_digits (at, 2, &wall->day) || !read_char (at, " Tt") ||
      !read_digits (at, 2, &wall->hour) || !read_char (at, ":") || !read_digits (at, 2, &wall->minute))
    return FALSE;

  if (**at == ':')
    return read_char (at, ":") && read_digits (at, 2, &wall->second);

  return TRUE;
}

/* Reads `Z`, `+HH`, `+HHMM` or `+HH:MM`; nothing at all leaves @named FALSE. */
static gboolean
read_offset (const char **at,
             gboolean    *named,
             int         *offset)
{
  int sign, hours, minutes = 0;

  *at += strspn (*at, " ");
  *named = **at != '\0';
  *offset = 0;

  if (!*named)
    return TRUE;
  if (read_char (at, "Zz"))
    return **at == '\0';

  sign = **at == '-' ? -1 : 1;
  if (!read_char (at, "+-") || !read_digits (at, 2, &hours))
    return FALSE;
  if (**at != '\0')
    {
      if (**at == ':')
        (*at)++;
      if (!read_digits (at, 2, &minutes))
        return FALSE;
    }

  *offset = sign * (hours * 3600 + minutes * 60);
  return **at == '\0' && hours <= 14 && minutes <= 59;
}

static gboolean
wall_exists (const Wall *wall)
{
  return wall->year >= 1000 && wall->month >= 1 && wall->month <= 12 && wall->day >= 1 &&
         g_date_valid_dmy (wall->day, wall->month, wall->year) && wall->hour <= 23 && wall->minute <= 59 &&
         wall->second <= 59;
}

static gint64
wall_to_seconds (const Wall *wall)
{
  g_autoptr (GDateTime) date = g_date_time_new_utc (wall->year, wall->month, wall->day, wall->hour, wall->minute,
                                                    wall->second);

  return g_date_time_to_unix (date);
}

/* The offset that @zone has at a time in UTC. */
static int
offset_at (GTimeZone *zone,
           gint64     utc)
{
  int interval = g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, utc);

  return g_time_zone_get_offset (zone, interval);
}

static char *
refuse (GError    **error,
        const char *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words);
  return NULL;
}

/* UTC, unless an offset led out of the years that have four digits. */
static char *
seconds_to_utc (gint64    seconds,
                GError  **error)
{
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
    return refuse (error, _("there is no such date or time"));

  return crm_datetime_to_utc (seconds);
}

static char *
wall_to_utc (const Wall *wall,
             GTimeZone  *zone,
             char      **note,
             GError    **error)
{
  g_autoptr (GTimeZone) local = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  gint64 seconds = wall_to_seconds (wall);
  gint64 readings[2];
  gboolean fits[2];

  /* A wall time is one of at most two instants: the one reckoned with the offset of the day before, and
   * that with the offset of the day after. It is skipped when neither shows it on the wall. */
  readings[0] = seconds - offset_at (local, seconds - 24 * 3600);
  readings[1] = seconds - offset_at (local, seconds + 24 * 3600);
  for (guint i = 0; i < 2; i++)
    fits[i] = readings[i] + offset_at (local, readings[i]) == seconds;

  if (!fits[0] && !fits[1])
    return refuse (error, _("this time does not exist here: the clocks are put forward over it"));

  if (fits[0] && fits[1] && readings[0] != readings[1])
    {
      if (note != NULL)
        *note = g_strdup (_("The clocks are put back then, so this time comes twice; the first is meant."));
      return seconds_to_utc (MIN (readings[0], readings[1]), error);
    }

  return seconds_to_utc (fits[0] ? readings[0] : readings[1], error);
}

/**
 * crm_datetime_parse:
 * @input: local `YYYY-MM-DD HH:MM[:SS]`, or the same with `Z` or an offset behind it (DESIGN.md §6)
 * @zone: (nullable): the zone of a time that names none; the system's when %NULL
 * @note: (out) (optional) (transfer full) (nullable): set when the time comes twice
 * @error: says what is wrong
 *
 * A local time that a clock change skips is refused; one that it repeats means the first. Any thread.
 *
 * Returns: (transfer full) (nullable): the time in UTC, `Y-m-d H:i:s`
 */
char *
crm_datetime_parse (const char  *input,
                    GTimeZone   *zone,
                    char       **note,
                    GError     **error)
{
  const char *at = input;
  gboolean has_offset;
  int offset;
  Wall wall;

  g_return_val_if_fail (input != NULL, NULL);

  if (note != NULL)
    *note = NULL;

  if (!read_wall (&at, &wall) || !read_offset (&at, &has_offset, &offset))
    return refuse (error, _("write it as 2026-12-01 17:00, in local time, or with Z or an offset behind it"));

  if (!wall_exists (&wall))
    return refuse (error, _("there is no such date or time"));

  if (!has_offset)
    return wall_to_utc (&wall, zone, note, error);

  return seconds_to_utc (wall_to_seconds (&wall) - offset, error);
}

/**
 * crm_datetime_from_local:
 * @year: the year, 1000 to 9999
 * @month: the month, from 1
 * @day: the day of the month, from 1
 * @hour: the hour, 0 to 23
 * @minute: the minute
 * @second: the second
 * @zone: (nullable): the zone they are read in; the system's when %NULL
 * @note: (out) (optional) (transfer full) (nullable): set when the time comes twice
 * @error: says what is wrong
 *
 * The same as crm_datetime_parse(), of a date that was picked. Any thread.
 *
 * Returns: (transfer full) (nullable): the time in UTC, `Y-m-d H:i:s`
 */
char *
crm_datetime_from_local (int        year,
                         int        month,
                         int        day,
                         int        hour,
                         int        minute,
                         int        second,
                         GTimeZone *zone,
                         char     **note,
                         GError   **error)
{
  Wall wall = { year, month, day, hour, minute, second };

  if (note != NULL)
    *note = NULL;

  if (year > 9999 || hour < 0 || minute < 0 || second < 0 || !wall_exists (&wall))
    return refuse (error, _("there is no such date or time"));

  return wall_to_utc (&wall, zone, note, error);
}

/**
 * crm_datetime_from_utc:
 * @text: UTC, `Y-m-d H:i:s`, as the CRM writes it; ` UTC` may follow (API.md §3)
 * @seconds: (out): seconds since 1970, UTC
 *
 * Returns: whether it is such a time. Any thread.
 */
gboolean
crm_datetime_from_utc (const char *text,
                       gint64     *seconds)
{
  const char *at = text;
  Wall wall;

  g_return_val_if_fail (text != NULL && seconds != NULL, FALSE);

  if (!read_wall (&at, &wall) || !wall_exists (&wall) || (*at != '\0' && strcmp (at, " UTC") != 0))
    return FALSE;

  *seconds = wall_to_seconds (&wall);
  return TRUE;
}

/**
 * crm_datetime_to_utc:
 * @seconds: seconds since 1970, UTC
 *
 * Returns: (transfer full): the time as the CRM takes it, `Y-m-d H:i:s`. Any thread.
 */
char *
crm_datetime_to_utc (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  return date != NULL ? g_date_time_format (date, FORMAT_UTC) : NULL;
}

/**
 * crm_datetime_to_local:
 * @text: (nullable): UTC, `Y-m-d H:i:s`
 * @zone: (nullable): the zone to show it in; the system's when %NULL
 * @format: as g_date_time_format() takes it
 *
 * Returns: (transfer full) (nullable): the time as people there read it, or in UTC where that would be past the
 *   year 9999; %NULL when @text is no time. Any thread.
 */
char *
crm_datetime_to_local (const char *text,
                       GTimeZone  *zone,
                       const char *format)
{
  g_autoptr (GTimeZone) local = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) there = NULL;
  gint64 seconds;

  g_return_val_if_fail (format != NULL, NULL);

  if (text == NULL || !crm_datetime_from_utc (text, &seconds))
    return NULL;

  utc = g_date_time_new_from_unix_utc (seconds);
  there = g_date_time_to_timezone (utc, local);

  return g_date_time_format (there != NULL ? there : utc, format);
}

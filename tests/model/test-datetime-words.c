/* test-datetime-words.c: dates and times as people type them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "made-locale.h"

#include "model/crm-datetime-words.h"
#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <locale.h>
#include <string.h>

/* A Tuesday, in winter time. */
#define TUESDAY "2026-11-24 10:15:30"

typedef struct
{
  const char *input;
  const char *local; /* NULL: refused */
  const char *words; /* part of the note, or of the refusal */
} Case;

static gint64
at_time (const char *local,
         GTimeZone  *zone)
{
  g_autofree char *utc = crm_datetime_parse (local, zone, NULL, NULL);
  gint64 seconds;

  g_assert_nonnull (utc);
  g_assert_true (crm_datetime_from_utc (utc, &seconds));
  return seconds;
}

static void
check_case (const Case *test,
            const char *now,
            GTimeZone  *zone)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *escaped = g_strescape (test->input, NULL);
  g_autofree char *note = NULL;
  g_autofree char *local = NULL;
  g_autofree char *utc = crm_datetime_words_parse (test->input, at_time (now, zone), zone, &note, &error);
  const char *said = utc != NULL ? note : error->message;

  local = crm_datetime_to_local (utc, zone, "%a %Y-%m-%d %H:%M");
  g_test_message ("“%s”: %s: %s", escaped, local != NULL ? local : "refused", said != NULL ? said : "");

  g_assert_cmpstr (local, ==, test->local);
  g_assert_true (utc == NULL || g_str_has_suffix (utc, ":00"));
  g_assert_true ((utc == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  if (test->words != NULL)
    {
      g_assert_nonnull (said);
      g_assert_nonnull (strstr (said, test->words));
    }
  else if (utc != NULL)
    g_assert_null (note);
}

static void
check_cases (const Case *cases,
             gsize       n,
             const char *now,
             const char *zone_name)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zone_name);

  if (zone == NULL)
    {
      g_test_skip ("this machine has no time zones");
      return;
    }

  for (gsize i = 0; i < n; i++)
    check_case (&cases[i], now, zone);
}

static void
test_forms (void)
{
  static const Case cases[] = {
    { "today 17:00", "Tue 2026-11-24 17:00" },
    { "tomorrow 17:00", "Wed 2026-11-25 17:00" },
    { "17:00 tomorrow", "Wed 2026-11-25 17:00" },
    { "  TOMORROW,  at 5 PM ", "Wed 2026-11-25 17:00" },
    { "tod 9:00", "Tue 2026-11-24 09:00" },
    { "day after tomorrow 9:00", "Thu 2026-11-26 09:00" },
    { "today", "Tue 2026-11-24 17:00", "working day" },
    { "tomorrow", "Wed 2026-11-25 17:00", "working day" },

    { "friday 9:30", "Fri 2026-11-27 09:30" },
    { "fri 9.30", "Fri 2026-11-27 09:30" },
    { "Thurs 9:00", "Thu 2026-11-26 09:00" },
    { "on Friday at 9:30", "Fri 2026-11-27 09:30" },
    { "fri", "Fri 2026-11-27 17:00", "working day" },
    { "tuesday 11:00", "Tue 2026-11-24 11:00" },
    { "tuesday 10:00", "Tue 2026-12-01 10:00" },
    { "tue", "Tue 2026-11-24 17:00", "working day" },
    { "monday 9:00", "Mon 2026-11-30 09:00" },
    { "next monday 9:00", "Mon 2026-11-30 09:00" },
    { "next friday 9:00", "Fri 2026-12-04 09:00" },
    { "friday next week 9:00", "Fri 2026-12-04 09:00" },
    { "this friday 9:00", "Fri 2026-11-27 09:00" },
    { "next week 9:00", "Mon 2026-11-30 09:00" },
    { "next month", "Tue 2026-12-01 17:00", "working day" },
    { "week next 9:00", "Mon 2026-11-30 09:00" },
    { "next week friday 9:00", "Fri 2026-12-04 09:00" },
    { "coming friday 9:00", "Fri 2026-11-27 09:00" },
    { "coming tuesday 11:00", "Tue 2026-12-01 11:00" },
    { "coming week 9:00", "Mon 2026-11-30 09:00" },
    { "friday this week 9:00", "Fri 2026-11-27 09:00" },
    { "this week monday 9:00", "Mon 2026-11-23 09:00" },

    { "in 3 days", "Fri 2026-11-27 17:00", "working day" },
    { "in 3 days 9:30", "Fri 2026-11-27 09:30" },
    { "in 3 d", "Fri 2026-11-27 17:00", "working day" },
    { "in a week 9:00", "Tue 2026-12-01 09:00" },
    { "in 2 weeks 9:00", "Tue 2026-12-08 09:00" },
    { "in 1 month 9:00", "Thu 2026-12-24 09:00" },
    { "in 2 hours", "Tue 2026-11-24 12:15" },
    { "in 2h", "Tue 2026-11-24 12:15" },
    { "in an hour", "Tue 2026-11-24 11:15" },
    { "in 45 min", "Tue 2026-11-24 11:00" },
    { "45 minutes", "Tue 2026-11-24 11:00" },
    { "+1 hour 30 min", "Tue 2026-11-24 11:45" },
    { "in 1 day 2 hours", "Wed 2026-11-25 12:15" },

    { "17:00", "Tue 2026-11-24 17:00" },
    { "10:00", "Wed 2026-11-25 10:00" },
    { "5pm", "Tue 2026-11-24 17:00" },
    { "5:30 pm", "Tue 2026-11-24 17:30" },
    { "12am", "Wed 2026-11-25 00:00" },
    { "12 p.m.", "Tue 2026-11-24 12:00" },
    { "9.30", "Wed 2026-11-25 09:30" },
    { "17h", "Tue 2026-11-24 17:00" },
    { "17h30", "Tue 2026-11-24 17:30" },
    { "17 h 30", "Tue 2026-11-24 17:30" },
    { "17:30 h", "Tue 2026-11-24 17:30" },
    { "17 h 11/30/2026", "Mon 2026-11-30 17:00" },
    { "17 h 30.11.", "Mon 2026-11-30 17:00" },
    { "17 h 30 Nov", "Mon 2026-11-30 17:00" },
    { "17h 1 Dec", "Tue 2026-12-01 17:00" },
    { "pm 5:30", "Tue 2026-11-24 17:30" },
    { "tomorrow pm at 5", "Wed 2026-11-25 17:00" },
    { "tomorrow pm", "Wed 2026-11-25 17:00", "working day" },
    { "12 noon", "Tue 2026-11-24 12:00" },
    { "12:00 midnight", "Wed 2026-11-25 00:00" },
    { "5 o’clock", "Wed 2026-11-25 05:00" },
    { "noon", "Tue 2026-11-24 12:00" },
    { "tomorrow noon", "Wed 2026-11-25 12:00" },
    { "midnight", "Wed 2026-11-25 00:00" },
    { "friday midnight", "Sat 2026-11-28 00:00" },
    { "fri 24:00", "Sat 2026-11-28 00:00" },
    { "tomorrow 9", "Wed 2026-11-25 09:00" },
    { "１７:００", "Tue 2026-11-24 17:00" },

    { "2026-12-01", "Tue 2026-12-01 17:00", "working day" },
    { "2026-12-01 17:00", "Tue 2026-12-01 17:00" },
    { "2026-12-01T17:00", "Tue 2026-12-01 17:00" },
    { "2026-12-01 17:00Z", "Tue 2026-12-01 18:00" },
    { "2026-12-01 17:00 +05:30", "Tue 2026-12-01 12:30" },
    { "2026-12-01 16:00:00 UTC", "Tue 2026-12-01 17:00" },
    { "2026-12-01 5pm", "Tue 2026-12-01 17:00" },
    { "2026/12/01 9:00", "Tue 2026-12-01 09:00" },
    { "2020-02-29 9:00", "Sat 2020-02-29 09:00" },
    { "1 Dec", "Tue 2026-12-01 17:00", "working day" },
    { "1 Dec 9:00", "Tue 2026-12-01 09:00" },
    { "Dec 1st, 2026, 9:00", "Tue 2026-12-01 09:00" },
    { "the 1st of december 9:00", "Tue 2026-12-01 09:00" },
    { "the 1st of december of 2026 9:00", "Tue 2026-12-01 09:00" },
    { "(Tue) 1 Dec 9:00", "Tue 2026-12-01 09:00" },
    { "\u200e2026-12-01\u200f 17:00", "Tue 2026-12-01 17:00" },
    { "٢٠٢٦-١٢-٠١ ١٧:٠٠Z", "Tue 2026-12-01 18:00" },
    { "2026-12-01t17:00", "Tue 2026-12-01 17:00" },
    { "1 nov 9:00", "Mon 2027-11-01 09:00" },
    { "29 feb 9:00", "Tue 2028-02-29 09:00" },
    { "Tue 1 Dec 2026, 17:00", "Tue 2026-12-01 17:00" },
    { "24.12.2026 9.30", "Thu 2026-12-24 09:30" },
    { "24.12. 9:30", "Thu 2026-12-24 09:30" },
    { "24.12 9.30", "Thu 2026-12-24 09:30" },
    { "10.12 17:00", "Thu 2026-12-10 17:00" },
    { "31.12", "Thu 2026-12-31 17:00", "working day" },

    /* The C locale writes 12/24/26. */
    { "12/24/2026 9:00", "Thu 2026-12-24 09:00" },
    { "12/24/26 9:00", "Thu 2026-12-24 09:00" },
    { "12/24 9:00", "Thu 2026-12-24 09:00" },
    { "1/2 9:00", "Sat 2027-01-02 09:00" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), TUESDAY, "Europe/Berlin");
}

static void
test_refusals (void)
{
  static const Case cases[] = {
    { "", NULL, "write it as" },
    { " ,. ", NULL, "write it as" },
    { "17", NULL, "write it as" },
    { "2026-12", NULL, "“2026-12” is not understood" },
    { "tomorow", NULL, "“tomorow” is not understood" },
    { "tomorrow soonish", NULL, "“soonish” is not understood" },
    { "next", NULL, "write it as" },
    { "in", NULL, "write it as" },
    { "in 3", NULL, "“3” is not understood" },
    { "in 3 parsecs", NULL, "“3” is not understood" },
    { "at", NULL, "write it as" },
    { "dec", NULL, "the day of the month is missing" },
    { "dec 9:00", NULL, "the day of the month is missing" },
    { "fr 9:00", NULL, "“fr” is not understood" },
    { "tomorrow friday", NULL, "25 November 2026 is a Wednesday" },
    { "wed 2026-12-01", NULL, "1 December 2026 is a Tuesday" },
    { "today tomorrow", NULL, "two days are named" },
    { "mon tue", NULL, "two days are named" },
    { "tomorrow 2026-12-01", NULL, "two days are named" },
    { "9:00 17:00", NULL, "two times are named" },
    { "in 2 hours 17:00", NULL, "two times are named" },
    { "25:00", NULL, "no such time of day" },
    { "9:60", NULL, "no such time of day" },
    { "24:01", NULL, "no such time of day" },
    { "17:00 pm", NULL, "“pm” is not understood" },
    { "pm 17:00", NULL, "no such time of day" },
    { "pm", NULL, "write it as" },
    { "pm pm 5", NULL, "two times are named" },
    { "pm noon", NULL, "two times are named" },
    { "in 2 hours pm", NULL, "two times are named" },
    { "tomorrow am", NULL, "the hour is missing" },
    { "12 o’clock pm", NULL, "12 could be noon or midnight" },
    { "dec 5 pm", NULL, "the day of the month is missing" },
    { "1 dec at 1730", NULL, "“1730” is not understood" },
    { "2h 30 min", NULL, "“min” is not understood" },
    { "this week", NULL, "write it as" },
    { "week", NULL, "“week” is not understood" },
    { "next friday this week", NULL, "two days are named" },
    { "coming", NULL, "write it as" },
    { "13pm", NULL, "is not understood" },
    { "2026-02-29", NULL, "there is no such date" },
    { "2026-02-29 17:00", NULL, "there is no such date" },
    { "30 feb", NULL, "there is no such date" },
    { "0999-01-01", NULL, "there is no such date" },
    { "24/12/2026", NULL, "there is no month 24: the month is read before the day here" },
    { "24.13.2026", NULL, "there is no such date" },
    { "1.13.2026", NULL, "there is no month 13: the day is read before the month here" },
    { "in 99999 months", NULL, "there is no such date" },
    { "in 99999 months 99999 months", NULL, "there is no such date" },
    { "in 999999 days", NULL, "is not understood" },
    { "2026-12-01 17:00 CET", NULL, "“cet” is not understood" },
    { "\xff\xfe", NULL, "write it as" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), TUESDAY, "Europe/Berlin");
}

static void
test_evening (void)
{
  static const Case cases[] = {
    { "today", "Tue 2026-11-24 23:59", "working day is over" },
    { "tuesday", "Tue 2026-12-01 17:00", "working day" },
    { "24 nov", "Tue 2026-11-24 23:59", "working day is over" },
    { "2026-11-24", "Tue 2026-11-24 23:59", "working day is over" },
    { "today 9:00", "Tue 2026-11-24 09:00" },
    { "17:00", "Wed 2026-11-25 17:00" },
    { "18:30", "Tue 2026-11-24 18:30" },
    { "midnight", "Wed 2026-11-25 00:00" },
    { "in 12 hours", "Wed 2026-11-25 06:30" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), "2026-11-24 18:30:00", "Europe/Berlin");
}

static void
test_year_ends (void)
{
  static const Case cases[] = {
    { "tomorrow 9:00", "Fri 2027-01-01 09:00" },
    { "1/1 9:00", "Fri 2027-01-01 09:00" },
    { "next month 9:00", "Fri 2027-01-01 09:00" },
    { "in 2 months 9:00", "Sun 2027-02-28 09:00" },
    { "next week 9:00", "Mon 2027-01-04 09:00" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), "2026-12-31 23:00:00", "Pacific/Auckland");
}

/* 2026-03-29 at 02:00 the clocks are put forward in Berlin. */
static void
test_forward (void)
{
  static const Case cases[] = {
    { "tomorrow 2:30", NULL, "the clocks are put forward over it" },
    { "sunday 2.30", NULL, "the clocks are put forward over it" },
    { "2026-03-29 2:30", NULL, "the clocks are put forward over it" },
    { "2026-03-29 02:30", NULL, "the clocks are put forward over it" },
    { "tomorrow 3:00", "Sun 2026-03-29 03:00" },
    { "in 5 hours", "Sun 2026-03-29 05:00" },
    { "in 1 day 9:00", "Sun 2026-03-29 09:00" },
    { "in 2 days 1 hour", "Tue 2026-03-31 00:00" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), "2026-03-28 23:00:00", "Europe/Berlin");
}

/* 2026-10-25 at 03:00 they are put back. */
static void
test_back (void)
{
  static const Case cases[] = {
    { "tomorrow 2:30", "Sun 2026-10-25 02:30", "this time comes twice" },
    { "tomorrow 1:59", "Sun 2026-10-25 01:59" },
    { "tomorrow 3:00", "Sun 2026-10-25 03:00" },
    { "in 3 hours", "Sun 2026-10-25 02:00" },
    { "in 4 hours", "Sun 2026-10-25 02:00" },
    { "in 5 hours", "Sun 2026-10-25 03:00" },
    { "in 1 day", "Sun 2026-10-25 17:00", "working day" },
  };

  check_cases (cases, G_N_ELEMENTS (cases), "2026-10-24 23:00:00", "Europe/Berlin");
}

static void
assert_comes_back (const char *utc,
                   const char *text,
                   gint64      now,
                   GTimeZone  *zone)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *again = crm_datetime_words_parse (text, now, zone, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, utc);
}

/* What is shown means the same when it is typed, whenever that is. */
static void
test_round_trip (void)
{
  const char *const zones[] = { "UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia" };
  const gint64 start = 1774656000; /* 2026-03-28, UTC */

  for (guint z = 0; z < G_N_ELEMENTS (zones); z++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (zones[z]);

      for (guint i = 0; zone != NULL && i < 1000; i++)
        {
          gint64 seconds = start + (gint64) i * (5 * 3600 + 30 * 60) + (i % 7 == 0 ? 1 : 0);
          g_autofree char *utc = crm_datetime_to_utc (seconds);
          g_autofree char *text = crm_datetime_words_write (utc, zone);
          g_autofree char *strict = crm_datetime_parse (text, zone, NULL, NULL);
          g_autofree char *again = NULL;
          g_autofree char *zulu = g_strconcat (utc, " UTC", NULL);
          g_autofree char *note = crm_datetime_to_local (utc, zone, "%a %-d %b %Y, %H:%M:%S");

          g_assert_cmpstr (strict, ==, utc);
          assert_comes_back (utc, text, start, zone);
          assert_comes_back (utc, zulu, start, zone);
          if (strpbrk (text, "+") == NULL && strlen (text) <= strlen ("2026-12-01 17:00:00"))
            assert_comes_back (utc, note, start, zone);

          again = crm_datetime_words_write (strict, zone);
          g_assert_cmpstr (again, ==, text);
        }
    }

  {
    g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
    g_autofree char *first = crm_datetime_words_write ("2026-10-25 00:30:00", zone);
    g_autofree char *second = crm_datetime_words_write ("2026-10-25 01:30:00", zone);

    g_assert_cmpstr (first, ==, "2026-10-25 02:30");
    g_assert_cmpstr (second, ==, "2026-10-25 02:30+01:00");
    g_assert_null (crm_datetime_words_write ("tomorrow", zone));
  }
}

static void
test_locales (void)
{
  static const struct
  {
    const char *locale;
    Case        cases[10];
  } locales[] = {
    { "de_DE",
      { { "freitag 9:30", "2026-11-27 09:30" },
        { "Fr. 9:30", "2026-11-27 09:30" },
        { "Mo 9:30", "2026-11-30 09:30" },
        { "1. Dezember 9:30", "2026-12-01 09:30" },
        { "24.12.2026 9:30", "2026-12-24 09:30" },
        { "24/12/2026 9:30", "2026-12-24 09:30" },
        { "1. März 9:30", "2027-03-01 09:30" },
        { "1 marz 9:30", "2027-03-01 09:30" },
        { "friday 9:30", "2026-11-27 09:30" } } },
    { "en_GB",
      { { "24/12/2026 9:30", "2026-12-24 09:30" },
        { "24/12/26 9:30", "2026-12-24 09:30" },
        { "24/12 9:30", "2026-12-24 09:30" },
        { "1/2/2027 9:30", "2027-02-01 09:30" } } },
    { "fr_FR", { { "VENDREDI 9h30", "2026-11-27 09:30" }, { "1 déc. 9h30", "2026-12-01 09:30" },
                 { "1 decembre 2026 9h30", "2026-12-01 09:30" } } },
    { "ja_JP", { { "2026年12月24日 9:30", "2026-12-24 09:30" }, { "金曜日 9:30", "2026-11-27 09:30" },
                 { "2026/12/24 9:30", "2026-12-24 09:30" } } },
    { "ar_EG", { { "24 ديسمبر 9:30", "2026-12-24 09:30" }, { "٢٤/١٢/٢٠٢٦ ٩:٣٠", "2026-12-24 09:30" },
                 { "24 ديسمبر, 2026 5:00 م", "2026-12-24 17:00" } } },
    { "tr_TR", { { "PAZARTESİ 9:30", "2026-11-30 09:30" }, { "24.12.2026 9:30", "2026-12-24 09:30" } } },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *dir = g_dir_make_tmp ("crm-locales-XXXXXX", NULL);
  gint64 now = at_time (TUESDAY, zone);
  guint n = 0;

  g_assert_nonnull (dir);

  for (guint l = 0; l < G_N_ELEMENTS (locales); l++)
    {
      if (!made_locale_use (LC_TIME, locales[l].locale, dir))
        {
          g_test_message ("%s is not on this machine", locales[l].locale);
          continue;
        }

      n++;
      for (guint i = 0; locales[l].cases[i].input != NULL; i++)
        {
          const Case *test = &locales[l].cases[i];
          g_autoptr (GError) error = NULL;
          g_autofree char *utc = crm_datetime_words_parse (test->input, now, zone, NULL, &error);
          g_autofree char *local = crm_datetime_to_local (utc, zone, "%Y-%m-%d %H:%M");

          g_test_message ("%s: “%s”: %s", locales[l].locale, test->input, error != NULL ? error->message : local);
          g_assert_cmpstr (local, ==, test->local);
        }
    }

  made_locale_leave (LC_TIME, dir);
  if (n == 0)
    g_test_skip ("no locale but C is here, nor localedef with its sources");
}

/* On a Sunday it matters which day a week begins with. */
static void
test_weeks (void)
{
  static const struct
  {
    const char *locale;
    const char *next_week;
    const char *friday;
  } weeks[] = {
    { "de_DE", "Mon 2026-11-30", "Fri 2026-12-04" },
    { "en_US", "Mon 2026-12-07", "Fri 2026-12-11" },
    { "ja_JP", "Mon 2026-12-07", "Fri 2026-12-11" },
    { "ar_EG", "Sun 2026-12-06", "Fri 2026-12-11" },
  };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *dir = g_dir_make_tmp ("crm-locales-XXXXXX", NULL);
  gint64 now = at_time ("2026-11-29 10:15:30", zone);
  guint n = 0;

  g_assert_nonnull (dir);

  for (guint i = 0; i < G_N_ELEMENTS (weeks); i++)
    {
      g_autofree char *next_week = NULL;
      g_autofree char *friday = NULL;
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;

      if (!made_locale_use (LC_TIME, weeks[i].locale, dir))
        {
          g_test_message ("%s is not on this machine", weeks[i].locale);
          continue;
        }

      n++;
      next_week = crm_datetime_words_parse ("next week 9:00", now, zone, NULL, NULL);
      friday = crm_datetime_words_parse ("friday next week 9:00", now, zone, NULL, NULL);
      setlocale (LC_TIME, "C.UTF-8");
      first = crm_datetime_to_local (next_week, zone, "%a %Y-%m-%d");
      second = crm_datetime_to_local (friday, zone, "%a %Y-%m-%d");
      g_test_message ("%s: %s, %s", weeks[i].locale, first, second);
      g_assert_cmpstr (first, ==, weeks[i].next_week);
      g_assert_cmpstr (second, ==, weeks[i].friday);
    }

  made_locale_leave (LC_TIME, dir);
  if (n == 0)
    g_test_skip ("no locale but C is here, nor localedef with its sources");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/datetime-words/forms", test_forms);
  g_test_add_func ("/datetime-words/refusals", test_refusals);
  g_test_add_func ("/datetime-words/evening", test_evening);
  g_test_add_func ("/datetime-words/year-ends", test_year_ends);
  g_test_add_func ("/datetime-words/clocks-forward", test_forward);
  g_test_add_func ("/datetime-words/clocks-back", test_back);
  g_test_add_func ("/datetime-words/round-trip", test_round_trip);
  g_test_add_func ("/datetime-words/locales", test_locales);
  g_test_add_func ("/datetime-words/weeks", test_weeks);

  return g_test_run ();
}

/* test-dates.c: days, times and numbers as some countries write them, where nothing is translated
 *
 * test_dates.py makes the locales, and starts this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui/crm-date-words.h"
#include "ui/crm-task-words.h"

#include <locale.h>

/* The 1st of December 2026, a Tuesday, in the afternoon. */
#define DUE "2026-12-01 17:05:09"

static const struct
{
  const char *locale;
  const char *days[CRM_N_DAY_FORMS]; /* NULL, here and below: not always the same */
  const char *time;
  const char *exact_time;
  const char *due;
  const char *number;
} countries[] = {
  { "C.UTF-8", { "1 Dec", "1 Dec 2026", "Tue 1 Dec 2026", "Tuesday, 1 December 2026" }, "17:05", "17:05:09", "1 Dec 17:05",
    "1234567" },
  { "de_DE.UTF-8", { "1 Dez", "1 Dez 2026", "Di 1 Dez 2026", "Dienstag, 1 Dezember 2026" }, "17:05", "17:05:09",
    "1 Dez 17:05", "1.234.567" },
  { "en_US.UTF-8", { "Dec 1", "Dec 1, 2026", "Tue, Dec 1, 2026", "Tuesday, December 1, 2026" }, "5:05 PM", "5:05:09 PM",
    "Dec 1 5:05 PM", "1,234,567" },
  { "ja_JP.UTF-8", { "1 12月", "1 12月 2026", "火 1 12月 2026", "火曜日, 1 12月 2026" }, "17:05", "17:05:09", "1 12月 17:05",
    "1,234,567" },
  { "ar_EG.UTF-8", { NULL, NULL, NULL, "الثلاثاء, 1 ديسمبر 2026" }, "5:05 م", "5:05:09 م", NULL, NULL },
};

static void
test_countries (void)
{
  g_autoptr (GDateTime) due = g_date_time_new_utc (2026, 12, 1, 17, 5, 9);
  gint64 now = (g_date_time_to_unix (due) - 7 * 24 * 3600) * G_USEC_PER_SEC;

  for (guint i = 0; i < G_N_ELEMENTS (countries); i++)
    {
      g_autofree char *time = NULL;
      g_autofree char *exact_time = NULL;
      g_autofree char *words = NULL;
      g_autofree char *number = NULL;

      g_assert_nonnull (setlocale (LC_ALL, countries[i].locale));
      for (guint form = 0; form < CRM_N_DAY_FORMS; form++)
        {
          g_autofree char *day = crm_date_words_get_day (due, form);

          g_test_message ("%s: %s", countries[i].locale, day);
          if (countries[i].days[form] != NULL)
            g_assert_cmpstr (day, ==, countries[i].days[form]);
        }

      time = crm_date_words_get_time (due, FALSE);
      exact_time = crm_date_words_get_time (due, TRUE);
      words = crm_task_words_get_due (DUE, now);
      number = g_strdup_printf ("%'d", 1234567);
      g_test_message ("%s: %s, %s, %s, %s", countries[i].locale, time, exact_time, words, number);
      g_assert_cmpstr (time, ==, countries[i].time);
      g_assert_cmpstr (exact_time, ==, countries[i].exact_time);
      if (countries[i].due != NULL)
        g_assert_cmpstr (words, ==, countries[i].due);
      if (countries[i].number != NULL)
        g_assert_cmpstr (number, ==, countries[i].number);
    }
}

/* What was chosen for the desktop's clock goes before what the country does. */
static void
choose (gconstpointer data)
{
  const char *clock = data;
  g_autoptr (GDateTime) due = g_date_time_new_utc (2026, 12, 1, 17, 5, 9);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  schema = g_settings_schema_source_lookup (g_settings_schema_source_get_default (), "org.gnome.desktop.interface", TRUE);
  if (schema == NULL)
    {
      g_test_skip ("no desktop’s settings are here");
      return;
    }

  /* It is asked for once. */
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  settings = g_settings_new ("org.gnome.desktop.interface");
  g_settings_set_string (settings, "clock-format", clock);
  g_assert_nonnull (setlocale (LC_ALL, "en_US.UTF-8"));
  here = crm_date_words_get_time (due, FALSE);
  g_assert_cmpstr (here, ==, g_str_equal (clock, "12h") ? "5:05 PM" : "17:05");
  g_assert_nonnull (setlocale (LC_ALL, "ja_JP.UTF-8"));
  there = crm_date_words_get_time (due, FALSE);
  g_assert_cmpstr (there, ==, g_str_equal (clock, "12h") ? "5:05 午後" : "17:05");
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/dates/countries", test_countries);
  g_test_add_data_func ("/dates/clock/24", "24h", choose);
  g_test_add_data_func ("/dates/clock/12", "12h", choose);

  return g_test_run ();
}

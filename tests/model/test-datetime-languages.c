/* test-datetime-languages.c: dates and times as people type them in their languages
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "made-locale.h"

#include "model/crm-datetime-words.h"
#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

/* A Tuesday, 10:15:30 UTC. */
#define NOW G_GINT64_CONSTANT (1795515330)

typedef struct
{
  const char *input;
  const char *local; /* NULL: refused */
  const char *words; /* part of the refusal, translated when there is a translation */
} Case;

#define TWELVE "12 could be noon or midnight here; write 12:00 or 0:00"
#define WRITE_IT_AS "write it as tomorrow 17:00, friday 9:30, in 3 days or 2026-12-01 17:00"

static const Case german[] = {
  { "1. Dezember", "2026-12-01 17:00" },
  { "1. Dez. 2026, 9:30", "2026-12-01 09:30" },
  { "1.12.", "2026-12-01 17:00" },
  { "1.12.26 17 Uhr", "2026-12-01 17:00" },
  { "1.12. 17 Uhr 30", "2026-12-01 17:30" },
  { "17:30 Uhr", "2026-11-24 17:30" },
  { "17.30 Uhr", "2026-11-24 17:30" },
  { "17 Uhr 1.12.", "2026-12-01 17:00" },
  { "17 Uhr 24.12.", "2026-12-24 17:00" },
  { "17 Uhr 24. Dezember", "2026-12-24 17:00" },
  { "17 Uhr 24 Dezember", "2026-12-24 17:00" },
  { "morgen um 9", "2026-11-25 09:00" },
  { "morgen früh um 9", "2026-11-25 09:00" },
  { "am Freitag um 17 Uhr", "2026-11-27 17:00" },
  { "um 12:00 am Freitag", "2026-11-27 12:00" },
  { "12 Uhr am Freitag", "2026-11-27 12:00" },
  { "am 1. Dezember um 5 Uhr nachmittags", "2026-12-01 17:00" },
  { "morgen um 8 Uhr abends", "2026-11-25 20:00" },
  { "übermorgen", "2026-11-26 17:00" },
  { "nächsten Montag", "2026-11-30 17:00" },
  { "nächste Woche Montag", "2026-11-30 17:00" },
  { "Freitag nächster Woche", "2026-12-04 17:00" },
  { "kommenden Freitag", "2026-11-27 17:00" },
  { "kommende Woche", "2026-11-30 17:00" },
  { "Freitag dieser Woche", "2026-11-27 17:00" },
  { "diese Woche Freitag 9 Uhr", "2026-11-27 09:00" },
  { "nächsten Monat", "2026-12-01 17:00" },
  { "in 3 Tagen", "2026-11-27 17:00" },
  { "in einer Stunde", "2026-11-24 11:15" },
  { "12 Uhr mittags", "2026-11-24 12:00" },
  { "nächsten Freitag", NULL, "2026-12-04" },
  { "diese Woche", NULL, WRITE_IT_AS },
  { "morgen früh", NULL, "the hour is missing" },
  { "morgen 12 Uhr abends", NULL, TWELVE },
  { "mo di", NULL, "two days are named" },
  { "morgen halb", NULL, "halb" },
  { "morgens 9 Uhr abends", NULL, "abends" },
  { NULL },
};

static const Case french[] = {
  { "1er décembre", "2026-12-01 17:00" },
  { "1er décembre 2026 à 9h30", "2026-12-01 09:30" },
  { "17h30", "2026-11-24 17:30" },
  { "17 h 30", "2026-11-24 17:30" },
  { "17 h 30 min", "2026-11-24 17:30" },
  { "17 h", "2026-11-24 17:00" },
  { "demain à 9 h", "2026-11-25 09:00" },
  { "demain à 9 heures", "2026-11-25 09:00" },
  { "demain à 9 heures 15", "2026-11-25 09:15" },
  { "demain 3 h de l’après-midi", "2026-11-25 15:00" },
  { "9 heures du matin", "2026-11-25 09:00" },
  { "17 h 24 décembre", "2026-12-24 17:00" },
  { "17 h 24/12", "2026-12-24 17:00" },
  { "dans 3 jours", "2026-11-27 17:00" },
  { "dans 2 heures", "2026-11-24 12:15" },
  { "après-demain", "2026-11-26 17:00" },
  { "lundi prochain", "2026-11-30 17:00" },
  { "lundi de la semaine prochaine", "2026-11-30 17:00" },
  { "la semaine prochaine", "2026-11-30 17:00" },
  { "le mois prochain", "2026-12-01 17:00" },
  { "vendredi", "2026-11-27 17:00" },
  { "ce vendredi à 9 h", "2026-11-27 09:00" },
  { "mar. 1 déc. 2026", "2026-12-01 17:00" },
  { "vendredi prochain", NULL, "2026-12-04" },
  { "1 jui", NULL },
  { "semaine", NULL },
  { "demain matin", NULL, "the hour is missing" },
  { NULL },
};

static const Case spanish[] = {
  { "1 de diciembre de 2026", "2026-12-01 17:00" },
  { "el 1 de diciembre a las 9", "2026-12-01 09:00" },
  { "1 de diciembre de 2026 a las 9:30", "2026-12-01 09:30" },
  { "mañana a las 9", "2026-11-25 09:00" },
  { "mañana a las 9 de la mañana", "2026-11-25 09:00" },
  { "mañana por la tarde", "2026-11-25 17:00" },
  { "a las 17:30", "2026-11-24 17:30" },
  { "17:30 hrs", "2026-11-24 17:30" },
  { "17 horas", "2026-11-24 17:00" },
  { "en 3 días", "2026-11-27 17:00" },
  { "en 2 horas", "2026-11-24 12:15" },
  { "pasado mañana", "2026-11-26 17:00" },
  { "el lunes", "2026-11-30 17:00" },
  { "el próximo lunes", "2026-11-30 17:00" },
  { "lunes que viene", "2026-11-30 17:00" },
  { "el viernes que viene", "2026-11-27 17:00" },
  { "el martes que viene", "2026-12-01 17:00" },
  { "el lunes de la semana que viene", "2026-11-30 17:00" },
  { "la próxima semana", "2026-11-30 17:00" },
  { "el mes que viene", "2026-12-01 17:00" },
  { "viernes de esta semana", "2026-11-27 17:00" },
  { "12 del mediodía", "2026-11-24 12:00" },
  { "mar 2 mar 2027", "2027-03-02 17:00" },
  { "el próximo viernes", NULL, "2026-12-04" },
  { "mañana por la mañana", NULL, "the hour is missing" },
  { "12 de la mañana", NULL, TWELVE },
  { NULL },
};

static const Case japanese[] = {
  { "12月1日", "2026-12-01 17:00" },
  { "2026年12月1日", "2026-12-01 17:00" },
  { "2026 年 12 月 1 日 17 時", "2026-12-01 17:00" },
  { "12 月 1 日", "2026-12-01 17:00" },
  { "1月5日", "2027-01-05 17:00" },
  { "12月1日 17:00", "2026-12-01 17:00" },
  { "12月1日17:00", "2026-12-01 17:00" },
  { "12月1日17時30分", "2026-12-01 17:30" },
  { "12月1日17時30分までに", "2026-12-01 17:30" },
  { "17時12月1日", "2026-12-01 17:00" },
  { "１２月１日　１７：３０", "2026-12-01 17:30" },
  { "２０２６／１２／０１　１７：３０", "2026-12-01 17:30" },
  { "12/1(火) 9:00", "2026-12-01 09:00" },
  { "2026年12月1日（火）", "2026-12-01 17:00" },
  { "2026年12月1日 火曜日", "2026-12-01 17:00" },
  { "午後5時", "2026-11-24 17:00" },
  { "午後5時30分", "2026-11-24 17:30" },
  { "午後 5:30", "2026-11-24 17:30" },
  { "午後0時30分", "2026-11-24 12:30" },
  { "午後 12:30", "2026-11-24 12:30" },
  { "午前 12:30", "2026-11-25 00:30" },
  { "17時", "2026-11-24 17:00" },
  { "17時30分", "2026-11-24 17:30" },
  { "17時5分", "2026-11-24 17:05" },
  { "24時", "2026-11-25 00:00" },
  { "今日中", "2026-11-24 17:00" },
  { "本日17時まで", "2026-11-24 17:00" },
  { "明日の午後", "2026-11-25 17:00" },
  { "明日 午後5時", "2026-11-25 17:00" },
  { "明日の午後5時30分", "2026-11-25 17:30" },
  { "明日、午前9時。", "2026-11-25 09:00" },
  { "明日朝9時", "2026-11-25 09:00" },
  { "明日9時", "2026-11-25 09:00" },
  { "明後日", "2026-11-26 17:00" },
  { "来週月曜日", "2026-11-30 17:00" },
  { "来週の月曜日", "2026-11-30 17:00" },
  { "来週の金曜午後3時", "2026-12-04 15:00" },
  { "今週の金曜日", "2026-11-27 17:00" },
  { "今週の月曜日", "2026-11-23 17:00" },
  { "次の月曜日", "2026-11-30 17:00" },
  { "金曜", "2026-11-27 17:00" },
  { "金曜日", "2026-11-27 17:00" },
  { "金曜日まで", "2026-11-27 17:00" },
  { "金", "2026-11-27 17:00" },
  { "来週", "2026-11-30 17:00" },
  { "来月", "2026-12-01 17:00" },
  { "3日後", "2026-11-27 17:00" },
  { "あと3日", "2026-11-27 17:00" },
  { "3日後の9時", "2026-11-27 09:00" },
  { "2時間後", "2026-11-24 12:15" },
  { "30分後", "2026-11-24 10:45" },
  { "2週間後", "2026-12-08 17:00" },
  { "1か月後", "2026-12-24 17:00" },
  { "tomorrow 5pm", "2026-11-25 17:00" },
  { "午後12時", NULL, TWELVE },
  { "明日の午前", NULL, "the hour is missing" },
  { "午後", NULL, WRITE_IT_AS },
  { "午後17時", NULL, "there is no such time of day" },
  { "午前9時午後5時", NULL, "午後5時" },
  { "12月17時", NULL, "the day of the month is missing" },
  { "12月", NULL, "the day of the month is missing" },
  { "13月1日", NULL },
  { "2月30日", NULL, "there is no such date or time" },
  { "12月1日(水)", NULL },
  { "次の金曜日", NULL, "2026-12-04" },
  { "今週", NULL, WRITE_IT_AS },
  { "来週来月", NULL, "two days are named" },
  { "土日", NULL, "two days are named" },
  { "月末", NULL, "末" },
  { "金額", NULL, "額" },
  { "17時30分後", NULL },
  { "17時30日", NULL },
  { "明日 5 日", NULL },
  { "3日", NULL },
  { "日本", NULL, "本" },
  { NULL },
};

static const Case arabic[] = {
  { "غداً الساعة ٩", "2026-11-25 09:00" },
  { "غدا، ٥:٣٠ م", "2026-11-25 17:30" },
  { "غدًا م 5:30", "2026-11-25 17:30" },
  { "غدا الساعة 5 مساءً", "2026-11-25 17:00" },
  { "مساء غد الساعة 5", "2026-11-25 17:00" },
  { "١ ديسمبر ٢٠٢٦", "2026-12-01 17:00" },
  { "١ ديسمبر، ٢٠٢٦ ١٧:٠٠", "2026-12-01 17:00" },
  { "۱ ديسمبر ۱۷:۳۰", "2026-12-01 17:30" },
  { "٠١/١٢/٢٠٢٦ ١٧:٠٠", "2026-12-01 17:00" },
  { "٢٠٢٦-١٢-٠١ ١٧:٠٠", "2026-12-01 17:00" },
  { "الثلاثاء، 1 ديسمبر 2026", "2026-12-01 17:00" },
  { "الثلاثاء 1 ديسمبر 2026 5:00 م", "2026-12-01 17:00" },
  { "\u200e2026-12-01 17:00", "2026-12-01 17:00" },
  { "\u2066\u20662026-12-01\u2069 \u200f17:00\u2069\u061c", "2026-12-01 17:00" },
  { "\u2066 2026-12-01 17:00 +05:30 \u2069", "2026-12-01 11:30" },
  { "غ\u0640\u0640دا\u200f 9:00", "2026-11-25 09:00" },
  { "1 اغسطس", "2027-08-01 17:00" },
  { "يوم الجمعة", "2026-11-27 17:00" },
  { "الاربعاء", "2026-11-25 17:00" },
  { "الجمعة القادمة", "2026-11-27 17:00" },
  { "الأسبوع القادم", "2026-11-29 17:00" },
  { "الشهر المقبل", "2026-12-01 17:00" },
  { "بعد 3 أيام", "2026-11-27 17:00" },
  { "بعد ٤٥ دقيقة", "2026-11-24 11:00" },
  { "بعد غد", "2026-11-26 17:00" },
  { "12 ظهرا", "2026-11-24 12:00" },
  { "غدا صباحا", NULL, "the hour is missing" },
  { "11 ظهرا", NULL },
  { "الا", NULL },
  { "\u200e\u2066\u2069", NULL, WRITE_IT_AS },
  { NULL },
};

static const struct
{
  const char *language;
  const char *locale;
  const Case *cases;
  const char *shown[4]; /* how the translation shows days and times */
} languages[] = {
  { "de", "de_DE", german, { "%a, %-d. %b %Y %H:%M", "%A, %-d. %B %Y, %H:%M:%S" } },
  { "fr", "fr_FR", french, { "%a %-d %b %Y %H:%M", "%A %-d %B %Y à %H:%M", "%A %-d %B %Y, %-H h %M" } },
  { "es", "es_ES", spanish, { "%a %-d %b %Y %H:%M", "%A, %-d de %B de %Y, %H:%M" } },
  { "ja", "ja_JP", japanese, { "%Y年%-m月%-d日(%a) %H:%M", "%Y年%-m月%-d日 %A %p %-I:%M", "%Y年%-m月%-d日%-H時%-M分" } },
  { "ar", "ar_EG", arabic, { "%A %-d %B %Y %-I:%M %p", "\u2068%A، %-d %B %Y\u2069 %H:%M" } },
};

static const char *catalogues;

/* The words of a language are those of a catalogue, which msgfmt makes. */
static gboolean
use_catalogue (const char *language,
               const char *dir)
{
  g_autofree char *po = g_strdup_printf ("%s/%s.po", catalogues, language);
  g_autofree char *folder = g_build_filename (dir, language, "LC_MESSAGES", NULL);
  g_autofree char *mo = g_build_filename (folder, GETTEXT_PACKAGE ".mo", NULL);
  const char *const argv[] = { "msgfmt", "-o", mo, po, NULL };
  int status = 1;

  g_mkdir_with_parents (folder, 0700);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL);
  if (status != 0)
    return FALSE;

  bindtextdomain (GETTEXT_PACKAGE, dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  return TRUE;
}

static void
check_case (const Case *test)
{
  g_autoptr (GTimeZone) utc_zone = g_time_zone_new_utc ();
  g_autoptr (GError) error = NULL;
  g_autofree char *utc = crm_datetime_words_parse (test->input, NOW, utc_zone, NULL, &error);
  g_autofree char *local = crm_datetime_to_local (utc, utc_zone, "%Y-%m-%d %H:%M");

  g_test_message ("“%s”: %s", test->input, error != NULL ? error->message : local);
  g_assert_cmpstr (local, ==, test->local);
  g_assert_true ((utc == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  if (test->words != NULL)
    g_assert_nonnull (strstr (error->message, g_dgettext (GETTEXT_PACKAGE, test->words)));
}

/* What is shown means the same when it is typed. */
static void
check_shown (const char *format)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *utc = crm_datetime_to_utc (NOW - NOW % 60 + (gint64) i * (29 * 3600 + 31 * 60));
      g_autofree char *shown = crm_datetime_to_local (utc, zone, format);
      g_autoptr (GError) error = NULL;
      g_autofree char *again = crm_datetime_words_parse (shown, NOW, zone, NULL, &error);

      if (g_strcmp0 (again, utc) != 0)
        g_test_message ("“%s”: %s", shown, error != NULL ? error->message : again);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, utc);
    }
}

/* Whatever is made of pieces of what people type is a time that can be written down, or refused with words. */
static void
check_mixed (const Case *cases)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  guint n = 0;

  while (cases[n].input != NULL)
    n++;

  for (guint i = 0; zone != NULL && i < 500; i++)
    {
      g_autoptr (GString) mixed = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      g_autofree char *utc = NULL;
      g_autofree char *written = NULL;
      g_autofree char *again = NULL;

      for (int pieces = g_test_rand_int_range (1, 4); pieces > 0; pieces--)
        {
          const char *input = cases[g_test_rand_int_range (0, n)].input;
          glong length = g_utf8_strlen (input, -1);
          glong from = g_test_rand_int_range (0, length);
          g_autofree char *piece = g_utf8_substring (input, from, g_test_rand_int_range (from, length) + 1);

          g_string_append (mixed, piece);
        }

      utc = crm_datetime_words_parse (mixed->str, NOW, zone, NULL, &error);
      g_assert_true ((utc == NULL) == (error != NULL));
      if (error != NULL)
        {
          g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
          g_assert_true (*error->message != '\0' && g_utf8_validate (error->message, -1, NULL));
          continue;
        }

      written = crm_datetime_words_write (utc, zone);
      again = crm_datetime_words_parse (written, NOW, zone, NULL, NULL);
      g_assert_cmpstr (again, ==, utc);
    }
}

static void
test_language (gconstpointer number)
{
  guint l = GPOINTER_TO_UINT (number);
  g_autofree char *dir = g_dir_make_tmp ("crm-languages-XXXXXX", NULL);

  g_assert_nonnull (dir);
  if (!made_locale_use (LC_ALL, languages[l].locale, dir))
    g_test_skip ("this locale is not here, nor localedef with its sources");
  else if (!use_catalogue (languages[l].language, dir))
    g_test_skip ("there is no catalogue, or msgfmt is not here");
  else
    {
      for (guint i = 0; languages[l].cases[i].input != NULL; i++)
        check_case (&languages[l].cases[i]);
      for (guint i = 0; languages[l].shown[i] != NULL; i++)
        check_shown (languages[l].shown[i]);
      check_mixed (languages[l].cases);
    }

  made_locale_leave (LC_ALL, dir);
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  catalogues = argv[1];
  g_unsetenv ("LC_ALL");
  g_unsetenv ("LANGUAGE");

  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    {
      g_autofree char *path = g_strconcat ("/datetime-languages/", languages[l].language, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (l), test_language);
    }

  return g_test_run ();
}

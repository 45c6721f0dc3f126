/* crm-datetime-lexicon.c: the words of dates and times, in the person's language and in English
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime-lexicon.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <time.h>

/* A name may be cut short, but not to so little that it could be anything. */
#define SHORTEST_PREFIX 3
#define SHORTEST_SPACELESS_PREFIX 2

#define MOST_DIGITS 5

static const char *const words[CRM_N_WORDS] = {
  /* Translators: this and each of those that follow is what a person may type in a date, separated by “|”; as many as you like.
   * Case, accents, vowel signs and the kind of apostrophe don’t matter, the longest one that fits is taken, and the
   * English ones are understood as well. In scripts that are written without spaces none is needed behind a word. */
  [CRM_WORD_TODAY] = NC_("typed date", "today|tod"),
  [CRM_WORD_TOMORROW] = NC_("typed date", "tomorrow|tom|tmrw"),
  [CRM_WORD_DAY_AFTER_TOMORROW] = NC_("typed date", "day after tomorrow|the day after tomorrow"),
  /* Translators: as in “next Monday”, that of the week after this one, and in “next week”; it may also stand behind.
   * A word that is also said of the first Monday to come belongs to “coming” too: where that is another day, the
   * person is asked for the date */
  [CRM_WORD_NEXT] = NC_("typed date", "next"),
  /* Translators: as in “coming Monday”, the first after today, and in “coming week”; it may also stand behind */
  [CRM_WORD_COMING] = NC_("typed date", "coming"),
  /* Translators: as in “this Friday” */
  [CRM_WORD_THIS] = NC_("typed date", "this"),
  /* Translators: where it is one word; “this” and “week” together are understood anyway */
  [CRM_WORD_THIS_WEEK] = NC_("typed date", "this week"),
  /* Translators: where it is one word; “next” and “week” together are understood anyway */
  [CRM_WORD_NEXT_WEEK] = NC_("typed date", "next week"),
  /* Translators: where it is one word; “next” and “month” together are understood anyway */
  [CRM_WORD_NEXT_MONTH] = NC_("typed date", "next month"),
  /* Translators: as in “in 3 days” */
  [CRM_WORD_IN] = NC_("typed date", "in"),
  /* Translators: as in “in an hour” */
  [CRM_WORD_ONE] = NC_("typed date", "a|an|one"),
  [CRM_WORD_MINUTES] = NC_("typed date", "min|mins|minute|minutes"),
  /* Translators: behind “in”, as in “in 45 m”, and behind the minutes of the clock where they have a word */
  [CRM_WORD_MINUTES_SHORT] = NC_("typed date", "m"),
  [CRM_WORD_HOURS] = NC_("typed date", "hour|hours|hr|hrs"),
  /* Translators: behind “in” a number of hours; elsewhere a time of day, as in “17h” */
  [CRM_WORD_HOURS_SHORT] = NC_("typed date", "h"),
  [CRM_WORD_DAYS] = NC_("typed date", "day|days"),
  /* Translators: only behind “in”, as in “in 3 d” */
  [CRM_WORD_DAYS_SHORT] = NC_("typed date", "d"),
  [CRM_WORD_WEEKS] = NC_("typed date", "week|weeks"),
  /* Translators: only behind “in”, as in “in 2 w” */
  [CRM_WORD_WEEKS_SHORT] = NC_("typed date", "w"),
  [CRM_WORD_MONTHS] = NC_("typed date", "month|months"),
  [CRM_WORD_NOON] = NC_("typed date", "noon|midday"),
  [CRM_WORD_MIDNIGHT] = NC_("typed date", "midnight"),
  /* Translators: these two may stand before the time or behind it */
  [CRM_WORD_AM] = NC_("typed date", "am|a.m.|a.m"),
  [CRM_WORD_PM] = NC_("typed date", "pm|p.m.|p.m"),
  /* Translators: behind the hour, as in “9 o’clock”; the minutes may follow */
  [CRM_WORD_O_CLOCK] = NC_("typed date", "o’clock|o'clock|oclock"),
  /* Translators: behind the number of a day, as in “1st”; a full stop needn’t be named */
  [CRM_WORD_ORDINAL] = NC_("typed date", "st|nd|rd|th"),
  /* Translators: between the month and the year, as in “1 de diciembre de 2026” */
  [CRM_WORD_OF] = NC_("typed date", "of"),
  /* Translators: words that may stand between the others and mean nothing, as in “on Friday at 17:00” */
  [CRM_WORD_FILLER] = NC_("typed date", "at|on|by|the|of"),
};

static const char *const english_weekdays[] = { "monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday" };
static const char *const english_months[] = { "january", "february", "march",     "april",   "may",      "june",
                                              "july",    "august",   "september", "october", "november", "december" };

/* What people write without spaces: its letters are no end, and no going on, of a word. */
static gboolean
is_spaceless (gunichar c)
{
  switch (g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_THAI:
      return TRUE;
    default:
      return FALSE;
    }
}

/* Whether a word that begins at @at may end at @end. */
static gboolean
may_end (const char *at,
         const char *end)
{
  gunichar next = g_utf8_get_char (end);

  return end > at && (!g_unichar_isalpha (next) || is_spaceless (next) ||
                      is_spaceless (g_utf8_get_char (g_utf8_prev_char (end))));
}

/* How many bytes of @at are @name, of which nothing may be left: 0 for none. */
static gsize
match_whole (const char *at,
             const char *name)
{
  g_autofree char *folded = crm_datetime_lexicon_fold (name);
  gsize length;

  /* Some locales write a full stop behind a short name. */
  if (folded != NULL && g_str_has_suffix (folded, "."))
    folded[strlen (folded) - 1] = '\0';

  if (folded == NULL || *folded == '\0' || !g_str_has_prefix (at, folded))
    return 0;

  length = strlen (folded);
  return may_end (at, at + length) ? length : 0;
}

/* How many bytes of @at are the beginning of @name. */
static gsize
match_prefix (const char *at,
              const char *name)
{
  g_autofree char *folded = crm_datetime_lexicon_fold (name);
  const char *end = at;
  const char *rest = folded != NULL ? folded : "";
  glong letters = 0;

  while (g_unichar_isalpha (g_utf8_get_char (end)) && g_utf8_get_char (end) == g_utf8_get_char (rest))
    {
      end = g_utf8_next_char (end);
      rest = g_utf8_next_char (rest);
      letters++;
    }

  if (!may_end (at, end) ||
      letters < (is_spaceless (g_utf8_get_char (at)) ? SHORTEST_SPACELESS_PREFIX : SHORTEST_PREFIX))
    return 0;

  return end - at;
}

static const char *
translate (CrmWord word)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "typed date", words[word]);
}

static gsize
match_list (const char *at,
            const char *list)
{
  g_auto (GStrv) names = g_strsplit (list, "|", -1);
  gsize longest = 0;

  for (guint i = 0; names[i] != NULL; i++)
    longest = MAX (longest, match_whole (at, names[i]));

  return longest;
}

/* The locale's name of a month, or of a day of the week, from 1; some locales make all equally long. */
static char *
get_name (const char *format,
          int         number,
          gboolean    is_month)
{
  /* 2024-01-01 was a Monday. */
  g_autoptr (GDateTime) day = g_date_time_new_utc (2024, is_month ? number : 1, is_month ? 1 : number, 0, 0, 0);
  char *name = g_date_time_format (day, format);

  return name != NULL ? g_strstrip (name) : NULL;
}

/* The name's number, from 1; 0 for none, and for a beginning that several have. The locale goes before English,
 * a whole name before the beginning of one. */
static int
take_name (const char        **at,
           const char *const  *formats,
           const char *const  *english,
           int                 n,
           gboolean            is_month)
{
  gsize longest = 0;
  int found = 0;
  gboolean is_whole = FALSE, is_doubtful = FALSE;

  for (guint f = 0; formats[f] != NULL; f++)
    for (int i = 1; i <= n; i++)
      {
        g_autofree char *name = get_name (formats[f], i, is_month);
        gsize length = name != NULL ? match_whole (*at, name) : 0;

        if (length > longest)
          {
            longest = length;
            found = i;
            is_whole = TRUE;
          }
      }

  for (guint f = 0; formats[f] != NULL; f++)
    for (int i = 1; i <= n; i++)
      {
        g_autofree char *name = get_name (formats[f], i, is_month);
        gsize length = name != NULL ? match_prefix (*at, name) : 0;

        if (length > longest)
          {
            longest = length;
            found = i;
            is_whole = is_doubtful = FALSE;
          }
        else if (length > 0 && length == longest && found != i && !is_whole)
          is_doubtful = TRUE;
      }

  for (int i = 1; found == 0 && i <= n; i++)
    {
      longest = match_prefix (*at, english[i - 1]);
      if (longest > 0)
        found = i;
    }

  if (is_doubtful)
    return 0;

  *at += longest;
  return found;
}

/* The locale's way to write a date, with a year of four digits. */
static char *
get_long_format (void)
{
  GString *format = g_string_new (nl_langinfo (D_FMT));

  g_string_replace (format, "%D", "%m/%d/%Y", 0);
  g_string_replace (format, "%y", "%Y", 0);
  g_string_replace (format, "%Oy", "%Y", 0);
  g_string_replace (format, "%Ey", "%Y", 0);

  return g_string_free (format, FALSE);
}

/* What stands for @c when texts are compared; 0 for nothing. */
static gunichar
fold_char (gunichar c)
{
  /* Accents, and the vowel signs and the lengthening of Arabic; then what is not seen, as the marks of direction. */
  if ((c >= 0x300 && c <= 0x36f) || (c >= 0x64b && c <= 0x65f) || c == 0x670 || c == 0x640 ||
      g_unichar_type (c) == G_UNICODE_FORMAT)
    return 0;
  if (g_unichar_isspace (c))
    return ' ';
  if (g_unichar_isdigit (c))
    return '0' + (gunichar) g_unichar_digit_value (c);

  switch (c)
    {
    case 0x3001: /* IDEOGRAPHIC COMMA */
    case 0x060c: /* ARABIC COMMA */
      return ',';
    case 0x3002: /* IDEOGRAPHIC FULL STOP */
    case 0x06d4: /* ARABIC FULL STOP */
      return '.';
    case 0x2018: /* LEFT SINGLE QUOTATION MARK */
    case 0x2019: /* RIGHT SINGLE QUOTATION MARK */
    case 0x02bc: /* MODIFIER LETTER APOSTROPHE */
      return '\'';
    default:
      return c;
    }
}

/* Whether spaces between the two mean nothing: “12 月 1 日” is “12月1日”. */
static gboolean
joins (gunichar before,
       gunichar c)
{
  return (g_unichar_isdigit (before) && is_spaceless (c)) || (is_spaceless (before) && g_unichar_isdigit (c));
}

/**
 * crm_datetime_lexicon_fold:
 * @text: a text
 *
 * Takes away what doesn’t matter when texts are compared: case, accents, kinds of space, comma and apostrophe, the
 * script of digits, marks of direction, and spaces around numbers in scripts that have none. Any thread.
 *
 * Returns: (transfer full) (nullable): the folded text; %NULL when @text is not UTF-8
 */
char *
crm_datetime_lexicon_fold (const char *text)
{
  g_autofree char *apart = NULL;
  g_autofree char *lower = NULL;
  g_autoptr (GString) plain = NULL;
  gunichar before = 0;
  gsize end = 0; /* behind @before, which is no space */

  g_return_val_if_fail (text != NULL, NULL);

  apart = g_utf8_validate (text, -1, NULL) ? g_utf8_normalize (text, -1, G_NORMALIZE_ALL) : NULL;
  if (apart == NULL)
    return NULL;

  lower = g_utf8_casefold (apart, -1);
  plain = g_string_sized_new (strlen (lower));
  for (const char *at = lower; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = fold_char (g_utf8_get_char (at));

      if (c == 0)
        continue;
      if (joins (before, c))
        g_string_truncate (plain, end);
      g_string_append_unichar (plain, c);
      if (c != ' ')
        {
          before = c;
          end = plain->len;
        }
    }

  return g_utf8_normalize (plain->str, -1, G_NORMALIZE_DEFAULT_COMPOSE);
}

/**
 * crm_datetime_lexicon_take:
 * @at: (inout): a place in a folded text; moves behind the word when it stands there
 * @word: the word
 *
 * Returns: whether it stands there, translated or in English. Any thread.
 */
gboolean
crm_datetime_lexicon_take (const char **at,
                           CrmWord      word)
{
  gsize length;

  g_return_val_if_fail (at != NULL && word < CRM_N_WORDS, FALSE);

  length = MAX (match_list (*at, translate (word)), match_list (*at, words[word]));
  if (word == CRM_WORD_AM)
    length = MAX (length, match_whole (*at, nl_langinfo (AM_STR)));
  else if (word == CRM_WORD_PM)
    length = MAX (length, match_whole (*at, nl_langinfo (PM_STR)));

  *at += length;
  return length > 0;
}

/**
 * crm_datetime_lexicon_take_half:
 * @at: (inout): a place in a folded text; moves behind the word when one stands there
 * @is_clock: (out): whether it is what a clock shows, in English or the locale, so that 12 is said as well
 *
 * Returns: %CRM_WORD_AM or %CRM_WORD_PM; 0 for neither. Any thread.
 */
CrmWord
crm_datetime_lexicon_take_half (const char **at,
                                gboolean    *is_clock)
{
  const char *am, *pm, *end;
  gboolean is_pm;
  gsize of_clock, filler;

  g_return_val_if_fail (at != NULL && is_clock != NULL, 0);

  am = pm = *at;
  crm_datetime_lexicon_take (&am, CRM_WORD_AM);
  crm_datetime_lexicon_take (&pm, CRM_WORD_PM);
  is_pm = pm > am;
  end = is_pm ? pm : am;
  of_clock = MAX (match_list (*at, words[is_pm ? CRM_WORD_PM : CRM_WORD_AM]),
                  match_whole (*at, nl_langinfo (is_pm ? PM_STR : AM_STR)));

  *is_clock = *at + of_clock == end;
  if (end == *at)
    return 0;

  /* The English word may be another one in the translation: in German “am” is “on”. */
  filler = match_list (*at, translate (CRM_WORD_FILLER));
  if (*at + filler == end && match_list (*at, translate (is_pm ? CRM_WORD_PM : CRM_WORD_AM)) != filler)
    return 0;

  *at = end;
  return is_pm ? CRM_WORD_PM : CRM_WORD_AM;
}

/**
 * crm_datetime_lexicon_take_number:
 * @at: (inout): a place in a folded text; moves behind the number when one stands there
 * @number: (out): the number
 * @n_digits: (out): how many digits it has
 *
 * Returns: whether a number of at most five digits stands there. Any thread.
 */
gboolean
crm_datetime_lexicon_take_number (const char **at,
                                  int         *number,
                                  guint       *n_digits)
{
  guint n = 0;

  g_return_val_if_fail (at != NULL && number != NULL && n_digits != NULL, FALSE);

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

/**
 * crm_datetime_lexicon_take_weekday:
 * @at: (inout): a place in a folded text; moves behind the name when one stands there
 *
 * Returns: the day of the week whose name, or enough letters of its beginning, stand there: 1 for Monday to
 *   7; 0 for none. Any thread.
 */
int
crm_datetime_lexicon_take_weekday (const char **at)
{
  const char *const formats[] = { "%A", "%a", NULL };

  g_return_val_if_fail (at != NULL, 0);

  return take_name (at, formats, english_weekdays, G_N_ELEMENTS (english_weekdays), FALSE);
}

/**
 * crm_datetime_lexicon_take_month:
 * @at: (inout): a place in a folded text; moves behind the name when one stands there
 *
 * Returns: the month whose name, or enough letters of its beginning, stand there, from 1; 0 for none. Any
 *   thread.
 */
int
crm_datetime_lexicon_take_month (const char **at)
{
  /* Some languages have another form beside the number of a day. */
  const char *const formats[] = { "%B", "%OB", "%b", "%Ob", NULL };

  g_return_val_if_fail (at != NULL, 0);

  return take_name (at, formats, english_months, G_N_ELEMENTS (english_months), TRUE);
}

/**
 * crm_datetime_lexicon_take_date:
 * @at: (inout): a place in a folded text; moves behind the date when one stands there
 * @year: (out): the year
 * @month: (out): the month, from 1
 * @day: (out): the day of the month, from 1; it need not exist in that month
 *
 * Returns: whether a whole date stands there, written as the locale does (`nl_langinfo (D_FMT)`) with
 *   a year of four digits. Any thread.
 */
gboolean
crm_datetime_lexicon_take_date (const char **at,
                                int         *year,
                                int         *month,
                                int         *day)
{
  g_autofree char *format = get_long_format ();
  struct tm tm = { 0 };
  const char *end;

  g_return_val_if_fail (at != NULL && year != NULL && month != NULL && day != NULL, FALSE);

  end = strptime (*at, format, &tm);
  if (end == NULL || end == *at || (g_ascii_isdigit (end[-1]) && g_ascii_isdigit (*end)) ||
      tm.tm_year + 1900 < 1000 || tm.tm_mday < 1)
    return FALSE;

  *at = end;
  *year = tm.tm_year + 1900;
  *month = tm.tm_mon + 1;
  *day = tm.tm_mday;
  return TRUE;
}

/**
 * crm_datetime_lexicon_get_order:
 * @order: (out): the letters `d`, `m` and `y` in the order in which the locale writes them
 *
 * Any thread.
 */
void
crm_datetime_lexicon_get_order (char order[4])
{
  g_autofree char *format = get_long_format ();
  guint n = 0;

  g_return_if_fail (order != NULL);

  memset (order, 0, 4);
  for (const char *at = strchr (format, '%'); at != NULL && *at != '\0' && n < 3; at = strchr (at, '%'))
    {
      char part;

      at += 1 + strspn (at + 1, "-_0^#EO");
      if (*at == 'F')
        break;
      if (*at == '\0')
        break;
      part = strchr ("de", *at) != NULL     ? 'd'
             : strchr ("mbBh", *at) != NULL ? 'm'
             : strchr ("yY", *at) != NULL   ? 'y'
                                            : '\0';
      if (part != '\0' && strchr (order, part) == NULL)
        order[n++] = part;
      at++;
    }

  if (n < 3)
    strcpy (order, strstr (format, "%F") != NULL ? "ymd" : "dmy");
}

/**
 * crm_datetime_lexicon_has_country:
 *
 * Returns: whether dates and times are written as some country does, and not as the locale C has them. Any thread.
 */
gboolean
crm_datetime_lexicon_has_country (void)
{
  const char *locale = setlocale (LC_TIME, NULL);

  return locale != NULL && !g_str_equal (locale, "C") && !g_str_has_prefix (locale, "C.") && !g_str_equal (locale, "POSIX");
}

/**
 * crm_datetime_lexicon_get_week:
 * @first_day: (out): the day a week begins with here: 1 for Monday to 7
 * @first_workday: (out): the day on which work begins then
 *
 * As the locale has it; Monday where it doesn’t say. Any thread.
 */
void
crm_datetime_lexicon_get_week (int *first_day,
                               int *first_workday)
{
  g_return_if_fail (first_day != NULL && first_workday != NULL);

  *first_day = 1;
  *first_workday = 1;

#ifdef __GLIBC__
  if (crm_datetime_lexicon_has_country ())
    {
      /* The GNU C library counts days from a date that it gives as a number, 19971130 for a Sunday. */
      int date = GPOINTER_TO_INT (nl_langinfo (_NL_TIME_WEEK_1STDAY));
      int base = date == 19971201 ? 1 : 7;
      int day = *nl_langinfo (_NL_TIME_FIRST_WEEKDAY);
      int workday = *nl_langinfo (_NL_TIME_FIRST_WORKDAY);

      *first_day = (base + day - 2) % 7 + 1;
      *first_workday = (base + workday - 2) % 7 + 1;
    }
#endif
}

/* crm-datetime-clock.c: times of day as people type them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-datetime-clock.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
refuse (GError     **error,
        const char  *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words);
  return FALSE;
}

/* Whether one of the words stands behind what may be spaces. */
static gboolean
take_behind (const char **at,
             CrmWord      word)
{
  const char *end = *at + strspn (*at, " ");

  if (!crm_datetime_lexicon_take (&end, word))
    return FALSE;

  *at = end;
  return TRUE;
}

static gboolean
is_over (const char *at)
{
  return *at == '\0' || strchr (" ,()", *at) != NULL;
}

/* Whether what stands behind two digits leaves them minutes: `30/11`, `30 November` and a word of a script without
 * spaces don't, or it is `12月1日` that is read. */
static gboolean
may_follow_minutes (const char *at,
                    gboolean    stood_apart)
{
  const char *behind = at;
  gboolean is_clock;

  if (stood_apart)
    {
      behind += strspn (behind, " ");
      return is_over (at) && crm_datetime_lexicon_take_month (&behind) == 0;
    }

  if (g_unichar_isalpha (g_utf8_get_char (at)))
    return crm_datetime_lexicon_take_half (&behind, &is_clock) != 0 ||
           crm_datetime_lexicon_take (&behind, CRM_WORD_FILLER);

  return is_over (at) || (*at == '.' && !g_ascii_isdigit (at[1]));
}

/* `30`, `30分`: the hour and its word are read by now. */
static void
take_minutes (const char **at,
              gboolean     may_have_word,
              int         *minute)
{
  const char *start = *at + strspn (*at, " ");
  const char *end = start;
  gboolean has_word;
  int number;
  guint n;

  if (!crm_datetime_lexicon_take_number (&end, &number, &n) || n > 2)
    return;

  has_word = may_have_word && (take_behind (&end, CRM_WORD_MINUTES_SHORT) || take_behind (&end, CRM_WORD_MINUTES));
  if (!has_word && (n != 2 || !may_follow_minutes (end, start != *at)))
    return;

  *minute = number;
  *at = end;
}

/* `:30`, `.30`, `:30:15` */
static gboolean
take_colon (const char       **at,
            CrmDatetimeClock  *clock)
{
  const char *end = *at + 1;
  const char *rest;
  guint n;

  if ((**at != ':' && **at != '.') || !crm_datetime_lexicon_take_number (&end, &clock->minute, &n) || n != 2)
    {
      clock->minute = 0;
      return FALSE;
    }

  rest = end + 1;
  if (*end == ':' && crm_datetime_lexicon_take_number (&rest, &clock->second, &n) && n == 2)
    end = rest;
  else
    clock->second = 0;

  *at = end;
  return TRUE;
}

/* What stands behind the time: which half of the day it is in, or for 12 also its name. */
static gboolean
take_half (const char           **at,
           CrmDatetimeClock      *clock,
           CrmDatetimeClockHint  *hint)
{
  const char *end = *at + strspn (*at, " ");

  if (clock->hour == 12 && clock->minute == 0 && clock->second == 0 && hint->half == 0)
    {
      if (take_behind (at, CRM_WORD_NOON))
        return TRUE;
      if (take_behind (at, CRM_WORD_MIDNIGHT))
        {
          clock->hour = 24;
          return TRUE;
        }
    }

  if (clock->hour < 1 || clock->hour > 12 || hint->half != 0)
    return FALSE;

  hint->half = crm_datetime_lexicon_take_half (&end, &hint->is_clock);
  if (hint->half == 0)
    return FALSE;

  *at = end;
  return TRUE;
}

/* A clock that shows 12 with one of its two words is clear, people who say so are not: “12 at night”, “午後12時”. */
static gboolean
apply_half (CrmDatetimeClock            *clock,
            const CrmDatetimeClockHint  *hint,
            gboolean                     has_word,
            GError                     **error)
{
  if (hint->half == 0)
    return TRUE;
  if (clock->hour > 12)
    return refuse (error, _("there is no such time of day"));
  if (clock->hour == 12 && (has_word || !hint->is_clock))
    return refuse (error, _("12 could be noon or midnight here; write 12:00 or 0:00"));

  clock->hour = clock->hour % 12 + (hint->half == CRM_WORD_PM ? 12 : 0);
  return TRUE;
}

/**
 * crm_datetime_clock_take:
 * @at: (inout): a place in a folded text; moves behind the time when one stands there
 * @hint: what is known by then
 * @clock: (out caller-allocates): the time
 * @taken: (out): whether a time stands there
 * @error: says why there is none such
 *
 * Understands `17:00`, `17:00:30`, `9.30`, `17h`, `17 h 30`, `17時30分`, `5pm`, `5:30 pm`, `9 o’clock`, `12 noon`; with
 * a day or a half of the day also `17`. Any thread.
 *
 * Returns: %FALSE when it is a time that no clock shows
 */
gboolean
crm_datetime_clock_take (const char                 **at,
                         const CrmDatetimeClockHint  *hint,
                         CrmDatetimeClock            *clock,
                         gboolean                    *taken,
                         GError                     **error)
{
  CrmDatetimeClockHint known;
  const char *end;
  gboolean has_word = FALSE;
  guint n;

  g_return_val_if_fail (at != NULL && hint != NULL && clock != NULL && taken != NULL, FALSE);

  *clock = (CrmDatetimeClock) { 0 };
  *taken = FALSE;
  known = *hint;
  end = *at;

  if (!crm_datetime_lexicon_take_number (&end, &clock->hour, &n) || n > 2)
    return TRUE;

  if (take_colon (&end, clock))
    {
      *taken = TRUE;
      has_word = take_behind (&end, CRM_WORD_O_CLOCK) || take_behind (&end, CRM_WORD_HOURS_SHORT);
    }
  else
    {
      gboolean is_of_clock = take_behind (&end, CRM_WORD_O_CLOCK);

      has_word = is_of_clock || take_behind (&end, CRM_WORD_HOURS_SHORT);
      *taken = has_word;
      if (has_word)
        take_minutes (&end, is_of_clock, &clock->minute);
    }

  if (take_half (&end, clock, &known) || ((hint->has_day || hint->half != 0) && is_over (end)))
    *taken = TRUE;
  if (!*taken)
    return TRUE;

  *at = end;
  if (clock->hour > 24 || clock->minute > 59 || clock->second > 59 ||
      (clock->hour == 24 && (clock->minute > 0 || clock->second > 0)))
    return refuse (error, _("there is no such time of day"));

  return apply_half (clock, &known, has_word, error);
}

/* crm-date-words.c: days and times of day as people here write them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-date-words.h"

#include "model/crm-datetime-lexicon.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#define DESKTOP_SCHEMA "org.gnome.desktop.interface"
#define CLOCK_KEY "clock-format"

static const struct
{
  const char *day_first;
  const char *month_first; /* where nobody has translated the other */
} days[CRM_N_DAY_FORMS] = {
  /* xgettext:no-c-format */
  /* Translators: a day, as in “1 Dec”; what stands for what is told by g_date_time_format() */
  [CRM_DAY_SHORT] = { NC_("date", "%-d %b"), "%b %-d" },
  /* xgettext:no-c-format */
  /* Translators: a day, as in “1 Dec 2026” */
  [CRM_DAY_YEAR] = { NC_("date", "%-d %b %Y"), "%b %-d, %Y" },
  /* xgettext:no-c-format */
  /* Translators: a day, as in “Tue 1 Dec 2026” */
  [CRM_DAY_WEEKDAY] = { NC_("date", "%a %-d %b %Y"), "%a, %b %-d, %Y" },
  /* xgettext:no-c-format */
  /* Translators: a day, as in “Tuesday, 1 December 2026” */
  [CRM_DAY_LONG] = { NC_("date", "%A, %-d %B %Y"), "%A, %B %-d, %Y" },
};

static gboolean
writes_month_first (void)
{
  char order[4];

  crm_datetime_lexicon_get_order (order);

  /* The locale C writes the month first too, but is nobody’s way. */
  return order[0] == 'm' && crm_datetime_lexicon_has_country ();
}

/* What was chosen for the desktop’s clock: NULL when nothing was, or where there is no such setting. */
static char *
get_chosen_clock (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (GVariant) chosen = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, DESKTOP_SCHEMA, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, CLOCK_KEY))
    return NULL;

  settings = g_settings_new_full (schema, NULL, NULL);
  chosen = g_settings_get_user_value (settings, CLOCK_KEY);

  return chosen != NULL ? g_variant_dup_string (chosen, NULL) : NULL;
}

static gboolean
has_half_days (void)
{
  static const char *chosen;
  static gsize is_read;
  const char *format = nl_langinfo (T_FMT);

  if (g_once_init_enter (&is_read))
    {
      chosen = get_chosen_clock ();
      g_once_init_leave (&is_read, 1);
    }

  if (*nl_langinfo (PM_STR) == '\0')
    return FALSE;
  if (chosen != NULL)
    return g_str_equal (chosen, "12h");

  return strstr (format, "%r") != NULL || strstr (format, "%I") != NULL || strstr (format, "%l") != NULL ||
         strstr (format, "%p") != NULL;
}

/**
 * crm_date_words_get_day:
 * @time: a time
 * @form: how much of its day is told
 *
 * Returns: (transfer full): the day, as the translation writes it; without one the locale says what comes first
 */
char *
crm_date_words_get_day (GDateTime  *time,
                        CrmDayForm  form)
{
  const char *format;

  g_return_val_if_fail (time != NULL && form < CRM_N_DAY_FORMS, NULL);

  format = g_dpgettext2 (GETTEXT_PACKAGE, "date", days[form].day_first);
  if (g_str_equal (format, days[form].day_first) && writes_month_first ())
    format = days[form].month_first;

  return g_date_time_format (time, format);
}

/**
 * crm_date_words_get_time:
 * @time: a time
 * @with_seconds: whether the seconds are told too
 *
 * Returns: (transfer full): the time of day, from 0 to 24 hours or twice from 1 to 12: as was chosen for the desktop, else
 *   as the locale has it
 */
char *
crm_date_words_get_time (GDateTime *time,
                         gboolean   with_seconds)
{
  const char *format;

  g_return_val_if_fail (time != NULL, NULL);

  if (has_half_days () && with_seconds)
    /* xgettext:no-c-format */
    /* Translators: a time of day, as in “5:00:30 PM” */
    format = C_("time of day", "%-I:%M:%S %p");
  else if (has_half_days ())
    /* xgettext:no-c-format */
    /* Translators: a time of day, as in “5:00 PM” */
    format = C_("time of day", "%-I:%M %p");
  else if (with_seconds)
    /* xgettext:no-c-format */
    /* Translators: a time of day, as in “17:00:30” */
    format = C_("time of day", "%H:%M:%S");
  else
    /* xgettext:no-c-format */
    /* Translators: a time of day, as in “17:00” */
    format = C_("time of day", "%H:%M");

  return g_date_time_format (time, format);
}

/**
 * crm_date_words_get_utc:
 * @utc: a time as the CRM has it, `2026-12-01 17:00:00`
 *
 * Returns: (transfer full): the same, to stand in a sentence: among Arabic words its parts would be shown in another order
 */
char *
crm_date_words_get_utc (const char *utc)
{
  g_return_val_if_fail (utc != NULL, NULL);

  if (gtk_widget_get_default_direction () != GTK_TEXT_DIR_RTL)
    return g_strdup (utc);

  /* LEFT-TO-RIGHT ISOLATE and POP DIRECTIONAL ISOLATE. */
  return g_strdup_printf ("\u2066%s\u2069", utc);
}

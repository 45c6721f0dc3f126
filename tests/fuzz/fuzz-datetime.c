/* fuzz-datetime.c: a date that is understood is the date that was written, in every zone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "model/crm-datetime-words.h"
#include "model/crm-datetime.h"
#include "model/crm-error.h"

#include <string.h>

#define WALL "%Y-%m-%d %H:%M:%S"
#define WALL_SIZE 19
#define FIRST_DAY "1000-01-01"
#define LAST_DAY "9999-12-31"

/* 2026-11-24 10:15:30, UTC. */
#define NOW G_GINT64_CONSTANT (1795515330)

static GTimeZone *zones[6];

/* Half an hour forward, a day that was left out, an odd offset, both hemispheres. */
static void
load_zones (void)
{
  const char *const names[] = { "UTC",          "Europe/Berlin",  "America/St_Johns", "Australia/Lord_Howe",
                                "Pacific/Apia", "Asia/Kathmandu" };

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == G_N_ELEMENTS (zones));

  for (guint i = 0; i < G_N_ELEMENTS (zones) && zones[i] == NULL; i++)
    {
      zones[i] = g_time_zone_new_identifier (names[i]);
      g_assert_nonnull (zones[i]);
    }
}

/* `YYYY-MM-DD HH:MM:SS` of a text that begins so or without the seconds; @rest is what follows. */
static char *
take_wall (const char  *text,
           const char **rest)
{
  gboolean has_seconds = text[16] == ':';
  char *wall = has_seconds ? g_strndup (text, WALL_SIZE) : g_strdup_printf ("%.16s:00", text);

  wall[10] = ' ';
  *rest = text + (has_seconds ? 19 : 16);
  *rest += strspn (*rest, " ");

  return wall;
}

static gint64
assert_utc (const char *utc)
{
  g_autofree char *again = NULL;
  g_autofree char *zulu = g_strconcat (utc, "Z", NULL);
  g_autofree char *said = g_strconcat (utc, " UTC", NULL);
  g_autofree char *parsed = crm_datetime_parse (zulu, NULL, NULL, NULL);
  gint64 seconds, said_seconds;

  g_assert_cmpuint (strlen (utc), ==, WALL_SIZE);
  g_assert_true (crm_datetime_from_utc (utc, &seconds));
  g_assert_true (crm_datetime_from_utc (said, &said_seconds));
  g_assert_cmpint (seconds, ==, said_seconds);
  again = crm_datetime_to_utc (seconds);
  g_assert_cmpstr (again, ==, utc);
  g_assert_cmpstr (parsed, ==, utc);

  return seconds;
}

/* What is shown for a time means that time when it is typed again, or the first of two that show the same.
 * The first and the last day there are have times without a local one. */
static void
assert_comes_back (const char *utc,
                   gint64      seconds,
                   GTimeZone  *zone)
{
  g_autofree char *shown = crm_datetime_to_local (utc, zone, WALL);
  g_autofree char *note = NULL;
  g_autofree char *again = NULL;
  g_autofree char *shown_again = NULL;

  g_assert_nonnull (shown);
  if (strlen (shown) != WALL_SIZE || *shown == '0' || g_str_has_prefix (utc, LAST_DAY))
    return;

  again = crm_datetime_parse (shown, zone, &note, NULL);
  g_assert_nonnull (again);
  shown_again = crm_datetime_to_local (again, zone, WALL);
  g_assert_cmpstr (shown_again, ==, shown);
  g_assert_cmpint (assert_utc (again), <=, seconds);
  g_assert_true (note != NULL || g_str_equal (again, utc));
}

static void
assert_parsed (const char *text,
               const char *utc,
               GTimeZone  *zone)
{
  const char *rest;
  g_autofree char *wall = take_wall (text, &rest);
  gint64 seconds = assert_utc (utc);

  if (*rest == '\0')
    {
      g_autofree char *shown = crm_datetime_to_local (utc, zone, WALL);

      g_assert_cmpstr (shown, ==, wall);
    }
  else if (g_ascii_tolower (*rest) == 'z')
    {
      g_assert_cmpstr (utc, ==, wall);
    }
  else
    {
      g_autofree char *iso = g_strconcat (wall, rest, NULL);
      g_autoptr (GDateTime) date = g_date_time_new_from_iso8601 (iso, NULL);

      g_assert_nonnull (date);
      g_assert_cmpint (g_date_time_to_unix (date), ==, seconds);
    }

  assert_comes_back (utc, seconds, zone);
}

/* What GLib finds on the wall of that zone is not refused, but where UTC has another number of digits. */
static void
assert_refused (const char *text,
                GTimeZone  *zone)
{
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (GDateTime) utc = NULL;
  g_autofree char *shown = NULL;

  if (strlen (text) != WALL_SIZE || *text == '0')
    return;

  date = g_date_time_new_from_iso8601 (text, zone);
  shown = date != NULL ? g_date_time_format (date, WALL) : NULL;
  if (shown == NULL || !g_str_equal (shown, text))
    return;

  utc = g_date_time_to_utc (date);
  g_assert_true (utc == NULL || g_date_time_get_year (utc) < 1000 || g_date_time_get_year (utc) > 9999);
}

/* What people type is a time that can be written down; what the strict form takes means the same there. */
static void
assert_words (const char *text,
              const char *strict,
              GTimeZone  *zone)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;
  g_autofree char *utc = crm_datetime_words_parse (text, NOW, zone, &note, &error);
  g_autofree char *written = NULL;
  g_autofree char *again = NULL;

  g_assert_true ((utc == NULL) == (error != NULL));
  g_assert_true (strict == NULL || g_strcmp0 (strict, utc) == 0);
  if (utc == NULL)
    {
      g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpstr (error->message, !=, "");
      g_assert_null (note);
      return;
    }

  assert_utc (utc);
  written = crm_datetime_words_write (utc, zone);
  g_assert_nonnull (written);
  /* The years of four digits begin and end elsewhere in the zone. */
  if (*written == '0' || g_str_has_prefix (utc, FIRST_DAY) || g_str_has_prefix (utc, LAST_DAY))
    return;

  again = crm_datetime_parse (written, zone, NULL, NULL);
  g_assert_cmpstr (again, ==, utc);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  gint64 seconds;

  load_zones ();

  if (crm_datetime_from_utc (text, &seconds))
    {
      const char *rest;
      g_autofree char *wall = take_wall (text, &rest);
      g_autofree char *utc = crm_datetime_to_utc (seconds);

      g_assert_cmpstr (utc, ==, wall);
      g_assert_true (*rest == '\0' || g_str_equal (rest, "UTC"));
    }

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *note = NULL;
      g_autofree char *utc = crm_datetime_parse (text, zones[i], &note, &error);

      g_assert_true ((utc == NULL) == (error != NULL));
      assert_words (text, utc, zones[i]);
      if (utc != NULL)
        {
          assert_parsed (text, utc, zones[i]);
          continue;
        }

      g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
      g_assert_cmpstr (error->message, !=, "");
      g_assert_null (note);
      assert_refused (text, zones[i]);
    }

  return 0;
}

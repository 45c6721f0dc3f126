/* crm-calendar.c: tasks as to-dos of an iCalendar file (RFC 5545)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-calendar.h"

#include "model/crm-datetime.h"

#include <libical/ical.h>

/* RFC 5545, 3.8.1.9: 1 is the highest, 9 the lowest. */
static const struct
{
  const char *word;
  int         number;
} priorities[] = {
  { "high", 1 },
  { "medium", 5 },
  { "low", 9 },
};

static const icalproperty_status statuses[] = {
  ICAL_STATUS_NEEDSACTION, ICAL_STATUS_INPROCESS, ICAL_STATUS_NEEDSACTION, ICAL_STATUS_CANCELLED, ICAL_STATUS_COMPLETED,
};

static struct icaltimetype
get_time (gint64 seconds)
{
  return icaltime_from_timet_with_zone (seconds, FALSE, icaltimezone_get_utc_timezone ());
}

/* One kind of line break, and none of the control characters that a text may not have (3.3.11). */
static char *
get_plain (const char *text)
{
  GString *plain = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (p[0] == '\r' && p[1] == '\n')
        continue;
      if (*p == '\r')
        g_string_append_c (plain, '\n');
      else if (!g_ascii_iscntrl (*p) || *p == '\n' || *p == '\t')
        g_string_append_c (plain, *p);
    }

  return g_string_free (plain, FALSE);
}

static void
add_text (icalcomponent   *todo,
          const CrmValues *values,
          CrmFieldId       field,
          icalproperty   *(*make) (const char *text))
{
  g_autofree char *plain = NULL;

  if (!crm_values_has (values, field))
    return;

  plain = get_plain (crm_values_get_text (values, field));
  icalcomponent_add_property (todo, make (plain));
}

/* Once it has an id on the CRM it is the same task on every computer of that account. */
static void
add_uid (icalcomponent *todo,
         CrmTask       *task,
         const char    *account)
{
  gint64 crm_id = crm_task_get_crm_id (task);
  g_autofree char *uid = g_strdup_printf ("%s-%" G_GINT64_FORMAT "@%s." APP_ID, crm_id != 0 ? "crm" : "local",
                                          crm_id != 0 ? crm_id : crm_task_get_local_id (task), account);

  icalcomponent_add_property (todo, icalproperty_new_uid (uid));
}

static void
add_due (icalcomponent   *todo,
         const CrmValues *values)
{
  gint64 seconds;

  if (crm_values_has (values, CRM_FIELD_END_DATETIME) &&
      crm_datetime_from_utc (crm_values_get_text (values, CRM_FIELD_END_DATETIME), &seconds))
    icalcomponent_add_property (todo, icalproperty_new_due (get_time (seconds)));
}

static void
add_priority (icalcomponent   *todo,
              const CrmValues *values)
{
  const char *word = crm_values_get_text (values, CRM_FIELD_PRIORITY);

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    if (g_strcmp0 (word, priorities[i].word) == 0)
      icalcomponent_add_property (todo, icalproperty_new_priority (priorities[i].number));
}

static void
add_status (icalcomponent   *todo,
            const CrmValues *values)
{
  gint64 status = crm_values_get_number (values, CRM_FIELD_STATUS);

  if (crm_values_has (values, CRM_FIELD_STATUS) && status >= 0 && status < (gint64) G_N_ELEMENTS (statuses))
    icalcomponent_add_property (todo, icalproperty_new_status (statuses[status]));
}

/**
 * crm_calendar_append_beginning:
 * @text: a text that is empty so far
 *
 * Begins a calendar. Any thread.
 */
void
crm_calendar_append_beginning (GString *text)
{
  g_return_if_fail (text != NULL);

  g_string_append (text, "BEGIN:VCALENDAR\r\n"
                         "VERSION:2.0\r\n"
                         "PRODID:-//" APP_ID "//CRM Tasks " PACKAGE_VERSION "//EN\r\n");
}

/**
 * crm_calendar_append_task:
 * @text: a calendar that was begun
 * @task: a task
 * @account: what tells the account from others
 * @now: seconds since 1970, UTC: when it is written
 *
 * When a task was changed last is not known here; its SEQUENCE grows with each change. Any thread that owns @task.
 */
void
crm_calendar_append_task (GString    *text,
                          CrmTask    *task,
                          const char *account,
                          gint64      now)
{
  const CrmValues *values;
  icalcomponent *todo;
  char *lines;

  g_return_if_fail (text != NULL);
  g_return_if_fail (CRM_IS_TASK (task));
  g_return_if_fail (account != NULL);

  values = crm_task_get_values (task);
  todo = icalcomponent_new_vtodo ();
  add_uid (todo, task, account);
  icalcomponent_add_property (todo, icalproperty_new_dtstamp (get_time (now)));
  icalcomponent_add_property (todo, icalproperty_new_sequence (MIN (crm_task_get_revision (task), G_MAXINT)));
  add_text (todo, values, CRM_FIELD_NAME, icalproperty_new_summary);
  add_due (todo, values);
  add_priority (todo, values);
  add_status (todo, values);
  add_text (todo, values, CRM_FIELD_DESCRIPTION, icalproperty_new_description);

  lines = icalcomponent_as_ical_string_r (todo);
  g_string_append (text, lines);
  icalmemory_free_buffer (lines);
  icalcomponent_free (todo);
}

/**
 * crm_calendar_append_end:
 * @text: a calendar that was begun
 *
 * Ends it. Any thread.
 */
void
crm_calendar_append_end (GString *text)
{
  g_return_if_fail (text != NULL);

  g_string_append (text, "END:VCALENDAR\r\n");
}

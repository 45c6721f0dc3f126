/* crm-task-words.c: what the window says of a task, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-words.h"

#include "model/crm-datetime.h"
#include "model/crm-shown-text.h"
#include "model/crm-task-rules.h"
#include "store/crm-directory.h"
#include "ui/crm-date-words.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

G_DEFINE_ENUM_TYPE (CrmTaskWords, crm_task_words,
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_OWNER, "owner"),
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_PRIORITY, "priority"),
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_STATUS, "status"),
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_ASSIGNEE, "assignee"),
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_PROBLEM, "problem"),
                    G_DEFINE_ENUM_VALUE (CRM_TASK_WORDS_CRM_ID, "crm-id"))

static char *
get_draft_note (CrmTask *task)
{
  CrmFieldMask sent = crm_task_get_crm_id (task) == 0 ? CRM_FIELDS_ALL : crm_task_get_dirty (task);
  g_autoptr (GPtrArray) complaints = crm_task_rules_check (crm_task_get_values (task), sent);
  const CrmComplaint *first;

  if (complaints->len == 0)
    return g_strdup (_("Not sent until you say so"));

  first = complaints->pdata[0];
  if (crm_values_has (crm_task_get_values (task), first->field))
    /* Translators: a field, and what is said of it */
    return g_strdup_printf (_("%s: %s"), crm_field_get_label (first->field), first->words);

  return g_strdup (first->field == CRM_FIELD_NAME ? _("Needs a name") : _("Needs a due date"));
}

static char *
get_waiting_note (CrmTask *task,
                  gint64   now)
{
  gint64 next = crm_task_get_next_attempt (task);

  return next > now ? crm_task_words_get_wait (next - now) : g_strdup (_("Waiting to be sent"));
}

static GDateTime *
to_local (gint64 seconds)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (seconds);

  return utc != NULL ? g_date_time_to_local (utc) : NULL;
}

static int
get_day_number (GDateTime *date)
{
  GDate day;

  g_date_clear (&day, 1);
  g_date_set_dmy (&day, g_date_time_get_day_of_month (date), g_date_time_get_month (date),
                  g_date_time_get_year (date));

  return (int) g_date_get_julian (&day);
}

static char *
write_day_and_time (GDateTime  *time,
                    CrmDayForm  form)
{
  g_autofree char *day = crm_date_words_get_day (time, form);
  g_autofree char *hour = crm_date_words_get_time (time, FALSE);

  /* Translators: a day and a time of day, as in “1 Dec 17:00” */
  return g_strdup_printf (C_("date", "%s %s"), day, hour);
}

/**
 * crm_task_words_get_wait:
 * @microseconds: how long
 *
 * Returns: (transfer full): when it is tried again, rounded up: “Next try in 40 s”, “Next try in 3 min”
 */
char *
crm_task_words_get_wait (gint64 microseconds)
{
  gint64 seconds = (microseconds + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  gulong n = (gulong) MAX (seconds < 90 ? seconds : (seconds + 59) / 60, 1);

  if (seconds < 90)
    /* Translators: seconds, as in “Next try in 40 s” */
    return g_strdup_printf (ngettext ("Next try in %'lu s", "Next try in %'lu s", n), n);

  /* Translators: minutes, as in “Next try in 3 min” */
  return g_strdup_printf (ngettext ("Next try in %'lu min", "Next try in %'lu min", n), n);
}

/**
 * crm_task_words_get_moment:
 * @time: microseconds since 1970, UTC
 * @now: the same, for telling today from yesterday
 *
 * Returns: (transfer full): local time, with the day when it is not today’s: “14:02”, “22 Nov 14:02”
 */
char *
crm_task_words_get_moment (gint64 time,
                           gint64 now)
{
  g_autoptr (GDateTime) then = to_local (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) today = to_local (now / G_USEC_PER_SEC);

  if (then == NULL || today == NULL)
    return g_strdup ("");

  return get_day_number (then) == get_day_number (today) ? crm_date_words_get_time (then, FALSE)
                                                         : write_day_and_time (then, CRM_DAY_SHORT);
}

/**
 * crm_task_words_get_note:
 * @task: a task
 * @now: microseconds since 1970, UTC
 *
 * Returns: (transfer full) (nullable): what there is to say of where the task stands, one line; who it belongs to when its
 * state says it all, and %NULL when it belongs to nobody
 */
char *
crm_task_words_get_note (CrmTask *task,
                         gint64   now)
{
  const CrmProblem *problem;

  g_return_val_if_fail (CRM_IS_TASK (task), NULL);

  problem = crm_task_get_problem (task);

  /* Of a refused one the refusal matters more. */
  if (crm_task_get_typed (task) && crm_task_get_state (task) != CRM_SYNC_FAILED)
    return g_strdup (_("Something you typed is not saved yet"));
  if (crm_task_get_discarding (task))
    return g_strdup (_("Discarded as soon as the CRM answers"));

  switch (crm_task_get_state (task))
    {
    case CRM_SYNC_DRAFT:
      return get_draft_note (task);
    case CRM_SYNC_QUEUED:
      return get_waiting_note (task, now);
    case CRM_SYNC_FAILED:
      return problem != NULL ? crm_problem_get_words (problem) : g_strdup (_("The CRM did not accept the task"));
    case CRM_SYNC_UNCONFIRMED:
      return crm_task_words_get_doubt (task);
    case CRM_SYNC_SENDING:
    case CRM_SYNC_SYNCED:
    case CRM_SYNC_REMOVED:
    default:
      {
        g_autofree char *owner = crm_task_words_get_owner (task);

        return *owner != '\0' ? g_steal_pointer (&owner) : NULL;
      }
    }
}

/**
 * crm_task_words_get_doubt:
 * @task: an unconfirmed task
 *
 * Returns: (transfer full): why it isn't known whether it is on the CRM, or what is asked about it; no full stop at its end
 */
char *
crm_task_words_get_doubt (CrmTask *task)
{
  const CrmProblem *problem = crm_task_get_problem (task);

  return g_strdup (problem != NULL && problem->message != NULL ? problem->message
                                                               : _("No answer came; it may be on the CRM"));
}

static const CrmFieldId owners[] = { CRM_FIELD_LEAD, CRM_FIELD_COMPANY, CRM_FIELD_CONTACT, CRM_FIELD_VENUE };

/* By name where it is known, else by its number: “Gala dinner”, “Opportunity 763”. */
static char *
write_named (const CrmValues *values,
             CrmFieldId       field,
             const char      *name)
{
  const char *label = crm_field_get_label (field);

  if (name != NULL)
    return crm_shown_text (name);

  /* API.md §1: an opportunity is a lead that belongs to a venue. */
  if (field == CRM_FIELD_LEAD)
    label = crm_values_has (values, CRM_FIELD_VENUE) ? C_("kind of owner", "Opportunity") : C_("kind of owner", "Lead");
  else if (field == CRM_FIELD_ASSIGNED_USER)
    label = C_("kind of owner", "User");

  /* Translators: what it is and its number on the CRM, as “Opportunity 763” */
  return g_strdup_printf (_("%s %" PRId64), label, crm_values_get_number (values, field));
}

/**
 * crm_task_words_get_owner:
 * @task: a task
 *
 * Returns: (transfer full): who it belongs to: “Gala dinner · Riverside Hall”; empty when nobody is named
 */
char *
crm_task_words_get_owner (CrmTask *task)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  const CrmValues *values;

  g_return_val_if_fail (CRM_IS_TASK (task), NULL);

  values = crm_task_get_values (task);
  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    if (crm_values_has (values, owners[i]))
      {
        g_autofree char *part = write_named (values, owners[i], crm_task_get_name_of (task, owners[i]));

        g_strv_builder_add (builder, part);
      }

  parts = g_strv_builder_end (builder);
  return g_strjoinv (" · ", parts);
}

static char *
describe_field (CrmStore        *store,
                const CrmValues *values,
                CrmFieldId       field)
{
  const CrmField *f = crm_field_get (field);

  switch (f->type)
    {
    case CRM_FIELD_TYPE_ID:
      {
        g_autofree char *name = store != NULL ? crm_directory_dup_name (store, values, field) : NULL;

        return write_named (values, field, name);
      }

    case CRM_FIELD_TYPE_DATETIME:
      return crm_task_words_get_due (crm_values_get_text (values, field), g_get_real_time ());

    case CRM_FIELD_TYPE_CHOICE:
      {
        const char *choice = crm_field_get_choice (field, crm_values_get_number (values, field));

        return choice != NULL ? g_strdup (choice)
                              : g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, field));
      }

    case CRM_FIELD_TYPE_WORD:
      for (guint i = 0; f->choices[i] != NULL; i++)
        if (g_str_equal (f->choices[i], crm_values_get_text (values, field)))
          return g_strdup (crm_field_get_choice (field, i));
      return crm_shown_text (crm_values_get_text (values, field));

    case CRM_FIELD_TYPE_TEXT:
    default:
      if (crm_text_is_html (crm_values_get_text (values, field)))
        {
          g_autofree char *plain = crm_text_from_html (crm_values_get_text (values, field));

          return crm_shown_text (plain);
        }
      return crm_shown_text (crm_values_get_text (values, field));
    }
}

/**
 * crm_task_words_describe:
 * @store: (nullable): where names are looked up
 * @values: values of a task
 * @fields: some of its fields
 *
 * Returns: (transfer full): what they hold, for people; empty when they hold nothing
 */
char *
crm_task_words_describe (CrmStore        *store,
                         const CrmValues *values,
                         CrmFieldMask     fields)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (values != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (owners); i++)
    if ((fields & CRM_FIELD_BIT (owners[i])) != 0 && crm_values_has (values, owners[i]))
      {
        g_autofree char *part = describe_field (store, values, owners[i]);

        g_strv_builder_add (builder, part);
      }
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((fields & CRM_FIELD_BIT (i) & ~CRM_FIELDS_OWNER) != 0 && crm_values_has (values, i))
      {
        g_autofree char *part = describe_field (store, values, i);

        g_strv_builder_add (builder, part);
      }

  parts = g_strv_builder_end (builder);
  return g_strjoinv (" · ", parts);
}

/**
 * crm_task_words_get_due:
 * @utc: (nullable): a time in UTC, `Y-m-d H:i:s`
 * @now: microseconds since 1970, UTC
 *
 * Returns: (transfer full): local time in few words: “Today 17:00”, “25 Nov 14:00”; “—” when there is none
 */
char *
crm_task_words_get_due (const char *utc,
                        gint64      now)
{
  g_autoptr (GDateTime) due = NULL;
  g_autoptr (GDateTime) today = to_local (now / G_USEC_PER_SEC);
  g_autofree char *hour = NULL;
  gint64 seconds;

  if (utc == NULL || !crm_datetime_from_utc (utc, &seconds))
    return g_strdup ("—");

  due = to_local (seconds);
  if (due == NULL || today == NULL)
    return g_strdup (utc);

  hour = crm_date_words_get_time (due, FALSE);

  switch (get_day_number (due) - get_day_number (today))
    {
    case -1:
      /* Translators: behind the day stands a time, as in “Yesterday 17:00” */
      return g_strdup_printf (_("Yesterday %s"), hour);
    case 0:
      /* Translators: behind the day stands a time, as in “Today 17:00” */
      return g_strdup_printf (_("Today %s"), hour);
    case 1:
      return g_strdup_printf (_("Tomorrow %s"), hour);
    default:
      return write_day_and_time (due, g_date_time_get_year (due) == g_date_time_get_year (today) ? CRM_DAY_SHORT : CRM_DAY_YEAR);
    }
}

/**
 * crm_task_words_get_due_exact:
 * @utc: (nullable): a time in UTC, `Y-m-d H:i:s`
 *
 * Returns: (transfer full) (nullable): the time in full, here and in UTC, in two lines; %NULL when there is none
 */
char *
crm_task_words_get_due_exact (const char *utc)
{
  g_autoptr (GDateTime) here = NULL;
  g_autofree char *there = NULL;
  g_autofree char *day = NULL;
  g_autofree char *hour = NULL;
  gint64 seconds;

  here = utc != NULL && crm_datetime_from_utc (utc, &seconds) ? to_local (seconds) : NULL;
  if (here == NULL)
    return NULL;

  day = crm_date_words_get_day (here, CRM_DAY_LONG);
  hour = crm_date_words_get_time (here, TRUE);
  there = crm_date_words_get_utc (utc);

  /* Translators: a day, a time and the time zone it is in, as in “Tuesday, 1 December 2026 17:00:00 CET”; then the same
   * in UTC */
  return g_strdup_printf (_("%s %s %s\n%s UTC"), day, hour, g_date_time_get_timezone_abbreviation (here), there);
}

/**
 * crm_task_words_is_overdue:
 * @task: a task
 * @now: microseconds since 1970, UTC
 *
 * Returns: whether it was due before @now and is neither completed nor cancelled
 */
gboolean
crm_task_words_is_overdue (CrmTask *task,
                           gint64   now)
{
  const CrmValues *values;
  const char *utc;
  gint64 seconds;
  gint64 status;

  g_return_val_if_fail (CRM_IS_TASK (task), FALSE);

  values = crm_task_get_values (task);
  utc = crm_values_get_text (values, CRM_FIELD_END_DATETIME);
  status = crm_values_get_number (values, CRM_FIELD_STATUS);

  return utc != NULL && crm_datetime_from_utc (utc, &seconds) && seconds < now / G_USEC_PER_SEC &&
         status != CRM_STATUS_CANCELLED && status != CRM_STATUS_COMPLETED;
}

/**
 * crm_task_words_get:
 * @task: a task
 * @what: which of the things a cell of one line can say
 *
 * Returns: (transfer full): the words; empty when there is nothing to say
 */
char *
crm_task_words_get (CrmTask      *task,
                    CrmTaskWords  what)
{
  const CrmValues *values;
  const char *words = NULL;

  g_return_val_if_fail (CRM_IS_TASK (task), NULL);

  values = crm_task_get_values (task);

  switch (what)
    {
    case CRM_TASK_WORDS_OWNER:
      return crm_task_words_get_owner (task);

    case CRM_TASK_WORDS_PRIORITY:
      for (guint i = 0; crm_field_get (CRM_FIELD_PRIORITY)->choices[i] != NULL; i++)
        if (g_strcmp0 (crm_field_get (CRM_FIELD_PRIORITY)->choices[i],
                       crm_values_get_text (values, CRM_FIELD_PRIORITY)) == 0)
          words = crm_field_get_choice (CRM_FIELD_PRIORITY, i);
      return g_strdup (words != NULL ? words : "");

    case CRM_TASK_WORDS_STATUS:
      if (crm_values_has (values, CRM_FIELD_STATUS))
        words = crm_field_get_choice (CRM_FIELD_STATUS, crm_values_get_number (values, CRM_FIELD_STATUS));
      return g_strdup (words != NULL ? words : "");

    case CRM_TASK_WORDS_ASSIGNEE:
      if (!crm_values_has (values, CRM_FIELD_ASSIGNED_USER))
        return g_strdup ("");
      return write_named (values, CRM_FIELD_ASSIGNED_USER, crm_task_get_name_of (task, CRM_FIELD_ASSIGNED_USER));

    case CRM_TASK_WORDS_PROBLEM:
      if (crm_task_get_problem (task) == NULL)
        return g_strdup ("");
      return crm_problem_get_words (crm_task_get_problem (task));

    case CRM_TASK_WORDS_CRM_ID:
      if (crm_task_get_crm_id (task) == 0)
        return g_strdup ("");
      return g_strdup_printf ("%" G_GINT64_FORMAT, crm_task_get_crm_id (task));

    default:
      g_return_val_if_reached (NULL);
    }
}

/**
 * crm_task_words_is_completed:
 * @task: a task
 *
 * Returns: whether it is completed, as its status has it
 */
gboolean
crm_task_words_is_completed (CrmTask *task)
{
  const CrmValues *values;

  g_return_val_if_fail (CRM_IS_TASK (task), FALSE);

  values = crm_task_get_values (task);
  return crm_values_has (values, CRM_FIELD_STATUS) &&
         crm_values_get_number (values, CRM_FIELD_STATUS) == CRM_STATUS_COMPLETED;
}

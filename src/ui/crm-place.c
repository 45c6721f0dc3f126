/* crm-place.c: the places of the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-place.h"

#include "model/crm-datetime.h"

#include <glib/gi18n-lib.h>

#define STATE_BIT(state) (1u << (state))

static const CrmPlace places[] = {
  { "all", NC_("place", "All Tasks"), "crm-all-symbolic", 0, CRM_PLACE_ANY_TIME,
    N_("No Tasks Yet"), N_("What you write is kept here, and sent to the CRM by itself.") },
  { "attention", NC_("place", "Needs Attention"), "crm-failed-symbolic", STATE_BIT (CRM_SYNC_FAILED), CRM_PLACE_ANY_TIME,
    N_("All Is Well"), N_("Tasks that the CRM does not accept wait here, with the reason.") },
  { "waiting", NC_("place", "Waiting"), "crm-waiting-symbolic", STATE_BIT (CRM_SYNC_QUEUED) | STATE_BIT (CRM_SYNC_SENDING), CRM_PLACE_ANY_TIME,
    N_("Nothing Waits"), N_("Tasks that are still to be sent are listed here.") },
  { "unconfirmed", NC_("place", "Unconfirmed"), "crm-unconfirmed-symbolic", STATE_BIT (CRM_SYNC_UNCONFIRMED), CRM_PLACE_ANY_TIME,
    N_("Nothing Unconfirmed"), N_("Tasks whose answer was lost are looked for on the CRM, and listed here meanwhile.") },
  { "drafts", NC_("place", "Drafts"), "crm-draft-symbolic", STATE_BIT (CRM_SYNC_DRAFT), CRM_PLACE_ANY_TIME,
    N_("No Drafts"), N_("Drafts are kept here and not sent until you say so.") },
  { "sent", NC_("place", "Sent"), "crm-sent-symbolic", STATE_BIT (CRM_SYNC_SYNCED), CRM_PLACE_ANY_TIME,
    N_("Nothing Sent Yet"), N_("Tasks that the CRM has are listed here.") },
  { "mine", NC_("place", "Assigned to Me"), "avatar-default-symbolic", 0, CRM_PLACE_MINE,
    N_("Nothing Is Assigned to You"), N_("What is to be done by you, here or on the CRM, is listed here.") },
  { "overdue", NC_("place", "Overdue"), "alarm-symbolic", 0, CRM_PLACE_OVERDUE,
    N_("Nothing Is Overdue"), N_("Tasks whose time has passed, and that are not done, are listed here.") },
  { "today", NC_("place", "Today"), "daytime-sunrise-symbolic", 0, CRM_PLACE_TODAY,
    N_("Nothing Is Due Today"), N_("What is to be done today is listed here.") },
  { "week", NC_("place", "Next 7 Days"), "x-office-calendar-symbolic", 0, CRM_PLACE_WEEK,
    N_("A Free Week"), N_("What is to be done in the next 7 days is listed here.") },
};

/**
 * crm_place_get:
 * @i: an index
 *
 * Returns: (transfer none) (nullable): the place there, from top to bottom; %NULL past the last
 */
const CrmPlace *
crm_place_get (guint i)
{
  return i < G_N_ELEMENTS (places) ? &places[i] : NULL;
}

/**
 * crm_place_by_name:
 * @name: (nullable): a name
 *
 * Returns: (transfer none): the place of that name, else the first
 */
const CrmPlace *
crm_place_by_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].name, name) == 0)
      return &places[i];

  return &places[0];
}

/**
 * crm_place_get_index:
 * @self: a place
 *
 * Returns: where it is, from top to bottom
 */
guint
crm_place_get_index (const CrmPlace *self)
{
  g_return_val_if_fail (self >= places && self < places + G_N_ELEMENTS (places), 0);

  return (guint) (self - places);
}

/**
 * crm_place_get_title:
 * @self: a place
 *
 * Returns: (transfer none): what people call it, in their language
 */
const char *
crm_place_get_title (const CrmPlace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "place", self->title);
}

/* The UTC time, as the CRM takes it, when the day begins that is @days after the one of @now. */
static char *
get_day (gint64     now,
         GTimeZone *zone,
         int        days)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now / G_TIME_SPAN_SECOND);
  g_autoptr (GDateTime) here = g_date_time_to_timezone (utc, zone);
  g_autoptr (GDateTime) day = g_date_time_add_days (here, days);
  g_autoptr (GDateTime) begin = g_date_time_new (zone, g_date_time_get_year (day), g_date_time_get_month (day),
                                                 g_date_time_get_day_of_month (day), 0, 0, 0);

  return crm_datetime_to_utc (g_date_time_to_unix (begin));
}

/**
 * crm_place_fill_query:
 * @self: a place
 * @now: microseconds since 1970, UTC
 * @zone: where the days are counted
 * @me: the CRM's id of the user who works here; 0: nobody said
 * @query: gets the conditions of the place
 */
void
crm_place_fill_query (const CrmPlace *self,
                      gint64          now,
                      GTimeZone      *zone,
                      gint64          me,
                      CrmTaskQuery   *query)
{
  g_return_if_fail (self != NULL && zone != NULL && query != NULL);

  query->states = self->states;
  query->open = self->time != CRM_PLACE_ANY_TIME;
  g_clear_pointer (&query->due_from, g_free);
  g_clear_pointer (&query->due_before, g_free);

  switch (self->time)
    {
    case CRM_PLACE_OVERDUE:
      query->due_before = crm_datetime_to_utc (now / G_TIME_SPAN_SECOND);
      break;
    case CRM_PLACE_TODAY:
    case CRM_PLACE_WEEK:
      query->due_from = get_day (now, zone, 0);
      query->due_before = get_day (now, zone, self->time == CRM_PLACE_TODAY ? 1 : 7);
      break;
    case CRM_PLACE_MINE:
      /* No user has that number. */
      query->assignee = me != 0 ? me : -1;
      break;
    case CRM_PLACE_ANY_TIME:
    default:
      break;
    }
}

/**
 * crm_place_count:
 * @self: a place of states
 * @counts: how many tasks are in each state
 *
 * Returns: how many are at the place
 */
gint64
crm_place_count (const CrmPlace  *self,
                 const CrmCounts *counts)
{
  gint64 n = 0;

  g_return_val_if_fail (self != NULL && counts != NULL, 0);

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    if (self->states == 0 || (self->states & STATE_BIT (i)) != 0)
      n += counts->states[i];

  return n;
}

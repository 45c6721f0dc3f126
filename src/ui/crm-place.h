/* crm-place.h: the places of the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

/* When what is shown is due, of what is neither cancelled nor completed. */
typedef enum
{
  CRM_PLACE_ANY_TIME, /* due or not, done or not */
  CRM_PLACE_OVERDUE,
  CRM_PLACE_TODAY,
  CRM_PLACE_WEEK,     /* the next 7 days, today among them */
  CRM_PLACE_MINE,     /* whenever it is due, of what is assigned to who works here */
} CrmPlaceTime;

/* A place shows the tasks in some states, or due at some time. */
/* Tasks at places of time are counted up to here, so that counting stays quick. */
#define CRM_PLACE_MOST_COUNTED 9999

typedef struct
{
  const char   *name;         /* in the settings */
  const char   *title;        /* untranslated */
  const char   *icon_name;
  guint         states;       /* as in CrmTaskQuery */
  CrmPlaceTime  time;
  const char   *empty_title;  /* untranslated */
  const char   *empty_words;  /* untranslated */
} CrmPlace;

const CrmPlace *crm_place_get        (guint            i);
const CrmPlace *crm_place_by_name    (const char      *name);
guint           crm_place_get_index  (const CrmPlace  *self);
const char     *crm_place_get_title  (const CrmPlace  *self);
void            crm_place_fill_query (const CrmPlace  *self,
                                      gint64           now,
                                      GTimeZone       *zone,
                                      gint64           me,
                                      CrmTaskQuery    *query);
gint64          crm_place_count      (const CrmPlace  *self,
                                      const CrmCounts *counts);

G_END_DECLS

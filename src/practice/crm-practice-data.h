/* crm-practice-data.h: the venues, users, contacts, companies, leads and opportunities of the practice CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  CRM_PRACTICE_LIST_VENUES,
  CRM_PRACTICE_LIST_USERS,
  CRM_PRACTICE_LIST_CONTACTS,
  CRM_PRACTICE_LIST_COMPANIES,
  CRM_PRACTICE_LIST_LEADS,
  CRM_PRACTICE_LIST_OPPORTUNITIES,
} CrmPracticeList;

#define CRM_PRACTICE_N_LISTS (CRM_PRACTICE_LIST_OPPORTUNITIES + 1)

/* Members of a row whose name begins with this are not sent: they are there to filter by. */
#define CRM_PRACTICE_HIDDEN '@'

GPtrArray  *crm_practice_data_get_rows (CrmPracticeList list);
JsonObject *crm_practice_data_find     (CrmPracticeList list,
                                        gint64          id);

G_END_DECLS

/* crm-practice-task.h: a task as the practice CRM holds it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An id of 0, a status of -1 and a NULL text mean: not set. Dates are "Y-m-d H:i:s" in UTC. */
typedef struct
{
  gint64  id;
  gint64  venue_id;
  gint64  lead_id;
  gint64  contact_id;
  gint64  company_id;
  gint64  assigned_user_id;
  int     status;
  char   *name;
  char   *end_datetime;
  char   *priority;
  char   *description;
  char   *created_date;
  char   *modified_date;

  /* When it came, for a list that shows new tasks late only; not kept in the file. */
  guint64 born_list;
  gint64  born_time;
} CrmPracticeTask;

CrmPracticeTask *crm_practice_task_new       (void);
CrmPracticeTask *crm_practice_task_copy      (const CrmPracticeTask *self);
void             crm_practice_task_free      (CrmPracticeTask       *self);
JsonNode        *crm_practice_task_to_record (const CrmPracticeTask *self);
CrmPracticeTask *crm_practice_task_from_record (JsonObject          *record);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPracticeTask, crm_practice_task_free)

G_END_DECLS

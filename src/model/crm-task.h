/* crm-task.h: one task as the store last had it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "model/crm-problem.h"
#include "model/crm-sync-state.h"
#include "model/crm-values.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK (crm_task_get_type ())

G_DECLARE_FINAL_TYPE (CrmTask, crm_task, CRM, TASK, GObject)

/* What a task is made of; crm_task_new() takes over what it points to. Times are microseconds since 1970, UTC. */
typedef struct
{
  gint64       local_id;
  gint64       crm_id;        /* 0: none yet */
  gint64       revision;
  CrmSyncState state;
  CrmValues   *values;
  CrmFieldMask dirty;         /* the fields an update would send */
  CrmFieldMask conflict;      /* the fields changed here and on the CRM to different values */
  CrmValues   *theirs;        /* with `conflict`: the CRM's values of them; else NULL */
  char        *names[CRM_N_FIELDS]; /* of what the fields name; NULL: not known here */
  gboolean     may_be_there;  /* an add that was sent and not definitely refused */
  gboolean     discarding;    /* a discard waits for the answer under way */
  gint64       attempts;      /* requests made for this entry that were written */
  gint64       next_attempt;  /* when a queued entry is due; 0: at once */
  CrmProblem  *problem;       /* NULL: none */
  gboolean     typed;         /* something typed of it is not saved yet */
} CrmTaskData;

CrmTask          *crm_task_new              (CrmTaskData *data);
gint64            crm_task_get_local_id     (CrmTask     *self);
gint64            crm_task_get_crm_id       (CrmTask     *self);
gint64            crm_task_get_revision     (CrmTask     *self);
CrmSyncState      crm_task_get_state        (CrmTask     *self);
const CrmValues  *crm_task_get_values       (CrmTask     *self);
CrmFieldMask      crm_task_get_dirty        (CrmTask     *self);
CrmFieldMask      crm_task_get_conflict     (CrmTask     *self);
const CrmValues  *crm_task_get_theirs       (CrmTask     *self);
const char       *crm_task_get_name_of      (CrmTask     *self,
                                             CrmFieldId   field);
gboolean          crm_task_get_may_be_there (CrmTask     *self);
gboolean          crm_task_get_discarding   (CrmTask     *self);
gint64            crm_task_get_attempts     (CrmTask     *self);
gint64            crm_task_get_next_attempt (CrmTask     *self);
const CrmProblem *crm_task_get_problem      (CrmTask     *self);
gboolean          crm_task_get_typed        (CrmTask     *self);
char             *crm_task_get_title        (CrmTask     *self);
CrmTask          *crm_task_copy_as_removed  (CrmTask     *self);

G_END_DECLS

/* crm-attempt.h: one request made for a task, and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-problem.h"

G_BEGIN_DECLS

/* A line of a task's history. Times are microseconds since 1970, UTC. */
typedef struct
{
  gint64      started_at;
  gint64      finished_at; /* 0: cut off, no answer was recorded */
  gint64      revision;
  gint64      entry;       /* which of the task's places in the outbox it was made for */
  gboolean    is_add;
  gint64      signed_at;   /* the time it was signed with; seconds since 1970, UTC, by the CRM's clock */
  char       *body;        /* what was sent */
  char       *raw_answer;  /* NULL: none, or the task is synced since */
  CrmProblem *outcome;     /* class ACCEPTED, or what was wrong; NULL while under way */
} CrmAttempt;

CrmAttempt *crm_attempt_new  (void);
void        crm_attempt_free (CrmAttempt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmAttempt, crm_attempt_free)

G_END_DECLS

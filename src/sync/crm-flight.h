/* crm-flight.h: one entry on its way to the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-answer.h"
#include "store/crm-outbox.h"

G_BEGIN_DECLS

typedef struct
{
  gpointer   owner;           /* the service */
  CrmClaim  *claim;
  gint64     clock_offset;    /* it was signed with */
  gint64     answered_at;
  guint64    accepted_before; /* how much had been accepted when it set out */
  gint64     sent_at;         /* by the clock that never jumps */
  CrmAnswer *answer;
  gboolean   counts;          /* whether the answer may count against the entry */
  guint      record_failures;
  guint      timer;
} CrmFlight;

/* An entry whose answer may be its own fault, or everyone's. */
typedef struct
{
  gint64      local_id;
  gint64      failures;
  gint64      retry_after; /* seconds; -1: not said */
  gboolean    counts;
  CrmProblem *problem;
} CrmSuspect;

CrmFlight  *crm_flight_new        (gpointer         owner,
                                   CrmClaim        *claim);
void        crm_flight_free       (CrmFlight       *self);
CrmSuspect *crm_flight_to_suspect (const CrmFlight *self);
void        crm_suspect_free      (CrmSuspect      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmSuspect, crm_suspect_free)

G_END_DECLS

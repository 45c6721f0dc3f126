/* crm-match.h: which of the CRM's tasks are which of the adds that may have arrived
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-outbox.h"
#include "sync/crm-remote-task.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_MATCH_NONE,
  CRM_MATCH_FOUND,     /* it is `crm_id` */
  CRM_MATCH_AMBIGUOUS, /* more tasks match than entries */
  CRM_MATCH_NEAR,      /* `crm_id` has its name and time, but other fields differ */
} CrmMatchKind;

typedef struct
{
  gint64       local_id;
  CrmMatchKind kind;
  gint64       crm_id;
} CrmMatch;

int     crm_match_compare (const CrmUnsettled *first,
                           const CrmUnsettled *second);
GArray *crm_match_all     (GPtrArray          *unsettled,
                           GPtrArray          *remote);

gboolean crm_match_is_equal_add (const CrmClaim     *claim,
                                 const CrmUnsettled *entry);

G_END_DECLS

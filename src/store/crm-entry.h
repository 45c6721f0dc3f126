/* crm-entry.h: what a person's words and the CRM's answers do to an entry of the outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-row.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* After so many counted attempts an entry waits for a person (DESIGN.md §2). */
#define CRM_MOST_FAILURES 8

/* What an answer says, as the sync service judged it. Times are microseconds since 1970, UTC. */
typedef struct
{
  CrmProblem *answer;       /* its class, codes and words; ACCEPTED too */
  gboolean    written;      /* whether the request was, or may have been, written */
  gint64      id;           /* of an accepted add or update */
  char       *raw;          /* the answer's body, for people; NULL: none */
  gint64      finished_at;
  gint64      next_attempt; /* when to try again if it is to be tried again; 0: at once */
} CrmOutcome;

/* What was sent: the revision and the body's values. */
typedef struct
{
  gint64       revision;
  gboolean     is_add;
  CrmValues   *values;
  CrmFieldMask mask;
} CrmSent;

typedef enum
{
  CRM_ENTRY_KEPT,
  CRM_ENTRY_REMOVED,
  CRM_ENTRY_ALREADY_THERE, /* it was to be discarded, but the CRM has it */
} CrmEntryFate;

/* The first table of DESIGN.md §2. */
gboolean     crm_entry_create   (CrmRow           *row,
                                 const CrmValues  *values,
                                 CrmFieldMask      touched,
                                 gint64            crm_id,
                                 gboolean          draft,
                                 GError          **error);
gboolean     crm_entry_edit     (CrmRow           *row,
                                 const CrmValues  *values,
                                 CrmFieldMask      touched,
                                 CrmEditMode       mode,
                                 GError          **error);
gboolean     crm_entry_apply    (CrmRow           *row,
                                 CrmAction         action,
                                 CrmEntryFate     *fate,
                                 GError          **error);

/* The second. */
void         crm_entry_claim    (CrmRow           *row,
                                 gint64            attempt_id);
CrmFieldMask crm_entry_get_mask (const CrmRow     *row);
CrmEntryFate crm_entry_answer   (CrmRow           *row,
                                 const CrmSent    *sent,
                                 const CrmOutcome *outcome);
CrmEntryFate crm_entry_adopt    (CrmRow           *row,
                                 gint64            crm_id,
                                 GPtrArray        *sent);
void         crm_entry_lose_id  (CrmRow           *row,
                                 gboolean          was_adopted,
                                 CrmProblem       *why);
void         crm_entry_cut_off  (CrmRow           *row,
                                 const CrmSent    *sent);
void         crm_entry_blame    (CrmRow           *row,
                                 const CrmProblem *problem,
                                 gint64            next_attempt,
                                 gint64            now);
CrmEntryFate crm_entry_release  (CrmRow           *row,
                                 gboolean          looked,
                                 gboolean          count);

/* What pulls do. */
gboolean     crm_entry_pull     (CrmRow           *row,
                                 const CrmValues  *remote,
                                 GPtrArray        *doubtful);
gboolean     crm_entry_miss     (CrmRow           *row,
                                 CrmEntryFate     *fate);
gboolean     crm_entry_is_gone  (const CrmRow     *row);
CrmFieldMask crm_entry_resolve  (CrmRow           *row,
                                 CrmFieldMask      touched);
gboolean     crm_entry_choose   (CrmRow           *row,
                                 gint64            revision,
                                 CrmFieldMask      theirs,
                                 GError          **error);

/* Both lean on it. */
CrmEntryFate crm_entry_drop     (CrmRow           *row);

void         crm_outcome_clear  (CrmOutcome       *self);
void         crm_sent_free      (CrmSent          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmSent, crm_sent_free)

G_END_DECLS

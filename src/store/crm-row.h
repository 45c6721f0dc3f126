/* crm-row.h: all that the database keeps of a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-attempt.h"
#include "model/crm-task.h"
#include "store/crm-connection.h"

G_BEGIN_DECLS

/* The columns of `task`; sql/001.sql says what each means. Times are microseconds since 1970, UTC. */
typedef struct
{
  gint64       local_id;
  gint64       crm_id;
  gint64       revision;
  CrmSyncState state;
  CrmValues   *values;
  CrmValues   *confirmed; /* NULL: the values are what the CRM confirmed */
  CrmFieldMask known;     /* with `confirmed`: the fields it is known of */
  CrmFieldMask dirty;
  CrmFieldMask uncertain;
  CrmFieldMask guessed;
  CrmFieldMask conflict;
  CrmValues   *theirs;    /* with `conflict`: the CRM's values of those fields; else NULL */
  gboolean     listed;
  gboolean     may_be_there;
  gboolean     released;
  gboolean     adopted;
  gboolean     discarding;
  gint64       entry;
  gint64       attempts;
  gint64       failures;
  gint64       attempt_id;
  gint64       next_attempt;
  gint64       set_at;
  CrmProblem  *problem;
  char        *names[CRM_N_FIELDS]; /* only for crm_row_to_task(): of what the fields name; NULL: not known here */
  gboolean     typed;     /* only read: something typed of it is not saved */
} CrmRow;

/* How many tasks come to each state, less those that leave it. */
typedef struct
{
  int n[CRM_N_SYNC_STATES];
} CrmStateMoves;

CrmRow   *crm_row_new          (void);
CrmRow   *crm_row_copy         (const CrmRow   *self);
void      crm_row_free         (CrmRow         *self);
CrmRow   *crm_row_load         (CrmConnection  *connection,
                                gint64          local_id,
                                GError        **error);
gboolean  crm_row_insert       (CrmRow         *self,
                                CrmConnection  *connection,
                                GError        **error);
gboolean  crm_row_update       (const CrmRow   *self,
                                CrmConnection  *connection,
                                GError        **error);
gboolean  crm_row_update_moving (const CrmRow  *self,
                                 const CrmRow  *before,
                                 CrmStateMoves *moves,
                                 CrmConnection *connection,
                                 GError       **error);
gboolean  crm_row_update_claimed (const CrmRow  *self,
                                  CrmStateMoves *moves,
                                  CrmConnection *connection,
                                  GError       **error);
gboolean  crm_row_count_moves  (CrmStateMoves  *moves,
                                CrmConnection  *connection,
                                GError        **error);
gboolean  crm_row_delete       (const CrmRow   *self,
                                CrmConnection  *connection,
                                GError        **error);
CrmTask  *crm_row_to_task      (const CrmRow   *self);
CrmValues *crm_row_get_confirmed (const CrmRow *self,
                                  CrmFieldMask *known);
gboolean  crm_row_find_crm_id  (CrmConnection  *connection,
                                gint64          crm_id,
                                gint64         *local_id,
                                GError        **error);

gboolean  crm_row_remove_pulled (CrmConnection  *connection,
                                 gint64         *local_id,
                                 GError        **error);

char     *crm_row_join_messages  (GStrv         messages);
GStrv     crm_row_split_messages (const char   *joined);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmRow, crm_row_free)

G_END_DECLS

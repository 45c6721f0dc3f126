/* crm-sync-state.h: where a task stands between here and the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The states of DESIGN.md §2: in the database, on the command line, in the window and in the tests. */
typedef enum
{
  CRM_SYNC_DRAFT,
  CRM_SYNC_QUEUED,
  CRM_SYNC_SENDING,
  CRM_SYNC_FAILED,
  CRM_SYNC_UNCONFIRMED,
  CRM_SYNC_SYNCED,
  CRM_N_SYNC_STATES,

  /* Of a task that is no longer kept; never in the database. */
  CRM_SYNC_REMOVED = CRM_N_SYNC_STATES,
} CrmSyncState;

const char *crm_sync_state_get_nick      (CrmSyncState  state);
const char *crm_sync_state_get_words     (CrmSyncState  state);
const char *crm_sync_state_get_icon_name (CrmSyncState  state);
gboolean    crm_sync_state_from_nick     (const char   *nick,
                                          CrmSyncState *state);

G_END_DECLS

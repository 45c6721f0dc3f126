/* crm-sync-state.c: where a task stands between here and the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-sync-state.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *nick;
  const char *words;
  const char *icon_name;
} states[CRM_N_SYNC_STATES + 1] = {
  [CRM_SYNC_DRAFT] = { "draft", NC_("state", "Draft"), "crm-draft-symbolic" },
  [CRM_SYNC_QUEUED] = { "queued", NC_("state", "Waiting"), "crm-waiting-symbolic" },
  [CRM_SYNC_SENDING] = { "sending", NC_("state", "Sending"), "crm-sending-symbolic" },
  [CRM_SYNC_FAILED] = { "failed", NC_("state", "Needs attention"), "crm-failed-symbolic" },
  [CRM_SYNC_UNCONFIRMED] = { "unconfirmed", NC_("state", "Unconfirmed"), "crm-unconfirmed-symbolic" },
  [CRM_SYNC_SYNCED] = { "synced", NC_("state", "Sent"), "crm-sent-symbolic" },
  [CRM_SYNC_REMOVED] = { "removed", NC_("state", "Removed"), "crm-failed-symbolic" },
};

/**
 * crm_sync_state_get_nick:
 * @state: a state
 *
 * Returns: (transfer none): its name in the database and on the command line. Any thread.
 */
const char *
crm_sync_state_get_nick (CrmSyncState state)
{
  g_return_val_if_fail (state <= CRM_SYNC_REMOVED, NULL);

  return states[state].nick;
}

/**
 * crm_sync_state_get_words:
 * @state: a state
 *
 * Returns: (transfer none): the words that people see for it. Any thread.
 */
const char *
crm_sync_state_get_words (CrmSyncState state)
{
  g_return_val_if_fail (state <= CRM_SYNC_REMOVED, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "state", states[state].words);
}

/**
 * crm_sync_state_get_icon_name:
 * @state: a state
 *
 * Returns: (transfer none): the icon shown beside the words. Any thread.
 */
const char *
crm_sync_state_get_icon_name (CrmSyncState state)
{
  g_return_val_if_fail (state <= CRM_SYNC_REMOVED, NULL);

  return states[state].icon_name;
}

/**
 * crm_sync_state_from_nick:
 * @nick: (nullable): a name
 * @state: (out): the state of that name; never %CRM_SYNC_REMOVED
 *
 * Returns: whether there is one. Any thread.
 */
gboolean
crm_sync_state_from_nick (const char   *nick,
                          CrmSyncState *state)
{
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    if (g_strcmp0 (states[i].nick, nick) == 0)
      {
        *state = i;
        return TRUE;
      }

  return FALSE;
}

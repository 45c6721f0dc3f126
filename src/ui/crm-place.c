/* crm-place.c: the places of the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-place.h"

#include <glib/gi18n-lib.h>

#define STATE_BIT(state) (1u << (state))

static const CrmPlace places[] = {
  { "all", N_("All Tasks"), "view-list-bullet-symbolic", 0,
    N_("No Tasks Yet"), N_("What you write is kept here, and sent to the CRM by itself.") },
  { "attention", N_("Needs Attention"), "crm-failed-symbolic", STATE_BIT (CRM_SYNC_FAILED),
    N_("All Is Well"), N_("Tasks that the CRM does not accept wait here, with the reason.") },
  { "waiting", N_("Waiting"), "crm-waiting-symbolic", STATE_BIT (CRM_SYNC_QUEUED) | STATE_BIT (CRM_SYNC_SENDING),
    N_("Nothing Waits"), N_("Tasks that are still to be sent are listed here.") },
  { "unconfirmed", N_("Unconfirmed"), "crm-unconfirmed-symbolic", STATE_BIT (CRM_SYNC_UNCONFIRMED),
    N_("Nothing Unconfirmed"), N_("Tasks whose answer was lost are looked for on the CRM, and listed here meanwhile.") },
  { "drafts", N_("Drafts"), "crm-draft-symbolic", STATE_BIT (CRM_SYNC_DRAFT),
    N_("No Drafts"), N_("Drafts are kept here and not sent until you say so.") },
  { "sent", N_("Sent"), "crm-sent-symbolic", STATE_BIT (CRM_SYNC_SYNCED),
    N_("Nothing Sent Yet"), N_("Tasks that the CRM has are listed here.") },
};

/**
 * crm_place_get:
 * @i: an index
 *
 * Returns: (transfer none) (nullable): the place there, from top to bottom; %NULL past the last
 */
const CrmPlace *
crm_place_get (guint i)
{
  return i < G_N_ELEMENTS (places) ? &places[i] : NULL;
}

/**
 * crm_place_by_name:
 * @name: (nullable): a name
 *
 * Returns: (transfer none): the place of that name, else the first
 */
const CrmPlace *
crm_place_by_name (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (places[i].name, name) == 0)
      return &places[i];

  return &places[0];
}

/**
 * crm_place_get_index:
 * @self: a place
 *
 * Returns: where it is, from top to bottom
 */
guint
crm_place_get_index (const CrmPlace *self)
{
  g_return_val_if_fail (self >= places && self < places + G_N_ELEMENTS (places), 0);

  return (guint) (self - places);
}

/**
 * crm_place_count:
 * @self: a place
 * @counts: how many tasks are in each state
 *
 * Returns: how many are at the place
 */
gint64
crm_place_count (const CrmPlace  *self,
                 const CrmCounts *counts)
{
  gint64 n = 0;

  g_return_val_if_fail (self != NULL && counts != NULL, 0);

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    if (self->states == 0 || (self->states & STATE_BIT (i)) != 0)
      n += counts->states[i];

  return n;
}

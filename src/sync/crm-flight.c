/* crm-flight.c: one entry on its way to the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-flight.h"

/**
 * crm_flight_new:
 * @owner: (not nullable): the service; held until the flight is freed
 * @claim: (transfer full): what is sent
 *
 * Returns: (transfer full): a flight without an answer
 */
CrmFlight *
crm_flight_new (gpointer  owner,
                CrmClaim *claim)
{
  CrmFlight *self = g_new0 (CrmFlight, 1);

  self->owner = g_object_ref (owner);
  self->claim = claim;

  return self;
}

/**
 * crm_flight_free:
 * @self: (transfer full): a flight that has ended
 */
void
crm_flight_free (CrmFlight *self)
{
  crm_claim_free (self->claim);
  g_clear_pointer (&self->answer, crm_answer_free);
  g_object_unref (self->owner);
  g_free (self);
}

/**
 * crm_flight_to_suspect:
 * @self: a flight that was answered
 *
 * Returns: (transfer full): what is needed to judge it later
 */
CrmSuspect *
crm_flight_to_suspect (const CrmFlight *self)
{
  CrmSuspect *suspect = g_new0 (CrmSuspect, 1);

  suspect->local_id = self->claim->local_id;
  suspect->failures = self->claim->failures;
  suspect->retry_after = self->answer->retry_after;
  suspect->counts = self->counts;
  suspect->problem = crm_problem_copy (self->answer->outcome);

  return suspect;
}

/**
 * crm_suspect_free:
 * @self: (transfer full): a suspect
 */
void
crm_suspect_free (CrmSuspect *self)
{
  crm_problem_free (self->problem);
  g_free (self);
}

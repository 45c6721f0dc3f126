/* crm-attempt.c: one request made for a task, and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-attempt.h"

/**
 * crm_attempt_new:
 *
 * Returns: (transfer full): an attempt, to be filled in
 */
CrmAttempt *
crm_attempt_new (void)
{
  return g_new0 (CrmAttempt, 1);
}

/**
 * crm_attempt_free:
 * @self: (transfer full) (nullable): an attempt
 */
void
crm_attempt_free (CrmAttempt *self)
{
  if (self == NULL)
    return;

  g_free (self->body);
  g_free (self->raw_answer);
  crm_problem_free (self->outcome);
  g_free (self);
}

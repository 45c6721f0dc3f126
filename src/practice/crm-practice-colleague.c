/* crm-practice-colleague.c: somebody who works on the practice CRM itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-server-private.h"

#include "practice/crm-practice-json.h"
#include "practice/crm-practice-rules.h"

#include <string.h>

/**
 * crm_practice_server_colleague_edit:
 * @self: a server that runs
 * @changes: what addOrUpdateTask takes, as JSON: with an `id` a change, without one a new task
 *
 * Does what another client would have asked for.
 *
 * Returns: the task's id; 0 when the CRM refuses it
 */
gint64
crm_practice_server_colleague_edit (CrmPracticeServer *self,
                                    const char        *changes)
{
  g_autofree char *now = NULL;
  g_autoptr (JsonNode) body = NULL;
  CrmPracticeRefusal *refusal = NULL;
  CrmPracticeTask *task;

  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), 0);
  g_return_val_if_fail (changes != NULL, 0);

  now = crm_practice_server_format_now (self);
  body = crm_practice_json_parse (changes, strlen (changes));
  task = crm_practice_rules_judge (self->store, body, now, &refusal);
  if (task == NULL)
    {
      crm_practice_refusal_free (refusal);
      return 0;
    }

  crm_practice_store_put_async (self->store, task, NULL, NULL, NULL);
  return task->id;
}

/**
 * crm_practice_server_colleague_delete:
 * @self: a server that runs
 * @id: a task's id
 *
 * The API has no such call, but the CRM's own pages have.
 *
 * Returns: whether there was such a task
 */
gboolean
crm_practice_server_colleague_delete (CrmPracticeServer *self,
                                      gint64             id)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_SERVER (self), FALSE);

  return crm_practice_store_remove (self->store, id);
}

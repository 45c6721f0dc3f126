/* crm-answer-class.c: what an answer of the CRM means for the outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-answer-class.h"

static const char *const nicks[CRM_N_ANSWER_CLASSES] = { "accepted", "rejected", "trouble",   "throttled",  "account",
                                                         "clock",    "not-sent", "not-a-crm", "unconfirmed" };

/**
 * crm_answer_class_get_nick:
 * @klass: a class
 *
 * Returns: (transfer none): its name in the database and on the command line (DESIGN.md §6). Any thread.
 */
const char *
crm_answer_class_get_nick (CrmAnswerClass klass)
{
  g_return_val_if_fail (klass < CRM_N_ANSWER_CLASSES, NULL);

  return nicks[klass];
}

/**
 * crm_answer_class_from_nick:
 * @nick: (nullable): a name
 * @klass: (out): the class of that name
 *
 * Returns: whether there is one. Any thread.
 */
gboolean
crm_answer_class_from_nick (const char     *nick,
                            CrmAnswerClass *klass)
{
  for (guint i = 0; i < CRM_N_ANSWER_CLASSES; i++)
    if (g_strcmp0 (nicks[i], nick) == 0)
      {
        *klass = i;
        return TRUE;
      }

  return FALSE;
}

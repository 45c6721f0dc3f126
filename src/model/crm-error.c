/* crm-error.c: errors in words for people, and the CRM's codes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (crm-error-quark, crm_error)

/* API.md §1. */
static const struct
{
  gint64         code;
  CrmAnswerClass klass;
  const char    *words;
} specific_codes[] = {
  { 24389, CRM_ANSWER_REJECTED, N_("The lead or opportunity does not exist") },
  { 24390, CRM_ANSWER_REJECTED, N_("The contact does not exist") },
  { 24391, CRM_ANSWER_REJECTED, N_("The company does not exist") },
  { 24392, CRM_ANSWER_REJECTED, N_("The task does not exist on the CRM any more") },
  { 24393, CRM_ANSWER_TROUBLE, N_("The CRM had an error of its own") },
  { 24394, CRM_ANSWER_REJECTED, N_("The CRM accepted the values but could not keep the task") },
  { 24395, CRM_ANSWER_REJECTED, N_("The CRM found a value that is not valid") },
  { 24396, CRM_ANSWER_REJECTED, N_("A task belongs to either a contact, a company or an opportunity or lead") },
  { 23005, CRM_ANSWER_CLOCK, N_("The clock of this computer and the CRM’s are over 5 minutes apart") },
  { 23016, CRM_ANSWER_REJECTED, N_("The CRM does not take one of the values") },
  { 23017, CRM_ANSWER_REJECTED, N_("The CRM requires a value that is missing") },
};

/**
 * crm_specific_code_lookup:
 * @code: a `specificCode` of the CRM
 * @klass: (out) (optional): the class of an answer that carries it
 * @words: (out) (optional) (transfer none): what it means, in people's language
 *
 * The table of API.md §1. Any thread.
 *
 * Returns: whether the code is known
 */
gboolean
crm_specific_code_lookup (gint64           code,
                          CrmAnswerClass  *klass,
                          const char     **words)
{
  for (guint i = 0; i < G_N_ELEMENTS (specific_codes); i++)
    if (specific_codes[i].code == code)
      {
        if (klass != NULL)
          *klass = specific_codes[i].klass;
        if (words != NULL)
          *words = _(specific_codes[i].words);
        return TRUE;
      }

  return FALSE;
}

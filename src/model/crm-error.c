/* crm-error.c: errors in words for people, and the CRM's codes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

/* What the CRM says in the same words each time (API.md §1), of a field or of the whole task. */
static const char *const messages[] = {
  NC_("said by the CRM", "Invalid item selected"),
  NC_("said by the CRM", "Invalid value"),
  NC_("said by the CRM", "Unknown key"),
  NC_("said by the CRM", "Value is required"),
  NC_("said by the CRM", "Value is required and can't be empty"),
  NC_("said by the CRM", "Value is required for an opportunity"),
  NC_("said by the CRM", "Value must be a date and time as Y-m-d H:i:s"),
  NC_("said by the CRM", "Value must be a whole number"),
  NC_("said by the CRM", "Value must be a whole number greater than 0"),
  NC_("said by the CRM", "Value must be a string"),
  NC_("said by the CRM", "The task could not be saved"),
  NC_("said by the CRM", "The request contains invalid data"),
  NC_("said by the CRM", "An error has occurred"),
  NC_("said by the CRM", "Bad request"),
  NC_("said by the CRM", "Unauthorized"),
  NC_("said by the CRM", "Forbidden"),
  NC_("said by the CRM", "Not found"),
  NC_("said by the CRM", "Too many requests"),
  NC_("said by the CRM", "Unknown error"),
  NC_("said by the CRM", "Failed request"),
  NC_("said by the CRM", "Session expired"),
  NC_("said by the CRM", "The API key was revoked"),
  NC_("said by the CRM", "Internal server error"),
  NC_("said by the CRM", "Service unavailable"),
};

/* The same, around the key of a field. */
static const struct
{
  const char *end;
  const char *words;
} quoting_messages[] = {
  /* Translators: the name of a field in the language of programs, as “endDatetime” */
  { "' is required", NC_("said by the CRM", "'%s' is required") },
  { "' does not validate", NC_("said by the CRM", "'%s' does not validate") },
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

/**
 * crm_known_message_words:
 * @message: what the CRM said, without the field it names in front and without emphasis
 *
 * What the CRM always says in the same words is translated; any other text is people’s own, and is left as it came.
 * Any thread.
 *
 * Returns: (transfer full) (nullable): @message in people’s language; %NULL when it is no known one
 */
char *
crm_known_message_words (const char *message)
{
  g_return_val_if_fail (message != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    if (g_str_equal (messages[i], message))
      return g_strdup (g_dpgettext2 (GETTEXT_PACKAGE, "said by the CRM", messages[i]));

  for (guint i = 0; i < G_N_ELEMENTS (quoting_messages); i++)
    {
      gsize length = strlen (message);
      gsize end = strlen (quoting_messages[i].end);

      if (message[0] == '\'' && length > end + 1 && strcmp (message + length - end, quoting_messages[i].end) == 0)
        {
          g_autofree char *key = g_strndup (message + 1, length - end - 1);
          GString *words = g_string_new (g_dpgettext2 (GETTEXT_PACKAGE, "said by the CRM", quoting_messages[i].words));

          g_string_replace (words, "%s", key, 1);
          return g_string_free (words, FALSE);
        }
    }

  return NULL;
}

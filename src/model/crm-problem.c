/* crm-problem.c: why the CRM did not take a task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-problem.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>

G_DEFINE_BOXED_TYPE (CrmProblem, crm_problem, crm_problem_copy, crm_problem_free)

static GStrv
pick_messages (const CrmProblem *self,
               gboolean          with_field,
               CrmFieldId        wanted)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  const char *alone[] = { self->message, NULL };
  gboolean has_more = self->additional_messages != NULL && self->additional_messages[0] != NULL;
  const char *const *messages = has_more ? (const char *const *) self->additional_messages : alone;

  for (guint i = 0; messages[i] != NULL; i++)
    {
      CrmFieldId field = 0;
      g_autofree char *words = NULL;
      gboolean named = crm_field_of_message (messages[i], &field, &words);

      if (*words != '\0' && (with_field ? named && field == wanted : !named))
        g_strv_builder_add (builder, words);
    }

  return g_strv_builder_end (builder);
}

/**
 * crm_problem_new:
 * @klass: what the answer means
 *
 * Returns: (transfer full): a problem with no code and no words, to be filled in
 */
CrmProblem *
crm_problem_new (CrmAnswerClass klass)
{
  CrmProblem *self = g_new0 (CrmProblem, 1);

  self->klass = klass;

  return self;
}

/**
 * crm_problem_copy:
 * @self: (nullable): a problem
 *
 * Returns: (transfer full) (nullable): a copy of its own
 */
CrmProblem *
crm_problem_copy (const CrmProblem *self)
{
  CrmProblem *copy;

  if (self == NULL)
    return NULL;

  copy = g_memdup2 (self, sizeof *self);
  copy->message = g_strdup (self->message);
  copy->additional_messages = g_strdupv (self->additional_messages);

  return copy;
}

/**
 * crm_problem_free:
 * @self: (transfer full) (nullable): a problem
 */
void
crm_problem_free (CrmProblem *self)
{
  if (self == NULL)
    return;

  g_free (self->message);
  g_strfreev (self->additional_messages);
  g_free (self);
}

/**
 * crm_problem_get_code:
 * @self: a problem
 *
 * Returns: the code to show and to group by: the specific one, else the general one, else 0
 */
gint64
crm_problem_get_code (const CrmProblem *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->specific_code != 0 ? self->specific_code : self->error_code;
}

/**
 * crm_problem_get_title:
 * @self: a problem
 *
 * Returns: (transfer full): what the code means, in a sentence for people, without the code
 */
char *
crm_problem_get_title (const CrmProblem *self)
{
  const char *known = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (crm_specific_code_lookup (self->specific_code, NULL, &known))
    return g_strdup (known);

  if (self->message != NULL && *self->message != '\0')
    {
      CrmFieldId field;
      g_autofree char *words = NULL;

      crm_field_of_message (self->message, &field, &words);
      if (*words != '\0')
        return g_steal_pointer (&words);
    }

  switch (self->klass)
    {
    case CRM_ANSWER_UNCONFIRMED:
      return g_strdup (_("No clear answer came from the CRM"));
    case CRM_ANSWER_NOT_SENT:
      return g_strdup (_("The CRM could not be reached"));
    case CRM_ANSWER_TROUBLE:
      return g_strdup (_("The CRM had an error of its own"));
    case CRM_ANSWER_ACCEPTED:
    case CRM_ANSWER_REJECTED:
    case CRM_ANSWER_THROTTLED:
    case CRM_ANSWER_ACCOUNT:
    case CRM_ANSWER_CLOCK:
    case CRM_ANSWER_NOT_A_CRM:
    default:
      return g_strdup (_("The CRM did not accept the task"));
    }
}

/**
 * crm_problem_get_words:
 * @self: a problem
 *
 * Returns: (transfer full): one line for people: the first field at fault and what the CRM says of it, else
 * what the code means; the code at the end, as “Opportunity or lead: Invalid item selected (24395)”
 */
char *
crm_problem_get_words (const CrmProblem *self)
{
  g_autofree char *words = NULL;
  gint64 code;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; words == NULL && self->additional_messages != NULL && self->additional_messages[i] != NULL; i++)
    {
      CrmFieldId field = 0;
      g_autofree char *said = NULL;

      if (crm_field_of_message (self->additional_messages[i], &field, &said) && *said != '\0')
        /* Translators: a field, and what is said of it */
        words = g_strdup_printf (_("%s: %s"), crm_field_get_label (field), said);
    }

  if (words == NULL && !crm_specific_code_lookup (self->specific_code, NULL, NULL))
    {
      g_auto (GStrv) others = crm_problem_get_other_messages (self);

      words = g_strdup (others[0]);
    }

  if (words == NULL)
    words = crm_problem_get_title (self);

  code = crm_problem_get_code (self);
  if (code == 0)
    return g_steal_pointer (&words);

  return g_strdup_printf ("%s (%" G_GINT64_FORMAT ")", words, code);
}

/**
 * crm_problem_get_field_messages:
 * @self: a problem
 * @field: a field
 *
 * Returns: (transfer full): what the CRM says of @field, plain text; empty when it says nothing
 */
GStrv
crm_problem_get_field_messages (const CrmProblem *self,
                                CrmFieldId        field)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pick_messages (self, TRUE, field);
}

/**
 * crm_problem_get_other_messages:
 * @self: a problem
 *
 * Returns: (transfer full): what the CRM says without naming a field, plain text; empty when there is nothing
 */
GStrv
crm_problem_get_other_messages (const CrmProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return pick_messages (self, FALSE, 0);
}

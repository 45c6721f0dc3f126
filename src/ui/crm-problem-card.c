/* crm-problem-card.c: why the CRM did not take a task, above its fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-problem-card.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* API.md §1: the task does not exist on the CRM, so that it can be sent as a new one. */
#define CODE_NO_SUCH_TASK 24392

struct _CrmProblemCard
{
  AdwPreferencesGroup  parent_instance;

  AdwActionRow        *row;
  GtkWidget           *as_new_row;
};

G_DEFINE_FINAL_TYPE (CrmProblemCard, crm_problem_card, ADW_TYPE_PREFERENCES_GROUP)

static char *
write_details (const CrmProblem *problem,
               const char       *title)
{
  g_auto (GStrv) others = crm_problem_get_other_messages (problem);
  g_autoptr (GString) words = g_string_new (NULL);
  gint64 code = crm_problem_get_code (problem);

  for (guint i = 0; others[i] != NULL; i++)
    if (!g_str_equal (others[i], title))
      g_string_append_printf (words, "%s%s", words->len > 0 ? "\n" : "", others[i]);
  if (code != 0)
    {
      if (words->len > 0)
        g_string_append_c (words, '\n');
      g_string_append_printf (words, _("Code %" PRId64), code);
    }

  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
crm_problem_card_class_init (CrmProblemCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-problem-card.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmProblemCard, row);
  gtk_widget_class_bind_template_child (widget_class, CrmProblemCard, as_new_row);
}

static void
crm_problem_card_init (CrmProblemCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_problem_card_set_task:
 * @self: a card
 * @task: (nullable): a task; the card hides unless it needs attention
 */
void
crm_problem_card_set_task (CrmProblemCard *self,
                           CrmTask        *task)
{
  const CrmProblem *problem;
  g_autofree char *title = NULL;
  g_autofree char *details = NULL;

  g_return_if_fail (CRM_IS_PROBLEM_CARD (self));

  problem = task != NULL && crm_task_get_state (task) == CRM_SYNC_FAILED ? crm_task_get_problem (task) : NULL;
  /* What was changed on both sides has a card of its own. */
  if (problem != NULL && crm_task_get_conflict (task) != 0 && crm_problem_get_code (problem) == 0)
    problem = NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), problem != NULL);
  if (problem == NULL)
    return;

  title = crm_problem_get_title (problem);
  details = write_details (problem, title);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
  adw_action_row_set_subtitle (self->row, details);
  gtk_widget_set_visible (self->as_new_row, problem->specific_code == CODE_NO_SUCH_TASK);
}

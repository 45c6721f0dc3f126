/* crm-history-dialog.c: what was sent of a task, and what the CRM answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-history-dialog.h"

#include "model/crm-shown-text.h"
#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

struct _CrmHistoryDialog
{
  AdwWindow            parent_instance;

  AdwToastOverlay     *toasts;
  GtkStack            *stack;
  AdwPreferencesGroup *group;

  char                *text; /* all of it, for the clipboard */
};

G_DEFINE_FINAL_TYPE (CrmHistoryDialog, crm_history_dialog, ADW_TYPE_WINDOW)

static char *
write_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) here = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return here != NULL ? g_date_time_format (here, "%Y-%m-%d %H:%M:%S %Z") : g_strdup ("");
}

static const char *
get_class_words (const CrmAttempt *attempt)
{
  if (attempt->outcome == NULL)
    return attempt->finished_at == 0 ? C_("outcome", "No answer is known") : C_("outcome", "Answered");

  switch (attempt->outcome->klass)
    {
    case CRM_ANSWER_ACCEPTED:
      return C_("outcome", "Accepted");
    case CRM_ANSWER_REJECTED:
      return C_("outcome", "Not accepted");
    case CRM_ANSWER_TROUBLE:
      return C_("outcome", "The CRM had an error of its own");
    case CRM_ANSWER_THROTTLED:
      return C_("outcome", "Too many requests");
    case CRM_ANSWER_ACCOUNT:
      return C_("outcome", "The account was refused");
    case CRM_ANSWER_CLOCK:
      return C_("outcome", "The clocks are too far apart");
    case CRM_ANSWER_NOT_SENT:
      return C_("outcome", "Not sent");
    case CRM_ANSWER_NOT_A_CRM:
      return C_("outcome", "Not an answer of a CRM");
    case CRM_ANSWER_UNCONFIRMED:
    default:
      return C_("outcome", "No clear answer");
    }
}

static char *
write_outcome (const CrmAttempt *attempt)
{
  g_autoptr (GString) words = g_string_new (get_class_words (attempt));
  const CrmProblem *outcome = attempt->outcome;

  if (outcome != NULL && outcome->http_status != 0)
    g_string_append_printf (words, " · HTTP %u", outcome->http_status);
  if (outcome != NULL && crm_problem_get_code (outcome) != 0)
    g_string_append_printf (words, _(" · code %" PRId64), crm_problem_get_code (outcome));

  return g_string_free (g_steal_pointer (&words), FALSE);
}

static void
add_text (AdwExpanderRow *row,
          const char     *title,
          const char     *text)
{
  g_autofree char *shown = crm_shown_text (text);
  GtkWidget *line;

  if (text == NULL || *text == '\0')
    return;

  line = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", shown, "subtitle-lines", 0,
                       NULL);
  adw_expander_row_add_row (row, line);
}

static void
add_attempt (CrmHistoryDialog *self,
             const CrmAttempt *attempt,
             GString          *all)
{
  g_autofree char *time = write_time (attempt->started_at);
  g_autofree char *outcome = write_outcome (attempt);
  g_autofree char *messages = NULL;
  AdwExpanderRow *row;

  if (attempt->outcome != NULL && attempt->outcome->additional_messages != NULL)
    messages = g_strjoinv ("\n", attempt->outcome->additional_messages);

  row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "title", outcome, "subtitle", time, NULL);
  if (attempt->outcome != NULL && attempt->outcome->message != NULL)
    add_text (row, C_("what the CRM said", "Message"), attempt->outcome->message);
  add_text (row, C_("what the CRM said", "Messages"), messages);
  add_text (row, _("What was sent"), attempt->body);
  add_text (row, _("What the CRM answered"), attempt->raw_answer);
  adw_preferences_group_add (self->group, GTK_WIDGET (row));

  g_string_append_printf (all, "%s  %s\n", time, outcome);
  if (attempt->outcome != NULL && attempt->outcome->message != NULL)
    g_string_append_printf (all, "%s\n", attempt->outcome->message);
  if (messages != NULL && *messages != '\0')
    g_string_append_printf (all, "%s\n", messages);
  g_string_append_printf (all, "> %s\n", attempt->body != NULL ? attempt->body : "");
  g_string_append_printf (all, "< %s\n\n", attempt->raw_answer != NULL ? attempt->raw_answer : "");
}

static void
copy_cb (CrmHistoryDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (C_("done", "Copied")));
}

static void
crm_history_dialog_finalize (GObject *object)
{
  g_free (CRM_HISTORY_DIALOG (object)->text);

  G_OBJECT_CLASS (crm_history_dialog_parent_class)->finalize (object);
}

static void
crm_history_dialog_class_init (CrmHistoryDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = crm_history_dialog_finalize;

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-history-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmHistoryDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, CrmHistoryDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, CrmHistoryDialog, group);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
}

static void
crm_history_dialog_init (CrmHistoryDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_history_dialog_new:
 * @parent: the window it belongs to
 * @attempts: (element-type CrmAttempt): a task's attempts, oldest first
 *
 * Returns: (transfer none): a window that shows them, the latest on top
 */
GtkWidget *
crm_history_dialog_new (GtkWindow *parent,
                        GPtrArray *attempts)
{
  CrmHistoryDialog *self;
  g_autoptr (GString) all = g_string_new (NULL);

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (attempts != NULL, NULL);

  self = g_object_new (CRM_TYPE_HISTORY_DIALOG, "transient-for", parent, NULL);
  for (guint i = attempts->len; i > 0; i--)
    add_attempt (self, attempts->pdata[i - 1], all);

  self->text = g_string_free (g_steal_pointer (&all), FALSE);
  gtk_stack_set_visible_child_name (self->stack, attempts->len > 0 ? "attempts" : "empty");

  return GTK_WIDGET (self);
}

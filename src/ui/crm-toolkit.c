/* crm-toolkit.c: what differs between the versions of the toolkit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

/* Everywhere else meson.build allows what the oldest version has, so that it builds there. Here what newer ones have is
 * used where they are there: without these macros all that the installed version has is allowed. */
#undef ADW_VERSION_MAX_ALLOWED
#undef GDK_VERSION_MAX_ALLOWED

#include "ui/crm-toolkit.h"

#include <adwaita.h>

/* Not here: AdwLeaflet and AdwFlap, the widgets of 1.2 that are deprecated later and have no other there. */

#if ADW_CHECK_VERSION(1, 5, 0)

static GObject *
open_question (GtkWindow       *parent,
               const char      *question,
               const char      *words,
               const CrmAnswer *answers)
{
  AdwDialog *dialog = adw_alert_dialog_new (question, words);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  for (const CrmAnswer *answer = answers; answer->id != NULL; answer++)
    {
      adw_alert_dialog_add_response (alert, answer->id, answer->label);
      if (answer->destroys)
        adw_alert_dialog_set_response_appearance (alert, answer->id, ADW_RESPONSE_DESTRUCTIVE);
    }
  adw_alert_dialog_set_close_response (alert, answers[0].id);
  adw_dialog_present (dialog, GTK_WIDGET (parent));

  return G_OBJECT (dialog);
}

static void
close_question (gpointer dialog)
{
  adw_dialog_force_close (dialog);
}

static void
show_about (GtkWindow  *parent,
            const char *first_property,
            va_list     properties)
{
  AdwDialog *dialog = ADW_DIALOG (g_object_new_valist (ADW_TYPE_ABOUT_DIALOG, first_property, properties));

  adw_dialog_present (dialog, GTK_WIDGET (parent));
}

#else

static GObject *
open_question (GtkWindow       *parent,
               const char      *question,
               const char      *words,
               const CrmAnswer *answers)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, question, words);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);

  for (const CrmAnswer *answer = answers; answer->id != NULL; answer++)
    {
      adw_message_dialog_add_response (message, answer->id, answer->label);
      if (answer->destroys)
        adw_message_dialog_set_response_appearance (message, answer->id, ADW_RESPONSE_DESTRUCTIVE);
    }
  adw_message_dialog_set_close_response (message, answers[0].id);
  gtk_window_set_modal (GTK_WINDOW (dialog), FALSE);
  gtk_window_present (GTK_WINDOW (dialog));

  return G_OBJECT (dialog);
}

static void
close_question (gpointer dialog)
{
  gtk_window_close (dialog);
}

static void
show_about (GtkWindow  *parent,
            const char *first_property,
            va_list     properties)
{
  GtkWindow *window = GTK_WINDOW (g_object_new_valist (ADW_TYPE_ABOUT_WINDOW, first_property, properties));

  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}

#endif

typedef struct
{
  GTask *task;         /* NULL: answered */
  char  *closing_means;
} Question;

static void
answer (Question   *question,
        const char *id)
{
  g_autoptr (GTask) task = g_steal_pointer (&question->task);

  if (task != NULL)
    g_task_return_pointer (task, g_strdup (id), g_free);
}

static void
answered_cb (GObject    *dialog,
             const char *id,
             gpointer    user_data)
{
  answer (user_data, id);
}

/* It may go unanswered. */
static void
gone_cb (gpointer  data,
         GClosure *closure)
{
  Question *question = data;

  answer (question, question->closing_means);
  g_free (question->closing_means);
  g_free (question);
}

/**
 * crm_ask_async:
 * @parent: (nullable): the window it is asked in; when it goes, so does the question
 * @question: in a few words
 * @words: what to know before answering
 * @answers: (array): ended by one whose id is %NULL; the first is also what closing the question means
 * @callback: called once in any case, in the main thread
 * @user_data: given to @callback
 *
 * Asks a question. What is given is copied.
 */
void
crm_ask_async (GtkWindow           *parent,
               const char          *question,
               const char          *words,
               const CrmAnswer     *answers,
               GAsyncReadyCallback  callback,
               gpointer             user_data)
{
  Question *asked;
  GObject *dialog;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));
  g_return_if_fail (question != NULL && words != NULL && answers != NULL && answers[0].id != NULL && callback != NULL);

  asked = g_new0 (Question, 1);
  asked->task = g_task_new (NULL, NULL, callback, user_data);
  asked->closing_means = g_strdup (answers[0].id);
  g_task_set_source_tag (asked->task, crm_ask_async);

  dialog = open_question (parent, question, words, answers);
  g_signal_connect_data (dialog, "response", G_CALLBACK (answered_cb), asked, gone_cb, 0);
  /* Not when it is disposed: what waits for the answer may hold it. */
  if (parent != NULL)
    g_signal_connect_object (parent, "unmap", G_CALLBACK (close_question), dialog, G_CONNECT_SWAPPED);
}

/**
 * crm_ask_finish:
 * @result: what the callback was given
 *
 * Returns: (transfer full): the id of the answer
 */
char *
crm_ask_finish (GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/**
 * crm_show_about:
 * @parent: (nullable): the window it is shown in
 * @first_property: a property that both AdwAboutWindow and AdwAboutDialog have
 * @...: its value, then more of them, then %NULL
 *
 * Shows what this program is.
 */
void
crm_show_about (GtkWindow  *parent,
                const char *first_property,
                ...)
{
  va_list properties;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));

  va_start (properties, first_property);
  show_about (parent, first_property, properties);
  va_end (properties);
}

/**
 * crm_button_set_can_shrink:
 * @button: a button with a label
 * @can_shrink: whether its label may be cut short where there is no room
 */
void
crm_button_set_can_shrink (GtkButton *button,
                           gboolean   can_shrink)
{
  g_return_if_fail (GTK_IS_BUTTON (button));

#if GTK_CHECK_VERSION(4, 12, 0)
  gtk_button_set_can_shrink (button, can_shrink);
#else
  gtk_label_set_ellipsize (GTK_LABEL (gtk_button_get_child (button)), can_shrink ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
#endif
}

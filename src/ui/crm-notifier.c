/* crm-notifier.c: says outside the window what the person should know
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-notifier.h"

#include <glib/gi18n-lib.h>

/* Many refusals within so many milliseconds are one notification. */
#define PAUSE 2000

#define ATTENTION "attention"
#define WAITING "waiting"

struct _CrmNotifier
{
  GObject       parent_instance;

  GApplication *application; /* weak: it owns the notifier */
  GtkWindow    *window;      /* weak; NULL: there is none */
  GSignalGroup *session_signals;
  CrmSession   *session;
  gint64        known;       /* how many needed attention when the person last could see it, or was told */
  guint         pause_id;
};

G_DEFINE_FINAL_TYPE (CrmNotifier, crm_notifier, G_TYPE_OBJECT)

static gint64
count_failed (CrmNotifier *self)
{
  return self->session != NULL ? crm_session_get_counts (self->session)->states[CRM_SYNC_FAILED] : 0;
}

static gboolean
is_in_front (CrmNotifier *self)
{
  return self->window != NULL && gtk_widget_get_mapped (GTK_WIDGET (self->window)) && gtk_window_is_active (self->window);
}

/* Pressed, it shows the task, or, of 0, all of the account that need attention. */
static void
send (CrmNotifier   *self,
      GNotification *notification,
      gint64         local_id)
{
  const char *account = crm_account_get_id (crm_session_get_account (self->session));

  g_notification_set_default_action_and_target (notification, "app.show-task", "(sx)", account, local_id);
  g_notification_add_button_with_target (notification, C_("button", "Show"), "app.show-task", "(sx)", account, local_id);
  g_application_send_notification (self->application, ATTENTION, notification);
}

static void
send_number (CrmNotifier *self,
             gulong       n)
{
  g_autofree char *title = g_strdup_printf (ngettext ("%'lu task needs attention", "%'lu tasks need attention", n), n);
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, _("The CRM did not accept what was sent. Everything else goes on."));
  send (self, notification, 0);
}

static void
send_task (CrmNotifier *self,
           CrmTask     *task)
{
  const CrmProblem *problem = crm_task_get_problem (task);
  g_autofree char *name = crm_task_get_title (task);
  g_autofree char *title = g_strdup_printf (_("“%s” needs attention"), name);
  g_autofree char *body = problem != NULL ? crm_problem_get_words (problem) : NULL;
  g_autoptr (GNotification) notification = g_notification_new (title);

  if (body != NULL)
    g_notification_set_body (notification, body);
  send (self, notification, crm_task_get_local_id (task));
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr (CrmNotifier) self = user_data;
  CrmStore *store = CRM_STORE (source);
  g_autoptr (CrmIdList) ids = crm_store_query_finish (store, result, NULL);
  g_autoptr (CrmTask) task = NULL;
  gint64 n = count_failed (self);

  if (n == 0 || self->session == NULL || crm_session_get_store (self->session) != store)
    return;

  if (n == 1 && ids != NULL && crm_id_list_get_n (ids) == 1)
    task = crm_store_read_task (store, crm_id_list_get (ids, 0), NULL);
  if (task != NULL)
    send_task (self, task);
  else
    send_number (self, (gulong) n);
}

/* One is named, and opened by it; of more the number is told. */
static void
send_attention (CrmNotifier *self)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();

  query->states = 1 << CRM_SYNC_FAILED;
  query->limit = 1;
  crm_store_query_async (crm_session_get_store (self->session), query, 0, NULL, NULL, NULL, found_cb, g_object_ref (self));
}

static gboolean pause_over_cb (gpointer user_data);

static void
update (CrmNotifier *self)
{
  gint64 n = count_failed (self);

  if (n == 0 || is_in_front (self))
    {
      if (self->known > 0 || n > 0)
        g_application_withdraw_notification (self->application, ATTENTION);
      self->known = n;
      return;
    }

  /* Fewer is good news, and needs no word. */
  if (n <= self->known || self->pause_id != 0)
    {
      self->known = MIN (self->known, n);
      return;
    }

  self->known = n;
  send_attention (self);
  self->pause_id = g_timeout_add (PAUSE, pause_over_cb, self);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  CrmNotifier *self = user_data;

  self->pause_id = 0;
  update (self);

  return G_SOURCE_REMOVE;
}

static void
crm_notifier_dispose (GObject *object)
{
  CrmNotifier *self = CRM_NOTIFIER (object);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  crm_notifier_set_window (self, NULL);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (crm_notifier_parent_class)->dispose (object);
}

static void
crm_notifier_class_init (CrmNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = crm_notifier_dispose;
}

static void
crm_notifier_init (CrmNotifier *self)
{
  self->session_signals = g_signal_group_new (CRM_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "counts-changed", G_CALLBACK (update), self);
}

/**
 * crm_notifier_new:
 * @application: the program, which outlives the notifier and has the action "show-task"
 *
 * Returns: (transfer full): the notifier
 */
CrmNotifier *
crm_notifier_new (GApplication *application)
{
  CrmNotifier *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (CRM_TYPE_NOTIFIER, NULL);
  self->application = application;

  return self;
}

/**
 * crm_notifier_set_session:
 * @self: a notifier
 * @session: (nullable): whose tasks to tell of; of what needs attention already nothing is said
 */
void
crm_notifier_set_session (CrmNotifier *self,
                          CrmSession  *session)
{
  g_return_if_fail (CRM_IS_NOTIFIER (self));
  g_return_if_fail (session == NULL || CRM_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->session_signals, session);
  self->known = count_failed (self);
  if (session != NULL)
    g_application_withdraw_notification (self->application, WAITING);
}

/**
 * crm_notifier_set_window:
 * @self: a notifier
 * @window: (nullable): in front of which nothing needs to be said
 */
void
crm_notifier_set_window (CrmNotifier *self,
                         GtkWindow   *window)
{
  g_return_if_fail (CRM_IS_NOTIFIER (self));

  if (self->window != NULL)
    g_signal_handlers_disconnect_by_data (self->window, self);
  g_set_weak_pointer (&self->window, window);
  if (window != NULL)
    g_signal_connect_object (window, "notify::is-active", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/**
 * crm_notifier_say_waiting:
 * @self: a notifier
 * @session: what is being closed
 *
 * Says what becomes of the tasks that are not sent yet; nothing when there are none.
 */
void
crm_notifier_say_waiting (CrmNotifier *self,
                          CrmSession  *session)
{
  CrmCounts counts;
  gulong n;
  g_autofree char *title = NULL;
  g_autoptr (GNotification) notification = NULL;

  g_return_if_fail (CRM_IS_NOTIFIER (self));
  g_return_if_fail (CRM_IS_SESSION (session));

  /* What was saved a moment ago is counted too. */
  if (!crm_store_read_counts (crm_session_get_store (session), &counts, NULL))
    counts = *crm_session_get_counts (session);
  n = (gulong) (counts.states[CRM_SYNC_QUEUED] + counts.states[CRM_SYNC_SENDING] + counts.states[CRM_SYNC_UNCONFIRMED]);
  if (n == 0)
    return;

  title = g_strdup_printf (ngettext ("%'lu task waits to be sent", "%'lu tasks wait to be sent", n), n);
  notification = g_notification_new (title);
  g_notification_set_body (notification, ngettext ("It is kept, and goes when CRM Tasks is open again and the CRM can be reached.",
                                                    "They are kept, and go when CRM Tasks is open again and the CRM can be reached.", n));
  g_notification_set_default_action (notification, "app.show-window");
  g_application_send_notification (self->application, WAITING, notification);
}

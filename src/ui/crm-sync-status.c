/* crm-sync-status.c: the line that says how sending goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-sync-status.h"

#include "ui/crm-batch.h"
#include "ui/crm-task-words.h"

#include "model/crm-answer-class.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

struct _CrmSyncStatus
{
  GtkWidget     parent_instance;

  GtkWidget    *box;
  GtkImage     *icon;
  GtkLabel     *words;
  GtkWidget    *progress;
  GtkLabel     *counts;

  CrmBatch      batch;
  CrmSession   *session;
  GSignalGroup *session_signals;
  GtkToggleButton *hold_button;
  GSignalGroup *service_signals;
  GSignalGroup *puller_signals;
  gboolean      shows_pull;
  guint         pull_id;
};

/* A refresh that takes longer is told of; in milliseconds. */
#define PULL_PAUSE 700

G_DEFINE_FINAL_TYPE (CrmSyncStatus, crm_sync_status, GTK_TYPE_WIDGET)

static char *
get_pull_words (CrmPuller *puller)
{
  static const char *const words[CRM_N_LISTS] = {
    [CRM_LIST_VENUES] = N_("Getting venues"),
    [CRM_LIST_USERS] = N_("Getting users"),
    [CRM_LIST_OPPORTUNITIES] = N_("Getting opportunities"),
    [CRM_LIST_LEADS] = N_("Getting leads"),
    [CRM_LIST_COMPANIES] = N_("Getting companies"),
    [CRM_LIST_TASKS] = N_("Getting tasks"),
    [CRM_LIST_CONTACTS] = N_("Getting contacts"),
  };
  CrmPullProgress progress;

  crm_puller_get_progress (puller, &progress);
  if (progress.total <= 0)
    return g_strdup (_(words[progress.list]));

  /* Translators: “Getting contacts, 1,200 of 3,400” */
  return g_strdup_printf (_("%s, %'" PRId64 " of %'" PRId64), _(words[progress.list]),
                          MIN (progress.done, progress.total), progress.total);
}

static void
get_activity (CrmSyncStatus  *self,
              const char    **icon_name,
              char          **words)
{
  CrmSyncService *service = self->session != NULL ? crm_session_get_service (self->session) : NULL;
  guint in_flight;

  if (service == NULL)
    {
      *icon_name = "crm-offline-symbolic";
      *words = g_strdup (_("Kept on this computer"));
      return;
    }

  switch (crm_sync_service_get_activity (service))
    {
    case CRM_SYNC_ACTIVITY_BUSY:
      if (crm_batch_is_worth (&self->batch))
        {
          *icon_name = "crm-online-symbolic";
          *words = crm_batch_get_words (&self->batch, g_get_monotonic_time ());
          return;
        }
      in_flight = crm_sync_service_get_in_flight (service);
      *icon_name = "crm-online-symbolic";
      *words = g_strdup_printf (ngettext ("Sending %'u task", "Sending %'u tasks", in_flight), in_flight);
      return;
    case CRM_SYNC_ACTIVITY_PAUSED:
      if (crm_sync_service_get_pause_class (service) == CRM_ANSWER_NOT_SENT)
        {
          *icon_name = "crm-offline-symbolic";
          *words = g_strdup (C_("sending", "Offline"));
        }
      else
        {
          *icon_name = "crm-paused-symbolic";
          *words = g_strdup (C_("sending", "Paused"));
        }
      return;
    case CRM_SYNC_ACTIVITY_HELD:
      *icon_name = "crm-paused-symbolic";
      *words = g_strdup (_("Paused by you"));
      return;
    case CRM_SYNC_ACTIVITY_WATCHING:
      *icon_name = "crm-online-symbolic";
      *words = g_strdup (_("Another window sends"));
      return;
    case CRM_SYNC_ACTIVITY_STOPPED:
      *icon_name = "crm-paused-symbolic";
      *words = g_strdup (C_("sending", "Stopped"));
      return;
    case CRM_SYNC_ACTIVITY_IDLE:
    default:
      if (self->shows_pull)
        {
          *icon_name = "crm-online-symbolic";
          *words = get_pull_words (crm_sync_service_get_puller (service));
          return;
        }
      *icon_name = "crm-online-symbolic";
      *words = g_strdup (C_("sending", "Online"));
      return;
    }
}

static char *
write_counts (CrmSyncStatus *self)
{
  const CrmCounts *counts = crm_session_get_counts (self->session);
  CrmSyncService *service = crm_session_get_service (self->session);
  gint64 last = service != NULL ? crm_sync_service_get_last_sync (service) : 0;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  gulong waiting = (gulong) (counts->states[CRM_SYNC_QUEUED] + counts->states[CRM_SYNC_SENDING]);
  gulong failed = (gulong) counts->states[CRM_SYNC_FAILED];

  if (waiting > 0)
    {
      g_autofree char *words = g_strdup_printf (ngettext ("%'lu waiting", "%'lu waiting", waiting), waiting);

      g_strv_builder_add (builder, words);
    }
  if (failed > 0)
    {
      g_autofree char *words = g_strdup_printf (ngettext ("%'lu needs attention", "%'lu need attention", failed), failed);

      g_strv_builder_add (builder, words);
    }
  if (last != 0)
    {
      g_autofree char *moment = crm_task_words_get_moment (last, g_get_real_time ());
      /* Translators: “Last sync 14:02”, “Last sync 22 Nov 14:02” */
      g_autofree char *words = g_strdup_printf (_("Last sync %s"), moment);

      g_strv_builder_add (builder, words);
    }
  if (service != NULL && crm_puller_get_trouble (crm_sync_service_get_puller (service)) != NULL)
    g_strv_builder_add (builder, _("Refresh incomplete"));

  parts = g_strv_builder_end (builder);
  return g_strjoinv (" · ", parts);
}

static void
update_progress (CrmSyncStatus  *self,
                 CrmSyncService *service)
{
  gboolean is_batch = crm_batch_is_worth (&self->batch);
  double fraction = is_batch ? crm_batch_get_fraction (&self->batch) : 0;
  CrmPullProgress pull = { .total = -1 };

  if (!is_batch && self->shows_pull && service != NULL)
    crm_puller_get_progress (crm_sync_service_get_puller (service), &pull);
  if (pull.total > 0)
    fraction = CLAMP ((double) pull.done / (double) pull.total, 0, 1);

  gtk_widget_set_visible (self->progress, is_batch || pull.total > 0);
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), fraction);
}

static void
update_batch (CrmSyncStatus *self)
{
  const CrmCounts *counts = crm_session_get_counts (self->session);
  CrmSyncService *service = crm_session_get_service (self->session);
  gboolean sends = service != NULL && crm_sync_service_get_activity (service) == CRM_SYNC_ACTIVITY_BUSY;

  /* What waits while nothing can be sent is a new batch when it goes on. */
  crm_batch_update (&self->batch, sends ? counts->states[CRM_SYNC_QUEUED] + counts->states[CRM_SYNC_SENDING] : 0,
                    g_get_monotonic_time ());
  update_progress (self, service);
}

static void
update (CrmSyncStatus *self)
{
  const char *icon_name = NULL;
  g_autofree char *words = NULL;
  g_autofree char *counts = NULL;
  CrmSyncService *service;

  if (self->session == NULL)
    return;

  update_batch (self);
  get_activity (self, &icon_name, &words);
  counts = write_counts (self);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_label (self->words, words);
  gtk_label_set_label (self->counts, counts);

  service = crm_session_get_service (self->session);
  gtk_widget_set_visible (GTK_WIDGET (self->hold_button), service != NULL);
  if (service != NULL)
    {
      gboolean held = crm_sync_service_get_held (service);

      gtk_toggle_button_set_active (self->hold_button, held);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->hold_button),
                                   held ? _("Go On Sending") : _("Pause Sending Until You Go On, or Start Again"));
    }
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), service == NULL ? _("Connect to a CRM to send what you write")
                                                  : crm_sync_service_get_pause_words (service) != NULL
                                                      ? crm_sync_service_get_pause_words (service)
                                                      : crm_puller_get_trouble (crm_sync_service_get_puller (service)));
}

static gboolean
show_pull_cb (gpointer user_data)
{
  CrmSyncStatus *self = user_data;

  self->pull_id = 0;
  self->shows_pull = TRUE;
  update (self);

  return G_SOURCE_REMOVE;
}

/* Short ones pass without a word. */
static void
pull_changed_cb (CrmSyncStatus *self)
{
  CrmSyncService *service = self->session != NULL ? crm_session_get_service (self->session) : NULL;
  CrmPullProgress progress = { 0 };

  if (service != NULL)
    crm_puller_get_progress (crm_sync_service_get_puller (service), &progress);

  if (progress.active && !self->shows_pull && self->pull_id == 0)
    self->pull_id = g_timeout_add (PULL_PAUSE, show_pull_cb, self);
  if (!progress.active)
    {
      g_clear_handle_id (&self->pull_id, g_source_remove);
      self->shows_pull = FALSE;
    }
  update (self);
}

static void
hold_cb (CrmSyncStatus *self)
{
  CrmSyncService *service = self->session != NULL ? crm_session_get_service (self->session) : NULL;

  if (service != NULL)
    crm_sync_service_set_held (service, gtk_toggle_button_get_active (self->hold_button));
}

static void
crm_sync_status_dispose (GObject *object)
{
  CrmSyncStatus *self = CRM_SYNC_STATUS (object);

  g_clear_object (&self->session_signals);
  g_clear_handle_id (&self->pull_id, g_source_remove);
  g_clear_object (&self->service_signals);
  g_clear_object (&self->puller_signals);
  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_sync_status_parent_class)->dispose (object);
}

static void
crm_sync_status_class_init (CrmSyncStatusClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_sync_status_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-sync-status.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, box);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, icon);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, words);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, progress);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, counts);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncStatus, hold_button);
  gtk_widget_class_bind_template_callback (widget_class, hold_cb);
}

static void
crm_sync_status_init (CrmSyncStatus *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->session_signals = g_signal_group_new (CRM_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "counts-changed", G_CALLBACK (update), self);
  self->service_signals = g_signal_group_new (CRM_TYPE_SYNC_SERVICE);
  g_signal_group_connect_swapped (self->service_signals, "notify", G_CALLBACK (update), self);
  self->puller_signals = g_signal_group_new (CRM_TYPE_PULLER);
  g_signal_group_connect_swapped (self->puller_signals, "changed", G_CALLBACK (pull_changed_cb), self);
}

/**
 * crm_sync_status_set_session:
 * @self: a status line
 * @session: (nullable): whose sending it tells of
 */
void
crm_sync_status_set_session (CrmSyncStatus *self,
                             CrmSession    *session)
{
  g_return_if_fail (CRM_IS_SYNC_STATUS (self));
  g_return_if_fail (session == NULL || CRM_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  self->batch = (CrmBatch) { 0 };
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->service_signals, session != NULL ? crm_session_get_service (session) : NULL);
  g_signal_group_set_target (self->puller_signals, session != NULL && crm_session_get_service (session) != NULL
                                                       ? crm_sync_service_get_puller (crm_session_get_service (session))
                                                       : NULL);
  pull_changed_cb (self);
}

/* crm-sync-banner.c: why nothing is sent, and what can be done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-sync-banner.h"

#include "model/crm-answer-class.h"

struct _CrmSyncBanner
{
  GtkWidget     parent_instance;

  GtkRevealer  *revealer;
  GtkLabel     *words;
  GtkWidget    *try_button;
  GtkWidget    *account_button;

  CrmSession   *session;
  GSignalGroup *service_signals;
  gulong        notice_id;
};

G_DEFINE_FINAL_TYPE (CrmSyncBanner, crm_sync_banner, GTK_TYPE_WIDGET)

static void
update (CrmSyncBanner *self)
{
  CrmSyncService *service = self->session != NULL ? crm_session_get_service (self->session) : NULL;
  const char *notice = self->session != NULL ? crm_session_get_notice (self->session) : NULL;
  const char *words = notice;
  gboolean account = notice != NULL;

  if (words == NULL && service != NULL && crm_sync_service_get_activity (service) == CRM_SYNC_ACTIVITY_PAUSED)
    {
      int klass = crm_sync_service_get_pause_class (service);

      /* Being offline is nothing to make a fuss about: the status line says it. */
      if (klass != CRM_ANSWER_NOT_SENT)
        words = crm_sync_service_get_pause_words (service);
      account = klass == CRM_ANSWER_ACCOUNT || klass == CRM_ANSWER_NOT_A_CRM;
    }

  if (words != NULL)
    {
      gtk_label_set_label (self->words, words);
      gtk_widget_set_visible (self->try_button, notice == NULL || crm_session_needs_secret (self->session));
      gtk_widget_set_visible (self->account_button, account);
    }
  gtk_revealer_set_reveal_child (self->revealer, words != NULL);
}

static void
crm_sync_banner_dispose (GObject *object)
{
  CrmSyncBanner *self = CRM_SYNC_BANNER (object);

  g_clear_object (&self->service_signals);
  if (self->session != NULL)
    g_clear_signal_handler (&self->notice_id, self->session);
  g_clear_object (&self->session);
  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->revealer)));

  G_OBJECT_CLASS (crm_sync_banner_parent_class)->dispose (object);
}

static void
crm_sync_banner_class_init (CrmSyncBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_sync_banner_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-sync-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmSyncBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncBanner, words);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncBanner, try_button);
  gtk_widget_class_bind_template_child (widget_class, CrmSyncBanner, account_button);
}

static void
crm_sync_banner_init (CrmSyncBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->service_signals = g_signal_group_new (CRM_TYPE_SYNC_SERVICE);
  g_signal_group_connect_swapped (self->service_signals, "notify", G_CALLBACK (update), self);
}

/**
 * crm_sync_banner_set_session:
 * @self: a banner
 * @session: (nullable): whose trouble it tells of
 */
void
crm_sync_banner_set_session (CrmSyncBanner *self,
                             CrmSession    *session)
{
  g_return_if_fail (CRM_IS_SYNC_BANNER (self));
  g_return_if_fail (session == NULL || CRM_IS_SESSION (session));

  if (self->session == session)
    return;

  if (self->session != NULL)
    g_clear_signal_handler (&self->notice_id, self->session);
  g_set_object (&self->session, session);
  if (session != NULL)
    self->notice_id = g_signal_connect_swapped (session, "notify::notice", G_CALLBACK (update), self);

  g_signal_group_set_target (self->service_signals, session != NULL ? crm_session_get_service (session) : NULL);
  update (self);
}

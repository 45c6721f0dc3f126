/* crm-background.c: whether the program goes on when its window is closed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-background.h"

#include "ui/crm-autostart.h"
#include "ui/crm-background-portal.h"

#include <glib/gi18n-lib.h>

#define RUN "run-in-background"
#define START "start-at-sign-in"

struct _CrmBackground
{
  GObject    parent_instance;

  GSettings *settings;
  gboolean   sandboxed;
  gboolean   asking;
  gboolean   ask_again;
};

enum
{
  CHANGED,
  REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmBackground, crm_background, G_TYPE_OBJECT)

static gboolean
wishes_start (CrmBackground *self)
{
  return crm_background_is_on (self) && g_settings_get_boolean (self->settings, START);
}

static void
refuse (CrmBackground *self,
        const char    *key,
        const char    *words)
{
  g_settings_set_boolean (self->settings, key, FALSE);
  g_signal_emit (self, signals[REFUSED], 0, words);
}

static void ask (CrmBackground *self);

/* What was wished for meanwhile is asked for now, and the answer to what was wished before is none any more. */
static gboolean
is_outdated (CrmBackground *self)
{
  self->asking = FALSE;
  if (!self->ask_again)
    return FALSE;

  self->ask_again = FALSE;
  ask (self);
  return TRUE;
}

static void
portal_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmBackground) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean starts;
  gboolean allowed = crm_background_portal_request_finish (result, &starts, &error);

  if (is_outdated (self))
    return;

  if (!allowed && crm_background_is_on (self))
    refuse (self, RUN, error->message);
  else if (allowed && !starts && wishes_start (self))
    refuse (self, START, _("The desktop does not start CRM Tasks when you sign in"));
}

static void
autostart_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (CrmBackground) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean done = crm_autostart_set_finish (result, &error);

  if (!is_outdated (self) && !done)
    refuse (self, START, error->message);
}

static void
ask (CrmBackground *self)
{
  if (self->asking)
    {
      self->ask_again = TRUE;
      return;
    }

  self->asking = TRUE;
  if (self->sandboxed)
    crm_background_portal_request_async (wishes_start (self), portal_cb, g_object_ref (self));
  else
    crm_autostart_set_async (wishes_start (self), autostart_cb, g_object_ref (self));
}

static void
run_changed_cb (CrmBackground *self)
{
  /* Who starts at sign-in without going on would start to end. */
  if (!crm_background_is_on (self))
    g_settings_set_boolean (self->settings, START, FALSE);
  else if (self->sandboxed || wishes_start (self))
    ask (self);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
crm_background_dispose (GObject *object)
{
  g_clear_object (&CRM_BACKGROUND (object)->settings);

  G_OBJECT_CLASS (crm_background_parent_class)->dispose (object);
}

static void
crm_background_class_init (CrmBackgroundClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_background_dispose;

  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
crm_background_init (CrmBackground *self)
{
}

/**
 * crm_background_new:
 * @settings: what the person wishes: the keys "run-in-background" and "start-at-sign-in"
 * @sandboxed: whether the desktop is to be asked through its portal, or an entry of its autostart folder written
 *
 * Follows the settings, and asks the desktop when they change. Main thread.
 *
 * Returns: (transfer full): the background
 */
CrmBackground *
crm_background_new (GSettings *settings,
                    gboolean   sandboxed)
{
  CrmBackground *self;

  g_return_val_if_fail (G_IS_SETTINGS (settings), NULL);

  self = g_object_new (CRM_TYPE_BACKGROUND, NULL);
  self->settings = g_object_ref (settings);
  self->sandboxed = sandboxed;
  g_signal_connect_object (settings, "changed::" RUN, G_CALLBACK (run_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::" START, G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  /* A key that was never read is not followed. */
  g_settings_get_boolean (settings, RUN);
  g_settings_get_boolean (settings, START);

  return self;
}

/**
 * crm_background_is_on:
 * @self: a background
 *
 * Returns: whether the program goes on when its window is closed
 */
gboolean
crm_background_is_on (CrmBackground *self)
{
  g_return_val_if_fail (CRM_IS_BACKGROUND (self), FALSE);

  return g_settings_get_boolean (self->settings, RUN);
}

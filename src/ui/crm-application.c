/* crm-application.c: the program
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-application.h"

#include "api/crm-account-registry.h"
#include "ui/crm-account-desk.h"
#include "ui/crm-background.h"
#include "ui/crm-backup-desk.h"
#include "ui/crm-notifier.h"
#include "ui/crm-toolkit.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Minutes between two refreshes where there are no settings, as the schema has it. */
#define DEFAULT_REFRESH 15

/* Seconds a desktop that signs its person out gives its programs: no longer than that is waited for answers to requests under
 * way. What has none by then is found by the next start as what was cut off. */
#define LONGEST_END 4

/* Seconds until what could not be opened is tried again where there is no window to say so. */
#define RETRY 60

struct _CrmApplication
{
  AdwApplication  parent_instance;

  CrmWindow      *window;       /* weak */
  CrmSession     *session;
  CrmAccount     *account;      /* the one to work with */
  CrmAccount     *welcomed;     /* the new one of which it was said that it is new */
  GSettings      *settings;     /* NULL where the schema isn’t installed */
  GCancellable   *opening;
  CrmNotifier    *notifier;
  CrmAccountDesk *desk;
  CrmBackupDesk  *backups;
  CrmBackground  *background;   /* NULL where there are no settings */
  gboolean        held;         /* it lives without a window */
  gboolean        ending;       /* also without a window */
  gboolean        over;         /* no window is made any more */
  guint           retry_id;     /* opens the tasks that could not be opened while there is no window */
  gboolean        practice;
  gboolean        new_task;     /* as soon as there is a session */
  char           *show_account; /* whose task is to be shown as soon as there is a session; NULL: none */
  gint64          show_task;
  guint           closing;      /* sessions */
  guint           end_ids[3];
};

G_DEFINE_FINAL_TYPE (CrmApplication, crm_application, ADW_TYPE_APPLICATION)

static void open_account (CrmApplication *self,
                          CrmAccount     *account);
static void open_early   (CrmApplication *self);

/* Nobody works with the account any more. */
static void
tell_left (CrmApplication *self,
           CrmAccount     *account)
{
  if (self->desk != NULL)
    crm_account_desk_left (self->desk, account);
  if (self->backups != NULL)
    crm_backup_desk_left (self->backups, account);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmApplication) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!crm_session_close_finish (CRM_SESSION (source), result, &error))
    g_info ("The session did not end cleanly: %s", error->message);

  self->closing--;
  tell_left (self, crm_session_get_account (CRM_SESSION (source)));
  g_application_release (G_APPLICATION (self));
}

/* Answers that are still to come are recorded where they belong; the program lives until then. */
static void
close_session (CrmApplication *self)
{
  g_autoptr (CrmSession) session = g_steal_pointer (&self->session);

  if (session == NULL)
    return;

  crm_notifier_set_session (self->notifier, NULL);
  if (self->window != NULL)
    crm_window_set_session (self->window, NULL);
  else
    crm_notifier_say_waiting (self->notifier, session);
  self->closing++;
  g_application_hold (G_APPLICATION (self));
  crm_session_close_async (session, closed_cb, g_object_ref (self));
}

static gboolean
goes_on (CrmApplication *self)
{
  return self->background != NULL && crm_background_is_on (self->background) && !self->ending;
}

static void
update_background (CrmApplication *self)
{
  gboolean holds = goes_on (self);

  if (self->held == holds)
    return;

  self->held = holds;
  if (holds)
    {
      g_application_hold (G_APPLICATION (self));
      return;
    }

  if (self->window == NULL)
    close_session (self);
  g_application_release (G_APPLICATION (self));
}

/* Also without a window: it is not the window that ends, it is the program. */
static void
end (CrmApplication *self)
{
  self->ending = TRUE;
  if (self->window != NULL)
    gtk_window_close (GTK_WINDOW (self->window));
  update_background (self);
}

/* The task of another account than the one that is worked with waits until that one is opened. */
static void
show_what_was_named (CrmApplication *self)
{
  g_autofree char *account = NULL;

  if (self->session == NULL || self->show_account == NULL)
    return;

  account = g_steal_pointer (&self->show_account);
  if (g_str_equal (account, crm_account_get_id (crm_session_get_account (self->session))))
    {
      crm_window_show_task (self->window, self->show_task);
      return;
    }

  g_action_group_activate_action (G_ACTION_GROUP (self), "use-account", g_variant_new_string (account));
  if (self->session == NULL)
    self->show_account = g_steal_pointer (&account);
}

static void
begin_task (CrmApplication *self)
{
  if (self->session == NULL || !self->new_task)
    return;

  self->new_task = FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.new-task", NULL);
}

static void
show_session (CrmApplication *self)
{
  crm_window_set_session (self->window, self->session);
  if (crm_account_registry_is_new (self->account) && g_set_object (&self->welcomed, self->account))
    crm_window_say (self->window, _("A new account. Tasks of other accounts stay with theirs"));
  show_what_was_named (self);
  begin_task (self);
}

static void
update_refresh_interval (CrmApplication *self)
{
  guint minutes = self->settings != NULL ? g_settings_get_uint (self->settings, "refresh-interval") : DEFAULT_REFRESH;

  if (self->session != NULL)
    crm_session_set_refresh_interval (self->session, minutes);
}

static gboolean
retry_cb (gpointer user_data)
{
  CrmApplication *self = user_data;

  self->retry_id = 0;
  if (self->session == NULL && self->opening == NULL && goes_on (self))
    open_early (self);

  return G_SOURCE_REMOVE;
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (CrmApplication) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmSession) session = crm_session_open_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->opening);
  if (session == NULL)
    {
      if (self->window != NULL)
        crm_window_show_trouble (self->window, error->message);
      else if (goes_on (self) && self->retry_id == 0)
        self->retry_id = g_timeout_add_seconds (RETRY, retry_cb, self);
      return;
    }

  self->session = g_steal_pointer (&session);
  if (self->window == NULL && !goes_on (self))
    {
      close_session (self);
      return;
    }

  update_refresh_interval (self);
  crm_notifier_set_session (self->notifier, self->session);
  if (self->window != NULL)
    show_session (self);
}

static void
open_account (CrmApplication *self,
              CrmAccount     *account)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);

  close_session (self);
  g_set_object (&self->account, account);
  crm_account_desk_set_account (self->desk, account);
  self->opening = g_cancellable_new ();
  crm_session_open_async (account, self->opening, opened_cb, g_object_ref (self));
}

static CrmAccount *
find_account (CrmApplication  *self,
              GError         **error)
{
  return self->practice ? crm_account_registry_open_practice (error) : crm_account_registry_open_current (error);
}

static void
open_current (CrmApplication *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmAccount) account = find_account (self, &error);

  if (account != NULL)
    open_account (self, account);
  else
    crm_window_show_trouble (self->window, error->message);
}

/* The tasks are opened while the toolkit begins and the window is made. What goes wrong is tried again, and said, when there
 * is a window. The store's thread registers no type that has an interface: see crm_soup_transport_prepare(). */
static void
open_early (CrmApplication *self)
{
  g_autoptr (CrmAccount) account = find_account (self, NULL);

  if (account != NULL)
    open_account (self, account);
}

static void
window_gone_cb (gpointer  user_data,
                GObject  *window)
{
  CrmApplication *self = user_data;

  self->window = NULL;
  if (!goes_on (self))
    {
      close_session (self);
    }
  else if (self->practice)
    {
      /* Practising is for now; what waits for the real CRM goes on. */
      self->practice = FALSE;
      open_early (self);
    }
}

/* Another account may have been asked for, or signed in to elsewhere, while there was no window. */
static gboolean
is_outdated (CrmApplication *self)
{
  g_autoptr (CrmAccount) now = find_account (self, NULL);

  if (now == NULL || self->account == NULL)
    return FALSE;

  return crm_account_get_kind (now) != crm_account_get_kind (self->account) ||
         !g_str_equal (crm_account_get_id (now), crm_account_get_id (self->account)) ||
         g_strcmp0 (crm_account_get_key (now), crm_account_get_key (self->account)) != 0 ||
         (crm_account_get_kind (now) == CRM_ACCOUNT_CRM &&
          g_strcmp0 (crm_account_get_address (now), crm_account_get_address (self->account)) != 0);
}

/* Returns: whether there is one */
static gboolean
ensure_window (CrmApplication *self)
{
  if (self->over)
    return FALSE;

  self->ending = FALSE;
  update_background (self);
  if (self->window == NULL)
    {
      self->window = CRM_WINDOW (crm_window_new (GTK_APPLICATION (self), self->settings));
      g_object_weak_ref (G_OBJECT (self->window), window_gone_cb, self);
      crm_notifier_set_window (self->notifier, GTK_WINDOW (self->window));
      crm_account_desk_set_window (self->desk, GTK_WINDOW (self->window));
      crm_backup_desk_set_window (self->backups, self->window);
      if ((self->session == NULL && self->opening == NULL) || is_outdated (self))
        open_current (self);
      else if (self->session != NULL)
        show_session (self);
    }

  gtk_window_present (GTK_WINDOW (self->window));
  return TRUE;
}

static void
use_cb (CrmApplication *self,
        CrmAccount     *account)
{
  if (self->window == NULL && (account == NULL || !goes_on (self)))
    return;

  self->practice = account != NULL && crm_account_get_kind (account) == CRM_ACCOUNT_PRACTICE;
  if (account != NULL)
    open_account (self, account);
  else
    open_current (self);
}

static void
leave_cb (CrmApplication *self,
          CrmAccount     *account)
{
  if (self->session != NULL)
    close_session (self);
  else
    tell_left (self, account);
}

static void
said_cb (CrmApplication *self,
              const char     *words)
{
  if (self->window != NULL)
    crm_window_say (self->window, words);
}

static void
practice_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  CrmApplication *self = user_data;

  if (self->window == NULL ||
      (self->session != NULL && crm_session_get_host (self->session) != NULL))
    return;

  self->practice = TRUE;
  open_current (self);
}

static void
show_window_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  ensure_window (user_data);
}

static void
show_task_action (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  CrmApplication *self = user_data;
  const char *account;

  g_variant_get (parameter, "(&sx)", &account, &self->show_task);
  g_free (self->show_account);
  self->show_account = g_strdup (account);

  if (ensure_window (self))
    show_what_was_named (self);
}

static void
new_task_action (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  CrmApplication *self = user_data;

  self->new_task = TRUE;
  if (ensure_window (self))
    begin_task (self);
}

static void
reopen_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  CrmApplication *self = user_data;

  if (self->window != NULL)
    open_current (self);
}

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  CrmApplication *self = user_data;

  crm_show_about (GTK_WINDOW (self->window),
                  "application-name", _("CRM Tasks"),
                  "application-icon", APP_ID,
                  "version", PACKAGE_VERSION,
                  "developer-name", _("The CRM Tasks Contributors"),
                  "license-type", GTK_LICENSE_GPL_3_0,
                  "comments", _("Write tasks for your CRM, online or not"),
                  NULL);
}

static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  end (user_data);
}

/* The desktop signs its person out, or somebody ends the program by its process. */
static gboolean
signal_cb (gpointer user_data)
{
  g_application_quit (user_data);

  return G_SOURCE_CONTINUE;
}

static void
crm_application_activate (GApplication *application)
{
  ensure_window (CRM_APPLICATION (application));
}

static int
crm_application_command_line (GApplication            *application,
                              GApplicationCommandLine *command_line)
{
  CrmApplication *self = CRM_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  gboolean practice = g_variant_dict_contains (options, "practice");
  gboolean switches = practice && !self->practice && self->window != NULL;

  self->practice = self->practice || practice;
  self->new_task = g_variant_dict_contains (options, "new-task");

  if (!ensure_window (self))
    return 1;

  if (switches)
    open_current (self);
  else
    begin_task (self);

  return 0;
}

static int
crm_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  CRM_APPLICATION (application)->practice = g_variant_dict_contains (options, "practice");

  return G_APPLICATION_CLASS (crm_application_parent_class)->handle_local_options (application, options);
}

static GSettings *
open_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = source != NULL ? g_settings_schema_source_lookup (source, APP_ID, TRUE) : NULL;

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static void
crm_application_startup (GApplication *application)
{
  CrmApplication *self = CRM_APPLICATION (application);
  static const GActionEntry entries[] = {
    { .name = "practice", .activate = practice_action },
    { .name = "reopen", .activate = reopen_action },
    { .name = "new-task", .activate = new_task_action },
    { .name = "show-window", .activate = show_window_action },
    { .name = "show-task", .activate = show_task_action, .parameter_type = "(sx)" },
    { .name = "about", .activate = about_action },
    { .name = "quit", .activate = quit_action },
  };
  static const struct
  {
    const char *action;
    const char *accels[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "window.close", { "<Control>w" } },
    { "app.preferences", { "<Control>comma" } },
    { "win.new-task", { "<Control>n" } },
    { "win.search", { "<Control>f" } },
    { "win.sync-now", { "F5", "<Control>r" } },
    { "win.show-help-overlay", { "<Control>question" } },
    { "win.next-problem", { "F8" } },
    { "win.previous-problem", { "<Shift>F8" } },
    { "win.go('all')", { "<Alt>1" } },
    { "win.go('attention')", { "<Alt>2" } },
    { "win.go('waiting')", { "<Alt>3" } },
    { "win.go('unconfirmed')", { "<Alt>4" } },
    { "win.go('drafts')", { "<Alt>5" } },
    { "win.go('sent')", { "<Alt>6" } },
    { "win.go('overdue')", { "<Alt>7" } },
    { "win.go('today')", { "<Alt>8" } },
    { "win.go('week')", { "<Alt>9" } },
  };

  static const int end_signals[G_N_ELEMENTS (self->end_ids)] = { SIGTERM, SIGINT, SIGHUP };

#ifdef __GLIBC__
  /* A thread that reads or writes now and then needs no heap of its own. */
  mallopt (M_ARENA_MAX, 2);
#endif

  self->settings = open_settings ();
  if (self->settings != NULL)
    {
      g_signal_connect_object (self->settings, "changed::refresh-interval", G_CALLBACK (update_refresh_interval), self,
                               G_CONNECT_SWAPPED);
      self->background = crm_background_new (self->settings, g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS));
      g_signal_connect_object (self->background, "changed", G_CALLBACK (update_background), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->background, "refused", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
      update_background (self);
    }
  self->notifier = crm_notifier_new (application);
  self->desk = crm_account_desk_new (G_ACTION_MAP (self), self->settings, self->background);
  g_signal_connect_object (self->desk, "use", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "leave", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->desk, "said", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
  self->backups = crm_backup_desk_new (application);
  g_signal_connect_object (self->backups, "use", G_CALLBACK (use_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->backups, "leave", G_CALLBACK (leave_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->backups, "said", G_CALLBACK (said_cb), self, G_CONNECT_SWAPPED);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (end_signals); i++)
    self->end_ids[i] = g_unix_signal_add (end_signals[i], signal_cb, self);
  if ((g_application_get_flags (application) & G_APPLICATION_IS_SERVICE) == 0 || goes_on (self))
    open_early (self);

  G_APPLICATION_CLASS (crm_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APP_ID);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action, accels[i].accels);
}

static gboolean
over_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;

  return G_SOURCE_REMOVE;
}

/* Who ends the program from outside does not wait for its window: typed words are kept, and what is under way is recorded. */
static void
crm_application_shutdown (GApplication *application)
{
  CrmApplication *self = CRM_APPLICATION (application);
  gboolean over = FALSE;
  guint over_id = g_timeout_add_seconds (LONGEST_END, over_cb, &over);

  self->over = TRUE;
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  end (self);
  while (!over && (self->window != NULL || self->session != NULL || self->closing > 0))
    g_main_context_iteration (NULL, TRUE);
  if (!over)
    g_source_remove (over_id);

  G_APPLICATION_CLASS (crm_application_parent_class)->shutdown (application);
}

static void
crm_application_dispose (GObject *object)
{
  CrmApplication *self = CRM_APPLICATION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->end_ids); i++)
    g_clear_handle_id (&self->end_ids[i], g_source_remove);
  g_clear_handle_id (&self->retry_id, g_source_remove);
  if (self->window != NULL)
    g_object_weak_unref (G_OBJECT (self->window), window_gone_cb, self);
  self->window = NULL;
  g_clear_object (&self->desk);
  g_clear_object (&self->backups);
  g_clear_object (&self->opening);
  g_clear_object (&self->notifier);
  g_clear_object (&self->session);
  g_clear_object (&self->account);
  g_clear_object (&self->welcomed);
  g_clear_object (&self->background);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->show_account, g_free);

  G_OBJECT_CLASS (crm_application_parent_class)->dispose (object);
}

static void
crm_application_class_init (CrmApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_application_dispose;
  application_class->activate = crm_application_activate;
  application_class->command_line = crm_application_command_line;
  application_class->handle_local_options = crm_application_handle_local_options;
  application_class->shutdown = crm_application_shutdown;
  application_class->startup = crm_application_startup;
}

static void
crm_application_init (CrmApplication *self)
{
  static const GOptionEntry options[] = {
    { "practice", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Work with the practice CRM"), NULL },
    { "new-task", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Begin a new task"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * crm_application_new:
 * @flags: more flags, for tests
 *
 * Returns: (transfer full): the program
 */
CrmApplication *
crm_application_new (GApplicationFlags flags)
{
  return g_object_new (CRM_TYPE_APPLICATION, "application-id", APP_ID, "resource-base-path", "/org/example/CrmTasks",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE | flags, "register-session", TRUE, NULL);
}

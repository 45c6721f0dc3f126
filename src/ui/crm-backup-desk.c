/* crm-backup-desk.c: backs an account up, and restores its backups
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-backup-desk.h"

#include "model/crm-shown-text.h"
#include "store/crm-backup.h"
#include "ui/crm-date-words.h"
#include "ui/crm-file-dialog.h"
#include "ui/crm-toolkit.h"

#include <glib/gi18n-lib.h>

/* What takes less long is not told of while it runs, in milliseconds. */
#define PATIENCE 500

/* So long something may still hold the tasks of an account that was left, in seconds: then the store itself refuses. */
#define GRACE 10

/* So many newer tasks are named, each by so many characters. */
#define MOST_NAMED 5
#define LONGEST_NAME 60

typedef struct _Errand Errand;

struct _CrmBackupDesk
{
  GObject       parent_instance;

  GApplication *application; /* has the desk */
  CrmWindow    *window;      /* weak, like the next */
  GtkWidget    *busy;        /* shown while a restore takes long */
  Errand       *restoring;   /* as soon as nobody works with its account; NULL: nothing is */
  Errand       *asking;      /* as soon as its account is worked with again; NULL: there is nothing to ask */
  gboolean      at_work;
  guint         patience_id;
  guint         grace_id;
};

enum
{
  USE,
  LEAVE,
  SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmBackupDesk, crm_backup_desk, G_TYPE_OBJECT)

/* A file and an account, under way through dialogs and a restore. */
struct _Errand
{
  CrmBackupDesk *desk;
  CrmAccount    *account;
  char          *path;
  CrmRestore    *judged; /* NULL: not yet; else the person is asked */
};

static Errand *
errand_new (CrmBackupDesk *desk,
            CrmAccount    *account)
{
  Errand *self = g_new0 (Errand, 1);

  self->desk = g_object_ref (desk);
  self->account = g_object_ref (account);

  return self;
}

static void
errand_free (Errand *self)
{
  g_object_unref (self->desk);
  g_object_unref (self->account);
  g_free (self->path);
  g_clear_pointer (&self->judged, crm_restore_free);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Errand, errand_free)

static void
say (CrmBackupDesk *self,
     const char    *words)
{
  g_signal_emit (self, signals[SAID], 0, words);
}

/* What the command line says in a line. */
static void
say_line (CrmBackupDesk *self,
          char          *line)
{
  g_autofree char *words = g_strchomp (line);

  say (self, words);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autofree char *answer = crm_ask_finish (result);
}

/* Names of files are long, and the reason comes after them: it must not be cut off, nor pass. */
static void
tell_trouble (CrmBackupDesk *self,
              const char    *title,
              const char    *words)
{
  g_autofree char *shown = crm_shown_text (words);
  const CrmAnswer answers[] = {
    { "close", C_("button", "_Close") },
    { NULL },
  };

  if (self->window != NULL)
    crm_ask_async (GTK_WINDOW (self->window), title, shown, answers, read_cb, NULL);
}

static CrmSession *
get_session (CrmBackupDesk *self)
{
  return self->window != NULL ? crm_window_get_session (self->window) : NULL;
}

/* Another account may have been chosen meanwhile. */
static gboolean
is_worked_with (CrmBackupDesk *self,
                CrmAccount    *account)
{
  CrmSession *session = get_session (self);

  return session != NULL &&
         g_str_equal (crm_account_get_id (crm_session_get_account (session)), crm_account_get_id (account));
}

/* The practice CRM has another address at each start. */
static CrmBackupInfo
describe_account (CrmAccount *account)
{
  gboolean is_practice = crm_account_get_kind (account) == CRM_ACCOUNT_PRACTICE;

  return (CrmBackupInfo) {
    .account_id = (char *) crm_account_get_id (account),
    .address = is_practice ? (char *) "practice" : (char *) crm_account_get_address (account),
    .key = is_practice ? NULL : (char *) crm_account_get_key (account),
  };
}

static char *
get_path (GFile *file)
{
  char *path = g_file_get_path (file);

  return path != NULL ? path : g_file_get_uri (file);
}

/* Backup */

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_auto (CrmBackupInfo) written = { 0 };
  g_autoptr (GError) error = NULL;

  if (crm_backup_write_finish (result, &written, &error))
    {
      g_autofree char *name = g_path_get_basename (errand->path);
      gulong n = (gulong) crm_backup_info_get_total (&written);

      say_line (errand->desk,
                g_strdup_printf (ngettext ("A backup of %'lu task is in %s\n", "A backup of %'lu tasks is in %s\n", n), n, name));
    }
  else
    tell_trouble (errand->desk, _("No Backup Was Made"), error->message);

  g_application_release (errand->desk->application);
}

static void
save_chosen_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = crm_file_dialog_finish (GTK_WINDOW (source), result, &error);
  g_autofree char *folder = NULL;
  CrmBackupInfo account;
  const char *path;

  if (error != NULL)
    say (errand->desk, error->message);
  if (file == NULL)
    return;

  path = errand->path = get_path (file);
  folder = crm_account_get_folder (errand->account);
  account = describe_account (errand->account);
  g_application_hold (errand->desk->application);
  crm_backup_write_async (folder, &account, path, NULL, written_cb, g_steal_pointer (&errand));
}

static void
back_up_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  CrmBackupDesk *self = user_data;
  CrmSession *session = get_session (self);
  const CrmFileKind kinds[] = {
    { _("Backups"), { "backup" } },
    { NULL },
  };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  g_autofree char *name = NULL;

  if (session == NULL)
    return;

  /* Translators: the name of a file to export to */
  name = g_strdup_printf ("%s %s.backup", C_("file name", "Tasks"), day);
  crm_file_dialog_save_async (GTK_WINDOW (self->window), _("Back Up"), name, kinds, NULL, save_chosen_cb,
                              errand_new (self, crm_session_get_account (session)));
}

/* Restore */

static gboolean
patience_cb (gpointer user_data)
{
  CrmBackupDesk *self = user_data;
  GtkWidget *box, *spinner, *label;

  self->patience_id = 0;
  if (self->window == NULL)
    return G_SOURCE_REMOVE;

  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  spinner = gtk_spinner_new ();
  label = gtk_label_new (_("Restoring the backup…"));
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_box_append (GTK_BOX (box), spinner);
  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_margin_top (box, 24);
  gtk_widget_set_margin_bottom (box, 24);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);

  g_set_weak_pointer (&self->busy, g_object_new (ADW_TYPE_WINDOW,
                                                 "transient-for", self->window,
                                                 "modal", TRUE,
                                                 "destroy-with-parent", TRUE,
                                                 "deletable", FALSE,
                                                 "resizable", FALSE,
                                                 "title", gtk_label_get_text (GTK_LABEL (label)),
                                                 "content", box,
                                                 NULL));
  gtk_window_present (GTK_WINDOW (self->busy));

  return G_SOURCE_REMOVE;
}

static void
end_work (CrmBackupDesk *self)
{
  GtkWidget *busy = self->busy;

  self->at_work = FALSE;
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_weak_pointer (&self->busy);
  if (busy != NULL)
    gtk_window_destroy (GTK_WINDOW (busy));
}

static void
say_done (CrmBackupDesk    *self,
          const CrmRestore *restore)
{
  gulong n = (gulong) crm_backup_info_get_total (&restore->backup);
  gulong known = (gulong) restore->n_known, doubted = (gulong) restore->n_doubted, held = (gulong) restore->n_held;

  say_line (self, g_strdup_printf (ngettext ("%'lu task is restored\n", "%'lu tasks are restored\n", n), n));
  if (known > 0)
    say_line (self, g_strdup_printf (ngettext ("%'lu new task of the backup was sent since, and is not sent again\n",
                                               "%'lu new tasks of the backup were sent since, and are not sent again\n", known),
                                     known));
  if (doubted > 0)
    say_line (self, g_strdup_printf (ngettext ("%'lu new task is looked for on the CRM before it is sent\n",
                                               "%'lu new tasks are looked for on the CRM before they are sent\n", doubted),
                                     doubted));
  if (held > 0)
    say_line (self, g_strdup_printf (ngettext ("%'lu change waits for the next refresh", "%'lu changes wait for the next refresh",
                                               held), held));
  if (restore->set_aside != NULL)
    say_line (self, g_strdup_printf (_("What was here is kept as %s; restore that to take this back\n"), restore->set_aside));
}

static void
restored_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  CrmBackupDesk *self = errand->desk;
  g_autoptr (CrmAccount) account = g_object_ref (errand->account);
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmRestore) restore = crm_backup_restore_finish (result, &error);

  end_work (self);
  if (restore != NULL && !restore->restored)
    {
      g_clear_pointer (&self->asking, errand_free);
      errand->judged = g_steal_pointer (&restore);
      self->asking = g_steal_pointer (&errand);
    }

  if (get_session (self) == NULL)
    g_signal_emit (self, signals[USE], 0, account);
  if (restore != NULL)
    say_done (self, restore);
  else if (error != NULL)
    tell_trouble (self, _("Nothing Was Restored"), error->message);

  g_application_release (self->application);
}

static void
restore_now (CrmBackupDesk *self)
{
  Errand *errand = g_steal_pointer (&self->restoring);
  g_autofree char *folder = crm_account_get_folder (errand->account);
  CrmBackupInfo account = describe_account (errand->account);

  g_clear_handle_id (&self->grace_id, g_source_remove);
  crm_backup_restore_async (folder, &account, errand->path, errand->judged != NULL, NULL, restored_cb, errand);
}

static gboolean
free_cb (gpointer user_data)
{
  CrmBackupDesk *self = user_data;

  if (self->restoring != NULL)
    restore_now (self);

  return G_SOURCE_REMOVE;
}

static gboolean
grace_cb (gpointer user_data)
{
  CrmBackupDesk *self = user_data;

  self->grace_id = 0;
  restore_now (self);

  return G_SOURCE_REMOVE;
}

/* It closes its database after this, and may do so on a thread of its own. */
static void
store_gone_cb (gpointer  user_data,
               GObject  *store)
{
  g_idle_add_full (G_PRIORITY_LOW, free_cb, user_data, g_object_unref);
}

static void
begin_restore (Errand *begun)
{
  g_autoptr (Errand) errand = begun;
  CrmBackupDesk *self = errand->desk;
  g_autoptr (CrmAccount) account = g_object_ref (errand->account);

  if (self->at_work || !is_worked_with (self, account))
    return;

  g_clear_pointer (&self->asking, errand_free);
  self->at_work = TRUE;
  g_object_weak_ref (G_OBJECT (crm_session_get_store (get_session (self))), store_gone_cb, g_object_ref (self));
  self->restoring = g_steal_pointer (&errand);
  self->patience_id = g_timeout_add (PATIENCE, patience_cb, self);
  g_application_hold (self->application);
  /* Else a toast gets the focus of what goes, and stays as long as it has it. */
  gtk_window_set_focus (GTK_WINDOW (self->window), NULL);
  g_signal_emit (self, signals[LEAVE], 0, account);
}

static void
answered_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autofree char *answer = crm_ask_finish (result);

  if (g_str_equal (answer, "restore"))
    begin_restore (g_steal_pointer (&errand));
}

static void
append_newer (GString            *words,
              const CrmNewerTask *task)
{
  g_autofree char *shown = crm_shown_text (task->name != NULL ? task->name : "—");
  g_autofree char *start = g_utf8_strlen (shown, -1) > LONGEST_NAME ? g_utf8_substring (shown, 0, LONGEST_NAME) : NULL;

  g_string_append_printf (words, "%s%s (%s)\n", start != NULL ? start : shown, start != NULL ? "…" : "",
                          crm_newer_get_words (task->why));
}

static char *
write_question (const CrmRestore *restore)
{
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_local (restore->backup.made_at / G_TIME_SPAN_SECOND);
  g_autofree char *day = made != NULL ? crm_date_words_get_day (made, CRM_DAY_YEAR) : g_strdup ("—");
  g_autofree char *hour = made != NULL ? crm_date_words_get_time (made, FALSE) : g_strdup ("—");
  /* Translators: a day and a time of day, as in “1 Dec 17:00” */
  g_autofree char *time = g_strdup_printf (C_("date", "%s %s"), day, hour);
  gulong n_tasks = (gulong) crm_backup_info_get_total (&restore->backup);
  gulong n = (gulong) restore->n_newer;
  guint n_named = MIN (restore->newer->len, MOST_NAMED);
  GString *words = g_string_new (NULL);

  /* Translators: a date and time */
  g_string_append_printf (words, _("The backup was made on %s\n"), time);
  g_string_append_printf (words, ngettext ("It holds %'lu task", "It holds %'lu tasks", n_tasks), n_tasks);
  g_string_append_c (words, '\n');
  if (restore->other_account)
    g_string_append_printf (words, _("It is of another account: %s, key %s\n"),
                            restore->backup.address != NULL ? restore->backup.address : C_("account", "no address"),
                            restore->backup.key != NULL ? restore->backup.key : C_("account", "no key"));
  g_string_append_c (words, '\n');
  if (n > 0)
    g_string_append_printf (words, ngettext ("%'lu task here is newer:\n", "%'lu tasks here are newer:\n", n), n);

  for (guint i = 0; i < n_named; i++)
    append_newer (words, restore->newer->pdata[i]);
  if (n > n_named)
    g_string_append_printf (words, ngettext ("  and %'lu more\n", "  and %'lu more\n", n - n_named), n - n_named);
  if (n > 0)
    g_string_append_c (words, '\n');
  g_string_append (words, _("What is here now is kept in a file, and can be restored from it"));

  return g_string_free (words, FALSE);
}

/* The account is worked with again while the person thinks about it. */
static void
session_cb (CrmBackupDesk *self)
{
  g_autofree char *words = NULL;
  Errand *errand;
  const CrmAnswer answers[] = {
    { "cancel", _("_Cancel") },
    { "restore", C_("button", "_Restore"), TRUE },
    { NULL },
  };

  if (self->asking == NULL || !is_worked_with (self, self->asking->account))
    return;

  errand = g_steal_pointer (&self->asking);
  words = write_question (errand->judged);
  crm_ask_async (GTK_WINDOW (self->window), _("Restore This Backup?"), words, answers, answered_cb, errand);
}

static void
open_chosen_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (Errand) errand = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = crm_file_dialog_finish (GTK_WINDOW (source), result, &error);

  if (error != NULL)
    say (errand->desk, error->message);
  if (file == NULL)
    return;

  errand->path = get_path (file);
  begin_restore (g_steal_pointer (&errand));
}

static void
restore_action (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       user_data)
{
  CrmBackupDesk *self = user_data;
  CrmSession *session = get_session (self);
  const CrmFileKind kinds[] = {
    { _("Backups"), { "backup" } },
    { NULL },
  };

  if (session != NULL)
    crm_file_dialog_open_async (GTK_WINDOW (self->window), _("Restore a Backup"), kinds, NULL, open_chosen_cb,
                                errand_new (self, crm_session_get_account (session)));
}

static void
crm_backup_desk_dispose (GObject *object)
{
  CrmBackupDesk *self = CRM_BACKUP_DESK (object);

  g_clear_weak_pointer (&self->window);
  g_clear_weak_pointer (&self->busy);
  g_clear_handle_id (&self->patience_id, g_source_remove);
  g_clear_handle_id (&self->grace_id, g_source_remove);

  G_OBJECT_CLASS (crm_backup_desk_parent_class)->dispose (object);
}

static void
crm_backup_desk_class_init (CrmBackupDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_backup_desk_dispose;

  signals[USE] = g_signal_new ("use", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, CRM_TYPE_ACCOUNT);
  signals[LEAVE] = g_signal_new ("leave", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, CRM_TYPE_ACCOUNT);
  signals[SAID] = g_signal_new ("said", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
crm_backup_desk_init (CrmBackupDesk *self)
{
}

/**
 * crm_backup_desk_new:
 * @application: the program, which is given the actions "back-up" and "restore"; it must not outlive the desk
 *
 * Returns: (transfer full): a desk
 */
CrmBackupDesk *
crm_backup_desk_new (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "back-up", .activate = back_up_action },
    { .name = "restore", .activate = restore_action },
  };
  CrmBackupDesk *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (CRM_TYPE_BACKUP_DESK, NULL);
  self->application = application;
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries), self);

  return self;
}

/**
 * crm_backup_desk_set_window:
 * @self: a desk
 * @window: (nullable): whose session is backed up, and what the dialogs belong to
 */
void
crm_backup_desk_set_window (CrmBackupDesk *self,
                            CrmWindow     *window)
{
  g_return_if_fail (CRM_IS_BACKUP_DESK (self));
  g_return_if_fail (window == NULL || CRM_IS_WINDOW (window));

  if (!g_set_weak_pointer (&self->window, window))
    return;

  /* What was to be asked in another goes with that. */
  g_clear_pointer (&self->asking, errand_free);
  if (window != NULL)
    g_signal_connect_object (window, "notify::session", G_CALLBACK (session_cb), self, G_CONNECT_SWAPPED);
}

/**
 * crm_backup_desk_left:
 * @self: a desk
 * @account: an account with which nobody works any more
 *
 * The answer to the signal "leave"; for another account it does nothing. What still holds the account's store is waited for.
 */
void
crm_backup_desk_left (CrmBackupDesk *self,
                      CrmAccount    *account)
{
  g_return_if_fail (CRM_IS_BACKUP_DESK (self));
  g_return_if_fail (CRM_IS_ACCOUNT (account));

  if (self->restoring != NULL && self->grace_id == 0 &&
      g_str_equal (crm_account_get_id (self->restoring->account), crm_account_get_id (account)))
    self->grace_id = g_timeout_add_seconds (GRACE, grace_cb, self);
}

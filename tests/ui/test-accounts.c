/* test-accounts.c: several accounts in the window: none reaches another's CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "window-bench.h"

#include "store/crm-store-folder.h"
#include "ui/crm-account-dialog.h"
#include "ui/crm-account-row.h"
#include "ui/crm-preferences.h"

#include <string.h>

typedef struct
{
  CrmPracticeServer *server;
  const char        *key;
  char              *id; /* the account's */
} Side;

static gboolean
is_gone (GuiDriver *driver,
         gpointer   data)
{
  return gui_driver_find_window (*(GType *) data) == NULL;
}

static GtkWidget *
wait_window (GuiDriver *driver,
             GType      type)
{
  GtkWidget *window = gui_driver_wait_window (driver, type);

  g_assert_nonnull (window);
  return window;
}

static void
wait_gone (GuiDriver *driver,
           GType      type)
{
  g_assert_true (gui_driver_wait (driver, is_gone, &type, g_type_name (type)));
}

static gboolean
works_with (GuiDriver *driver,
            gpointer   data)
{
  CrmSession *session = gui_driver_get_session (driver);

  return session != NULL && g_strcmp0 (crm_account_get_address (crm_session_get_account (session)), data) == 0;
}

static void
activate (GuiDriver  *driver,
          const char *action,
          const char *id)
{
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), action, id != NULL ? g_variant_new_string (id) : NULL);
}

static void
type_into (GtkWidget  *dialog,
           const char *id,
           const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, id)), text);
}

/* Fills in the dialog that is open, and connects. */
static GtkWidget *
fill_in (GuiDriver  *driver,
         const Side *side,
         const char *secret)
{
  GtkWidget *dialog = wait_window (driver, CRM_TYPE_ACCOUNT_DIALOG);

  adw_combo_row_set_selected (ADW_COMBO_ROW (gui_driver_find_below (dialog, "platform_row")), 3);
  type_into (dialog, "address_row", crm_practice_server_get_address (side->server));
  type_into (dialog, "key_row", side->key);
  type_into (dialog, "secret_row", secret);
  gtk_widget_activate_action (dialog, "account.connect", NULL);

  return dialog;
}

static void
sign_in (GuiDriver *driver,
         Side      *side)
{
  activate (driver, "add-account", NULL);
  fill_in (driver, side, "hush");
  wait_gone (driver, CRM_TYPE_ACCOUNT_DIALOG);
  g_assert_true (gui_driver_wait (driver, works_with, (gpointer) crm_practice_server_get_address (side->server), "the account"));
  g_free (side->id);
  side->id = g_strdup (crm_account_get_id (crm_session_get_account (gui_driver_get_session (driver))));
}

static void
start (Side       *side,
       const char *key)
{
  g_autoptr (GError) error = NULL;

  side->key = key;
  side->server = crm_practice_server_new (NULL, key, "hush");
  crm_practice_server_start (side->server, 0, &error);
  g_assert_no_error (error);
}

static void
stop (Side *side)
{
  crm_practice_server_stop (side->server);
  g_clear_object (&side->server);
  g_clear_pointer (&side->id, g_free);
}

static char *
get_folder (const Side *side)
{
  return g_build_filename (g_get_user_data_dir (), "crm-tasks", side->id, NULL);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static CrmCounts
count (const Side *side)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = get_folder (side);
  CrmCounts counts;

  crm_store_folder_count_async (folder, NULL, counted_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  crm_store_folder_count_finish (result, &counts, &error);
  g_assert_no_error (error);

  return counts;
}

static gint64
count_kept (const Side *side)
{
  CrmCounts counts = count (side);

  return crm_counts_get_kept (&counts);
}

static gboolean
is_under_way (GuiDriver *driver,
              gpointer   data)
{
  return crm_practice_server_get_in_flight (((Side *) data)->server) == 1;
}

static gboolean
is_recorded (GuiDriver *driver,
             gpointer   data)
{
  return count (data).states[CRM_SYNC_SYNCED] == 1;
}

/* The answer comes after the other account was opened: it is recorded where it belongs, and the other CRM hears of
 * nothing. */
static void
switched_amid_an_answer (GuiDriver *driver)
{
  Side first = { 0 }, second = { 0 };
  g_autoptr (GError) error = NULL;

  start (&first, "key-of-one");
  start (&second, "key-of-two");
  sign_in (driver, &first);
  crm_practice_server_add_fault (first.server, "delay=700,action=addOrUpdateTask", &error);
  g_assert_no_error (error);
  window_bench_begin (driver, "For the first CRM", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait (driver, is_under_way, &first, "the request"));

  sign_in (driver, &second);
  g_assert_cmpstr (first.id, !=, second.id);
  g_assert_true (gui_driver_wait (driver, is_recorded, &first, "the answer"));
  g_assert_cmpint (crm_session_get_total (gui_driver_get_session (driver)), ==, 0);
  g_assert_cmpuint (crm_practice_server_count_tasks (first.server), ==, 1);
  g_assert_cmpuint (crm_practice_server_count_requests (second.server, "/api/1.0/crm?action=addOrUpdateTask"), ==, 0);
  g_assert_cmpint (count (&second).states[CRM_SYNC_SYNCED], ==, 0);

  stop (&first);
  stop (&second);
}

static gboolean
needs_secret (GuiDriver *driver,
              gpointer   data)
{
  CrmSession *session = gui_driver_get_session (driver);

  return session != NULL && crm_session_needs_secret (session);
}

static gboolean
has_sent (GuiDriver *driver,
          gpointer   data)
{
  return crm_practice_server_count_tasks (((Side *) data)->server) == 1;
}

/* Signing out keeps what waits; signing in again sends it. */
static void
signed_out (GuiDriver *driver)
{
  Side side = { 0 };

  start (&side, "key");
  sign_in (driver, &side);
  activate (driver, "sign-out", side.id);
  g_assert_true (gui_driver_wait (driver, needs_secret, NULL, "the secret to be forgotten"));
  window_bench_begin (driver, "Waits for me", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_cmpint (gui_driver_wait_newest (driver, 0), ==, 1);
  g_assert_true (gtk_revealer_get_reveal_child (GTK_REVEALER (gui_driver_find (driver, "revealer"))));
  g_assert_cmpuint (crm_practice_server_count_tasks (side.server), ==, 0);
  g_assert_cmpint (count_kept (&side), ==, 1);

  activate (driver, "account", NULL);
  fill_in (driver, &side, "hush");
  g_assert_true (gui_driver_wait (driver, has_sent, &side, "the task to be sent"));
  g_assert_true (gui_driver_wait (driver, is_recorded, &side, "the answer"));
  g_assert_cmpint (count_kept (&side), ==, 0);

  stop (&side);
}

/* A changed key asks whether it is the same CRM, and what is not it gets an account of its own. */
static void
changed (GuiDriver *driver)
{
  Side side = { 0 };
  g_autofree char *before = NULL;

  start (&side, "key");
  sign_in (driver, &side);
  window_bench_begin (driver, "Of the first", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait (driver, has_sent, &side, "the task to be sent"));
  before = g_strdup (side.id);

  crm_practice_server_set_credentials (side.server, "new-key", "hush");
  side.key = "new-key";
  activate (driver, "account", NULL);
  fill_in (driver, &side, "hush");
  g_assert_true (gui_driver_answer (driver, "_Cancel"));
  g_assert_nonnull (gui_driver_find_window (CRM_TYPE_ACCOUNT_DIALOG));
  gtk_widget_activate_action (gui_driver_find_window (CRM_TYPE_ACCOUNT_DIALOG), "account.connect", NULL);
  g_assert_true (gui_driver_answer (driver, "The _Same CRM"));
  wait_gone (driver, CRM_TYPE_ACCOUNT_DIALOG);
  g_assert_true (gui_driver_wait_session (driver));
  g_assert_cmpstr (crm_account_get_id (crm_session_get_account (gui_driver_get_session (driver))), ==, before);
  g_assert_cmpstr (crm_account_get_key (crm_session_get_account (gui_driver_get_session (driver))), ==, "new-key");

  side.key = "of-another-customer";
  activate (driver, "account", NULL);
  fill_in (driver, &side, "hush");
  g_assert_true (gui_driver_answer (driver, "_Another CRM"));
  wait_gone (driver, CRM_TYPE_ACCOUNT_DIALOG);
  g_assert_true (gui_driver_wait_session (driver));
  g_assert_cmpstr (crm_account_get_id (crm_session_get_account (gui_driver_get_session (driver))), !=, before);
  g_assert_cmpint (crm_session_get_total (gui_driver_get_session (driver)), ==, 0);

  stop (&side);
}

static gboolean
is_freed (GuiDriver *driver,
          gpointer   data)
{
  return *(gpointer *) data == NULL;
}

/* A question goes with the window that asks it, which waits for no answer then, and nothing is changed. */
static void
left_unanswered (GuiDriver *driver)
{
  Side side = { 0 };
  GtkWidget *dialog;
  CrmAccount *account;

  start (&side, "key");
  sign_in (driver, &side);
  window_bench_begin (driver, "Of the first", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_true (gui_driver_wait (driver, has_sent, &side, "the task to be sent"));

  side.key = "new-key";
  activate (driver, "account", NULL);
  dialog = fill_in (driver, &side, "hush");
  g_assert_nonnull (gui_driver_wait_question (driver));
  g_object_add_weak_pointer (G_OBJECT (dialog), (gpointer *) &dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_true (gui_driver_wait (driver, is_freed, &dialog, "the window to be freed"));
  g_assert_null (gui_driver_find_question ());

  account = crm_session_get_account (gui_driver_get_session (driver));
  g_assert_cmpstr (crm_account_get_id (account), ==, side.id);
  g_assert_cmpstr (crm_account_get_key (account), ==, "key");

  stop (&side);
}

static gboolean
folder_is_gone (GuiDriver *driver,
                gpointer   data)
{
  return !g_file_test (data, G_FILE_TEST_EXISTS) && gui_driver_get_session (driver) != NULL;
}

static GtkWidget *
find_row (GtkWidget  *widget,
          const char *words)
{
  GtkWidget *found = NULL;

  if (CRM_IS_ACCOUNT_ROW (widget) && strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)), words) != NULL)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, words);

  return found;
}

/* Its buttons can be pressed only where they reach the program. */
static gboolean
can_press (GtkWidget *widget)
{
  gboolean found = GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), "app.use-account") == 0 &&
                   gtk_widget_get_mapped (widget) && gtk_widget_is_sensitive (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = can_press (child);

  return found;
}

static gboolean
row_counts (GuiDriver *driver,
            gpointer   data)
{
  return find_row (gui_driver_find_window (CRM_TYPE_PREFERENCES), data) != NULL;
}

/* Removing says what would be lost, wants a second yes, and leaves nothing behind. */
static void
removed (GuiDriver *driver)
{
  Side side = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *body = NULL;
  GtkWidget *question;

  start (&side, "key");
  sign_in (driver, &side);
  crm_practice_server_stop (side.server);
  folder = get_folder (&side);
  window_bench_begin (driver, "Here alone", "2026-12-01 17:00");
  gui_driver_press (driver, "submit_button");
  g_assert_cmpint (gui_driver_wait_newest (driver, 0), ==, 1);

  activate (driver, "preferences", NULL);
  wait_window (driver, CRM_TYPE_PREFERENCES);
  g_assert_true (gui_driver_wait (driver, row_counts, (gpointer) "1 task not on the CRM yet", "the row to count"));

  g_assert_true (can_press (gui_driver_find_window (CRM_TYPE_PREFERENCES)));
  activate (driver, "remove-account", side.id);
  question = gui_driver_wait_question (driver);
  g_assert_nonnull (question);
  g_object_get (question, "body", &body, NULL);
  g_assert_nonnull (strstr (body, "1 task is not on the CRM"));
  g_assert_true (gui_driver_answer (driver, "_Cancel"));
  g_assert_true (g_file_test (folder, G_FILE_TEST_EXISTS));

  activate (driver, "remove-account", side.id);
  g_assert_true (gui_driver_answer (driver, "_Remove"));
  g_assert_true (gui_driver_wait (driver, folder_is_gone, folder, "the account to be gone"));
  g_assert_cmpstr (crm_account_get_id (crm_session_get_account (gui_driver_get_session (driver))), !=, side.id);
  g_assert_cmpint (crm_session_get_total (gui_driver_get_session (driver)), ==, 0);

  stop (&side);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/accounts/switched-amid-an-answer", (gconstpointer) switched_amid_an_answer, window_bench_run);
  g_test_add_data_func ("/accounts/signed-out", (gconstpointer) signed_out, window_bench_run);
  g_test_add_data_func ("/accounts/changed", (gconstpointer) changed, window_bench_run);
  g_test_add_data_func ("/accounts/left-unanswered", (gconstpointer) left_unanswered, window_bench_run);
  g_test_add_data_func ("/accounts/removed", (gconstpointer) removed, window_bench_run);

  return g_test_run ();
}

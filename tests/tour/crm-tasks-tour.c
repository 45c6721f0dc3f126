/* crm-tasks-tour.c: the main job, done through the real window, with a picture of each step
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tour/gui-driver.h"
#include "ui/crm-account-dialog.h"
#include "ui/crm-place.h"
#include "ui/crm-preferences.h"

#include <libintl.h>
#include <locale.h>

/* An id that the practice CRM refuses with 24395, and one that it takes. */
#define WRONG_LEAD "99999"
#define RIGHT_LEAD "2665"

/* The choices of the editor's kind row. */
enum
{
  KIND_NOBODY,
  KIND_OPPORTUNITY,
  KIND_LEAD,
};

typedef struct
{
  const char *pictures;
  const char *look; /* NULL: the usual one */
  guint       n_pictures;
} Tour;

static gboolean
picture_of (GuiDriver  *driver,
            Tour       *tour,
            GType       type,
            const char *name)
{
  g_autofree char *file = g_strdup_printf ("%02u-%s.png", ++tour->n_pictures, name);
  g_autofree char *path = tour->pictures != NULL ? g_build_filename (tour->pictures, file, NULL) : NULL;

  if (path == NULL)
    return TRUE;
  if (gui_driver_picture (driver, type, path))
    return TRUE;

  g_printerr ("%s could not be written\n", path);
  return FALSE;
}

static gboolean
picture (GuiDriver  *driver,
         Tour       *tour,
         const char *name)
{
  return picture_of (driver, tour, CRM_TYPE_WINDOW, name);
}

static gint64
write_task (GuiDriver  *driver,
            const char *name,
            const char *due,
            const char *lead,
            gint64      after)
{
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.new-task", NULL);
  gui_driver_type (driver, "name_row", name);
  gui_driver_type (driver, "end_datetime_row", due);
  if (lead != NULL)
    {
      gui_driver_choose (driver, "kind_row", KIND_LEAD);
      gui_driver_type (driver, "lead_id_row", lead);
    }
  gui_driver_settle (driver);

  return after;
}

static gboolean
send (GuiDriver *driver,
      gint64     after,
      gint64    *local_id)
{
  gui_driver_press (driver, "submit_button");
  *local_id = gui_driver_wait_newest (driver, after);

  return *local_id != 0;
}

/* As someone does who chooses a row and presses Enter: the first field at fault has the focus then. */
static void
open_task (GuiDriver *driver,
           gint64     local_id)
{
  gui_driver_select (driver, local_id);
  g_signal_emit_by_name (gui_driver_find (driver, "view"), "activated");
}

static gint64
read_code (GuiDriver *driver,
           gint64     local_id)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), local_id, NULL);
  const CrmProblem *problem = task != NULL ? crm_task_get_problem (task) : NULL;

  return problem != NULL ? problem->specific_code : 0;
}

static gint64
read_crm_id (GuiDriver *driver,
             gint64     local_id)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), local_id, NULL);

  return task != NULL ? crm_task_get_crm_id (task) : 0;
}

static void
print_list (GuiDriver *driver,
            gint64     last)
{
  for (gint64 id = 1; id <= last; id++)
    {
      g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (driver), id, NULL);
      g_autofree char *title = task != NULL ? crm_task_get_title (task) : NULL;
      g_autofree char *words = NULL;

      if (task == NULL)
        continue;
      if (crm_task_get_problem (task) != NULL)
        words = crm_problem_get_words (crm_task_get_problem (task));
      g_print ("%3" G_GINT64_FORMAT "  %-16s %6" G_GINT64_FORMAT "  %s%s%s\n", id,
               crm_sync_state_get_words (crm_task_get_state (task)), crm_task_get_crm_id (task), title,
               words != NULL ? " — " : "", words != NULL ? words : "");
    }
}

/* A task gets its id; another is rejected, is corrected in the editor and resubmitted, and gets its id. */
static gboolean
do_main_job (GuiDriver *driver,
             Tour      *tour)
{
  gint64 good, bad;

  write_task (driver, "Confirm the menu tasting", "2026-12-01 11:00", NULL, 0);
  if (!picture (driver, tour, "new-task") || !send (driver, 0, &good) ||
      !gui_driver_wait_state (driver, good, CRM_SYNC_SYNCED) || !picture (driver, tour, "sent"))
    return FALSE;
  g_print ("A task got its id on the CRM: %" G_GINT64_FORMAT "\n", read_crm_id (driver, good));

  write_task (driver, "Call the caterer about the allergy list", "2026-12-02 17:00", WRONG_LEAD, good);
  if (!send (driver, good, &bad) || !gui_driver_wait_state (driver, bad, CRM_SYNC_FAILED))
    return FALSE;
  open_task (driver, bad);
  if (!picture (driver, tour, "rejected"))
    return FALSE;
  if (read_code (driver, bad) != 24395 || !gui_driver_is_shown (driver, "lead_id_message"))
    {
      g_printerr ("The rejection is not shown at its field\n");
      return FALSE;
    }
  g_print ("Another was rejected with %" G_GINT64_FORMAT ", beside its field\n", read_code (driver, bad));

  gui_driver_type (driver, "lead_id_row", RIGHT_LEAD);
  if (!picture (driver, tour, "corrected"))
    return FALSE;
  gui_driver_press (driver, "submit_button");
  if (!gui_driver_wait_state (driver, bad, CRM_SYNC_SYNCED) || !picture (driver, tour, "resubmitted"))
    return FALSE;
  g_print ("Corrected and resubmitted, it got its id: %" G_GINT64_FORMAT "\n", read_crm_id (driver, bad));

  return read_crm_id (driver, good) > 0 && read_crm_id (driver, bad) > 0 &&
         crm_practice_server_count_tasks (gui_driver_get_server (driver)) == 2;
}

static gboolean
add_fault (GuiDriver  *driver,
           const char *fault)
{
  g_autoptr (GError) error = NULL;

  if (crm_practice_server_add_fault (gui_driver_get_server (driver), fault, &error))
    return TRUE;

  g_printerr ("%s: %s\n", fault, error->message);
  return FALSE;
}

static gboolean
show_every_place (GuiDriver *driver,
                  Tour      *tour)
{
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (driver));
  const CrmPlace *place;

  for (guint i = 1; (place = crm_place_get (i)) != NULL; i++)
    {
      g_autofree char *name = g_strconcat ("place-", place->name, NULL);

      gtk_widget_activate_action (window, "win.go", "s", place->name);
      gui_driver_settle (driver);
      if (!picture (driver, tour, name))
        return FALSE;
    }
  gtk_widget_activate_action (window, "win.go", "s", crm_place_get (0)->name);
  gui_driver_settle (driver);

  return TRUE;
}

/* All six states at once, for the pictures. */
static gboolean
show_every_state (GuiDriver *driver,
                  Tour      *tour,
                  gint64    *last)
{
  gint64 id;

  if (!add_fault (driver, "cut-before,action=addOrUpdateTask,name=Ask the florist") ||
      !add_fault (driver, "500,times=0,action=addOrUpdateTask,name=Chase the deposit") ||
      !add_fault (driver, "delay=6000,action=addOrUpdateTask,name=Book the sound check"))
    return FALSE;

  write_task (driver, "Send the revised floor plan", "2026-11-25 09:30", WRONG_LEAD, *last);
  if (!send (driver, *last, last) || !gui_driver_wait_state (driver, *last, CRM_SYNC_FAILED))
    return FALSE;
  id = *last;

  write_task (driver, "Ask the florist for a quote", "2026-11-26 10:00", NULL, *last);
  if (!send (driver, *last, last) || !gui_driver_wait_state (driver, *last, CRM_SYNC_UNCONFIRMED))
    return FALSE;

  write_task (driver, "Chase the deposit for the spring conference", "2026-11-27 16:00", NULL, *last);
  if (!send (driver, *last, last) || !gui_driver_wait_state (driver, *last, CRM_SYNC_SENDING) ||
      !gui_driver_wait_state (driver, *last, CRM_SYNC_QUEUED))
    return FALSE;

  write_task (driver, "Book the sound check", "2026-11-28 14:00", NULL, *last);
  if (!send (driver, *last, last) || !gui_driver_wait_state (driver, *last, CRM_SYNC_SENDING))
    return FALSE;

  write_task (driver, "Ask about vegan options", "", NULL, *last);
  gui_driver_press (driver, "save_button");
  *last = gui_driver_wait_newest (driver, *last);
  if (*last == 0)
    return FALSE;

  open_task (driver, id);
  if (!picture (driver, tour, "every-state"))
    return FALSE;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  if (!picture (driver, tour, "every-state-dark"))
    return FALSE;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);

  gtk_selection_model_select_range (gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view"))), 1, 3,
                                    TRUE);
  if (!picture (driver, tour, "several"))
    return FALSE;
  open_task (driver, id);

  gtk_widget_activate_action (gui_driver_find (driver, "editor"), "editor.close", NULL);
  if (!show_every_place (driver, tour))
    return FALSE;
  gui_driver_resize (driver, 800, 600);
  if (!picture (driver, tour, "every-state-800x600"))
    return FALSE;
  gui_driver_resize (driver, 400, 640);
  if (!picture (driver, tour, "narrow"))
    return FALSE;
  open_task (driver, id);
  return picture (driver, tour, "narrow-editor");
}

static void
activate (GuiDriver  *driver,
          const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), action, NULL);
}

static gboolean
has_result (GuiDriver *driver,
            gpointer   data)
{
  return gtk_widget_get_visible (data);
}

static gboolean
try_connection (GuiDriver  *driver,
                Tour       *tour,
                const char *secret,
                const char *name)
{
  GtkWidget *dialog = gui_driver_find_window (CRM_TYPE_ACCOUNT_DIALOG);

  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "secret_row")), secret);
  gtk_widget_activate_action (dialog, "account.test", NULL);

  return gui_driver_wait (driver, has_result, gui_driver_find_below (dialog, "result_row"), "the test's result") &&
         picture_of (driver, tour, CRM_TYPE_ACCOUNT_DIALOG, name);
}

static gboolean
show_accounts (GuiDriver *driver,
               Tour      *tour)
{
  CrmAccount *practice = crm_session_get_account (gui_driver_get_session (driver));
  const char *address = crm_account_get_address (practice);
  GtkWidget *dialog;

  activate (driver, "add-account");
  dialog = gui_driver_wait_window (driver, CRM_TYPE_ACCOUNT_DIALOG);
  if (dialog == NULL || !picture_of (driver, tour, CRM_TYPE_ACCOUNT_DIALOG, "account"))
    return FALSE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (gui_driver_find_below (dialog, "platform_row")), 3);
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "address_row")), address);
  gtk_editable_set_text (GTK_EDITABLE (gui_driver_find_below (dialog, "key_row")), CRM_PRACTICE_KEY);
  if (!try_connection (driver, tour, "not it", "account-wrong-secret") ||
      !try_connection (driver, tour, CRM_PRACTICE_SECRET, "account-works"))
    return FALSE;
  gtk_window_close (GTK_WINDOW (dialog));

  activate (driver, "preferences");
  if (gui_driver_wait_window (driver, CRM_TYPE_PREFERENCES) == NULL ||
      !picture_of (driver, tour, CRM_TYPE_PREFERENCES, "preferences"))
    return FALSE;

  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "remove-account",
                                  g_variant_new_string (crm_account_get_id (practice)));
  dialog = gui_driver_wait_question (driver);
  if (dialog == NULL ||
      !picture_of (driver, tour, G_OBJECT_TYPE (gtk_widget_get_root (dialog)), "remove-account") ||
      !gui_driver_answer (driver, g_dgettext (GETTEXT_PACKAGE, "_Cancel")))
    return FALSE;
  gtk_window_destroy (GTK_WINDOW (gui_driver_find_window (CRM_TYPE_PREFERENCES)));

  return TRUE;
}

static int
run (GuiDriver *driver,
     gpointer   data)
{
  Tour *tour = data;
  gint64 last = 2;
  gboolean done;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  if (g_strcmp0 (tour->look, "large") == 0)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 2 * 96 * 1024, NULL);
  if (g_strcmp0 (tour->look, "rtl") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  if (!gui_driver_wait_session (driver) || !picture (driver, tour, "welcome"))
    return 1;

  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "practice", NULL);
  for (gboolean ready = FALSE; !ready && g_get_monotonic_time () < driver->deadline;)
    {
      CrmSession *session = gui_driver_get_session (driver);

      ready = session != NULL && crm_session_get_host (session) != NULL;
      if (!ready)
        g_main_context_iteration (NULL, TRUE);
    }
  if (!picture (driver, tour, "empty"))
    return 1;

  done = do_main_job (driver, tour);
  if (done && tour->pictures != NULL)
    done = show_every_state (driver, tour, &last) && show_accounts (driver, tour);
  print_list (driver, last);

  /* Let what is still delayed be answered before the window closes. */
  crm_practice_server_clear_faults (gui_driver_get_server (driver));
  return done ? 0 : 1;
}

int
main (int   argc,
      char *argv[])
{
  Tour tour = { 0 };

  setlocale (LC_ALL, "");
  for (int i = 1; i < argc; i += 2)
    {
      if (i + 1 < argc && g_str_equal (argv[i], "--pictures"))
        {
          tour.pictures = argv[i + 1];
        }
      else if (i + 1 < argc && g_str_equal (argv[i], "--look"))
        {
          tour.look = argv[i + 1];
        }
      else if (i + 1 < argc && g_str_equal (argv[i], "--translations"))
        {
          bindtextdomain (GETTEXT_PACKAGE, argv[i + 1]);
          bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
          textdomain (GETTEXT_PACKAGE);
        }
      else
        {
          g_printerr ("Usage: crm-tasks-tour [--pictures FOLDER] [--look contrast|large|rtl] [--translations FOLDER]\n");
          return 2;
        }
    }

  /* libadwaita reads it as it starts. */
  if (g_strcmp0 (tour.look, "contrast") == 0)
    g_setenv ("ADW_DEBUG_HIGH_CONTRAST", "1", TRUE);

  return gui_driver_run ("", 60, run, &tour);
}

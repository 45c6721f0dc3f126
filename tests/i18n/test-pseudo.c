/* test-pseudo.c: the real window in a language that is made up: what is not translated is found, and what it breaks
 *
 * test_pseudo.py makes the language and the locale, and starts this.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tour/gui-driver.h"
#include "sync/crm-sync-service.h"
#include "ui/crm-account-dialog.h"
#include "ui/crm-history-dialog.h"
#include "ui/crm-me-dialog.h"
#include "ui/crm-place-row.h"
#include "ui/crm-preferences.h"
#include "ui/crm-set-field-dialog.h"

#include <libintl.h>
#include <locale.h>

#define KIND_LEAD 2
#define WRONG_LEAD "99999"
#define NARROW 360
/* Each mark is as wide as a letter more. */
#define NARROW_DIALOG 400

typedef struct
{
  const char *args;
  void      (*body) (GuiDriver *driver);
  gboolean    from_right;
} Walk;

static guint n_looked_at;
static guint n_bad;
static gboolean from_right;

/* What is not ours to translate: addresses, numbers of HTTP, the zone of a time, what was sent and answered; and what GTK
 * and libadwaita say themselves. */
static gboolean
is_data (const char *text)
{
  static const char *const patterns[] = {
    "^https?://", "^\\S+@example\\.com ", "^\\{", "^ *· HTTP \\d+ *(· )?$", "^[-\\d: ]+UTC$", "^(Dismiss|Search Shortcuts|Shortcuts|Show Password|Show Text)$", NULL,
  };

  for (guint i = 0; patterns[i] != NULL; i++)
    if (g_regex_match_simple (patterns[i], text, 0, 0))
      return TRUE;

  return FALSE;
}

/* What stands outside of the marks around each translation. */
static char *
strip_translated (const char *text)
{
  GString *rest = g_string_new (NULL);
  int depth = 0;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == 0x27e6)
        depth++;
      else if (c == 0x27e7)
        depth--;
      else if (depth == 0)
        g_string_append_unichar (rest, c);
    }

  return g_string_free (rest, FALSE);
}

static void
complain (GtkWidget  *widget,
          const char *what,
          const char *text)
{
  g_autoptr (GString) path = g_string_new (NULL);

  for (GtkWidget *w = widget; w != NULL; w = gtk_widget_get_parent (w))
    g_string_append_printf (path, " < %s", G_OBJECT_TYPE_NAME (w));
  g_printerr ("%s: “%s”%s\n", what, text, path->str);
  n_bad++;
}

static void
look_at_text (GtkWidget  *widget,
              const char *what,
              const char *text)
{
  g_autofree char *rest = NULL;

  if (text == NULL || *text == '\0')
    return;

  n_looked_at++;
  rest = strip_translated (text);
  if (g_regex_match_simple ("[A-Za-z]", rest, 0, 0) && !is_data (rest))
    complain (widget, what, text);
}

static void
look_at_menu (GtkWidget  *widget,
              GMenuModel *menu)
{
  for (int i = 0; menu != NULL && i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *label = NULL;
      g_autoptr (GMenuLinkIter) links = g_menu_model_iterate_item_links (menu, i);

      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_LABEL, "s", &label))
        look_at_text (widget, "Menu", label);
      while (g_menu_link_iter_next (links))
        {
          g_autoptr (GMenuModel) below = g_menu_link_iter_get_value (links);

          look_at_menu (widget, below);
        }
    }
}

static void
look_at_accessible (GtkWidget             *widget,
                    GtkAccessibleProperty  property,
                    const char            *what)
{
  g_autofree char *text = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property))
    return;

  /* It gives what is there when that is not what it is asked for. */
  text = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "\001");
  look_at_text (widget, what, text);
}

static gboolean
is_title (GtkWidget *widget)
{
  /* What is typed into has the room that is there. */
  if (gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW) != NULL)
    return FALSE;

  return gtk_widget_get_ancestor (widget, GTK_TYPE_BUTTON) != NULL ||
         gtk_widget_get_ancestor (widget, CRM_TYPE_PLACE_ROW) != NULL || gtk_widget_has_css_class (widget, "title") ||
         gtk_widget_has_css_class (widget, "heading");
}

static void
look_at (GtkWidget *widget,
         gboolean   wide)
{
  /* Keys, and what GTK itself says. */
  if (!gtk_widget_get_mapped (widget) || g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkShortcutLabel") ||
      g_str_equal (gtk_widget_get_css_name (widget), "accelerator") || GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_CALENDAR (widget))
    return;

  if (GTK_IS_LABEL (widget))
    {
      look_at_text (widget, "Label", gtk_label_get_text (GTK_LABEL (widget)));
      if (wide && is_title (widget) && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
        complain (widget, "Cut", gtk_label_get_text (GTK_LABEL (widget)));
    }
  if (GTK_IS_TEXT (widget))
    look_at_text (widget, "Placeholder", gtk_text_get_placeholder_text (GTK_TEXT (widget)));
  if (GTK_IS_MENU_BUTTON (widget))
    look_at_menu (widget, gtk_menu_button_get_menu_model (GTK_MENU_BUTTON (widget)));
  if (ADW_IS_COMBO_ROW (widget) && GTK_IS_STRING_LIST (adw_combo_row_get_model (ADW_COMBO_ROW (widget))))
    {
      GtkStringList *list = GTK_STRING_LIST (adw_combo_row_get_model (ADW_COMBO_ROW (widget)));

      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
        look_at_text (widget, "Choice", gtk_string_list_get_string (list, i));
    }
  look_at_text (widget, "Tooltip", gtk_widget_get_tooltip_text (widget));
  look_at_accessible (widget, GTK_ACCESSIBLE_PROPERTY_LABEL, "Spoken");
  look_at_accessible (widget, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "Spoken");

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    look_at (child, wide);
}

static void
picture (GuiDriver  *driver,
         GType       type,
         const char *name)
{
  const char *folder = g_getenv ("CRM_TASKS_PSEUDO_PICTURES");
  g_autofree char *file = g_strconcat (name, from_right ? "-rtl" : "", ".png", NULL);
  g_autofree char *path = NULL;

  if (folder == NULL)
    return;

  path = g_build_filename (folder, file, NULL);
  g_assert_true (gui_driver_picture (driver, type, path));
}

static void
look_at_window (GuiDriver  *driver,
                GType       type,
                const char *name,
                gboolean    wide)
{
  guint before = n_looked_at;

  gui_driver_settle (driver);
  look_at (gui_driver_find_window (type), wide);
  g_assert_cmpuint (n_looked_at, >, before);
  picture (driver, type, name);
}

static gboolean
is_gone (GuiDriver *driver,
         gpointer   data)
{
  return gui_driver_find_window (*(GType *) data) == NULL;
}

/* A dialog fits a narrow screen. */
static void
look_at_dialog (GuiDriver  *driver,
                GType       type,
                const char *name)
{
  GtkWidget *dialog = gui_driver_wait_window (driver, type);
  int width;

  g_assert_nonnull (dialog);
  look_at_window (driver, type, name, TRUE);
  gtk_widget_measure (dialog, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  if (width > NARROW_DIALOG)
    {
      g_autofree char *words = g_strdup_printf ("%s is %d wide at least", name, width);

      complain (dialog, "Too wide", words);
    }
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_true (gui_driver_wait (driver, is_gone, &type, "the dialog to be gone"));
}

static gint64
send_task (GuiDriver  *driver,
           const char *name,
           gint64      after,
           const char *lead)
{
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.new-task", NULL);
  gui_driver_type (driver, "name_row", name);
  gui_driver_type (driver, "end_datetime_row", "2026-12-01 17:00");
  if (lead != NULL)
    {
      gui_driver_choose (driver, "kind_row", KIND_LEAD);
      gui_driver_type (driver, "lead_id_row", lead);
    }
  gui_driver_press (driver, "submit_button");

  return gui_driver_wait_newest (driver, after);
}

static void
look_at_popover (GuiDriver  *driver,
                 const char *id,
                 const char *name)
{
  GtkWidget *row = gui_driver_find (driver, id);
  GtkMenuButton *button = GTK_MENU_BUTTON (gui_driver_find_below (row, "button"));

  gtk_menu_button_popup (button);
  gui_driver_settle (driver);
  look_at (GTK_WIDGET (gtk_menu_button_get_popover (button)), TRUE);
  picture (driver, CRM_TYPE_WINDOW, name);
  gtk_menu_button_popdown (button);
  gui_driver_settle (driver);
}

/* What is in it is made as it opens. */
static void
look_at_main_menu (GuiDriver *driver)
{
  GtkMenuButton *button = GTK_MENU_BUTTON (gui_driver_find (driver, "main_menu_button"));

  gtk_menu_button_popup (button);
  gui_driver_settle (driver);
  g_assert_nonnull (gtk_menu_button_get_menu_model (button));
  look_at (GTK_WIDGET (button), TRUE);
  gtk_menu_button_popdown (button);
  gui_driver_settle (driver);
}

static void
add_fault (GuiDriver  *driver,
           const char *fault)
{
  g_autoptr (GError) error = NULL;

  crm_practice_server_add_fault (gui_driver_get_server (driver), fault, &error);
  g_assert_no_error (error);
}

static gboolean
is_paused (GuiDriver *driver,
           gpointer   data)
{
  return crm_sync_service_get_pause_words (crm_session_get_service (gui_driver_get_session (driver))) != NULL;
}

static void
act (GuiDriver  *driver,
     const char *id,
     const char *action)
{
  GtkWidget *widget = id != NULL ? gui_driver_find (driver, id) : GTK_WIDGET (gui_driver_get_window (driver));

  g_assert_true (gtk_widget_activate_action (widget, action, NULL));
  gui_driver_settle (driver);
}

static void
look_at_places (GuiDriver *driver)
{
  static const char *const places[] = { "attention", "waiting", "unconfirmed", "drafts", "sent",
                                        "mine",      "overdue", "today",       "week",   "all" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *name = g_strconcat ("place-", places[i], NULL);

      gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.go", "s", places[i]);
      look_at_window (driver, CRM_TYPE_WINDOW, name, TRUE);
    }
}

static void
walk_window (GuiDriver *driver)
{
  gint64 first, second;

  gui_driver_resize (driver, 1280, 800);
  look_at_window (driver, CRM_TYPE_WINDOW, "empty", TRUE);
  look_at_main_menu (driver);
  gtk_widget_activate_action (GTK_WIDGET (gui_driver_get_window (driver)), "win.new-task", NULL);
  gui_driver_press (driver, "submit_button");
  look_at_window (driver, CRM_TYPE_WINDOW, "incomplete", TRUE);

  first = send_task (driver, "⟦1⟧", 0, WRONG_LEAD);
  g_assert_true (gui_driver_wait_state (driver, first, CRM_SYNC_FAILED));
  second = send_task (driver, "⟦2⟧", first, WRONG_LEAD);
  g_assert_true (gui_driver_wait_state (driver, second, CRM_SYNC_FAILED));
  gui_driver_select (driver, second);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "problem_card"));
  look_at_window (driver, CRM_TYPE_WINDOW, "refused", TRUE);
  look_at_popover (driver, "end_datetime_row", "due-popover");

  act (driver, "editor", "editor.history");
  look_at_dialog (driver, CRM_TYPE_HISTORY_DIALOG, "history");
  act (driver, "editor", "editor.set-field-code");
  look_at_dialog (driver, CRM_TYPE_SET_FIELD_DIALOG, "set-field");
  look_at_places (driver);

  gtk_selection_model_select_all (gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view"))));
  look_at_window (driver, CRM_TYPE_WINDOW, "bulk", TRUE);

  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "preferences", NULL);
  look_at_dialog (driver, CRM_TYPE_PREFERENCES, "preferences");
  g_action_group_activate_action (G_ACTION_GROUP (driver->application), "add-account", NULL);
  look_at_dialog (driver, CRM_TYPE_ACCOUNT_DIALOG, "account");
  act (driver, NULL, "win.who-i-am");
  look_at_dialog (driver, CRM_TYPE_ME_DIALOG, "who-i-am");
  act (driver, NULL, "win.show-help-overlay");
  g_assert_nonnull (gui_driver_wait_window (driver, GTK_TYPE_SHORTCUTS_WINDOW));
  look_at_window (driver, GTK_TYPE_SHORTCUTS_WINDOW, "shortcuts", FALSE);
}

/* The list and the editor beside each other are in the way until the leaflet has folded, which takes it some frames. */
static void
make_narrow (GuiDriver *driver)
{
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (driver));

  for (int i = 0; i < 2 || (i < 20 && gtk_widget_get_width (window) > NARROW); i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (gui_driver_get_window (driver)), NARROW, 720 + i);
      gui_driver_settle (driver);
      gui_driver_settle (driver);
    }
}

/* The window as narrow as a phone; who does not fit is named. */
static void
assert_narrow (GuiDriver *driver)
{
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (driver));
  GtkWidget *widest = window;
  int width = gtk_widget_get_width (window);

  while (widest != NULL && width > NARROW)
    {
      g_autofree char *words = g_strdup_printf ("the window is %d wide", width);
      GtkWidget *next = NULL;

      for (GtkWidget *child = gtk_widget_get_first_child (widest); child != NULL; child = gtk_widget_get_next_sibling (child))
        {
          int least = 0;

          if (gtk_widget_get_child_visible (child))
            gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
          if (least > NARROW)
            next = child;
        }
      if (next == NULL)
        complain (widest, "Too wide", words);
      widest = next;
    }
}

static gboolean
is_listed (GuiDriver *driver,
           gpointer   data)
{
  return crm_session_get_total (gui_driver_get_session (driver)) > 0;
}

static gboolean
is_idle (GuiDriver *driver,
         gpointer   data)
{
  CrmPullProgress progress;

  crm_puller_get_progress (crm_sync_service_get_puller (crm_session_get_service (gui_driver_get_session (driver))), &progress);
  return !progress.active;
}

/* A task that was changed here and on the CRM; it is sent as the CRM has it in the end. */
static gint64
look_at_conflict (GuiDriver *driver)
{
  CrmSyncService *service = crm_session_get_service (gui_driver_get_session (driver));
  gint64 there = crm_practice_server_colleague_edit (gui_driver_get_server (driver),
                                                     "{\"name\":\"⟦A⟧\",\"endDatetime\":\"2027-03-01 09:00:00\"}");
  g_autofree char *change = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"name\":\"⟦B⟧\",\"priority\":\"low\"}", there);
  gint64 id;

  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the first refresh"));
  crm_puller_pull (crm_sync_service_get_puller (service), FALSE);
  g_assert_true (gui_driver_wait (driver, is_listed, NULL, "the colleague's task"));
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the refresh"));
  id = gui_driver_wait_newest (driver, 0);

  crm_sync_service_set_held (service, TRUE);
  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  gui_driver_type (driver, "name_row", "⟦C⟧");
  gui_driver_press (driver, "save_button");
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_QUEUED));
  crm_practice_server_colleague_edit (gui_driver_get_server (driver), change);
  crm_puller_pull (crm_sync_service_get_puller (service), FALSE);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_FAILED));
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "merge_card"));
  look_at_window (driver, CRM_TYPE_WINDOW, "conflict", TRUE);
  crm_sync_service_set_held (service, FALSE);
  g_assert_true (gui_driver_wait (driver, is_idle, NULL, "the last refresh"));

  return id;
}

/* What is seen when something goes wrong. */
static void
walk_trouble (GuiDriver *driver)
{
  gint64 id;

  gui_driver_resize (driver, 1280, 800);
  id = look_at_conflict (driver);
  act (driver, NULL, "win.new-task");
  gui_driver_type (driver, "end_datetime_row", "31.31.2026");
  gui_driver_type (driver, "name_row", "⟦1⟧");
  gui_driver_press (driver, "submit_button");
  look_at_window (driver, CRM_TYPE_WINDOW, "no-date", TRUE);
  act (driver, "editor", "editor.discard");
  look_at_window (driver, CRM_TYPE_WINDOW, "discarded", TRUE);

  add_fault (driver, "cut-after,action=addOrUpdateTask");
  add_fault (driver, "403,action=getTaskList,times=0");
  id = send_task (driver, "⟦2⟧", id, NULL);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_UNCONFIRMED));
  gui_driver_select (driver, id);
  gui_driver_settle (driver);
  g_assert_true (gui_driver_is_shown (driver, "settle_card"));
  look_at_window (driver, CRM_TYPE_WINDOW, "unconfirmed", TRUE);

  add_fault (driver, "463,times=0");
  id = send_task (driver, "⟦3⟧", id, NULL);
  g_assert_true (gui_driver_wait (driver, is_paused, NULL, "the queue to pause"));
  look_at_window (driver, CRM_TYPE_WINDOW, "paused", TRUE);
  crm_practice_server_clear_faults (gui_driver_get_server (driver));
}

static void
walk_narrow (GuiDriver *driver)
{
  gint64 id;

  id = send_task (driver, "⟦1⟧", 0, WRONG_LEAD);
  g_assert_true (gui_driver_wait_state (driver, id, CRM_SYNC_FAILED));
  make_narrow (driver);
  assert_narrow (driver);
  look_at_window (driver, CRM_TYPE_WINDOW, "narrow-editor", FALSE);
  act (driver, "editor", "editor.close");
  look_at_window (driver, CRM_TYPE_WINDOW, "narrow-list", FALSE);
  assert_narrow (driver);
  gtk_selection_model_select_all (gtk_column_view_get_model (GTK_COLUMN_VIEW (gui_driver_find (driver, "column_view"))));
  look_at_window (driver, CRM_TYPE_WINDOW, "narrow-selected", FALSE);
  assert_narrow (driver);
}

static void
walk_welcome (GuiDriver *driver)
{
  look_at_window (driver, CRM_TYPE_WINDOW, "welcome", TRUE);
  make_narrow (driver);
  look_at_window (driver, CRM_TYPE_WINDOW, "narrow-welcome", FALSE);
  assert_narrow (driver);
}

static int
run_body (GuiDriver *driver,
          gpointer   data)
{
  const Walk *walk = data;

  from_right = walk->from_right;
  if (from_right)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  if (!gui_driver_wait_session (driver))
    return 1;

  walk->body (driver);
  return n_bad > 0 ? 1 : 0;
}

static void
run_walk (gconstpointer data)
{
  const Walk *walk = data;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      if (!g_test_trap_has_passed ())
        g_test_fail ();
      return;
    }

  g_assert_cmpint (gui_driver_run (walk->args, 120, run_body, (gpointer) walk), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  static const Walk walks[] = {
    { "", walk_welcome, FALSE },
    { "--practice", walk_window, FALSE },
    { "--practice", walk_narrow, FALSE },
    { "--practice", walk_trouble, FALSE },
    { "", walk_welcome, TRUE },
    { "--practice", walk_window, TRUE },
    { "--practice", walk_narrow, TRUE },
  };

  g_setenv ("GTK_A11Y", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("CRM_TASKS_PSEUDO_LOCALES"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_assert_true (g_str_has_prefix (gettext ("Unnamed task"), "⟦"));

  g_test_add_data_func ("/pseudo/welcome", &walks[0], run_walk);
  g_test_add_data_func ("/pseudo/window", &walks[1], run_walk);
  g_test_add_data_func ("/pseudo/narrow", &walks[2], run_walk);
  g_test_add_data_func ("/pseudo/trouble", &walks[3], run_walk);
  g_test_add_data_func ("/pseudo/from-right/welcome", &walks[4], run_walk);
  g_test_add_data_func ("/pseudo/from-right/window", &walks[5], run_walk);
  g_test_add_data_func ("/pseudo/from-right/narrow", &walks[6], run_walk);

  return g_test_run ();
}

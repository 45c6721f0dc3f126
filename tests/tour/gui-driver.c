/* gui-driver.c: drives the real window from inside its process
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "tour/gui-driver.h"

#include "practice/crm-practice-host.h"
#include "sync/crm-sync-service.h"
#include "ui/crm-task-view.h"

/* How often a condition is looked at while nothing else happens, in milliseconds. */
#define LOOK 20

typedef struct
{
  GuiDriver driver;
  int     (*body) (GuiDriver *driver, gpointer data);
  gpointer  data;
  int       result;
} Run;

static gboolean
on_look (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
on_started (gpointer user_data)
{
  Run *run = user_data;
  GtkWindow *window;

  run->result = run->body (&run->driver, run->data);

  window = gtk_application_get_active_window (run->driver.application);
  if (window != NULL)
    gtk_window_destroy (window);

  return G_SOURCE_REMOVE;
}

void
gui_driver_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        gui_driver_remove_folder (child);
      else
        remove (child);
    }
  remove (path);
}

/* Nothing of the person's is read or written: all that the programs keep goes to a folder of this run's, or to one that
 * outlives it. */
static void
make_folder (GuiDriver *self)
{
  static const char *const variables[] = { "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME" };

  const char *given = g_getenv ("CRM_TASKS_GUI_FOLDER");

  self->folder = given == NULL ? g_dir_make_tmp ("crm-tasks-gui-XXXXXX", NULL) : NULL;
  g_assert (given != NULL || self->folder != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *path = g_build_filename (given != NULL ? given : self->folder, variables[i], NULL);

      g_setenv (variables[i], path, TRUE);
    }
  /* What counts the practice CRM's tasks wants none of other people's. */
  if (g_getenv ("CRM_TASKS_GUI_FURNISHED") == NULL)
    g_setenv ("CRM_TASKS_PRACTICE_EMPTY", "1", TRUE);
  g_unsetenv ("CRM_TASKS_ADDRESS");
  g_unsetenv ("CRM_TASKS_API_KEY");
  g_unsetenv ("CRM_TASKS_API_SECRET");
}

int
gui_driver_run (const char *args,
                guint       seconds,
                int       (*body) (GuiDriver *driver, gpointer data),
                gpointer    data)
{
  Run run = { .body = body, .data = data, .result = 1 };
  g_autofree char *line = g_strconcat ("crm-tasks ", args, NULL);
  g_auto (GStrv) argv = g_strsplit (g_strchomp (line), " ", -1);
  g_autoptr (CrmApplication) application = NULL;

  crm_sync_service_prepare ();
  make_folder (&run.driver);
  run.driver.desktop = gui_desktop_new ();
  application = crm_application_new (G_APPLICATION_NON_UNIQUE);
  run.driver.application = GTK_APPLICATION (application);
  run.driver.deadline = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;

  g_idle_add (on_started, &run);
  g_application_run (G_APPLICATION (application), g_strv_length (argv), argv);

  gui_desktop_free (run.driver.desktop);
  if (run.driver.folder != NULL)
    gui_driver_remove_folder (run.driver.folder);
  g_free (run.driver.folder);
  return run.result;
}

gboolean
gui_driver_wait (GuiDriver    *self,
                 GuiCondition  condition,
                 gpointer      data,
                 const char   *words)
{
  guint look = g_timeout_add (LOOK, on_look, NULL);
  gboolean met = condition (self, data);

  while (!met && g_get_monotonic_time () < self->deadline)
    {
      g_main_context_iteration (NULL, TRUE);
      met = condition (self, data);
    }

  g_source_remove (look);
  if (!met)
    g_printerr ("Time ran out while waiting for: %s\n", words);
  return met;
}

static gboolean
is_drawn (GuiDriver *self,
          gpointer   data)
{
  guint *frames = data;

  return *frames >= 3;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  guint *frames = user_data;

  (*frames)++;
  return G_SOURCE_CONTINUE;
}

/* Lets what was asked for be laid out and drawn. */
void
gui_driver_settle (GuiDriver *self)
{
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (self));
  guint frames = 0;
  guint tick = gtk_widget_add_tick_callback (window, on_tick, &frames, NULL);

  gui_driver_wait (self, is_drawn, &frames, "the window to be drawn");
  gtk_widget_remove_tick_callback (window, tick);
}

CrmWindow *
gui_driver_get_window (GuiDriver *self)
{
  for (GList *l = gtk_application_get_windows (self->application); l != NULL; l = l->next)
    if (CRM_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

CrmSession *
gui_driver_get_session (GuiDriver *self)
{
  CrmWindow *window = gui_driver_get_window (self);

  return window != NULL ? crm_window_get_session (window) : NULL;
}

CrmStore *
gui_driver_get_store (GuiDriver *self)
{
  return crm_session_get_store (gui_driver_get_session (self));
}

CrmPracticeServer *
gui_driver_get_server (GuiDriver *self)
{
  return crm_practice_host_get_server (crm_session_get_host (gui_driver_get_session (self)));
}

GtkWidget *
gui_driver_find_below (GtkWidget  *widget,
                       const char *id)
{
  const char *name = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  if (g_strcmp0 (name, id) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = gui_driver_find_below (child, id);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* By its id in the .ui file. */
GtkWidget *
gui_driver_find (GuiDriver  *self,
                 const char *id)
{
  GtkWidget *found = gui_driver_find_below (GTK_WIDGET (gui_driver_get_window (self)), id);

  if (found == NULL)
    g_error ("There is no widget %s in the window", id);
  return found;
}

gboolean
gui_driver_is_shown (GuiDriver  *self,
                     const char *id)
{
  return gtk_widget_get_mapped (gui_driver_find (self, id));
}

void
gui_driver_type (GuiDriver  *self,
                 const char *id,
                 const char *text)
{
  GtkWidget *widget = gui_driver_find (self, id);

  gtk_widget_grab_focus (widget);
  gtk_editable_set_text (GTK_EDITABLE (widget), text);
}

void
gui_driver_choose (GuiDriver  *self,
                   const char *id,
                   guint       choice)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (gui_driver_find (self, id)), choice);
}

void
gui_driver_press (GuiDriver  *self,
                  const char *id)
{
  g_signal_emit_by_name (gui_driver_find (self, id), "clicked");
}

void
gui_driver_select (GuiDriver *self,
                   gint64     local_id)
{
  crm_task_view_set_selected_id (CRM_TASK_VIEW (gui_driver_find (self, "view")), local_id);
}

static gboolean
has_session (GuiDriver *self,
             gpointer   data)
{
  return gui_driver_get_session (self) != NULL;
}

gboolean
gui_driver_wait_session (GuiDriver *self)
{
  return gui_driver_wait (self, has_session, NULL, "the account to be opened");
}

static gboolean
is_there (GuiDriver *self,
          gpointer   data)
{
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (self), *(gint64 *) data, NULL);

  return task != NULL;
}

/* Local ids are given in order, and never twice. */
gint64
gui_driver_wait_newest (GuiDriver *self,
                        gint64     after)
{
  gint64 id = after + 1;

  return gui_driver_wait (self, is_there, &id, "a new task to be saved") ? id : 0;
}

typedef struct
{
  gint64       local_id;
  CrmSyncState state;
} Awaited;

static gboolean
is_in_state (GuiDriver *self,
             gpointer   data)
{
  const Awaited *awaited = data;
  g_autoptr (CrmTask) task = crm_store_read_task (gui_driver_get_store (self), awaited->local_id, NULL);

  return task != NULL && crm_task_get_state (task) == awaited->state;
}

gboolean
gui_driver_wait_state (GuiDriver    *self,
                       gint64        local_id,
                       CrmSyncState  state)
{
  Awaited awaited = { local_id, state };
  g_autofree char *words = g_strdup_printf ("task %" G_GINT64_FORMAT " to be %s", local_id, crm_sync_state_get_nick (state));

  return gui_driver_wait (self, is_in_state, &awaited, words);
}

/* A toplevel that is shown; NULL: there is none of that type. */
GtkWidget *
gui_driver_find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (g_type_is_a (G_OBJECT_TYPE (at->data), type) && gtk_widget_get_visible (at->data))
      return at->data;

  return NULL;
}

static gboolean
shows_window (GuiDriver *self,
              gpointer   data)
{
  return gui_driver_find_window (*(GType *) data) != NULL;
}

GtkWidget *
gui_driver_wait_window (GuiDriver *self,
                        GType      type)
{
  return gui_driver_wait (self, shows_window, &type, g_type_name (type)) ? gui_driver_find_window (type) : NULL;
}

static GtkWidget *
find_of_type (GtkWidget  *widget,
              const char *type)
{
  GtkWidget *found = NULL;

  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type) && gtk_widget_get_mapped (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_of_type (child, type);

  return found;
}

/* A widget that is shown, by the name of its type, which the toolkit may not have; NULL: there is none. */
GtkWidget *
gui_driver_find_mapped (const char *type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();
  GtkWidget *found = NULL;

  for (GList *at = windows; at != NULL && found == NULL; at = at->next)
    found = find_of_type (at->data, type);

  return found;
}

/* A question that is shown; NULL: there is none. It is a window of its own or inside of one, as the toolkit has it. */
GtkWidget *
gui_driver_find_question (void)
{
  GtkWidget *found = gui_driver_find_mapped ("AdwMessageDialog");

  return found != NULL ? found : gui_driver_find_mapped ("AdwAlertDialog");
}

static gboolean
shows_question (GuiDriver *self,
                gpointer   data)
{
  return gui_driver_find_question () != NULL;
}

GtkWidget *
gui_driver_wait_question (GuiDriver *self)
{
  return gui_driver_wait (self, shows_question, NULL, "a question") ? gui_driver_find_question () : NULL;
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);

  return found;
}

static gboolean
has_answer (GuiDriver *self,
            gpointer   data)
{
  GtkWidget *question = gui_driver_find_question ();

  return question != NULL && find_button (question, data) != NULL;
}

static gboolean
has_no_question (GuiDriver *self,
                 gpointer   data)
{
  return gui_driver_find_question () == NULL;
}

/* Presses the button of that label in the question that is shown, and waits until it is gone and its answer taken. */
gboolean
gui_driver_answer (GuiDriver  *self,
                   const char *label)
{
  if (!gui_driver_wait (self, has_answer, (gpointer) label, label))
    return FALSE;
  g_signal_emit_by_name (find_button (gui_driver_find_question (), label), "clicked");
  if (!gui_driver_wait (self, has_no_question, NULL, "the question to be gone"))
    return FALSE;
  gui_driver_settle (self);

  return TRUE;
}

gboolean
gui_driver_picture (GuiDriver  *self,
                    GType       type,
                    const char *path)
{
  GtkWidget *window = gui_driver_find_window (type);
  g_autoptr (GdkPaintable) paintable = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GtkSnapshot *snapshot;

  gui_driver_settle (self);

  paintable = gtk_widget_paintable_new (window);
  snapshot = gtk_snapshot_new ();
  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return FALSE;

  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, NULL);
  return gdk_texture_save_to_png (texture, path);
}

static gboolean
has_size (GuiDriver *self,
          gpointer   data)
{
  const int *size = data;
  GtkWidget *window = GTK_WIDGET (gui_driver_get_window (self));

  return gtk_widget_get_width (window) <= size[0] && gtk_widget_get_height (window) <= size[1];
}

void
gui_driver_resize (GuiDriver *self,
                   int        width,
                   int        height)
{
  int size[] = { width, height };

  gtk_window_set_default_size (GTK_WINDOW (gui_driver_get_window (self)), width, height);
  if (!gui_driver_wait (self, has_size, size, "the window to take its new size"))
    g_printerr ("It is %d × %d\n", gtk_widget_get_width (GTK_WIDGET (gui_driver_get_window (self))),
                gtk_widget_get_height (GTK_WIDGET (gui_driver_get_window (self))));
  gui_driver_settle (self);
}

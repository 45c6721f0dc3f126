/* crm-autostart.c: whether the desktop starts the program when its person signs in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-autostart.h"

#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* An argument of Exec, as the Desktop Entry Specification quotes it. */
static char *
quote (const char *argument)
{
  GString *quoted = g_string_new ("\"");

  for (const char *p = argument; *p != '\0'; p++)
    {
      if (strchr ("\"`$\\", *p) != NULL)
        g_string_append_c (quoted, '\\');
      if (*p == '%')
        g_string_append_c (quoted, '%');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, '"');

  return g_string_free (quoted, FALSE);
}

/* That it was replaced meanwhile, as an update does, is no part of its name. */
static char *
find_program (void)
{
  static const char replaced[] = " (deleted)";

  char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program != NULL && g_str_has_suffix (program, replaced))
    program[strlen (program) - strlen (replaced)] = '\0';

  return program;
}

static GBytes *
write_entry (void)
{
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *program = find_program ();
  g_autofree char *quoted = quote (program != NULL ? program : "crm-tasks");
  g_autofree char *command = g_strconcat (quoted, " --gapplication-service", NULL);
  gsize length;
  char *data;

  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_TYPE, G_KEY_FILE_DESKTOP_TYPE_APPLICATION);
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_NAME, _("CRM Tasks"));
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_EXEC, command);
  g_key_file_set_string (entry, G_KEY_FILE_DESKTOP_GROUP, G_KEY_FILE_DESKTOP_KEY_ICON, APP_ID);
  data = g_key_file_to_data (entry, &length, NULL);

  return g_bytes_new_take (data, length);
}

static void
say (GTask  *task,
     GError *why)
{
  g_task_return_new_error (task, CRM_ERROR, CRM_ERROR_REFUSED, _("What the desktop starts by itself can’t be changed: %s"),
                           why->message);
}

static void
written_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    say (task, error);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_delete_finish (G_FILE (source), result, &error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    g_task_return_boolean (task, TRUE);
  else
    say (task, error);
}

/**
 * crm_autostart_set_async:
 * @on: whether to start it, without a window
 * @callback: called when that is so
 * @user_data: given to @callback
 *
 * Writes or removes an entry of the Desktop Application Autostart Specification. In a sandbox, whose files the desktop does
 * not read, ask crm_background_portal_request_async() instead. Main thread.
 */
void
crm_autostart_set_async (gboolean             on,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, APP_ID ".desktop", NULL);
  g_autoptr (GBytes) entry = NULL;

  g_task_set_source_tag (task, crm_autostart_set_async);
  if (!on)
    {
      g_file_delete_async (file, G_PRIORITY_DEFAULT, NULL, deleted_cb, g_steal_pointer (&task));
      return;
    }

  /* Where that fails, writing says why. */
  g_mkdir_with_parents (folder, 0700);
  entry = write_entry ();
  g_file_replace_contents_bytes_async (file, entry, NULL, FALSE, G_FILE_CREATE_NONE, NULL, written_cb,
                                       g_steal_pointer (&task));
}

/**
 * crm_autostart_set_finish:
 * @result: what the callback was given
 * @error: why it is not so, in words
 *
 * Returns: whether it is as wished
 */
gboolean
crm_autostart_set_finish (GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* crm-cli-output.c: where what a command writes goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli/crm-cli.h"

#include "model/crm-error.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

/* The GFile of a stream whose file was not there before. */
#define NEW_FILE "crm-new-file"

/**
 * crm_cli_open_output:
 * @name: a file's name; `-` for standard output
 * @error: %CRM_ERROR_INVALID when it can't be written
 *
 * Returns: (transfer full) (nullable): a stream for crm_cli_close_output(); a file stands as it was until all is written,
 *   and one that was not there is there when all is
 */
GOutputStream *
crm_cli_open_output (const char  *name,
                     GError     **error)
{
  g_autoptr (GFile) file = NULL;
  GFileOutputStream *stream;
  GError *why = NULL;
  gboolean is_new;

  if (g_str_equal (name, "-"))
    return g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  file = g_file_new_for_commandline_arg (name);
  is_new = !g_file_query_exists (file, NULL);
  stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL, &why);
  if (stream == NULL)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s can’t be written: %s"), name, why->message);
      g_clear_error (&why);
    }
  else if (is_new)
    {
      /* That one is written in its place. */
      g_object_set_data_full (G_OBJECT (stream), NEW_FILE, g_steal_pointer (&file), g_object_unref);
    }

  return (GOutputStream *) stream;
}

/**
 * crm_cli_close_output:
 * @stream: what crm_cli_open_output() gave
 * @name: the file's name
 * @why: (nullable) (transfer full): why not all is written; the file stays as it was then
 * @error: the same in words, or why it can't be closed
 *
 * Returns: whether all is written
 */
gboolean
crm_cli_close_output (GOutputStream  *stream,
                      const char     *name,
                      GError         *why,
                      GError        **error)
{
  /* A file that is closed by what is cancelled stays as it was. */
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) trouble = why;

  if (trouble != NULL)
    g_cancellable_cancel (cancellable);
  g_output_stream_close (stream, cancellable, trouble == NULL ? &trouble : NULL);
  if (trouble == NULL)
    return TRUE;

  if (g_object_get_data (G_OBJECT (stream), NEW_FILE) != NULL)
    g_file_delete (g_object_get_data (G_OBJECT (stream), NEW_FILE), NULL, NULL);
  if (trouble->domain == CRM_ERROR)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else
    g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("%s can’t be written: %s"), name, trouble->message);
  return FALSE;
}

/* crm-private-file.c: folders and files for their owner alone
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-private-file.h"

#include "model/crm-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static int
code_of_errno (int saved_errno)
{
  switch (saved_errno)
    {
    case ENOSPC:
    case EDQUOT:
      return CRM_ERROR_DATABASE_FULL;
    case EROFS:
      return CRM_ERROR_DATABASE_READ_ONLY;
    default:
      return CRM_ERROR_DATABASE;
    }
}

/* What others can't read they can't put a link into either: a check that held once holds on. */
static gboolean
check (const char         *path,
       const struct stat  *found,
       mode_t              type,
       mode_t              mode,
       GError            **error)
{
  if (S_ISLNK (found->st_mode))
    g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE,
                 _("%s is a symbolic link, and might lead anywhere. Put what it points to in its place"), path);
  else if ((found->st_mode & S_IFMT) != type)
    g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE,
                 type == S_IFDIR ? _("%s is no folder. Move it out of the way") : _("%s is no plain file. Move it out of the way"),
                 path);
  else if (found->st_uid != geteuid ())
    g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE,
                 _("%s belongs to another user, and is not used. Start the program as that user, or move it out of the way"), path);
  else if ((found->st_mode & 0777 & ~mode) != 0 && g_chmod (path, found->st_mode & mode) != 0)
    g_set_error (error, CRM_ERROR, code_of_errno (errno), _("%s can be read by others, and that can’t be changed: %s"), path,
                 g_strerror (errno));
  else
    return TRUE;

  return FALSE;
}

/**
 * crm_private_folder_make:
 * @path: an absolute path
 * @error: %CRM_ERROR_DATABASE and its like, in words: it can't be made, is a symbolic link, or another user's
 *
 * Makes the folder, and those above it, for their owner alone when they are missing. One that is there and that others
 * may look into is closed to them. Folders above it may be links: they are the system's business. Any thread.
 *
 * Returns: whether @path is a folder of the user of this process, with mode 0700 or less
 */
gboolean
crm_private_folder_make (const char  *path,
                         GError     **error)
{
  struct stat found;

  g_return_val_if_fail (path != NULL, FALSE);

  if (lstat (path, &found) != 0 && (g_mkdir_with_parents (path, 0700) != 0 || lstat (path, &found) != 0))
    {
      int saved_errno = errno;

      g_set_error (error, CRM_ERROR, code_of_errno (saved_errno), _("The folder %s can’t be made: %s"), path,
                   g_strerror (saved_errno));
      return FALSE;
    }

  return check (path, &found, S_IFDIR, 0700, error);
}

/**
 * crm_private_file_check:
 * @path: an absolute path, in a folder that crm_private_folder_make() has found good
 * @error: %CRM_ERROR_DATABASE and its like, in words: it is a symbolic link, no plain file, or another user's
 *
 * A file that others may read is closed to them. Any thread.
 *
 * Returns: whether @path may be opened, or made
 */
gboolean
crm_private_file_check (const char  *path,
                        GError     **error)
{
  struct stat found;

  g_return_val_if_fail (path != NULL, FALSE);

  if (lstat (path, &found) == 0)
    return check (path, &found, S_IFREG, 0600, error);
  if (errno == ENOENT)
    return TRUE;

  g_set_error (error, CRM_ERROR, code_of_errno (errno), _("%s can’t be looked at: %s"), path, g_strerror (errno));
  return FALSE;
}

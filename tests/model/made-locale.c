/* made-locale.c: locales that this machine may not have
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "made-locale.h"

#include <glib/gstdio.h>
#include <locale.h>

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/**
 * made_locale_use:
 * @category: as setlocale() takes it
 * @name: the locale, as in `de_DE`
 * @dir: a folder for what is made
 *
 * Returns: whether the locale is used now: one of the machine, or one that is made of its sources
 */
gboolean
made_locale_use (int         category,
                 const char *name,
                 const char *dir)
{
  g_autofree char *full = g_strconcat (name, ".UTF-8", NULL);
  g_autofree char *own = g_build_filename (dir, name, NULL);
  g_autofree char *path = g_build_filename (own, full, NULL);
  const char *const argv[] = { "localedef", "-i", name, "-f", "UTF-8", path, NULL };

  g_unsetenv ("LOCPATH");
  if (setlocale (category, full) != NULL)
    return TRUE;

  g_mkdir (own, 0700);
  g_spawn_sync (NULL, (char **) argv, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                NULL, NULL);

  /* A folder for each: the C library remembers what it did not find in one. */
  g_setenv ("LOCPATH", own, TRUE);
  return setlocale (category, full) != NULL;
}

/**
 * made_locale_leave:
 * @category: as setlocale() takes it
 * @dir: the folder of what was made; it is removed
 */
void
made_locale_leave (int         category,
                   const char *dir)
{
  setlocale (category, "C.UTF-8");
  g_unsetenv ("LOCPATH");
  remove_tree (dir);
}

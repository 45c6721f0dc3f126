/* replay.c: gives every file of a folder to a fuzz target, as a test of its own, without libFuzzer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
list_files (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);

  return names;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (GPtrArray) names = NULL;

  g_assert_cmpint (argc, ==, 2);
  LLVMFuzzerInitialize (&argc, &argv);

  names = list_files (argv[1]);
  g_print ("1..%u\n", names->len);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      g_autofree char *contents = NULL;
      g_autofree guint8 *exact = NULL;
      g_autoptr (GError) error = NULL;
      gsize size;

      g_print ("# %s\n", name);
      g_file_get_contents (path, &contents, &size, &error);
      g_assert_no_error (error);

      /* No NUL behind it, so that the address sanitizer sees who reads on. */
      exact = g_malloc (MAX (size, 1));
      memcpy (exact, contents, size);
      LLVMFuzzerTestOneInput (exact, size);
      g_print ("ok %u %s\n", i + 1, name);
    }

  return names->len > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

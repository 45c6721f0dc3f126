/* test-private-file.c: what others could reach is closed or refused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-error.h"
#include "model/crm-private-file.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct
{
  char *top;
  char *folder;
  char *file;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->top = g_dir_make_tmp ("crm-private-XXXXXX", NULL);
  self->folder = g_build_filename (self->top, "above", "folder", NULL);
  self->file = g_build_filename (self->folder, "file", NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_autofree char *above = g_path_get_dirname (self->folder);
  g_autofree char *elsewhere = g_build_filename (self->top, "elsewhere", NULL);

  g_unlink (self->file);
  g_remove (self->folder);
  g_remove (above);
  g_remove (elsewhere);
  g_rmdir (self->top);
  g_free (self->file);
  g_free (self->folder);
  g_free (self->top);
}

static guint
mode_of (const char *path)
{
  GStatBuf found;

  g_assert_cmpint (g_stat (path, &found), ==, 0);
  return found.st_mode & 0777;
}

static void
make (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  crm_private_folder_make (self->folder, &error);
  g_assert_no_error (error);
}

static void
assert_refused (gboolean    well,
                GError    **error,
                const char *words)
{
  g_assert_false (well);
  g_assert_error (*error, CRM_ERROR, CRM_ERROR_DATABASE);
  g_assert_nonnull (g_strstr_len ((*error)->message, -1, words));
  g_clear_error (error);
}

static void
test_made (Fixture       *self,
           gconstpointer  data)
{
  g_autofree char *above = g_path_get_dirname (self->folder);

  make (self);
  g_assert_cmpuint (mode_of (self->folder), ==, 0700);
  g_assert_cmpuint (mode_of (above), ==, 0700);
  make (self);
}

static void
test_closed (Fixture       *self,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  make (self);
  g_assert_cmpint (g_chmod (self->folder, 0755), ==, 0);
  make (self);
  g_assert_cmpuint (mode_of (self->folder), ==, 0700);

  g_assert_true (crm_private_file_check (self->file, &error));
  g_assert_true (g_file_set_contents (self->file, "x", 1, NULL));
  g_assert_cmpint (g_chmod (self->file, 0664), ==, 0);
  g_assert_true (crm_private_file_check (self->file, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mode_of (self->file), ==, 0600);
}

static void
test_links (Fixture       *self,
            gconstpointer  data)
{
  g_autofree char *elsewhere = g_build_filename (self->top, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (elsewhere, "", 0, NULL));
  make (self);
  g_assert_cmpint (symlink (elsewhere, self->file), ==, 0);
  assert_refused (crm_private_file_check (self->file, &error), &error, "symbolic link");
  g_assert_cmpint (g_unlink (self->file), ==, 0);
  g_assert_cmpint (symlink ("/nowhere/at/all", self->file), ==, 0);
  assert_refused (crm_private_file_check (self->file, &error), &error, "symbolic link");
  g_assert_cmpint (g_unlink (self->file), ==, 0);

  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_assert_cmpint (symlink (self->top, self->folder), ==, 0);
  assert_refused (crm_private_folder_make (self->folder, &error), &error, "symbolic link");
}

static void
test_other_kinds (Fixture       *self,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  make (self);
  assert_refused (crm_private_file_check (self->folder, &error), &error, "no plain file");
  g_assert_true (g_file_set_contents (self->file, "", 0, NULL));
  assert_refused (crm_private_folder_make (self->file, &error), &error, "no folder");
}

static void
test_other_users (Fixture       *self,
                  gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("Only root can give a file away");
      return;
    }

  make (self);
  g_assert_true (g_file_set_contents (self->file, "", 0, NULL));
  g_assert_cmpint (chown (self->file, 65534, 65534), ==, 0);
  assert_refused (crm_private_file_check (self->file, &error), &error, "another user");
  g_assert_cmpint (chown (self->folder, 65534, 65534), ==, 0);
  assert_refused (crm_private_folder_make (self->folder, &error), &error, "another user");
}

#define ADD(name, function) g_test_add ("/private-file/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("made", test_made);
  ADD ("closed", test_closed);
  ADD ("links", test_links);
  ADD ("other-kinds", test_other_kinds);
  ADD ("other-users", test_other_users);

  return g_test_run ();
}

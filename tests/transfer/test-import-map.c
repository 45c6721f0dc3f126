/* test-import-map.c: columns are recognised by many names, told, and remembered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-error.h"
#include "transfer/crm-import-map.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static CrmImportMap *
map_of (const char *headers)
{
  g_auto (GStrv) cells = g_strsplit (headers, "|", -1);

  return crm_import_map_new (cells);
}

/* Keys, as `name empty id`. */
static void
assert_map (const CrmImportMap *map,
            const char         *expected)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  for (guint i = 0; i < crm_import_map_get_n (map); i++)
    g_string_append_printf (keys, "%s%s", i > 0 ? " " : "", crm_import_column_get_key (crm_import_map_get (map, i)->target));
  g_assert_cmpstr (keys->str, ==, expected);
}

static void
test_names (void)
{
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);
      const char *const names[] = { field->key, field->option, field->label };

      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        {
          g_autofree char *loud = g_utf8_strup (names[j], -1);
          g_autofree char *spaced = g_strdup_printf ("  %s: ", loud);
          g_autoptr (CrmImportMap) map = map_of (spaced);

          assert_map (map, field->key);
        }
    }

  {
    g_autoptr (CrmImportMap) map = map_of ("Subject|due date|end_datetime|ID|CRM-Id|Foo||assigned user");

    assert_map (map, "name endDatetime empty id empty empty empty assignedUserId");
  }
}

static void
test_told (void)
{
  g_autoptr (CrmImportMap) map = map_of ("A|B|Name");
  g_autoptr (GError) error = NULL;

  g_assert_true (crm_import_map_set_words (map, "a=name", &error));
  assert_map (map, "name empty empty");
  g_assert_true (crm_import_map_set_words (map, "B=due", &error));
  g_assert_true (crm_import_map_set_words (map, "Name=empty", &error));
  assert_map (map, "name endDatetime empty");
  g_assert_no_error (error);

  g_assert_false (crm_import_map_set_words (map, "C=name", &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "A, B, Name"));
  g_clear_error (&error);
  g_assert_false (crm_import_map_set_words (map, "A=nonsense", &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (crm_import_map_set_words (map, "A", &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
}

static void
test_no_name (void)
{
  g_autoptr (CrmImportMap) map = map_of ("Foo|Due");
  g_autoptr (GError) error = NULL;

  g_assert_false (crm_import_map_check (map, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "Foo, Due"));
}

static void
test_remembered (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("crm-map-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "imports.ini", NULL);
  g_autoptr (CrmImportMap) plain = map_of ("Name|Due");
  g_autoptr (CrmImportMap) told = map_of ("Foo|Bar|Name");
  g_autoptr (CrmImportMap) again = map_of ("FOO |bar|name");
  g_autoptr (CrmImportMap) other = map_of ("Bar|Foo|Name");
  struct stat found;

  g_assert_no_error (error);
  g_assert_true (crm_import_map_remember (plain, path, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));

  g_assert_true (crm_import_map_set_words (told, "Foo=name", &error));
  g_assert_true (crm_import_map_set_words (told, "Bar=due", &error));
  g_assert_true (crm_import_map_remember (told, path, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &found), ==, 0);
  g_assert_cmpint (found.st_mode & 0777, ==, 0600);

  crm_import_map_recall (again, path);
  assert_map (again, "name endDatetime empty");
  crm_import_map_recall (other, path);
  assert_map (other, "empty empty name");

  /* Many others push it out. */
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *headers = g_strdup_printf ("Foo%u|Name", i);
      g_autofree char *words = g_strdup_printf ("Foo%u=name", i);
      g_autoptr (CrmImportMap) map = map_of (headers);

      g_assert_true (crm_import_map_set_words (map, words, NULL));
      g_assert_true (crm_import_map_remember (map, path, NULL));
    }
  {
    g_autoptr (CrmImportMap) late = map_of ("Foo|Bar|Name");
    g_autoptr (CrmImportMap) last = map_of ("Foo99|Name");

    crm_import_map_recall (late, path);
    assert_map (late, "empty empty name");
    crm_import_map_recall (last, path);
    assert_map (last, "name empty");
  }

  g_unlink (path);
  g_rmdir (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/import-map/names", test_names);
  g_test_add_func ("/import-map/told", test_told);
  g_test_add_func ("/import-map/no-name", test_no_name);
  g_test_add_func ("/import-map/remembered", test_remembered);

  return g_test_run ();
}

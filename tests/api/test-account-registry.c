/* test-account-registry.c: accounts are made once, and found again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account-registry.h"
#include "model/crm-error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define ADDRESS "https://api.example.com"
#define SOME_ID "6ba7b810-9dad-41d1-80b4-00c04fd430c8"

/* What registry-probe says of an account: id, kind, address, key, secret, new or known. */
enum
{
  ID,
  KIND,
  KEY_ADDRESS,
  KEY,
  SECRET,
  NEW,
};

typedef struct
{
  char *home;
} Fixture;

static const char *probe_path;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->home = g_dir_make_tmp ("crm-registry-XXXXXX", NULL);
}

static void
remove_in (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_remove (path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (self->home, "crm-tasks", NULL);

  remove_in (folder, "accounts.ini");
  remove_in (folder, "accounts.lock");
  g_chmod (self->home, 0700);
  g_remove (folder);
  g_assert_cmpint (g_remove (self->home), ==, 0);
  g_free (self->home);
}

static GSubprocess *
spawn (Fixture    *self,
       const char *address,
       const char *key,
       const char *secret,
       const char *commands)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (probe_path, " ", commands, NULL);
  g_auto (GStrv) arguments = g_strsplit (line, " ", -1);
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", self->home, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "CRM_TASKS_ADDRESS");
  g_subprocess_launcher_unsetenv (launcher, "CRM_TASKS_API_KEY");
  g_subprocess_launcher_unsetenv (launcher, "CRM_TASKS_API_SECRET");
  if (address != NULL)
    g_subprocess_launcher_setenv (launcher, "CRM_TASKS_ADDRESS", address, TRUE);
  if (key != NULL)
    g_subprocess_launcher_setenv (launcher, "CRM_TASKS_API_KEY", key, TRUE);
  if (secret != NULL)
    g_subprocess_launcher_setenv (launcher, "CRM_TASKS_API_SECRET", secret, TRUE);

  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments, &error);
  g_assert_no_error (error);

  return process;
}

static char *
output_of (GSubprocess *process)
{
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));

  return g_strchomp (output);
}

static GStrv
probe_with (Fixture    *self,
            const char *address,
            const char *key,
            const char *secret,
            const char *commands)
{
  g_autoptr (GSubprocess) process = spawn (self, address, key, secret, commands);
  g_autofree char *output = output_of (process);

  return g_strsplit_set (output, " \n", -1);
}

static GStrv
probe (Fixture    *self,
       const char *commands)
{
  return probe_with (self, NULL, NULL, NULL, commands);
}

static void
assert_account (GStrv           account,
                CrmAccountKind  kind,
                const char     *address,
                const char     *key,
                const char     *secret)
{
  g_autofree char *number = g_strdup_printf ("%d", kind);

  g_assert_cmpuint (g_strv_length (account), >=, 6);
  g_assert_true (g_uuid_string_is_valid (account[ID]));
  g_assert_cmpstr (account[KIND], ==, number);
  g_assert_cmpstr (account[KEY_ADDRESS], ==, address);
  g_assert_cmpstr (account[KEY], ==, key);
  g_assert_cmpstr (account[SECRET], ==, secret);
}

static void
assert_mode (const char *folder,
             const char *name,
             guint       mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, mode);
}

static void
test_local (Fixture       *self,
            gconstpointer  data)
{
  g_auto (GStrv) first = probe (self, "current current");
  g_auto (GStrv) second = probe (self, "current");

  assert_account (first, CRM_ACCOUNT_LOCAL, "-", "-", "-");
  g_assert_cmpstr (first[6 + ID], ==, first[ID]);
  g_assert_cmpstr (second[ID], ==, first[ID]);
  g_assert_cmpstr (first[NEW], ==, "known");

  assert_mode (self->home, "crm-tasks", 0700);
  assert_mode (self->home, "crm-tasks/accounts.ini", 0600);
  assert_mode (self->home, "crm-tasks/accounts.lock", 0600);
}

static void
test_take_over_by_add (Fixture       *self,
                       gconstpointer  data)
{
  g_auto (GStrv) local = probe (self, "current");
  g_auto (GStrv) added = probe (self, "add api.example.com/ key");
  g_auto (GStrv) other = probe (self, "add https://api.example.com other current");
  g_auto (GStrv) again = probe (self, "add https://API.example.com key current list");

  assert_account (added, CRM_ACCOUNT_CRM, ADDRESS, "key", "-");
  g_assert_cmpstr (added[ID], ==, local[ID]);

  assert_account (other, CRM_ACCOUNT_CRM, ADDRESS, "other", "-");
  g_assert_cmpstr (other[ID], !=, local[ID]);
  g_assert_cmpstr (other[6 + ID], ==, other[ID]);

  g_assert_cmpstr (again[ID], ==, local[ID]);
  g_assert_cmpstr (again[6 + ID], ==, local[ID]);
  g_assert_cmpuint (g_strv_length (again), ==, 4 * 6);
}

static void
test_take_over_by_environment (Fixture       *self,
                               gconstpointer  data)
{
  g_auto (GStrv) local = probe (self, "current");
  g_auto (GStrv) taken = probe_with (self, ADDRESS, "key", "s3cret", "current");
  g_auto (GStrv) again = probe_with (self, "API.example.com/", " key", "s3cret", "current");
  g_auto (GStrv) other = probe_with (self, ADDRESS, "key2", "s3cret", "current current");
  g_auto (GStrv) plain = probe (self, "current");

  assert_account (taken, CRM_ACCOUNT_ENVIRONMENT, ADDRESS, "key", "s3cret");
  g_assert_cmpstr (taken[ID], ==, local[ID]);
  g_assert_cmpstr (taken[NEW], ==, "known");
  g_assert_cmpstr (again[ID], ==, local[ID]);

  g_assert_cmpstr (other[ID], !=, local[ID]);
  g_assert_cmpstr (other[NEW], ==, "new");
  g_assert_cmpstr (other[6 + ID], ==, other[ID]);
  g_assert_cmpstr (other[6 + NEW], ==, "new");

  assert_account (plain, CRM_ACCOUNT_LOCAL, "-", "-", "-");
  g_assert_cmpstr (plain[ID], !=, local[ID]);
  g_assert_cmpstr (plain[ID], !=, other[ID]);
}

static void
test_environment (Fixture       *self,
                  gconstpointer  data)
{
  g_auto (GStrv) first = probe_with (self, ADDRESS, "key", "one two", "env current env");
  g_auto (GStrv) second = probe_with (self, ADDRESS, "key", "changed", "current");
  g_auto (GStrv) stored = probe (self, "add " ADDRESS " key");
  g_auto (GStrv) third = probe_with (self, ADDRESS, "key", "again", "current list");
  g_autofree char *path = g_build_filename (self->home, "crm-tasks", "accounts.ini", NULL);
  g_autofree char *text = NULL;

  g_assert_cmpstr (first[0], ==, "111");
  g_assert_cmpstr (first[1 + SECRET], ==, "one");
  g_assert_cmpstr (first[g_strv_length (first) - 1], ==, "000");

  assert_account (second, CRM_ACCOUNT_ENVIRONMENT, ADDRESS, "key", "changed");
  g_assert_cmpstr (second[ID], ==, first[1 + ID]);
  g_assert_cmpstr (second[NEW], ==, "known");

  assert_account (stored, CRM_ACCOUNT_CRM, ADDRESS, "key", "-");
  g_assert_cmpstr (stored[ID], ==, second[ID]);
  g_assert_cmpstr (third[ID], ==, second[ID]);
  g_assert_cmpstr (third[SECRET], ==, "again");
  g_assert_cmpuint (g_strv_length (third), ==, 2 * 6);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "again"));
  g_assert_null (strstr (text, "changed"));
}

static void
test_part_of_environment (Fixture       *self,
                          gconstpointer  data)
{
  static const struct
  {
    const char *address;
    const char *key;
    const char *secret;
    int         code;
    const char *words;
  } cases[] = {
    { ADDRESS, NULL, NULL, CRM_ERROR_ACCOUNT, "CRM_TASKS_API_KEY, CRM_TASKS_API_SECRET" },
    { NULL, "key", "s3cret", CRM_ERROR_ACCOUNT, "missing: CRM_TASKS_ADDRESS" },
    { ADDRESS, "key", "", CRM_ERROR_ACCOUNT, "missing: CRM_TASKS_API_SECRET" },
    { "http://api.example.com", "key", "s3cret", CRM_ERROR_INVALID, "CRM_TASKS_ADDRESS" },
    { ADDRESS, "k\xc3\xa9y", "s3cret", CRM_ERROR_INVALID, "CRM_TASKS_API_KEY" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GSubprocess) process
          = spawn (self, cases[i].address, cases[i].key, cases[i].secret, "current current");
      g_autofree char *output = output_of (process);
      g_autofree char *start = g_strdup_printf ("error %d ", cases[i].code);
      g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

      g_assert_true (g_str_has_prefix (output, start));
      g_assert_nonnull (strstr (output, cases[i].words));
      g_assert_null (strstr (output, "s3cret"));
      g_assert_cmpstr (lines[1], ==, lines[0]);
    }
}

static void
test_practice (Fixture       *self,
               gconstpointer  data)
{
  g_auto (GStrv) first = probe (self, "practice");
  g_auto (GStrv) second = probe (self, "practice current");

  assert_account (first, CRM_ACCOUNT_PRACTICE, "-", "practice", "practice-secret");
  g_assert_cmpstr (second[ID], ==, first[ID]);
  g_assert_cmpstr (second[6 + ID], !=, first[ID]);
}

/* Many processes at once, on a folder that isn't there yet. */
static void
test_race (Fixture       *self,
           gconstpointer  data)
{
  GSubprocess *processes[12];
  g_autofree char *id = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = spawn (self, ADDRESS, "key", "s", "current");

  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      g_autofree char *output = output_of (processes[i]);
      g_auto (GStrv) account = g_strsplit (output, " ", -1);

      if (id == NULL)
        id = g_strdup (account[ID]);
      g_assert_cmpstr (account[ID], ==, id);
      g_object_unref (processes[i]);
    }
}

static void
write_file (Fixture    *self,
            const char *text)
{
  g_autofree char *folder = g_build_filename (self->home, "crm-tasks", NULL);
  g_autofree char *path = g_build_filename (folder, "accounts.ini", NULL);

  g_mkdir (folder, 0700);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* What can't be read isn't written over: the ids in it are where the tasks are. */
static void
test_damaged (Fixture       *self,
              gconstpointer  data)
{
  g_autofree char *path = g_build_filename (self->home, "crm-tasks", "accounts.ini", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  write_file (self, "\x01 not a list\n");
  words = probe (self, "current");
  g_assert_cmpstr (words[0], ==, "error");
  g_assert_cmpint (atoi (words[1]), ==, CRM_ERROR_DATABASE);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "\x01 not a list\n");
}

/* An id becomes the name of a folder. */
static void
test_strange_ids (Fixture       *self,
                  gconstpointer  data)
{
  g_autofree char *output = NULL;
  g_autoptr (GSubprocess) process = NULL;

  write_file (self,
              "[crm-tasks]\ncurrent=../../elsewhere\n[../../elsewhere]\nkind=local\n"
              "[" SOME_ID "]\nkind=unheard-of\n");
  process = spawn (self, NULL, NULL, NULL, "list");
  output = output_of (process);
  g_assert_cmpstr (output, ==, "");
}

static void
test_unusable_folder (Fixture       *self,
                      gconstpointer  data)
{
  g_autofree char *file = g_build_filename (self->home, "crm-tasks", NULL);
  g_auto (GStrv) words = NULL;

  g_assert_true (g_file_set_contents (file, "in the way", -1, NULL));
  words = probe (self, "current");
  g_assert_cmpstr (words[0], ==, "error");
  g_assert_cmpint (atoi (words[1]), ==, CRM_ERROR_DATABASE);
  g_assert_cmpint (g_remove (file), ==, 0);
}

static void
test_save (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmAccount) account = crm_account_registry_add (ADDRESS, "key", &error);
  g_autoptr (CrmAccount) environment =
      crm_account_new (SOME_ID, CRM_ACCOUNT_ENVIRONMENT, ADDRESS, "elsewhere");
  g_autoptr (CrmAccount) current = NULL;
  g_autofree char *folder = crm_account_registry_get_folder ();

  g_assert_no_error (error);
  crm_account_set_key (account, "changed");
  g_assert_true (crm_account_registry_save (account, FALSE, &error));
  g_assert_true (crm_account_registry_save (environment, TRUE, &error));
  g_assert_no_error (error);

  current = crm_account_registry_open_current (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (crm_account_get_id (current), ==, crm_account_get_id (account));
  g_assert_cmpstr (crm_account_get_key (current), ==, "changed");
  g_assert_false (crm_account_registry_is_new (current));

  g_assert_null (crm_account_registry_add ("http://api.example.com", "key", &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);

  remove_in (folder, "accounts.ini");
  remove_in (folder, "accounts.lock");
  g_assert_cmpint (g_remove (folder), ==, 0);
}

#define ADD(name, function) g_test_add ("/registry/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("crm-registry-XXXXXX", NULL);
  int result;

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  probe_path = g_getenv ("REGISTRY_PROBE");
  g_assert_nonnull (probe_path);

  g_test_init (&argc, &argv, NULL);

  ADD ("local", test_local);
  ADD ("take-over-by-add", test_take_over_by_add);
  ADD ("take-over-by-environment", test_take_over_by_environment);
  ADD ("environment", test_environment);
  ADD ("part-of-environment", test_part_of_environment);
  ADD ("practice", test_practice);
  ADD ("race", test_race);
  ADD ("damaged", test_damaged);
  ADD ("strange-ids", test_strange_ids);
  ADD ("unusable-folder", test_unusable_folder);
  g_test_add_func ("/registry/save", test_save);

  result = g_test_run ();
  g_remove (home);

  return result;
}

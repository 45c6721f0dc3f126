/* test-account.c: an account's address, key and secret
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"
#include "model/crm-error.h"

#include <string.h>

static void
test_good_addresses (void)
{
  static const char *const addresses[][2] = {
    { "https://api.example.com", "https://api.example.com" },
    { "  https://api.example.com/ \n", "https://api.example.com" },
    { "api.example.com", "https://api.example.com" },
    { "api.example.com/", "https://api.example.com" },
    { "API.Example.COM", "https://api.example.com" },
    { "HTTPS://API.Example.COM", "https://api.example.com" },
    { "https://api.example.com:443", "https://api.example.com" },
    { "https://api.example.com:8443/", "https://api.example.com:8443" },
    { "api.example.com:8443", "https://api.example.com:8443" },
    { "https://b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example" },
    { "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443" },
    { "https://192.0.2.1", "https://192.0.2.1" },
    { "http://localhost:8080", "http://localhost:8080" },
    { "http://LOCALHOST", "http://localhost" },
    { "http://127.0.0.1:80/", "http://127.0.0.1" },
    { "http://127.9.8.7", "http://127.9.8.7" },
    { "http://[::1]:8080/", "http://[::1]:8080" },
    { "https://localhost", "https://localhost" },
    { "localhost:8080", "http://localhost:8080" },
    { "127.0.0.1:8080", "http://127.0.0.1:8080" },
    { "127.0.0.1", "http://127.0.0.1" },
    { "[::1]:8080", "http://[::1]:8080" },
    { "::1", "http://[::1]" },
    { "2001:db8::1", "https://[2001:db8::1]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = crm_account_check_address (addresses[i][0], &error);
      g_autofree char *again = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (address, ==, addresses[i][1]);

      again = crm_account_check_address (address, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again, ==, address);
    }
}

static void
test_bad_addresses (void)
{
  static const char *const addresses[] = {
    NULL,
    "",
    "   ",
    "/",
    "https://",
    "https:///",
    "https://:443",
    "http://api.example.com",
    "http://192.0.2.1",
    "http://128.0.0.1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://[2001:db8::1]",
    "http://[::ffff:127.0.0.1]",
    "http://0.0.0.0",
    "ftp://api.example.com",
    "file:///etc/passwd",
    "javascript://x",
    "https://api.example.com/api/1.0",
    "https://api.example.com/api/1.0/",
    "https://api.example.com//",
    "api.example.com/crm",
    "https://api.example.com?x=1",
    "https://api.example.com/?",
    "https://api.example.com#x",
    "https://me@api.example.com",
    "https://me:secret@api.example.com",
    "http://localhost@api.example.com",
    "http://localhost:8080@api.example.com/",
    "https://api.example.com:0",
    "https://api.example.com:70000",
    "https://api.example.com:x",
    "https://api example.com",
    "https://api.example.com\\@x",
    "https://api.exa\nmple.com",
    "https://a%0db.example.com",
    "https://a%2fb.example.com",
    "https://[::1",
    "https://\xff\xfe",
    "https://api.example.com\xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *address = crm_account_check_address (addresses[i], &error);

      g_test_message ("%u", i);
      g_assert_cmpstr (address, ==, NULL);
      g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_null (strstr (error->message, "secret@"));
    }
}

static void
test_keys (void)
{
  static const char *const bad[] = { NULL, "", " \t", "a b", "a\nX-Evil: 1", "a\x7f", "cl\xc3\xa9", "a\tb" };
  g_autoptr (GError) error = NULL;
  g_autofree char *key = crm_account_check_key (" aB3-_=/+:x\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, "aB3-_=/+:x");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) refused = NULL;

      g_assert_null (crm_account_check_key (bad[i], &refused));
      g_assert_error (refused, CRM_ERROR, CRM_ERROR_INVALID);
    }
}

static void
test_fields (void)
{
  g_autoptr (CrmAccount) account = crm_account_new ("id", CRM_ACCOUNT_CRM, "https://api.example.com", "key");
  g_autofree char *folder = crm_account_get_folder (account);
  g_autofree char *expected = g_build_filename (g_get_user_data_dir (), "crm-tasks", "id", NULL);
  guint n_properties;

  g_assert_cmpstr (crm_account_get_id (account), ==, "id");
  g_assert_cmpstr (crm_account_get_address (account), ==, "https://api.example.com");
  g_assert_cmpstr (crm_account_get_key (account), ==, "key");
  g_assert_cmpstr (crm_account_get_secret (account), ==, NULL);
  g_assert_cmpstr (folder, ==, expected);

  crm_account_set_address (account, crm_account_get_address (account));
  crm_account_set_address (account, "https://other.example.com");
  crm_account_set_key (account, "other");
  crm_account_take_secret (account, g_strdup ("one"));
  crm_account_take_secret (account, g_strdup ("two"));
  g_assert_cmpstr (crm_account_get_address (account), ==, "https://other.example.com");
  g_assert_cmpstr (crm_account_get_key (account), ==, "other");
  g_assert_cmpstr (crm_account_get_secret (account), ==, "two");
  crm_account_take_secret (account, NULL);
  g_assert_cmpstr (crm_account_get_secret (account), ==, NULL);

  g_free (g_object_class_list_properties (G_OBJECT_GET_CLASS (account), &n_properties));
  g_assert_cmpuint (n_properties, ==, 0);
}

static void
keep_result_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
run (CrmAccount  *account,
     gboolean     store,
     GError     **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (store)
    crm_account_store_secret_async (account, NULL, keep_result_cb, &result);
  else
    crm_account_load_secret_async (account, NULL, keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return store ? crm_account_store_secret_finish (account, result, error)
               : crm_account_load_secret_finish (account, result, error);
}

static void
test_secrets (void)
{
  g_autoptr (CrmAccount) local = crm_account_new ("l", CRM_ACCOUNT_LOCAL, NULL, NULL);
  g_autoptr (CrmAccount) practice = crm_account_new ("p", CRM_ACCOUNT_PRACTICE, NULL, NULL);
  g_autoptr (CrmAccount) environment =
      crm_account_new ("e", CRM_ACCOUNT_ENVIRONMENT, "https://x.example", "k");
  g_autoptr (GError) error = NULL;

  g_assert_false (run (local, FALSE, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT);
  g_clear_error (&error);
  g_assert_false (run (local, TRUE, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT);
  g_clear_error (&error);

  g_assert_true (run (practice, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (crm_account_get_key (practice), ==, "practice");
  g_assert_cmpstr (crm_account_get_secret (practice), ==, "practice-secret");
  g_assert_true (run (practice, TRUE, &error));

  crm_account_take_secret (environment, g_strdup ("s"));
  g_assert_true (run (environment, FALSE, &error));
  g_assert_true (run (environment, TRUE, &error));
  g_assert_no_error (error);
}

/* The tests have no session bus, and so no keyring. */
static void
test_no_keyring (void)
{
  g_autoptr (CrmAccount) account = crm_account_new ("c", CRM_ACCOUNT_CRM, "https://x.example", "k");
  g_autoptr (GError) error = NULL;

  g_assert_false (run (account, FALSE, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT);
  g_clear_error (&error);

  crm_account_take_secret (account, g_strdup ("do-not-tell"));
  g_assert_true (run (account, FALSE, NULL));
  g_assert_false (run (account, TRUE, &error));
  g_assert_error (error, CRM_ERROR, CRM_ERROR_ACCOUNT);
  g_assert_null (strstr (error->message, "do-not-tell"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/account/good-addresses", test_good_addresses);
  g_test_add_func ("/account/bad-addresses", test_bad_addresses);
  g_test_add_func ("/account/keys", test_keys);
  g_test_add_func ("/account/fields", test_fields);
  g_test_add_func ("/account/secrets", test_secrets);
  g_test_add_func ("/account/no-keyring", test_no_keyring);

  return g_test_run ();
}

/* test-signature.c: requests are signed as API.md §2 says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-signature.h"

static void
test_hmac (void)
{
  g_autofree char *signature = crm_signature_sign ("string to sign", "my secret key");

  g_assert_cmpstr (signature, ==, "a993876ea1218921a1c8551923473da7b310dfae");
}

static void
test_string_to_sign (void)
{
  g_autofree char *text = crm_signature_string_to_sign ("a09f600c77a6dbd947db24c61e8935ca",
                                                        "/api/1.0/test?action=ping", "2012-04-03 22:23:24");

  g_assert_cmpstr (text, ==,
                   "posta09f600c77a6dbd947db24c61e8935caapplication/json/api/1.0/test?action=ping"
                   "1.0ivvydate=2012-04-03 22:23:24");
}

static void
test_lower_case (void)
{
  g_autofree char *text = crm_signature_string_to_sign ("0a", "/api/1.0/crm?action=addOrUpdateTask",
                                                        "2026-11-23 00:00:00");
  g_autofree char *small = crm_signature_sign ("x", "secret");
  g_autofree char *large = crm_signature_sign ("x", "SECRET");

  g_assert_cmpstr (
      text, ==, "post0aapplication/json/api/1.0/crm?action=addorupdatetask1.0ivvydate=2026-11-23 00:00:00");
  g_assert_cmpstr (small, !=, large);
}

static void
test_md5 (void)
{
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\": \"\xc3\xa9\"}", 11);
  g_autofree char *empty_md5 = crm_signature_md5 (empty);
  g_autofree char *md5 = crm_signature_md5 (body);

  g_assert_cmpstr (empty_md5, ==, "d41d8cd98f00b204e9800998ecf8427e");
  g_assert_cmpstr (md5, ==, "2ae7eeddf9591be2abc95e6023dbccb6");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/signature/hmac", test_hmac);
  g_test_add_func ("/signature/string-to-sign", test_string_to_sign);
  g_test_add_func ("/signature/lower-case", test_lower_case);
  g_test_add_func ("/signature/md5", test_md5);

  return g_test_run ();
}

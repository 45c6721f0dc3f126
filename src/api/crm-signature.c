/* crm-signature.c: signs requests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-signature.h"

#include <string.h>

/**
 * crm_signature_md5:
 * @body: the exact bytes that are sent, also when there are none
 *
 * Returns: (transfer full): their MD5 in lower-case hex, for Content-MD5 (API.md §2). Any thread.
 */
char *
crm_signature_md5 (GBytes *body)
{
  g_return_val_if_fail (body != NULL, NULL);

  return g_compute_checksum_for_bytes (G_CHECKSUM_MD5, body);
}

/**
 * crm_signature_string_to_sign:
 * @md5: the body's MD5
 * @target: the request target as it is sent, query included
 * @ivvy_date: UTC, `Y-m-d H:i:s`, as the header IVVY-Date says it
 *
 * API.md §2; the place of the header Date stays empty.
 *
 * Returns: (transfer full): what is signed, lower-cased as a whole. Any thread.
 */
char *
crm_signature_string_to_sign (const char *md5,
                              const char *target,
                              const char *ivvy_date)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (md5 != NULL, NULL);
  g_return_val_if_fail (target != NULL, NULL);
  g_return_val_if_fail (ivvy_date != NULL, NULL);

  text = g_strconcat ("POST", md5, CRM_CONTENT_TYPE, target, CRM_API_VERSION, "ivvydate=", ivvy_date, NULL);

  return g_ascii_strdown (text, -1);
}

/**
 * crm_signature_sign:
 * @string_to_sign: as crm_signature_string_to_sign() made it
 * @secret: the API secret
 *
 * HMAC-SHA1, keyed with the bytes of @secret as they are (API.md §2).
 *
 * Returns: (transfer full): the signature in lower-case hex. Any thread.
 */
char *
crm_signature_sign (const char *string_to_sign,
                    const char *secret)
{
  g_return_val_if_fail (string_to_sign != NULL, NULL);
  g_return_val_if_fail (secret != NULL, NULL);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) secret, strlen (secret), string_to_sign,
                                    -1);
}

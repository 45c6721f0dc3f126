/* crm-practice-auth.c: the signature of a request, as the server checks it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-auth.h"

#include <string.h>

#define SCHEME "IWS "
#define MAX_AGE (5 * 60)

static gboolean
is_lower_hex (const char *text,
              gsize       length)
{
  return strlen (text) == length && strspn (text, "0123456789abcdef") == length;
}

static CrmPracticeRefusal *
check_headers (const CrmPracticeSigned *request)
{
  g_autofree char *md5 = NULL;

  if (g_strcmp0 (request->content_type, "application/json") != 0)
    return crm_practice_refusal_new (400, "The Content-Type header must be application/json");

  if (g_strcmp0 (request->api_version, "1.0") != 0)
    return crm_practice_refusal_new (400, "The X-Api-Version header must be 1.0");

  if (request->content_md5 == NULL || !is_lower_hex (request->content_md5, 32))
    return crm_practice_refusal_new (400, "The Content-MD5 header must be an MD5 sum in lower-case hexadecimal digits");

  md5 = g_compute_checksum_for_data (G_CHECKSUM_MD5, (const guchar *) request->body, request->body_length);
  if (g_strcmp0 (md5, request->content_md5) != 0)
    return crm_practice_refusal_new (400, "The Content-MD5 header is not the MD5 sum of the body");

  return NULL;
}

static CrmPracticeRefusal *
check_date (const char *text,
            gint64      now)
{
  g_autoptr (GDateTime) date = NULL;

  if (text == NULL)
    return crm_practice_refusal_new (401, "The IVVY-Date header is missing");

  date = crm_practice_auth_parse_date (text);
  if (date == NULL)
    return crm_practice_refusal_new (401, "The IVVY-Date header must be a date and time as yyyy-mm-dd HH:MM:SS");

  if (ABS (g_date_time_to_unix (date) - now) > MAX_AGE)
    return crm_practice_refusal_new_for (23005);

  return NULL;
}

/**
 * crm_practice_auth_string_to_sign:
 * @content_md5: the value of Content-MD5
 * @content_type: the value of Content-Type
 * @target: the request target, path and query as sent
 * @api_version: the value of X-Api-Version
 * @ivvy_date: the value of IVVY-Date
 *
 * The string that the signature of a POST signs; API description §2. The Date is left empty, for IVVY-Date is used.
 *
 * Returns: (transfer full): the string, in lower case
 */
char *
crm_practice_auth_string_to_sign (const char *content_md5,
                                  const char *content_type,
                                  const char *target,
                                  const char *api_version,
                                  const char *ivvy_date)
{
  g_autofree char *text = g_strconcat ("POST", content_md5, content_type, target, api_version,
                                       "ivvydate=", ivvy_date, NULL);

  return g_ascii_strdown (text, -1);
}

/**
 * crm_practice_auth_sign:
 * @string_to_sign: what to sign
 * @secret: the API secret
 *
 * Returns: (transfer full): the HMAC-SHA1 in lower-case hexadecimal digits
 */
char *
crm_practice_auth_sign (const char *string_to_sign,
                        const char *secret)
{
  return g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) secret, strlen (secret), string_to_sign, -1);
}

/**
 * crm_practice_auth_parse_date:
 * @text: `2021-11-01 17:00:00`
 *
 * Reads a date and time in UTC in exactly this form, and one that exists.
 *
 * Returns: (transfer full) (nullable): the time, or %NULL
 */
GDateTime *
crm_practice_auth_parse_date (const char *text)
{
  static const char pattern[] = "dddd-dd-dd dd:dd:dd";
  int part[6] = { 0, };
  guint n = 0;

  if (strlen (text) != strlen (pattern))
    return NULL;

  for (guint i = 0; pattern[i] != '\0'; i++)
    {
      if (pattern[i] != 'd')
        {
          if (text[i] != pattern[i])
            return NULL;
          n++;
        }
      else if (!g_ascii_isdigit (text[i]))
        return NULL;
      else
        part[n] = part[n] * 10 + g_ascii_digit_value (text[i]);
    }

  return g_date_time_new_utc (part[0], part[1], part[2], part[3], part[4], part[5]);
}

/**
 * crm_practice_auth_check:
 * @request: what was received
 * @key: the key that is known
 * @secret: its secret
 * @now: the server's time, in seconds since 1970 UTC
 *
 * Checks headers, key, signature and date as API description §2 has them.
 *
 * Returns: (transfer full) (nullable): why the request is refused, or %NULL when it is signed well
 */
CrmPracticeRefusal *
crm_practice_auth_check (const CrmPracticeSigned *request,
                         const char              *key,
                         const char              *secret,
                         gint64                   now)
{
  g_autofree char *expected_string = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *sent_key = NULL;
  CrmPracticeRefusal *refusal;
  const char *credentials;
  const char *colon;

  refusal = check_headers (request);
  if (refusal != NULL)
    return refusal;

  if (request->authorization == NULL)
    return crm_practice_refusal_new (401, "The X-Api-Authorization header is missing");

  credentials = request->authorization + strlen (SCHEME);
  colon = g_str_has_prefix (request->authorization, SCHEME) ? strrchr (credentials, ':') : NULL;
  if (colon == NULL || !is_lower_hex (colon + 1, 40))
    return crm_practice_refusal_new (401, "The X-Api-Authorization header must be IWS key:signature");

  sent_key = g_strndup (credentials, colon - credentials);
  if (g_strcmp0 (sent_key, key) != 0)
    return crm_practice_refusal_new (401, "The API key is not known");

  refusal = check_date (request->ivvy_date, now);
  if (refusal != NULL)
    return refusal;

  expected_string = crm_practice_auth_string_to_sign (request->content_md5, request->content_type, request->target,
                                                      request->api_version, request->ivvy_date);
  expected = crm_practice_auth_sign (expected_string, secret);
  if (g_strcmp0 (expected, colon + 1) != 0)
    return crm_practice_refusal_new (401, "The signature does not match");

  return NULL;
}

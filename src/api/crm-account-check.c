/* crm-account-check.c: whether an address or a key that a person gave can be one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"

#include "api/crm-loopback.h"
#include "model/crm-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
refuse (GError     **error,
        const char  *words)
{
  g_set_error_literal (error, CRM_ERROR, CRM_ERROR_INVALID, words);
}

/* A host alone, or with a port: the scheme follows from what it is. */
static char *
add_scheme (const char *typed)
{
  g_autoptr (GInetAddress) number = g_inet_address_new_from_string (typed);
  g_autofree char *bare = NULL;
  g_autofree char *attempt = NULL;
  g_autoptr (GUri) uri = NULL;

  if (number != NULL && g_inet_address_get_family (number) == G_SOCKET_FAMILY_IPV6)
    bare = g_strdup_printf ("[%s]", typed);
  else
    bare = g_strdup (typed);

  attempt = g_strconcat ("https://", bare, NULL);
  uri = g_uri_parse (attempt, G_URI_FLAGS_NONE, NULL);

  return g_strconcat (uri != NULL && crm_host_is_loopback (g_uri_get_host (uri)) ? "http://" : "https://",
                      bare, NULL);
}

static char *
check_host (const char  *host,
            GError     **error)
{
  g_autofree char *ascii = host != NULL && *host != '\0' ? g_hostname_to_ascii (host) : NULL;
  g_autofree char *lower = ascii != NULL ? g_ascii_strdown (ascii, -1) : NULL;

  if (lower == NULL)
    {
      refuse (error, _("The address names no host; it looks like https://api.example.com"));
      return NULL;
    }

  for (const char *at = lower; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr (".-_:", *at) == NULL)
      {
        refuse (error, _("The address holds a character that no host’s name has"));
        return NULL;
      }

  return g_steal_pointer (&lower);
}

/**
 * crm_account_check_key:
 * @typed: (nullable): what a person gave as an API key
 * @error: %CRM_ERROR_INVALID, in words
 *
 * A key travels in a header and in a file of settings: it is one line of printable ASCII.
 *
 * Returns: (transfer full) (nullable): the key without space around it
 */
char *
crm_account_check_key (const char  *typed,
                       GError     **error)
{
  g_autofree char *key = g_strstrip (g_strdup (typed != NULL ? typed : ""));

  if (*key == '\0')
    {
      refuse (error, _("The API key is missing"));
      return NULL;
    }

  for (const char *at = key; *at != '\0'; at++)
    if (!g_ascii_isgraph (*at))
      {
        refuse (error, _("The API key holds a character that no key has"));
        return NULL;
      }

  return g_steal_pointer (&key);
}

/**
 * crm_account_check_address:
 * @typed: (nullable): what a person gave as the address of a CRM
 * @error: %CRM_ERROR_INVALID, in words
 *
 * Adds `https://` where no scheme is given (`http://` for this computer itself), and allows plain http to
 * this computer only (DESIGN.md §1, promise 10). Nothing is looked up.
 *
 * Returns: (transfer full) (nullable): `scheme://host[:port]`, in lower case, without a slash at its end
 */
char *
crm_account_check_address (const char  *typed,
                           GError     **error)
{
  g_autofree char *text = g_strstrip (g_strdup (typed != NULL ? typed : ""));
  g_autofree char *full = NULL;
  g_autofree char *host = NULL;
  g_autoptr (GUri) uri = NULL;
  const char *scheme;
  int port;

  if (*text == '\0')
    {
      refuse (error, _("The address is missing"));
      return NULL;
    }

  full = strstr (text, "://") != NULL ? g_steal_pointer (&text) : add_scheme (text);
  uri = g_utf8_validate (full, -1, NULL) ? g_uri_parse (full, G_URI_FLAGS_SCHEME_NORMALIZE, NULL) : NULL;
  if (uri == NULL)
    {
      refuse (error, _("The address cannot be understood; it looks like https://api.example.com"));
      return NULL;
    }

  scheme = g_uri_get_scheme (uri);
  port = g_uri_get_port (uri);
  if (port == (strcmp (scheme, "http") == 0 ? 80 : 443))
    port = -1;

  if (strcmp (scheme, "https") != 0 && strcmp (scheme, "http") != 0)
    refuse (error, _("The address begins with https://, nothing else"));
  else if (g_uri_get_userinfo (uri) != NULL)
    refuse (error,
            _("The address must not hold a name or password; key and secret have fields of their own"));
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    refuse (error, _("The address ends with the host’s name: leave out “?” or “#” and what follows"));
  else if (*g_uri_get_path (uri) != '\0' && strcmp (g_uri_get_path (uri), "/") != 0)
    refuse (error, _("The address ends with the host’s name: leave out the path behind it"));
  else if (port == 0)
    refuse (error, _("The address names a port that does not exist"));
  else if ((host = check_host (g_uri_get_host (uri), error)) == NULL)
    return NULL;
  else if (strcmp (scheme, "http") == 0 && !crm_host_is_loopback (host))
    refuse (error, _("The address must begin with https://: plain http is for this computer itself only"));
  else
    return g_uri_join (G_URI_FLAGS_NONE, scheme, NULL, host, port, "", NULL, NULL);

  return NULL;
}

/* crm-shown-text.h: foreign text as it may be shown
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *crm_shown_text      (const char *text);
char     *crm_text_from_html  (const char *html);
char     *crm_text_unescape   (const char *html);
gboolean  crm_text_is_html    (const char *text);

/* Which way a text is written. */
typedef enum
{
  CRM_WRITTEN_LEFT_TO_RIGHT,
  CRM_WRITTEN_RIGHT_TO_LEFT,
  CRM_WRITTEN_EITHER, /* numbers and signs alone */
} CrmWritten;

CrmWritten crm_shown_text_get_written (const char *text);

G_END_DECLS

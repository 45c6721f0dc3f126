/* crm-datetime-words.h: dates and times as people type them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is meant by a day of which no time is said: the end of a working day. */
#define CRM_DATETIME_WORDS_USUAL_HOUR 17

char *crm_datetime_words_parse (const char  *input,
                                gint64       now,
                                GTimeZone   *zone,
                                char       **note,
                                GError     **error);
char *crm_datetime_words_write (const char  *utc,
                                GTimeZone   *zone);

G_END_DECLS

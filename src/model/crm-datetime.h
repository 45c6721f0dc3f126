/* crm-datetime.h: dates between people, who live somewhere, and the CRM, which lives in UTC
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *crm_datetime_parse      (const char  *input,
                                   GTimeZone   *zone,
                                   char       **note,
                                   GError     **error);
char     *crm_datetime_from_local (int          year,
                                   int          month,
                                   int          day,
                                   int          hour,
                                   int          minute,
                                   int          second,
                                   GTimeZone   *zone,
                                   char       **note,
                                   GError     **error);
gboolean  crm_datetime_from_utc   (const char  *text,
                                   gint64      *seconds);
char     *crm_datetime_to_utc     (gint64       seconds);
char     *crm_datetime_to_local   (const char  *text,
                                   GTimeZone   *zone,
                                   const char  *format);

G_END_DECLS

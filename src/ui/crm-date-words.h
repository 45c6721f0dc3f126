/* crm-date-words.h: days and times of day as people here write them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  CRM_DAY_SHORT,     /* 1 Dec */
  CRM_DAY_YEAR,      /* 1 Dec 2026 */
  CRM_DAY_WEEKDAY,   /* Tue 1 Dec 2026 */
  CRM_DAY_LONG,      /* Tuesday, 1 December 2026 */
  CRM_N_DAY_FORMS
} CrmDayForm;

char *crm_date_words_get_day  (GDateTime  *time,
                               CrmDayForm  form);
char *crm_date_words_get_time (GDateTime  *time,
                               gboolean    with_seconds);
char *crm_date_words_get_utc  (const char *utc);

G_END_DECLS

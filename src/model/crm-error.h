/* crm-error.h: errors in words for people, and the CRM's codes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "model/crm-answer-class.h"

G_BEGIN_DECLS

#define CRM_ERROR (crm_error_quark ())

typedef enum
{
  CRM_ERROR_INVALID,      /* what was given is wrong: the message names the field */
  CRM_ERROR_REFUSED,      /* DESIGN.md §2 does not allow it in this state */
  CRM_ERROR_SECOND_YES,   /* it is allowed when it is confirmed: the task may be on the CRM */
  CRM_ERROR_NO_SUCH_TASK,
  CRM_ERROR_DATABASE,     /* it could not be used */
  CRM_ERROR_DATABASE_FULL,
  CRM_ERROR_DATABASE_BUSY,
  CRM_ERROR_DATABASE_READ_ONLY,
  CRM_ERROR_DATABASE_NEWER,
  CRM_ERROR_DATABASE_DAMAGED,
  CRM_ERROR_ACCOUNT,      /* no account, or no secret for it */
} CrmError;

GQuark      crm_error_quark           (void);
gboolean    crm_specific_code_lookup  (gint64           code,
                                       CrmAnswerClass  *klass,
                                       const char     **words);
char       *crm_known_message_words   (const char      *message);

G_END_DECLS

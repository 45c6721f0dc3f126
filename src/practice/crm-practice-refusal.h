/* crm-practice-refusal.h: an error as the CRM words it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint      error_code;
  guint      specific_code;
  char      *message;
  GPtrArray *additional;
} CrmPracticeRefusal;

CrmPracticeRefusal *crm_practice_refusal_new         (guint               error_code,
                                                      const char         *message);
CrmPracticeRefusal *crm_practice_refusal_new_for     (guint               specific_code);
CrmPracticeRefusal *crm_practice_refusal_new_for_status (guint            error_code);
void                crm_practice_refusal_free        (CrmPracticeRefusal *self);
void                crm_practice_refusal_add         (CrmPracticeRefusal *self,
                                                      const char         *format,
                                                      ...) G_GNUC_PRINTF (2, 3);
void                crm_practice_refusal_set_message (CrmPracticeRefusal *self,
                                                      const char         *format,
                                                      ...) G_GNUC_PRINTF (2, 3);
gboolean            crm_practice_refusal_is_known    (guint               specific_code);
char               *crm_practice_refusal_to_json     (CrmPracticeRefusal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPracticeRefusal, crm_practice_refusal_free)

G_END_DECLS

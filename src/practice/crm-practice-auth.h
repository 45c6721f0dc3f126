/* crm-practice-auth.h: the signature of a request, as the server checks it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-refusal.h"

G_BEGIN_DECLS

/* What was received; an absent header is NULL. */
typedef struct
{
  const char *target;
  const char *body;
  gsize       body_length;
  const char *content_type;
  const char *content_md5;
  const char *ivvy_date;
  const char *api_version;
  const char *authorization;
} CrmPracticeSigned;

char               *crm_practice_auth_string_to_sign (const char              *content_md5,
                                                      const char              *content_type,
                                                      const char              *target,
                                                      const char              *api_version,
                                                      const char              *ivvy_date);
char               *crm_practice_auth_sign           (const char              *string_to_sign,
                                                      const char              *secret);
GDateTime          *crm_practice_auth_parse_date     (const char              *text);
CrmPracticeRefusal *crm_practice_auth_check          (const CrmPracticeSigned *request,
                                                      const char              *key,
                                                      const char              *secret,
                                                      gint64                   now);

G_END_DECLS

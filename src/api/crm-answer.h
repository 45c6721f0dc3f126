/* crm-answer.h: what an HTTP answer means
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "api/crm-transport.h"
#include "model/crm-problem.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_REQUEST_ADD,
  CRM_REQUEST_UPDATE,
  CRM_REQUEST_PING,
  CRM_REQUEST_LIST,
  CRM_REQUEST_BATCH,
} CrmRequestKind;

typedef struct
{
  CrmProblem *outcome;     /* never NULL: class (ACCEPTED when all is well), codes and words of the answer */
  gboolean    written;     /* whether any of the request was, or may have been, written */
  gint64      id;          /* of an accepted add or update, else 0 */
  gint64      retry_after; /* seconds the CRM asks to wait, 0 to 3600; -1: it doesn't say */
  gint64      server_time; /* the answer's Date, seconds since 1970, UTC; 0: it has none */
  char       *raw;         /* the body as valid UTF-8, at most 64 KiB of it, for people to read; NULL: none */
  JsonNode   *json;        /* of an accepted list or answer about a batch: its root object; else NULL */
} CrmAnswer;

CrmAnswer *crm_answer_from_reply (CrmRequestKind           kind,
                                  gint64                   sent_id,
                                  const CrmTransportReply *reply);
CrmAnswer *crm_answer_from_error (const GError            *error);
void       crm_answer_free       (CrmAnswer               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmAnswer, crm_answer_free)

G_END_DECLS

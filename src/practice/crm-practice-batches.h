/* crm-practice-batches.h: many calls in one request, done one after the other
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "practice/crm-practice-refusal.h"

G_BEGIN_DECLS

typedef struct _CrmPracticeBatches CrmPracticeBatches;

/* Called with the answer of a job, a JSON text. */
typedef void (*CrmPracticeJobDone) (gpointer  token,
                                    char     *response);

/* Does what one job asks for; calls @done with @token once, at once or later. */
typedef void (*CrmPracticeJobFunc) (JsonNode           *params,
                                    CrmPracticeJobDone  done,
                                    gpointer            token,
                                    gpointer            user_data);

CrmPracticeBatches *crm_practice_batches_new      (CrmPracticeJobFunc    func,
                                                   gpointer              user_data);
void                crm_practice_batches_free     (CrmPracticeBatches   *self);
void                crm_practice_batches_set_pace (CrmPracticeBatches   *self,
                                                   guint                 before,
                                                   guint                 each);
void                crm_practice_batches_forget   (CrmPracticeBatches   *self);
char               *crm_practice_batches_run      (CrmPracticeBatches   *self,
                                                   JsonNode             *body,
                                                   CrmPracticeRefusal  **refusal);
char               *crm_practice_batches_progress (CrmPracticeBatches   *self,
                                                   JsonNode             *body,
                                                   CrmPracticeRefusal  **refusal);
char               *crm_practice_batches_results  (CrmPracticeBatches   *self,
                                                   JsonNode             *body,
                                                   CrmPracticeRefusal  **refusal);

G_END_DECLS

/* practice-client.h: a small client of the practice CRM that signs by itself
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "practice/crm-practice-server.h"

G_BEGIN_DECLS

#define PING "/api/1.0/test?action=ping"
#define ADD "/api/1.0/crm?action=addOrUpdateTask"
#define TASKS "/api/1.0/crm?action=getTaskList"

typedef struct
{
  CrmPracticeServer *server;
  SoupSession       *session;
  char              *address;
  gint64             date_shift;
} PracticeClient;

typedef struct
{
  GError     *error;
  guint       status;
  char       *content_type;
  char       *retry_after;
  char       *location;
  GDateTime  *date;
  char       *body;
  gsize       length;
  JsonObject *json;
} PracticeAnswer;

PracticeClient *practice_client_new          (const char           *state_file);
PracticeClient *practice_client_new_for      (const char           *address);
void            practice_client_free         (PracticeClient       *self);
SoupMessage    *practice_client_build        (PracticeClient       *self,
                                              const char           *target,
                                              const char           *body);
PracticeAnswer *practice_client_send         (PracticeClient       *self,
                                              SoupMessage          *message);
PracticeAnswer *practice_client_call         (PracticeClient       *self,
                                              const char           *target,
                                              const char           *body);
gint64          practice_client_add          (PracticeClient       *self,
                                              const char           *body);
void            practice_client_fault        (PracticeClient       *self,
                                              const char           *spec);
void            practice_answer_free         (PracticeAnswer       *answer);
gint64          practice_answer_get_int      (const PracticeAnswer *answer,
                                              const char           *key);
void            practice_answer_assert_error (const PracticeAnswer *answer,
                                              gint64                error_code,
                                              gint64                specific_code,
                                              const char           *message);
char           *practice_make_folder         (void);
void            practice_remove_folder       (const char           *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeClient, practice_client_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeAnswer, practice_answer_free)

G_END_DECLS

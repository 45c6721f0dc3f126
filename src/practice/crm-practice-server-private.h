/* crm-practice-server-private.h: what the parts of the server share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "practice/crm-practice-answer.h"
#include "practice/crm-practice-batches.h"
#include "practice/crm-practice-lists.h"
#include "practice/crm-practice-server.h"
#include "practice/crm-practice-store.h"

G_BEGIN_DECLS

struct _CrmPracticeServer
{
  GObject                 parent_instance;

  char                   *key;
  char                   *secret;
  CrmPracticeStore       *store;
  CrmPracticeBatches     *batches;
  GPtrArray              *faults;
  gboolean                own_status;
  gboolean                furnished;
  gint64                  clock_offset;
  CrmPracticeListOptions  list_options;
  guint                   hidden_lists;
  guint                   hidden_milliseconds;
  guint64                 list_serial;

  GMainContext           *context;
  SoupServer             *soup;
  GSocket                *socket;
  GSocketService         *service;
  GSource                *resume_source;
  char                   *address;
  guint16                 port;

  GPtrArray              *requests;
  GHashTable             *counts;
  guint                   n_requests;
  GPtrArray              *exchanges;
  guint                   in_flight;
  guint                   peak_in_flight;
};

gint64              crm_practice_server_get_now         (CrmPracticeServer  *self);
char               *crm_practice_server_format_now      (CrmPracticeServer  *self);
CrmPracticeRequest *crm_practice_server_log             (CrmPracticeServer  *self,
                                                         SoupServerMessage  *message);
void                crm_practice_server_log_answer      (CrmPracticeServer  *self,
                                                         CrmPracticeRequest *request,
                                                         guint               status);
void                crm_practice_server_refuse          (CrmPracticeServer  *self,
                                                         guint               milliseconds);

void                crm_practice_request_unref          (CrmPracticeRequest *request);

void                crm_practice_connection_accept      (CrmPracticeServer  *server,
                                                         GSocketConnection  *connection);
void                crm_practice_connection_expect      (SoupServerMessage  *message);
void                crm_practice_connection_finish      (SoupServerMessage  *message);
void                crm_practice_connection_answer      (SoupServerMessage  *message);
GSocket            *crm_practice_connection_get_socket  (SoupServerMessage  *message);

void                crm_practice_exchange_start         (CrmPracticeServer  *server,
                                                         SoupServerMessage  *message);
void                crm_practice_exchange_lose_all      (CrmPracticeServer  *server);
void                crm_practice_exchange_drop_all      (CrmPracticeServer  *server);

/* %NULL with @task set: the answer is that of the task, once it is kept. */
CrmPracticeAnswer  *crm_practice_calls_answer           (CrmPracticeServer  *self,
                                                         SoupServerMessage  *message,
                                                         CrmPracticeTask   **task);
char               *crm_practice_calls_dup_action       (SoupServerMessage  *message);
void                crm_practice_calls_do_job           (JsonNode           *params,
                                                         CrmPracticeJobDone  done,
                                                         gpointer            token,
                                                         gpointer            user_data);

gboolean            crm_practice_door_is_for            (SoupServerMessage  *message);
CrmPracticeAnswer  *crm_practice_door_answer            (CrmPracticeServer  *self,
                                                         SoupServerMessage  *message,
                                                         guint              *refuse_for);

G_END_DECLS

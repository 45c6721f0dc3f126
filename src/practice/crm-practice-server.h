/* crm-practice-server.h: a CRM to try things out with
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CRM_PRACTICE_KEY "practice"
#define CRM_PRACTICE_SECRET "practice-secret"

/* One request as it was received. Times are in microseconds since 1970 UTC, of the machine, not of the server's own
 * clock; @finished is 0 and @status is 0 until it was answered. A connection that was cut has the status 0 for good. */
typedef struct
{
  char    *method;
  char    *target;
  char    *body;
  char    *ivvy_date;
  guint    status;
  guint    remote_port;
  gint64   started;
  gint64   finished;
} CrmPracticeRequest;

#define CRM_PRACTICE_TYPE_SERVER (crm_practice_server_get_type ())
G_DECLARE_FINAL_TYPE (CrmPracticeServer, crm_practice_server, CRM_PRACTICE, SERVER, GObject)

CrmPracticeServer *crm_practice_server_new                  (const char         *state_file,
                                                             const char         *key,
                                                             const char         *secret);
gboolean           crm_practice_server_start                (CrmPracticeServer  *self,
                                                             guint16             port,
                                                             GError            **error);
void               crm_practice_server_stop                 (CrmPracticeServer  *self);
const char        *crm_practice_server_get_address          (CrmPracticeServer  *self);
guint16            crm_practice_server_get_port             (CrmPracticeServer  *self);

gboolean           crm_practice_server_add_fault            (CrmPracticeServer  *self,
                                                             const char         *spec,
                                                             GError            **error);
void               crm_practice_server_add_canned           (CrmPracticeServer  *self,
                                                             guint               status,
                                                             const char         *content_type,
                                                             const char         *body,
                                                             const char         *action,
                                                             guint               times);
void               crm_practice_server_clear_faults         (CrmPracticeServer  *self);

void               crm_practice_server_set_status_mode      (CrmPracticeServer  *self,
                                                             gboolean            own_status);
void               crm_practice_server_set_clock_offset     (CrmPracticeServer  *self,
                                                             gint64              seconds);
void               crm_practice_server_set_credentials      (CrmPracticeServer  *self,
                                                             const char         *key,
                                                             const char         *secret);
void               crm_practice_server_set_max_per_page     (CrmPracticeServer  *self,
                                                             guint               rows);
void               crm_practice_server_set_ignore_filters   (CrmPracticeServer  *self,
                                                             gboolean            ignore);
void               crm_practice_server_set_visibility_delay (CrmPracticeServer  *self,
                                                             guint               requests,
                                                             guint               milliseconds);
void               crm_practice_server_set_batch_pace       (CrmPracticeServer  *self,
                                                             guint               before,
                                                             guint               each);
void               crm_practice_server_forget_batches       (CrmPracticeServer  *self);
gboolean           crm_practice_server_set_option           (CrmPracticeServer  *self,
                                                             const char         *line,
                                                             GError            **error);

void               crm_practice_server_set_furnished        (CrmPracticeServer  *self,
                                                             gboolean            furnished);
gint64             crm_practice_server_colleague_edit       (CrmPracticeServer  *self,
                                                             const char         *changes);
gboolean           crm_practice_server_colleague_delete     (CrmPracticeServer  *self,
                                                             gint64              id);

guint              crm_practice_server_count_tasks          (CrmPracticeServer  *self);
char              *crm_practice_server_dup_task             (CrmPracticeServer  *self,
                                                             gint64              id);
char              *crm_practice_server_dup_tasks            (CrmPracticeServer  *self);
GPtrArray         *crm_practice_server_get_requests         (CrmPracticeServer  *self);
char              *crm_practice_server_dup_requests         (CrmPracticeServer  *self);
guint              crm_practice_server_count_requests       (CrmPracticeServer  *self,
                                                             const char         *target);
void               crm_practice_server_clear_requests       (CrmPracticeServer  *self);
guint              crm_practice_server_get_in_flight        (CrmPracticeServer  *self);
guint              crm_practice_server_get_peak_in_flight   (CrmPracticeServer  *self);

G_END_DECLS

/* sync-bench.h: a real store, a real service and a practice CRM, side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "practice/crm-practice-server.h"
#include "store/crm-outbox.h"
#include "sync/crm-sync-service.h"

G_BEGIN_DECLS

#define ADD_OR_UPDATE "/api/1.0/crm?action=addOrUpdateTask"
#define TASK_LIST "/api/1.0/crm?action=getTaskList"
#define PING "/api/1.0/test?action=ping"
#define DUE "2026-12-01 17:00:00"

/* A task as it was when an answer to it was stored. */
typedef struct
{
  gint64          local_id;
  CrmAnswerClass  klass;
  gboolean        already_there;
  CrmTask        *task; /* NULL: it is gone */
  int             pause_class;
} BenchRecord;

typedef struct
{
  CrmPracticeServer *server;
  CrmAccount        *account;
  CrmStore          *store;
  CrmClock          *clock;
  CrmSyncService    *service;
  char              *folder;
  GPtrArray         *records; /* of BenchRecord */
  GArray            *pauses;  /* int: each class the queue was paused for, in order */
  guint              watchdog;
  gint64             deadline;
} Bench;

#define BENCH_TYPE_CLOCK (bench_clock_get_type ())
G_DECLARE_FINAL_TYPE (BenchClock, bench_clock, BENCH, CLOCK, CrmClock)

CrmClock       *bench_clock_new       (CrmPracticeServer  *server);
gint64          bench_clock_get_jump  (BenchClock         *self);
void            bench_clock_set_ahead (BenchClock         *self,
                                       gint64              seconds);

void            bench_on_ready        (GObject            *source,
                                       GAsyncResult       *result,
                                       gpointer            user_data);

Bench          *bench_new             (void);
void            bench_free            (Bench              *self);
void            bench_start           (Bench              *self);
void            bench_start_with      (Bench              *self,
                                       CrmTransport       *transport);
void            bench_stop            (Bench              *self);
void            bench_watch           (Bench              *self,
                                       CrmSyncService     *service);
CrmStore       *bench_open_store      (Bench              *self);
void            bench_fault           (Bench              *self,
                                       const char         *spec);
void            bench_begin_wait      (Bench              *self);
void            bench_iterate         (Bench              *self,
                                       const char         *what,
                                       const char         *where);
gint64          bench_add             (Bench              *self,
                                       const char         *name);
gint64          bench_add_values      (Bench              *self,
                                       const CrmValues    *values,
                                       CrmFieldMask        touched,
                                       gint64              crm_id);
gint64          bench_add_synced      (Bench              *self,
                                       const char         *name);
void            bench_edit            (Bench              *self,
                                       gint64              local_id,
                                       CrmFieldId          field,
                                       const char         *text);
CrmTask        *bench_apply           (Bench              *self,
                                       gint64              local_id,
                                       CrmAction           action,
                                       GError            **error);
CrmTask        *bench_read            (Bench              *self,
                                       gint64              local_id);
gboolean        bench_is              (Bench              *self,
                                       gint64              local_id,
                                       CrmSyncState        state);
gboolean        bench_is_gone         (Bench              *self,
                                       gint64              local_id);
char           *bench_get_history     (Bench              *self,
                                       gint64              local_id);
gint64          bench_count           (Bench              *self,
                                       CrmSyncState        state);
BenchRecord    *bench_find_record     (Bench              *self,
                                       gint64              local_id);
gboolean        bench_was_paused_for  (Bench              *self,
                                       int                 klass);
guint           bench_count_sends     (Bench              *self,
                                       const char         *name);
guint           bench_count_there     (Bench              *self,
                                       const char         *name);
JsonObject     *bench_get_there       (Bench              *self,
                                       gint64              crm_id);

/* Runs the main loop until @condition holds; a test that would wait for ever is ended. */
#define bench_wait(self, condition)                      \
  G_STMT_START                                           \
  {                                                      \
    bench_begin_wait (self);                             \
    while (!(condition))                                 \
      bench_iterate (self, #condition, G_STRLOC);        \
  }                                                      \
  G_STMT_END

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

G_END_DECLS

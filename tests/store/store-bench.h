/* store-bench.h: a store on a file of its own, waited for where the tests need it at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-outbox.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

char       *bench_make_folder   (void);
void        bench_remove_folder (const char         *folder);
CrmStore   *bench_open          (const char         *folder);
CrmStore   *bench_try_open      (const char         *folder,
                                 GError            **error);
void        bench_exec          (const char         *folder,
                                 const char         *sql);
gint64      bench_ask           (const char         *folder,
                                 const char         *sql);

CrmTask    *bench_add           (CrmStore           *store,
                                 const char         *name,
                                 gboolean            draft);
CrmTask    *bench_add_known     (CrmStore           *store,
                                 gint64              crm_id,
                                 const char         *name,
                                 GError            **error);
CrmTask    *bench_rename        (CrmStore           *store,
                                 gint64              local_id,
                                 const char         *name);
CrmTask    *bench_apply         (CrmStore           *store,
                                 gint64              local_id,
                                 CrmAction           action,
                                 CrmUndo           **undo,
                                 GError            **error);
CrmTask    *bench_settle        (CrmStore           *store,
                                 gint64              local_id,
                                 gint64              crm_id,
                                 GError            **error);
CrmTask    *bench_undo          (CrmStore           *store,
                                 CrmUndo            *undo,
                                 GError            **error);
CrmTask    *bench_read          (CrmStore           *store,
                                 gint64              local_id);
const char *bench_name          (CrmTask            *task);

GPtrArray  *bench_claim         (CrmStore           *store,
                                 guint               most,
                                 gint64              now,
                                 gint64             *next_due);
CrmClaim   *bench_claim_one     (CrmStore           *store);
CrmEntryFate bench_record       (CrmStore           *store,
                                 const CrmClaim     *claim,
                                 CrmAnswerClass      klass,
                                 gint64              crm_id);
CrmEntryFate bench_record_problem (CrmStore         *store,
                                   const CrmClaim   *claim,
                                   CrmProblem       *problem,
                                   gint64            crm_id,
                                   gint64            next_attempt);
void        bench_recover       (CrmStore           *store,
                                 gint64              now);
void        bench_save_state    (CrmStore           *store,
                                 const CrmQueueState *state);
GPtrArray  *bench_unsettled     (CrmStore           *store);
CrmEntryFate bench_adopt        (CrmStore           *store,
                                 gint64              local_id,
                                 gint64              crm_id);
CrmEntryFate bench_release      (CrmStore           *store,
                                 gint64              local_id);

/* A task that the CRM has as `crm_id`. */
CrmTask    *bench_add_sent      (CrmStore           *store,
                                 const char         *name,
                                 gint64              crm_id);

#define bench_assert_state(task, wanted) \
  g_assert_cmpstr (crm_sync_state_get_nick (crm_task_get_state (task)), ==, crm_sync_state_get_nick (wanted))

G_END_DECLS

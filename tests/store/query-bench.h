/* query-bench.h: a database of tasks of every kind, and all the ways in which the app asks for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store-bench.h"

#include "store/crm-task-query.h"

G_BEGIN_DECLS

/* Every order there is: those of CrmTaskSort, of which the last has one a field. */
#define BENCH_N_SORTS (CRM_SORT_FIELD + CRM_N_FIELDS)

/* A code that is a specificCode of some problems and an errorCode of others. */
#define BENCH_CODE 24392

/* Filters without an order. */
typedef struct
{
  const char   *name;
  CrmTaskQuery *query;
} BenchPlace;

extern const char *const bench_searches[];
extern const guint       bench_n_searches;

void       bench_fill       (const char        *folder,
                             guint              n_tasks,
                             guint32            seed);
/* Of BenchPlace: the window's, and others. */
GPtrArray *bench_places     (void);
void       bench_set_sort   (CrmTaskQuery      *query,
                             guint              sort);
GArray    *bench_query      (CrmStore          *store,
                             const CrmTaskQuery *query);
gint64     bench_count      (CrmStore          *store,
                             const CrmTaskQuery *query);

G_END_DECLS

/* bench-home.h: where a measured program keeps its tasks, and its store, waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

void           bench_home_use        (const char    *home);
char          *bench_home_get_folder (void);

CrmStore      *bench_home_open       (const char    *folder);
GArray        *bench_home_query      (CrmStore           *store,
                                      const CrmTaskQuery *query);

/* For one call at a time: bench_ready() is its callback, and its user_data a place for the result. */
void           bench_ready           (GObject       *source,
                                      GAsyncResult  *result,
                                      gpointer       user_data);
GAsyncResult  *bench_wait            (GAsyncResult **result);

G_END_DECLS

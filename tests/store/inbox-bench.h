/* inbox-bench.h: pages of a CRM, stored and waited for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store-bench.h"

#include "store/crm-inbox.h"

G_BEGIN_DECLS

/* Of "name=A|leadId=5|priority=": JSON keys with values; the last of a key counts, one without a value is cleared. */
CrmValues   *bench_values          (const char    *text,
                                    CrmFieldMask  *touched);

CrmPage     *bench_page_new        (gint64         total,
                                    gboolean       of_tasks);
void         bench_page_add_task   (CrmPage       *page,
                                    gint64         id,
                                    const char    *text);
CrmRecord   *bench_page_add_record (CrmPage       *page,
                                    CrmRecordKind  kind,
                                    gint64         id,
                                    const char    *name);

CrmStep     *bench_begin           (CrmStore      *store,
                                    CrmList        list,
                                    CrmRunKind     kind,
                                    gint64         crm_now);
CrmStep     *bench_store_page      (CrmStore      *store,
                                    const CrmStep *step,
                                    CrmPage       *page,
                                    guint         *changed);
CrmStep     *bench_conclude        (CrmStore      *store,
                                    const CrmStep *step);
CrmStep     *bench_refuse          (CrmStore      *store,
                                    CrmList        list);

/* A run of `list` that comes through in one page; takes `page`. Returns how many tasks or records changed. */
guint        bench_pull            (CrmStore      *store,
                                    CrmList        list,
                                    CrmRunKind     kind,
                                    CrmPage       *page);
guint        bench_pull_task       (CrmStore      *store,
                                    gint64         crm_id,
                                    const char    *text);

CrmTask     *bench_edit            (CrmStore      *store,
                                    gint64         local_id,
                                    const char    *text,
                                    CrmEditMode    mode);
CrmTask     *bench_choose          (CrmStore      *store,
                                    gint64         local_id,
                                    gint64         revision,
                                    CrmFieldMask   theirs,
                                    GError       **error);
gint64       bench_find            (const char    *folder,
                                    gint64         crm_id);

#define bench_assert_step(step, wanted) g_assert_cmpint ((step)->kind, ==, wanted)

G_END_DECLS

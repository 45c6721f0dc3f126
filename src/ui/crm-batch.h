/* crm-batch.h: how far the sending of many tasks is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zero: nothing waits. */
typedef struct
{
  gint64 total;   /* that waited together */
  gint64 waiting;
  gint64 begun;   /* microseconds of a clock that doesn't jump */
} CrmBatch;

void     crm_batch_update       (CrmBatch       *self,
                                 gint64          waiting,
                                 gint64          now);
gboolean crm_batch_is_worth     (const CrmBatch *self);
double   crm_batch_get_fraction (const CrmBatch *self);
char    *crm_batch_get_words    (const CrmBatch *self,
                                 gint64          now);

G_END_DECLS

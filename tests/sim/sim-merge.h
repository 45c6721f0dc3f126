/* sim-merge.h: worlds in which a second person edits on the CRM, and the app pulls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim.h"

G_BEGIN_DECLS

void  sim_merge_written      (SimWorld        *world,
                              const SimCrmTask *task,
                              const CrmValues *sent,
                              CrmFieldMask     mask,
                              const SimSend   *send);
void  sim_merge_after_commit (SimWorld        *world);
char *sim_merge_run          (guint64          seed,
                              SimPlant         plant,
                              const char      *folder,
                              gboolean         verbose,
                              gboolean        *planted,
                              char           **story);

G_END_DECLS

/* sim-merge.h: worlds in which a second person edits on the CRM, and the app pulls
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim.h"

G_BEGIN_DECLS

/* Those that are tried; of the owners the lead stands for all. */
static const CrmFieldId sim_merge_fields[] = {
  CRM_FIELD_NAME, CRM_FIELD_END_DATETIME, CRM_FIELD_LEAD, CRM_FIELD_ASSIGNED_USER, CRM_FIELD_DESCRIPTION,
};

struct _SimMerge
{
  guint       last_value;   /* counts what was written, so that no two are the same */
  guint       serial;       /* counts commits */
  GHashTable *known;        /* "crm id/field/value" → the commit since which the CRM's value is known here */
  GHashTable *written;      /* value → the commit that saved what the person wrote */
  GHashTable *chosen;       /* "local id/field" → the commit that ended a conflict by the person's word */
  GHashTable *choosing;     /* local id → fields in which the CRM's values were chosen, plus 1 << 31 */
  GHashTable *applied;      /* values that the CRM ever got of the app */
  GHashTable *given_up;     /* values of the person's that the CRM's were chosen over */
  GHashTable *last;         /* "local id/field" → the value in the row */
  GHashTable *past;         /* "local id/field/value": that were there before */
  GHashTable *rows;         /* crm ids that have a row */
  GHashTable *conflicts;    /* local id → the mask */
  GHashTable *attempts;     /* attempt id → the commit of its claim */
  GHashTable *discarded;    /* local ids */
  GHashTable *as_new;       /* local id → how often it was sent as a new task */
  gint64      last_attempt;
};
SimMerge *sim_merge_new            (void);
void  sim_merge_free         (SimMerge        *self);
void  sim_merge_invent       (SimWorld        *world,
                              CrmValues       *values,
                              CrmFieldId       field,
                              gboolean         here);
gboolean sim_merge_is_written_here (const char *value);
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

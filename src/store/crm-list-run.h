/* crm-list-run.h: how far the reading of one of the CRM's lists is, durable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-connection.h"
#include "store/crm-inbox.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_PHASE_IDLE,
  CRM_PHASE_READING,
  CRM_PHASE_CONCLUDING,
} CrmPhase;

/* A row of `pull`; sql/004.sql says what each means. */
typedef struct
{
  CrmList  list;
  gboolean refused;
  gint64   since;
  gint64   swept_at;
  gint64   ended_at;
  gint64   size;
  gint64   serial;
  CrmPhase phase;
  gint64   run_from;
  gint64   begun;
  gint64   position;
  gint64   last_id;
  gint64   seen;
  gint64   total;
  gint64   pages;
  gboolean unsteady;
  gboolean kept_back;
} CrmListRun;

gboolean  crm_list_run_load    (CrmListRun       *self,
                                CrmList           list,
                                CrmConnection    *connection,
                                GError          **error);
gboolean  crm_list_run_save    (const CrmListRun *self,
                                CrmConnection    *connection,
                                GError          **error);
gboolean  crm_list_run_begin   (CrmListRun       *self,
                                CrmRunKind        kind,
                                gint64            crm_now,
                                CrmConnection    *connection,
                                GError          **error);
gboolean  crm_list_run_take_ids (CrmListRun      *self,
                                 const gint64    *ids,
                                 guint            n_ids,
                                 gint64           total,
                                 gint64           now,
                                 CrmConnection   *connection,
                                 GError         **error);
gboolean  crm_list_run_has_seen (const CrmListRun *self,
                                 gint64            id,
                                 gboolean         *seen,
                                 CrmConnection    *connection,
                                 GError          **error);
gboolean  crm_list_run_end     (CrmListRun       *self,
                                gint64            now,
                                CrmConnection    *connection,
                                GError          **error);
CrmStep  *crm_list_run_to_step (const CrmListRun *self,
                                CrmConnection    *connection,
                                GError          **error);

G_END_DECLS

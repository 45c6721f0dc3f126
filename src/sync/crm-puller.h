/* crm-puller.h: brings what the CRM has: tasks, and whom and what they name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"
#include "api/crm-transport.h"
#include "store/crm-inbox.h"
#include "sync/crm-clock.h"

G_BEGIN_DECLS

#define CRM_TYPE_PULLER (crm_puller_get_type ())

G_DECLARE_FINAL_TYPE (CrmPuller, crm_puller, CRM, PULLER, GObject)

/* Signals, on the main thread:
 *   "changed": it began or ended, or went on to another page
 *   "finished" (string trouble): a pull is over; trouble: why it could not be had to its end, in words, else NULL */

/* How far a pull is. */
typedef struct
{
  gboolean active;
  CrmList  list;
  gint64   done;    /* rows of that list */
  gint64   total;   /* -1: not known yet */
  guint    changed; /* tasks and records that were new or other than before, in the whole pull */
} CrmPullProgress;

CrmPuller  *crm_puller_new          (CrmStore        *store,
                                     CrmAccount      *account,
                                     CrmTransport    *transport,
                                     CrmClock        *clock);
void        crm_puller_start        (CrmPuller       *self);
void        crm_puller_stop         (CrmPuller       *self);
void        crm_puller_pull         (CrmPuller       *self,
                                     gboolean         full);
void        crm_puller_set_held     (CrmPuller       *self,
                                     gboolean         held);
void        crm_puller_set_interval (CrmPuller       *self,
                                     guint            seconds);
void        crm_puller_get_progress (CrmPuller       *self,
                                     CrmPullProgress *progress);
const char *crm_puller_get_trouble  (CrmPuller       *self);
gint64      crm_puller_get_last     (CrmPuller       *self);

G_END_DECLS

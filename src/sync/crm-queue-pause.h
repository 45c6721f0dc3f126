/* crm-queue-pause.h: trouble that hits everyone, and finding out when it is over
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-api-client.h"
#include "store/crm-store.h"
#include "sync/crm-clock.h"

G_BEGIN_DECLS

#define CRM_TYPE_QUEUE_PAUSE (crm_queue_pause_get_type ())

G_DECLARE_FINAL_TYPE (CrmQueuePause, crm_queue_pause, CRM, QUEUE_PAUSE, GObject)

/* Signals:
 *   "changed": class, words or the count of failed probes changed
 *   "probed" (gboolean well): a ping was answered
 *   "over": the queue may go on */

CrmQueuePause *crm_queue_pause_new               (CrmStore          *store,
                                                  CrmApiClient      *client,
                                                  CrmClock          *clock);
gboolean       crm_queue_pause_load              (CrmQueuePause     *self,
                                                  GError           **error);
void           crm_queue_pause_stop              (CrmQueuePause     *self);
gboolean       crm_queue_pause_is_saving         (CrmQueuePause     *self);
void           crm_queue_pause_begin             (CrmQueuePause     *self,
                                                  CrmAnswerClass     klass,
                                                  const CrmAnswer   *answer);
void           crm_queue_pause_hold              (CrmQueuePause     *self,
                                                  CrmAnswerClass     klass,
                                                  gint64             retry_after);
void           crm_queue_pause_probe             (CrmQueuePause     *self);
void           crm_queue_pause_note_well         (CrmQueuePause     *self);
void           crm_queue_pause_note_accepted     (CrmQueuePause     *self);
gboolean       crm_queue_pause_note_clock        (CrmQueuePause     *self,
                                                  gint64             signed_with,
                                                  const CrmAnswer   *answer);
gboolean       crm_queue_pause_is_on             (CrmQueuePause     *self);
gboolean       crm_queue_pause_is_probing        (CrmQueuePause     *self);
int            crm_queue_pause_get_class         (CrmQueuePause     *self);
const char    *crm_queue_pause_get_words         (CrmQueuePause     *self);
guint          crm_queue_pause_get_failed_probes (CrmQueuePause     *self);
gint64         crm_queue_pause_get_resume_at     (CrmQueuePause     *self);
gint64         crm_queue_pause_get_clock_offset  (CrmQueuePause     *self);
gint64         crm_queue_pause_get_last_sync     (CrmQueuePause     *self);

G_END_DECLS

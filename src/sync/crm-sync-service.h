/* crm-sync-service.h: sends what waits in the outbox
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-account.h"
#include "api/crm-transport.h"
#include "store/crm-store.h"
#include "sync/crm-clock.h"
#include "sync/crm-puller.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_SYNC_ACTIVITY_STOPPED,
  CRM_SYNC_ACTIVITY_IDLE,     /* nothing is due */
  CRM_SYNC_ACTIVITY_BUSY,     /* requests are under way */
  CRM_SYNC_ACTIVITY_PAUSED,   /* trouble that hits everyone: see pause-class and pause-words */
  CRM_SYNC_ACTIVITY_HELD,     /* by a person */
  CRM_SYNC_ACTIVITY_WATCHING, /* another process sends; it is watched */
} CrmSyncActivity;

#define CRM_TYPE_SYNC_ACTIVITY (crm_sync_activity_get_type ())
GType crm_sync_activity_get_type (void) G_GNUC_CONST;

#define CRM_TYPE_SYNC_SERVICE (crm_sync_service_get_type ())

G_DECLARE_FINAL_TYPE (CrmSyncService, crm_sync_service, CRM, SYNC_SERVICE, GObject)

/* Properties, all read-only and notified on the main thread:
 *   activity     CrmSyncActivity
 *   pause-class  int, a CrmAnswerClass; -1 when it isn't paused. NOT_SENT means offline.
 *   pause-words  string, for people; NULL when it isn't paused
 *   failed-probes  uint, since the pause began
 *   in-flight    uint, requests under way
 *   last-sync    int64, when the CRM last accepted or rejected something or answered a ping; µs since 1970, UTC; 0: never
 *   next-wake    int64, when the next thing is due; µs since 1970, UTC; 0: nothing is
 * Signal "recorded" (gint64 local_id, int class, gboolean already_there): an answer is stored; already_there: of a task
 * that was to be discarded, but the CRM has it. */

void             crm_sync_service_prepare         (void);
CrmSyncService  *crm_sync_service_new             (CrmStore             *store,
                                                   CrmAccount           *account,
                                                   CrmTransport         *transport,
                                                   CrmClock             *clock);
void             crm_sync_service_start           (CrmSyncService       *self);
void             crm_sync_service_stop_async      (CrmSyncService       *self,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
gboolean         crm_sync_service_stop_finish     (CrmSyncService       *self,
                                                   GAsyncResult         *result,
                                                   GError              **error);
void             crm_sync_service_sync_now        (CrmSyncService       *self);
void             crm_sync_service_set_settling    (CrmSyncService       *self,
                                                   guint                 seconds);
void             crm_sync_service_set_window      (CrmSyncService       *self,
                                                   guint                 window);
gboolean         crm_sync_service_is_settling     (CrmSyncService       *self);
CrmSyncActivity  crm_sync_service_get_activity    (CrmSyncService       *self);
int              crm_sync_service_get_pause_class (CrmSyncService       *self);
const char      *crm_sync_service_get_pause_words (CrmSyncService       *self);
guint            crm_sync_service_get_failed_probes (CrmSyncService     *self);
guint            crm_sync_service_get_in_flight   (CrmSyncService       *self);
gint64           crm_sync_service_get_last_sync   (CrmSyncService       *self);
gint64           crm_sync_service_get_next_wake   (CrmSyncService       *self);
void             crm_sync_service_set_held          (CrmSyncService       *self,
                                                     gboolean              held);
gboolean         crm_sync_service_get_held          (CrmSyncService       *self);
CrmPuller       *crm_sync_service_get_puller         (CrmSyncService      *self);
const char      *crm_sync_service_get_local_trouble (CrmSyncService      *self);

G_END_DECLS

/* crm-attempt-log.h: the requests made for a task, in the database
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-entry.h"

G_BEGIN_DECLS

gboolean   crm_attempt_log_begin         (CrmConnection    *connection,
                                          const CrmRow     *row,
                                          const char       *body,
                                          gint64            signed_at,
                                          gint64            now,
                                          gint64           *attempt_id,
                                          GError          **error);
gboolean   crm_attempt_log_finish        (CrmConnection    *connection,
                                          gint64            attempt_id,
                                          const CrmOutcome *outcome,
                                          GError          **error);
gboolean   crm_attempt_log_forget_raw    (CrmConnection    *connection,
                                          gint64            local_id,
                                          GError          **error);
gboolean   crm_attempt_log_forget_old    (CrmConnection    *connection,
                                          gint64            before,
                                          GError          **error);
gboolean   crm_attempt_log_read_bodies   (CrmConnection    *connection,
                                          gint64            local_id,
                                          GPtrArray        *sent,
                                          GError          **error);
CrmSent   *crm_attempt_log_read_sent     (CrmConnection    *connection,
                                          gint64            attempt_id,
                                          GError          **error);
GPtrArray *crm_attempt_log_read_doubtful (CrmConnection    *connection,
                                          const CrmRow     *row,
                                          gint64           *first_signed_at,
                                          gint64           *last_signed_at,
                                          GError          **error);
gboolean   crm_attempt_log_read_last_add (CrmConnection    *connection,
                                          gint64            local_id,
                                          gint64           *attempt_id,
                                          gboolean         *unanswered,
                                          GError          **error);
gboolean   crm_attempt_log_is_batched    (CrmConnection    *connection,
                                          gint64            attempt_id,
                                          gboolean         *batched,
                                          GError          **error);
GPtrArray *crm_attempt_log_read          (CrmConnection    *connection,
                                          gint64            local_id,
                                          GError          **error);
gboolean   crm_attempt_log_restore       (CrmConnection    *connection,
                                          const CrmRow     *row,
                                          GPtrArray        *attempts,
                                          GError          **error);

G_END_DECLS

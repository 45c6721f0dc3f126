/* crm-practice-host.h: one practice CRM for all programs that use a folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "practice/crm-practice-server.h"

G_BEGIN_DECLS

#define CRM_PRACTICE_TYPE_HOST (crm_practice_host_get_type ())
G_DECLARE_FINAL_TYPE (CrmPracticeHost, crm_practice_host, CRM_PRACTICE, HOST, GObject)

CrmPracticeHost   *crm_practice_host_new         (const char       *folder);
gboolean           crm_practice_host_start       (CrmPracticeHost  *self,
                                                  GError          **error);
void               crm_practice_host_stop        (CrmPracticeHost  *self);
const char        *crm_practice_host_get_address (CrmPracticeHost  *self);
CrmPracticeServer *crm_practice_host_get_server  (CrmPracticeHost  *self);

G_END_DECLS

/* crm-schema.h: brings a database to the form this version knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-connection.h"

G_BEGIN_DECLS

gboolean crm_schema_migrate  (CrmConnection  *connection,
                              GError        **error);
gboolean crm_schema_renew_id (CrmConnection  *connection,
                              GError        **error);

G_END_DECLS

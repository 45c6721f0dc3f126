/* crm-cli-sign-in.h: getting ready to talk to the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cli/crm-cli.h"

G_BEGIN_DECLS

gboolean crm_cli_sign_in (CrmCli  *self,
                          GError **error);

G_END_DECLS

/* crm-pull-list.h: the CRM's lists, as they are asked for and answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "store/crm-inbox.h"

G_BEGIN_DECLS

const char *crm_pull_list_get_trouble (CrmList        list);
const char *crm_pull_list_get_target  (CrmList        list);
char       *crm_pull_list_write_body  (CrmList        list,
                                       gint64         from,
                                       gint64         position);
CrmPage    *crm_pull_list_read_page   (CrmList        list,
                                       JsonNode      *root);

G_END_DECLS

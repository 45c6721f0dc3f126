/* crm-json-guard.h: JSON from strangers made fit for json-glib, and its own made fit for them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CRM_JSON_MAX_DEPTH 100

JsonNode *crm_json_guard_parse (GBytes   *bytes);
char     *crm_json_guard_write (JsonNode *root,
                                gboolean  pretty);

G_END_DECLS

/* crm-practice-json.h: strict reading of JSON that came from outside
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *crm_practice_json_parse (const char *text,
                                   gsize       length);
char     *crm_practice_json_print (JsonNode   *node);

G_END_DECLS

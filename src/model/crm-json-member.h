/* crm-json-member.h: members of a JSON object that may have no value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

void crm_json_member_int  (JsonBuilder *builder,
                           const char  *key,
                           gint64       value,
                           gboolean     is_set);
void crm_json_member_text (JsonBuilder *builder,
                           const char  *key,
                           const char  *value);
void crm_json_member_time (JsonBuilder *builder,
                           const char  *key,
                           gint64       microseconds);

G_END_DECLS

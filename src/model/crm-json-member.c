/* crm-json-member.c: members of a JSON object that may have no value
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-json-member.h"

#include "model/crm-datetime.h"

/**
 * crm_json_member_int:
 * @builder: inside an object
 * @key: a key
 * @value: its value
 * @is_set: whether it has one; otherwise it is `null`
 */
void
crm_json_member_int (JsonBuilder *builder,
                     const char  *key,
                     gint64       value,
                     gboolean     is_set)
{
  json_builder_set_member_name (builder, key);
  if (is_set)
    json_builder_add_int_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * crm_json_member_text:
 * @builder: inside an object
 * @key: a key
 * @value: (nullable): its value
 */
void
crm_json_member_text (JsonBuilder *builder,
                      const char  *key,
                      const char  *value)
{
  json_builder_set_member_name (builder, key);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * crm_json_member_time:
 * @builder: inside an object
 * @key: a key
 * @microseconds: since 1970, UTC; 0: `null`
 */
void
crm_json_member_time (JsonBuilder *builder,
                      const char  *key,
                      gint64       microseconds)
{
  g_autofree char *utc = microseconds != 0 ? crm_datetime_to_utc (microseconds / G_TIME_SPAN_SECOND) : NULL;

  crm_json_member_text (builder, key, utc);
}

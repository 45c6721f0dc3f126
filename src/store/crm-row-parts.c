/* crm-row-parts.c: what is written beside a task's row, or into one column of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-row.h"

#include "model/crm-json-guard.h"

#include <string.h>

/**
 * crm_row_count_moves:
 * @moves: (inout): what was moved; nothing is left of it
 * @connection: a connection in the same transaction
 * @error: why it could not be written
 *
 * Returns: whether it is counted
 */
gboolean
crm_row_count_moves (CrmStateMoves  *moves,
                     CrmConnection  *connection,
                     GError        **error)
{
  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    {
      g_autoptr (CrmStatement) statement = NULL;

      if (moves->n[i] == 0)
        continue;

      statement = crm_connection_prepare (connection, "UPDATE state_count SET n = n + ?2 WHERE state = ?1", error);
      if (statement == NULL)
        return FALSE;
      crm_statement_bind_text (statement, 1, crm_sync_state_get_nick (i));
      crm_statement_bind_int (statement, 2, moves->n[i]);
      if (!crm_statement_run (statement, error))
        return FALSE;
      moves->n[i] = 0;
    }

  return TRUE;
}

/**
 * crm_row_join_messages:
 * @messages: (nullable): texts
 *
 * Returns: (transfer full) (nullable): a JSON array of them; %NULL of none
 */
char *
crm_row_join_messages (GStrv messages)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *array;

  if (messages == NULL || messages[0] == NULL)
    return NULL;

  array = json_array_new ();
  for (guint i = 0; messages[i] != NULL; i++)
    json_array_add_string_element (array, messages[i]);

  root = json_node_init_array (json_node_alloc (), array);
  json_array_unref (array);

  return crm_json_guard_write (root, FALSE);
}

/**
 * crm_row_split_messages:
 * @joined: (nullable): what crm_row_join_messages() made
 *
 * Returns: (transfer full) (nullable): the texts; %NULL of none
 */
GStrv
crm_row_split_messages (const char *joined)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GBytes) bytes = joined != NULL ? g_bytes_new_static (joined, strlen (joined)) : NULL;
  g_autoptr (JsonNode) root = bytes != NULL ? crm_json_guard_parse (bytes) : NULL;
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return NULL;

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *text = json_array_get_element (array, i);

      if (json_node_get_value_type (text) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (text));
    }

  return g_strv_builder_end (builder);
}

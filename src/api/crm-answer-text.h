/* crm-answer-text.h: a server's words and headers, made fit to keep and show
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char    *crm_answer_text_from_node      (JsonNode   *node);
GStrv    crm_answer_text_from_list      (JsonNode   *node);
char    *crm_answer_text_raw            (GBytes     *body);
gint64   crm_answer_text_date           (const char *header);
gint64   crm_answer_text_retry_after    (const char *header,
                                         gint64      now);
gboolean crm_answer_text_declares_json  (const char *content_type);

G_END_DECLS

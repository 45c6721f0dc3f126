/* crm-remote-task.h: a task as the CRM lists it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "store/crm-entry.h"

G_BEGIN_DECLS

/* A row of getTaskList (API.md §3), in our terms. */
typedef struct
{
  gint64     id;
  gint64     created;  /* seconds since 1970, UTC; 0: not said */
  gint64     modified; /* likewise */
  CrmValues *values;
} CrmRemoteTask;

CrmRemoteTask *crm_remote_task_parse      (JsonNode            *row);
void           crm_remote_task_free       (CrmRemoteTask       *self);
gboolean       crm_remote_task_is_sent    (const CrmRemoteTask *self,
                                           const CrmSent       *sent);
gboolean       crm_remote_task_resembles  (const CrmRemoteTask *self,
                                           const CrmValues     *values);
gboolean       crm_remote_task_read_number (JsonObject         *object,
                                            const char         *key,
                                            gint64             *number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmRemoteTask, crm_remote_task_free)

G_END_DECLS

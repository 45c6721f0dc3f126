/* crm-typed.h: text that was typed and is not saved yet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

typedef struct
{
  gint64   local_id; /* 0 or less: of a new task */
  char    *content;  /* as it was given */
  gboolean has_task; /* FALSE: the task is gone */
} CrmTyped;

void       crm_typed_keep_async  (CrmStore             *store,
                                  gint64                local_id,
                                  const char           *content,
                                  GAsyncReadyCallback   callback,
                                  gpointer              user_data);
gboolean   crm_typed_keep_finish (CrmStore             *store,
                                  GAsyncResult         *result,
                                  GError              **error);
GPtrArray *crm_typed_read        (CrmStore             *store,
                                  GError              **error);

G_END_DECLS

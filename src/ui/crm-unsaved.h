/* crm-unsaved.h: what was typed and not saved, task by task
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"
#include "ui/crm-typing.h"

G_BEGIN_DECLS

#define CRM_TYPE_UNSAVED (crm_unsaved_get_type ())

G_DECLARE_FINAL_TYPE (CrmUnsaved, crm_unsaved, CRM, UNSAVED, GObject)

/* Kept in the store, through closing and crash. A key is a task's local id; 0 or less: a new task that isn't saved yet. */

CrmUnsaved *crm_unsaved_new          (CrmStore            *store);
void        crm_unsaved_keep         (CrmUnsaved          *self,
                                      gint64               key,
                                      const CrmTyping     *typing,
                                      const CrmTyping     *base);
void        crm_unsaved_forget       (CrmUnsaved          *self,
                                      gint64               key);
gboolean    crm_unsaved_has          (CrmUnsaved          *self,
                                      gint64               key);
CrmTyping  *crm_unsaved_get          (CrmUnsaved          *self,
                                      gint64               key,
                                      const CrmTyping     *base);
gboolean    crm_unsaved_get_newest   (CrmUnsaved          *self,
                                      gint64              *key);
gint64      crm_unsaved_get_new_key  (CrmUnsaved          *self);
gint64      crm_unsaved_get_free_key (CrmUnsaved          *self,
                                      gint64               taken);
void        crm_unsaved_flush_async  (CrmUnsaved          *self,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
gboolean    crm_unsaved_flush_finish (CrmUnsaved          *self,
                                      GAsyncResult        *result,
                                      GError             **error);

G_END_DECLS

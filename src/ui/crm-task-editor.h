/* crm-task-editor.h: the pane in which a task is written
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_TASK_EDITOR (crm_task_editor_get_type ())

G_DECLARE_FINAL_TYPE (CrmTaskEditor, crm_task_editor, CRM, TASK_EDITOR, GtkWidget)

/* Properties: "store" (CrmStore), "local-id" (0: a new task or none), "open" (it shows a task), "unsaved",
 * "can-go-back".
 * Signals:
 *   closed     the person is done with the task
 *   resubmitted  a task that needed attention was corrected and goes to the CRM again
 *   for-code   (gint64 code, uint field) do the same for all tasks that the CRM refused so: set a field, or, with
 *              CRM_N_FIELDS, resubmit them
 *   said       (string words, CrmUndoStep *undo or NULL) something is done that is worth a word
 * Actions "editor.save", "editor.submit", "editor.discard", "editor.discard-surely", "editor.to-drafts", "editor.send-again",
 * "editor.resubmit-as-new", "editor.resubmit-code",
 * "editor.set-field-code", "editor.history", "editor.close". */

void     crm_task_editor_open_new    (CrmTaskEditor *self);
void     crm_task_editor_open        (CrmTaskEditor *self,
                                      gint64         local_id);
void     crm_task_editor_shut        (CrmTaskEditor *self);
void     crm_task_editor_take_focus  (CrmTaskEditor *self);
gint64   crm_task_editor_get_local_id (CrmTaskEditor *self);
gboolean crm_task_editor_is_open     (CrmTaskEditor *self);
gboolean crm_task_editor_open_unsaved (CrmTaskEditor *self);
void     crm_task_editor_flush_async (CrmTaskEditor       *self,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
gboolean crm_task_editor_flush_finish (CrmTaskEditor      *self,
                                       GAsyncResult       *result,
                                       GError            **error);

G_END_DECLS

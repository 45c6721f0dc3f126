/* crm-task-editor-private.h: what the files of the editor share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui/crm-merge-card.h"
#include "ui/crm-problem-card.h"
#include "ui/crm-settle-card.h"
#include "ui/crm-task-editor.h"
#include "ui/crm-task-form.h"
#include "ui/crm-undo-step.h"
#include "ui/crm-unsaved.h"

G_BEGIN_DECLS

/* One change asked of the store. */
typedef struct _CrmEditorChange CrmEditorChange;

struct _CrmTaskEditor
{
  GtkWidget        parent_instance;

  GtkWidget       *box;
  AdwHeaderBar    *header;
  AdwWindowTitle  *title;
  GtkScrolledWindow *scroller;
  CrmProblemCard  *problem_card;
  CrmSettleCard   *settle_card;
  CrmMergeCard    *merge_card;
  GtkWidget       *trouble;
  AdwActionRow    *trouble_row;
  GtkWidget       *surely_button;
  CrmTaskForm     *form;
  GtkWidget       *menu_button;
  GtkButton       *discard_button;
  GtkButton       *save_button;
  GtkButton       *submit_button;

  CrmStore        *store;
  gboolean         is_open;
  gint64           local_id; /* 0: a new one */
  gint64           key;      /* where what is typed is kept: the local id; of a new one 0 or less */
  CrmTask         *task;     /* NULL: a new one */
  CrmTyping       *base;     /* what the task holds */
  CrmUnsaved      *unsaved;
  guint            document; /* counts what was opened: an answer may come when another task is shown */
  guint            saving;
  CrmEditorChange *save;     /* of what is typed, under way; not owned */
  gboolean         has_unsaved;
  gboolean         can_go_back;
};

CrmSyncState crm_task_editor_get_state       (CrmTaskEditor  *self);
void         crm_task_editor_say             (CrmTaskEditor  *self,
                                              const char     *words,
                                              CrmUndoStep    *undo);
void         crm_task_editor_show_trouble    (CrmTaskEditor  *self,
                                              const char     *words);
void         crm_task_editor_update          (CrmTaskEditor  *self);
void         crm_task_editor_update_buttons  (CrmTaskEditor  *self);
void         crm_task_editor_set_document    (CrmTaskEditor  *self,
                                              gboolean        is_open,
                                              CrmTask        *task);
void         crm_task_editor_leave_save      (CrmTaskEditor  *self);
void         crm_task_editor_install_actions (GtkWidgetClass *widget_class);
void         crm_task_editor_chosen_cb       (CrmTaskEditor  *self,
                                              CrmFieldMask    theirs);
void         crm_task_editor_settled_cb      (CrmTaskEditor  *self,
                                              gint64          crm_id);

G_END_DECLS

/* crm-bulk-bar.h: what can be done with several tasks at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "ui/crm-task-view.h"

G_BEGIN_DECLS

#define CRM_TYPE_BULK_BAR (crm_bulk_bar_get_type ())

G_DECLARE_FINAL_TYPE (CrmBulkBar, crm_bulk_bar, CRM, BULK_BAR, GtkWidget)

/* Shows while several tasks are selected.
 * Signal: said (string words, CrmUndoStep *undo or NULL), something is done that is worth a word.
 * Actions "bulk.resubmit", "bulk.set-field", "bulk.to-drafts", "bulk.discard", "bulk.discard-surely", "bulk.clear". */

void crm_bulk_bar_set_view       (CrmBulkBar  *self,
                                  CrmTaskView *view);
void crm_bulk_bar_set_store      (CrmBulkBar  *self,
                                  CrmStore    *store);
void crm_bulk_bar_resubmit_code  (CrmBulkBar  *self,
                                  gint64       code);
void crm_bulk_bar_set_field_code (CrmBulkBar  *self,
                                  gint64       code,
                                  CrmFieldId   field);

G_END_DECLS

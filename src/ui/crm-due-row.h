/* crm-due-row.h: the row for a date and time, typed or picked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CRM_TYPE_DUE_ROW (crm_due_row_get_type ())

G_DECLARE_FINAL_TYPE (CrmDueRow, crm_due_row, CRM, DUE_ROW, AdwEntryRow)

char *crm_due_row_get_definite (CrmDueRow *self);

G_END_DECLS

/* crm-text-row.h: a row for text of several lines
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CRM_TYPE_TEXT_ROW (crm_text_row_get_type ())

G_DECLARE_FINAL_TYPE (CrmTextRow, crm_text_row, CRM, TEXT_ROW, AdwPreferencesRow)

char *crm_text_row_get_text (CrmTextRow *self);
void  crm_text_row_set_text (CrmTextRow *self,
                             const char *text);

G_END_DECLS

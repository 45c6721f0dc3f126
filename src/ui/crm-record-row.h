/* crm-record-row.h: a row in which somebody or something of the CRM is chosen by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "model/crm-record.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

#define CRM_TYPE_RECORD_ROW (crm_record_row_get_type ())

G_DECLARE_FINAL_TYPE (CrmRecordRow, crm_record_row, CRM, RECORD_ROW, AdwEntryRow)

/* Signal "chosen" (CrmRecord): the person took one from the list. "changed", of GtkEditable: the value may be another. */

void             crm_record_row_set_store   (CrmRecordRow  *self,
                                             CrmStore      *store);
void             crm_record_row_set_kind    (CrmRecordRow  *self,
                                             CrmRecordKind  kind);
void             crm_record_row_set_offered (CrmRecordRow  *self,
                                             const char    *ids);
void             crm_record_row_set_value   (CrmRecordRow  *self,
                                             const char    *value);
char            *crm_record_row_get_value   (CrmRecordRow  *self);
const CrmRecord *crm_record_row_get_record  (CrmRecordRow  *self);

G_END_DECLS

/* crm-import-map.h: which column of a file is which field
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-field.h"

G_BEGIN_DECLS

/* What a column is: a CrmFieldId, or one of these. */
#define CRM_IMPORT_COLUMN_IGNORED (-1)
#define CRM_IMPORT_COLUMN_CRM_ID (-2)

typedef struct
{
  char *header; /* as the file has it */
  int   target;
} CrmImportColumn;

typedef struct _CrmImportMap CrmImportMap;

CrmImportMap          *crm_import_map_new          (GStrv                headers);
void                   crm_import_map_free         (CrmImportMap        *self);
gboolean               crm_import_map_set          (CrmImportMap        *self,
                                                    const char          *header,
                                                    const char          *key,
                                                    GError             **error);
gboolean               crm_import_map_set_words    (CrmImportMap        *self,
                                                    const char          *words,
                                                    GError             **error);
void                   crm_import_map_recall       (CrmImportMap        *self,
                                                    const char          *path);
gboolean               crm_import_map_remember     (CrmImportMap        *self,
                                                    const char          *path,
                                                    GError             **error);
gboolean               crm_import_map_check        (CrmImportMap        *self,
                                                    GError             **error);
guint                  crm_import_map_get_n        (const CrmImportMap  *self);
const CrmImportColumn *crm_import_map_get          (const CrmImportMap  *self,
                                                    guint                column);
int                    crm_import_map_find         (const CrmImportMap  *self,
                                                    int                  target);
const char            *crm_import_column_get_key   (int                  target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmImportMap, crm_import_map_free)

G_END_DECLS

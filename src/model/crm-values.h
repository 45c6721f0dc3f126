/* crm-values.h: the values of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "model/crm-field.h"

G_BEGIN_DECLS

#define CRM_TYPE_VALUES (crm_values_get_type ())

/* Which fields hold a value, and what it is. Plain data: not thread-safe, copied where it is kept. */
typedef struct _CrmValues CrmValues;

GType        crm_values_get_type   (void) G_GNUC_CONST;
CrmValues   *crm_values_new        (void);
CrmValues   *crm_values_copy       (const CrmValues *self);
void         crm_values_free       (CrmValues       *self);

CrmFieldMask crm_values_get_mask   (const CrmValues *self);
gboolean     crm_values_has        (const CrmValues *self,
                                    CrmFieldId       field);
gint64       crm_values_get_number (const CrmValues *self,
                                    CrmFieldId       field);
const char  *crm_values_get_text   (const CrmValues *self,
                                    CrmFieldId       field);
void         crm_values_set_number (CrmValues       *self,
                                    CrmFieldId       field,
                                    gint64           number);
void         crm_values_set_text   (CrmValues       *self,
                                    CrmFieldId       field,
                                    const char      *text);
void         crm_values_clear      (CrmValues       *self,
                                    CrmFieldId       field);
void         crm_values_take_over  (CrmValues       *self,
                                    const CrmValues *other,
                                    CrmFieldMask     mask);
CrmFieldMask crm_values_compare    (const CrmValues *self,
                                    const CrmValues *other);
gboolean     crm_values_parse      (CrmValues       *self,
                                    CrmFieldId       field,
                                    const char      *input,
                                    GTimeZone       *zone,
                                    char           **note,
                                    GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmValues, crm_values_free)

G_END_DECLS

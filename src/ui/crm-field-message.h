/* crm-field-message.h: the words below a field
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CRM_TYPE_FIELD_MESSAGE (crm_field_message_get_type ())

G_DECLARE_FINAL_TYPE (CrmFieldMessage, crm_field_message, CRM, FIELD_MESSAGE, AdwPreferencesRow)

void        crm_field_message_set_note  (CrmFieldMessage *self,
                                         const char      *note);
void        crm_field_message_set_error (CrmFieldMessage *self,
                                         const char      *error);
const char *crm_field_message_get_error (CrmFieldMessage *self);

G_END_DECLS

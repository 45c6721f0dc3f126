/* crm-typing.h: what is typed in the editor, character for character
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-values.h"

G_BEGIN_DECLS

/* Who a task belongs to, so that a combination the CRM refuses (API.md §1) can't be entered. */
typedef enum
{
  CRM_OWNER_NOBODY, /* their numbers are kept in the database */
  CRM_OWNER_OPPORTUNITY,
  CRM_OWNER_LEAD,
  CRM_OWNER_CONTACT,
  CRM_OWNER_COMPANY,
  CRM_OWNER_COMPANY_CONTACT,
} CrmOwnerKind;

#define CRM_N_OWNER_KINDS (CRM_OWNER_COMPANY_CONTACT + 1)

/* A text per field, also of what makes no sense yet. Dates are local. */
typedef struct
{
  char         *texts[CRM_N_FIELDS]; /* never NULL */
  CrmOwnerKind  kind;
} CrmTyping;

CrmTyping    *crm_typing_new         (void);
CrmTyping    *crm_typing_from_values (const CrmValues  *values);
CrmTyping    *crm_typing_copy        (const CrmTyping  *self);
void          crm_typing_free        (CrmTyping        *self);
void          crm_typing_set         (CrmTyping        *self,
                                      CrmFieldId        field,
                                      const char       *text);
CrmFieldMask  crm_typing_compare     (const CrmTyping  *self,
                                      const CrmTyping  *other);
void          crm_typing_merge       (CrmTyping        *self,
                                      const CrmTyping  *before,
                                      const CrmTyping  *after);
char         *crm_typing_write       (const CrmTyping  *self,
                                      const CrmTyping  *base);
void          crm_typing_read        (CrmTyping        *self,
                                      const char       *content);
CrmFieldMask  crm_typing_parse       (const CrmTyping  *self,
                                      CrmFieldMask      mask,
                                      CrmValues        *values,
                                      char             *words[CRM_N_FIELDS]);
CrmFieldMask  crm_owner_kind_get_fields (CrmOwnerKind   kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmTyping, crm_typing_free)

G_END_DECLS

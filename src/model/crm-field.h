/* crm-field.h: the table of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  CRM_FIELD_NAME,
  CRM_FIELD_END_DATETIME,
  CRM_FIELD_VENUE,
  CRM_FIELD_LEAD,
  CRM_FIELD_CONTACT,
  CRM_FIELD_COMPANY,
  CRM_FIELD_PRIORITY,
  CRM_FIELD_ASSIGNED_USER,
  CRM_FIELD_STATUS,
  CRM_FIELD_DESCRIPTION,
  CRM_N_FIELDS
} CrmFieldId;

typedef enum
{
  CRM_FIELD_TYPE_TEXT,     /* free text */
  CRM_FIELD_TYPE_DATETIME, /* text, UTC, "Y-m-d H:i:s" */
  CRM_FIELD_TYPE_WORD,     /* text, one of `choices` */
  CRM_FIELD_TYPE_ID,       /* a positive integer that names something on the CRM */
  CRM_FIELD_TYPE_CHOICE,   /* an integer, the index of one of `choices` */
} CrmFieldType;

/* The CRM's numbers of a task's status (API.md §1) that mean something here. */
typedef enum
{
  CRM_STATUS_NOT_STARTED = 0,
  CRM_STATUS_CANCELLED = 3,
  CRM_STATUS_COMPLETED = 4,
} CrmStatus;

typedef guint CrmFieldMask;

#define CRM_FIELD_BIT(id) (1u << (id))
#define CRM_FIELDS_ALL ((1u << CRM_N_FIELDS) - 1)

/* Who a task belongs to is sent as one group (API.md §1). */
#define CRM_FIELDS_OWNER                                                                                  \
  (CRM_FIELD_BIT (CRM_FIELD_VENUE) | CRM_FIELD_BIT (CRM_FIELD_LEAD) | CRM_FIELD_BIT (CRM_FIELD_CONTACT) | \
   CRM_FIELD_BIT (CRM_FIELD_COMPANY))

typedef struct
{
  CrmFieldId          id;
  const char         *key;     /* the CRM's JSON key */
  const char         *column;  /* the database's column */
  const char         *option;  /* the command line's option, without dashes */
  const char         *label;   /* untranslated: see crm_field_get_label() */
  CrmFieldType        type;
  gboolean            required; /* on add */
  gint64              limit;    /* largest number, or most bytes of text */
  const char * const *choices;  /* of WORD and CHOICE: what the CRM calls them; NULL-terminated */
  const char * const *labels;   /* the same in words for people, untranslated */
} CrmField;

const CrmField *crm_field_get            (CrmFieldId   id);
const CrmField *crm_field_by_key         (const char  *key);
const char     *crm_field_get_label      (CrmFieldId   id);
const char     *crm_field_get_choice     (CrmFieldId   id,
                                          gint64       choice);
gboolean        crm_field_type_is_number (CrmFieldType type);
gboolean        crm_field_of_message     (const char  *message,
                                          CrmFieldId  *field,
                                          char       **words);

G_END_DECLS

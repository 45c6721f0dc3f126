/* crm-record.h: what a task names: a user, contact, company, lead, opportunity or venue of the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

#include "model/crm-values.h"

G_BEGIN_DECLS

/* Kept in databases: new ones go to the end. */
typedef enum
{
  CRM_RECORD_VENUE,
  CRM_RECORD_USER,
  CRM_RECORD_OPPORTUNITY,
  CRM_RECORD_LEAD,
  CRM_RECORD_COMPANY,
  CRM_RECORD_CONTACT,
} CrmRecordKind;

#define CRM_N_RECORD_KINDS (CRM_RECORD_CONTACT + 1)

#define CRM_TYPE_RECORD (crm_record_get_type ())

/* Texts may be NULL but for the name. */
typedef struct
{
  CrmRecordKind kind;
  gint64        id;        /* the CRM's */
  char         *name;
  char         *detail;    /* what tells it from another of that name */
  char         *words;     /* what else it is found by */
  gint64        venue_id;  /* of an opportunity; 0: none */
  char         *companies; /* of a contact: their ids, a space between two */
  gboolean      closed;    /* no longer active: offered last */
} CrmRecord;

GType          crm_record_get_type   (void) G_GNUC_CONST;
CrmRecord     *crm_record_new        (CrmRecordKind    kind,
                                      gint64           id);
CrmRecord     *crm_record_copy       (const CrmRecord *self);
void           crm_record_free       (CrmRecord       *self);
gboolean       crm_record_equal      (const CrmRecord *self,
                                      const CrmRecord *other);
gboolean       crm_record_kind_of    (CrmFieldId       field,
                                      const CrmValues *values,
                                      CrmRecordKind   *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmRecord, crm_record_free)

G_END_DECLS

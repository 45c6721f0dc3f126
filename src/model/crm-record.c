/* crm-record.c: what a task names: a user, contact, company, lead, opportunity or venue of the CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-record.h"

G_DEFINE_BOXED_TYPE (CrmRecord, crm_record, crm_record_copy, crm_record_free)

/**
 * crm_record_new:
 * @kind: its kind
 * @id: its id on the CRM
 *
 * Returns: (transfer full): a record without a name yet
 */
CrmRecord *
crm_record_new (CrmRecordKind kind,
                gint64        id)
{
  CrmRecord *self = g_new0 (CrmRecord, 1);

  self->kind = kind;
  self->id = id;

  return self;
}

/**
 * crm_record_copy:
 * @self: (nullable): a record
 *
 * Returns: (transfer full) (nullable): a copy of its own
 */
CrmRecord *
crm_record_copy (const CrmRecord *self)
{
  CrmRecord *copy;

  if (self == NULL)
    return NULL;

  copy = g_memdup2 (self, sizeof *self);
  copy->name = g_strdup (self->name);
  copy->detail = g_strdup (self->detail);
  copy->words = g_strdup (self->words);
  copy->companies = g_strdup (self->companies);

  return copy;
}

/**
 * crm_record_free:
 * @self: (transfer full) (nullable): a record
 */
void
crm_record_free (CrmRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->detail);
  g_free (self->words);
  g_free (self->companies);
  g_free (self);
}

/**
 * crm_record_equal:
 * @self: a record
 * @other: another
 *
 * Returns: whether they say the same
 */
gboolean
crm_record_equal (const CrmRecord *self,
                  const CrmRecord *other)
{
  return self->kind == other->kind && self->id == other->id && g_strcmp0 (self->name, other->name) == 0 &&
         g_strcmp0 (self->detail, other->detail) == 0 && g_strcmp0 (self->words, other->words) == 0 &&
         self->venue_id == other->venue_id && g_strcmp0 (self->companies, other->companies) == 0 &&
         self->closed == other->closed;
}

/**
 * crm_record_kind_of:
 * @field: a field of a task
 * @values: the task's values
 * @kind: (out): what @field names there
 *
 * A leadId names an opportunity when there is a venue as well, else a lead (API.md §1). Any thread.
 *
 * Returns: whether @field names a record at all
 */
gboolean
crm_record_kind_of (CrmFieldId       field,
                    const CrmValues *values,
                    CrmRecordKind   *kind)
{
  switch ((int) field)
    {
    case CRM_FIELD_VENUE:
      *kind = CRM_RECORD_VENUE;
      return TRUE;
    case CRM_FIELD_LEAD:
      *kind = crm_values_has (values, CRM_FIELD_VENUE) ? CRM_RECORD_OPPORTUNITY : CRM_RECORD_LEAD;
      return TRUE;
    case CRM_FIELD_CONTACT:
      *kind = CRM_RECORD_CONTACT;
      return TRUE;
    case CRM_FIELD_COMPANY:
      *kind = CRM_RECORD_COMPANY;
      return TRUE;
    case CRM_FIELD_ASSIGNED_USER:
      *kind = CRM_RECORD_USER;
      return TRUE;
    default:
      return FALSE;
    }
}

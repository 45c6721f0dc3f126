/* crm-practice-faults.h: trouble on request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The `action` of what meets the jobs of a batch. */
#define CRM_PRACTICE_JOB "job"

typedef enum
{
  CRM_PRACTICE_FAULT_DELAY,
  CRM_PRACTICE_FAULT_DELAY_AFTER,
  CRM_PRACTICE_FAULT_REFUSE,
  CRM_PRACTICE_FAULT_CUT,
  CRM_PRACTICE_FAULT_HTML,
  CRM_PRACTICE_FAULT_REDIRECT,
  CRM_PRACTICE_FAULT_STATUS,
  CRM_PRACTICE_FAULT_SPECIFIC,
  CRM_PRACTICE_FAULT_EMPTY,
  CRM_PRACTICE_FAULT_TRUNCATED,
  CRM_PRACTICE_FAULT_MALFORMED,
  CRM_PRACTICE_FAULT_ID_ABSURD,
  CRM_PRACTICE_FAULT_SUCCESS_FALSE,
  CRM_PRACTICE_FAULT_HUGE,
  CRM_PRACTICE_FAULT_CLOSE_IDLE,
  CRM_PRACTICE_FAULT_SHORT,
  CRM_PRACTICE_FAULT_SWAPPED,
  CRM_PRACTICE_FAULT_RAW,
} CrmPracticeFaultKind;

typedef struct
{
  CrmPracticeFaultKind  kind;
  gboolean              processed;
  guint                 number;
  char                 *text;
  char                 *content_type;

  guint                 times;
  guint                 after;
  char                 *action;
  char                 *name;
} CrmPracticeFault;

CrmPracticeFault *crm_practice_fault_parse (const char              *spec,
                                            GError                 **error);
CrmPracticeFault *crm_practice_fault_copy  (const CrmPracticeFault  *self);
void              crm_practice_fault_free  (CrmPracticeFault        *self);
GPtrArray        *crm_practice_faults_new  (void);
GPtrArray        *crm_practice_faults_take (GPtrArray               *faults,
                                            const char              *action,
                                            const char              *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPracticeFault, crm_practice_fault_free)

G_END_DECLS

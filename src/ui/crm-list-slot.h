/* crm-list-slot.h: a place in a list of tasks, whichever task is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-task.h"

G_BEGIN_DECLS

#define CRM_TYPE_LIST_SLOT (crm_list_slot_get_type ())

G_DECLARE_FINAL_TYPE (CrmListSlot, crm_list_slot, CRM, LIST_SLOT, GObject)

/* Returns the task at a place (transfer full); NULL when it can't be had. */
typedef CrmTask *(*CrmListSlotFunc) (guint    position,
                                     gpointer data);

/* The slots of a list that somebody holds. */
typedef struct _CrmListSlots CrmListSlots;

CrmTask      *crm_list_slot_get_task    (CrmListSlot     *self);

CrmListSlots *crm_list_slots_new        (CrmListSlotFunc  func,
                                         gpointer         data);
void          crm_list_slots_free       (CrmListSlots    *self);
CrmListSlot  *crm_list_slots_get        (CrmListSlots    *self,
                                         guint            position);
void          crm_list_slots_shift      (CrmListSlots    *self,
                                         guint            position,
                                         guint            n_out,
                                         guint            n_in);
void          crm_list_slots_clear      (CrmListSlots    *self,
                                         guint            position,
                                         guint            n);

G_END_DECLS

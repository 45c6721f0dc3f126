/* crm-place.h: the places of the sidebar
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-store.h"

G_BEGIN_DECLS

/* A place shows the tasks in some states. */
typedef struct
{
  const char *name;         /* in the settings */
  const char *title;        /* untranslated */
  const char *icon_name;
  guint       states;       /* as in CrmTaskQuery */
  const char *empty_title;  /* untranslated */
  const char *empty_words;  /* untranslated */
} CrmPlace;

const CrmPlace *crm_place_get       (guint            i);
const CrmPlace *crm_place_by_name   (const char      *name);
guint           crm_place_get_index (const CrmPlace  *self);
gint64          crm_place_count     (const CrmPlace  *self,
                                     const CrmCounts *counts);

G_END_DECLS

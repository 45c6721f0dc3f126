/* crm-list-names.h: keeps the names in a list's rows what they are
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "ui/crm-list-rows.h"

G_BEGIN_DECLS

typedef struct _CrmListNames CrmListNames;

/* Called with the local ids (gint64) of rows that have other names now. */
typedef void (*CrmListNamesFunc) (GArray   *ids,
                                  gpointer  data);

CrmListNames *crm_list_names_new  (CrmListRows      *rows,
                                   CrmListNamesFunc  func,
                                   gpointer          data);
void          crm_list_names_free (CrmListNames     *self);
void          crm_list_names_look (CrmListNames     *self,
                                   CrmStore         *store);
void          crm_list_names_stop (CrmListNames     *self);

G_END_DECLS

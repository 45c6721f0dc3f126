/* crm-likeness.h: whether two tasks say the same, however the CRM writes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-values.h"

G_BEGIN_DECLS

gboolean     crm_likeness_of_texts (const char      *there,
                                    const char      *sent);
CrmFieldMask crm_likeness_compare  (const CrmValues *there,
                                    const CrmValues *here);

G_END_DECLS

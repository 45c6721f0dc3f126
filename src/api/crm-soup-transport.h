/* crm-soup-transport.h: the transport that talks HTTP through libsoup
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-transport.h"

G_BEGIN_DECLS

#define CRM_TYPE_SOUP_TRANSPORT (crm_soup_transport_get_type ())

G_DECLARE_FINAL_TYPE (CrmSoupTransport, crm_soup_transport, CRM, SOUP_TRANSPORT, GObject)

void          crm_soup_transport_prepare     (void);
CrmTransport *crm_soup_transport_new         (void);
void          crm_soup_transport_set_timeout (CrmSoupTransport *self,
                                              guint             milliseconds);

G_END_DECLS

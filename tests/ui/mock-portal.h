/* mock-portal.h: a desktop's Background portal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _MockPortal MockPortal;

MockPortal *mock_portal_new           (void);
void        mock_portal_free          (MockPortal *self);
void        mock_portal_set_answer    (MockPortal *self,
                                       gboolean    background,
                                       gboolean    autostart);
void        mock_portal_wait          (MockPortal *self,
                                       guint       n_requests);
gboolean    mock_portal_get_autostart (MockPortal *self);
const char *mock_portal_get_command   (MockPortal *self);

G_END_DECLS

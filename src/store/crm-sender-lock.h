/* crm-sender-lock.h: the right to send
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A lock on `sender.lock` beside the database that the kernel takes back when its holder dies (DESIGN.md §2). */
typedef struct _CrmSenderLock CrmSenderLock;

CrmSenderLock *crm_sender_lock_try  (const char    *folder,
                                     gboolean      *held_elsewhere,
                                     GError       **error);
void           crm_sender_lock_free (CrmSenderLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmSenderLock, crm_sender_lock_free)

G_END_DECLS

/* crm-sender-lock.c: the right to send
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-sender-lock.h"

#include "model/crm-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

struct _CrmSenderLock
{
  int fd;
};

/**
 * crm_sender_lock_try:
 * @folder: the account's folder
 * @held_elsewhere: (out): whether another holds it; then there is no @error
 * @error: why it could not even be tried
 *
 * Doesn't wait. The lock belongs to the open file, so that two stores of one process exclude each other too, and no
 * child inherits it.
 *
 * Returns: (transfer full) (nullable): the right to send, until it is freed
 */
CrmSenderLock *
crm_sender_lock_try (const char  *folder,
                     gboolean    *held_elsewhere,
                     GError     **error)
{
  g_autofree char *path = g_build_filename (folder, "sender.lock", NULL);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  CrmSenderLock *self;
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  *held_elsewhere = FALSE;

  if (fd != -1 && fcntl (fd, F_OFD_SETLK, &whole) == 0)
    {
      self = g_new0 (CrmSenderLock, 1);
      self->fd = fd;
      return self;
    }

  *held_elsewhere = fd != -1 && (errno == EAGAIN || errno == EACCES);
  if (!*held_elsewhere)
    g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE, _("%s can’t be locked: %s"), path, g_strerror (errno));
  if (fd != -1)
    close (fd);

  return NULL;
}

/**
 * crm_sender_lock_free:
 * @self: (transfer full) (nullable): the right to send, which is given back
 */
void
crm_sender_lock_free (CrmSenderLock *self)
{
  if (self == NULL)
    return;

  close (self->fd);
  g_free (self);
}

/* frail-vfs.h: what a disk still holds when the power goes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the VFS does instead of what it is asked for. */
typedef enum
{
  FRAIL_WELL,
  FRAIL_FULL,      /* no room for what is written */
  FRAIL_READ_ONLY, /* nothing can be written */
  FRAIL_BUSY,      /* another program holds every lock */
} FrailTrouble;

void     frail_vfs_install       (void);
void     frail_vfs_record        (const char   *folder);
guint    frail_vfs_get_length    (void);
guint    frail_vfs_get_n_syncs   (void);
void     frail_vfs_lose          (guint         instant,
                                  gboolean      lies,
                                  GRand        *rand,
                                  const char   *folder);
void     frail_vfs_set_trouble   (FrailTrouble  trouble);

G_END_DECLS

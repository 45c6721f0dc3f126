/* push-peers.h: what the app's push is measured against
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What one run cost. Microseconds; CPU of all threads. */
typedef struct
{
  gint64 time;
  gint64 cpu;
  gint64 main_cpu; /* of the main thread alone; of a process of its own: all */
  guint  n;
} PushCost;

gint64   push_get_cpu         (int         who);
PushCost push_peer_run_bare   (const char *address,
                               GPtrArray  *bodies,
                               guint       in_flight);
PushCost push_peer_run_curl   (const char *address,
                               GPtrArray  *bodies,
                               const char *folder,
                               guint       in_flight);

G_END_DECLS

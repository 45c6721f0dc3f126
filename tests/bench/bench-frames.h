/* bench-frames.h: the frames of a window, and what they cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (*BenchFrameFunc) (gpointer data);

typedef struct
{
  GtkWindow      *window;  /* the application's first; NULL: there is none yet */
  BenchFrameFunc  func;    /* called after each frame */
  gpointer        data;
  guint           n_frames;
  gint64          begun;   /* of the frame under way; monotonic microseconds */
  double          cpu_begun;
  double          work;    /* of the last frame, in milliseconds */
  double          cpu;     /* of the main thread for it, likewise */
  double          longest; /* of the frames since somebody set it to 0 */
} BenchFrames;

typedef gboolean (*BenchCondition) (gpointer data);

void      bench_frames_watch      (BenchFrames    *self,
                                   GtkApplication *application,
                                   BenchFrameFunc  func,
                                   gpointer        data);
gboolean  bench_frames_wait_until (BenchCondition  condition,
                                   gpointer        data,
                                   guint           seconds);
void      bench_frames_rest       (guint           milliseconds);

G_END_DECLS

/* bench-frames.c: the frames of a window, and what they cost
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bench-frames.h"

#include "bench-probe.h"

static void
before_paint_cb (BenchFrames *self)
{
  self->begun = g_get_monotonic_time ();
  self->cpu_begun = bench_probe_get_cpu ();
  bench_probe_mark (BENCH_TURN_FRAME);
}

static void
after_paint_cb (BenchFrames *self)
{
  self->work = (double) (g_get_monotonic_time () - self->begun) / 1000;
  self->cpu = bench_probe_get_cpu () - self->cpu_begun;
  self->longest = MAX (self->longest, self->work);
  self->n_frames++;
  if (self->func != NULL)
    self->func (self->data);
}

static void
realized_cb (GtkWidget   *window,
             BenchFrames *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), self);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), self);
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow      *window,
                 BenchFrames    *self)
{
  if (self->window != NULL)
    return;

  self->window = window;
  g_signal_connect (window, "realize", G_CALLBACK (realized_cb), self);
}

/**
 * bench_frames_watch:
 * @self: what is learned
 * @application: an application without a window yet
 * @func: (nullable): called after each frame of its first window
 * @data: for @func
 *
 * Watches until the process ends. bench_probe_install() must have been called.
 */
void
bench_frames_watch (BenchFrames    *self,
                    GtkApplication *application,
                    BenchFrameFunc  func,
                    gpointer        data)
{
  *self = (BenchFrames) { .func = func, .data = data };
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), self);
}

static gboolean
late_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/**
 * bench_frames_wait_until:
 * @condition: looked at after each turn of the main loop
 * @data: for @condition
 * @seconds: how long to wait for it at most
 *
 * Returns: whether it is met
 */
gboolean
bench_frames_wait_until (BenchCondition condition,
                         gpointer       data,
                         guint          seconds)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (seconds, late_cb, &late);
  gboolean met;

  while (!(met = condition (data)) && !late)
    g_main_context_iteration (NULL, TRUE);

  if (!late)
    g_source_remove (timer);
  return met;
}

/**
 * bench_frames_rest:
 * @milliseconds: how long
 *
 * Lets the main loop do what there is to do for a while.
 */
void
bench_frames_rest (guint milliseconds)
{
  gboolean late = FALSE;

  g_timeout_add (milliseconds, late_cb, &late);
  while (!late)
    g_main_context_iteration (NULL, TRUE);
}

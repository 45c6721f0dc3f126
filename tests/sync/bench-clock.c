/* bench-clock.c: a clock whose waits are over at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync-bench.h"

/* Longer waits are leapt over: the clock, and the CRM's with it, is then where the wait would have ended. */
#define LONGEST_WAIT (20 * G_TIME_SPAN_MILLISECOND)

/* Full jitter, so that the first backoff is 5 ms, and the longest 1.5 s are leapt over as well. */
#define JITTER 0.005

struct _BenchClock
{
  CrmClock           parent_instance;

  CrmPracticeServer *server;
  gint64             jump;  /* microseconds that were leapt over */
  gint64             ahead; /* seconds that the CRM's clock is ahead of this one */
};

G_DEFINE_FINAL_TYPE (BenchClock, bench_clock, CRM_TYPE_CLOCK)

typedef struct
{
  BenchClock  *clock;
  gint64       due;
  GSourceFunc  func;
  gpointer     user_data;
} Call;

static void
tell_server (BenchClock *self)
{
  crm_practice_server_set_clock_offset (self->server, self->jump / G_TIME_SPAN_SECOND + self->ahead);
}

static gint64
bench_clock_now (CrmClock *clock)
{
  return g_get_real_time () + BENCH_CLOCK (clock)->jump;
}

static gint64
bench_clock_monotonic (CrmClock *clock)
{
  return g_get_monotonic_time () + BENCH_CLOCK (clock)->jump;
}

static gboolean
on_due (gpointer user_data)
{
  Call *call = user_data;

  call->clock->jump = MAX (call->clock->jump, call->due - g_get_real_time ());
  tell_server (call->clock);

  return call->func (call->user_data);
}

static guint
bench_clock_call (CrmClock    *clock,
                  gint64       delay,
                  GSourceFunc  func,
                  gpointer     user_data)
{
  Call *call = g_new0 (Call, 1);
  gint64 wait = delay > LONGEST_WAIT ? MIN (delay / 50, LONGEST_WAIT) : delay;

  call->clock = BENCH_CLOCK (clock);
  call->due = bench_clock_now (clock) + delay;
  call->func = func;
  call->user_data = user_data;

  return g_timeout_add_full (G_PRIORITY_DEFAULT, (wait + 999) / 1000, on_due, call, g_free);
}

static double
bench_clock_random (CrmClock *clock)
{
  return JITTER;
}

static void
bench_clock_finalize (GObject *object)
{
  g_clear_object (&BENCH_CLOCK (object)->server);

  G_OBJECT_CLASS (bench_clock_parent_class)->finalize (object);
}

static void
bench_clock_class_init (BenchClockClass *klass)
{
  CrmClockClass *clock_class = CRM_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bench_clock_finalize;
  clock_class->now = bench_clock_now;
  clock_class->monotonic = bench_clock_monotonic;
  clock_class->call = bench_clock_call;
  clock_class->random = bench_clock_random;
}

static void
bench_clock_init (BenchClock *self)
{
}

CrmClock *
bench_clock_new (CrmPracticeServer *server)
{
  BenchClock *self = g_object_new (BENCH_TYPE_CLOCK, NULL);

  self->server = g_object_ref (server);

  return CRM_CLOCK (self);
}

gint64
bench_clock_get_jump (BenchClock *self)
{
  return self->jump;
}

void
bench_clock_set_ahead (BenchClock *self,
                       gint64      seconds)
{
  self->ahead = seconds;
  tell_server (self);
}

/* crm-clock.c: the time, and waiting for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-clock.h"

G_DEFINE_TYPE (CrmClock, crm_clock, G_TYPE_OBJECT)

static gint64
system_now (CrmClock *self)
{
  return g_get_real_time ();
}

static gint64
system_monotonic (CrmClock *self)
{
  return g_get_monotonic_time ();
}

static guint
system_call (CrmClock   *self,
             gint64      delay,
             GSourceFunc func,
             gpointer    user_data)
{
  return g_timeout_add (delay / 1000 + (delay % 1000 != 0 ? 1 : 0), func, user_data);
}

static guint
system_call_when_calm (CrmClock   *self,
                       GSourceFunc func,
                       gpointer    user_data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT + 1, func, user_data, NULL);
}

static void
system_cancel (CrmClock *self,
               guint     id)
{
  g_source_remove (id);
}

static double
system_random (CrmClock *self)
{
  return g_random_double ();
}

static void
crm_clock_class_init (CrmClockClass *klass)
{
  klass->now = system_now;
  klass->monotonic = system_monotonic;
  klass->call = system_call;
  klass->call_when_calm = system_call_when_calm;
  klass->cancel = system_cancel;
  klass->random = system_random;
}

static void
crm_clock_init (CrmClock *self)
{
}

/**
 * crm_clock_new:
 *
 * Returns: (transfer full): the system's clock
 */
CrmClock *
crm_clock_new (void)
{
  return g_object_new (CRM_TYPE_CLOCK, NULL);
}

/**
 * crm_clock_now:
 * @self: a clock
 *
 * Returns: the time in microseconds since 1970, UTC. It may jump, as computers' clocks do.
 */
gint64
crm_clock_now (CrmClock *self)
{
  return CRM_CLOCK_GET_CLASS (self)->now (self);
}

/**
 * crm_clock_monotonic:
 * @self: a clock
 *
 * Returns: microseconds since some instant, which is another one after a restart. It never jumps.
 */
gint64
crm_clock_monotonic (CrmClock *self)
{
  return CRM_CLOCK_GET_CLASS (self)->monotonic (self);
}

/**
 * crm_clock_call:
 * @self: a clock
 * @delay: microseconds from now, as they pass, whatever the clock on the wall does
 * @func: called once on the main context; it must return %G_SOURCE_REMOVE
 * @user_data: given to @func
 *
 * Returns: an id for crm_clock_cancel(), never 0
 */
guint
crm_clock_call (CrmClock   *self,
                gint64      delay,
                GSourceFunc func,
                gpointer    user_data)
{
  return CRM_CLOCK_GET_CLASS (self)->call (self, MAX (delay, 0), func, user_data);
}

/**
 * crm_clock_call_when_calm:
 * @self: a clock
 * @func: called once on the main context; it must return %G_SOURCE_REMOVE
 * @user_data: given to @func
 *
 * Calls as soon as nothing else waits for the main context that is not idle work.
 *
 * Returns: an id for crm_clock_cancel(), never 0
 */
guint
crm_clock_call_when_calm (CrmClock   *self,
                          GSourceFunc func,
                          gpointer    user_data)
{
  if (CRM_CLOCK_GET_CLASS (self)->call_when_calm == NULL)
    return crm_clock_call (self, 0, func, user_data);

  return CRM_CLOCK_GET_CLASS (self)->call_when_calm (self, func, user_data);
}

/**
 * crm_clock_cancel:
 * @self: a clock
 * @id: of a call that hasn't been made yet
 */
void
crm_clock_cancel (CrmClock *self,
                  guint     id)
{
  CRM_CLOCK_GET_CLASS (self)->cancel (self, id);
}

/**
 * crm_clock_random:
 * @self: a clock
 *
 * Returns: a random number in [0, 1), for jitter
 */
double
crm_clock_random (CrmClock *self)
{
  return CRM_CLOCK_GET_CLASS (self)->random (self);
}

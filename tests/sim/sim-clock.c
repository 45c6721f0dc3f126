/* sim-clock.c: a clock of virtual time, and of chance by seed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

struct _SimClock
{
  CrmClock    parent_instance;

  SimApp     *app;
  GRand      *rand;
  GHashTable *calls; /* id → Call */
  guint       last_id;
};

typedef struct
{
  struct _SimClock *clock;
  guint             id;
  guint             event;
  GSourceFunc       func;
  gpointer          user_data;
} Call;

#define SIM_TYPE_CLOCK (sim_clock_get_type ())
G_DECLARE_FINAL_TYPE (SimClock, sim_clock, SIM, CLOCK, CrmClock)
G_DEFINE_FINAL_TYPE (SimClock, sim_clock, CRM_TYPE_CLOCK)

static gint64
sim_clock_now (CrmClock *clock)
{
  SimWorld *world = SIM_CLOCK (clock)->app->world;

  return world->now + world->skew;
}

static gint64
sim_clock_monotonic (CrmClock *clock)
{
  return SIM_CLOCK (clock)->app->world->now;
}

static void
make_call (gpointer data)
{
  Call call = *(Call *) data;

  g_hash_table_remove (call.clock->calls, GUINT_TO_POINTER (call.id));
  call.func (call.user_data);
}

static guint
sim_clock_call (CrmClock   *clock,
                gint64      delay,
                GSourceFunc func,
                gpointer    user_data)
{
  SimClock *self = SIM_CLOCK (clock);
  Call *call;

  self->last_id++;
  if (self->app->dead)
    return self->last_id;

  call = g_new0 (Call, 1);
  *call = (Call) { .clock = self, .id = self->last_id, .func = func, .user_data = user_data };
  call->event = sim_world_call (self->app->world, delay, make_call, call);
  g_hash_table_insert (self->calls, GUINT_TO_POINTER (call->id), call);

  return call->id;
}

static void
sim_clock_cancel (CrmClock *clock,
                  guint     id)
{
  SimClock *self = SIM_CLOCK (clock);
  Call *call = g_hash_table_lookup (self->calls, GUINT_TO_POINTER (id));

  if (call == NULL)
    return;

  sim_world_cancel (self->app->world, call->event);
  g_hash_table_remove (self->calls, GUINT_TO_POINTER (id));
}

static double
sim_clock_random (CrmClock *clock)
{
  return g_rand_double (SIM_CLOCK (clock)->rand);
}

static void
sim_clock_finalize (GObject *object)
{
  SimClock *self = SIM_CLOCK (object);

  g_hash_table_unref (self->calls);
  g_rand_free (self->rand);

  G_OBJECT_CLASS (sim_clock_parent_class)->finalize (object);
}

static void
sim_clock_class_init (SimClockClass *klass)
{
  CrmClockClass *clock_class = CRM_CLOCK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sim_clock_finalize;
  clock_class->now = sim_clock_now;
  clock_class->monotonic = sim_clock_monotonic;
  clock_class->call = sim_clock_call;
  clock_class->call_when_calm = NULL;
  clock_class->cancel = sim_clock_cancel;
  clock_class->random = sim_clock_random;
}

static void
sim_clock_init (SimClock *self)
{
  self->calls = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

CrmClock *
sim_clock_new (SimApp *app)
{
  SimClock *self = g_object_new (SIM_TYPE_CLOCK, NULL);

  self->app = app;
  self->rand = g_rand_new_with_seed (g_rand_int (app->world->rand));

  return CRM_CLOCK (self);
}

/* Nothing that waits will be called. */
void
sim_clock_die (CrmClock *clock)
{
  SimClock *self = SIM_CLOCK (clock);
  GHashTableIter iter;
  gpointer call;

  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, NULL, &call))
    sim_world_cancel (self->app->world, ((Call *) call)->event);
  g_hash_table_remove_all (self->calls);
}

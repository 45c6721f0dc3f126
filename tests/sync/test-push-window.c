/* test-push-window.c: how many requests at a time are found to do a CRM good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sync/crm-push-window.h"

#define MS G_TIME_SPAN_MILLISECOND

/* A CRM: what is on its way takes @delay both ways, and @workers work on requests for @work each. */
typedef struct
{
  const char *what;
  gint64      delay;
  guint       workers;
  gint64      work;
  gint64      own; /* what the sender itself needs for one: it does one at a time */
  guint       narrowest;
  guint       widest;
  double      at_least; /* of what is possible at all, so much is reached */
} Crm;

static const Crm crms[] = {
  { "far away", 50 * MS, 1000, 0, 200, 32, 32, 0.97 },
  { "very far away", 400 * MS, 1000, 0, 200, 32, 32, 0.97 },
  { "far away, two at a time", 50 * MS, 2, 20 * MS, 200, 6, 13, 0.85 },
  { "one at a time", 1 * MS, 1, 5 * MS, 200, 1, 4, 0.8 },
  { "one at a time, slow", 1 * MS, 1, 500 * MS, 200, 1, 4, 0.8 },
  { "four at a time", 1 * MS, 4, 20 * MS, 200, 4, 9, 0.85 },
  { "eight at a time", 10 * MS, 8, 10 * MS, 100, 12, 32, 0.85 },
  { "faster than the sender", 100, 1000, 0, 150, 1, 8, 0.8 },
};

typedef struct
{
  const Crm    *crm;
  CrmPushWindow window;
  gint64        now;
  gint64        busy[1000];      /* until when each worker is */
  gint64        sender_free;
  gint64        begun[CRM_PUSH_WINDOW_WIDEST];
  gint64        ended[CRM_PUSH_WINDOW_WIDEST];
  guint         n_under_way;
  guint         n_widest;
} World;

static void
world_init (World     *self,
            const Crm *crm)
{
  *self = (World) { .crm = crm };
  crm_push_window_init (&self->window);
}

static void
send (World *self)
{
  gint64 leaves = MAX (self->now, self->sender_free) + self->crm->own;
  guint first = 0;
  gint64 begins;

  for (guint i = 1; i < self->crm->workers; i++)
    if (self->busy[i] < self->busy[first])
      first = i;

  begins = MAX (leaves + self->crm->delay / 2, self->busy[first]);
  self->sender_free = leaves;
  self->busy[first] = begins + self->crm->work;
  self->begun[self->n_under_way] = self->now;
  self->ended[self->n_under_way++] = self->busy[first] + self->crm->delay / 2;
}

/* Returns how long the request took that is answered next. */
static gint64
answer (World *self)
{
  guint next = 0;
  gint64 latency;

  for (guint i = 1; i < self->n_under_way; i++)
    if (self->ended[i] < self->ended[next])
      next = i;

  self->now = self->ended[next];
  latency = self->now - self->begun[next];
  self->n_under_way--;
  self->begun[next] = self->begun[self->n_under_way];
  self->ended[next] = self->ended[self->n_under_way];

  return latency;
}

/* Returns answers a second. */
static double
run (World *self,
     guint  n)
{
  gint64 begun = self->now;

  self->n_widest = 0;
  for (guint i = 0; i < n; i++)
    {
      gint64 latency;

      while (self->n_under_way < crm_push_window_get (&self->window))
        send (self);
      self->n_widest = MAX (self->n_widest, self->n_under_way);
      latency = answer (self);
      crm_push_window_note_good (&self->window, self->now, latency);
      g_assert_cmpuint (crm_push_window_get (&self->window), >=, 1);
      g_assert_cmpuint (crm_push_window_get (&self->window), <=, CRM_PUSH_WINDOW_WIDEST);
    }

  return n * (double) G_USEC_PER_SEC / (double) (self->now - begun);
}

static double
get_possible (const Crm *crm)
{
  double possible = CRM_PUSH_WINDOW_WIDEST * (double) G_USEC_PER_SEC / (double) (crm->delay + crm->work + crm->own);

  possible = MIN (possible, (double) G_USEC_PER_SEC / (double) crm->own);
  if (crm->work > 0)
    possible = MIN (possible, crm->workers * (double) G_USEC_PER_SEC / (double) crm->work);

  return possible;
}

static void
test_finds (gconstpointer data)
{
  const Crm *crm = data;
  World world;
  double rate;
  guint window;

  world_init (&world, crm);
  run (&world, 500);
  rate = run (&world, 2000);
  window = crm_push_window_get (&world.window);
  g_test_message ("%s: %u, at most %u, %.0f a second of %.0f", crm->what, window, world.n_widest, rate, get_possible (crm));
  g_assert_cmpuint (window, >=, crm->narrowest);
  g_assert_cmpuint (window, <=, crm->widest);
  g_assert_cmpfloat (rate, >=, crm->at_least * get_possible (crm));
}

/* The far one is found within a second. */
static void
test_quickly (void)
{
  World world;

  world_init (&world, &crms[0]);
  while (crm_push_window_get (&world.window) < CRM_PUSH_WINDOW_WIDEST)
    run (&world, 1);
  g_assert_cmpint (world.now, <, 1100 * MS);
}

/* When the CRM begins to work on one at a time the window gets narrow, and wide again afterwards. */
static void
test_follows (void)
{
  World world;

  world_init (&world, &crms[0]);
  run (&world, 1000);
  g_assert_cmpuint (crm_push_window_get (&world.window), ==, CRM_PUSH_WINDOW_WIDEST);
  world.crm = &crms[2];
  run (&world, 6000);
  g_assert_cmpuint (crm_push_window_get (&world.window), <=, 16);
  world.crm = &crms[0];
  run (&world, 1000);
  g_assert_cmpuint (crm_push_window_get (&world.window), ==, CRM_PUSH_WINDOW_WIDEST);
}

static void
test_trouble (void)
{
  World world;

  world_init (&world, &crms[0]);
  run (&world, 1000);
  for (guint expected = CRM_PUSH_WINDOW_WIDEST / 2; expected > 0; expected /= 2)
    {
      crm_push_window_note_bad (&world.window);
      g_assert_cmpuint (crm_push_window_get (&world.window), ==, expected);
    }
  crm_push_window_note_bad (&world.window);
  g_assert_cmpuint (crm_push_window_get (&world.window), ==, 1);

  /* It doesn't begin to climb at once. */
  run (&world, 10);
  g_assert_cmpuint (crm_push_window_get (&world.window), ==, 1);
  run (&world, 1000);
  g_assert_cmpuint (crm_push_window_get (&world.window), ==, CRM_PUSH_WINDOW_WIDEST);
}

/* Of one task now and then nothing is learned. */
static void
test_starved (void)
{
  CrmPushWindow window;

  crm_push_window_init (&window);
  for (gint64 i = 0; i < 1000; i++)
    {
      crm_push_window_note_good (&window, i * G_USEC_PER_SEC, 50 * MS);
      crm_push_window_note_starved (&window);
    }
  g_assert_cmpuint (crm_push_window_get (&window), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (crms); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sync/push-window/finds/%s", crms[i].what);

      g_test_add_data_func (path, &crms[i], test_finds);
    }
  g_test_add_func ("/sync/push-window/quickly", test_quickly);
  g_test_add_func ("/sync/push-window/follows", test_follows);
  g_test_add_func ("/sync/push-window/trouble", test_trouble);
  g_test_add_func ("/sync/push-window/starved", test_starved);

  return g_test_run ();
}

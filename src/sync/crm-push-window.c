/* crm-push-window.c: how many requests at a time do the CRM good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * As many answers as requests are allowed at a time make a round, and how fast they came is what a width is judged by. A wider
 * window is kept if it brings more; where requests only wait for each other on the other side, so that each takes longer in
 * proportion, it brings nothing. Pure: it knows no clock but what it is told.
 */

#include "sync/crm-push-window.h"

/* Of what is to be expected of a wider window, so much must come. */
#define WORTH_IT 0.15
/* A narrower one must bring as much, but for this. */
#define AS_MUCH 0.97
/* Requests that take so many times as long as they could wait for each other. */
#define CROWDED 1.5
/* So many rounds pass between two tries. */
#define RESTS 8
/* So many rounds are what was of late. */
#define EPOCH 64
/* So many answers at least make a round. */
#define FEWEST 2

static void
begin_round (CrmPushWindow *self,
             guint          under_way)
{
  self->skip = under_way;
  self->n = 0;
  self->latency = G_MAXINT64;
}

static void
set_window (CrmPushWindow      *self,
            CrmPushWindowPhase  phase,
            guint               window)
{
  guint before = self->window;

  self->phase = phase;
  self->window = CLAMP (window, 1, CRM_PUSH_WINDOW_WIDEST);
  self->rests = 0;
  begin_round (self, MAX (before, self->window));
}

static void
try (CrmPushWindow      *self,
     CrmPushWindowPhase  phase,
     guint               window,
     double              rate)
{
  self->tried_from = self->window;
  self->rate = rate;
  set_window (self, phase, window);
}

static gboolean
is_worth_it (const CrmPushWindow *self,
             double               rate)
{
  double wider = (double) self->window / self->tried_from;

  return rate >= self->rate * (1 + WORTH_IT * (wider - 1));
}

static void
rest (CrmPushWindow *self,
      double         rate)
{
  gboolean crowded = self->latency > CROWDED * self->shortest;

  begin_round (self, 0);
  if (++self->rests < RESTS)
    return;

  /* When it is crowded, narrower and wider are tried in turns. */
  if (self->window > 1 && crowded && self->n_rounds % 2 == 0)
    try (self, CRM_PUSH_WINDOW_NARROWER, self->window - MAX (self->window / 4, 1), rate);
  else if (self->window < CRM_PUSH_WINDOW_WIDEST)
    try (self, CRM_PUSH_WINDOW_WIDER, self->window + MAX (self->window / 2, 1), rate);
}

static void
end_round (CrmPushWindow *self,
           double         rate)
{
  self->n_rounds++;
  if (self->n_rounds % EPOCH == 0)
    {
      self->shortest = self->next_shortest;
      self->next_shortest = G_MAXINT64;
    }
  self->next_shortest = MIN (self->next_shortest, self->latency);
  self->shortest = MIN (self->shortest, self->latency);

  switch (self->phase)
    {
    case CRM_PUSH_WINDOW_CLIMBING:
    case CRM_PUSH_WINDOW_WIDER:
      if (self->tried_from != 0 && !is_worth_it (self, rate))
        set_window (self, CRM_PUSH_WINDOW_RESTING, self->tried_from);
      else if (self->window < CRM_PUSH_WINDOW_WIDEST)
        try (self, CRM_PUSH_WINDOW_CLIMBING, self->window * 2, rate);
      else
        set_window (self, CRM_PUSH_WINDOW_RESTING, self->window);
      break;

    case CRM_PUSH_WINDOW_NARROWER:
      set_window (self, CRM_PUSH_WINDOW_RESTING, rate >= AS_MUCH * self->rate ? self->window : self->tried_from);
      break;

    case CRM_PUSH_WINDOW_RESTING:
    default:
      rest (self, rate);
      break;
    }
}

/**
 * crm_push_window_init:
 * @self: (out caller-allocates): a window of one request
 */
void
crm_push_window_init (CrmPushWindow *self)
{
  *self = (CrmPushWindow) {
    .phase = CRM_PUSH_WINDOW_CLIMBING,
    .window = 1,
    .latency = G_MAXINT64,
    .shortest = G_MAXINT64,
    .next_shortest = G_MAXINT64,
    .skip = 1,
  };
}

/**
 * crm_push_window_get:
 * @self: a window
 *
 * Returns: how many requests may be under way: 1 to 32
 */
guint
crm_push_window_get (const CrmPushWindow *self)
{
  return self->window;
}

/**
 * crm_push_window_note_good:
 * @self: a window
 * @now: when a good answer came; microseconds of a clock that never jumps
 * @latency: how long its request took, likewise
 */
void
crm_push_window_note_good (CrmPushWindow *self,
                           gint64         now,
                           gint64         latency)
{
  if (self->skip > 0)
    {
      self->skip--;
      self->begun = now;
      return;
    }

  self->n++;
  self->latency = MIN (self->latency, latency);
  if (self->n < MAX (self->window, FEWEST))
    return;

  end_round (self, self->n * (double) G_USEC_PER_SEC / MAX (now - self->begun, 1));
  self->begun = now;
}

/**
 * crm_push_window_note_bad:
 * @self: a window
 *
 * The CRM throttles, is in trouble, or did not answer in time: half as many from now on.
 */
void
crm_push_window_note_bad (CrmPushWindow *self)
{
  set_window (self, CRM_PUSH_WINDOW_RESTING, self->window / 2);
  self->tried_from = 0;
}

/**
 * crm_push_window_note_starved:
 * @self: a window
 *
 * There was less to send than would have been allowed, so that the round says nothing.
 */
void
crm_push_window_note_starved (CrmPushWindow *self)
{
  begin_round (self, self->window);
}

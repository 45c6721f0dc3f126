/* crm-push-window.h: how many requests at a time do the CRM good
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CRM_PUSH_WINDOW_WIDEST 32

typedef enum
{
  CRM_PUSH_WINDOW_CLIMBING, /* each round twice as wide, as long as that brings more */
  CRM_PUSH_WINDOW_RESTING,
  CRM_PUSH_WINDOW_WIDER,    /* tries whether a wider one brings more */
  CRM_PUSH_WINDOW_NARROWER, /* tries whether a narrower one brings as much */
} CrmPushWindowPhase;

/* Its fields are its own. */
typedef struct
{
  CrmPushWindowPhase phase;
  guint              window;
  guint              tried_from; /* while another is tried: the one before, and how many answers a second it brought */
  double             rate;
  guint              rests;      /* rounds since the last try */
  guint              skip;       /* answers to requests that set out in the round before */
  guint              n;          /* answers of the round */
  gint64             begun;
  gint64             latency;    /* the shortest of the round, */
  gint64             shortest;   /* the shortest of late, */
  gint64             next_shortest; /* and of the rounds that will be late next */
  guint              n_rounds;
} CrmPushWindow;

void  crm_push_window_init         (CrmPushWindow *self);
guint crm_push_window_get          (const CrmPushWindow *self);
void  crm_push_window_note_good    (CrmPushWindow *self,
                                    gint64         now,
                                    gint64         latency);
void  crm_push_window_note_bad     (CrmPushWindow *self);
void  crm_push_window_note_starved (CrmPushWindow *self);

G_END_DECLS
